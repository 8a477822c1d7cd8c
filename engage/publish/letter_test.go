package publish_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/engage/publishdb"
	"github.com/parley-crm/parley/social"
)

// mail is a mailbox that does what it is told, and a ledger of consents.
type mail struct {
	none bool                         // nobody connected one
	no   map[social.IdentityID]string // whom the ledger refuses
	fail error                        // what Write says, after it took it where that is unknown
	went []social.Reply
	seen func() // before it is taken
}

func (m *mail) Through(_ context.Context, p social.ProgrammeID) (publish.Mailbox, bool) {
	return publish.Mailbox{ID: "post", Name: "Mail to care"}, !m.none && p == care
}

func (m *mail) MayServe(_ context.Context, who social.IdentityID, c social.ChannelID, reference string) (bool, string, error) {
	return m.no[who] == "" && c == "post" && strings.HasPrefix(reference, "guest/"), m.no[who], nil
}

func (m *mail) Write(_ context.Context, r social.Reply) error {
	if m.seen != nil {
		m.seen()
	}
	if m.fail != nil && !social.Unknown.Is(m.fail) {
		return m.fail
	}
	m.went = append(m.went, r)
	return m.fail
}

// told takes what went to whom since: "ana: Your answer: Tea tasting".
func (m *mail) told() []string {
	out := make([]string, len(m.went))
	for i, r := range m.went {
		name, _, _ := strings.Cut(r.To.Value, "@")
		out[i] = name + ": " + r.Title
	}
	m.went = nil
	slices.Sort(out)
	return out
}

func (w *world) mailed() *mail {
	m := &mail{no: map[social.IdentityID]string{}}
	w.press.Mail, w.press.Base = m, "https://p.example"
	return m
}

// post lets time pass and the letters go.
func (w *world) post(d time.Duration) {
	w.Helper()
	w.now.Add(d)
	w.must(w.press.WriteToGuests(context.Background()))
}

func (w *world) answer(e publish.Event, name string, c publish.Coming) (publish.Guest, string) {
	w.Helper()
	w.now.Add(time.Second)
	g, key, err := w.press.Reply(as(max), e.Slug, publish.Answer{Name: name, Email: name + "@x.example", Coming: c})
	w.must(err)
	return g, key
}

// alter changes an event as it stands.
func (w *world) alter(id publish.EventID, change func(e *publish.Event)) {
	w.Helper()
	e, err := w.press.Store.Event(as(ida), id)
	w.must(err)
	change(&e)
	_, err = w.press.WriteEvent(as(ida), id, e, e.Version)
	w.must(err)
}

func (w *world) went(m *mail, want ...string) {
	w.Helper()
	if got := m.told(); !slices.Equal(got, want) {
		w.Fatalf("went %q, want %q", got, want)
	}
}

// state is what became of the newest letter of a kind.
func (w *world) state(g publish.GuestID, k publish.LetterKind) publish.Letter {
	w.Helper()
	all, err := w.press.Store.LettersOf(as(ida), []publish.GuestID{g})
	w.must(err)
	for _, l := range all[g] {
		if l.Kind == k {
			return l
		}
	}
	return publish.Letter{}
}

func TestGuestsAreToldWhatBecomesOfTheEvent(t *testing.T) {
	each(t, func(w *world) {
		m := w.mailed()
		e := w.event(1)
		ana, key := w.answer(e, "ana", publish.Yes)
		w.answer(e, "ben", publish.Yes)
		w.answer(e, "cleo", publish.Maybe)
		dan, _ := w.answer(e, "dan", publish.No)
		w.post(0)
		first := m.went
		w.went(m, "ana: Your answer: Tea tasting", "ben: Your answer: Tea tasting", "cleo: Your answer: Tea tasting", "dan: Your answer: Tea tasting")
		w.post(time.Hour)
		w.went(m) // once
		for _, want := range []string{"Hello ana,", "You said that you come.", "CET", "Where: Linz, Main Square 1", "https://p.example/e/" + e.Slug + "/"} {
			if !strings.Contains(first[0].Text, want) {
				t.Errorf("no %q in %q", want, first[0].Text)
			}
		}
		if !strings.Contains(first[1].Text, "you are on the waiting list") || len(first[3].Media) != 0 || len(first[0].Media) != 1 || first[0].Media[0].Type != "text/calendar" {
			t.Errorf("what went: %+v", first)
		}
		file, err := io.ReadAll(first[0].Media[0].Open())
		w.must(err)
		if read := parse(t, string(file)); read["UID"] != string(e.ID)+"@parley" {
			t.Errorf("the calendar file: %v", read)
		}
		// The link in the letter changes the answer, like the one on the page.
		_, own, _ := strings.Cut(first[0].Text, "https://p.example/e/"+e.Slug+"/")
		own, _, _ = strings.Cut(own, "\n")
		if _, err := w.press.Reconsider(as(max), e.Slug, own, publish.No); err != nil || own == key {
			t.Fatalf("the link in the letter: %v", err)
		}
		if _, _, err := w.press.AtDoor(as(max), e.Slug, key); err != nil {
			t.Fatalf("the link on the page: %v", err)
		}
		w.post(0)
		w.went(m, "ben: A place for you: Tea tasting")
		// Changed twice within a minute is told once, as it is then.
		w.alter(e.ID, func(e *publish.Event) { e.Place = "Wels" })
		w.now.Add(20 * time.Second)
		w.alter(e.ID, func(e *publish.Event) { e.Place = "Graz" })
		w.alter(e.ID, func(e *publish.Event) { e.About = "Bring a cup." }) // nobody needs to know
		w.post(2 * time.Minute)
		graz := m.went
		w.went(m, "ben: Changed: Tea tasting", "cleo: Changed: Tea tasting")
		if !strings.Contains(graz[0].Text, "Where: Graz") {
			t.Errorf("it says %q", graz[0].Text)
		}
		// Called off by mistake for a moment: nobody hears of it.
		w.alter(e.ID, func(e *publish.Event) { e.Standing = publish.Cancelled })
		w.now.Add(20 * time.Second)
		w.alter(e.ID, func(e *publish.Event) { e.Standing = publish.Open })
		w.post(2 * time.Minute)
		w.went(m)
		w.alter(e.ID, func(e *publish.Event) { e.Standing = publish.Cancelled })
		w.post(2 * time.Minute)
		w.went(m, "ben: Called off: Tea tasting", "cleo: Called off: Tea tasting")
		w.alter(e.ID, func(e *publish.Event) { e.Standing = publish.Open })
		w.post(2 * time.Minute)
		w.went(m, "ben: It takes place after all: Tea tasting", "cleo: It takes place after all: Tea tasting")
		if s := w.state(dan.ID, publish.CallsOff).State; s != "" {
			t.Errorf("who said no was told that it is called off: %s", s)
		}
		// Who is removed takes the letters along.
		w.must(w.press.Forget(as(ida), e.ID, ana.ID))
		if all, err := w.press.Store.LettersOf(as(ida), []publish.GuestID{ana.ID}); err != nil || len(all) != 0 {
			t.Errorf("letters of somebody who is gone: %v %v", all, err)
		}
		if _, _, err := w.press.AtDoor(as(max), e.Slug, own); !social.NotFound.Is(err) {
			t.Errorf("the link of somebody who is gone: %v", err)
		}
	})
}

func TestRemindersTheDayBefore(t *testing.T) {
	each(t, func(w *world) {
		m := w.mailed()
		e := w.event(2)
		quiet := w.event(0)
		w.alter(quiet.ID, func(e *publish.Event) { e.NoReminder = true })
		w.answer(quiet, "quin", publish.Yes)
		w.answer(e, "ana", publish.Yes)
		w.answer(e, "ben", publish.Yes)
		w.answer(e, "cleo", publish.Yes) // waits
		w.answer(e, "dan", publish.Maybe)
		w.post(0)
		m.told()
		w.post(23 * time.Hour) // 25 hours before
		w.went(m)
		w.post(time.Hour)
		w.went(m, "ana: Soon: Tea tasting", "ben: Soon: Tea tasting")
		w.post(time.Hour)
		w.went(m) // once
		// Put off by two days, they are told so, and reminded anew.
		w.alter(e.ID, func(e *publish.Event) { e.Start, e.End = e.Start.Add(48*time.Hour), e.End.Add(48*time.Hour) })
		w.post(2 * time.Minute)
		if got := m.told(); len(got) != 4 {
			t.Fatalf("put off: %q", got)
		}
		w.post(48 * time.Hour)
		w.went(m, "ana: Soon: Tea tasting", "ben: Soon: Tea tasting")
		// Who hears today that it is an hour later needs no reminder besides.
		again := w.event(0)
		w.answer(again, "eve", publish.Yes)
		w.post(0)
		m.told()
		w.now.Add(23 * time.Hour)
		w.alter(again.ID, func(e *publish.Event) { e.Start, e.End = e.Start.Add(-2*time.Hour), e.End.Add(-2*time.Hour) })
		w.post(2 * time.Minute)
		w.went(m, "eve: Changed: Tea tasting")
	})
}

func TestALetterGoesAtMostOnce(t *testing.T) {
	each(t, func(w *world) {
		m := w.mailed()
		e := w.event(0)
		ana, _ := w.answer(e, "ana", publish.Yes)
		// The process dies after the mailbox took it.
		died := errors.New("killed")
		func() {
			defer func() {
				if r := recover(); r != died {
					t.Errorf("it did not die: %v", r)
				}
			}()
			m.seen = func() {
				m.went = append(m.went, social.Reply{To: social.Author{Value: "ana@x.example"}, Title: "taken"})
				panic(died)
			}
			w.post(0)
		}()
		m.seen = nil
		w.went(m, "ana: taken")
		w.restart(publishdb.New(w.db))
		w.press.Mail, w.press.Base = m, "https://p.example"
		w.post(time.Minute)
		w.post(15 * time.Minute)
		w.post(time.Hour)
		w.went(m)
		if l := w.state(ana.ID, publish.Confirms); l.State != publish.LetterUnknown || l.Note == "" {
			t.Errorf("after a death: %+v", l)
		}
		// A server that does not say whether it took it.
		m.fail = social.Errorf(social.Unknown, "No answer came.")
		ben, _ := w.answer(e, "ben", publish.Yes)
		w.post(0)
		m.fail = nil
		w.post(time.Hour)
		w.went(m, "ben: Your answer: Tea tasting")
		if l := w.state(ben.ID, publish.Confirms); l.State != publish.LetterUnknown {
			t.Errorf("without an answer: %+v", l)
		}
		// One that is busy gets it again later; one that knows no such address does not.
		m.fail = social.Errorf(social.Busy, "Not now.")
		cleo, _ := w.answer(e, "cleo", publish.Yes)
		w.post(0)
		if l := w.state(cleo.ID, publish.Confirms); l.State != publish.LetterWaits || l.Note != "Not now." {
			t.Errorf("a busy server: %+v", l)
		}
		m.fail = nil
		w.post(5 * time.Minute)
		w.went(m, "cleo: Your answer: Tea tasting")
		m.fail = social.Errorf(social.NotFound, "There is no such address.")
		dan, _ := w.answer(e, "dan", publish.Yes)
		w.post(0)
		m.fail = nil
		w.post(time.Hour)
		w.went(m)
		if l := w.state(dan.ID, publish.Confirms); l.State != publish.LetterFailed || l.Note != "There is no such address." {
			t.Errorf("no such address: %+v", l)
		}
		// Meant again, it is one.
		l := w.state(cleo.ID, publish.Confirms)
		l.State = publish.LetterWaits
		w.must(w.press.Store.InTx(as(ida), func(ctx context.Context) error { return w.press.Store.Tells(ctx, l) }))
		w.post(time.Hour)
		w.went(m)
	})
}

func TestWhoIsNotWrittenTo(t *testing.T) {
	each(t, func(w *world) {
		m := w.mailed()
		m.none = true
		e := w.event(1)
		ana, key := w.answer(e, "ana", publish.Yes)
		m.none = false // one is connected later: what was never promised is not sent
		w.post(time.Hour)
		w.went(m)
		if l := w.state(ana.ID, publish.Confirms); l.State != "" {
			t.Errorf("without a mailbox: %+v", l)
		}
		ben, _ := w.answer(e, "ben", publish.Yes)
		m.no[social.Author{Scheme: "mailto", Value: "ben@x.example"}.ID()] = "They asked to get no more messages here (STOP)."
		w.post(0)
		w.went(m)
		if l := w.state(ben.ID, publish.Confirms); l.State != publish.LetterUnwanted || l.Note == "" {
			t.Errorf("after STOP: %+v", l)
		}
		// What is no longer true when it would leave is not said.
		cleo, _ := w.answer(e, "cleo", publish.Yes)
		m.no = nil
		w.post(0)
		m.told()
		m.none = true
		w.post(0)
		m.none = false
		_, err := w.press.Reconsider(as(max), e.Slug, key, publish.No)
		w.must(err) // ben comes in
		m.none = true
		w.post(0)
		w.went(m)
		if l := w.state(ben.ID, publish.Admits); l.State != publish.LetterWaits || l.Note == "" {
			t.Errorf("while there is no mailbox: %+v", l)
		}
		m.none = false
		w.alter(e.ID, func(e *publish.Event) { e.Standing = publish.Cancelled })
		w.post(5 * time.Minute)
		w.went(m, "ben: Called off: Tea tasting", "cleo: Called off: Tea tasting")
		if l := w.state(ben.ID, publish.Admits); l.State != publish.LetterOver {
			t.Errorf("a place at what is called off: %+v", l)
		}
		_ = cleo
		// What a stranger calls themselves carries no advertisement to others.
		for name, want := range map[string]string{"Ana": "Hello Ana,", "win at https://evil.example": "Hello there,", "www.evil.example": "Hello there,"} {
			if _, text := publish.Wording(publish.Confirms, e, publish.Guest{Name: name, Coming: publish.Yes}, "x"); !strings.HasPrefix(text, want) {
				t.Errorf("%q begins %.30q", name, text)
			}
		}
	})
}
