package know_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/social"
)

// reader turns texts into vectors and remembers which it read.
type reader struct {
	model string
	read  []string
}

func (r *reader) Model() string           { return r.model }
func (r *reader) Speaks(lang string) bool { return lang == "en" }
func (r *reader) Vectors(texts []string) [][]float32 {
	out := make([][]float32, len(texts))
	for i, t := range texts {
		r.read = append(r.read, t)
		if out[i] = []float32{0, 1, 0, 0}; strings.Contains(t, "limescale") || strings.Contains(t, "crust") {
			out[i] = []float32{1, 0, 0, 0}
		}
	}
	return out
}

// started is a library as after a start, with all that waits read.
func (h *house) started(r *reader) *know.Library {
	h.Helper()
	lib := &know.Library{Store: h.db, Clock: h.now, Senses: r}
	h.catchUp(lib)
	return lib
}

func (h *house) catchUp(lib *know.Library) {
	h.Helper()
	_, err := lib.Find(h.ctx, know.Ask{Text: "anything"})
	h.must(err)
	for more := true; more; {
		more, err = lib.Sense(h.ctx)
		h.must(err)
	}
}

func (h *house) kept() (n int) {
	h.Helper()
	h.must(h.db.IDB(h.ctx).NewRaw("SELECT COUNT(*) FROM know_sense").Scan(h.ctx, &n))
	return n
}

func TestATextIsReadOnce(t *testing.T) {
	each(t, func(h *house) {
		a := h.publish(know.Article{Title: "How to get limescale out", Body: "Two spoons of citric acid, and boil it twice."})
		b := h.publish(know.Article{Title: "Opening hours of the shops", Body: "From ten to seven, on Sundays from noon."})
		h.publish(know.Article{Title: "Entkalken", Body: "Mit zwei Löffeln Zitronensäure.", Lang: "de"})
		first := &reader{model: "one"}
		h.started(first)
		if len(first.read) != 4 || h.kept() != 2 {
			t.Fatalf("read %q, kept %d; want the title and the paragraph of both English articles", first.read, h.kept())
		}

		// After a start nothing is read again, and the meaning is there.
		second := &reader{model: "one"}
		lib := h.started(second)
		if len(second.read) != 0 {
			t.Fatalf("read again: %q", second.read)
		}
		got, err := lib.Suggest(h.ctx, know.Question{Said: []string{"My pot has a white crust inside it"}, Lang: "en"}, 4)
		h.must(err)
		if len(got) != 1 || got[0].ID != string(a.ID) {
			t.Fatalf("by its meaning: %q", titles(got))
		}

		// What changes is read anew, and only that; what changes around the words is not.
		h.now.Add(time.Minute)
		_, err = h.lib.Keep(h.ctx, b.ID, b.Title, "From nine to seven, and never on Sundays.", "", 1, anybody)
		h.must(err)
		owner := social.MemberID("otto")
		_, err = h.lib.Change(h.ctx, a.ID, know.Patch{Owner: &owner}, anybody)
		h.must(err)
		third := &reader{model: "one"}
		h.started(third)
		if len(third.read) != 2 || !strings.Contains(third.read[1], "From nine") {
			t.Fatalf("after a change: %q", third.read)
		}
		h.started(&reader{model: "one"})

		// Another model reads all, and takes the place of what was.
		other := &reader{model: "two"}
		h.started(other)
		if len(other.read) != 4 || h.kept() != 2 {
			t.Fatalf("another model read %d, and %d are kept", len(other.read), h.kept())
		}

		// What is deleted leaves no meaning behind; brought back, it is read.
		h.must(h.lib.Remove(h.ctx, a.ID, anybody))
		if h.kept() != 1 {
			t.Fatalf("%d are kept after one was deleted", h.kept())
		}
		_, err = h.lib.Bring(h.ctx, a.ID, anybody)
		h.must(err)
		back := &reader{model: "two"}
		h.started(back)
		if len(back.read) != 2 || h.kept() != 2 {
			t.Fatalf("brought back: %q, %d kept", back.read, h.kept())
		}
	})
}

// TestWhatChangesWhileItIsRead: what is deleted or changed at that moment is
// not kept by whoever was reading it.
func TestWhatChangesWhileItIsRead(t *testing.T) {
	each(t, func(h *house) {
		a := h.publish(know.Article{Title: "How to get limescale out", Body: "Two spoons of citric acid, and boil it twice."})
		h.must(h.db.InTx(h.ctx, func(ctx context.Context) error {
			return h.db.KeepSenses(ctx, "one", []know.Meaning{
				{Filing: know.Filing{Kind: know.KindArticle, ID: string(a.ID), Change: a.Change - 1}, Sum: "old", Vectors: [][]float32{{1}}},
				{Filing: know.Filing{Kind: know.KindAnswer, ID: "gone", Change: 1}, Sum: "old", Vectors: [][]float32{{1}}},
			})
		}))
		if h.kept() != 0 {
			t.Fatal("kept what had changed")
		}
	})
}

// TestErasedAnswersMeanNothing: somebody's answers go with what they meant,
// several of them at once, and the index learns of each.
func TestErasedAnswersMeanNothing(t *testing.T) {
	each(t, func(h *house) {
		h.must(engagedb.Seed(h.ctx, engagedb.New(h.db.DB), 3, h.now.Now(), 1))
		var talks []struct{ ID, IdentityID string }
		h.must(h.db.IDB(h.ctx).NewRaw("SELECT id, identity_id FROM conversation ORDER BY identity_id").Scan(h.ctx, &talks))
		for i, c := range []int{0, 0, 1, 2} { // of the first person two
			n := strconv.Itoa(i)
			_, err := h.lib.KeepAnswer(h.ctx, know.Answer{Question: "What of limescale, then? " + strings.Repeat("indeed ", i+1), Text: "Citric acid it is. " + strings.Repeat("truly ", i+1), Lang: "en",
				Conversation: social.ConversationID(talks[c].ID), Message: social.MessageID("m" + n), Why: know.WhyKept})
			h.must(err)
		}
		lib := h.started(&reader{model: "one"})
		if h.kept() != 4 {
			t.Fatalf("%d are kept", h.kept())
		}
		var s social.Subject
		for _, user := range []string{"user0", "user1"} {
			who := social.Author{Scheme: "acct", Value: user + "@example.org"}
			s.Accounts = append(s.Accounts, social.Account{Author: who})
		}
		s.At = h.now.Now()
		h.must(h.db.InTx(h.ctx, func(ctx context.Context) error {
			gone, err := h.db.Personal().Erase(ctx, s)
			if err == nil && (len(gone) != 1 || gone[0].Rows != 3) {
				t.Errorf("said to be gone: %+v", gone)
			}
			return err
		}))
		if h.kept() != 1 {
			t.Fatalf("%d are kept after three were erased", h.kept())
		}
		h.catchUp(lib)
		got, err := lib.Suggest(h.ctx, know.Question{Said: []string{"What of limescale, then?"}, Lang: "en"}, 4)
		h.must(err)
		if len(got) != 1 {
			t.Fatalf("still suggested: %q", titles(got))
		}
	})
}

// BenchmarkStart starts with five thousand articles whose meaning is kept: as
// many vectors of the real size as articles have parts.
func BenchmarkStart(b *testing.B) {
	lib, ctx := many(b, 5000)
	first := &know.Library{Store: lib.Store, Clock: lib.Clock, Senses: wide{}}
	catch := func(lib *know.Library) {
		if _, err := lib.Find(ctx, know.Ask{Text: "w1"}); err != nil {
			b.Fatal(err)
		}
		for more := true; more; {
			var err error
			if more, err = lib.Sense(ctx); err != nil {
				b.Fatal(err)
			}
		}
	}
	catch(first)
	b.ResetTimer()
	for b.Loop() {
		catch(&know.Library{Store: lib.Store, Clock: lib.Clock, Senses: wide{}})
	}
}

// wide makes vectors as long as the encoder's.
type wide struct{}

func (wide) Model() string           { return "wide" }
func (wide) Speaks(lang string) bool { return true }
func (wide) Vectors(texts []string) [][]float32 {
	out := make([][]float32, len(texts))
	for i := range out {
		out[i] = make([]float32, 512)
	}
	return out
}
