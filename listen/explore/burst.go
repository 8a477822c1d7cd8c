package explore

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/listen/term"
	"github.com/parley-crm/parley/social"
)

// Burst is what people suddenly speak of: words that go together and are said
// far more than in the time before.
type Burst struct {
	Words []string
	Query string  // finds its posts
	Times float64 // how many times as often as before; 0 when nobody said it before
	listen.Survey
	Felt listen.Felt
}

// What makes a burst.
const (
	burstLeast  = 5     // posts with the word
	burstTimes  = 2.0   // as often as before, at least
	burstSure   = 15.13 // log-likelihood: one chance in ten thousand
	burstTerms  = 40    // words that are put together
	burstsMost  = 6
	burstWords  = 4
	burstJoin   = 0.55 // of the rarer word's posts have the other as well
	burstSample = 500  // posts of one place in time
	baseDays    = 28
)

// Bursts finds what people suddenly speak of in a span: words that are said
// far more than in the weeks before, put together where the same posts say
// them. Words come from the rollup of terms, the posts behind them are counted.
func (x *Explorer) Bursts(ctx context.Context, of listen.Subject, ask SpanAsk) (Span, []Burst, error) {
	p, err := SpanOf(ask, x.Clock.Now())
	if err != nil {
		return p, nil, err
	}
	subjects, err := x.Heard.Subjects(ctx, of)
	if err != nil || len(subjects) == 0 {
		return p, nil, err
	}
	risen, err := x.risen(ctx, subjects, p)
	if err != nil || len(risen) == 0 {
		return p, nil, err
	}
	words := make([]string, len(risen))
	for i, r := range risen {
		words[i] = r.Text
	}
	peaks, err := x.Store.TermDays(ctx, subjects, words, p.From.Truncate(day), p.To)
	if err != nil {
		return p, nil, err
	}
	said, err := x.sample(ctx, of, p, peaks)
	if err != nil {
		return p, nil, err
	}
	var out []Burst
	for _, b := range gather(risen, said) {
		f := of.Filter()
		f.Query, f.Since, f.Until = b.Query, p.From, p.To
		if b.Survey, err = x.Heard.Survey(ctx, f); err != nil {
			return p, nil, err
		}
		if b.Total < burstLeast {
			continue
		}
		for _, d := range b.Dimensions {
			for _, v := range d.Values {
				switch {
				case d.Name != "sentiment":
				case v.Value == social.Negative:
					b.Felt.Negative = v.Count
				case v.Value == social.Neutral:
					b.Felt.Neutral = v.Count
				case v.Value == social.Positive:
					b.Felt.Positive = v.Count
				}
			}
		}
		b.Felt.Count = b.Total
		if out = append(out, b); len(out) == burstsMost {
			break
		}
	}
	slices.SortStableFunc(out, func(a, b Burst) int { return b.Total - a.Total })
	return p, out, nil
}

// rise is a word that is said more than before.
type rise struct {
	term.Term
	sure, times float64
}

func (x *Explorer) risen(ctx context.Context, subjects []string, p Span) ([]rise, error) {
	from := p.From.Truncate(day)
	length := max(p.To.Sub(from), day)
	base := max(baseDays*day, 3*length).Truncate(day)
	begin, ok, err := x.Store.TermsBegin(ctx, subjects, from.Add(-base))
	if err != nil || !ok || !begin.Before(from) {
		return nil, err
	}
	now, err := x.Store.TermSums(ctx, subjects, from, p.To, 600)
	if err != nil {
		return nil, err
	}
	before, err := x.Store.TermSums(ctx, subjects, begin, from, 20_000)
	if err != nil {
		return nil, err
	}
	posts := func(a, b time.Time) (float64, error) {
		sums, err := x.Store.Sums(ctx, subjects, a, b)
		n := 0
		for _, f := range sums {
			n += f.Count
		}
		return float64(n), err
	}
	n1, err := posts(from, p.To)
	if err != nil {
		return nil, err
	}
	n0, err := posts(begin, from)
	if err != nil || n1 < burstLeast || n0 < burstLeast { // with nothing to compare, nothing is claimed
		return nil, err
	}
	was := make(map[string]int, len(before))
	for _, t := range before {
		was[t.Text] = t.Count
	}
	var out []rise
	for _, t := range now {
		k1, k0 := float64(t.Count-t.Over), float64(was[t.Text])
		if k1 < burstLeast {
			continue
		}
		r := rise{Term: t, sure: term.Likelihood(k1, n1, k0, n0)}
		if k0 > 0 {
			r.times = (k1 / n1) / (k0 / n0)
		}
		if r.sure >= burstSure && (k0 == 0 || r.times >= burstTimes) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b rise) int { return cmp.Or(cmp.Compare(b.sure, a.sure), strings.Compare(a.Text, b.Text)) })
	return out[:min(len(out), burstTerms)], nil
}

// sample reads posts of a span: the newest, and some of the days on which the
// words were said most. It returns the terms of each.
func (x *Explorer) sample(ctx context.Context, of listen.Subject, p Span, peaks []time.Time) ([][]string, error) {
	seen := map[int64]bool{}
	var out [][]string
	var doc query.Doc
	ends := append([]time.Time{p.To}, peaks[:min(len(peaks), 3)]...)
	for i, at := range ends {
		f := of.Filter()
		f.Since, f.Until = p.From, p.To
		if i > 0 {
			f.Since, f.Until = later(p.From, at), earlier(p.To, at.Add(day))
		}
		lines, err := x.Heard.Lines(ctx, f, burstSample)
		if err != nil {
			return nil, err
		}
		var seqs []int64
		for _, l := range lines {
			if l.Visible && !seen[l.Seq] {
				seen[l.Seq] = true
				seqs = append(seqs, l.Seq)
			}
		}
		posts, err := x.Store.PostsBySeq(ctx, seqs)
		if err != nil {
			return nil, err
		}
		for _, post := range posts {
			doc.Reset(listen.Wording(post), "", "")
			out = append(out, term.Of(&doc))
		}
	}
	return out, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// gather puts words together that the same posts say; the surest word leads.
func gather(risen []rise, said [][]string) []Burst {
	at := make(map[string]int, len(risen))
	for i, r := range risen {
		at[r.Text] = i
	}
	posts := make([]map[int]bool, len(risen))
	for i := range posts {
		posts[i] = map[int]bool{}
	}
	for n, terms := range said {
		for _, t := range terms {
			if i, ok := at[t]; ok {
				posts[i][n] = true
			}
		}
	}
	both := func(a, b int) (n int) {
		if len(posts[b]) < len(posts[a]) {
			a, b = b, a
		}
		for x := range posts[a] {
			if posts[b][x] {
				n++
			}
		}
		return n
	}
	skip := make([]bool, len(risen))
	for i, r := range risen { // "loose handle" says more than "loose"
		a, b, pair := strings.Cut(r.Text, " ")
		if !pair || len(posts[i]) == 0 {
			continue
		}
		for _, part := range []string{a, b} {
			if j, ok := at[part]; ok && float64(both(i, j)) >= 0.7*float64(len(posts[j])) {
				skip[j] = true
			}
		}
	}
	var out []Burst
	taken := slices.Clone(skip)
	for i, r := range risen {
		if taken[i] || len(posts[i]) == 0 {
			continue
		}
		taken[i] = true
		b := Burst{Words: []string{r.Text}, Times: r.times}
		for j := i + 1; j < len(risen); j++ {
			if taken[j] || len(posts[j]) == 0 {
				continue
			}
			if n := both(i, j); n > 0 && float64(n) >= burstJoin*float64(min(len(posts[i]), len(posts[j]))) {
				taken[j] = true
				if len(b.Words) < burstWords && !overlaps(b.Words, risen[j].Text) {
					b.Words = append(b.Words, risen[j].Text)
				}
			}
		}
		quoted := make([]string, len(b.Words))
		for k, w := range b.Words {
			quoted[k] = `"` + w + `"`
		}
		b.Query = strings.Join(quoted, " OR ")
		out = append(out, b)
	}
	return out[:min(len(out), 2*burstsMost)]
}

// overlaps reports whether a term shares a word with those that were chosen.
func overlaps(words []string, t string) bool {
	for _, w := range words {
		for part := range strings.FieldsSeq(t) {
			if slices.Contains(strings.Fields(w), part) {
				return true
			}
		}
	}
	return false
}
