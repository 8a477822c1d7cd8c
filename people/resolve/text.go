package resolve

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// longest is how many bytes of a field are looked at.
const longest = 200

// fold writes a value in small letters without accents; what is no letter or
// digit becomes one space.
func fold(s string) string {
	s = cut(s, longest)
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			plain = false
			break
		}
	}
	if !plain {
		s = norm.NFKD.String(valid(s))
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case r == '\'' || r == '’' || r == '`':
			continue // O'Brien is obrien
		case unicode.Is(unicode.Mn, r):
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		switch r = unicode.ToLower(r); r {
		case 'ß':
			b.WriteString("ss")
		case 'æ':
			b.WriteString("ae")
		case 'œ':
			b.WriteString("oe")
		case 'ø':
			b.WriteByte('o')
		case 'đ', 'ð':
			b.WriteByte('d')
		case 'ł':
			b.WriteByte('l')
		case 'þ':
			b.WriteString("th")
		case 'ı':
			b.WriteByte('i')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// valid takes what is not UTF-8 for Latin-1, in which old systems write.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

// cut takes the first n bytes, at the end of a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// word is a value made ready to be compared.
type word struct {
	text   string   // folded
	runes  []rune   // without spaces, at most 64
	tokens []string // nil for a single one
	mask   uint64   // which characters it holds
	sound  string
	stem   int32 // of an account
}

func newWord(text string) word {
	w := word{text: text}
	if strings.Contains(text, " ") {
		w.tokens = strings.Fields(text)
	}
	for _, r := range text {
		if r == ' ' {
			continue
		}
		if len(w.runes) == 64 {
			break
		}
		w.runes = append(w.runes, r)
		w.mask |= 1 << (uint32(r) % 61)
	}
	return w
}

// alike is Jaro and Winkler's likeness, from 0 to 1.
func alike(a, b []rune) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	within := max(len(b)/2-1, 0)
	var usedA, usedB uint64
	common := 0
	for i, r := range a {
		for j := max(0, i-within); j <= min(len(b)-1, i+within); j++ {
			if usedB&(1<<j) == 0 && b[j] == r {
				usedA |= 1 << i
				usedB |= 1 << j
				common++
				break
			}
		}
	}
	if common == 0 {
		return 0
	}
	moved, j := 0, 0
	for i := range a {
		if usedA&(1<<i) == 0 {
			continue
		}
		for usedB&(1<<j) == 0 {
			j++
		}
		if a[i] != b[j] {
			moved++
		}
		j++
	}
	m := float64(common)
	jaro := (m/float64(len(a)) + m/float64(len(b)) + (m-float64(moved/2))/m) / 3
	start := 0
	for start < min(4, len(a)) && a[start] == b[start] {
		start++
	}
	return jaro + 0.1*float64(start)*(1-jaro)
}

// mayBeAlike is a cheap test that most unlike words fail.
func mayBeAlike(a, b *word) bool {
	return 2*bits.OnesCount64(a.mask&b.mask) >= bits.OnesCount64(a.mask|b.mask)-1
}

// edits counts insertions, deletions, substitutions and swaps of neighbours
// between two words, up to most; beyond that it returns most+1.
func edits(a, b []rune, most int) int {
	if d := len(a) - len(b); d > most || -d > most {
		return most + 1
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) == 0 || len(b) == 0 {
		return min(max(len(a), len(b)), most+1)
	}
	var rows [3][65]int
	before, last, now := &rows[0], &rows[1], &rows[2]
	for j := 0; j <= len(b); j++ {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			now[j] = d
			least = min(least, d)
		}
		if least > most {
			return most + 1
		}
		before, last, now = last, now, before
	}
	return min(last[len(b)], most+1)
}

// sound writes a word as it is heard, roughly: letters that are confused
// become one, vowels after the first are left out.
func sound(text string) string {
	if len(text) > 0 && text[0] >= utf8.RuneSelf {
		return cut(text, 12) // not in Latin letters
	}
	s := sounds.Replace(strings.ReplaceAll(text, " ", ""))
	var out [6]byte
	n := 0
	var last byte
	for i := 0; i < len(s) && n < len(out); i++ {
		c := s[i]
		switch c {
		case 'a', 'e', 'i', 'o', 'u', 'y':
			if i == 0 {
				out[n] = 'a'
				n++
			}
			last = 0
			continue
		case 'h', 'w':
			if i > 0 {
				continue
			}
		case 'c', 'q':
			c = 'k'
		case 'z', 'x':
			c = 's'
		case 'v':
			c = 'f'
		case 'd':
			c = 't'
		case 'b':
			c = 'p'
		case 'j':
			c = 'g'
		case 'm':
			c = 'n'
		}
		if c == last || c >= utf8.RuneSelf {
			continue
		}
		last = c
		out[n] = c
		n++
	}
	return string(out[:n])
}

var sounds = strings.NewReplacer(
	"sch", "s", "tch", "k", "ch", "k", "sh", "s", "ph", "f", "ck", "k", "kn", "n", "gn", "n", "wr", "r", "ght", "t", "gh", "g",
	"ce", "se", "ci", "si", "cy", "si", "dge", "ge", "ts", "s", "tz", "s", "mb", "m", "th", "t")
