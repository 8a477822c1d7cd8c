// Package card is what we know of a person by hand: notes among colleagues,
// goals as the person said them, what we promised, and files.
//
// It promises that whoever may not see the person sees nothing of it, that a
// note stays its author's, that the same words of a message are one goal, that
// the owner of a promise is told once when it is due, and that a merge of two
// persons moves nothing, so that it can be undone exactly.
package card

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
)

// Note is what a colleague wrote down about somebody; it never leaves the house.
type Note struct {
	ID        string
	Person    social.PersonID
	Text      string
	Pinned    bool
	By        social.MemberID
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Goal is what somebody wants, as they said it.
type Goal struct {
	ID           string
	Person       social.PersonID
	Text         string
	Status       string // open, met, dropped
	Conversation social.ConversationID
	Message      social.MessageID // in which they said it
	By           social.MemberID
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Promise is something that we said we would do.
type Promise struct {
	ID           string
	Person       social.PersonID
	Text         string
	State        string    // open, kept, broken
	Due          time.Time // zero: no day
	Owner        social.MemberID
	Programme    social.ProgrammeID
	Conversation social.ConversationID
	Message      social.MessageID
	ToldAt       time.Time
	By           social.MemberID
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Store keeps cards.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	Tell(ctx context.Context, facts ...social.Fact) error
	// Same lists the ids that were joined into a person, its own first.
	Same(ctx context.Context, who social.PersonID) ([]string, error)

	Notes(ctx context.Context, persons []string, cursor string, limit int) ([]Note, string, error)
	Note(ctx context.Context, id string) (Note, error)
	SaveNote(ctx context.Context, n Note) error
	DropNote(ctx context.Context, id string) error
	Goals(ctx context.Context, persons []string) ([]Goal, error)
	Goal(ctx context.Context, id string) (Goal, error)
	// SaveGoal adds or replaces one; of one message a person has one goal, and
	// the one that is there already comes back.
	SaveGoal(ctx context.Context, g Goal) (Goal, error)
	DropGoal(ctx context.Context, id string) error
	Promises(ctx context.Context, persons []string) ([]Promise, error)
	Promise(ctx context.Context, id string) (Promise, error)
	SavePromise(ctx context.Context, p Promise) error
	DropPromise(ctx context.Context, id string) error
	// Due lists open promises that are due and that nobody was told of.
	Due(ctx context.Context, now time.Time, limit int) ([]Promise, error)

	FilesOf(ctx context.Context, owners ...string) (map[string][]social.File, error)
	TakeFiles(ctx context.Context, owner string, by social.MemberID, ids ...social.FileID) ([]social.File, error)
	DropFile(ctx context.Context, f social.FileID) error
	File(ctx context.Context, f social.FileID) (social.File, error)
}

// People says who somebody is; people.Book does.
type People interface {
	Person(ctx context.Context, id social.PersonID) (people.Person, error)
}

// Herald tells members something; govern.Office does.
type Herald interface {
	Notify(ctx context.Context, n social.Notice) error
	Unnotify(ctx context.Context, keys ...string) error
}

// Mates finds the colleagues who are mentioned by what stands after an @.
type Mates interface {
	Mentioned(ctx context.Context, names []string) ([]social.MemberID, error)
}

// Box is all cards. Fill it in and use it.
type Box struct {
	Store  Store
	People People
	Herald Herald
	Mates  Mates
	Clock  clock.Clock
}

func (b *Box) now() time.Time { return b.Clock.Now().UTC().Truncate(time.Microsecond) }

func member(ctx context.Context) social.MemberID {
	a, _ := social.ActorOf(ctx)
	return a.Member
}

func invalid(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}

func words(field string, s *string, most int) error {
	*s = strings.TrimSpace(strings.ToValidUTF8(*s, ""))
	switch n := utf8.RuneCountInString(*s); {
	case n == 0:
		return invalid(field, "Write something.")
	case n > most:
		return invalid(field, fmt.Sprintf("This is %d characters long; %d are kept at most.", n, most))
	}
	return nil
}

// of finds a person in scope and the ids that they had.
func (b *Box) of(ctx context.Context, who social.PersonID) (people.Person, []string, error) {
	p, err := b.People.Person(ctx, who)
	if err != nil {
		return p, nil, err
	}
	same, err := b.Store.Same(ctx, p.ID)
	return p, same, err
}

// told writes the record, and that the person looks different now.
func (b *Box) told(ctx context.Context, verb string, who social.PersonID, detail map[string]any) error {
	if err := b.Store.Record(ctx, social.Entry{Verb: verb, Object: "person", ID: string(who), Detail: detail}); err != nil {
		return err
	}
	return b.Store.Tell(ctx, social.Dealt{Object: "person", ID: string(who)})
}

// AddNote writes a note. Colleagues who are named with an @ are told.
func (b *Box) AddNote(ctx context.Context, n Note) (Note, error) {
	if err := words("text", &n.Text, 10_000); err != nil {
		return n, err
	}
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		p, _, err := b.of(ctx, n.Person)
		if err != nil {
			return err
		}
		n.ID, n.Person, n.By, n.CreatedAt, n.UpdatedAt = id.At(b.now()), p.ID, member(ctx), b.now(), b.now()
		if err := b.Store.SaveNote(ctx, n); err != nil {
			return err
		}
		if err := b.mention(ctx, p, n); err != nil {
			return err
		}
		return b.told(ctx, "note", p.ID, map[string]any{"note": n.ID})
	})
	return n, err
}

var mentions = regexp.MustCompile(`(?:^|[\s(])@([\pL\pN][\pL\pN._-]*(?: [\pL\pN][\pL\pN._-]*)?)`)

func (b *Box) mention(ctx context.Context, p people.Person, n Note) error {
	var names []string
	for _, m := range mentions.FindAllStringSubmatch(n.Text, 20) {
		names = append(names, m[1])
	}
	if len(names) == 0 {
		return nil
	}
	who, err := b.Mates.Mentioned(ctx, names)
	if err != nil || len(who) == 0 {
		return err
	}
	actor, _ := social.ActorOf(ctx)
	return b.Herald.Notify(ctx, social.Notice{Key: "person-note:" + n.ID, Kind: "mention", Text: actor.Name + " mentioned you in a note about " + p.Name + ".",
		Link: "/people/" + string(p.ID), Members: who})
}

// EditNote changes one's own note; pinning is for everybody.
func (b *Box) EditNote(ctx context.Context, which string, text *string, pinned *bool) (Note, error) {
	var n Note
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if n, err = b.Store.Note(ctx, which); err != nil {
			return err
		}
		p, _, err := b.of(ctx, n.Person)
		if err != nil {
			return err
		}
		if text != nil {
			if n.By != member(ctx) {
				return social.Errorf(social.Forbidden, "A note is changed by whoever wrote it.")
			}
			n.Text = *text
			if err := words("text", &n.Text, 10_000); err != nil {
				return err
			}
		}
		if pinned != nil {
			n.Pinned = *pinned
		}
		n.UpdatedAt = b.now()
		if err := b.Store.SaveNote(ctx, n); err != nil {
			return err
		}
		if text != nil {
			if err := b.mention(ctx, p, n); err != nil {
				return err
			}
		}
		return b.told(ctx, "note", p.ID, map[string]any{"note": n.ID, "pinned": n.Pinned})
	})
	return n, err
}

// DropNote takes one's own note away.
func (b *Box) DropNote(ctx context.Context, which string) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		n, err := b.Store.Note(ctx, which)
		if err != nil {
			return err
		}
		p, _, err := b.of(ctx, n.Person)
		if err != nil {
			return err
		}
		if n.By != member(ctx) {
			return social.Errorf(social.Forbidden, "A note is taken away by whoever wrote it.")
		}
		if err := b.Store.DropNote(ctx, which); err != nil {
			return err
		}
		if err := b.Herald.Unnotify(ctx, "person-note:"+n.ID); err != nil {
			return err
		}
		return b.told(ctx, "unnote", p.ID, map[string]any{"note": n.ID})
	})
}

// AddGoal keeps what somebody wants. Of one message there is one goal.
func (b *Box) AddGoal(ctx context.Context, g Goal) (Goal, error) {
	if err := words("text", &g.Text, 1000); err != nil {
		return g, err
	}
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		p, _, err := b.of(ctx, g.Person)
		if err != nil {
			return err
		}
		g.ID, g.Person, g.Status, g.By, g.CreatedAt, g.UpdatedAt = id.At(b.now()), p.ID, "open", member(ctx), b.now(), b.now()
		if g, err = b.Store.SaveGoal(ctx, g); err != nil {
			return err
		}
		return b.told(ctx, "goal", p.ID, map[string]any{"goal": g.ID})
	})
	return g, err
}

// EditGoal changes its words or how it stands.
func (b *Box) EditGoal(ctx context.Context, which string, text, status *string) (Goal, error) {
	var g Goal
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if g, err = b.Store.Goal(ctx, which); err != nil {
			return err
		}
		p, _, err := b.of(ctx, g.Person)
		if err != nil {
			return err
		}
		if text != nil {
			if err := words("text", text, 1000); err != nil {
				return err
			}
			g.Text = *text
		}
		if status != nil {
			if !slices.Contains([]string{"open", "met", "dropped"}, *status) {
				return invalid("status", "A goal is open, met or dropped.")
			}
			g.Status = *status
		}
		g.UpdatedAt = b.now()
		if g, err = b.Store.SaveGoal(ctx, g); err != nil {
			return err
		}
		return b.told(ctx, "goal", p.ID, map[string]any{"goal": g.ID, "status": g.Status})
	})
	return g, err
}

// DropGoal takes a goal away that was never one.
func (b *Box) DropGoal(ctx context.Context, which string) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		g, err := b.Store.Goal(ctx, which)
		if err != nil {
			return err
		}
		p, _, err := b.of(ctx, g.Person)
		if err != nil {
			return err
		}
		if err := b.Store.DropGoal(ctx, which); err != nil {
			return err
		}
		return b.told(ctx, "ungoal", p.ID, map[string]any{"goal": g.ID})
	})
}
