package govern

import (
	"context"
	"strings"

	"github.com/parley-crm/parley/social"
)

const (
	leastPassword = 10
	mostPassword  = 256
)

// worn lists what guessers try first among passwords that are long enough.
var worn = []string{
	"1234567890", "0123456789", "0987654321", "12345678910", "1234567891", "11111111111", "1q2w3e4r5t", "qwertyuiop",
	"qwerty123456", "password123", "password1234", "passwordpassword", "iloveyou123", "administrator", "letmein123",
	"changeme123", "welcome123", "adminadmin", "administrator1", "asdfghjkl123", "zaq12wsxcde3", "parleyparley",
}

// checkPassword refuses what is too short or easily guessed. There are no
// rules about kinds of characters: length is what helps.
func checkPassword(password, email string) error {
	const field = "body.password"
	folded := strings.ToLower(password)
	switch n := len([]rune(password)); {
	case n < leastPassword:
		return invalid(field, "The password needs at least ten characters; a few words do well.")
	case len(password) > mostPassword:
		return invalid(field, "The password is too long; at most 256 bytes fit.")
	}
	name, _, _ := strings.Cut(fold(email), "@")
	if folded == fold(email) || strings.Count(folded, folded[:1]) == len(folded) || len(name) > 3 && strings.Contains(folded, name) && strings.Trim(strings.Replace(folded, name, "", 1), "0123456789!") == "" {
		return invalid(field, "This password is too easily guessed.")
	}
	for _, w := range worn {
		if folded == w {
			return invalid(field, "This password is among the first that guessers try.")
		}
	}
	return nil
}

// ChangePassword changes a member's own password, ends all other sessions and
// returns a new one.
func (o *Office) ChangePassword(ctx context.Context, member social.MemberID, current, next string, from From) (Opened, error) {
	m, err := o.store.Member(ctx, member)
	if err != nil {
		return Opened{}, err
	}
	if err := o.mayTry(ctx, fold(m.Email), from.IP); err != nil {
		return Opened{}, err
	}
	hash, err := o.store.Password(ctx, member)
	if err != nil {
		return Opened{}, err
	}
	fits, err := o.passwordFits(ctx, current, hash)
	if err != nil {
		return Opened{}, err
	}
	if !fits {
		if err := o.missed(ctx, fold(m.Email), from.IP); err != nil {
			return Opened{}, err
		}
		return Opened{}, invalid("body.current", "This is not your present password.")
	}
	if err := checkPassword(next, m.Email); err != nil {
		return Opened{}, err
	}
	if hash, err = o.hashPassword(ctx, next); err != nil {
		return Opened{}, err
	}
	var opened Opened
	err = o.change(ctx, "session", func(ctx context.Context) (e social.Entry, err error) {
		if err := o.store.SetPassword(ctx, member, hash); err != nil {
			return e, err
		}
		if _, err := o.store.DropSessions(ctx, member); err != nil {
			return e, err
		}
		if err := o.store.CloseDoors(ctx, member); err != nil {
			return e, err
		}
		opened, err = o.open(ctx, m, from)
		return social.Entry{Verb: "update", Object: "password", ID: string(member)}, err
	})
	return opened, err
}
