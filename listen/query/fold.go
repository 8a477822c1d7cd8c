package query

import (
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// class is what a rune does when a text is cut into words.
type class uint8

const (
	parts  class = iota // parts words
	letter              // part of a word
	hangul              // part of a Korean word
	solo                // a sign of a script without spaces: a word of its own
	emoji               // a token, not a word
	mark                // belongs to the rune before it
	skip                // invisible; as if it were not there
	joins               // an underscore: part of a word between two letters
)

func (c class) word() bool { return c == letter || c == hangul || c == solo }

// folded is what is known of a rune: its class, and how it is written when
// letter case and accents do not matter.
type folded struct {
	out   string
	class class
	whole bool // the token that has it must be composed (NFC) at its end
}

type page [256]folded

// pages remembers look, block by block.
var pages [(unicode.MaxRune + 1) / 256]atomic.Pointer[page]

// lookup returns what is known of r, which must be a valid rune.
func lookup(r rune) *folded {
	p := pages[r>>8].Load()
	if p == nil {
		p = new(page)
		for i := range p {
			p[i] = look(r&^0xff | rune(i))
		}
		pages[r>>8].Store(p)
	}
	return &p[r&0xff]
}

// unspaced are the scripts that put no spaces between words.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// accented are the scripts whose marks are accents or points; elsewhere marks
// are letters.
var accented = []*unicode.RangeTable{
	unicode.Inherited, unicode.Latin, unicode.Greek, unicode.Cyrillic,
	unicode.Hebrew, unicode.Arabic, unicode.Syriac,
}

const (
	voiced     = '\u3099' // the Japanese mark that makes か into が
	halfVoiced = '\u309a'
)

// classify gives the class of a rune.
func classify(r rune) class {
	switch {
	case r == '_':
		return joins
	case r == '\u200b': // the zero width space is a space
		return parts
	case r == '\uff9e', r == '\uff9f': // half-width voiced marks
		return mark
	case r == '\u0640', unicode.Is(unicode.Cf, r): // tatweel; soft hyphens, joiners, directions
		return skip
	case unicode.IsMark(r):
		return mark
	case r == '\u30fc', r == '\uff70': // the Japanese long vowel
		return solo
	case unicode.IsLetter(r), unicode.Is(unicode.Nl, r):
		if unicode.Is(unicode.Hangul, r) {
			return hangul
		}
		if unicode.In(r, unspaced...) {
			return solo
		}
		return letter
	case unicode.IsNumber(r):
		return letter
	case isEmoji(r):
		return emoji
	}
	return parts
}

// isEmoji tells pictures from the symbols that merely part words (™, °, boxes,
// Braille, enclosed CJK, the mark of broken bytes).
func isEmoji(r rune) bool {
	switch {
	case r >= 0x1f3fb && r <= 0x1f3ff: // skin tones
		return true
	case r < 0x2190, r >= 0x2500 && r <= 0x259f, r >= 0x2800 && r <= 0x28ff,
		r >= 0x2e80 && r <= 0xffff:
		return false
	}
	return unicode.Is(unicode.So, r)
}

// strokes are letters whose accent Unicode does not take apart.
var strokes = strings.NewReplacer(
	"ø", "o", "ł", "l", "đ", "d", "ħ", "h", "ŧ", "t", "ı", "i", "ƶ", "z", "æ", "ae", "œ", "oe",
)

// look works out what lookup remembers.
func look(r rune) folded {
	f := folded{class: classify(r)}
	if !utf8.ValidRune(r) {
		return folded{class: parts}
	}
	f.out = string(r)
	switch f.class {
	case parts, joins, emoji:
		return f
	case skip:
		f.out = ""
		return f
	}
	s := strip(norm.NFKD.String(f.out))
	s = strip(norm.NFKD.String(strings.ToLower(cases.Fold().String(s)))) // Cherokee folds to capitals
	s = norm.NFC.String(strokes.Replace(s))
	if f.class == mark {
		f.out, f.whole = s, s != ""
		return f
	}
	for i, o := range s {
		if c := classify(o); i == 0 && c != f.class || i > 0 && c != mark && (c != f.class || c == solo) {
			return f // ½, ㍿ and the like stay as they are
		}
	}
	if s != "" {
		f.out = s
	}
	f.whole = f.class == hangul && !(r >= 0xac00 && r <= 0xd7a3)
	return f
}

// strip drops the marks that are accents.
func strip(s string) string {
	return strings.Map(func(r rune) rune {
		if r != voiced && r != halfVoiced && unicode.IsMark(r) && unicode.In(r, accented...) {
			return -1
		}
		return r
	}, s)
}

// foldName is how names of channels and handles are compared: letter case and
// accents folded, spaces evened out, everything else as it is.
func foldName(s string) string {
	if isFolded(s) {
		return s
	}
	var b strings.Builder
	whole := false
	for i, f := range strings.Fields(strings.ToValidUTF8(s, "")) {
		if i > 0 {
			b.WriteByte(' ')
		}
		for _, r := range f {
			k := lookup(r)
			b.WriteString(k.out)
			whole = whole || k.whole
		}
	}
	if whole {
		return norm.NFC.String(b.String())
	}
	return b.String()
}

// isFolded knows names that need no work: most of them.
func isFolded(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			return false
		}
	}
	return true
}

// foldHandle is foldName without the @ in front.
func foldHandle(s string) string { return foldName(strings.TrimLeft(strings.TrimSpace(s), "@＠")) }

// foldLang writes a language tag as it is compared; no tag is und.
func foldLang(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return "und"
	}
	return strings.ReplaceAll(strings.ToLower(s), "_", "-")
}
