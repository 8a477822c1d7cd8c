package listendb

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Strike takes out of activities what Unsay leaves, and has to be asked before
// it: by whom they were said, how they arrived, and what of their words stands
// among those that were said most and nobody else has said. That somebody said
// something, and how it counted, stays.
func (s *DB) Strike(ctx context.Context, ids []social.ActivityID) error {
	for part := range slices.Chunk(ids, atOnce) {
		var rows []postRow
		if err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("id IN (?)", bun.List(part)).Scan(ctx); err != nil {
			return err
		}
		said := map[string]bool{}
		none := make(map[int64]string, len(rows))
		for _, r := range rows {
			none[r.Seq] = ""
			for _, w := range strings.FieldsFunc(strings.ToLower(r.Title+" "+r.Body), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
				if len(said) < 5000 {
					said[w] = true
				}
			}
			if err := s.unheard(ctx, r); err != nil {
				return err
			}
		}
		if err := s.DB.Index(ctx, indexTable, none); err != nil {
			return err
		}
		if err := s.onlyTheirs(ctx, said); err != nil {
			return err
		}
		if _, err := s.DB.IDB(ctx).NewRaw("UPDATE activity SET author = '{}' WHERE id IN (?)", bun.List(part)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// struck says which of some posts were taken out of what we hold; what a
// network tells of them again names nobody.
func (s *DB) struck(ctx context.Context, posts []listen.Post) (map[int64]bool, error) {
	out := map[int64]bool{}
	var gone []int64
	for _, p := range posts {
		if !p.Deleted.IsZero() {
			gone = append(gone, p.Seq)
		}
	}
	for part := range slices.Chunk(gone, atOnce) {
		var seqs []int64
		if err := s.DB.IDB(ctx).NewRaw("SELECT seq FROM activity WHERE seq IN (?) AND author = '{}'", bun.List(part)).Scan(ctx, &seqs); err != nil {
			return nil, err
		}
		for _, n := range seqs {
			out[n] = true
		}
	}
	return out, nil
}

// naming is the condition that an event names an activity.
func (s *DB) naming(external string) (string, []any) {
	names := []string{external}
	if b, err := json.Marshal(external); err == nil {
		if inside := strings.Trim(string(b), `"`); inside != external {
			names = append(names, inside)
		}
	}
	var holds []string
	var args []any
	for _, n := range names {
		if s.DB.Engine == store.Postgres {
			holds = append(holds, "position(? in raw) > 0")
		} else {
			holds = append(holds, "INSTR(raw, ?) > 0")
		}
		args = append(args, []byte(n))
	}
	return " AND (" + strings.Join(holds, " OR ") + ")", args
}

// hush empties the events that wait to be processed and tell again of what was struck.
func (s *DB) hush(ctx context.Context, r postRow) error {
	named, args := s.naming(r.ExternalID)
	_, err := s.DB.IDB(ctx).NewRaw(`UPDATE inbound SET raw = '' WHERE channel_id = ? AND LENGTH(raw) > 0
 AND seq >= (SELECT COALESCE(MIN(w.first), 9000000000000000000) FROM inbound_waiting w WHERE w.channel_id = ?)`+named, append([]any{r.Channel, r.Channel}, args...)...).Exec(ctx)
	return err
}

// unheard empties the events as which an activity arrived: of those that came
// with it, the ones that name it; all of them where none does, for then it is
// written in some other way. Of one that was edited, also what came since.
func (s *DB) unheard(ctx context.Context, r postRow) error {
	named, args := s.naming(r.ExternalID)
	empty := func(where string, args ...any) (int64, error) {
		// An event's number is not smaller than the microsecond in which it arrived.
		res, err := s.DB.IDB(ctx).NewRaw("UPDATE inbound SET raw = '' WHERE channel_id = ? AND seq >= ? AND LENGTH(raw) > 0"+where,
			append([]any{r.Channel, r.ReceivedAt}, args...)...).Exec(ctx)
		if err != nil {
			return 0, err
		}
		return res.RowsAffected()
	}
	const together = " AND received_at = ?"
	n, err := empty(together+named, append([]any{r.ReceivedAt}, args...)...)
	if err == nil && n == 0 {
		_, err = empty(together, r.ReceivedAt)
	}
	if err == nil && r.EditedAt > 0 {
		_, err = empty(named, args...)
	}
	return err
}
