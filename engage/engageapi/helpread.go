package engageapi

import (
	"context"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/kit/mark"
	"github.com/parley-crm/parley/kit/visit"
	"github.com/parley-crm/parley/social"
)

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
