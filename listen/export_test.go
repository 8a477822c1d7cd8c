package listen

import (
	"context"
	"time"
)

// OnWait lets a test stand in for the time that a channel waits.
func (s *Station) OnWait(f func(ctx context.Context, d time.Duration, wake <-chan struct{}) error) {
	s.wait = func(ctx context.Context, d time.Duration, wake <-chan struct{}) error {
		if wake != s.past && wake != s.swept && wake != s.aged {
			return f(ctx, d, wake)
		}
		select {
		case <-wake:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
