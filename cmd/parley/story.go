package main

import (
	"context"
	"time"

	"github.com/parley-crm/parley/cmd/parley/past"
	"github.com/parley-crm/parley/cmd/parley/story"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
)

// Habits implements peopleapi.Around.
func (a around) Habits(ctx context.Context, who []social.IdentityID, zone *time.Location) (people.Habits, error) {
	return a.h.told.Habits(ctx, who, zone, a.h.clock.Now())
}

// openSeer makes whoever foresees what may come of persons.
func (h *house) openSeer() {
	h.past = past.Rooms{DB: h.db, Heard: h.heard, Talks: h.talks, Clock: h.clock, Log: h.log, Reads: func(ctx context.Context) (context.Context, bool) {
		return around{h}.reaching(ctx, social.InboxRead)
	}}
	h.seer = h.past.Open(h.book, h.segments.Mark)
}

// openStory gives the timelines of persons what every room knows.
func (h *house) openStory(business people.Owned) {
	h.told = story.Rooms{Files: h.db, Heard: h.heard, Talks: h.talks, Outcomes: h.outcomes, Persons: h.persons,
		Said: h.station.Said, Scores: h.scores.Scores, Holding: h.desk.Holding, Seen: around{h}.seen,
		Names: func(ctx context.Context, ids []social.MemberID) (map[social.MemberID]string, error) {
			refs, err := h.governdb.Names(ctx, ids)
			out := make(map[social.MemberID]string, len(refs))
			for id, r := range refs {
				out[id] = r.Name
			}
			return out, err
		},
		Reads: func(ctx context.Context) bool {
			_, reads := around{h}.reaching(ctx, social.InboxRead)
			return reads
		}}
	h.told.Open(h.book, business)
	h.book.Answered = func(ctx context.Context, who []social.IdentityID) (bool, error) {
		ours, err := h.talks.Ours(asParley(ctx), who, nil, []string{string(engage.Ours)}, h.clock.Now().Add(24*time.Hour), "", 1)
		return len(ours) > 0, err
	}
}
