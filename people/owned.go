package people

import (
	"context"
	"time"

	"github.com/parley-crm/parley/social"
)

// Owned knows moments that belong to the person rather than to an account:
// orders, goals, notes.
type Owned interface {
	// Moments returns at most limit moments of a person, by all ids that they
	// had, before a point (time, then id), newest first.
	Moments(ctx context.Context, persons []string, before time.Time, beforeID string, limit int) ([]Moment, error)
}

// Same lists the ids that were joined into a person.
type Same interface {
	Same(ctx context.Context, who social.PersonID) ([]string, error)
}
