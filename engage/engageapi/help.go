package engageapi

import (
	"context"
	_ "embed" // the page's style and script
	"encoding/hex"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"golang.org/x/text/language"
)

// Front answers what the help page does not know itself.
type Front interface {
	// BrandName is what the company is called, "" before anybody has said so.
	BrandName(ctx context.Context) string
	// AskDoor is where a visitor can ask us: the wished channel's page, or the
	// first web form or chat that is open; "" if there is none.
	AskDoor(ctx context.Context, wish social.ChannelID) string
}

//go:embed help.css
var helpStyle string

//go:embed help.js
var helpScript []byte

// HelpPage serves the public help page below /help. Whoever comes may read; the
// server limits them as strangers and takes their cookies away.
type HelpPage struct {
	lib   *know.Library
	front Front
	srv   *server.Server
	log   *slog.Logger
}

// RegisterHelpPage opens the public help page.
func RegisterHelpPage(s *server.Server, lib *know.Library, front Front, log *slog.Logger) {
	p := &HelpPage{lib, front, s, log}
	s.Door("/help", p.serve)
	s.Door("/help/", p.serve)
}

// helpMost is the most that a visitor may bring at once.
const helpMost = 16 << 10

func (p *HelpPage) serve(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, helpMost)
	ctx := r.Context()
	open, err := p.lib.HelpOpen(ctx)
	if err != nil {
		p.away(w, err)
		return
	}
	if !open {
		w.Header().Set("Cache-Control", "no-store")
		http.NotFound(w, r)
		return
	}
	get := r.Method == http.MethodGet || r.Method == http.MethodHead
	if !get && r.Method != http.MethodPost {
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "This page takes GET and POST.", http.StatusMethodNotAllowed)
		return
	}
	parts := strings.Split(strings.Trim(strings.TrimPrefix(r.URL.Path, "/help"), "/"), "/")
	switch {
	case parts[0] == "" && get:
		p.choose(w, r)
	case parts[0] == "sitemap.xml" && get:
		p.sitemap(w, r)
	case parts[0] == "-" && len(parts) == 2 && get:
		p.piece(w, r, parts[1])
	case len(parts) == 1 && get:
		p.home(w, r, parts[0])
	case len(parts) == 2 && get:
		p.article(w, r, parts[0], parts[1])
	case len(parts) == 2:
		p.vote(w, r, parts[0], parts[1])
	default:
		p.missing(w, r, "")
	}
}

func (p *HelpPage) away(w http.ResponseWriter, err error) {
	p.log.Error("the help page failed", "error", err)
	http.Error(w, "Parley made a mistake. Try again in a moment.", http.StatusInternalServerError)
}

// helpView is what a page shows.
type helpView struct {
	W                   helpWords
	Lang, Dir           string
	Brand, Title, Intro string
	Page                string // its own title
	About               string // in a sentence, for search engines
	Canonical, Base     string
	Others              []helpOther
	Ask                 string
	StyleAt, ScriptAt   string
	Q                   string
	Results             []helpRow
	Searched            bool
	Subjects            []helpSubject
	Article             *know.Article
	Body                template.HTML
	Changed             string
	Related             []helpRow
	Voted               string
	NoIndex             bool
	Style               template.CSS
}

type helpOther struct{ Lang, Name, URL string }

type helpRow struct{ Title, URL, Lead, Lang string }

type helpSubject struct {
	Name string
	Rows []helpRow
}

// rightToLeft are the languages that are written so.
var rightToLeft = []string{"ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv"}

func primary(lang string) string {
	p, _, _ := strings.Cut(lang, "-")
	return strings.ToLower(p)
}

func (p *HelpPage) view(ctx context.Context, lang string) (helpView, error) {
	s, err := p.lib.Store.HelpSettings(ctx)
	if err != nil {
		return helpView{}, err
	}
	v := helpView{W: helpSpoken["en"], Lang: lang, Dir: "ltr", Brand: p.front.BrandName(ctx), Intro: s.Intro, Base: strings.TrimSuffix(p.srv.Base, "/"), StyleAt: helpHash, ScriptAt: helpHash}
	if w, ok := helpSpoken[primary(lang)]; ok {
		v.W = w
	}
	if slices.Contains(rightToLeft, primary(lang)) {
		v.Dir = "rtl"
	}
	if v.Title = s.Title; v.Title == "" {
		v.Title = strings.TrimSpace(v.Brand + " " + v.W.Help)
	}
	if p.front.AskDoor(ctx, s.Ask) != "" {
		v.Ask = "/help/-/ask?lang=" + url.QueryEscape(lang)
	}
	if s.Colour != "" {
		v.Style = template.CSS(":root{--brand:" + s.Colour + ";--on-brand:" + inkOn(s.Colour) + "}") //nolint:gosec // the settings take # and six digits only
	}
	return v, nil
}

// inkOn is black or white, whichever is read better on a colour.
func inkOn(colour string) string {
	raw, err := hex.DecodeString(colour[1:])
	if err != nil || len(raw) != 3 {
		return "#fff"
	}
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v := float64(raw[i]) / 255
		sum += weight * v * v
	}
	if 1.05/(sum+0.05) >= (sum+0.05)/0.05 {
		return "#fff"
	}
	return "#000"
}

// choose leads to the language that the visitor reads.
func (p *HelpPage) choose(w http.ResponseWriter, r *http.Request) {
	langs, err := p.langs(r.Context())
	if err != nil {
		p.away(w, err)
		return
	}
	var have []language.Tag
	for _, l := range langs {
		have = append(have, language.Make(l))
	}
	wish, _, _ := language.ParseAcceptLanguage(cutTo(r.Header.Get("Accept-Language"), 200)) // what is no list of languages wishes nothing
	_, i, _ := language.NewMatcher(have).Match(wish...)
	to := "/help/" + url.PathEscape(langs[i])
	if q := r.URL.Query().Get("q"); q != "" {
		to += "?q=" + url.QueryEscape(cutTo(q, 200))
	}
	w.Header().Set("Vary", "Accept-Language")
	w.Header().Set("Cache-Control", "private, max-age=60")
	http.Redirect(w, r, to, http.StatusFound)
}

func cutTo(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// langs are the languages in which something is published, the one with most first.
func (p *HelpPage) langs(ctx context.Context) ([]string, error) {
	all, err := p.lib.Store.World(ctx, "")
	n := map[string]int{}
	for _, a := range all {
		n[a.Lang]++
	}
	var out []string
	for l := range n {
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b string) int {
		if n[a] != n[b] {
			return n[b] - n[a]
		}
		return strings.Compare(a, b)
	})
	return out, err
}

// visitor names whoever comes, "" for machines.
func (p *HelpPage) visitor(r *http.Request) string {
	c := server.CredentialsOf(r.Context())
	if r.Method == http.MethodHead || know.Machine(c.Agent) || r.Header.Get("Sec-Purpose") != "" || r.Header.Get("Purpose") == "prefetch" {
		return ""
	}
	v, err := p.lib.Visitor(r.Context(), c.IP, c.Agent)
	if err != nil {
		p.log.Warn("a visitor could not be counted", "error", err)
	}
	return v
}

func (p *HelpPage) note(r *http.Request, e know.Event) {
	if e.Visitor = p.visitor(r); e.Visitor != "" {
		p.lib.Note(e)
	}
}

func rowOf(a know.Article) helpRow {
	return helpRow{Title: a.Title, URL: know.HelpPath(a.Lang, a.Slug), Lang: a.Lang}
}
