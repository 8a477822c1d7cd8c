package letter_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen/letter"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/listen/warn"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// mail is what went to somebody.
type mail struct{ to, title, text string }

// world is a house with a desk of three, and a post that does what it is told.
type world struct {
	*testing.T
	ctx   context.Context
	now   *clock.Set
	db    *listendb.DB
	box   *letter.Box
	desk  []social.MemberID
	fails []error // what the post says to the next mails
	shut  bool    // there is no post
	went  []mail
}

func each(t *testing.T, f func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := &world{T: t, ctx: social.WithScope(t.Context(), social.Scope{All: true}), now: now, db: listendb.New(db), desk: []social.MemberID{"ana", "ben", "cem"}}
		w.box = &letter.Box{Store: w.db, House: w, Post: w, Clock: now, Log: slog.New(slog.DiscardHandler), Base: "https://parley.example"}
		f(w)
	})
}

func (w *world) AtDesk(context.Context, social.ProgrammeID) ([]social.MemberRef, error) {
	var out []social.MemberRef
	for _, m := range w.desk {
		out = append(out, social.MemberRef{ID: m, Name: string(m)})
	}
	return out, nil
}

func (w *world) Reader(_ context.Context, m social.MemberID) (letter.Reader, error) {
	return letter.Reader{Name: string(m), Email: string(m) + "@brewell.example"}, nil
}

func (w *world) Subject(_ context.Context, s warn.Subject) string {
	return "Kettles\r\nBcc: " + string(s.Monitor)
}

func (w *world) Through(context.Context) (string, bool) { return "Mailbox", !w.shut }

func (w *world) Mail(_ context.Context, _ string, to letter.Reader, title, text string) error {
	if len(w.fails) > 0 {
		err := w.fails[0]
		w.fails = w.fails[1:]
		if err != nil {
			return err
		}
	}
	w.went = append(w.went, mail{to.Email, title, text})
	return nil
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) wants(m social.MemberID, on bool) {
	w.Helper()
	w.must(w.box.Want(social.WithActor(w.ctx, social.Actor{Member: m, Name: string(m)}), on))
}

// raised is an alert that came up so long ago, and that letters hear of.
func (w *world) raised(id string, ago time.Duration) warn.Alert {
	w.Helper()
	at := w.now.Now().Add(-ago)
	a := warn.Alert{ID: social.AlertID(id), Subject: warn.Subject{Monitor: social.MonitorID("m" + id), Programme: "care"}, State: warn.Open, Raised: at, Last: at,
		Finding: warn.Finding{Surge: true, Span: time.Hour, Count: 40, Usual: 4, Score: 0.8}, Words: []string{"recall\nnow"}}
	w.must(w.db.InTx(w.ctx, func(ctx context.Context) error { return w.db.AddAlert(ctx, a) }))
	w.hear(a)
	return a
}

func (w *world) hear(a warn.Alert) {
	w.Helper()
	w.must(w.db.InTx(w.ctx, func(ctx context.Context) error {
		return w.box.Hear(ctx, []social.Alerted{{Alert: a.ID, Programme: "care", State: string(a.State)}})
	}))
}

// later lets time pass, and what is due go.
func (w *world) later(d time.Duration) {
	w.Helper()
	w.now.Add(d)
	w.must(w.box.Send(w.ctx))
}

func (w *world) sent(want ...string) {
	w.Helper()
	var got []string
	for _, m := range w.went {
		name, _, _ := strings.Cut(m.to, "@")
		got = append(got, name)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		w.Fatalf("mailed %q, want %q", got, want)
	}
}

func TestWhoIsMailed(t *testing.T) {
	each(t, func(w *world) {
		w.wants("ana", true)
		w.wants("ben", true)
		w.wants("cem", true)
		w.wants("cem", false)
		w.raised("old", 20*time.Minute) // no news any more
		a := w.raised("a", 0)
		w.hear(a) // told again
		w.later(5 * time.Second)
		w.sent()                                 // a moment is left for others to come along
		w.desk = []social.MemberID{"ana", "cem"} // ben looks after it no longer
		w.later(time.Minute)
		w.sent("ana")
		text := w.went[0].text
		if w.went[0].title != "Alert: Kettles Bcc: ma" || !strings.Contains(text, "https://parley.example/listen/alerts/a\n") || strings.Contains(text, "\nnow") || strings.Contains(text, "\nBcc") {
			t.Fatalf("%+v", w.went[0])
		}
		w.hear(a)
		w.later(3 * time.Hour)
		w.sent("ana")
		steps, err := w.db.Steps(w.ctx, "a")
		w.must(err)
		if len(steps) != 1 || steps[0].Detail.By != "mail" || len(steps[0].Detail.Told) != 1 || steps[0].Detail.Told[0].ID != "ana" {
			t.Fatalf("the alert says: %+v", steps)
		}
	})
}

func TestWhatIsOverIsMailedToNobody(t *testing.T) {
	each(t, func(w *world) {
		w.wants("ana", true)
		a := w.raised("a", 0)
		a.State = warn.Acknowledged
		w.must(w.db.InTx(w.ctx, func(ctx context.Context) error { return w.db.SaveState(ctx, a) }))
		w.hear(a)
		b := w.raised("b", 0)
		b.State = warn.Resolved // and letters have not heard of it yet
		w.must(w.db.InTx(w.ctx, func(ctx context.Context) error { return w.db.SaveState(ctx, b) }))
		w.later(time.Minute)
		w.sent()

		w.shut = true // with no mailbox they wait
		w.raised("c", 0)
		w.later(time.Minute)
		w.sent()
		if err := w.box.Want(social.WithActor(w.ctx, social.Actor{Member: "ben"}), true); !social.Conflict.Is(err) {
			t.Fatalf("wishing for mail that cannot go: %v", err)
		}
		w.shut = false
		w.later(time.Minute)
		w.sent("ana")
	})
}

func TestInAStorm(t *testing.T) {
	each(t, func(w *world) {
		w.wants("ana", true)
		for _, id := range []string{"a", "b", "c"} {
			w.raised(id, 0)
			w.now.Add(5 * time.Second)
		}
		w.later(30 * time.Second)
		w.sent("ana")
		if !strings.HasPrefix(w.went[0].title, "3 alerts: ") || strings.Count(w.went[0].text, "/listen/alerts/") != 3 {
			t.Fatalf("%+v", w.went[0])
		}
		w.raised("d", 0)
		w.later(10 * time.Minute)
		w.sent("ana") // not yet
		w.later(6 * time.Minute)
		w.sent("ana", "ana")
		// One every quarter of an hour, until there were four; then one in an hour.
		for i := range 16 {
			w.raised("storm"+string(rune('a'+i)), 0)
			w.later(5 * time.Minute)
		}
		if n := len(w.went); n < 4 || n > 5 {
			t.Fatalf("%d mails in an hour and a half of storm", n)
		}
	})
}

func TestOnceEach(t *testing.T) {
	busy, unknown := social.Errorf(social.Busy, "Away."), social.Errorf(social.Unknown, "Who knows.")
	for _, x := range []struct {
		name  string
		says  []error
		mails int
		note  string
	}{
		{"a server that is away for a while is asked again", []error{busy, busy}, 1, ""},
		{"not for ever", []error{busy, busy, busy, busy, busy, busy}, 0, "Away."},
		{"nobody knows whether it went: it is not sent again", []error{unknown}, 0, "The mail server did not say whether it took the mail."},
		{"an address that does not exist", []error{social.Errorf(social.NotFound, "No such address.")}, 0, "No such address."},
	} {
		t.Run(x.name, func(t *testing.T) {
			each(t, func(w *world) {
				w.wants("ana", true)
				a := w.raised("a", 0)
				w.fails = x.says
				for range 90 {
					a.Last = w.now.Now() // it goes on
					w.must(w.db.InTx(w.ctx, func(ctx context.Context) error { return w.db.SaveFigures(ctx, a) }))
					w.later(time.Minute)
				}
				if len(w.went) != x.mails {
					t.Fatalf("%d mails, want %d", len(w.went), x.mails)
				}
				var note string
				w.must(w.db.IDB(w.ctx).NewRaw("SELECT note FROM letter WHERE alert_id = 'a'").Scan(w.ctx, &note))
				if note != x.note {
					t.Errorf("noted %q, want %q", note, x.note)
				}
			})
		})
	}
}

// TestADeathWhileSending: what was being handed over when Parley ended is not
// sent again.
func TestADeathWhileSending(t *testing.T) {
	each(t, func(w *world) {
		w.wants("ana", true)
		w.raised("a", 0)
		w.must(w.db.InTx(w.ctx, func(ctx context.Context) error {
			_, err := w.db.MoveLetter(ctx, letter.Letter{Alert: "a", Member: "ana", State: letter.Sending, At: w.now.Now()}, letter.Waiting)
			return err
		}))
		for range 30 {
			w.later(time.Minute)
		}
		w.sent()
	})
}
