package main

import (
	"context"
	"encoding/json"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/evolve/evolveapi"
	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/govern/governapi"
	"github.com/parley-crm/parley/social"
)

// mates tells engage who works at the desk.
type mates struct{ h *house }

// Mates lists who may take conversations of a programme.
func (m mates) Mates(ctx context.Context, p social.ProgrammeID) ([]engage.Mate, error) {
	refs, err := m.h.governdb.AtDesk(ctx, p)
	out := make([]engage.Mate, len(refs))
	for i, r := range refs {
		out[i] = engage.Mate{ID: r.ID, Name: r.Name}
	}
	return out, err
}

// leads tells the desk who answers for a programme.
type leads struct{ h *house }

// Leads lists who manages a programme.
func (l leads) Leads(ctx context.Context, p social.ProgrammeID) ([]social.MemberID, error) {
	return l.h.governdb.Leads(ctx, p)
}

// sight tells the server which conversations somebody may see.
type sight struct{ h *house }

// Conversations returns those of the ids that lie in the scope of ctx.
func (s sight) Conversations(ctx context.Context, ids []social.ConversationID) ([]social.ConversationID, error) {
	rows, err := s.h.talks.Rows(ctx, ids)
	out := make([]social.ConversationID, len(rows))
	for i, r := range rows {
		out[i] = r.ID
	}
	return out, err
}

// neighbours tells govern what programmes have and do.
func (a around) neighbours() governapi.Neighbours {
	return governapi.Neighbours{
		TagUses: func(ctx context.Context, of social.Tags) (map[social.TagID]governapi.TagUse, error) {
			out := map[social.TagID]governapi.TagUse{}
			talks, mayTalks := a.reaching(ctx, social.InboxRead)
			persons, mayPersons := a.reaching(ctx, social.PeopleRead)
			for id, t := range of {
				if t.Into != "" {
					continue
				}
				var u governapi.TagUse
				var err error
				if mayTalks {
					if u.Conversations, err = a.h.talks.TagUses(talks, of.Same(id), 1000); err != nil {
						return nil, err
					}
				}
				if mayPersons {
					if u.Persons, err = a.h.persons.TagUses(persons, of.Same(id), 1000); err != nil {
						return nil, err
					}
				}
				out[id] = u
			}
			return out, nil
		},
		Channels: func(ctx context.Context, of []social.ProgrammeID) (map[social.ProgrammeID][]governapi.Channel, error) {
			wanted := map[social.ProgrammeID]bool{}
			for _, p := range of {
				wanted[p] = true
			}
			out := map[social.ProgrammeID][]governapi.Channel{}
			for _, c := range a.h.station.ChannelsSeen(ctx) {
				if wanted[c.Programme] {
					out[c.Programme] = append(out[c.Programme], governapi.Channel{ID: c.ID, Kind: c.Kind, Name: c.Name})
				}
			}
			return out, nil
		},
		Numbers: func(ctx context.Context, of social.ProgrammeID) (governapi.Numbers, error) {
			ctx = social.WithScope(ctx, social.Scope{Programmes: []social.ProgrammeID{of}})
			days := a.h.ledger.Last(30)
			sums, err := a.h.outcomes.Sums(ctx, days.From, days.To)
			if err != nil {
				return governapi.Numbers{}, err
			}
			var n governapi.Numbers
			for _, s := range sums {
				if s.What == "answered" {
					n.Answered += int(s.N)
				}
			}
			waits, err := a.h.outcomes.Waits(ctx, days.From, days.To)
			if median, ok := quantileOf(waits); ok {
				n.FirstAnswerMedian = &median
			}
			return n, err
		},
	}
}

// Governing sums up the rules for the home page, for whoever may read them.
func (a around) Governing(ctx context.Context) (evolveapi.Governing, error) {
	if _, ok := a.reaching(ctx, social.GovernRead); !ok {
		return evolveapi.Governing{}, nil
	}
	s, err := a.h.governdb.Sum(ctx)
	g := evolveapi.Governing{Programmes: s.Programmes, Members: s.Members, MayAnswer: s.MayAnswer}
	if s.Members > 0 && s.Required > 0 {
		share := float64(s.Acknowledged) / float64(s.Members)
		g.Acknowledged = &share
	}
	return g, err
}

// telling are the changes that a colleague may want to know of on the home page.
var telling = map[string]bool{"programme": true, "policy": true, "monitor": true, "channel": true, "member": true}

// Changes lists what colleagues changed last, for whoever may read the record.
func (a around) Changes(ctx context.Context, limit int) ([]evolveapi.Change, error) {
	ctx, ok := a.reaching(ctx, social.RecordRead)
	if !ok {
		return nil, nil
	}
	var out []evolveapi.Change
	cursor := ""
	for range 5 { // a busy day holds many lines that nobody needs to be told
		lines, next, err := a.h.archive.Lines(ctx, govern.Query{}, cursor, 100)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			if !telling[l.Object] || len(out) == limit {
				continue
			}
			var detail struct{ Name string }
			_ = json.Unmarshal([]byte(l.Detail), &detail) // a line without a name has none
			out = append(out, evolveapi.Change{At: time.UnixMicro(l.At).UTC(), Actor: l.ActorName, Verb: l.Verb, Object: l.Object, ID: l.ObjectID, Name: detail.Name})
		}
		if next == "" || len(out) == limit {
			break
		}
		cursor = next
	}
	return out, nil
}

// kindsOf tells the desk of which network each channel is.
type kindsOf struct{ h *house }

// ChannelKinds lists all channels with the word of their network.
func (k kindsOf) ChannelKinds(ctx context.Context) (map[social.ChannelID]string, error) {
	out := map[social.ChannelID]string{}
	for _, c := range k.h.station.ChannelsSeen(social.WithScope(ctx, social.Scope{All: true})) {
		out[c.ID] = c.Kind
	}
	return out, nil
}
