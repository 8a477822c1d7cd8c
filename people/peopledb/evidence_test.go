package peopledb_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// linked is an account with a profile.
func linked(a social.Author, fields ...string) social.Author {
	a.Links = strings.Join(fields, "\n")
	return a
}

// TestWhatPeopleTellOfThemselves: signatures and profiles are evidence, and the
// suggestion says where it stands.
func TestWhatPeopleTellOfThemselves(t *testing.T) {
	sky := social.Author{Scheme: "did", Value: "did:plc:maya", Handle: "maya.example", Name: "maya"}
	type said struct {
		who         social.Author
		text, below string
	}
	const dashes = "-- \n"
	for _, tt := range []struct {
		name string
		said []said
		want string // the reasons of the one suggestion; "" means none
	}{
		{"a number below two dashes", []said{{phone("+491701234567"), "Hi", ""}, {mailOf("maya@home.test", "Maya Lind"), "It leaks.", dashes + "Maya Lind\nMobil 0170 1234567"}},
			"signature of 2026-03-05 names the other's phone number"},
		{"an account below two dashes", []said{{toot("maya@pdx.social", "Maya"), "Hi", ""}, {mailOf("maya@home.test", "Maya Lind"), "It leaks.", dashes + "Maya Lind\nhttps://pdx.social/@maya"}},
			"signature of 2026-03-05 names the other's account; same given name"},
		{"the account of somebody with another name", []said{{toot("paul@pdx.social", "Paul Reed"), "Hi", ""}, {mailOf("maya@home.test", "Maya Lind"), "It leaks.", dashes + "Maya Lind\nhttps://pdx.social/@paul"}}, ""},
		{"a fax below two dashes", []said{{phone("+491701234567"), "Hi", ""}, {mailOf("maya@home.test", "Maya Lind"), "It leaks.", dashes + "Maya Lind\nFax 0170 1234567"}}, ""},
		{"a number that is quoted", []said{{phone("+491701234567"), "Hi", ""}, {mailOf("paul@home.test", "Paul Reed"), "Thanks", "On Mon, 2 Mar 2026, Maya <maya@home.test> wrote:\n> +49 170 1234567"}}, ""},
		{"a field of a profile", []said{{sky, "Hi", ""}, {linked(toot("maya@pdx.social", "Maya Lind"), "Bluesky\thttps://bsky.app/profile/maya.example"), "Hello", ""}},
			"profile names the other's account; same given name"},
		{"a page that leads back, whatever it is called", []said{{toot("teapot@tea.example", "Some Teapot"), "Hi", ""}, {linked(toot("maya@pdx.social", "Maya Lind"), "Also\thttps://tea.example/@teapot\tback"), "Hello", ""}},
			"profile and the other's page lead to each other; surname differs; given name differs"},
		{"two of one sort where nothing leads back", []said{{toot("maya@tea.example", "Maya Lind"), "Hi", ""}, {linked(toot("maya@pdx.social", "Maya Lind"), "Also\thttps://tea.example/@maya"), "Hello", ""}}, ""},
		{"two profiles that name each other", []said{{linked(toot("maya@tea.example", "Maya"), "Also\t@maya@pdx.social"), "Hi", ""}, {linked(toot("maya@pdx.social", "Maya Lind"), "Also\thttps://tea.example/@maya"), "Hello", ""}},
			"the profiles of both name the other's account; same given name"},
		{"the same page on both, and the same name", []said{{linked(toot("maya@pdx.social", "Maya Lind"), "Web\thttps://maya.example"), "Hi", ""}, {mailOf("maya@home.test", "Maya Lind"), "Hello", dashes + "Maya\nwww.maya.example"}},
			"both name the same site; same surname; same given name"},
		{"the same page on both, and other names", []said{{linked(toot("paul@pdx.social", "Paul Reed"), "Web\thttps://lind.example"), "Hi", ""}, {mailOf("maya@home.test", "Maya Lind"), "Hello", dashes + "Maya\nwww.lind.example"}}, ""},
		{"an employer's account", []said{{toot("lind@pdx.social", "Lind"), "Hi", ""}, {linked(social.Author{Scheme: "mailto", Value: "maya@home.test", Name: "Maya Lind"}, "Employer\t@lind@pdx.social"), "Hello", ""}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
				now.Move(time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC))
				w := newTown(t, db, now)
				for _, s := range tt.said {
					w.writes(s.who, s.text, s.below)
				}
				var got []string
				for _, s := range w.open() {
					got = append(got, strings.Join(s.Reasons, "; "))
				}
				if strings.Join(got, " | ") != tt.want {
					t.Errorf("because %q, want %q", got, tt.want)
				}
			})
		})
	}
}

// writes lets somebody send a mail with something left out below.
func (w *town) writes(a social.Author, text, below string) social.PersonID {
	w.t.Helper()
	id := social.ActivityID(fmt.Sprintf("act%d", len(w.ears)))
	w.book.Below = func(context.Context, []social.ActivityID) (map[social.ActivityID]string, error) {
		return map[social.ActivityID]string{id: below}, nil
	}
	return w.says(a, text)
}

// TestANumberOfSeveralIsWeak: whose signatures bear the same number are not all
// whoever calls from it, also not the first of them.
func TestANumberOfSeveralIsWeak(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := newTown(t, db, now)
		const sign = "-- \nLind & Co\nTel. 030 12345678"
		w.says(phone("+493012345678"), "Hello")
		w.writes(mailOf("anna@lind.test", "Anna Lind"), "Hi", sign)
		if n := len(w.open()); n != 1 {
			t.Fatalf("of one who bears the number %d suggestions, want one", n)
		}
		w.writes(mailOf("ben@lind.test", "Ben Okafor"), "Hi", sign)
		if open := w.open(); len(open) != 0 {
			t.Errorf("of two who bear it: %+v", open)
		}
		for i := range 6 {
			w.writes(mailOf(fmt.Sprintf("c%d@lind.test", i), fmt.Sprintf("Name%d Of", i)), "Hi", sign)
		}
		if open := w.open(); len(open) != 0 {
			t.Errorf("of eight who bear it: %+v", open)
		}
	})
}

// TestWhatAProfileNoLongerTells: what is taken out of a profile speaks for
// nothing any more, and what begins to lead back says more.
func TestWhatAProfileNoLongerTells(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := newTown(t, db, now)
		w.says(social.Author{Scheme: "did", Value: "did:plc:maya", Handle: "maya.example", Name: "Maya Lind"}, "Hi")
		of := func(links string) []string {
			w.says(linked(toot("maya@pdx.social", "Maya Lind"), links), "Hello")
			open := w.open()
			if len(open) == 0 {
				return nil
			}
			return open[0].Reasons[:1]
		}
		for i, step := range []struct{ links, want string }{
			{"Web\thttps://bsky.app/profile/maya.example", "profile names the other's account"},
			{"Web\thttps://bsky.app/profile/maya.example\tback", "profile and the other's page lead to each other"},
			{"Web\thttps://bsky.app/profile/maya.example", "profile names the other's account"},
			{"", ""},
			{"Web\thttps://bsky.app/profile/maya.example", "profile names the other's account"},
		} {
			if got := strings.Join(of(step.links), ""); got != step.want {
				t.Errorf("step %d: %q, want %q", i, got, step.want)
			}
		}
		// It is theirs, and goes with them.
		var n int
		if err := w.db.IDB(w.ctx).NewRaw("SELECT COUNT(*) FROM clue WHERE source = 'profile'").Scan(w.ctx, &n); err != nil || n != 1 {
			t.Fatalf("%d clues of a profile, %v", n, err)
		}
		maya := toot("maya@pdx.social", "")
		if err := w.db.InTx(w.ctx, func(ctx context.Context) error {
			_, err := w.db.Personal().Erase(ctx, social.Subject{Accounts: []social.Account{{Author: maya}}})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := w.db.IDB(w.ctx).NewRaw("SELECT COUNT(*) FROM clue WHERE source = 'profile'").Scan(w.ctx, &n); err != nil || n != 0 {
			t.Errorf("after they were erased: %d, %v", n, err)
		}
	})
}

// TestNobodyIsJoinedByWhatTheyTell: signatures and profiles suggest; they join
// nobody, also where a page leads back.
func TestNobodyIsJoinedByWhatTheyTell(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w, _ := careful(t, db, now)
		ids := []social.PersonID{
			w.says(phone("+491701234567"), "Hi"),
			w.says(toot("maya@tea.example", "Maya Lind"), "Hi"),
			w.writes(mailOf("maya@home.test", "Maya Lind"), "Hi", "-- \nMaya Lind\n+49 170 1234567\nhttps://tea.example/@maya"),
			w.says(linked(toot("maya@pdx.social", "Maya Lind"), "Also\thttps://tea.example/@maya\tback", "Mail\tmaya@home.test"), "Hi"),
		}
		slices.Sort(ids)
		if len(slices.Compact(ids)) != 4 {
			t.Error("somebody was joined by what they told")
		}
		if n := len(w.open()); n < 3 {
			t.Errorf("%d suggestions", n)
		}
		var merges []people.Merge
		for _, id := range ids {
			m, err := w.db.Merges(w.ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			merges = append(merges, m...)
		}
		if len(merges) > 0 {
			t.Errorf("merges: %+v", merges)
		}
	})
}
