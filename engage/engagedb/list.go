package engagedb

import (
	"context"
	"strconv"
	"strings"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// live is the condition of the partial index on assignees, word for word.
const live = "c.state IN ('open', 'waiting')"

// scan is how many conversations one page of a search looks through.
const scan = 2000

// span is one range of an index: a page is merged from the heads of a few.
type span struct {
	where string
	args  []any
}

// spans cuts a query into ranges that an index gives in the wanted order.
func spans(ctx context.Context, q engage.Query) []span {
	scope := social.ScopeOf(ctx)
	programmes := scope.Programmes
	if q.Programme != "" {
		if !scope.Sees(q.Programme) {
			return nil
		}
		programmes = []social.ProgrammeID{q.Programme}
	} else if scope.All {
		programmes = nil
	} else if len(programmes) == 0 {
		return nil
	}
	var states []string
	var where string
	var args []any
	add := func(to *[]span, where string, args ...any) {
		*to = append(*to, span{strings.TrimPrefix(where, " AND "), args})
	}
	switch q.View {
	case engage.ViewMine:
		where, args = " AND c.assignee_id = ?", []any{string(q.Member)}
	case engage.ViewUnassigned:
		where = " AND c.assignee_id = ''"
	case engage.ViewOpen, engage.ViewWaiting, engage.ViewSnoozed, engage.ViewResolved:
		states = []string{string(q.View)}
	default:
		states = []string{"open", "waiting", "snoozed", "resolved"}
	}
	if q.Longest { // who waits is open, or was snoozed
		where += " AND c.waiting_since > 0"
		if states == nil {
			states = []string{"open"}
		} else if len(states) > 1 {
			states = []string{"open", "snoozed"}
		}
	}
	var within []span
	if programmes == nil {
		add(&within, where, args...)
	}
	for _, p := range programmes {
		add(&within, " AND c.programme_id = ? AND c.programme_id <> ''"+where, append([]any{string(p)}, args...)...)
	}
	var out []span
	for _, s := range within {
		if states == nil {
			add(&out, s.where+" AND "+live, s.args...)
		}
		for _, state := range states {
			where := " AND c.state = ?"
			if s.where != "" {
				where = s.where + where
			}
			add(&out, where, append(s.args[:len(s.args):len(s.args)], state)...)
		}
	}
	return out
}

// List implements engage.Store.
func (d *DB) List(ctx context.Context, q engage.Query) ([]engage.Row, string, error) {
	limit := store.Limit(q.Limit)
	parts := spans(ctx, q)
	var at int64
	var id string
	more, err := store.FromCursor(q.Cursor, &at, &id)
	if err != nil || len(parts) == 0 {
		return nil, "", err
	}
	order, after := "c.last_at DESC, c.id DESC", "(c.last_at, c.id) < (?, ?)"
	if q.Longest {
		order, after = "c.waiting_since, c.id", "(c.waiting_since, c.id) > (?, ?)"
	}
	sift, siftArgs := sieve(q)
	depth := limit + 1
	if sift != "" {
		depth = scan
	}
	columns := "c.*"
	if sift != "" { // many are looked through, few are read
		columns = "c.id, c.last_at, c.waiting_since, c.channel_id, c.folded"
	}
	var sql strings.Builder
	var args []any
	for i, p := range parts {
		if i > 0 {
			sql.WriteString(" UNION ALL ")
		}
		sql.WriteString("SELECT * FROM (SELECT " + columns + " FROM conversation AS c WHERE " + p.where)
		args = append(args, p.args...)
		if more {
			sql.WriteString(" AND " + after)
			args = append(args, at, id)
		}
		sql.WriteString(" ORDER BY " + order + " LIMIT ?) AS s" + strconv.Itoa(i))
		args = append(args, depth)
	}
	var rows []conversationRow
	page := "SELECT c.* FROM (" + sql.String() + ") AS c"
	if sift != "" {
		page = "SELECT c.* FROM conversation AS c WHERE c.id IN (SELECT c.id FROM (" + sql.String() + ") AS c WHERE " +
			strings.TrimPrefix(sift, " AND ") + " ORDER BY " + order + " LIMIT " + strconv.Itoa(limit+1) + ")"
	}
	err = d.IDB(ctx).NewRaw(page+" ORDER BY "+order+" LIMIT ?", append(append(args[:len(args):len(args)], siftArgs...), limit+1)...).Scan(ctx, &rows)
	if err != nil {
		return nil, "", err
	}
	next := ""
	key := func(r conversationRow) string {
		if q.Longest {
			return store.Cursor(r.WaitingSince, r.ID)
		}
		return store.Cursor(r.LastAt, r.ID)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = key(rows[limit-1])
	} else if sift != "" { // there may be more beyond what was looked through
		var last []conversationRow
		err = d.IDB(ctx).NewRaw("SELECT c.id, c.last_at, c.waiting_since FROM ("+sql.String()+") AS c ORDER BY "+order+" LIMIT 1 OFFSET ?",
			append(args, scan-1)...).Scan(ctx, &last)
		if err != nil {
			return nil, "", err
		}
		if len(last) == 1 {
			next = key(last[0])
		}
	}
	out, err := d.dress(ctx, rows, q.Member)
	return out, next, err
}

// sieve is what no index helps with: it is looked for in the first 2,000
// conversations of the list, and the cursor leads on.
func sieve(q engage.Query) (string, []any) {
	var where string
	var args []any
	if q.Channel != "" {
		where += " AND c.channel_id = ?"
		args = append(args, string(q.Channel))
	}
	words := strings.Fields(fold(q.Search))
	for _, w := range words[:min(len(words), 8)] {
		where += " AND c.folded LIKE ? ESCAPE '!'"
		args = append(args, "%"+strings.NewReplacer("!", "!!", "%", "!%", "_", "!_", "\x00", "").Replace(w)+"%")
	}
	return where, args
}

// dress adds what one member knows of conversations.
func (d *DB) dress(ctx context.Context, rows []conversationRow, m social.MemberID) ([]engage.Row, error) {
	out := make([]engage.Row, len(rows))
	ids := make([]string, len(rows))
	for i, r := range rows {
		out[i].Conversation = r.conversation()
		ids[i] = r.ID
	}
	if m == "" || len(rows) == 0 {
		return out, nil
	}
	var marks []struct {
		ConversationID string
		At             int64
		Draft          bool
	}
	err := d.IDB(ctx).NewRaw(`SELECT conversation_id, at, FALSE AS draft FROM conversation_read WHERE member_id = ? AND conversation_id IN (?)
		UNION ALL SELECT conversation_id, at, TRUE AS draft FROM draft WHERE member_id = ? AND conversation_id IN (?)`,
		string(m), bun.List(ids), string(m), bun.List(ids)).Scan(ctx, &marks)
	if err != nil {
		return nil, err
	}
	read, drafts := map[string]int64{}, map[string]bool{}
	for _, k := range marks {
		if k.Draft {
			drafts[k.ConversationID] = true
		} else {
			read[k.ConversationID] = k.At
		}
	}
	for i, r := range rows {
		out[i].Unread = r.HeardAt > read[r.ID]
		out[i].Draft = drafts[r.ID]
	}
	return out, nil
}

// Counts implements engage.Store.
func (d *DB) Counts(ctx context.Context, m social.MemberID) (engage.Counts, error) {
	var out engage.Counts
	scope := social.ScopeOf(ctx)
	if !scope.All && len(scope.Programmes) == 0 {
		return out, nil
	}
	q := d.IDB(ctx).NewSelect().Model((*tallyRow)(nil)).Column("assignee_id", "state").ColumnExpr("SUM(n) AS n").Group("assignee_id", "state")
	if !scope.All {
		q = q.Where("programme_id IN (?)", bun.List(scope.Programmes)).Where("programme_id <> ''")
	}
	var rows []tallyRow
	if err := q.Scan(ctx, &rows); err != nil {
		return out, err
	}
	for _, r := range rows {
		s := engage.State(r.State)
		switch s {
		case engage.Open:
			out.Open += r.N
		case engage.Waiting:
			out.Waiting += r.N
		case engage.Snoozed:
			out.Snoozed += r.N
		case engage.Resolved:
			out.Resolved += r.N
		}
		if s == engage.Open || s == engage.Waiting {
			switch {
			case r.AssigneeID == "":
				out.Unassigned += r.N
			case r.AssigneeID == string(m):
				out.Mine += r.N
			}
		}
	}
	return out, nil
}

// Row implements engage.Store.
func (d *DB) Row(ctx context.Context, id social.ConversationID, m social.MemberID) (engage.Row, error) {
	var rows []conversationRow
	q := d.IDB(ctx).NewSelect().Model(&rows).Where("c.id = ?", string(id))
	if err := visible(ctx, q).Scan(ctx); err != nil {
		return engage.Row{}, err
	}
	if len(rows) == 0 {
		return engage.Row{}, errNone
	}
	out, err := d.dress(ctx, rows, m)
	if err != nil {
		return engage.Row{}, err
	}
	return out[0], nil
}

// Messages implements engage.Store.
func (d *DB) Messages(ctx context.Context, id social.ConversationID, cursor string, limit int) ([]engage.Message, string, error) {
	limit = store.Limit(limit)
	var at int64
	var last string
	more, err := store.FromCursor(cursor, &at, &last)
	if err != nil {
		return nil, "", err
	}
	var rows []messageRow
	q := d.IDB(ctx).NewSelect().Model(&rows).Join("JOIN conversation AS c ON c.id = m.conversation_id").
		Where("m.conversation_id = ?", string(id)).OrderExpr("m.at DESC, m.id DESC").Limit(int64(limit + 1))
	if more {
		q = q.Where("(m.at, m.id) < (?, ?)", at, last)
	}
	if err := visible(ctx, q).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].At, rows[limit-1].ID)
	}
	out, err := d.messages(ctx, rows)
	return out, next, err
}

// Holding implements engage.Store.
func (d *DB) Holding(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.ConversationID, error) {
	out := map[social.ActivityID]social.ConversationID{}
	for _, column := range []string{"m.id", "m.activity_id"} {
		var rows []messageRow
		q := d.IDB(ctx).NewSelect().Model(&rows).Column("m.id", "m.activity_id", "m.conversation_id").
			Join("JOIN conversation AS c ON c.id = m.conversation_id").Where("? IN (?)", bun.Safe(column), bun.List(ids)).Where("m.activity_id <> ''")
		if column == "m.activity_id" {
			q = q.Where("m.kind = 'ours'")
		}
		if err := visible(ctx, q).Scan(ctx); err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[social.ActivityID(r.ActivityID)] = social.ConversationID(r.ConversationID)
		}
	}
	return out, nil
}
