package analyzedb

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/parley-crm/parley/analyze"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// atOnce is how many values one statement takes.
const atOnce = 400

type bondRow struct {
	bun.BaseModel `bun:"table:bond"`
	Activity      string `bun:"activity_id,pk"`
	Kind          string `bun:"kind,pk"`
	Target        string `bun:"target,pk"`
	Channel       string `bun:"channel_id"`
	From          string `bun:"from_id"`
	To            string `bun:"to_id"`
	At            int64  `bun:"at"`
}

type accountRow struct {
	bun.BaseModel `bun:"table:account"`
	Channel       string `bun:"channel_id,pk"`
	Handle        string `bun:"handle,pk"`
	Identity      string `bun:"identity_id"`
	Own           bool   `bun:"own"`
}

// Unbind implements analyze.BondStore.
func (d *DB) Unbind(ctx context.Context, ids []social.ActivityID, kinds ...analyze.BondKind) error {
	for part := range slices.Chunk(ids, atOnce) {
		_, err := d.IDB(ctx).NewDelete().Model((*bondRow)(nil)).Where("activity_id IN (?) AND kind IN (?)", bun.List(part), bun.List(kinds)).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// Unshare implements analyze.BondStore.
func (d *DB) Unshare(ctx context.Context, channel social.ChannelID, shares []string) error {
	for part := range slices.Chunk(shares, atOnce) {
		_, err := d.IDB(ctx).NewDelete().Model((*bondRow)(nil)).
			Where("channel_id = ? AND kind IN ('share', 'quote') AND target IN (?)", string(channel), bun.List(part)).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// Bind implements analyze.BondStore.
func (d *DB) Bind(ctx context.Context, bonds []analyze.Bond, accounts []analyze.Account) error {
	byHandle := map[[2]string]accountRow{}
	for _, a := range accounts {
		byHandle[[2]string{string(a.Channel), a.Handle}] = accountRow{Channel: string(a.Channel), Handle: a.Handle, Identity: string(a.Identity), Own: a.Own}
	}
	rows := make([]accountRow, 0, len(byHandle))
	for _, r := range byHandle {
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b accountRow) int { return compare(a.Channel+"\x00"+a.Handle, b.Channel+"\x00"+b.Handle) })
	for part := range slices.Chunk(rows, atOnce) {
		_, err := d.IDB(ctx).NewInsert().Model(&part).On("CONFLICT (channel_id, handle) DO UPDATE").
			Set("identity_id = EXCLUDED.identity_id").Set("own = EXCLUDED.own").Returning("NULL").Exec(ctx)
		if err != nil {
			return err
		}
	}
	for part := range slices.Chunk(bonds, atOnce) {
		all := make([]bondRow, len(part))
		for i, b := range part {
			all[i] = bondRow{Activity: string(b.Activity), Kind: string(b.Kind), Target: b.Target, Channel: string(b.Channel),
				From: string(b.From), To: string(b.To), At: store.At(b.At)}
		}
		if _, err := d.IDB(ctx).NewInsert().Model(&all).On("CONFLICT (activity_id, kind, target) DO NOTHING").Returning("NULL").Exec(ctx); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(rows, 100) {
		if err := d.settle(ctx, analyze.BondMention, part); err != nil {
			return err
		}
	}
	return nil
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// settle gives bonds that waited for somebody their end.
func (d *DB) settle(ctx context.Context, kind analyze.BondKind, who []accountRow) error {
	targets := make([]string, len(who))
	byTarget := make(map[string]string, len(who))
	for i, a := range who {
		targets[i], byTarget[a.Handle] = a.Handle, a.Identity
	}
	if len(who) == 0 {
		return nil
	}
	var open []string
	err := d.IDB(ctx).NewRaw("SELECT DISTINCT target FROM bond WHERE channel_id = ? AND kind = ? AND target IN (?) AND to_id = ''",
		who[0].Channel, string(kind), bun.List(targets)).Scan(ctx, &open)
	if err != nil {
		return err
	}
	for _, t := range open {
		_, err := d.IDB(ctx).NewRaw("UPDATE bond SET to_id = ? WHERE channel_id = ? AND kind = ? AND target = ? AND to_id = ''",
			byTarget[t], who[0].Channel, string(kind), t).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// Answered implements analyze.BondStore.
func (d *DB) Answered(ctx context.Context, channel social.ChannelID, authors map[string]social.IdentityID) error {
	rows := make([]accountRow, 0, len(authors))
	for external, id := range authors {
		rows = append(rows, accountRow{Channel: string(channel), Handle: external, Identity: string(id)})
	}
	slices.SortFunc(rows, func(a, b accountRow) int { return compare(a.Handle, b.Handle) })
	for part := range slices.Chunk(rows, 100) {
		if err := d.settle(ctx, analyze.BondReply, part); err != nil {
			return err
		}
	}
	return nil
}

// Accounts implements analyze.BondStore.
func (d *DB) Accounts(ctx context.Context, channel social.ChannelID, handles []string) (map[string]social.IdentityID, error) {
	out := map[string]social.IdentityID{}
	for part := range slices.Chunk(handles, atOnce) {
		var rows []accountRow
		err := d.IDB(ctx).NewSelect().Model(&rows).Where("channel_id = ? AND handle IN (?)", string(channel), bun.List(part)).Scan(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.Handle] = social.IdentityID(r.Identity)
		}
	}
	return out, nil
}

// Strands implements analyze.WebStore.
func (d *DB) Strands(ctx context.Context, channels []social.ChannelID, since time.Time) ([]analyze.Strand, error) {
	if channels != nil && len(channels) == 0 {
		return nil, nil
	}
	q := d.IDB(ctx).NewSelect().Model((*bondRow)(nil)).ColumnExpr("from_id, to_id, kind, COUNT(*) AS times").
		Where("at >= ? AND to_id <> '' AND from_id <> to_id", store.At(since)).
		Where("from_id NOT IN (SELECT identity_id FROM account WHERE own) AND to_id NOT IN (SELECT identity_id FROM account WHERE own)")
	if channels != nil {
		q = q.Where("channel_id IN (?)", bun.List(channels))
	}
	var rows []struct {
		From  string `bun:"from_id"`
		To    string `bun:"to_id"`
		Kind  string `bun:"kind"`
		Times int    `bun:"times"`
	}
	err := q.Group("from_id", "to_id", "kind").Order("from_id", "to_id", "kind").Scan(ctx, &rows)
	out := make([]analyze.Strand, len(rows))
	for i, r := range rows {
		out[i] = analyze.Strand{From: social.IdentityID(r.From), To: social.IdentityID(r.To), Kind: analyze.BondKind(r.Kind), Times: r.Times}
	}
	return out, err
}

// PruneBonds implements analyze.WebStore.
func (d *DB) PruneBonds(ctx context.Context, before time.Time) error {
	return d.InTx(ctx, func(ctx context.Context) error {
		_, err := d.IDB(ctx).NewDelete().Model((*bondRow)(nil)).Where("at < ?", store.At(before)).Exec(ctx)
		return err
	})
}

type webRow struct {
	bun.BaseModel `bun:"table:web"`
	Web           string `bun:"web,pk"`
	At            int64  `bun:"at"`
	Since         int64  `bun:"since"`
	People        int    `bun:"people"`
	Bonds         int    `bun:"bonds"`
	TookMS        int64  `bun:"took_ms"`
}

type influenceRow struct {
	bun.BaseModel `bun:"table:influence"`
	Web           string  `bun:"web,pk"`
	Place         int     `bun:"place,pk"`
	Identity      string  `bun:"identity_id"`
	Score         float64 `bun:"score"`
	Circle        int     `bun:"circle"`
	Bridge        float64 `bun:"bridge"`
	BridgeNo      int     `bun:"bridge_no"`
	X             float64 `bun:"x"`
	Y             float64 `bun:"y"`
	Name          string  `bun:"name"`
	Handle        string  `bun:"handle"`
	Followers     int     `bun:"followers"`
	Why           string  `bun:"why"`
	Answered      int     `bun:"answered"`
	Named         int     `bun:"named"`
	Shared        int     `bun:"shared"`
	Quoted        int     `bun:"quoted"`
}

type linkRow struct {
	bun.BaseModel `bun:"table:influence_bond"`
	Web           string `bun:"web,pk"`
	A             int    `bun:"a,pk"`
	B             int    `bun:"b,pk"`
	Times         int    `bun:"times"`
	Answered      int    `bun:"answered"`
	Named         int    `bun:"named"`
	Shared        int    `bun:"shared"`
	Quoted        int    `bun:"quoted"`
}

func (r *linkRow) link() analyze.Link {
	return analyze.Link{A: r.A, B: r.B, Times: r.Times, Answered: r.Answered, Named: r.Named, Shared: r.Shared, Quoted: r.Quoted}
}

// SaveWeb implements analyze.WebStore: the new web takes the place of the old
// one at once.
func (d *DB) SaveWeb(ctx context.Context, w analyze.Web) error {
	web := string(w.Programme)
	return d.InTx(ctx, func(ctx context.Context) error {
		for _, t := range []string{"influence", "influence_bond"} {
			if _, err := d.IDB(ctx).NewRaw("DELETE FROM ? WHERE web = ?", bun.Ident(t), web).Exec(ctx); err != nil {
				return err
			}
		}
		row := webRow{Web: web, At: store.At(w.At), Since: store.At(w.Since), People: w.People, Bonds: w.Bonds, TookMS: w.Took.Milliseconds()}
		q := d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (web) DO UPDATE")
		for _, c := range []string{"at", "since", "people", "bonds", "took_ms"} {
			q = q.Set(c + " = EXCLUDED." + c)
		}
		if _, err := q.Exec(ctx); err != nil {
			return err
		}
		for part := range slices.Chunk(w.Members, atOnce) {
			rows := make([]influenceRow, len(part))
			for i, m := range part {
				why, err := json.Marshal(m.Why)
				if err != nil {
					return err
				}
				rows[i] = influenceRow{Web: web, Place: m.Place, Identity: string(m.Identity), Score: m.Score, Circle: m.Circle, Bridge: m.Bridge,
					BridgeNo: m.BridgeNo, X: m.X, Y: m.Y, Name: m.Name, Handle: m.Handle, Followers: m.Reach, Why: string(why),
					Answered: m.Why.Answered, Named: m.Why.Named, Shared: m.Why.Shared, Quoted: m.Why.Quoted}
			}
			if _, err := d.IDB(ctx).NewInsert().Model(&rows).Returning("NULL").Exec(ctx); err != nil {
				return err
			}
		}
		for part := range slices.Chunk(w.Links, atOnce) {
			rows := make([]linkRow, len(part))
			for i, l := range part {
				rows[i] = linkRow{Web: web, A: l.A, B: l.B, Times: l.Times, Answered: l.Answered, Named: l.Named, Shared: l.Shared, Quoted: l.Quoted}
			}
			if _, err := d.IDB(ctx).NewInsert().Model(&rows).Returning("NULL").Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *influenceRow) influential() (analyze.Influential, error) {
	m := analyze.Influential{Place: r.Place, Identity: social.IdentityID(r.Identity), Score: r.Score, Circle: r.Circle, Bridge: r.Bridge,
		BridgeNo: r.BridgeNo, X: r.X, Y: r.Y, Name: r.Name, Handle: r.Handle, Reach: r.Followers}
	return m, json.Unmarshal([]byte(r.Why), &m.Why)
}

// WebOf returns a web without its members; kind NotFound before it was made.
func (d *DB) WebOf(ctx context.Context, p social.ProgrammeID) (analyze.Web, error) {
	var rows []webRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("web = ?", string(p)).Scan(ctx); err != nil {
		return analyze.Web{}, err
	}
	if len(rows) == 0 {
		return analyze.Web{}, social.Errorf(social.NotFound, "Who talks to whom is not looked at yet; it is in a minute.")
	}
	r := rows[0]
	return analyze.Web{Programme: p, At: store.Time(r.At), Since: store.Time(r.Since), People: r.People, Bonds: r.Bonds,
		Took: time.Duration(r.TookMS) * time.Millisecond}, nil
}

// Kind is a way of turning to somebody, as webs count it; "" is any.
type Kind string

// The kinds.
const (
	Answered Kind = "answered"
	Named    Kind = "named"
	Shared   Kind = "shared"
	Quoted   Kind = "quoted"
)

// BondKinds counts how many turned to somebody on a web, by kind.
func (d *DB) BondKinds(ctx context.Context, p social.ProgrammeID) (map[Kind]int, error) {
	var n struct{ Answered, Named, Shared, Quoted int }
	err := d.IDB(ctx).NewRaw(`SELECT COALESCE(SUM(answered), 0) AS answered, COALESCE(SUM(named), 0) AS named,
		COALESCE(SUM(shared), 0) AS shared, COALESCE(SUM(quoted), 0) AS quoted FROM influence WHERE web = ?`, string(p)).Scan(ctx, &n)
	return map[Kind]int{Answered: n.Answered, Named: n.Named, Shared: n.Shared, Quoted: n.Quoted}, err
}

// MemberAsk chooses members of a web.
type MemberAsk struct {
	Circle int  // -1 for all
	Kind   Kind // only those to whom somebody turned this way
	Bridge bool // by how much they stand between, instead of by how much they are listened to
	After  int  // the place, or the number as a bridge, after which the page begins
	Limit  int
}

// Members returns members of a web, page by page.
func (d *DB) Members(ctx context.Context, p social.ProgrammeID, ask MemberAsk) ([]analyze.Influential, error) {
	by := "place"
	if ask.Bridge {
		by = "bridge_no"
	}
	var rows []influenceRow
	q := d.IDB(ctx).NewSelect().Model(&rows).Where("web = ? AND ? > ?", string(p), bun.Ident(by), ask.After)
	if ask.Circle >= 0 {
		q = q.Where("circle = ?", ask.Circle)
	}
	if ask.Kind != "" {
		q = q.Where("? > 0", bun.Ident(ask.Kind))
	}
	if err := q.OrderExpr("?", bun.Ident(by)).Limit(int64(ask.Limit)).Scan(ctx); err != nil {
		return nil, err
	}
	return influentials(rows)
}

func influentials(rows []influenceRow) ([]analyze.Influential, error) {
	out := make([]analyze.Influential, len(rows))
	for i := range rows {
		var err error
		if out[i], err = rows[i].influential(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// InfluenceOf returns what webs say of accounts, the web of all first.
func (d *DB) InfluenceOf(ctx context.Context, webs []social.ProgrammeID, ids []social.IdentityID) (map[social.ProgrammeID][]analyze.Influential, error) {
	out := map[social.ProgrammeID][]analyze.Influential{}
	if len(webs) == 0 || len(ids) == 0 {
		return out, nil
	}
	var rows []influenceRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("identity_id IN (?) AND web IN (?)", bun.List(ids), bun.List(webs)).Order("web", "place").Scan(ctx)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		m, err := rows[i].influential()
		if err != nil {
			return nil, err
		}
		w := social.ProgrammeID(rows[i].Web)
		out[w] = append(out[w], m)
	}
	return out, nil
}

// Circle is people who belong together.
type Circle struct {
	No, People int
	Top        []analyze.Influential // the three who are listened to most
}

// Circles returns the largest circles of a web with more than two people, and
// how many of those there are.
func (d *DB) Circles(ctx context.Context, p social.ProgrammeID, most int) ([]Circle, int, error) {
	var rows []struct {
		Circle int `bun:"circle"`
		N      int `bun:"n"`
	}
	err := d.IDB(ctx).NewRaw("SELECT circle, COUNT(*) AS n FROM influence WHERE web = ? GROUP BY circle HAVING COUNT(*) > 2 ORDER BY 2 DESC, circle", string(p)).Scan(ctx, &rows)
	if err != nil {
		return nil, 0, err
	}
	all := len(rows)
	rows = rows[:min(all, most)]
	out := make([]Circle, len(rows))
	for i, r := range rows {
		out[i] = Circle{No: r.Circle, People: r.N}
		if out[i].Top, err = d.Members(ctx, p, MemberAsk{Circle: r.Circle, Limit: 3}); err != nil {
			return nil, 0, err
		}
	}
	return out, all, nil
}

// Map returns all places of a web and its links; with a kind only the links of
// that kind, and those whom they join.
func (d *DB) Map(ctx context.Context, p social.ProgrammeID, most int, kind Kind) ([]analyze.Influential, []analyze.Link, error) {
	var rows []influenceRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Column("web", "place", "identity_id", "score", "circle", "bridge", "bridge_no", "x", "y", "name", "handle").
		ColumnExpr("'{}' AS why").Where("web = ? AND place <= ?", string(p), most).Order("place").Scan(ctx)
	if err != nil {
		return nil, nil, err
	}
	members, err := influentials(rows)
	if err != nil {
		return nil, nil, err
	}
	var links []linkRow
	q := d.IDB(ctx).NewSelect().Model(&links).Where("web = ? AND a <= ? AND b <= ?", string(p), most, most)
	if kind != "" {
		q = q.Where("? > 0", bun.Ident(kind))
	}
	err = q.Order("a", "b").Scan(ctx)
	out := make([]analyze.Link, len(links))
	joined := map[int]bool{}
	for i, l := range links {
		out[i] = l.link()
		joined[l.A], joined[l.B] = true, true
	}
	if kind != "" {
		members = slices.DeleteFunc(members, func(m analyze.Influential) bool { return !joined[m.Place] })
	}
	return members, out, err
}

// Neighbours returns who a place is linked to, those most linked first.
func (d *DB) Neighbours(ctx context.Context, p social.ProgrammeID, place, most int) ([]analyze.Influential, []int, error) {
	var links []linkRow
	err := d.IDB(ctx).NewRaw(`SELECT * FROM influence_bond WHERE web = ?0 AND a = ?1 UNION ALL SELECT * FROM influence_bond WHERE web = ?0 AND b = ?1
		ORDER BY times DESC, a, b LIMIT ?2`, string(p), place, most).Scan(ctx, &links)
	if err != nil || len(links) == 0 {
		return nil, nil, err
	}
	times := map[int]int{}
	var places []int
	for _, l := range links {
		other := l.A + l.B - place
		times[other] = l.Times
		places = append(places, other)
	}
	var rows []influenceRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("web = ? AND place IN (?)", string(p), bun.List(places)).Scan(ctx); err != nil {
		return nil, nil, err
	}
	members, err := influentials(rows)
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(members, func(a, b analyze.Influential) int {
		if times[a.Place] != times[b.Place] {
			return times[b.Place] - times[a.Place]
		}
		return a.Place - b.Place
	})
	count := make([]int, len(members))
	for i, m := range members {
		count[i] = times[m.Place]
	}
	return members, count, nil
}
