package mastodon

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// Visibilities lists public first.
func (a *account) Visibilities() []social.Visibility {
	return []social.Visibility{social.Public, social.Direct}
}

// Send posts a reply that names whom it answers. Mastodon honours its
// Idempotency-Key; servers that do not would post a second time, so nothing
// here ever tries twice.
func (a *account) Send(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	visibility, ok := map[social.Visibility]string{social.Public: "public", social.Direct: "direct"}[r.Visibility]
	if !ok {
		return channel.Receipt{}, social.Errorf(social.Invalid, "A reply on Mastodon is public or direct.")
	}
	if r.Parent == "" {
		return channel.Receipt{}, social.Errorf(social.Invalid, "A reply answers something.")
	}
	if err := channel.Bear(a.Carries(r.Visibility), r.Media); err != nil {
		return channel.Receipt{}, err
	}
	return a.post(ctx, r.Key, r.Text, r.Media, func(k *about) wireNewStatus {
		return wireNewStatus{Status: k.addressed(r.Text, r.To), InReplyTo: r.Parent, Visibility: visibility, Language: language(r.Lang)}
	})
}

// Publish posts to everybody.
func (a *account) Publish(ctx context.Context, p channel.Post) (channel.Receipt, error) {
	if err := channel.Bear(a.Load(), p.Media); err != nil {
		return channel.Receipt{}, err
	}
	aim, ok := map[social.Audience]string{"": "public", social.Everybody: "public", social.Quietly: "unlisted", social.Followers: "private"}[p.Audience]
	if !ok {
		return channel.Receipt{}, social.Errorf(social.Invalid, "A post is for everybody, for everybody outside of lists, or for followers.")
	}
	return a.post(ctx, p.Key, p.Text, p.Media, func(*about) wireNewStatus {
		return wireNewStatus{Status: p.Text, Visibility: aim, Language: language(p.Lang)}
	})
}

// Audiences is everybody, with or without standing in lists, or followers
// (https://docs.joinmastodon.org/methods/statuses/#form-data-parameters).
func (a *account) Audiences() []social.Audience {
	return []social.Audience{social.Everybody, social.Quietly, social.Followers}
}

func (a *account) post(ctx context.Context, key, words string, media []channel.Media, draft func(*about) wireNewStatus) (channel.Receipt, error) {
	if strings.TrimSpace(words) == "" {
		return channel.Receipt{}, social.Errorf(social.Invalid, "There are no words to post.")
	}
	k, err := a.know(ctx)
	if err != nil {
		return channel.Receipt{}, err
	}
	if room := a.Fit(words); !room.Fits {
		return channel.Receipt{}, social.Errorf(social.Invalid, "The text is %d characters too long for %s.", -room.Left, a.server.Host)
	}
	in := draft(k)
	if over := k.weigh(in.Status) - k.max; over > 0 {
		return channel.Receipt{}, social.Errorf(social.Invalid, "With the name of whom it answers the text is %d characters too long for %s.", over, a.server.Host)
	}
	for _, m := range media {
		id, err := a.upload(ctx, key, m)
		if err != nil {
			return channel.Receipt{}, err
		}
		in.Media = append(in.Media, id)
	}
	var out wireStatus
	if err := a.call(ctx, http.MethodPost, "/api/v1/statuses", nil, in, &out, idempotency(key)); err != nil {
		if social.Invalid.Is(err) || social.NotFound.Is(err) {
			a.uploads.Forget(in.Media...) // it may have forgotten them
		}
		return channel.Receipt{}, err
	}
	if out.ID == "" {
		return channel.Receipt{}, social.Because(social.Unknown, errNoStatus, "%s took the post but does not say where it stands.", a.server.Host)
	}
	return a.receipt(out), nil
}

func (l *listener) receipt(s wireStatus) channel.Receipt {
	r := channel.Receipt{ExternalID: s.ID, URL: cmp.Or(s.URL, s.URI), At: l.env.Clock.Now()}
	if s.CreatedAt != nil {
		r.At = s.CreatedAt.UTC()
	}
	return r
}

// idempotency hides our key from the server, which need not know it.
func idempotency(key string) string {
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte("parley " + key))
	return hex.EncodeToString(sum[:16])
}

// addressed begins the text with the name of whom it answers, unless it names
// them already. Accounts of our own server go by their short name.
func (a *about) addressed(words string, to social.Author) string {
	acct := strings.TrimPrefix(cmp.Or(to.Handle, to.Value), "@")
	if to.Scheme != "acct" || acct == "" {
		return words
	}
	user, at, _ := strings.Cut(acct, "@")
	short := acct
	if strings.EqualFold(at, a.host) {
		short = user
	}
	low := strings.ToLower(words)
	if names(low, "@"+strings.ToLower(acct)) || names(low, "@"+strings.ToLower(short)) {
		return words
	}
	return "@" + short + " " + words
}

// names reports whether a text has a name in it that ends there: not
// "@maya" in "@maya_b", "@maya.b" or "@maya@elsewhere".
func names(words, name string) bool {
	for {
		_, rest, found := strings.Cut(words, name)
		if !found {
			return false
		}
		const part = "abcdefghijklmnopqrstuvwxyz0123456789_"
		end := strings.TrimLeft(rest, ".-")
		goesOn := end != "" && strings.ContainsRune(part, rune(end[0]))
		if !goesOn && !strings.HasPrefix(rest, "@") {
			return true
		}
		words = rest
	}
}

// language keeps what the API takes: two or three letters.
func language(tag string) string {
	tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
	if len(tag) < 2 || len(tag) > 3 || tag == "und" {
		return ""
	}
	return tag
}

// clocks is how far the server's clock may be from ours.
const clocks = 5 * time.Minute

// Find reads our own latest posts, and what answers the parent, and compares
// words, parent and time: GoToSocial and others forget our key.
func (a *account) Find(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	k, err := a.know(ctx)
	if err != nil {
		return channel.Receipt{}, err
	}
	since := r.Attempted.Add(-clocks)
	want := gist(r.Text)
	is := func(s wireStatus) bool {
		return s.ID != "" && s.Account.ID == k.self.ID && s.InReplyTo == r.Parent && s.CreatedAt != nil &&
			s.CreatedAt.After(since) && gist(text.FromHTML(s.Content)) == want
	}
	if r.Parent != "" {
		var c wireContext
		err := a.call(ctx, http.MethodGet, "/api/v1/statuses/"+url.PathEscape(r.Parent)+"/context", nil, nil, &c, "")
		if err != nil && !social.NotFound.Is(err) { // the parent may be gone
			return channel.Receipt{}, err
		}
		for _, s := range c.Descendants {
			if is(s) {
				return a.receipt(s), nil
			}
		}
	}
	before := ""
	for range 20 {
		q := url.Values{"limit": {"40"}, "exclude_reblogs": {"true"}}
		if before != "" {
			q.Set("max_id", before)
		}
		var list []wireStatus
		if err := a.call(ctx, http.MethodGet, "/api/v1/accounts/"+url.PathEscape(k.self.ID)+"/statuses", q, nil, &list, ""); err != nil {
			return channel.Receipt{}, err
		}
		for _, s := range list {
			if is(s) {
				return a.receipt(s), nil
			}
		}
		if len(list) == 0 || list[len(list)-1].CreatedAt != nil && list[len(list)-1].CreatedAt.Before(since) {
			return channel.Receipt{}, social.Errorf(social.NotFound, "The reply does not stand on %s.", a.server.Host)
		}
		before = list[len(list)-1].ID
	}
	return channel.Receipt{}, social.Errorf(social.Busy, "%s has too many newer posts of ours to tell whether this one stands.", a.server.Host)
}

// gist is what stays the same of a text on its way through a server: letters,
// figures and symbols, without names at its beginning and hosts of names.
func gist(s string) string {
	s = mentions.ReplaceAllString(s, "$1@$2")
	for {
		s = strings.TrimSpace(s)
		if !strings.HasPrefix(s, "@") {
			break
		}
		i := strings.IndexFunc(s, unicode.IsSpace)
		if i < 0 {
			break
		}
		s = s[i:]
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// FindPost finds a post of ours by its text.
func (a *account) FindPost(ctx context.Context, p channel.Post) (channel.Receipt, error) {
	return a.Find(ctx, social.Reply{Key: p.Key, Text: p.Text, Attempted: p.Attempted})
}
