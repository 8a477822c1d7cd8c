package email

import (
	"slices"
	"strings"

	"github.com/parley-crm/parley/social"
)

// mostCopies is how many others get one mail of ours: more are a list.
const mostCopies = 20

// Copies is how many others get one mail of ours.
func (b *box) Copies() int { return mostCopies }

// Copy is as whom an address may be known: proved to be theirs, or not.
func (b *box) Copy(address string) ([]social.Author, error) {
	a, _, ok := addressOf(address)
	switch {
	case !ok || !ascii(a) || strings.ContainsAny(address, ",;\r\n"):
		return nil, social.Errorf(social.Invalid, "“%s” is no address that mail can be sent to.", clean(address, 100))
	case b.isOurs(a):
		return nil, social.Errorf(social.Conflict, "%s is our own address: the mail is here anyway.", a)
	}
	return []social.Author{{Scheme: "mailto", Value: a}, {Scheme: "mailto", Value: a, Issuer: unverified, Unverified: true}}, nil
}

// copied are the addresses of who gets a mail too: each once, and none that
// gets it anyway.
func (b *box) copied(r social.Reply, to string) (out []string, err error) {
	for _, c := range r.Copies {
		who, err := b.Copy(c.Value)
		if social.Conflict.Is(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if a := who[0].Value; a != to && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	if len(out) > mostCopies {
		return nil, social.Errorf(social.Invalid, "At most %d others get a mail.", mostCopies)
	}
	return out, nil
}
