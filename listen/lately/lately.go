// Package lately remembers what was heard last, so that whoever asks right
// after need not read it from the database, and numbers what is heard.
package lately

import (
	"sync"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

// most is how many mentions are remembered for those who ask for them
// right after they were heard.
const most = 4096

// Mentions remembers the newest mentions, so that the rooms that are told of
// them need not read them from the database.
type Mentions struct {
	mu   sync.Mutex
	byID map[social.ActivityID]social.Mention
	ring []social.ActivityID
	next int
}

// Put remembers mentions.
func (r *Mentions) Put(mentions []social.Mention) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byID == nil {
		r.byID = make(map[social.ActivityID]social.Mention, most)
		r.ring = make([]social.ActivityID, most)
	}
	for _, m := range mentions {
		if _, ok := r.byID[m.Activity.ID]; !ok {
			delete(r.byID, r.ring[r.next])
			r.ring[r.next] = m.Activity.ID
			r.next = (r.next + 1) % most
		}
		r.byID[m.Activity.ID] = m
	}
}

// Get returns those of the ids that are remembered.
func (r *Mentions) Get(ids []social.ActivityID) map[social.ActivityID]social.Mention {
	out := make(map[social.ActivityID]social.Mention, len(ids))
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range ids {
		if m, ok := r.byID[id]; ok {
			out[id] = m
		}
	}
	return out
}

// Clear forgets everything, when what a monitor says has changed.
func (r *Mentions) Clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byID, r.ring, r.next = nil, nil, 0
}

// Sequence numbers what is kept: the time in microseconds, counted on where
// several fall into one, so that numbers only grow and sort by arrival.
type Sequence struct {
	Clock clock.Clock

	mu   sync.Mutex
	last int64
}

// Block reserves n numbers and returns the first.
func (q *Sequence) Block(n int) int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	first := max(q.last+1, q.Clock.Now().UnixMicro())
	q.last = first + int64(n) - 1
	return first
}

// Since makes the numbers go on after one that was given before.
func (q *Sequence) Since(last int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.last = max(q.last, last)
}
