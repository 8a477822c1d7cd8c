package people

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/parley-crm/parley/people/resolve"
	"github.com/parley-crm/parley/social"
)

// Clue is a way to reach whoever is behind an identity: the address of the
// account itself, or one that they wrote to us.
type Clue struct {
	Identity social.IdentityID
	resolve.Contact
	Activity social.ActivityID // where they wrote it; "" for the account itself
	At       time.Time
}

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
	// Clues are those of a person's identities.
	Clues(ctx context.Context, who social.PersonID) ([]Clue, error)
	// Holders lists persons that hold a clue, at most limit.
	Holders(ctx context.Context, c resolve.Contact, limit int) ([]social.PersonID, error)
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
)

// notice keeps what those who speak to us tell of themselves, and looks
// whether they are somebody whom we know.
func (b *Book) notice(ctx context.Context, mentions []social.Mention) error {
	if b.Hints == nil {
		return nil
	}
	var clues []Clue
	for _, m := range mentions {
		if !m.Inbox || m.Activity.Own || m.Activity.Author.Value == "" {
			continue
		}
		a := m.Activity.Author
		if c, ok := ownClue(a); ok {
			clues = append(clues, Clue{Identity: a.ID(), Contact: c, At: m.Activity.Published})
		}
		for _, c := range resolve.Contacts(m.Activity.Text) {
			clues = append(clues, Clue{Identity: a.ID(), Contact: c, Activity: m.Activity.ID, At: m.Activity.Published})
		}
	}
	if len(clues) == 0 {
		return nil
	}
	fresh, err := b.Hints.AddClues(ctx, clues)
	if err != nil || len(fresh) == 0 {
		return err
	}
	persons, err := b.Store.Persons(ctx, fresh)
	if err != nil {
		return err
	}
	had := map[social.PersonID]bool{}
	for _, i := range fresh {
		if p := persons[i]; p != "" && !had[p] {
			had[p] = true
			if err := b.consider(ctx, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// ownClue is the address of an account itself.
func ownClue(a social.Author) (resolve.Contact, bool) {
	switch a.Scheme {
	case "mailto":
		return resolve.Email(a.Value)
	case "tel":
		return resolve.Phone(a.Value)
	case "whatsapp":
		if n, ok := numberOf(a); ok {
			return resolve.Phone(n)
		}
	case "practice":
		return resolve.Contact{}, false // made up by one hand
	case "acct", "did":
		return resolve.Handle(cmp.Or(a.Handle, a.Value))
	}
	return resolve.Handle(a.Handle)
}

// consider looks who else a person may be, by their clues alone: never over
// all persons.
func (b *Book) consider(ctx context.Context, who social.PersonID) error {
	if b.Hints == nil {
		return nil
	}
	p, err := b.Store.Person(ctx, who)
	if err != nil {
		return err
	}
	clues, err := b.Hints.Clues(ctx, p.ID)
	if err != nil {
		return err
	}
	var others []social.PersonID
	for _, c := range clues[:min(len(clues), cluesLooked)] {
		holders, err := b.Hints.Holders(ctx, c.Contact, sharedMost+1)
		if err != nil {
			return err
		}
		if len(holders) > sharedMost {
			continue // a shared address, such as a shop's
		}
		for _, h := range holders {
			if h != p.ID && !slices.Contains(others, h) {
				others = append(others, h)
			}
		}
	}
	if done, err := b.attach(ctx, p, others); err != nil || done {
		return err // the survivor was considered
	}
	var stand []string
	for _, other := range others {
		s, err := b.weigh(ctx, p, clues, other)
		if err != nil {
			return err
		}
		if s.ID == "" {
			continue
		}
		if err := b.Hints.Suggest(ctx, s); err != nil {
			return err
		}
		stand = append(stand, s.ID)
	}
	return b.Hints.Settle(ctx, p.ID, "", SuggestionStale, "", stand)
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
func (b *Book) weigh(ctx context.Context, p Person, clues []Clue, other social.PersonID) (Suggestion, error) {
	q, err := b.Store.Person(ctx, other)
	if err != nil || q.ID == p.ID || contradict(p, q) {
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
	shared := share(clues, theirs)
	for _, c := range shared {
		switch c.Kind {
		case "email":
			x.Email, y.Email = c.Value, c.Value
		case "phone":
			x.Phone, y.Phone = c.Value, c.Value
		case "handle":
			x.Handle, y.Handle = c.Value, c.Value
		}
	}
	population, called, err := b.Hints.HowMany(ctx, []string{x.Given, x.Family, y.Given, y.Family})
	if err != nil {
		return Suggestion{}, err
	}
	probability, reasons := resolve.Pair(x, y, population, resolve.Others{
		"given_name": max(called[x.Given], called[y.Given]), "family_name": max(called[x.Family], called[y.Family])})
	if probability < leastSure || !grounded(shared, x, y) {
		return Suggestion{}, nil
	}
	s := Suggestion{A: min(p.ID, q.ID), B: max(p.ID, q.ID), Probability: probability, State: SuggestionOpen, At: b.Clock.Now()}
	s.ID = suggestionID(s.A, s.B)
	s.Reasons = wrote(shared)
	for _, r := range reasons {
		if !slices.Contains(s.Reasons, wroteOf[strings.TrimPrefix(r, "same ")]) {
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

// common is a clue that two persons share: whether the account of one is that
// address itself, and whether one wrote it.
type common struct {
	resolve.Contact
	held, written bool
}

func share(a, b []Clue) []common {
	var out []common
	for _, x := range a {
		for _, y := range b {
			if x.Contact == y.Contact {
				out = append(out, common{x.Contact, x.Activity == "" || y.Activity == "", x.Activity != "" || y.Activity != ""})
			}
		}
	}
	return out
}

// grounded: an address or a telephone number that is one's account and that
// the other wrote or has too; otherwise the same words are not enough, and the
// names have to agree. Nobody is suggested by name alone.
func grounded(shared []common, x, y resolve.Record) bool {
	for _, c := range shared {
		if c.Kind != "handle" && c.held {
			return true
		}
	}
	return len(shared) > 0 && x.Family != "" && x.Given != "" && strings.EqualFold(x.Family, y.Family) && strings.EqualFold(x.Given, y.Given)
}

// wroteOf says, of what is shared, that one wrote where the other is.
var wroteOf = map[string]string{"e-mail": "wrote the other's e-mail address", "phone": "wrote the other's phone number", "handle": "wrote the other's handle"}

// wrote says where clues come from that are not the accounts themselves.
func wrote(shared []common) []string {
	var out []string
	for _, c := range shared {
		if c.held && c.written {
			out = append(out, wroteOf[strings.Replace(c.Kind, "email", "e-mail", 1)])
		}
	}
	return out
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
