package linear

import (
	"encoding/binary"
	"math/bits"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText bounds what is read of a text, so that a megabyte costs no more than
// a long letter. What it is about stands at its beginning.
const maxText = 16 << 10

// A token is a word, an emoji, an emoticon or a mark of a text.
type token struct {
	from, to int    // its bytes in Doc.buf
	hash     uint64 // of those bytes
	word     bool   // made of letters or digits: has character n-grams
	negated  bool   // stands shortly after a word such as not
}

// Between two tokens of buf stand an end and a beginning, so that character
// n-grams know where a word begins and ends.
const (
	begins = 0x01
	ends   = 0x02
	spare  = 8 // bytes kept behind buf, so that eight can be read at once
)

const (
	urlToken  = "<url>"
	userToken = "<user>"
)

// tokenize fills d.buf and d.tokens from the text: lower case, runs of a
// letter cut to three, addresses and handles replaced by a mark.
func (d *Doc) tokenize(s string) {
	if len(s) > maxText {
		s = s[:maxText]
	}
	d.buf, d.tokens = d.buf[:0], d.tokens[:0]
	d.upper = 0
	for i := 0; i < len(s); {
		b := s[i]
		switch {
		case b <= ' ':
			i++
		case isAlnum(b) || b == '_':
			if n := addressLen(s[i:]); n > 0 {
				d.mark(urlToken)
				i += n
				continue
			}
			i += d.word(s[i:])
		case b == '@' && i+1 < len(s) && isHandle(s[i+1]):
			d.mark(userToken)
			i += handleLen(s[i:])
		case b == '#' && i+1 < len(s) && (isHandle(s[i+1]) || s[i+1] >= utf8.RuneSelf):
			i++ // the tag counts as its word, and once more as a tag
			n := d.word(s[i:])
			if n > 0 {
				d.tag()
			}
			i += n
		case b == '&':
			if r, n := entity(s[i:]); n > 0 {
				if r == '<' && strings.HasPrefix(s[i+n:], "3") {
					d.mark("<3")
					i += n + 1
					continue
				}
				d.mark(r.text())
				i += n
				continue
			}
			d.mark("&")
			i++
		case b == '\\':
			r, n := escape(s[i:])
			if n == 0 {
				i++ // a stray backslash says nothing
				continue
			}
			if r != '\'' && r != '’' {
				d.symbol(r)
			}
			i += n
		case b == '.' || b == '!' || b == '?':
			j := i
			for j < len(s) && s[j] == b {
				j++
			}
			d.mark(s[i:min(j, i+3)])
			i = j
		case b < utf8.RuneSelf:
			if n := emoticonLen(s[i:]); n > 0 {
				d.mark(s[i : i+n])
				i += n
				continue
			}
			if b != '"' && b != '\'' {
				d.mark(s[i : i+1])
			}
			i++
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				i += d.word(s[i:])
				continue
			}
			d.symbol(r)
			i += n
		}
	}
}

// word adds the word that the text begins with and returns its length there.
func (d *Doc) word(s string) int {
	d.buf = append(d.buf, begins)
	from := len(d.buf)
	i := 0
	for i < len(s) {
		b := s[i]
		if b < utf8.RuneSelf {
			switch {
			case b >= 'A' && b <= 'Z':
				d.upper++
				b += 'a' - 'A'
			case b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '_' || b == '\'' && i > 0:
			case b == '\\' && i > 0 && strings.HasPrefix(s[i:], `\u2019`):
				b = '\''
				i += 5
			default:
				b = 0
			}
			if b == 0 {
				break
			}
			i++
			if n := len(d.buf); n-from >= 3 && d.buf[n-1] == b && d.buf[n-2] == b && d.buf[n-3] == b {
				continue
			}
			d.buf = append(d.buf, b)
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == '’' && i > 0 {
			d.buf = append(d.buf, '\'')
		} else if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && i > 0 && r != variation {
			d.buf = utf8.AppendRune(d.buf, unicode.ToLower(r))
		} else {
			break
		}
		i += size
	}
	for len(d.buf) > from && d.buf[len(d.buf)-1] == '\'' {
		d.buf = d.buf[:len(d.buf)-1]
	}
	if len(d.buf) == from { // nothing but apostrophes
		d.buf = d.buf[:from-1]
		return i
	}
	d.end(from, true)
	return i
}

// tag repeats the last word as a tag of its own.
func (d *Doc) tag() {
	last := d.tokens[len(d.tokens)-1]
	t := last
	t.hash = mix(last.hash ^ '#')
	t.word = false
	d.tokens = append(d.tokens, t)
}

// mark adds a token that is not a word.
func (d *Doc) mark(s string) {
	d.buf = append(d.buf, begins)
	from := len(d.buf)
	for i := 0; i < len(s); i++ {
		b := s[i]
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
		}
		d.buf = append(d.buf, b)
	}
	d.end(from, false)
}

const (
	variation = 0xFE0F
	joiner    = 0x200D
)

// symbol adds an emoji or another sign. Skin tones and joiners are left out,
// and of a row of the same sign three are kept.
func (d *Doc) symbol(r rune) {
	if r == variation || r == joiner || r == utf8.RuneError || r >= 0x1F3FB && r <= 0x1F3FF ||
		unicode.IsSpace(r) || unicode.IsControl(r) || r == '“' || r == '”' || r == '’' || r == '‘' {
		return
	}
	var b [utf8.UTFMax]byte
	n := utf8.EncodeRune(b[:], r)
	d.buf = append(d.buf, begins)
	from := len(d.buf)
	d.buf = append(d.buf, b[:n]...)
	d.end(from, false)
	if n := len(d.tokens); n > 3 && d.tokens[n-2].hash == d.tokens[n-1].hash &&
		d.tokens[n-3].hash == d.tokens[n-1].hash && d.tokens[n-4].hash == d.tokens[n-1].hash {
		d.tokens = d.tokens[:n-1]
		d.buf = d.buf[:from-1]
	}
}

func (d *Doc) end(from int, word bool) {
	to := len(d.buf)
	d.buf = append(d.buf, ends)
	d.tokens = append(d.tokens, token{from: from, to: to, hash: hashBytes(d.buf[from:to]), word: word})
}

func isAlnum(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
}

func isHandle(b byte) bool { return isAlnum(b) || b == '_' }

func addressLen(s string) int {
	if s[0]|0x20 != 'h' && s[0]|0x20 != 'w' {
		return 0
	}
	if !hasFold(s, "http://") && !hasFold(s, "https://") && !hasFold(s, "www.") {
		return 0
	}
	i := 0
	for i < len(s) && s[i] > ' ' {
		i++
	}
	return i
}

func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// handleLen measures @name, @name@host and @name.host.example.
func handleLen(s string) int {
	i := 1
	for i < len(s) && (isHandle(s[i]) || i+1 < len(s) && (s[i] == '.' || s[i] == '-' || s[i] == '@') && isHandle(s[i+1])) {
		i++
	}
	return i
}

// emoticonLen measures a face of ASCII characters, such as :-) or <3.
func emoticonLen(s string) int {
	if strings.HasPrefix(s, "<3") {
		return 2
	}
	if strings.HasPrefix(s, "</3") || strings.HasPrefix(s, "-_-") || strings.HasPrefix(s, "^_^") || strings.HasPrefix(s, ">:(") {
		return 3
	}
	if strings.IndexByte(":;=", s[0]) >= 0 {
		i := 1
		if i < len(s) && strings.IndexByte("-'^", s[i]) >= 0 {
			i++
		}
		if i < len(s) && strings.IndexByte(")(dDpP/|\\]*[oO3$@", s[i]) >= 0 {
			if i+1 < len(s) && isAlnum(s[i]) && isAlnum(s[i+1]) || s[i] == '/' && i+1 < len(s) && s[i+1] == '/' {
				return 0 // 12:30pm, :open, http://
			}
			return i + 1
		}
	}
	if (s[0] == '(' || s[0] == ')') && len(s) > 1 && strings.IndexByte(":;=", s[1]) >= 0 && (len(s) == 2 || s[2] <= ' ') {
		return 2
	}
	return 0
}

// sign is a character that stood written as an entity.
type sign byte

func (r sign) text() string {
	switch r {
	case '<':
		return "<"
	case '>':
		return ">"
	}
	return "&"
}

func entity(s string) (sign, int) {
	for _, e := range [...]struct {
		text string
		is   sign
	}{{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}} {
		if strings.HasPrefix(s, e.text) {
			return e.is, len(e.text)
		}
	}
	return 0, 0
}

// escape reads the \u2019 that texts bear when they were escaped twice.
func escape(s string) (rune, int) {
	if len(s) < 6 || s[1] != 'u' {
		return 0, 0
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	if err != nil {
		return 0, 0
	}
	return rune(n), 6
}

// The hashes below decide which weight a feature finds: to change one is to
// make every trained model useless.

func mix(x uint64) uint64 {
	hi, lo := bits.Mul64(x^0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93)
	return hi ^ lo
}

func hashBytes(b []byte) uint64 {
	h := uint64(len(b)) * 0xA0761D6478BD642F
	for len(b) >= 8 {
		h = mix(h ^ binary.LittleEndian.Uint64(b))
		b = b[8:]
	}
	var tail uint64
	for i, c := range b {
		tail |= uint64(c) << (8 * i)
	}
	return mix(h ^ tail)
}
