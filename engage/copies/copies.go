// Package copies is who gets an answer besides the customer: those in the Cc
// of a mail. Only a person puts somebody there; what Parley says by itself
// goes to the customer alone.
package copies

import (
	"slices"
	"strings"

	"github.com/parley-crm/parley/social"
)

// Copy is somebody who gets, or got, an answer too.
type Copy struct {
	Address string
	Problem string // why it did not get there; "" while nothing is known of that
}

// Line is what is asked of a channel: channel.Copier.
type Line interface {
	Copies() int
	Copy(address string) ([]social.Author, error)
}

// Named are those whom addresses name, each once, without the one to whom the
// answer goes anyway. An address that is none, or our own, is refused.
func Named(line Line, to social.Author, addresses []string) ([]Copy, error) {
	var out []Copy
	for _, a := range addresses {
		who, err := line.Copy(a)
		if err != nil {
			return nil, &social.Error{Kind: social.Invalid, Field: "cc", Text: err.Error()}
		}
		out = add(out, to, who[0].Value)
	}
	if n := line.Copies(); len(out) > n {
		return nil, social.Errorf(social.Invalid, "At most %d others get one answer.", n)
	}
	return out, nil
}

// Likely are those of addresses who can get an answer too; others are left out.
func Likely(lines []Line, to social.Author, addresses []string) []Copy {
	var out []Copy
	for _, a := range addresses {
		at, err := lines[0].Copy(a)
		if err != nil || slices.ContainsFunc(lines[1:], func(l Line) bool { _, err := l.Copy(a); return social.Conflict.Is(err) }) {
			continue
		}
		out = add(out, to, at[0].Value)
	}
	return out[:min(len(out), lines[0].Copies())]
}

func add(out []Copy, to social.Author, address string) []Copy {
	if strings.EqualFold(to.Value, address) || Has(out, address) {
		return out
	}
	return append(out, Copy{Address: address})
}

// Has says whether an address is among those who got an answer too.
func Has(all []Copy, address string) bool {
	return slices.ContainsFunc(all, func(c Copy) bool { return strings.EqualFold(c.Address, address) })
}

// Addresses are the addresses of copies.
func Addresses(all []Copy) []string {
	out := make([]string, len(all))
	for i, c := range all {
		out[i] = c.Address
	}
	return out
}
