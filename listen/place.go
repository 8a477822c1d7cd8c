package listen

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/social"
)

// Places knows where things are. Its answers come from memory and are quick.
type Places interface {
	// Names lists what place: may call the place of a post by: the branch, the
	// city, the region, the country. Nil when it is tied to none.
	Names(p Post, c Channel) []string
	// Called is what a place is called, and whether it is one of our branches;
	// "" when there is no such place.
	Called(id social.PlaceID) (name string, branch bool)
	// Within lists what a place stands for in a filter: a city for itself and
	// the branches in it, a branch for itself.
	Within(id social.PlaceID) []social.PlaceID
	// Levels lists what a place counts as, the finest first: a branch for
	// itself, its city and its country; a city for itself and its country.
	Levels(id social.PlaceID) []social.PlaceID
}

// The levels on which places are counted, the finest first.
const (
	LevelBranch  = "branch"
	LevelCity    = "city"
	LevelCountry = "country"
)

// Levels are all of them.
var Levels = []string{LevelBranch, LevelCity, LevelCountry}

// LevelOf says on which level a place is counted. Cities are named geo:ID,
// countries country:US; everything else is a branch of ours.
func LevelOf(id social.PlaceID) string {
	switch {
	case strings.HasPrefix(string(id), "geo:"):
		return LevelCity
	case strings.HasPrefix(string(id), "country:"):
		return LevelCountry
	}
	return LevelBranch
}

// LevelsOf lists what a place counts as, the finest first.
func (s *Station) LevelsOf(id social.PlaceID) []social.PlaceID {
	switch {
	case id == "":
		return nil
	case s.places == nil:
		return []social.PlaceID{id}
	}
	return s.places.Levels(id)
}

func (s *Station) levels(id social.PlaceID) []string {
	var out []string
	for _, l := range s.LevelsOf(id) {
		out = append(out, string(l))
	}
	return out
}

func (s *Station) within(id social.PlaceID) []social.PlaceID {
	if s.places == nil {
		return []social.PlaceID{id}
	}
	return s.places.Within(id)
}

// Tie takes over of which place activities speak, for filters and counts; ""
// is none. The same twice changes nothing.
func (s *Station) Tie(ctx context.Context, to map[social.ActivityID]social.PlaceID) error {
	if len(to) == 0 {
		return nil
	}
	return s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.Lock(ctx); err != nil {
			return err
		}
		posts, err := s.store.Posts(ctx, slices.Collect(maps.Keys(to)))
		if err != nil {
			return err
		}
		stored := make(map[string]Post, len(posts))
		for _, p := range posts {
			if p.Tied != to[p.ID] {
				stored[string(p.ID)] = p
			}
		}
		before, err := s.states(ctx, stored)
		if err != nil || len(before) == 0 {
			return err
		}
		c, sums := Changes{Tied: map[social.PlaceID][]int64{}}, sums{}
		for _, st := range before {
			sums.add(st, -1)
			st.post.Tied = to[st.post.ID]
			sums.add(st, +1)
			c.Tied[st.post.Tied] = append(c.Tied[st.post.Tied], st.post.Seq)
		}
		sums.put(&c)
		return s.store.Write(ctx, c)
	})
}

// where lets a document tell its place to queries that ask.
func (s *Station) where(d *query.Doc, p Post, c Channel) {
	if s.places != nil {
		d.At(func() []string { return s.places.Names(p, c) })
	}
}

// asksPlace is 1 for an active monitor that may ask for a place, else 0.
func asksPlace(m Monitor) int {
	if m.State == Active && strings.Contains(strings.ToLower(m.Query), "place") {
		return 1
	}
	return 0
}

// AsksPlace reports whether some active monitor asks where things are.
func (s *Station) AsksPlace() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byPlace > 0
}

// PlaceCalled is what a place is called, and whether it is a branch of ours.
func (s *Station) PlaceCalled(id social.PlaceID) (name string, branch bool) {
	if s.places == nil || id == "" {
		return "", false
	}
	return s.places.Called(id)
}

// Rematch matches activities again, after something changed that is not in
// them: their place. What looks different then is told like news. It must run
// in a transaction of its own or of the caller.
func (s *Station) Rematch(ctx context.Context, ids []social.ActivityID) error {
	return s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.Lock(ctx); err != nil {
			return err
		}
		posts, err := s.store.Posts(ctx, ids)
		if err != nil || len(posts) == 0 {
			return err
		}
		stored := make(map[string]Post, len(posts))
		for _, p := range posts {
			stored[string(p.ID)] = p
		}
		before, err := s.states(ctx, stored)
		if err != nil {
			return err
		}
		var c Changes
		var changed []Post
		sums, now := sums{}, map[int64][]Match{}
		var doc query.Doc
		for _, p := range posts {
			was := before[p.Seq]
			row, _ := s.ChannelInfo(p.Channel)
			is := was
			is.matches = s.rematch(p, was.matches, s.matches(&doc, p, row))
			add, drop := without(is.matches, was.matches), without(was.matches, is.matches)
			if len(add) == 0 && len(drop) == 0 {
				continue
			}
			c.Match, c.Unmatch = append(c.Match, add...), append(c.Unmatch, drop...)
			sums.add(was, -1)
			sums.add(is, +1)
			changed, now[p.Seq] = append(changed, p), is.matches
		}
		if len(changed) == 0 {
			return nil
		}
		sums.put(&c)
		if err := s.store.Write(ctx, c); err != nil {
			return err
		}
		mentions := s.mentions(changed, now)
		s.store.After(ctx, func() { s.recent.Put(mentions) })
		return s.tellHeard(ctx, changed)
	})
}

// Reach lists the channels that the actor may see, removed ones too, whose
// words may still be seen; nil means all.
func (s *Station) Reach(ctx context.Context) []social.ChannelID {
	if social.ScopeOf(ctx).All {
		return nil
	}
	out := []social.ChannelID{}
	for _, l := range s.lines() {
		if c := l.snapshot(); social.ScopeOf(ctx).Sees(c.Programme) {
			out = append(out, c.ID)
		}
	}
	return out
}
