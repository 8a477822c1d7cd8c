// Package mend lets customers say what is right about them, and colleagues
// accept it.
//
// It promises that nothing changes by a proposal alone, that an account has one
// open proposal for a field, that an account proposes so much a day at most,
// that what is accepted is written as said by the customer and stands against
// programs, and that a decision can be taken back as long as nobody wrote
// something else since.
package mend

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
)

// The states of a proposal.
const (
	Open     = "open"
	Accepted = "accepted"
	Declined = "declined"
	Replaced = "replaced" // by a newer one of the same account; its value is gone
)

// Limits.
const (
	MostDay   = 20 // proposals of an account in a day
	mostValue = 500
	mostName  = 200
	mostWords = 1000
)

// Proposal is what somebody says is right about them.
type Proposal struct {
	ID       string
	Identity social.IdentityID // the account that was proven
	Field    deal.FieldID      // "" is the name
	Value    string
	State    string
	Words    string // of whoever decided, to the customer
	Asked    time.Time
	By       social.MemberID
	Closed   time.Time
	Person   social.PersonID // about whom it was decided
	Was      deal.Value      // what stood there until then
}

// Item is something that customers may correct.
type Item struct {
	Field   deal.FieldID // "" is the name
	Name    string
	Type    string
	Choices []string
}

// Shown is a proposal as a colleague looks at it.
type Shown struct {
	Proposal
	Item    Item
	Account social.Author
	Old     string // what stands there, or stood there when it was decided
}

// Store keeps proposals.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	// LockMends makes the transaction of ctx the only one that changes proposals.
	LockMends(ctx context.Context) error
	SaveMend(ctx context.Context, p Proposal) error
	// Mend reads one, NotFound where there is none.
	Mend(ctx context.Context, id string) (Proposal, error)
	// MendsOf lists those of an account that were not replaced, the newest first.
	MendsOf(ctx context.Context, who social.IdentityID, limit int) ([]Proposal, error)
	// MendsAbout lists those of accounts, and those decided about persons: open ones first, then the newest.
	MendsAbout(ctx context.Context, persons []string, limit int) ([]Proposal, error)
	// MendsSince counts those of an account, replaced ones too.
	MendsSince(ctx context.Context, who social.IdentityID, since time.Time) (int, error)
	// ReplaceMend closes the open one of an account for a field, and forgets its value.
	ReplaceMend(ctx context.Context, who social.IdentityID, field deal.FieldID, at time.Time) error
	Account(ctx context.Context, id social.IdentityID) (social.Author, social.PersonID, error)
	Same(ctx context.Context, who social.PersonID) ([]string, error)
}

// Book knows persons; people.Book does.
type Book interface {
	Person(ctx context.Context, id social.PersonID) (people.Person, error)
	Edit(ctx context.Context, who social.PersonID, c people.Change) (people.Person, error)
}

// Fields knows the fields of people; deal.Books does, with its store.
type Fields interface {
	Fields(ctx context.Context, of deal.Subject) ([]deal.Field, error)
}

// Values knows what fields hold; deal.Books does.
type Values interface {
	Values(ctx context.Context, of deal.Subject, owner string) (map[deal.FieldID]deal.Value, error)
	Correct(ctx context.Context, who social.PersonID, now deal.Value) (was deal.Value, err error)
}

// Herald tells colleagues.
type Herald interface {
	Notify(ctx context.Context, n social.Notice) error
}

// Desk is where customers and colleagues meet about what is right. Fill it in.
type Desk struct {
	Store  Store
	Book   Book
	Fields Fields
	Values Values
	Herald Herald
	Clock  clock.Clock
}

func (d *Desk) now() time.Time { return d.Clock.Now().UTC().Truncate(time.Microsecond) }

func invalid(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}

var theName = Item{Name: "Name", Type: "text"}

// Items lists what customers may correct: their name, and the fields that an
// administrator marked.
func (d *Desk) Items(ctx context.Context) ([]Item, error) {
	fields, err := d.Fields.Fields(ctx, deal.OfPerson)
	out := []Item{theName}
	for _, f := range fields {
		if f.Customer && !f.Archived {
			out = append(out, item(f))
		}
	}
	return out, err
}

func item(f deal.Field) Item { return Item{f.ID, f.Name, f.Type, f.Choices} }

// clean takes out what cannot be seen but changes how a text is read.
func clean(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsControl(r) && r != '\t', r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "")))
}

// read makes a value the form that is kept; the error's field is the item's name.
func (i Item) read(s string) (string, error) {
	s = clean(s)
	most := mostValue
	if i.Field == "" {
		s, most = strings.Join(strings.Fields(s), " "), mostName
	}
	if utf8.RuneCountInString(s) > most {
		return "", invalid(i.Name, "This is too long.")
	}
	v, err := deal.Field{Name: i.Name, Type: i.Type, Choices: i.Choices}.Read(s)
	if err == nil {
		return v, nil
	}
	switch i.Type {
	case "number":
		return "", invalid(i.Name, "Write a number such as 12.5.")
	case "date":
		return "", invalid(i.Name, "Write a day such as 2027-03-31.")
	}
	return "", invalid(i.Name, "Choose one of the list.")
}

// Propose keeps what an account says is right, by field, "" the name; what is
// empty stays as it is. A colleague is told. A newer proposal for a field stands
// in place of an open one.
func (d *Desk) Propose(ctx context.Context, who social.IdentityID, owner social.MemberID, values map[deal.FieldID]string) error {
	return d.Store.InTx(ctx, func(ctx context.Context) error {
		if err := d.Store.LockMends(ctx); err != nil {
			return err
		}
		author, person, err := d.Store.Account(ctx, who)
		if err != nil {
			return err
		}
		items, err := d.Items(ctx)
		if err != nil {
			return err
		}
		var names []string
		now := d.now()
		for _, i := range items {
			if clean(values[i.Field]) == "" {
				continue
			}
			v, err := i.read(values[i.Field])
			if err != nil {
				return err
			}
			if err := d.Store.ReplaceMend(ctx, who, i.Field, now); err != nil {
				return err
			}
			if err := d.Store.SaveMend(ctx, Proposal{ID: id.At(now), Identity: who, Field: i.Field, Value: v, State: Open, Asked: now}); err != nil {
				return err
			}
			names = append(names, i.Name)
		}
		if len(names) == 0 {
			return invalid("", "Write what is right into one of the fields.")
		}
		if n, err := d.Store.MendsSince(ctx, who, now.Add(-24*time.Hour)); err != nil {
			return err
		} else if n > MostDay {
			return social.Errorf(social.Busy, "That is much for one day. Try again tomorrow, or write to us.")
		}
		if err := d.Store.Record(ctx, social.Entry{Verb: "propose", Object: "person", ID: string(person), Detail: map[string]any{"fields": names, "account": who, "source": deal.ByCustomer}}); err != nil {
			return err
		}
		return d.Herald.Notify(ctx, social.Notice{Key: "mend/" + string(who) + "/" + now.Format(time.RFC3339Nano), Kind: "due", Members: []social.MemberID{owner},
			Link: "/people/" + string(person), Text: author.Label() + " says what is right about them: " + strings.Join(names, ", ") + ". Accept it or not."})
	})
}

// Of lists what an account proposed, the newest first.
func (d *Desk) Of(ctx context.Context, who social.IdentityID) ([]Shown, error) {
	list, err := d.Store.MendsOf(ctx, who, 20)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	items, err := d.all(ctx)
	var out []Shown
	for _, p := range list {
		out = append(out, Shown{Proposal: p, Item: items[p.Field]})
	}
	return out, err
}

// all are the items of every field, those put away too.
func (d *Desk) all(ctx context.Context) (map[deal.FieldID]Item, error) {
	fields, err := d.Fields.Fields(ctx, deal.OfPerson)
	out := map[deal.FieldID]Item{"": theName}
	for _, f := range fields {
		out[f.ID] = item(f)
	}
	return out, err
}

// Standing is what stands there now, as far as a proven account may see it.
type Standing struct {
	Known bool   // something does
	Value string // what it is, where that account itself has said it; else ""
}

// Stands tells of each thing that may be corrected what an account may know of
// it: the value only where a colleague accepted it from that very account and
// it still stands so, for what others said, be they accounts that we hold to be
// the same person, this account does not prove to be theirs.
func (d *Desk) Stands(ctx context.Context, who social.IdentityID) (map[deal.FieldID]Standing, error) {
	_, person, err := d.Store.Account(ctx, who)
	if err != nil {
		return nil, err
	}
	p, err := d.Book.Person(ctx, person)
	if err != nil {
		return nil, err
	}
	held, err := d.Values.Values(ctx, deal.OfPerson, string(p.ID))
	if err != nil {
		return nil, err
	}
	items, err := d.Items(ctx)
	if err != nil {
		return nil, err
	}
	own, err := d.Store.MendsOf(ctx, who, 200)
	if err != nil {
		return nil, err
	}
	out := make(map[deal.FieldID]Standing, len(items))
	for _, i := range items {
		now := held[i.Field].Value
		said := held[i.Field].Source == deal.ByCustomer
		if i.Field == "" {
			now, said = p.Name, true
		}
		s := Standing{Known: now != ""}
		if said && slices.ContainsFunc(own, func(x Proposal) bool { return x.Field == i.Field && x.State == Accepted && x.Value == now }) {
			s.Value = now
		}
		out[i.Field] = s
	}
	return out, nil
}

// About lists what was proposed about a person in scope: open ones first, then
// the newest, fifty at most.
func (d *Desk) About(ctx context.Context, who social.PersonID) ([]Shown, error) {
	p, err := d.Book.Person(ctx, who)
	if err != nil {
		return nil, err
	}
	same, err := d.Store.Same(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	list, err := d.Store.MendsAbout(ctx, same, 50)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return d.show(ctx, p, list)
}

func (d *Desk) show(ctx context.Context, p people.Person, list []Proposal) ([]Shown, error) {
	items, err := d.all(ctx)
	if err != nil {
		return nil, err
	}
	held, err := d.Values.Values(ctx, deal.OfPerson, string(p.ID))
	if err != nil {
		return nil, err
	}
	var out []Shown
	for _, x := range list {
		s := Shown{Proposal: x, Item: items[x.Field], Old: x.Was.Value}
		if x.State == Open {
			if s.Old = held[x.Field].Value; x.Field == "" {
				s.Old = p.Name
			}
		}
		if i := slices.IndexFunc(p.Identities, func(a people.Identity) bool { return a.ID == x.Identity }); i >= 0 {
			s.Account = p.Identities[i].Author
		} else if s.Account, _, err = d.Store.Account(ctx, x.Identity); err != nil && !social.NotFound.Is(err) {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// whose finds the person that a proposal is about, in scope: who the account
// is now, or about whom it was decided.
func (d *Desk) whose(ctx context.Context, x Proposal) (people.Person, error) {
	who := x.Person
	if x.State == Open {
		var err error
		if _, who, err = d.Store.Account(ctx, x.Identity); err != nil {
			return people.Person{}, err
		}
	}
	return d.Book.Person(ctx, who)
}

// one reads a proposal in scope.
func (d *Desk) one(ctx context.Context, which string) (Proposal, people.Person, error) {
	x, err := d.Store.Mend(ctx, which)
	if err == nil && x.State == Replaced {
		err = social.Errorf(social.Conflict, "They have proposed something else since. Load the page again.")
	}
	if err != nil {
		return x, people.Person{}, err
	}
	p, err := d.whose(ctx, x)
	if social.NotFound.Is(err) {
		err = social.Errorf(social.NotFound, "There is no such proposal.")
	}
	return x, p, err
}

func (d *Desk) shown(ctx context.Context, p people.Person, x Proposal) (Shown, error) {
	list, err := d.show(ctx, p, []Proposal{x})
	if err != nil {
		return Shown{}, err
	}
	return list[0], nil
}

// Decide accepts or declines an open proposal, with words to the customer that
// may be empty. What is accepted is written as said by the customer.
func (d *Desk) Decide(ctx context.Context, which string, accept bool, words string) (Shown, error) {
	var out Shown
	words = clean(words)
	if utf8.RuneCountInString(words) > mostWords {
		return out, invalid("words", "At most 1,000 characters are kept.")
	}
	err := d.Store.InTx(ctx, func(ctx context.Context) error {
		if err := d.Store.LockMends(ctx); err != nil {
			return err
		}
		x, p, err := d.one(ctx, which)
		if err != nil {
			return err
		}
		if x.State != Open {
			return social.Errorf(social.Conflict, "A colleague has decided this already.")
		}
		actor, _ := social.ActorOf(ctx)
		x.Words, x.By, x.Closed, x.Person, x.State = words, actor.Member, d.now(), p.ID, Declined
		verb := "decline"
		if accept {
			x.State, verb = Accepted, "accept"
			if x.Was, err = d.write(ctx, p, x); err != nil {
				return err
			}
		}
		if err := d.Store.SaveMend(ctx, x); err != nil {
			return err
		}
		if err := d.Store.Record(ctx, social.Entry{Verb: verb, Object: "person", ID: string(p.ID), Detail: map[string]any{"correction": x.ID}}); err != nil {
			return err
		}
		out, err = d.shown(ctx, p, x)
		return err
	})
	return out, err
}

// write writes what is accepted, and gives what stood there.
func (d *Desk) write(ctx context.Context, p people.Person, x Proposal) (deal.Value, error) {
	if x.Field == "" {
		was := deal.Value{Value: p.Name}
		if p.NameEdited {
			was.Source = deal.ByMember
		}
		_, err := d.Book.Edit(ctx, p.ID, people.Change{Name: &x.Value, Source: string(deal.ByCustomer)})
		return was, err
	}
	fields, err := d.Fields.Fields(ctx, deal.OfPerson)
	if err != nil {
		return deal.Value{}, err
	}
	i := slices.IndexFunc(fields, func(f deal.Field) bool { return f.ID == x.Field && !f.Archived })
	if i < 0 {
		return deal.Value{}, social.Errorf(social.Conflict, "This field was put away. Bring it back, or decline.")
	}
	if _, err := item(fields[i]).read(x.Value); err != nil {
		return deal.Value{}, social.Errorf(social.Conflict, "The field holds other choices now. Decline, or change the field.")
	}
	return d.Values.Correct(ctx, p.ID, deal.Value{Field: x.Field, Value: x.Value, Source: deal.ByCustomer})
}

// Undo takes a decision back: what stood there stands there again, and the
// proposal is open, as long as nobody wrote something else since.
func (d *Desk) Undo(ctx context.Context, which string) (Shown, error) {
	var out Shown
	err := d.Store.InTx(ctx, func(ctx context.Context) error {
		if err := d.Store.LockMends(ctx); err != nil {
			return err
		}
		x, p, err := d.one(ctx, which)
		if err != nil {
			return err
		}
		if x.State == Open {
			return social.Errorf(social.Conflict, "This is not decided yet.")
		}
		newer, err := d.Store.MendsOf(ctx, x.Identity, 1000)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(newer, func(o Proposal) bool { return o.Field == x.Field && o.State == Open }) {
			return social.Errorf(social.Conflict, "They have proposed something else since. Load the page again.")
		}
		if x.State == Accepted {
			if err := d.back(ctx, p, x); err != nil {
				return err
			}
		}
		x.State, x.Words, x.By, x.Closed, x.Person, x.Was = Open, "", "", time.Time{}, "", deal.Value{}
		if err := d.Store.SaveMend(ctx, x); err != nil {
			return err
		}
		if err := d.Store.Record(ctx, social.Entry{Verb: "undo", Object: "person", ID: string(p.ID), Detail: map[string]any{"correction": x.ID}}); err != nil {
			return err
		}
		if p, err = d.whose(ctx, x); err != nil {
			return err
		}
		out, err = d.shown(ctx, p, x)
		return err
	})
	return out, err
}

// back puts back what stood there.
func (d *Desk) back(ctx context.Context, p people.Person, x Proposal) error {
	since := social.Errorf(social.Conflict, "Somebody wrote something else since. Change it by hand.")
	if x.Field == "" {
		if p.Name != x.Value {
			return since
		}
		_, err := d.Book.Edit(ctx, p.ID, people.Change{Name: &x.Was.Value, Network: x.Was.Source != deal.ByMember})
		return err
	}
	held, err := d.Values.Values(ctx, deal.OfPerson, string(p.ID))
	if err != nil {
		return err
	}
	if v := held[x.Field]; v.Value != x.Value || v.Source != deal.ByCustomer {
		return since
	}
	was := x.Was
	was.Field = x.Field
	_, err = d.Values.Correct(ctx, p.ID, was)
	return err
}
