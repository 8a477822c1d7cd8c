package listen

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/social"
)

// Changes is what processing a batch writes.
type Changes struct {
	Insert, Update []Post
	Match, Unmatch []Match
	Tallies        []Tally
	Facets         []Facet
	TallyDays      []Tally // the same by day, and authors
	FacetDays      []Facet
	Readings       []Reading
	Tied           map[social.PlaceID][]int64 // what is tied to a place now; "" to none
}

// Tally is how much was published within an hour on a channel or for a
// monitor, and with which sentiment.
type Tally struct {
	Subject                            string
	Hour                               time.Time
	Count, Negative, Neutral, Positive int
}

// Facet is how much of an hour (or a day) had a language, an intent and so on.
type Facet struct {
	Subject                            string
	Hour                               time.Time
	Name                               string // "lang", "intent" …
	Value                              string
	Count, Negative, Neutral, Positive int
}

// state is a post with all that counts depend on.
type state struct {
	post    Post
	matches []Match
	reading *Reading
}

// process makes posts of the events of a run and tells that they were heard.
// It is all or nothing, and doing it again changes nothing.
func (s *Station) process(ctx context.Context, c Channel, run int64, events []*heard, again bool) error {
	var mentions []social.Mention
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.Lock(ctx); err != nil {
			return err
		}
		w, err := s.work(ctx, c, events, again)
		if err != nil {
			return err
		}
		if err := s.store.Write(ctx, w.Changes); err != nil {
			return err
		}
		if run != 0 {
			if err := s.store.DropRun(ctx, run); err != nil {
				return err
			}
		}
		if err := s.note(ctx, c.ID, w, events); err != nil {
			return err
		}
		mentions = s.mentions(w.changed, w.matches)
		s.store.After(ctx, func() { s.recent.Put(mentions) })
		if err := s.tellReports(ctx, c.ID, events); err != nil {
			return err
		}
		var said []social.Share
		for _, h := range events {
			said = append(said, h.shares...)
		}
		if err := s.shares.Take(ctx, c.ID, said, namesOf(w.Insert)); err != nil {
			return err
		}
		return s.tellHeard(ctx, w.changed)
	})
	return err
}

func namesOf(posts []Post) []string {
	out := make([]string, len(posts))
	for i, p := range posts {
		out[i] = p.ExternalID
	}
	return out
}

// heardAtOnce is how many activities one fact speaks of.
const heardAtOnce = 500

// tellReports tells what the events say about messages of ours.
func (s *Station) tellReports(ctx context.Context, c social.ChannelID, events []*heard) error {
	var all []social.Report
	for _, h := range events {
		all = append(all, h.told...)
	}
	for part := range slices.Chunk(all, heardAtOnce) {
		if err := s.store.Tell(ctx, social.Reported{Channel: c, Reports: part}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Station) tellHeard(ctx context.Context, posts []Post) error {
	for part := range slices.Chunk(posts, heardAtOnce) {
		ids := make([]social.ActivityID, len(part))
		for i, p := range part {
			ids[i] = p.ID
		}
		if err := s.store.Tell(ctx, social.Heard{Activities: ids}); err != nil {
			return err
		}
	}
	return nil
}

// work is a batch on its way from events to changes.
type work struct {
	Changes
	names   []string // external ids, in order
	stored  map[string]Post
	now     map[string]*Post
	hits    map[string][]social.MonitorID // of posts that are new and came once
	changed []Post                        // what looks different now
	matches map[int64][]Match             // of those
}

// work folds the events of a batch into what is stored.
func (s *Station) work(ctx context.Context, c Channel, events []*heard, again bool) (*work, error) {
	n := len(events)
	w := &work{names: make([]string, 0, n), now: make(map[string]*Post, n),
		hits: make(map[string][]social.MonitorID, n), matches: make(map[int64][]Match, n)}
	for _, h := range events {
		for _, p := range h.posts {
			if _, twice := w.hits[p.ExternalID]; !twice {
				w.hits[p.ExternalID] = nil
				w.names = append(w.names, p.ExternalID)
			}
		}
	}
	var err error
	if w.stored, err = s.store.Stored(ctx, c.ID, w.names); err != nil {
		return nil, err
	}
	before, err := s.states(ctx, w.stored)
	if err != nil {
		return nil, err
	}
	tuned := s.tuned.Load()
	for _, h := range events {
		for i, in := range h.posts {
			name := in.ExternalID
			old, met := w.now[name]
			if !met {
				if p, ok := w.stored[name]; ok {
					old = &p
				} else {
					w.hits[name] = h.match[i]
					if h.tuned != tuned { // a monitor came or went meanwhile
						delete(w.hits, name)
					}
				}
			}
			if met || old != nil {
				delete(w.hits, name)
			}
			p := fold(old, in, again)
			w.now[name] = &p
		}
	}
	s.compare(c, w, before)
	return w, nil
}

// states returns what counts depend on for posts that are stored.
func (s *Station) states(ctx context.Context, stored map[string]Post) (map[int64]state, error) {
	if len(stored) == 0 {
		return nil, nil
	}
	seqs := make([]int64, 0, len(stored))
	for _, p := range stored {
		seqs = append(seqs, p.Seq)
	}
	matches, err := s.store.Matches(ctx, seqs)
	if err != nil {
		return nil, err
	}
	readings, err := s.store.Readings(ctx, seqs)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]state, len(stored))
	for _, p := range stored {
		st := state{post: p, matches: matches[p.Seq]}
		if r, ok := readings[p.Seq]; ok {
			st.reading = &r
		}
		out[p.Seq] = st
	}
	return out, nil
}

// compare turns before and after into changes.
func (s *Station) compare(c Channel, w *work, before map[int64]state) {
	sums := sums{}
	var doc query.Doc
	next := s.seq.Block(len(w.names))
	for _, name := range w.names {
		p := w.now[name]
		old, had := w.stored[name]
		monitors, sole := w.hits[name]
		if !sole {
			monitors = s.matches(&doc, *p, c)
		}
		was := before[old.Seq]
		if !had {
			p.Seq, next = next, next+1
			p.ID = social.ActivityID(id.At(p.Received))
		}
		is := state{post: *p, reading: was.reading, matches: s.rematch(*p, was.matches, monitors)}
		add, drop := without(is.matches, was.matches), without(was.matches, is.matches)
		switch {
		case !had:
			w.Insert = append(w.Insert, *p)
		case old != *p:
			w.Update = append(w.Update, *p)
		case len(add) == 0 && len(drop) == 0:
			continue
		}
		w.Match, w.Unmatch = append(w.Match, add...), append(w.Unmatch, drop...)
		if had {
			sums.add(was, -1)
		}
		sums.add(is, +1)
		if had || p.Deleted.IsZero() { // nobody need be told of a tombstone without a past
			w.changed = append(w.changed, *p)
			w.matches[p.Seq] = is.matches
		}
	}
	sums.put(&w.Changes)
}

// rematch returns the matches of a post as it stands now. A paused monitor
// keeps what it had.
func (s *Station) rematch(p Post, was []Match, monitors []social.MonitorID) []Match {
	var out []Match
	for _, m := range monitors {
		past := false
		if i := slices.IndexFunc(was, func(o Match) bool { return o.Monitor == m }); i >= 0 {
			past = was[i].Past
		}
		out = append(out, Match{Seq: p.Seq, Monitor: m, Published: p.Published, Past: past})
	}
	for _, o := range was {
		if p.Visible() && s.monitor(o.Monitor).State == Paused && !slices.Contains(monitors, o.Monitor) {
			o.Published = p.Published
			out = append(out, o)
		}
	}
	return out
}

// without returns the matches of a that b has not.
func without(a, b []Match) []Match {
	var out []Match
	for _, m := range a {
		if !slices.Contains(b, m) {
			out = append(out, m)
		}
	}
	return out
}
