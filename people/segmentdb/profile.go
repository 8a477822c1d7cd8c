package segmentdb

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// profileRow has a column for every fixed field; a test holds the two together.
type profileRow struct {
	bun.BaseModel    `bun:"table:person_profile,alias:p"`
	Person           string   `bun:"person_id,pk"`
	Name             string   `bun:"name"`
	Place            string   `bun:"place"`
	Language         string   `bun:"language"`
	Mood             string   `bun:"mood"`
	Networks         string   `bun:"networks"`
	Reach            string   `bun:"reach"`
	Programmes       string   `bun:"programmes"`
	Tags             string   `bun:"tags"`
	Organizations    string   `bun:"organizations"`
	Intents          string   `bun:"intents"`
	Topics           string   `bun:"topics"`
	Refuses          string   `bun:"refuses"`
	Agreed           string   `bun:"agreed"`
	Waiting          bool     `bun:"waiting"`
	Accounts         *float64 `bun:"accounts"`
	Followers        *float64 `bun:"followers"`
	Influence        *float64 `bun:"influence"`
	Said             *float64 `bun:"said"`
	Negative         *float64 `bun:"negative"`
	Positive         *float64 `bun:"positive"`
	Conversations    *float64 `bun:"conversations"`
	Open             *float64 `bun:"open"`
	Clicks           *float64 `bun:"clicks"`
	Conversions      *float64 `bun:"conversions"`
	Orders           *float64 `bun:"orders"`
	Opportunities    *float64 `bun:"opportunities"`
	Won              *float64 `bun:"won"`
	Goals            *float64 `bun:"goals"`
	Promises         *float64 `bun:"promises"`
	Broken           *float64 `bun:"broken"`
	BuysAgain        *float64 `bun:"buys_again"`
	GoesQuiet        *float64 `bun:"goes_quiet"`
	SpeaksWell       *float64 `bun:"speaks_well"`
	KnownSince       int64    `bun:"known_since"`
	FirstHeard       int64    `bun:"first_heard"`
	LastHeard        int64    `bun:"last_heard"`
	LastConversation int64    `bun:"last_conversation"`
	LastAnswered     int64    `bun:"last_answered"`
	LastClick        int64    `bun:"last_click"`
	LastConversion   int64    `bun:"last_conversion"`
	LastOrder        int64    `bun:"last_order"`
	DueAt            int64    `bun:"due_at"`
}

// cells says where the row keeps each field: *string, *bool, **float64 or *int64.
func (r *profileRow) cells() map[string]any {
	return map[string]any{
		"name": &r.Name, "place": &r.Place, "language": &r.Language, "mood": &r.Mood, "networks": &r.Networks, "reach": &r.Reach, "programmes": &r.Programmes,
		"tags": &r.Tags, "organizations": &r.Organizations, "intents": &r.Intents, "topics": &r.Topics, "refuses": &r.Refuses, "agreed": &r.Agreed, "waiting": &r.Waiting,
		"accounts": &r.Accounts, "followers": &r.Followers, "influence": &r.Influence, "said": &r.Said, "negative": &r.Negative, "positive": &r.Positive,
		"conversations": &r.Conversations, "open": &r.Open, "clicks": &r.Clicks, "conversions": &r.Conversions, "orders": &r.Orders, "opportunities": &r.Opportunities,
		"won": &r.Won, "goals": &r.Goals, "promises": &r.Promises, "broken": &r.Broken, "buys_again": &r.BuysAgain, "goes_quiet": &r.GoesQuiet, "speaks_well": &r.SpeaksWell, "known_since": &r.KnownSince, "first_heard": &r.FirstHeard, "last_heard": &r.LastHeard,
		"last_conversation": &r.LastConversation, "last_answered": &r.LastAnswered, "last_click": &r.LastClick, "last_conversion": &r.LastConversion, "last_order": &r.LastOrder,
	}
}

type extraRow struct {
	bun.BaseModel `bun:"table:person_extra,alias:x"`
	Person        string   `bun:"person_id,pk"`
	Field         string   `bun:"field,pk"`
	Text          string   `bun:"text"`
	Number        *float64 `bun:"number"`
	At            int64    `bun:"at"`
}

var fixed = func() map[string]cond.Type {
	out := map[string]cond.Type{}
	for _, f := range segment.Fixed() {
		out[f.Name] = f.Type
	}
	return out
}()

// lines puts many values into one text, each between two line breaks.
func lines(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return "\n" + strings.Join(values, "\n") + "\n"
}

func (r *profileRow) take(p segment.Profile) (extra []extraRow) {
	cells := r.cells()
	for field, v := range p {
		if !v.Has {
			continue
		}
		switch c := cells[field].(type) {
		case *string:
			if *c = v.Text; fixed[field] == cond.Many {
				*c = lines(v.Texts)
			}
		case *bool:
			*c = v.Bool
		case **float64:
			*c = &v.Number
		case *int64:
			*c = store.At(v.Time)
		default:
			extra = append(extra, extraOf(r.Person, field, v))
		}
	}
	return extra
}

// yes stands in place of a time where the text "true" is no text.
const yes = -1

// extraOf keeps a value of a field that there is not in every company. No is
// what the number nought is.
func extraOf(person, field string, v cond.Value) extraRow {
	x := extraRow{Person: person, Field: field, Text: v.Text, At: store.At(v.Time)}
	switch {
	case v.Text != "" || !v.Time.IsZero():
	case v.Bool:
		x.Text, x.At = "true", yes
	default:
		x.Number = &v.Number
	}
	return x
}

func (r *profileRow) profile() segment.Profile {
	p := segment.Profile{}
	for field, c := range r.cells() {
		var v cond.Value
		switch c := c.(type) {
		case *string:
			v = cond.TextValue(*c)
			if fixed[field] == cond.Many {
				v = cond.Value{}
				if *c != "" {
					v = cond.TextsValue(strings.Split(strings.Trim(*c, "\n"), "\n"))
				}
			}
		case *bool:
			v = cond.BoolValue(*c)
		case **float64:
			if *c != nil {
				v = cond.NumberValue(**c)
			}
		case *int64:
			v = cond.TimeValue(store.Time(*c))
		}
		if v.Has {
			p[field] = v
		}
	}
	return p
}

// Profiles implements segment.Store.
func (d *DB) Profiles(ctx context.Context, ids []social.PersonID) (map[social.PersonID]segment.Profile, error) {
	out := make(map[social.PersonID]segment.Profile, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var rows []profileRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("person_id IN (?)", bun.List(texts(ids))).Scan(ctx); err != nil {
		return nil, err
	}
	for i := range rows {
		out[social.PersonID(rows[i].Person)] = rows[i].profile()
	}
	var extra []extraRow
	if err := d.IDB(ctx).NewSelect().Model(&extra).Where("person_id IN (?)", bun.List(texts(ids))).Scan(ctx); err != nil {
		return nil, err
	}
	for _, x := range extra {
		p := out[social.PersonID(x.Person)]
		switch {
		case p == nil:
		case x.At == yes:
			p[x.Field] = cond.BoolValue(true)
		case x.At != 0:
			p[x.Field] = cond.TimeValue(store.Time(x.At))
		case x.Number != nil:
			p[x.Field] = cond.NumberValue(*x.Number)
		default:
			p[x.Field] = cond.TextValue(x.Text)
		}
	}
	return out, nil
}

// atOnce keeps the parameters of a statement below what SQLite takes.
const atOnce = 500

// SaveProfiles implements segment.Store.
func (d *DB) SaveProfiles(ctx context.Context, all map[social.PersonID]segment.Profile, due map[social.PersonID]time.Time) error {
	if len(all) == 0 {
		return nil
	}
	rows := make([]profileRow, 0, len(all))
	ids := make([]string, 0, len(all))
	var extra []extraRow
	for p, profile := range all {
		r := profileRow{Person: string(p), DueAt: store.At(due[p])}
		extra = append(extra, r.take(profile)...)
		rows, ids = append(rows, r), append(ids, string(p))
	}
	q := d.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (person_id) DO UPDATE")
	for _, c := range slices.Sorted(keys((&profileRow{}).cells())) {
		q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
	}
	if _, err := q.Set("due_at = EXCLUDED.due_at").Returning("NULL").Exec(ctx); err != nil {
		return err
	}
	if _, err := d.IDB(ctx).NewRaw("DELETE FROM person_extra WHERE person_id IN (?)", bun.List(ids)).Exec(ctx); err != nil {
		return err
	}
	for part := range slices.Chunk(extra, atOnce) {
		if _, err := d.IDB(ctx).NewInsert().Model(&part).Returning("NULL").Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func keys(m map[string]any) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// Sooner implements segment.Store.
func (d *DB) Sooner(ctx context.Context, due map[social.PersonID]time.Time) error {
	if len(due) == 0 {
		return nil
	}
	values := make([]string, 0, len(due))
	args := make([]any, 0, 2*len(due))
	for p, t := range due {
		values, args = append(values, "(?, ?)"), append(args, string(p), store.At(t))
	}
	_, err := d.IDB(ctx).NewRaw("UPDATE person_profile SET due_at = v.column2 FROM (VALUES "+strings.Join(values, ", ")+
		") AS v WHERE person_profile.person_id = v.column1 AND (person_profile.due_at = 0 OR person_profile.due_at > v.column2)", args...).Exec(ctx)
	return err
}

// Forget implements segment.Store.
func (d *DB) Forget(ctx context.Context, ids []social.PersonID) error {
	if len(ids) == 0 {
		return nil
	}
	for _, table := range []string{"person_profile", "person_extra", "person_day"} {
		if _, err := d.IDB(ctx).NewRaw("DELETE FROM ? WHERE person_id IN (?)", bun.Ident(table), bun.List(texts(ids))).Exec(ctx); err != nil {
			return err
		}
	}
	// Of whoever is no alias but erased, no history stays either.
	_, err := d.IDB(ctx).NewRaw("DELETE FROM segment_step WHERE person_id IN (?) AND NOT EXISTS (SELECT 1 FROM person AS p WHERE p.id = segment_step.person_id)", bun.List(texts(ids))).Exec(ctx)
	return err
}

// column says how SQL gets at a field of a profile p.
func column(fields []cond.Field) func(string) (cond.Column, bool) {
	return func(name string) (cond.Column, bool) {
		if t, ok := fixed[name]; ok {
			if t == cond.Many {
				return cond.Column{Many: among("p." + name)}, true
			}
			return cond.Column{Expr: "p." + name}, true
		}
		i := slices.IndexFunc(fields, func(f cond.Field) bool { return f.Name == name })
		if i < 0 {
			return cond.Column{}, false
		}
		sub := func(what, none string) (cond.Column, bool) {
			return cond.Column{Expr: "COALESCE((SELECT " + what + " FROM person_extra AS x WHERE x.person_id = p.person_id AND x.field = ?), " + none + ")", Args: []any{name}}, true
		}
		switch fields[i].Type {
		case cond.Number:
			return sub("x.number", "NULL")
		case cond.Date:
			return sub("x.at", "0")
		case cond.Bool:
			return sub("x.text = 'true'", "FALSE")
		}
		return sub("x.text", "''")
	}
}

// among finds values in a text of many.
func among(column string) func([]string) (string, []any) {
	escape := strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")
	return func(values []string) (string, []any) {
		if len(values) == 0 {
			return column + " <> ''", nil
		}
		var parts []string
		var args []any
		for _, v := range values {
			parts = append(parts, column+" LIKE ? ESCAPE '!'")
			args = append(args, "%\n"+escape.Replace(v)+"\n%")
		}
		return strings.Join(parts, " OR "), args
	}
}

// Count implements segment.Store.
func (d *DB) Count(ctx context.Context, where cond.Node, fields []cond.Field, now time.Time, few int) (int, []social.PersonID, error) {
	text, args := cond.SQL(where, fields, column(fields), now)
	ask := func() *bun.SelectQuery {
		q := d.IDB(ctx).NewSelect().TableExpr("person_profile AS p")
		if !where.Empty() {
			q = q.Where(text, args...)
		}
		return seen(ctx, q, "p.person_id")
	}
	var n int
	if err := ask().ColumnExpr("COUNT(*)").Scan(ctx, &n); err != nil || few == 0 || n == 0 {
		return n, nil, err
	}
	var ids []social.PersonID
	err := ask().Column("p.person_id").OrderExpr("p.last_heard DESC, p.person_id DESC").Limit(int64(few)).Scan(ctx, &ids)
	return n, ids, err
}

// Influence gives how much persons are listened to, where it is known.
func (d *DB) Influence(ctx context.Context) (map[social.PersonID]float64, error) {
	var rows []struct {
		PersonID  social.PersonID
		Influence float64
	}
	err := d.IDB(ctx).NewRaw("SELECT person_id, influence FROM person_profile WHERE influence IS NOT NULL").Scan(ctx, &rows)
	out := make(map[social.PersonID]float64, len(rows))
	for _, r := range rows {
		out[r.PersonID] = r.Influence
	}
	return out, err
}
