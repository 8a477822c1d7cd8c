package query

import (
	"fmt"

	"github.com/parley-crm/parley/social"
)

// fault is a mistake at a rune (from 0) of the query.
func fault(at int, format string, args ...any) *social.Error {
	return &social.Error{
		Kind:  social.Invalid,
		Text:  fmt.Sprintf(format, args...),
		Field: "query",
		At:    at + 1,
	}
}

func noWord(at int, text string) *social.Error {
	return fault(at, "There is no word in “%s”; leave it out.", cut(text))
}

// cut keeps what is quoted in an error short.
func cut(s string) string {
	const most = 24
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
