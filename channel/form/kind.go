// Package form is a web form of our own: a public page that works without
// scripts, can be put into other pages of the company, and leads to a page on
// which the person finds our answer.
//
// It promises that a form sent twice is one message, that a page is framed
// only by the sites that the settings name, that nothing is taken without the
// consent that is asked for, and that what was typed is not lost over a
// mistake, files neither. It keeps no cookies.
package form

import (
	"context"
	"html/template"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/visit"
	"github.com/parley-crm/parley/social"
)

// Kind is the web form as a kind of channel.
func Kind() channel.Kind {
	asked := []string{"no", "may", "must"}
	return channel.Kind{
		Name:  "form",
		Title: "Web form",
		Site:  channel.SiteDirect,
		About: "A contact form on a page of its own, or inside a page of yours. It works without scripts, on any phone, for everybody.",
		Steps: []channel.Step{
			{Text: "Think of what you really need to know: every field less brings more answers."},
			{Text: "Have your privacy notice's address at hand, and the sites into which the form will be put."},
		},
		Form: []channel.Field{
			{Name: "title", Label: "Title", Type: "text", Required: true, Default: "Write to us"},
			{Name: "intro", Label: "Words above the form", Type: "lines", Help: "When you answer, for instance."},
			{Name: "name", Label: "Ask for a name", Type: "choice", Choices: asked, Default: "may"},
			{Name: "email", Label: "Ask for an email address", Type: "choice", Choices: asked, Default: "must",
				Help: "Whoever gives one is known by it on other channels too. It is not proved: anybody can type any address."},
			{Name: "phone", Label: "Ask for a phone number", Type: "choice", Choices: asked, Default: "no"},
			{Name: "topics", Label: "Topics to choose from", Type: "lines", Help: "One per line. Empty: no choice is asked."},
			{Name: "questions", Label: "Questions of your own", Type: "lines", Help: "One per line; a * at its end means that it must be answered, such as Order number*."},
			channel.BroughtField(),
			{Name: "consent", Label: "Consent", Type: "lines", Help: "If filled, a box with these words must be ticked."},
			{Name: "privacy", Label: "Privacy notice", Type: "url", Help: "Its address; the form links to it."},
			{Name: "thanks", Label: "Words of thanks", Type: "lines", Help: "Shown when the message has arrived."},
			{Name: "origins", Label: "Sites that may show it", Type: "lines", Help: "One per line, such as https://www.example.com. Empty: only its own page."},
			{Name: "lang", Label: "Language", Type: "choice", Choices: languages(), Default: "en"},
			{Name: "colour", Label: "Colour", Type: "text", Default: "#0b6571", Help: "Of the button, such as #0b6571."},
			{Name: "key", Label: "Key", Type: "secret", Hidden: true, Make: "key"},
		},
		New: open,
	}
}

// Need is whether something is asked for.
type need string

func (n need) Asked() bool { return n == "may" || n == "must" }
func (n need) Must() bool  { return n == "must" }

type question struct {
	Text string
	Must bool
}

type page struct {
	channel.Answers
	files                         *channel.Porter
	env                           channel.Env
	sign                          visit.Signer
	title, intro, consent, thanks string
	privacy, lang, colour, ink    string
	name, email, phone            need
	topics                        []string
	questions                     []question
	origins                       visit.Origins
	perVisitor, perTalk           *visit.Rate
	words                         words
}

var hex = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

func open(s channel.Settings, e channel.Env) (channel.Channel, error) {
	p := &page{
		Answers: channel.Answers{Env: e, Most: mostText},
		env:     e, title: s["title"], intro: s["intro"], consent: s["consent"], thanks: s["thanks"], privacy: s["privacy"], lang: s["lang"], colour: s["colour"],
		name: need(s["name"]), email: need(s["email"]), phone: need(s["phone"]), topics: lines(s["topics"]),
		perVisitor: &visit.Rate{Burst: 10, Span: 10 * time.Minute}, perTalk: &visit.Rate{Burst: 10, Span: 10 * time.Minute},
	}
	var err error
	if p.files, err = channel.NewPorter(e, s["files"]); err != nil {
		return nil, err
	}
	p.Answers.Files = p.files
	if p.sign, err = visit.NewSigner(s["key"]); err != nil {
		return nil, wrong("key", "The form's own key is missing.")
	}
	if p.origins, err = visit.ParseOrigins(s["origins"]); err != nil {
		return nil, wrong("origins", "In the sites: "+err.Error()+".")
	}
	if p.colour == "" {
		p.colour = "#0b6571"
	}
	if !hex.MatchString(p.colour) {
		return nil, wrong("colour", "The colour is # and six letters or digits, such as #0b6571.")
	}
	p.ink = ink(p.colour)
	if p.privacy != "" {
		if u, err := url.Parse(p.privacy); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return nil, wrong("privacy", "The privacy notice is an address that begins with https://.")
		}
	}
	for _, q := range lines(s["questions"]) {
		text, must := strings.CutSuffix(q, "*")
		p.questions = append(p.questions, question{strings.TrimSpace(text), must})
	}
	if len(p.questions) > 20 || len(p.topics) > 50 {
		return nil, wrong("questions", "These are too many; 20 questions and 50 topics fit.")
	}
	if p.lang == "" {
		p.lang = "en"
	}
	var known bool
	if p.words, known = spoken[p.lang]; !known {
		return nil, wrong("lang", "The form does not speak this language.")
	}
	if p.title == "" {
		p.title = "Write to us"
	}
	return p, nil
}

// ink is black or white, whichever is read better on a colour (WCAG 2.2,
// relative luminance).
func ink(colour string) string {
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		var v float64
		for _, c := range strings.ToLower(colour[1+2*i : 3+2*i]) {
			v = v*16 + float64(strings.IndexRune("0123456789abcdef", c))
		}
		v /= 255
		sum += weight * v * v // near enough to the sRGB curve
	}
	if 1.05/(sum+0.05) >= (sum+0.05)/0.05 {
		return "#ffffff"
	}
	return "#000000"
}

func lines(s string) []string {
	var out []string
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

func wrong(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}

func (p *page) now() time.Time { return p.env.Now() }

func (p *page) brand(ctx context.Context) string {
	if p.env.Brand == nil {
		return ""
	}
	return p.env.Brand(ctx).Name
}

// style is the page's own, with the company's colour.
func (p *page) style() template.CSS {
	return template.CSS(strings.NewReplacer("BRAND", p.colour, "INK", p.ink).Replace(styles))
}
