package listen

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// Day is what one UTC day brought on one channel: what arrived, and how what
// was published then and kept sounds.
type Day struct {
	Day     time.Time
	Channel social.ChannelID
	Count
	Negative, Neutral, Positive int
}

// Days returns the days from one to before another, oldest first, within what
// the actor may see. It reads rollups only.
func (s *Station) Days(ctx context.Context, from, to time.Time) ([]Day, error) {
	hours, err := s.Hours(ctx, from, to)
	if err != nil {
		return nil, err
	}
	tallies, err := s.store.Tallies(ctx, s.subjects(ctx, ""), from, to)
	if err != nil {
		return nil, err
	}
	type key struct {
		day     int64
		channel social.ChannelID
	}
	at := map[key]int{}
	var out []Day
	find := func(hour time.Time, c social.ChannelID) *Day {
		day := hour.Truncate(24 * time.Hour)
		k := key{day.UnixMicro(), c}
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(out, Day{Day: day, Channel: c})
		}
		return &out[i]
	}
	for _, h := range hours {
		find(h.Hour, h.Channel).add(h.Count)
	}
	for _, t := range tallies {
		d := find(t.Hour, social.ChannelID(t.Subject))
		d.Negative += t.Negative
		d.Neutral += t.Neutral
		d.Positive += t.Positive
	}
	slices.SortStableFunc(out, func(a, b Day) int {
		return cmp.Or(a.Day.Compare(b.Day), strings.Compare(string(a.Channel), string(b.Channel)))
	})
	return out, nil
}
