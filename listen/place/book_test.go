package place_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/listen/place"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// wire is a network whose events are activities in JSON.
type wire struct{}

func (wire) Read(e channel.Event) ([]social.Activity, error) {
	var a social.Activity
	err := json.Unmarshal(e.Raw, &a)
	return []social.Activity{a}, err
}

// house is listening with places, and analysis that hears a mood in a word.
type house struct {
	*testing.T
	ctx     context.Context
	db      *store.DB
	rows    *listendb.DB
	now     *clock.Set
	station *listen.Station
	book    *place.Book
	channel social.ChannelID
	n       int
}

func each(t *testing.T, f func(h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		h := &house{T: t, db: db, now: now, rows: listendb.New(db)}
		h.ctx = social.WithScope(social.WithActor(t.Context(), social.Actor{Member: "ida", Name: "Ida"}), social.Scope{All: true})
		h.book = &place.Book{Store: h.rows, Clock: now, Scores: h.scores}
		h.station = listen.New(listen.Options{Store: h.rows, Sealer: secret.Random(), Clock: now, KeepAll: []string{"wire"}, Places: h.book,
			Kinds: []channel.Kind{{Name: "wire", Title: "Wire", Site: "test", New: func(channel.Settings, channel.Env) (channel.Channel, error) { return wire{}, nil }}}})
		h.book.Station = h.station
		h.must(h.station.Open(h.ctx))
		h.must(h.book.Open(h.ctx))
		c, err := h.station.AddChannel(h.ctx, listen.Draft{Kind: "wire", Name: "Reviews", Settings: map[string]string{}})
		h.must(err)
		h.channel = c.ID
		f(h)
	})
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) scores(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.Scores, error) {
	posts, err := h.rows.Posts(ctx, ids)
	out := map[social.ActivityID]social.Scores{}
	for _, p := range posts {
		s := social.Scores{Lang: "en", Sentiment: &social.Label{Label: social.Neutral}}
		if strings.Contains(p.Text, "bad") {
			s.Sentiment.Label = social.Negative
		} else if strings.Contains(p.Text, "good") {
			s.Sentiment.Label = social.Positive
		}
		out[p.ID] = s
	}
	return out, err
}

// hear lets the network say things, and places follow.
func (h *house) hear(all ...social.Activity) {
	h.Helper()
	var events []channel.Event
	for _, a := range all {
		h.n++
		if a.Author.Value == "" {
			a.Author = social.Author{Scheme: "wire", Value: "x"}
		}
		if a.Published.IsZero() {
			a.Published = h.now.Now()
		}
		raw, _ := json.Marshal(a)
		events = append(events, channel.Event{Key: fmt.Sprint(h.n), Raw: raw, At: h.now.Now()})
	}
	_, err := h.station.Take(h.ctx, h.channel, events, "")
	h.must(err)
	h.follow()
}

func (h *house) follow() {
	h.Helper()
	h.must(h.db.Drain(h.ctx, store.Follower{Name: "places", Facts: []string{"heard"}, Tell: func(ctx context.Context, facts []store.Fact) error {
		for _, f := range facts {
			if err := h.book.Hear(h.asParley(ctx), f.Fact.(social.Heard).Activities); err != nil {
				return err
			}
		}
		return nil
	}}))
	for {
		more, err := h.book.WorkPast(h.ctx)
		h.must(err)
		if !more {
			return
		}
	}
}

func (h *house) asParley(ctx context.Context) context.Context {
	return social.WithScope(social.WithActor(ctx, social.SystemActor()), social.Scope{All: true})
}

func (h *house) branch(name, city, country string, refs ...place.Ref) place.Branch {
	h.Helper()
	b, err := h.book.Add(h.ctx, place.Branch{Name: name, City: city, Country: country, Refs: refs})
	h.must(err)
	h.follow()
	return b
}

func (h *house) at(id social.PlaceID) place.Sum {
	h.Helper()
	s, err := h.book.Standing(h.ctx, id, 90)
	h.must(err)
	return s.Sum
}

func (h *house) post(external string) listen.Post {
	h.Helper()
	found, err := h.rows.Stored(h.ctx, h.channel, []string{external})
	h.must(err)
	return found[external]
}

func review(id string, rating float64, text, location string) social.Activity {
	return social.Activity{ExternalID: id, Form: social.FormReview, Rating: rating, Text: text, Directed: true, Place: social.Place{ExternalID: location}}
}

func TestCountsStayInStep(t *testing.T) {
	each(t, func(h *house) {
		atl := h.branch("Brewell Atlanta", "Atlanta", "US", place.Ref{Network: "wire", Value: "loc-1"})
		pdx := h.branch("Brewell Portland", "Portland", "US", place.Ref{Network: "wire", Value: "loc-2"})
		h.hear(review("r1", 5, "good coffee", "loc-1"), review("r2", 1, "bad queue", "loc-1"), review("r3", 4, "fine", "loc-2"))
		check := func(step string, id social.PlaceID, want place.Sum) {
			h.Helper()
			if got := h.at(id); got != want {
				h.Errorf("%s: got %+v, want %+v", step, got, want)
			}
		}
		check("heard", atl.ID, place.Sum{Count: 2, Negative: 1, Positive: 1, Reviews: 2, Stars: 600, Squares: 260_000, Star: [5]int{1, 0, 0, 0, 1}})
		h.must(h.book.Hear(h.ctx, []social.ActivityID{h.post("r1").ID, h.post("r2").ID}))
		check("the same again", atl.ID, place.Sum{Count: 2, Negative: 1, Positive: 1, Reviews: 2, Stars: 600, Squares: 260_000, Star: [5]int{1, 0, 0, 0, 1}})

		edited := review("r2", 3, "good after all", "loc-1")
		edited.Verb, edited.Version = social.Update, "2"
		h.now.Add(time.Minute)
		h.hear(edited)
		check("edited", atl.ID, place.Sum{Count: 2, Positive: 2, Reviews: 2, Stars: 800, Squares: 340_000, Star: [5]int{0, 0, 1, 0, 1}})

		h.hear(social.Activity{ExternalID: "o1", Form: social.FormComment, Own: true, Parent: "r2", Root: "r2", Text: "Thank you."})
		check("answered by us on the network", atl.ID, place.Sum{Count: 2, Positive: 2, Reviews: 2, Answered: 1, Stars: 800, Squares: 340_000, Star: [5]int{0, 0, 1, 0, 1}})
		h.must(h.book.Answered(h.ctx, h.channel, "r1", h.now.Now()))
		h.must(h.book.Answered(h.ctx, h.channel, "r1", h.now.Now().Add(time.Hour)))
		check("answered by our desk, told twice", atl.ID, place.Sum{Count: 2, Positive: 2, Reviews: 2, Answered: 2, Stars: 800, Squares: 340_000, Star: [5]int{0, 0, 1, 0, 1}})
		h.hear(social.Activity{ExternalID: "o1", Verb: social.Delete, Own: true, Parent: "r2", Root: "r2"})
		check("our answer taken back", atl.ID, place.Sum{Count: 2, Positive: 2, Reviews: 2, Answered: 1, Stars: 800, Squares: 340_000, Star: [5]int{0, 0, 1, 0, 1}})

		h.must(h.book.Correct(h.ctx, h.post("r1"), &pdx.ID))
		check("corrected away", atl.ID, place.Sum{Count: 1, Positive: 1, Reviews: 1, Stars: 300, Squares: 90_000, Star: [5]int{0, 0, 1, 0, 0}})
		check("corrected to", pdx.ID, place.Sum{Count: 2, Neutral: 1, Positive: 1, Reviews: 2, Answered: 1, Stars: 900, Squares: 410_000, Star: [5]int{0, 0, 0, 1, 1}})
		h.must(h.book.Hear(h.ctx, []social.ActivityID{h.post("r1").ID}))
		check("a correction stays", pdx.ID, place.Sum{Count: 2, Neutral: 1, Positive: 1, Reviews: 2, Answered: 1, Stars: 900, Squares: 410_000, Star: [5]int{0, 0, 0, 1, 1}})
		h.must(h.book.Correct(h.ctx, h.post("r1"), nil))
		check("given back to the evidence", pdx.ID, place.Sum{Count: 1, Neutral: 1, Reviews: 1, Stars: 400, Squares: 160_000, Star: [5]int{0, 0, 0, 1, 0}})

		h.hear(social.Activity{ExternalID: "r3", Verb: social.Delete})
		check("deleted", pdx.ID, place.Sum{})
		h.must(h.book.Remove(h.ctx, atl.ID))
		h.follow()
		if _, err := h.book.Seen(h.ctx, atl.ID); !social.NotFound.Is(err) {
			h.Errorf("a removed branch is still seen: %v", err)
		}
		h.sound()
	})
}

// sound checks the counts against what they are made of.
func (h *house) sound() {
	h.Helper()
	var wrong []string
	err := h.db.IDB(h.ctx).NewRaw(`SELECT place_id || ' ' || channel_id FROM (
		SELECT place_id, channel_id, day, count, reviews, stars, negative, answered FROM place_day WHERE count <> 0 OR reviews <> 0 OR stars <> 0
		UNION ALL
		SELECT place_id, channel_id, (published_at / 86400000000) * 86400000000, -1, CASE WHEN rating > 0 THEN -1 ELSE 0 END, -CAST(rating * 100 AS BIGINT),
			CASE WHEN sentiment = 'negative' THEN -1 ELSE 0 END, CASE WHEN rating > 0 AND answered_at > 0 THEN -1 ELSE 0 END
		FROM activity_place WHERE place_id <> '') AS t
		GROUP BY place_id, channel_id, day HAVING SUM(count) <> 0 OR SUM(reviews) <> 0 OR SUM(stars) <> 0 OR SUM(negative) <> 0 OR SUM(answered) <> 0`).Scan(h.ctx, &wrong)
	h.must(err)
	if len(wrong) > 0 {
		h.Errorf("counts and ties differ: %v", wrong)
	}
}

// TestAnyOrder does things to reviews in many orders; the counts must always
// agree with the ties, and with a fresh look.
func TestAnyOrder(t *testing.T) {
	each(t, func(h *house) {
		r := rand.New(rand.NewPCG(7, 7))
		var branches []place.Branch
		for i, city := range []string{"Atlanta", "Köln", "Porto"} {
			branches = append(branches, h.branch("Brewell "+city, city, "", place.Ref{Network: "wire", Value: fmt.Sprint("loc-", i)}))
		}
		words := []string{"good in Atlanta", "bad in Porto", "so so", "the Köln store is bad"}
		for range 80 {
			id := fmt.Sprint("r", r.IntN(12))
			switch r.IntN(7) {
			case 0:
				h.hear(social.Activity{ExternalID: id, Verb: social.Delete})
			case 1:
				if p := h.post(id); p.ID != "" && p.Visible() {
					h.must(h.book.Correct(h.ctx, p, &branches[r.IntN(3)].ID))
				}
			case 2:
				h.hear(social.Activity{ExternalID: "o" + id, Own: true, Parent: id, Root: id, Text: "Thanks"})
			case 3:
				state := []place.State{place.Open, place.Closed}[r.IntN(2)]
				_, err := h.book.Change(h.ctx, branches[r.IntN(3)].ID, place.Patch{State: &state})
				h.must(err)
				h.follow()
			default:
				a := review(id, float64(1+r.IntN(9))/2+0.5, words[r.IntN(4)], fmt.Sprint("loc-", r.IntN(5)))
				a.Version = fmt.Sprint(h.n + 1)
				h.hear(a)
			}
			h.now.Add(time.Duration(r.IntN(40)) * time.Hour)
		}
		h.sound()
		before := map[social.PlaceID]place.Sum{}
		for _, b := range branches {
			before[b.ID] = h.at(b.ID)
		}
		if reflect.DeepEqual(before, map[social.PlaceID]place.Sum{}) || before[branches[0].ID].Count == 0 {
			h.Fatal("nothing was counted: the test looks at nothing")
		}
		name := "Brewell Atlanta 2"
		_, err := h.book.Change(h.ctx, branches[0].ID, place.Patch{Name: &name}) // a fresh look at everything
		h.must(err)
		h.follow()
		h.sound()
		for _, b := range branches {
			if got := h.at(b.ID); got != before[b.ID] {
				h.Errorf("%s: a fresh look gives %+v, it was %+v", b.Name, got, before[b.ID])
			}
		}
	})
}

func TestPlaceInMonitorsAndOnTheWall(t *testing.T) {
	each(t, func(h *house) {
		m, err := h.station.AddMonitor(h.ctx, listen.MonitorDraft{Name: "Atlanta", Query: "coffee place:atlanta"})
		h.must(err)
		h.hear(social.Activity{ExternalID: "a", Text: "good coffee in Atlanta"}, social.Activity{ExternalID: "b", Text: "good coffee in Porto"},
			review("c", 2, "bad coffee", "loc-1"))
		wall := func(f listen.Filter) string {
			h.Helper()
			page, err := h.station.Wall(h.ctx, f, nil, 50)
			h.must(err)
			var out []string
			for _, it := range page.Items {
				out = append(out, it.ExternalID)
			}
			return strings.Join(out, " ")
		}
		is := func(what, got, want string) {
			h.Helper()
			if got != want {
				h.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		is("the monitor", wall(listen.Filter{Monitor: m.ID}), "a")
		is("the search", wall(listen.Filter{Query: "place:Atlanta coffee"}), "a")
		is("by country", wall(listen.Filter{Query: "place:Portugal"}), "b")
		is("the filter", wall(listen.Filter{Places: []social.PlaceID{"geo:4180439"}}), "a")
		h.branch("Brewell Atlanta", "Atlanta", "US", place.Ref{Network: "wire", Value: "loc-1"})
		is("a new branch is known behind", wall(listen.Filter{Places: []social.PlaceID{"geo:4180439"}}), "c a")
		is("and to monitors", wall(listen.Filter{Monitor: m.ID}), "c a")
		city := social.PlaceID("geo:4180439")
		h.must(h.book.Correct(h.ctx, h.post("b"), &city))
		h.must(h.book.Rematch(h.ctx, h.post("b").ID))
		is("a correction reaches monitors", wall(listen.Filter{Monitor: m.ID}), "c b a")
		none := social.PlaceID("")
		h.must(h.book.Correct(h.ctx, h.post("a"), &none))
		h.must(h.book.Rematch(h.ctx, h.post("a").ID))
		is("of no place", wall(listen.Filter{Monitor: m.ID}), "c b")
		is("only with a rating", wall(listen.Filter{Places: []social.PlaceID{city}, Stars: 2}), "c")
	})
}

const file = "\ufeffStore code;Name;Address;City;State;Country;Lat;Lon;Website;Wire ID\n" +
	"PDX-1;Brewell Pearl;NW 23rd Avenue 812;Portland;OR;US;45,5288;-122,6984;https://a.example/pearl;loc-9\n" +
	"PDX-2;Brewell Hawthorne;SE Hawthorne 3500;Portland;OR;United States;;;;\n" +
	"X-1;Brewell Nowhere;;Atlantis;;US;;;;\n" +
	"X-2;Brewell North Pole;;;;;95;0;;\n" +
	"X-3;Brewell Springfield;;Springfield;;US;;;;\n" +
	"X-4;;Street;Porto;;PT;;;;\n" +
	"PDX-1;Brewell twice;;Porto;;PT;;;;\n" +
	"KLN;Brewell Köln;Ehrenstraße 4;Köln;;DE;;;;\n\n"

func TestTheSameFileTwiceChangesNothing(t *testing.T) {
	each(t, func(h *house) {
		read := func(preview bool, text string) place.Read {
			h.Helper()
			r, err := h.book.Import(h.ctx, text, "", nil, preview)
			h.must(err)
			return r
		}
		tell := func(r place.Read) string {
			return fmt.Sprintf("new %d, changed %d, same %d, bad %d", r.New, r.Changed, r.Same, r.Bad)
		}
		want := func(step, got, want string) {
			h.Helper()
			if got != want {
				h.Errorf("%s: %s, want %s", step, got, want)
			}
		}
		p := read(true, file)
		want("preview", tell(p), "new 3, changed 0, same 0, bad 5")
		for i, part := range map[int]string{2: "Atlantis", 3: "out of range", 4: "several cities", 5: "needs a name", 6: "line 2 already"} {
			if r := p.Rows[i]; r.What != place.Bad || !strings.Contains(r.Text, part) || r.Line != i+2 {
				h.Errorf("row %d: %+v, want %q", i, r, part)
			}
		}
		if all, _ := h.rows.Branches(h.ctx); len(all) != 0 {
			h.Fatal("a preview kept something")
		}
		want("import", tell(read(false, file)), "new 3, changed 0, same 0, bad 5")
		before, err := h.rows.Branches(h.ctx)
		h.must(err)
		h.now.Add(time.Hour)
		want("again", tell(read(false, file)), "new 0, changed 0, same 3, bad 5")
		after, err := h.rows.Branches(h.ctx)
		h.must(err)
		if !reflect.DeepEqual(before, after) {
			h.Errorf("the same file twice: %+v became %+v", before, after)
		}
		want("what the file does not say stays", tell(read(false, "code,name,phone\nPDX-2,Brewell Hawthorne,+1 503 555 0100\n")), "new 0, changed 1, same 0, bad 0")
		want("without codes, by address", tell(read(false, "name,street,city,country\nBrewell Köln,Ehrenstrasse 4,koeln,DE\nBrewell Köln,Ehrenstraße 4,Köln,\n")), "new 0, changed 0, same 1, bad 1")
		want("an id that belongs to another", tell(read(false, "name,city,country,wire id\nBrewell Porto,Porto,PT,loc-9\n")), "new 0, changed 0, same 0, bad 1")
		for name, text := range map[string]string{"nothing": "", "no name": "city,country\nPorto,PT\n", "two alike": "name,branch\na,b\n", "binary": "\xff\xfe\x00\x01"} {
			if _, err := h.book.Import(h.ctx, text, "", nil, false); !social.Invalid.Is(err) {
				h.Errorf("%s: %v", name, err)
			}
		}
		r := read(true, "name,city,country\n\"Brew\"ell\" \u202e,Porto,PT\n"+strings.Repeat("x", 300)+",Porto,PT\n,,,,,,\n\"never closed,Porto\n")
		if r.Bad < 1 || r.New > 0 {
			h.Errorf("hostile rows: %s", tell(r))
		}
	})
}

func TestOnlyWhatOneMay(t *testing.T) {
	each(t, func(h *house) {
		b, err := h.book.Add(h.ctx, place.Branch{Name: "Brewell Atlanta", City: "Atlanta", Country: "US", Programme: "south"})
		h.must(err)
		north := social.WithScope(h.ctx, social.Scope{Programmes: []social.ProgrammeID{"north"}})
		south := social.WithScope(h.ctx, social.Scope{Programmes: []social.ProgrammeID{"south"}})
		name := "Mine now"
		for what, err := range map[string]error{
			"change": func() error { _, err := h.book.Change(north, b.ID, place.Patch{Name: &name}); return err }(),
			"remove": h.book.Remove(north, b.ID),
			"see":    func() error { _, err := h.book.Standing(north, b.ID, 30); return err }(),
			"add": func() error {
				_, err := h.book.Add(north, place.Branch{Name: "x", City: "Porto", Programme: "south"})
				return err
			}(),
		} {
			if !social.NotFound.Is(err) {
				h.Errorf("%s: %v", what, err)
			}
		}
		if _, err := h.book.Add(north, place.Branch{Name: "x", City: "Porto"}); !social.Invalid.Is(err) {
			h.Errorf("add without a programme: %v", err)
		}
		r, err := h.book.Rank(north, place.Ask{Days: 30})
		if h.must(err); len(r.Places) != 0 {
			h.Errorf("a stranger sees %+v", r.Places)
		}
		if r, err = h.book.Rank(south, place.Ask{Days: 30}); err != nil || len(r.Places) != 1 {
			h.Errorf("its own programme: %+v %v", r.Places, err)
		}
		read, err := h.book.Import(north, "name,city,country,phone\nBrewell Atlanta,Atlanta,US,1\n", "north", nil, false)
		if h.must(err); read.Bad != 1 {
			h.Errorf("a stranger changed a branch by a file: %+v", read)
		}
		var e *social.Error
		if _, err := h.book.Change(h.ctx, "geo:4180439", place.Patch{Name: &name}); !errors.As(err, &e) || e.Kind != social.Invalid {
			h.Errorf("a city of the world is ours: %v", err)
		}
	})
}
