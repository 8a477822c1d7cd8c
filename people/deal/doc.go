// Package deal is the business with our customers: the organizations that they
// work for, fields of a company's own, pipelines with opportunities, and what
// they ordered.
//
// It promises that whoever is out of scope sees nothing of it, that the totals
// of a stage are what its opportunities add up to, that a colleague's word is
// never overwritten by a machine's, and that an order told twice is one order.
// It never guesses: a forecast is a sum of what was written down, with how many
// it rests on.
package deal

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
)

// The ids of this package.
type (
	OrganizationID string
	FieldID        string
	PipelineID     string
	StageID        string
	OpportunityID  string
)

// Books is the front: everything of business goes through it. Fill it in and
// use it; it is safe for concurrent use.
type Books struct {
	Store  Store
	People People
	Talks  Talks
	// Meeting finds or makes whoever bought.
	Meeting Meeting
	Clock   clock.Clock
}

// People says who somebody is; people.Book does. NotFound where they are out
// of scope.
type People interface {
	Person(ctx context.Context, id social.PersonID) (people.Person, error)
}

// Talk is a conversation as business needs to know it.
type Talk struct {
	ID        social.ConversationID
	Subject   string
	Channel   social.ChannelID
	Programme social.ProgrammeID
	Person    social.PersonID // "" where nobody is known
	State     string
	At        time.Time // of its last message
}

// Talks says what conversations are; those out of scope are left out.
type Talks interface {
	Talks(ctx context.Context, ids []social.ConversationID) ([]Talk, error)
}

func (b *Books) now() time.Time { return b.Clock.Now().UTC().Truncate(time.Microsecond) }

func member(ctx context.Context) social.MemberID {
	a, _ := social.ActorOf(ctx)
	return a.Member
}

// placed says whether the actor may put something into a programme; "" is the
// whole house.
func placed(ctx context.Context, p social.ProgrammeID) error {
	s := social.ScopeOf(ctx)
	if s.All || s.Sees(p) {
		return nil
	}
	if p == "" && len(s.Programmes) > 0 {
		return invalid("programme", "Choose one of your programmes; the whole house is for those who work everywhere.")
	}
	return social.Errorf(social.Forbidden, "You don't work in this programme.")
}

// everywhere refuses whoever may change things in some programmes only.
func everywhere(ctx context.Context, what string) error {
	if social.ScopeOf(ctx).All {
		return nil
	}
	return social.Errorf(social.Forbidden, "%s are the same for the whole house; ask somebody who manages everywhere.", what)
}

func invalid(field, format string, args ...any) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: fmt.Sprintf(format, args...)}
}

// tidy folds the spaces of a text and checks its length.
func tidy(field string, s *string, least, most int) error {
	*s = strings.Join(strings.Fields(strings.ToValidUTF8(*s, "")), " ")
	n := utf8.RuneCountInString(*s)
	switch {
	case n < least:
		return invalid(field, "This can't be empty.")
	case n > most:
		return invalid(field, "This is %d characters long; %d are kept at most.", n, most)
	}
	return nil
}

// day checks a day; "" is no day.
func day(field, s string) error {
	if s == "" {
		return nil
	}
	if t, err := time.Parse(time.DateOnly, s); err != nil || t.Year() < 1900 || t.Year() > 2999 {
		return invalid(field, "Write a day such as 2027-03-31.")
	}
	return nil
}

// money checks an amount: minor units and a currency of three letters.
func money(amount int64, currency *string) error {
	*currency = strings.ToUpper(strings.TrimSpace(*currency))
	switch {
	case amount < 0:
		return invalid("amount", "An amount can't be negative.")
	case amount > 1e15:
		return invalid("amount", "This is more money than there is.")
	case amount > 0 && *currency == "":
		return invalid("currency", "Give the currency by its three letters (ISO 4217), such as EUR.")
	}
	if c := *currency; c != "" && (len(c) != 3 || strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
		return invalid("currency", "Give the currency by its three letters (ISO 4217), such as EUR.")
	}
	return nil
}
