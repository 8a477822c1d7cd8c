package graph

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// Enclosed is the picture, the recording, the video or the document of a message.
func (w *whats) Enclosed(e channel.Event) ([]social.Enclosed, error) {
	as, err := w.Read(e)
	if err != nil || len(as) == 0 {
		return nil, err
	}
	in, err := open(e)
	if err != nil {
		return nil, err
	}
	var m wireWords
	if err := json.Unmarshal(in.Item, &m); err != nil {
		return nil, err
	}
	x, ok := map[string]wireMedia{"image": m.Image, "video": m.Video, "document": m.Document, "audio": m.Audio, "sticker": m.Sticker}[m.Type]
	if !ok || !digits.MatchString(string(x.ID)) {
		return nil, nil
	}
	return []social.Enclosed{{Of: as[0].ExternalID, Files: []social.Attachment{{Handle: string(x.ID), Name: text.Cut(x.Name), Type: channel.FileType(x.Type)}}}}, nil
}

// Fetch asks where a file lies, which changes every five minutes, and opens it
// (https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media).
func (w *whats) Fetch(ctx context.Context, a social.Attachment) (io.ReadCloser, error) {
	if !digits.MatchString(a.Handle) {
		return nil, social.Errorf(social.Invalid, "This is no file of WhatsApp’s.")
	}
	var at struct {
		URL string `json:"url"`
	}
	if err := w.get(ctx, a.Handle, url.Values{"phone_number_id": {w.phone}}, &at); err != nil {
		return nil, err
	}
	return channel.Download(ctx, w.env.HTTP, w.title, at.URL, http.Header{"Authorization": {"Bearer " + w.token}})
}
