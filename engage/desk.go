package engage

import (
	"context"
	"log/slog"
	"time"

	"github.com/parley-crm/parley/engage/parcel"
	"github.com/parley-crm/parley/engage/pledge"
	"github.com/parley-crm/parley/engage/rule"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

// Desk is where members work. Fill in the fields and use it; it is safe for
// concurrent use. Links, Pace, Notices, Leads and Log may be nil.
type Desk struct {
	Store      Store
	Heard      Heard
	Understood Understood
	Gate       Gate
	Networks   Networks
	Mates      Mates
	Links      Links
	Tags       Tags         // nil: there are no tags
	Kinds      Kinds        // nil: no network is known
	Notices    Notices      // nil: nobody is told
	Base       string       // the app's public address, "" when it has none
	Pace       *pledge.Book // what we promise about time; nil for nothing
	Rules      *rule.Book   // what is done by itself; nil for nothing
	Leads      Leads
	Parcels    *parcel.Box // nil: nothing comes and goes but words
	Consents   Consents    // nil: STOP alone keeps somebody from being written to
	Clock      clock.Clock
	Log        *slog.Logger
	Timing     Timing
	Limited    func(ctx context.Context, c social.ChannelID, said string, until time.Time) // a network asks us to wait; nil is told nothing
	Lines      int                                                                         // sends under way at once to one channel; 0 means 4

	held holds
}

func (d *Desk) now() time.Time { return d.Clock.Now().UTC().Truncate(time.Microsecond) }

func (d *Desk) log() *slog.Logger {
	if d.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return d.Log
}

// asParley is ctx for what Parley does by itself: it sees everything.
func asParley(ctx context.Context) context.Context {
	return social.WithScope(social.WithActor(ctx, social.SystemActor()), social.Scope{All: true})
}

// member is who acts; acts of the desk need somebody.
func member(ctx context.Context) (social.Actor, error) {
	a, ok := social.ActorOf(ctx)
	if !ok || a.Member == "" {
		return a, social.Errorf(social.Forbidden, "Only a member can do this: sign in, or use a token that acts for a member.")
	}
	return a, nil
}

// Member is who acts, Forbidden when nobody does.
func Member(ctx context.Context) (social.Actor, error) { return member(ctx) }

// List reads a page of the inbox.
func (d *Desk) List(ctx context.Context, q Query) (Page, error) {
	a, _ := social.ActorOf(ctx)
	q.Member, q.Now = a.Member, d.now()
	if q.View == ViewMine && a.Member == "" {
		return Page{}, nil
	}
	var err error
	if q.Where, err = d.named(ctx, q.Where, a.Member); err != nil {
		return Page{}, err
	}
	return d.Store.List(ctx, q)
}

// Counts says how many conversations each view holds.
func (d *Desk) Counts(ctx context.Context) (Counts, error) {
	a, _ := social.ActorOf(ctx)
	return d.Store.Counts(ctx, a.Member)
}

// Conversation reads one conversation.
func (d *Desk) Conversation(ctx context.Context, id social.ConversationID) (Row, error) {
	a, _ := social.ActorOf(ctx)
	row, err := d.Store.Row(ctx, id, a.Member)
	if err == nil && row.State == Deleted {
		return Row{}, row.Here()
	}
	return row, err
}

// Messages reads a page of a conversation, newest first.
func (d *Desk) Messages(ctx context.Context, id social.ConversationID, cursor string, limit int) ([]Message, string, error) {
	if _, err := d.Conversation(ctx, id); err != nil {
		return nil, "", err
	}
	return d.Store.Messages(ctx, id, cursor, limit)
}

// Holding says which conversation holds each activity, of those that the
// asker may see.
func (d *Desk) Holding(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.ConversationID, error) {
	return d.Store.Holding(ctx, ids)
}

// Clear asks whether the actor may answer in a conversation.
func (d *Desk) Clear(ctx context.Context, c Conversation) (Verdict, error) {
	a, _ := social.ActorOf(ctx)
	if a.Member == "" {
		return Verdict{Why: "Only a member can speak for the brand."}, nil
	}
	v, err := d.Gate.Clear(ctx, Ask{Member: a.Member, Token: a.Token, Permission: social.InboxReply, Programme: c.Programme, Channel: c.Channel})
	if err != nil || !v.Clear {
		return v, err
	}
	return d.wanted(ctx, c.Channel, c.Author.ID())
}

// pass turns a verdict that is not clear into the error that says so.
func pass(v Verdict, err error) error {
	if err != nil {
		return err
	}
	if !v.Clear {
		return &social.Error{Kind: social.Forbidden, Text: v.Why, Fix: v.Fix}
	}
	return nil
}
