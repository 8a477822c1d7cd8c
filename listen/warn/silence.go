package warn

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/baseline"
	"github.com/parley-crm/parley/social"
)

// hushes are the stretches in which silence is looked for, the shortest first.
var hushes = []time.Duration{3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour}

const (
	// hushEvery is how often silence is looked for; it comes slowly.
	hushEvery = 10 * time.Minute
	// settle is how long after a start nothing is called silent: what was
	// said meanwhile is on its way.
	settle = 30 * time.Minute
	// hushUsual is how many posts a stretch must usually have: below that
	// silence is ordinary.
	hushUsual = 30.0
	// hushShare is the most of the usual that is far too little.
	hushShare = 0.2
	// hushDays is how many days a volume must have been steady: at these hours
	// each of them had more than twice as much.
	hushDays = 14
	// hushPosts is how many of the last posts before are shown.
	hushPosts = 10
)

// scarce is how improbable silence must be, as -log10.
var scarce = map[Level]float64{Low: 4, Normal: 3, High: 2.5}

// silences looks for monitors about which far too little is said, now and then.
func (w *Watch) silences(ctx context.Context) error {
	now := w.Clock.Now()
	if now.Sub(w.opened) < settle || now.Sub(w.hushed) < hushEvery {
		return nil
	}
	var ask []Subject
	for _, m := range w.Hearing.MonitorsSeen(ctx) {
		s := Subject{Monitor: m.ID, Programme: m.Programme}
		if r := w.RuleOf(s); m.State == listen.Active && m.Past.Step == "" && r.Silence && r.Level != Off && now.Sub(m.Updated) >= hushes[len(hushes)-1] {
			ask = append(ask, s)
		}
	}
	for part := range slices.Chunk(ask, 500) {
		fallen, err := w.fallen(ctx, part, now)
		if err != nil {
			return err
		}
		for _, s := range fallen {
			if err := w.silence(ctx, s, now); err != nil {
				return err
			}
		}
	}
	w.hushed = now
	return nil
}

// fallen chooses those about which much less is said than a week ago: the
// others need no closer look.
func (w *Watch) fallen(ctx context.Context, all []Subject, now time.Time) ([]Subject, error) {
	keys := make([]string, len(all))
	for i, s := range all {
		keys[i] = s.Key()
	}
	hour, longest := now.Truncate(time.Hour), hushes[len(hushes)-1]
	const ago = 7 * 24 * time.Hour
	is, err := w.Store.Tallies(ctx, keys, hour.Add(-longest), now.Add(early))
	if err != nil {
		return nil, err
	}
	was, err := w.Store.Tallies(ctx, keys, hour.Add(-longest-ago), hour.Add(-ago))
	if err != nil {
		return nil, err
	}
	var out []Subject
	for _, s := range all {
		if slices.ContainsFunc(hushes, func(d time.Duration) bool {
			n, before := since(is, s.Key(), hour.Add(-d)), since(was, s.Key(), hour.Add(-d-ago))
			return float64(before) >= hushUsual/2 && float64(n) <= 2*hushShare*float64(before)
		}) {
			out = append(out, s)
		}
	}
	return out, nil
}

func since(all []listen.Tally, subject string, from time.Time) (n int) {
	for _, t := range all {
		if t.Subject == subject && !t.Hour.Before(from) {
			n += t.Count
		}
	}
	return n
}

// silence judges one monitor.
func (w *Watch) silence(ctx context.Context, s Subject, now time.Time) error {
	usual, err := w.learn(ctx, s, now.Truncate(time.Hour).Add(-hushes[len(hushes)-1])) // without the silence itself
	if err != nil || usual.Until.Sub(usual.Since) < (hushDays+1)*24*time.Hour {
		return err
	}
	f, least, err := w.hush(ctx, s, now, usual)
	if err != nil || !f.Hush {
		return err
	}
	w.mu.Lock()
	last, had := w.latest[s.Key()]
	w.mu.Unlock()
	quiet := now.Sub(last.Last)
	switch {
	case had && !last.Hush && last.stands() && quiet < apart:
		return nil // there is an incident under way
	case had && last.Hush && (last.stands() || quiet < hushes[len(hushes)-1]):
		last.Last = now
		if last.stands() {
			last.Finding = f
		}
		return w.Store.InTx(ctx, func(ctx context.Context) error {
			if err := w.Store.SaveFigures(ctx, last); err != nil {
				return err
			}
			return w.kept(ctx, last, "", nil)
		})
	}
	lines, err := w.lines(ctx, s, now.AddDate(0, 0, -7), now.Add(early), 500)
	if err != nil {
		return err
	}
	because := fmt.Sprintf("on each of the last %d days there were %d or more at these hours", hushDays, least)
	if why := w.troubles(lines); why != "" {
		because += "; " + why
	}
	return w.raise(ctx, s, w.RuleOf(s), f, lines[:min(len(lines), hushPosts)], because)
}

// hush weighs the stretches: the shortest that is far too quiet counts. least
// is what the quietest of the days before had at the same hours.
func (w *Watch) hush(ctx context.Context, s Subject, now time.Time, usual *baseline.Baseline) (Finding, int, error) {
	hour, longest := now.Truncate(time.Hour), hushes[len(hushes)-1]
	all, err := w.Store.Tallies(ctx, []string{s.Key()}, hour.Add(-longest-hushDays*24*time.Hour), now.Add(early))
	if err != nil {
		return Finding{}, 0, err
	}
	rule := w.RuleOf(s)
	for _, d := range hushes {
		from := hour.Add(-d)
		f := Finding{Span: d, Count: since(all, s.Key(), from), Usual: usual.Between(from, hour), Sour: usual.Negative}
		least := -1
		for i := range hushDays {
			back := time.Duration(i+1) * 24 * time.Hour
			n := 0
			for _, t := range all {
				if !t.Hour.Before(from.Add(-back)) && t.Hour.Before(hour.Add(-back)) {
					n += t.Count
				}
			}
			if least < 0 || n < least {
				least = n
			}
		}
		needed := scarce[rule.Level] + 0.5*float64(rule.Taught)
		rare := usual.Scarce(f.Count, f.Usual)
		if f.Usual >= hushUsual && float64(f.Count) <= hushShare*f.Usual && 2*f.Count < least && rare >= needed {
			f.Hush, f.Rare, f.Score = true, rare, likely(rare, needed)
			return f, least, nil
		}
	}
	return Finding{}, 0, nil
}

// troubles names the channels on which a monitor's posts stood and that do not
// listen now: they may be why it is silent.
func (w *Watch) troubles(lines []listen.Line) string {
	var out []string
	seen := map[social.ChannelID]bool{}
	for _, l := range lines {
		if seen[l.Channel] {
			continue
		}
		seen[l.Channel] = true
		c, ok := w.Hearing.ChannelInfo(l.Channel)
		switch {
		case !ok || c.State == listen.Removed:
			out = append(out, "a channel on which much of it stood was removed")
		case c.State == listen.Paused:
			out = append(out, "the channel “"+c.Name+"” is paused, which may be why")
		case c.Health.State == listen.Trouble:
			out = append(out, "the channel “"+c.Name+"” has trouble, which may be why")
		}
	}
	return strings.Join(out[:min(len(out), 3)], "; ")
}
