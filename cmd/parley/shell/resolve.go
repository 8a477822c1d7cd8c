package shell

import (
	"context"
	"fmt"
	"strings"

	"github.com/parley-crm/parley/people/dirty"
	"github.com/parley-crm/parley/people/resolve"
	"github.com/parley-crm/parley/social"
)

// Resolve says which records are one person.
type Resolve struct {
	Threshold float64 `help:"The probability from which two records are joined; higher joins fewer. Without it, as much is joined as leaves 997 of 1,000 pairs right, by what the file tells." env:"-"`
	Explain   bool    `help:"Say by which pair each record was joined, how probable that is and why." env:"-"`
}

// Help is shown with --help.
func (Resolve) Help() string {
	return `Reads records of people as CSV with a header that names any of
id,given_name,family_name,email,phone,handle,street,city,postcode,region,
country,birth_date, or usual other names for them (first_name, surname, dob,
suburb, zip, state …), in any order; other columns are left aside and named on
stderr. Writes id,person in the same order, where person is the id of the first
record of the same person.

  parley resolve < customers.csv > persons.csv

How much each agreement is worth is learnt from the records themselves. Nobody
is joined by name alone. --explain adds the columns with,probability,because:
the record by which this one was joined and what speaks for and against it.

A header that is wrong, or an id that comes twice, ends it with exit code 2
before anything is written.`
}

// Run joins records.
func (c Resolve) Run(ctx context.Context, s *Streams) error {
	if c.Threshold != 0 && !(c.Threshold > 0 && c.Threshold < 1) {
		return usage(s, "the threshold must be between 0 and 1")
	}
	t, err := resolve.ReadCSV(s.In)
	if social.Invalid.Is(err) {
		return usage(s, err.Error())
	}
	if err != nil {
		return err
	}
	if len(t.Unread) > 0 {
		fmt.Fprintln(s.Err, "Left aside: "+strings.Join(t.Unread, ", ")+".")
	}
	r, err := t.Set.Resolve(ctx, resolve.Options{Threshold: c.Threshold})
	if err != nil {
		return err
	}
	return t.WriteCSV(s.Out, r, c.Explain)
}

// EvalResolve measures how well records are joined.
type EvalResolve struct {
	Tuning bool  `help:"On the kinds and seeds that the method was made with, instead of those that it has never seen." env:"-"`
	Sizes  []int `help:"How many records." default:"1000,5000,20000" env:"-"`
	Large  bool  `help:"100,000 records as well." env:"-"`
	Limit  bool  `help:"Say as well the best F1 that a threshold reaches at a precision of 0.995 when it is known who is who." env:"-"`
}

// Run prints precision, recall and F1 by pairs, and records a second.
func (c EvalResolve) Run(ctx context.Context, s *Streams) error {
	kinds, seed := dirty.Held(), uint64(dirty.HeldSeed)
	if c.Tuning {
		kinds, seed = dirty.Tuning(), 1
	}
	if c.Large {
		c.Sizes = append(c.Sizes, 100_000)
	}
	for _, n := range c.Sizes {
		if n < 2 || n > 2_000_000 {
			return usage(s, fmt.Sprintf("%d records are not between 2 and 2,000,000", n))
		}
	}
	return dirty.Table(ctx, s.Out, kinds, c.Sizes, seed, c.Limit)
}
