// Package explore says what a subject comes to in a stretch of time: how much
// was said, how it felt, about what, by whom, compared with the time before and
// with others, and what people suddenly speak of.
//
// It promises that its numbers come from rollups and agree with the wall to the
// unit, and claims nothing where there is nothing to compare.
package explore

import (
	"context"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/term"
	"github.com/parley-crm/parley/social"
)

// Explorer explores what a station heard.
type Explorer struct {
	Heard *listen.Station
	Store Store
	Clock clock.Clock
}

// Store reads the rollups.
type Store interface {
	Tallies(ctx context.Context, subjects []string, from, to time.Time) ([]listen.Tally, error)
	// Sums adds up what subjects have in a range of whole hours.
	Sums(ctx context.Context, subjects []string, from, to time.Time) (map[string]listen.Felt, error)
	// Facets adds up, over subjects, what facets have in a range of whole hours.
	Facets(ctx context.Context, subjects, names []string, from, to time.Time) ([]listen.Facet, error)
	// FacetSteps returns a facet's values, one row for each hour or day and value, over all subjects.
	FacetSteps(ctx context.Context, subjects []string, name string, values []string, from, to time.Time, days bool) ([]listen.Facet, error)
	// Names returns accounts as they were called last, and how many they reach.
	Names(ctx context.Context, ids []social.IdentityID) (map[social.IdentityID]listen.Named, error)
	PostsBySeq(ctx context.Context, seqs []int64) ([]listen.Post, error)
	// TermSums adds terms up over subjects and days, at most some, those that have most first.
	TermSums(ctx context.Context, subjects []string, from, to time.Time, limit int) ([]term.Term, error)
	// TermDays says on which days terms were said most.
	TermDays(ctx context.Context, subjects []string, terms []string, from, to time.Time) ([]time.Time, error)
	// TermsBegin is the first day since a time of which a subject has terms, and whether there is any.
	TermsBegin(ctx context.Context, subjects []string, since time.Time) (time.Time, bool, error)
}
