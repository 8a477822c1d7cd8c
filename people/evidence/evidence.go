// Package evidence reads, out of what somebody tells of themselves, how else
// they can be reached: addresses, telephone numbers and accounts that stand in
// their words, in the signature of a mail, or on their profile.
//
// It promises to take for theirs only what is: what they quote or pass on, the
// number of a fax or a switchboard, and an address that belongs to a desk are
// left out. It is evidence for a suggestion, never proof; nothing here joins
// anybody. All of it is pure, bounded, and reads anything without harm.
package evidence

import (
	"regexp"
	"strings"

	"github.com/parley-crm/parley/people/resolve"
	"github.com/parley-crm/parley/social"
)

// Source is where somebody tells something of themselves.
type Source string

// The sources. Of an account itself there is none either: it has no words.
const (
	Words     Source = ""          // in what they wrote to us
	Signature Source = "signature" // under a mail
	Profile   Source = "profile"   // in a field of their profile
	Linked    Source = "linked"    // there, and the page leads back to them, as their server has seen
)

// Found is a way to reach somebody, and where they tell of it.
type Found struct {
	resolve.Contact
	Source Source
}

// mostFound is how many are taken of one mail, post or profile.
const mostFound = 8

// The kinds of contacts beside those of resolve: an account of a network, with
// its server or network in front, and a page that is nobody's account.
const (
	Account = "account"
	Site    = "site"
)

// list gathers what is found, each once.
type list struct {
	all []Found
	had map[resolve.Contact]bool
}

func (l *list) add(c resolve.Contact, ok bool, from Source) {
	if !ok || l.had[c] || len(l.all) >= mostFound {
		return
	}
	if l.had == nil {
		l.had = map[resolve.Contact]bool{}
	}
	l.had[c] = true
	l.all = append(l.all, Found{c, from})
}

// Post reads what somebody wrote in a post or message.
func Post(text string) []Found {
	var out list
	out.words(lines(text))
	return out.all
}

// words reads lines that somebody wrote: addresses, and numbers that are
// written as telephone numbers.
func (l *list) words(of []string) {
	for _, line := range of {
		for _, e := range emails(line) {
			l.add(resolve.Contact{Kind: "email", Value: e}, true, Words)
		}
		for _, n := range numbers(line) {
			if n.label == phone || n.label == "" && strings.HasPrefix(n.digits, "+") {
				c, ok := resolve.Phone(n.digits)
				l.add(c, ok, Words)
			}
		}
	}
}

// signed reads the lines of a signature.
func (l *list) signed(of []string) {
	for _, line := range of {
		for _, e := range emails(line) {
			if local, _, _ := strings.Cut(e, "@"); !desks[local] {
				l.add(resolve.Contact{Kind: "email", Value: e}, true, Signature)
			}
		}
		for _, n := range numbers(line) {
			if n.label == phone || n.label == "" && (strings.HasPrefix(n.digits, "+") || n.alone) {
				c, ok := resolve.Phone(n.digits)
				l.add(c, ok, Signature)
			}
		}
		for _, c := range accounts(line) {
			l.add(c, true, Signature)
		}
	}
}

// Fields reads the fields of a profile, as social.Author has them in Links. A
// field about somebody else, such as an employer, is left out.
func Fields(links string) []Found {
	var out list
	for _, line := range lines(links) {
		label, value, ok := strings.Cut(line, "\t")
		if !ok || others(label) {
			continue
		}
		value, back := strings.CutSuffix(value, "\t"+social.LeadsBack)
		if label == "" { // of the description only what can't be of others
			for _, e := range emails(value) {
				if local, _, _ := strings.Cut(e, "@"); !desks[local] {
					out.add(resolve.Contact{Kind: "email", Value: e}, true, Profile)
				}
			}
			continue
		}
		from := Profile
		if back {
			from = Linked
		}
		for _, c := range accounts(label + ": " + value) {
			out.add(c, true, from)
		}
		for _, e := range emails(value) {
			if local, _, _ := strings.Cut(e, "@"); !desks[local] {
				out.add(resolve.Contact{Kind: "email", Value: e}, true, Profile)
			}
		}
		for _, n := range numbers(label + ": " + value) {
			if n.label == phone || n.label == "" && strings.HasPrefix(n.digits, "+") {
				c, ok := resolve.Phone(n.digits)
				out.add(c, ok, Profile)
			}
		}
	}
	return out.all
}

// others reports whether a field tells of somebody else.
func others(label string) bool {
	for _, w := range split(label) {
		if notThem[w] {
			return true
		}
	}
	return false
}

// The most that is looked at.
const (
	mostText  = 20_000 // bytes of a text
	mostLines = 400
)

// lines parts a text, with the signs of telephone numbers made plain.
func lines(text string) []string {
	if len(text) > mostText {
		text = text[:mostText]
	}
	text = plain.Replace(strings.ToValidUTF8(text, ""))
	out := strings.Split(text, "\n")
	if len(out) > mostLines {
		out = out[:mostLines]
	}
	return out
}

var plain = func() *strings.Replacer {
	pairs := []string{"\r\n", "\n", "\r", "\n", "\u00a0", " ", "\u202f", " ", "\u2009", " ", "–", "-", "‑", "-", "‐", "-", "−", "-", "＋", "+", "：", ":", "（", "(", "）", ")",
		"\u200e", "", "\u200f", "", "\u200b", "", "\u202a", "", "\u202c", "", "\u2066", "", "\u2069", ""}
	for _, zero := range []rune{'٠', '۰', '０', '०'} {
		for d := range rune(10) {
			pairs = append(pairs, string(zero+d), string('0'+d))
		}
	}
	return strings.NewReplacer(pairs...)
}()

var emailIn = regexp.MustCompile(`[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{0,100}\.[A-Za-z]{2,24}`)

// emails finds addresses in a line, folded.
func emails(line string) (out []string) {
	for _, at := range emailIn.FindAllStringIndex(line, 10) {
		if at[0] > 0 && (line[at[0]-1] == '@' || line[at[0]-1] == '/') {
			continue // @maya@social.example is an account
		}
		if c, ok := resolve.Email(line[at[0]:at[1]]); ok {
			out = append(out, c.Value)
		}
	}
	return out
}
