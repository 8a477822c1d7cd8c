package mediawiki

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/text"
)

var (
	headings  = regexp.MustCompile(`(?m)^(={1,6})[ \t]*(.+?)[ \t]*={1,6}[ \t]*$`)
	brackets  = regexp.MustCompile(`\[(https?://[^\s\]]+)(?:\s+([^\]]*))?\]`)
	quotes    = regexp.MustCompile(`'{2,5}`)
	magic     = regexp.MustCompile(`__[A-Z]+__`)
	signature = regexp.MustCompile(`(?:\s*(?:--|—|–))?\s*\[\[[^\[\]\n]{1,200}\]\](?:\s*\(\s*\[\[[^\[\]\n]{1,200}\]\][^()\n]{0,40}\))?[^\n\[\]]{0,20}\d{1,2}[:.]\d{2}[^\n\[\]]{0,60}\([^()\n]{2,8}\)\s*$`)
	tag       = regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9]*)`)
)

// shown are the tags that wikitext has; all others show as they are written.
var shown = func() map[string]bool {
	out := map[string]bool{}
	for t := range strings.FieldsSeq("abbr b bdi bdo big blockquote br caption center cite code data dd del dfn div dl dt em font gallery h1 h2 h3 h4 h5 h6 hr i includeonly ins kbd li mark math noinclude nowiki ol onlyinclude p poem pre q rb ref references rp rt ruby s samp section small source span strike strong sub sup syntaxhighlight table td templatestyles th time tr tt u ul var wbr") {
		out[t] = true
	}
	return out
}()

// plain makes of wikitext the words that a reader sees, as far as that can be
// told without the wiki: templates are gone, except those that name somebody.
func plain(s string) string {
	s = s[:min(len(s), most)]
	s = without(s, "<!--", "-->")
	s = references(s)
	s = magic.ReplaceAllString(s, "")
	s = braces(s)
	s = links(s)
	s = brackets.ReplaceAllStringFunc(s, func(m string) string {
		p := brackets.FindStringSubmatch(m)
		if words := strings.TrimSpace(p[2]); words != "" {
			return words + " (" + p[1] + ")"
		}
		return p[1]
	})
	s = quotes.ReplaceAllString(s, "")
	s = tag.ReplaceAllStringFunc(s, func(m string) string {
		if shown[strings.ToLower(strings.TrimLeft(m, "</"))] {
			return m
		}
		return "&lt;" + m[1:]
	})
	var b strings.Builder
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "{|"), strings.HasPrefix(line, "|}"), strings.HasPrefix(line, "|-"):
			continue
		case strings.HasPrefix(line, "|"), strings.HasPrefix(line, "!"):
			line = strings.TrimSpace(strings.NewReplacer("||", " ", "!!", " ").Replace(line[1:]))
		}
		if m := headings.FindStringSubmatch(line); m != nil {
			line = m[2]
		}
		if mark := len(line) - len(strings.TrimLeft(line, "*#:;")); mark > 0 {
			star := strings.ContainsAny(line[:mark], "*#")
			line = strings.TrimSpace(line[mark:])
			if star && line != "" {
				line = "- " + line
			}
		}
		b.WriteString(line + "<br>")
	}
	return strings.TrimSpace(text.FromHTML(b.String()))
}

// without takes out what stands between two marks; what never ends goes to the
// end, as in MediaWiki.
func without(s, begin, end string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, begin)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if _, s, found = strings.Cut(rest, end); !found {
			return b.String()
		}
	}
}

// references takes footnotes out.
func references(s string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, "<ref")
		if i < 0 || i+4 >= len(s) || !strings.ContainsRune(" >/", rune(s[i+4])) {
			if i >= 0 && i+4 < len(s) { // <references/>, for instance
				b.WriteString(s[:i+4])
				s = s[i+4:]
				continue
			}
			return b.String() + s
		}
		b.WriteString(s[:i])
		open := strings.IndexByte(s[i:], '>')
		if open < 0 {
			return b.String() + s[i:]
		}
		if s[i+open-1] == '/' {
			s = s[i+open+1:]
			continue
		}
		end := strings.Index(s[i:], "</ref>")
		if end < 0 {
			return b.String() + s[i:]
		}
		s = s[i+end+len("</ref>"):]
	}
}

// braces takes templates out. Those by which one calls somebody stay as a
// name.
func braces(s string) string {
	if !strings.Contains(s, "{{") {
		return s
	}
	var b strings.Builder
	depth, began := 0, 0
	for i := 0; i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], "{{"):
			if depth == 0 {
				began = i
			}
			depth++
			i++
		case depth > 0 && strings.HasPrefix(s[i:], "}}"):
			depth--
			i++
			if depth == 0 {
				b.WriteString(called(s[began+2 : i-1]))
			}
		case depth == 0:
			b.WriteByte(s[i])
		}
	}
	if depth > 0 { // never closed, so it shows as it is
		b.WriteString(s[began:])
	}
	return b.String()
}

// calls are templates by which people call each other.
var calls = map[string]bool{"ping": true, "reply to": true, "re": true, "u": true, "user": true, "yo": true, "reply": true, "replyto": true, "mention": true}

// called is what stays of a template.
func called(inside string) string {
	name, rest, _ := strings.Cut(inside, "|")
	if !calls[strings.ToLower(strings.TrimSpace(name))] {
		return ""
	}
	var out []string
	for part := range strings.SplitSeq(rest, "|") {
		if part = strings.TrimSpace(part); part != "" && !strings.Contains(part, "=") {
			out = append(out, "@"+part)
		}
	}
	return strings.Join(out, " ")
}

// links makes [[page|words]] into words, and takes pictures out.
func links(s string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "[[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if !strings.Contains(rest, "]]") {
			return b.String() + "[[" + rest
		}
		depth, end := 1, -1
		for i := 0; i+1 < len(rest) && i < 2000; i++ {
			if rest[i] == '[' && rest[i+1] == '[' {
				depth++
				i++
			} else if rest[i] == ']' && rest[i+1] == ']' {
				if depth--; depth == 0 {
					end = i
					break
				}
				i++
			}
		}
		if end < 0 {
			b.WriteString("[[")
			s = rest
			continue
		}
		page, words, piped := strings.Cut(rest[:end], "|")
		low := strings.ToLower(strings.TrimSpace(page))
		switch {
		case strings.HasPrefix(low, "file:"), strings.HasPrefix(low, "image:"), strings.HasPrefix(low, "category:"):
		case piped:
			b.WriteString(links(words))
		default:
			b.WriteString(strings.TrimPrefix(strings.TrimSpace(page), ":"))
		}
		s = rest[end+2:]
	}
}

// unsigned takes a signature off the end of what somebody wrote.
func unsigned(s string) string {
	s = strings.TrimSpace(s)
	i := max(strings.LastIndexByte(s, '\n')+1, len(s)-1000)
	for i < len(s) && !utf8.RuneStart(s[i]) {
		i++
	}
	return strings.TrimSpace(s[:i] + signature.ReplaceAllString(s[i:], ""))
}

// added is what a new text has that the old one has not, line by line, and
// the heading below which it first stands.
func added(before, after string) (words, section string) {
	had := map[string]int{}
	for line := range strings.Lines(before) {
		had[strings.TrimSpace(line)]++
	}
	var b strings.Builder
	heading, seen, gap := "", false, false
	for line := range strings.Lines(after) {
		bare := strings.TrimSpace(line)
		m := headings.FindStringSubmatch(bare)
		if m != nil {
			heading = m[2]
		}
		if had[bare] > 0 || bare == "" {
			if bare != "" {
				had[bare]--
			}
			gap = true
			continue
		}
		if m != nil { // the heading is told apart from the words
			if !seen {
				section = heading
			}
			continue
		}
		if !seen {
			section, seen = heading, true
		}
		if gap && b.Len() > 0 {
			b.WriteByte('\n')
		}
		gap = false
		if b.Len() < most {
			b.WriteString(bare + "\n")
		}
	}
	return strings.TrimSpace(b.String()), text.Cut(section)
}

// most is how much of an edit is kept, in bytes.
const most = 60_000

// sectionOf returns the text below a heading, up to the next one, which
// holds a line; the last such section if there are several.
func sectionOf(page, heading string) (begin, end int, found bool) {
	at := headings.FindAllStringSubmatchIndex(page, -1)
	if heading == "" {
		if len(at) > 0 {
			return 0, at[0][0], true
		}
		return 0, len(page), true
	}
	for i, m := range at {
		if page[m[4]:m[5]] == heading {
			begin, end, found = m[1], len(page), true
			if i+1 < len(at) {
				end = at[i+1][0]
			}
		}
	}
	return begin, end, found
}

var addresses = regexp.MustCompile(`https?://[^\s<>"]+`)

// literal makes of plain text wikitext that shows as that text. Addresses stay
// so that they can be followed.
func literal(s string) string {
	var b strings.Builder
	last := 0
	for _, m := range addresses.FindAllStringIndex(s, -1) {
		b.WriteString(escape.Replace(s[last:m[0]]))
		b.WriteString(encode.Replace(s[m[0]:m[1]]))
		last = m[1]
	}
	b.WriteString(escape.Replace(s[last:]))
	return b.String()
}

var (
	escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "[", "&#91;", "]", "&#93;", "{", "&#123;", "}", "&#125;",
		"|", "&#124;", "''", "&#39;&#39;", "~~~", "&#126;&#126;&#126;", "__", "&#95;&#95;", "==", "&#61;&#61;", "://", "&#58;//")
	encode = strings.NewReplacer("[", "%5B", "]", "%5D", "{", "%7B", "}", "%7D", "|", "%7C", "''", "%27%27", "~~~", "%7E%7E%7E", "__", "%5F%5F")
)
