package peopledb

import (
	"context"

	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Traits tells segments what this room knows of persons.
type Traits struct {
	*DB
	// Kind is the word of a channel's network, "" where it is not known.
	Kind func(id social.ChannelID) string
}

var _ segment.Source = Traits{}

const wroteDownSQL = `
SELECT person_id, 'goals' AS what, COUNT(*) AS n FROM person_goal WHERE person_id IN (?0) AND status = 'open' GROUP BY person_id
UNION ALL SELECT person_id, 'promises', COUNT(*) FROM person_promise WHERE person_id IN (?0) AND state = 'open' GROUP BY person_id
UNION ALL SELECT person_id, 'broken', COUNT(*) FROM person_promise WHERE person_id IN (?0) AND state = 'broken' GROUP BY person_id`

// Traits implements segment.Source.
func (t Traits) Traits(ctx context.Context, who []segment.Who, put segment.Put) error {
	ids := make([]social.PersonID, len(who))
	for i, w := range who {
		ids[i] = w.Person
	}
	var persons []personRow
	if err := t.IDB(ctx).NewSelect().Model(&persons).Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return err
	}
	for _, p := range persons {
		who := social.PersonID(p.ID)
		put(who, "name", cond.TextValue(p.Name))
		put(who, "place", cond.TextValue(p.Place))
		put(who, "language", cond.TextValue(p.Lang))
		put(who, "known_since", cond.TimeValue(store.Time(p.CreatedAt)))
	}
	tags, err := t.TagsOf(ctx, ids)
	if err != nil {
		return err
	}
	for p, borne := range tags {
		put(p, "tags", cond.TextsValue(texts(borne)))
	}
	var heard []scopeRow
	if err := t.IDB(ctx).NewSelect().Model(&heard).Where("person_id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return err
	}
	in := map[social.PersonID][]string{}
	for _, s := range heard {
		in[social.PersonID(s.PersonID)] = append(in[social.PersonID(s.PersonID)], s.ProgrammeID)
	}
	for p, programmes := range in {
		put(p, "programmes", cond.TextsValue(programmes))
	}
	if err := t.accounts(ctx, who, put); err != nil {
		return err
	}
	known, of := segment.Known(who)
	var wrote []struct {
		PersonID string
		What     string
		N        int
	}
	if err := t.IDB(ctx).NewRaw(wroteDownSQL, bun.List(known)).Scan(ctx, &wrote); err != nil {
		return err
	}
	sums := map[social.PersonID]map[string]int{}
	for _, w := range who {
		sums[w.Person] = map[string]int{"goals": 0, "promises": 0, "broken": 0}
	}
	for _, w := range wrote {
		sums[of[w.PersonID]][w.What] += w.N
	}
	for p, s := range sums {
		for what, n := range s {
			put(p, what, cond.NumberValue(float64(n)))
		}
	}
	return nil
}

// accounts tells where somebody speaks and how they can be reached.
func (t Traits) accounts(ctx context.Context, who []segment.Who, put segment.Put) error {
	ids, of := segment.Accounts(who)
	var rows []identityRow
	var clues []struct{ IdentityID, Kind string }
	if len(ids) > 0 {
		if err := t.IDB(ctx).NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
			return err
		}
		if err := t.IDB(ctx).NewRaw("SELECT DISTINCT identity_id, kind FROM clue WHERE identity_id IN (?) AND kind IN ('email', 'phone')", bun.List(ids)).Scan(ctx, &clues); err != nil {
			return err
		}
	}
	networks, reach := map[social.PersonID][]string{}, map[social.PersonID][]string{}
	accounts, followers := map[social.PersonID]int{}, map[social.PersonID]int64{}
	for _, r := range rows {
		p := of[social.IdentityID(r.ID)]
		accounts[p]++
		followers[p] = max(followers[p], r.Followers)
		if k := t.Kind(social.ChannelID(r.ChannelID)); k != "" {
			networks[p] = append(networks[p], k)
		}
		switch r.Scheme {
		case "mailto":
			reach[p] = append(reach[p], "email")
		case "tel":
			reach[p] = append(reach[p], "phone")
		}
	}
	for _, c := range clues {
		p := of[social.IdentityID(c.IdentityID)]
		reach[p] = append(reach[p], c.Kind)
	}
	for _, w := range who {
		put(w.Person, "accounts", cond.NumberValue(float64(accounts[w.Person])))
		put(w.Person, "followers", cond.NumberValue(float64(followers[w.Person])))
		put(w.Person, "networks", cond.TextsValue(networks[w.Person]))
		put(w.Person, "reach", cond.TextsValue(reach[w.Person]))
	}
	return nil
}

func texts[S ~string](ids []S) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}
