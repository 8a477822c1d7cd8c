package warn

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
)

// compare orders subjects: monitors first, then by name.
func compare(a, b Subject) int {
	if (a.Monitor == "") != (b.Monitor == "") {
		if a.Monitor == "" {
			return 1
		}
		return -1
	}
	return strings.Compare(a.Key(), b.Key())
}

// How many posts the words are looked for in, now and before.
const textsMost = 150

// causes chooses the posts that weigh most in an incident, and the words that
// they repeat more than those did that were said before it began.
func (w *Watch) causes(ctx context.Context, s Subject, now, began time.Time, f Finding, lines []listen.Line) ([]int64, []string, error) {
	since := now.Add(-f.Span)
	var in []listen.Line
	for _, l := range lines {
		if !l.Published.Before(since) {
			in = append(in, l)
		}
	}
	texts, err := w.texts(ctx, in)
	if err != nil {
		return nil, nil, err
	}
	earlier, err := w.lines(ctx, s, began.AddDate(0, 0, -14), began, textsMost)
	if err != nil {
		return nil, nil, err
	}
	before, err := w.texts(ctx, earlier)
	if err != nil {
		return nil, nil, err
	}
	slices.SortStableFunc(in, func(a, b listen.Line) int {
		return cmp.Or(cmp.Compare(sour(b), sour(a)), cmp.Compare(b.Reach, a.Reach), a.Published.Compare(b.Published))
	})
	seqs := make([]int64, 0, causesMost)
	for _, l := range in[:min(len(in), causesMost)] {
		seqs = append(seqs, l.Seq)
	}
	found := repeated(texts, before)
	if m, err := w.Hearing.MonitorByID(ctx, s.Monitor); err == nil { // that they say what it looks for is no news
		query := strings.ToLower(m.Query)
		found = slices.DeleteFunc(found, func(f string) bool { return looked(query, f) })
	}
	return seqs, found[:min(len(found), wordsMost)], nil
}

// looked reports whether a query looks for all of some words.
func looked(query, words string) bool {
	for w := range strings.FieldsSeq(words) {
		if !strings.Contains(query, w) {
			return false
		}
	}
	return true
}

func sour(l listen.Line) int {
	if l.Reading.Sentiment == social.Negative {
		return 1
	}
	return 0
}

func (w *Watch) texts(ctx context.Context, lines []listen.Line) ([]string, error) {
	seqs := make([]int64, 0, textsMost)
	for _, l := range lines[:min(len(lines), textsMost)] {
		seqs = append(seqs, l.Seq)
	}
	if len(seqs) == 0 {
		return nil, nil
	}
	posts, err := w.Store.PostsBySeq(ctx, seqs)
	out := make([]string, len(posts))
	for i, p := range posts {
		out[i] = p.Title + " " + p.Text
	}
	return out, err
}
