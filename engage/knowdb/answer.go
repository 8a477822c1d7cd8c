package knowdb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type answerRow struct {
	bun.BaseModel `bun:"table:know_answer"`
	ID            string `bun:"id,pk"`
	Question      string `bun:"question"`
	Answer        string `bun:"answer"`
	Lang          string `bun:"lang"`
	Programme     string `bun:"programme_id"`
	Conversation  string `bun:"conversation_id"`
	Message       string `bun:"message_id"`
	Same          string `bun:"same"`
	Why           string `bun:"why"`
	By            string `bun:"by_id"`
	Change        int64  `bun:"change"`
	At            int64  `bun:"at"`
	DeletedAt     int64  `bun:"deleted_at"`
}

func (r *answerRow) answer() know.Answer {
	return know.Answer{ID: know.AnswerID(r.ID), Question: r.Question, Text: r.Answer, Lang: r.Lang, Programme: social.ProgrammeID(r.Programme),
		Conversation: social.ConversationID(r.Conversation), Message: social.MessageID(r.Message), Same: r.Same, Why: r.Why, By: social.MemberID(r.By),
		Change: r.Change, At: store.Time(r.At), DeletedAt: store.Time(r.DeletedAt)}
}

func answers(rows []answerRow) []know.Answer {
	out := make([]know.Answer, len(rows))
	for i := range rows {
		out[i] = rows[i].answer()
	}
	return out
}

// within limits a query to the programmes of the scope of ctx.
func within(ctx context.Context, q *bun.SelectQuery) *bun.SelectQuery {
	scope := social.ScopeOf(ctx)
	switch {
	case scope.All:
		return q
	case len(scope.Programmes) == 0:
		return q.Where("1 = 0")
	}
	return q.Where("programme_id IN (?)", bun.List(scope.Programmes))
}

func (s *DB) oneAnswer(ctx context.Context, where string, args ...any) (know.Answer, error) {
	var r answerRow
	err := within(ctx, s.IDB(ctx).NewSelect().Model(&r)).Where(where, args...).Order("at").Limit(1).Scan(ctx)
	return r.answer(), store.NotFound(err, "There is no such answer.")
}

// Answer reads one.
func (s *DB) Answer(ctx context.Context, id know.AnswerID) (know.Answer, error) {
	return s.oneAnswer(ctx, "id = ? AND deleted_at = 0", string(id))
}

// GoneAnswer finds one that is kept no longer.
func (s *DB) GoneAnswer(ctx context.Context, id know.AnswerID) (know.Answer, error) {
	return s.oneAnswer(ctx, "id = ? AND deleted_at > 0", string(id))
}

// AnswerLike finds an answer out of the same message, or with the same words.
func (s *DB) AnswerLike(ctx context.Context, a know.Answer) (know.Answer, error) {
	return s.oneAnswer(ctx, "deleted_at = 0 AND id <> ? AND (message_id = ? OR programme_id = ? AND same = ?)", string(a.ID), string(a.Message), string(a.Programme), a.Same)
}

// AnswersByID reads several.
func (s *DB) AnswersByID(ctx context.Context, ids []know.AnswerID) ([]know.Answer, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []answerRow
	err := within(ctx, s.IDB(ctx).NewSelect().Model(&rows)).Where("deleted_at = 0 AND id IN (?)", bun.List(ids)).Scan(ctx)
	return answers(rows), err
}

// AnswerList reads a page, the newest first.
func (s *DB) AnswerList(ctx context.Context, cursor string, limit int) ([]know.Answer, string, error) {
	var rows []answerRow
	q := within(ctx, s.IDB(ctx).NewSelect().Model(&rows)).Where("deleted_at = 0")
	var id string
	if ok, err := store.FromCursor(cursor, &id); err != nil {
		return nil, "", err
	} else if ok {
		q = q.Where("id < ?", id)
	}
	limit = store.Limit(limit)
	if err := q.Order("id DESC").Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].ID)
	}
	return answers(rows), next, nil
}

// SaveAnswer adds or replaces one.
func (s *DB) SaveAnswer(ctx context.Context, a know.Answer) error {
	if !a.DeletedAt.IsZero() {
		if err := s.dropSense(ctx, know.KindAnswer, string(a.ID)); err != nil {
			return err
		}
	}
	r := answerRow{ID: string(a.ID), Question: a.Question, Answer: a.Text, Lang: a.Lang, Programme: string(a.Programme), Conversation: string(a.Conversation),
		Message: string(a.Message), Same: a.Same, Why: a.Why, By: string(a.By), Change: a.Change, At: store.At(a.At), DeletedAt: store.At(a.DeletedAt)}
	return s.upsert(ctx, &r, "id", "question", "answer", "lang", "same", "change", "deleted_at")
}

// KeptOf says which messages of a conversation are kept as answers.
func (s *DB) KeptOf(ctx context.Context, c social.ConversationID) (map[social.MessageID]know.AnswerID, error) {
	var rows []answerRow
	err := within(ctx, s.IDB(ctx).NewSelect().Model(&rows)).Column("id", "message_id").Where("conversation_id = ? AND deleted_at = 0", string(c)).Scan(ctx)
	out := map[social.MessageID]know.AnswerID{}
	for _, r := range rows {
		out[social.MessageID(r.Message)] = know.AnswerID(r.ID)
	}
	return out, err
}

type useRow struct {
	bun.BaseModel `bun:"table:know_use"`
	Conversation  string `bun:"conversation_id,pk"`
	Kind          string `bun:"kind,pk"`
	Source        string `bun:"source_id,pk"`
	Member        string `bun:"member_id"`
	At            int64  `bun:"at"`
	ResolvedAt    int64  `bun:"resolved_at"`
}

// Use keeps that a suggestion was inserted; fresh is false when it was before.
func (s *DB) Use(ctx context.Context, u know.Use) (fresh bool, err error) {
	r := useRow{Conversation: string(u.Conversation), Kind: string(u.Kind), Source: u.ID, Member: string(u.Member), At: store.At(u.At)}
	result, err := s.IDB(ctx).NewInsert().Model(&r).On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// Used says how often each of a kind was inserted.
func (s *DB) Used(ctx context.Context, k know.Kind, ids []string) (map[string]int, error) {
	var rows []struct {
		Source string `bun:"source_id"`
		N      int    `bun:"n"`
	}
	err := s.IDB(ctx).NewRaw("SELECT source_id, COUNT(*) AS n FROM know_use WHERE kind = ? AND source_id IN (?) GROUP BY source_id", string(k), bun.List(ids)).Scan(ctx, &rows)
	out := map[string]int{}
	for _, r := range rows {
		out[r.Source] = r.N
	}
	return out, err
}

// Resolve marks what was inserted in a conversation.
func (s *DB) Resolve(ctx context.Context, c social.ConversationID, at time.Time) ([]know.Use, error) {
	var rows []useRow
	err := s.IDB(ctx).NewRaw("UPDATE know_use SET resolved_at = ? WHERE conversation_id = ? AND resolved_at = 0 AND at <= ? RETURNING *", store.At(at), string(c), store.At(at)).Scan(ctx, &rows)
	out := make([]know.Use, len(rows))
	for i, r := range rows {
		out[i] = know.Use{Conversation: c, Kind: know.Kind(r.Kind), ID: r.Source, Member: social.MemberID(r.Member), At: store.Time(r.At)}
	}
	return out, err
}
