package graph

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

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

// whatsBelow is how many characters the words may have that a file goes with.
const whatsBelow = 1024

// documents are what WhatsApp takes besides pictures and videos
// (https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types).
var documents = []string{"application/pdf", "text/plain",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation"}

// Carries is one picture, video or document. A picture may have five
// megabytes there; larger ones are made smaller.
func (w *whats) Carries(social.Visibility) channel.Load {
	return channel.Load{Types: append([]string{"image/jpeg", "image/png", "video/mp4"}, documents...), Most: 1, Size: 16 << 20, Shrinks: 5_000_000, Words: whatsBelow}
}

// fill makes of a reply a text, or a file with words below it. The file is
// given to WhatsApp before, where it waits unseen for a month and is gone.
func (w *whats) fill(ctx context.Context, in *wireOut, r social.Reply) error {
	if len(r.Media) == 0 {
		in.Text = &wireText{r.Text, links.MatchString(r.Text)}
		return nil
	}
	m, data, err := channel.Bytes(w.Carries(r.Visibility), r.Media[0])
	if err != nil {
		return err
	}
	id, err := w.uploads.Once(ctx, w.env.Clock.Now(), r.Key, m, data, func(ctx context.Context) (string, error) { return w.give(ctx, m, data) })
	if err != nil {
		return err
	}
	f := &wireFile{ID: id, Caption: r.Text}
	switch kind, _, _ := strings.Cut(m.Type, "/"); kind {
	case "image":
		in.Type, in.Image = kind, f
	case "video":
		in.Type, in.Video = kind, f
	default:
		f.Name = m.Name
		in.Type, in.Document = "document", f
	}
	return nil
}

// give uploads a file and returns its id.
func (w *whats) give(ctx context.Context, m channel.Media, data []byte) (string, error) {
	body, err := parts(w.title, [][2]string{{"messaging_product", "whatsapp"}, {"type", m.Type}}, "file", m, data)
	if err != nil {
		return "", err
	}
	var out struct {
		ID ident `json:"id"`
	}
	if err := w.call(ctx, http.MethodPost, w.phone+"/media", nil, body, &out); err != nil {
		return "", channel.Unposted(w.title, err)
	}
	if out.ID == "" {
		return "", social.Errorf(social.Busy, "%s does not say under which name it took the file.", w.title)
	}
	return string(out.ID), nil
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
