package main

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"github.com/parley-crm/parley/analyze"
	"github.com/parley-crm/parley/analyze/entity"
	"github.com/parley-crm/parley/social"
)

// reading scores with the models that are used now.
type reading struct {
	scorer atomic.Pointer[analyze.Scorer]
	deep   atomic.Pointer[analyze.Scorer] // the same with the encoder; nil where it is not asked
	names  atomic.Pointer[entity.Book]    // our brand and products
}

func (r *reading) all(texts []string) []social.Scores     { return r.scorer.Load().ScoreAll(texts) }
func (r *reading) further(texts []string) []social.Scores { return r.deep.Load().ScoreAll(texts) }

// whyWords is how many words a label names as its reason.
const whyWords = 3

// openScores makes what scores and what learns from corrections.
func (h *house) openScores(ctx context.Context) error {
	h.reader = &analyze.Reader{Store: h.scores, Hearing: h.station, Score: h.reading.all}
	h.corrector = &analyze.Corrector{Store: h.scores, Reader: h.reader, Clock: h.clock, Sees: h.seesActivity}
	if h.asksEncoder {
		h.deepener = &analyze.Deepener{Store: h.scores, Hearing: h.station, Score: h.reading.further, Log: h.log}
	}
	h.tuner = &analyze.Tuner{Store: h.scores, Hearing: h.station, Clock: h.clock, Changed: h.useModels}
	if err := h.readNames(ctx); err != nil {
		return err
	}
	return h.useModels(ctx)
}

// useModels scores with what was learned in the round that is used, or with
// the models that Parley comes with.
func (h *house) useModels(ctx context.Context) error {
	tuned, err := h.tuner.InUse(ctx)
	if err != nil {
		return err
	}
	s, err := analyze.NewScorer(analyze.Options{Why: whyWords, Tuned: tuned, Names: h.reading.names.Load})
	if err != nil {
		return err
	}
	h.reading.scorer.Store(s)
	if !h.asksEncoder {
		return nil
	}
	if s, err = analyze.NewScorer(analyze.Options{Why: whyWords, Tuned: tuned, Names: h.reading.names.Load, Deep: true}); err != nil {
		return err
	}
	h.reading.deep.Store(s)
	return nil
}

// seesActivity says whether the actor may see what was said: on the wall, or
// in a conversation.
func (h *house) seesActivity(ctx context.Context, id social.ActivityID) (bool, error) {
	_, err := h.station.MentionByID(ctx, id)
	if err == nil {
		return true, nil
	}
	if !social.NotFound.Is(err) {
		return false, err
	}
	held, err := h.desk.Holding(ctx, []social.ActivityID{id})
	return held[id] != "", err
}

// readNames takes over what we and our products are called.
func (h *house) readNames(ctx context.Context) error {
	b, err := h.office.Brand(ctx)
	if err != nil {
		return err
	}
	names := []entity.Entry{{Kind: social.EntityBrand, Name: b.Name}}
	for _, term := range b.Terms {
		kind := social.EntityProduct
		if strings.EqualFold(term, b.Name) {
			kind = social.EntityBrand
		}
		names = append(names, entity.Entry{Kind: kind, Name: term})
	}
	h.reading.names.Store(entity.NewBook(names))
	return nil
}

// learn does what waits to be learned, and keeps up with what we are called.
func (h *house) learn(ctx context.Context) {
	h.every(ctx, 30*time.Second, "names", h.readNames)
	h.every(ctx, 2*time.Second, "learn", h.tuner.Run)
}
