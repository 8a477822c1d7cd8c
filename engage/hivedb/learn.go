package hivedb

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/engage/hive"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type skillRow struct {
	bun.BaseModel `bun:"table:hive_skill,alias:s"`
	MemberID      string  `bun:"member_id,pk"`
	Thing         string  `bun:"thing,pk"`
	Label         string  `bun:"label"`
	Answered      float64 `bun:"answered"`
	Solved        float64 `bun:"solved"`
	Passed        float64 `bun:"passed"`
	N             int     `bun:"n"`
	NSolved       int     `bun:"n_solved"`
	At            int64   `bun:"at"`
}

func (r skillRow) skill() hive.Skill {
	return hive.Skill{Member: social.MemberID(r.MemberID), Thing: r.Thing, Label: r.Label, Answered: r.Answered, Solved: r.Solved, Passed: r.Passed,
		N: r.N, NSolved: r.NSolved, At: store.Time(r.At)}
}

func toSkill(s hive.Skill) skillRow {
	return skillRow{MemberID: string(s.Member), Thing: s.Thing, Label: s.Label, Answered: s.Answered, Solved: s.Solved, Passed: s.Passed, N: s.N, NSolved: s.NSolved, At: store.At(s.At)}
}

func skills(rows []skillRow) []hive.Skill {
	out := make([]hive.Skill, len(rows))
	for i, r := range rows {
		out[i] = r.skill()
	}
	return out
}

// Skills implements hive.Store.
func (d *DB) Skills(ctx context.Context, since time.Time) ([]hive.Skill, error) {
	var rows []skillRow
	q := d.IDB(ctx).NewSelect().Model(&rows)
	if !since.IsZero() {
		q = q.Where("s.at >= ?", store.At(since))
	}
	err := q.Scan(ctx)
	return skills(rows), err
}

// SkillsOf implements hive.Store.
func (d *DB) SkillsOf(ctx context.Context, m social.MemberID, limit int) ([]hive.Skill, error) {
	var rows []skillRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("s.member_id = ?", string(m)).Where("s.n > 0").OrderExpr("s.n DESC, s.thing").Limit(int64(limit)).Scan(ctx)
	return skills(rows), err
}

// Learn implements hive.Store.
func (d *DB) Learn(ctx context.Context, what []hive.Skill, at time.Time) error {
	by := map[social.MemberID][]hive.Skill{}
	for _, s := range what {
		by[s.Member] = append(by[s.Member], s)
	}
	var out []skillRow
	for m, ss := range by {
		things := make([]string, len(ss))
		for i, s := range ss {
			things[i] = s.Thing
		}
		var rows []skillRow
		q := d.IDB(ctx).NewSelect().Model(&rows).Where("s.member_id = ?", string(m)).Where("s.thing IN (?)", bun.List(things)).Order("s.thing")
		if err := d.forUpdate(q, true).Scan(ctx); err != nil {
			return err
		}
		known := map[string]hive.Skill{}
		for _, r := range rows {
			known[r.Thing] = r.skill()
		}
		for _, s := range ss {
			was, ok := known[s.Thing]
			if !ok {
				was = hive.Skill{Member: m, Thing: s.Thing, Label: s.Label}
			}
			known[s.Thing] = was.Add(s, at)
		}
		for _, s := range known {
			out = append(out, toSkill(s))
		}
	}
	slices.SortFunc(out, func(a, b skillRow) int {
		return cmp.Or(cmp.Compare(a.MemberID, b.MemberID), cmp.Compare(a.Thing, b.Thing))
	})
	for chunk := range slices.Chunk(out, part) {
		q := d.IDB(ctx).NewInsert().Model(&chunk).On("CONFLICT (member_id, thing) DO UPDATE")
		for _, c := range []string{"label", "answered", "solved", "passed", "n", "n_solved", "at"} {
			q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
		}
		if _, err := q.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Answering implements hive.Store.
func (d *DB) Answering(ctx context.Context, c social.ConversationID, m social.MemberID, about hive.About, at time.Time) (bool, error) {
	res, err := d.IDB(ctx).NewRaw("INSERT INTO hive_answer (conversation_id, member_id, about, at, solved_at) VALUES (?, ?, ?, ?, 0) ON CONFLICT DO NOTHING",
		string(c), string(m), jsonOf(about), store.At(at)).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// Solving implements hive.Store.
func (d *DB) Solving(ctx context.Context, c social.ConversationID, at time.Time) (map[social.MemberID]hive.About, error) {
	var rows []struct {
		MemberID string
		About    string
	}
	err := d.IDB(ctx).NewRaw("UPDATE hive_answer SET solved_at = ? WHERE conversation_id = ? AND solved_at = 0 RETURNING member_id, about",
		store.At(at), string(c)).Scan(ctx, &rows)
	out := make(map[social.MemberID]hive.About, len(rows))
	for _, r := range rows {
		out[social.MemberID(r.MemberID)] = fromJSON[hive.About](r.About)
	}
	return out, err
}

type sumRow struct {
	bun.BaseModel `bun:"table:hive_sum,alias:h"`
	ProgrammeID   string `bun:"programme_id,pk"`
	Day           string `bun:"day,pk"`
	Name          string `bun:"name,pk"`
	Slot          string `bun:"slot,pk"`
	N             int64  `bun:"n"`
}

// Sum implements hive.Store.
func (d *DB) Sum(ctx context.Context, what []hive.Sum) error {
	rows := make([]sumRow, len(what))
	for i, s := range what {
		rows[i] = sumRow{ProgrammeID: string(s.Programme), Day: s.Day, Name: s.Name, Slot: s.Slot, N: s.N}
	}
	for chunk := range slices.Chunk(rows, part) {
		_, err := d.IDB(ctx).NewInsert().Model(&chunk).On("CONFLICT (programme_id, day, name, slot) DO UPDATE").Set("n = h.n + EXCLUDED.n").Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// SumsOf implements hive.Store.
func (d *DB) SumsOf(ctx context.Context, p social.ProgrammeID, from, to string) ([]hive.Sum, error) {
	var rows []sumRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("h.programme_id = ?", string(p)).Where("h.day >= ?", from).Where("h.day <= ?", to).Order("h.day", "h.name", "h.slot").Scan(ctx)
	out := make([]hive.Sum, len(rows))
	for i, r := range rows {
		out[i] = hive.Sum{Programme: social.ProgrammeID(r.ProgrammeID), Day: r.Day, Name: r.Name, Slot: r.Slot, N: r.N}
	}
	return out, err
}
