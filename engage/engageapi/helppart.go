package engageapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/server"
)

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
