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
	Kind         string // "said", "answered", "note", "click", "conversion", "merge"
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
