// Package clock lets time come in from outside, so that tests and the demo
// can say what time it is.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time, always in UTC.
type Clock interface{ Now() time.Time }

// System is the machine's clock.
type System struct{}

// Now is the present time in UTC, cut to microseconds so that both databases keep
// it whole.
func (System) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Set is a clock that stands still until it is moved. It is safe for
// concurrent use.
type Set struct {
	mu  sync.Mutex
	now time.Time
}

// NewSet returns a clock that stands at t.
func NewSet(t time.Time) *Set { return &Set{now: t.UTC()} }

// Now returns where the clock stands.
func (c *Set) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move sets the clock to t.
func (c *Set) Move(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t.UTC()
}

// Add moves the clock on by d.
func (c *Set) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
