package engageapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/kit/mark"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// KnowAround answers what knowledge itself does not know.
type KnowAround interface {
	Members(ctx context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error)
	Programmes(ctx context.Context, ids []social.ProgrammeID) (map[social.ProgrammeID]social.ProgrammeRef, error)
	// Reach changes the scope of ctx to that of another permission; ok is
	// false where the actor has it nowhere.
	Reach(ctx context.Context, p social.Permission) (in context.Context, ok bool)
}

type knowAPI struct {
	lib    *know.Library
	around KnowAround
}

// RegisterKnow adds the operations on articles.
func RegisterKnow(s *server.Server, lib *know.Library, around KnowAround) {
	a := &knowAPI{lib, around}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Engage", Permission: p, Summary: summary}
	}
	empty := func(o server.Op) server.Op { o.Status = http.StatusNoContent; return o }
	made := func(o server.Op) server.Op { o.Status = http.StatusCreated; return o }
	large := func(o server.Op) server.Op { o.MaxBody = 16 << 20; return o }
	const get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	const read, write = social.KnowRead, social.KnowWrite
	const all, one = "/api/know/articles", "/api/know/articles/{id}"

	server.Register(s, op("list-articles", get, all, read, "Articles, the newest change first; with words, those that suit best."), a.list)
	server.Register(s, op("count-articles", get, "/api/know", read, "How many articles there are, by state, and in which languages."), a.counts)
	server.Register(s, made(op("add-article", post, all, write, "Begin an article, or a translation of one.")), a.add)
	server.Register(s, large(op("import-articles", post, all+"/import", write, "Bring in Markdown files, several at once; a dry run only says what would happen.")), a.imports)
	server.Register(s, op("export-articles", get, "/api/know/articles.zip", read, "All articles that one may see as Markdown files."), a.export)
	server.Register(s, op("get-article", get, one, read, "One article, as it reads, with its translations and what one is writing."), a.get)
	server.Register(s, op("edit-article", patch, one, write, "Change what stands around the words. What is left out stays."), a.edit)
	server.Register(s, op("keep-article", post, one+"/versions", write, "Keep words as the next version."), a.keep)
	server.Register(s, op("list-versions", get, one+"/versions", read, "The versions of an article, the newest first."), a.versions)
	server.Register(s, op("compare-versions", get, one+"/compare", read, "What two versions have in common and what not."), a.compare)
	server.Register(s, op("restore-version", post, one+"/versions/{n}/restore", write, "Make the words of an older version the next one."), a.restore)
	server.Register(s, op("turn-article", post, one+"/state", write, "Publish an article, archive it, or make it a draft again."), a.turn)
	server.Register(s, op("write-article", put, one+"/draft", write, "Keep what one is writing, without making a version of it."), a.write)
	server.Register(s, empty(op("drop-article-draft", del, one+"/draft", write, "Throw away what one was writing.")), a.drop)
	server.Register(s, empty(op("remove-article", del, one, write, "Delete an article. For thirty days it can be brought back.")), a.remove)
	server.Register(s, op("bring-article", post, one+"/undelete", write, "Bring a deleted article back as it was."), a.bring)
	server.Register(s, op("preview-article", post, "/api/know/preview", read, "Markdown as it will read."), a.preview)
	server.Register(s, op("list-categories", get, "/api/know/categories", read, "The subjects of articles, in their order."), a.categories)
	server.Register(s, made(op("add-category", post, "/api/know/categories", write, "Add a subject.")), a.addCategory)
	server.Register(s, op("edit-category", put, "/api/know/categories/{id}", write, "Give a subject another name or place."), a.editCategory)
	server.Register(s, empty(op("remove-category", del, "/api/know/categories/{id}", write, "Remove a subject; its articles stay.")), a.removeCategory)
}

// may says who may change what the world reads.
func (a *knowAPI) may(ctx context.Context, p social.ProgrammeID) bool {
	in, ok := a.around.Reach(ctx, social.KnowPublish)
	return ok && (social.ScopeOf(in).All || social.ScopeOf(in).Sees(p))
}

// ArticlePath names an article in an address.
type ArticlePath struct {
	ID know.ArticleID `path:"id" maxLength:"64"`
}

// Article is an article in a list.
type Article struct {
	ID          know.ArticleID       `json:"id"`
	Set         string               `json:"set" doc:"Translations of one article share it."`
	Lang        string               `json:"lang" doc:"BCP 47."`
	Slug        string               `json:"slug"`
	Title       string               `json:"title"`
	Lead        string               `json:"lead" doc:"How it begins, in plain words."`
	Visibility  social.Visibility    `json:"visibility" doc:"public or internal."`
	State       know.State           `json:"state" doc:"draft, published or archived."`
	Category    know.CategoryID      `json:"category,omitempty"`
	Programme   *social.ProgrammeRef `json:"programme,omitempty"`
	Owner       *social.MemberRef    `json:"owner,omitempty"`
	ReviewBy    *time.Time           `json:"review_by,omitempty"`
	Stale       bool                 `json:"stale" doc:"The time to look at it again has come."`
	Version     int64                `json:"version"`
	PublishedAt *time.Time           `json:"published_at,omitempty"`
	CreatedAt   time.Time            `json:"created_at"`
	UpdatedAt   time.Time            `json:"updated_at"`
}

// ArticleFull is an article with its words.
type ArticleFull struct {
	Article
	Body         string          `json:"body" doc:"Markdown."`
	HTML         string          `json:"html" doc:"The same as it reads; safe to show."`
	Translations []ArticleRef    `json:"translations" doc:"The same in other languages."`
	Writing      *ArticleWriting `json:"writing,omitempty" doc:"What one is writing and has not kept."`
	MayWrite     bool            `json:"may_write"`
	MayPublish   bool            `json:"may_publish" doc:"Whether one may change what the world reads of it."`
}

// ArticleRef is a translation.
type ArticleRef struct {
	ID    know.ArticleID `json:"id"`
	Lang  string         `json:"lang"`
	Title string         `json:"title"`
	State know.State     `json:"state"`
}

// ArticleWriting is what somebody is writing.
type ArticleWriting struct {
	Title   string    `json:"title"`
	Body    string    `json:"body"`
	Version int64     `json:"version" doc:"That it began with."`
	At      time.Time `json:"at"`
}

// leadLength is how much of an article's beginning stands in a list.
const leadLength = 180

func (a *knowAPI) rows(ctx context.Context, all []know.Article) ([]Article, error) {
	var who []social.MemberID
	var where []social.ProgrammeID
	for _, x := range all {
		who, where = append(who, x.Owner), append(where, x.Programme)
	}
	members, err := a.around.Members(ctx, who)
	if err != nil {
		return nil, err
	}
	programmes, err := a.around.Programmes(ctx, where)
	if err != nil {
		return nil, err
	}
	out := make([]Article, len(all))
	for i, x := range all {
		out[i] = Article{ID: x.ID, Set: x.Set, Lang: x.Lang, Slug: x.Slug, Title: x.Title, Lead: mark.Lead(x.Body, leadLength), Visibility: x.Visibility, State: x.State,
			Category: x.Category, ReviewBy: server.When(x.ReviewBy), Stale: x.Stale(a.lib.Clock.Now()), Version: x.Version, PublishedAt: server.When(x.PublishedAt), CreatedAt: x.CreatedAt, UpdatedAt: x.UpdatedAt}
		if m, ok := members[x.Owner]; ok {
			out[i].Owner = &m
		}
		if p, ok := programmes[x.Programme]; ok {
			out[i].Programme = &p
		}
	}
	return out, nil
}

func (a *knowAPI) full(ctx context.Context, x know.Article, err error) (*server.Body[ArticleFull], error) {
	if err != nil {
		return nil, err
	}
	rows, err := a.rows(ctx, []know.Article{x})
	if err != nil {
		return nil, err
	}
	out := ArticleFull{Article: rows[0], Body: x.Body, HTML: mark.HTML(x.Body), Translations: []ArticleRef{}, MayPublish: a.may(ctx, x.Programme)}
	if in, ok := a.around.Reach(ctx, social.KnowWrite); ok {
		out.MayWrite = social.ScopeOf(in).All || social.ScopeOf(in).Sees(x.Programme)
	}
	others, err := a.lib.Store.Set(ctx, x.Set)
	if err != nil {
		return nil, err
	}
	for _, o := range others {
		if o.ID != x.ID {
			out.Translations = append(out.Translations, ArticleRef{o.ID, o.Lang, o.Title, o.State})
		}
	}
	if w, ok, err := a.lib.Written(ctx, x.ID); err != nil {
		return nil, err
	} else if ok {
		out.Writing = &ArticleWriting{w.Title, w.Body, w.Version, w.At}
	}
	return &server.Body[ArticleFull]{Body: out}, nil
}

type listArticlesIn struct {
	server.Paging
	Q          string            `query:"q" maxLength:"200" doc:"Words; the best hundred come at once, without a next page."`
	State      know.State        `query:"state" enum:"draft,published,archived"`
	Lang       string            `query:"lang" maxLength:"35"`
	Category   know.CategoryID   `query:"category" maxLength:"64"`
	Visibility social.Visibility `query:"visibility" enum:"public,internal"`
	Owner      social.MemberID   `query:"owner" maxLength:"64"`
	Due        bool              `query:"due" doc:"Only those that somebody should look at again."`
}

func (a *knowAPI) list(ctx context.Context, in *listArticlesIn) (*server.Body[server.Page[Article]], error) {
	q := know.ArticleQuery{State: in.State, Lang: in.Lang, Category: in.Category, Visibility: in.Visibility, Owner: in.Owner, Cursor: in.Cursor, Limit: in.Limit}
	if in.Due {
		q.Due = a.lib.Clock.Now()
	}
	var found []know.Article
	var next string
	var err error
	if in.Q != "" {
		found, err = a.lib.Search(ctx, in.Q, q)
	} else {
		found, next, err = a.lib.Store.List(ctx, q)
	}
	if err != nil {
		return nil, err
	}
	rows, err := a.rows(ctx, found)
	if err != nil {
		return nil, err
	}
	return &server.Body[server.Page[Article]]{Body: server.NewPage(rows, next)}, nil
}

// ArticleCounts is how many articles there are.
type ArticleCounts struct {
	Draft     int      `json:"draft"`
	Published int      `json:"published"`
	Archived  int      `json:"archived"`
	Public    int      `json:"public" doc:"Of those published, the ones that the world may read."`
	Due       int      `json:"due" doc:"To be looked at again."`
	Langs     []string `json:"langs"`
}

func (a *knowAPI) counts(ctx context.Context, _ *struct{}) (*server.Body[ArticleCounts], error) {
	c, err := a.lib.Store.Counts(ctx, a.lib.Clock.Now())
	out := ArticleCounts{c.Draft, c.Published, c.Archived, c.Public, c.Due, []string{}}
	had := map[string]bool{}
	for _, l := range c.Langs {
		if !had[l] {
			had[l] = true
			out.Langs = append(out.Langs, l)
		}
	}
	return &server.Body[ArticleCounts]{Body: out}, err
}

type addArticleIn struct {
	Body struct {
		Title      string             `json:"title" maxLength:"400"`
		Body       string             `json:"body,omitempty" maxLength:"100000"`
		Lang       string             `json:"lang" maxLength:"35"`
		Slug       string             `json:"slug,omitempty" maxLength:"200"`
		Visibility social.Visibility  `json:"visibility,omitempty" enum:"public,internal"`
		Category   know.CategoryID    `json:"category,omitempty" maxLength:"64"`
		Programme  social.ProgrammeID `json:"programme,omitempty" maxLength:"64"`
		Of         know.ArticleID     `json:"of,omitempty" maxLength:"64" doc:"The article that this is a translation of."`
	}
}

func (a *knowAPI) add(ctx context.Context, in *addArticleIn) (*server.Body[ArticleFull], error) {
	x := in.Body
	made, err := a.lib.Add(ctx, know.Article{Title: x.Title, Body: x.Body, Lang: x.Lang, Slug: x.Slug, Visibility: x.Visibility, Category: x.Category, Programme: x.Programme}, x.Of)
	return a.full(ctx, made, err)
}

func (a *knowAPI) get(ctx context.Context, in *ArticlePath) (*server.Body[ArticleFull], error) {
	x, err := a.lib.Store.Article(ctx, in.ID)
	return a.full(ctx, x, err)
}

type editArticleIn struct {
	ArticlePath
	Body struct {
		Slug       *string             `json:"slug,omitempty" maxLength:"200"`
		Visibility *social.Visibility  `json:"visibility,omitempty" enum:"public,internal"`
		Category   *know.CategoryID    `json:"category,omitempty" maxLength:"64" doc:"Empty: none."`
		Programme  *social.ProgrammeID `json:"programme,omitempty" maxLength:"64" doc:"Empty: for the whole house."`
		Owner      *social.MemberID    `json:"owner,omitempty" maxLength:"64"`
		ReviewBy   *string             `json:"review_by,omitempty" maxLength:"40" doc:"A time (RFC 3339) or a day; empty: never."`
	}
}

func (a *knowAPI) edit(ctx context.Context, in *editArticleIn) (*server.Body[ArticleFull], error) {
	x := in.Body
	p := know.Patch{Slug: x.Slug, Visibility: x.Visibility, Category: x.Category, Programme: x.Programme, Owner: x.Owner}
	if x.ReviewBy != nil {
		at, err := dayOrTime(*x.ReviewBy)
		if err != nil {
			return nil, err
		}
		p.ReviewBy = &at
	}
	if x.Owner != nil && *x.Owner != "" {
		known, err := a.around.Members(ctx, []social.MemberID{*x.Owner})
		if err != nil {
			return nil, err
		}
		if _, ok := known[*x.Owner]; !ok {
			return nil, &social.Error{Kind: social.NotFound, Field: "owner", Text: "There is no such member."}
		}
	}
	out, err := a.lib.Change(ctx, in.ID, p, a.may)
	return a.full(ctx, out, err)
}

func dayOrTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 1970 && t.Year() < 3000 {
			return t.UTC().Truncate(time.Microsecond), nil
		}
	}
	return time.Time{}, &social.Error{Kind: social.Invalid, Field: "review_by", Text: "Write a day such as 2027-03-31."}
}

func (a *knowAPI) turn(ctx context.Context, in *struct {
	ArticlePath
	Body struct {
		State know.State `json:"state" enum:"draft,published,archived"`
	}
}) (*server.Body[ArticleFull], error) {
	x, err := a.lib.Turn(ctx, in.ID, in.Body.State, a.may)
	return a.full(ctx, x, err)
}

func (a *knowAPI) remove(ctx context.Context, in *ArticlePath) (*struct{}, error) {
	return nil, a.lib.Remove(ctx, in.ID, a.may)
}

func (a *knowAPI) bring(ctx context.Context, in *ArticlePath) (*server.Body[ArticleFull], error) {
	x, err := a.lib.Bring(ctx, in.ID, a.may)
	return a.full(ctx, x, err)
}

// Rendered is Markdown as it reads.
type Rendered struct {
	HTML string `json:"html" doc:"Safe to show."`
}

func (a *knowAPI) preview(_ context.Context, in *struct {
	Body struct {
		Body string `json:"body" maxLength:"100000"`
	}
}) (*server.Body[Rendered], error) {
	return &server.Body[Rendered]{Body: Rendered{mark.HTML(in.Body.Body)}}, nil
}
