package main

import (
	"context"
	"time"

	"github.com/parley-crm/parley/cmd/parley/demo"
	"github.com/parley-crm/parley/social"
)

// sortDaily keeps segments up as the days go by, once a day: so each has a
// history. The first day adds them.
func (s *stage) sortDaily(ctx context.Context) error {
	if now := s.set.Now(); s.first == "" || now.Sub(s.sortedAt) < 24*time.Hour {
		return nil
	}
	return s.sortNow(ctx)
}

func (s *stage) sortNow(ctx context.Context) error {
	if s.sortedAt.IsZero() {
		as, err := s.as(ctx, s.first, social.PeopleWrite)
		if err != nil {
			return err
		}
		for _, g := range demo.Segments() {
			if _, err := s.segments.Add(as, g); err != nil {
				return err
			}
		}
	}
	s.sortedAt = s.set.Now()
	if err := s.segments.Settle(asParley(ctx)); err != nil {
		return err
	}
	return s.db.Drain(ctx, s.followers()...)
}
