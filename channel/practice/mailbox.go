package practice

import (
	"net/mail"
	"strings"

	"github.com/parley-crm/parley/social"
)

// mailbox is the site of letters: others may get one too.
type mailbox struct {
	*line
	signature string
}

// Signature stands below what people of ours write.
func (m *mailbox) Signature() string { return m.signature }

// Copies is how many others get a letter.
func (*mailbox) Copies() int { return 20 }

// Copy is as whom an address is known here. Ours is our handle's.
func (l *mailbox) Copy(address string) ([]social.Author, error) {
	a, err := mail.ParseAddress(address)
	if err != nil || strings.ContainsAny(address, ",;\r\n") {
		return nil, social.Errorf(social.Invalid, "“%s” is no address that a letter can be sent to.", address)
	}
	to := strings.ToLower(a.Address)
	if to == fold(l.handle)+"@mail.example" {
		return nil, social.Errorf(social.Conflict, "%s is our own address: the letter is here anyway.", to)
	}
	return []social.Author{{Scheme: "mailto", Value: to}}, nil
}
