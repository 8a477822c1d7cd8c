// Package people knows who our customers are: an identity for every account
// that speaks, a person behind it, and what they did on one timeline across
// channels.
//
// It promises that no identity ever belongs to two persons, that a new
// identity gets a person of its own, that persons are joined by a colleague's
// hand, or by themselves where both have proven the same account and one of
// them is a mere shell, never by likeness of name, and that a merge can always
// be undone. What a colleague wrote is never overwritten by a network.
package people

import (
	"context"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

// Identity is an account on a network, with the person behind it.
type Identity struct {
	ID        social.IdentityID
	Person    social.PersonID
	Author    social.Author
	Channel   social.ChannelID // where it was heard last
	FirstSeen time.Time
	LastSeen  time.Time
}

// Person is somebody, as we know them.
type Person struct {
	ID         social.PersonID
	Name       string
	NameEdited bool
	Notes      string
	Place      string
	Lang       string
	MergedInto social.PersonID
	SeenAt     time.Time
	CreatedAt  time.Time
	Identities []Identity
}

// Merge is the record of two persons that were found to be one.
type Merge struct {
	ID       string
	Survivor social.PersonID
	Absorbed social.PersonID
	// AbsorbedName is what the absorbed person was called.
	AbsorbedName string
	Moved        []social.IdentityID
	Before       Person // the survivor's own fields before
	After        Person // and after
	By           social.MemberID
	At           time.Time
	UndoneAt     time.Time
	Reasons      []string // what spoke for it, as it was then
	Automatic    bool     // nobody decided it: both had proven the same account
}

// Seen is one sighting of an author in what was heard.
type Seen struct {
	Author    social.Author
	Channel   social.ChannelID
	Programme social.ProgrammeID
	Lang      string
	At        time.Time
}

// Change is what a colleague may write about a person; nil leaves a field.
type Change struct {
	Name, Notes, Place *string
	Source             string // who said so, where it was not the colleague: "customer"
	Network            bool   // the name is what a network says, as it was before
}

// Query asks for a page of people, those seen last first.
type Query struct {
	Words   string           // beginnings of words of the name or handle
	Segment social.SegmentID // only who is in it
	Cursor  string
	Limit   int
}

// Store keeps people. All methods take part in the transaction of ctx, and
// see only what the scope of ctx allows.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	// Meet makes sure that every author has an identity and a person, in
	// bulk. The same sighting twice changes nothing.
	Meet(ctx context.Context, seen []Seen) error
	// Person returns a person with identities. The id of an absorbed person
	// leads to the survivor. Kind NotFound when absent or out of scope.
	Person(ctx context.Context, id social.PersonID) (Person, error)
	People(ctx context.Context, q Query) ([]Person, string, error)
	// Save writes the person's own fields.
	Save(ctx context.Context, p Person) error
	// Release makes an absorbed person stand alone again.
	Release(ctx context.Context, id social.PersonID) error
	// Move gives identities to another person.
	Move(ctx context.Context, ids []social.IdentityID, to social.PersonID) error
	SaveMerge(ctx context.Context, m Merge) error
	Merge(ctx context.Context, id string) (Merge, error)
	// Regain works out anew what persons have of their identities: in which
	// programmes they were heard, the words by which they are found and when
	// they were seen last.
	Regain(ctx context.Context, who ...social.PersonID) error
	// Merges lists a survivor's merges that stand, newest first.
	Merges(ctx context.Context, survivor social.PersonID) ([]Merge, error)
	// Persons says who is behind identities; those unknown are left out.
	Persons(ctx context.Context, ids []social.IdentityID) (map[social.IdentityID]social.PersonID, error)
	Record(ctx context.Context, e social.Entry) error
	Tell(ctx context.Context, facts ...social.Fact) error
	TagStore
}

// Hearing gives what was heard, in bulk; listen answers.
type Hearing interface {
	Mentions(ctx context.Context, ids []social.ActivityID) ([]social.Mention, error)
}

// Book is the room's front: the address book of everybody who ever spoke to
// us or about us.
type Book struct {
	Store   Store
	Hints   Hints // nil: nobody is suggested
	Hearing Hearing
	Sources []Source // what timelines are made of
	Owned   []Owned  // and what belongs to the person
	Aliases Same     // asked where there is something owned
	// Answered says whether we ever answered one of some accounts; nil: nobody
	// is joined by themselves.
	Answered func(ctx context.Context, who []social.IdentityID) (bool, error)
	// Below returns what was left out of the words of mails, by their ids: the
	// signature, and what is quoted; nil: nothing was.
	Below func(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]string, error)
	// Dress says of moments what is shown but not looked for; nil: nothing.
	Dress func(ctx context.Context, moments []Moment) error
	Clock clock.Clock
	Tags  Tags // nil: there are no tags
}

// Meet makes identities and persons of the authors of activities. Our own
// profiles are not people.
func (b *Book) Meet(ctx context.Context, ids []social.ActivityID) error {
	mentions, err := b.Hearing.Mentions(ctx, ids)
	if err != nil {
		return err
	}
	seen := make([]Seen, 0, len(mentions))
	for _, m := range mentions {
		if m.Activity.Own || m.Activity.Author.Value == "" || m.Activity.Author.Scheme == "erased" {
			continue
		}
		seen = append(seen, Seen{Author: m.Activity.Author, Channel: m.Activity.Channel,
			Programme: m.Programme, Lang: m.Activity.Lang, At: m.Activity.Published})
	}
	if len(seen) == 0 {
		return nil
	}
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.Meet(ctx, seen); err != nil {
			return err
		}
		return b.notice(ctx, mentions)
	})
}

// Know makes sure that there is a person behind each author.
func (b *Book) Know(ctx context.Context, seen []Seen) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error { return b.Store.Meet(ctx, seen) })
}

// Behind finds the person of an identity.
func (b *Book) Behind(ctx context.Context, who social.IdentityID) (Person, error) {
	found, err := b.Store.Persons(ctx, []social.IdentityID{who})
	if err != nil {
		return Person{}, err
	}
	id, ok := found[who]
	if !ok {
		return Person{}, social.Errorf(social.NotFound, "Nobody is known by this account.")
	}
	return b.Store.Person(ctx, id)
}

// Person returns somebody; the id of an absorbed person leads to the survivor.
func (b *Book) Person(ctx context.Context, id social.PersonID) (Person, error) {
	return b.Store.Person(ctx, id)
}

// People returns a page of people and the cursor of the next.
func (b *Book) People(ctx context.Context, q Query) ([]Person, string, error) {
	return b.Store.People(ctx, q)
}
