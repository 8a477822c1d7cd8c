package know

import (
	"context"
	"sync"
)

const (
	// senseWeight is how much meaning counts beside words; chosen on the pairs
	// of testdata.
	senseWeight = 0.35
	// mostSense is how much of a text is read for its meaning, in bytes.
	mostSense = 600
	// mostSenses is how many vectors are kept.
	mostSenses = 20_000
)

// senses are the vectors of what is filed: of an article's title and of an
// answer's question.
type senses struct {
	mu   sync.RWMutex
	made map[string][]float32
	wait []pending
	wake chan struct{}
}

type pending struct{ key, text, lang string }

func (s *senses) of(k string) []float32 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.made[k]
}

// note keeps entries for reading.
func (s *senses) note(entries []Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made == nil {
		s.made, s.wake = map[string][]float32{}, make(chan struct{}, 1)
	}
	for _, e := range entries {
		k := key(e.Kind, e.ID)
		delete(s.made, k)
		if !e.Gone && e.Head != "" && len(s.made)+len(s.wait) < mostSenses {
			s.wait = append(s.wait, pending{k, cut(e.Head, mostSense), e.Lang})
		}
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *senses) take(n int) []pending {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.wait[:min(n, len(s.wait))]
	s.wait = s.wait[len(out):]
	return out
}

// sensesAtOnce is how many texts are read at once, so that others get their
// turn at the processor.
const sensesAtOnce = 16

// Sense reads what waits to be read for its meaning, a little; it reports
// whether there was something.
func (l *Library) Sense() bool {
	some := l.senses.take(sensesAtOnce)
	var texts []string
	var keys []string
	for _, p := range some {
		if l.Senses != nil && l.Senses.Speaks(p.lang) {
			texts, keys = append(texts, p.text), append(keys, p.key)
		}
	}
	if len(texts) > 0 {
		vectors := l.Senses.Vectors(texts)
		l.senses.mu.Lock()
		for i, v := range vectors {
			if v != nil {
				l.senses.made[keys[i]] = v
			}
		}
		l.senses.mu.Unlock()
	}
	return len(some) > 0
}

// Work fills the index, and reads for meaning when there is time, until ctx
// ends.
func (l *Library) Work(ctx context.Context) {
	if err := l.fresh(ctx); err != nil && ctx.Err() == nil {
		l.log().Warn("the index of what is known could not be filled", "error", err)
	}
	if l.Senses == nil {
		return
	}
	l.senses.note(nil)
	for ctx.Err() == nil {
		if l.Sense() {
			continue
		}
		select {
		case <-l.senses.wake:
		case <-ctx.Done():
		}
	}
}

func dot(a, b []float32) float64 {
	var sum float32
	for i := range a {
		sum += a[i] * b[i]
	}
	return float64(sum)
}
