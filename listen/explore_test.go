package listen_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
	_ "time/tzdata" // as the program has it

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/explore"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// explorer explores what the station heard.
func (w *world) explorer() *explore.Explorer {
	return &explore.Explorer{Heard: w.Station, Store: listendb.New(w.db), Clock: w.now}
}

// listed counts what the wall shows for a filter, page by page.
func (w *world) listed(f listen.Filter) (n int) {
	w.t.Helper()
	var after *listen.Place
	for {
		page, err := w.Wall(w.ctx, f, after, 100)
		if err != nil {
			w.t.Fatal(err)
		}
		n += len(page.Items)
		if after = page.Next; after == nil {
			return n
		}
	}
}

// understand lets analysis say something of what was heard.
func (w *world) understand(r *rand.Rand, share float64) {
	w.t.Helper()
	scores := map[social.ActivityID]social.Scores{}
	for _, m := range w.heard() {
		if r.Float64() > share {
			continue
		}
		s := social.Scores{Lang: []string{"en", "de", "und", "zh-Hant"}[r.IntN(4)], Model: "test"}
		if s.Lang == "en" {
			s.Sentiment = &social.Label{Label: []string{social.Negative, social.Neutral, social.Positive}[r.IntN(3)]}
		}
		for _, i := range []string{"question", "complaint", "praise"} {
			if r.IntN(3) == 0 {
				s.Intents = append(s.Intents, social.Label{Label: i})
			}
		}
		for _, t := range []string{"price", "delivery"} {
			if r.IntN(3) == 0 {
				s.Topics = append(s.Topics, social.Label{Label: t})
			}
		}
		if r.IntN(3) == 0 {
			s.Entities = []social.Entity{{Kind: social.EntityPlace, Text: "Leeds"}}
			s.Emotions = []social.Label{{Label: social.Anger, Score: 0.9}}
			s.Toxicity = &social.Label{Label: social.Offensive, Score: 0.9}
		}
		scores[m.Activity.ID] = s
	}
	if err := w.Understood(w.ctx, scores); err != nil {
		w.t.Fatal(err)
	}
}

// A number on the explorer is the number of posts in the list beside it, also
// after edits, deletions and scores that come late or change.
func TestEveryNumberAgreesWithTheList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		r := rand.New(rand.NewPCG(7, 7))
		feed, other := w.channel("feed", "plain"), w.channel("feed", "plain")
		kettle := w.watch("kettle", false)
		texts := []string{"my kettle leaks", "lovely tea", "the kettle again, and tea", "nothing"}
		say := func(i int, verb social.Verb) {
			a := post(fmt.Sprint(i), texts[r.IntN(len(texts))])
			a.Verb, a.Version = verb, fmt.Sprint(r.IntN(1_000_000))
			who := (i * i) % 7
			a.Author.Value, a.Author.Handle = fmt.Sprintf("p%d@test", who), fmt.Sprintf("p%d", who)
			a.Lang = []string{"", "en-GB", "en", "de"}[i%4]
			a.Reach = []int{0, 99, 100, 5000, 250_000}[who%5]
			a.Published = storetest.Start.Add(-time.Duration((i*7919)%(60*24*45)) * time.Minute)
			c := feed
			if i%3 == 0 {
				c = other
			}
			w.take(c.ID, event(a))
		}
		for i := range 400 {
			say(i, social.Create)
		}
		w.understand(r, .8)
		for range 80 {
			say(r.IntN(400), social.Update)
		}
		for range 40 {
			say(r.IntN(400), social.Delete)
		}
		w.understand(r, .5) // late, and some another time
		w.watch("tea", false)
		w.work()
		w.counted()

		zone, err := time.LoadLocation("Asia/Kolkata")
		if err != nil {
			t.Fatal(err)
		}
		zones := []*time.Location{time.UTC, zone}
		checked := 0
		for _, of := range []listen.Subject{{}, {Channel: feed.ID}, {Monitor: kettle.ID}} {
			for _, ask := range []explore.SpanAsk{{Range: "24h"}, {Range: "7d"}, {Range: "30d"}, {Range: "90d"},
				{From: storetest.Start.Add(-200 * time.Hour), To: storetest.Start.Add(-30 * time.Hour)}} {
				ask.Zone = zones[checked%2]
				e, err := w.explorer().Explore(w.ctx, of, ask)
				if err != nil {
					t.Fatal(err)
				}
				base := listen.Filter{Monitor: of.Monitor, Channel: of.Channel, Counted: true, Since: e.From, Until: e.To, Zone: ask.Zone}
				agree := func(what string, want int, f listen.Filter) {
					t.Helper()
					checked++
					if got := w.listed(f); got != want {
						t.Errorf("%+v %s %s: counted %d, listed %d", of, ask.Range, what, want, got)
					}
				}
				agree("total", e.Total.Count, base)
				for _, s := range []struct {
					label string
					n     int
				}{{social.Negative, e.Total.Negative}, {social.Neutral, e.Total.Neutral}, {social.Positive, e.Total.Positive},
					{listen.NoSentiment, e.Total.Count - e.Total.Negative - e.Total.Neutral - e.Total.Positive}} {
					f := base
					f.Sentiment = s.label
					agree(s.label, s.n, f)
				}
				sum := 0
				for _, p := range e.Steps {
					f := base
					f.Since, f.Until = p.At, p.Until
					if sum += p.Count; p.Count > 0 || checked%13 == 0 {
						agree(p.At.String(), p.Count, f)
					}
				}
				if sum != e.Total.Count {
					t.Errorf("the steps are %d, the total %d", sum, e.Total.Count)
				}
				for name, set := range map[string]func(f *listen.Filter, v string){
					"lang":     func(f *listen.Filter, v string) { f.Lang = v },
					"intent":   func(f *listen.Filter, v string) { f.Intent = v },
					"topic":    func(f *listen.Filter, v string) { f.Topic = v },
					"entity":   func(f *listen.Filter, v string) { f.Entity = v },
					"emotion":  func(f *listen.Filter, v string) { f.Emotion = v },
					"toxicity": func(f *listen.Filter, v string) { f.Toxicity = v },
					"reach":    func(f *listen.Filter, v string) { f.Reach = v },
					"channel":  func(f *listen.Filter, v string) { f.Channel = social.ChannelID(v) },
				} {
					if len(e.Facets[name]) == 0 && e.Total.Count > 10 {
						t.Errorf("%+v %s: no %s", of, ask.Range, name)
					}
					for _, x := range e.Facets[name] {
						f := base
						set(&f, x.Value)
						agree(name+" "+x.Value, x.Count, f)
						f.Sentiment = social.Negative
						agree(name+" "+x.Value+", negative", x.Negative, f)
					}
				}
				for _, x := range e.Slots {
					f := base
					f.Slot = &x.Slot
					agree("slot "+x.Slot.String(), x.Count, f)
				}
				for _, x := range e.Authors {
					f := base
					f.Author = x.Identity
					agree("author "+x.Author.Handle, x.Posts, f)
				}
			}
		}
		if checked < 500 {
			t.Errorf("only %d numbers were compared", checked)
		}
	})
}
