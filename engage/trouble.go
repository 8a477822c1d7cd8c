package engage

import (
	"errors"
	"fmt"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// said is what an error has to say to a person.
func said(err error, otherwise string) string {
	var e *social.Error
	if errors.As(err, &e) && e.Text != "" {
		return e.Text
	}
	return otherwise
}

// wait is how long the network asked us to wait.
func wait(err error) time.Duration {
	var r channel.RetryAfter
	if errors.As(err, &r) {
		return r.RetryAfter()
	}
	return 0
}

// Invalid says what is wrong with a field.
func Invalid(field, text string) error { return invalid(field, text) }

func invalid(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}

func tooLong(r Room) string {
	if r.Left >= 0 {
		return "This channel can't carry these words."
	}
	return fmt.Sprintf("This is %d %s too long; at most %d fit. Links count as they will be sent.", -r.Left, r.Unit, r.Max)
}
