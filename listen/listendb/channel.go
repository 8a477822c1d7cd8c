package listendb

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type channelRow struct {
	bun.BaseModel `bun:"table:channel"`
	ID            string `bun:"id,pk"`
	Kind          string `bun:"kind"`
	Name          string `bun:"name"`
	Programme     string `bun:"programme_id"`
	State         string `bun:"state"`
	Keep          bool   `bun:"keep"`
	Settings      string `bun:"settings"`
	Secrets       string `bun:"secrets"`
	SecretNames   string `bun:"secret_names"`
	Position      string `bun:"position"`
	Profile       string `bun:"profile"`
	Health        string `bun:"health"`
	HealthText    string `bun:"health_text"`
	LastHeardAt   int64  `bun:"last_heard_at"`
	LastError     string `bun:"last_error"`
	LastErrorAt   int64  `bun:"last_error_at"`
	RetryAt       int64  `bun:"retry_at"`
	LimitText     string `bun:"limit_text"`
	LimitUntil    int64  `bun:"limit_until"`
	SendText      string `bun:"send_text"`
	SendUntil     int64  `bun:"send_until"`
	Expiries      string `bun:"expiries"`
	ExpiriesAt    int64  `bun:"expiries_at"`
	ExpiriesError string `bun:"expiries_error"`
	CreatedAt     int64  `bun:"created_at"`
	UpdatedAt     int64  `bun:"updated_at"`
}

func rowOfChannel(c listen.Channel) (*channelRow, error) {
	settings, err := json.Marshal(c.Settings)
	if err != nil {
		return nil, err
	}
	profile := ""
	if c.Profile != nil {
		b, err := json.Marshal(c.Profile)
		if err != nil {
			return nil, err
		}
		profile = string(b)
	}
	r := &channelRow{
		ID: string(c.ID), Kind: c.Kind, Name: c.Name, Programme: string(c.Programme), State: string(c.State), Keep: c.Keep,
		Settings: string(settings), Secrets: c.Secrets, SecretNames: strings.Join(c.SecretNames, " "), Position: c.Cursor,
		Profile: profile, CreatedAt: store.At(c.Created), UpdatedAt: store.At(c.Updated),
	}
	r.setHealth(c.Health)
	return r, nil
}

func (r *channelRow) setHealth(h listen.Health) {
	r.Health, r.HealthText = string(h.State), h.Text
	r.LastHeardAt, r.LastError, r.LastErrorAt, r.RetryAt = store.At(h.LastHeard), h.LastError, store.At(h.LastErrorAt), store.At(h.Retry)
	r.LimitText, r.LimitUntil = h.Limit.Text, store.At(h.Limit.Until)
	r.SendText, r.SendUntil = h.Send.Text, store.At(h.Send.Until)
}

func (r *channelRow) channel() (listen.Channel, error) {
	c := listen.Channel{
		ID: social.ChannelID(r.ID), Kind: r.Kind, Name: r.Name, Programme: social.ProgrammeID(r.Programme),
		State: listen.State(r.State), Keep: r.Keep, Secrets: r.Secrets, SecretNames: strings.Fields(r.SecretNames),
		Cursor: r.Position, Created: store.Time(r.CreatedAt), Updated: store.Time(r.UpdatedAt),
		Health: listen.Health{
			State: listen.HealthState(r.Health), Text: r.HealthText, LastHeard: store.Time(r.LastHeardAt),
			LastError: r.LastError, LastErrorAt: store.Time(r.LastErrorAt), Retry: store.Time(r.RetryAt),
			Limit:      listen.Limit{Text: r.LimitText, Until: store.Time(r.LimitUntil)},
			Send:       listen.Limit{Text: r.SendText, Until: store.Time(r.SendUntil)},
			ExpiriesAt: store.Time(r.ExpiriesAt), ExpiriesError: r.ExpiriesError,
		},
	}
	if r.Expiries != "" {
		if err := json.Unmarshal([]byte(r.Expiries), &c.Health.Expiries); err != nil {
			return c, err
		}
	}
	if err := json.Unmarshal([]byte(r.Settings), &c.Settings); err != nil {
		return c, err
	}
	if r.Profile != "" {
		c.Profile = new(social.Author)
		if err := json.Unmarshal([]byte(r.Profile), c.Profile); err != nil {
			return c, err
		}
	}
	return c, nil
}

// Channels returns all channels, removed ones too.
func (s *DB) Channels(ctx context.Context) ([]listen.Channel, error) {
	var rows []channelRow
	if err := s.DB.IDB(ctx).NewSelect().Model(&rows).Order("id").Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]listen.Channel, len(rows))
	for i := range rows {
		var err error
		if out[i], err = rows[i].channel(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// AddChannel writes a new channel.
func (s *DB) AddChannel(ctx context.Context, c listen.Channel) error {
	r, err := rowOfChannel(c)
	if err != nil {
		return err
	}
	_, err = s.DB.IDB(ctx).NewInsert().Model(r).Exec(ctx)
	return err
}

// SaveChannel writes all of a channel but cursor and health.
func (s *DB) SaveChannel(ctx context.Context, c listen.Channel) error {
	r, err := rowOfChannel(c)
	if err != nil {
		return err
	}
	_, err = s.DB.IDB(ctx).NewUpdate().Model(r).WherePK().
		Column("name", "programme_id", "state", "keep", "settings", "secrets", "secret_names", "profile", "updated_at").Exec(ctx)
	return err
}

// SaveSecrets writes the sealed secrets of a channel and nothing else.
func (s *DB) SaveSecrets(ctx context.Context, id social.ChannelID, sealed string, names []string, at time.Time) error {
	r := &channelRow{ID: string(id), Secrets: sealed, SecretNames: strings.Join(names, " "), UpdatedAt: store.At(at)}
	_, err := s.DB.IDB(ctx).NewUpdate().Model(r).WherePK().Column("secrets", "secret_names", "updated_at").Exec(ctx)
	return err
}

// SaveHealth writes how a channel is.
func (s *DB) SaveHealth(ctx context.Context, id social.ChannelID, h listen.Health) error {
	r := &channelRow{ID: string(id)}
	r.setHealth(h)
	_, err := s.DB.IDB(ctx).NewUpdate().Model(r).WherePK().
		Column("health", "health_text", "last_heard_at", "last_error", "last_error_at", "retry_at", "limit_text", "limit_until").Exec(ctx)
	return err
}

// SaveSendLimit writes how long a network asks us to wait before we send again.
func (s *DB) SaveSendLimit(ctx context.Context, id social.ChannelID, l listen.Limit) error {
	r := &channelRow{ID: string(id), SendText: l.Text, SendUntil: store.At(l.Until)}
	_, err := s.DB.IDB(ctx).NewUpdate().Model(r).WherePK().Column("send_text", "send_until").Exec(ctx)
	return err
}

// SaveExpiries writes what a channel depends on and when that ends.
func (s *DB) SaveExpiries(ctx context.Context, id social.ChannelID, h listen.Health) error {
	text, err := json.Marshal(h.Expiries)
	if err != nil {
		return err
	}
	_, err = s.DB.IDB(ctx).NewUpdate().Model(&channelRow{ID: string(id), Expiries: string(text), ExpiriesAt: store.At(h.ExpiriesAt), ExpiriesError: h.ExpiriesError}).
		WherePK().Column("expiries", "expiries_at", "expiries_error").Exec(ctx)
	return err
}

// SaveProfile writes who we are on a channel.
func (s *DB) SaveProfile(ctx context.Context, id social.ChannelID, p social.Author) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = s.DB.IDB(ctx).NewUpdate().Model(&channelRow{ID: string(id), Profile: string(text)}).WherePK().Column("profile").Exec(ctx)
	return err
}

// SaveCursor writes where a channel's network stands.
func (s *DB) SaveCursor(ctx context.Context, id social.ChannelID, cursor string) error {
	_, err := s.DB.IDB(ctx).NewUpdate().Model(&channelRow{ID: string(id), Position: cursor}).WherePK().Column("position").Exec(ctx)
	return err
}

type hourRow struct {
	bun.BaseModel `bun:"table:heard_hour,alias:heard_hour"`
	Channel       string `bun:"channel_id,pk"`
	Hour          int64  `bun:"hour,pk"`
	Heard         int    `bun:"heard"`
	Directed      int    `bun:"directed"`
	Matched       int    `bun:"matched"`
	Dropped       int    `bun:"dropped"`
}

// AddHours adds to what arrived.
func (s *DB) AddHours(ctx context.Context, hours []listen.HeardHour) error {
	rows := make([]hourRow, len(hours))
	for i, h := range hours {
		rows[i] = hourRow{Channel: string(h.Channel), Hour: store.At(h.Hour), Heard: h.Heard, Directed: h.Directed, Matched: h.Matched, Dropped: h.Dropped}
	}
	_, err := s.DB.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (channel_id, hour) DO UPDATE").
		Set("heard = heard_hour.heard + EXCLUDED.heard").Set("directed = heard_hour.directed + EXCLUDED.directed").
		Set("matched = heard_hour.matched + EXCLUDED.matched").Set("dropped = heard_hour.dropped + EXCLUDED.dropped").
		Returning("NULL").Exec(ctx)
	return err
}

// HeardSince sums what arrived since a time.
func (s *DB) HeardSince(ctx context.Context, since time.Time) (map[social.ChannelID]listen.Count, error) {
	var rows []hourRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).ColumnExpr("channel_id, SUM(heard) AS heard, SUM(directed) AS directed, SUM(matched) AS matched, SUM(dropped) AS dropped").
		Where("hour >= ?", store.At(since.Truncate(time.Hour))).Group("channel_id").Scan(ctx)
	out := make(map[social.ChannelID]listen.Count, len(rows))
	for _, r := range rows {
		out[social.ChannelID(r.Channel)] = listen.Count{Heard: r.Heard, Directed: r.Directed, Matched: r.Matched, Dropped: r.Dropped}
	}
	return out, err
}

// Hours returns what arrived by hour and channel.
func (s *DB) Hours(ctx context.Context, from, to time.Time) ([]listen.HeardHour, error) {
	var rows []hourRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("hour >= ? AND hour < ?", store.At(from.Truncate(time.Hour)), store.At(to)).
		Order("hour", "channel_id").Scan(ctx)
	out := make([]listen.HeardHour, len(rows))
	for i, r := range rows {
		out[i] = listen.HeardHour{Channel: social.ChannelID(r.Channel), Hour: store.Time(r.Hour),
			Count: listen.Count{Heard: r.Heard, Directed: r.Directed, Matched: r.Matched, Dropped: r.Dropped}}
	}
	return out, err
}
