package retain

import (
	"context"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

// ruleless is a store without a rule and without a run.
type ruleless struct{ Store }

func (ruleless) InTx(ctx context.Context, f func(context.Context) error) error { return f(ctx) }
func (ruleless) Rules(context.Context) ([]Rule, error)                         { return nil, nil }
func (ruleless) Last(context.Context, bool) (Run, error) {
	return Run{}, social.Errorf(social.NotFound, "No run yet.")
}

// TestNothingToDoIsNotTriedForEver: a night without a rule that is on leaves
// whoever waits for work asleep; woken by its own try it would never rest.
func TestNothingToDoIsNotTriedForEver(t *testing.T) {
	o := &Office{Store: ruleless{}, Clock: clock.NewSet(time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC))}
	if err := o.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {
	case <-o.waker():
		t.Fatal("it would try again at once")
	default:
	}
}
