package engagedb

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/shelf"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// saveTags keeps which tags were put on and taken away.
func (d *DB) saveTags(ctx context.Context, ts []engage.Tagging) error {
	for _, t := range ts {
		var err error
		if t.On {
			_, err = d.IDB(ctx).NewRaw("INSERT INTO conversation_tag (tag_id, conversation_id, member_id, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
				string(t.Tag), string(t.Conversation), string(t.By), store.At(t.At)).Exec(ctx)
		} else {
			_, err = d.IDB(ctx).NewRaw("DELETE FROM conversation_tag WHERE tag_id = ? AND conversation_id = ?", string(t.Tag), string(t.Conversation)).Exec(ctx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// TagUses implements engage.Store.
func (d *DB) TagUses(ctx context.Context, ids []social.TagID, most int) (int, error) {
	q := visible(ctx, d.IDB(ctx).NewSelect().ColumnExpr("1 AS x").TableExpr("conversation_tag AS g").Where("g.tag_id IN (?)", bun.List(ids)).Limit(int64(most)).
		Join("JOIN conversation AS c ON c.id = g.conversation_id").Where("c.state NOT IN ('merged', 'deleted')"))
	var n int
	err := d.IDB(ctx).NewSelect().ColumnExpr("COUNT(*)").TableExpr("(?) AS few", q).Scan(ctx, &n)
	return n, err
}

type teamRow struct {
	bun.BaseModel `bun:"table:team,alias:t"`
	ID            string `bun:"id,pk"`
	Name          string `bun:"name"`
	Folded        string `bun:"folded"`
	ProgrammeID   string `bun:"programme_id"`
	Sharing       string `bun:"sharing"`
	LastMember    string `bun:"last_member"`
	ArchivedAt    int64  `bun:"archived_at"`
	CreatedAt     int64  `bun:"created_at"`
}

type teamMemberRow struct {
	bun.BaseModel `bun:"table:team_member"`
	TeamID        string `bun:"team_id,pk"`
	MemberID      string `bun:"member_id,pk"`
}

// Teams implements engage.Store.
func (d *DB) Teams(ctx context.Context) ([]engage.Team, error) {
	var rows []teamRow
	q := d.IDB(ctx).NewSelect().Model(&rows).Where("t.archived_at = 0").OrderExpr("t.folded, t.id").Limit(1000)
	if s := social.ScopeOf(ctx); !s.All {
		q = q.Where("t.programme_id IN (?)", bun.List(append([]social.ProgrammeID{""}, s.Programmes...)))
	}
	if err := q.Scan(ctx); err != nil || len(rows) == 0 {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	var ms []teamMemberRow
	if err := d.IDB(ctx).NewSelect().Model(&ms).Where("team_id IN (?)", bun.List(ids)).OrderExpr("member_id").Scan(ctx); err != nil {
		return nil, err
	}
	in := map[string][]social.MemberID{}
	for _, m := range ms {
		in[m.TeamID] = append(in[m.TeamID], social.MemberID(m.MemberID))
	}
	out := make([]engage.Team, len(rows))
	for i, r := range rows {
		out[i] = engage.Team{ID: social.TeamID(r.ID), Name: r.Name, Programme: social.ProgrammeID(r.ProgrammeID), Sharing: engage.Sharing(r.Sharing),
			Members: in[r.ID], Last: social.MemberID(r.LastMember), Created: store.Time(r.CreatedAt)}
	}
	return out, nil
}

// TeamNames implements engage.Store.
func (d *DB) TeamNames(ctx context.Context, ids []social.TeamID) (map[social.TeamID]string, error) {
	out := map[social.TeamID]string{}
	var rows []teamRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Column("t.id", "t.name").Where("t.id IN (?)", bun.List(ids)).Scan(ctx)
	for _, r := range rows {
		out[social.TeamID(r.ID)] = r.Name
	}
	return out, err
}

// SaveTeam implements engage.Store.
func (d *DB) SaveTeam(ctx context.Context, t engage.Team) error {
	row := teamRow{ID: string(t.ID), Name: t.Name, Folded: strings.ToLower(t.Name), ProgrammeID: string(t.Programme), Sharing: string(t.Sharing),
		LastMember: string(t.Last), ArchivedAt: store.At(t.Archived), CreatedAt: store.At(t.Created)}
	_, err := d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE").Set("name = EXCLUDED.name").Set("folded = EXCLUDED.folded").
		Set("programme_id = EXCLUDED.programme_id").Set("sharing = EXCLUDED.sharing").Set("archived_at = EXCLUDED.archived_at").Exec(ctx)
	if store.IsDuplicate(err) {
		return &social.Error{Kind: social.Conflict, Field: "name", Text: "There is a team of this name already."}
	}
	if err != nil {
		return err
	}
	if _, err := d.IDB(ctx).NewDelete().Model((*teamMemberRow)(nil)).Where("team_id = ?", row.ID).Exec(ctx); err != nil {
		return err
	}
	ms := make([]teamMemberRow, len(t.Members))
	for i, m := range t.Members {
		ms[i] = teamMemberRow{TeamID: row.ID, MemberID: string(m)}
	}
	if len(ms) > 0 {
		_, err = d.IDB(ctx).NewInsert().Model(&ms).Exec(ctx)
	}
	return err
}

// Turn implements engage.Store.
func (d *DB) Turn(ctx context.Context, t social.TeamID) (m social.MemberID, err error) {
	lock := ""
	if d.Engine == store.Postgres {
		lock = " FOR UPDATE"
	}
	err = d.IDB(ctx).NewRaw("SELECT last_member FROM team WHERE id = ?"+lock, string(t)).Scan(ctx, &m)
	return m, err
}

// TookTurn implements engage.Store.
func (d *DB) TookTurn(ctx context.Context, t social.TeamID, m social.MemberID) error {
	_, err := d.IDB(ctx).NewRaw("UPDATE team SET last_member = ? WHERE id = ?", string(m), string(t)).Exec(ctx)
	return err
}

// Loads implements engage.Store.
func (d *DB) Loads(ctx context.Context, ms []social.MemberID) (map[social.MemberID]int64, error) {
	var rows []tallyRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Column("assignee_id").ColumnExpr("SUM(n) AS n").Where("assignee_id IN (?)", bun.List(ms)).
		Where("state IN ('open', 'waiting')").Group("assignee_id").Scan(ctx)
	out := map[social.MemberID]int64{}
	for _, r := range rows {
		out[social.MemberID(r.AssigneeID)] = r.N
	}
	return out, err
}

// TeamCounts implements engage.Store.
func (d *DB) TeamCounts(ctx context.Context, ids []social.TeamID, most int) (map[social.TeamID]int, error) {
	out := make(map[social.TeamID]int, len(ids))
	for _, t := range ids {
		q := visible(ctx, d.IDB(ctx).NewSelect().ColumnExpr("1 AS x").TableExpr("conversation AS c").Where("c.team_id = ?", string(t)).
			Where("c.team_id <> ''").Where(live).Limit(int64(most)))
		var n int
		if err := d.IDB(ctx).NewSelect().ColumnExpr("COUNT(*)").TableExpr("(?) AS few", q).Scan(ctx, &n); err != nil {
			return nil, err
		}
		out[t] = n
	}
	return out, nil
}

type viewRow struct {
	bun.BaseModel `bun:"table:inbox_view,alias:v"`
	ID            string `bun:"id,pk"`
	MemberID      string `bun:"member_id"`
	Name          string `bun:"name"`
	Shared        bool   `bun:"shared"`
	ProgrammeID   string `bun:"programme_id"`
	Conditions    string `bun:"conditions"`
	Sort          string `bun:"sort"`
	CreatedAt     int64  `bun:"created_at"`
	ChangedAt     int64  `bun:"changed_at"`
}

// Views implements engage.Store.
func (d *DB) Views(ctx context.Context, m social.MemberID) ([]shelf.Saved, error) {
	var rows []viewRow
	q := d.IDB(ctx).NewSelect().Model(&rows).OrderExpr("v.id").Limit(1000)
	if s := social.ScopeOf(ctx); s.All {
		q = q.Where("v.member_id = ? OR v.shared", string(m))
	} else {
		q = q.Where("v.member_id = ? OR (v.shared AND v.programme_id IN (?))", string(m), bun.List(append([]social.ProgrammeID{""}, s.Programmes...)))
	}
	err := q.Scan(ctx)
	out := make([]shelf.Saved, len(rows))
	for i, r := range rows {
		out[i] = shelf.Saved{ID: social.ViewID(r.ID), Member: social.MemberID(r.MemberID), Name: r.Name, Shared: r.Shared, Programme: social.ProgrammeID(r.ProgrammeID),
			Longest: r.Sort == "waiting", Created: store.Time(r.CreatedAt), Changed: store.Time(r.ChangedAt)}
		_ = json.Unmarshal([]byte(r.Conditions), &out[i].Where) // we wrote it
	}
	return out, err
}

// SaveView implements shelf.Store.
func (d *DB) SaveView(ctx context.Context, v shelf.Saved) error {
	row := viewRow{ID: string(v.ID), MemberID: string(v.Member), Name: v.Name, Shared: v.Shared, ProgrammeID: string(v.Programme),
		Conditions: jsonOf(v.Where), Sort: "recent", CreatedAt: store.At(v.Created), ChangedAt: store.At(v.Changed)}
	if v.Longest {
		row.Sort = "waiting"
	}
	_, err := d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE").Set("name = EXCLUDED.name").Set("shared = EXCLUDED.shared").
		Set("programme_id = EXCLUDED.programme_id").Set("conditions = EXCLUDED.conditions").Set("sort = EXCLUDED.sort").Set("changed_at = EXCLUDED.changed_at").Exec(ctx)
	return err
}

// DropView implements engage.Store.
func (d *DB) DropView(ctx context.Context, id social.ViewID) error {
	_, err := d.IDB(ctx).NewDelete().Model((*viewRow)(nil)).Where("id = ?", string(id)).Exec(ctx)
	return err
}

type shelfRow struct {
	bun.BaseModel `bun:"table:inbox_shelf"`
	MemberID      string `bun:"member_id,pk"`
	Views         string `bun:"views"`
	First         string `bun:"first"`
}

// Shelved implements engage.Store.
func (d *DB) Shelved(ctx context.Context, m social.MemberID) (shelf.Shelved, error) {
	var rows []shelfRow
	var out shelf.Shelved
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("member_id = ?", string(m)).Scan(ctx)
	if err == nil && len(rows) == 1 {
		out.First = rows[0].First
		_ = json.Unmarshal([]byte(rows[0].Views), &out.Views) // we wrote it
	}
	return out, err
}

// KeepShelved implements engage.Store.
func (d *DB) KeepShelved(ctx context.Context, m social.MemberID, s shelf.Shelved) error {
	row := shelfRow{MemberID: string(m), Views: jsonOf(s.Views), First: s.First}
	_, err := d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (member_id) DO UPDATE").Set("views = EXCLUDED.views").Set("first = EXCLUDED.first").Exec(ctx)
	return err
}

type deedRow struct {
	bun.BaseModel `bun:"table:deed,alias:d"`
	ID            string `bun:"id,pk"`
	MemberID      string `bun:"member_id"`
	At            int64  `bun:"at"`
	UndoneAt      int64  `bun:"undone_at"`
	Body          string `bun:"body"`
}

// KeepDone implements engage.Store.
func (d *DB) KeepDone(ctx context.Context, x engage.Done, forget time.Time) error {
	row := deedRow{ID: x.ID, MemberID: string(x.Member), At: store.At(x.At), UndoneAt: store.At(x.Undone), Body: jsonOf(x)}
	if _, err := d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE").Set("undone_at = EXCLUDED.undone_at").Exec(ctx); err != nil {
		return err
	}
	_, err := d.IDB(ctx).NewRaw("DELETE FROM deed WHERE at < ?", store.At(forget)).Exec(ctx)
	return err
}

// Done implements engage.Store.
func (d *DB) Done(ctx context.Context, id string) (engage.Done, error) {
	var rows []deedRow
	q := d.IDB(ctx).NewSelect().Model(&rows).Where("d.id = ?", id)
	if d.Engine == store.Postgres {
		q = q.For("UPDATE")
	}
	if err := q.Scan(ctx); err != nil {
		return engage.Done{}, err
	}
	if len(rows) == 0 {
		return engage.Done{}, social.Errorf(social.NotFound, "There is nothing to take back any more.")
	}
	var out engage.Done
	if strings.HasPrefix(rows[0].Body, "[") { // before there were merges, the changes alone were kept
		_ = json.Unmarshal([]byte(rows[0].Body), &out.Changes)
	} else {
		_ = json.Unmarshal([]byte(rows[0].Body), &out) // we wrote it
	}
	out.ID, out.Member, out.At, out.Undone = rows[0].ID, social.MemberID(rows[0].MemberID), store.Time(rows[0].At), store.Time(rows[0].UndoneAt)
	return out, nil
}
