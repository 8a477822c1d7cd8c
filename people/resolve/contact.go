package resolve

import (
	"regexp"
	"strings"
)

// Contact is a way to reach somebody, folded so that two ways of writing it
// are one.
type Contact struct {
	Kind  string // email, phone or handle
	Value string
}

// Email, Phone and Handle fold a value; the second result says whether it is
// one. Of a telephone number the last nine digits count.
func Email(s string) (Contact, bool) { v := foldEmail(s); return Contact{"email", v}, v != "" }

// Phone folds a telephone number.
func Phone(s string) (Contact, bool) {
	v := strings.TrimPrefix(foldPhone(s, ""), "+")
	if len(v) > 9 {
		v = v[len(v)-9:]
	}
	return Contact{"phone", v}, len(v) >= 7
}

// Handle folds the name of an account, without the server that it is on.
func Handle(s string) (Contact, bool) {
	v := foldHandle(s)
	if at := strings.IndexByte(v, '@'); at > 0 {
		v = v[:at]
	} else if dot := strings.IndexByte(v, '.'); dot > 0 && strings.Count(v, ".") > 1 {
		v = v[:dot] // maya.bsky.social
	}
	return Contact{"handle", v}, len([]rune(v)) >= 5
}

// scanned is how many bytes of a text are looked at.
const scanned = 20_000

var (
	emailIn = regexp.MustCompile(`[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{0,100}\.[A-Za-z]{2,24}`)
	phoneIn = regexp.MustCompile(`\+?[0-9(][0-9 ()/.\-]{6,22}[0-9]`)
	calls   = regexp.MustCompile(`(?i)\b(tel|phone|ph|call|mobile|mob|cell|handy|telefon|fon|ring|text|sms|whatsapp|número|teléfono|tél)[a-zé]*\b[^0-9+]{0,24}$`)
)

// Contacts finds the addresses and telephone numbers that somebody wrote. A
// number counts when it is written with its country's code, or after a word
// such as phone or call: others are orders, prices and dates.
func Contacts(text string) []Contact {
	text = cut(text, scanned)
	var out []Contact
	had := map[Contact]bool{}
	add := func(c Contact, ok bool) {
		if ok && !had[c] && len(out) < 5 {
			had[c] = true
			out = append(out, c)
		}
	}
	for _, at := range emailIn.FindAllStringIndex(text, 20) {
		if at[0] > 0 && (text[at[0]-1] == '@' || text[at[0]-1] == '/') {
			continue // @maya@social.example is an account
		}
		add(Email(text[at[0]:at[1]]))
	}
	for _, at := range phoneIn.FindAllStringIndex(text, 20) {
		number := text[at[0]:at[1]]
		before := text[max(0, at[0]-40):at[0]]
		if n := len(digitsOf(number)); n < 8 || n > 15 {
			continue
		}
		if strings.HasPrefix(number, "+") || calls.MatchString(before) {
			add(Phone(number))
		}
	}
	return out
}
