package presence_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/safe"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/listen/presence"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

type house struct {
	*testing.T
	ctx context.Context
	now *clock.Set
	db  *listendb.DB
	reg *presence.Register
}

func each(t *testing.T, f func(h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		h := &house{T: t, now: now, db: listendb.New(db)}
		h.ctx = social.WithScope(social.WithActor(t.Context(), social.Actor{Member: "ida", Name: "Ida"}), social.Scope{All: true})
		client, err := safe.New(safe.Options{Allow: []string{"127.0.0.1"}})
		h.must(err)
		h.reg = &presence.Register{Store: h.db, Clock: now, HTTP: client.HTTP}
		f(h)
	})
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// world is a company's page and some networks, on loopback.
func world(t *testing.T, asked *atomic.Int64) (domain string, sites presence.Sites) {
	mux := http.NewServeMux()
	var base string
	page := func(w http.ResponseWriter, text string) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, text)
	}
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		page(w, `<html><head><title>Brewell</title><link rel="alternate" type="application/rss+xml" title="Brewell news" href="/feed.xml">
			<link rel="me" href="`+base+`/fedi/@brewell"></head><body><a href="`+base+`/fb/brewell?ref=home">Facebook</a>
			<a href="`+base+`/fb/sharer">Share</a><a href="javascript:alert(1)">x</a><a href="https://other.example/partner">Partner</a></body></html>`)
	})
	mux.HandleFunc("/.well-known/atproto-did", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "did:plc:abcdefghijklmnop") })
	mux.HandleFunc("/.well-known/webfinger", func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Query().Get("resource"), "acct:brewell@") {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, `{"subject":%q,"links":[{"rel":"self","type":"application/activity+json","href":"%s/fedi/users/brewell"},{"rel":"http://webfinger.net/rel/profile-page","href":"%s/fedi/@brewell"}]}`,
			r.URL.Query().Get("resource"), base, base)
	})
	mux.HandleFunc("/dns", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"Status":0,"Answer":[{"data":"\"v=spf1\""},{"data":"\"did=did:plc:abcdefghijklmnop\""}]}`)
	})
	mux.HandleFunc("/bsky/xrpc/app.bsky.actor.getProfile", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":"InvalidRequest","message":"Profile not found"}`)
	})
	mux.HandleFunc("/fb/{name}", func(w http.ResponseWriter, r *http.Request) {
		switch r.PathValue("name") {
		case "brewell":
			page(w, "<title>Brewell | Fb</title><a href=\""+base+"/\">our page</a>")
		case "brewellofficial":
			page(w, "<title>Brewell giveaways &lt;3</title> nothing of ours")
		default:
			http.NotFound(w, r)
		}
	})
	mux.HandleFunc("/soft/{name}", func(w http.ResponseWriter, _ *http.Request) { page(w, "<title>Welcome to Soft</title>") })
	mux.HandleFunc("/shut/{name}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) })
	mux.HandleFunc("/huge/{name}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("name") != "brewell" {
			http.NotFound(w, r)
			return
		}
		page(w, "<title>"+strings.Repeat("<a href='x'>\xff\xfe", 200_000))
	})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked != nil {
			asked.Add(1)
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	base = srv.URL
	return strings.TrimPrefix(base, "http://"), presence.Sites{Scheme: "http", DNS: base + "/dns", Bluesky: base + "/bsky",
		Known: []presence.Site{{Network: "fb", Kind: presence.Network, URL: base + "/fb/{}"}, {Network: "soft", Kind: presence.Media, URL: base + "/soft/{}"},
			{Network: "shut", Kind: presence.Review, URL: base + "/shut/{}"}, {Network: "huge", Kind: presence.Forum, URL: base + "/huge/{}"}}}
}

// run does all searches that are due.
func (h *house) run() presence.Search {
	h.Helper()
	ctx, stop := context.WithCancel(h.ctx)
	done := make(chan struct{})
	go func() { h.reg.Run(ctx, func(err error) { h.Error(err) }); close(done) }()
	for {
		all, err := h.db.Searches(h.ctx, 1)
		h.must(err)
		if len(all) == 0 || all[0].State != "running" {
			stop()
			<-done
			return all[0]
		}
	}
}

func (h *house) proposed() map[string]presence.Candidate {
	h.Helper()
	all, err := h.reg.Proposed(h.ctx)
	h.must(err)
	out := map[string]presence.Candidate{}
	for _, c := range all {
		i := strings.Index(c.Address, "/")
		if i < 0 {
			out["/"] = c
			continue
		}
		if strings.HasPrefix(c.Address, "bsky.app") {
			i = 0
		}
		out[c.Address[i:]] = c
	}
	return out
}

func TestFinder(t *testing.T) {
	each(t, func(h *house) {
		domain, sites := world(h.T, nil)
		h.reg.Places = sites
		_, err := h.reg.StartSearch(h.ctx, presence.Ask{Names: []string{"Brewell"}, Domains: []string{"https://" + domain + "/"}, Handles: []string{"@brewell", "brewellofficial"}})
		h.must(err)
		if _, err := h.reg.StartSearch(h.ctx, presence.Ask{Names: []string{"x"}}); !social.Conflict.Is(err) {
			h.Errorf("a second search beside the first: %v", err)
		}
		s := h.run()
		if s.State != "done" || s.Done != s.Of || s.Of == 0 {
			h.Fatalf("the search ended as %+v", s)
		}
		found := h.proposed()
		want := []struct {
			name, address, network string
			least, most            float64
			how                    string
		}{
			{"the home page", "/", "web", 0.9, 1, "link"},
			{"a feed by autodiscovery", "/feed.xml", "feed", 0.85, 1, "feed"},
			{"rel=me and WebFinger say the same", "/fedi/@brewell", "fediverse", 0.95, 0.99, "webfinger"},
			{"a link from the home page, and back", "/fb/brewell", "fb", 0.9, 0.99, "back"},
			{"a page of the name that does not link back", "/fb/brewellofficial", "fb", 0.3, 0.6, "page"},
			{"the AT handle, by HTTPS and DNS", "bsky.app/profile/" + domain, "bluesky", 0.95, 1, "dns"},
			{"a huge page of broken bytes", "/huge/brewell", "huge", 0.3, 0.4, "page"},
		}
		for _, tt := range want {
			c, ok := found[tt.address]
			if !ok || c.Confidence < tt.least || c.Confidence > tt.most || !strings.Contains(fmt.Sprint(c.Evidence), tt.how) {
				h.Errorf("%s: %+v", tt.name, c)
			}
			delete(found, tt.address)
		}
		for _, c := range found {
			h.Errorf("nobody expected %+v", c)
		}
		why := fmt.Sprint(s.Unclear)
		for _, part := range []string{"soft shows a page for names that do not exist as well", "shut answers with 429"} {
			if !strings.Contains(why, part) {
				h.Errorf("%q is not told: %s", part, why)
			}
		}
	})
}

func TestDecisionsStay(t *testing.T) {
	each(t, func(h *house) {
		domain, sites := world(h.T, nil)
		h.reg.Places = sites
		ask := presence.Ask{Names: []string{"Brewell"}, Domains: []string{domain}, Handles: []string{"brewell", "brewellofficial"}}
		_, err := h.reg.StartSearch(h.ctx, ask)
		h.must(err)
		h.run()
		found := h.proposed()
		_, err = h.reg.Decide(h.ctx, found["/feed.xml"].Address, "dismissed", presence.Profile{})
		h.must(err)
		if _, err := h.reg.Decide(h.ctx, found["/fb/brewellofficial"].Address, "impostor", presence.Profile{}); !social.Invalid.Is(err) {
			h.Errorf("an impostor without a word: %v", err)
		}
		_, err = h.reg.Decide(h.ctx, found["/fb/brewellofficial"].Address, "impostor", presence.Profile{Note: "Gives kettles away.", Done: "Reported on 21 November."})
		h.must(err)
		_, err = h.reg.Decide(h.ctx, found["/fb/brewell"].Address, "claimed", presence.Profile{Owner: "ida", Region: "Europe"})
		h.must(err)
		if _, err := h.reg.Decide(h.ctx, found["/fb/brewell"].Address, "dismissed", presence.Profile{}); !social.Conflict.Is(err) {
			h.Errorf("what was claimed is dismissed: %v", err)
		}
		h.now.Add(time.Hour)
		_, err = h.reg.StartSearch(h.ctx, ask)
		h.must(err)
		h.run()
		again := h.proposed()
		if again["/feed.xml"].State != "dismissed" || again["/fb/brewell"].State != "claimed" || again["/fb/brewellofficial"].State != "impostor" {
			h.Errorf("another search forgot decisions: %+v", again)
		}
		m, err := h.reg.Matrix(h.ctx)
		h.must(err)
		said := map[string]presence.Answer{}
		for _, x := range m.Squares {
			said[string(x.Kind)+" "+x.Region] = x.Answer
		}
		if said["network Europe"] != presence.Yes || said["network Worldwide"] != presence.Unknown || said["wiki Europe"] != presence.Unknown {
			h.Errorf("an impostor makes a yes, or a profile does not: %v", said)
		}
	})
}

func TestASearchGoesOnAfterARestart(t *testing.T) {
	each(t, func(h *house) {
		var asked atomic.Int64
		domain, sites := world(h.T, &asked)
		h.reg.Places = sites
		s, err := h.reg.StartSearch(h.ctx, presence.Ask{Names: []string{"Brewell"}, Domains: []string{domain}})
		h.must(err)
		s.Done = s.Of - 1 // as it was kept when the house went down
		h.must(h.db.InTx(h.ctx, func(ctx context.Context) error { return h.db.SaveSearch(ctx, s) }))
		if got := h.run(); got.State != "done" || got.Done != s.Of {
			h.Errorf("it ended as %+v", got)
		}
		if n := asked.Load(); n == 0 || n > 3 {
			h.Errorf("%d questions were asked again, one was left", n)
		}
	})
}

func TestRegister(t *testing.T) {
	each(t, func(h *house) {
		p, err := h.reg.Add(h.ctx, presence.Profile{Kind: presence.Microblog, Network: "Mastodon", URL: "https://Mastodon.example/@brewell/", Region: "Europe", Programme: "south"})
		h.must(err)
		if _, err := h.reg.Add(h.ctx, presence.Profile{Kind: presence.Microblog, URL: "http://www.mastodon.example/@Brewell"}); !social.Conflict.Is(err) {
			h.Errorf("the same address twice: %v", err)
		}
		for name, bad := range map[string]presence.Profile{
			"no kind": {URL: "https://a.example"}, "no address": {Kind: presence.Wiki, Name: "x"}, "no web address": {Kind: presence.Wiki, URL: "javascript:alert(1)"},
			"no such status": {Kind: presence.Wiki, URL: "https://b.example", Status: "fine"}, "too long": {Kind: presence.Wiki, URL: "https://c.example", Note: strings.Repeat("x", 5000)},
		} {
			if _, err := h.reg.Add(h.ctx, bad); !social.Invalid.Is(err) {
				h.Errorf("%s: %v", name, err)
			}
		}
		if err := h.reg.Say(h.ctx, presence.Microblog, "Europe", presence.No, ""); !social.Conflict.Is(err) {
			h.Errorf("nothing, where there is something: %v", err)
		}
		h.must(h.reg.Say(h.ctx, presence.Wiki, "Europe", presence.No, "Looked."))
		north := social.WithScope(h.ctx, social.Scope{Programmes: []social.ProgrammeID{"north"}})
		name := "Mine"
		for what, err := range map[string]error{
			"change": func() error { _, err := h.reg.Change(north, p.ID, presence.Patch{Name: &name}); return err }(),
			"remove": h.reg.Remove(north, p.ID),
			"read":   func() error { _, err := h.reg.History(north, p.ID); return err }(),
		} {
			if !social.NotFound.Is(err) {
				h.Errorf("a stranger may %s: %v", what, err)
			}
		}
		if err := h.reg.Say(north, presence.Wiki, "Europe", presence.Unknown, ""); !social.Forbidden.Is(err) {
			h.Errorf("a stranger says what there is: %v", err)
		}
	})
}

func TestAudits(t *testing.T) {
	each(t, func(h *house) {
		p, err := h.reg.Add(h.ctx, presence.Profile{Kind: presence.Wiki, URL: "https://wiki.example/Brewell"})
		h.must(err)
		_, err = h.reg.Add(h.ctx, presence.Profile{Kind: presence.Media, URL: "https://tube.example/fake", Status: presence.Impostor, Note: "x"})
		h.must(err)
		if _, err := h.reg.StartRound(h.ctx, presence.Round{Name: "Autumn", Due: h.now.Now().Add(-time.Hour)}, nil); !social.Invalid.Is(err) {
			h.Errorf("a round that is late from the start: %v", err)
		}
		r, err := h.reg.StartRound(h.ctx, presence.Round{Name: "Autumn", Due: h.now.Now().Add(48 * time.Hour)}, nil)
		h.must(err)
		s, err := h.reg.RoundByID(h.ctx, r.ID)
		h.must(err)
		if len(s.Audits) != 1 || len(s.Questions) != 4 || s.Overdue {
			h.Fatalf("it began as %+v", s)
		}
		h.now.Add(49 * time.Hour)
		if s, _ = h.reg.RoundByID(h.ctx, r.ID); !s.Overdue {
			h.Error("what is late is not overdue")
		}
		if _, err := h.reg.Reply(h.ctx, r.ID, p.ID, []presence.Reply{{Answer: presence.Yes}}, "", nil); !social.Invalid.Is(err) {
			h.Errorf("one answer of four: %v", err)
		}
		orphaned := presence.Orphaned
		answers := []presence.Reply{{Answer: presence.Yes}, {Answer: presence.No, Text: "The agency has the password."}, {Answer: presence.Unknown}, {Answer: presence.Yes}}
		s, err = h.reg.Reply(h.ctx, r.ID, p.ID, answers, "Ask the agency.", &orphaned)
		h.must(err)
		if s.Done != 1 || s.Overdue {
			h.Errorf("answered: %+v", s)
		}
		now, err := h.reg.Profile(h.ctx, p.ID)
		h.must(err)
		if now.Status != presence.Orphaned || !now.Audited.Equal(h.now.Now()) {
			h.Errorf("the register does not say so: %+v", now)
		}
		_, err = h.reg.CloseRound(h.ctx, r.ID)
		h.must(err)
		if _, err := h.reg.Reply(h.ctx, r.ID, p.ID, answers, "", nil); !social.Conflict.Is(err) {
			h.Errorf("an answer to a closed round: %v", err)
		}
		if past, err := h.reg.History(h.ctx, p.ID); err != nil || len(past) != 1 || past[0].Answers[1].Text == "" {
			h.Errorf("history: %+v %v", past, err)
		}
	})
}
