package privacy

import (
	"context"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// What may be held.
const (
	HeldPerson       = "person"
	HeldConversation = "conversation"
	HeldProgramme    = "programme"
)

// Hold keeps a person, a conversation or all of a programme from going: no
// erasure and no rule of retention takes anything of it while the hold stands.
type Hold struct {
	ID       string
	Kind     string
	Object   string // its id
	Reason   string
	By       social.MemberID
	At       time.Time
	EndedBy  social.MemberID
	EndedAt  time.Time
	EndedWhy string
}

// Things knows what may be held besides persons. What does not exist, or not
// within the scope of ctx, is NotFound.
type Things interface {
	Talk(ctx context.Context, id social.ConversationID) error
	Programme(ctx context.Context, id social.ProgrammeID) error
	// InTalks returns one of the conversations in which one of the accounts
	// speaks or is spoken with, "" for none.
	InTalks(ctx context.Context, talks []social.ConversationID, accounts []social.IdentityID) (social.ConversationID, error)
	// InProgrammes returns one of the programmes in which one of the accounts
	// was heard, "" for none.
	InProgrammes(ctx context.Context, programmes []social.ProgrammeID, accounts []social.IdentityID) (social.ProgrammeID, error)
}

// exists makes sure that there is what is to be held, and returns its id.
func (k *Keeper) exists(ctx context.Context, kind, object string) (string, error) {
	switch kind {
	case HeldPerson:
		p, err := k.People.Person(ctx, social.PersonID(object))
		return string(p.ID), err
	case HeldConversation:
		return object, k.Things.Talk(ctx, social.ConversationID(object))
	case HeldProgramme:
		return object, k.Things.Programme(ctx, social.ProgrammeID(object))
	}
	return "", invalid("kind", "A person, a conversation or a programme can be held.")
}

// Place puts something under a legal hold.
func (k *Keeper) Place(ctx context.Context, h Hold) (Hold, error) {
	if err := tidy("reason", &h.Reason, 1000, true); err != nil {
		return h, err
	}
	err := k.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if h.Object, err = k.exists(ctx, h.Kind, h.Object); err != nil {
			return err
		}
		h.ID, h.By, h.At = id.At(k.now()), member(ctx), k.now()
		if err := k.Store.SaveHold(ctx, h); err != nil {
			return err
		}
		return k.Store.Record(ctx, social.Entry{Verb: "legal_hold", Object: h.Kind, ID: h.Object, Detail: map[string]any{"hold": h.ID}})
	})
	return h, err
}

// Lift ends a hold and keeps why; an erasure that it kept back goes on. A
// second time it changes nothing.
func (k *Keeper) Lift(ctx context.Context, which, why string) (Hold, error) {
	if err := tidy("reason", &why, 1000, true); err != nil {
		return Hold{}, err
	}
	var h Hold
	err := k.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if h, err = k.Store.Hold(ctx, which); err != nil || !h.EndedAt.IsZero() {
			return err
		}
		h.EndedBy, h.EndedAt, h.EndedWhy = member(ctx), k.now(), why
		if err := k.Store.SaveHold(ctx, h); err != nil {
			return err
		}
		return k.Store.Record(ctx, social.Entry{Verb: "lift", Object: h.Kind, ID: h.Object, Detail: map[string]any{"hold": h.ID}})
	})
	k.stir()
	return h, err
}

// HoldsOn lists the holds that stand on one thing, for whoever may see that.
func (k *Keeper) HoldsOn(ctx context.Context, kind, object string) ([]Hold, error) {
	object, err := k.exists(ctx, kind, object)
	if err != nil {
		return nil, err
	}
	objects := []string{object}
	if kind == HeldPerson {
		if objects, err = k.Store.Same(ctx, social.PersonID(object)); err != nil {
			return nil, err
		}
	}
	return k.Store.Holds(ctx, kind, objects)
}

// Held says which hold keeps somebody back, "" where none does: on themselves,
// on a conversation in which they speak, on a programme that heard them.
func (k *Keeper) Held(ctx context.Context, s social.Subject) (string, error) {
	persons := make([]string, len(s.Persons))
	for i, p := range s.Persons {
		persons[i] = string(p)
	}
	own, err := k.Store.Holds(ctx, HeldPerson, persons)
	if err != nil {
		return "", err
	}
	if len(own) > 0 {
		return "A legal hold stands: " + own[0].Reason, nil
	}
	accounts := make([]social.IdentityID, len(s.Accounts))
	for i, a := range s.Accounts {
		accounts[i] = a.Author.ID()
	}
	return k.heldElsewhere(ctx, accounts)
}

func (k *Keeper) heldElsewhere(ctx context.Context, accounts []social.IdentityID) (string, error) {
	if len(accounts) == 0 {
		return "", nil
	}
	all, err := k.Store.Holds(ctx, "", nil)
	if err != nil {
		return "", err
	}
	reason := map[string]string{}
	var talks []social.ConversationID
	var programmes []social.ProgrammeID
	for _, h := range all {
		switch h.Kind {
		case HeldConversation:
			talks = append(talks, social.ConversationID(h.Object))
		case HeldProgramme:
			programmes = append(programmes, social.ProgrammeID(h.Object))
		}
		reason[h.Kind+h.Object] = h.Reason
	}
	if len(talks) > 0 {
		if t, err := k.Things.InTalks(ctx, talks, accounts); err != nil || t != "" {
			return "A legal hold stands on a conversation of theirs: " + reason[HeldConversation+string(t)], err
		}
	}
	if len(programmes) > 0 {
		if p, err := k.Things.InProgrammes(ctx, programmes, accounts); err != nil || p != "" {
			return "A legal hold stands on a programme that heard them: " + reason[HeldProgramme+string(p)], err
		}
	}
	return "", nil
}

// Spared is all that the holds which stand keep back.
func (k *Keeper) Spared(ctx context.Context) (social.Spared, error) {
	var out social.Spared
	all, err := k.Standing(ctx)
	for _, h := range all {
		out.Persons, out.Accounts = append(out.Persons, h.Spared.Persons...), append(out.Accounts, h.Spared.Accounts...)
		out.Conversations, out.Programmes = append(out.Conversations, h.Spared.Conversations...), append(out.Programmes, h.Spared.Programmes...)
	}
	return out, err
}

// Standing is a hold that stands, and what it keeps back.
type Standing struct {
	Hold
	Spared social.Spared
}

// Standing lists the holds that stand, the newest first.
func (k *Keeper) Standing(ctx context.Context) ([]Standing, error) {
	all, err := k.Store.Holds(ctx, "", nil)
	if err != nil {
		return nil, err
	}
	out := make([]Standing, 0, len(all))
	for _, h := range all {
		s := Standing{Hold: h}
		switch h.Kind {
		case HeldConversation:
			s.Spared.Conversations = []social.ConversationID{social.ConversationID(h.Object)}
		case HeldProgramme:
			s.Spared.Programmes = []social.ProgrammeID{social.ProgrammeID(h.Object)}
		case HeldPerson:
			p, err := k.People.Person(ctx, social.PersonID(h.Object))
			if social.NotFound.Is(err) {
				continue
			}
			if err != nil {
				return nil, err
			}
			s.Spared.Persons = []social.PersonID{p.ID}
			for _, i := range p.Identities {
				s.Spared.Accounts = append(s.Spared.Accounts, i.ID)
			}
		}
		out = append(out, s)
	}
	return out, nil
}
