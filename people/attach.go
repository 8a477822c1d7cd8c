package people

import (
	"context"
	"slices"
	"strings"

	"github.com/parley-crm/parley/social"
)

// proven is an address or number that an account proves to be its holder's: a
// network delivered words from there. The same on two accounts is one owner.
type proven struct{ kind, value string }

// proves says what an account proves. Accounts that were only taken over from
// a file or an order, and addresses that anybody may claim, prove nothing.
func (i Identity) proves() (proven, bool) {
	a := i.Author
	if i.Channel == "" || i.LastSeen.IsZero() || a.Issuer == Unproven || a.Unverified {
		return proven{}, false
	}
	switch a.Scheme {
	case "mailto":
		return proven{"email", a.Folded()}, a.Issuer == ""
	case "tel", "whatsapp":
		n, ok := numberOf(a)
		return proven{"phone", n}, ok
	}
	return proven{}, false
}

// numberOf is the whole telephone number of an account, in digits. WhatsApp
// tells it beside an id of its own.
func numberOf(a social.Author) (string, bool) {
	n, ok := strings.CutPrefix(a.Folded(), "+")
	if a.Scheme == "whatsapp" {
		n, ok = strings.CutPrefix(a.URL, "https://wa.me/")
	}
	return n, ok && len(n) >= 8 && len(n) <= 15 && strings.Trim(n, "0123456789") == ""
}

// attach joins a person with another who has proven the same account, where
// that is safe: one of them is a shell, no two proven accounts of one sort
// contradict, and nobody ever said that they are two. It reports whether it
// did.
func (b *Book) attach(ctx context.Context, p Person, others []social.PersonID) (bool, error) {
	if b.Answered == nil {
		return false, nil
	}
	for _, other := range others {
		q, err := b.Store.Person(ctx, other)
		if err != nil {
			return false, err
		}
		reasons := sameProof(p, q)
		if q.ID == p.ID || len(reasons) == 0 || contradict(p, q) {
			continue
		}
		if no, err := b.keptApart(ctx, p.ID, q.ID); err != nil || no {
			if err != nil {
				return false, err
			}
			continue
		}
		survivor, shell, err := b.shellOf(ctx, p, q)
		if err != nil {
			return false, err
		}
		if shell == "" {
			continue
		}
		if _, err := b.join(ctx, survivor, shell, better(survivor, p, q), ground{reasons: reasons, automatic: true}); err != nil {
			return false, err
		}
		return true, nil
	}
	return false, nil
}

// better is the name of the one who goes, where the one who stays has none but
// a number or an address.
func better(survivor social.PersonID, p, q Person) Change {
	stays, goes := p, q
	if q.ID == survivor {
		stays, goes = q, p
	}
	if stays.NameEdited || recordOf(stays).Given != "" || recordOf(goes).Given == "" {
		return Change{}
	}
	return Change{Name: &goes.Name, Network: true}
}

// sameProof says, in words, which accounts of two persons prove the same.
func sameProof(p, q Person) []string {
	var out []string
	for _, i := range p.Identities {
		x, ok := i.proves()
		if !ok {
			continue
		}
		for _, j := range q.Identities {
			if y, ok := j.proves(); !ok || x != y {
				continue
			}
			reason := "proved the same phone number on both accounts"
			if x.kind == "email" {
				reason = "proved the same e-mail address on both accounts"
			}
			if !slices.Contains(out, reason) {
				out = append(out, reason)
			}
		}
	}
	return out
}

// keptApart: somebody declined that these are one, or took them apart.
func (b *Book) keptApart(ctx context.Context, p, q social.PersonID) (bool, error) {
	if no, err := b.Hints.Declined(ctx, p, q); err != nil || no {
		return no, err
	}
	return b.Hints.Parted(ctx, p, q)
}

// shellOf chooses who of two goes: the one who is a shell, the younger where
// both are; "" where neither is.
func (b *Book) shellOf(ctx context.Context, p, q Person) (survivor, shell social.PersonID, err error) {
	stays, goes := Survivor(p, q)
	for _, try := range [][2]Person{{stays, goes}, {goes, stays}} {
		is, err := b.shell(ctx, try[1])
		if err != nil {
			return "", "", err
		}
		if is {
			return try[0].ID, try[1].ID, nil
		}
	}
	return "", "", nil
}

func (b *Book) shell(ctx context.Context, p Person) (bool, error) {
	if p.NameEdited || p.Notes != "" || p.Place != "" {
		return false, nil
	}
	if is, err := b.Hints.Shell(ctx, p.ID); err != nil || !is {
		return false, err
	}
	ids := make([]social.IdentityID, len(p.Identities))
	for i, x := range p.Identities {
		ids[i] = x.ID
	}
	answered, err := b.Answered(ctx, ids)
	return !answered, err
}
