package people

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/parley-crm/parley/people/evidence"
	"github.com/parley-crm/parley/people/resolve"
	"github.com/parley-crm/parley/social"
)

// States of a suggestion.
const (
	SuggestionOpen     = "open"
	SuggestionAccepted = "accepted"
	SuggestionDeclined = "declined" // for ever
	SuggestionStale    = "stale"    // what spoke for it is gone, or the persons were joined otherwise
)

// Suggestion says that two persons may be one. Nobody is ever joined by it
// alone.
type Suggestion struct {
	ID          string
	A, B        social.PersonID // the smaller id first
	Probability float64
	Reasons     []string
	State       string
	Merge       string // the merge that settled it
	At          time.Time
	DecidedAt   time.Time
	By          social.MemberID
}

// SuggestionQuery asks for a page of suggestions, the surest first.
type SuggestionQuery struct {
	State  string // "" means open
	Person social.PersonID
	Cursor string
	Limit  int
}

// Hints keeps clues and suggestions. All methods take part in the transaction
// of ctx; those that list see only what its scope allows.
type Hints interface {
	// AddClues keeps clues and returns the identities that have new ones.
	AddClues(ctx context.Context, clues []Clue) ([]social.IdentityID, error)
	// KeepProfiles makes these the clues of profiles, instead of what they told
	// before, and returns the identities of which something has changed.
	KeepProfiles(ctx context.Context, told map[social.IdentityID][]Clue) ([]social.IdentityID, error)
	// Clues are those of a person's identities.
	Clues(ctx context.Context, who social.PersonID) ([]Clue, error)
	// Holders lists persons of whom a clue is known, at most limit.
	Holders(ctx context.Context, c resolve.Contact, limit int) ([]Holder, error)
	// HowMany counts persons, roughly, and those called by each word, up to a
	// thousand.
	HowMany(ctx context.Context, words []string) (population int, called map[string]int, err error)
	// Declined says whether somebody said that these two, or any that were
	// joined into them, are not one.
	Declined(ctx context.Context, a, b social.PersonID) (bool, error)
	// Suggest keeps a suggestion: a new one, or an open or stale one with new
	// figures. What was decided stays decided.
	Suggest(ctx context.Context, s Suggestion) error
	// Settle moves the open suggestions of a person to another state. With
	// other, only those between the two; but spares none of those in spare.
	Settle(ctx context.Context, who, other social.PersonID, state, merge string, spare []string) error
	// Reopen opens what a merge has settled.
	Reopen(ctx context.Context, merge string) error
	// Decide writes what a colleague decided.
	Decide(ctx context.Context, s Suggestion) error
	Suggestion(ctx context.Context, id string) (Suggestion, error)
	Suggestions(ctx context.Context, q SuggestionQuery) ([]Suggestion, string, error)
	// Shell says whether nothing is known of a person but what accounts said
	// of themselves: nothing written by us, nothing bought, nobody joined.
	Shell(ctx context.Context, who social.PersonID) (bool, error)
	// Parted says whether two, or any that were joined into them, were joined
	// once and taken apart.
	Parted(ctx context.Context, a, b social.PersonID) (bool, error)
	// CountSuggestions counts open ones, up to most.
	CountSuggestions(ctx context.Context, most int) (int, error)
}

// The least probability of a suggestion, how many persons may share a clue
// before it says nothing, and how many clues of a person are looked at.
const (
	leastSure   = 0.8
	sharedMost  = 4
	cluesLooked = 20
	bothWays    = 0.97 // the probability, at least, of two whose profiles lead to each other
)

// consider looks who else a person may be, by their clues alone: never over
// all persons. Where a clue turns out to be several persons' they are looked at
// anew as well.
func (b *Book) consider(ctx context.Context, who social.PersonID) error {
	again, err := b.look(ctx, who)
	for _, other := range again {
		if err == nil {
			_, err = b.look(ctx, other)
		}
	}
	return err
}

func (b *Book) look(ctx context.Context, who social.PersonID) (again []social.PersonID, err error) {
	if b.Hints == nil {
		return nil, nil
	}
	p, err := b.Store.Person(ctx, who)
	if err != nil {
		return nil, err
	}
	clues, err := b.Hints.Clues(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	var others []social.PersonID
	held := map[resolve.Contact][]Holder{}
	for _, c := range clues[:min(len(clues), cluesLooked)] {
		if held[c.Contact] != nil {
			continue
		}
		holders, err := b.Hints.Holders(ctx, c.Contact, sharedMost+1)
		if err != nil {
			return nil, err
		}
		if len(holders) > sharedMost {
			continue // a shared address, such as a shop's
		}
		held[c.Contact] = holders
		for _, h := range holders {
			if h.Person != p.ID && !slices.Contains(others, h.Person) {
				others = append(others, h.Person)
			}
		}
	}
	if done, err := b.attach(ctx, p, others); err != nil || done {
		return nil, err // the survivor was considered
	}
	weak, err := b.crowded(ctx, p, held)
	if err != nil {
		return nil, err
	}
	var stand []string
	for _, other := range others {
		s, err := b.weigh(ctx, p, clues, other, weak)
		if err != nil {
			return nil, err
		}
		if s.ID == "" {
			continue
		}
		if err := b.Hints.Suggest(ctx, s); err != nil {
			return nil, err
		}
		stand = append(stand, s.ID)
	}
	for c := range weak {
		for _, h := range held[c] {
			if h.Person != p.ID && !h.Held && !slices.Contains(again, h.Person) {
				again = append(again, h.Person)
			}
		}
	}
	slices.Sort(again)
	return again, b.Hints.Settle(ctx, p.ID, "", SuggestionStale, "", stand)
}

// Reconsider looks anew who else some persons may be.
func (b *Book) Reconsider(ctx context.Context, who []social.PersonID) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		for _, p := range who {
			if err := b.consider(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// weigh makes a suggestion of two persons; without an id where none is due.
func (b *Book) weigh(ctx context.Context, p Person, clues []Clue, other social.PersonID, weak map[resolve.Contact]bool) (Suggestion, error) {
	q, err := b.Store.Person(ctx, other)
	if err != nil || q.ID == p.ID {
		return Suggestion{}, err
	}
	if no, err := b.Hints.Declined(ctx, p.ID, q.ID); err != nil || no {
		return Suggestion{}, err
	}
	theirs, err := b.Hints.Clues(ctx, q.ID)
	if err != nil {
		return Suggestion{}, err
	}
	x, y := recordOf(p), recordOf(q)
	shared := share(clues, theirs, weak)
	each := mutual(shared, clues, theirs)
	back := slices.ContainsFunc(shared, common.back)
	if contradict(p, q) && !each && !back { // what leads both ways says more than two accounts of one sort
		return Suggestion{}, nil
	}
	for _, c := range shared {
		switch c.Kind {
		case "email":
			x.Email, y.Email = c.Value, c.Value
		case "phone":
			x.Phone, y.Phone = c.Value, c.Value
		case "handle":
			x.Handle, y.Handle = c.Value, c.Value
		case evidence.Account, evidence.Site: // as telling as a handle, which may be shared as well
			if x.Handle == "" && y.Handle == "" {
				x.Handle, y.Handle = c.Value, c.Value
			}
		}
	}
	population, called, err := b.Hints.HowMany(ctx, []string{x.Given, x.Family, y.Given, y.Family})
	if err != nil {
		return Suggestion{}, err
	}
	probability, reasons := resolve.Pair(x, y, population, resolve.Others{
		"given_name": max(called[x.Given], called[y.Given]), "family_name": max(called[x.Family], called[y.Family])})
	if back || each {
		probability = max(probability, bothWays)
	}
	if probability < leastSure || !each && !grounded(shared, x, y) {
		return Suggestion{}, nil
	}
	s := Suggestion{A: min(p.ID, q.ID), B: max(p.ID, q.ID), Probability: probability, State: SuggestionOpen, At: b.Clock.Now()}
	s.ID = suggestionID(s.A, s.B)
	if s.Reasons = wrote(shared); each {
		s.Reasons = slices.Insert(s.Reasons, 0, "the profiles of both name the other's account")
		s.Reasons = slices.DeleteFunc(s.Reasons, func(r string) bool { return r == "profile names the other's account" })
	}
	for _, r := range reasons {
		if !said(r, shared) {
			s.Reasons = append(s.Reasons, r)
		}
	}
	return s, nil
}

// suggestionID is made of the two, so that whoever finds them first gives the
// suggestion the same id.
func suggestionID(a, b social.PersonID) string {
	sum := sha256.Sum256([]byte(string(a) + "\x00" + string(b)))
	return hex.EncodeToString(sum[:12])
}

// contradict: each has an account of the same sort, both are proven, and they
// differ. Such two are never suggested.
func contradict(p, q Person) bool {
	for _, i := range p.Identities {
		for _, j := range q.Identities {
			x, y := i.Author, j.Author
			if x.Scheme == y.Scheme && x.Issuer == y.Issuer && x.Issuer != Unproven && x.Folded() != y.Folded() {
				return true
			}
		}
	}
	return false
}

// Unproven is the issuer of addresses that anybody may claim.
const Unproven = "unverified"

// verified says whether a person holds an account that a network vouches for.
func (p Person) verified() bool {
	return slices.ContainsFunc(p.Identities, func(i Identity) bool { return i.Author.Issuer != Unproven })
}

// recordOf is what the name of a person says. A name without letters is an
// address, not a name.
func recordOf(p Person) resolve.Record {
	var r resolve.Record
	name := strings.TrimSpace(p.Name)
	if strings.IndexFunc(name, unicode.IsLetter) < 0 || strings.ContainsAny(name, "@/") {
		return r
	}
	for _, i := range p.Identities {
		if !p.NameEdited && (strings.EqualFold(name, i.Author.Handle) || strings.EqualFold(name, i.Author.Value)) {
			return r
		}
	}
	words := strings.Fields(name)
	if last, first, ok := strings.Cut(name, ", "); ok && len(words) <= 4 {
		r.Given, r.Family = first, last
		return r
	}
	switch n := len(words); {
	case n == 1:
		r.Given = name
	case n <= 5:
		r.Given, r.Family = strings.Join(words[:n-1], " "), words[n-1]
	}
	return r
}

// Survivor is who of two should stay: the one with a proven account, then the
// one whom we have known for longer.
func Survivor(p, q Person) (survivor, other Person) {
	if p.verified() != q.verified() {
		if q.verified() {
			return q, p
		}
		return p, q
	}
	if q.CreatedAt.Before(p.CreatedAt) || q.CreatedAt.Equal(p.CreatedAt) && q.ID < p.ID {
		return q, p
	}
	return p, q
}

// Accept joins the persons of a suggestion into the survivor, with the field
// values that were chosen; nil leaves what a merge makes of them.
func (b *Book) Accept(ctx context.Context, suggestion string, survivor social.PersonID, chosen Change) (Merge, error) {
	var m Merge
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		s, err := b.open(ctx, suggestion)
		if err != nil {
			return err
		}
		other := s.A
		switch survivor {
		case s.A:
			other = s.B
		case s.B:
		default:
			return &social.Error{Kind: social.Invalid, Field: "survivor", Text: "The one who stays must be one of the two."}
		}
		m, err = b.join(ctx, survivor, other, chosen, ground{reasons: s.Reasons})
		return err
	})
	return m, err
}

// Decline says that two persons are not one. It is not asked again.
func (b *Book) Decline(ctx context.Context, suggestion string) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		s, err := b.open(ctx, suggestion)
		if err != nil {
			return err
		}
		actor, _ := social.ActorOf(ctx)
		s.State, s.DecidedAt, s.By = SuggestionDeclined, b.Clock.Now(), actor.Member
		if err := b.Hints.Decide(ctx, s); err != nil {
			return err
		}
		return b.Store.Record(ctx, social.Entry{Verb: "reject", Object: "suggestion", ID: s.ID, Detail: map[string]any{"persons": []social.PersonID{s.A, s.B}}})
	})
}

// Ask takes back that a suggestion was declined.
func (b *Book) Ask(ctx context.Context, suggestion string) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		s, err := b.Hints.Suggestion(ctx, suggestion)
		if err != nil {
			return err
		}
		if s.State != SuggestionDeclined {
			return social.Errorf(social.Conflict, "This suggestion was not declined.")
		}
		s.State, s.DecidedAt, s.By = SuggestionOpen, time.Time{}, ""
		if err := b.Hints.Decide(ctx, s); err != nil {
			return err
		}
		return b.Store.Record(ctx, social.Entry{Verb: "undo", Object: "suggestion", ID: s.ID})
	})
}

func (b *Book) open(ctx context.Context, suggestion string) (Suggestion, error) {
	s, err := b.Hints.Suggestion(ctx, suggestion)
	if err != nil {
		return s, err
	}
	switch s.State {
	case SuggestionAccepted:
		return s, social.Errorf(social.Conflict, "A colleague has joined these two already.")
	case SuggestionDeclined:
		return s, social.Errorf(social.Conflict, "A colleague has said that these two are not one person.")
	case SuggestionStale:
		return s, social.Errorf(social.Conflict, "This suggestion does not stand any more: what spoke for it has changed.")
	}
	return s, nil
}
