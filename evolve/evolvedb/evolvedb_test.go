package evolvedb_test

import (
	"context"
	"math"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/evolve"
	"github.com/parley-crm/parley/evolve/evolvedb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

const browser = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"

func setup(db *store.DB, now *clock.Set) (context.Context, *evolve.Ledger) {
	ctx := social.WithScope(social.WithActor(context.Background(), social.Actor{Member: "m1", Role: social.Manager}), social.Scope{All: true})
	return ctx, &evolve.Ledger{Store: evolvedb.New(db), Clock: now, Base: "https://parley.example"}
}

func origin() evolve.Origin {
	return evolve.Origin{Conversation: "c1", Message: "m1", Channel: "ch1", ChannelKind: "mastodon", Identity: "i1", Programme: "p1"}
}

func TestFromLinkToCredit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		ctx, g := setup(db, now)
		text, err := g.Track(ctx, origin(), "Loan kettles: https://brewell.example/loan?a=1 or https://brewell.example/loan?a=1, mail care@brewell.example")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text, "brewell.example/loan") || strings.Count(text, "https://parley.example/l/") != 2 || !strings.Contains(text, "care@brewell.example") {
			t.Fatalf("tracked text: %s", text)
		}
		again, err := g.Track(ctx, origin(), text)
		if err != nil || again != text {
			t.Fatalf("tracking twice changes nothing; got %s, %v", again, err)
		}
		links, _, err := g.Store.Links(ctx, "", 10)
		if err != nil || len(links) != 1 {
			t.Fatalf("the same address twice is one link: %v, %v", links, err)
		}
		for _, agent := range []string{"Mastodon/4.5 (http.rb)", "", "Twitterbot/1.0"} {
			if _, err := g.Follow(ctx, evolve.Visit{Code: links[0].Code, Agent: agent}); err != nil {
				t.Fatal(err)
			}
		}
		target, err := g.Follow(ctx, evolve.Visit{Code: links[0].Code, Agent: browser, Referrer: "https://pdx.social/@amara/1"})
		if err != nil {
			t.Fatal(err)
		}
		u, _ := url.Parse(target)
		q := u.Query()
		if q.Get("a") != "1" || q.Get("utm_source") != "mastodon" || q.Get("parley_click") == "" {
			t.Fatalf("leads to %s", target)
		}
		now.Add(time.Minute)
		report := evolve.Report{ExternalID: "order-7", Kind: "sale", Value: evolve.Money{Minor: 4990, Currency: "eur"}, Click: q.Get("parley_click")}
		var first string
		for range 3 {
			c, err := g.Convert(ctx, report)
			if err != nil {
				t.Fatal(err)
			}
			if first == "" {
				first = c.ID
			}
			sum := 0.0
			for _, x := range c.Credits {
				sum += x.Share
			}
			if c.ID != first || len(c.Credits) != 1 || c.Credits[0].Conversation != "c1" || sum != 1 {
				t.Fatalf("credit: %+v", c)
			}
		}
		top, err := g.Store.TopCredited(ctx, now.Now().AddDate(0, 0, -1), 5)
		if err != nil || len(top) != 1 || top[0].Clicks != 1 || top[0].Conversions != 1 || top[0].Value[0] != (evolve.Money{Minor: 4990, Currency: "EUR"}) {
			t.Fatalf("one click, one sale, once: %+v, %v", top, err)
		}
		moments, err := g.Store.Credits(ctx, "c1")
		if err != nil || len(moments) != 2 || moments[0].Kind != "click" || moments[1].Kind != "conversion" {
			t.Fatalf("what the conversation brought: %+v, %v", moments, err)
		}
		other := social.WithScope(ctx, social.Scope{Programmes: []social.ProgrammeID{"p2"}})
		if top, _ := g.Store.TopCredited(other, time.Time{}, 5); len(top) != 0 {
			t.Error("another programme's credits are visible")
		}
		if l, _, _ := g.Store.Links(other, "", 5); len(l) != 0 {
			t.Error("another programme's links are visible")
		}
	})
}

func TestReportsThatAreRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		ctx, g := setup(db, now)
		good := evolve.Report{ExternalID: "1", Kind: "sale"}
		tests := map[string]func(*evolve.Report){
			"external_id": func(r *evolve.Report) { r.ExternalID = " " },
			"kind":        func(r *evolve.Report) { r.Kind = "" },
			"value":       func(r *evolve.Report) { r.Value.Minor = -1 },
			"currency":    func(r *evolve.Report) { r.Value.Minor = 100 },
			"at":          func(r *evolve.Report) { r.At = now.Now().AddDate(0, 0, 2) },
			"click":       func(r *evolve.Report) { r.Click = "forged" },
			"link":        func(r *evolve.Report) { r.Link = "forged" },
		}
		for field, spoil := range tests {
			r := good
			spoil(&r)
			_, err := g.Convert(ctx, r)
			e, ok := err.(*social.Error)
			if !ok || e.Kind != social.Invalid || e.Field != field {
				t.Errorf("%s: got %v", field, err)
			}
		}
		if c, err := g.Convert(ctx, good); err != nil || len(c.Credits) != 0 {
			t.Errorf("an outcome without a link is kept and credits nobody: %+v, %v", c, err)
		}
		for _, target := range []string{"", "brewell.example", "javascript:alert(1)", "https://"} {
			if _, err := g.NewLink(ctx, evolve.Link{Target: target}); !social.Invalid.Is(err) {
				t.Errorf("link to %q: %v", target, err)
			}
		}
	})
}

type listening []evolve.Heard

func (l listening) HeardDays(_ context.Context, from, to time.Time) ([]evolve.Heard, error) {
	var out []evolve.Heard
	for _, h := range l {
		if !h.Day.Before(from) && h.Day.Before(to) {
			out = append(out, h)
		}
	}
	return out, nil
}

func TestBoard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		ctx, g := setup(db, now)
		today := evolve.Day(now.Now())
		yesterday := today.AddDate(0, 0, -1)
		var facts []social.Fact
		for i := range 101 { // waits of 0 to 100 minutes
			facts = append(facts, social.Answered{Conversation: "c", Channel: "ch1", Programme: "p1", At: now.Now(), First: true, Waited: int64(i * 60)})
		}
		facts = append(facts, social.Answered{At: now.Now(), First: false, Waited: 1e6}, // a second answer does not count
			social.Opened{Conversations: make([]social.Opening, 202)},
			social.Opened{Conversations: []social.Opening{{Channel: "ch1", At: yesterday}}})
		for i := range facts[len(facts)-2].(social.Opened).Conversations {
			facts[len(facts)-2].(social.Opened).Conversations[i] = social.Opening{Channel: "ch1", Programme: "p1", At: now.Now()}
		}
		if err := g.Hear(ctx, facts); err != nil {
			t.Fatal(err)
		}
		heard := listening{
			{Day: today, Channel: "ch1", Heard: 500, Directed: 20, Matched: 30, Negative: 30, Neutral: 10, Positive: 10},
			{Day: yesterday, Channel: "ch1", Heard: 100, Directed: 5, Matched: 5, Positive: 4},
		}
		b, err := g.Board(ctx, heard, g.Last(1))
		if err != nil {
			t.Fatal(err)
		}
		want := map[string][2]float64{"volume": {50, 10}, "answered_share": {0.5, 0}, "net_sentiment": {-40, 100}}
		for _, n := range b.Numbers {
			if w, ok := want[n.Key]; ok && (n.Value == nil || *n.Value != w[0] || n.Previous == nil || *n.Previous != w[1]) {
				t.Errorf("%s: %+v, want %v", n.Key, n, w)
			}
			if n.Definition == "" {
				t.Errorf("%s has no definition", n.Key)
			}
			if n.Key == "first_answer" && math.Abs(*n.Value-3000) > 150 {
				t.Errorf("the median of 0 to 100 minutes is %v s, want 3000 within 5%%", *n.Value)
			}
			if n.Key == "value" && n.Value != nil {
				t.Errorf("no value was reported, got %v", *n.Value)
			}
		}
		scoped, err := g.Board(social.WithScope(ctx, social.Scope{Programmes: []social.ProgrammeID{"p2"}}), listening{}, g.Last(1))
		if err != nil || scoped.Numbers[2].N != 0 {
			t.Errorf("another programme's answers are counted: %+v, %v", scoped.Numbers[2], err)
		}
	})
}
