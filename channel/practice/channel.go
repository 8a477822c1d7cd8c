package practice

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// Kind is the practice network as a kind of channel. Its channels all live on
// the network n.
func Kind(n *Network) channel.Kind {
	var sites []string
	for _, s := range Sites() {
		sites = append(sites, string(s))
	}
	return channel.Kind{
		Name:  "practice",
		Title: "Practice network",
		Site:  channel.SitePractice,
		Mark:  func(s channel.Settings) string { return s["site"] },
		About: "A simulated network with people in it: hear them, answer them and learn, with nobody outside listening.",
		Steps: []channel.Step{{Text: "Choose which sort of network to practise on, and what our account there is called."}},
		Form: []channel.Field{
			{Name: "site", Label: "Sort of network", Type: "choice", Choices: sites, Default: string(Microblog), Required: true,
				Help: "The microblog has short posts, the forum threads, the review site ratings, and messages are like mail."},
			{Name: "handle", Label: "Our handle", Type: "text", Required: true,
				Help: "What people write after the @ to reach us."},
			{Name: "signature", Label: "Signature", Type: "lines",
				Help: "Of messages: it stands below each answer that somebody writes. {{member}} is their name, {{first}} their first name."},
		},
		New: func(s channel.Settings, _ channel.Env) (channel.Channel, error) { return n.open(s) },
	}
}

const page = 100

// line is a channel to one site of a network.
type line struct {
	net    *Network
	site   Site
	rule   rule
	handle string
}

func (n *Network) open(s channel.Settings) (channel.Channel, error) {
	site := Site(s["site"])
	if site == "" {
		site = Microblog
	}
	r, ok := rules[site]
	if !ok {
		return nil, &social.Error{Kind: social.Invalid, Field: "site", Text: fmt.Sprintf("The practice network has no site %q.", site)}
	}
	handle := strings.TrimPrefix(strings.TrimSpace(s["handle"]), "@")
	if handle == "" || strings.ContainsAny(handle, " \t\n@/") {
		return nil, &social.Error{Kind: social.Invalid, Field: "handle", Text: "Our handle is one word, without spaces."}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.brands[fold(handle)] = true
	l := &line{n, site, r, handle}
	if site == Microblog || site == Forum {
		return &square{l}, nil
	}
	if site == Messages {
		return &mailbox{l, strings.TrimSpace(text.Cut(s["signature"]))}, nil
	}
	return l, nil
}

// square is a site where we may also speak unasked.
type square struct{ *line }

// Read turns a line of the log into an activity.
func (l *line) Read(e channel.Event) ([]social.Activity, error) {
	var in entry
	if err := json.Unmarshal(e.Raw, &in); err != nil {
		return nil, social.Because(social.Invalid, err, "The practice network sent something that is not JSON of its kind.")
	}
	p := in.Post
	if in.Share != nil {
		_, err := in.shares(l.handle)
		return nil, err
	}
	if p.ID == "" || p.By == "" || p.At.IsZero() {
		return nil, social.Errorf(social.Invalid, "The practice network sent a post without id, author or time.")
	}
	switch r, ok := rules[p.Site]; {
	case !ok,
		!slices.Contains([]social.Form{r.form, social.FormComment, social.FormDirect}, p.Form),
		p.Visibility != social.Public && p.Visibility != social.Direct,
		p.Rating < 0 || p.Rating > 5 || p.Likes < 0 || p.Shares < 0 || in.By.Followers < 0:
		return nil, social.Errorf(social.Invalid, "The practice network sent a post that none of its sites can hold.")
	}
	a := social.Activity{
		ExternalID: p.ID, Form: p.Form, Author: author(p.Site, in.By, p.By),
		Text: text.Cut(p.Text), Title: p.Title, Lang: p.Lang, URL: address(&p),
		Parent: p.Parent, Root: p.Root, Visibility: p.Visibility, Rating: p.Rating,
		Reach: in.By.Followers, Likes: p.Likes, Shares: p.Shares, Published: p.At.UTC(),
		Place: p.Place, Version: fmt.Sprintf("%06d", p.Version), Own: fold(p.By) == fold(l.handle),
	}
	a.Directed = !a.Own && l.directed(&p)
	switch in.Type {
	case "create":
		a.Verb = social.Create
	case "update":
		a.Verb = social.Update
	case "delete":
		a.Verb = social.Delete
		a.Text = ""
	case "hide", "show":
		return nil, nil // that is for whoever did it to know
	default:
		return nil, social.Errorf(social.Invalid, "The practice network sent an event of an unknown type.")
	}
	return []social.Activity{a}, nil
}

// directed reports whether a post is at us: it names us, answers us, is a
// message to us or a review of us.
func (l *line) directed(p *Post) bool {
	me := fold(l.handle)
	switch {
	case p.To != "":
		if fold(p.To) == me {
			return true
		}
	case p.Form == social.FormReview, p.Visibility == social.Direct:
		return true
	}
	return fold(p.ParentBy) == me || mentions(p.Text, me)
}

// mentions reports whether a text names a folded handle with an @.
func mentions(words, handle string) bool {
	words = strings.ToLower(words)
	for {
		_, rest, found := strings.Cut(words, "@"+handle)
		if !found {
			return false
		}
		if rest == "" || !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789_-", rune(rest[0])) {
			return true
		}
		words = rest
	}
}

func author(s Site, p Persona, handle string) social.Author {
	if p.Handle != "" {
		handle = p.Handle
	}
	a := social.Author{
		Scheme: rules[s].scheme, Issuer: string(s), Value: fold(handle), Handle: handle,
		Name: p.Name, Avatar: p.Avatar, Followers: p.Followers, Place: p.Place,
		URL: fmt.Sprintf("https://%s.practice.example/@%s", s, fold(handle)),
	}
	if a.Scheme == "mailto" {
		a.Issuer, a.Value, a.Handle, a.URL, a.Followers = "", p.Email, "", "", 0
		if a.Value == "" {
			a.Value = fold(handle) + "@mail.example"
		}
	}
	return a
}

func address(p *Post) string {
	if p.Site == Messages {
		return ""
	}
	return fmt.Sprintf("https://%s.practice.example/@%s/%s", p.Site, fold(p.By), p.ID)
}

// Interval is short: asking costs nothing here.
func (l *line) Interval() time.Duration { return 2 * time.Second }

// Poll returns what came after cursor, a sequence number of the log; "0" is
// the beginning of time.
func (l *line) Poll(ctx context.Context, cursor string) (channel.Batch, error) {
	var b channel.Batch
	err := l.net.call(ctx, l.site, false, func() error {
		seq, err := l.seq(cursor)
		if err != nil {
			return err
		}
		entries, reached, more := l.net.after(l.site, seq, page)
		for _, e := range entries {
			b.Events = append(b.Events, event(e))
		}
		b.Cursor, b.More = strconv.Itoa(reached), more
		return nil
	})
	return b, err
}

func event(e entry) channel.Event {
	if e.Share != nil {
		return channel.Event{Key: e.Share.ID + "." + e.Type, Raw: e.raw(), At: e.At, Cursor: strconv.Itoa(e.Seq)}
	}
	return channel.Event{Key: fmt.Sprintf("%s.%d", e.Post.ID, e.Post.Version), Raw: e.raw(), At: e.At, Cursor: strconv.Itoa(e.Seq)}
}

func (l *line) seq(cursor string) (int, error) {
	if cursor == "" {
		return l.net.recent(l.site, 200), nil
	}
	seq, err := strconv.Atoi(cursor)
	if err != nil {
		return 0, social.Because(social.Invalid, err, "The practice network does not know the cursor %q.", cursor)
	}
	return seq, nil
}

// Stream hands over what is said on the site as it is said.
func (l *line) Stream(ctx context.Context, cursor string, take func(channel.Event) error) error {
	l.net.mu.Lock()
	breaks := l.net.breaks
	l.net.mu.Unlock()
	for {
		var entries []entry
		var news <-chan struct{}
		var due time.Duration
		err := l.net.call(ctx, l.site, false, func() error {
			seq, err := l.seq(cursor)
			if err != nil {
				return err
			}
			var reached int
			entries, reached, _ = l.net.after(l.site, seq, page)
			cursor, news, due = strconv.Itoa(reached), l.net.stir, l.net.next()
			return nil
		})
		if err != nil {
			return err
		}
		for _, e := range entries {
			if err := take(event(e)); err != nil {
				return err
			}
		}
		if len(entries) > 0 {
			continue
		}
		timer := time.NewTimer(due)
		select {
		case <-news:
		case <-timer.C:
		case <-breaks:
			timer.Stop()
			return social.Errorf(social.Busy, "%s broke the connection.", l.rule.title)
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
		timer.Stop()
	}
}

// Firehose is false: what is said here is for practice, so all is kept.
func (l *line) Firehose() bool { return false }

// Fit counts characters.
func (l *line) Fit(words string) channel.Room { return l.rule.fit(words) }

// Threads: on the microblog each part answers the one before, or follows it in
// private; elsewhere an answer is one.
func (l *line) Threads(v social.Visibility) (most int, onto bool) {
	if l.site != Microblog {
		return 0, false
	}
	return 10, v == social.Public
}

// Visibilities lists how one may answer on this site.
func (l *line) Visibilities() []social.Visibility { return slices.Clone(l.rule.visibilities) }

// Send posts our answer; the same key twice is one post.
func (l *line) Send(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	if !slices.Contains(l.rule.visibilities, r.Visibility) {
		return channel.Receipt{}, social.Errorf(social.Invalid, "%s has no %s answers.", l.rule.title, r.Visibility)
	}
	if err := channel.Bear(l.Carries(r.Visibility), r.Media); err != nil {
		return channel.Receipt{}, err
	}
	files, err := taken(r.Media)
	if err != nil {
		return channel.Receipt{}, err
	}
	return l.post(ctx, r.Key, r.Text, r.Lang, files, func() (Post, error) {
		if r.Parent == "" && l.site == Messages { // a letter that begins a thread
			return Post{Form: social.FormDirect, Visibility: social.Direct, To: r.To.Value, Title: r.Title}, nil
		}
		parent, err := l.net.standing(r.Parent)
		if err != nil {
			return Post{}, err
		}
		if parent.Site != l.site {
			return Post{}, social.Errorf(social.NotFound, "That post stands on another site.")
		}
		p := Post{Form: social.FormComment, Visibility: r.Visibility, Parent: parent.ID, ParentBy: parent.By, Root: parent.thread(), To: parent.By}
		for _, c := range r.Copies {
			p.CC = append(p.CC, c.Value)
		}
		if r.Visibility == social.Direct {
			p.Form = social.FormDirect
		}
		return p, nil
	})
}

// Publish posts something of our own.
func (l *square) Publish(ctx context.Context, p channel.Post) (channel.Receipt, error) {
	if err := channel.Bear(l.Load(), p.Media); err != nil {
		return channel.Receipt{}, err
	}
	if p.Audience != "" && !slices.Contains(l.Audiences(), p.Audience) {
		return channel.Receipt{}, social.Errorf(social.Invalid, "This network knows no such audience.")
	}
	files, err := taken(p.Media)
	if err != nil {
		return channel.Receipt{}, err
	}
	return l.post(ctx, p.Key, p.Text, p.Lang, files, func() (Post, error) {
		return Post{Form: l.rule.form, Visibility: social.Public, Audience: p.Audience}, nil
	})
}

// Audiences is all there are.
func (l *square) Audiences() []social.Audience {
	return []social.Audience{social.Everybody, social.Quietly, social.Followers}
}

func (l *line) post(ctx context.Context, key, words, lang string, files []File, draft func() (Post, error)) (channel.Receipt, error) {
	if room := l.Fit(words); !room.Fits {
		if words == "" {
			return channel.Receipt{}, social.Errorf(social.Invalid, "There are no words to post.")
		}
		return channel.Receipt{}, social.Errorf(social.Invalid, "The text is %d characters too long for %s.", -room.Left, l.rule.title)
	}
	var out channel.Receipt
	err := l.net.call(ctx, l.site, true, func() error {
		if id, ok := l.net.keys[key]; ok && key != "" {
			out = receipt(l.net.posts[id])
			return nil
		}
		p, err := draft()
		if err != nil {
			return err
		}
		p.Site, p.Key, p.By, p.Text, p.Lang = l.site, key, l.handle, words, lang
		stands := l.net.put(p, files...)
		l.net.answerTo(stands)
		out = receipt(stands)
		return nil
	})
	if err != nil {
		return channel.Receipt{}, err
	}
	return out, nil
}

func receipt(p *Post) channel.Receipt {
	return channel.Receipt{ExternalID: p.ID, URL: address(p), At: p.At}
}

// Find finds our answer by its key.
func (l *line) Find(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	var out channel.Receipt
	err := l.net.call(ctx, l.site, false, func() error {
		p, ok := l.net.posts[l.net.keys[r.Key]]
		if !ok || p.Gone {
			return social.Errorf(social.NotFound, "The answer does not stand on %s.", strings.ToLower(l.rule.title[:1])+l.rule.title[1:])
		}
		out = receipt(p)
		return nil
	})
	return out, err
}

// FindPost finds a post of ours by its key.
func (l *square) FindPost(ctx context.Context, p channel.Post) (channel.Receipt, error) {
	return l.Find(ctx, social.Reply{Key: p.Key})
}

// React likes a post, or takes that back.
func (l *line) React(ctx context.Context, id string, on bool) error {
	return l.net.call(ctx, l.site, true, func() error {
		p, err := l.net.standing(id)
		if err != nil {
			return err
		}
		i := slices.Index(p.LikedBy, fold(l.handle))
		switch {
		case on && i < 0:
			p.LikedBy = append(p.LikedBy, fold(l.handle))
			p.Likes++
		case !on && i >= 0:
			p.LikedBy = slices.Delete(p.LikedBy, i, i+1)
			p.Likes--
		}
		return nil
	})
}

// Metrics counts what a post has gathered.
func (l *line) Metrics(ctx context.Context, id string) (channel.Metrics, error) {
	var m channel.Metrics
	err := l.net.call(ctx, l.site, false, func() error {
		p, err := l.net.standing(id)
		if err != nil {
			return err
		}
		m = channel.Metrics{Likes: p.Likes, Shares: p.Shares, Read: l.net.clock.Now()}
		for _, q := range l.net.posts {
			if q.Parent == id && !q.Gone {
				m.Replies++
			}
		}
		return nil
	})
	return m, err
}

// Self is our own account on the site.
func (l *line) Self(ctx context.Context) (social.Author, error) {
	return l.Profile(ctx, social.Author{Scheme: rules[l.site].scheme, Handle: l.handle, Value: fold(l.handle)})
}

// Profile returns what the network tells of an account.
func (l *line) Profile(ctx context.Context, a social.Author) (social.Author, error) {
	var out social.Author
	err := l.net.call(ctx, l.site, false, func() error {
		for h, p := range l.net.people {
			if h == fold(a.Value) || h == fold(a.Handle) || (a.Scheme == "mailto" && strings.EqualFold(p.Email, a.Value)) {
				out = author(l.site, p, p.Handle)
				return nil
			}
		}
		if h := fold(a.Value); l.net.brands[h] {
			out = author(l.site, Persona{}, l.handle)
			return nil
		}
		return social.Errorf(social.NotFound, "Nobody called %q lives on the practice network.", a.Label())
	})
	return out, err
}
