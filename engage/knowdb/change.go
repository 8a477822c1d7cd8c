package knowdb

import (
	"cmp"
	"context"
	"slices"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/social"
)

// Latest is the number of the last change.
func (s *DB) Latest(ctx context.Context) (n int64, err error) {
	err = s.IDB(ctx).NewRaw("SELECT COALESCE(MAX(n), 0) FROM know_change").Scan(ctx, &n)
	return n, err
}

// Changes lists what changed after a number, in order.
func (s *DB) Changes(ctx context.Context, after int64, limit int) ([]know.Entry, error) {
	var rows []articleRow
	if err := s.IDB(ctx).NewSelect().Model(&rows).Where("change > ?", after).Order("change").Limit(int64(limit)).Scan(ctx); err != nil {
		return nil, err
	}
	var out []know.Entry
	for i := range rows {
		a := rows[i].article()
		out = append(out, know.Entry{Kind: know.KindArticle, ID: string(a.ID), Lang: a.Lang, Head: a.Title, Text: a.Body, Programme: a.Programme,
			Shown: a.State, World: a.Open(), Gone: !a.DeletedAt.IsZero(), Change: a.Change})
	}
	var answers []answerRow
	if err := s.IDB(ctx).NewSelect().Model(&answers).Where("change > ?", after).Order("change").Limit(int64(limit)).Scan(ctx); err != nil {
		return nil, err
	}
	for _, r := range answers {
		out = append(out, know.Entry{Kind: know.KindAnswer, ID: r.ID, Lang: r.Lang, Head: r.Question, Text: r.Answer, Programme: social.ProgrammeID(r.Programme),
			Gone: r.DeletedAt > 0, Change: r.Change}) // never shown beyond its programme: it comes out of a conversation
	}
	slices.SortFunc(out, func(a, b know.Entry) int { return cmp.Compare(a.Change, b.Change) })
	return out[:min(len(out), limit)], nil // beyond the first limit numbers either list may have gaps
}
