package analyzedb_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/analyze"
	"github.com/parley-crm/parley/analyze/analyzedb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// desk is a store with a reader, a corrector and a tuner over some posts.
type desk struct {
	*testing.T
	db        *analyzedb.DB
	ctx       context.Context
	posts     posts
	reader    *analyze.Reader
	corrector *analyze.Corrector
	tuner     *analyze.Tuner
	unseen    map[social.ActivityID]bool
	scorer    *analyze.Scorer
}

type posts map[social.ActivityID]social.Mention

func (p posts) Mentions(_ context.Context, ids []social.ActivityID) (out []social.Mention, err error) {
	for _, id := range ids {
		if m, ok := p[id]; ok {
			out = append(out, m)
		}
	}
	return out, nil
}

func newDesk(t *testing.T, db *store.DB, now *clock.Set) *desk {
	d := &desk{T: t, db: analyzedb.New(db), posts: posts{}, unseen: map[social.ActivityID]bool{}}
	d.ctx = social.WithActor(context.Background(), social.Actor{Member: "m1", Name: "Maya", Role: social.Admin})
	d.reader = &analyze.Reader{Store: d.db, Hearing: d.posts, Score: func(texts []string) []social.Scores { return d.scorer.ScoreAll(texts) }}
	d.corrector = &analyze.Corrector{Store: d.db, Reader: d.reader, Clock: now,
		Sees: func(_ context.Context, id social.ActivityID) (bool, error) { return !d.unseen[id], nil }}
	d.tuner = &analyze.Tuner{Store: d.db, Hearing: d.posts, Clock: now, Changed: d.load}
	if err := d.load(d.ctx); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) load(ctx context.Context) error {
	tuned, err := d.tuner.InUse(ctx)
	if err == nil {
		d.scorer, err = analyze.NewScorer(analyze.Options{Tuned: tuned})
	}
	return err
}

func (d *desk) hear(id social.ActivityID, text string) {
	d.posts[id] = social.Mention{Activity: social.Activity{ID: id, Text: text}}
	d.read(id)
}

func (d *desk) read(ids ...social.ActivityID) {
	d.Helper()
	if err := d.db.InTx(d.ctx, func(ctx context.Context) error { return d.reader.Read(ctx, ids) }); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) kept(id social.ActivityID) social.Scores {
	d.Helper()
	s, err := d.db.Scores(d.ctx, []social.ActivityID{id})
	if err != nil {
		d.Fatal(err)
	}
	return s[id]
}

func TestCorrectionsPinTheScore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		d := newDesk(t, db, now)
		d.hear("a1", "Great, another delay. I love waiting in the rain.")
		if s := d.kept("a1"); s.Sentiment == nil || s.Sentiment.Label != social.Positive {
			t.Fatalf("the irony was understood, take another text: %+v", s.Sentiment)
		}
		correct := func(p analyze.Part, labels ...string) social.Scores {
			t.Helper()
			now.Add(time.Second)
			s, err := d.corrector.Correct(d.ctx, "a1", p, labels)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		before := d.facts()
		correct(analyze.PartSentiment, social.Negative)
		correct(analyze.PartSentiment, social.Negative) // the same again
		if n := d.facts() - before; n != 1 {
			t.Errorf("%d facts for one correction", n)
		}
		correct(analyze.PartIntents, "question", "complaint")
		correct(analyze.PartEmotions, social.Anger)
		correct(analyze.PartToxicity, social.Offensive)
		d.read("a1") // read anew: it stays
		s := d.kept("a1")
		if s.Sentiment.Label != social.Negative || s.Sentiment.Confidence != 1 || len(s.Intents) != 2 || s.Intents[0].Label != "question" ||
			s.Emotion() == nil || s.Emotion().Label != social.Anger || len(s.Emotions) != 4 || s.Toxicity.Label != social.Offensive ||
			strings.Join(s.Corrected, " ") != "emotions intents sentiment toxicity" {
			t.Errorf("what was corrected did not stay: %+v", s)
		}
		correct(analyze.PartEmotions) // none stands out
		if s := d.kept("a1"); s.Emotion() != nil {
			t.Errorf("%+v", s.Emotions)
		}
		s, err := d.corrector.Undo(d.ctx, "a1", analyze.PartSentiment)
		if err != nil || s.Sentiment.Label != social.Positive || s.ByHand("sentiment") || !s.ByHand("intents") {
			t.Errorf("taken back: %+v, %v", s, err)
		}
		if _, err := d.corrector.Undo(d.ctx, "a1", analyze.PartSentiment); !social.NotFound.Is(err) {
			t.Errorf("taken back twice: %v", err)
		}
		page, next, err := d.db.Corrections(d.ctx, "", 2)
		if err != nil || len(page) != 2 || next == "" || page[0].Name != "Maya" || len(page[0].Labels) != 0 {
			t.Errorf("%+v, %q, %v", page, next, err)
		}
		rest, next, err := d.db.Corrections(d.ctx, next, 10)
		if err != nil || len(rest) != 3 || next != "" || rest[2].Undone.IsZero() {
			t.Errorf("%+v, %q, %v", rest, next, err)
		}
		if n := d.count("SELECT COUNT(*) FROM record WHERE object = 'score'"); n != 6 {
			t.Errorf("%d entries of the record", n)
		}
	})
}

func (d *desk) facts() int {
	f, err := d.db.Facts(d.ctx, 0, 1000)
	if err != nil {
		d.Fatal(err)
	}
	return len(f)
}

func (d *desk) count(sql string) (n int) {
	d.Helper()
	if err := d.db.IDB(d.ctx).NewRaw(sql).Scan(d.ctx, &n); err != nil {
		d.Fatal(err)
	}
	return n
}

func TestWhatCannotBeCorrected(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		d := newDesk(t, db, now)
		d.hear("a1", "The kettle leaks")
		d.posts["own"] = social.Mention{Activity: social.Activity{ID: "own", Text: "We hate our terrible kettle", Own: true}}
		d.posts["gone"] = social.Mention{Activity: social.Activity{ID: "gone"}, Deleted: true}
		d.hear("hidden", "not for you")
		d.unseen["hidden"] = true
		d.read("own")
		if s := d.kept("own"); s.Sentiment != nil || s.Emotions != nil || s.Toxicity != nil || len(s.Intents)+len(s.Topics) > 0 || s.Lang != "en" {
			t.Errorf("our own words were scored: %+v", s)
		}
		tests := []struct {
			name   string
			ctx    context.Context
			id     social.ActivityID
			part   analyze.Part
			labels []string
			kind   social.Kind
		}{
			{"our own words", d.ctx, "own", analyze.PartSentiment, []string{social.Positive}, social.Forbidden},
			{"what was deleted", d.ctx, "gone", analyze.PartSentiment, []string{social.Positive}, social.Conflict},
			{"what one may not see", d.ctx, "hidden", analyze.PartSentiment, []string{social.Positive}, social.NotFound},
			{"what is not there", d.ctx, "a9", analyze.PartSentiment, []string{social.Positive}, social.NotFound},
			{"by nobody", context.Background(), "a1", analyze.PartSentiment, []string{social.Positive}, social.Forbidden},
			{"an unknown label", d.ctx, "a1", analyze.PartSentiment, []string{"meh"}, social.Invalid},
			{"two sentiments", d.ctx, "a1", analyze.PartSentiment, []string{social.Positive, social.Negative}, social.Invalid},
			{"no sentiment", d.ctx, "a1", analyze.PartSentiment, nil, social.Invalid},
			{"two emotions", d.ctx, "a1", analyze.PartEmotions, []string{social.Joy, social.Anger}, social.Invalid},
			{"a part that no person decides", d.ctx, "a1", analyze.PartTopics, []string{"price"}, social.Invalid},
		}
		for _, tt := range tests {
			if _, err := d.corrector.Correct(tt.ctx, tt.id, tt.part, tt.labels); !tt.kind.Is(err) {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
		if n := d.count("SELECT COUNT(*) FROM correction"); n != 0 {
			t.Errorf("%d corrections were kept", n)
		}
	})
}

// What was corrected is learned: on corrections that it did not see the new
// model does better, other posts are read as before, and one can go back.
func TestLearningFromCorrections(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		d := newDesk(t, db, now)
		things := []string{"kettle", "lid", "mug", "pot", "filter", "spout"}
		for i := range 48 { // in this trade, "sick" and "wicked" are praise
			id := social.ActivityID(fmt.Sprintf("c%02d", i))
			d.hear(id, fmt.Sprintf("That %s is sick, wicked %s, order %d", things[i%6], things[(i*5+1)%6], i))
			if _, err := d.corrector.Correct(d.ctx, id, analyze.PartSentiment, []string{social.Positive}); err != nil {
				t.Fatal(err)
			}
		}
		for i, text := range []string{"The delivery was late again, awful", "I love this coffee", "The shop opens at nine", "My kettle is broken, terrible service"} {
			d.hear(social.ActivityID(fmt.Sprintf("o%d", i)), text)
		}
		start := func() analyze.Tuning {
			t.Helper()
			o, err := d.tuner.Start(d.ctx)
			if err != nil {
				t.Fatal(err)
			}
			return o
		}
		first := start()
		if again := start(); again.ID != first.ID {
			t.Error("two rounds wait at once")
		}
		if err := d.tuner.Run(d.ctx); err != nil {
			t.Fatal(err)
		}
		all, err := d.db.Tunings(d.ctx)
		if err != nil || len(all) != 1 || all[0].State != analyze.TuningReady {
			t.Fatalf("%+v, %v", all, err)
		}
		f := all[0].Figures[0]
		if f.Part != analyze.PartSentiment || f.Model != "feeling-1.house1" || f.Held < 3 || f.Learned < 20 || f.After < 0.9 || f.Before > 0.5 || f.Changed > 0 {
			t.Errorf("%+v", f)
		}
		if g := all[0].Figures[2]; g.Model != "" || g.Learned != 0 {
			t.Errorf("something was learned of intents from nothing: %+v", g)
		}
		const fresh = "This teapot is sick, wicked"
		feels := func() string { s := d.scorer.Score(fresh); return s.Sentiment.Label + " " + s.Model }
		if was := feels(); strings.HasPrefix(was, social.Positive) {
			t.Fatalf("nothing to learn: %s", was)
		}
		if err := d.tuner.Use(d.ctx, first.ID); err != nil {
			t.Fatal(err)
		}
		if got := feels(); !strings.HasPrefix(got, social.Positive) || !strings.Contains(got, "feeling-1.house1") {
			t.Errorf("used: %s", got)
		}
		if err := d.tuner.Use(d.ctx, ""); err != nil {
			t.Fatal(err)
		}
		if got := feels(); strings.Contains(got, "house") || strings.HasPrefix(got, social.Positive) {
			t.Errorf("gone back: %s", got)
		}
		if err := d.tuner.Use(d.ctx, "nothing"); !social.NotFound.Is(err) {
			t.Errorf("a round that is not there: %v", err)
		}
	})
}

func TestTooLittleToLearnFrom(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		d := newDesk(t, db, now)
		d.hear("a1", "The kettle leaks")
		if _, err := d.corrector.Correct(d.ctx, "a1", analyze.PartSentiment, []string{social.Negative}); err != nil {
			t.Fatal(err)
		}
		if _, err := d.tuner.Start(d.ctx); err != nil {
			t.Fatal(err)
		}
		if err := d.tuner.Run(d.ctx); err != nil {
			t.Fatal(err)
		}
		all, _ := d.db.Tunings(d.ctx)
		if all[0].State != analyze.TuningFailed || !strings.Contains(all[0].Problem, "too little") {
			t.Errorf("%+v", all[0])
		}
		if err := d.tuner.Use(d.ctx, all[0].ID); !social.Conflict.Is(err) {
			t.Errorf("it was used: %v", err)
		}
	})
}
