// Package secret keeps secrets out of sight: a string that does not print
// itself, and a box that seals bytes with the key of the deployment so that
// what lies in the database is of no use without that key.
package secret

import (
	"encoding/json"
	"fmt"
	"log/slog"
)

// String is a secret. However it is printed, logged or marshalled, it shows
// only that there is one; Reveal gives it away.
type String string

const redacted = "[secret]"

// Reveal is the secret itself.
func (s String) Reveal() string { return string(s) }

// String hides the secret.
func (s String) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// GoString hides the secret from %#v.
func (s String) GoString() string { return s.String() }

// Format hides the secret from every verb of fmt.
func (s String) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue hides the secret from logs.
func (s String) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON hides the secret from JSON.
func (s String) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// MarshalText hides the secret from whatever else asks for text.
func (s String) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
