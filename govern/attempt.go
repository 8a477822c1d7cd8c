package govern

import (
	"context"
	"time"

	"github.com/parley-crm/parley/social"
)

// Wrong passwords slow down whoever tries: soon for one address at one
// account, late and mildly for the account as a whole, so that nobody can
// lock somebody else out for long.
const (
	freeHere   = 5
	mostHere   = 15 * time.Minute
	freeEver   = 100
	mostEver   = time.Minute
	forgetHere = 24 * time.Hour
)

type attemptKey struct {
	key  string
	free int
	most time.Duration
}

func attemptKeys(folded, ip string) []attemptKey {
	return []attemptKey{
		{digest("here\x1f" + folded + "\x1f" + ip), freeHere, mostHere},
		{digest("ever\x1f" + folded), freeEver, mostEver},
	}
}

// mayTry refuses while somebody has to wait.
func (o *Office) mayTry(ctx context.Context, folded, ip string) error {
	now := o.clock.Now()
	for _, k := range attemptKeys(folded, ip) {
		_, _, blocked, err := o.store.Attempt(ctx, k.key)
		if err != nil {
			return err
		}
		if wait := blocked.Sub(now); wait > 0 {
			return &Wait{For: wait}
		}
	}
	return nil
}

// missed counts a wrong password.
func (o *Office) missed(ctx context.Context, folded, ip string) error {
	return o.store.InTx(ctx, func(ctx context.Context) error {
		now := o.clock.Now()
		for _, k := range attemptKeys(folded, ip) {
			failed, last, _, err := o.store.Attempt(ctx, k.key)
			if err != nil {
				return err
			}
			if since(now, last) > forgetHere {
				failed = 0
			}
			failed++
			var blocked time.Time
			if over := failed - k.free; over >= 0 {
				blocked = now.Add(min(time.Second<<min(over, 20), k.most))
			}
			if err := o.store.SetAttempt(ctx, k.key, failed, now, blocked); err != nil {
				return err
			}
		}
		return nil
	})
}

// forget clears the count of this address at this account.
func (o *Office) forget(ctx context.Context, folded, ip string) error {
	return o.store.DropAttempt(ctx, attemptKeys(folded, ip)[0].key)
}

// Wait is the error of somebody who tried too often.
type Wait struct{ For time.Duration }

// Error says how long.
func (w *Wait) Error() string {
	return "There were too many wrong passwords. Wait " + inWords(w.For) + " and try again."
}

// RetryAfter says it to machines.
func (w *Wait) RetryAfter() time.Duration { return w.For }

// As lets a Wait be seen as the kind of error that it is.
func (w *Wait) As(target any) bool {
	e, ok := target.(**social.Error)
	if ok {
		*e = &social.Error{Kind: social.Busy, Text: w.Error()}
	}
	return ok
}

func inWords(d time.Duration) string {
	switch s := int(d.Round(time.Second).Seconds()); {
	case s <= 1:
		return "a second"
	case s < 100:
		return itoa(s) + " seconds"
	default:
		return itoa((s+59)/60) + " minutes"
	}
}
