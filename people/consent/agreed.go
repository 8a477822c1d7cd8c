package consent

import (
	"slices"
	"time"
)

// Agreed lists for which purposes lines, as they stand now, hold a yes, and
// when the first of them ends; the zero time if none does. A STOP outweighs
// every earlier yes of the same account on its channel.
func Agreed(lines []Line, now time.Time) (purposes []string, ends time.Time) {
	for _, x := range lines {
		if x.Purpose == All || x.State != Granted || !x.Expires.IsZero() && !x.Expires.After(now) {
			continue
		}
		stopped := slices.ContainsFunc(lines, func(s Line) bool {
			return s.Purpose == All && s.State == Withdrawn && s.Identity == x.Identity && (s.Channel == "" || s.Channel == x.Channel) && !s.At.Before(x.At)
		})
		if stopped {
			continue
		}
		if !slices.Contains(purposes, x.Purpose) {
			purposes = append(purposes, x.Purpose)
		}
		if !x.Expires.IsZero() && (ends.IsZero() || x.Expires.Before(ends)) {
			ends = x.Expires
		}
	}
	slices.Sort(purposes)
	return purposes, ends
}
