package main

import (
	"context"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
)

// Named says what persons are called.
func (a around) Named(ctx context.Context, ids []social.PersonID) (map[social.PersonID]people.Ref, error) {
	return a.h.persons.Named(ctx, ids)
}

// dealTalks tells business of conversations.
type dealTalks struct{ h *house }

// Talks implements deal.Talks.
func (d dealTalks) Talks(ctx context.Context, ids []social.ConversationID) ([]deal.Talk, error) {
	if _, ok := social.ActorOf(ctx); ok {
		in, may := around(d).reaching(ctx, social.InboxRead)
		if !may {
			return nil, nil
		}
		ctx = in
	}
	rows, err := d.h.talks.Rows(ctx, ids)
	if err != nil {
		return nil, err
	}
	who := make([]social.IdentityID, len(rows))
	for i, c := range rows {
		who[i] = c.Author.ID()
	}
	persons, err := d.h.persons.Persons(ctx, who)
	out := make([]deal.Talk, len(rows))
	for i, c := range rows {
		out[i] = deal.Talk{ID: c.ID, Subject: c.Subject, Channel: c.Channel, Programme: c.Programme, Person: persons[who[i]], State: string(c.State), At: c.LastAt}
	}
	return out, err
}
