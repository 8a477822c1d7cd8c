package server

import (
	"context"
	"slices"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// event is one or several facts of a sort, on their way to readers.
type event struct {
	pos           int64 // of the last fact in it
	name          string
	needs         social.Permission
	activities    int
	understood    bool
	conversations []social.ConversationID
	delivery      social.Delivery
	id            string             // of a monitor, channel or alert, or what was governed
	programme     social.ProgrammeID // of an alert
	members       []social.MemberID  // who has a notice, or is asked
}

type (
	heardEvent struct {
		Activities int  `json:"activities"`
		Understood bool `json:"understood"`
	}
	changedEvent struct {
		Conversations []social.ConversationID `json:"conversations"`
	}
	deliveryEvent struct {
		Conversation social.ConversationID `json:"conversation"`
		Message      social.MessageID      `json:"message"`
		State        string                `json:"state"`
	}
	idEvent struct {
		ID string `json:"id"`
	}
	governedEvent struct {
		What string `json:"what"`
	}
)

// gather turns facts into events. Neighbours of one sort become one event, so
// that a busy stream stays readable; a position never stands before an event
// that it covers.
func gather(facts []store.Fact) []event {
	var out []event
	for _, f := range facts {
		e := event{pos: f.Pos}
		switch v := f.Fact.(type) {
		case social.Heard:
			e.name, e.needs, e.activities = "heard", social.ListenRead, len(v.Activities)
		case social.Understood:
			e.name, e.needs, e.activities, e.understood = "heard", social.ListenRead, len(v.Activities), true
		case social.Changed:
			e.name, e.needs, e.conversations = "changed", social.InboxRead, v.Conversations
		case social.Opened:
			e.name, e.needs = "changed", social.InboxRead
			for _, o := range v.Conversations {
				e.conversations = append(e.conversations, o.Conversation)
			}
		case social.Resolved:
			e.name, e.needs, e.conversations = "changed", social.InboxRead, []social.ConversationID{v.Conversation}
		case social.Answered:
			e.name, e.needs, e.conversations = "changed", social.InboxRead, []social.ConversationID{v.Conversation}
		case social.Delivery:
			e.name, e.needs, e.delivery = "delivery", social.InboxRead, v
		case social.MonitorSaved:
			e.name, e.needs, e.id = "monitor", social.ListenRead, string(v.Monitor)
		case social.Alerted:
			e.name, e.needs, e.id, e.programme = "alert", social.ListenRead, string(v.Alert), v.Programme
		case social.Posted:
			e.name, e.needs, e.id, e.programme = "posted", social.PublishRead, v.Content, v.Programme
		case social.ChannelSaved:
			e.name, e.needs, e.id = "channel", social.ListenRead, string(v.Channel)
		case social.Placed:
			e.name, e.needs = "placed", social.ListenRead
		case social.Governed:
			e.name, e.needs, e.id = "governed", social.SignedIn, v.What
		case social.Dealt:
			e.name, e.needs, e.id = "dealt", social.PeopleRead, v.Object
		case social.Brought:
			e.name, e.needs, e.id = "brought", social.PeopleRead, "person"
		case social.Sorted:
			e.name, e.needs = "sorted", social.PeopleRead
		case social.Noticed:
			e.name, e.needs, e.members = "noticed", social.SignedIn, v.Members
		case social.Hived:
			e.name, e.needs, e.members, e.id = "hived", social.SignedIn, v.Members, string(v.Conversation)
		case social.Clicked, social.Converted:
			e.name, e.needs = "evolved", social.EvolveRead
		default:
			continue
		}
		if n := len(out); n > 0 && out[n-1].joins(e) {
			out[n-1].join(e)
			continue
		}
		out = append(out, e)
	}
	return out
}

func (e event) joins(o event) bool {
	if e.name != o.name || e.name == "noticed" || e.name == "hived" || e.understood != o.understood || e.id != o.id || e.delivery != (social.Delivery{}) {
		return false
	}
	return len(e.conversations)+len(o.conversations) <= 200
}

func (e *event) join(o event) {
	e.pos = o.pos
	e.activities += o.activities
	for _, c := range o.conversations {
		known := false
		for _, k := range e.conversations {
			known = known || k == c
		}
		if !known {
			e.conversations = append(e.conversations[:len(e.conversations):len(e.conversations)], c)
		}
	}
}

// data is what the reader may see of an event, nil for nothing. Whoever sees
// only some programmes gets no counts, and only the ids that Sight lets through.
func (st *stream) data(ctx context.Context, e event) (any, error) {
	s := st.l.s
	scope, ok := s.Authority.Scope(st.actor, e.needs)
	if !ok {
		return nil, nil
	}
	ctx = social.WithScope(social.WithActor(ctx, st.actor), scope)
	switch e.name {
	case "heard":
		if !scope.All {
			return heardEvent{Understood: e.understood}, nil
		}
		return heardEvent{e.activities, e.understood}, nil
	case "changed":
		sees, err := s.sees(ctx, e.conversations)
		if err != nil || len(sees) == 0 && s.Sight != nil && len(e.conversations) > 0 {
			return nil, err
		}
		if sees == nil {
			sees = []social.ConversationID{}
		}
		return changedEvent{sees}, nil
	case "delivery":
		sees, err := s.sees(ctx, []social.ConversationID{e.delivery.Conversation})
		if err != nil || len(sees) == 0 {
			return nil, err
		}
		return deliveryEvent{e.delivery.Conversation, e.delivery.Message, e.delivery.State}, nil
	case "monitor", "channel":
		if !scope.All {
			return idEvent{}, nil
		}
		return idEvent{e.id}, nil
	case "alert":
		if !scope.Sees(e.programme) {
			return nil, nil
		}
		return idEvent{e.id}, nil
	case "posted":
		switch {
		case scope.Sees(e.programme):
			return idEvent{e.id}, nil
		case e.id == "":
			return struct{}{}, nil // what holds everything concerns everybody
		}
		return nil, nil
	case "governed":
		return governedEvent{e.id}, nil
	case "noticed":
		if !slices.Contains(e.members, st.actor.Member) {
			return nil, nil
		}
		return struct{}{}, nil
	case "hived":
		if !slices.Contains(e.members, st.actor.Member) {
			return nil, nil
		}
		return idEvent{e.id}, nil
	}
	return struct{}{}, nil
}
