package demo

import "time"

// govern lets policies be agreed to and get new wordings, and programmes grow.
func (w *writer) govern() {
	s := w.script
	begin := s.To.AddDate(0, 0, -Days)
	day := func(n int, h float64) time.Time {
		return begin.Add(time.Duration(float64(n)*24*float64(time.Hour)) + time.Duration(h*float64(time.Hour)))
	}
	for _, p := range s.Policies {
		w.agree(p, s.From.Add(time.Minute), 20*time.Minute)
	}
	w.hush = append(w.hush, [2]time.Time{s.From, s.From.Add(22 * time.Minute)})
	revise := func(at time.Time, by, policy string, n int, within time.Duration) {
		for _, p := range s.Policies {
			if p.Name == policy {
				w.act(Act{At: at, Do: Revise, Of: policy, By: by, Level: n})
				w.agree(p, at.Add(time.Second), within)
				w.hush = append(w.hush, [2]time.Time{at, at.Add(within + 2*time.Second)})
			}
		}
	}
	revise(day(33, 8), "ines.duarte", tone, 2, 4*time.Minute)
	revise(day(71, 9), "priya.raman", wording, 2, 4*time.Minute)
	revise(w.since(.04), "priya.raman", wording, 3, w.scaled(6*time.Minute))
	for _, g := range []struct {
		n     int
		name  string
		level int
	}{{12, kettles, 4}, {20, ideas, 5}, {41, coffee, 4}, {52, advocates, 5}, {60, portland, 3}, {77, europe, 2}} {
		w.act(Act{At: day(g.n, 10), Do: Grow, Of: g.name, By: "maya", Level: g.level})
	}
}

// agree lets those for whom a policy holds acknowledge it within a time; the
// people of the desk first, since they can't speak before.
func (w *writer) agree(p Policy, from time.Time, within time.Duration) {
	n := len(w.script.Members)
	for i, m := range w.script.Members {
		if m.Away || m.Slack || (p.Programme != "" && !belongs(m, p.Programme)) {
			continue
		}
		w.put(Act{At: from.Add(within * time.Duration(i+1) / time.Duration(n)), Do: Acknowledge, Of: p.Name, By: m.Key})
	}
}

func belongs(m Member, programme string) bool {
	for _, p := range m.Programmes {
		if p == programme {
			return true
		}
	}
	return false
}
