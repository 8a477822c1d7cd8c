package evidence

import (
	"regexp"
	"strings"
	"unicode"
)

// number is what may be a telephone number, and what the words before it say.
type number struct {
	digits string // with + in front where it was written so
	label  string // phone, elsewhere, or ""
	alone  bool   // nothing else stands in the line
}

// What words before a number say of it.
const (
	phone     = "phone"
	elsewhere = "elsewhere" // a fax, a switchboard, a desk
)

var (
	numberIn = regexp.MustCompile(`(\+|\b00)?[0-9(][0-9 ()/.\-]{5,24}[0-9]`)
	trunk    = regexp.MustCompile(`\(\s*0\s*\)`)
	// The end of a number that leads to a company's switchboard: 1234-0.
	switchboard = regexp.MustCompile(`[0-9]{3} ?- ?0{1,2}$`)
)

// numbers finds numbers in a line that have as many digits as a telephone's.
func numbers(line string) (out []number) {
	end := 0
	for _, at := range numberIn.FindAllStringIndex(line, 12) {
		text, before := line[at[0]:at[1]], line[end:at[0]]
		end = at[1]
		if after := line[at[1]:]; after != "" && (after[0] == '@' || after[0] == '_' || after[0] == ':' || letter(after[0]) && after[0] != 'x') {
			continue // a part of something else
		}
		if before != "" {
			if last := before[len(before)-1]; last == '/' || last == '_' || last == '@' || last == '#' || last == '=' || letter(last) && !oneLetter(before) {
				continue
			}
		}
		international := strings.HasPrefix(text, "+") || strings.HasPrefix(text, "00")
		if international {
			text = trunk.ReplaceAllString(text, "")
		}
		n := number{label: labelOf(before)}
		for _, r := range text {
			if r >= '0' && r <= '9' {
				n.digits += string(r)
			}
		}
		if len(n.digits) < 8 || len(n.digits) > 15 {
			continue
		}
		if strings.HasPrefix(text, "+") {
			n.digits = "+" + n.digits
		} else if international {
			n.digits = "+" + n.digits[2:]
		}
		if switchboard.MatchString(text) {
			n.label = elsewhere
		}
		n.alone = n.label == "" && len(n.digits) >= 9 && (text[0] == '+' || text[0] == '0' || text[0] == '(') &&
			strings.IndexFunc(line[:at[0]]+line[at[1]:], func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0
		out = append(out, n)
	}
	return out
}

func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// oneLetter reports whether a label is a letter that stands right before its
// number, as in T+49 30 1234567.
func oneLetter(before string) bool {
	w := split(before[max(0, len(before)-mostLabel):])
	return len(w) > 0 && len(w[len(w)-1]) == 1
}

// mostLabel is how many bytes before a number are looked at.
const mostLabel = 80

// labelOf says what the last words before a number make of it.
func labelOf(before string) string {
	if len(before) > mostLabel {
		before = before[len(before)-mostLabel:]
	}
	low := strings.ToLower(strings.ToValidUTF8(before, ""))
	for _, sign := range signs {
		if i := strings.LastIndex(low, sign.text); i >= 0 && len(low)-i <= len(sign.text)+24 {
			return sign.means
		}
	}
	words := split(low)
	if n := len(words); n > 4 {
		words = words[n-4:]
	}
	found := ""
	for i, w := range words {
		last := i == len(words)-1
		switch {
		case shared[w]:
			return elsewhere
		case phones[w], begins(w), last && len(words) <= 2 && strings.Contains("tmpchd", w) && len(w) == 1:
			found = phone
		case found == "" && (faxes[w] || last && w == "f"):
			found = elsewhere
		}
	}
	return found
}

// begins reports whether a word is made of one that says telephone.
func begins(w string) bool {
	for _, p := range beginnings {
		if strings.HasPrefix(w, p) {
			return true
		}
	}
	return false
}

// split parts words at what is no letter.
func split(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) })
}
