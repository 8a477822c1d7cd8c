package presence

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Ask says what to look for.
type Ask struct {
	Names   []string `json:"names"`   // of brands
	Domains []string `json:"domains"` // of the company
	Handles []string `json:"handles"` // that it uses; made of the names when there are none
	Home    bool     `json:"home"`    // only the company's own domains are asked
}

// Search is a search for profiles.
type Search struct {
	ID      string
	Ask     Ask
	State   string // running, done, stopped
	Done    int
	Of      int
	Unclear []Unclear
	By      social.MemberID
	Created time.Time
	Ended   time.Time
}

// Unclear is a question that had no answer, and why.
type Unclear struct {
	URL string `json:"url"`
	Why string `json:"why"`
}

// Evidence is one reason to think that a profile is ours, or about us.
type Evidence struct {
	How string `json:"how"` // link, rel-me, feed, webfinger, atproto, dns, page, back
	URL string `json:"url"` // where it was seen
	Why string `json:"why,omitempty"`
}

// Candidate is a profile that was found and waits for somebody to say whose it is.
type Candidate struct {
	Address    string
	Search     string
	Kind       Kind
	Network    string
	Name       string
	Handle     string
	URL        string
	Evidence   []Evidence
	Confidence float64
	State      string // open, claimed, dismissed, impostor
	Profile    social.ProfileID
	Found      time.Time
}

// Site is a network with a usual address for a name.
type Site struct {
	Network string
	Kind    Kind
	URL     string // with {} where the name stands
	Domain  bool   // {} is a domain instead of a handle
}

// Sites say where to look besides the company's own domains.
type Sites struct {
	Known   []Site
	Fedi    []string // hosts that are asked by WebFinger, as "host" or "http://host" in tests
	Bluesky string   // address of the public AppView; "" leaves it out
	DNS     string   // DNS over HTTPS (JSON); "" leaves it out
	Scheme  string   // of the company's domains; "https"
}

// Everyone is where a search looks usually.
func Everyone() Sites {
	return Sites{
		Scheme: "https", Bluesky: "https://public.api.bsky.app", DNS: "https://cloudflare-dns.com/dns-query",
		Fedi: []string{"mastodon.social", "mastodon.online", "mstdn.social", "threads.net", "pixelfed.social"},
		Known: []Site{
			{"facebook", Network, "https://www.facebook.com/{}", false},
			{"linkedin", Network, "https://www.linkedin.com/company/{}", false},
			{"instagram", Media, "https://www.instagram.com/{}/", false},
			{"youtube", Media, "https://www.youtube.com/@{}", false},
			{"tiktok", Media, "https://www.tiktok.com/@{}", false},
			{"vimeo", Media, "https://vimeo.com/{}", false},
			{"flickr", Media, "https://www.flickr.com/people/{}", false},
			{"x", Microblog, "https://x.com/{}", false},
			{"threads", Microblog, "https://www.threads.net/@{}", false},
			{"wikipedia", Wiki, "https://en.wikipedia.org/wiki/{}", false},
			{"medium", Blog, "https://medium.com/@{}", false},
			{"tumblr", Blog, "https://{}.tumblr.com/", false},
			{"wordpress.com", Blog, "https://{}.wordpress.com/", false},
			{"trustpilot", Review, "https://www.trustpilot.com/review/{}", true},
			{"yelp", Review, "https://www.yelp.com/biz/{}", false},
			{"pinterest", Bookmark, "https://www.pinterest.com/{}/", false},
			{"reddit", Forum, "https://www.reddit.com/r/{}/", false},
			{"github", Forum, "https://github.com/{}", false},
		},
	}
}

// The bounds of a search.
const (
	mostNames   = 10
	mostDomains = 10
	mostAsked   = 400
	pageMost    = 512 << 10
	pageTime    = 8 * time.Second
	atOnce      = 4
)

// gate lets one search run at a time.
type gate struct {
	mu   sync.Mutex
	id   string
	stop context.CancelFunc
	wait chan struct{}
}

// StartSearch keeps a search; Run does it, behind.
func (r *Register) StartSearch(ctx context.Context, a Ask) (Search, error) {
	var err error
	if a, err = a.check(); err != nil {
		return Search{}, err
	}
	all, err := r.Store.Searches(ctx, 20)
	if err != nil {
		return Search{}, err
	}
	if slices.ContainsFunc(all, func(s Search) bool { return s.State == "running" }) {
		return Search{}, social.Errorf(social.Conflict, "A search is under way. Wait for it, or stop it.")
	}
	actor, _ := social.ActorOf(ctx)
	now := r.Clock.Now()
	s := Search{ID: id.At(now), Ask: a, State: "running", Of: len(r.Places.questions(a)), By: actor.Member, Created: now}
	err = r.Store.InTx(ctx, func(ctx context.Context) error {
		if err := r.Store.SaveSearch(ctx, s); err != nil {
			return err
		}
		return r.Store.Record(ctx, social.Entry{Verb: "create", Object: "presence search", ID: s.ID, Detail: map[string]any{"names": a.Names, "domains": a.Domains}})
	})
	if err == nil {
		r.nudge()
	}
	return s, err
}

func (a Ask) check() (Ask, error) {
	clean := func(in []string, most int) []string {
		var out []string
		for _, s := range in {
			s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
			if s != "" && len(s) <= 100 && !slices.Contains(out, s) && len(out) < most {
				out = append(out, s)
			}
		}
		return out
	}
	a.Names = clean(a.Names, mostNames)
	domains := clean(a.Domains, mostDomains)
	a.Domains = nil
	for _, d := range domains {
		d = strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(d, "https://"), "/"))
		host := strings.TrimPrefix(d, "http://") // who writes it means it
		if strings.ContainsAny(host, "/ ?#@") || !strings.ContainsAny(host, ".:") {
			return a, wrong("domains", "“"+d+"” is no domain; write it as brewell.example.")
		}
		a.Domains = append(a.Domains, d)
	}
	a.Handles = clean(a.Handles, mostNames)
	for i, h := range a.Handles {
		a.Handles[i] = strings.ToLower(strings.TrimPrefix(h, "@"))
	}
	if len(a.Handles) == 0 {
		for _, n := range a.Names {
			if s := slug(n); s != "" && !slices.Contains(a.Handles, s) {
				a.Handles = append(a.Handles, s)
			}
		}
	}
	if len(a.Names) == 0 && len(a.Domains) == 0 {
		return a, wrong("names", "Say what the company is called, or which domains it has.")
	}
	return a, nil
}

// slug is a name as people make handles of it.
func slug(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
}

// question is one thing that is asked of the outside.
type question struct {
	how  string // home, atproto, dns, webfinger, bluesky, page
	host string // one host is asked one thing at a time
	url  string
	site Site
	name string // the handle
}

// questions lists what a search asks, always in the same order, so that it
// can go on where it was.
func (s Sites) questions(a Ask) []question {
	var out []question
	scheme := s.Scheme
	if scheme == "" {
		scheme = "https"
	}
	add := func(q question) {
		if u, err := url.Parse(q.url); err == nil && len(out) < mostAsked {
			q.host = u.Host
			out = append(out, q)
		}
	}
	finger := func(base, host, name string) question {
		return question{how: "webfinger", name: name, url: base + "/.well-known/webfinger?resource=" + url.QueryEscape("acct:"+name+"@"+host)}
	}
	for _, d := range a.Domains {
		base := scheme + "://" + d
		if host, plain := strings.CutPrefix(d, "http://"); plain {
			base, d = d, host
		}
		add(question{how: "home", url: base + "/", name: d})
		add(question{how: "atproto", url: base + "/.well-known/atproto-did", name: d})
		if s.DNS != "" && !a.Home {
			add(question{how: "dns", url: s.DNS + "?type=TXT&name=" + url.QueryEscape("_atproto."+d), name: d})
		}
		for _, h := range a.Handles {
			add(finger(base, d, h))
		}
	}
	if a.Home {
		return out
	}
	for _, host := range s.Fedi {
		base := host
		if !strings.Contains(base, "://") {
			base = "https://" + host
		}
		name := strings.TrimPrefix(strings.TrimPrefix(host, "https://"), "http://")
		for _, h := range a.Handles {
			add(finger(base, name, h))
		}
	}
	if s.Bluesky != "" {
		for _, h := range a.Handles {
			add(question{how: "bluesky", name: h + ".bsky.social", url: s.Bluesky + "/xrpc/app.bsky.actor.getProfile?actor=" + url.QueryEscape(h+".bsky.social")})
		}
	}
	for _, site := range s.Known {
		names := a.Handles
		if site.Domain {
			names = a.Domains
		}
		for _, n := range names {
			add(question{how: "page", site: site, name: n, url: strings.ReplaceAll(site.URL, "{}", url.PathEscape(n))})
		}
	}
	return out
}

// Run does searches until ctx ends, one at a time; what was running when the
// house went down goes on.
func (r *Register) Run(ctx context.Context, failed func(error)) {
	for ctx.Err() == nil {
		s, ok, err := r.due(ctx)
		if err == nil && ok {
			err = r.search(ctx, s)
		}
		if err != nil && ctx.Err() == nil {
			failed(err)
		}
		if ok && err == nil {
			continue
		}
		t := time.NewTimer(time.Minute)
		select {
		case <-r.woken():
		case <-t.C:
		case <-ctx.Done():
		}
		t.Stop()
	}
}

func (r *Register) woken() chan struct{} {
	r.running.mu.Lock()
	defer r.running.mu.Unlock()
	if r.running.wait == nil {
		r.running.wait = make(chan struct{}, 1)
	}
	return r.running.wait
}

func (r *Register) nudge() {
	select {
	case r.woken() <- struct{}{}:
	default:
	}
}

func (r *Register) due(ctx context.Context) (Search, bool, error) {
	all, err := r.Store.Searches(ctx, 20)
	i := slices.IndexFunc(all, func(s Search) bool { return s.State == "running" })
	if err != nil || i < 0 {
		return Search{}, false, err
	}
	return all[i], true, nil
}

// StopSearch ends a search; what it found stays.
func (r *Register) StopSearch(ctx context.Context, sid string) (Search, error) {
	s, err := r.Store.SearchByID(ctx, sid)
	if err != nil || s.State != "running" {
		return s, err
	}
	r.running.mu.Lock()
	if r.running.id == sid && r.running.stop != nil {
		r.running.stop()
	}
	r.running.mu.Unlock()
	s.State, s.Ended = "stopped", r.Clock.Now()
	return s, r.Store.InTx(ctx, func(ctx context.Context) error { return r.Store.SaveSearch(ctx, s) })
}

// search asks the questions that are left, a few at once, and keeps how far
// it is after each few.
func (r *Register) search(ctx context.Context, s Search) error {
	inner, stop := context.WithCancel(ctx)
	defer stop()
	r.running.mu.Lock()
	r.running.id, r.running.stop = s.ID, stop
	r.running.mu.Unlock()
	questions := r.Places.questions(s.Ask)
	hunt := &hunt{r: r, ask: s.Ask, controls: map[string]*control{}}
	for s.Done < len(questions) {
		part := questions[s.Done:min(s.Done+atOnce, len(questions))]
		answers := make([]answer, len(part))
		var wg sync.WaitGroup
		for i, q := range part {
			wg.Go(func() { answers[i] = hunt.put(inner, q) })
		}
		wg.Wait()
		if ctx.Err() != nil {
			return ctx.Err() // the house goes down: these are asked again
		}
		if now, err := r.Store.SearchByID(ctx, s.ID); err != nil || now.State != "running" {
			return err // stopped meanwhile
		}
		for _, a := range answers {
			if a.unclear != "" && len(s.Unclear) < 200 {
				s.Unclear = append(s.Unclear, Unclear{a.url, a.unclear})
			}
			if err := r.propose(ctx, s.ID, a.found); err != nil {
				return err
			}
		}
		s.Done += len(part)
		if err := r.keep(ctx, s); err != nil {
			return err
		}
	}
	s.State, s.Ended = "done", r.Clock.Now()
	return r.keep(ctx, s)
}

func (r *Register) keep(ctx context.Context, s Search) error {
	return r.Store.InTx(ctx, func(ctx context.Context) error { return r.Store.SaveSearch(ctx, s) })
}

// propose keeps what was found. The same address found again gets the further
// evidence; what was decided stays decided, and what is in the register
// already is not proposed.
func (r *Register) propose(ctx context.Context, search string, found []Candidate) error {
	if len(found) == 0 {
		return nil
	}
	return r.Store.InTx(ctx, func(ctx context.Context) error {
		if err := r.Store.LockPresence(ctx); err != nil {
			return err
		}
		profiles, err := r.Store.Profiles(ctx)
		if err != nil {
			return err
		}
		before, err := r.Store.Candidates(ctx)
		if err != nil {
			return err
		}
		for _, c := range found {
			if c.Address = Address(c.URL); c.Address == "" {
				continue
			}
			if slices.ContainsFunc(profiles, func(p Profile) bool { return p.Address == c.Address }) {
				continue
			}
			c.Search, c.State, c.Found = search, "open", r.Clock.Now()
			if i := slices.IndexFunc(before, func(o Candidate) bool { return o.Address == c.Address }); i >= 0 {
				o := before[i]
				for _, e := range c.Evidence {
					if !slices.Contains(o.Evidence, e) && len(o.Evidence) < 20 {
						o.Evidence = append(o.Evidence, e)
					}
				}
				// Two reasons that do not hang on each other are surer than one.
				o.Confidence = max(o.Confidence, c.Confidence)
				if len(o.Evidence) > 1 {
					o.Confidence = min(0.98, 1-(1-o.Confidence)*0.7)
				}
				o.Name, o.Handle = cmp.Or(o.Name, c.Name), cmp.Or(o.Handle, c.Handle)
				c = o
				before[i] = o
			} else {
				before = append(before, c)
			}
			if err := r.Store.SaveCandidate(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// Proposed returns the candidates, the surest first.
func (r *Register) Proposed(ctx context.Context) ([]Candidate, error) {
	all, err := r.Store.Candidates(ctx)
	slices.SortFunc(all, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), strings.Compare(a.Address, b.Address))
	})
	return all, err
}

// Decide says whose a candidate is: claimed and impostor make a profile of it.
func (r *Register) Decide(ctx context.Context, address, state string, p Profile) (Candidate, error) {
	all, err := r.Store.Candidates(ctx)
	if err != nil {
		return Candidate{}, err
	}
	i := slices.IndexFunc(all, func(c Candidate) bool { return c.Address == address })
	if i < 0 {
		return Candidate{}, social.Errorf(social.NotFound, "There is no such proposal.")
	}
	c := all[i]
	if c.State == state {
		return c, nil
	}
	if c.State == "claimed" || c.State == "impostor" {
		return c, social.Errorf(social.Conflict, "It is in the register already.")
	}
	err = r.Store.InTx(ctx, func(ctx context.Context) error {
		switch state {
		case "claimed", "impostor":
			p.Kind, p.Network, p.URL, p.Handle = c.Kind, c.Network, c.URL, cmp.Or(p.Handle, c.Handle)
			p.Name = cmp.Or(p.Name, c.Name)
			p.Status = Claimed
			if state == "impostor" {
				p.Status = Impostor
				if strings.TrimSpace(p.Note) == "" {
					return wrong("note", "Say what makes it an impostor.")
				}
			}
			made, err := r.Add(ctx, p)
			if err != nil {
				return err
			}
			c.Profile = made.ID
		case "dismissed", "open":
			if err := r.Store.Record(ctx, social.Entry{Verb: "decide", Object: "proposal", ID: c.Address, Detail: map[string]any{"state": state}}); err != nil {
				return err
			}
		default:
			return wrong("state", "A proposal is claimed, dismissed, or an impostor.")
		}
		c.State = state
		return r.Store.SaveCandidate(ctx, c)
	})
	return c, err
}

// page is an answer of the outside.
type page struct {
	status int
	url    string // after redirects
	kind   string // media type
	body   []byte
}

// get asks for an address through the safe client, within bounds.
func (h *hunt) get(ctx context.Context, address, accept string) (page, error) {
	ctx, cancel := context.WithTimeout(ctx, pageTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return page{}, err
	}
	req.Header.Set("Accept", accept)
	res, err := h.r.HTTP.Do(req)
	if err != nil {
		return page{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, pageMost))
	var large interface{ TooLarge() string }
	if err != nil && !errors.As(err, &large) {
		return page{}, err
	}
	return page{res.StatusCode, res.Request.URL.String(), res.Header.Get("Content-Type"), body}, nil
}

// unreachable says why there was no answer, in words that are safe to show.
func unreachable(err error) string {
	var refused interface{ Refused() string }
	switch {
	case errors.As(err, &refused):
		return refused.Refused()
	case errors.Is(err, context.DeadlineExceeded):
		return "It did not answer in time."
	}
	return "It cannot be reached."
}

func decode(b []byte, into any) bool { return json.Unmarshal(b, into) == nil }
