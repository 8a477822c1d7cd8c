package main

import (
	"context"
	"time"

	"github.com/parley-crm/parley/analyze"
	"github.com/parley-crm/parley/social"
)

// speakers tells the network of people what is known of them by listening.
type speakers struct{ h *house }

// Speakers tells what is known of people by what they said.
func (s speakers) Speakers(ctx context.Context, ids []social.IdentityID, since time.Time) (map[social.IdentityID]analyze.Speaker, error) {
	names, err := s.h.heard.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	counts, err := s.h.heard.CountsSince(ctx, ids, since)
	if err != nil {
		return nil, err
	}
	sharers, err := s.h.heard.Sharers(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[social.IdentityID]analyze.Speaker, len(ids))
	for _, id := range ids {
		n, c := names[id], counts[id]
		if n.Author.Value == "" {
			n.Author = sharers[id] // they said nothing themselves
		}
		out[id] = analyze.Speaker{Name: n.Author.Label(), Handle: n.Author.Handle, Followers: n.Author.Followers, Posts: c.Posts, Shares: c.Shares}
	}
	return out, nil
}

// ChannelsOf returns the channels of each programme that has some.
func (s speakers) ChannelsOf(ctx context.Context) (map[social.ProgrammeID][]social.ChannelID, error) {
	out := map[social.ProgrammeID][]social.ChannelID{}
	for _, c := range s.h.station.ChannelsSeen(ctx) {
		if c.Programme != "" {
			out[c.Programme] = append(out[c.Programme], c.ID)
		}
	}
	return out, nil
}

// lookAgain is how often it is asked whether who talks to whom is to be
// looked at.
const lookAgain = 10 * time.Second
