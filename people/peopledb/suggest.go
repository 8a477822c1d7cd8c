package peopledb

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/evidence"
	"github.com/parley-crm/parley/people/resolve"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type clueRow struct {
	bun.BaseModel `bun:"table:clue"`
	IdentityID    string `bun:"identity_id,pk"`
	Kind          string `bun:"kind,pk"`
	Value         string `bun:"value,pk"`
	Source        string `bun:"source"`
	ActivityID    string `bun:"activity_id"`
	At            int64  `bun:"at"`
}

// cluesMost is how many clues of one identity are kept.
const cluesMost = 20

// AddClues implements people.Hints.
func (d *DB) AddClues(ctx context.Context, clues []people.Clue) ([]social.IdentityID, error) {
	type key struct{ identity, kind, value string }
	rows := map[key]clueRow{}
	var order []key
	ids := map[string]bool{}
	for _, c := range clues {
		k := key{string(c.Identity), c.Kind, c.Value}
		if _, ok := rows[k]; ok {
			continue
		}
		rows[k] = clueRow{IdentityID: k.identity, Kind: k.kind, Value: k.value, Source: string(c.Source), ActivityID: string(c.Activity), At: store.At(c.At)}
		order = append(order, k)
		ids[k.identity] = true
	}
	list := make([]string, 0, len(ids))
	for id := range ids {
		list = append(list, id)
	}
	var known []clueRow
	if err := d.IDB(ctx).NewSelect().Model(&known).Where("identity_id IN (?)", bun.List(list)).Scan(ctx); err != nil {
		return nil, err
	}
	many := map[string]int{}
	for _, r := range known {
		delete(rows, key{r.IdentityID, r.Kind, r.Value})
		many[r.IdentityID]++
	}
	var fresh []clueRow
	var out []social.IdentityID
	had := map[string]bool{}
	for _, k := range order {
		r, ok := rows[k]
		if !ok || many[k.identity] >= cluesMost {
			continue
		}
		many[k.identity]++
		fresh = append(fresh, r)
		if !had[k.identity] {
			had[k.identity] = true
			out = append(out, social.IdentityID(k.identity))
		}
	}
	if len(fresh) == 0 {
		return nil, nil
	}
	_, err := d.IDB(ctx).NewInsert().Model(&fresh).On("CONFLICT DO NOTHING").Exec(ctx)
	return out, err
}

// Clues implements people.Hints.
func (d *DB) Clues(ctx context.Context, who social.PersonID) ([]people.Clue, error) {
	var rows []clueRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("identity_id IN (SELECT id FROM identity WHERE person_id = ?)", string(who)).
		Order("at", "identity_id", "kind", "value").Limit(100).Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]people.Clue, len(rows))
	for i, r := range rows {
		out[i] = people.Clue{Identity: social.IdentityID(r.IdentityID), Contact: resolve.Contact{Kind: r.Kind, Value: r.Value},
			Source: evidence.Source(r.Source), Activity: social.ActivityID(r.ActivityID), At: store.Time(r.At)}
	}
	return out, nil
}

// KeepProfiles implements people.Hints.
func (d *DB) KeepProfiles(ctx context.Context, told map[social.IdentityID][]people.Clue) ([]social.IdentityID, error) {
	ids := make([]string, 0, len(told))
	for id := range told {
		ids = append(ids, string(id))
	}
	var known []clueRow
	if err := d.IDB(ctx).NewSelect().Model(&known).Where("identity_id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, err
	}
	type key struct{ identity, kind, value string }
	had, many := map[key]clueRow{}, map[string]int{}
	for _, r := range known {
		had[key{r.IdentityID, r.Kind, r.Value}] = r
		many[r.IdentityID]++
	}
	var write []clueRow
	changed := map[social.IdentityID]bool{}
	for id, clues := range told {
		for _, c := range clues {
			k := key{string(id), c.Kind, c.Value}
			r, ok := had[k]
			delete(had, k)
			// What they wrote themselves says when; what leads back says more.
			if ok && (r.Source == string(c.Source) || r.Source != profileTold && r.Source != profileLinked && c.Source != evidence.Linked || r.ActivityID == "" && r.Source == "") {
				continue
			}
			if !ok {
				if many[k.identity] >= cluesMost {
					continue
				}
				many[k.identity]++
			}
			write = append(write, clueRow{IdentityID: k.identity, Kind: k.kind, Value: k.value, Source: string(c.Source), At: store.At(c.At)})
			changed[id] = true
		}
	}
	for _, r := range had { // not told any more
		if r.Source != profileTold && r.Source != profileLinked {
			continue
		}
		if _, err := d.IDB(ctx).NewDelete().Model(&r).WherePK().Exec(ctx); err != nil {
			return nil, err
		}
		changed[social.IdentityID(r.IdentityID)] = true
	}
	if len(write) > 0 {
		q := d.IDB(ctx).NewInsert().Model(&write).On("CONFLICT (identity_id, kind, value) DO UPDATE")
		for _, c := range []string{"source", "activity_id", "at"} {
			q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
		}
		if _, err := q.Exec(ctx); err != nil {
			return nil, err
		}
	}
	return slices.Sorted(maps.Keys(changed)), nil
}

const profileTold, profileLinked = string(evidence.Profile), string(evidence.Linked)

// Holders implements people.Hints.
func (d *DB) Holders(ctx context.Context, c resolve.Contact, limit int) ([]people.Holder, error) {
	var rows []struct {
		PersonID string
		Held     int
	}
	err := d.IDB(ctx).NewRaw(`SELECT i.person_id, MAX(CASE WHEN c.activity_id = '' AND c.source = '' THEN 1 ELSE 0 END) AS held FROM clue c JOIN identity i ON i.id = c.identity_id
WHERE c.kind = ? AND c.value = ? GROUP BY i.person_id ORDER BY i.person_id LIMIT ?`, c.Kind, c.Value, limit).Scan(ctx, &rows)
	out := make([]people.Holder, len(rows))
	for i, r := range rows {
		out[i] = people.Holder{Person: social.PersonID(r.PersonID), Held: r.Held == 1}
	}
	return out, err
}

// knownMost is how far persons are counted: beyond, the figure makes no
// difference.
const knownMost = 1000

// HowMany implements people.Hints.
func (d *DB) HowMany(ctx context.Context, words []string) (int, map[string]int, error) {
	count := func(q string, args ...any) (int, error) {
		var n int
		err := d.IDB(ctx).NewRaw("SELECT COUNT(*) FROM ("+q+" LIMIT ?) t", append(args, knownMost)...).Scan(ctx, &n)
		return n, err
	}
	population, err := count("SELECT 1 FROM person WHERE merged_into = ''")
	if err != nil {
		return 0, nil, err
	}
	called := map[string]int{}
	for _, w := range words {
		if _, ok := called[w]; ok || w == "" {
			continue
		}
		n, err := count("SELECT 1 FROM person_term WHERE term = ?", strings.ToLower(w))
		if err != nil {
			return 0, nil, err
		}
		called[w] = max(n-2, 0)
	}
	return population, called, nil
}

// family is a person with all who were joined into them.
const familySQL = `WITH RECURSIVE kin (id) AS (SELECT CAST(? AS TEXT) UNION SELECT p.id FROM person p JOIN kin ON p.merged_into = kin.id)
SELECT id FROM kin LIMIT 200`

func (d *DB) kin(ctx context.Context, who social.PersonID) (out []string, err error) {
	err = d.IDB(ctx).NewRaw(familySQL, string(who)).Scan(ctx, &out)
	return out, err
}

// Declined implements people.Hints.
func (d *DB) Declined(ctx context.Context, a, b social.PersonID) (bool, error) {
	x, err := d.kin(ctx, a)
	if err != nil {
		return false, err
	}
	y, err := d.kin(ctx, b)
	if err != nil {
		return false, err
	}
	return d.IDB(ctx).NewSelect().Model((*suggestionRow)(nil)).Where("state = ?", people.SuggestionDeclined).
		Where("(a IN (?) AND b IN (?) OR a IN (?) AND b IN (?))", bun.List(x), bun.List(y), bun.List(y), bun.List(x)).Exists(ctx)
}

type suggestionRow struct {
	bun.BaseModel `bun:"table:suggestion"`
	ID            string `bun:"id,pk"`
	A             string `bun:"a"`
	B             string `bun:"b"`
	Score         int64  `bun:"score"`
	Reasons       string `bun:"reasons"`
	State         string `bun:"state"`
	MergeID       string `bun:"merge_id"`
	CreatedAt     int64  `bun:"created_at"`
	DecidedAt     int64  `bun:"decided_at"`
	ByMember      string `bun:"by_member"`
}

// Suggest implements people.Hints.
func (d *DB) Suggest(ctx context.Context, s people.Suggestion) error {
	reasons, err := json.Marshal(s.Reasons)
	if err != nil {
		return err
	}
	row := suggestionRow{ID: s.ID, A: string(s.A), B: string(s.B), Score: int64(s.Probability * 10_000), Reasons: string(reasons),
		State: s.State, CreatedAt: store.At(s.At)}
	_, err = d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (a, b) DO UPDATE").Set("score = EXCLUDED.score").Set("reasons = EXCLUDED.reasons").
		Set("state = EXCLUDED.state").Set("merge_id = ''").Where("suggestion_row.state IN (?)", bun.List([]string{people.SuggestionOpen, people.SuggestionStale})).Exec(ctx)
	return err
}

// Settle implements people.Hints.
func (d *DB) Settle(ctx context.Context, who, other social.PersonID, state, merge string, spare []string) error {
	actor, _ := social.ActorOf(ctx)
	q := d.IDB(ctx).NewUpdate().Model((*suggestionRow)(nil)).Set("state = ?", state).Set("merge_id = ?", merge).
		Set("decided_at = ?", store.At(d.Clock.Now())).Set("by_member = ?", string(actor.Member)).Where("state = ?", people.SuggestionOpen)
	if other != "" {
		q = q.Where("a = ? AND b = ?", string(min(who, other)), string(max(who, other)))
	} else {
		q = q.Where("(a = ? OR b = ?)", string(who), string(who))
	}
	if len(spare) > 0 {
		q = q.Where("id NOT IN (?)", bun.List(spare))
	}
	_, err := q.Exec(ctx)
	return err
}

// Reopen implements people.Hints.
func (d *DB) Reopen(ctx context.Context, merge string) error {
	_, err := d.IDB(ctx).NewUpdate().Model((*suggestionRow)(nil)).Set("state = ?", people.SuggestionOpen).Set("merge_id = ''").
		Set("decided_at = 0").Set("by_member = ''").Where("merge_id = ?", merge).Exec(ctx)
	return err
}

// Decide implements people.Hints.
func (d *DB) Decide(ctx context.Context, s people.Suggestion) error {
	_, err := d.IDB(ctx).NewUpdate().Model((*suggestionRow)(nil)).Set("state = ?", s.State).Set("decided_at = ?", store.At(s.DecidedAt)).
		Set("by_member = ?", string(s.By)).Where("id = ?", s.ID).Exec(ctx)
	return err
}

func suggestionOf(r suggestionRow) (people.Suggestion, error) {
	s := people.Suggestion{ID: r.ID, A: social.PersonID(r.A), B: social.PersonID(r.B), Probability: float64(r.Score) / 10_000, State: r.State,
		Merge: r.MergeID, At: store.Time(r.CreatedAt), DecidedAt: store.Time(r.DecidedAt), By: social.MemberID(r.ByMember)}
	return s, json.Unmarshal([]byte(r.Reasons), &s.Reasons)
}

// seenBoth narrows to suggestions of which both persons may be seen. A merge
// does not hide what was decided: the alias leads to the survivor.
func seenBoth(ctx context.Context, q *bun.SelectQuery) *bun.SelectQuery {
	scope := scopeOf(ctx)
	if scope.All {
		return q
	}
	if len(scope.Programmes) == 0 {
		return q.Where("1 = 0")
	}
	for _, c := range []string{"suggestion_row.a", "suggestion_row.b"} {
		q = q.Where("EXISTS (SELECT 1 FROM person_programme pp JOIN person p ON pp.person_id = CASE WHEN p.merged_into = '' THEN p.id ELSE p.merged_into END WHERE p.id = "+c+" AND pp.programme_id IN (?))", bun.List(scope.Programmes))
	}
	return q
}

// Suggestion implements people.Hints.
func (d *DB) Suggestion(ctx context.Context, id string) (people.Suggestion, error) {
	var r suggestionRow
	if err := seenBoth(ctx, d.IDB(ctx).NewSelect().Model(&r).Where("suggestion_row.id = ?", id)).Scan(ctx); err != nil {
		return people.Suggestion{}, store.NotFound(err, "There is no such suggestion.")
	}
	return suggestionOf(r)
}

// Suggestions implements people.Hints.
func (d *DB) Suggestions(ctx context.Context, q people.SuggestionQuery) ([]people.Suggestion, string, error) {
	limit := store.Limit(q.Limit)
	var score int64
	var last string
	more, err := store.FromCursor(q.Cursor, &score, &last)
	if err != nil {
		return nil, "", err
	}
	state := q.State
	if state == "" {
		state = people.SuggestionOpen
	}
	var rows []suggestionRow
	sel := d.IDB(ctx).NewSelect().Model(&rows).Where("suggestion_row.state = ?", state).OrderExpr("score DESC, suggestion_row.id").Limit(int64(limit) + 1)
	if q.Person != "" {
		sel = sel.Where("(suggestion_row.a = ? OR suggestion_row.b = ?)", string(q.Person), string(q.Person))
	}
	if more {
		sel = sel.Where("(score < ? OR score = ? AND suggestion_row.id > ?)", score, score, last)
	}
	if err := seenBoth(ctx, sel).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].Score, rows[limit-1].ID)
	}
	out := make([]people.Suggestion, len(rows))
	for i, r := range rows {
		if out[i], err = suggestionOf(r); err != nil {
			return nil, "", err
		}
	}
	return out, next, nil
}

// CountSuggestions implements people.Hints.
func (d *DB) CountSuggestions(ctx context.Context, most int) (int, error) {
	var ids []string
	err := seenBoth(ctx, d.IDB(ctx).NewSelect().Model((*suggestionRow)(nil)).Column("suggestion_row.id").Where("state = ?", people.SuggestionOpen)).
		Limit(int64(most)).Scan(ctx, &ids)
	return len(ids), err
}

const shellSQL = `
SELECT COUNT(*) FROM (
  SELECT 1 AS x FROM consent WHERE identity_id IN (SELECT id FROM identity WHERE person_id = ?0)
  UNION ALL SELECT 1 FROM person_tag WHERE person_id = ?0
  UNION ALL SELECT 1 FROM affiliation WHERE person_id = ?0
  UNION ALL SELECT 1 FROM field_value WHERE owner_id = ?0
  UNION ALL SELECT 1 FROM person_note WHERE person_id = ?0
  UNION ALL SELECT 1 FROM person_goal WHERE person_id = ?0
  UNION ALL SELECT 1 FROM person_promise WHERE person_id = ?0
  UNION ALL SELECT 1 FROM customer_order WHERE person_id = ?0
  UNION ALL SELECT 1 FROM opportunity WHERE person_id = ?0
  UNION ALL SELECT 1 FROM file WHERE owner = 'person:' || ?0
  UNION ALL SELECT 1 FROM person_merge WHERE (survivor = ?0 OR absorbed = ?0) AND undone_at = 0
) t`

// Shell implements people.Hints.
func (d *DB) Shell(ctx context.Context, who social.PersonID) (bool, error) {
	var n int
	err := d.IDB(ctx).NewRaw(shellSQL, string(who)).Scan(ctx, &n)
	return n == 0, err
}

// Parted implements people.Hints.
func (d *DB) Parted(ctx context.Context, a, b social.PersonID) (bool, error) {
	x, err := d.kin(ctx, a)
	if err != nil {
		return false, err
	}
	y, err := d.kin(ctx, b)
	if err != nil {
		return false, err
	}
	return d.IDB(ctx).NewSelect().Model((*mergeRow)(nil)).Where("undone_at > 0").
		Where("(survivor IN (?) AND absorbed IN (?) OR survivor IN (?) AND absorbed IN (?))", bun.List(x), bun.List(y), bun.List(y), bun.List(x)).Exists(ctx)
}
