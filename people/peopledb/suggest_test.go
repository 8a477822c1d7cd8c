package peopledb_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// ears hears what a test says.
type ears map[social.ActivityID]social.Mention

func (e ears) Mentions(_ context.Context, ids []social.ActivityID) (out []social.Mention, _ error) {
	for _, id := range ids {
		out = append(out, e[id])
	}
	return out, nil
}

type town struct {
	t    *testing.T
	ctx  context.Context
	book *people.Book
	db   *peopledb.DB
	ears ears
	now  *clock.Set
}

func newTown(t *testing.T, db *store.DB, now *clock.Set) *town {
	s := peopledb.New(db)
	e := ears{}
	return &town{t: t, ctx: all(context.Background()), db: s, ears: e, now: now,
		book: &people.Book{Store: s, Hints: s, Hearing: e, Clock: now, Sources: []people.Source{s}}}
}

// says lets somebody speak to us, and returns who they are.
func (w *town) says(a social.Author, text string) social.PersonID {
	w.t.Helper()
	id := social.ActivityID(fmt.Sprintf("act%d", len(w.ears)))
	w.now.Add(time.Minute)
	w.ears[id] = social.Mention{Inbox: true, Programme: "p1", Activity: social.Activity{ID: id, Channel: "c1", Author: a, Text: text, Published: w.now.Now()}}
	if err := w.book.Meet(w.ctx, []social.ActivityID{id}); err != nil {
		w.t.Fatal(err)
	}
	found, err := w.db.Persons(w.ctx, []social.IdentityID{a.ID()})
	if err != nil {
		w.t.Fatal(err)
	}
	return found[a.ID()]
}

func (w *town) open() []people.Suggestion {
	w.t.Helper()
	found, _, err := w.db.Suggestions(w.ctx, people.SuggestionQuery{})
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

func toot(handle, name string) social.Author {
	return social.Author{Scheme: "acct", Value: handle, Handle: handle, Name: name}
}

func mailOf(address, name string) social.Author {
	return social.Author{Scheme: "mailto", Value: address, Handle: address, Name: name}
}

func phone(number string) social.Author {
	return social.Author{Scheme: "tel", Value: number, Handle: number}
}

func TestWhoIsSuggested(t *testing.T) {
	type said struct {
		who  social.Author
		text string
	}
	tests := []struct {
		name   string
		said   []said
		reason string // of the one suggestion; "" means none
	}{
		{"wrote the address from which they mail", []said{{toot("maya@pdx.social", "Maya"), "Write to Maya.Lind@home.test please"}, {mailOf("maya.lind@home.test", "Maya Lind"), "Hello"}}, "wrote the other's e-mail address; same given name"},
		{"the mail came first", []said{{mailOf("maya.lind@home.test", "Maya Lind"), "Hello"}, {toot("maya@pdx.social", "Maya"), "I am maya.lind@home.test"}}, "wrote the other's e-mail address"},
		{"a telephone in the signature", []said{{mailOf("maya@home.test", "Maya Lind"), "It leaks.\n\nMaya Lind\nTel. 0151 234 567 89"}, {phone("+4915123456789"), "still leaks"}}, "signature of "},
		{"the same name only", []said{{toot("maya@pdx.social", "Maya Lind"), "It leaks"}, {mailOf("m@home.test", "Maya Lind"), "It leaks"}}, ""},
		{"the same handle and another name", []said{{toot("kettle_fan@pdx.social", "Maya Lind"), "Hi"}, {social.Author{Scheme: "telegram", Value: "77", Handle: "kettle_fan", Name: "Bob Marsh"}, "Hi"}}, ""},
		{"the same handle and the same name", []said{{toot("maya_lind@pdx.social", "Maya Lind"), "Hi"}, {social.Author{Scheme: "telegram", Value: "77", Handle: "maya_lind", Name: "Maya Lind"}, "Hi"}}, "same handle; same surname; same given name"},
		{"both wrote a shop's address", []said{{toot("maya@pdx.social", "Maya Lind"), "I asked help@shop.test"}, {mailOf("bob@home.test", "Bob Marsh"), "I asked help@shop.test"}}, ""},
		{"a number that is no telephone", []said{{toot("maya@pdx.social", "Maya"), "My order is 15123456789"}, {phone("+4915123456789"), "Hi"}}, ""},
		{"two proven addresses of one sort", []said{{mailOf("maya@home.test", "Maya Lind"), "I am also maya@work.test"}, {mailOf("maya@work.test", "Maya Lind"), "Hi"}}, ""},
		{"an account that is mentioned is no address", []said{{toot("bob@pdx.social", "Bob"), "Ask @maya@home.test"}, {mailOf("maya@home.test", "Maya Lind"), "Hi"}}, ""},
		{"nothing that tells people apart", []said{{toot("a@b", ""), "\xff\xfe 🦊 " + strings.Repeat("@", 50_000)}, {phone("+1"), ""}}, ""},
	}
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		for i, test := range tests {
			w := newTown(t, db, now)
			before := len(w.open())
			for _, s := range test.said {
				s.who.Value = strings.ReplaceAll(s.who.Value, "maya@pdx", fmt.Sprintf("maya%d@pdx", i))
				w.says(s.who, s.text)
			}
			found := w.open()
			if test.reason == "" {
				if len(found) != before {
					t.Errorf("%s: suggested %+v", test.name, found)
				}
			} else if len(found) != before+1 {
				t.Errorf("%s: %d suggestions", test.name, len(found)-before)
			} else if got := strings.Join(found[0].Reasons, "; "); !slices.ContainsFunc(found, func(s people.Suggestion) bool { return strings.HasPrefix(strings.Join(s.Reasons, "; "), test.reason) }) {
				t.Errorf("%s: because %q, want %q", test.name, got, test.reason)
			}
			for _, s := range found { // out of the way of the next
				if err := w.book.Decline(w.ctx, s.ID); err != nil {
					t.Fatal(err)
				}
			}
			for _, table := range []string{"clue", "suggestion", "identity", "person"} {
				if err := db.InTx(w.ctx, func(ctx context.Context) error {
					_, err := db.IDB(ctx).NewRaw("DELETE FROM " + table).Exec(ctx)
					return err
				}); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestSuggestionIsDecidedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := newTown(t, db, now)
		maya := w.says(toot("maya@pdx.social", "Maya"), "Write to maya@home.test, or call +49 151 23456789")
		mail := w.says(mailOf("maya@home.test", "Maya Lind"), "Hello")
		sms := w.says(phone("+4915123456789"), "still leaks")
		if n := len(w.open()); n != 2 {
			t.Fatalf("%d suggestions, want mail and telephone", n)
		}
		var declined, accepted people.Suggestion
		for _, s := range w.open() {
			if s.A == sms || s.B == sms {
				declined = s
			} else {
				accepted = s
			}
		}
		if err := w.book.Decline(w.ctx, declined.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.book.Decline(w.ctx, declined.ID); !social.Conflict.Is(err) {
			t.Errorf("declining twice: %v", err)
		}
		if _, err := w.book.Accept(w.ctx, accepted.ID, sms, people.Change{}); !social.Invalid.Is(err) {
			t.Errorf("a stranger as survivor: %v", err)
		}
		m, err := w.book.Accept(w.ctx, accepted.ID, mail, people.Change{Name: ptr("Maya Lind"), Notes: ptr("Likes tea.")})
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.book.Person(w.ctx, maya)
		if err != nil || p.ID != mail || p.Notes != "Likes tea." || len(p.Identities) != 2 {
			t.Errorf("joined: %+v, %v", p, err)
		}
		// Declined for ever: not even for the one into whom they were joined.
		w.says(toot("maya@pdx.social", "Maya"), "call +49 151 23456789 or 0151 23456780, phone")
		if open := w.open(); len(open) != 0 {
			t.Errorf("it was asked again: %+v", open)
		}
		if _, err := w.book.Accept(w.ctx, accepted.ID, mail, people.Change{}); !social.Conflict.Is(err) {
			t.Errorf("accepting twice: %v", err)
		}
		if err := w.book.Split(w.ctx, m.ID); err != nil {
			t.Fatal(err)
		}
		if open := w.open(); len(open) != 1 || open[0].ID != accepted.ID {
			t.Errorf("after the merge is undone, the suggestion is open again: %+v", open)
		}
		if p, _ := w.book.Person(w.ctx, mail); p.Notes != "" || p.Name != "Maya Lind" || p.NameEdited {
			t.Errorf("the survivor is not as before: %+v", p)
		}
		if err := w.book.Ask(w.ctx, declined.ID); err != nil {
			t.Fatal(err)
		}
		if n := len(w.open()); n != 2 {
			t.Errorf("asked again by hand: %d open", n)
		}
	})
}

func TestSuggestionsAreScoped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := newTown(t, db, now)
		w.says(toot("maya@pdx.social", "Maya"), "Write to maya@home.test")
		w.says(mailOf("maya@home.test", "Maya Lind"), "Hello")
		id := w.open()[0].ID
		for programme, want := range map[social.ProgrammeID]int{"p1": 1, "p2": 0} {
			only := social.WithScope(w.ctx, social.Scope{Programmes: []social.ProgrammeID{programme}})
			found, _, err := w.db.Suggestions(only, people.SuggestionQuery{})
			n, _ := w.db.CountSuggestions(only, 10)
			if err != nil || len(found) != want || n != want {
				t.Errorf("%s sees %d and counts %d, want %d: %v", programme, len(found), n, want, err)
			}
			if err := w.book.Decline(only, id); want == 0 && !social.NotFound.Is(err) {
				t.Errorf("declined from outside: %v", err)
			}
		}
	})
}

// TestSuggestionsPage: by key, each once.
func TestSuggestionsPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := newTown(t, db, now)
		for i := range 7 {
			w.says(toot(fmt.Sprintf("guest%d@pdx.social", i), "Guest"), fmt.Sprintf("I am g%d@home.test", i))
			w.says(mailOf(fmt.Sprintf("g%d@home.test", i), "Guest Of"), "Hello")
		}
		had := map[string]bool{}
		q := people.SuggestionQuery{Limit: 3}
		for {
			found, next, err := w.db.Suggestions(w.ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range found {
				if had[s.ID] {
					t.Fatal("one came twice")
				}
				had[s.ID] = true
			}
			if q.Cursor = next; next == "" {
				break
			}
		}
		if len(had) != 7 {
			t.Errorf("%d of 7", len(had))
		}
	})
}

// state is all that a merge may touch of persons.
type state struct {
	Person  people.Person
	Terms   []string
	Seen    []string
	Suggest []string
}

func (w *town) state(ids []social.PersonID) map[social.PersonID]state {
	w.t.Helper()
	out := map[social.PersonID]state{}
	for _, id := range ids {
		p, err := w.book.Person(w.ctx, id)
		if err != nil {
			w.t.Fatal(err)
		}
		s := state{Person: p}
		for q, into := range map[string]*[]string{"SELECT term FROM person_term WHERE person_id = ? ORDER BY term": &s.Terms,
			"SELECT programme_id FROM person_programme WHERE person_id = ? ORDER BY programme_id": &s.Seen,
			"SELECT id FROM suggestion WHERE state = 'open' AND (a = ? OR b = '') ORDER BY id":    &s.Suggest} {
			if err := w.db.IDB(w.ctx).NewRaw(q, string(id)).Scan(w.ctx, into); err != nil {
				w.t.Fatal(err)
			}
		}
		out[id] = s
	}
	return out
}

// TestMergesComeApart merges, edits and unmerges at random, and then undoes
// what is left: every person is as if nobody had ever been merged, but for
// what was edited on purpose.
func TestMergesComeApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		for seed := range uint64(6) {
			r := rand.New(rand.NewPCG(seed, 9))
			w := newTown(t, db, now)
			var ids []social.PersonID
			for i := range 6 {
				p := w.says(toot(fmt.Sprintf("s%dp%d@pdx.social", seed, i), fmt.Sprintf("Name%d", i)), fmt.Sprintf("I am s%dp%d@home.test", seed, (i+1)%6))
				ids = append(ids, p)
				if i%2 == 0 {
					if _, err := w.book.Edit(w.ctx, p, people.Change{Notes: ptr(fmt.Sprintf("Note %d.", i)), Place: ptr(fmt.Sprintf("Town %d", i))}); err != nil {
						t.Fatal(err)
					}
				}
			}
			before := w.state(ids)
			var merges []people.Merge
			for range 30 {
				now.Add(time.Second)
				if r.IntN(3) > 0 || len(merges) == 0 {
					a, b := ids[r.IntN(len(ids))], ids[r.IntN(len(ids))]
					m, err := w.book.Join(w.ctx, a, b)
					if err == nil {
						merges = append(merges, m)
					} else if !social.Invalid.Is(err) {
						t.Fatal(err)
					}
				} else {
					i := r.IntN(len(merges))
					err := w.book.Split(w.ctx, merges[i].ID)
					if err == nil {
						merges = slices.Delete(merges, i, i+1)
					} else if !social.Conflict.Is(err) {
						t.Fatal(err)
					}
				}
				w.whole(ids)
			}
			// An edit in between stays with the one who was edited.
			for i := len(merges) - 1; i >= 0; i-- {
				if err := w.book.Split(w.ctx, merges[i].ID); err != nil {
					t.Fatal(err)
				}
			}
			if after := w.state(ids); !reflect.DeepEqual(before, after) {
				for _, id := range ids {
					if !reflect.DeepEqual(before[id], after[id]) {
						t.Fatalf("seed %d: %s was\n%+v\nand is\n%+v", seed, id, before[id], after[id])
					}
				}
			}
		}
	})
}

// whole: each identity belongs to somebody who stands, and every old id leads
// to somebody who stands.
func (w *town) whole(ids []social.PersonID) {
	w.t.Helper()
	var lost int
	if err := w.db.IDB(w.ctx).NewRaw("SELECT COUNT(*) FROM identity i JOIN person p ON p.id = i.person_id WHERE p.merged_into <> ''").Scan(w.ctx, &lost); err != nil || lost > 0 {
		w.t.Fatalf("%d identities of persons who do not stand: %v", lost, err)
	}
	for _, id := range ids {
		if p, err := w.book.Person(w.ctx, id); err != nil || p.MergedInto != "" || len(p.Identities) == 0 {
			w.t.Fatalf("%s leads to %+v, %v", id, p, err)
		}
	}
}

func TestAnEditSurvivesTheEndOfAMerge(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := newTown(t, db, now)
		a, b := w.says(toot("a@x", "A A"), "Hi"), w.says(toot("b@y", "B B"), "Hi")
		m, err := w.book.Join(w.ctx, a, b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.book.Edit(w.ctx, b, people.Change{Place: ptr("Bonn")}); err != nil {
			t.Fatal(err)
		}
		if err := w.book.Split(w.ctx, m.ID); err != nil {
			t.Fatal(err)
		}
		if p, _ := w.book.Person(w.ctx, a); p.Place != "Bonn" {
			t.Errorf("what was edited since is gone: %+v", p)
		}
	})
}
