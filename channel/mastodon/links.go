package mastodon

import (
	"html"
	"regexp"
	"strings"

	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// How much of a profile is looked at and told.
const (
	mostFields = 16 // servers allow four to ten
	mostField  = 300
	mostNote   = 4000
)

var (
	hrefIn  = regexp.MustCompile(`(?i)\bhref\s*=\s*["']([^"'\s]{1,300})["']`)
	reached = regexp.MustCompile(`[^@\s]@[^@\s]+\.[^@\s]|://|@\w|(?:[0-9][ ()/.\-]{0,2}){8}`)
	writes  = regexp.MustCompile(`[^@/\s]+@[^@\s]+\.[A-Za-z]{2,}`)
)

// elsewhere is what a profile tells of where else its owner is, as social.Author
// has it. What leads nowhere, such as a favourite tea, is not passed on.
func elsewhere(a wireAccount) string {
	var out []string
	for _, f := range a.Fields[:min(len(a.Fields), mostFields)] {
		if len(f.Value) > mostNote {
			continue
		}
		value := line(text.FromHTML(f.Value))
		for _, m := range hrefIn.FindAllStringSubmatch(f.Value, 3) {
			if to := line(html.UnescapeString(m[1])); !strings.Contains(value, to) {
				value += " " + to
			}
		}
		name := line(text.FromHTML(f.Name))
		if name == "" {
			name = "-"
		}
		if value = cut(value); !reached.MatchString(value) {
			continue
		}
		entry := cut(name) + "\t" + value
		if f.Verified != nil && !f.Verified.IsZero() {
			entry += "\t" + social.LeadsBack
		}
		out = append(out, entry)
	}
	if len(a.Note) <= mostNote {
		for _, address := range writes.FindAllString(line(text.FromHTML(a.Note)), 3) {
			out = append(out, "\t"+cut(address))
		}
	}
	return strings.Join(out, "\n")
}

func line(s string) string { return strings.Join(strings.Fields(s), " ") }

func cut(s string) string {
	if len(s) > mostField {
		s = s[:mostField]
	}
	return strings.ToValidUTF8(s, "")
}
