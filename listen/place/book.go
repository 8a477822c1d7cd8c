package place

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
)

// Tie is which place an activity speaks of, and as what it is counted.
type Tie struct {
	social.Tie
	Seq       int64
	Activity  social.ActivityID
	Channel   social.ChannelID
	Published time.Time
	Rating    float64
	Sentiment string
	Answered  time.Time // when we answered; zero if we did not
	Desk      time.Time // when our desk answered, whether or not we heard it on the network
}

// Key is one line of the counts.
type Key struct {
	Place   social.PlaceID
	Channel social.ChannelID
	Day     time.Time
}

// Sum is how much was said of a place, and how it was rated.
type Sum struct {
	Count, Negative, Neutral, Positive int
	Reviews, Answered                  int
	Stars, Squares                     int64 // of ratings in hundredths, and of their squares
	Star                               [5]int
}

// Day is one line of the counts with its sum.
type Day struct {
	Key
	Sum
}

// Past is how far the look through the past is, after branches changed.
type Past struct {
	Below int64 // seq down to which it is done
	Done  int64
	Of    int64
}

// Store is what places need of the database.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	Tell(ctx context.Context, facts ...social.Fact) error
	After(ctx context.Context, f func())
	// LockPlaces makes the transaction of ctx the only one that counts places.
	LockPlaces(ctx context.Context) error

	// Branches returns all branches, removed ones too, in the order in which they were made.
	Branches(ctx context.Context) ([]Branch, error)
	SaveBranches(ctx context.Context, b []Branch) error

	Posts(ctx context.Context, ids []social.ActivityID) ([]listen.Post, error)
	Stored(ctx context.Context, channel social.ChannelID, external []string) (map[string]listen.Post, error)
	Below(ctx context.Context, seq int64, limit int) ([]listen.Post, error)
	CountBelow(ctx context.Context, seq int64) (int64, error)
	// OwnAnswers says when we first answered, by the external id that was answered.
	OwnAnswers(ctx context.Context, channel social.ChannelID, external []string) (map[string]time.Time, error)

	FullTies(ctx context.Context, seqs []int64) (map[int64]Tie, error)
	// Pinned returns the place of each activity that was corrected by hand; "" is none.
	Pinned(ctx context.Context) (map[social.ActivityID]social.PlaceID, error)
	// WriteTies saves ties, drops others and adds to the counts.
	WriteTies(ctx context.Context, save []Tie, drop []int64, add []Day) error
	// PlaceSums returns counts by place over two periods that follow each other,
	// each with the day on which its period begins; nil channels mean all.
	PlaceSums(ctx context.Context, channels []social.ChannelID, from, middle, to time.Time) ([]Day, error)
	// Days returns counts by place, channel and day in a range; nil places and channels mean all.
	Days(ctx context.Context, places []social.PlaceID, channels []social.ChannelID, from, to time.Time) ([]Day, error)

	PlacePast(ctx context.Context) (Past, bool, error)
	SavePlacePast(ctx context.Context, p *Past) error // nil: it is done
}

// Station is what places need of the rest of listening.
type Station interface {
	ChannelInfo(id social.ChannelID) (listen.Channel, bool)
	// Reach lists the channels that the actor may see, removed ones too; nil means all.
	Reach(ctx context.Context) []social.ChannelID
	AsksPlace() bool
	Rematch(ctx context.Context, ids []social.ActivityID) error
	// Tie takes over of which place activities speak; it is part of the transaction of ctx.
	Tie(ctx context.Context, to map[social.ActivityID]social.PlaceID) error
}

// Scores tells what analysis says of activities.
type Scores func(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.Scores, error)

// Book knows our branches and keeps which activity speaks of which place.
// Call Open before anything else.
type Book struct {
	Store   Store
	Station Station
	Scores  Scores
	Clock   clock.Clock

	atlas atomic.Pointer[Atlas]
	mu    sync.RWMutex
	pins  map[social.ActivityID]social.PlaceID
	wake  chan struct{}
	once  sync.Once
}

// Open reads branches and corrections into memory.
func (b *Book) Open(ctx context.Context) error {
	if err := b.load(ctx); err != nil {
		return err
	}
	pins, err := b.Store.Pinned(ctx)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pins = pins
	return nil
}

func (b *Book) load(ctx context.Context) error {
	all, err := b.Store.Branches(ctx)
	if err != nil {
		return err
	}
	b.atlas.Store(NewAtlas(all))
	return nil
}

var empty = NewAtlas(nil)

// Atlas is all branches as they are now.
func (b *Book) Atlas() *Atlas {
	if a := b.atlas.Load(); a != nil {
		return a
	}
	return empty
}

func (b *Book) pin(id social.ActivityID) (social.PlaceID, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	p, ok := b.pins[id]
	return p, ok
}

// Names lists what place: may call the place of a post by.
func (b *Book) Names(p listen.Post, c listen.Channel) []string {
	id, pinned := b.pin(p.ID)
	a := b.Atlas()
	if !pinned {
		id = a.Resolve(said(p, c)).Place
	}
	return a.Names(id)
}

func said(p listen.Post, c listen.Channel) Said {
	return Said{Activity: p.Activity, Kind: c.Kind, Channel: string(c.ID), Name: c.Name}
}

// Names lists what a place may be called by.
func (a *Atlas) Names(id social.PlaceID) []string {
	if id == "" {
		return nil
	}
	names := []string{string(id)}
	town := id
	if b, ok := a.branches[id]; ok {
		names = append(names, b.Name, b.Code, b.City, b.Region, b.Country, CountryName(b.Country))
		if b.Country == "GB" {
			names = append(names, "UK")
		}
		town = b.Town
	}
	c, ok := World().City(town)
	if !ok {
		return names
	}
	names = append(names, c.Name, c.Region(), c.Country, CountryName(c.Country), c.Label(), c.Name+", "+c.Country)
	switch c.Country {
	case "US":
		names = append(names, c.Name+", "+c.Admin, c.Name+", "+c.Region()+", US", "USA")
	case "GB":
		names = append(names, "UK", c.Name+", UK")
	}
	return append(names, exonymsOf(fold(c.Name))...)
}

// Called lists what a place of the world may be called by, given one of its
// names, perhaps with a region or country behind a comma. What cannot be told
// apart has the given name alone.
func Called(name string) []string {
	city, rest, _ := strings.Cut(name, ",")
	country, region := countryOf(rest), ""
	if country == "" || regionOf("US", rest) != "" {
		country, region = "", strings.TrimSpace(rest)
	}
	f := empty.choose(World().in(strings.TrimSpace(city), country, region), "", 1, rest != "")
	return append([]string{name}, empty.Names(f.Place)...)
}

// exonymsOf are other names of a large city.
func exonymsOf(name string) []string {
	var out []string
	for pair := range strings.SplitSeq(exonyms, ",") {
		if also, is, _ := strings.Cut(strings.TrimSpace(pair), "="); is == name {
			out = append(out, also)
		}
	}
	return out
}

// Called is what a place is called, and whether it is a branch of ours.
func (b *Book) Called(id social.PlaceID) (string, bool) {
	if br, ok := b.Atlas().Branch(id); ok {
		return br.Name, true
	}
	if c, ok := World().City(id); ok {
		return c.Label(), false
	}
	code, _ := strings.CutPrefix(string(id), countryPrefix)
	return CountryName(code), false
}

// countryPrefix makes a place of a country's code.
const countryPrefix = "country:"

// Levels lists what a place counts as, the finest first.
func (b *Book) Levels(id social.PlaceID) []social.PlaceID {
	out := []social.PlaceID{id}
	town, country := id, ""
	if br, ok := b.Atlas().Branch(id); ok {
		town, country = br.Town, br.Country
	}
	if c, ok := World().City(town); ok {
		country = c.Country
		if town != id {
			out = append(out, town)
		}
	}
	if country != "" {
		out = append(out, social.PlaceID(countryPrefix+country))
	}
	return out
}

// Within lists what a place stands for in a filter. A branch that was removed
// stays in its city with what was tied to it by hand, as Levels has it.
func (b *Book) Within(id social.PlaceID) []social.PlaceID {
	out := []social.PlaceID{id}
	a := b.Atlas()
	for _, o := range slices.Sorted(maps.Keys(a.branches)) {
		if a.branches[o].Town == id {
			out = append(out, o)
		}
	}
	return out
}

// Hear finds the places of activities that were heard, changed or scored, and
// keeps the counts in step. The same twice changes nothing.
func (b *Book) Hear(ctx context.Context, ids []social.ActivityID) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.LockPlaces(ctx); err != nil {
			return err
		}
		posts, err := b.Store.Posts(ctx, ids)
		if err != nil {
			return err
		}
		posts, err = b.withAnswered(ctx, posts)
		if err != nil {
			return err
		}
		_, err = b.look(ctx, posts)
		return err
	})
}

// withAnswered adds to posts those that our own among them answer.
func (b *Book) withAnswered(ctx context.Context, posts []listen.Post) ([]listen.Post, error) {
	parents := map[social.ChannelID][]string{}
	have := map[int64]bool{}
	for _, p := range posts {
		have[p.Seq] = true
		if p.Own && p.Parent != "" {
			parents[p.Channel] = append(parents[p.Channel], p.Parent)
		}
	}
	for c, external := range parents {
		found, err := b.Store.Stored(ctx, c, external)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			if !have[p.Seq] {
				have[p.Seq] = true
				posts = append(posts, p)
			}
		}
	}
	return posts, nil
}

// look finds the places of posts and writes what changes. It returns the
// activities whose place is another than before.
func (b *Book) look(ctx context.Context, posts []listen.Post) ([]social.ActivityID, error) {
	if len(posts) == 0 {
		return nil, nil
	}
	slices.SortFunc(posts, func(x, y listen.Post) int { return int(x.Seq - y.Seq) })
	seqs := make([]int64, len(posts))
	var public []social.ActivityID
	rated := map[social.ChannelID][]string{}
	for i, p := range posts {
		seqs[i] = p.Seq
		if p.Visible() {
			public = append(public, p.ID)
			if p.Rating > 0 {
				rated[p.Channel] = append(rated[p.Channel], p.ExternalID)
			}
		}
	}
	was, err := b.Store.FullTies(ctx, seqs)
	if err != nil {
		return nil, err
	}
	scores, err := b.Scores(ctx, public)
	if err != nil {
		return nil, err
	}
	answers := map[social.ChannelID]map[string]time.Time{}
	for c, external := range rated {
		if answers[c], err = b.Store.OwnAnswers(ctx, c, external); err != nil {
			return nil, err
		}
	}
	var save []Tie
	var drop []int64
	var moved []social.ActivityID
	tied := map[social.ActivityID]social.PlaceID{}
	sums := sums{}
	for _, p := range posts {
		old, had := was[p.Seq]
		is, keep := b.tie(p, old, scores[p.ID], answers[p.Channel][p.ExternalID])
		if had {
			sums.add(old, -1)
		}
		switch {
		case keep:
			sums.add(is, +1)
			if !had || !is.equal(old) {
				save = append(save, is)
			}
		case had:
			drop = append(drop, p.Seq)
		}
		if old.Place != is.Place {
			moved = append(moved, p.ID)
		}
		if p.Tied != is.Place {
			tied[p.ID] = is.Place
		}
	}
	if err := b.write(ctx, save, drop, sums); err != nil {
		return nil, err
	}
	return moved, b.Station.Tie(ctx, tied)
}

// write keeps what changes, and tells it when the counts change.
func (b *Book) write(ctx context.Context, save []Tie, drop []int64, s sums) error {
	days := s.list()
	if len(save)+len(drop) == 0 && len(days) == 0 {
		return nil
	}
	if err := b.Store.WriteTies(ctx, save, drop, days); err != nil || len(days) == 0 {
		return err
	}
	return b.Store.Tell(ctx, social.Placed{})
}

// tie is what a post is tied to now, and whether there is anything to keep.
func (b *Book) tie(p listen.Post, old Tie, s social.Scores, answered time.Time) (Tie, bool) {
	if !p.Visible() {
		return Tie{}, false
	}
	t := Tie{Seq: p.Seq, Activity: p.ID, Channel: p.Channel, Published: p.Published, Rating: p.Rating, Answered: answered, Desk: old.Desk}
	if answered.IsZero() {
		t.Answered = old.Desk
	}
	if s.Sentiment != nil {
		t.Sentiment = s.Sentiment.Label
	}
	if !old.Pinned.IsZero() {
		t.Tie = old.Tie
		return t, true
	}
	c, _ := b.Station.ChannelInfo(p.Channel)
	f := b.Atlas().Resolve(said(p, c))
	t.Tie = social.Tie{Place: f.Place, Via: string(f.Via), Confidence: f.Confidence, Why: f.Why, Others: f.Others}
	return t, t.Place != "" || len(t.Others) > 0
}

func (t Tie) equal(o Tie) bool {
	a, b := t, o
	others := slices.Equal(a.Others, b.Others)
	a.Others, b.Others = nil, nil
	return others && a.Place == b.Place && a.Via == b.Via && a.Confidence == b.Confidence && a.Why == b.Why && a.PinnedBy == b.PinnedBy && a.Pinned.Equal(b.Pinned) &&
		a.Published.Equal(b.Published) && a.Rating == b.Rating && a.Sentiment == b.Sentiment && a.Answered.Equal(b.Answered) && a.Desk.Equal(b.Desk)
}

// Answered takes over from our desk that something was answered.
func (b *Book) Answered(ctx context.Context, channel social.ChannelID, external string, at time.Time) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.LockPlaces(ctx); err != nil {
			return err
		}
		found, err := b.Store.Stored(ctx, channel, []string{external})
		if err != nil || len(found) == 0 {
			return err
		}
		seq := found[external].Seq
		was, err := b.Store.FullTies(ctx, []int64{seq})
		if err != nil {
			return err
		}
		old, ok := was[seq]
		if !ok || !old.Desk.IsZero() {
			return nil
		}
		is := old
		is.Desk = at
		if is.Answered.IsZero() {
			is.Answered = at
		}
		sums := sums{}
		sums.add(old, -1)
		sums.add(is, +1)
		return b.write(ctx, []Tie{is}, nil, sums)
	})
}

// Correct says by hand of which place an activity speaks: nil gives the
// decision back to the evidence, "" says that it speaks of none.
func (b *Book) Correct(ctx context.Context, p listen.Post, to *social.PlaceID) error {
	if !p.Visible() {
		return social.Errorf(social.Invalid, "Only what others said in public is tied to a place.")
	}
	if to != nil && *to != "" {
		if _, err := b.Seen(ctx, *to); err != nil {
			return err
		}
	}
	actor, _ := social.ActorOf(ctx)
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.LockPlaces(ctx); err != nil {
			return err
		}
		was, err := b.Store.FullTies(ctx, []int64{p.Seq})
		if err != nil {
			return err
		}
		old := was[p.Seq]
		scores, err := b.Scores(ctx, []social.ActivityID{p.ID})
		if err != nil {
			return err
		}
		next := old
		next.Pinned, next.PinnedBy = time.Time{}, ""
		if to != nil {
			next.Tie = social.Tie{Place: *to, Via: string(ByHand), Confidence: 1, Pinned: b.Clock.Now(), PinnedBy: actor.Member}
		}
		answers, err := b.Store.OwnAnswers(ctx, p.Channel, []string{p.ExternalID})
		if err != nil {
			return err
		}
		is, keep := b.tie(p, next, scores[p.ID], answers[p.ExternalID])
		sums := sums{}
		sums.add(old, -1)
		var save []Tie
		var drop []int64
		if keep {
			sums.add(is, +1)
			save = append(save, is)
		} else {
			drop = append(drop, p.Seq)
		}
		if err := b.write(ctx, save, drop, sums); err != nil {
			return err
		}
		if err := b.Station.Tie(ctx, map[social.ActivityID]social.PlaceID{p.ID: is.Place}); err != nil {
			return err
		}
		detail := map[string]any{"from": old.Place, "to": is.Place, "by_hand": to != nil}
		if err := b.Store.Record(ctx, social.Entry{Verb: "place", Object: "mention", ID: string(p.ID), Detail: detail}); err != nil {
			return err
		}
		b.Store.After(ctx, func() { b.pinned(p.ID, to) })
		return nil
	})
}

// pinned keeps a correction in memory, and lets monitors look again.
func (b *Book) pinned(id social.ActivityID, to *social.PlaceID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pins == nil {
		b.pins = map[social.ActivityID]social.PlaceID{}
	}
	if to == nil {
		delete(b.pins, id)
	} else {
		b.pins[id] = *to
	}
}

// Rematch lets monitors that ask for places look at an activity again.
func (b *Book) Rematch(ctx context.Context, ids ...social.ActivityID) error {
	if len(ids) == 0 || !b.Station.AsksPlace() {
		return nil
	}
	return b.Station.Rematch(ctx, ids)
}
