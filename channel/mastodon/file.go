package mastodon

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"

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

// Carries is what servers take unless they are told otherwise
// (https://docs.joinmastodon.org/user/posting/#attachments).
func (a *account) Carries(social.Visibility) channel.Load { return a.Load() }

// Load is the same for posts as for answers.
func (a *account) Load() channel.Load {
	return channel.Load{Types: []string{"image/png", "image/jpeg", "image/gif", "image/webp"}, Most: 4, Size: 16 << 20, Alt: 1500,
		Video: &social.Video{Types: []string{"video/mp4", "video/webm"}, Size: social.MaxFile}}
}

// patient is how often we ask whether a file is ready.
const patient = 20

// upload gives a file to the server, once for a post, and waits until it is
// ready. The server forgets it unless a post takes it
// (https://docs.joinmastodon.org/methods/media/#v2).
func (a *account) upload(ctx context.Context, key string, m channel.Media) (string, error) {
	m, data, err := channel.Bytes(a.Load(), m)
	if err != nil {
		return "", err
	}
	ready := false
	id, err := a.uploads.Once(ctx, a.env.Clock.Now(), key, m, data, func(ctx context.Context) (id string, err error) {
		id, ready, err = a.give(ctx, m, data)
		return id, err
	})
	if err != nil || ready {
		return id, err
	}
	var out struct {
		URL string `json:"url"`
	}
	for range patient {
		if err := a.call(ctx, http.MethodGet, "/api/v1/media/"+url.PathEscape(id), nil, nil, &out, ""); err != nil {
			if social.NotFound.Is(err) {
				a.uploads.Forget(id)
			}
			return "", channel.Unposted(a.server.Host, err)
		}
		if out.URL != "" {
			return id, nil
		}
		t := time.NewTimer(500 * time.Millisecond)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return "", social.Because(social.Busy, ctx.Err(), "%s still works on the file.", a.server.Host)
		}
	}
	return "", social.Errorf(social.Busy, "%s still works on the file.", a.server.Host)
}

// give sends the bytes. Nothing is posted by it, so what goes wrong may be
// tried again.
func (a *account) give(ctx context.Context, m channel.Media, data []byte) (id string, ready bool, err error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	kind, ending, _ := strings.Cut(m.Type, "/")
	head := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="` + kind + "." + ending + `"`}, "Content-Type": {m.Type}}
	part, err := form.CreatePart(head)
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil && m.Alt != "" {
		err = form.WriteField("description", m.Alt)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		return "", false, social.Because(social.Busy, err, "A file that goes along cannot be read.")
	}
	title := a.server.Host
	u := *a.server
	u.Path += "/api/v2/media"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), &body)
	if err != nil {
		return "", false, social.Because(social.Invalid, err, "The address of %s is not one that can be asked.", title)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", form.FormDataContentType())
	a.sign(req.Header)
	resp, err := a.env.HTTP.Do(req)
	if err != nil {
		return "", false, channel.Failed(title, err, false, nil)
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return "", false, channel.Status(title, resp, detail(resp), false, a.env.Clock.Now())
	}
	var out struct {
		ID  string `json:"id"`
		URL string `json:"url"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil || out.ID == "" {
		return "", false, social.Because(social.Busy, err, "%s does not say under which name it took the file.", title)
	}
	return out.ID, resp.StatusCode != http.StatusAccepted || out.URL != "", nil
}
