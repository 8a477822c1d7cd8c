package engagedb

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/kit/cond"
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

// spans cuts a query into ranges that an index gives in the wanted order. It
// takes from the conditions what narrows them; the rest is sifted.
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
	if q.View == engage.ViewMentions {
		s := span{"c.id IN (SELECT n.conversation_id FROM conversation_mention AS n WHERE n.member_id = ? ORDER BY n.at DESC LIMIT 1000) AND c.state NOT IN ('merged', 'deleted')", []any{string(q.Member)}}
		if programmes != nil {
			s.where += " AND c.programme_id <> '' AND c.programme_id IN (?)"
			s.args = append(s.args, bun.List(programmes))
		}
		if q.Longest {
			s.where += " AND c.waiting_since > 0"
		}
		return []span{s}
	}
	asks := narrow(q.Where)
	if asked, ok := asks["programme"]; ok && q.Programme == "" {
		if programmes == nil {
			programmes = []social.ProgrammeID{}
			for _, p := range asked {
				programmes = append(programmes, social.ProgrammeID(p))
			}
		} else {
			programmes = slices.DeleteFunc(slices.Clone(programmes), func(p social.ProgrammeID) bool { return !slices.Contains(asked, string(p)) })
		}
		if len(programmes) == 0 {
			return nil
		}
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
		if asked, ok := asks["state"]; ok {
			states = asked
		}
		// Of those at the desk, an index knows who has them.
		if !slices.Contains(states, "snoozed") && !slices.Contains(states, "resolved") && len(states) > 0 {
			switch {
			case len(asks["assignee"]) == 1:
				where, args, states = " AND c.assignee_id = ?", []any{asks["assignee"][0]}, nil
			case len(asks["team"]) == 1:
				where, args, states = " AND c.team_id = ? AND c.team_id <> ''", []any{asks["team"][0]}, nil
			}
		}
	}
	if q.Team != "" {
		where += " AND c.team_id = ? AND c.team_id <> ''"
		args = append(args, string(q.Team))
		if q.View == engage.ViewAll || q.View == "" {
			states = nil
		}
	}
	if q.Longest { // who waits is open, or was snoozed
		where += " AND c.waiting_since > 0"
		if states == nil {
			states = []string{"open"}
		} else {
			states = slices.DeleteFunc(slices.Clone(states), func(s string) bool { return s == "waiting" || s == "resolved" })
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
			w := live
			if s.where != "" {
				w = s.where + " AND " + live
			}
			add(&out, w, s.args...)
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

// heads is what the spans begin with, merged into one order: ids and keys.
// Where it is sifted, that is all that one page looks at.
func heads(q engage.Query, parts []span, after []any, depth int) (string, []any) {
	order, beyond := "c.last_at DESC, c.id DESC", "(c.last_at, c.id) < (?, ?)"
	key := "c.last_at"
	if q.Longest {
		order, beyond, key = "c.waiting_since, c.id", "(c.waiting_since, c.id) > (?, ?)", "c.waiting_since"
	}
	var sql strings.Builder
	var args []any
	for i, p := range parts {
		if i > 0 {
			sql.WriteString(" UNION ALL ")
		}
		sql.WriteString("SELECT * FROM (SELECT c.id, " + key + " FROM conversation AS c WHERE " + p.where)
		args = append(args, p.args...)
		if len(after) > 0 {
			sql.WriteString(" AND " + beyond)
			args = append(args, after...)
		}
		sql.WriteString(" ORDER BY " + order + " LIMIT ?) AS s" + strconv.Itoa(i))
		args = append(args, depth)
	}
	if len(parts) == 1 {
		return sql.String(), args
	}
	return "SELECT * FROM (" + sql.String() + ") AS c ORDER BY " + order + " LIMIT ?", append(args, depth)
}

// List implements engage.Store.
func (d *DB) List(ctx context.Context, q engage.Query) (engage.Page, error) {
	limit := store.Limit(q.Limit)
	parts := spans(ctx, q)
	var at int64
	var id string
	more, err := store.FromCursor(q.Cursor, &at, &id)
	if err != nil || len(parts) == 0 {
		return engage.Page{}, err
	}
	var after []any
	if more {
		after = []any{at, id}
	}
	order := "c.last_at DESC, c.id DESC"
	if q.Longest {
		order = "c.waiting_since, c.id"
	}
	sift, siftArgs := sieve(q)
	depth := limit + 1
	if sift != "" {
		depth = scan
	}
	from, args := heads(q, parts, after, depth)
	var rows []conversationRow
	err = d.IDB(ctx).NewRaw("SELECT c.* FROM ("+from+") AS h JOIN conversation AS c ON c.id = h.id WHERE 1 = 1"+sift+" ORDER BY "+order+" LIMIT ?",
		append(append(args[:len(args):len(args)], siftArgs...), limit+1)...).Scan(ctx, &rows)
	if err != nil {
		return engage.Page{}, err
	}
	var page engage.Page
	key := func(r conversationRow) string {
		if q.Longest {
			return store.Cursor(r.WaitingSince, r.ID)
		}
		return store.Cursor(r.LastAt, r.ID)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = key(rows[limit-1])
	} else if sift != "" { // there may be more beyond what was looked through
		var last []conversationRow
		err = d.IDB(ctx).NewRaw("SELECT c.* FROM ("+from+") AS c ORDER BY "+order+" LIMIT 1 OFFSET ?", append(args, scan-1)...).Scan(ctx, &last)
		if err != nil {
			return page, err
		}
		if len(last) == 1 {
			page.Next, page.Looked = key(last[0]), scan
		}
	}
	page.Rows, err = d.dress(ctx, rows, q.Member)
	return page, err
}

// CountSome implements engage.Store.
func (d *DB) CountSome(ctx context.Context, q engage.Query, most int) (int, bool, error) {
	parts := spans(ctx, q)
	if len(parts) == 0 {
		return 0, true, nil
	}
	sift, siftArgs := sieve(q)
	depth := most
	if sift != "" {
		depth = max(scan/len(parts), 2*most)
	}
	from, args := heads(q, parts, nil, depth)
	var got struct{ N, Looked int }
	err := d.IDB(ctx).NewRaw(`SELECT COALESCE(SUM(CASE WHEN 1 = 1`+sift+` THEN 1 ELSE 0 END), 0) AS n, COUNT(*) AS looked
		FROM (`+from+`) AS h JOIN conversation AS c ON c.id = h.id`, append(siftArgs, args...)...).Scan(ctx, &got)
	if err != nil {
		return 0, false, err
	}
	return min(got.N, most), got.N < most && got.Looked < depth, nil
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
	if !q.Where.Empty() && !served(q) {
		w, a := cond.SQL(q.Where, engage.Fields(), column(q.Member), q.Now)
		where += " AND (" + w + ")"
		args = append(args, a...)
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
		Named          bool
	}
	err := d.IDB(ctx).NewRaw(`SELECT conversation_id, at, FALSE AS draft, FALSE AS named FROM conversation_read WHERE member_id = ? AND conversation_id IN (?)
		UNION ALL SELECT conversation_id, at, TRUE AS draft, FALSE AS named FROM draft WHERE member_id = ? AND conversation_id IN (?)
		UNION ALL SELECT conversation_id, at, FALSE AS draft, TRUE AS named FROM conversation_mention WHERE member_id = ? AND conversation_id IN (?)`,
		string(m), bun.List(ids), string(m), bun.List(ids), string(m), bun.List(ids)).Scan(ctx, &marks)
	if err != nil {
		return nil, err
	}
	read, drafts, named := map[string]int64{}, map[string]bool{}, map[string]bool{}
	for _, k := range marks {
		switch {
		case k.Draft:
			drafts[k.ConversationID] = true
		case k.Named:
			named[k.ConversationID] = true
		default:
			read[k.ConversationID] = k.At
		}
	}
	for i, r := range rows {
		out[i].Unread = r.HeardAt > read[r.ID]
		out[i].Draft, out[i].Named = drafts[r.ID], named[r.ID]
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
			Join("JOIN conversation AS c ON c.id = m.conversation_id").Where("? IN (?)", bun.Safe(column), bun.List(ids)).Where("m.activity_id <> '' AND c.state <> 'deleted'")
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
