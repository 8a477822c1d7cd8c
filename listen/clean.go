package listen

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/parley-crm/parley/social"
)

// clean makes a text that both databases can keep: valid UTF-8 without NUL.
func clean(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// clip cuts a text to at most n bytes, at the end of a rune.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func asError(err error) *social.Error {
	var e *social.Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}
