package place

import (
	"context"
	"slices"
	"strings"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Patch changes a branch; nil leaves a thing as it is.
type Patch struct {
	Code, Name, Street, City, Postcode, Region, Country, Phone *string
	Lat, Lon                                                   *float64
	Refs                                                       *[]Ref
	Programme                                                  *social.ProgrammeID
	State                                                      *State
}

// Seen returns a branch of ours, or a city as if it were one, that the actor
// may see.
func (b *Book) Seen(ctx context.Context, id social.PlaceID) (Branch, error) {
	if br, ok := b.Atlas().Branch(id); ok && br.State != Removed && social.ScopeOf(ctx).Sees(br.Programme) {
		return br, nil
	}
	if c, ok := World().City(id); ok {
		return Branch{ID: c.ID, Name: c.Label(), City: c.Name, Region: c.Region(), Country: c.Country, Lat: c.Lat, Lon: c.Lon, Town: c.ID, State: Open}, nil
	}
	return Branch{}, social.Errorf(social.NotFound, "There is no such place.")
}

// IsCity reports whether an id names a city of the world.
func IsCity(id social.PlaceID) bool { return strings.HasPrefix(string(id), "geo:") }

// own returns a branch that the actor may change.
func (b *Book) own(ctx context.Context, id social.PlaceID) (Branch, error) {
	if IsCity(id) {
		return Branch{}, social.Errorf(social.Invalid, "A city of the world is not ours to change.")
	}
	return b.Seen(ctx, id)
}

// placed checks that the actor may put a thing into a programme.
func placed(ctx context.Context, p social.ProgrammeID) error {
	scope := social.ScopeOf(ctx)
	switch {
	case scope.All || scope.Sees(p):
		return nil
	case p == "":
		return wrong("programme", "Choose one of your programmes; only those who may do this everywhere can leave it out.")
	}
	return &social.Error{Kind: social.NotFound, Field: "programme", Text: "There is no such programme."}
}

// Add adds a branch.
func (b *Book) Add(ctx context.Context, br Branch) (Branch, error) {
	now := b.Clock.Now()
	br.ID, br.State, br.Created, br.Updated = social.PlaceID(id.At(now)), Open, now, now
	if err := placed(ctx, br.Programme); err != nil {
		return br, err
	}
	if err := br.Check(); err != nil {
		return br, err
	}
	err := b.change(ctx, func(all []Branch) ([]Branch, []social.Entry, error) {
		if err := free(all, br); err != nil {
			return nil, nil, err
		}
		return []Branch{br}, []social.Entry{entry("create", br)}, nil
	})
	return br, err
}

func entry(verb string, b Branch) social.Entry {
	return social.Entry{Verb: verb, Object: "place", ID: string(b.ID), Detail: map[string]any{
		"name": b.Name, "code": b.Code, "city": b.City, "country": b.Country, "state": b.State, "refs": len(b.Refs)}}
}

// free checks that no other branch has the code, or one of the ids, of br.
func free(all []Branch, br Branch) error {
	taken := map[string]string{}
	for _, o := range all {
		if o.ID == br.ID || o.State == Removed {
			continue
		}
		if br.Code != "" && o.Code == br.Code {
			return &social.Error{Kind: social.Conflict, Field: "code", Text: "“" + o.Name + "” has the code " + br.Code + " already."}
		}
		for _, r := range o.Refs {
			taken[r.Network+" "+r.folded()] = o.Name
		}
	}
	for _, r := range br.Refs {
		if name, ok := taken[r.Network+" "+r.folded()]; ok {
			return &social.Error{Kind: social.Conflict, Field: "refs", Text: "“" + r.Value + "” belongs to “" + name + "” already."}
		}
	}
	return nil
}

// change writes branches and lets the past be looked at again.
func (b *Book) change(ctx context.Context, f func(all []Branch) ([]Branch, []social.Entry, error)) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.LockPlaces(ctx); err != nil {
			return err
		}
		all, err := b.Store.Branches(ctx)
		if err != nil {
			return err
		}
		save, entries, err := f(all)
		if err != nil || len(save) == 0 {
			return err
		}
		if err := b.Store.SaveBranches(ctx, save); err != nil {
			return err
		}
		for _, e := range entries {
			if err := b.Store.Record(ctx, e); err != nil {
				return err
			}
		}
		for _, s := range save {
			i := slices.IndexFunc(all, func(o Branch) bool { return o.ID == s.ID })
			if i < 0 {
				all = append(all, s)
			} else {
				all[i] = s
			}
		}
		if err := b.Store.Tell(ctx, social.Placed{}); err != nil {
			return err
		}
		b.Store.After(ctx, func() { b.atlas.Store(NewAtlas(all)) })
		return b.again(ctx)
	})
}

// Change changes a branch. What was said is looked at again behind it.
func (b *Book) Change(ctx context.Context, pid social.PlaceID, p Patch) (Branch, error) {
	br, err := b.own(ctx, pid)
	if err != nil {
		return br, err
	}
	was := br
	moved := p.City != nil && *p.City != br.City || p.Country != nil && *p.Country != br.Country || p.Region != nil && *p.Region != br.Region
	set := func(to *string, from *string) {
		if from != nil {
			*to = *from
		}
	}
	set(&br.Code, p.Code)
	set(&br.Name, p.Name)
	set(&br.Street, p.Street)
	set(&br.City, p.City)
	set(&br.Postcode, p.Postcode)
	set(&br.Region, p.Region)
	set(&br.Country, p.Country)
	set(&br.Phone, p.Phone)
	if moved && p.Lat == nil && p.Lon == nil {
		br.Lat, br.Lon = 0, 0 // it moved: where to, its city says
	}
	if p.Lat != nil {
		br.Lat = *p.Lat
	}
	if p.Lon != nil {
		br.Lon = *p.Lon
	}
	if p.Refs != nil {
		br.Refs = *p.Refs
	}
	if p.Programme != nil {
		if err := placed(ctx, *p.Programme); err != nil {
			return br, err
		}
		br.Programme = *p.Programme
	}
	if p.State != nil {
		if *p.State != Open && *p.State != Closed {
			return br, wrong("state", "A branch is open or closed.")
		}
		br.State = *p.State
	}
	if err := br.Check(); err != nil {
		return br, err
	}
	if br.same(was) {
		return was, nil
	}
	br.Updated = b.Clock.Now()
	err = b.change(ctx, func(all []Branch) ([]Branch, []social.Entry, error) {
		if err := free(all, br); err != nil {
			return nil, nil, err
		}
		return []Branch{br}, []social.Entry{entry("update", br)}, nil
	})
	return br, err
}

// Remove takes a branch away. What was tied to it is looked at again.
func (b *Book) Remove(ctx context.Context, pid social.PlaceID) error {
	br, err := b.own(ctx, pid)
	if err != nil {
		return err
	}
	br.State, br.Updated = Removed, b.Clock.Now()
	return b.change(ctx, func([]Branch) ([]Branch, []social.Entry, error) {
		return []Branch{br}, []social.Entry{entry("delete", br)}, nil
	})
}
