package people

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/social"
)

// Moment is one thing on a person's timeline.
type Moment struct {
	At           time.Time
	ID           string // unique among moments, for paging
	Kind         string // "said", "answered", "note", "click", "conversion", "merge", "order", "opportunity", "about", "goal", "promise"
	State        string // of an order, an opportunity, a goal or a promise
	Object       string // id of what it leads to
	Minor        int64  // an amount in minor units
	Text         string
	Channel      social.ChannelID
	Conversation social.ConversationID
	Activity     social.ActivityID
	Sentiment    *social.Label
	By           social.MemberID
	ByName       string
	URL          string
	Value        float64
	Currency     string
}

// Source is a room that knows moments of people.
type Source interface {
	// Moments returns at most limit moments of the identities before a point
	// (time, then id), newest first, within the scope of ctx.
	Moments(ctx context.Context, who []social.IdentityID, before time.Time, beforeID string, limit int) ([]Moment, error)
}

// Timeline merges the moments of all rooms, newest first, before a point; the
// zero time means from the start.
func (b *Book) Timeline(ctx context.Context, who social.PersonID, before time.Time, beforeID string, limit int) ([]Moment, error) {
	p, err := b.Store.Person(ctx, who)
	if err != nil {
		return nil, err
	}
	if before.IsZero() {
		before = b.Clock.Now().Add(24 * time.Hour)
	}
	ids := make([]social.IdentityID, len(p.Identities))
	for i, x := range p.Identities {
		ids[i] = x.ID
	}
	var all []Moment
	if len(b.Owned) > 0 {
		same, err := b.Aliases.Same(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range b.Owned {
			moments, err := s.Moments(ctx, same, before, beforeID, limit)
			if err != nil {
				return nil, err
			}
			all = append(all, moments...)
		}
	}
	for _, s := range b.Sources {
		moments, err := s.Moments(ctx, ids, before, beforeID, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, moments...)
	}
	slices.SortFunc(all, func(a, b Moment) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID))
	})
	if len(all) > limit {
		all = all[:limit]
	}
	return all, nil
}

// Narrowed is Timeline with moments of some kinds alone; none means all. It
// reads on until the page is full or the beginning is reached.
func (b *Book) Narrowed(ctx context.Context, who social.PersonID, kinds []string, before time.Time, beforeID string, limit int) ([]Moment, error) {
	if len(kinds) == 0 {
		return b.Timeline(ctx, who, before, beforeID, limit)
	}
	var out []Moment
	for {
		page, err := b.Timeline(ctx, who, before, beforeID, 500)
		if err != nil {
			return nil, err
		}
		for _, m := range page {
			if slices.Contains(kinds, m.Kind) {
				out = append(out, m)
			}
		}
		if len(out) >= limit {
			return out[:limit], nil
		}
		if len(page) < 500 {
			return out, nil
		}
		before, beforeID = page[len(page)-1].At, page[len(page)-1].ID
	}
}
