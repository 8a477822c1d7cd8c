package wordpress

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"net/mail"
	"net/url"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// Read turns a comment, a post or the loss of one into an activity.
func (r *reader) Read(e channel.Event) ([]social.Activity, error) {
	var in envelope
	if err := json.Unmarshal(e.Raw, &in); err != nil {
		return nil, social.Because(social.Invalid, err, "The blog sent something that is not JSON of its kind.")
	}
	if in.Site == "" || in.Seen.IsZero() {
		return nil, social.Errorf(social.Invalid, "The event does not say which blog it is of, or when it was seen.")
	}
	switch in.Event {
	case "gone":
		if kind, _ := parseID(in.ID); kind == 0 {
			return nil, social.Errorf(social.Invalid, "The event does not say what is gone.")
		}
		return []social.Activity{{
			ExternalID: in.ID, Verb: social.Delete, Form: in.form(), Visibility: social.Public,
			Published: in.Seen.UTC(), Version: version(in.Seen),
		}}, nil
	case "comment":
		return in.comment()
	case "post":
		return in.post()
	}
	return nil, social.Errorf(social.Invalid, "The event is of an unknown sort.")
}

func (in envelope) form() social.Form {
	if strings.HasPrefix(in.ID, "p") {
		return social.FormArticle
	}
	return social.FormComment
}

// waiting stands before the words of a comment that nobody sees yet.
const waiting = "[Waits for approval]\n\n"

func (in envelope) comment() ([]social.Activity, error) {
	var c wireComment
	if err := json.Unmarshal(in.Payload, &c); err != nil {
		return nil, social.Because(social.Invalid, err, "The blog sent a comment that cannot be read.")
	}
	if c.ID <= 0 || c.Post <= 0 || c.Date.IsZero() {
		return nil, social.Errorf(social.Invalid, "The blog sent a comment without id, post or time.")
	}
	a := social.Activity{
		ExternalID: commentID(c.ID), Verb: social.Create, Form: social.FormComment, Author: in.commenter(c),
		Text: words(c.Content), URL: text.Cut(c.Link), Parent: postID(c.Post), Root: commentID(c.ID),
		Visibility: social.Public, Own: in.Self != 0 && c.Author == in.Self,
		Published: c.Date.UTC(), Version: version(c.Date.Time),
	}
	if c.Parent > 0 {
		a.Parent, a.Root = commentID(c.Parent), commentID(cmp.Or(max(0, in.Root), c.Parent))
	}
	if c.Status == "hold" {
		a.Text = waiting + a.Text
	}
	if in.Edition > 0 {
		a.Verb, a.Version = social.Update, version(in.Seen)
	}
	a.Directed = !a.Own && (in.Ours || in.Asked)
	return []social.Activity{a}, nil
}

func (in envelope) post() ([]social.Activity, error) {
	var p wirePost
	if err := json.Unmarshal(in.Payload, &p); err != nil {
		return nil, social.Because(social.Invalid, err, "The blog sent a post that cannot be read.")
	}
	if p.ID <= 0 || p.Date.IsZero() || p.Modified.IsZero() {
		return nil, social.Errorf(social.Invalid, "The blog sent a post without id or time.")
	}
	a := social.Activity{
		ExternalID: postID(p.ID), Verb: social.Create, Form: social.FormArticle, Author: in.writer(p),
		Title: line(p.Title.Rendered), Text: text.FromHTML(cmp.Or(p.Content.Rendered, p.Excerpt.Rendered)),
		URL: text.Cut(p.Link), Visibility: social.Public, Own: in.Ours || in.Self != 0 && p.Author == in.Self,
		Published: p.Date.UTC(), Version: version(later(p.Date.Time, p.Modified.Time)),
	}
	if in.Edition > 0 {
		a.Verb = social.Update
	}
	return []social.Activity{a}, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// words is what the author of a comment wrote. Where the blog tells that, it
// is taken as it was; what it shows has other quotation marks, for instance.
func words(t wireText) string {
	if t.Raw != "" && !strings.ContainsRune(t.Raw, '<') {
		return strings.TrimSpace(text.Cut(strings.ReplaceAll(html.UnescapeString(t.Raw), "\r\n", "\n")))
	}
	return text.FromHTML(cmp.Or(t.Rendered, t.Raw))
}

// commenter is whoever wrote a comment: known by mail address where the blog
// tells it to us, else by account, else by name within the blog.
func (in envelope) commenter(c wireComment) social.Author {
	out := social.Author{Scheme: "url", Name: line(c.Name), URL: web(c.URL), Avatar: avatar(c.Avatars)}
	switch a, err := mail.ParseAddress(c.Email); {
	case err == nil:
		out.Scheme, out.Value = "mailto", a.Address
	case c.Author > 0:
		out.Value = in.account(c.Author)
	default:
		out.Value = text.Cut(in.Site) + "#" + url.PathEscape(strings.ToLower(cmp.Or(out.Name, "anonymous")))
	}
	if in.Self != 0 && c.Author == in.Self {
		out.Scheme, out.Value = "url", in.account(c.Author) // as Self says
	}
	out.Name = cmp.Or(out.Name, "Anonymous")
	return out
}

func (in envelope) writer(p wirePost) social.Author {
	out := social.Author{Scheme: "url", Value: in.account(p.Author), Name: line(in.Name), URL: text.Cut(in.Site)}
	if p.Author <= 0 {
		out.Value = text.Cut(in.Site)
	}
	for _, u := range p.Embedded.Author {
		if u.ID == p.Author && u.Name != "" {
			out.Name, out.URL, out.Avatar = line(u.Name), cmp.Or(web(u.Link), out.URL), avatar(u.Avatars)
		}
	}
	out.Name = cmp.Or(out.Name, out.Value)
	return out
}

// account is the address of an account's page, by its number.
func (in envelope) account(n int64) string { return fmt.Sprintf("%s/?author=%d", text.Cut(in.Site), n) }

func avatar(sizes map[string]string) string {
	return web(cmp.Or(sizes["96"], sizes["48"], sizes["24"]))
}

// web keeps what is an address of the web.
func web(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return text.Cut(u.String())
}

func line(s string) string {
	s = strings.Join(strings.Fields(text.FromHTML(s)), " ")
	if r := []rune(s); len(r) > 500 {
		s = string(r[:500]) + "…"
	}
	return s
}

// version is a time that sorts as text.
func version(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }
