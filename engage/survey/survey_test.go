package survey_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/survey"
	"github.com/parley-crm/parley/engage/surveydb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// desk holds conversations and what was said in them.
type desk struct {
	no    map[social.IdentityID]string // whom the ledger of consents refuses
	mu    sync.Mutex
	talks map[social.ConversationID]engage.Conversation
	said  map[social.ConversationID][]string
	fail  error
	who   map[social.IdentityID]social.PersonID
}

func (d *desk) Talks(_ context.Context, ids []social.ConversationID) (out []engage.Conversation, err error) {
	for _, id := range ids {
		if c, ok := d.talks[id]; ok {
			out = append(out, c)
		}
	}
	return out, nil
}

func (d *desk) Whisper(_ context.Context, id social.ConversationID, _ string, owner social.MemberID, text string) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fail != nil || owner != "ada" {
		return false, d.fail
	}
	d.said[id] = append(d.said[id], text)
	return true, nil
}

func (d *desk) Persons(context.Context, []social.IdentityID) (map[social.IdentityID]social.PersonID, error) {
	return d.who, nil
}

// MayServe says no to whom d.no names.
func (d *desk) MayServe(_ context.Context, who social.IdentityID, _ social.ChannelID, reference string) (bool, string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !strings.HasPrefix(reference, "survey/") {
		return false, "no reference", nil
	}
	if why := d.no[who]; why != "" {
		return false, why, nil
	}
	return true, "They did not object.", nil
}

type world struct {
	*desk
	t    *testing.T
	now  *clock.Set
	book *survey.Book
}

func ada(p ...social.ProgrammeID) context.Context {
	ctx := social.WithActor(context.Background(), social.Actor{Member: "ada", Name: "Ada"})
	return social.WithScope(ctx, social.Scope{All: len(p) == 0, Programmes: p})
}

func each(t *testing.T, f func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		d := &desk{talks: map[social.ConversationID]engage.Conversation{}, said: map[social.ConversationID][]string{}, who: map[social.IdentityID]social.PersonID{}}
		f(&world{d, t, now, &survey.Book{Store: surveydb.New(db), Desk: d, Persons: d, Consents: d, Clock: now, Base: "https://parley.example"}})
	})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// on lets care ask.
func (w *world) on() {
	w.t.Helper()
	s := survey.Usual("care")
	s.On = true
	_, err := w.book.Keep(ada(), s)
	w.must(err)
	w.now.Add(time.Second)
}

// done is a private conversation that was answered and resolved just now.
func (w *world) done(id social.ConversationID, who social.IdentityID, change ...func(*engage.Conversation)) {
	w.t.Helper()
	c := engage.Conversation{ID: id, Programme: "care", Channel: "ch", Identity: who, Counterpart: who, Author: social.Author{Name: "Maya Brook"}, Assignee: "ben",
		State: engage.Resolved, FirstAnswer: w.now.Now(), Parent: "p", Visibility: social.Direct}
	for _, f := range change {
		f(&c)
	}
	w.talks[id] = c
	w.must(w.book.Resolved(context.Background(), []social.Resolved{{Conversation: id, At: w.now.Now()}}))
}

func (w *world) later(d time.Duration) {
	w.t.Helper()
	w.now.Add(d)
	w.must(w.book.Tick(context.Background()))
}

// key is the key of the link that somebody was sent.
func (w *world) key(id social.ConversationID) string {
	w.t.Helper()
	if len(w.said[id]) != 1 {
		w.t.Fatalf("%s was told %q", id, w.said[id])
	}
	_, key, ok := strings.Cut(w.said[id][0], "https://parley.example/s/")
	if !ok {
		w.t.Fatalf("there is no link in %q", w.said[id][0])
	}
	return key
}

func TestAPersonIsAskedOnceInAWhile(t *testing.T) {
	each(t, func(w *world) {
		w.done("c0", "i1")
		w.on() // what was resolved before is not asked about
		w.who["i1"], w.who["i2"] = "maya", "maya"
		w.done("c1", "i1")
		w.done("c1", "i1") // told twice
		w.later(59 * time.Minute)
		if len(w.said) != 0 {
			t.Fatalf("asked too early: %v", w.said)
		}
		w.later(time.Minute)
		if key := w.key("c1"); len(key) < 20 || !strings.HasPrefix(w.said["c1"][0], "Thank you for writing to us, Maya.") {
			t.Errorf("they were told %q", w.said["c1"])
		}
		w.done("c2", "i2") // another account of the same person
		w.later(89 * 24 * time.Hour)
		if len(w.said["c2"]) != 0 {
			t.Error("the same person was asked again, on another account")
		}
		w.later(2 * 24 * time.Hour)
		w.done("c3", "i2")
		w.later(2 * time.Hour)
		w.key("c3")
		if len(w.said["c0"]) != 0 {
			t.Error("what was resolved before it was turned on was asked about")
		}
	})
}

func TestWhoIsNotAsked(t *testing.T) {
	each(t, func(w *world) {
		w.on()
		for name, f := range map[string]func(*engage.Conversation){
			"in the open":             func(c *engage.Conversation) { c.Counterpart = "" },
			"we began":                func(c *engage.Conversation) { c.StartedBy = engage.ByUs },
			"never answered":          func(c *engage.Conversation) { c.FirstAnswer = time.Time{} },
			"a machine":               func(c *engage.Conversation) { c.Author.Bot = true },
			"another programme":       func(c *engage.Conversation) { c.Programme = "south" },
			"deleted what they wrote": func(c *engage.Conversation) { c.Parent = "" },
		} {
			w.done(social.ConversationID(name), social.IdentityID(name), f)
		}
		w.done("opened again", "x")
		c := w.talks["opened again"]
		c.State = engage.Open
		w.talks["opened again"] = c
		w.later(2 * time.Hour)
		if len(w.said) != 0 {
			t.Errorf("asked: %v", w.said)
		}
		w.fail = social.Errorf(social.Forbidden, "They asked to get no more messages here.")
		w.done("stopped", "y")
		w.later(2 * time.Hour)
		w.fail = nil
		w.later(2 * time.Hour)
		if len(w.said["stopped"]) != 0 {
			t.Error("somebody was asked who wants nothing more")
		}
		w.fail = social.Errorf(social.Busy, "Not now.")
		w.done("later", "z")
		w.now.Add(2 * time.Hour)
		if err := w.book.Tick(context.Background()); !social.Busy.Is(err) {
			t.Errorf("trouble was not told: %v", err)
		}
		w.fail = nil
		w.later(time.Minute)
		w.key("later")
		w.done("without an address", "u")
		base := w.book.Base
		w.book.Base = "" // started anew without one
		w.later(2 * time.Hour)
		w.book.Base = base
		w.later(2 * time.Hour)
		if len(w.said["without an address"]) != 0 {
			t.Errorf("a link to nowhere was sent: %v", w.said["without an address"])
		}
	})
}

// Whoever withdrew is not asked, and the conversation says so; of whoever was
// asked it says why they could be.
func TestTheLedgerOfConsentsIsAsked(t *testing.T) {
	each(t, func(w *world) {
		w.on()
		w.no = map[social.IdentityID]string{"i1": "They withdrew their consent on 3 November 2026."}
		w.done("c1", "i1")
		w.done("c2", "i2")
		w.later(time.Hour)
		if len(w.said["c1"]) != 0 {
			t.Errorf("somebody was asked who withdrew: %v", w.said["c1"])
		}
		w.key("c2")
		refused, err := w.book.Store.Of(ada(), "c1")
		w.must(err)
		if len(refused) != 1 || refused[0].State != survey.Refused || refused[0].Why != w.no["i1"] {
			t.Errorf("the conversation says %+v", refused)
		}
		put, err := w.book.Store.Of(ada(), "c2")
		w.must(err)
		if len(put) != 1 || put[0].State != survey.Put || put[0].Why != "They did not object." {
			t.Errorf("the conversation says %+v", put)
		}
		w.no = nil
		w.later(time.Hour)
		if len(w.said["c1"]) != 0 {
			t.Error("what was refused was asked later")
		}
		days, err := w.book.Store.Days(ada(), w.now.Now().AddDate(0, 0, -2), w.now.Now().AddDate(0, 0, 2), "care")
		w.must(err)
		if len(days) != 1 || days[0].Asked != 1 {
			t.Errorf("counted as asked: %+v", days)
		}
	})
}

func TestAnswersAreCountedOnceAndMayChange(t *testing.T) {
	each(t, func(w *world) {
		w.on()
		w.done("c1", "i1")
		w.done("c2", "i2")
		w.later(time.Hour)
		ctx := context.Background()
		key := w.key("c1")
		for name, c := range map[string]struct {
			key, comment string
			score        int
			kind         social.Kind
		}{
			"no score":         {key, "", 0, social.Invalid},
			"six":              {key, "", 6, social.Invalid},
			"a long comment":   {key, strings.Repeat("é", 2001), 3, social.Invalid},
			"a link not there": {"x", "", 3, social.NotFound},
			"none":             {"", "", 3, social.NotFound},
		} {
			if _, err := w.book.Answer(ctx, c.key, c.score, c.comment); social.KindOf(err) != c.kind {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, score := range []int{2, 5} {
			if _, err := w.book.Answer(ctx, key, score, "so \x00 so"); err != nil {
				t.Fatal(err)
			}
		}
		days, err := w.book.Store.Days(ada(), w.now.Now().AddDate(0, 0, -2), w.now.Now().AddDate(0, 0, 1), "")
		w.must(err)
		if len(days) != 1 || days[0].Asked != 2 || days[0].Scores != [5]int{0, 0, 0, 0, 1} {
			t.Errorf("counted %+v", days)
		}
		all, _, err := w.book.Store.Answers(ada("care"), survey.Query{From: w.now.Now().AddDate(0, 0, -1), To: w.now.Now().AddDate(0, 0, 1)})
		if w.must(err); len(all) != 1 || all[0].Score != 5 || all[0].Member != "ben" || strings.Contains(all[0].Comment, "\x00") {
			t.Errorf("answers: %+v", all)
		}
		all, _, err = w.book.Store.Answers(ada("south"), survey.Query{From: w.now.Now().AddDate(0, 0, -1), To: w.now.Now().AddDate(0, 0, 1)})
		if w.must(err); len(all) != 0 {
			t.Errorf("another programme sees %+v", all)
		}
		w.now.Add(31 * 24 * time.Hour)
		if _, err := w.book.Answer(ctx, key, 1, ""); !social.NotFound.Is(err) {
			t.Errorf("an answer after a month: %v", err)
		}
	})
}

func TestSettingsAreChecked(t *testing.T) {
	each(t, func(w *world) {
		good := survey.Usual("care")
		for name, f := range map[string]func(*survey.Settings){
			"no link":       func(s *survey.Settings) { s.Words = "How was it?" },
			"no question":   func(s *survey.Settings) { s.Question = "  " },
			"too often":     func(s *survey.Settings) { s.Every = 24 * time.Hour },
			"much too late": func(s *survey.Settings) { s.After = 15 * 24 * time.Hour },
		} {
			s := good
			f(&s)
			if _, err := w.book.Keep(ada(), s); !social.Invalid.Is(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.book.Keep(ada("south"), good); !social.NotFound.Is(err) {
			t.Errorf("another programme: %v", err)
		}
		w.book.Base = ""
		good.On = true
		if _, err := w.book.Keep(ada(), good); !social.Invalid.Is(err) {
			t.Errorf("without an address: %v", err)
		}
	})
}
