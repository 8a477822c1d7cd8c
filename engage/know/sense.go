package know

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/parley-crm/parley/kit/mark"
	"github.com/parley-crm/parley/kit/word"
	"github.com/parley-crm/parley/social"
)

// What was chosen on the pairs of testdata.
const (
	// senseWeight is how much meaning counts beside words.
	senseWeight = 0.5
	// senseLeast is how near the meaning must be where no words are shared.
	senseLeast = 0.62
	// senseMost is how many are proposed by meaning alone.
	senseMost = 3
)

const (
	mostSense  = 600    // bytes of a text that are read
	mostParts  = 8      // of an article's paragraphs
	leastPart  = 16     // bytes of a paragraph that says something
	mostSenses = 60_000 // vectors that are kept; what comes later is found by words alone
)

// sense is what the parts of something known mean.
type sense struct {
	key     string
	vectors [][]float32
}

// senses are the vectors of what is filed, by language.
type senses struct {
	mu   sync.RWMutex
	made map[string]map[string]*sense // language, key
	n    int
	wait []pending
	wake chan struct{}
}

type pending struct {
	key, lang string
	texts     []string
}

// note keeps entries to be read.
func (s *senses) note(entries []Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made == nil {
		s.made, s.wake = map[string]map[string]*sense{}, make(chan struct{}, 1)
	}
	for _, e := range entries {
		k := key(e.Kind, e.ID)
		for _, of := range s.made {
			if old := of[k]; old != nil {
				s.n -= len(old.vectors)
				delete(of, k)
			}
		}
		s.wait = slices.DeleteFunc(s.wait, func(p pending) bool { return p.key == k })
		if e.Gone {
			continue
		}
		p := pending{k, word.Primary(e.Lang), []string{cut(e.Head, mostSense)}}
		if e.Kind == KindArticle {
			for part := range strings.SplitSeq(mark.Text(e.Text), "\n") {
				if part = strings.TrimSpace(part); len(part) >= leastPart && len(p.texts) <= mostParts {
					p.texts = append(p.texts, cut(part, mostSense))
				}
			}
		}
		s.wait = append(s.wait, p)
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *senses) take() (p pending, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.wait) == 0 {
		return p, false
	}
	p, s.wait = s.wait[0], s.wait[1:]
	return p, s.n < mostSenses
}

// Sense reads the next that waits for its meaning; it reports whether there
// was one.
func (l *Library) Sense() bool {
	p, ok := l.senses.take()
	if !ok {
		return false
	}
	if !l.Senses.Speaks(p.lang) {
		return true
	}
	made := &sense{key: p.key}
	for _, v := range l.Senses.Vectors(p.texts) {
		if v != nil {
			made.vectors = append(made.vectors, v)
		}
	}
	s := &l.senses
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(s.wait, func(x pending) bool { return x.key == p.key }) {
		return true // it changed meanwhile
	}
	if s.made[p.lang] == nil {
		s.made[p.lang] = map[string]*sense{}
	}
	s.made[p.lang][p.key] = made
	s.n += len(made.vectors)
	return true
}

// Work fills the index, and reads for meaning, one text after the other, until
// ctx ends.
func (l *Library) Work(ctx context.Context) {
	if l.Senses != nil {
		l.senses.note(nil)
	}
	if err := l.fresh(ctx); err != nil && ctx.Err() == nil {
		l.log().Warn("the index of what is known could not be filled", "error", err)
	}
	if l.Senses == nil {
		return
	}
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

// near says how near each of a language is to a vector.
func (s *senses) near(lang string, v []float32) map[string]float64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make(map[string]float64, len(s.made[lang]))
	for k, x := range s.made[lang] {
		best := float32(-1)
		for _, y := range x.vectors {
			best = max(best, dot(v, y))
		}
		out[k] = float64(best)
	}
	return out
}

func dot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	b = b[:len(a)]
	for i := 0; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	return s0 + s1 + s2 + s3
}

// blend puts hits in the order that words and meaning give together, and adds
// what means nearly the same in other words.
func (l *Library) blend(ctx context.Context, hits []Hit, text, lang string, suits func(e *Entry) bool) []Hit {
	lang = word.Primary(lang)
	if l.Senses == nil || !l.Senses.Speaks(lang) {
		return hits
	}
	asked := l.Senses.Vectors([]string{cut(strings.TrimSpace(text), mostSense)})[0]
	if asked == nil {
		return hits
	}
	near := l.senses.near(lang, asked)
	had := map[string]bool{}
	top := 1.0
	for i := range hits {
		top = max(top, hits[i].Score)
		k := key(hits[i].Kind, hits[i].ID)
		had[k] = true
		hits[i].Sense = near[k]
	}
	var more []string
	for k, s := range near {
		if s >= senseLeast && !had[k] {
			more = append(more, k)
		}
	}
	slices.SortFunc(more, func(a, b string) int { return cmp.Or(cmp.Compare(near[b], near[a]), strings.Compare(a, b)) })
	may := sees(social.ScopeOf(ctx))
	for i, h := range l.index.suits(lang, more, func(e *Entry) bool { return may(e) && suits(e) }) {
		if i == senseMost {
			break
		}
		h.Sense = near[key(h.Kind, h.ID)]
		hits = append(hits, h)
	}
	slices.SortStableFunc(hits, func(a, b Hit) int {
		return cmp.Compare(b.Score/top+senseWeight*b.Sense, a.Score/top+senseWeight*a.Sense)
	})
	return hits
}
