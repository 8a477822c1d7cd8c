// Package deletion lets conversations go at the wish of a member: what was said
// in them goes, wherever it stands; that somebody wrote, when and how often
// stays.
//
// It promises that nothing goes for a few minutes and that it can be taken back
// so long; that nothing goes that a legal hold keeps, nor what a customer has
// written since it was asked for; that it goes on after a kill; and that what
// was under way when it went is looked for once more an hour later. It keeps
// no word of what went.
package deletion

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

const (
	Wait  = 5 * time.Minute // within which it can be taken back
	Again = time.Hour       // after which what came in meanwhile goes as well
	Most  = 500             // at once
	busy  = time.Minute     // an answer is under way: try again then
)

// State is how far a deletion has come.
type State string

// The states.
const (
	Waits State = "waits"
	Back  State = "back" // taken back
	Kept  State = "kept" // it was not done after all
	Gone  State = "gone" // the words went; once more a little later
	Done  State = "done"
)

// Deletion is the wish that the words of a conversation go.
type Deletion struct {
	Conversation social.ConversationID
	State        State
	By           social.MemberID
	Asked        time.Time
	Due          time.Time // when something is to be done next; zero for never
	Gone         time.Time
	Why          string // it was kept after all
}

// Outcome says what a wish came to.
type Outcome struct {
	Going []social.ConversationID
	Due   time.Time
	Stay  []engage.Refusal
}

// Store keeps deletions.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	// SaveDeletions writes them; the last of a conversation counts.
	SaveDeletions(ctx context.Context, ds ...Deletion) error
	// Deletion reads the last of a conversation, NotFound if there is none.
	Deletion(ctx context.Context, id social.ConversationID) (Deletion, error)
	// DueDeletions lists those of a state of which something is to be done by
	// now, first come first served.
	DueDeletions(ctx context.Context, s State, now time.Time, most int) ([]Deletion, error)
	// Underway lists those of conversations in which something of ours is on
	// its way to the network.
	Underway(ctx context.Context, ids []social.ConversationID) ([]social.ConversationID, error)
}

// Desk is where conversations stand; engage.Desk does it.
type Desk interface {
	Conversation(ctx context.Context, id social.ConversationID) (engage.Row, error)
	Depart(ctx context.Context, ids []social.ConversationID, at time.Time, verb string, detail map[string]any) (engage.Outcome, error)
	Leave(ctx context.Context, id social.ConversationID, since time.Time) ([]social.ConversationID, error)
}

// Holds knows what must not go: for each such conversation a sentence, which
// hold and by whom.
type Holds interface {
	Keep(ctx context.Context, ids []social.ConversationID) (map[social.ConversationID]string, error)
}

// Rooms hold what was said.
type Rooms interface {
	// Unsay takes the words of conversations out of every room, in the
	// transaction of ctx. A second time there is nothing.
	Unsay(ctx context.Context, ids []social.ConversationID, at time.Time) error
	// Scour writes over what was deleted.
	Scour(ctx context.Context) error
	// Forgot says that what is kept in memory is to be forgotten.
	Forgot()
}

// Office carries deletions out. Fill it in and use it.
type Office struct {
	Store Store
	Desk  Desk
	Holds Holds
	Rooms Rooms
	Clock clock.Clock
	Log   *slog.Logger

	mu sync.Mutex
}

func (o *Office) now() time.Time { return o.Clock.Now().UTC().Truncate(time.Microsecond) }

func ids(in []social.ConversationID) ([]social.ConversationID, error) {
	seen := map[social.ConversationID]bool{}
	var out []social.ConversationID
	for _, id := range in {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	if len(out) == 0 || len(out) > Most {
		e := social.Errorf(social.Invalid, "Name between 1 and %d conversations.", Most)
		e.Field = "ids"
		return nil, e
	}
	return out, nil
}

// errDry takes back what was only tried.
var errDry = errors.New("only looked at")

// Ask lets conversations go in a few minutes, except for those that a hold
// keeps, in which an answer is under way, or that are gone already. Dry, it
// only says what would happen.
func (o *Office) Ask(ctx context.Context, which []social.ConversationID, dry bool) (Outcome, error) {
	a, err := engage.Member(ctx)
	if err != nil {
		return Outcome{}, err
	}
	if which, err = ids(which); err != nil {
		return Outcome{}, err
	}
	var out Outcome
	err = o.Store.InTx(ctx, func(ctx context.Context) error {
		now := o.now()
		out = Outcome{Due: now.Add(Wait), Going: []social.ConversationID{}, Stay: []engage.Refusal{}}
		held, err := o.Holds.Keep(ctx, which)
		if err != nil {
			return err
		}
		under, err := o.Store.Underway(ctx, which)
		if err != nil {
			return err
		}
		leaving := map[social.ConversationID]bool{}
		for _, id := range under {
			leaving[id] = true
		}
		var free []social.ConversationID
		for _, id := range which {
			switch {
			case held[id] != "":
				out.Stay = append(out.Stay, engage.Refusal{Conversation: id, Why: held[id]})
			case leaving[id]:
				out.Stay = append(out.Stay, engage.Refusal{Conversation: id, Why: "An answer is on its way. Delete it once that has arrived, or was taken back."})
			default:
				free = append(free, id)
			}
		}
		for _, r := range out.Stay { // whoever may not see it is not told of holds either
			if _, err := o.Desk.Conversation(ctx, r.Conversation); err != nil {
				return err
			}
		}
		if len(free) == 0 {
			return nil
		}
		done, err := o.Desk.Depart(ctx, free, out.Due, "delete", map[string]any{"due": out.Due.Format(time.RFC3339)})
		if err != nil {
			return err
		}
		refused := map[social.ConversationID]bool{}
		for _, r := range done.Refused {
			refused[r.Conversation] = true
			out.Stay = append(out.Stay, r)
		}
		var ds []Deletion
		for _, id := range free {
			if !refused[id] {
				out.Going = append(out.Going, id)
				ds = append(ds, Deletion{Conversation: id, State: Waits, By: a.Member, Asked: now, Due: out.Due})
			}
		}
		if dry {
			return errDry
		}
		return o.Store.SaveDeletions(ctx, ds...)
	})
	if dry && errors.Is(err, errDry) {
		err = nil
	}
	return out, err
}

// Undo takes the wish back for those conversations that still wait.
func (o *Office) Undo(ctx context.Context, which []social.ConversationID) (Outcome, error) {
	if _, err := engage.Member(ctx); err != nil {
		return Outcome{}, err
	}
	which, err := ids(which)
	if err != nil {
		return Outcome{}, err
	}
	var out Outcome
	err = o.Store.InTx(ctx, func(ctx context.Context) error {
		out = Outcome{Going: []social.ConversationID{}, Stay: []engage.Refusal{}}
		done, err := o.Desk.Depart(ctx, which, time.Time{}, "undelete", nil)
		if err != nil {
			return err
		}
		out.Stay = append(out.Stay, done.Refused...)
		refused := map[social.ConversationID]bool{}
		for _, r := range done.Refused {
			refused[r.Conversation] = true
		}
		for _, id := range which {
			if refused[id] {
				continue
			}
			d, err := o.Store.Deletion(ctx, id)
			if err != nil {
				return err
			}
			d.State, d.Due = Back, time.Time{}
			if err := o.Store.SaveDeletions(ctx, d); err != nil {
				return err
			}
			out.Going = append(out.Going, id)
		}
		return nil
	})
	return out, err
}

// Work lets go of what has waited long enough, one conversation after the
// other, each in a transaction of its own. What can't be done now stops no
// other and is tried again.
func (o *Office) Work(ctx context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	ctx = social.WithScope(social.WithActor(ctx, social.SystemActor()), social.Scope{All: true})
	var wrong error
	went := false
	for wrong == nil && ctx.Err() == nil {
		due, err := o.Store.DueDeletions(ctx, Waits, o.now(), 50)
		if err != nil {
			return err
		}
		for _, d := range due {
			if err := o.one(ctx, d.Conversation); err != nil {
				wrong = errors.Join(wrong, fmt.Errorf("conversation %s: %w", d.Conversation, err))
			}
			went = true
		}
		if len(due) == 0 {
			break
		}
	}
	if went {
		o.Rooms.Forgot()
	}
	return errors.Join(wrong, o.twice(ctx), ctx.Err())
}

// twice goes over once more what went an hour ago, and writes over what was
// deleted. What a kill cuts off is done again: the mark comes last.
func (o *Office) twice(ctx context.Context) error {
	due, err := o.Store.DueDeletions(ctx, Gone, o.now(), 2*Most)
	if err != nil || len(due) == 0 {
		return err
	}
	for i, d := range due {
		err := o.Store.InTx(ctx, func(ctx context.Context) error {
			return o.Rooms.Unsay(ctx, []social.ConversationID{d.Conversation}, d.Gone)
		})
		if err != nil {
			return fmt.Errorf("conversation %s: %w", d.Conversation, err)
		}
		due[i].State, due[i].Due = Done, time.Time{}
	}
	o.Rooms.Forgot()
	if err := o.Rooms.Scour(ctx); err != nil {
		return err
	}
	return o.Store.InTx(ctx, func(ctx context.Context) error { return o.Store.SaveDeletions(ctx, due...) })
}

// one lets one conversation go, or keeps it and says why.
func (o *Office) one(ctx context.Context, id social.ConversationID) error {
	return o.Store.InTx(ctx, func(ctx context.Context) error {
		now := o.now()
		d, err := o.Store.Deletion(ctx, id)
		if err != nil || d.State != Waits || d.Due.After(now) {
			return err
		}
		held, err := o.Holds.Keep(ctx, []social.ConversationID{id})
		if err != nil {
			return err
		}
		row, err := o.Desk.Conversation(ctx, id)
		if err != nil {
			return err
		}
		under, err := o.Store.Underway(ctx, []social.ConversationID{id})
		if err != nil {
			return err
		}
		switch {
		case held[id] != "":
			return o.keep(ctx, d, held[id])
		case row.HeardAt.After(d.Asked):
			return o.keep(ctx, d, "They wrote again.")
		case len(under) > 0:
			d.Due = now.Add(busy)
			return o.Store.SaveDeletions(ctx, d)
		}
		all, err := o.Desk.Leave(ctx, id, d.Asked)
		if err != nil {
			return err
		}
		if err := o.Rooms.Unsay(ctx, all, now); err != nil {
			return err
		}
		for _, x := range all {
			if err := o.Store.SaveDeletions(ctx, Deletion{Conversation: x, State: Gone, By: d.By, Asked: d.Asked, Gone: now, Due: now.Add(Again)}); err != nil {
				return err
			}
			if err := o.Store.Record(ctx, social.Entry{Verb: "deleted", Object: "conversation", ID: string(x), Detail: map[string]any{"asked_by": string(d.By), "messages": row.Messages}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// keep lets a conversation stay after all.
func (o *Office) keep(ctx context.Context, d Deletion, why string) error {
	out, err := o.Desk.Depart(ctx, []social.ConversationID{d.Conversation}, time.Time{}, "kept", map[string]any{"because": why})
	if err != nil {
		return err
	}
	if len(out.Refused) > 0 {
		return social.Errorf(social.Conflict, "%s", out.Refused[0].Why)
	}
	d.State, d.Due, d.Why = Kept, time.Time{}, why
	return o.Store.SaveDeletions(ctx, d)
}

// Serve works until ctx ends.
func (o *Office) Serve(ctx context.Context) {
	tick := time.NewTicker(10 * time.Second)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := o.Work(ctx); err != nil && ctx.Err() == nil && o.Log != nil {
			o.Log.Warn("conversations that are to be deleted wait", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}
