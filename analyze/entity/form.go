package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// opens says whether a thing may begin here: not within a word, so that a
// mail address is no handle.
func opens(t string, i int) bool {
	if i == 0 {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(t[:i])
	return !inWord(r) && r != '/' && r != '&' && r != '@' && r != '#'
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

// handle is the length of a handle with its @, on another server too.
func handle(t string) int {
	n := 1 + span(t[1:], func(c byte) bool { return isAlnum(c) || c == '_' || c == '.' || c == '-' })
	n = trimEnd(t, n)
	if n < 2 || n > 65 {
		return 0
	}
	if n < len(t) && t[n] == '@' { // @name@server
		m := trimEnd(t, n+1+span(t[n+1:], func(c byte) bool { return isAlnum(c) || c == '.' || c == '-' }))
		if strings.IndexByte(t[n+1:m], '.') > 0 {
			return m
		}
	}
	return n
}

// trimEnd leaves out marks that end a sentence rather than a name.
func trimEnd(t string, n int) int {
	for n > 1 && (t[n-1] == '.' || t[n-1] == '-') {
		n--
	}
	return n
}

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func span(t string, ok func(byte) bool) int {
	n := 0
	for n < len(t) && ok(t[n]) {
		n++
	}
	return n
}

// hashtag is the length of a hashtag with its #; a number alone is none.
func hashtag(t string) int {
	n, letters := 1, false
	for n < len(t) {
		r, size := utf8.DecodeRuneInString(t[n:])
		if !inWord(r) && !unicode.IsMark(r) {
			break
		}
		letters = letters || unicode.IsLetter(r)
		n += size
	}
	if !letters || n > 140 {
		return 0
	}
	return n
}

// address is the length of a web address.
func address(t string) int {
	var from int
	switch {
	case hasPrefixFold(t, "https://"):
		from = 8
	case hasPrefixFold(t, "http://"):
		from = 7
	case hasPrefixFold(t, "www."):
		from = 4
	default:
		return 0
	}
	n := from
	for n < len(t) {
		c := t[n]
		if c <= ' ' || strings.IndexByte("<>\"`{}|\\^", c) >= 0 {
			break
		}
		n++
	}
	for n > from && strings.IndexByte(".,;:!?'*_~", t[n-1]) >= 0 {
		n--
	}
	if n > from && t[n-1] == ')' && strings.IndexByte(t[from:n], '(') < 0 {
		n--
	}
	if n == from || !isAlnum(t[from]) && t[from] < utf8.RuneSelf {
		return 0
	}
	return n
}

func hasPrefixFold(t, prefix string) bool {
	return len(t) >= len(prefix) && strings.EqualFold(t[:len(prefix)], prefix)
}
