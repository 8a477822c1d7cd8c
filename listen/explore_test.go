package listen_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // as the program has it

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/explore"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/listen/place"
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

// locate lets places follow what was heard.
func (w *world) locate() {
	w.t.Helper()
	err := w.db.Drain(w.ctx, store.Follower{Name: "places", Facts: []string{"heard"}, Tell: func(ctx context.Context, facts []store.Fact) error {
		for _, f := range facts {
			if err := w.book.Hear(social.WithScope(social.WithActor(ctx, social.SystemActor()), social.Scope{All: true}), f.Fact.(social.Heard).Activities); err != nil {
				return err
			}
		}
		return nil
	}})
	for more := true; more && err == nil; {
		more, err = w.book.WorkPast(w.ctx)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) branch(name, city, country, id string) place.Branch {
	w.t.Helper()
	b, err := w.book.Add(w.ctx, place.Branch{Name: name, City: city, Country: country, Refs: []place.Ref{{Network: "feed", Value: id}}})
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// A number on the explorer is the number of posts in the list beside it, also
// after edits, deletions, scores that come late or change, places that were
// corrected and branches that moved or went.
func TestEveryNumberAgreesWithTheList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		r := rand.New(rand.NewPCG(7, 7))
		feed, other := w.channel("feed", "plain"), w.channel("feed", "plain")
		kettle := w.watch("kettle", false)
		texts := []string{"my kettle leaks", "lovely tea in Porto", "the kettle again, and tea, in Atlanta", "nothing"}
		moves, goes := w.branch("Brewell Moves", "Atlanta", "US", "loc-1"), w.branch("Brewell Goes", "Atlanta", "US", "loc-2")
		w.branch("Brewell Stays", "Lisbon", "PT", "loc-3")
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
			if n := r.IntN(6); n > 0 && n < 4 {
				a.Place.ExternalID = fmt.Sprint("loc-", n)
			}
			w.take(c.ID, event(a))
		}
		for i := range 400 {
			say(i, social.Create)
		}
		w.locate()
		w.understand(r, .8)
		for range 80 {
			say(r.IntN(400), social.Update)
		}
		for range 40 {
			say(r.IntN(400), social.Delete)
		}
		w.locate()
		for i, m := range slices.SortedFunc(maps.Values(w.heard()), func(a, b social.Mention) int { return strings.Compare(a.Activity.ExternalID, b.Activity.ExternalID) }) {
			if i%9 != 0 || m.Deleted {
				continue
			}
			to := []social.PlaceID{"", "geo:4180439", moves.ID, goes.ID}[r.IntN(4)]
			p, err := listendb.New(db).Posts(w.ctx, []social.ActivityID{m.Activity.ID})
			if err == nil {
				err = w.book.Correct(w.ctx, p[0], &to)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		porto, portugal := "Porto", "PT"
		if _, err := w.book.Change(w.ctx, moves.ID, place.Patch{City: &porto, Country: &portugal, Region: new(string)}); err != nil {
			t.Fatal(err)
		}
		if err := w.book.Remove(w.ctx, goes.ID); err != nil {
			t.Fatal(err)
		}
		w.locate()
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
		inPlace := func(f *listen.Filter, v string) { f.Places = []social.PlaceID{social.PlaceID(v)} }
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
					"branch":   inPlace, "city": inPlace, "country": inPlace,
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

// Places narrow a search as all facets do: the counts of a level leave the
// chosen places out, those of all others do not, and several places are any of them.
func TestASearchNarrowsByPlace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c := w.channel("feed", "plain")
		pearl := w.branch("Brewell Pearl", "Portland", "US", "pearl")
		at := func(id, text, lang, branch string) {
			a := post(id, text)
			a.Lang, a.Place.ExternalID = lang, branch
			w.take(c.ID, event(a))
		}
		at("1", "my kettle leaks", "en", "pearl")
		at("2", "tea in Atlanta", "en", "")
		at("3", "a kettle in Atlanta", "de", "")
		at("4", "kettle, in Porto", "en", "")
		at("5", "kettle anywhere", "en", "")
		w.locate()
		for _, x := range []struct {
			name   string
			f      listen.Filter
			list   []string
			counts string
		}{
			{"everything", listen.Filter{}, []string{"5", "4", "3", "2", "1"}, "branch pearl=1; city Atlanta=2 Porto=1 Portland=1; country US=3 PT=1; lang en=4 de=1"},
			{"a branch", listen.Filter{Places: []social.PlaceID{pearl.ID}}, []string{"1"}, "branch pearl=1; city Atlanta=2 Porto=1 Portland=1; country US=3 PT=1; lang en=1"},
			{"a city has its branches", listen.Filter{Places: []social.PlaceID{pearl.Town}}, []string{"1"}, ""},
			{"a country has its cities", listen.Filter{Places: []social.PlaceID{"country:US"}}, []string{"3", "2", "1"}, "branch pearl=1; city Atlanta=2 Porto=1 Portland=1; country US=3 PT=1; lang en=2 de=1"},
			{"several are any of them", listen.Filter{Places: []social.PlaceID{"country:PT", pearl.ID}}, []string{"4", "1"}, ""},
			{"with words and a language", listen.Filter{Places: []social.PlaceID{"country:US"}, Query: "kettle", Lang: "en"}, []string{"1"}, "branch pearl=1; city Porto=1 Portland=1; country PT=1 US=1; lang de=1 en=1"},
			{"nowhere", listen.Filter{Places: []social.PlaceID{"geo:1"}}, nil, "branch pearl=1; city Atlanta=2 Porto=1 Portland=1 geo:1=0; country US=3 PT=1; lang"},
		} {
			if got := w.wall(x.f); fmt.Sprint(got) != fmt.Sprint(x.list) {
				t.Errorf("%s: listed %v, want %v", x.name, got, x.list)
			}
			s, err := w.Survey(w.ctx, x.f)
			if err != nil || s.Total != len(x.list) {
				t.Errorf("%s: counted %d, want %d; %v", x.name, s.Total, len(x.list), err)
			}
			var parts []string
			for _, name := range []string{"branch", "city", "country", "lang"} {
				part := name
				for _, d := range s.Dimensions {
					for _, v := range d.Values {
						called := strings.TrimPrefix(v.Value, "country:")
						if id := social.PlaceID(v.Value); id == pearl.ID {
							called = "pearl"
						} else if city, ok := place.World().City(id); ok {
							called = city.Name
						}
						if d.Name == name {
							part += fmt.Sprintf(" %s=%d", called, v.Count)
						}
					}
				}
				parts = append(parts, part)
			}
			if got := strings.Join(parts, "; "); x.counts != "" && got != x.counts {
				t.Errorf("%s: counts\n%s, want\n%s", x.name, got, x.counts)
			}
		}
		if name, _ := w.PlaceCalled("country:US"); name != "United States" {
			t.Errorf("a country is called %q", name)
		}
	})
}
