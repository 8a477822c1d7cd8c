package dirty

import (
	"strings"
	"unicode"
)

// confused are letters that scanners take for one another, and sounds that
// ears do.
var (
	misread  = []string{"o", "0", "l", "1", "i", "l", "rn", "m", "m", "rn", "s", "5", "b", "6", "g", "9", "e", "c", "u", "v", "cl", "d", "h", "n", "1", "7", "0", "8", "3", "8", "5", "6"}
	misheard = []string{"ph", "f", "f", "ph", "ck", "k", "c", "k", "k", "ck", "ie", "y", "y", "ie", "s", "z", "z", "s", "ee", "ea", "ea", "ee", "mm", "m", "n", "nn", "tt", "t", "l", "ll", "th", "t", "sh", "ch", "v", "w", "ai", "ay", "ou", "u", "er", "ar", "an", "en"}
	rows     = []string{"qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890"}
)

// typo makes one error.
func (w *world) typo(s string) string {
	if len(s) < 2 {
		return s
	}
	if strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) >= 0 {
		return w.slip(s)
	}
	switch x := w.r.IntN(10); {
	case x < 2:
		if t, ok := w.confuse(s, misread); ok {
			return t
		}
	case x < 4:
		if t, ok := w.confuse(s, misheard); ok {
			return t
		}
	}
	b := []byte(s)
	i := w.r.IntN(len(b))
	if i == 0 && w.chance(.6) {
		i = 1 + w.r.IntN(len(b)-1)
	}
	digit := b[i] >= '0' && b[i] <= '9'
	switch x := w.r.IntN(100); {
	case x < 40: // another letter
		b[i] = w.neighbour(b[i])
	case x < 60 && !digit:
		b = append(b[:i], b[i+1:]...)
	case x < 75 && !digit:
		b = append(b[:i], append([]byte{w.neighbour(b[i])}, b[i:]...)...)
	case x < 92:
		if i == len(b)-1 {
			i--
		}
		b[i], b[i+1] = b[i+1], b[i]
	case x < 96 && !digit:
		b = append(b[:i], append([]byte{' '}, b[i:]...)...)
	default:
		if words := strings.Fields(s); len(words) > 1 {
			words[0], words[len(words)-1] = words[len(words)-1], words[0]
			return strings.Join(words, " ")
		}
		b[i] = w.neighbour(b[i])
	}
	return string(b)
}

func (w *world) neighbour(c byte) byte {
	for _, row := range rows {
		if at := strings.IndexByte(row, c); at >= 0 {
			if w.chance(.4) {
				return row[w.r.IntN(len(row))]
			}
			if at == 0 || (at < len(row)-1 && w.chance(.5)) {
				return row[at+1]
			}
			return row[at-1]
		}
	}
	return 'a' + byte(w.r.IntN(26))
}

func (w *world) confuse(s string, pairs []string) (string, bool) {
	from := w.r.IntN(len(pairs) / 2)
	for i := range len(pairs) / 2 {
		j := (from + i) % (len(pairs) / 2) * 2
		if at := strings.Index(s, pairs[j]); at >= 0 {
			return s[:at] + pairs[j+1] + s[at+len(pairs[j]):], true
		}
	}
	return s, false
}
