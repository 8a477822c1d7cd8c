package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText bounds what is read of a text: a language shows early.
const maxText = 4096

// clean is what is left of a text when addresses, handles, numbers, marks and
// emoji are gone: its words in lower case, a space before each.
type clean struct {
	buf     []byte
	starts  []int // where the words begin in buf
	letters int
	scripts [scriptCount]int // letters of each script that is looked at
}

func (c *clean) word(i int) []byte {
	end := len(c.buf)
	if i+1 < len(c.starts) {
		end = c.starts[i+1] - 1
	}
	return c.buf[c.starts[i]:end]
}

func (c *clean) read(text string) {
	c.buf, c.starts, c.letters = c.buf[:0], c.starts[:0], 0
	c.scripts = [scriptCount]int{}
	if len(text) > maxText {
		text = text[:maxText]
	}
	for i := 0; i < len(text); {
		if text[i] <= ' ' {
			i++
			continue
		}
		j := i + 1
		for j < len(text) && text[j] > ' ' {
			j++
		}
		c.chunk(text[i:j])
		i = j
	}
}

// chunk adds the words of what stands between two spaces.
func (c *clean) chunk(s string) {
	if isAddress(s) {
		return
	}
	inside := false
	for i := 0; i < len(s); {
		b := s[i]
		if b == '@' && i+1 < len(s) && isWordByte(s[i+1]) { // a handle, with or without its host
			for i++; i < len(s) && (isWordByte(s[i]) || s[i] == '.' || s[i] == '-' || s[i] == '@'); i++ {
			}
			inside = false
			continue
		}
		if b == '&' { // &amp; and its like
			if end := strings.IndexByte(s[i:], ';'); end > 1 && end <= 6 {
				i += end + 1
				inside = false
				continue
			}
		}
		if b < utf8.RuneSelf {
			i++
			switch {
			case b >= 'a' && b <= 'z':
			case b >= 'A' && b <= 'Z':
				b += 'a' - 'A'
			case b == '\'' && inside && i < len(s) && isLetterByte(s[i]):
				c.buf = append(c.buf, b)
				continue
			default:
				inside = false
				continue
			}
			if !inside {
				c.begin()
				inside = true
			}
			c.letters++
			c.buf = append(c.buf, b)
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case r == '’' && inside:
			c.buf = append(c.buf, '\'')
			continue
		case unicode.IsLetter(r):
			c.letters++
			if s := scriptOf(r); s != otherScript {
				c.scripts[s]++
			}
			r = unicode.ToLower(r)
		case unicode.IsMark(r) && inside && r != 0xFE0F:
		default:
			inside = false
			continue
		}
		if !inside {
			c.begin()
			inside = true
		}
		c.buf = utf8.AppendRune(c.buf, r)
	}
}

func (c *clean) begin() {
	c.buf = append(c.buf, ' ')
	c.starts = append(c.starts, len(c.buf))
}

func isAddress(s string) bool {
	if len(s) < 4 {
		return false
	}
	if strings.Contains(s, "://") || strings.EqualFold(s[:4], "www.") {
		return true
	}
	// me@example.org; a handle begins with the sign and is taken care of later
	at := strings.IndexByte(s, '@')
	return at > 0 && isWordByte(s[at-1]) && strings.IndexByte(s[at:], '.') > 1
}

func isLetterByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= utf8.RuneSelf
}

func isWordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_'
}

// Scripts that only one language of wide use is written in. The script alone
// is then the better witness for a short text.
const (
	otherScript = iota
	hangul
	kana
	thai
	greek
	hebrew
	georgian
	armenian
	khmer
	lao
	myanmar
	tamil
	telugu
	kannada
	malayalam
	gujarati
	gurmukhi
	sinhala
	han
	scriptCount
)

// scriptTag is the language of each script. Han is not in it: Japanese and
// Cantonese use it too, so that the model decides.
var scriptTag = [scriptCount]string{
	hangul: "ko", kana: "ja", thai: "th", greek: "el", hebrew: "he", georgian: "ka", armenian: "hy", khmer: "km", lao: "lo",
	myanmar: "my", tamil: "ta", telugu: "te", kannada: "kn", malayalam: "ml", gujarati: "gu", gurmukhi: "pa", sinhala: "si",
}

func scriptOf(r rune) int {
	switch {
	case r < 0x370:
		return otherScript
	case r < 0x400 || r >= 0x1F00 && r < 0x2000:
		return greek
	case r >= 0x531 && r < 0x590:
		return armenian
	case r >= 0x5D0 && r < 0x600:
		return hebrew
	case r >= 0xA00 && r < 0xA80:
		return gurmukhi
	case r >= 0xA80 && r < 0xB00:
		return gujarati
	case r >= 0xB80 && r < 0xC00:
		return tamil
	case r >= 0xC00 && r < 0xC80:
		return telugu
	case r >= 0xC80 && r < 0xD00:
		return kannada
	case r >= 0xD00 && r < 0xD80:
		return malayalam
	case r >= 0xD80 && r < 0xE00:
		return sinhala
	case r >= 0xE00 && r < 0xE80:
		return thai
	case r >= 0xE80 && r < 0xF00:
		return lao
	case r >= 0x1000 && r < 0x10A0:
		return myanmar
	case r >= 0x10A0 && r < 0x1100:
		return georgian
	case r >= 0x1780 && r < 0x1800:
		return khmer
	case r >= 0x3041 && r < 0x3100:
		return kana
	case r >= 0x4E00 && r < 0xA000:
		return han
	case r >= 0x1100 && r < 0x1200 || r >= 0xAC00 && r < 0xD7B0:
		return hangul
	}
	return otherScript
}
