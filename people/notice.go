package people

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/people/evidence"
	"github.com/parley-crm/parley/people/resolve"
	"github.com/parley-crm/parley/social"
)

// Clue is a way to reach whoever is behind an identity: the address of the
// account itself, or one that they told.
type Clue struct {
	Identity social.IdentityID
	resolve.Contact
	Source   evidence.Source
	Activity social.ActivityID // where they wrote it; "" for the account itself, or its profile
	At       time.Time
}

// held says that a clue is the account itself, which nobody told.
func (c Clue) held() bool { return c.Activity == "" && c.Source == evidence.Words }

// Holder is a person of whom a clue is known.
type Holder struct {
	Person social.PersonID
	Held   bool // it is an account of theirs; they did not only tell it
}

// notice keeps what those who speak to us tell of themselves, and looks
// whether they are somebody whom we know.
func (b *Book) notice(ctx context.Context, mentions []social.Mention) error {
	if b.Hints == nil {
		return nil
	}
	var clues []Clue
	told := map[social.IdentityID][]Clue{} // of profiles
	below, err := b.below(ctx, mentions)
	if err != nil {
		return err
	}
	for _, m := range mentions {
		if !speaks(m) {
			continue
		}
		a := m.Activity.Author
		for _, c := range ownClues(a) {
			clues = append(clues, Clue{Identity: a.ID(), Contact: c, At: m.Activity.Published})
		}
		for _, f := range tells(m.Activity, below[m.Activity.ID]) {
			clues = append(clues, Clue{Identity: a.ID(), Contact: f.Contact, Source: f.Source, Activity: m.Activity.ID, At: m.Activity.Published})
		}
		if a.Scheme == "acct" || a.Links != "" {
			told[a.ID()] = nil
			for _, f := range evidence.Fields(a.Links) {
				told[a.ID()] = append(told[a.ID()], Clue{Identity: a.ID(), Contact: f.Contact, Source: f.Source, At: m.Activity.Published})
			}
		}
	}
	if len(clues) == 0 {
		return nil
	}
	fresh, err := b.Hints.AddClues(ctx, clues)
	if err != nil {
		return err
	}
	if len(told) > 0 {
		changed, err := b.Hints.KeepProfiles(ctx, told)
		if err != nil {
			return err
		}
		fresh = append(fresh, changed...)
	}
	if len(fresh) == 0 {
		return nil
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

// speaks reports whether a mention is somebody's word to us.
func speaks(m social.Mention) bool {
	return m.Inbox && !m.Activity.Own && m.Activity.Author.Value != ""
}

// below asks what was left out of mails: their signatures, and what they quote.
func (b *Book) below(ctx context.Context, mentions []social.Mention) (map[social.ActivityID]string, error) {
	var mails []social.ActivityID
	for _, m := range mentions {
		if speaks(m) && m.Activity.Author.Scheme == "mailto" {
			mails = append(mails, m.Activity.ID)
		}
	}
	if b.Below == nil || len(mails) == 0 {
		return nil, nil
	}
	return b.Below(ctx, mails)
}

// tells reads what somebody tells of themselves in their words.
func tells(a social.Activity, below string) []evidence.Found {
	if a.Author.Scheme == "mailto" {
		return evidence.Mail(evidence.Letter{Title: a.Title, Name: a.Author.Name, Text: a.Text, Below: below})
	}
	return evidence.Post(a.Text)
}

// ownClues are the addresses of an account itself.
func ownClues(a social.Author) []resolve.Contact {
	if a.Scheme == "practice" {
		return nil // made up by one hand
	}
	out := evidence.Own(a)
	if c, ok := ownClue(a); ok {
		out = append(out, c)
	}
	return out
}

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
	case "acct", "did":
		return resolve.Handle(cmp.Or(a.Handle, a.Value))
	}
	return resolve.Handle(a.Handle)
}

// common is a clue that two persons share.
type common struct {
	resolve.Contact
	held, told bool            // it is an account of one; one told it
	from       evidence.Source // where it was told
	at         time.Time
}

// share lists what clues of two persons have in common, each once: of those
// that say the same, the strongest.
func share(a, b []Clue, weak map[resolve.Contact]bool) []common {
	found := map[resolve.Contact]common{}
	for _, x := range a {
		for _, y := range b {
			if x.Contact != y.Contact {
				continue
			}
			c := common{Contact: x.Contact, held: (x.held() || y.held()) && !weak[x.Contact], told: !x.held() || !y.held()}
			for _, one := range []Clue{x, y} {
				if !one.held() {
					c.from, c.at = one.Source, one.At
				}
			}
			if had, ok := found[c.Contact]; !ok || c.rank() > had.rank() {
				found[c.Contact] = c
			}
		}
	}
	return slices.SortedFunc(maps.Values(found), func(x, y common) int {
		return cmp.Or(y.rank()-x.rank(), strings.Compare(x.Kind, y.Kind), strings.Compare(x.Value, y.Value))
	})
}

func (c common) rank() int {
	switch {
	case c.back():
		return 3
	case c.held && c.told:
		return 2
	case c.held:
		return 1
	}
	return 0
}

// back: the profile of one names an account of the other, whose page leads
// back to it.
func (c common) back() bool { return c.held && c.from == evidence.Linked }

// mutual: the profiles of both name the other's account.
func mutual(shared []common, a, b []Clue) bool {
	names := func(x, y []Clue) bool {
		for _, c := range shared {
			if c.Kind != evidence.Account || !c.held || !c.told {
				continue
			}
			of := func(l []Clue, held bool) bool {
				return slices.ContainsFunc(l, func(k Clue) bool {
					return k.Contact == c.Contact && k.held() == held && (held || k.Source == evidence.Profile || k.Source == evidence.Linked)
				})
			}
			if of(x, false) && of(y, true) {
				return true
			}
		}
		return false
	}
	return names(a, b) && names(b, a)
}

// grounded: an address or a telephone number that is one's account and that
// the other told or has too, or an account that the other named where the names
// are not those of two; otherwise the same words are not enough, and the names
// have to agree. Nobody is suggested by name alone.
func grounded(shared []common, x, y resolve.Record) bool {
	for _, c := range shared {
		switch {
		case c.back(), c.held && (c.Kind == "email" || c.Kind == "phone"):
			return true
		case c.held && c.told && c.Kind == evidence.Account && !two(x, y):
			return true
		}
	}
	return len(shared) > 0 && x.Family != "" && x.Given != "" && strings.EqualFold(x.Family, y.Family) && strings.EqualFold(x.Given, y.Given)
}

// two: both are called in full, and by other names.
func two(x, y resolve.Record) bool {
	return x.Family != "" && y.Family != "" && x.Given != "" && y.Given != "" && !strings.EqualFold(x.Family, y.Family) && !strings.EqualFold(x.Given, y.Given)
}

// kinds of what is shared, in words.
var kinds = map[string]string{"email": "e-mail address", "phone": "phone number", "handle": "handle", evidence.Account: "account", evidence.Site: "site"}

// wrote says where clues come from that are not the accounts themselves. It
// names nobody and no number: it is kept for longer than they are.
func wrote(shared []common) []string {
	var out []string
	for _, c := range shared {
		what, says := kinds[c.Kind], ""
		switch {
		case c.back():
			says = "profile and the other's page lead to each other"
		case c.held && c.told && c.from == evidence.Signature:
			says = "signature of " + c.at.UTC().Format(time.DateOnly) + " names the other's " + what
		case c.held && c.told && c.from != evidence.Words:
			says = "profile names the other's " + what
		case c.held && c.told:
			says = "wrote the other's " + what
		case c.Kind == evidence.Account || c.Kind == evidence.Site:
			if says = "both name the same " + what; c.held && !c.told {
				says = ""
			}
		}
		if says != "" && !slices.Contains(out, says) {
			out = append(out, says)
		}
	}
	return out
}

// said reports whether a reason of resolve is told already by where a clue
// comes from, or was lent to it.
func said(reason string, shared []common) bool {
	kind, ok := map[string]string{"same e-mail": "email", "same phone": "phone", "same handle": "handle"}[reason]
	if !ok {
		return false
	}
	lent := true
	for _, c := range shared {
		if c.Kind == kind {
			lent = false
			if c.held && c.told {
				return true
			}
		}
	}
	return lent
}

// crowded finds clues that several different persons told: a household's
// number, or a company's. They are weak. others are persons who told one.
func (b *Book) crowded(ctx context.Context, p Person, held map[resolve.Contact][]Holder) (weak map[resolve.Contact]bool, err error) {
	weak = map[resolve.Contact]bool{}
	known := map[social.PersonID]Person{p.ID: p}
	for c, holders := range held {
		var told []Person
		for _, h := range holders {
			if h.Held {
				continue
			}
			q, ok := known[h.Person]
			if !ok {
				if q, err = b.Store.Person(ctx, h.Person); err != nil {
					return nil, err
				}
				known[h.Person] = q
			}
			told = append(told, q)
		}
		for i, x := range told {
			for _, y := range told[i+1:] {
				if x.ID != y.ID && apart(x, y) {
					weak[c] = true
				}
			}
		}
	}
	return weak, nil
}

// apart: two who are plainly two, by their accounts or their names.
func apart(p, q Person) bool {
	x, y := recordOf(p), recordOf(q)
	return contradict(p, q) || x.Given != "" && y.Given != "" && x.Family != "" && y.Family != "" && !(strings.EqualFold(x.Given, y.Given) && strings.EqualFold(x.Family, y.Family))
}
