package x

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Load is up to four pictures. A picture may have five megabytes there; larger
// ones are made smaller (https://docs.x.com/x-api/media/quickstart/best-practices).
func (a *account) Load() channel.Load {
	return channel.Load{Types: []string{"image/png", "image/jpeg", "image/webp"}, Most: 4, Size: 16 << 20, Shrinks: 5_000_000, Alt: 1000}
}

// Carries is the same with an answer.
func (a *account) Carries(social.Visibility) channel.Load { return a.Load() }

// segment is how much of a file goes at once.
const segment = 1 << 20

// multi is a body of several parts.
type multi struct {
	kind string
	data []byte
}

// with gives the files of a post to X, where they wait a day unseen, and
// returns their ids in order. Another attempt at the same post sends none again.
func (a *account) with(ctx context.Context, key string, media []channel.Media) ([]string, error) {
	if err := channel.Bear(a.Load(), media); err != nil {
		return nil, err
	}
	var out []string
	for _, m := range media {
		m, data, err := channel.Bytes(a.Load(), m)
		if err != nil {
			return nil, err
		}
		id, err := a.uploads.Once(ctx, a.env.Clock.Now(), key, m, data, func(ctx context.Context) (string, error) { return a.give(ctx, m, data) })
		if err != nil {
			return nil, channel.Unposted(title, err)
		}
		out = append(out, id)
	}
	return out, nil
}

// give uploads a file in parts and says what it shows
// (https://docs.x.com/x-api/media/quickstart/media-upload-chunked).
func (a *account) give(ctx context.Context, m channel.Media, data []byte) (string, error) {
	var out struct {
		Data struct {
			ID    string `json:"id"`
			State *struct {
				State string `json:"state"`
			} `json:"processing_info"`
		} `json:"data"`
	}
	err := a.asUs(ctx, http.MethodPost, "/2/media/upload/initialize", nil, map[string]any{"media_type": m.Type, "total_bytes": len(data), "media_category": "tweet_image"}, &out)
	if err != nil {
		return "", err
	}
	id := out.Data.ID
	if !ids.MatchString(id) {
		return "", social.Errorf(social.Busy, "X does not say under which name it takes the file.")
	}
	for n := 0; n*segment < len(data); n++ {
		var buf bytes.Buffer
		w := multipart.NewWriter(&buf)
		err := w.WriteField("segment_index", fmt.Sprint(n))
		part, perr := w.CreateFormFile("media", "part")
		if err = errors.Join(err, perr); err == nil {
			_, err = part.Write(data[n*segment : min(len(data), (n+1)*segment)])
		}
		if err = errors.Join(err, w.Close()); err != nil {
			return "", social.Because(social.Fault, err, "The file cannot be written for X.")
		}
		if err := a.asUs(ctx, http.MethodPost, "/2/media/upload/"+id+"/append", nil, multi{w.FormDataContentType(), buf.Bytes()}, nil); err != nil {
			return "", err
		}
	}
	if err := a.asUs(ctx, http.MethodPost, "/2/media/upload/"+id+"/finalize", nil, nil, &out); err != nil {
		return "", err
	}
	if out.Data.State != nil && out.Data.State.State != "succeeded" { // pictures are ready at once
		return "", social.Errorf(social.Busy, "X still looks at the file.")
	}
	if m.Alt != "" {
		if err := a.asUs(ctx, http.MethodPost, "/2/media/metadata", nil, map[string]any{"id": id, "metadata": map[string]any{"alt_text": map[string]string{"text": m.Alt}}}, nil); err != nil {
			return "", err
		}
	}
	return id, nil
}
