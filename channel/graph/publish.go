package graph

import (
	"bytes"
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Load is up to ten pictures. A picture may have four megabytes there; larger
// ones are made smaller (https://developers.facebook.com/docs/graph-api/reference/page/photos/).
func (w *wall) Load() channel.Load {
	return channel.Load{Types: []string{"image/png", "image/jpeg"}, Most: 10, Size: 16 << 20, Shrinks: 4_000_000, Alt: 1000}
}

// Publish posts on the Page. Its pictures are given to Meta before, where
// nobody sees them, and stand with the post or not at all
// (https://developers.facebook.com/docs/pages-api/posts/).
func (w *wall) Publish(ctx context.Context, p channel.Post) (channel.Receipt, error) {
	if err := fits(w.title, p.Text, w.FitAs(social.Public, p.Text)); err != nil {
		return channel.Receipt{}, err
	}
	if err := channel.Bear(w.Load(), p.Media); err != nil {
		return channel.Receipt{}, err
	}
	type photo struct {
		ID string `json:"media_fbid"`
	}
	in := struct {
		Message string  `json:"message"`
		Photos  []photo `json:"attached_media,omitempty"`
	}{Message: p.Text}
	for _, m := range p.Media {
		m, data, err := channel.Bytes(w.Load(), m)
		if err != nil {
			return channel.Receipt{}, err
		}
		id, err := w.uploads.Once(ctx, w.env.Clock.Now(), p.Key, m, data, func(ctx context.Context) (string, error) { return w.unseen(ctx, m, data) })
		if err != nil {
			return channel.Receipt{}, channel.Unposted(w.title, err)
		}
		in.Photos = append(in.Photos, photo{id})
	}
	var out struct {
		ID ident `json:"id"`
	}
	if err := w.call(ctx, http.MethodPost, w.id+"/feed", nil, in, &out); err != nil {
		return channel.Receipt{}, err
	}
	if !comment.MatchString(string(out.ID)) {
		return channel.Receipt{}, w.nowhere()
	}
	return channel.Receipt{ExternalID: string(out.ID), URL: "https://www.facebook.com/" + string(out.ID), At: w.env.Clock.Now()}, nil
}

// unseen gives a picture to the Page, unpublished.
func (w *wall) unseen(ctx context.Context, m channel.Media, data []byte) (string, error) {
	fields := [][2]string{{"published", "false"}}
	if m.Alt != "" {
		fields = append(fields, [2]string{"alt_text_custom", m.Alt})
	}
	body, err := parts(w.title, fields, "source", m, data)
	if err != nil {
		return "", err
	}
	var out struct {
		ID ident `json:"id"`
	}
	if err := w.call(ctx, http.MethodPost, w.id+"/photos", nil, body, &out); err != nil {
		return "", err
	}
	if !digits.MatchString(string(out.ID)) {
		return "", social.Errorf(social.Busy, "%s does not say under which name it took the picture.", w.title)
	}
	return string(out.ID), nil
}

// FindPost reads the Page's own posts, the newest first.
func (w *wall) FindPost(ctx context.Context, p channel.Post) (channel.Receipt, error) {
	q := url.Values{"fields": {"id,message,from,created_time"}, "limit": {"100"}}
	id, err := w.among(ctx, w.id+"/posts", q, social.Reply{Key: p.Key, Text: p.Text, Attempted: p.Attempted}, w.id)
	return w.found(id, "https://www.facebook.com/"+string(id), err)
}

// parts is a call that sends a file with some words about it.
func parts(title string, fields [][2]string, name string, m channel.Media, data []byte) (form, error) {
	var buf bytes.Buffer
	mp := multipart.NewWriter(&buf)
	var err error
	for _, f := range fields {
		err = errors.Join(err, mp.WriteField(f[0], f[1]))
	}
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r == '"' || r == '\\' || r > '~' {
			return '_'
		}
		return r
	}, m.Name)
	part, perr := mp.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + name + `"; filename="` + plain + `"`}, "Content-Type": {m.Type}})
	if err = errors.Join(err, perr); err == nil {
		_, err = part.Write(data)
	}
	if err = errors.Join(err, mp.Close()); err != nil {
		return form{}, social.Because(social.Fault, err, "The file cannot be written for %s.", title)
	}
	return form{mp.FormDataContentType(), buf.Bytes()}, nil
}
