// Package markup makes the HTML of a mail safe to be shown.
//
// It promises that what comes out runs no script, loads nothing from anywhere
// and sends nothing, whatever goes in. It goes through an allow-list of
// elements, attributes and properties of style; style sheets, forms, frames and
// whatever covers other things are gone. Pictures that came with the mail may
// be shown; those that lie elsewhere never are, since loading one tells its
// owner who reads when.
package markup

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// Most is how much of a mail's HTML is kept.
const Most = 256 << 10

// value is what a property of style may be: words, numbers, colours. It loads
// nothing, computes nothing and moves nothing out of its place.
var value = regexp.MustCompile(`(?i)^\s*(?:(?:rgba?|hsla?)\([\d\s.,%/]+\)|#[0-9a-f]{3,8}|\d*\.?\d+(?:px|pt|em|rem|ex|%|in|cm|mm)?|[a-z][a-z -]*|'[\w -]+'|"[\w -]+"|[\s,])*(?:!important)?\s*$`)

var properties = strings.Fields(`color background-color font-size font-weight font-style font-family font-variant text-align text-decoration text-transform text-indent line-height letter-spacing
	vertical-align white-space word-break padding padding-top padding-right padding-bottom padding-left margin margin-top margin-right margin-bottom margin-left
	border border-top border-right border-bottom border-left border-color border-width border-style border-collapse border-spacing border-radius
	width max-width min-width height direction list-style-type table-layout`)

var (
	size   = regexp.MustCompile(`^\d{1,4}(?:px|%)?$`)
	number = regexp.MustCompile(`^\d{1,3}$`)
	color  = regexp.MustCompile(`(?i)^(?:#?[0-9a-f]{3,8}|[a-z]{3,25})$`)
	word   = regexp.MustCompile(`(?i)^[a-z-]{1,20}$`)
)

var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "div", "span", "center", "b", "strong", "i", "em", "u", "s", "del", "ins", "small", "big", "sub", "sup", "h1", "h2", "h3", "h4", "h5", "h6",
		"ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code", "tt", "font", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "article", "section", "header", "footer", "main")
	p.AllowAttrs("align", "valign", "dir").Matching(word).Globally()
	p.AllowAttrs("width", "height").Matching(size).OnElements("table", "td", "th", "tr", "img", "hr")
	p.AllowAttrs("bgcolor").Matching(color).OnElements("table", "td", "th", "tr")
	p.AllowAttrs("border", "cellpadding", "cellspacing", "colspan", "rowspan").Matching(number).OnElements("table", "td", "th")
	p.AllowAttrs("color").Matching(color).OnElements("font")
	p.AllowAttrs("size", "start").Matching(number).OnElements("font", "ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src").OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowStyles(properties...).MatchingHandler(func(v string) bool { return len(v) < 200 && value.MatchString(v) }).Globally()
	p.AllowURLSchemes("http", "https", "mailto", "tel", "cid")
	p.RequireParseableURLs(true)
	return p
}()

// Safe is what of a mail's HTML may be kept.
func Safe(s string) string {
	if len(s) > 2*Most {
		s = s[:2*Most]
	}
	s = policy.Sanitize(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD"))
	if len(s) > Most { // between two tags
		s = s[:Most]
		if i := strings.LastIndexByte(s, '<'); i > strings.LastIndexByte(s, '>') {
			s = s[:i]
		}
		s = strings.ToValidUTF8(s, "")
	}
	return strings.TrimSpace(s)
}

// Page is HTML of a mail as it is shown.
type Page struct {
	HTML  string
	Hosts []string // whose pictures were left out
	Left  int      // how many
}

// deepest is how many elements within each other are kept.
const deepest = 200

// Show makes what Safe kept into what is shown, and goes through the
// allow-list again. Pictures are addresses of data by the Content-ID that the mail
// gives them. What the mail quotes is folded under a word.
func Show(s string, pictures map[string]string, earlier string) Page {
	var p Page
	var b bytes.Buffer
	z := html.NewTokenizer(strings.NewReader(Safe(s)))
	depth, quoted := 0, 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			for ; quoted > 0; quoted-- {
				b.WriteString("</blockquote>")
				if quoted == 1 {
					b.WriteString("</details>")
				}
			}
			p.HTML = b.String()
			return p
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			// The list reads escapes in a style, and lets them stand: no honest mail has any.
			t.Attr = slices.DeleteFunc(t.Attr, func(a html.Attribute) bool { return a.Key == "style" && strings.Contains(a.Val, `\`) })
			switch {
			case t.Data == "img":
				p.picture(&b, t, pictures)
			case t.Data == "br" || t.Data == "hr":
				b.WriteString(t.String())
			case depth >= deepest: // what is too deep stays as words
			case t.Data == "blockquote":
				if quoted++; quoted == 1 {
					b.WriteString("<details><summary>" + html.EscapeString(earlier) + "</summary>")
				}
				depth++
				b.WriteString(t.String())
			case t.Data == "a":
				depth++
				link(&b, t)
			default:
				depth++
				b.WriteString(t.String())
			}
		case html.EndTagToken:
			t := z.Token()
			depth = max(0, depth-1)
			if t.Data != "blockquote" {
				b.WriteString(t.String())
			} else if quoted > 0 {
				b.WriteString("</blockquote>")
				if quoted--; quoted == 0 {
					b.WriteString("</details>")
				}
			}
		case html.TextToken:
			b.WriteString(html.EscapeString(z.Token().Data))
		}
	}
}

// link leads out of the house in a new tab, tells nobody from where, and says
// where it truly leads.
func link(b *bytes.Buffer, t html.Token) {
	href, style := "", ""
	for _, a := range t.Attr {
		switch a.Key {
		case "href":
			href = a.Val
		case "style":
			style = a.Val
		}
	}
	out := html.Token{Type: html.StartTagToken, Data: "a"}
	if href != "" && !strings.HasPrefix(strings.ToLower(href), "cid:") {
		out.Attr = []html.Attribute{{Key: "href", Val: href}, {Key: "title", Val: href}, {Key: "target", Val: "_blank"}, {Key: "rel", Val: "noopener noreferrer nofollow"}}
	}
	if style != "" {
		out.Attr = append(out.Attr, html.Attribute{Key: "style", Val: style})
	}
	b.WriteString(out.String())
}

// mostHosts is how many hosts of pictures are named.
const mostHosts = 5

func (p *Page) picture(b *bytes.Buffer, t html.Token, pictures map[string]string) {
	src, alt := "", ""
	out := html.Token{Type: html.StartTagToken, Data: "img"}
	for _, a := range t.Attr {
		switch a.Key {
		case "src":
			src = strings.TrimSpace(a.Val)
		case "alt":
			alt = a.Val
			out.Attr = append(out.Attr, a)
		case "width", "height", "style", "align":
			out.Attr = append(out.Attr, a)
		}
	}
	if len(src) > 4 && strings.EqualFold(src[:4], "cid:") {
		id, err := url.PathUnescape(src[4:])
		if data := pictures[strings.ToLower(id)]; err == nil && strings.HasPrefix(data, "data:image/") {
			out.Attr = append(out.Attr, html.Attribute{Key: "src", Val: data})
			b.WriteString(out.String())
			return
		}
	} else if u, err := url.Parse(src); err == nil && u.Host != "" {
		p.Left++
		if h := strings.ToLower(u.Hostname()); len(p.Hosts) < mostHosts && !slices.Contains(p.Hosts, h) {
			p.Hosts = append(p.Hosts, h)
		}
	}
	if strings.TrimSpace(alt) != "" {
		b.WriteString("<em>[" + html.EscapeString(alt) + "]</em>")
	}
}

// Height is about how many pixels high a page is, where it is 600 wide and
// what is quoted is folded.
func (p Page) Height() int {
	n, line, quoted := 48, 0, 0
	flush := func() {
		if line > 0 {
			n += 24 * (1 + line/80)
		}
		line = 0
	}
	z := html.NewTokenizer(strings.NewReader(p.HTML))
	for {
		switch z.Next() {
		case html.ErrorToken:
			flush()
			return n
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch t.Data {
			case "details":
				n += 32
			case "blockquote":
				quoted++
			case "img":
				n += high(t)
			case "p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "hr":
				flush()
				if t.Data == "p" || t.Data[0] == 'h' {
					n += 14
				}
			}
		case html.EndTagToken:
			if z.Token().Data == "blockquote" {
				quoted = max(0, quoted-1)
			}
		case html.TextToken:
			if quoted == 0 {
				line += len([]rune(strings.TrimSpace(z.Token().Data)))
			}
		}
	}
}

// high is how high a picture is said to be.
func high(t html.Token) int {
	for _, a := range t.Attr {
		if a.Key == "height" {
			if n, err := strconv.Atoi(strings.TrimSuffix(a.Val, "px")); err == nil {
				return min(n, 2000)
			}
		}
	}
	return 200
}
