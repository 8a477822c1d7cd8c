package main

import (
	"context"
	"fmt"

	"github.com/parley-crm/parley/analyze"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
)

// correctionsInDemo is how many scores are corrected in the example company.
const correctionsInDemo = 32

// teach lets people of the example company correct what the models got wrong:
// nobody there says anything offensive, so whatever was called that was not.
// One round of learning comes of it, which waits to be looked at.
func (s *stage) teach(ctx context.Context, by social.MemberID) error {
	ctx, err := s.as(ctx, by, social.ListenRead)
	if err != nil {
		return err
	}
	var wrong []social.ActivityID
	var after *listen.Place
	for pages := 0; len(wrong) < correctionsInDemo && pages < 40; pages++ {
		page, err := s.station.Wall(ctx, listen.Filter{Lang: "en"}, after, 100)
		if err != nil {
			return err
		}
		ids := make([]social.ActivityID, len(page.Items))
		for i, it := range page.Items {
			ids[i] = it.ID
		}
		scores, err := s.scores.Scores(ctx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if x := scores[id]; x.Toxicity != nil && x.Toxicity.Label == social.Offensive && len(wrong) < correctionsInDemo {
				wrong = append(wrong, id)
			}
		}
		if after = page.Next; after == nil {
			break
		}
	}
	if ctx, err = s.as(ctx, by, social.ScoreCorrect); err != nil {
		return err
	}
	for _, id := range wrong {
		if _, err := s.corrector.Correct(ctx, id, analyze.PartToxicity, []string{social.NotOffensive}); err != nil {
			return fmt.Errorf("correct a score: %w", err)
		}
	}
	if ctx, err = s.as(ctx, s.first, social.ModelTrain); err != nil {
		return err
	}
	if _, err := s.tuner.Start(ctx); err != nil {
		return err
	}
	return s.tuner.Run(ctx)
}
