package segmentdb_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/dealdb"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/people/segmentdb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// heard is what other rooms know, by account.
type heard map[social.IdentityID]map[string]cond.Value

func (h heard) Traits(_ context.Context, who []segment.Who, put segment.Put) error {
	for _, w := range who {
		for _, a := range w.Accounts {
			for f, v := range h[a] {
				put(w.Person, f, v)
			}
		}
	}
	return nil
}

// vocabulary is the company's tags.
type vocabulary []social.Tag

func (v *vocabulary) Vocabulary(context.Context) ([]social.Tag, error) { return *v, nil }

type world struct {
	*segment.Keeper
	t     *testing.T
	db    *store.DB
	store *segmentdb.DB
	book  *people.Book
	books *deal.Books
	now   *clock.Set
	heard heard
	spoke map[social.IdentityID][]segment.Spoken
	tags  *vocabulary
	ctx   context.Context // a manager who sees all
	told  int64           // up to which facts marked persons
}

func as(scope social.Scope) context.Context {
	return social.WithScope(social.WithActor(context.Background(), social.Actor{Member: "ada", Name: "Ada"}), scope)
}

func each(t *testing.T, f func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		s, business := peopledb.New(db), dealdb.New(db)
		w := &world{t: t, db: db, store: segmentdb.New(db), now: now, heard: heard{}, spoke: map[social.IdentityID][]segment.Spoken{}, tags: &vocabulary{}, ctx: as(social.Scope{All: true})}
		w.book = &people.Book{Store: s, Clock: now, Tags: w.tags}
		w.books = &deal.Books{Store: business, People: w.book, Meeting: s, Clock: now}
		w.Keeper = &segment.Keeper{Store: w.store, Clock: now, Log: slog.New(slog.DiscardHandler), Own: business.Own, Words: w.book.Vocabulary, Voices: w.voices,
			Sources: []segment.Source{peopledb.Traits{DB: s, Kind: func(c social.ChannelID) string { return string(c) }}, business, w.heard}}
		f(w)
	})
}

// voices sums up what persons said, of all their accounts.
func (w *world) voices(_ context.Context, who []segment.Who, since time.Time) (map[social.PersonID][]segment.Spoken, error) {
	out := map[social.PersonID][]segment.Spoken{}
	for _, x := range who {
		sums := map[time.Time]segment.Spoken{}
		for _, a := range x.Accounts {
			for _, s := range w.spoke[a] {
				d := sums[s.Day]
				sums[s.Day] = segment.Spoken{Day: s.Day, Channel: "c", Said: d.Said + s.Said, Negative: d.Negative + s.Negative}
			}
		}
		for day, s := range sums {
			if !day.Before(since) {
				out[x.Person] = append(out[x.Person], s)
			}
		}
	}
	return out, nil
}

// must is for what the test itself does right.
func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) meet(handle, on string, programmes ...social.ProgrammeID) social.PersonID {
	w.t.Helper()
	a := social.Author{Scheme: "acct", Value: handle, Handle: handle, Name: handle, Followers: len(handle)}
	for _, p := range append(programmes, "") {
		w.must(w.book.Store.Meet(w.ctx, []people.Seen{{Author: a, Channel: social.ChannelID(on), Programme: p, At: w.now.Now()}}))
	}
	ids, err := w.book.Store.Persons(w.ctx, []social.IdentityID{a.ID()})
	w.must(err)
	p := ids[a.ID()]
	w.must(w.Mark(w.ctx, p))
	return p
}

// settle marks whom facts are about and looks at them.
func (w *world) settle() {
	w.t.Helper()
	for {
		facts, err := w.db.Facts(w.ctx, w.told, 1000)
		w.must(err)
		if len(facts) == 0 {
			break
		}
		for _, f := range facts {
			w.told = f.Pos
			d, ok := f.Fact.(social.Dealt)
			switch {
			case !ok:
			case d.Object == "person":
				w.must(w.Mark(w.ctx, social.PersonID(d.ID)))
			default:
				who, err := dealdb.New(w.db).Customers(w.ctx, []string{d.ID})
				w.must(err)
				w.must(w.Mark(w.ctx, who...))
			}
		}
	}
	w.must(w.Settle(w.ctx))
}

func is(field string, op cond.Op, values ...string) cond.Node {
	return cond.Node{Field: field, Op: op, Values: values}
}

func (w *world) add(name string, where cond.Node) segment.Segment {
	w.t.Helper()
	s, err := w.Add(w.ctx, segment.Segment{Name: name, Where: where})
	w.must(err)
	w.settle()
	return s
}

// members lists who is in a segment, by name.
func (w *world) members(ctx context.Context, id social.SegmentID) string {
	w.t.Helper()
	found, _, err := w.book.People(ctx, people.Query{Segment: id, Limit: 100})
	w.must(err)
	var names []string
	for _, p := range found {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	sizes, err := w.Store.Sizes(ctx, []social.SegmentID{id})
	w.must(err)
	if sizes[id] != len(names) {
		w.t.Errorf("the segment is said to have %d members and lists %d: %v", sizes[id], len(names), names)
	}
	return strings.Join(names, " ")
}

func (w *world) expect(name string, id social.SegmentID, want string) {
	w.t.Helper()
	w.settle()
	if got := w.members(w.ctx, id); got != want {
		w.t.Errorf("%s: %q, want %q", name, got, want)
	}
}

func TestPersonsComeAndGo(t *testing.T) {
	each(t, func(w *world) {
		ada, ben := w.meet("ada", "mastodon", "north"), w.meet("ben", "email", "south")
		w.meet("cleo", "email", "north")
		w.settle()
		s := w.add("By mail", is("networks", cond.Has, "email"))
		w.expect("at first", s.ID, "ben cleo")
		place := "Łódź"
		near := w.add("In Łódź", is("place", cond.Contains, "ŁÓDŹ"))
		if got := w.members(w.ctx, near.ID); got != "" {
			t.Errorf("nobody is there yet, got %q", got)
		}
		_, err := w.book.Edit(w.ctx, ada, people.Change{Place: &place})
		w.must(err)
		w.expect("after an edit", near.ID, "ada")
		m, err := w.book.Join(w.ctx, ada, ben)
		w.must(err)
		w.expect("joined, they are one", s.ID, "ada cleo")
		w.must(w.book.Split(w.ctx, m.ID))
		w.expect("and two again", s.ID, "ben cleo")
		w.expect("each with what is theirs", near.ID, "ada")
		steps, _, err := w.Store.Steps(w.ctx, near.ID, "", 10)
		w.must(err)
		if len(steps) != 1 || steps[0].Person != ada || !steps[0].Joined {
			t.Errorf("history of Łódź: %+v", steps)
		}
		steps, next, err := w.Store.Steps(w.ctx, s.ID, "", 3)
		w.must(err)
		rest, _, err := w.Store.Steps(w.ctx, s.ID, next, 3)
		w.must(err)
		if len(steps)+len(rest) != 4 || !steps[0].At.Equal(w.now.Now().UTC()) {
			t.Errorf("history by mail: %+v, then %+v", steps, rest)
		}
		days, err := w.Store.Days(w.ctx, []social.SegmentID{s.ID}, w.now.Now())
		w.must(err)
		if d := days[s.ID]; len(d) != 1 || d[0].Size != 2 || d[0].Joined != 2 || d[0].Left != 2 {
			t.Errorf("the day: %+v", d)
		}
		// Whoever sees the north alone sees nobody else, not even their number.
		north := as(social.Scope{Programmes: []social.ProgrammeID{"north"}})
		if got := w.members(north, s.ID); got != "cleo" {
			t.Errorf("the north sees %q", got)
		}
		c, err := w.Count(north, is("networks", cond.Has, "email", "mastodon"))
		w.must(err)
		if c.N != 2 || c.Of != 2 || len(c.Few) != 2 || !c.Sure {
			t.Errorf("the north counts %+v", c)
		}
		steps, _, err = w.Store.Steps(north, near.ID, "", 10)
		w.must(err)
		if len(steps) != 1 {
			t.Errorf("the north is told of ada: %+v", steps)
		}
		if c, err = w.Count(as(social.Scope{}), is("name", cond.Set)); err != nil || c.N+c.Of != 0 {
			t.Errorf("whoever may see nobody counts %+v, %v", c, err)
		}
		w.must(w.Remove(w.ctx, s.ID))
		if got := w.members(w.ctx, s.ID); got != "" {
			t.Errorf("a segment that went still has %q", got)
		}
	})
}

func TestTimeAloneMovesSomebody(t *testing.T) {
	each(t, func(w *world) {
		w.meet("ada", "email")
		w.settle()
		fresh := w.add("New this week", is("known_since", cond.Within, "7d"))
		stale := w.add("Known for two weeks", is("known_since", cond.Older, "2w"))
		w.expect("new", fresh.ID, "ada")
		w.now.Add(7 * 24 * time.Hour)
		w.expect("to the moment", fresh.ID, "ada")
		w.now.Add(time.Microsecond)
		w.expect("a moment later", fresh.ID, "")
		if n, err := w.Step(w.ctx); err != nil || n != 0 {
			t.Errorf("nothing is to be done, and %d were looked at, %v", n, err)
		}
		w.now.Add(7 * 24 * time.Hour)
		w.expect("two weeks", stale.ID, "ada")
		if due, err := w.Store.Due(w.ctx, w.now.Now().Add(1000*time.Hour), 10); err != nil || len(due) > 0 {
			t.Errorf("nothing changes any more, but %v are due, %v", due, err)
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	each(t, func(w *world) {
		ok := is("name", cond.Set)
		if _, err := w.Add(w.ctx, segment.Segment{Name: "Straße", Where: ok}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name  string
			s     segment.Segment
			field string
			kind  social.Kind
		}{
			{"no name", segment.Segment{Name: " \n ", Where: ok}, "name", social.Invalid},
			{"a name twice, folded", segment.Segment{Name: "STRASSE", Where: ok}, "name", social.Conflict},
			{"a long name", segment.Segment{Name: strings.Repeat("é", 81), Where: ok}, "name", social.Invalid},
			{"a long story", segment.Segment{Name: "x", About: strings.Repeat("é", 401), Where: ok}, "about", social.Invalid},
			{"nothing asked", segment.Segment{Name: "x"}, "conditions", social.Invalid},
			{"a group of nothing", segment.Segment{Name: "x", Where: cond.Node{Join: cond.Any, Nodes: []cond.Node{{Join: cond.All}}}}, "conditions", social.Invalid},
			{"a field that there is not", segment.Segment{Name: "x", Where: is("salary", cond.Set)}, "conditions.field", social.Invalid},
			{"SQL", segment.Segment{Name: "x", Where: is("name) OR (1=1", cond.Set)}, "conditions.field", social.Invalid},
			{"money of no currency", segment.Segment{Name: "x", Where: is("spent.eur", cond.More, "1")}, "conditions.field", social.Invalid},
			{"a value that is none", segment.Segment{Name: "x", Where: is("followers", cond.More, "many")}, "conditions.values", social.Invalid},
		} {
			_, err := w.Add(w.ctx, c.s)
			var e *social.Error
			if !errors.As(err, &e) || e.Kind != c.kind || e.Field != c.field {
				t.Errorf("%s: %+v, want %s of %s", c.name, err, c.kind, c.field)
			}
		}
		s, err := w.Add(w.ctx, segment.Segment{Name: "a\x00b\xff  c", About: "\u202ex", Where: is("name", cond.Contains, `%_'"; DROP TABLE person; --`)})
		if err != nil || s.Name != "ab c" {
			t.Errorf("%q, %v", s.Name, err)
		}
		w.settle()
		w.expect("words are words", s.ID, "")
	})
}

func TestTagsThatWereMergedStayTheSame(t *testing.T) {
	each(t, func(w *world) {
		*w.tags = vocabulary{{ID: "vip", Name: "VIP"}, {ID: "gold", Name: "Gold"}}
		ada, ben := w.meet("ada", "email"), w.meet("ben", "email")
		w.must(w.book.Tag(w.ctx, ada, []social.TagID{"vip"}, nil))
		w.must(w.book.Tag(w.ctx, ben, []social.TagID{"gold"}, nil))
		w.settle()
		vip := w.add("VIP", is("tags", cond.Has, "vip"))
		none := w.add("No VIP", is("tags", cond.HasNone, "vip"))
		w.expect("apart", vip.ID, "ada")
		(*w.tags)[0].Into = "gold"
		w.must(w.Retag(w.ctx))
		w.expect("together", vip.ID, "ada ben")
		w.expect("and nobody else", none.ID, "")
	})
}

func TestEveryFieldIsKept(t *testing.T) {
	each(t, func(w *world) {
		p := w.meet("ada", "email")
		at := w.now.Now().UTC().Truncate(time.Microsecond)
		want := segment.Profile{"field.free": cond.TextValue("a b"), "field.day": cond.TimeValue(at), "field.n": cond.NumberValue(0), "field.yes": cond.BoolValue(true), "field.no": cond.BoolValue(false), "field.word": cond.TextValue("true"), "spent.EUR": cond.NumberValue(12.5)}
		for i, f := range segment.Fixed() {
			switch f.Type {
			case cond.Text, cond.Choice:
				want[f.Name] = cond.TextValue(f.Name)
			case cond.Many:
				want[f.Name] = cond.TextsValue([]string{"a", f.Name})
			case cond.Number:
				want[f.Name] = cond.NumberValue(float64(i) + .5)
			case cond.Date:
				want[f.Name] = cond.TimeValue(at.Add(time.Duration(i) * time.Hour))
			case cond.Bool:
				want[f.Name] = cond.BoolValue(true)
			}
		}
		var got map[social.PersonID]segment.Profile
		w.must(w.db.InTx(w.ctx, func(ctx context.Context) error {
			if err := w.store.SaveProfiles(ctx, map[social.PersonID]segment.Profile{p: want}, nil); err != nil {
				return err
			}
			var err error
			got, err = w.store.Profiles(ctx, []social.PersonID{p})
			return err
		}))
		for f, v := range want {
			if fmt.Sprint(got[p][f]) != fmt.Sprint(v) {
				t.Errorf("%s is read as %+v, want %+v", f, got[p][f], v)
			}
		}
		if len(got[p]) != len(want) {
			t.Errorf("%d fields, want %d", len(got[p]), len(want))
		}
	})
}

// TestKeptUpIsWorkedOut: whatever happens in whatever order, who is in a
// segment is whom its conditions hold of when they are worked out anew.
func TestKeptUpIsWorkedOut(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("game ", seed), func(t *testing.T) { keptUp(t, seed) })
	}
}

func keptUp(t *testing.T, seed uint64) {
	each(t, func(w *world) {
		r := rand.New(rand.NewPCG(seed, 7))
		*w.tags = vocabulary{{ID: "vip", Name: "VIP"}, {ID: "press", Name: "Press"}, {ID: "fan", Name: "Fan"}}
		for _, f := range []deal.Field{{Of: deal.OfPerson, Name: "Kettles", Type: "number"}, {Of: deal.OfPerson, Name: "Tier", Type: "choice", Choices: []string{"Gold", "Tin"}},
			{Of: deal.OfPerson, Name: "Since", Type: "date"}, {Of: deal.OfPerson, Name: "Invoice", Type: "bool"}, {Of: deal.OfPerson, Name: "Motto", Type: "text"}} {
			_, err := w.books.AddField(w.ctx, f)
			w.must(err)
		}
		g := &gambler{world: w, r: r}
		for range 25 {
			g.arrive()
		}
		for round := range 40 {
			for range 1 + r.IntN(12) {
				g.play()
			}
			w.settle()
			if g.check(round); t.Failed() {
				return
			}
		}
		if g.moved < 100 {
			t.Errorf("only %d joined or left, which shows little", g.moved)
		}
	})
}

type gambler struct {
	*world
	r       *rand.Rand
	all     []social.PersonID
	merges  []string
	all2    []social.SegmentID
	n       int
	moved   int
	was     map[string]bool
	ordered int
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

func (g *gambler) arrive() {
	g.n++
	g.all = append(g.all, g.meet(fmt.Sprintf("%s%d", pick(g.r, "ada", "Béa", "ümit", "zoë"), g.n), pick(g.r, "email", "mastodon", "sms"), pick[social.ProgrammeID](g.r, "north", "south")))
}

// play lets something happen. What persons of old ids do is done by whoever
// they are now; refusals are part of the game.
func (g *gambler) play() {
	who := pick(g.r, g.all...)
	ignore := func(error) {} // "these are the same person already" and its like
	switch g.r.IntN(13) {
	case 0:
		g.arrive()
	case 1:
		name := pick(g.r, "Ada", "ADA L", "Zoë", "100%", "a_b", `back\slash`)
		_, err := g.book.Edit(g.ctx, who, people.Change{Name: &name})
		g.must(err)
	case 2:
		place := pick(g.r, "", "Łódź", "Wien", "wien 2")
		_, err := g.book.Edit(g.ctx, who, people.Change{Place: &place})
		g.must(err)
	case 3:
		on, off := pick[social.TagID](g.r, "vip", "press", "fan"), pick[social.TagID](g.r, "vip", "press", "fan")
		ignore(g.book.Tag(g.ctx, who, []social.TagID{on}, []social.TagID{off}))
	case 4:
		if m, err := g.book.Join(g.ctx, who, pick(g.r, g.all...)); err == nil {
			g.merges = append(g.merges, m.ID)
		}
	case 5:
		if len(g.merges) > 0 {
			ignore(g.book.Split(g.ctx, pick(g.r, g.merges...)))
		}
	case 6:
		_, err := g.books.Fill(g.ctx, deal.OfPerson, string(who), map[string]string{"kettles": pick(g.r, "", "0", "1", "7.5"), "tier": pick(g.r, "", "Gold", "Tin"),
			"since": pick(g.r, "", "2026-01-02", "2026-11-25"), "invoice": pick(g.r, "", "true", "false"), "motto": pick(g.r, "", "Tea!", "τσάι")}, deal.ByMember)
		g.must(err)
	case 7:
		p, err := g.book.Person(g.ctx, who)
		g.must(err)
		_, _, err = g.books.Upsert(g.ctx, deal.Order{External: fmt.Sprint(g.r.IntN(12)), Status: pick(g.r, "placed", "paid", "refunded"), Person: p.ID, Amount: int64(g.r.IntN(9000)), Currency: pick(g.r, "EUR", "JPY"),
			At: g.now.Now().Add(-time.Duration(g.r.IntN(500)) * time.Hour)}, deal.Buyer{})
		ignore(err)
		if err == nil {
			g.ordered++
		}
	case 8:
		p, err := g.book.Person(g.ctx, who)
		g.must(err)
		if len(p.Identities) == 0 {
			return
		}
		g.heard[p.Identities[0].ID] = map[string]cond.Value{"said": cond.NumberValue(float64(g.r.IntN(5))), "mood": cond.TextValue(pick(g.r, "negative", "positive")),
			"intents": cond.TextsValue([]string{pick(g.r, "question", "praise"), pick(g.r, "question", "complaint")}), "last_heard": cond.TimeValue(g.now.Now().Add(-time.Duration(g.r.IntN(300)) * time.Hour))}
		g.spoke[p.Identities[0].ID] = append(g.spoke[p.Identities[0].ID], segment.Spoken{Day: g.now.Now().UTC().Truncate(24 * time.Hour), Said: 1 + g.r.IntN(3), Negative: g.r.IntN(2)})
		g.must(g.Mark(g.ctx, p.ID))
	case 9, 10:
		g.now.Add(time.Duration(g.r.IntN(72*60)) * time.Minute)
	case 11:
		s, err := g.Add(g.ctx, segment.Segment{Name: fmt.Sprintf("s%d", g.r.IntN(1e9)), Where: g.tree(3)})
		if err == nil {
			g.all2 = append(g.all2, s.ID)
		}
	case 12:
		if len(g.all2) == 0 {
			return
		}
		i := g.r.IntN(len(g.all2))
		if g.r.IntN(4) == 0 {
			g.must(g.Remove(g.ctx, g.all2[i]))
			g.all2 = slices.Delete(g.all2, i, i+1)
			return
		}
		where := g.tree(3)
		_, err := g.Edit(g.ctx, g.all2[i], nil, nil, &where)
		ignore(err)
	}
}

func (g *gambler) tree(deep int) cond.Node {
	if deep == 0 || g.r.IntN(3) == 0 {
		return g.test()
	}
	n := cond.Node{Join: pick(g.r, cond.All, cond.Any, cond.None)}
	for range 1 + g.r.IntN(3) {
		n.Nodes = append(n.Nodes, g.tree(deep-1))
	}
	return n
}

func (g *gambler) test() cond.Node {
	r := g.r
	return pick(r,
		is("name", pick(r, cond.Contains, cond.Lacks, cond.Begins), pick(r, "ada", "ZOE", "%", "_")),
		is("place", pick(r, cond.Is, cond.IsNot), pick(r, "wien", "LODZ")), is("place", pick(r, cond.Set, cond.Unset)),
		is("tags", pick(r, cond.Has, cond.HasAll, cond.HasNone), "vip", pick(r, "press", "fan")),
		is("networks", pick(r, cond.Has, cond.HasNone, cond.HasAll), "email", "sms"), is("programmes", cond.Has, "north"),
		is("accounts", cond.More, "1"), is("followers", cond.Between, "4", "5"),
		is("said", pick(r, cond.More, cond.Less, cond.Is), pick(r, "0", "2")), is("said", pick(r, cond.Set, cond.Unset)),
		is("mood", pick(r, cond.Is, cond.IsNot), "negative"), is("intents", pick(r, cond.Has, cond.HasNone), "complaint"),
		is("last_heard", pick(r, cond.Within, cond.Older), pick(r, "12h", "3d", "1w")), is("known_since", pick(r, cond.Within, cond.Older), pick(r, "1d", "2w")),
		is("last_order", pick(r, cond.Within, cond.Older), pick(r, "5d", "20d")), is("orders", cond.More, "0"),
		is("spent.EUR", pick(r, cond.More, cond.Less), "30"), is("spent.JPY", pick(r, cond.Set, cond.Unset)),
		is("field.kettles", pick(r, cond.More, cond.IsNot), "1"), is("field.tier", pick(r, cond.Is, cond.IsNot), "Gold"), is("field.motto", cond.Contains, "TEA"),
		is("field.since", pick(r, cond.Within, cond.Older, cond.Set), "30d"), is("field.since", cond.After, "2026-06-01"), is("field.invoice", cond.Is, pick(r, "true", "false")),
		is("waiting", cond.Is, "false"), is("known_since", cond.Before, "2026-12-01"))
}

// check works everything out anew and compares.
func (g *gambler) check(round int) {
	g.t.Helper()
	all, err := g.Store.Segments(g.ctx)
	g.must(err)
	living := map[social.PersonID]bool{}
	for _, p := range g.all {
		x, err := g.book.Person(g.ctx, p)
		g.must(err)
		living[x.ID] = true
	}
	var ids []social.PersonID
	for p := range living {
		ids = append(ids, p)
	}
	profiles, err := g.Anew(g.ctx, ids)
	g.must(err)
	in, err := g.Store.In(g.ctx, ids)
	g.must(err)
	now := map[string]bool{}
	for _, s := range all {
		if s.Filling.On {
			g.t.Errorf("round %d: %s is still filled", round, s.Name)
		}
		own, err := g.Own(g.ctx)
		g.must(err)
		fields := append(segment.Fixed(), cond.Field{Name: "spent.EUR", Type: cond.Number}, cond.Field{Name: "spent.JPY", Type: cond.Number})
		for _, o := range own {
			fields = append(fields, o.Field)
		}
		want := 0
		for _, p := range ids {
			holds := cond.Holds(s.Where, fields, func(f string) cond.Value { return profiles[p][f] }, g.now.Now())
			is := slices.Contains(in[p], s.ID)
			if is != holds {
				kept, _ := g.Store.Profiles(g.ctx, []social.PersonID{p})
				g.t.Errorf("round %d: %s in %+v: kept %t, worked out %t; profile %+v, kept %+v", round, p, s.Where, is, holds, profiles[p], kept[p])
			}
			if holds {
				want++
			}
			now[string(s.ID)+string(p)] = is
		}
		spoken, said := 0, 0
		for _, p := range ids {
			if !slices.Contains(in[p], s.ID) {
				continue
			}
			x, err := g.book.Person(g.ctx, p)
			g.must(err)
			for _, i := range x.Identities {
				for _, d := range g.spoke[i.ID] {
					spoken += d.Said
				}
			}
		}
		days, err := g.Store.Voice(g.ctx, s.ID, g.now.Now().AddDate(0, 0, -399), g.now.Now(), nil)
		g.must(err)
		for _, d := range days {
			said += d.Said
		}
		if said != spoken {
			g.t.Errorf("round %d: the members of %+v said %d, kept are %d", round, s.Where, spoken, said)
		}
		c, err := g.Count(g.ctx, s.Where)
		g.must(err)
		if c.N != want || s.Members != want || c.Of != len(ids) {
			g.t.Errorf("round %d: %+v: SQL counts %d, the segment says %d, worked out %d of %d (%d)", round, s.Where, c.N, s.Members, want, len(ids), c.Of)
		}
	}
	for k, is := range now {
		if g.was[k] != is {
			g.moved++
		}
	}
	g.was = now
}
