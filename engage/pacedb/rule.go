package pacedb

import (
	"context"
	"encoding/json"
	"time"

	"github.com/parley-crm/parley/engage/hours"
	"github.com/parley-crm/parley/engage/rule"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

var _ rule.Store = (*DB)(nil)

type ruleRow struct {
	bun.BaseModel `bun:"table:inbox_rule"`
	ID            string `bun:"id,pk"`
	Name          string `bun:"name"`
	Active        bool   `bun:"active"`
	Event         string `bun:"event"`
	After         int64  `bun:"after"`
	CalendarID    string `bun:"calendar_id"`
	Open          string `bun:"open"`
	Conditions    string `bun:"conditions"`
	Ours          bool   `bun:"ours"`
	Acts          string `bun:"acts"`
	Position      int64  `bun:"position"`
	OwnerID       string `bun:"owner_id"`
	CreatedAt     int64  `bun:"created_at"`
	ChangedAt     int64  `bun:"changed_at"`
}

// Rules implements rule.Store.
func (d *DB) Rules(ctx context.Context) ([]rule.Rule, error) {
	var rows []ruleRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Order("position", "id").Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]rule.Rule, len(rows))
	for i, r := range rows {
		out[i] = rule.Rule{ID: rule.ID(r.ID), Name: r.Name, On: r.Active, When: rule.Event(r.Event), After: time.Duration(r.After) * time.Microsecond, Calendar: hours.ID(r.CalendarID),
			Open: rule.Open(r.Open), Ours: r.Ours, Position: int(r.Position), Owner: social.MemberID(r.OwnerID), CreatedAt: store.Time(r.CreatedAt), ChangedAt: store.Time(r.ChangedAt)}
		if err := json.Unmarshal([]byte(r.Conditions), &out[i].Conditions); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(r.Acts), &out[i].Acts); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SaveRule implements rule.Store.
func (d *DB) SaveRule(ctx context.Context, r rule.Rule) error {
	row := ruleRow{ID: string(r.ID), Name: r.Name, Active: r.On, Event: string(r.When), After: int64(r.After / time.Microsecond), CalendarID: string(r.Calendar), Open: string(r.Open),
		Conditions: jsonOf(r.Conditions), Ours: r.Ours, Acts: jsonOf(r.Acts), Position: int64(r.Position), OwnerID: string(r.Owner), CreatedAt: store.At(r.CreatedAt), ChangedAt: store.At(r.ChangedAt)}
	return d.upsert(ctx, &row, "name", "active", "event", "after", "calendar_id", "open", "conditions", "ours", "acts", "position", "owner_id", "changed_at")
}

// DropRule implements rule.Store.
func (d *DB) DropRule(ctx context.Context, id rule.ID) error {
	if _, err := d.IDB(ctx).NewRaw("DELETE FROM rule_task WHERE rule_id = ?", string(id)).Exec(ctx); err != nil {
		return err
	}
	return d.drop(ctx, "inbox_rule", string(id), "rule")
}

type taskRow struct {
	bun.BaseModel  `bun:"table:rule_task,alias:t"`
	ID             int64  `bun:"id,pk,autoincrement"`
	RuleID         string `bun:"rule_id"`
	ConversationID string `bun:"conversation_id"`
	Name           string `bun:"name"`
	Event          string `bun:"event"`
	Since          int64  `bun:"since"`
	At             int64  `bun:"at"`
	DueAt          int64  `bun:"due_at"`
	Attempts       int64  `bun:"attempts"`
}

// AddTasks implements rule.Store. Of a wait there is one task for each rule,
// which moves with it.
func (d *DB) AddTasks(ctx context.Context, tasks []rule.Task) error {
	if len(tasks) == 0 {
		return nil
	}
	rows := make([]taskRow, len(tasks))
	for i, t := range tasks {
		rows[i] = taskRow{RuleID: string(t.Rule), ConversationID: string(t.Conversation), Event: string(t.Event), Since: store.At(t.Since), At: store.At(t.At), DueAt: store.At(t.Due)}
		if t.Rule == "" {
			rows[i].Name = string(t.Event) + "/" + t.At.Format(time.RFC3339Nano)
		}
	}
	_, err := d.IDB(ctx).NewInsert().Model(&rows).ExcludeColumn("id").On("CONFLICT (rule_id, conversation_id, name) DO UPDATE").
		Set("since = EXCLUDED.since").Set("at = EXCLUDED.at").Set("due_at = EXCLUDED.due_at").Set("event = EXCLUDED.event").Set("attempts = 0").
		Returning("NULL").Exec(ctx)
	return err
}

// Tasks implements rule.Store.
func (d *DB) Tasks(ctx context.Context, now time.Time, limit int) ([]rule.Task, time.Time, error) {
	var rows []taskRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Order("due_at", "id").Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, time.Time{}, err
	}
	var out []rule.Task
	for _, r := range rows {
		if r.DueAt > store.At(now) {
			return out, store.Time(r.DueAt), nil
		}
		if len(out) < limit {
			out = append(out, rule.Task{ID: r.ID, Rule: rule.ID(r.RuleID), Conversation: social.ConversationID(r.ConversationID), Event: rule.Event(r.Event),
				Since: store.Time(r.Since), At: store.Time(r.At), Due: store.Time(r.DueAt), Attempts: int(r.Attempts)})
		}
	}
	return out, time.Time{}, nil
}

// TakeTask implements rule.Store.
func (d *DB) TakeTask(ctx context.Context, t rule.Task) (bool, error) {
	res, err := d.IDB(ctx).NewRaw("DELETE FROM rule_task WHERE id = ? AND due_at = ?", t.ID, store.At(t.Due)).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// FailTask implements rule.Store. A zero time gives up.
func (d *DB) FailTask(ctx context.Context, t rule.Task, next time.Time) error {
	if next.IsZero() {
		_, err := d.IDB(ctx).NewRaw("DELETE FROM rule_task WHERE id = ?", t.ID).Exec(ctx)
		return err
	}
	_, err := d.IDB(ctx).NewRaw("UPDATE rule_task SET attempts = attempts + 1, due_at = ? WHERE id = ? AND due_at = ?", store.At(next), t.ID, store.At(t.Due)).Exec(ctx)
	return err
}

type runRow struct {
	bun.BaseModel  `bun:"table:rule_run,alias:rule_run"`
	ID             string `bun:"id,pk"`
	RuleID         string `bun:"rule_id"`
	ConversationID string `bun:"conversation_id"`
	Event          string `bun:"event"`
	Because        string `bun:"because"`
	Did            string `bun:"did"`
	At             int64  `bun:"at"`
}

// AddRun implements rule.Store.
func (d *DB) AddRun(ctx context.Context, r rule.Run) (bool, error) {
	row := runRow{ID: r.ID, RuleID: string(r.Rule), ConversationID: string(r.Conversation), Event: string(r.Event), Because: r.Because, Did: jsonOf(r.Did), At: store.At(r.At)}
	res, err := d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (rule_id, conversation_id, because) DO NOTHING").Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// Runs implements rule.Store.
func (d *DB) Runs(ctx context.Context, id rule.ID, c social.ConversationID, since time.Time) (n int, err error) {
	err = d.IDB(ctx).NewRaw("SELECT COUNT(*) FROM (SELECT 1 AS x FROM rule_run WHERE rule_id = ? AND conversation_id = ? AND at >= ? LIMIT ?) AS r",
		string(id), string(c), store.At(since), rule.MostADay).Scan(ctx, &n)
	return n, err
}

// RunsOf implements rule.Store. What lies outside the scope of ctx is left out.
func (d *DB) RunsOf(ctx context.Context, id rule.ID, cursor string, limit int) ([]rule.Run, string, error) {
	limit = store.Limit(limit)
	var rows []runRow
	visible := within(ctx, d.IDB(ctx).NewSelect().Table("conversation").Column("id").Where("conversation.id = rule_run.conversation_id"))
	q := d.IDB(ctx).NewSelect().Model(&rows).Where("rule_id = ?", string(id)).Where("EXISTS (?)", visible)
	var last string
	if ok, err := store.FromCursor(cursor, &last); err != nil {
		return nil, "", err
	} else if ok {
		q = q.Where("rule_run.id < ?", last)
	}
	if err := q.OrderExpr("rule_run.id DESC").Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].ID)
	}
	out := make([]rule.Run, len(rows))
	for i, r := range rows {
		out[i] = rule.Run{ID: r.ID, Rule: rule.ID(r.RuleID), Conversation: social.ConversationID(r.ConversationID), Event: rule.Event(r.Event), Because: r.Because, At: store.Time(r.At)}
		if err := json.Unmarshal([]byte(r.Did), &out[i].Did); err != nil {
			return nil, "", err
		}
	}
	return out, next, nil
}

// Lately implements rule.Store. It reads the heads of one range for each
// state, so it looks at no more than it answers.
func (d *DB) Lately(ctx context.Context, since time.Time, limit int) ([]rule.Story, error) {
	var heads []struct {
		ID      string
		BeganAt int64
		LastAt  int64
	}
	for _, state := range []string{"open", "waiting", "snoozed", "resolved"} {
		var some []struct {
			ID      string
			BeganAt int64
			LastAt  int64
		}
		q := within(ctx, d.IDB(ctx).NewSelect().Table("conversation").Column("id", "began_at", "last_at")).Where("state = ?", state).
			Where("last_at >= ?", store.At(since)).Order("last_at DESC").Limit(int64(limit))
		if err := q.Scan(ctx, &some); err != nil {
			return nil, err
		}
		heads = append(heads, some...)
	}
	if len(heads) == 0 {
		return nil, nil
	}
	heads = heads[:min(len(heads), limit)]
	out := make([]rule.Story, len(heads))
	where := map[string]int{}
	ids := make([]string, len(heads))
	for i, h := range heads {
		out[i] = rule.Story{Conversation: social.ConversationID(h.ID), Began: store.Time(h.BeganAt)}
		where[h.ID], ids[i] = i, h.ID
	}
	var said []struct {
		ConversationID, Kind, Event string
		At                          int64
	}
	err := d.IDB(ctx).NewRaw(`SELECT conversation_id, kind, event, at FROM message WHERE conversation_id IN (?) AND at >= ? AND kind <> 'note' ORDER BY at, id LIMIT 20000`,
		bun.List(ids), store.At(since)).Scan(ctx, &said)
	if err != nil {
		return nil, err
	}
	for _, m := range said {
		if e := happened(m.Kind, m.Event); e != "" {
			s := &out[where[m.ConversationID]]
			s.Moments = append(s.Moments, rule.Moment{Event: e, At: store.Time(m.At)})
		}
	}
	return out, nil
}

// happened is the event that a message stands for, "" for none.
func happened(kind, event string) rule.Event {
	switch kind {
	case "theirs":
		return rule.Heard
	case "ours":
		return rule.Answered
	}
	var e struct{ Verb string }
	if json.Unmarshal([]byte(event), &e) != nil {
		return ""
	}
	return map[string]rule.Event{"resolve": rule.Resolved, "reopen": rule.Reopened, "reopened": rule.Reopened, "assign": rule.Assigned, "claim": rule.Assigned, "pledge_broken": rule.Overdue, "tag": rule.Tagged}[e.Verb]
}
