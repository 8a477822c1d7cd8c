package store

import (
	"encoding/base64"
	"encoding/json"

	"github.com/parley-crm/parley/social"
)

// Limit cuts a wished page size to what is allowed: 1 to 100, 30 when unsaid.
func Limit(n int) int {
	switch {
	case n <= 0:
		return 30
	case n > 100:
		return 100
	}
	return n
}

// Cursor makes the opaque text by which the next page of a list is asked
// for, out of the sort key of the last row.
func Cursor(key ...any) string {
	b, _ := json.Marshal(key) // strings and numbers always marshal
	return base64.RawURLEncoding.EncodeToString(b)
}

// FromCursor reads a cursor back into the parts of its key. An empty cursor
// gives ok = false; a forged one is an error of kind Invalid.
func FromCursor(cursor string, parts ...any) (ok bool, err error) {
	if cursor == "" {
		return false, nil
	}
	bad := &social.Error{Kind: social.Invalid, Field: "cursor", Text: "This cursor is not one of ours; start again without it."}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return false, bad
	}
	var raw []json.RawMessage
	if json.Unmarshal(b, &raw) != nil || len(raw) != len(parts) {
		return false, bad
	}
	for i := range parts {
		if json.Unmarshal(raw[i], parts[i]) != nil {
			return false, bad
		}
	}
	return true, nil
}
