// Package text makes plain text of what networks send: HTML becomes the words
// that a reader sees, and any text valid UTF-8 of a bearable length.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Most is the length, in bytes, to which Cut cuts.
const Most = 100_000

// Cut makes a text valid UTF-8 without control characters, and cuts it, at
// the end of a character and with an ellipsis, when it is longer than Most.
func Cut(s string) string {
	if len(s) > Most {
		end := Most
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end] + "…"
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cc, r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// breaks are the elements that stand on lines of their own.
var breaks = map[atom.Atom]string{
	atom.Li: "\n", atom.Tr: "\n", atom.Dt: "\n", atom.Dd: "\n",
	atom.P: "\n\n", atom.Div: "\n", atom.Blockquote: "\n\n", atom.Pre: "\n\n", atom.Ul: "\n", atom.Ol: "\n",
	atom.H1: "\n\n", atom.H2: "\n\n", atom.H3: "\n\n", atom.H4: "\n\n", atom.H5: "\n\n", atom.H6: "\n\n",
	atom.Section: "\n", atom.Article: "\n", atom.Table: "\n", atom.Hr: "\n\n", atom.Figure: "\n",
}

// silent are the elements whose content nobody sees.
var silent = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Template: true,
	atom.Noscript: true, atom.Iframe: true, atom.Svg: true, atom.Title: true,
}

// FromHTML returns the words that a reader of the HTML sees: paragraphs apart
// by an empty line, lists line by line, entities resolved, pictures by their
// description, scripts and styles gone. It never fails; what is not HTML
// comes back as it is. The result is cut like Cut.
func FromHTML(s string) string {
	z := html.NewTokenizer(strings.NewReader(s))
	var w writer
	hidden := 0
	for w.b.Len() <= Most {
		switch z.Next() {
		case html.ErrorToken:
			return Cut(w.String())
		case html.TextToken:
			if hidden == 0 {
				w.text(string(z.Text()))
			}
		case html.StartTagToken:
			t := z.Token()
			if silent[t.DataAtom] {
				hidden++
			}
			if hidden == 0 {
				w.open(t)
			}
		case html.SelfClosingTagToken:
			if t := z.Token(); hidden == 0 {
				w.open(t)
			}
		case html.EndTagToken:
			t := z.Token()
			switch {
			case silent[t.DataAtom]:
				hidden = max(0, hidden-1)
			case hidden == 0 && t.DataAtom != atom.Li:
				w.brk(breaks[t.DataAtom])
				w.pre = w.pre && t.DataAtom != atom.Pre
			}
		}
	}
	return Cut(w.String())
}

// writer collects words and decides on the space between them.
type writer struct {
	b     strings.Builder
	lines int  // line breaks that are due before the next word
	space bool // so is a space
	pre   bool
}

func (w *writer) open(t html.Token) {
	w.brk(breaks[t.DataAtom])
	switch t.DataAtom {
	case atom.Br:
		w.lines++
	case atom.Li:
		w.word("- ")
	case atom.Td, atom.Th:
		w.space = true
	case atom.Pre:
		w.pre = true
	case atom.Img:
		for _, a := range t.Attr {
			if a.Key == "alt" && strings.TrimSpace(a.Val) != "" {
				w.text(a.Val)
			}
		}
	}
}

// brk makes lines due; blocks that end and begin together share them.
func (w *writer) brk(s string) { w.lines = max(w.lines, len(s)) }

func (w *writer) text(s string) {
	if w.pre {
		w.word(s)
		return
	}
	for len(s) > 0 {
		i := strings.IndexFunc(s, space)
		if i == 0 {
			w.space = true
			s = strings.TrimLeftFunc(s, space)
			continue
		}
		if i < 0 {
			i = len(s)
		}
		w.word(s[:i])
		s = s[i:]
	}
}

func (w *writer) word(s string) {
	if w.b.Len() > 0 {
		switch {
		case w.lines > 0:
			w.b.WriteString("\n\n"[:min(2, w.lines)])
		case w.space && !strings.HasSuffix(w.b.String(), " "):
			w.b.WriteByte(' ')
		}
	}
	w.lines, w.space = 0, false
	w.b.WriteString(s)
}

func (w *writer) String() string { return strings.TrimRightFunc(w.b.String(), unicode.IsSpace) }

// space is what HTML calls white space; a no-break space is none.
func space(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' }
