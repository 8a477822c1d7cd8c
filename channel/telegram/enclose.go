package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// The limits of files (https://core.telegram.org/bots/api#sending-files).
const (
	mostBelow = 1024     // characters of the words that files go with
	mostPhoto = 10 << 20 // bytes of a photo; a larger one goes as a document
	mostSides = 10_000   // width and height of a photo together
)

// Carries is up to ten files of any kind.
func (b *bot) Carries(social.Visibility) channel.Load {
	return channel.Load{Most: 10, Size: social.MaxFile, Words: mostBelow}
}

// sort is how a file can be shown in place: as a photo, a video, or not.
func sort(m channel.Media) string {
	switch m.Type {
	case "image/jpeg", "image/png", "image/webp":
		if m.Size <= mostPhoto && m.Width > 0 && m.Width+m.Height <= mostSides && m.Width <= 20*m.Height && m.Height <= 20*m.Width {
			return "photo"
		}
	case "video/mp4":
		return "video"
	}
	return "document"
}

// enclose sends files with words below the first, in one call: all stand, or
// none. Photos and videos go together; with anything else among them all go as
// documents.
func (b *bot) enclose(ctx context.Context, in map[string]any, media []channel.Media) (post, error) {
	words, _ := in["text"].(string)
	delete(in, "text")
	delete(in, "link_preview_options")
	sorts := make([]string, len(media))
	for i, m := range media {
		sorts[i] = sort(m)
	}
	for _, s := range sorts {
		if s == "document" {
			for i := range sorts {
				sorts[i] = s
			}
			break
		}
	}
	method := "send" + strings.ToUpper(sorts[0][:1]) + sorts[0][1:]
	if len(media) == 1 {
		in["caption"] = words
	} else {
		method = "sendMediaGroup"
		group := make([]map[string]any, len(media))
		for i := range media {
			group[i] = map[string]any{"type": sorts[i], "media": fmt.Sprintf("attach://file%d", i)}
		}
		group[0]["caption"] = words
		in["media"] = group
	}
	kind, body, err := form(in, media, sorts)
	if err != nil {
		return post{}, err
	}
	var m post
	if len(media) == 1 {
		err = b.post(ctx, method, kind, body, true, &m)
	} else {
		var all []post
		if err = b.post(ctx, method, kind, body, true, &all); err == nil && len(all) > 0 {
			m = all[0]
		}
	}
	if err == nil && (m.ID == 0 || m.Chat.ID == 0) {
		err = social.Errorf(social.Unknown, "Telegram did not say where the message stands.")
	}
	return m, err
}

// form writes fields and files as a browser does.
func form(in map[string]any, media []channel.Media, sorts []string) (kind string, body []byte, err error) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for name, v := range in {
		s, ok := v.(string)
		if !ok {
			b, err := json.Marshal(v)
			if err != nil {
				return "", nil, err
			}
			s = string(b)
		}
		if err := w.WriteField(name, s); err != nil {
			return "", nil, err
		}
	}
	for i, m := range media {
		_, data, err := channel.Bytes(channel.Load{}, m)
		if err != nil {
			return "", nil, err
		}
		field := sorts[i]
		if len(media) > 1 {
			field = fmt.Sprintf("file%d", i)
		}
		name := strings.NewReplacer(`"`, "'", "\\", "_").Replace(oneLine(m.Name))
		part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + field + `"; filename="` + name + `"`}, "Content-Type": {m.Type}})
		if err == nil {
			_, err = part.Write(data)
		}
		if err != nil {
			return "", nil, err
		}
	}
	err = w.Close()
	return w.FormDataContentType(), buf.Bytes(), err
}
