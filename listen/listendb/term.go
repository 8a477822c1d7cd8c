package listendb

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/listen/term"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type termRow struct {
	bun.BaseModel `bun:"table:term_day"`
	Subject       string `bun:"subject,pk"`
	Day           int64  `bun:"day,pk"`
	Term          string `bun:"term,pk"`
	Count         int    `bun:"count"`
	Over          int    `bun:"over"`
}

func termsOf(rows []termRow) []term.Term {
	out := make([]term.Term, len(rows))
	for i, r := range rows {
		out[i] = term.Term{Text: r.Term, Count: r.Count, Over: r.Over}
	}
	return out
}

// Terms returns what a subject has for a day.
func (s *DB) Terms(ctx context.Context, subject string, day time.Time) ([]term.Term, error) {
	var rows []termRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("subject = ? AND day = ?", subject, store.At(day)).Scan(ctx)
	return termsOf(rows), err
}

// PutTerms replaces what a subject has for a day.
func (s *DB) PutTerms(ctx context.Context, subject string, day time.Time, put []term.Term, drop []string) error {
	for part := range slices.Chunk(drop, atOnce) {
		if _, err := s.DB.IDB(ctx).NewDelete().Model((*termRow)(nil)).Where("subject = ? AND day = ? AND term IN (?)", subject, store.At(day), bun.List(part)).Exec(ctx); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(put, atOnce) {
		rows := make([]termRow, len(part))
		for i, t := range part {
			rows[i] = termRow{Subject: subject, Day: store.At(day), Term: t.Text, Count: t.Count, Over: t.Over}
		}
		_, err := s.DB.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (subject, day, term) DO UPDATE").
			Set("count = EXCLUDED.count").Set(`"over" = EXCLUDED."over"`).Returning("NULL").Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// TermSums adds terms up over subjects and days.
func (s *DB) TermSums(ctx context.Context, subjects []string, from, to time.Time, limit int) ([]term.Term, error) {
	if len(subjects) == 0 {
		return nil, nil
	}
	var rows []termRow
	err := s.DB.IDB(ctx).NewRaw(`SELECT term, SUM(count) AS count, SUM("over") AS "over" FROM term_day
		WHERE subject IN (?) AND day >= ? AND day < ? GROUP BY term ORDER BY 2 DESC, term LIMIT ?`,
		bun.List(subjects), store.At(from), store.At(to), limit).Scan(ctx, &rows)
	return termsOf(rows), err
}

// TermDays says on which days terms were said most.
func (s *DB) TermDays(ctx context.Context, subjects, terms []string, from, to time.Time) ([]time.Time, error) {
	if len(subjects) == 0 || len(terms) == 0 {
		return nil, nil
	}
	var days []int64
	err := s.DB.IDB(ctx).NewRaw(`SELECT day FROM term_day WHERE subject IN (?) AND day >= ? AND day < ? AND term IN (?)
		GROUP BY day ORDER BY SUM(count) DESC, day DESC LIMIT 5`,
		bun.List(subjects), store.At(from), store.At(to), bun.List(terms)).Scan(ctx, &days)
	out := make([]time.Time, len(days))
	for i, d := range days {
		out[i] = store.Time(d)
	}
	return out, err
}

// PruneTerms forgets days before a time.
func (s *DB) PruneTerms(ctx context.Context, before time.Time) error {
	_, err := s.DB.IDB(ctx).NewDelete().Model((*termRow)(nil)).Where("day < ?", store.At(before)).Exec(ctx)
	return err
}

// TermsBegin is the first day since a time of which a subject has terms.
func (s *DB) TermsBegin(ctx context.Context, subjects []string, since time.Time) (time.Time, bool, error) {
	if len(subjects) == 0 {
		return time.Time{}, false, nil
	}
	var first int64
	err := s.DB.IDB(ctx).NewSelect().Model((*termRow)(nil)).ColumnExpr("COALESCE(MIN(day), 0)").
		Where("subject IN (?) AND day >= ?", bun.List(subjects), store.At(since)).Scan(ctx, &first)
	return store.Time(first), first != 0, err
}

// DropTerms forgets what a subject has.
func (s *DB) DropTerms(ctx context.Context, subject string) error {
	_, err := s.DB.IDB(ctx).NewDelete().Model((*termRow)(nil)).Where("subject = ?", subject).Exec(ctx)
	return err
}
