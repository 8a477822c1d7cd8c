package forget

import (
	"context"
	"time"

	"github.com/parley-crm/parley/engage/deletion"
	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/social"
)

// Holds implements deletion.Holds: which legal hold keeps a conversation, and by whom.
type Holds struct {
	Rooms
	Members func(ctx context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error)
}

var heldOn = map[string]string{
	privacy.HeldConversation: "this conversation", privacy.HeldProgramme: "its programme", privacy.HeldPerson: "somebody who speaks in it",
}

// Keep implements deletion.Holds. Holds are looked for wherever they are: one
// that the asker does not see keeps all the same.
func (h Holds) Keep(ctx context.Context, ids []social.ConversationID) (map[social.ConversationID]string, error) {
	ctx = social.WithScope(ctx, social.Scope{All: true})
	out := map[social.ConversationID]string{}
	holds, err := h.Keeper.Standing(ctx)
	if err != nil || len(holds) == 0 {
		return out, err
	}
	var by []social.MemberID
	for _, x := range holds {
		by = append(by, x.By)
	}
	names, err := h.Members(ctx, by)
	if err != nil {
		return nil, err
	}
	for _, x := range holds {
		kept, err := h.Talks.Kept(ctx, ids, x.Spared)
		if err != nil {
			return nil, err
		}
		for _, id := range kept {
			if out[id] == "" {
				who := names[x.By].Name
				if who == "" {
					who = "a colleague"
				}
				out[id] = "A legal hold of " + who + " stands on " + heldOn[x.Kind] + ": " + x.Reason
			}
		}
	}
	return out, nil
}

// Everywhere implements deletion.Rooms.
type Everywhere struct {
	Rooms
	Sweeper privacy.Sweeper
	Memory  func()
}

var _ deletion.Rooms = Everywhere{}

// Unsay implements deletion.Rooms.
func (e Everywhere) Unsay(ctx context.Context, ids []social.ConversationID, at time.Time) error {
	said, err := e.Talks.Said(ctx, ids)
	if err != nil {
		return err
	}
	links := make([]string, len(ids))
	for i, id := range ids {
		links[i] = "/engage?c=" + string(id)
	}
	for _, take := range []func() error{
		func() error { return e.Heard.Strike(ctx, said) },
		func() error { return e.unsay(ctx, said, social.Aged{At: at}) },
		func() error { return e.Persons.DropClues(ctx, said) },
		func() error { return e.Hive.Unsay(ctx, ids) },
		func() error { return e.Surveys.Unsay(ctx, ids) },
		func() error { return e.Surveys.Drop(ctx, ids) },
		func() error { return e.Library.Unsay(ctx, ids, at) },
		func() error { return e.Paces.Unsay(ctx, ids) },
		func() error { return e.Notices.DropNoticesTo(ctx, links) },
		func() error { return e.Talks.Unsay(ctx, ids, at) },
		func() error { return e.Talks.Strike(ctx, ids) },
	} {
		if err := take(); err != nil {
			return err
		}
	}
	return nil
}

// Scour implements deletion.Rooms.
func (e Everywhere) Scour(ctx context.Context) error { return e.Sweeper.Scour(ctx) }

// Forgot implements deletion.Rooms.
func (e Everywhere) Forgot() { e.Memory() }
