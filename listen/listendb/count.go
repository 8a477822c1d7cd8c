package listendb

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// FeltRow is how much was said, as columns.
type FeltRow struct {
	Count    int `bun:"count"`
	Negative int `bun:"negative"`
	Neutral  int `bun:"neutral"`
	Positive int `bun:"positive"`
}

type tallyRow struct {
	bun.BaseModel `bun:"table:tally,alias:tally"`
	Subject       string `bun:"subject,pk"`
	Hour          int64  `bun:"hour,pk"`
	FeltRow
}

type tallyDayRow struct {
	bun.BaseModel `bun:"table:tally_day,alias:tally_day"`
	Subject       string `bun:"subject,pk"`
	Day           int64  `bun:"day,pk"`
	FeltRow
}

type facetRow struct {
	bun.BaseModel `bun:"table:facet,alias:facet"`
	Subject       string `bun:"subject,pk"`
	Hour          int64  `bun:"hour,pk"`
	Name          string `bun:"name,pk"`
	Value         string `bun:"value,pk"`
	FeltRow
}

type facetDayRow struct {
	bun.BaseModel `bun:"table:facet_day,alias:facet_day"`
	Subject       string `bun:"subject,pk"`
	Name          string `bun:"name,pk"`
	Day           int64  `bun:"day,pk"`
	Value         string `bun:"value,pk"`
	FeltRow
}

// count adds to the rollups, by hour and by day.
func (s *DB) count(ctx context.Context, c listen.Changes) error {
	hours := make([]tallyRow, len(c.Tallies))
	for i, t := range c.Tallies {
		hours[i] = tallyRow{Subject: t.Subject, Hour: store.At(t.Hour), FeltRow: FeltRow{t.Count, t.Negative, t.Neutral, t.Positive}}
	}
	if err := addUp(ctx, s, hours, "tally", "subject, hour"); err != nil {
		return err
	}
	days := make([]tallyDayRow, len(c.TallyDays))
	for i, t := range c.TallyDays {
		days[i] = tallyDayRow{Subject: t.Subject, Day: store.At(t.Hour), FeltRow: FeltRow{t.Count, t.Negative, t.Neutral, t.Positive}}
	}
	if err := addUp(ctx, s, days, "tally_day", "subject, day"); err != nil {
		return err
	}
	facets := make([]facetRow, len(c.Facets))
	for i, f := range c.Facets {
		facets[i] = facetRow{Subject: f.Subject, Hour: store.At(f.Hour), Name: f.Name, Value: f.Value,
			FeltRow: FeltRow{f.Count, f.Negative, f.Neutral, f.Positive}}
	}
	if err := addUp(ctx, s, facets, "facet", "subject, hour, name, value"); err != nil {
		return err
	}
	facetDays := make([]facetDayRow, len(c.FacetDays))
	for i, f := range c.FacetDays {
		facetDays[i] = facetDayRow{Subject: f.Subject, Name: f.Name, Day: store.At(f.Hour), Value: f.Value,
			FeltRow: FeltRow{f.Count, f.Negative, f.Neutral, f.Positive}}
	}
	return addUp(ctx, s, facetDays, "facet_day", "subject, name, day, value")
}

// addUp adds rows to those that have the same key.
func addUp[R any](ctx context.Context, s *DB, all []R, table, key string) error {
	for part := range slices.Chunk(all, atOnce) {
		q := s.DB.IDB(ctx).NewInsert().Model(&part).On("CONFLICT (" + key + ") DO UPDATE").Returning("NULL")
		for _, c := range []string{"count", "negative", "neutral", "positive"} {
			q = q.Set(c + " = " + table + "." + c + " + EXCLUDED." + c)
		}
		if _, err := q.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Uncount takes all counts away, to count anew.
func (s *DB) Uncount(ctx context.Context) error {
	for _, t := range []string{"tally", "tally_day", "facet", "facet_day"} {
		if _, err := s.DB.IDB(ctx).NewRaw("DELETE FROM ?", bun.Ident(t)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// split divides a range of whole hours into whole days and what is left at
// the edges.
func split(from, to time.Time) (days [2]int64, edges [2][2]int64) {
	const day = 24 * time.Hour
	first, last := from.Truncate(day), to.Truncate(day)
	if first.Before(from) {
		first = first.Add(day)
	}
	if !first.Before(last) {
		return days, [2][2]int64{{store.At(from), store.At(to)}}
	}
	return [2]int64{store.At(first), store.At(last)}, [2][2]int64{{store.At(from), store.At(first)}, {store.At(last), store.At(to)}}
}

const sumsSQL = `SELECT subject, SUM(count) AS count, SUM(negative) AS negative, SUM(neutral) AS neutral, SUM(positive) AS positive FROM (
	SELECT subject, count, negative, neutral, positive FROM tally_day WHERE subject IN (?0) AND day >= ?1 AND day < ?2
	UNION ALL SELECT subject, count, negative, neutral, positive FROM tally WHERE subject IN (?0) AND hour >= ?3 AND hour < ?4
	UNION ALL SELECT subject, count, negative, neutral, positive FROM tally WHERE subject IN (?0) AND hour >= ?5 AND hour < ?6
) AS t GROUP BY subject`

// Sums adds up what subjects have in a range of whole hours: whole days from
// the counts by day, the edges from those by hour.
func (s *DB) Sums(ctx context.Context, subjects []string, from, to time.Time) (map[string]listen.Felt, error) {
	out := make(map[string]listen.Felt, len(subjects))
	if len(subjects) == 0 {
		return out, nil
	}
	var rows []struct {
		Subject string `bun:"subject"`
		FeltRow
	}
	days, edges := split(from, to)
	err := s.DB.IDB(ctx).NewRaw(sumsSQL, bun.List(subjects), days[0], days[1], edges[0][0], edges[0][1], edges[1][0], edges[1][1]).Scan(ctx, &rows)
	for _, r := range rows {
		out[r.Subject] = listen.Felt(r.FeltRow)
	}
	return out, err
}

// TallyDays returns whole days of subjects.
func (s *DB) TallyDays(ctx context.Context, subjects []string, from, to time.Time) ([]listen.Tally, error) {
	if len(subjects) == 0 {
		return nil, nil
	}
	var rows []tallyDayRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("subject IN (?) AND day >= ? AND day < ?", bun.List(subjects), store.At(from), store.At(to)).Scan(ctx)
	out := make([]listen.Tally, len(rows))
	for i, r := range rows {
		out[i] = listen.Tally{Subject: r.Subject, Hour: store.Time(r.Day), Count: r.Count, Negative: r.Negative, Neutral: r.Neutral, Positive: r.Positive}
	}
	return out, err
}

const facetsSQL = `SELECT name, value, SUM(count) AS count, SUM(negative) AS negative, SUM(neutral) AS neutral, SUM(positive) AS positive FROM (
	SELECT name, value, count, negative, neutral, positive FROM facet_day WHERE subject IN (?0) AND name IN (?7) AND day >= ?1 AND day < ?2
	UNION ALL SELECT name, value, count, negative, neutral, positive FROM facet WHERE subject IN (?0) AND name IN (?7) AND hour >= ?3 AND hour < ?4
	UNION ALL SELECT name, value, count, negative, neutral, positive FROM facet WHERE subject IN (?0) AND name IN (?7) AND hour >= ?5 AND hour < ?6
) AS t GROUP BY name, value HAVING SUM(count) > 0 ORDER BY name, SUM(count) DESC, value`

// Facets adds up, over subjects, what facets have in a range of whole hours,
// those that have most first.
func (s *DB) Facets(ctx context.Context, subjects, names []string, from, to time.Time) ([]listen.Facet, error) {
	if len(subjects) == 0 || len(names) == 0 {
		return nil, nil
	}
	var rows []facetRow
	days, edges := split(from, to)
	err := s.DB.IDB(ctx).NewRaw(facetsSQL, bun.List(subjects), days[0], days[1], edges[0][0], edges[0][1], edges[1][0], edges[1][1], bun.List(names)).Scan(ctx, &rows)
	return facetsOf(rows), err
}

func facetsOf(rows []facetRow) []listen.Facet {
	out := make([]listen.Facet, len(rows))
	for i, r := range rows {
		out[i] = listen.Facet{Name: r.Name, Value: r.Value, Count: r.Count, Negative: r.Negative, Neutral: r.Neutral, Positive: r.Positive}
		if r.Hour != 0 {
			out[i].Hour = store.Time(r.Hour)
		}
	}
	return out
}

// FacetSteps returns a facet's values hour by hour or day by day.
func (s *DB) FacetSteps(ctx context.Context, subjects []string, name string, values []string, from, to time.Time, days bool) ([]listen.Facet, error) {
	if len(subjects) == 0 || len(values) == 0 {
		return nil, nil
	}
	table, at := "facet", "hour"
	if days {
		table, at = "facet_day", "day"
	}
	var rows []facetRow
	err := s.DB.IDB(ctx).NewRaw(`SELECT ? AS hour, name, value, SUM(count) AS count, SUM(negative) AS negative, SUM(neutral) AS neutral, SUM(positive) AS positive
		FROM ? WHERE subject IN (?) AND name = ? AND value IN (?) AND ? >= ? AND ? < ? GROUP BY 1, name, value ORDER BY 1, value`,
		bun.Ident(at), bun.Ident(table), bun.List(subjects), name, bun.List(values),
		bun.Ident(at), store.At(from), bun.Ident(at), store.At(to)).Scan(ctx, &rows)
	return facetsOf(rows), err
}

// Names returns accounts as they were called in what they said last.
func (s *DB) Names(ctx context.Context, ids []social.IdentityID) (map[social.IdentityID]listen.Named, error) {
	out := make(map[social.IdentityID]listen.Named, len(ids))
	for part := range slices.Chunk(ids, atOnce) {
		var rows []postRow
		err := s.DB.IDB(ctx).NewRaw(`SELECT identity_id, author, reach FROM activity WHERE seq IN (
			SELECT (SELECT b.seq FROM activity AS b WHERE b.identity_id = a.identity_id ORDER BY b.published_at DESC, b.seq DESC LIMIT 1)
			FROM (SELECT DISTINCT identity_id FROM activity WHERE identity_id IN (?)) AS a)`, bun.List(part)).Scan(ctx, &rows)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			p, err := rows[i].post()
			if err != nil {
				return nil, err
			}
			out[p.Identity] = listen.Named{Author: p.Author, Reach: p.Reach}
		}
	}
	return out, nil
}
