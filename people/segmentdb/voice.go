package segmentdb

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/social"
	"github.com/uptrace/bun"
)

type dayRow struct {
	bun.BaseModel `bun:"table:person_day,alias:d"`
	Person        string `bun:"person_id,pk"`
	Day           int64  `bun:"day,pk"`
	Channel       string `bun:"channel_id,pk"`
	Said          int    `bun:"said"`
	Negative      int    `bun:"negative"`
	Neutral       int    `bun:"neutral"`
	Positive      int    `bun:"positive"`
}

func (r dayRow) spoken() segment.Spoken {
	return segment.Spoken{Day: time.Unix(r.Day*86400, 0).UTC(), Channel: social.ChannelID(r.Channel), Said: r.Said, Negative: r.Negative, Neutral: r.Neutral, Positive: r.Positive}
}

// SpokenBy implements segment.VoiceStore.
func (d *DB) SpokenBy(ctx context.Context, ids []social.PersonID) (map[social.PersonID][]segment.Spoken, error) {
	out := map[social.PersonID][]segment.Spoken{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []dayRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("d.person_id IN (?)", bun.List(texts(ids))).Order("d.person_id", "d.day", "d.channel_id").Scan(ctx)
	for _, r := range rows {
		out[social.PersonID(r.Person)] = append(out[social.PersonID(r.Person)], r.spoken())
	}
	for p := range out { // engines may order texts in ways of their own
		slices.SortStableFunc(out[p], func(a, b segment.Spoken) int {
			if c := a.Day.Compare(b.Day); c != 0 || a.Channel == b.Channel {
				return c
			}
			if a.Channel < b.Channel {
				return -1
			}
			return 1
		})
	}
	return out, err
}

// SaveSpoken implements segment.VoiceStore.
func (d *DB) SaveSpoken(ctx context.Context, all map[social.PersonID][]segment.Spoken) error {
	if len(all) == 0 {
		return nil
	}
	var ids []string
	var rows []dayRow
	for p, days := range all {
		ids = append(ids, string(p))
		for _, s := range days {
			rows = append(rows, dayRow{Person: string(p), Day: dayOf(s.Day), Channel: string(s.Channel), Said: s.Said, Negative: s.Negative, Neutral: s.Neutral, Positive: s.Positive})
		}
	}
	if _, err := d.IDB(ctx).NewRaw("DELETE FROM person_day WHERE person_id IN (?)", bun.List(ids)).Exec(ctx); err != nil {
		return err
	}
	for part := range slices.Chunk(rows, atOnce) {
		if _, err := d.IDB(ctx).NewInsert().Model(&part).Returning("NULL").Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// said is what the members of a segment who are in scope said.
func (d *DB) said(ctx context.Context, id social.SegmentID, from, to time.Time, on []social.ChannelID) *bun.SelectQuery {
	q := d.IDB(ctx).NewSelect().TableExpr("segment_member AS m JOIN person_day AS d ON d.person_id = m.person_id").
		Where("m.segment_id = ?", string(id)).Where("d.day BETWEEN ? AND ?", dayOf(from), dayOf(to))
	if on != nil {
		q = q.Where("d.channel_id IN (?)", bun.List(append([]string{"-"}, texts(on)...)))
	}
	return seen(ctx, q, "m.person_id")
}

// Voice implements segment.VoiceStore.
func (d *DB) Voice(ctx context.Context, id social.SegmentID, from, to time.Time, on []social.ChannelID) ([]segment.Spoken, error) {
	var rows []struct {
		Day                               int64
		Said, Negative, Neutral, Positive int
	}
	err := d.said(ctx, id, from, to, on).ColumnExpr("d.day").ColumnExpr("SUM(d.said) AS said, SUM(d.negative) AS negative, SUM(d.neutral) AS neutral, SUM(d.positive) AS positive").
		GroupExpr("d.day").OrderExpr("d.day").Scan(ctx, &rows)
	out := make([]segment.Spoken, len(rows))
	for i, r := range rows {
		out[i] = segment.Spoken{Day: time.Unix(r.Day*86400, 0).UTC(), Said: r.Said, Negative: r.Negative, Neutral: r.Neutral, Positive: r.Positive}
	}
	return out, err
}

// Speakers implements segment.VoiceStore.
func (d *DB) Speakers(ctx context.Context, id social.SegmentID, from, to time.Time, on []social.ChannelID) (int, error) {
	var n int
	err := d.said(ctx, id, from, to, on).ColumnExpr("COUNT(DISTINCT m.person_id)").Scan(ctx, &n)
	return n, err
}
