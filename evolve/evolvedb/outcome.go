package evolvedb

import (
	"context"
	"fmt"
	"time"

	"github.com/parley-crm/parley/evolve"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type conversionRow struct {
	bun.BaseModel `bun:"table:conversion"`
	ID            string `bun:"id,pk"`
	ExternalID    string `bun:"external_id"`
	Kind          string `bun:"kind"`
	Value         int64  `bun:"value"`
	Currency      string `bun:"currency"`
	ClickID       string `bun:"click_id"`
	LinkID        string `bun:"link_id"`
	ProgrammeID   string `bun:"programme_id"`
	At            int64  `bun:"at"`
	CreatedAt     int64  `bun:"created_at"`
	Reverses      string `bun:"reverses"`
}

func (r conversionRow) conversion() evolve.Conversion {
	return evolve.Conversion{ID: r.ID, ExternalID: r.ExternalID, Kind: r.Kind, Value: evolve.Money{Minor: r.Value, Currency: r.Currency},
		Click: r.ClickID, Link: social.LinkID(r.LinkID), Programme: social.ProgrammeID(r.ProgrammeID), At: store.Time(r.At), CreatedAt: store.Time(r.CreatedAt), Reverses: r.Reverses}
}

type creditRow struct {
	bun.BaseModel  `bun:"table:credit"`
	ConversionID   string  `bun:"conversion_id"`
	ConversationID string  `bun:"conversation_id"`
	LinkID         string  `bun:"link_id"`
	Share          float64 `bun:"share"`
}

// AddConversion implements evolve.Store.
func (d *DB) AddConversion(ctx context.Context, c evolve.Conversion) (evolve.Conversion, bool, error) {
	row := conversionRow{ID: c.ID, ExternalID: c.ExternalID, Kind: c.Kind, Value: c.Value.Minor, Currency: c.Value.Currency, ClickID: c.Click,
		LinkID: string(c.Link), ProgrammeID: string(c.Programme), At: store.At(c.At), CreatedAt: store.At(c.CreatedAt), Reverses: c.Reverses}
	res, err := d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (external_id) DO NOTHING").Exec(ctx)
	if err != nil {
		return evolve.Conversion{}, false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		if err != nil {
			return evolve.Conversion{}, false, err
		}
		return d.first(ctx, c.ExternalID)
	}
	if len(c.Credits) > 0 {
		credits := make([]creditRow, len(c.Credits))
		for i, x := range c.Credits {
			credits[i] = creditRow{ConversionID: c.ID, ConversationID: string(x.Conversation), LinkID: string(x.Link), Share: x.Share}
		}
		if _, err := d.IDB(ctx).NewInsert().Model(&credits).Exec(ctx); err != nil {
			return evolve.Conversion{}, false, err
		}
	}
	return c, true, nil
}

// standingSQL finds what was reported under an id, once or again.
const standingSQL = `
SELECT v.*, CASE WHEN EXISTS (SELECT 1 FROM conversion r WHERE r.reverses = v.id) THEN 1 ELSE 0 END AS back
FROM conversion v WHERE v.reverses = '' AND v.external_id IN (?0) ORDER BY v.created_at, v.id`

// chain lists the ids of what was reported under one, and again after it was
// taken back.
func chain(externalID string) []string {
	out := []string{externalID}
	for n := 2; n <= evolve.AgainMost; n++ {
		out = append(out, fmt.Sprintf("%s~%d", externalID, n))
	}
	return out
}

// Counted lists what was counted under an id, and taken back, in order.
func (d *DB) Counted(ctx context.Context, externalID string) ([]evolve.Conversion, error) {
	var rows []conversionRow
	err := d.IDB(ctx).NewRaw(`
SELECT v.* FROM conversion v WHERE v.reverses = '' AND v.external_id IN (?0)
UNION ALL
SELECT r.* FROM conversion r WHERE r.reverses IN (SELECT v.id FROM conversion v WHERE v.reverses = '' AND v.external_id IN (?0))
ORDER BY created_at, id LIMIT 50`, bun.List(chain(externalID))).Scan(ctx, &rows)
	out := make([]evolve.Conversion, len(rows))
	for i, r := range rows {
		out[i] = r.conversion()
	}
	return out, err
}

// Standing implements evolve.Store.
func (d *DB) Standing(ctx context.Context, externalID string) (evolve.Conversion, int, error) {
	var rows []struct {
		conversionRow `bun:",extend"`
		Back          int `bun:"back"`
	}
	if err := d.IDB(ctx).NewRaw(standingSQL, bun.List(chain(externalID))).Scan(ctx, &rows); err != nil {
		return evolve.Conversion{}, 0, err
	}
	reversed := 0
	for _, r := range rows {
		if r.Back == 0 {
			list, err := d.withCredits(ctx, []conversionRow{r.conversionRow})
			if err != nil {
				return evolve.Conversion{}, 0, err
			}
			return list[0], reversed, nil
		}
		reversed++
	}
	return evolve.Conversion{}, reversed, social.Errorf(social.NotFound, "No outcome of this id stands.")
}

func (d *DB) first(ctx context.Context, externalID string) (evolve.Conversion, bool, error) {
	var r conversionRow
	if err := d.IDB(ctx).NewSelect().Model(&r).Where("external_id = ?", externalID).Scan(ctx); err != nil {
		return evolve.Conversion{}, false, err
	}
	list, err := d.withCredits(ctx, []conversionRow{r})
	if err != nil {
		return evolve.Conversion{}, false, err
	}
	return list[0], false, nil
}

func (d *DB) withCredits(ctx context.Context, rows []conversionRow) ([]evolve.Conversion, error) {
	out := make([]evolve.Conversion, len(rows))
	index := map[string]int{}
	ids := make([]string, len(rows))
	for i, r := range rows {
		out[i], ids[i], index[r.ID] = r.conversion(), r.ID, i
	}
	if len(rows) == 0 {
		return out, nil
	}
	var credits []creditRow
	if err := d.IDB(ctx).NewSelect().Model(&credits).Where("conversion_id IN (?)", bun.List(ids)).Order("conversion_id", "conversation_id").Scan(ctx); err != nil {
		return nil, err
	}
	for _, c := range credits {
		x := &out[index[c.ConversionID]]
		x.Credits = append(x.Credits, evolve.Credit{Conversation: social.ConversationID(c.ConversationID), Link: social.LinkID(c.LinkID), Share: c.Share})
	}
	return out, d.withReversed(ctx, out)
}

// withReversed says of those that take one back which that is.
func (d *DB) withReversed(ctx context.Context, list []evolve.Conversion) error {
	var ids []string
	for _, c := range list {
		if c.Reverses != "" {
			ids = append(ids, c.Reverses)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var rows []conversionRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Column("id", "external_id").Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return err
	}
	of := map[string]string{}
	for _, r := range rows {
		of[r.ID] = evolve.Reported(r.ExternalID)
	}
	for i := range list {
		list[i].TakesBack = of[list[i].Reverses]
	}
	return nil
}

// Conversions implements evolve.Store.
func (d *DB) Conversions(ctx context.Context, cursor string, limit int) ([]evolve.Conversion, string, error) {
	limit = store.Limit(limit)
	var at int64
	var id string
	more, err := store.FromCursor(cursor, &at, &id)
	if err != nil {
		return nil, "", err
	}
	var rows []conversionRow
	q := within(ctx, d.IDB(ctx).NewSelect().Model(&rows), "programme_id").OrderExpr("at DESC, id DESC").Limit(int64(limit) + 1)
	if more {
		q = q.Where("(at, id) < (?, ?)", at, id)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].At, rows[limit-1].ID)
	}
	out, err := d.withCredits(ctx, rows)
	return out, next, err
}

type momentRow struct {
	Kind           string
	ID             string
	At             int64
	LinkID         string
	Target         string
	ConversationID string
	ChannelID      string
	IdentityID     string
	Name           string
	Value          int64
	Currency       string
}

// momentSQL gives clicks and conversions of links chosen by a condition.
const momentSQL = `
SELECT 'click' AS kind, c.id, c.at, l.id AS link_id, l.target, l.conversation_id, l.channel_id, l.identity_id, '' AS name, 0 AS value, '' AS currency
  FROM link l JOIN click c ON c.link_id = l.id WHERE ?0 AND ?4 AND (c.at, c.id) < (?1, ?2)
UNION ALL
SELECT 'conversion', v.id, v.at, l.id, l.target, l.conversation_id, l.channel_id, l.identity_id, v.kind, v.value, v.currency
  FROM link l JOIN conversion v ON v.link_id = l.id WHERE ?0 AND ?5 AND (v.at, v.id) < (?1, ?2)
ORDER BY 3 DESC, 2 DESC LIMIT ?3`

func (d *DB) moments(ctx context.Context, where string, arg any, w Wanted, before int64, beforeID string, limit int) ([]momentRow, error) {
	var rows []momentRow
	in := bun.SafeQuery(where, arg)
	if len(w.Channels) > 0 {
		in = bun.SafeQuery("? AND l.channel_id IN (?)", in, bun.List(w.Channels))
	}
	err := d.IDB(ctx).NewRaw(momentSQL, in, before, beforeID, limit, w.Clicks, w.Outcomes).Scan(ctx, &rows)
	return rows, err
}

// Wanted is what is wanted of a person's clicks and outcomes.
type Wanted struct {
	Clicks, Outcomes bool
	Channels         []social.ChannelID // none: all
}

// Credits implements evolve.Store.
func (d *DB) Credits(ctx context.Context, c social.ConversationID) ([]evolve.Moment, error) {
	rows, err := d.moments(ctx, "l.conversation_id = ?", string(c), Wanted{Clicks: true, Outcomes: true}, 1<<62, "", 100)
	out := make([]evolve.Moment, len(rows))
	for i, r := range rows {
		out[len(rows)-1-i] = evolve.Moment{Kind: r.Kind, ID: r.ID, At: store.Time(r.At), Link: social.LinkID(r.LinkID), URL: r.Target,
			Value: evolve.Money{Minor: r.Value, Currency: r.Currency}}
	}
	return out, err
}

// Moments gives a person's clicks and conversions for their timeline.
func (d *DB) Moments(ctx context.Context, who []social.IdentityID, w Wanted, before time.Time, beforeID string, limit int) ([]Moment, error) {
	if len(who) == 0 {
		return nil, nil
	}
	rows, err := d.moments(ctx, "l.identity_id IN (?)", bun.List(who), w, store.At(before), beforeID, limit)
	out := make([]Moment, len(rows))
	for i, r := range rows {
		out[i] = Moment{Moment: evolve.Moment{Kind: r.Kind, ID: r.ID, At: store.Time(r.At), Link: social.LinkID(r.LinkID), URL: r.Target,
			Value: evolve.Money{Minor: r.Value, Currency: r.Currency}},
			Name: r.Name, Conversation: social.ConversationID(r.ConversationID), Channel: social.ChannelID(r.ChannelID), Identity: social.IdentityID(r.IdentityID)}
	}
	return out, err
}

// Moment is a click or conversion with where it came from.
type Moment struct {
	evolve.Moment
	Name         string // what kind of outcome
	Conversation social.ConversationID
	Channel      social.ChannelID
	Identity     social.IdentityID // who had the link
}

// TopCredited implements evolve.Store.
func (d *DB) TopCredited(ctx context.Context, since time.Time, limit int) ([]evolve.Credited, error) {
	var rows []struct {
		ConversationID string
		Clicks         int
		Conversions    int
		Worth          int64
	}
	scope := scopeOf(ctx)
	in := bun.SafeQuery("1 = 1")
	if !scope.All {
		if len(scope.Programmes) == 0 {
			return nil, nil
		}
		in = bun.SafeQuery("l.programme_id IN (?)", bun.List(scope.Programmes))
	}
	err := d.IDB(ctx).NewRaw(`
SELECT l.conversation_id, SUM(l.clicks) AS clicks, SUM(COALESCE(v.n, 0)) AS conversions, SUM(COALESCE(v.worth, 0)) AS worth
FROM link l LEFT JOIN (SELECT link_id, SUM(CASE WHEN reverses = '' THEN 1 ELSE -1 END) AS n, SUM(value) AS worth FROM conversion WHERE at >= ?0 GROUP BY link_id) v ON v.link_id = l.id
WHERE l.conversation_id <> '' AND (v.n IS NOT NULL OR l.created_at >= ?0) AND l.clicks > 0 AND ?1
GROUP BY l.conversation_id ORDER BY worth DESC, conversions DESC, clicks DESC, l.conversation_id LIMIT ?2`, store.At(since), in, limit).Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	out := make([]evolve.Credited, len(rows))
	index := map[string]int{}
	ids := make([]string, len(rows))
	for i, r := range rows {
		out[i] = evolve.Credited{Conversation: social.ConversationID(r.ConversationID), Clicks: r.Clicks, Conversions: r.Conversions}
		index[r.ConversationID], ids[i] = i, r.ConversationID
	}
	var values []struct {
		ConversationID string
		Currency       string
		Value          int64
	}
	err = d.IDB(ctx).NewRaw(`SELECT c.conversation_id, v.currency, SUM(v.value) AS value FROM credit c JOIN conversion v ON v.id = c.conversion_id
		WHERE c.conversation_id IN (?) AND v.at >= ? AND v.currency <> '' GROUP BY c.conversation_id, v.currency ORDER BY 1, 2`, bun.List(ids), store.At(since)).Scan(ctx, &values)
	for _, v := range values {
		x := &out[index[v.ConversationID]]
		x.Value = append(x.Value, evolve.Money{Minor: v.Value, Currency: v.Currency})
	}
	return out, err
}

const secondsOfDay = 86400

type sumRow struct {
	bun.BaseModel `bun:"table:outcome_day,alias:s"`
	Day           int64  `bun:"day"`
	What          string `bun:"what"`
	ChannelID     string `bun:"channel_id"`
	ProgrammeID   string `bun:"programme_id"`
	N             int64  `bun:"n"`
}

type waitRow struct {
	bun.BaseModel `bun:"table:wait_day,alias:w"`
	Day           int64  `bun:"day"`
	Bucket        int    `bun:"bucket"`
	ChannelID     string `bun:"channel_id"`
	ProgrammeID   string `bun:"programme_id"`
	N             int64  `bun:"n"`
}

func dayOf(t time.Time) int64 { return t.Unix() / secondsOfDay }

func timeOf(day int64) time.Time { return time.Unix(day*secondsOfDay, 0).UTC() }

// Add implements evolve.Store; cells of one batch are summed first.
func (d *DB) Add(ctx context.Context, sums []evolve.Sum, waits []evolve.Wait) error {
	cells := map[sumRow]int64{}
	for _, s := range sums {
		cells[sumRow{Day: dayOf(s.Day), What: s.What, ChannelID: string(s.Channel), ProgrammeID: string(s.Programme)}] += s.N
	}
	waited := map[waitRow]int64{}
	for _, w := range waits {
		waited[waitRow{Day: dayOf(w.Day), Bucket: evolve.BucketOf(w.Seconds), ChannelID: string(w.Channel), ProgrammeID: string(w.Programme)}]++
	}
	return d.InTx(ctx, func(ctx context.Context) error {
		if len(cells) > 0 {
			rows := make([]sumRow, 0, len(cells))
			for r, n := range cells {
				r.N = n
				rows = append(rows, r)
			}
			if _, err := d.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (day, what, channel_id, programme_id) DO UPDATE").Set("n = s.n + EXCLUDED.n").Exec(ctx); err != nil {
				return err
			}
		}
		if len(waited) == 0 {
			return nil
		}
		rows := make([]waitRow, 0, len(waited))
		for r, n := range waited {
			r.N = n
			rows = append(rows, r)
		}
		_, err := d.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (day, bucket, channel_id, programme_id) DO UPDATE").Set("n = w.n + EXCLUDED.n").Exec(ctx)
		return err
	})
}

// Sums implements evolve.Store.
func (d *DB) Sums(ctx context.Context, from, to time.Time) ([]evolve.Sum, error) {
	var rows []sumRow
	err := within(ctx, d.IDB(ctx).NewSelect().Model(&rows), "programme_id").Where("day >= ? AND day < ?", dayOf(from), dayOf(to)).Order("day", "what").Scan(ctx)
	out := make([]evolve.Sum, len(rows))
	for i, r := range rows {
		out[i] = evolve.Sum{Day: timeOf(r.Day), What: r.What, Channel: social.ChannelID(r.ChannelID), Programme: social.ProgrammeID(r.ProgrammeID), N: r.N}
	}
	return out, err
}

// Waits implements evolve.Store.
func (d *DB) Waits(ctx context.Context, from, to time.Time) ([]evolve.WaitBucket, error) {
	var rows []waitRow
	err := within(ctx, d.IDB(ctx).NewSelect().Model(&rows), "programme_id").Where("day >= ? AND day < ?", dayOf(from), dayOf(to)).Order("day", "bucket").Scan(ctx)
	out := make([]evolve.WaitBucket, len(rows))
	for i, r := range rows {
		out[i] = evolve.WaitBucket{Day: timeOf(r.Day), Bucket: r.Bucket, Channel: social.ChannelID(r.ChannelID), N: r.N}
	}
	return out, err
}
