package peopledb

import (
	"context"
	"encoding/json"
	"time"

	"github.com/parley-crm/parley/people/bring"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Bring keeps imports and what they bring (bring.Store).
type Bring struct{ *DB }

var _ bring.Store = Bring{}

const bringLock = 0x6272696e // "brin"

// Lock implements bring.Store.
func (s Bring) Lock(ctx context.Context) error {
	return s.Dialect.Lock(ctx, s.IDB(ctx), bringLock)
}

type importRow struct {
	bun.BaseModel `bun:"table:bring_file"`
	ID            string `bun:"id,pk"`
	Name          string `bun:"name"`
	Size          int64  `bun:"size"`
	Stored        int64  `bun:"stored"`
	State         string `bun:"state"`
	Format        string `bun:"format"`
	Settings      string `bun:"settings"`
	Dry           bool   `bun:"dry"`
	Length        int64  `bun:"length"`
	Position      int64  `bun:"position"`
	Rows          int64  `bun:"rows_read"`
	Created       int64  `bun:"created"`
	Updated       int64  `bun:"updated"`
	Same          int64  `bun:"same"`
	Passed        int64  `bun:"passed"`
	Wrong         int64  `bun:"wrong"`
	Steps         int64  `bun:"steps"`
	Undone        int64  `bun:"undone"`
	Kept          int64  `bun:"kept"`
	Nobody        int64  `bun:"nobody"`
	Worked        int64  `bun:"worked"`
	Note          string `bun:"note"`
	Member        string `bun:"member_id"`
	CreatedAt     int64  `bun:"created_at"`
	StartedAt     int64  `bun:"started_at"`
	EndedAt       int64  `bun:"ended_at"`
}

func rowOfImport(f bring.Import) (*importRow, error) {
	settings, err := json.Marshal(f.Settings)
	return &importRow{ID: f.ID, Name: f.Name, Size: f.Size, Stored: f.Stored, State: string(f.State), Format: f.Format, Settings: string(settings), Dry: f.Dry,
		Length: f.Length, Position: f.Position, Rows: f.Rows, Created: f.Created, Updated: f.Updated, Same: f.Same, Passed: f.Passed, Wrong: f.Wrong, Steps: f.Steps,
		Undone: f.Undone, Kept: f.Kept, Nobody: f.Nobody, Worked: f.Worked.Microseconds(), Note: f.Note, Member: string(f.Member),
		CreatedAt: store.At(f.At), StartedAt: store.At(f.Started), EndedAt: store.At(f.Ended)}, err
}

func (r *importRow) file() (bring.Import, error) {
	f := bring.Import{ID: r.ID, Name: r.Name, Size: r.Size, Stored: r.Stored, State: bring.State(r.State), Format: r.Format, Dry: r.Dry,
		Length: r.Length, Position: r.Position, Rows: r.Rows, Created: r.Created, Updated: r.Updated, Same: r.Same, Passed: r.Passed, Wrong: r.Wrong, Steps: r.Steps,
		Undone: r.Undone, Kept: r.Kept, Nobody: r.Nobody, Worked: time.Duration(r.Worked) * time.Microsecond, Note: r.Note, Member: social.MemberID(r.Member),
		At: store.Time(r.CreatedAt), Started: store.Time(r.StartedAt), Ended: store.Time(r.EndedAt)}
	if r.Settings == "" {
		return f, nil
	}
	return f, json.Unmarshal([]byte(r.Settings), &f.Settings)
}

// AddImport implements bring.Store.
func (s Bring) AddImport(ctx context.Context, f bring.Import) error {
	r, err := rowOfImport(f)
	if err != nil {
		return err
	}
	_, err = s.IDB(ctx).NewInsert().Model(r).Exec(ctx)
	return err
}

// SaveImport implements bring.Store.
func (s Bring) SaveImport(ctx context.Context, f bring.Import) error {
	r, err := rowOfImport(f)
	if err != nil {
		return err
	}
	_, err = s.IDB(ctx).NewUpdate().Model(r).WherePK().ExcludeColumn("id", "name", "size", "member_id", "created_at").Exec(ctx)
	return err
}

// RemoveImport implements bring.Store.
func (s Bring) RemoveImport(ctx context.Context, id string) error {
	for _, q := range []string{"DELETE FROM bring_error WHERE file_id = ?", "DELETE FROM bring_step WHERE file_id = ?", "DELETE FROM bring_file WHERE id = ?"} {
		if _, err := s.IDB(ctx).NewRaw(q, id).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Import implements bring.Store.
func (s Bring) Import(ctx context.Context, id string) (bring.Import, error) {
	var r importRow
	if err := s.IDB(ctx).NewSelect().Model(&r).Where("id = ?", id).Scan(ctx); err != nil {
		return bring.Import{}, store.NotFound(err, "There is no such import.")
	}
	return r.file()
}

// Imports implements bring.Store: the newest first.
func (s Bring) Imports(ctx context.Context, before string, limit int) ([]bring.Import, error) {
	var rows []importRow
	q := s.IDB(ctx).NewSelect().Model(&rows).Order("id DESC").Limit(int64(limit))
	if before != "" {
		q = q.Where("id < ?", before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]bring.Import, len(rows))
	for i := range rows {
		var err error
		if out[i], err = rows[i].file(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Waiting implements bring.Store.
func (s Bring) Waiting(ctx context.Context) (bring.Import, bool, error) {
	var rows []importRow
	err := s.IDB(ctx).NewSelect().Model(&rows).Where("state IN (?)", bun.List([]string{string(bring.Running), string(bring.Undoing)})).
		Order("created_at", "id").Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return bring.Import{}, false, err
	}
	f, err := rows[0].file()
	return f, err == nil, err
}

type wrongRow struct {
	bun.BaseModel `bun:"table:bring_error"`
	File          string `bun:"file_id,pk"`
	Line          int64  `bun:"line,pk"`
	Why           string `bun:"why"`
	Source        string `bun:"source"`
}

// AddMistakes implements bring.Store.
func (s Bring) AddMistakes(ctx context.Context, file string, all []bring.Mistake) error {
	if len(all) == 0 {
		return nil
	}
	rows := make([]wrongRow, len(all))
	for i, m := range all {
		rows[i] = wrongRow{File: file, Line: m.Line, Why: m.Why, Source: m.Source}
	}
	_, err := s.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (file_id, line) DO NOTHING").Returning("NULL").Exec(ctx)
	return err
}

// DropMistakes implements bring.Store.
func (s Bring) DropMistakes(ctx context.Context, file string) error {
	_, err := s.IDB(ctx).NewRaw("DELETE FROM bring_error WHERE file_id = ?", file).Exec(ctx)
	return err
}

// Mistakes implements bring.Store.
func (s Bring) Mistakes(ctx context.Context, file string, after int64, limit int) ([]bring.Mistake, error) {
	var rows []wrongRow
	err := s.IDB(ctx).NewSelect().Model(&rows).Where("file_id = ? AND line > ?", file, after).Order("line").Limit(int64(limit)).Scan(ctx)
	out := make([]bring.Mistake, len(rows))
	for i, r := range rows {
		out[i] = bring.Mistake{Line: r.Line, Why: r.Why, Source: r.Source}
	}
	return out, err
}

// Stands implements bring.Store.
func (s Bring) Stands(ctx context.Context, who []social.PersonID) (map[social.PersonID]*bring.Stand, error) {
	out := make(map[social.PersonID]*bring.Stand, len(who))
	if len(who) == 0 {
		return out, nil
	}
	var rows []personRow
	q := s.IDB(ctx).NewSelect().Model(&rows).Where("id IN (?)", bun.List(who))
	if scope := scopeOf(ctx); !scope.All {
		q = q.Where("id IN (SELECT person_id FROM person_programme WHERE programme_id IN (?))", bun.List(append([]social.ProgrammeID{"-"}, scope.Programmes...)))
	}
	if err := q.Scan(ctx); err != nil {
		return nil, err
	}
	for _, r := range rows {
		out[social.PersonID(r.ID)] = &bring.Stand{Person: social.PersonID(r.ID), Name: r.Name, Place: r.Place, Lang: r.Lang, Notes: r.Notes,
			Values: map[deal.FieldID]string{}, Sources: map[deal.FieldID]string{}, Works: map[deal.OrganizationID]bool{}}
	}
	var more []struct{ Kind, Person, Which, Value, Source string }
	if err := s.IDB(ctx).NewRaw(standSQL, bun.List(who)).Scan(ctx, &more); err != nil {
		return nil, err
	}
	for _, r := range more {
		now := out[social.PersonID(r.Person)]
		switch {
		case now == nil:
		case r.Kind == "tag":
			now.Tags = append(now.Tags, social.TagID(r.Which))
		case r.Kind == "work":
			now.Works[deal.OrganizationID(r.Which)] = true
		default:
			now.Values[deal.FieldID(r.Which)], now.Sources[deal.FieldID(r.Which)] = r.Value, r.Source
		}
	}
	return out, nil
}

const standSQL = `
SELECT 'tag' AS kind, person_id AS person, tag_id AS which, '' AS value, '' AS source FROM person_tag WHERE person_id IN (?0)
UNION ALL
SELECT 'work', person_id, organization_id, '', '' FROM affiliation WHERE person_id IN (?0) AND until = ''
UNION ALL
SELECT 'value', owner_id, field_id, value, source FROM field_value WHERE owner_id IN (?0)`

// OrganizationsCalled implements bring.Store: of several with one name, the
// oldest.
func (s Bring) OrganizationsCalled(ctx context.Context, names []string) (map[string]deal.OrganizationID, error) {
	out := map[string]deal.OrganizationID{}
	if len(names) == 0 {
		return out, nil
	}
	var rows []struct{ ID, NameFolded string }
	err := s.IDB(ctx).NewRaw("SELECT id, name_folded FROM organization WHERE name_folded IN (?) ORDER BY id DESC", bun.List(names)).Scan(ctx, &rows)
	for _, r := range rows {
		out[r.NameFolded] = deal.OrganizationID(r.ID)
	}
	return out, err
}

// Shared implements bring.Store.
func (s Bring) Shared(ctx context.Context, who []social.PersonID) ([]social.PersonID, error) {
	if len(who) == 0 {
		return nil, nil
	}
	var out []social.PersonID
	err := s.IDB(ctx).NewRaw(`
SELECT DISTINCT i.person_id FROM identity i JOIN clue c ON c.identity_id = i.id
JOIN clue o ON o.kind = c.kind AND o.value = c.value AND o.identity_id <> c.identity_id
JOIN identity j ON j.id = o.identity_id AND j.person_id <> i.person_id
WHERE i.person_id IN (?) ORDER BY i.person_id`, bun.List(who)).Scan(ctx, &out)
	return out, err
}
