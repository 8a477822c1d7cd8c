package warn

import (
	"context"
	"math"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/baseline"
)

// The stretches that are counted. A short one notices a burst where much is
// usual; a long one adds up where little is.
var spans = []time.Duration{time.Hour, 10 * time.Minute}

const (
	linesMost = 2000
	early     = 10 * time.Minute // how far ahead of our clock a network's may be
)

// learnt is a baseline with when it was learnt.
type learnt struct {
	*baseline.Baseline
	at time.Time
}

// relearn is how long a baseline serves: a monitor that is changed, or that
// looks through the past, has another one soon.
const relearn = 10 * time.Minute

// usual is what is usual for a subject.
func (w *Watch) usual(ctx context.Context, s Subject) (*baseline.Baseline, error) {
	now := w.Clock.Now()
	w.mu.Lock()
	have := w.baselines[s.Key()]
	w.mu.Unlock()
	until := now.Truncate(time.Hour)
	if have.Baseline != nil && have.Until.Equal(until) && now.Sub(have.at) < relearn && !now.Before(have.at) {
		return have.Baseline, nil
	}
	b, err := w.learn(ctx, s, until)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.baselines[s.Key()] = learnt{b, now}
	w.mu.Unlock()
	return b, nil
}

// learn learns what was usual for a subject up to an hour.
func (w *Watch) learn(ctx context.Context, s Subject, until time.Time) (*baseline.Baseline, error) {
	tallies, err := w.Store.Tallies(ctx, w.counted(ctx, s), until.Add(-baseline.Weeks*7*24*time.Hour), until)
	if err != nil {
		return nil, err
	}
	hours := make([]baseline.Hour, len(tallies))
	for i, t := range tallies {
		hours[i] = baseline.Hour{At: t.Hour, Count: t.Count, Negative: t.Negative, Scored: t.Negative + t.Neutral + t.Positive}
	}
	return baseline.Learn(hours, until), nil
}

// counted are the subjects of the rollups that a subject is made of.
func (w *Watch) counted(ctx context.Context, s Subject) []string {
	if s.Monitor != "" {
		return []string{string(s.Monitor)}
	}
	var out []string
	for _, c := range w.Hearing.ChannelsSeen(ctx) {
		if c.Programme == s.Programme {
			out = append(out, string(c.ID))
		}
	}
	return out
}

// lines are what was said about a subject since a time, or before one, newest first.
func (w *Watch) lines(ctx context.Context, s Subject, since, until time.Time, limit int) ([]listen.Line, error) {
	q := listen.WallQuery{Monitor: s.Monitor, All: true, Since: since, Until: until}
	if s.Monitor == "" {
		for _, c := range w.Hearing.ChannelsSeen(ctx) {
			if c.Programme == s.Programme {
				q.On = append(q.On, c.ID)
			}
		}
		if len(q.On) == 0 {
			return nil, nil
		}
	}
	all, err := w.Store.Wall(ctx, q, limit)
	var out []listen.Line
	for _, l := range all {
		if l.Visible {
			out = append(out, l)
		}
	}
	return out, err
}

// judge weighs the lines of the last hour against what is usual. The long
// stretch is preferred, so that figures stay comparable while it goes on.
func judge(now time.Time, lines []listen.Line, usual *baseline.Baseline, r Rule) Finding {
	var best Finding
	for _, span := range spans {
		f := Finding{Span: span, Sour: usual.Negative, Usual: usual.Between(now.Add(-span), now)}
		for _, l := range lines {
			if l.Published.Before(now.Add(-span)) {
				break
			}
			f.Count++
			switch l.Reading.Sentiment {
			case "negative":
				f.Negative++
				f.Scored++
			case "neutral", "positive":
				f.Scored++
			}
		}
		weigh(&f, usual, r)
		if best.Span == 0 || !best.Surge && (f.Surge || f.Mood && !best.Mood) {
			best = f
		}
	}
	return best
}

// weigh says whether figures need an alert.
func weigh(f *Finding, usual *baseline.Baseline, r Rule) {
	if rare := usual.Rare(f.Count, f.Usual); usual.Known() && f.Count >= r.Minimum &&
		float64(f.Count) >= r.Times()*f.Usual && rare >= r.Rare() {
		f.Surge, f.Rare, f.Score = true, rare, likely(rare, r.Rare())
	}
	if rare := usual.RareMood(f.Negative, f.Scored); f.Scored >= r.Minimum && f.Share() >= f.Sour+worse && rare >= r.mood() {
		f.Mood, f.Rare, f.Score = true, max(f.Rare, rare), max(f.Score, likely(rare, r.mood()))
	}
}

// likely turns how rare something is, beside what is needed, into a score.
func likely(rare, needed float64) float64 { return 1 - math.Exp2(-rare/needed) }
