// Package resolve finds which records speak of the same person. It takes
// records as they are (misspelt, swapped, moved, half empty) and says which
// belong together, how sure it is and why.
//
// It learns from the records it is given how often values agree by chance and
// how reliable each column is (Fellegi and Sunter's model, fitted by
// expectation maximisation), so that a rare family name weighs more than a
// common one and a column full of errors weighs less than a clean one.
// Members of one household, who share a name, a street and a telephone, are a
// class of their own.
//
// It promises: the same records in the same order give the same persons; no
// two records are joined by name alone; work and memory grow in step with the
// number of records, whatever they hold.
package resolve

import (
	"context"
	"runtime"
)

// Record is what is known of somebody, as it was written. Empty means unknown.
type Record struct {
	ID       string
	Given    string
	Family   string
	Email    string
	Phone    string
	Handle   string
	Street   string
	City     string
	Postcode string
	Region   string
	Country  string
	Birth    string
}

// What is joined unless a threshold is given: as much as can be so that, of all
// pairs of records in the answer, wantedPrecision are right as far as the model
// can tell, and nothing that is less probable than leastThreshold. What is
// certain is joined in any case.
const (
	wantedPrecision = 0.997
	leastThreshold  = 0.75
	certain         = 0.97
	leastEqual      = 0.9 // of records that are equal
)

// Options of Resolve; the zero value is what is recommended.
type Options struct {
	Threshold float64 // from which probability records are joined; 0 chooses it
	Workers   int     // 0 means one for each core
}

// Link is a pair that was accepted: record A, which came earlier, and B, by
// their place in the input.
type Link struct {
	A, B        int
	Probability float64
	Reasons     []string
}

// Result says who is who.
type Result struct {
	// Person holds, for each record, the place of the first record of its
	// person.
	Person []int
	// Links are the accepted pairs that hold the persons together: for each
	// record but a person's first, one. They are ordered by B.
	Links []Link
	// Compared is how many pairs were looked at.
	Compared int64
}

// Resolve finds the persons behind records.
func Resolve(ctx context.Context, records []Record, o Options) (Result, error) {
	s := New()
	for _, r := range records {
		s.Add(r)
	}
	return s.Resolve(ctx, o)
}

// Resolve finds the persons behind the records that were added. It ends early
// only when ctx does, and is called once.
func (s *Set) Resolve(ctx context.Context, o Options) (Result, error) {
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	s.known = nil
	s.readDates()
	s.count()
	b := s.block()
	m, err := s.learn(ctx, b, nil, o.Workers)
	if err != nil {
		return Result{}, err
	}
	// Whoever has five records holds a rare name five times. So what was
	// learnt tells persons, roughly, and then is learnt again by persons.
	edges, _, err := s.score(ctx, b, m, Options{Threshold: .5, Workers: o.Workers})
	if err != nil {
		return Result{}, err
	}
	if m, err = s.learn(ctx, b, s.join(m, edges, 0, .5).roots(), o.Workers); err != nil {
		return Result{}, err
	}
	least, equal, wanted := o.Threshold, o.Threshold, 0.0
	if least == 0 {
		least, equal, wanted = leastThreshold, leastEqual, wantedPrecision
	}
	edges, compared, err := s.score(ctx, b, m, Options{Threshold: least, Workers: o.Workers})
	if err != nil {
		return Result{}, err
	}
	return s.cluster(s.join(m, edges, wanted, least), compared, equal), nil
}
