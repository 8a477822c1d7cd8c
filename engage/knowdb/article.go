package knowdb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type articleRow struct {
	bun.BaseModel `bun:"table:know_article"`
	ID            string `bun:"id,pk"`
	Set           string `bun:"set_id"`
	Lang          string `bun:"lang"`
	Slug          string `bun:"slug"`
	Title         string `bun:"title"`
	Body          string `bun:"body"`
	Visibility    string `bun:"visibility"`
	State         string `bun:"state"`
	Category      string `bun:"category_id"`
	Programme     string `bun:"programme_id"`
	Owner         string `bun:"owner_id"`
	ReviewAt      int64  `bun:"review_at"`
	Version       int64  `bun:"version"`
	Change        int64  `bun:"change"`
	PublishedAt   int64  `bun:"published_at"`
	CreatedAt     int64  `bun:"created_at"`
	UpdatedAt     int64  `bun:"updated_at"`
	DeletedAt     int64  `bun:"deleted_at"`
}

func (r *articleRow) article() know.Article {
	return know.Article{ID: know.ArticleID(r.ID), Set: r.Set, Lang: r.Lang, Slug: r.Slug, Title: r.Title, Body: r.Body,
		Visibility: social.Visibility(r.Visibility), State: know.State(r.State), Category: know.CategoryID(r.Category), Programme: social.ProgrammeID(r.Programme),
		Owner: social.MemberID(r.Owner), ReviewBy: store.Time(r.ReviewAt), Version: r.Version, Change: r.Change, PublishedAt: store.Time(r.PublishedAt),
		CreatedAt: store.Time(r.CreatedAt), UpdatedAt: store.Time(r.UpdatedAt), DeletedAt: store.Time(r.DeletedAt)}
}

func articles(rows []articleRow) []know.Article {
	out := make([]know.Article, len(rows))
	for i := range rows {
		out[i] = rows[i].article()
	}
	return out
}

// List reads a page, the newest change first.
func (s *DB) List(ctx context.Context, q know.ArticleQuery) ([]know.Article, string, error) {
	var rows []articleRow
	sel := seen(ctx, s.IDB(ctx).NewSelect().Model(&rows)).Where("deleted_at = 0")
	for column, value := range map[string]string{"state": string(q.State), "lang": q.Lang, "visibility": string(q.Visibility), "owner_id": string(q.Owner)} {
		if value != "" {
			sel = sel.Where("? = ?", bun.Ident(column), value)
		}
	}
	if q.Category != "" {
		sel = sel.Where("category_id IN (SELECT id FROM know_category WHERE id = ? OR parent_id = ?)", string(q.Category), string(q.Category))
	}
	if !q.Due.IsZero() {
		sel = sel.Where("review_at > 0 AND review_at <= ? AND state <> 'archived'", store.At(q.Due))
	}
	if q.IDs != nil {
		if len(q.IDs) == 0 {
			return nil, "", nil
		}
		sel = sel.Where("id IN (?)", bun.List(q.IDs))
	}
	var at int64
	var id string
	if ok, err := store.FromCursor(q.Cursor, &at, &id); err != nil {
		return nil, "", err
	} else if ok {
		sel = sel.Where("(updated_at, id) < (?, ?)", at, id)
	}
	limit := store.Limit(q.Limit)
	if err := sel.Order("updated_at DESC", "id DESC").Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].UpdatedAt, rows[limit-1].ID)
	}
	return articles(rows), next, nil
}

// Article reads one.
func (s *DB) Article(ctx context.Context, id know.ArticleID) (know.Article, error) {
	var r articleRow
	err := seen(ctx, s.IDB(ctx).NewSelect().Model(&r)).Where("id = ? AND deleted_at = 0", string(id)).Scan(ctx)
	return r.article(), store.NotFound(err, "There is no such article.")
}

// Gone finds an article that was deleted.
func (s *DB) Gone(ctx context.Context, id know.ArticleID) (know.Article, error) {
	var r articleRow
	err := s.IDB(ctx).NewSelect().Model(&r).Where("id = ? AND deleted_at > 0", string(id)).Scan(ctx)
	return r.article(), store.NotFound(err, "There is no such article.")
}

// Save adds or replaces an article.
func (s *DB) Save(ctx context.Context, a know.Article) error {
	if a.DeletedAt.IsZero() {
		var others []articleRow
		err := s.IDB(ctx).NewSelect().Model(&others).Where("deleted_at = 0 AND id <> ? AND lang = ? AND (slug = ? OR set_id = ?)", string(a.ID), a.Lang, a.Slug, a.Set).Limit(1).Scan(ctx)
		if err != nil {
			return err
		}
		if len(others) > 0 {
			if others[0].Set == a.Set {
				return &social.Error{Kind: social.Conflict, Field: "lang", Text: "This article is there in this language already."}
			}
			return &social.Error{Kind: social.Conflict, Field: "slug", Text: "Another article of this language has this address."}
		}
	}
	if !a.DeletedAt.IsZero() {
		if err := s.dropSense(ctx, know.KindArticle, string(a.ID)); err != nil {
			return err
		}
	}
	r := articleRow{ID: string(a.ID), Set: a.Set, Lang: a.Lang, Slug: a.Slug, Title: a.Title, Body: a.Body, Visibility: string(a.Visibility), State: string(a.State),
		Category: string(a.Category), Programme: string(a.Programme), Owner: string(a.Owner), ReviewAt: store.At(a.ReviewBy), Version: a.Version, Change: a.Change,
		PublishedAt: store.At(a.PublishedAt), CreatedAt: store.At(a.CreatedAt), UpdatedAt: store.At(a.UpdatedAt), DeletedAt: store.At(a.DeletedAt)}
	return s.upsert(ctx, &r, "id", "lang", "slug", "title", "body", "visibility", "state", "category_id", "programme_id", "owner_id", "review_at", "version", "change",
		"published_at", "updated_at", "deleted_at")
}

// Slugs lists the addresses in a language that begin so.
func (s *DB) Slugs(ctx context.Context, lang, begin string) ([]string, error) {
	var out []string
	err := s.IDB(ctx).NewSelect().Model((*articleRow)(nil)).Column("slug").
		Where("deleted_at = 0 AND lang = ? AND slug >= ? AND slug < ?", lang, begin, begin+"\U0010FFFF").Scan(ctx, &out)
	return out, err
}

// Set lists the translations of an article.
func (s *DB) Set(ctx context.Context, set string) ([]know.Article, error) {
	var rows []articleRow
	err := seen(ctx, s.IDB(ctx).NewSelect().Model(&rows)).Where("set_id = ? AND deleted_at = 0", set).Order("lang").Scan(ctx)
	return articles(rows), err
}

// Forget removes what was deleted before a time.
func (s *DB) Forget(ctx context.Context, before time.Time) error {
	var ids []string
	err := s.IDB(ctx).NewSelect().Model((*articleRow)(nil)).Column("id").Where("deleted_at > 0 AND deleted_at < ?", store.At(before)).Scan(ctx, &ids)
	if err != nil || len(ids) == 0 {
		return err
	}
	for _, table := range []string{"know_version", "know_draft", "know_word"} {
		if _, err := s.IDB(ctx).NewRaw("DELETE FROM ? WHERE article_id IN (?)", bun.Ident(table), bun.List(ids)).Exec(ctx); err != nil {
			return err
		}
	}
	_, err = s.IDB(ctx).NewRaw("DELETE FROM know_article WHERE id IN (?)", bun.List(ids)).Exec(ctx)
	return err
}

// Counts says how many articles stand in each state.
func (s *DB) Counts(ctx context.Context, now time.Time) (know.Counts, error) {
	var rows []struct {
		State, Visibility, Lang string
		N, Due                  int
	}
	err := seen(ctx, s.IDB(ctx).NewSelect().Model((*articleRow)(nil))).ColumnExpr("state, visibility, lang, COUNT(*) AS n").
		ColumnExpr("SUM(CASE WHEN review_at > 0 AND review_at <= ? AND state <> 'archived' THEN 1 ELSE 0 END) AS due", store.At(now)).
		Where("deleted_at = 0").GroupExpr("state, visibility, lang").OrderExpr("lang").Scan(ctx, &rows)
	var c know.Counts
	for _, r := range rows {
		c.Due += r.Due
		switch know.State(r.State) {
		case know.Draft:
			c.Draft += r.N
		case know.Published:
			c.Published += r.N
			if r.Visibility == string(social.Public) {
				c.Public += r.N
			}
		case know.Archived:
			c.Archived += r.N
		}
		if n := len(c.Langs); n == 0 || c.Langs[n-1] != r.Lang {
			c.Langs = append(c.Langs, r.Lang)
		}
	}
	return c, err
}

type versionRow struct {
	bun.BaseModel `bun:"table:know_version"`
	Article       string `bun:"article_id,pk"`
	N             int64  `bun:"n,pk"`
	Title         string `bun:"title"`
	Body          string `bun:"body"`
	Note          string `bun:"note"`
	By            string `bun:"by_id"`
	At            int64  `bun:"at"`
}

func (r *versionRow) version() know.Version {
	return know.Version{Article: know.ArticleID(r.Article), N: r.N, Title: r.Title, Body: r.Body, Note: r.Note, By: social.MemberID(r.By), At: store.Time(r.At)}
}

// SaveVersion keeps a version.
func (s *DB) SaveVersion(ctx context.Context, v know.Version) error {
	r := versionRow{Article: string(v.Article), N: v.N, Title: v.Title, Body: v.Body, Note: v.Note, By: string(v.By), At: store.At(v.At)}
	_, err := s.IDB(ctx).NewInsert().Model(&r).Returning("NULL").Exec(ctx)
	return err
}

// Versions reads a page, the newest first.
func (s *DB) Versions(ctx context.Context, id know.ArticleID, cursor string, limit int) ([]know.Version, string, error) {
	var rows []versionRow
	q := s.IDB(ctx).NewSelect().Model(&rows).Where("article_id = ?", string(id))
	var n int64
	if ok, err := store.FromCursor(cursor, &n); err != nil {
		return nil, "", err
	} else if ok {
		q = q.Where("n < ?", n)
	}
	limit = store.Limit(limit)
	if err := q.Order("n DESC").Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].N)
	}
	out := make([]know.Version, len(rows))
	for i := range rows {
		out[i] = rows[i].version()
	}
	return out, next, nil
}

// Version reads one.
func (s *DB) Version(ctx context.Context, id know.ArticleID, n int64) (know.Version, error) {
	var r versionRow
	err := s.IDB(ctx).NewSelect().Model(&r).Where("article_id = ? AND n = ?", string(id), n).Scan(ctx)
	return r.version(), store.NotFound(err, "There is no such version.")
}

type draftRow struct {
	bun.BaseModel `bun:"table:know_draft"`
	Article       string `bun:"article_id,pk"`
	Member        string `bun:"member_id,pk"`
	Version       int64  `bun:"version"`
	Title         string `bun:"title"`
	Body          string `bun:"body"`
	At            int64  `bun:"at"`
}

// Writing reads what a member is writing.
func (s *DB) Writing(ctx context.Context, id know.ArticleID, m social.MemberID) (know.Writing, error) {
	var r draftRow
	err := s.IDB(ctx).NewSelect().Model(&r).Where("article_id = ? AND member_id = ?", string(id), string(m)).Scan(ctx)
	return know.Writing{Article: id, Member: m, Version: r.Version, Title: r.Title, Body: r.Body, At: store.Time(r.At)}, store.NotFound(err, "Nothing was begun.")
}

// SaveWriting keeps it.
func (s *DB) SaveWriting(ctx context.Context, w know.Writing) error {
	r := draftRow{Article: string(w.Article), Member: string(w.Member), Version: w.Version, Title: w.Title, Body: w.Body, At: store.At(w.At)}
	return s.upsert(ctx, &r, "article_id, member_id", "version", "title", "body", "at")
}

// DropWriting throws it away.
func (s *DB) DropWriting(ctx context.Context, id know.ArticleID, m social.MemberID) error {
	_, err := s.IDB(ctx).NewRaw("DELETE FROM know_draft WHERE article_id = ? AND member_id = ?", string(id), string(m)).Exec(ctx)
	return err
}

type categoryRow struct {
	bun.BaseModel `bun:"table:know_category"`
	ID            string `bun:"id,pk"`
	Name          string `bun:"name"`
	Parent        string `bun:"parent_id"`
	Position      int    `bun:"position"`
	CreatedAt     int64  `bun:"created_at"`
}

// Categories lists all, in their order.
func (s *DB) Categories(ctx context.Context) ([]know.Category, error) {
	var rows []categoryRow
	err := s.IDB(ctx).NewSelect().Model(&rows).Order("position", "id").Scan(ctx)
	out := make([]know.Category, len(rows))
	for i, r := range rows {
		out[i] = know.Category{ID: know.CategoryID(r.ID), Name: r.Name, Parent: know.CategoryID(r.Parent), Position: r.Position, Created: store.Time(r.CreatedAt)}
	}
	return out, err
}

// SaveCategory adds or replaces one.
func (s *DB) SaveCategory(ctx context.Context, c know.Category) error {
	r := categoryRow{ID: string(c.ID), Name: c.Name, Parent: string(c.Parent), Position: c.Position, CreatedAt: store.At(c.Created)}
	return s.upsert(ctx, &r, "id", "name", "parent_id", "position")
}

// DropCategory removes one; what it held stands without, or above.
func (s *DB) DropCategory(ctx context.Context, id know.CategoryID) error {
	for _, sql := range []string{"UPDATE know_article SET category_id = '' WHERE category_id = ?", "UPDATE know_category SET parent_id = '' WHERE parent_id = ?",
		"DELETE FROM know_category WHERE id = ?"} {
		if _, err := s.IDB(ctx).NewRaw(sql, string(id)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
