// Package mark makes safe HTML of a subset of Markdown: headings, paragraphs,
// emphasis, lists, quotes, code, tables, links and pictures.
//
// It promises that what comes out runs no script, whatever goes in: HTML in
// the text is shown as nothing, and what remains goes through an allow-list.
// Links lead to http, https, mailto and tel only; pictures come from https.
package mark

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/parley-crm/parley/kit/text"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	gtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// deepest is how many signs that nest (>, lists) a line may begin with.
const deepest = 60

var machine = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify),
	goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(lower{}, 100))),
)

// lower moves headings down by one: the page has its own first heading.
type lower struct{}

// Transform implements parser.ASTTransformer.
func (lower) Transform(doc *ast.Document, _ gtext.Reader, _ parser.Context) {
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if h, ok := n.(*ast.Heading); ok && entering {
			h.Level = min(h.Level+1, 6)
		}
		return ast.WalkContinue, nil
	})
}

var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|right|center)$`)).OnElements("th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnFullyQualifiedLinks(false)
	p.RequireNoReferrerOnFullyQualifiedLinks(true)
	p.AllowAttrs("src").Matching(regexp.MustCompile(`^https://[^\s"'<>]+$`)).OnElements("img")
	p.AllowAttrs("alt", "title").OnElements("img")
	return p
}()

// HTML renders Markdown. It never fails.
func HTML(markdown string) string {
	var b bytes.Buffer
	if err := machine.Convert([]byte(tame(markdown)), &b); err != nil {
		return ""
	}
	return strings.ReplaceAll(string(policy.SanitizeBytes(b.Bytes())), "<img ", `<img loading="lazy" referrerpolicy="no-referrer" `)
}

// tame cuts what only an attack has: lines that nest without end.
func tame(s string) string {
	s = text.Cut(strings.ReplaceAll(s, "\r\n", "\n"))
	var b strings.Builder
	for line := range strings.Lines(s) {
		deep := 0
		end := strings.IndexFunc(line, func(r rune) bool {
			if strings.ContainsRune(">-*+", r) {
				deep++
			}
			return deep > deepest || !strings.ContainsRune(">-*+ \t", r)
		})
		if deep > deepest && end >= 0 {
			line = strings.TrimLeft(line[end:], ">-*+ \t")
			if line == "" {
				line = "\n"
			}
		}
		b.WriteString(line)
	}
	parts := strings.Split(b.String(), "](")
	if len(parts) > mostLinks {
		return strings.Join(parts[:mostLinks], "](") + `]\(` + strings.Join(parts[mostLinks:], `]\(`)
	}
	return b.String()
}

// mostLinks is how many links a text may have: unfinished ones cost the square.
const mostLinks = 2000

// Text is what a reader of the Markdown reads, as plain text.
func Text(markdown string) string { return text.FromHTML(HTML(markdown)) }

// aside is what is no beginning: headings and tables.
var aside = regexp.MustCompile(`(?s)<table>.*?</table>|<h[2-6]>.*?</h[2-6]>`)

// Lead is the first paragraph in plain text, cut at a word to at most n runes.
func Lead(markdown string, n int) string {
	for part := range strings.SplitSeq(text.FromHTML(aside.ReplaceAllString(HTML(markdown), "")), "\n\n") {
		if part = strings.Join(strings.Fields(part), " "); part != "" {
			return Short(part, n)
		}
	}
	return ""
}

// Short cuts a text at a word to at most n runes.
func Short(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	cut := string([]rune(s)[:n-1])
	if i := strings.LastIndexFunc(cut, unicode.IsSpace); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.–-") + "…"
}
