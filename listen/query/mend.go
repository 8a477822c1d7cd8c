package query

import (
	"strings"
	"unicode"
)

// Mend returns the query as it was probably meant, when there is one obvious
// way to put right what is wrong with it, and "" when there is none or when
// nothing is wrong. What it returns can be parsed.
func Mend(s string) string {
	const most = 5 // mistakes in one query
	for range most {
		_, err := parse(s)
		if err == nil {
			return ""
		}
		next := mended(s, err.At-1)
		if next == "" {
			return ""
		}
		if _, err := parse(next); err == nil {
			return next
		}
		s = next
	}
	return ""
}

// mended changes one thing at a rune of a query; "" if it does not know what.
func mended(s string, at int) string {
	src := runes(s)
	if at < 0 || at >= len(src) {
		return ""
	}
	from, to := at, at // the piece of text at the mistake
	for from > 0 && !unicode.IsSpace(src[from-1]) && !isOpen(src[from-1]) {
		from--
	}
	for to < len(src) && !unicode.IsSpace(src[to]) && !isClose(src[to]) {
		to++
	}
	piece := string(src[from:to])
	put := func(from, to int, with string) string {
		before, after := strings.TrimRight(string(src[:from]), " "), strings.TrimLeft(string(src[to:]), " ")
		if with == "" {
			return strings.TrimSpace(before + " " + after)
		}
		return strings.TrimSpace(string(src[:from]) + with + string(src[to:]))
	}
	switch r := src[at]; {
	case isOpen(r):
		if at+1 < len(src) && strings.TrimSpace(string(src[at+1:])) != "" && src[at+1] != ')' {
			return strings.TrimRight(s, " ") + ")"
		}
		return put(at, min(at+2, len(src)), "") // nothing in it
	case isQuote(r):
		if strings.TrimSpace(string(src[at+1:])) == "" {
			return put(at, len(src), "")
		}
		return strings.TrimRight(s, " ") + `"`
	case isClose(r), r == '*', r == '~':
		return string(src[:at]) + string(src[at+1:])
	}
	switch piece {
	case "&", "&&", "+":
		return put(from, to, "AND")
	case "|", "||":
		return put(from, to, "OR")
	case "AND", "OR":
		return put(from, to, "")
	case "NOT":
		if rest := strings.TrimSpace(string(src[to:])); rest == "" || isClose([]rune(rest)[0]) {
			return put(from, to, "")
		}
		return "" // a query that only excludes: who knows what it is to find
	}
	switch {
	case piece == "NEAR", piece == "NEAR/":
		return put(from, to, "NEAR/5")
	case strings.HasPrefix(piece, "NEAR/"):
		return ""
	case len(piece) > 1 && (strings.HasPrefix(piece, "-") || strings.HasPrefix(piece, "!")):
		return put(from, to, "NOT "+piece[1:])
	case strings.Trim(piece, "*") == "":
		return put(from, to, "")
	}
	if name, value, ok := strings.Cut(piece, ":"); ok {
		if known := meant(strings.ToLower(name)); known != "" && value != "" {
			return put(from, to, known+":"+value)
		}
	}
	return ""
}

// meant is the field that a name was probably meant for.
func meant(name string) string {
	for known, others := range map[Name]string{
		Lang: "language langauge lan la", From: "author by user frm form handle", Channel: "chanel network source site on", Place: "location near plac branch city",
	} {
		for o := range strings.FieldsSeq(others) {
			if o == name {
				return string(known)
			}
		}
	}
	return ""
}
