package listen

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/listen/term"
	"github.com/parley-crm/parley/social"
)

// TermStore keeps the words that are said most.
type TermStore interface {
	// Terms returns what a subject has for a day.
	Terms(ctx context.Context, subject string, day time.Time) ([]term.Term, error)
	// PutTerms replaces what a subject has for a day.
	PutTerms(ctx context.Context, subject string, day time.Time, put []term.Term, drop []string) error
	// DropTerms forgets what a subject has.
	DropTerms(ctx context.Context, subject string) error
	// PruneTerms forgets days before a time.
	PruneTerms(ctx context.Context, before time.Time) error
}

// CountTerms counts the words of what was heard. It is told of each activity
// once; an edit changes nothing, for the words say what people speak of, and
// are counted exactly when somebody asks.
func (s *Station) CountTerms(ctx context.Context, ids []social.ActivityID) error {
	mentions, err := s.Mentions(ctx, ids)
	if err != nil {
		return err
	}
	var terms said
	for _, m := range mentions {
		p := Post{Activity: m.Activity}
		if m.Deleted || m.Edited || !p.Visible() {
			continue
		}
		subjects := []string{string(p.Channel)}
		for _, id := range m.Monitors {
			subjects = append(subjects, string(id))
		}
		terms.add(p, subjects...)
	}
	return s.keepTerms(ctx, &terms)
}

// said is how often terms are said, by subject and day.
type said struct {
	doc    query.Doc
	counts map[saidKey]map[string]int
}

type saidKey struct {
	subject string
	day     int64
}

func (t *said) add(p Post, subjects ...string) {
	if t.counts == nil {
		t.counts = map[saidKey]map[string]int{}
	}
	t.doc.Reset(Wording(p), "", "")
	terms := term.Of(&t.doc)
	for _, subject := range subjects {
		k := saidKey{subject, p.Published.Truncate(day).UnixMicro()}
		if t.counts[k] == nil {
			t.counts[k] = map[string]int{}
		}
		for _, w := range terms {
			t.counts[k][w]++
		}
	}
}

// keepTerms adds to what is kept.
func (s *Station) keepTerms(ctx context.Context, t *said) error {
	keys := make([]saidKey, 0, len(t.counts))
	for k := range t.counts {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b saidKey) int {
		return cmp.Or(strings.Compare(a.subject, b.subject), cmp.Compare(a.day, b.day))
	})
	for _, k := range keys {
		at := time.UnixMicro(k.day).UTC()
		had, err := s.store.Terms(ctx, k.subject, at)
		if err != nil {
			return err
		}
		put, drop := term.Merge(had, t.counts[k])
		if err := s.store.PutTerms(ctx, k.subject, at, put, drop); err != nil {
			return err
		}
	}
	return nil
}
