package place

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// letters that Unicode does not take apart.
var letters = strings.NewReplacer("ß", "ss", "ł", "l", "ø", "o", "đ", "d", "æ", "ae", "œ", "oe", "ı", "i", "þ", "th", "ð", "d")

// fold makes names comparable: small letters without marks, words of letters
// and digits with one space between.
func fold(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(letters.Replace(strings.ToLower(strings.ToValidUTF8(s, "")))) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return norm.NFC.String(b.String())
}

// word is a word of a text as it stands there.
type word struct {
	text  string // folded
	upper bool   // begins with a capital
	caps  bool   // all of it capitals, more than one
	sign  byte   // '#' or '@' before it
	comma bool   // a comma follows
	stop  bool   // a sentence ends behind it
	from  int    // bytes in the text
	to    int
}

// most is how much of a text is read for places.
const most = 8 << 10

// split cuts a text into words. It reads the first 8 KiB.
func split(text string) []word {
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "")
	}
	var out []word
	start, letters, capitals := -1, 0, 0
	var upper bool
	var sign byte
	end := func(i int) {
		if start < 0 {
			return
		}
		out = append(out, word{text: fold(text[start:i]), upper: upper, caps: letters > 1 && capitals == letters, sign: sign, from: start, to: i})
		start, sign = -1, 0
	}
	for i, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) || (start >= 0 && (r == '\'' || r == '’')):
			if start < 0 {
				start, letters, capitals, upper = i, 0, 0, unicode.IsUpper(r)
			}
			if unicode.IsLetter(r) {
				letters++
				if unicode.IsUpper(r) {
					capitals++
				}
			}
		default:
			end(i)
			switch r {
			case '#', '@':
				sign = byte(r)
				continue
			case ',':
				if len(out) > 0 && out[len(out)-1].to == i {
					out[len(out)-1].comma = true
				}
			case '.', '!', '?', '\n', ';', ':', '(', ')':
				if len(out) > 0 {
					out[len(out)-1].stop = true
				}
			}
			sign = 0
		}
	}
	end(len(text))
	return out
}
