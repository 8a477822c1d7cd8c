package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"regexp"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// fileIDs looks like a file of Telegram's.
var fileIDs = regexp.MustCompile(`^[A-Za-z0-9_-]{5,300}$`)

// Enclosed is the photo, the document or the recording of a message.
func (b *bot) Enclosed(ev channel.Event) ([]social.Enclosed, error) {
	as, err := b.Read(ev)
	if err != nil || len(as) == 0 {
		return nil, err
	}
	var u update
	if err := json.Unmarshal(ev.Raw, &u); err != nil {
		return nil, err
	}
	m := u.message()
	out := social.Enclosed{Of: as[0].ExternalID}
	add := func(f *file, kind string) {
		if f != nil && fileIDs.MatchString(f.ID) {
			if f.Type != "" {
				kind = oneLine(f.Type)
			}
			out.Files = append(out.Files, social.Attachment{Handle: f.ID, Name: oneLine(f.Name), Type: kind, Size: max(f.Size, 0)})
		}
	}
	if n := len(m.Photo); n > 0 { // the same photo in several sizes, the largest last
		add(&m.Photo[n-1], "image/jpeg")
	}
	add(m.Document, "")
	add(m.Video, "video/mp4")
	add(m.Audio, "audio/mpeg")
	add(m.Voice, "audio/ogg")
	if len(out.Files) == 0 {
		return nil, nil
	}
	return []social.Enclosed{out}, nil
}

// Fetch asks where a file lies and opens it
// (https://core.telegram.org/bots/api#getfile). The address bears the token,
// so no error may name it.
func (b *bot) Fetch(ctx context.Context, a social.Attachment) (io.ReadCloser, error) {
	if !fileIDs.MatchString(a.Handle) {
		return nil, social.Errorf(social.Invalid, "This is no file of Telegram's.")
	}
	var at struct {
		Path string `json:"file_path"`
	}
	if err := b.call(ctx, "getFile", map[string]string{"file_id": a.Handle}, false, &at); err != nil {
		return nil, err
	}
	parts := strings.Split(at.Path, "/")
	for i, p := range parts {
		if p == "" || p == "." || p == ".." {
			return nil, social.Errorf(social.NotFound, "Telegram no longer has this file.")
		}
		parts[i] = url.PathEscape(p)
	}
	r, err := channel.Download(ctx, b.env.HTTP, title, b.url+"/file/bot"+b.token+"/"+strings.Join(parts, "/"), nil)
	var known *social.Error
	if errors.As(err, &known) {
		return nil, social.Errorf(known.Kind, "%s", known.Text)
	}
	return r, err
}
