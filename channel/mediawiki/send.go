package mediawiki

import (
	"context"
	"crypto/md5" //nolint:gosec // what the API asks for, to find out whether the text arrived whole
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// longest is how many characters an answer may have. A page holds more (2 MB
// by default); this is what people still read.
const longest = 10_000

// Fit counts characters.
func (a *account) Fit(words string) channel.Room {
	n := utf8.RuneCountInString(words)
	return channel.Room{Fits: strings.TrimSpace(words) != "" && n <= longest, Left: longest - n, Max: longest, Unit: "characters"}
}

// Visibilities are public only.
func (a *account) Visibilities() []social.Visibility { return []social.Visibility{social.Public} }

// mark stands in the summary of our edits, so that they are found again.
func mark(key string) string {
	sum := sha256.Sum256([]byte("parley " + key))
	return "parley " + hex.EncodeToString(sum[:8])
}

// Send writes an answer on a talk page. It first looks whether the answer
// stands there already, then edits the revision that it has read: if somebody
// else was quicker the wiki refuses, nothing is lost, and the error is Busy.
func (a *account) Send(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	id := parseID(r.Parent)
	switch {
	case r.Visibility != social.Public:
		return channel.Receipt{}, social.Errorf(social.Invalid, "What is written on a wiki is public.")
	case id == 0:
		return channel.Receipt{}, social.Errorf(social.Invalid, "An answer on a wiki answers an edit.")
	case strings.TrimSpace(r.Text) == "":
		return channel.Receipt{}, social.Errorf(social.Invalid, "There are no words to write.")
	}
	if room := a.Fit(r.Text); !room.Fits {
		return channel.Receipt{}, social.Errorf(social.Invalid, "The text is %d characters too long.", -room.Left)
	}
	k, err := a.know(ctx)
	if err != nil {
		return channel.Receipt{}, err
	}
	got, err := a.ask(ctx, k.api, url.Values{"action": {"query"}, "meta": {"tokens"}, "type": {"csrf"}})
	if err != nil {
		return channel.Receipt{}, err
	}
	if there, err := a.find(ctx, k, r, time.Time{}); err == nil || !social.NotFound.Is(err) {
		return there, err
	}
	form, err := a.draft(ctx, k, r, id)
	if err != nil {
		return channel.Receipt{}, err
	}
	form.Set("action", "edit")
	form.Set("assert", "user")
	form.Set("watchlist", "nochange")
	form.Set("summary", form.Get("summary")+"[[Special:Diff/"+strconv.FormatInt(id, 10)+"]] ("+mark(r.Key)+")")
	form.Set("token", got.Query.Tokens.CSRF)
	out, err := a.call(ctx, k.api, nil, form)
	if err != nil {
		return channel.Receipt{}, err
	}
	switch {
	case out.Edit.Result == "Success" && out.Edit.Revision > 0:
	case len(out.Edit.Captcha) > 0:
		return channel.Receipt{}, social.Errorf(social.Forbidden, "%s asks for a captcha. Ask its administrators to confirm the account, or to let bots edit without.", a.site.Host)
	case out.Edit.Result == "Failure":
		return channel.Receipt{}, social.Errorf(social.Forbidden, "%s does not take the edit: a filter or an extension refuses it.", a.site.Host)
	case out.Edit.NoChange:
		return channel.Receipt{}, social.Errorf(social.Invalid, "The edit would change nothing on %s.", a.site.Host)
	default:
		return channel.Receipt{}, social.Errorf(social.Unknown, "%s took the edit but does not say where it stands.", a.site.Host)
	}
	at := a.env.Clock.Now()
	if out.Edit.At != nil {
		at = out.Edit.At.UTC()
	}
	return a.receipt(k, out.Edit.Revision, at), nil
}

func (a *account) receipt(k *about, revision int64, at time.Time) channel.Receipt {
	in := envelope{Wiki: k.page}
	return channel.Receipt{ExternalID: revisionID(revision), URL: in.page("Special:Diff/" + strconv.FormatInt(revision, 10)), At: at}
}

// draft reads what is answered and the page that it stands on, and says what
// to write where.
func (a *account) draft(ctx context.Context, k *about, r social.Reply, id int64) (url.Values, error) {
	got, err := a.ask(ctx, k.api, url.Values{
		"action": {"query"}, "prop": {"revisions"}, "revids": {strconv.FormatInt(id, 10)}, "rvprop": {"ids|content|user|timestamp"}, "rvslots": {"main"},
	})
	if err != nil {
		return nil, err
	}
	if len(got.Query.Pages) == 0 || len(got.Query.Pages[0].Revisions) == 0 {
		return nil, social.Errorf(social.NotFound, "The edit that it answers is no longer on the wiki.")
	}
	page := got.Query.Pages[0]
	rev := page.Revisions[0]
	line := answer(r.Text, rev.User)
	if !talk(page.NS) {
		if page.NS < 0 || k.title[page.NS+1] == "" {
			return nil, social.Errorf(social.Forbidden, "This page has no talk page to answer on.")
		}
		return url.Values{
			"title": {k.title[page.NS+1] + ":" + k.bare(wireChange{NS: page.NS, Title: page.Title})}, "section": {"new"},
			"sectiontitle": {"Revision " + strconv.FormatInt(id, 10)}, "text": {strings.TrimLeft(line, ": ")}, "summary": {""},
		}, nil
	}
	before, err := a.revisions(ctx, k, above(rev.Parent))
	if err != nil {
		return nil, err
	}
	words, section := added(before[rev.Parent].text(), rev.text())
	got, err = a.ask(ctx, k.api, url.Values{
		"action": {"query"}, "prop": {"revisions"}, "pageids": {strconv.FormatInt(page.ID, 10)}, "rvprop": {"ids|content|timestamp"}, "rvslots": {"main"}, "curtimestamp": {"1"},
	})
	if err != nil {
		return nil, err
	}
	if len(got.Query.Pages) == 0 || len(got.Query.Pages[0].Revisions) == 0 {
		return nil, social.Errorf(social.NotFound, "The page that it answers on is no longer on the wiki.")
	}
	now := got.Query.Pages[0].Revisions[0]
	text, ok := inserted(now.text(), section, words, line)
	if !ok { // the discussion was moved to an archive, for instance
		return url.Values{
			"pageid": {strconv.FormatInt(page.ID, 10)}, "section": {"new"}, "sectiontitle": {section}, "nocreate": {"1"},
			"text": {strings.TrimLeft(line, ": ")}, "summary": {""},
		}, nil
	}
	sum := md5.Sum([]byte(text)) //nolint:gosec // see above
	form := url.Values{
		"pageid": {strconv.FormatInt(page.ID, 10)}, "text": {text}, "md5": {hex.EncodeToString(sum[:])}, "nocreate": {"1"},
		"baserevid": {strconv.FormatInt(now.ID, 10)}, "starttimestamp": {got.CurTimestamp}, "summary": {""},
	}
	if now.At != nil {
		form.Set("basetimestamp", now.At.UTC().Format(time.RFC3339))
	}
	if section != "" {
		form.Set("summary", "/* "+strings.ReplaceAll(section, "*/", "")+" */ ")
	}
	return form, nil
}

func above(parent int64) []int64 {
	if parent <= 0 {
		return nil
	}
	return []int64{parent}
}

// answer makes wikitext of an answer: indented, with a link to whom it
// answers, by which the wiki tells them, and signed.
func answer(words, to string) string {
	var lines []string
	for l := range strings.Lines(strings.TrimSpace(words)) {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, ": "+literal(l))
		}
	}
	if to != "" && !strings.ContainsAny(to, "[]{}|<>") {
		lines[0] = ": [[User:" + to + "|" + to + "]]: " + strings.TrimPrefix(lines[0], ": ")
	}
	return strings.Join(lines, "\n") + " ~~~~"
}

// inserted puts an answer at the end of the section in which words stand.
func inserted(page, section, words, line string) (string, bool) {
	begin, end, ok := sectionOf(page, section)
	if first, _, _ := strings.Cut(words, "\n"); first != "" {
		// Several sections may bear one name: the one with the words counts.
		at := headings.FindAllStringSubmatchIndex(page, -1)
		for i, m := range at {
			stop := len(page)
			if i+1 < len(at) {
				stop = at[i+1][0]
			}
			if page[m[4]:m[5]] == section && strings.Contains(page[m[1]:stop], first) {
				begin, end, ok = m[1], stop, true
			}
		}
	}
	if !ok {
		return "", false
	}
	body := strings.TrimRight(page[begin:end], " \t\r\n")
	rest := page[end:]
	if rest != "" {
		rest = "\n\n" + rest
	}
	return page[:begin] + body + "\n" + line + rest, true
}

// clocks is how far the wiki's clock may be from ours.
const clocks = 5 * time.Minute

// Find reads our own edits since the attempt and looks for the reply's mark.
func (a *account) Find(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	k, err := a.know(ctx)
	if err != nil {
		return channel.Receipt{}, err
	}
	since := r.Attempted
	if !since.IsZero() {
		since = since.Add(-clocks)
	}
	return a.find(ctx, k, r, since)
}

// find looks through our edits, the newest first; without a time only the
// newest page of them.
func (a *account) find(ctx context.Context, k *about, r social.Reply, since time.Time) (channel.Receipt, error) {
	want := "(" + mark(r.Key) + ")"
	q := url.Values{"action": {"query"}, "list": {"usercontribs"}, "ucuser": {k.self}, "ucprop": {"ids|timestamp|comment"}, "uclimit": {"100"}}
	for range 20 {
		got, err := a.ask(ctx, k.api, q)
		if err != nil {
			return channel.Receipt{}, err
		}
		over := since.IsZero()
		for _, c := range got.Query.Contribs {
			if strings.Contains(c.Comment, want) && c.Revision > 0 {
				at := a.env.Clock.Now()
				if c.At != nil {
					at = c.At.UTC()
				}
				return a.receipt(k, c.Revision, at), nil
			}
			over = over || c.At != nil && c.At.Before(since)
		}
		on := got.Continue["uccontinue"]
		if over || len(on) == 0 {
			return channel.Receipt{}, social.Errorf(social.NotFound, "The answer does not stand on %s.", a.site.Host)
		}
		s, err := strconv.Unquote(string(on))
		if err != nil {
			return channel.Receipt{}, social.Errorf(social.Busy, "%s does not say where the list of our edits goes on.", a.site.Host)
		}
		q.Set("uccontinue", s)
	}
	return channel.Receipt{}, social.Errorf(social.Busy, "There are too many newer edits of ours on %s to tell whether this one stands.", a.site.Host)
}

// Self is the account whose bot password we have.
func (a *account) Self(ctx context.Context) (social.Author, error) {
	k, err := a.know(ctx)
	if err != nil {
		return social.Author{}, err
	}
	got, err := a.ask(ctx, k.api, url.Values{"action": {"query"}, "meta": {"userinfo"}})
	if err != nil {
		return social.Author{}, err
	}
	if got.Query.UserInfo.Anon || got.Query.UserInfo.Name == "" {
		return social.Author{}, social.Errorf(social.Unauth, "%s does not know us: make a new bot password.", a.site.Host)
	}
	return envelope{Wiki: k.page}.named(got.Query.UserInfo.Name, false), nil
}

// Profile asks whether an account is there. Who edits without one is known by
// their address and comes back as they are.
func (a *account) Profile(ctx context.Context, who social.Author) (social.Author, error) {
	k, err := a.know(ctx)
	if err != nil {
		return social.Author{}, err
	}
	if who.Handle == "" {
		return who, nil
	}
	got, err := a.ask(ctx, k.api, url.Values{"action": {"query"}, "list": {"users"}, "ususers": {who.Handle}})
	if err != nil {
		return social.Author{}, err
	}
	if len(got.Query.Users) == 0 {
		return who, nil
	}
	switch u := got.Query.Users[0]; {
	case u.Missing:
		return social.Author{}, social.Errorf(social.NotFound, "%s does not know %s.", a.site.Host, who.Handle)
	case u.Invalid, u.Name == "":
		return who, nil
	default:
		return envelope{Wiki: k.page}.named(u.Name, who.Bot), nil
	}
}
