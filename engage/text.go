package engage

import (
	"strings"
	"unicode"
)

// Clean makes a text fit to be kept: whole UTF-8 without NUL.
func Clean(s string) string { return clean(s) }

func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// short is a text on one line, cut between words to at most n runes.
func short(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	cut := n - 1
	for i := cut; i > n*2/3; i-- {
		if unicode.IsSpace(r[i]) {
			cut = i
			break
		}
	}
	return strings.TrimRightFunc(string(r[:cut]), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }) + "…"
}

// subject is what a conversation that began with these words is called.
func subject(title, text string) string {
	if title = short(title, 120); title != "" {
		return title
	}
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if s := short(line, 120); s != "" {
		return s
	}
	return "Without words"
}

// same reports whether two texts are one, as a network may have changed it:
// spaces, and the handles that some networks put in front.
func same(a, b string) bool {
	a, b = bare(a), bare(b)
	return a != "" && a == b
}

func bare(s string) string {
	words := strings.Fields(s)
	for len(words) > 0 && strings.HasPrefix(words[0], "@") {
		words = words[1:]
	}
	return strings.Join(words, "")
}
