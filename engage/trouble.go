package engage

import (
	"fmt"

	"github.com/parley-crm/parley/social"
)

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
