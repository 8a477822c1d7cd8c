package govern

import (
	"context"
	"fmt"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

// Ask is the question to the gate: may this actor speak for the brand there?
type Ask struct {
	Actor      social.Actor
	Permission social.Permission  // "" for answering
	Programme  social.ProgrammeID // of the conversation; "" when it has none
	Channel    social.ChannelID
}

// Verdict is the gate's answer. Why and Fix are those of the first thing that
// is missing.
type Verdict struct {
	Clear   bool
	Why     string // a sentence to show; "" when clear
	Fix     string // where in the app it can be mended
	Missing []Missing
}

// Missing is one thing that stands in the way.
type Missing struct {
	What string // "role" or "acknowledgement"
	Text string
	Fix  string
}

// Err is the verdict as an error, nil when clear.
func (v Verdict) Err() error {
	if v.Clear {
		return nil
	}
	return &social.Error{Kind: social.Forbidden, Text: v.Why, Fix: v.Fix}
}

// GateStore is what the gate looks at.
type GateStore interface {
	Member(ctx context.Context, id social.MemberID) (Member, error)
	Token(ctx context.Context, id string) (Token, error)
	Programme(ctx context.Context, scope social.Scope, id social.ProgrammeID) (Programme, error)
	Unread(ctx context.Context, m social.MemberID, p social.ProgrammeID) ([]Policy, error)
}

// Gate decides who may speak for the brand. It trusts of the actor only who
// it is, and reads the rest in the transaction of ctx if there is one, so
// that asked inside the transaction that queues or sends, it answers for that
// very moment.
type Gate struct {
	Store GateStore
	Clock clock.Clock
}

// NewGate makes a gate that goes by the machine's clock.
func NewGate(store GateStore) *Gate { return &Gate{Store: store, Clock: clock.System{}} }

// Clear answers the question. An error means that nobody could tell, never
// that the answer is yes.
func (g *Gate) Clear(ctx context.Context, ask Ask) (Verdict, error) {
	var v Verdict
	miss := func(what, fix, format string, args ...any) {
		v.Missing = append(v.Missing, Missing{What: what, Text: fmt.Sprintf(format, args...), Fix: fix})
	}
	actor, ok, err := g.actor(ctx, ask.Actor)
	if err != nil {
		return v, err
	}
	if !ok {
		miss("role", "/settings/members", "Only an active member can speak for the brand.")
		return v.close(), nil
	}
	needs, what := social.InboxReply, "answering customers"
	if ask.Permission == social.PublishWrite {
		needs, what = social.PublishWrite, "publishing"
	}
	scope, may := Scope(actor, needs)
	if !may || !scope.Sees(ask.Programme) {
		where, fix := "", "/settings/members"
		if ask.Programme != "" {
			p, err := g.Store.Programme(ctx, social.Scope{All: true}, ask.Programme)
			if err != nil && !social.NotFound.Is(err) {
				return v, err
			}
			if err == nil {
				where, fix = " in “"+p.Name+"”", "/govern/programmes/"+string(p.ID)
			}
		}
		miss("role", fix, "Your role does not include %s%s. Whoever manages members can make you a responder.", what, where)
	}
	unread, err := g.Store.Unread(ctx, actor.Member, ask.Programme)
	if err != nil {
		return v, err
	}
	for _, p := range unread {
		miss("acknowledgement", "/govern/policies/"+string(p.ID), "You have not acknowledged “%s”, version %d.", p.Name, p.Version)
	}
	return v.close(), nil
}

// actor reads anew what the asker may do.
func (g *Gate) actor(ctx context.Context, a social.Actor) (social.Actor, bool, error) {
	if a.Member == "" {
		return a, false, nil
	}
	if a.Token != "" {
		t, err := g.Store.Token(ctx, a.Token)
		if social.NotFound.Is(err) || err == nil && t.Member != a.Member {
			return a, false, nil
		}
		if err != nil {
			return a, false, err
		}
		return tokenActor(ctx, g.Store, t, g.Clock.Now())
	}
	m, err := g.Store.Member(ctx, a.Member)
	if social.NotFound.Is(err) {
		return a, false, nil
	}
	return m.Actor(), err == nil && m.State == Active, err
}

func (v Verdict) close() Verdict {
	v.Clear = len(v.Missing) == 0
	if !v.Clear {
		v.Why, v.Fix = v.Missing[0].Text, v.Missing[0].Fix
	}
	return v
}
