package query

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/parley-crm/parley/social"
)

// TokenKind is what a piece of a query is.
type TokenKind string

// The kinds of token.
const (
	TokenWord   TokenKind = "word"
	TokenPhrase TokenKind = "phrase"
	TokenField  TokenKind = "field"
	TokenAnd    TokenKind = "and"
	TokenOr     TokenKind = "or"
	TokenNot    TokenKind = "not"
	TokenNear   TokenKind = "near"
	TokenOpen   TokenKind = "open"
	TokenClose  TokenKind = "close"
	TokenBad    TokenKind = "bad" // cannot be read; Trouble says why
)

// A Token is a piece of a query with its place, for an editor that colours.
type Token struct {
	Kind    TokenKind `json:"kind"`
	Start   int       `json:"start"` // first rune, from 0
	End     int       `json:"end"`   // one past the last rune
	Text    string    `json:"text"`
	Trouble string    `json:"trouble,omitempty"`
}

// Tokens takes a query apart as far as it can be read, broken ones too. Past
// [MaxRunes] nothing is read.
func Tokens(s string) []Token {
	src := runes(s)
	lexes := lex(src)
	out := make([]Token, 0, len(lexes))
	for _, l := range lexes {
		t := Token{Kind: l.kind, Start: l.start, End: l.end, Text: string(src[l.start:l.end])}
		if l.err != nil {
			t.Trouble = l.err.Text
		}
		out = append(out, t)
	}
	return out
}

// runes returns as much of a query as may be read.
func runes(s string) []rune {
	if len(s) > 4*MaxRunes {
		s = s[:4*MaxRunes]
	}
	r := []rune(s)
	return r[:min(len(r), MaxRunes)]
}

// lexeme is a token with what the parser needs of it.
type lexeme struct {
	kind       TokenKind
	start, end int
	terms      []Term        // of words and phrases
	near       int           // the n of NEAR/n
	name       Name          // of fields
	value      string        // of fields, folded
	err        *social.Error // of bad ones
}

type lexer struct {
	src []rune
	out []lexeme
}

func lex(src []rune) []lexeme {
	l := lexer{src: src}
	for i := 0; i < len(src); {
		switch r := src[i]; {
		case blank(r):
			i++
		case isOpen(r):
			i = l.emit(lexeme{kind: TokenOpen, start: i, end: i + 1})
		case isClose(r):
			i = l.emit(lexeme{kind: TokenClose, start: i, end: i + 1})
		case isQuote(r):
			i = l.phrase(i)
		default:
			i = l.chunk(i)
		}
	}
	return l.out
}

func (l *lexer) emit(x lexeme) int {
	l.out = append(l.out, x)
	return x.end
}

// bad emits a token that cannot be read.
func (l *lexer) bad(start, end int, err *social.Error) int {
	return l.emit(lexeme{kind: TokenBad, start: start, end: end, err: err})
}

func blank(r rune) bool   { return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' }
func isOpen(r rune) bool  { return r == '(' || r == '（' }
func isClose(r rune) bool { return r == ')' || r == '）' }

// isQuote knows the quotes that keyboards and editors put for a straight one.
func isQuote(r rune) bool {
	switch r {
	case '"', '“', '”', '„', '‟', '«', '»', '＂':
		return true
	}
	return false
}

// quoted returns where the quote that opens at i closes, or -1.
func (l *lexer) quoted(i int) int {
	for j := i + 1; j < len(l.src); j++ {
		if isQuote(l.src[j]) {
			return j
		}
	}
	return -1
}

// phrase reads "…".
func (l *lexer) phrase(i int) int {
	j := l.quoted(i)
	if j < 0 {
		return l.bad(i, len(l.src), fault(i, "This quote is never closed; put another \" at the end of the phrase."))
	}
	end := j + 1
	if end < len(l.src) && l.src[end] == '*' {
		return l.bad(i, end+1, fault(end, "A * goes at the end of a word, inside the quotes: \"hot kettl*\"."))
	}
	terms, err := readTerms(l.src, i+1, j)
	if err != nil {
		return l.bad(i, end, err)
	}
	if len(terms) == 0 {
		return l.bad(i, end, fault(i, "There is no word between these quotes; write one or take them away."))
	}
	return l.emit(lexeme{kind: TokenPhrase, start: i, end: end, terms: terms})
}

// chunk reads what stands up to the next space, quote or parenthesis.
func (l *lexer) chunk(i int) int {
	end := i
	for end < len(l.src) && !blank(l.src[end]) && !isQuote(l.src[end]) && !isOpen(l.src[end]) && !isClose(l.src[end]) {
		end++
	}
	text := string(l.src[i:end])
	switch text {
	case "AND":
		return l.emit(lexeme{kind: TokenAnd, start: i, end: end})
	case "OR":
		return l.emit(lexeme{kind: TokenOr, start: i, end: end})
	case "NOT":
		return l.emit(lexeme{kind: TokenNot, start: i, end: end})
	case "NEAR":
		return l.bad(i, end, fault(i, "NEAR needs a number: NEAR/5 allows at most five words between."))
	}
	if rest, ok := strings.CutPrefix(text, "NEAR/"); ok {
		return l.near(i, end, rest)
	}
	if name, colon := l.fieldName(i, end); colon > 0 {
		return l.field(i, colon, end, name)
	}
	if err := l.foreign(i, end, text); err != nil {
		return l.bad(i, end, err)
	}
	terms, err := readTerms(l.src, i, end)
	if err != nil {
		return l.bad(i, end, err)
	}
	if len(terms) == 0 {
		return l.bad(i, end, noWord(i, text))
	}
	return l.emit(lexeme{kind: TokenWord, start: i, end: end, terms: terms})
}

// near reads the number of NEAR/n.
func (l *lexer) near(i, end int, digits string) int {
	n := 0
	for _, r := range digits {
		if r < '0' || r > '9' {
			return l.bad(i, end, fault(i+5, "NEAR needs a whole number after the stroke, such as NEAR/5, and then a space."))
		}
		n = min(n*10+int(r-'0'), MaxNear+1)
	}
	if digits == "" {
		return l.bad(i, end, fault(i, "NEAR needs a number after the stroke: NEAR/5 allows at most five words between."))
	}
	if n > MaxNear {
		return l.bad(i, end, fault(i+5, "NEAR reaches at most %d words; take a smaller number, or AND to find both anywhere.", MaxNear))
	}
	return l.emit(lexeme{kind: TokenNear, start: i, end: end, near: n})
}

// foreign catches what other query languages write and this one does not.
func (l *lexer) foreign(i, end int, text string) *social.Error {
	switch text {
	case "&", "&&", "+":
		return fault(i, "“%s” does not join words here; write AND, or just put the words side by side.", text)
	case "|", "||":
		return fault(i, "“%s” does not join words here; write OR.", text)
	}
	if r := l.src[i]; r == '-' || r == '!' || r == '−' {
		touches := end < len(l.src) && (isQuote(l.src[end]) || isOpen(l.src[end]))
		if end > i+1 && wordish(l.src[i+1]) {
			return fault(i, "To leave a word out, write NOT %s.", cut(string(l.src[i+1:end])))
		}
		if end == i+1 && touches {
			return fault(i, "To leave something out, write NOT before it.")
		}
	}
	return nil
}

func wordish(r rune) bool { return r == '#' || r == '@' || lookup(r).class.word() }

// readTerms reads the words of src[from:to] as they would be read in a text.
func readTerms(src []rune, from, to int) ([]Term, *social.Error) {
	text := string(src[from:to])
	stars := 0
	for i := from; i < to; i++ {
		if src[i] == '*' {
			stars++
			if err := checkStar(src, from, i, to); err != nil {
				return nil, err
			}
		}
	}
	d := NewDoc(text, "", "")
	if len(d.toks) > MaxPhrase {
		return nil, fault(from, "This phrase has %d words; at most %d can stand together. Join shorter ones with AND.", len(d.toks), MaxPhrase)
	}
	terms := make([]Term, 0, len(d.toks))
	for i := range d.toks {
		k := &d.toks[i]
		t := Term{Text: string(d.word0(int32(i))), Sigil: k.sigil, Emoji: k.emoji, hash: k.hash}
		t.solo = !k.emoji && isSolo(t.Text)
		t.Prefix = stars > 0 && int(k.end) < len(text) && text[k.end] == '*' && !t.solo
		korean := isKorean(t.Text)
		t.bare = korean && !t.Prefix && isBare(t.Text)
		t.Forms = !k.emoji && !t.solo && !korean && tilde(text[:k.start])
		if t.Forms && t.Prefix {
			at := from + utf8.RuneCountInString(text[:k.start]) - 1
			return nil, fault(at, "A word has either a ~ for its forms or a * for whatever follows; take one away.")
		}
		terms = append(terms, t)
	}
	return terms, nil
}

// tilde tells whether a text ends with the sign for all forms of a word.
func tilde(s string) bool { return strings.HasSuffix(s, "~") || strings.HasSuffix(s, "～") }

func isKorean(s string) bool {
	for _, r := range s {
		return lookup(r).class == hangul
	}
	return false
}

func isSolo(s string) bool {
	for _, r := range s {
		return lookup(r).class == solo
	}
	return false
}

// checkStar tells what is wrong with the * at i, if anything is.
func checkStar(src []rune, from, i, to int) *social.Error {
	before, after := parts, parts
	if i > from {
		before = lookup(src[i-1]).class
	}
	if i+1 < to {
		after = lookup(src[i+1]).class
	}
	switch {
	case before == emoji:
		return fault(i, "A * cannot follow an emoji; take it away.")
	case after.word() && (before.word() || before == mark):
		return fault(i, "A * can only end a word, not stand inside it; write the beginning alone, such as %s*.", cut(wordBefore(src, from, i)))
	case after.word():
		return fault(i, "A * can only end a word, not begin it; write the beginning of the word, such as kettl*.")
	case !before.word() && before != mark:
		return fault(i, "A * needs the beginning of a word right before it, such as kettl*.")
	}
	return nil
}

func wordBefore(src []rune, from, i int) string {
	j := i
	for j > from && (lookup(src[j-1]).class.word() || lookup(src[j-1]).class == mark) {
		j--
	}
	return string(src[j:i])
}
