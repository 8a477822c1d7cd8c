package listendb

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// stale is what is looked at of one kind: rows with a time and a number to go
// on by, and whether a hold keeps each.
type stale struct {
	from  string // FROM … WHERE …, with ?1 accounts, ?2 conversations, ?3 programmes, ?4 before, ?5 channel
	at    string
	key   string // text, unique
	kept  string
	shown string // the page that shows a row, as SQL
}

// heldPost says whether a hold keeps a post: on its author, on the programme of its
// channel or of a monitor that found it.
const heldPost = `(a.identity_id IN (?1) OR a.channel_id IN (SELECT id FROM channel WHERE programme_id IN (?3))
 OR EXISTS (SELECT 1 FROM mention x JOIN monitor o ON o.id = x.monitor_id WHERE x.seq = a.seq AND o.programme_id IN (?3)))`

const heldMessage = `(m.conversation_id IN (?2) OR m.origin_id IN (?2) OR m.identity_id IN (?1)
 OR EXISTS (SELECT 1 FROM conversation c WHERE c.id = m.conversation_id AND (c.programme_id IN (?3) OR c.identity_id IN (?1) OR c.counterpart IN (?1))))`

var (
	stalePosts = stale{
		from: `FROM activity a WHERE a.published_at < ?4 AND a.deleted_at = 0 AND NOT a.own AND (?5 = '' OR a.channel_id = ?5)
 AND NOT EXISTS (SELECT 1 FROM message m WHERE m.id = a.id)`,
		at: "a.published_at", key: "a.id", kept: heldPost,
		shown: "'/people/' || COALESCE((SELECT i.person_id FROM identity i WHERE i.id = a.identity_id), '')",
	}
	// An event as it arrived says in its network's own way whose it is, so that only
	// holds on programmes keep it; the words themselves stand in activities.
	staleRaw = stale{
		from: `FROM inbound n WHERE n.received_at < ?4 AND LENGTH(n.raw) > 0 AND (?5 = '' OR n.channel_id = ?5)
 AND NOT EXISTS (SELECT 1 FROM inbound_waiting w WHERE n.seq BETWEEN w.first AND w.last)`,
		at: "n.received_at", key: "CAST(n.seq AS TEXT)", kept: "n.channel_id IN (SELECT id FROM channel WHERE programme_id IN (?3))", shown: "''",
	}
	staleFiles = stale{
		from: `FROM file f LEFT JOIN message m ON m.id = SUBSTR(f.owner, 9) AND f.owner LIKE 'message:%' LEFT JOIN activity a ON a.id = SUBSTR(f.owner, 9) AND f.owner LIKE 'message:%'
WHERE f.created_at < ?4 AND (f.owner LIKE 'message:%' OR f.owner LIKE 'person:%') AND (?5 = '' OR m.channel_id = ?5 OR a.channel_id = ?5)`,
		at: "f.created_at", key: "f.id",
		kept: "((m.id IS NOT NULL AND " + heldMessage + ") OR (a.id IS NOT NULL AND " + heldPost + ") OR f.owner IN (SELECT 'person:' || p.id FROM person p WHERE p.id IN (?0) OR p.merged_into IN (?0)))",
		shown: `CASE WHEN m.id IS NOT NULL THEN '/engage?c=' || m.conversation_id WHEN f.owner LIKE 'person:%' THEN '/people/' || SUBSTR(f.owner, 8)
 ELSE '/people/' || COALESCE((SELECT i.person_id FROM identity i WHERE i.id = a.identity_id), '') END`,
	}
)

func agedArgs(a social.Aged) []any {
	persons, accounts, talks, programmes := a.Spared.Lists()
	return []any{bun.List(persons), bun.List(accounts), bun.List(talks), bun.List(programmes), store.At(a.Before), string(a.Channel)}
}

func (s *DB) lookOld(ctx context.Context, q stale, a social.Aged) (social.Stale, error) {
	out, err := s.DB.LookAged(ctx, q.at, q.kept, " "+q.from, agedArgs(a)...)
	if err != nil || out.Rows == 0 {
		return out, err
	}
	var rows []struct {
		At   int64  `bun:"at"`
		Link string `bun:"link"`
	}
	err = s.DB.IDB(ctx).NewRaw("SELECT "+q.at+" AS at, "+q.shown+" AS link "+q.from+" AND NOT "+q.kept+" ORDER BY 1 LIMIT 3", agedArgs(a)...).Scan(ctx, &rows)
	for _, r := range rows {
		if r.Link == "/people/" {
			r.Link = ""
		}
		out.Examples = append(out.Examples, social.StaleExample{At: store.Time(r.At), Link: r.Link})
	}
	return out, err
}

// pickOld lists the keys of what is old, in order, from a place in it.
func (s *DB) pickOld(ctx context.Context, q stale, a social.Aged, from string, most int) (keys []string, next string, err error) {
	var at int64
	var key string
	if _, err := store.FromCursor(from, &at, &key); err != nil {
		return nil, "", err
	}
	var rows []struct {
		At  int64  `bun:"at"`
		Key string `bun:"k"`
	}
	err = s.DB.IDB(ctx).NewRaw("SELECT "+q.at+" AS at, "+q.key+" AS k "+q.from+" AND NOT "+q.kept+" AND ("+q.at+", "+q.key+") > (?6, ?7) ORDER BY "+q.at+", "+q.key+" LIMIT ?8",
		append(agedArgs(a), at, key, most)...).Scan(ctx, &rows)
	for _, r := range rows {
		keys = append(keys, r.Key)
	}
	if len(rows) == most {
		next = store.Cursor(rows[most-1].At, rows[most-1].Key)
	}
	return keys, next, err
}

// LookPosts says how many posts that no conversation holds are old.
func (s *DB) LookPosts(ctx context.Context, a social.Aged) (social.Stale, error) {
	return s.lookOld(ctx, stalePosts, a)
}

// OldPosts lists them, from a place in their order.
func (s *DB) OldPosts(ctx context.Context, a social.Aged, from string, most int) ([]social.ActivityID, string, error) {
	keys, next, err := s.pickOld(ctx, stalePosts, a, from, most)
	out := make([]social.ActivityID, len(keys))
	for i, k := range keys {
		out[i] = social.ActivityID(k)
	}
	return out, next, err
}

// Unsay takes the words out of activities: that somebody said something, when,
// and how it counted, stays. Done again it changes nothing.
func (s *DB) Unsay(ctx context.Context, ids []social.ActivityID, at time.Time) error {
	for part := range slices.Chunk(ids, atOnce) {
		if _, err := s.DB.DropOwned(ctx, "SELECT 'message:' || id FROM activity WHERE id IN (?)", bun.List(part)); err != nil {
			return err
		}
		if err := s.dropBrought(ctx, "(channel_id, line_id) IN (SELECT channel_id, external_id FROM activity WHERE id IN (?))", bun.List(part)); err != nil {
			return err
		}
		var seqs []int64
		if err := s.DB.IDB(ctx).NewRaw("SELECT seq FROM activity WHERE id IN (?)", bun.List(part)).Scan(ctx, &seqs); err != nil {
			return err
		}
		none := make(map[int64]string, len(seqs))
		for _, n := range seqs {
			none[n] = ""
		}
		if err := s.DB.Index(ctx, indexTable, none); err != nil {
			return err
		}
		for _, q := range []string{
			"UPDATE activity_reading SET entities = '' WHERE seq IN (?1)",
			"UPDATE activity_place SET others = '', why = '' WHERE seq IN (?1)",
			"DELETE FROM enclosed WHERE activity_id IN (?0)",
			"DELETE FROM attachment WHERE activity_id IN (?0)",
			"DELETE FROM door_line WHERE (channel_id, id) IN (SELECT channel_id, external_id FROM activity WHERE id IN (?0))",
			"UPDATE activity SET title = '', body = '', url = '', place = '', deleted_at = ?2 WHERE id IN (?0) AND deleted_at = 0",
		} {
			if _, err := s.DB.IDB(ctx).NewRaw(q, bun.List(part), bun.List(seqs), store.At(at)).Exec(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// LookRaw says how many events are kept as they arrived long ago.
func (s *DB) LookRaw(ctx context.Context, a social.Aged) (social.Stale, error) {
	return s.lookOld(ctx, staleRaw, a)
}

// DropRaw empties them, from a place in their order.
func (s *DB) DropRaw(ctx context.Context, a social.Aged, from string, most int) (int, string, error) {
	keys, next, err := s.pickOld(ctx, staleRaw, a, from, most)
	if err != nil || len(keys) == 0 {
		return 0, "", err
	}
	_, err = s.DB.IDB(ctx).NewRaw("UPDATE inbound SET raw = '' WHERE seq IN (?)", bun.List(numbers(keys))).Exec(ctx)
	return len(keys), next, err
}

func numbers(keys []string) []int64 {
	out := make([]int64, 0, len(keys))
	for _, k := range keys {
		if n, err := strconv.ParseInt(k, 10, 64); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// LookFiles says how many files that came or went with messages, or hang on
// persons, are old.
func (s *DB) LookFiles(ctx context.Context, a social.Aged) (social.Stale, error) {
	return s.lookOld(ctx, staleFiles, a)
}

// goneFile is said where a file was.
const goneFile = "It was kept as long as the rules of this house say, and is gone."

// DropOldFiles forgets them, from a place in their order, and says so where they were.
func (s *DB) DropOldFiles(ctx context.Context, a social.Aged, from string, most int) (int, string, error) {
	keys, next, err := s.pickOld(ctx, staleFiles, a, from, most)
	if err != nil || len(keys) == 0 {
		return 0, "", err
	}
	for _, q := range []string{
		"UPDATE attachment SET state = 'refused', reason = ?1, file_id = '', next_at = 0 WHERE file_id IN (?0)",
		"DELETE FROM message_file WHERE file_id IN (?0)",
	} {
		if _, err := s.DB.IDB(ctx).NewRaw(q, bun.List(keys), goneFile).Exec(ctx); err != nil {
			return 0, "", err
		}
	}
	for _, k := range keys {
		if err := s.DB.DropFile(ctx, social.FileID(k)); err != nil {
			return 0, "", err
		}
	}
	return len(keys), next, nil
}
