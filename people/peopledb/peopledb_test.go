package peopledb_test

import (
	"context"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

func amara(handle string) social.Author {
	return social.Author{Scheme: "acct", Value: handle, Handle: handle, Name: "Amara Okafor", Followers: 312}
}

func all(ctx context.Context) context.Context {
	return social.WithScope(social.WithActor(ctx, social.Actor{Member: "m1", Role: social.Manager}), social.Scope{All: true})
}

func setup(t *testing.T, db *store.DB, now *clock.Set) (context.Context, *people.Book, func(...people.Seen)) {
	t.Helper()
	s := peopledb.New(db)
	b := &people.Book{Store: s, Clock: now, Sources: []people.Source{s}}
	ctx := all(context.Background())
	return ctx, b, func(seen ...people.Seen) {
		t.Helper()
		if err := s.Meet(ctx, seen); err != nil {
			t.Fatal(err)
		}
	}
}

func page(t *testing.T, ctx context.Context, b *people.Book, q people.Query) ([]people.Person, string) {
	t.Helper()
	found, next, err := b.People(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	return found, next
}

func TestMeet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		ctx, b, meet := setup(t, db, now)
		at := storetest.Start
		meet(people.Seen{Author: amara("amara@pdx.social"), Channel: "c1", At: at})
		meet(people.Seen{Author: amara("Amara@PDX.social"), Channel: "c1", At: at.Add(time.Minute)})
		found, _ := page(t, ctx, b, people.Query{})
		if len(found) != 1 || len(found[0].Identities) != 1 {
			t.Fatalf("case variants of a handle are one person; got %+v", found)
		}
		if !found[0].SeenAt.Equal(at.Add(time.Minute)) {
			t.Errorf("seen at %v, want the newest sighting", found[0].SeenAt)
		}
		late := amara("amara@pdx.social")
		late.Name, late.Followers = "Old name", 3
		meet(people.Seen{Author: late, Channel: "c1", At: at.Add(-time.Hour)})
		found, _ = page(t, ctx, b, people.Query{})
		if got := found[0].Identities[0]; got.Author.Name != "Amara Okafor" || got.Author.Followers != 312 || !got.FirstSeen.Equal(at.Add(-time.Hour)) {
			t.Errorf("an older sighting must not overwrite a newer one: %+v", got)
		}
		meet(people.Seen{Author: amara("someone@else"), Channel: "c1", At: at})
		if found, _ = page(t, ctx, b, people.Query{}); len(found) != 2 {
			t.Errorf("the same name is not the same person: got %d", len(found))
		}
	})
}

func TestFindByWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		ctx, b, meet := setup(t, db, now)
		meet(people.Seen{Author: amara("amara@pdx.social"), At: storetest.Start},
			people.Seen{Author: social.Author{Scheme: "did", Value: "did:plc:x", Handle: "hana.example", Name: "Hana Nováková"}, At: storetest.Start})
		for q, want := range map[string]int{"oka": 1, "amara okafor": 1, "@hana": 1, "amara hana": 0, "kafor": 0, "": 2, "%": 0} {
			if found, _ := page(t, ctx, b, people.Query{Words: q}); len(found) != want {
				t.Errorf("%q finds %d, want %d", q, len(found), want)
			}
		}
	})
}

func TestPaging(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		ctx, b, meet := setup(t, db, now)
		for i := range 7 {
			meet(people.Seen{Author: amara(string(rune('a'+i)) + "@x"), At: storetest.Start.Add(time.Duration(i/2) * time.Second)})
		}
		had := map[social.PersonID]bool{}
		q := people.Query{Limit: 2}
		for {
			found, next := page(t, ctx, b, q)
			for _, p := range found {
				if had[p.ID] {
					t.Fatal("a person came twice")
				}
				had[p.ID] = true
			}
			if next == "" {
				break
			}
			q.Cursor = next
		}
		if len(had) != 7 {
			t.Errorf("paging showed %d of 7", len(had))
		}
		if _, _, err := b.People(ctx, people.Query{Cursor: "forged"}); !social.Invalid.Is(err) {
			t.Errorf("a forged cursor: %v, want invalid", err)
		}
	})
}

func TestMergeThenUndoRestoresEveryLink(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		ctx, b, meet := setup(t, db, now)
		meet(people.Seen{Author: amara("amara@pdx.social"), At: storetest.Start})
		meet(people.Seen{Author: social.Author{Scheme: "mailto", Value: "amara@hey.example", Name: "A. Okafor"}, At: storetest.Start.Add(time.Hour)})
		found, _ := page(t, ctx, b, people.Query{})
		mail, acct := found[0].ID, found[1].ID
		if _, err := b.Edit(ctx, acct, people.Change{Notes: ptr("Has a K2.")}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Edit(ctx, mail, people.Change{Notes: ptr("Prefers mail."), Place: ptr("Portland")}); err != nil {
			t.Fatal(err)
		}
		m, err := b.Join(ctx, acct, mail)
		if err != nil {
			t.Fatal(err)
		}
		p, err := b.Person(ctx, mail)
		if err != nil || p.ID != acct || len(p.Identities) != 2 || p.Notes != "Has a K2.\n\nPrefers mail." || p.Place != "Portland" {
			t.Fatalf("the absorbed id must lead to the survivor with everything: %+v, %v", p, err)
		}
		if found, _ := page(t, ctx, b, people.Query{}); len(found) != 1 {
			t.Errorf("the list shows %d, want 1", len(found))
		}
		story, err := b.Timeline(ctx, acct, people.Look{Limit: 10})
		if err != nil || len(story.Moments) != 1 || story.Moments[0].Kind != "merge" {
			t.Errorf("the timeline tells of the merge: %+v, %v", story, err)
		}
		if _, err := b.Join(ctx, acct, mail); !social.Invalid.Is(err) {
			t.Errorf("joining twice: %v, want invalid", err)
		}
		if err := b.Split(ctx, m.ID); err != nil {
			t.Fatal(err)
		}
		p, err = b.Person(ctx, acct)
		if err != nil || len(p.Identities) != 1 || p.Notes != "Has a K2." || p.Place != "" {
			t.Errorf("the survivor is not as before: %+v, %v", p, err)
		}
		p, err = b.Person(ctx, mail)
		if err != nil || p.ID != mail || len(p.Identities) != 1 || p.Notes != "Prefers mail." {
			t.Errorf("the other is not as before: %+v, %v", p, err)
		}
		if err := b.Split(ctx, m.ID); !social.Conflict.Is(err) {
			t.Errorf("undoing twice: %v, want conflict", err)
		}
	})
}

func TestScope(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		ctx, b, meet := setup(t, db, now)
		meet(people.Seen{Author: amara("a@x"), Programme: "p1", At: storetest.Start}, people.Seen{Author: amara("b@x"), Programme: "p2", At: storetest.Start})
		found, _ := page(t, ctx, b, people.Query{})
		only := social.WithScope(ctx, social.Scope{Programmes: []social.ProgrammeID{"p1"}})
		mine, _ := page(t, only, b, people.Query{})
		if len(found) != 2 || len(mine) != 1 {
			t.Fatalf("all %d, scoped %d; want 2 and 1", len(found), len(mine))
		}
		for _, p := range found {
			_, err := b.Person(only, p.ID)
			if (err == nil) != (p.ID == mine[0].ID) {
				t.Errorf("person %s: %v", p.ID, err)
			}
			if _, err := b.Edit(social.WithScope(ctx, social.Scope{}), p.ID, people.Change{Notes: ptr("x")}); !social.NotFound.Is(err) {
				t.Errorf("out of scope, an edit gives %v, want not found", err)
			}
		}
	})
}

func TestEditSaysWhatIsWrong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		ctx, b, meet := setup(t, db, now)
		meet(people.Seen{Author: amara("a@x"), At: storetest.Start})
		found, _ := page(t, ctx, b, people.Query{})
		if _, err := b.Edit(ctx, found[0].ID, people.Change{Name: ptr("  ")}); !social.Invalid.Is(err) {
			t.Errorf("an empty name: %v", err)
		}
		if _, err := b.Edit(ctx, found[0].ID, people.Change{Name: ptr("Amara O.")}); err != nil {
			t.Error(err)
		}
		meet(people.Seen{Author: amara("a@x"), At: storetest.Start.Add(time.Hour)})
		if p, _ := b.Person(ctx, found[0].ID); p.Name != "Amara O." {
			t.Errorf("a network overwrote what a colleague wrote: %q", p.Name)
		}
	})
}

func ptr[T any](v T) *T { return &v }
