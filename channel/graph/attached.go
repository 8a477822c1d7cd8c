package graph

import (
	"context"
	"encoding/json"
	"io"
	"net/url"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// kept are the sorts of attachments that are files, and what they are where
// nobody says more; the others are links to something on the network.
var kept = map[string]string{"image": "", "video": "video/mp4", "audio": "audio/mpeg", "file": ""}

// file is where an attachment lies, "" where it is no file
// (https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/messages).
func (a wireAttachment) file() string {
	if _, ok := kept[a.Type]; !ok {
		return ""
	}
	return lies(a.Payload.URL)
}

// lies is an address at which a file can be fetched, "" if it is none.
func lies(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "https" && u.Scheme != "http") || len(s) > 4000 {
		return ""
	}
	return text.Cut(s)
}

// name is what a file is called: its title, or the end of its address.
func (a wireAttachment) name() string {
	if t := strings.TrimSpace(a.Payload.Title); t != "" {
		return text.Cut(t)
	}
	if a.Type != "file" {
		return "" // addresses of pictures are figures
	}
	u, err := url.Parse(a.Payload.URL)
	if err != nil {
		return ""
	}
	return text.Cut(u.Path[strings.LastIndexByte(u.Path, '/')+1:])
}

// enclosed is the files of a message, and the picture of a comment.
func enclosed(e channel.Event, as []social.Activity) ([]social.Enclosed, error) {
	if len(as) == 0 || as[0].Verb == social.Delete {
		return nil, nil
	}
	in, err := open(e)
	if err != nil {
		return nil, err
	}
	out := social.Enclosed{Of: as[0].ExternalID}
	switch in.Sort {
	case "messaging":
		var m wireMessaging
		if json.Unmarshal(in.Item, &m) != nil || m.Message == nil {
			return nil, nil
		}
		for _, a := range m.Message.Attachments {
			if at := a.file(); at != "" && len(out.Files) < channel.MostAttached {
				out.Files = append(out.Files, social.Attachment{Handle: at, Name: a.name(), Type: kept[a.Type]})
			}
		}
	case "change":
		var f wireFeed
		if json.Unmarshal(in.Item, &f) != nil {
			return nil, nil
		}
		if at := lies(f.Photo); at != "" {
			out.Files = append(out.Files, social.Attachment{Handle: at, Type: ""})
		}
	}
	if len(out.Files) == 0 {
		return nil, nil
	}
	return []social.Enclosed{out}, nil
}

// fetch opens a file at its address, which bears its own leave and runs out
// after some days.
func (c *client) fetch(ctx context.Context, a social.Attachment) (io.ReadCloser, error) {
	if lies(a.Handle) == "" {
		return nil, social.Errorf(social.Invalid, "This is no file of %s.", c.title)
	}
	return channel.Download(ctx, c.env.HTTP, c.title, a.Handle, nil)
}

// Enclosed is what came with a message or a comment.
func (p *page) Enclosed(e channel.Event) ([]social.Enclosed, error) {
	as, err := p.Read(e)
	if err != nil {
		return nil, err
	}
	return enclosed(e, as)
}

// Fetch opens a file.
func (p *page) Fetch(ctx context.Context, a social.Attachment) (io.ReadCloser, error) {
	return p.fetch(ctx, a)
}

// Enclosed is what came with a message.
func (i *insta) Enclosed(e channel.Event) ([]social.Enclosed, error) {
	as, err := i.Read(e)
	if err != nil {
		return nil, err
	}
	return enclosed(e, as)
}

// Fetch opens a file.
func (i *insta) Fetch(ctx context.Context, a social.Attachment) (io.ReadCloser, error) {
	return i.fetch(ctx, a)
}
