package publish

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/social"
)

// Slot is a time of the week at which a channel publishes.
type Slot struct {
	Day    time.Weekday `json:"day"`    // 0 is Sunday
	Minute int          `json:"minute"` // of the day, by the clock of the queue's zone
}

// Queue is when a channel publishes.
type Queue struct {
	Channel social.ChannelID
	Zone    string // IANA, such as Europe/Vienna
	Slots   []Slot // in their order
}

// Planning keeps queues and what is read of networks afterwards.
type Planning interface {
	Queues(ctx context.Context) ([]Queue, error)
	SaveQueue(ctx context.Context, q Queue) error
	// Taken lists when posts of a channel leave.
	Taken(ctx context.Context, c social.ChannelID, from, to time.Time) ([]time.Time, error)
}

// Queues lists the queues of the channels in scope.
func (p *Press) Queues(ctx context.Context) ([]Queue, error) {
	outlets, err := p.Channels.Outlets(ctx)
	if err != nil {
		return nil, err
	}
	all, err := p.Store.Queues(ctx)
	return slices.DeleteFunc(all, func(q Queue) bool {
		return !slices.ContainsFunc(outlets, func(o Outlet) bool { return o.ID == q.Channel })
	}), err
}

// SetQueue says when a channel publishes.
func (p *Press) SetQueue(ctx context.Context, q Queue) error {
	if _, err := time.LoadLocation(q.Zone); err != nil || q.Zone == "" || q.Zone == "Local" {
		return invalid("zone", "This time zone is not known. Use one such as Europe/Vienna.")
	}
	slices.SortFunc(q.Slots, func(a, b Slot) int { return (int(a.Day)*1440 + a.Minute) - (int(b.Day)*1440 + b.Minute) })
	q.Slots = slices.Compact(q.Slots)
	if len(q.Slots) > 168 {
		return invalid("slots", "A week has at most 168 slots.")
	}
	for _, s := range q.Slots {
		if s.Day < 0 || s.Day > 6 || s.Minute < 0 || s.Minute >= 1440 {
			return invalid("slots", "A slot is a weekday from 0 to 6 and a minute of its day.")
		}
	}
	outlets, err := p.Channels.Outlets(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(outlets, func(o Outlet) bool { return o.ID == q.Channel }) {
		return social.Errorf(social.NotFound, "There is no such channel on which one can publish.")
	}
	return p.Store.InTx(ctx, func(ctx context.Context) error {
		if err := p.Store.SaveQueue(ctx, q); err != nil {
			return err
		}
		return p.Store.Record(ctx, social.Entry{Verb: "update", Object: "queue", ID: string(q.Channel), Detail: map[string]any{"slots": len(q.Slots), "zone": q.Zone}})
	})
}

// horizon is how far ahead a free slot is looked for.
const horizon = 90

// Free is the next slot of a queue after a time that nothing takes yet; ok is
// false when there is none within ninety days.
func (q Queue) Free(after time.Time, taken []time.Time) (at time.Time, ok bool) {
	zone, err := time.LoadLocation(q.Zone)
	if err != nil || len(q.Slots) == 0 {
		return at, false
	}
	local := after.In(zone)
	for d := range horizon {
		day := time.Date(local.Year(), local.Month(), local.Day()+d, 12, 0, 0, 0, zone)
		for _, s := range q.Slots {
			if s.Day != day.Weekday() {
				continue
			}
			t := time.Date(day.Year(), day.Month(), day.Day(), s.Minute/60, s.Minute%60, 0, 0, zone)
			if t.After(after) && !slices.ContainsFunc(taken, func(o time.Time) bool { return o.Sub(t).Abs() < time.Minute }) {
				return t.UTC(), true
			}
		}
	}
	return at, false
}

// NextFree is the next free slot of a channel's queue.
func (p *Press) NextFree(ctx context.Context, c social.ChannelID) (time.Time, error) {
	all, err := p.Queues(ctx)
	if err != nil {
		return time.Time{}, err
	}
	i := slices.IndexFunc(all, func(q Queue) bool { return q.Channel == c })
	if i < 0 || len(all[i].Slots) == 0 {
		return time.Time{}, social.Errorf(social.NotFound, "This channel has no slots yet. Set them under Publish, Queues.")
	}
	now := p.now().Add(time.Minute)
	taken, err := p.Store.Taken(ctx, c, now, now.AddDate(0, 0, horizon))
	if err != nil {
		return time.Time{}, err
	}
	at, ok := all[i].Free(now, taken)
	if !ok {
		return at, social.Errorf(social.NotFound, "Every slot of the next ninety days is taken.")
	}
	return at, nil
}

// Enqueue gives each post the next free slot of its channel.
func (p *Press) Enqueue(ctx context.Context, cid ContentID, ids []PostID) (Content, error) {
	c, err := p.Store.Content(ctx, cid)
	if err != nil {
		return c, err
	}
	posts, err := pick(&c, ids)
	if err != nil {
		return c, err
	}
	for _, x := range posts {
		if x.State.Gone() {
			continue
		}
		at, err := p.NextFree(ctx, x.Channel)
		if err != nil {
			return c, err
		}
		if c, err = p.Schedule(ctx, cid, at, []PostID{x.ID}); err != nil {
			return c, err
		}
	}
	return c, nil
}

// Echo counts, by hour, what came back on a channel: answers, mentions,
// messages to us.
type Echo struct {
	Hour time.Time
	N    int
}

// Best is an hour of the week at which more comes back than at others.
type Best struct {
	Day   time.Weekday
	Hour  int
	N     int     // in that hour of all the weeks
	Share float64 // of all that came back
}

// BestTimes finds up to five hours of the week at which most came back, in a
// zone, and how many things that rests on. It does not say why they came then.
func BestTimes(all []Echo, zone *time.Location) (best []Best, n int) {
	var cells [7][24]int
	for _, e := range all {
		t := e.Hour.In(zone)
		cells[t.Weekday()][t.Hour()] += e.N
		n += e.N
	}
	for d := range cells {
		for h, k := range cells[d] {
			if k > 0 {
				best = append(best, Best{Day: time.Weekday(d), Hour: h, N: k, Share: float64(k) / float64(n)})
			}
		}
	}
	slices.SortStableFunc(best, func(a, b Best) int { return b.N - a.N })
	return best[:min(5, len(best))], n
}
