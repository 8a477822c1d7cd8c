package engagedb

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/pledge"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

func startedBy(b engage.By) string {
	if b == "" {
		return string(engage.ByThem)
	}
	return string(b)
}

func track(t pledge.Track) string {
	if t.Pledge == "" && len(t.Lines) == 0 {
		return ""
	}
	return jsonOf(t)
}

func fromTrack(s string) (t pledge.Track) {
	if s != "" {
		_ = json.Unmarshal([]byte(s), &t) // we wrote it
	}
	return t
}

// Stirring implements engage.Store.
func (d *DB) Stirring(ctx context.Context, now time.Time, limit int) ([]social.ConversationID, time.Time, error) {
	var rows []struct {
		ID      string
		StirsAt int64
	}
	err := d.IDB(ctx).NewRaw("SELECT id, stirs_at FROM conversation WHERE stirs_at > 0 ORDER BY stirs_at LIMIT ?", limit+1).Scan(ctx, &rows)
	if err != nil {
		return nil, time.Time{}, err
	}
	var out []social.ConversationID
	for _, r := range rows {
		if r.StirsAt > store.At(now) {
			return out, store.Time(r.StirsAt), nil
		}
		if len(out) < limit {
			out = append(out, social.ConversationID(r.ID))
		}
	}
	return out, time.Time{}, nil
}

// Unpaced implements engage.Store. Only one process works at it at a time;
// the place is kept in the same transaction as what was worked out.
func (d *DB) Unpaced(ctx context.Context, version int64, limit int) ([]social.ConversationID, error) {
	if version == 0 {
		return nil, nil
	}
	read := func() (v paceRow, err error) {
		err = d.IDB(ctx).NewRaw("SELECT done, goal, at FROM pledge_version WHERE id = 1").Scan(ctx, &v)
		return v, err
	}
	if v, err := read(); err != nil || v.Done >= version {
		return nil, err
	}
	if err := d.Dialect.Lock(ctx, d.IDB(ctx), paceLock); err != nil {
		return nil, err
	}
	v, err := read()
	if err != nil || v.Done >= version {
		return nil, err
	}
	if v.Goal != version { // what has changed meanwhile changes all
		v.Goal, v.At = version, ""
	}
	var ids []social.ConversationID
	err = d.IDB(ctx).NewRaw("SELECT id FROM conversation WHERE state IN ('open', 'waiting', 'snoozed') AND id > ? ORDER BY id LIMIT ?", v.At, limit).Scan(ctx, &ids)
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		v.Done, v.At = version, ""
	} else {
		v.At = string(ids[len(ids)-1])
	}
	_, err = d.IDB(ctx).NewRaw("UPDATE pledge_version SET done = ?, goal = ?, at = ? WHERE id = 1", v.Done, v.Goal, v.At).Exec(ctx)
	return ids, err
}

type paceRow struct {
	Done, Goal int64
	At         string
}

// paceLock is the key of the lock behind Unpaced.
const paceLock = 0x70616365 // "pace"

type outcomeRow struct {
	bun.BaseModel  `bun:"table:pledge_outcome,alias:o"`
	ConversationID string `bun:"conversation_id,pk"`
	Goal           string `bun:"goal,pk"`
	StartAt        int64  `bun:"start_at,pk"`
	PledgeID       string `bun:"pledge_id"`
	ProgrammeID    string `bun:"programme_id"`
	ChannelID      string `bun:"channel_id"`
	DueAt          int64  `bun:"due_at"`
	At             int64  `bun:"at"`
	Kept           bool   `bun:"kept"`
}

type pledgeDay struct {
	bun.BaseModel `bun:"table:pledge_day,alias:p"`
	Day           int64  `bun:"day,pk"`
	ProgrammeID   string `bun:"programme_id,pk"`
	ChannelID     string `bun:"channel_id,pk"`
	PledgeID      string `bun:"pledge_id,pk"`
	Goal          string `bun:"goal,pk"`
	Kept          int64  `bun:"kept"`
	Missed        int64  `bun:"missed"`
}

// countOutcomes keeps what came of goals and counts it. A goal is counted
// where its conversation was when that became known.
func (d *DB) countOutcomes(ctx context.Context, cs []*engage.Conversation) error {
	days := map[pledgeDay]*pledgeDay{}
	for _, c := range cs {
		for _, o := range c.Outcomes {
			if err := d.countOutcome(ctx, c, o, days); err != nil {
				return err
			}
		}
		c.Outcomes = nil
	}
	if len(days) == 0 {
		return nil
	}
	var rows []pledgeDay
	for _, r := range days {
		rows = append(rows, *r)
	}
	slices.SortFunc(rows, func(a, b pledgeDay) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), strings.Compare(a.ProgrammeID, b.ProgrammeID), strings.Compare(a.ChannelID, b.ChannelID),
			strings.Compare(a.PledgeID, b.PledgeID), strings.Compare(a.Goal, b.Goal))
	})
	_, err := d.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (day, programme_id, channel_id, pledge_id, goal) DO UPDATE").
		Set("kept = p.kept + EXCLUDED.kept").Set("missed = p.missed + EXCLUDED.missed").Exec(ctx)
	return err
}

func (d *DB) countOutcome(ctx context.Context, c *engage.Conversation, o pledge.Outcome, days map[pledgeDay]*pledgeDay) error {
	r := outcomeRow{ConversationID: string(c.ID), Goal: string(o.Goal), StartAt: store.At(o.Start), PledgeID: string(o.Pledge), ProgrammeID: string(c.Programme),
		ChannelID: string(c.Channel), DueAt: store.At(o.Due), At: store.At(o.At), Kept: o.Kept}
	n := int64(1)
	switch {
	case o.Drop: // counted where it was counted
		var was []outcomeRow
		if err := d.IDB(ctx).NewRaw("DELETE FROM pledge_outcome WHERE conversation_id = ? AND goal = ? AND start_at = ? RETURNING *", r.ConversationID, r.Goal, r.StartAt).Scan(ctx, &was); err != nil || len(was) == 0 {
			return err
		}
		r, n = was[0], -1
	case o.New:
		res, err := d.IDB(ctx).NewInsert().Model(&r).On("CONFLICT (conversation_id, goal, start_at) DO NOTHING").Exec(ctx)
		if err != nil {
			return err
		}
		if added, err := res.RowsAffected(); err != nil || added == 0 {
			return err
		}
	default:
		_, err := d.IDB(ctx).NewRaw("UPDATE pledge_outcome SET at = ? WHERE conversation_id = ? AND goal = ? AND start_at = ?", r.At, r.ConversationID, r.Goal, r.StartAt).Exec(ctx)
		return err
	}
	key := pledgeDay{Day: r.StartAt - r.StartAt%day, ProgrammeID: r.ProgrammeID, ChannelID: r.ChannelID, PledgeID: r.PledgeID, Goal: r.Goal}
	if days[key] == nil {
		row := key
		days[key] = &row
	}
	if r.Kept {
		days[key].Kept += n
	} else {
		days[key].Missed += n
	}
	return nil
}

// day is a day in microseconds.
const day = int64(24 * time.Hour / time.Microsecond)
