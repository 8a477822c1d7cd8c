package listen

import (
	"context"
	"math"
)

// Recount makes all counts anew out of what is stored, in one transaction: the
// counts of a database from before they were kept as they are now. Where they
// were right it changes nothing.
func (s *Station) Recount(ctx context.Context) error {
	return s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.Lock(ctx); err != nil {
			return err
		}
		if err := s.store.Uncount(ctx); err != nil {
			return err
		}
		for below := int64(math.MaxInt64); ; {
			posts, err := s.store.Below(ctx, below, 4*pastAtOnce)
			if err != nil || len(posts) == 0 {
				return err
			}
			below = posts[len(posts)-1].Seq
			seqs := seqsOf(posts)
			matches, err := s.store.Matches(ctx, seqs)
			if err != nil {
				return err
			}
			readings, err := s.store.Readings(ctx, seqs)
			if err != nil {
				return err
			}
			sums := sums{}
			for _, p := range posts {
				st := state{post: p, matches: matches[p.Seq]}
				if r, ok := readings[p.Seq]; ok {
					st.reading = &r
				}
				sums.add(st, +1)
			}
			var c Changes
			sums.put(&c)
			if err := s.store.Write(ctx, c); err != nil {
				return err
			}
		}
	})
}
