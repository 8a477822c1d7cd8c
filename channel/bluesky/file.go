package bluesky

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/url"
	"regexp"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// Carries is what the lexicons take, of answers as of posts.
func (a *account) Carries(social.Visibility) channel.Load { return a.Load() }

// Load is the limits of app.bsky.embed.images and app.bsky.embed.video. A
// picture may have a million bytes there, so larger ones are made smaller.
func (a *account) Load() channel.Load {
	return channel.Load{Types: []string{"image/png", "image/jpeg", "image/webp"}, Most: 4, Size: social.MaxFile, Shrinks: 1_000_000, Alt: 2000,
		Video: &social.Video{Types: []string{"video/mp4"}, Size: social.MaxFile}}
}

// embed gives files to our server and makes of them what goes with a post. A
// blob that no record names is forgotten by the server.
func (a *account) embed(ctx context.Context, key string, media []channel.Media) (*wireEmbed, error) {
	if len(media) == 0 {
		return nil, nil
	}
	out := &wireEmbed{Type: "app.bsky.embed.images"}
	for _, m := range media {
		m, data, err := channel.Bytes(a.Load(), m)
		if err != nil {
			return nil, err
		}
		name, err := a.uploads.Once(ctx, a.env.Clock.Now(), key, m, data, func(ctx context.Context) (string, error) {
			var in struct {
				Blob json.RawMessage `json:"blob"`
			}
			if err := a.signed(ctx, request{path: "/xrpc/com.atproto.repo.uploadBlob", body: raw{m.Type, data}}, &in); err != nil {
				return "", channel.Unposted(a.service.Host, err)
			}
			if blob(in.Blob).id() == "" {
				return "", social.Errorf(social.Busy, "%s does not say under which name it took the file.", a.service.Host)
			}
			return string(in.Blob), nil
		})
		if err != nil {
			return nil, err
		}
		var ratio *wireRatio
		if m.Width > 0 && m.Height > 0 {
			ratio = &wireRatio{m.Width, m.Height}
		}
		if strings.HasPrefix(m.Type, "video/") {
			return &wireEmbed{Type: "app.bsky.embed.video", Video: json.RawMessage(name), Alt: m.Alt, Ratio: ratio}, nil
		}
		out.Images = append(out.Images, wireImage{Alt: m.Alt, Image: json.RawMessage(name), Ratio: ratio})
	}
	return out, nil
}

var cids = regexp.MustCompile(`^[A-Za-z0-9]{8,120}$`)

func blob(raw json.RawMessage) wireBlob {
	var b wireBlob
	_ = json.Unmarshal(raw, &b) // what is none has no id
	return b
}

// id is the content that a blob names, "" if it names none.
func (b wireBlob) id() string {
	if id := cmp.Or(b.Ref.Link, b.CID); cids.MatchString(id) {
		return id
	}
	return ""
}

// Enclosed is the pictures and the video of a post.
func (l *listener) Enclosed(e channel.Event) ([]social.Enclosed, error) {
	as, err := l.Read(e)
	if err != nil || len(as) == 0 || as[0].Verb == social.Delete {
		return nil, err
	}
	var in envelope
	var ev wireEvent
	var p wirePost
	if json.Unmarshal(e.Raw, &in) != nil || json.Unmarshal(in.Event, &ev) != nil || ev.Commit == nil || json.Unmarshal(ev.Commit.Record, &p) != nil {
		return nil, nil
	}
	out := social.Enclosed{Of: as[0].ExternalID}
	add := func(b wireBlob, kind, alt string) {
		if id := b.id(); id != "" && len(out.Files) < channel.MostAttached {
			of := channel.FileType(b.Type)
			if !strings.HasPrefix(of, kind) {
				of = ""
			}
			out.Files = append(out.Files, social.Attachment{Handle: ev.DID + "/" + id, Type: of, Alt: text.Cut(alt), Size: max(0, b.Size)})
		}
	}
	for _, m := range []*wireEmbed{p.Embed, p.Embed.media()} {
		if m == nil {
			continue
		}
		for _, i := range m.Images {
			add(blob(i.Image), "image/", i.Alt)
		}
		add(blob(m.Video), "video/", m.Alt)
	}
	if len(out.Files) == 0 {
		return nil, nil
	}
	return []social.Enclosed{out}, nil
}

// Fetch asks the server that holds the author's account, as only that has to
// have it.
func (l *listener) Fetch(ctx context.Context, a social.Attachment) (io.ReadCloser, error) {
	did, id, ok := strings.Cut(a.Handle, "/")
	if !ok || !dids.MatchString(did) || !cids.MatchString(id) {
		return nil, social.Errorf(social.Invalid, "The address of this file is none that can be asked.")
	}
	doc, err := l.document(ctx, did)
	if err != nil {
		return nil, err
	}
	home, ok := doc.home()
	if !ok {
		return nil, social.Errorf(social.NotFound, "Nobody says which server has this file.")
	}
	home.Path += "/xrpc/com.atproto.sync.getBlob"
	home.RawQuery = url.Values{"did": {did}, "cid": {id}}.Encode()
	return channel.Download(ctx, l.env.HTTP, "The author’s server", home.String(), nil)
}
