package know

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strconv"
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
	mu    sync.RWMutex
	made  map[string]map[string]*sense // language, key
	n     int
	wait  []pending
	waits map[string]bool // by key
	wake  chan struct{}
}

type pending struct {
	Filing
	key, lang string
	texts     []string
}

// Filing is something known, as it was at a change.
type Filing struct {
	Kind   Kind
	ID     string
	Change int64
}

// Meaning is what the parts of something known mean, read out of a text with
// that sum.
type Meaning struct {
	Filing
	Sum     string
	Vectors [][]float32
}

// Meanings are kept, so that a text is read once by each model.
type Meanings interface {
	// SensesOf reads what a model made of some things; what it made of none is
	// left out.
	SensesOf(ctx context.Context, model string, of []Filing) ([]Meaning, error)
	// KeepSenses keeps what a model made, but of what changed since; what
	// another model made of the same goes. Call it in a transaction.
	KeepSenses(ctx context.Context, model string, ms []Meaning) error
}

// sum tells texts apart.
func (p pending) sum() string {
	h := sha256.New()
	for _, t := range p.texts {
		_, _ = io.WriteString(h, strconv.Itoa(len(t))+" "+t)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// note keeps entries to be read.
func (s *senses) note(entries []Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made == nil {
		s.made, s.waits, s.wake = map[string]map[string]*sense{}, map[string]bool{}, make(chan struct{}, 1)
	}
	for _, e := range entries {
		k := key(e.Kind, e.ID)
		for _, of := range s.made {
			if old := of[k]; old != nil {
				s.n -= len(old.vectors)
				delete(of, k)
			}
		}
		if s.waits[k] {
			s.wait = slices.DeleteFunc(s.wait, func(p pending) bool { return p.key == k })
			delete(s.waits, k)
		}
		if e.Gone {
			continue
		}
		p := pending{Filing{e.Kind, e.ID, e.Change}, k, word.Primary(e.Lang), []string{cut(e.Head, mostSense)}}
		if e.Kind == KindArticle {
			for part := range strings.SplitSeq(mark.Text(e.Text), "\n") {
				if part = strings.TrimSpace(part); len(part) >= leastPart && len(p.texts) <= mostParts {
					p.texts = append(p.texts, cut(part, mostSense))
				}
			}
		}
		s.wait, s.waits[k] = append(s.wait, p), true
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// take takes the next that wait.
func (s *senses) take(most int) []pending {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(most, len(s.wait))
	out := slices.Clone(s.wait[:n])
	s.wait = s.wait[n:]
	for _, p := range out {
		delete(s.waits, p.key)
	}
	return out
}

// put files what something means, unless it changed meanwhile; full is true
// when there is no room for more.
func (s *senses) put(p pending, vectors [][]float32) (full bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n >= mostSenses {
		return true
	}
	if s.waits[p.key] {
		return false
	}
	if s.made[p.lang] == nil {
		s.made[p.lang] = map[string]*sense{}
	}
	if old := s.made[p.lang][p.key]; old != nil {
		s.n -= len(old.vectors)
	}
	s.made[p.lang][p.key] = &sense{key: p.key, vectors: vectors}
	s.n += len(vectors)
	return false
}

// How many are looked for among what is kept at once, and how many are read
// until they are kept.
const (
	sensesAtOnce = 200
	readAtOnce   = 10
)

// Sense finds out what the next that wait mean: what was kept is not read
// again. It reports whether there were any.
func (l *Library) Sense(ctx context.Context) (some bool, err error) {
	wait := l.senses.take(sensesAtOnce)
	if len(wait) == 0 {
		return false, nil
	}
	wait = slices.DeleteFunc(wait, func(p pending) bool { return !l.Senses.Speaks(p.lang) })
	of := make([]Filing, len(wait))
	for i, p := range wait {
		of[i] = p.Filing
	}
	kept, err := l.Store.SensesOf(ctx, l.Senses.Model(), of)
	if err != nil {
		l.senses.again(wait)
		return true, err
	}
	known := make(map[string]Meaning, len(kept))
	for _, m := range kept {
		known[key(m.Kind, m.ID)] = m
	}
	var fresh []Meaning
	for i, p := range wait {
		sum := p.sum()
		if m, ok := known[p.key]; ok && m.Sum == sum {
			if l.senses.put(p, m.Vectors) {
				return true, nil
			}
			continue
		}
		if ctx.Err() != nil {
			l.senses.again(wait[i:])
			return true, ctx.Err()
		}
		made := [][]float32{}
		for _, v := range l.Senses.Vectors(p.texts) {
			if v != nil {
				made = append(made, v)
			}
		}
		if l.senses.put(p, made) {
			break
		}
		if fresh = append(fresh, Meaning{p.Filing, sum, made}); len(fresh) == readAtOnce {
			if err := l.keepSenses(ctx, fresh); err != nil {
				l.senses.again(wait[i+1:])
				return true, err
			}
			fresh = fresh[:0]
		}
	}
	return true, l.keepSenses(ctx, fresh)
}

func (l *Library) keepSenses(ctx context.Context, ms []Meaning) error {
	if len(ms) == 0 {
		return nil
	}
	return l.Store.InTx(ctx, func(ctx context.Context) error { return l.Store.KeepSenses(ctx, l.Senses.Model(), ms) })
}

// again lets wait what was taken, unless it changed meanwhile and waits already.
func (s *senses) again(ps []pending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range ps {
		if !s.waits[p.key] {
			s.wait, s.waits[p.key] = append(s.wait, p), true
		}
	}
}

// Work fills the index, and reads for meaning what was not read before, one
// text after the other, until ctx ends.
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
		some, err := l.Sense(ctx)
		if err != nil && ctx.Err() == nil { // words alone decide until it goes again
			l.log().Warn("what is known could not be read for its meaning", "error", err)
			some = false
		}
		if some {
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
