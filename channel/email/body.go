package email

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/parley-crm/parley/kit/text"
)

// deepest is how many parts within parts are read, and widest how many parts;
// honest mail has three of the one and a dozen of the other. Of other mail only
// the bare text is shown.
const (
	deepest = 40
	widest  = 1000
)

var parser = enmime.NewParser(enmime.MaxStoredPartErrors(10), enmime.SkipMalformedParts(true), enmime.DisableTextConversion(true),
	enmime.MultipartWOBoundaryAsSinglePart(true), enmime.SetReadPartErrorPolicy(func(*enmime.Part, error) bool { return true }))

// parsed reads the parts of a mail, nil when they cannot be read.
func parsed(raw []byte) (e *enmime.Envelope) {
	if bytes.Count(bytes.ToLower(raw), []byte("multipart/")) > deepest || bytes.Count(raw, []byte("\n--")) > widest {
		return nil
	}
	defer func() {
		if recover() != nil {
			e = nil
		}
	}()
	e, err := parser.ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		return nil
	}
	return e
}

// text is what the author wrote anew: without what they quote, and without
// the signature under it. The mail as it came stays with the event.
func (b *box) text(raw []byte, h header) string {
	plain, html := "", ""
	if e := parsed(raw); e != nil {
		plain, html = e.Text, e.HTML
	} else if _, body, ok := bytes.Cut(raw, []byte("\n\n")); ok {
		plain = string(body)
	} else if _, body, ok := bytes.Cut(raw, []byte("\r\n\r\n")); ok {
		plain = string(body)
	}
	plain = strings.ReplaceAll(plain, "\r\n", "\n")
	if strings.TrimSpace(plain) != "" {
		whole := text.Cut(plain)
		if fresh := unquoted(whole); fresh != "" {
			return fresh
		}
		return strings.TrimSpace(whole)
	}
	if len(html) > 2<<20 {
		html = html[:2<<20]
	}
	if fresh := unquoted(text.FromHTML(cutHTML(html))); fresh != "" {
		return fresh
	}
	return strings.TrimSpace(text.FromHTML(html))
}

// quoteMarks are how mail programs mark in HTML what is quoted.
var quoteMarks = []string{"<blockquote", `class="gmail_quote`, `class=gmail_quote`, `id="divrplyfwdmsg"`, `id="appendonsend"`, `class="yahoo_quoted`,
	`class="moz-cite-prefix`, `id="mail-editor-reference-message-container"`, `name="quote"`, `class="gmail_attr"`}

func cutHTML(html string) string {
	low := strings.ToLower(html)
	if len(low) != len(html) {
		return html
	}
	end := len(html)
	for _, m := range quoteMarks {
		if i := strings.Index(low[:end], m); i >= 0 {
			if j := strings.LastIndexByte(low[:i+1], '<'); j >= 0 {
				i = j
			}
			end = i
		}
	}
	return html[:end]
}

var (
	// “On Monday Ann wrote:”, also over two lines and in other languages.
	attribution = regexp.MustCompile(`(?i)^\s*(on|am|le|el|il|op|den|em|w dniu)\b.{4,200}\b(wrote|schrieb|écrit|escribió|ha scritto|schreef|skrev|escreveu|napisał\(a\))\b.{0,100}[:：]\s*$`)
	// “-----Original Message-----”, “________”, “From: … Sent: …” of Outlook.
	original = regexp.MustCompile(`(?i)^\s*(-{2,}\s*(original message|ursprüngliche nachricht|message d'origine|mensaje original|forwarded message|weitergeleitete nachricht)\s*-{2,}|_{20,})\s*$`)
	outlook  = regexp.MustCompile(`(?i)^\s*\*?(from|von|de|da|van)\*?:\*? .*(@|<)`)
	sentFrom = regexp.MustCompile(`(?i)^\s*(sent from my|get outlook for|von meinem .* gesendet|gesendet von meinem|envoyé de mon|enviado desde mi|inviato da) ?.{0,60}$`)
)

// unquoted takes away what is quoted behind the new words, and the signature.
// Answers between quoted lines stay as they are: there the quotes are needed.
func unquoted(s string) string {
	lines := strings.Split(s, "\n")
	if len(lines) > 20_000 {
		lines = lines[:20_000]
	}
	end := len(lines)
	for i, l := range lines {
		two := l
		if i+1 < len(lines) {
			two += " " + lines[i+1]
		}
		if original.MatchString(l) || attributes(l, lines, i) || len(two) < 400 && strings.Count(two, "@") > 0 && outlook.MatchString(l) && header4(lines[i:]) ||
			l == "-- " || l == "--" || sentFrom.MatchString(l) {
			end = i
			break
		}
	}
	for end > 0 {
		l := strings.TrimSpace(lines[end-1])
		if l != "" && !strings.HasPrefix(l, ">") {
			break
		}
		end--
	}
	return strings.TrimSpace(strings.Join(lines[:end], "\n"))
}

// attributes reports whether a line, or it and the next, announce a quotation
// that follows.
func attributes(l string, lines []string, i int) bool {
	next := 1
	if !attribution.MatchString(clip(l)) {
		if i+1 >= len(lines) || !attribution.MatchString(clip(l+" "+lines[i+1])) {
			return false
		}
		next = 2
	}
	for _, q := range lines[min(i+next, len(lines)):] { // what follows is quoted, to the end
		if q = strings.TrimSpace(q); q != "" {
			return strings.HasPrefix(q, ">") && quotedToEnd(lines[i+next:]) || !strings.HasPrefix(q, ">")
		}
	}
	return true
}

func quotedToEnd(lines []string) bool {
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, ">") {
			return false
		}
	}
	return true
}

func clip(s string) string { return s[:min(len(s), 400)] }

// header4 reports whether lines look like the head that Outlook puts over what
// it quotes.
func header4(lines []string) bool {
	n := 0
	for _, l := range lines[:min(8, len(lines))] {
		name, _, ok := strings.Cut(strings.Trim(l, "* "), ":")
		if ok && len(name) < 15 && !strings.Contains(name, " ") {
			n++
		}
	}
	return n >= 3
}

// listed names the attachments of a mail of which nobody kept where they lie:
// what they are called, what they claim to be, and how large they are.
func listed(parts []part) string {
	var w strings.Builder
	for _, p := range parts {
		if len(p.Path) > 0 {
			continue
		}
		if w.Len() == 0 {
			w.WriteString("\n")
		}
		name := p.Name
		if name == "" {
			name = "without a name"
		}
		fmt.Fprintf(&w, "\nAttached: %s (%s, %s)", clean(name, 120), clean(p.Type, 80), size(p.Size))
	}
	return w.String()
}

func size(n int64) string {
	switch {
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%d bytes", max(0, n))
}
