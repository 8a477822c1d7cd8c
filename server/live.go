package server

import (
	"context"
	"sort"
	"sync"
	"time"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

const (
	liveID        = "live"
	ringSize      = 2048             // how many facts are kept in memory for streams
	presenceLife  = 30 * time.Second // without another ping, somebody has left
	presenceSweep = 5 * time.Second
)

// live reads the outbox once for all streams and keeps the newest facts, in
// their order and without a gap, so that streams which are up to date don't
// ask the database.
type live struct {
	s *Server

	mu       sync.Mutex
	ring     []store.Fact
	base     int64 // everything after base and up to head is in the ring
	head     int64
	started  bool
	wake     chan struct{} // closed when there is more
	ended    chan struct{} // closed when nothing comes any more: streams end, so that a shutdown need not wait for them
	streams  map[social.MemberID]int
	left     map[social.MemberID]time.Time // when the last stream of somebody ended
	presence map[social.ConversationID]map[social.MemberID]*viewer
	listen   map[*stream]struct{}
}

// viewer is somebody who has a conversation open.
type viewer struct {
	Name   string
	Typing bool
	Until  time.Time
}

func newLive(s *Server) *live {
	l := &live{s: s, wake: make(chan struct{}), ended: make(chan struct{}), streams: map[social.MemberID]int{}, left: map[social.MemberID]time.Time{},
		presence: map[social.ConversationID]map[social.MemberID]*viewer{}, listen: map[*stream]struct{}{}}
	l.register()
	return l
}

// Run feeds the live streams until ctx ends, and ends them. Without it nothing
// arrives. It is called once.
func (s *Server) Run(ctx context.Context) error {
	if s.live == nil {
		<-ctx.Done()
		return nil
	}
	return s.live.run(ctx)
}

func (l *live) run(ctx context.Context) error {
	defer close(l.ended)
	sweep := time.NewTicker(presenceSweep)
	defer sweep.Stop()
	poll := time.NewTicker(time.Second) // another process may have written
	defer poll.Stop()
	for ctx.Err() == nil {
		woken := l.s.DB.Woken()
		more, err := l.pull(ctx)
		if err != nil && ctx.Err() == nil {
			l.s.Log.Warn("live updates wait for the database", "error", err)
		}
		if more {
			continue
		}
		select {
		case <-woken:
		case <-poll.C:
		case <-sweep.C:
			l.leave()
		case <-ctx.Done():
		}
	}
	return nil
}

// pull reads what is new into the ring and wakes the streams.
func (l *live) pull(ctx context.Context) (more bool, err error) {
	l.mu.Lock()
	started, head := l.started, l.head
	l.mu.Unlock()
	if !started {
		if head, err = l.s.DB.Head(ctx); err != nil {
			return false, err
		}
		l.mu.Lock()
		l.base, l.head, l.started = head, head, true
		l.ring = l.ring[:0]
		l.mu.Unlock()
	}
	const batch = 256
	facts, err := l.s.DB.Facts(ctx, head, batch)
	if err != nil || len(facts) == 0 {
		return false, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ring = append(l.ring, facts...)
	l.head = facts[len(facts)-1].Pos
	if over := len(l.ring) - ringSize; over > 0 {
		l.base = l.ring[over-1].Pos
		l.ring = append(l.ring[:0], l.ring[over:]...)
	}
	close(l.wake)
	l.wake = make(chan struct{})
	return len(facts) == batch, nil
}

// after returns facts after a position and what to wait on when there are
// none. Take it before looking, so that nothing falls in between.
func (l *live) after(ctx context.Context, pos int64, limit int) ([]store.Fact, <-chan struct{}, error) {
	l.mu.Lock()
	wake := l.wake
	if l.started && pos >= l.base {
		i := sort.Search(len(l.ring), func(i int) bool { return l.ring[i].Pos > pos })
		facts := append([]store.Fact(nil), l.ring[i:min(len(l.ring), i+limit)]...)
		l.mu.Unlock()
		return facts, wake, nil
	}
	l.mu.Unlock()
	facts, err := l.s.DB.Facts(ctx, pos, limit)
	return facts, wake, err
}

// begin checks where a stream may start: at the head, or after a position
// that is still kept. reset says that facts in between are gone.
func (l *live) begin(ctx context.Context, after int64, given bool) (pos int64, reset bool, err error) {
	head, err := l.s.DB.Head(ctx)
	if err != nil || !given {
		return head, false, err
	}
	tail, err := l.s.DB.Tail(ctx)
	if err != nil {
		return 0, false, err
	}
	if after > head || after < tail-1 {
		return head, true, nil
	}
	return after, false, nil
}

// enter counts a stream of a member in, if there is room.
func (l *live) enter(m social.MemberID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.streams[m] >= l.s.limits.Streams {
		return false
	}
	l.streams[m]++
	return true
}

func (l *live) exit(m social.MemberID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.streams[m]--; l.streams[m] <= 0 {
		delete(l.streams, m)
		l.left[m] = l.s.Clock.Now()
	}
}

// stays is how long somebody still counts as here after their last stream
// ended: a page that is loaded again, or a phone between two towers.
const stays = time.Minute

// Here says whether a member has Parley open in this process.
func (s *Server) Here(m social.MemberID) bool {
	l := s.live
	if l == nil {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.streams[m] > 0 {
		return true
	}
	at, ok := l.left[m]
	if ok && s.Clock.Now().Sub(at) >= stays {
		delete(l.left, m)
		ok = false
	}
	return ok
}
