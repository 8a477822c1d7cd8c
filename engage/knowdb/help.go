package knowdb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

const (
	helpName = "know.help"
	saltName = "know.salt"
)

// HelpSettings reads the settings of the help page.
func (s *DB) HelpSettings(ctx context.Context) (know.HelpSettings, error) {
	var out know.HelpSettings
	_, err := s.Setting(ctx, helpName, &out)
	return out, err
}

// SaveHelpSettings keeps them.
func (s *DB) SaveHelpSettings(ctx context.Context, h know.HelpSettings) error {
	return s.SetSetting(ctx, helpName, h)
}

// world is what everybody may read.
const world = "deleted_at = 0 AND state = 'published' AND visibility = 'public'"

// World lists what everybody may read in a language.
func (s *DB) World(ctx context.Context, lang string) ([]know.Article, error) {
	var rows []articleRow
	q := s.IDB(ctx).NewSelect().Model(&rows).ExcludeColumn("body").Where(world)
	if lang != "" {
		q = q.Where("lang = ?", lang)
	}
	err := q.Order("category_id", "title", "id").Limit(5000).Scan(ctx)
	return articles(rows), err
}

// WorldArticle reads what everybody may read.
func (s *DB) WorldArticle(ctx context.Context, lang, slug string) (know.Article, error) {
	var r articleRow
	err := s.IDB(ctx).NewSelect().Model(&r).Where(world+" AND lang = ? AND slug = ?", lang, slug).Scan(ctx)
	return r.article(), store.NotFound(err, "There is no such article.")
}

// WorldCount says how many articles everybody may read.
func (s *DB) WorldCount(ctx context.Context) (int, error) {
	n, err := s.IDB(ctx).NewSelect().Model((*articleRow)(nil)).Where(world).Count(ctx)
	return int(n), err
}

type salt struct {
	Day  int64  `json:"day"`
	Salt string `json:"salt"`
}

// Salt is the secret of a day.
func (s *DB) Salt(ctx context.Context, day time.Time, fresh string) (string, error) {
	var kept salt
	err := s.InTx(ctx, func(ctx context.Context) error {
		if err := s.Lock(ctx); err != nil {
			return err
		}
		if _, err := s.Setting(ctx, saltName, &kept); err != nil || kept.Day == store.At(day) {
			return err
		}
		kept = salt{store.At(day), fresh}
		return s.SetSetting(ctx, saltName, kept)
	})
	return kept.Salt, err
}

// Came notes a visit of a day, and what it came to.
func (s *DB) Came(ctx context.Context, day time.Time, visitor, flag string) (fresh, changed bool, err error) {
	result, err := s.IDB(ctx).NewRaw("INSERT INTO know_visit (day, visitor) VALUES (?, ?) ON CONFLICT DO NOTHING", store.At(day), visitor).Exec(ctx)
	if err != nil {
		return false, false, err
	}
	n, err := result.RowsAffected()
	if err != nil || flag == "" {
		return n == 1, false, err
	}
	result, err = s.IDB(ctx).NewRaw("UPDATE know_visit SET ? = 1 WHERE day = ? AND visitor = ? AND ? = 0", bun.Ident(flag), store.At(day), visitor, bun.Ident(flag)).Exec(ctx)
	if err != nil {
		return n == 1, false, err
	}
	m, err := result.RowsAffected()
	return n == 1, m == 1, err
}

type visitRow struct {
	bun.BaseModel `bun:"table:know_visit_article"`
	Day           int64  `bun:"day,pk"`
	Visitor       string `bun:"visitor,pk"`
	Article       string `bun:"article_id,pk"`
	Vote          string `bun:"vote"`
	Asked         int64  `bun:"asked"`
}

// CameTo notes a visitor at an article.
func (s *DB) CameTo(ctx context.Context, day time.Time, visitor string, a know.ArticleID, vote string, asked bool) (fresh bool, before string, askedBefore bool, err error) {
	var rows []visitRow
	err = s.IDB(ctx).NewSelect().Model(&rows).Where("day = ? AND visitor = ? AND article_id = ?", store.At(day), visitor, string(a)).Scan(ctx)
	if err != nil {
		return false, "", false, err
	}
	r := visitRow{Day: store.At(day), Visitor: visitor, Article: string(a)}
	if fresh = len(rows) == 0; !fresh {
		r = rows[0]
	}
	before, askedBefore = r.Vote, r.Asked > 0
	if vote != "" {
		r.Vote = vote
	}
	if asked {
		r.Asked = 1
	}
	return fresh, before, askedBefore, s.upsert(ctx, &r, "day, visitor, article_id", "vote", "asked")
}

// CountSearch counts what was searched for.
func (s *DB) CountSearch(ctx context.Context, day time.Time, lang, words, asked string, found bool) error {
	none := 1
	if found {
		none = 0
	}
	_, err := s.IDB(ctx).NewRaw(`INSERT INTO know_search (day, words, lang, asked, n, none) VALUES (?, ?, ?, ?, 1, ?)
ON CONFLICT (day, lang, words) DO UPDATE SET n = know_search.n + 1, none = know_search.none + EXCLUDED.none, asked = EXCLUDED.asked`,
		store.At(day), words, lang, asked, none).Exec(ctx)
	return err
}

type wordRow struct {
	bun.BaseModel `bun:"table:know_word"`
	ID            string `bun:"id,pk"`
	Article       string `bun:"article_id"`
	Vote          string `bun:"vote"`
	Words         string `bun:"words"`
	At            int64  `bun:"at"`
}

// KeepWords keeps what a reader wrote.
func (s *DB) KeepWords(ctx context.Context, w know.Remark) error {
	r := wordRow{ID: w.ID, Article: string(w.Article), Vote: w.Vote, Words: w.Words, At: store.At(w.At)}
	_, err := s.IDB(ctx).NewInsert().Model(&r).Returning("NULL").Exec(ctx)
	return err
}

// Remarks reads what readers wrote of an article, the newest first; of every
// article that ctx sees with "".
func (s *DB) Remarks(ctx context.Context, a know.ArticleID, limit int) ([]know.Remark, error) {
	var rows []wordRow
	q := s.IDB(ctx).NewSelect().Model(&rows).Where("article_id IN (?)", seen(ctx, s.IDB(ctx).NewSelect().Model((*articleRow)(nil))).Column("id").Where("deleted_at = 0"))
	if a != "" {
		q = q.Where("article_id = ?", string(a))
	}
	err := q.Order("id DESC").Limit(int64(limit)).Scan(ctx)
	out := make([]know.Remark, len(rows))
	for i, r := range rows {
		out[i] = know.Remark{ID: r.ID, Article: know.ArticleID(r.Article), Vote: r.Vote, Words: r.Words, At: store.Time(r.At)}
	}
	return out, err
}

// ForgetVisits forgets who came before a day.
func (s *DB) ForgetVisits(ctx context.Context, before time.Time) error {
	for _, table := range []string{"know_visit", "know_visit_article"} {
		if _, err := s.IDB(ctx).NewRaw("DELETE FROM ? WHERE day < ?", bun.Ident(table), store.At(before)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *dayRow) number() know.Number {
	return know.Number{Day: store.Time(r.Day), Article: know.ArticleID(r.Article), Visits: r.Visits, Searched: r.Searched, Read: r.Read, Solved: r.Solved,
		Unsolved: r.Unsolved, Asked: r.Asked, Inserted: r.Inserted, Resolved: r.Resolved}
}

// Days reads the numbers of the whole page, day by day.
func (s *DB) Days(ctx context.Context, from, to time.Time) ([]know.Number, error) {
	var rows []dayRow
	err := s.IDB(ctx).NewSelect().Model(&rows).Where("article_id = '' AND day >= ? AND day < ?", store.At(from), store.At(to)).Order("day").Scan(ctx)
	out := make([]know.Number, len(rows))
	for i := range rows {
		out[i] = rows[i].number()
	}
	return out, err
}

const articleDays = `SELECT article_id, 0 AS day, SUM(visits) AS visits, 0 AS searched, SUM(read) AS read, SUM(solved) AS solved, SUM(unsolved) AS unsolved,
SUM(asked) AS asked, SUM(inserted) AS inserted, SUM(resolved) AS resolved
FROM know_day WHERE article_id <> '' AND day >= ? AND day < ? GROUP BY article_id ORDER BY SUM(visits) DESC, article_id LIMIT 1000`

// ArticleDays sums the numbers of articles up.
func (s *DB) ArticleDays(ctx context.Context, from, to time.Time) ([]know.Number, error) {
	var rows []dayRow
	err := s.IDB(ctx).NewRaw(articleDays, store.At(from), store.At(to)).Scan(ctx, &rows)
	out := make([]know.Number, len(rows))
	for i := range rows {
		out[i] = rows[i].number()
	}
	return out, err
}

// Searches sums up what was searched for; missed: where nothing was found.
func (s *DB) Searches(ctx context.Context, from, to time.Time, missed bool, limit int) ([]know.Searched, error) {
	by := "n"
	if missed {
		by = "none"
	}
	var rows []struct {
		Words, Asked, Lang string
		N, None            int64
	}
	err := s.IDB(ctx).NewRaw(`SELECT words, MAX(asked) AS asked, lang, SUM(n) AS n, SUM(none) AS none FROM know_search WHERE day >= ? AND day < ?
GROUP BY words, lang HAVING SUM(?) > 0 ORDER BY SUM(?) DESC, words LIMIT ?`, store.At(from), store.At(to), bun.Ident(by), bun.Ident(by), limit).Scan(ctx, &rows)
	out := make([]know.Searched, len(rows))
	for i, r := range rows {
		out[i] = know.Searched{Words: r.Words, Asked: r.Asked, Lang: r.Lang, N: r.N, None: r.None}
	}
	return out, err
}
