package mastodon

import (
	"context"
	"encoding/json"
	"io"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// Enclosed is the pictures, sounds and videos of a post
// (https://docs.joinmastodon.org/entities/MediaAttachment/).
func (l *listener) Enclosed(e channel.Event) ([]social.Enclosed, error) {
	as, err := l.Read(e)
	if err != nil || len(as) == 0 || as[0].Verb == social.Delete {
		return nil, err
	}
	var in envelope
	var s wireStatus
	if err := json.Unmarshal(e.Raw, &in); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(in.Payload, &s); err != nil {
		return nil, err
	}
	out := social.Enclosed{Of: as[0].ExternalID}
	for _, m := range s.Media {
		at := m.URL
		if at == "" {
			at = m.Remote
		}
		kind := map[string]string{"image": "image/jpeg", "gifv": "video/mp4", "video": "video/mp4", "audio": "audio/mpeg"}[m.Type]
		if at != "" {
			out.Files = append(out.Files, social.Attachment{Handle: text.Cut(at), Type: kind, Alt: text.Cut(m.Description)})
		}
	}
	if len(out.Files) == 0 {
		return nil, nil
	}
	return []social.Enclosed{out}, nil
}

// Fetch opens a file at its address, which is public.
func (l *listener) Fetch(ctx context.Context, a social.Attachment) (io.ReadCloser, error) {
	return channel.Download(ctx, l.env.HTTP, "The server", a.Handle, nil)
}
