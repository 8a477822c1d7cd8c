package analyzedb_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parley-crm/parley/analyze"
	"github.com/parley-crm/parley/analyze/analyzedb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// around gives the mentions that are asked for.
type around map[social.ActivityID]social.Mention

func (a around) Mentions(_ context.Context, ids []social.ActivityID) ([]social.Mention, error) {
	var out []social.Mention
	for _, id := range ids {
		if m, ok := a[id]; ok {
			out = append(out, m)
		}
	}
	return out, nil
}

func scored(model string, confidence float64) social.Scores {
	return social.Scores{Lang: "en", Sentiment: &social.Label{Label: social.Neutral, Score: 0.5, Confidence: confidence}, Intents: []social.Label{}, Entities: []social.Entity{}, Model: model}
}

func TestWhatMattersIsReadAgain(t *testing.T) {
	const first, deep = "feeling-1", "feeling-1+encoder-1"
	tests := []struct {
		name   string
		score  social.Scores
		m      social.Mention
		reread bool
	}{
		{"what is said to us", scored(first, 0.9), social.Mention{Activity: social.Activity{Directed: true}}, true},
		{"what comes into the inbox", scored(first, 0.9), social.Mention{Inbox: true}, true},
		{"what a monitor matched", scored(first, 0.9), social.Mention{Monitors: []social.MonitorID{"m"}}, true},
		{"what the first reading was unsure of", scored(first, 0.5), social.Mention{}, true},
		{"not what is sure and about others", scored(first, 0.9), social.Mention{}, false},
		{"not what was deleted", scored(first, 0.5), social.Mention{Deleted: true}, false},
		{"not what our own people say", scored(first, 0.5), social.Mention{Activity: social.Activity{Own: true}, Monitors: []social.MonitorID{"m"}}, false},
		{"not what the encoder has read", scored(deep, 0.5), social.Mention{Inbox: true}, false},
		{"not a language without a model", social.Scores{Lang: "fi", Model: "lid.176"}, social.Mention{Inbox: true}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
				ctx, d := t.Context(), analyzedb.New(db)
				tt.m.Activity.ID, tt.m.Activity.Text = "a", "It is what it is."
				keep(t, d, "a", tt.score)
				asked := 0
				w := &analyze.Deepener{Store: d, Hearing: around{"a": tt.m}, Log: slog.New(slog.DiscardHandler), Score: func(texts []string) []social.Scores {
					asked += len(texts)
					return slices.Repeat([]social.Scores{scored(deep, 0.95)}, len(texts))
				}}
				for range 2 { // once told of what it wrote itself, it has nothing to do
					w.Note([]social.ActivityID{"a"})
					work(t, w)
				}
				want, times, told := tt.score, 0, 0
				if tt.reread {
					want, times, told = scored(deep, 0.95), 1, 1
				}
				got, err := d.Scores(ctx, []social.ActivityID{"a"})
				if err != nil {
					t.Fatal(err)
				}
				if got["a"].Model != want.Model || asked != times {
					t.Errorf("the score is by %s, the encoder was asked %d times; want %s, %d", got["a"].Model, asked, want.Model, times)
				}
				if n := understood(t, db); n != told {
					t.Errorf("told %d times, want %d", n, told)
				}
			})
		})
	}
}

// TestAnEditIsNotOverwritten lets an edit be scored while the old words are
// with the encoder.
func TestAnEditIsNotOverwritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		d := analyzedb.New(db)
		keep(t, d, "a", scored("feeling-1", 0.5))
		edited := scored("feeling-1", 0.8)
		edited.Sentiment.Score = 0.7
		w := &analyze.Deepener{Store: d, Hearing: around{"a": {Inbox: true, Activity: social.Activity{ID: "a", Text: "old"}}}, Log: slog.New(slog.DiscardHandler),
			Score: func([]string) []social.Scores {
				keep(t, d, "a", edited)
				return []social.Scores{scored("feeling-1+encoder-1", 0.9)}
			}}
		w.Note([]social.ActivityID{"a"})
		work(t, w)
		got, err := d.Scores(t.Context(), []social.ActivityID{"a"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(edited.Sentiment.Score, got["a"].Sentiment.Score); diff != "" {
			t.Error(diff)
		}
	})
}

// TestTheQueueIsBounded floods it: the newest stay.
func TestTheQueueIsBounded(t *testing.T) {
	db := storetest.SQLite(t, clock.NewSet(storetest.Start))
	w := &analyze.Deepener{Store: analyzedb.New(db), Log: slog.New(slog.DiscardHandler)}
	var seen []social.ActivityID
	w.Hearing = hearing(func(ids []social.ActivityID) { seen = append(seen, ids...) })
	for i := range 30 {
		ids := slices.Repeat([]social.ActivityID{"old"}, 500)
		if i == 29 {
			keep(t, analyzedb.New(db), "new", scored("feeling-1", 0.5))
			ids = append(ids, "new")
		}
		w.Note(ids)
	}
	steps := work(t, w)
	if steps > 11 {
		t.Errorf("15,000 were remembered in a queue for 10,000: %d steps", steps)
	}
	if !slices.Contains(seen, "new") {
		t.Error("the newest fell out")
	}
}

type hearing func(ids []social.ActivityID)

func (h hearing) Mentions(_ context.Context, ids []social.ActivityID) ([]social.Mention, error) {
	h(ids)
	return nil, nil
}

func keep(t *testing.T, d *analyzedb.DB, id social.ActivityID, s social.Scores) {
	t.Helper()
	if err := d.Keep(context.Background(), map[social.ActivityID]social.Scores{id: s}); err != nil {
		t.Fatal(err)
	}
}

func work(t *testing.T, w *analyze.Deepener) (steps int) {
	t.Helper()
	for {
		more, err := w.Step(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			return steps
		}
		steps++
	}
}

// understood counts the facts that tell of scores.
func understood(t *testing.T, db *store.DB) int {
	t.Helper()
	n := 0
	err := db.Drain(t.Context(), store.Follower{Name: "test", Facts: []string{"understood"}, Tell: func(_ context.Context, facts []store.Fact) error {
		n += len(facts)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
