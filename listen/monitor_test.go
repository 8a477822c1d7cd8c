package listen_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// work does all that is under way on the past.
func (w *world) work() (pieces int) {
	w.t.Helper()
	for {
		more, err := w.WorkPast(w.ctx)
		if err != nil {
			w.t.Fatal(err)
		}
		if !more {
			return pieces
		}
		if pieces++; pieces > 1000 {
			w.t.Fatal("the work on the past never ends")
		}
	}
}

func TestAMonitorLooksThroughThePast(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c := w.channel("feed", "plain")
		for i := range 1200 {
			text := "tea"
			if i%3 == 0 {
				text = "a kettle"
			}
			a := post(fmt.Sprint(i), text)
			a.Published = storetest.Start.Add(-time.Duration(i) * time.Minute)
			w.take(c.ID, event(a))
		}
		m := w.watch("kettle", true)
		w.take(c.ID, event(post("live", "my kettle")))
		if more, err := w.WorkPast(w.ctx); !more || err != nil {
			t.Fatal(more, err)
		}
		half, err := w.MonitorByID(w.ctx, m.ID)
		if err != nil || half.Past.Step != listen.Fill || half.Past.Done != 500 || half.Past.Of != 1201 {
			t.Fatalf("half way: %+v, %v", half.Past, err)
		}
		w.Station = w.station(listendb.New(db)) // a restart goes on
		if n := w.work(); n != 3 {
			t.Errorf("%d pieces more, want 3", n)
		}
		v, err := w.Volumes(w.ctx, []social.MonitorID{m.ID})
		if err != nil || v[m.ID].Week != 401 || v[m.ID].Day != 401 {
			t.Errorf("%+v, %v", v[m.ID], err)
		}
		w.counted()
		heard := w.heard()
		if heard["0"].Inbox {
			t.Error("what was heard before the monitor was made goes to the inbox")
		}
		if !heard["live"].Inbox {
			t.Error("what was heard after does not")
		}

		other := "tea OR live*"
		if _, err := w.ChangeMonitor(w.ctx, m.ID, listen.MonitorPatch{Query: &other}); err != nil {
			t.Fatal(err)
		}
		w.take(c.ID, event(post("later", "green tea")), event(post("not", "kettle")))
		w.work()
		w.counted()
		if v, err := w.Volumes(w.ctx, []social.MonitorID{m.ID}); err != nil || v[m.ID].Week != 801 {
			t.Errorf("after another query: %+v, %v; want the 800 before and the one after", v[m.ID], err)
		}
		paused, active := listen.Paused, listen.Active
		if _, err := w.ChangeMonitor(w.ctx, m.ID, listen.MonitorPatch{State: &paused}); err != nil {
			t.Fatal(err)
		}
		w.take(c.ID, event(post("meanwhile", "tea")))
		w.work()
		if v, _ := w.Volumes(w.ctx, []social.MonitorID{m.ID}); v[m.ID].Week != 801 {
			t.Errorf("a paused monitor matched: %+v", v[m.ID])
		}
		if _, err := w.ChangeMonitor(w.ctx, m.ID, listen.MonitorPatch{State: &active}); err != nil {
			t.Fatal(err)
		}
		w.work()
		if v, _ := w.Volumes(w.ctx, []social.MonitorID{m.ID}); v[m.ID].Week != 802 {
			t.Errorf("what was said meanwhile is missing: %+v", v[m.ID])
		}
		if err := w.RemoveMonitor(w.ctx, m.ID); err != nil {
			t.Fatal(err)
		}
		w.take(c.ID, event(post("after", "tea")))
		w.work()
		w.counted()
		if n := w.count("SELECT COUNT(*) FROM mention") + w.count("SELECT COUNT(*) FROM monitor"); n != 0 {
			t.Errorf("%d rows of a removed monitor stay", n)
		}
	})
}

func TestUnderstoodFillsTheCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c, m := w.channel("feed", "plain"), w.watch("kettle", false)
		w.take(c.ID, event(post("1", "kettle")), event(post("2", "kettle")), event(post("3", "tea")))
		said := func(label string, intents ...string) social.Scores {
			s := social.Scores{Lang: "de", Sentiment: &social.Label{Label: label}}
			for _, i := range intents {
				s.Intents = append(s.Intents, social.Label{Label: i})
			}
			return s
		}
		id := func(external string) social.ActivityID { return w.heard()[external].Activity.ID }
		understood := func(scores map[social.ActivityID]social.Scores) {
			t.Helper()
			if err := w.Understood(w.ctx, scores); err != nil {
				t.Fatal(err)
			}
			w.counted()
		}
		first := map[social.ActivityID]social.Scores{id("1"): said("negative", "complaint", "question"), id("2"): said("positive"), id("3"): {Lang: "und"}}
		understood(first)
		understood(first)                                                                  // told twice
		understood(map[social.ActivityID]social.Scores{id("2"): said("negative", "lead")}) // read again, otherwise
		s, err := w.SeriesOf(w.ctx, m.ID, "24h")
		if err != nil || s.Total != 2 || fmt.Sprint(s.Languages) != "[{de 2}]" || fmt.Sprint(s.Intents) != "[{complaint 1} {lead 1} {question 1}]" {
			t.Fatalf("%+v, %v", s, err)
		}
		if p := s.Points[22]; p.Count != 2 || p.Negative != 2 || p.Positive != 0 {
			t.Errorf("%+v", s.Points)
		}
		if s, err := w.SeriesOf(w.ctx, "", "24h"); err != nil || s.Total != 3 || s.Authors[0].Posts != 3 || s.Authors[0].Author.Handle != "maya" {
			t.Errorf("the wall: %+v, %v", s, err)
		}
		same(t, w.wall(listen.Filter{Sentiment: "negative"}), "2", "1")
		same(t, w.wall(listen.Filter{Intent: "complaint", Monitor: m.ID}), "1")
		same(t, w.wall(listen.Filter{Lang: "de"}), "2", "1")
		same(t, w.wall(listen.Filter{Lang: "und"}), "3")
		edit := post("1", "no more of that")
		edit.Verb, edit.Version = social.Update, "2"
		w.take(c.ID, event(edit))
		w.counted()
		w.take(c.ID, event(social.Activity{ExternalID: "2", Verb: social.Delete}))
		w.counted()
		days, err := w.Days(w.ctx, now.Now().Add(-24*time.Hour), now.Now().Add(time.Hour))
		if err != nil || len(days) != 1 || days[0].Heard != 5 || days[0].Matched != 2 || days[0].Negative != 1 {
			t.Errorf("%+v, %v", days, err)
		}
	})
}

// TestMoreScoresFillTheCounts: emotions, toxicity, topics and what is named
// can be counted and filtered by, a bounded part of each post.
func TestMoreScoresFillTheCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c, m := w.channel("feed", "plain"), w.watch("kettle", false)
		w.take(c.ID, event(post("1", "kettle")), event(post("2", "kettle")))
		id := func(external string) social.ActivityID { return w.heard()[external].Activity.ID }
		angry := social.Scores{Lang: "en", Sentiment: &social.Label{Label: social.Negative},
			Emotions: []social.Label{{Label: social.Anger, Score: 0.8}, {Label: social.Joy, Score: 0.2}},
			Toxicity: &social.Label{Label: social.Offensive, Score: 0.7, Confidence: 0.7},
			Topics:   []social.Label{{Label: "quality"}, {Label: "price"}, {Label: "staff"}, {Label: "delivery"}},
			Entities: []social.Entity{{Kind: social.EntityHandle, Text: "@brewell"}, {Kind: social.EntityPlace, Text: "leeds", Name: "Leeds"},
				{Kind: social.EntityPlace, Text: "Leeds"}, {Kind: social.EntityHashtag, Text: "#Tea"}, {Kind: social.EntityURL, Text: "www.example.org"}}}
		calm := social.Scores{Lang: "en", Sentiment: &social.Label{Label: social.Neutral}, Emotions: []social.Label{{Label: social.Joy, Score: 0.9}},
			Toxicity: &social.Label{Label: social.Offensive, Score: 0.6, Confidence: 0.6}, Topics: []social.Label{{Label: "price"}}}
		for range 2 { // told twice
			if err := w.Understood(w.ctx, map[social.ActivityID]social.Scores{id("1"): angry, id("2"): calm}); err != nil {
				t.Fatal(err)
			}
		}
		s, err := w.SeriesOf(w.ctx, m.ID, "24h")
		if got := fmt.Sprint(s.Emotions, s.Toxicity, s.Topics, s.Entities); err != nil ||
			got != "[{anger 1}] [{offensive 1}] [{price 2} {quality 1} {staff 1}] [{hashtag:#tea 1} {place:Leeds 1}]" {
			t.Errorf("%s, %v", got, err)
		}
		same(t, w.wall(listen.Filter{Emotion: social.Anger}), "1")
		same(t, w.wall(listen.Filter{Emotion: social.Joy})) // it is neutral: none stands out
		same(t, w.wall(listen.Filter{Toxicity: social.NotOffensive}), "2")
		same(t, w.wall(listen.Filter{Topic: "price"}), "2", "1")
		same(t, w.wall(listen.Filter{Topic: "delivery"})) // the fourth is not kept
		same(t, w.wall(listen.Filter{Entity: "place:Leeds", Monitor: m.ID}), "1")
		if err := w.Understood(w.ctx, map[social.ActivityID]social.Scores{id("1"): calm}); err != nil { // read again, otherwise
			t.Fatal(err)
		}
		s, err = w.SeriesOf(w.ctx, m.ID, "24h")
		if got := fmt.Sprint(s.Emotions, s.Toxicity, s.Topics, s.Entities); err != nil || got != "[] [] [{price 2}] []" {
			t.Errorf("%s, %v", got, err)
		}
	})
}

// TestSearchSaysWhatTheMatcherSays: the full text only preselects, so a search
// finds exactly what a monitor with the same query would.
func TestSearchSaysWhatTheMatcherSays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c := w.channel("feed", "plain")
		words := []string{"kettle", "Kettles", "KETTLÉ", "tea", "pot", "teapot", "leaks", "日本語", "leaking", "Kessel", "Kesseln", "갤럭시를", "갤럭시", "K2", "#k2", "@k2", "k2_mini", "it's", "ﬁne", "Straße", "🫖", "https://www.brewell.test/kettle"}
		random := rand.New(rand.NewPCG(1, 2))
		texts := map[string]string{}
		for i := range 300 {
			var text []string
			for range 1 + random.IntN(6) {
				text = append(text, words[random.IntN(len(words))])
			}
			a := post(fmt.Sprintf("%03d", i), strings.Join(text, " "))
			a.Lang = []string{"", "de", "pt-BR"}[i%3]
			if i%5 == 0 {
				a.Title = "On kettles"
			}
			texts[a.ExternalID] = strings.TrimSpace(a.Title + "\n" + a.Text)
			w.take(c.ID, event(a))
		}
		var ids []social.ActivityID
		for _, m := range w.heard() {
			ids = append(ids, m.Activity.ID)
		}
		if err := w.Index(w.ctx, ids); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{
			"kettle", "kettl*", "kettle NOT tea", "(kettle OR pot) leaks", `"tea pot"`, "日本", "k2", "#k2", "@k2", "k2_mini", "strasse",
			"fine", "🫖", "🫖 tea", "lang:pt kettle", "from:maya tea", "channel:feed 🫖", `channel:"our feed" k2*`, "kettle NEAR/1 tea", "nothing", "from:nobody",
			"~leak", "~kettle ~leak", "lang:de ~kessel", "~kettle NOT ~leaks", "갤럭시", "갤럭시 OR ~kettle", "日本 ~leak",
		} {
			q, err := query.Parse(text)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			var want []string
			for id, x := range texts {
				n, _ := strconv.Atoi(id)
				if q.Match(query.NewDoc(x, []string{"", "de", "pt-BR"}[n%3], "maya", "feed", "Our feed")) {
					want = append(want, id)
				}
			}
			got := w.wall(listen.Filter{Query: text})
			if len(got) == 100 { // a page is full: read on
				got = nil
				var after *listen.Place
				for {
					page, err := w.Wall(w.ctx, listen.Filter{Query: text}, after, 37)
					if err != nil {
						t.Fatal(err)
					}
					for _, it := range page.Items {
						got = append(got, it.ExternalID)
					}
					if after = page.Next; after == nil {
						break
					}
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s: found %v, want %v", text, got, want)
			}
		}
	})
}

func TestTheWallPagesInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c, m := w.channel("feed", "plain"), w.watch("kettle", false)
		random := rand.New(rand.NewPCG(3, 4))
		want := 0
		for i := range 200 {
			a := post(fmt.Sprint(i), "kettle")
			a.Published = storetest.Start.Add(-time.Duration(random.IntN(20)) * time.Minute) // many at once
			if i%4 == 0 {
				a.Own = true // not on the wall
			} else {
				want++
			}
			w.take(c.ID, event(a))
		}
		for _, f := range []listen.Filter{{}, {Monitor: m.ID}, {Query: "kettle"}, {Channel: c.ID}} {
			seen := map[string]bool{}
			var after *listen.Place
			last := storetest.Start.Add(time.Hour)
			for {
				page, err := w.Wall(w.ctx, f, after, 7)
				if err != nil {
					t.Fatal(err)
				}
				for _, it := range page.Items {
					if seen[it.ExternalID] || it.Published.After(last) {
						t.Fatalf("%+v: %s comes again or out of order", f, it.ExternalID)
					}
					seen[it.ExternalID], last = true, it.Published
				}
				if after = page.Next; after == nil {
					break
				}
			}
			if len(seen) != want {
				t.Errorf("%+v: %d, want %d", f, len(seen), want)
			}
		}
		since := w.wall(listen.Filter{Since: storetest.Start.Add(-3 * time.Minute), Until: storetest.Start.Add(-time.Minute)})
		for _, id := range since {
			if at := w.heard()[id].Activity.Published; at.Before(storetest.Start.Add(-3*time.Minute)) || !at.Before(storetest.Start.Add(-time.Minute)) {
				t.Errorf("%s at %s is outside", id, at)
			}
		}
		if len(since) == 0 {
			t.Error("nothing between")
		}
	})
}

func TestAMemberSeesTheirProgrammesMentions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c := w.channel("wire", "plain")
		m, err := w.AddMonitor(w.ctx, listen.MonitorDraft{Name: "Theirs", Query: "kettle", Programme: "care", Inbox: true})
		if err != nil {
			t.Fatal(err)
		}
		w.watch("tea OR kettle", false)
		w.take(c.ID, event(post("1", "kettle")), event(post("2", "tea")))
		if x := w.heard()["1"]; x.Programme != "care" || x.Monitor != m.ID {
			t.Errorf("%+v", x)
		}
		ctx := w.ctx
		w.ctx = social.WithScope(ctx, social.Scope{Programmes: []social.ProgrammeID{"care"}})
		page, err := w.Wall(w.ctx, listen.Filter{}, nil, 10)
		if err != nil || len(page.Items) != 1 || page.Items[0].ExternalID != "1" {
			t.Fatalf("%+v, %v", page.Items, err)
		}
		if fmt.Sprint(page.Items[0].Monitors) != fmt.Sprint([]social.MonitorID{m.ID}) {
			t.Errorf("monitors of others are named: %v", page.Items[0].Monitors)
		}
		w.ctx = social.WithScope(ctx, social.Scope{})
		same(t, w.wall(listen.Filter{}))
		if _, err := w.ChannelByID(w.ctx, c.ID); !social.NotFound.Is(err) {
			t.Errorf("got %v, want NotFound", err)
		}
	})
}
