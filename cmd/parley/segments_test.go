package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/card"
	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// sortingHouse is a house with one channel on which people write to us.
type sortingHouse struct {
	*house
	t       *testing.T
	ctx     context.Context
	set     *clock.Set
	channel social.ChannelID
}

func openSortingHouse(t *testing.T, url string) *sortingHouse {
	t.Helper()
	set := clock.NewSet(storetest.Start)
	ctx := asParley(context.Background())
	h, err := build(ctx, plan{store: store.Options{Dir: t.TempDir(), URL: url}, clock: set, timing: engage.Timing{Undo: time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.db.Close() })
	h.network.Lively(false)
	c, err := h.station.AddChannel(ctx, listen.Draft{Kind: "practice", Name: "Practice", Settings: map[string]string{"site": "microblog", "handle": "brewell"}})
	if err != nil {
		t.Fatal(err)
	}
	return &sortingHouse{house: h, t: t, ctx: ctx, set: set, channel: c.ID}
}

// says lets somebody speak, and everybody hear of it.
func (h *sortingHouse) says(handle, text string) {
	h.t.Helper()
	h.network.Join(practice.Persona{Handle: handle, Name: handle, Followers: 100 * len(handle)})
	if _, err := h.network.Post(handle, practice.Said{Text: text, Lang: "en"}); err != nil {
		h.t.Fatal(err)
	}
	h.settle()
}

func (h *sortingHouse) settle() {
	h.t.Helper()
	h.set.Add(time.Second)
	if err := h.station.PollNow(h.ctx, h.channel); err != nil {
		h.t.Fatal(err)
	}
	if err := h.db.Drain(h.ctx, h.followers()...); err != nil {
		h.t.Fatal(err)
	}
	if err := h.segments.Settle(h.ctx); err != nil {
		h.t.Fatal(err)
	}
}

func (h *sortingHouse) members(id social.SegmentID) string {
	h.t.Helper()
	found, _, err := h.book.People(h.ctx, people.Query{Segment: id, Limit: 100})
	if err != nil {
		h.t.Fatal(err)
	}
	var names []string
	for _, p := range found {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// TestWhatRoomsKnowSortsPersons: what is heard, understood, talked of, bought
// and promised moves persons by the facts that tell of it.
func TestWhatRoomsKnowSortsPersons(t *testing.T) {
	h := openSortingHouse(t, "")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	add := func(field string, op cond.Op, values ...string) social.SegmentID {
		t.Helper()
		s, err := h.segments.Add(h.ctx, segment.Segment{Name: field + " " + string(op) + strings.Join(values, ","), Where: cond.Node{Field: field, Op: op, Values: values}})
		must(err)
		return s.ID
	}
	angry, asks, waiting, wrote := add("mood", cond.Is, "negative"), add("intents", cond.Has, "question"), add("waiting", cond.Is, "true"), add("conversations", cond.More, "0")
	here, big, recent := add("networks", cond.Has, "practice"), add("followers", cond.More, "350"), add("last_heard", cond.Within, "1d")
	bought, spent, promised, talks := add("orders", cond.More, "0"), add("spent.JPY", cond.Is, "1200"), add("promises", cond.More, "0"), add("said", cond.More, "1")
	expect := func(when string, want map[social.SegmentID]string) {
		t.Helper()
		for id, names := range want {
			s, err := h.segments.Store.Segment(h.ctx, id)
			must(err)
			if got := h.members(id); got != names || s.Filling.On {
				t.Errorf("%s, %s: %q, want %q", when, s.Name, got, names)
			}
		}
	}
	h.settle()
	h.says("amara", "@brewell my kettle leaks and nobody helps me, this is terrible!")
	h.says("ben", "@brewell where can I buy a new lid for the K2?")
	h.says("ben", "I like tea")
	expect("heard", map[social.SegmentID]string{angry: "amara", asks: "ben", waiting: "amara ben", wrote: "amara ben", here: "amara ben", big: "amara", recent: "amara ben", bought: "", talks: "ben"})

	as := social.WithScope(social.WithActor(h.ctx, social.Actor{Member: "maya", Name: "Maya", Role: social.Admin}), social.Scope{All: true})
	heard := func(when string, id social.SegmentID) {
		t.Helper()
		voice, err := h.segments.Store.Voice(h.ctx, id, h.set.Now().AddDate(0, 0, -30), h.set.Now(), nil)
		must(err)
		var got, want struct{ Said, Negative, Positive int }
		for _, v := range voice {
			got.Said, got.Negative, got.Positive = got.Said+v.Said, got.Negative+v.Negative, got.Positive+v.Positive
		}
		must(h.db.IDB(h.ctx).NewRaw(`SELECT COUNT(*) AS said, COALESCE(SUM(CASE WHEN r.sentiment = 'negative' THEN 1 ELSE 0 END), 0) AS negative, COALESCE(SUM(CASE WHEN r.sentiment = 'positive' THEN 1 ELSE 0 END), 0) AS positive
FROM activity a JOIN identity i ON i.id = a.identity_id JOIN segment_member m ON m.person_id = i.person_id LEFT JOIN activity_reading r ON r.seq = a.seq
WHERE m.segment_id = ? AND a.deleted_at = 0`, string(id)).Scan(h.ctx, &want))
		if got != want || want.Said == 0 {
			t.Errorf("%s: the members are said to have said %+v, and said %+v", when, got, want)
		}
	}
	heard("at first", here)
	heard("those who are angry", angry)
	posts := h.network.Posts("")
	must(h.network.Delete(posts[len(posts)-1].ID))
	h.settle()
	heard("after a post went", here)

	page, err := h.desk.List(as, engage.Query{View: engage.ViewOpen, Limit: 10})
	must(err)
	for _, r := range page.Rows {
		if r.Author.Name == "ben" {
			must(h.desk.Resolve(as, r.ID))
		}
	}
	var who social.PersonID
	found, _, err := h.book.People(h.ctx, people.Query{Words: "ben"})
	must(err)
	who = found[0].ID
	_, _, err = h.deals.Upsert(h.ctx, deal.Order{External: "S-1", Status: "paid", Amount: 1200, Currency: "JPY", Person: who}, deal.Buyer{})
	must(err)
	p, err := h.cards.AddPromise(as, card.Promise{Person: who, Text: "A lid", Owner: "m"})
	must(err)
	h.settle()
	expect("settled", map[social.SegmentID]string{waiting: "amara", bought: "ben", spent: "ben", promised: "ben"})

	// A yes counts until it ends, and nobody has to say so.
	agreed := add("agreed", cond.Has, "marketing")
	_, err = h.consents.Write(as, who, consent.Line{Identity: found[0].Identities[0].ID, Purpose: consent.Marketing, State: consent.Granted, Shown: "News of tea", Source: consent.ByMember, Evidence: "at the fair",
		At: h.set.Now(), Expires: h.set.Now().Add(20 * time.Hour)})
	must(err)
	h.settle()
	expect("a yes", map[social.SegmentID]string{agreed: "ben"})

	kept := "kept"
	_, err = h.cards.EditPromise(as, p.ID, card.PromiseChange{State: &kept})
	must(err)
	_, _, err = h.deals.Upsert(h.ctx, deal.Order{External: "S-1", Status: "refunded", Amount: 1200, Currency: "JPY", Person: who}, deal.Buyer{})
	must(err)
	h.set.Add(25 * time.Hour)
	h.settle()
	expect("a day later", map[social.SegmentID]string{agreed: "", bought: "", spent: "", promised: "", recent: "", here: "amara ben"})
}
