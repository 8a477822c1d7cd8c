package know_test

import (
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/social"
)

func TestTheHelpPageOpensByItself(t *testing.T) {
	each(t, func(h *house) {
		is := func(want bool, when string) {
			t.Helper()
			if got, err := h.lib.HelpOpen(h.ctx); err != nil || got != want {
				t.Errorf("%s: open %v, %v", when, got, err)
			}
		}
		is(false, "nothing is written")
		h.publish(know.Article{Title: "House", Body: "x"})
		is(false, "only inside things are published")
		a := h.publish(know.Article{Title: "World", Body: "x", Visibility: social.Public})
		is(true, "something is published for everybody")
		h.must(h.lib.SetHelp(h.ctx, know.HelpSettings{Off: true}))
		is(false, "switched off")
		h.must(h.lib.SetHelp(h.ctx, know.HelpSettings{}))
		_, err := h.lib.Turn(h.ctx, a.ID, know.Archived, anybody)
		h.must(err)
		is(false, "the last one is archived")
		h.is(h.lib.SetHelp(as(t.Context(), "sue", "south"), know.HelpSettings{}), social.Forbidden)
		for _, bad := range []know.HelpSettings{{Colour: "red"}, {Colour: "#12345g"}, {Title: strings.Repeat("x", 81)}, {Intro: strings.Repeat("x", 401)}} {
			h.is(h.lib.SetHelp(h.ctx, bad), social.Invalid)
		}
	})
}

// TestWhatTheHelpPageBrings: a visitor counts once a day for each step, an
// article once for each reader, and a vote that is changed is one vote.
func TestWhatTheHelpPageBrings(t *testing.T) {
	each(t, func(h *house) {
		a := h.publish(know.Article{Title: "Descale", Body: "acid", Visibility: social.Public})
		b := h.publish(know.Article{Title: "Return", Body: "box", Visibility: social.Public})
		who := func(ip string) string {
			t.Helper()
			v, err := h.lib.Visitor(h.ctx, ip, "Firefox")
			h.must(err)
			if len(v) < 16 || strings.Contains(v, ip) {
				t.Fatalf("visitor %q", v)
			}
			return v
		}
		one, two := who("1.2.3.4"), who("1.2.3.5")
		if one == two || one != who("1.2.3.4") {
			t.Fatal("a visitor is the same all day, and nobody else")
		}
		for range 3 { // the same again changes nothing
			h.lib.Note(know.Event{Do: "visit", Visitor: one}, know.Event{Do: "search", Visitor: one, Words: "Descale!", Lang: "en", Found: 1},
				know.Event{Do: "read", Visitor: one, Article: a.ID}, know.Event{Do: "vote", Visitor: one, Article: a.ID, Vote: "yes"})
			h.must(h.lib.Flush(h.ctx))
		}
		h.lib.Note(know.Event{Do: "visit", Visitor: two}, know.Event{Do: "read", Visitor: two, Article: a.ID}, know.Event{Do: "read", Visitor: two, Article: b.ID},
			know.Event{Do: "vote", Visitor: two, Article: b.ID, Vote: "yes"}, know.Event{Do: "vote", Visitor: two, Article: b.ID, Vote: "no"},
			know.Event{Do: "ask", Visitor: two, Article: b.ID}, know.Event{Do: "ask", Visitor: two, Article: b.ID},
			know.Event{Do: "search", Visitor: two, Words: "student discount", Lang: "en"}, know.Event{Do: "search", Visitor: two, Words: "Student  discount?", Lang: "en"})
		h.must(h.lib.Flush(h.ctx))
		today := h.now.Now().Truncate(24 * time.Hour)
		r, err := h.lib.Report(h.ctx, today, today.AddDate(0, 0, 1))
		h.must(err)
		want := know.Number{Visits: 2, Searched: 2, Read: 2, Solved: 2, Unsolved: 1, Asked: 1}
		if r.Total != want {
			t.Errorf("total %+v, want %+v", r.Total, want)
		}
		of := map[know.ArticleID]know.Number{}
		for _, n := range r.Articles {
			n.Day = time.Time{}
			of[n.Article] = n
		}
		if got := of[a.ID]; got != (know.Number{Article: a.ID, Visits: 2, Read: 2, Solved: 1}) {
			t.Errorf("a: %+v", got)
		}
		if got := of[b.ID]; got != (know.Number{Article: b.ID, Visits: 1, Read: 1, Unsolved: 1, Asked: 1}) {
			t.Errorf("b: %+v", got)
		}
		if len(r.Missed) != 1 || r.Missed[0].None != 2 || r.Missed[0].Asked != "Student discount?" {
			t.Errorf("missed %+v", r.Missed)
		}
		if len(r.Often) != 2 || r.Often[0].N != 3 {
			t.Errorf("often %+v", r.Often)
		}

		h.now.Add(24 * time.Hour)
		if who("1.2.3.4") == one {
			t.Error("the next day a visitor is somebody else")
		}
		h.must(h.lib.Tidy(h.ctx))
		var left int
		h.must(h.db.IDB(h.ctx).NewRaw("SELECT (SELECT COUNT(*) FROM know_visit) + (SELECT COUNT(*) FROM know_visit_article)").Scan(h.ctx, &left))
		if left != 0 {
			t.Errorf("%d rows of yesterday's visitors are kept", left)
		}
		again, err := h.lib.Report(h.ctx, today, today.AddDate(0, 0, 1))
		h.must(err)
		if again.Total != want {
			t.Error("the numbers stay when the visitors are forgotten")
		}
		h.must(h.lib.Say(h.ctx, one, a.ID, "no", "mail me: amara@example.org \x00 "+strings.Repeat("x", 5000)))
		said, err := h.db.Remarks(h.ctx, a.ID, 10)
		h.must(err)
		if len(said) != 1 || strings.Contains(said[0].Words, "amara") || len(said[0].Words) > 1010 {
			t.Errorf("%+v", said)
		}
	})
}
