package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/parley-crm/parley/kit/text"
)

// ident is an id, which the Graph API writes as a text or as a number.
type ident string

// UnmarshalJSON takes both.
func (i *ident) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	if len(b) == 0 || string(b) == "null" {
		return nil
	}
	if b[0] == '"' {
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		if len(s) > 512 {
			return errors.New("an id of more than 512 bytes")
		}
		*i = ident(text.Cut(s))
		return nil
	}
	if !digits.Match(b) {
		return errors.New("an id is a text or a whole number")
	}
	*i = ident(b)
	return nil
}

// stamp is a time, in seconds or milliseconds since 1970, as a number or text.
type stamp struct{ time.Time }

// UnmarshalJSON takes all of these. What lies outside of reason is refused.
func (s *stamp) UnmarshalJSON(b []byte) error {
	b = bytes.Trim(bytes.TrimSpace(b), `"`)
	if len(b) == 0 || string(b) == "null" {
		return nil
	}
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil {
		return errors.New("a time is a number of seconds or milliseconds")
	}
	switch {
	case n <= 0 || n > 9e12:
		return errors.New("a time outside of reason")
	case n > 1e11:
		s.Time = time.UnixMilli(n).UTC()
	default:
		s.Time = time.Unix(n, 0).UTC()
	}
	return nil
}

// MarshalJSON writes milliseconds.
func (s stamp) MarshalJSON() ([]byte, error) {
	if s.IsZero() {
		return []byte("0"), nil
	}
	return strconv.AppendInt(nil, s.UnixMilli(), 10), nil
}

// envelope is one raw event: one item of a webhook, with what must be known
// to read it alone.
type envelope struct {
	Sort  string          `json:"sort"` // "change", "messaging", "message", "status", "echo", "broken"
	Field string          `json:"field,omitempty"`
	Entry ident           `json:"entry"` // id of the Page or account
	At    int64           `json:"at,omitempty"`
	Item  json.RawMessage `json:"item"`
	With  json.RawMessage `json:"with,omitempty"` // what stands beside the item
}

// when is the time of the webhook, in milliseconds.
func (e envelope) when() time.Time {
	if e.At <= 0 || e.At > 9e12 {
		return time.Time{}
	}
	return time.UnixMilli(e.At).UTC()
}

// version is a time that sorts as text.
func version(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// iso is how the Graph API writes times in its answers: with a zone that has
// no colon.
type iso struct{ time.Time }

// UnmarshalJSON takes that and RFC 3339.
func (t *iso) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil || s == "" {
		return err
	}
	for _, layout := range []string{"2006-01-02T15:04:05-0700", time.RFC3339} {
		if at, err := time.Parse(layout, s); err == nil {
			t.Time = at.UTC()
			return nil
		}
	}
	return errors.New("a time that cannot be read")
}
