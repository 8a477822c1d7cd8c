package evolvedb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Brought is what came of the links that an account was given.
type Brought struct {
	Clicks, Conversions      int
	LastClick, LastConverted time.Time
}

// Brought sums up clicks and conversions by account, whoever asks.
func (d *DB) Brought(ctx context.Context, who []social.IdentityID) (map[social.IdentityID]Brought, error) {
	out := make(map[social.IdentityID]Brought, len(who))
	if len(who) == 0 {
		return out, nil
	}
	var rows []struct {
		IdentityID             social.IdentityID
		Clicks, Conversions    int
		ClickedAt, ConvertedAt int64
	}
	err := d.IDB(ctx).NewRaw(`
SELECT l.identity_id, SUM(COALESCE((SELECT COUNT(*) FROM click k WHERE k.link_id = l.id), 0)) AS clicks,
  MAX(COALESCE((SELECT MAX(k.at) FROM click k WHERE k.link_id = l.id), 0)) AS clicked_at,
  SUM(COALESCE((SELECT SUM(CASE WHEN v.reverses = '' THEN 1 ELSE -1 END) FROM conversion v WHERE v.link_id = l.id), 0)) AS conversions,
  MAX(COALESCE((SELECT MAX(v.at) FROM conversion v WHERE v.link_id = l.id), 0)) AS converted_at
FROM link l WHERE l.identity_id IN (?) GROUP BY l.identity_id`, bun.List(who)).Scan(ctx, &rows)
	for _, r := range rows {
		out[r.IdentityID] = Brought{Clicks: r.Clicks, Conversions: r.Conversions, LastClick: store.Time(r.ClickedAt), LastConverted: store.Time(r.ConvertedAt)}
	}
	return out, err
}

// GivenTo lists the accounts that links were given to, each once.
func (d *DB) GivenTo(ctx context.Context, links []social.LinkID) ([]social.IdentityID, error) {
	var out []social.IdentityID
	if len(links) == 0 {
		return nil, nil
	}
	err := d.IDB(ctx).NewRaw("SELECT DISTINCT identity_id FROM link WHERE id IN (?) AND identity_id <> ''", bun.List(links)).Scan(ctx, &out)
	return out, err
}
