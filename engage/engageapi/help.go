package engageapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed" // the page's style and script
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/kit/mark"
	"github.com/parley-crm/parley/kit/visit"
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

func (p *HelpPage) home(w http.ResponseWriter, r *http.Request, lang string) {
	ctx := r.Context()
	all, err := p.lib.Store.World(ctx, "")
	if err != nil {
		p.away(w, err)
		return
	}
	v, err := p.view(ctx, lang)
	if err != nil {
		p.away(w, err)
		return
	}
	var here []know.Article
	for _, a := range all {
		if a.Lang == lang {
			here = append(here, a)
		}
	}
	if len(here) == 0 {
		p.missing(w, r, "")
		return
	}
	langs, err := p.langs(ctx)
	if err != nil {
		p.away(w, err)
		return
	}
	for _, l := range langs {
		if l != lang {
			v.Others = append(v.Others, helpOther{l, nameOf(l), "/help/" + url.PathEscape(l)})
		}
	}
	v.Page, v.About, v.Canonical = v.Title, v.Intro, "/help/"+url.PathEscape(lang)
	if v.About == "" {
		v.About = v.W.Intro
	}
	v.Q = strings.TrimSpace(cutTo(r.URL.Query().Get("q"), 200))
	if v.Q != "" {
		v.Searched, v.NoIndex = true, true
		if v.Results, err = p.find(ctx, v.Q, lang, true, 20); err != nil {
			p.away(w, err)
			return
		}
		p.note(r, know.Event{Do: "search", Words: v.Q, Lang: lang, Found: len(v.Results)})
	} else {
		p.note(r, know.Event{Do: "visit"})
	}
	if v.Subjects, err = p.subjects(ctx, here, v.W.More); err != nil {
		p.away(w, err)
		return
	}
	p.show(w, r, "home", http.StatusOK, v, v.Q == "")
}

func nameOf(lang string) string {
	if w, ok := helpSpoken[primary(lang)]; ok && !strings.Contains(lang, "-") {
		return w.Name
	}
	return lang
}

func (p *HelpPage) subjects(ctx context.Context, all []know.Article, rest string) ([]helpSubject, error) {
	categories, err := p.lib.Store.Categories(ctx)
	var out []helpSubject
	add := func(name string, ids ...know.CategoryID) {
		s := helpSubject{Name: name}
		for _, a := range all {
			if slices.Contains(ids, a.Category) {
				s.Rows = append(s.Rows, rowOf(a))
			}
		}
		if len(s.Rows) > 0 {
			out = append(out, s)
		}
	}
	for _, c := range categories {
		if c.Parent == "" {
			ids := []know.CategoryID{c.ID}
			for _, x := range categories {
				if x.Parent == c.ID {
					ids = append(ids, x.ID)
				}
			}
			add(c.Name, ids...)
		}
	}
	add(rest, "")
	return out, err
}

func (p *HelpPage) find(ctx context.Context, q, lang string, typing bool, limit int) ([]helpRow, error) {
	hits, err := p.lib.FindWorld(ctx, q, lang, false, typing, limit)
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	var ids []know.ArticleID
	for _, h := range hits {
		ids = append(ids, know.ArticleID(h.ID))
	}
	found, _, err := p.lib.Store.List(social.WithScope(ctx, social.Scope{}), know.ArticleQuery{IDs: ids, State: know.Published, Visibility: social.Public, Limit: 100})
	var out []helpRow
	for _, id := range ids {
		if i := slices.IndexFunc(found, func(a know.Article) bool { return a.ID == id }); i >= 0 {
			row := rowOf(found[i])
			row.Lead = mark.Lead(found[i].Body, 140)
			out = append(out, row)
		}
	}
	return out, err
}

func (p *HelpPage) article(w http.ResponseWriter, r *http.Request, lang, slug string) {
	ctx := r.Context()
	a, err := p.lib.Store.WorldArticle(ctx, lang, slug)
	if social.NotFound.Is(err) {
		p.missing(w, r, lang)
		return
	}
	var v helpView
	if err == nil {
		v, err = p.view(ctx, a.Lang)
	}
	if err != nil {
		p.away(w, err)
		return
	}
	v.Article, v.Body = &a, template.HTML(mark.HTML(a.Body)) //nolint:gosec // rendered and sanitised
	v.Page, v.About, v.Canonical = a.Title, mark.Lead(a.Body, 160), know.HelpPath(a.Lang, a.Slug)
	v.Changed = a.UpdatedAt.UTC().Format(time.DateOnly)
	if v.Ask != "" {
		v.Ask += "&from=" + url.QueryEscape(string(a.ID))
	}
	if vote := r.URL.Query().Get("thanks"); vote == "yes" || vote == "no" || vote == "said" {
		v.Voted = vote
	}
	all, err := p.lib.Store.World(ctx, "")
	if err != nil {
		p.away(w, err)
		return
	}
	for _, o := range all {
		if o.Set == a.Set && o.ID != a.ID {
			v.Others = append(v.Others, helpOther{o.Lang, nameOf(o.Lang), know.HelpPath(o.Lang, o.Slug)})
		}
	}
	related, err := p.lib.FindWorld(ctx, a.Title+" "+v.About, a.Lang, true, false, 4)
	if err != nil {
		p.away(w, err)
		return
	}
	for _, h := range related {
		i := slices.IndexFunc(all, func(o know.Article) bool { return o.ID == know.ArticleID(h.ID) })
		if i >= 0 && all[i].ID != a.ID && len(v.Related) < 3 {
			v.Related = append(v.Related, rowOf(all[i]))
		}
	}
	p.note(r, know.Event{Do: "read", Article: a.ID})
	p.show(w, r, "article", http.StatusOK, v, v.Voted == "")
}

// vote takes whether an article solved it.
func (p *HelpPage) vote(w http.ResponseWriter, r *http.Request, lang, slug string) {
	origin, known := visit.Of(r, p.srv.Base)
	if origin != "" || !known {
		http.Error(w, "This can only be sent from its own page.", http.StatusForbidden)
		return
	}
	if err := r.ParseForm(); err != nil {
		http.Error(w, "These are too many words.", http.StatusRequestEntityTooLarge)
		return
	}
	a, err := p.lib.Store.WorldArticle(r.Context(), lang, slug)
	if social.NotFound.Is(err) {
		p.missing(w, r, lang)
		return
	}
	if err != nil {
		p.away(w, err)
		return
	}
	vote := r.PostFormValue("vote")
	if vote != "yes" && vote != "no" {
		http.Error(w, "Say yes or no.", http.StatusUnprocessableEntity)
		return
	}
	p.note(r, know.Event{Do: "vote", Article: a.ID, Vote: vote})
	thanks := vote
	if said := r.PostFormValue("words"); said != "" {
		thanks = "said"
		if v := p.visitor(r); v != "" {
			if err := p.lib.Say(r.Context(), v, a.ID, vote, said); social.Busy.Is(err) {
				http.Error(w, err.Error(), http.StatusTooManyRequests)
				return
			} else if err != nil {
				p.away(w, err)
				return
			}
		}
	}
	w.Header().Set("Location", know.HelpPath(a.Lang, a.Slug)+"?thanks="+thanks+"#solved")
	w.WriteHeader(http.StatusSeeOther)
}

// piece serves what pages are made of.
func (p *HelpPage) piece(w http.ResponseWriter, r *http.Request, name string) {
	h := w.Header()
	q := r.URL.Query()
	switch name {
	case "help.css", "help.js":
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("Content-Type", "text/css; charset=utf-8")
		body := []byte(helpStyle)
		if name == "help.js" {
			h.Set("Content-Type", "text/javascript; charset=utf-8")
			body = helpScript
		}
		if r.Method == http.MethodGet {
			_, _ = w.Write(body)
		}
	case "find":
		words, lang := strings.TrimSpace(cutTo(q.Get("q"), 200)), cutTo(q.Get("lang"), 35)
		v, err := p.view(r.Context(), lang)
		if err == nil && words != "" {
			v.Results, err = p.find(r.Context(), words, lang, true, 8)
		}
		if err != nil {
			p.away(w, err)
			return
		}
		if q.Get("settled") != "" {
			p.note(r, know.Event{Do: "search", Words: words, Lang: lang, Found: len(v.Results)})
		}
		v.Q, v.Searched = words, words != ""
		p.show(w, r, "results", http.StatusOK, v, false)
	case "ask":
		s, err := p.lib.Store.HelpSettings(r.Context())
		if err != nil {
			p.away(w, err)
			return
		}
		door := p.front.AskDoor(r.Context(), s.Ask)
		if door == "" {
			p.missing(w, r, q.Get("lang"))
			return
		}
		e := know.Event{Do: "ask"}
		if all, err := p.lib.Store.World(r.Context(), ""); err == nil && slices.ContainsFunc(all, func(a know.Article) bool { return string(a.ID) == q.Get("from") }) {
			e.Article = know.ArticleID(q.Get("from"))
		}
		p.note(r, e)
		h.Set("Cache-Control", "no-store")
		http.Redirect(w, r, door, http.StatusFound)
	default:
		p.missing(w, r, "")
	}
}

func (p *HelpPage) missing(w http.ResponseWriter, r *http.Request, lang string) {
	langs, err := p.langs(r.Context())
	if err != nil {
		p.away(w, err)
		return
	}
	if !slices.Contains(langs, lang) {
		lang = langs[0]
	}
	v, err := p.view(r.Context(), lang)
	if err != nil {
		p.away(w, err)
		return
	}
	v.Page, v.NoIndex = v.W.Gone, true
	p.show(w, r, "gone", http.StatusNotFound, v, false)
}

// sitemap lists what everybody may read, for search engines.
func (p *HelpPage) sitemap(w http.ResponseWriter, r *http.Request) {
	all, err := p.lib.Store.World(r.Context(), "")
	if err != nil {
		p.away(w, err)
		return
	}
	base := server.Origin(r.Context(), p.srv)
	type link struct {
		Rel  string `xml:"rel,attr"`
		Lang string `xml:"hreflang,attr"`
		Href string `xml:"href,attr"`
	}
	type entry struct {
		Loc     string `xml:"loc"`
		Changed string `xml:"lastmod,omitempty"`
		Others  []link `xml:"xhtml:link"`
	}
	type set struct {
		XMLName xml.Name `xml:"urlset"`
		NS      string   `xml:"xmlns,attr"`
		XHTML   string   `xml:"xmlns:xhtml,attr"`
		URLs    []entry  `xml:"url"`
	}
	out := set{NS: "http://www.sitemaps.org/schemas/sitemap/0.9", XHTML: "http://www.w3.org/1999/xhtml"}
	had := map[string]bool{}
	bySet := map[string][]know.Article{}
	for _, a := range all {
		bySet[a.Set] = append(bySet[a.Set], a)
	}
	for _, a := range all {
		if !had[a.Lang] {
			had[a.Lang] = true
			out.URLs = append(out.URLs, entry{Loc: base + "/help/" + url.PathEscape(a.Lang)})
		}
		e := entry{Loc: base + know.HelpPath(a.Lang, a.Slug), Changed: a.UpdatedAt.UTC().Format(time.DateOnly)}
		if len(bySet[a.Set]) > 1 {
			for _, o := range bySet[a.Set] {
				e.Others = append(e.Others, link{"alternate", o.Lang, base + know.HelpPath(o.Lang, o.Slug)})
			}
		}
		out.URLs = append(out.URLs, e)
	}
	text, err := xml.MarshalIndent(out, "", " ")
	if err != nil {
		p.away(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	if r.Method == http.MethodGet {
		_, _ = w.Write(append([]byte(xml.Header), text...))
	}
}

// helpHash changes with the style and the script, so that browsers may keep them.
var helpHash = func() string {
	sum := sha256.Sum256(append([]byte(helpStyle), helpScript...))
	return hex.EncodeToString(sum[:6])
}()

// show writes a page. What may be kept is kept for a minute.
func (p *HelpPage) show(w http.ResponseWriter, r *http.Request, name string, status int, v helpView, keep bool) {
	var b bytes.Buffer
	if err := helpPages.ExecuteTemplate(&b, name, v); err != nil {
		p.away(w, err)
		return
	}
	h := w.Header()
	style := "'self'"
	if v.Style != "" {
		sum := sha256.Sum256([]byte(v.Style))
		style += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	h.Set("Content-Security-Policy", "default-src 'none'; style-src "+style+"; script-src 'self'; connect-src 'self'; img-src 'self' https:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("Referrer-Policy", "same-origin") // with none a browser would not say that a vote came from its own page
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	if keep && status == http.StatusOK {
		sum := sha256.Sum256(b.Bytes())
		tag := `"` + hex.EncodeToString(sum[:8]) + `"`
		h.Set("Cache-Control", "public, max-age=60, stale-while-revalidate=600")
		h.Set("ETag", tag)
		if strings.Contains(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes())
	}
}
