package wordpress

import (
	"context"
	"html"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// most is how many bytes a comment may have: the column holds no more
// (wp_get_comment_fields_max_lengths).
const most = 65525

// Fit counts the bytes of the comment as it is written to the blog, where
// signs that mean something in HTML take more.
func (a *account) Fit(words string) channel.Room {
	n := len(markup(words))
	return channel.Room{Fits: strings.TrimSpace(words) != "" && n <= most, Left: most - n, Max: most, Unit: "bytes"}
}

// Visibilities are public only.
func (a *account) Visibilities() []social.Visibility { return []social.Visibility{social.Public} }

// markup makes of plain text what shows as that text: WordPress takes HTML.
func markup(words string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(strings.TrimSpace(words))
}

// Send answers a comment, or comments on a post. WordPress itself refuses the
// same words twice in the same place.
func (a *account) Send(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	if r.Visibility != social.Public {
		return channel.Receipt{}, social.Errorf(social.Invalid, "A comment on a blog is public.")
	}
	if err := a.fits(r.Text); err != nil {
		return channel.Receipt{}, err
	}
	k, err := a.know(ctx)
	if err != nil {
		return channel.Receipt{}, err
	}
	in, err := a.below(ctx, k, r.Parent)
	if err != nil {
		return channel.Receipt{}, err
	}
	in.Content = markup(r.Text)
	var out wireComment
	if err := a.call(ctx, k.route, "/wp/v2/comments", url.Values{"_fields": {commentFields}}, in, &out); err != nil {
		return channel.Receipt{}, err
	}
	if out.ID <= 0 {
		return channel.Receipt{}, social.Because(social.Unknown, errNoID, "%s took the comment but does not say where it stands.", a.site.Host)
	}
	a.met(out)
	return a.receipt(out), nil
}

func (a *account) fits(words string) error {
	if strings.TrimSpace(words) == "" {
		return social.Errorf(social.Invalid, "There are no words to post.")
	}
	if room := a.Fit(words); !room.Fits {
		return social.Errorf(social.Invalid, "The text is %d bytes too long for a comment.", -room.Left)
	}
	return nil
}

// below finds where an answer goes. WordPress would take one below a comment
// that is gone or that nobody sees; nobody would understand it there.
func (a *account) below(ctx context.Context, k *about, parent string) (wireNewComment, error) {
	kind, n := parseID(parent)
	switch kind {
	case 'p':
		return wireNewComment{Post: n}, nil
	case 'c':
	default:
		return wireNewComment{}, social.Errorf(social.Invalid, "A comment answers a comment or a post of the blog.")
	}
	q := url.Values{"_fields": {"id,post,status,link"}}
	if k.moderates {
		q.Set("context", "edit")
	}
	var c wireComment
	err := a.call(ctx, k.route, "/wp/v2/comments/"+strconv.FormatInt(n, 10), q, nil, &c)
	switch {
	case says(err, "rest_comment_invalid_id"), says(err, "rest_cannot_read"), err == nil && (c.Status == "trash" || c.Status == "spam"):
		return wireNewComment{}, social.Errorf(social.NotFound, "The comment that it answers is no longer on the blog.")
	case err != nil:
		return wireNewComment{}, err
	case c.Status == "hold":
		return wireNewComment{}, social.Errorf(social.Forbidden, "The comment waits for approval, so nobody would see what is answered. Approve it on the blog first.")
	case c.Post <= 0:
		return wireNewComment{}, social.Errorf(social.Busy, "%s does not say which post the comment belongs to.", a.site.Host)
	}
	return wireNewComment{Post: c.Post, Parent: n}, nil
}

func (a *account) receipt(c wireComment) channel.Receipt {
	out := channel.Receipt{ExternalID: commentID(c.ID), URL: web(c.Link), At: c.Date.Time}
	if out.At.IsZero() {
		out.At = a.env.Clock.Now()
	}
	return out
}

// headline divides a text into a title and what stands below it.
func headline(words string) (title, body string) {
	words = strings.TrimSpace(words)
	first, rest, more := strings.Cut(words, "\n")
	first, rest = strings.TrimSpace(first), strings.TrimSpace(rest)
	if r := []rune(first); len(r) <= 120 {
		if more {
			return first, rest
		}
		return first, first
	}
	r := []rune(first)[:80]
	if i := strings.LastIndexFunc(string(r), unicode.IsSpace); i > 20 {
		return strings.TrimSpace(string(r)[:i]) + "…", words
	}
	return string(r) + "…", words
}

// clocks is how far the blog's clock may be from ours.
const clocks = 5 * time.Minute

// Find reads our own comments since the attempt and compares place and words.
func (a *account) Find(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	k, err := a.know(ctx)
	if err != nil {
		return channel.Receipt{}, err
	}
	kind, n := parseID(r.Parent)
	if kind == 0 {
		return channel.Receipt{}, social.Errorf(social.NotFound, "Nothing of this blog is answered, so nothing can stand there.")
	}
	want, since := gist(r.Text), r.Attempted.Add(-clocks)
	q := url.Values{"_fields": {commentFields}, "orderby": {"date_gmt"}, "order": {"desc"}, "per_page": {"100"}}
	if k.moderates { // others may not ask by author, and do not see what waits
		q.Set("context", "edit")
		q.Set("status", "any")
		q.Set("author", strconv.FormatInt(k.self.ID, 10))
	}
	if kind == 'c' {
		q.Set("parent", strconv.FormatInt(n, 10))
	} else {
		q.Set("post", strconv.FormatInt(n, 10))
	}
	for page := 1; page <= 20; page++ {
		q.Set("page", strconv.Itoa(page))
		var list []wireComment
		if err := a.call(ctx, k.route, "/wp/v2/comments", q, nil, &list); err != nil {
			return channel.Receipt{}, err
		}
		for _, c := range list {
			if c.Author == k.self.ID && (kind == 'c') == (c.Parent == n) && (kind == 'c' || c.Parent == 0) && !c.Date.Before(since) && gist(words(c.Content)) == want {
				return a.receipt(c), nil
			}
		}
		if len(list) < 100 || list[len(list)-1].Date.Before(since) {
			// One that waits for approval is not shown to who may not moderate;
			// but WordPress would not take it twice.
			return channel.Receipt{}, social.Errorf(social.NotFound, "The answer does not stand on %s.", a.site.Host)
		}
	}
	return channel.Receipt{}, social.Errorf(social.Busy, "There are too many newer comments on %s to tell whether this one stands.", a.site.Host)
}

// gist is what stays the same of a text on its way through the blog, which
// puts other quotation marks, dashes and smileys: letters and figures, or,
// where there are none, all signs.
func gist(s string) string {
	s = strings.ReplaceAll(html.UnescapeString(s), "×", "x") // "3x4" is shown as "3×4"
	out := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
	if out == "" {
		return strings.Join(strings.Fields(s), "")
	}
	return out
}

// Self is the account whose password we have.
func (a *account) Self(ctx context.Context) (social.Author, error) {
	k, err := a.know(ctx)
	if err != nil {
		return social.Author{}, err
	}
	u, err := a.me(ctx, k.route)
	if err != nil {
		return social.Author{}, err
	}
	in := envelope{Site: k.home}
	return social.Author{
		Scheme: "url", Value: in.account(u.ID), Handle: line(u.Username), Name: line(u.Name), URL: web(u.Link), Avatar: avatar(u.Avatars),
	}, nil
}

// Profile asks for an account's page. Who has none is known by what they
// wrote, and comes back as they are.
func (a *account) Profile(ctx context.Context, who social.Author) (social.Author, error) {
	k, err := a.know(ctx)
	if err != nil {
		return social.Author{}, err
	}
	u, err := url.Parse(who.Value)
	if err != nil || who.Scheme != "url" || !u.Query().Has("author") {
		return who, nil
	}
	n, err := strconv.ParseInt(u.Query().Get("author"), 10, 64)
	if err != nil || n <= 0 {
		return who, nil
	}
	var w wireUser
	err = a.call(ctx, k.route, "/wp/v2/users/"+strconv.FormatInt(n, 10), nil, nil, &w)
	switch {
	case says(err, "rest_user_cannot_view"), says(err, "rest_user_invalid_id"):
		return who, nil // only writers have a page
	case err != nil:
		return social.Author{}, err
	}
	who.Name, who.Handle, who.URL, who.Avatar = text.Cut(line(w.Name)), line(w.Slug), web(w.Link), avatar(w.Avatars)
	return who, nil
}
