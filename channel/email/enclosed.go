package email

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"mime/quotedprintable"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/markup"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// mostPart is how much is taken of an attachment, as it travels.
const mostPart = 30 << 20

// handle says where an attachment lies. A mail that was moved is looked for
// by its Message-ID.
type handle struct {
	UID      uint32 `json:"u"`
	Validity uint32 `json:"v"`
	Path     []int  `json:"p"`
	Encoding string `json:"e,omitempty"`
	ID       string `json:"i,omitempty"`
}

// Enclosed is what came with a mail: its attachments, what is quoted below
// the new words, and who else got it.
func (b *box) Enclosed(ev channel.Event) ([]social.Enclosed, error) {
	as, err := b.Read(ev)
	if err != nil || len(as) == 0 {
		return nil, err
	}
	e, raw, err := open2(ev.Raw)
	if err != nil {
		return nil, err
	}
	h := headerOf(raw)
	out := social.Enclosed{Of: as[0].ExternalID, CC: b.others(h)}
	for _, p := range e.Parts {
		if len(p.Path) == 0 {
			continue
		}
		where, err := json.Marshal(handle{UID: e.UID, Validity: e.Validity, Path: p.Path, Encoding: p.Encoding, ID: idOf(h.Get("Message-Id"))})
		if err != nil {
			return nil, err
		}
		out.Files = append(out.Files, social.Attachment{Handle: string(where), Name: clean(p.Name, 120), Type: p.Type, Alt: clean(p.Alt, 500), Size: p.bytes()})
		if p.CID != "" {
			out.Files[len(out.Files)-1].Handle += "\n" + p.CID
		}
	}
	out.Rest = rest(raw)
	if m := parsed(raw); m != nil {
		out.HTML = markup.Safe(m.HTML)
	}
	if len(out.Files) == 0 && out.Rest == "" && out.HTML == "" && len(out.CC) == 0 {
		return nil, nil
	}
	return []social.Enclosed{out}, nil
}

// bytes is how large a part is once it is decoded.
func (p part) bytes() int64 {
	if strings.EqualFold(p.Encoding, "base64") {
		return p.Size / 78 * 57
	}
	return p.Size
}

// rest is what text leaves out of a mail: what is quoted, and the signature.
func rest(raw []byte) string {
	e := parsed(raw)
	if e == nil {
		return ""
	}
	html := e.HTML[:min(len(e.HTML), 2<<20)]
	whole := strings.TrimSpace(text.Cut(strings.ReplaceAll(e.Text, "\r\n", "\n")))
	fresh := unquoted(whole)
	if whole == "" {
		whole, fresh = strings.TrimSpace(text.FromHTML(html)), unquoted(text.FromHTML(cutHTML(html)))
	}
	after, ok := strings.CutPrefix(whole, fresh)
	if !ok || fresh == "" {
		return ""
	}
	return strings.TrimSpace(after)
}

// others are who got a mail besides us, as it says.
func (b *box) others(h header) (out []string) {
	for _, name := range []string{"To", "Cc"} {
		for _, v := range h.all(name) {
			for _, s := range strings.Split(v, ",") {
				a, _, ok := addressOf(s)
				if !ok || len(out) >= 20 || slices.Contains(out, a) || b.isOurs(a) {
					continue
				}
				out = append(out, a)
			}
		}
	}
	return out
}

// isOurs reports whether an address leads into this mailbox.
func (b *box) isOurs(a string) bool {
	local, domain, _ := strings.Cut(a, "@")
	local, _, _ = strings.Cut(local, "+")
	return domain == b.domain && local == b.local
}

// Fetch asks the mail server for one part of a mail.
func (b *box) Fetch(ctx context.Context, a social.Attachment) (io.ReadCloser, error) {
	var at handle
	place, _, _ := strings.Cut(a.Handle, "\n")
	if json.Unmarshal([]byte(place), &at) != nil || at.UID == 0 || len(at.Path) == 0 || len(at.Path) > deepest || slices.Min(at.Path) < 1 {
		return nil, social.Errorf(social.Invalid, "Nobody knows any more where this file lies.")
	}
	s, err := b.connect(ctx)
	if err != nil {
		return nil, err
	}
	defer s.close()
	limit := context.AfterFunc(ctx, func() { s.conn.Close() })
	defer limit()
	for _, uid := range s.where(at) {
		section := &imap.FetchItemBodySection{Part: at.Path, Peek: true, Partial: &imap.SectionPartial{Offset: 0, Size: mostPart}}
		got, err := s.c.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}}).Collect()
		if err != nil {
			return nil, trouble(err)
		}
		for _, m := range got {
			if data := m.FindBodySection(section); len(data) > 0 {
				return io.NopCloser(uncoded(data, at.Encoding)), nil
			}
		}
	}
	return nil, social.Errorf(social.NotFound, "The mail is not in the mailbox any more.")
}

// where lists the places at which a mail may lie, the surest first.
func (s *session) where(at handle) (out []imap.UID) {
	if at.Validity == s.folder.UIDValidity {
		out = append(out, imap.UID(at.UID))
	}
	if at.ID == "" {
		return out
	}
	found, err := s.c.UIDSearch(&imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-Id", Value: at.ID}}}, nil).Wait()
	if err != nil {
		return out
	}
	for _, uid := range found.AllUIDs() {
		if len(out) < 3 && !slices.Contains(out, uid) {
			out = append(out, uid)
		}
	}
	return out
}

func uncoded(data []byte, encoding string) io.Reader {
	switch strings.ToLower(encoding) {
	case "base64":
		data = bytes.Map(func(r rune) rune {
			if r <= ' ' {
				return -1
			}
			return r
		}, data)
		return base64.NewDecoder(base64.StdEncoding, bytes.NewReader(data))
	case "quoted-printable":
		return quotedprintable.NewReader(bytes.NewReader(data))
	}
	return bytes.NewReader(data)
}

// Carries is what most mail servers take: ten megabytes in all, which travel as
// fourteen.
func (b *box) Carries(social.Visibility) channel.Load {
	return channel.Load{Most: 10, Size: 10 << 20, Sum: 10 << 20}
}

// enclose writes files after the words of a mail.
func enclose(w *bytes.Buffer, boundary string, media []channel.Media) error {
	if len(media) == 0 {
		return nil
	}
	for _, m := range media {
		data, err := io.ReadAll(m.Open())
		if err != nil {
			return social.Because(social.Busy, err, "A file that goes along cannot be read.")
		}
		name := clean(m.Name, 300)
		if r := []rune(name); len(r) > 60 { // lines of a mail are short; the ending counts
			name = string(r[len(r)-60:])
		}
		kind := m.Type
		if !ascii(kind) || kind == "" {
			kind = "application/octet-stream"
		}
		w.WriteString("--" + boundary + "\r\nContent-Type: " + mime.FormatMediaType(kind, map[string]string{"name": name}) + "\r\n")
		if alt := mime.QEncoding.Encode("utf-8", clean(m.Alt, 500)); alt != "" {
			w.WriteString("Content-Description: " + strings.ReplaceAll(alt, "?= =?", "?=\r\n =?") + "\r\n")
		}
		w.WriteString("Content-Disposition: " + mime.FormatMediaType("attachment", map[string]string{"filename": name}) + "\r\nContent-Transfer-Encoding: base64\r\n\r\n")
		for line := base64.StdEncoding.EncodeToString(data); line != ""; {
			n := min(76, len(line))
			w.WriteString(line[:n] + "\r\n")
			line = line[n:]
		}
	}
	w.WriteString("--" + boundary + "--\r\n")
	return nil
}
