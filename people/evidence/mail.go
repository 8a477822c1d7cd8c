package evidence

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Letter is a mail, as its network tells of it.
type Letter struct {
	Title string
	Name  string // of whoever wrote it
	Text  string // what they wrote anew
	Below string // what was left out of it: the signature, and what is quoted
}

// The most lines of a signature, and how far from the end it begins.
const (
	mostSigned = 12
	mostEnd    = 16
)

// Mail reads what the author of a mail tells of themselves: in a signature
// behind "-- " or at the end of the text, and in the text. What is quoted or
// passed on is somebody else's.
func Mail(m Letter) []Found {
	text, whole := theirs(lines(m.Text))
	sign := behind(lines(m.Below))
	passed := forwarded(m.Title)
	if passed && whole { // it does not show where what they pass on begins
		text = nil
	}
	if len(sign) == 0 {
		text, sign = closing(text, m.Name)
	}
	var out list
	out.signed(sign)
	out.words(text)
	return out.all
}

// forwarded reports whether a subject says that a mail is passed on.
func forwarded(title string) bool {
	first, _, ok := strings.Cut(strings.ReplaceAll(title, "：", ":"), ":")
	return ok && forwards[strings.ToLower(strings.TrimSpace(first))]
}

var header = regexp.MustCompile(`(?i)^\*?(from|von|de|da|van|od|från|fra|lähettäjä|kimden|от|від|发件人|寄件者|差出人|보낸 사람)\*?\s*:\*?\s*\S`)

// parts reports whether a line ends what the author wrote: a quotation or what
// is passed on follows.
func parts(line string) bool {
	low := strings.ToLower(strings.TrimSpace(line))
	if strings.HasPrefix(low, "____") || header.MatchString(low) {
		return true
	}
	bare := strings.Trim(low, "-=_*#:： >")
	for _, p := range passedOn {
		if bare == p || strings.HasPrefix(bare, p) && len(bare) <= len(p)+4 {
			return true
		}
	}
	return false
}

// theirs keeps the lines of a text that are the author's own. whole says that
// nothing ended it.
func theirs(all []string) (out []string, whole bool) {
	for _, l := range all {
		trimmed := strings.TrimSpace(l)
		switch {
		case strings.HasPrefix(trimmed, ">"), strings.HasPrefix(trimmed, "Attached: "):
			continue
		case parts(l):
			return out, false
		}
		out = append(out, l)
	}
	return out, true
}

// behind is the signature that follows "-- ", where one does: up to what is
// quoted below it.
func behind(all []string) (out []string) {
	for len(all) > 0 && strings.TrimSpace(all[0]) == "" {
		all = all[1:]
	}
	if len(all) == 0 || strings.TrimRight(all[0], " ") != "--" {
		return nil
	}
	gap, n := 0, 0
	for _, l := range all[1:] {
		t := strings.TrimSpace(l)
		switch {
		case t == "":
			gap++
			continue
		case gap > 1, n == mostSigned, strings.HasPrefix(t, ">"), strings.HasPrefix(t, "|"), parts(l):
			return out
		case announces(t):
			if len(out) > 0 && gap == 0 && strings.IndexFunc(out[len(out)-1], unicode.IsDigit) >= 0 && strings.Contains(out[len(out)-1], ",") {
				out = out[:len(out)-1] // “On Mon, 2 Mar 2026, Ann” and “<ann@home.example> wrote:”
			}
			return out
		}
		gap = 0
		n++
		out = append(out, l)
	}
	return out
}

// announces reports whether a line says that somebody's words follow, such as
// “Ann wrote:” in any language.
func announces(line string) bool {
	if !strings.HasSuffix(line, ":") || utf8.RuneCountInString(line) < 12 {
		return false
	}
	return strings.Contains(line, "@") || strings.IndexFunc(line, unicode.IsDigit) >= 0 || len(strings.Fields(line)) > 3
}

// closing parts a text from the signature at its end: what follows the words
// with which a letter ends and a name, or the author's own name.
func closing(all []string, name string) (text, sign []string) {
	for i := max(0, len(all)-mostEnd); i < len(all); i++ {
		l := strings.TrimSpace(all[i])
		if l == "" || !(named(l, name) || closes(l, all[i+1:])) || !short(all[i:]) {
			continue
		}
		return all[:i], all[i:]
	}
	return all, nil
}

// short reports whether lines are as short, and few, as those of a signature.
func short(all []string) bool {
	n := 0
	for _, l := range all {
		if l = strings.TrimSpace(l); l != "" {
			n++
		}
		if utf8.RuneCountInString(l) > 110 {
			return false
		}
	}
	return n <= mostSigned+2
}

// named reports whether a line is the author's name, perhaps with what they do.
func named(line, name string) bool {
	if strings.ContainsAny(name, "@") {
		return false
	}
	theirs := split(name)
	head, _, _ := strings.Cut(line, ",")
	head, _, _ = strings.Cut(head, "|")
	words := split(head)
	if len(theirs) == 0 || len(words) == 0 || len(words) > len(theirs)+1 || strings.ContainsAny(head, "?!:") {
		return false
	}
	n := 0
	for _, w := range words {
		for _, t := range theirs {
			if w == t {
				n++
				break
			}
		}
	}
	return n == len(words) && (n > 1 || len(theirs) == 1 || len([]rune(words[0])) > 2) || n >= 2 && n >= len(words)-1
}

// closes reports whether a line ends a letter, and a name follows: in the line,
// behind a comma, or in the next.
func closes(line string, after []string) bool {
	low := strings.ToLower(line)
	if len(low) != len(line) {
		line = low
	}
	for _, c := range closers {
		if !strings.HasPrefix(low, c) {
			continue
		}
		rest := line[len(c):]
		name := strings.Trim(rest, " ,.!-;、。，")
		switch {
		case name == "":
			for _, l := range after {
				if l = strings.TrimSpace(l); l != "" {
					return nameLike(l)
				}
			}
			return false
		case strings.IndexAny(strings.TrimLeft(rest, " "), ",-!.") == 0 && nameLike(name):
			return true
		}
	}
	return false
}

// nameLike reports whether a line looks like a name.
func nameLike(line string) bool {
	head, _, _ := strings.Cut(strings.TrimSpace(line), ",")
	head, _, _ = strings.Cut(head, "|")
	words := strings.Fields(head)
	if len(words) == 0 || len(words) > 5 || strings.ContainsAny(head, "?!:@/") || strings.IndexFunc(head, unicode.IsDigit) >= 0 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	return unicode.IsLetter(first) && !unicode.IsLower(first)
}
