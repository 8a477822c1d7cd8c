package know

import (
	"context"
	"time"
)

// Number is what a UTC day brought, of the whole help page ("") or an article.
type Number struct {
	Day                                                                 time.Time
	Article                                                             ArticleID
	Visits, Searched, Read, Solved, Unsolved, Asked, Inserted, Resolved int64
}

// Counting keeps the rollups.
type Counting interface {
	// Count adds to a day.
	Count(ctx context.Context, n Number) error
}

func dayOf(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }
