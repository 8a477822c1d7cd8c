// Package segment sorts persons into segments: sets for whose members typed
// conditions hold, over what any room knows of a person.
//
// It promises that who is in a segment is always whom its conditions hold of,
// as of the last look at each person; that a person is looked at again when
// something of them changed, or when time alone may have changed it, and
// nobody else is; that everybody is looked at only when conditions are new, in
// small steps that others can get in between; and that conditions are never
// text of a query language.
//
// It refuses conditions about fields that there are not, and it never guesses:
// what no room knows of somebody is absent.
package segment

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/social"
)

// Segment is a set of persons for whom conditions hold.
type Segment struct {
	ID      social.SegmentID
	Name    string
	About   string // what it is for
	Where   cond.Node
	By      social.MemberID
	Created time.Time
	Updated time.Time

	Members int // everybody in it, whoever asks
	Filling Filling
}

// Filling is how far the look at everybody is after conditions changed.
type Filling struct {
	On       bool
	After    social.PersonID
	Done, Of int
}

// Who is a person as sources know them: by all ids that they ever had, and by
// their accounts.
type Who struct {
	Person   social.PersonID
	Known    []string // ids of persons: their own first, then those joined into them
	Accounts []social.IdentityID
}

// Profile is what there is to ask of a person, by field. What is absent is not in it.
type Profile map[string]cond.Value

// Put takes what a source knows. Values of a text or choice replace each
// other; of several sources each has fields of its own.
type Put func(who social.PersonID, field string, v cond.Value)

// Source is a room that knows something of persons.
type Source interface {
	// Traits puts what is known of persons now. What it does not put is absent.
	Traits(ctx context.Context, who []Who, put Put) error
}

// SourceFunc is a function as a Source.
type SourceFunc func(ctx context.Context, who []Who, put Put) error

// Traits implements Source.
func (f SourceFunc) Traits(ctx context.Context, who []Who, put Put) error { return f(ctx, who, put) }

// Step is that somebody joined or left a segment.
type Step struct {
	Segment social.SegmentID
	Person  social.PersonID
	Joined  bool
	At      time.Time
}

// Day is what happened to a segment on a UTC day.
type Day struct {
	Day          time.Time
	Joined, Left int
	Size         int // at its end
}

// Mark is that something of a person changed.
type Mark struct {
	Person social.PersonID
	N      int64 // which grows with each change
}

// Knowing is how far it is that everybody was looked at once: after an update
// that brought segments, or new things to ask.
type Knowing struct {
	Version int             `json:"version"` // of what is asked
	After   social.PersonID `json:"after"`   // persons up to this id were marked
	Marked  bool            `json:"marked"`
	Done    bool            `json:"done"`
}

// Store keeps segments and profiles. All methods take part in the transaction
// of ctx. What names a scope sees only what the scope of ctx allows.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	Tell(ctx context.Context, facts ...social.Fact) error
	// Lock makes the transaction of ctx the only one that sorts.
	Lock(ctx context.Context) error

	// Segments lists all by name.
	Segments(ctx context.Context) ([]Segment, error)
	// Page lists some by name.
	Page(ctx context.Context, cursor string, limit int) ([]Segment, string, error)
	Segment(ctx context.Context, id social.SegmentID) (Segment, error)
	// SaveSegment adds or changes one; a name twice is a Conflict. It leaves
	// the number of members alone.
	SaveSegment(ctx context.Context, s Segment) error
	// DropSegment forgets one with its members and history.
	DropSegment(ctx context.Context, id social.SegmentID) error

	// Who finds persons with all their ids and accounts. The id of somebody
	// who was joined into another leads to the other, and is among the gone
	// beside those that there are no more.
	Who(ctx context.Context, ids []social.PersonID) (who []Who, gone []social.PersonID, err error)
	// After lists persons by id, behind one.
	After(ctx context.Context, after social.PersonID, limit int) ([]social.PersonID, error)
	// Persons counts persons.
	Persons(ctx context.Context) (int, error)

	Profiles(ctx context.Context, ids []social.PersonID) (map[social.PersonID]Profile, error)
	// SaveProfiles keeps profiles, and when each is to be looked at again.
	SaveProfiles(ctx context.Context, all map[social.PersonID]Profile, due map[social.PersonID]time.Time) error
	// Sooner sets when persons are to be looked at again, where that is sooner
	// than what was set.
	Sooner(ctx context.Context, due map[social.PersonID]time.Time) error
	// Forget drops all that is kept of persons who are gone, but for what
	// Change keeps.
	Forget(ctx context.Context, ids []social.PersonID) error

	// Mark says that something of persons changed.
	Mark(ctx context.Context, ids []social.PersonID) error
	// MarkTagged marks who bears one of some tags that wants to be called otherwise.
	MarkTagged(ctx context.Context, tags []social.TagID) error
	// Marks lists who waits, those marked first.
	Marks(ctx context.Context, limit int) ([]Mark, error)
	// Unmark takes marks away that did not grow meanwhile.
	Unmark(ctx context.Context, marks []Mark) error
	// Due lists whom time alone may have moved.
	Due(ctx context.Context, now time.Time, limit int) ([]social.PersonID, error)

	// In says in which segments persons are.
	In(ctx context.Context, ids []social.PersonID) (map[social.PersonID][]social.SegmentID, error)
	// Change moves persons into segments and out of them and keeps the
	// counts. Quietly, it writes no history: a new definition did it.
	Change(ctx context.Context, steps []Step, now time.Time, quietly bool) error

	// Count counts persons in scope for whom conditions hold, and gives the
	// first few, those heard last first.
	Count(ctx context.Context, where cond.Node, fields []cond.Field, now time.Time, few int) (int, []social.PersonID, error)
	// Sizes counts the members of segments that are in scope.
	Sizes(ctx context.Context, ids []social.SegmentID) (map[social.SegmentID]int, error)
	// Steps lists who in scope joined and left, newest first.
	Steps(ctx context.Context, id social.SegmentID, cursor string, limit int) ([]Step, string, error)
	// Days lists the days of segments since one, on which something happened,
	// and before them the last day on which something did.
	Days(ctx context.Context, ids []social.SegmentID, since time.Time) (map[social.SegmentID][]Day, error)

	VoiceStore

	Knowing(ctx context.Context) (Knowing, error)
	SaveKnowing(ctx context.Context, k Knowing) error
}

// Keeper sorts persons. Fill it in and use it; it is safe for concurrent use.
type Keeper struct {
	Store   Store
	Sources []Source
	// Own lists the fields that the company added; nil for none.
	Own func(ctx context.Context) ([]Own, error)
	// Voices sums up by UTC day and channel what persons said since a time;
	// nil: nobody knows.
	Voices func(ctx context.Context, who []Who, since time.Time) (map[social.PersonID][]Spoken, error)
	// Words is the company's vocabulary of tags; nil for none.
	Words func(ctx context.Context) (social.Tags, error)
	Clock clock.Clock
	Log   *slog.Logger
}

func (k *Keeper) now() time.Time { return k.Clock.Now().UTC().Truncate(time.Microsecond) }

// limits of a segment.
const (
	mostSegments = 200
	maxName      = 80
	maxAbout     = 400
)

func invalid(field, format string, args ...any) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: fmt.Sprintf(format, args...)}
}

// check reads what somebody wrote.
func (k *Keeper) check(ctx context.Context, s *Segment) error {
	for _, w := range []struct {
		field       string
		text        *string
		least, most int
	}{{"name", &s.Name, 1, maxName}, {"about", &s.About, 0, maxAbout}} {
		*w.text = strings.Join(strings.Fields(strings.ReplaceAll(strings.ToValidUTF8(*w.text, ""), "\x00", "")), " ")
		switch n := utf8.RuneCountInString(*w.text); {
		case n < w.least:
			return invalid(w.field, "Give the segment a name.")
		case n > w.most:
			return invalid(w.field, "This is %d characters long; %d are kept at most.", n, w.most)
		}
	}
	return k.asked(ctx, s.Where)
}

// asked checks conditions.
func (k *Keeper) asked(ctx context.Context, where cond.Node) error {
	if len(where.Fields()) == 0 {
		return invalid("conditions", "Say at least one thing that must hold; everybody is the list of people itself.")
	}
	own, err := k.own(ctx)
	if err != nil {
		return err
	}
	return cond.Check(where, fieldsOf(own, where))
}

// Add keeps a new segment. Everybody is looked at for it, beginning now.
func (k *Keeper) Add(ctx context.Context, s Segment) (Segment, error) {
	if err := k.check(ctx, &s); err != nil {
		return s, err
	}
	a, _ := social.ActorOf(ctx)
	err := k.Store.InTx(ctx, func(ctx context.Context) error {
		if err := k.Store.Lock(ctx); err != nil {
			return err
		}
		all, err := k.Store.Segments(ctx)
		if err != nil {
			return err
		}
		if len(all) >= mostSegments {
			return social.Errorf(social.Conflict, "There are %d segments already; that is as many as there can be.", len(all))
		}
		s.ID, s.By, s.Created, s.Updated, s.Members = newID(k.now()), a.Member, k.now(), k.now(), 0
		if s.Filling, err = k.begin(ctx); err != nil {
			return err
		}
		if err := k.Store.SaveSegment(ctx, s); err != nil {
			return err
		}
		return k.told(ctx, "create", s)
	})
	return s, err
}

// Edit changes a segment; nil leaves something as it is. New conditions make
// that everybody is looked at again.
func (k *Keeper) Edit(ctx context.Context, id social.SegmentID, name, about *string, where *cond.Node) (Segment, error) {
	var s Segment
	err := k.Store.InTx(ctx, func(ctx context.Context) error {
		if err := k.Store.Lock(ctx); err != nil {
			return err
		}
		var err error
		if s, err = k.Store.Segment(ctx, id); err != nil {
			return err
		}
		if err := MayChange(ctx, s); err != nil {
			return err
		}
		was := s.Where
		if name != nil {
			s.Name = *name
		}
		if about != nil {
			s.About = *about
		}
		if where != nil {
			s.Where = *where
		}
		if err := k.check(ctx, &s); err != nil {
			return err
		}
		s.Updated = k.now()
		if !same(was, s.Where) {
			if s.Filling, err = k.begin(ctx); err != nil {
				return err
			}
		}
		if err := k.Store.SaveSegment(ctx, s); err != nil {
			return err
		}
		return k.told(ctx, "update", s)
	})
	return s, err
}

// Remove forgets a segment. Persons stay as they are.
func (k *Keeper) Remove(ctx context.Context, id social.SegmentID) error {
	return k.Store.InTx(ctx, func(ctx context.Context) error {
		if err := k.Store.Lock(ctx); err != nil {
			return err
		}
		s, err := k.Store.Segment(ctx, id)
		if err != nil {
			return err
		}
		if err := MayChange(ctx, s); err != nil {
			return err
		}
		if err := k.Store.DropSegment(ctx, id); err != nil {
			return err
		}
		return k.told(ctx, "delete", s)
	})
}

// MayChange refuses whoever works in some programmes only to change what a
// colleague made: everybody sees a segment.
func MayChange(ctx context.Context, s Segment) error {
	a, _ := social.ActorOf(ctx)
	if social.ScopeOf(ctx).All || s.By != "" && s.By == a.Member {
		return nil
	}
	return social.Errorf(social.Forbidden, "A colleague made this segment and everybody sees it; ask them, or somebody who works everywhere.")
}

// Of lists the segments that a person is in, by name.
func (k *Keeper) Of(ctx context.Context, who social.PersonID) ([]Segment, error) {
	in, err := k.Store.In(ctx, []social.PersonID{who})
	if err != nil || len(in[who]) == 0 {
		return nil, err
	}
	all, err := k.Store.Segments(ctx)
	return slices.DeleteFunc(all, func(s Segment) bool { return !slices.Contains(in[who], s.ID) }), err
}

func (k *Keeper) begin(ctx context.Context) (Filling, error) {
	n, err := k.Store.Persons(ctx)
	return Filling{On: true, Of: n}, err
}

func (k *Keeper) told(ctx context.Context, verb string, s Segment) error {
	if err := k.Store.Record(ctx, social.Entry{Verb: verb, Object: "segment", ID: string(s.ID), Detail: map[string]any{"name": s.Name}}); err != nil {
		return err
	}
	return k.Store.Tell(ctx, social.Sorted{Segments: []social.SegmentID{s.ID}})
}

func same(a, b cond.Node) bool {
	return a.Join == b.Join && a.Field == b.Field && a.Op == b.Op && slices.Equal(a.Values, b.Values) && slices.EqualFunc(a.Nodes, b.Nodes, same)
}

// Counted is how many persons conditions hold of.
type Counted struct {
	N    int
	Few  []social.PersonID // some of them, those heard last first
	Of   int               // all persons in scope
	Sure bool              // everybody was looked at
}

// Count says of how many persons in scope conditions hold now, before they are kept.
func (k *Keeper) Count(ctx context.Context, where cond.Node) (Counted, error) {
	var c Counted
	if err := k.asked(ctx, where); err != nil {
		return c, err
	}
	own, err := k.own(ctx)
	if err != nil {
		return c, err
	}
	if where, err = k.canonical(ctx, where); err != nil {
		return c, err
	}
	if c.N, c.Few, err = k.Store.Count(ctx, where, fieldsOf(own, where), k.now(), 8); err != nil {
		return c, err
	}
	if c.Of, _, err = k.Store.Count(ctx, cond.Node{}, nil, k.now(), 0); err != nil {
		return c, err
	}
	known, err := k.Store.Knowing(ctx)
	c.Sure = known.Done
	return c, err
}

// Known lists all ids of persons, and whose each is.
func Known(who []Who) ([]string, map[string]social.PersonID) {
	var ids []string
	of := map[string]social.PersonID{}
	for _, w := range who {
		for _, id := range w.Known {
			ids, of[id] = append(ids, id), w.Person
		}
	}
	return ids, of
}

// Accounts lists all accounts of persons, and whose each is.
func Accounts(who []Who) ([]social.IdentityID, map[social.IdentityID]social.PersonID) {
	var ids []social.IdentityID
	of := map[social.IdentityID]social.PersonID{}
	for _, w := range who {
		for _, id := range w.Accounts {
			ids, of[id] = append(ids, id), w.Person
		}
	}
	return ids, of
}
