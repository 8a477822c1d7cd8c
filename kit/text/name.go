package text

import (
	"strings"
	"unicode"
)

// FirstName is how one speaks to somebody: the first of two names, otherwise
// the whole. “The Grump” and “brewfan_42” have no first name.
func FirstName(name string) string {
	f := strings.Fields(name)
	if len(f) != 2 || f[0] == "The" || len([]rune(f[0])) < 3 || strings.ContainsFunc(f[0], func(r rune) bool { return !unicode.IsLetter(r) && r != '’' && r != '\'' && r != '-' }) {
		return name
	}
	return f[0]
}
