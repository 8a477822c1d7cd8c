package analyze

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/parley-crm/parley/analyze/entity"
	"github.com/parley-crm/parley/analyze/lang"
	"github.com/parley-crm/parley/social"
)

// Options say how a Scorer works. The zero value scores everything and looks
// for no reasons.
type Options struct {
	Only []Part   // the parts to make; all, if empty
	Why  int      // how many words a label may name as its reason
	More []Method // methods beside the embedded ones
	// Tuned are models that learned from corrections; each takes the place of
	// the embedded one of its part.
	Tuned []TunedModel
	Deep  bool // the encoder has a word too: better, and a hundred texts a second
	// Names is asked for the house's own brands and products, for every text;
	// it may be nil.
	Names func() *entity.Book
}

// A Scorer runs the methods of analysis over texts. It is safe for concurrent
// use and keeps nothing of the texts.
//
// The language is always found, because it decides which methods may speak; it
// is left out of the scores where only other parts were asked for.
type Scorer struct {
	detector *lang.Detector
	methods  []Method
	showLang bool
	why      int
	models   []string // by the set of methods that took part, a bit for each
	deep     *deeper  // nil without the encoder
	texts    sync.Pool
}

// NewScorer makes a scorer. Models are read when the first is made, in well
// under a second.
func NewScorer(o Options) (*Scorer, error) {
	d, err := lang.Default()
	if err != nil {
		return nil, fmt.Errorf("the model of language: %w", err)
	}
	own, err := methods()
	if err != nil {
		return nil, err
	}
	own = slices.Clone(own)
	if o.Names != nil {
		finder, err := entity.New(o.Names)
		if err != nil {
			return nil, err
		}
		for i, m := range own {
			if m.Part() == PartEntities {
				own[i] = entities{finder}
			}
		}
	}
	for _, m := range o.Tuned {
		if err := m.replace(own); err != nil {
			return nil, err
		}
	}
	wanted := func(p Part) bool { return len(o.Only) == 0 || slices.Contains(o.Only, p) }
	s := &Scorer{detector: d, why: o.Why, showLang: wanted(PartLang)}
	for _, m := range append(own, o.More...) {
		if wanted(m.Part()) {
			s.methods = append(s.methods, m)
		}
	}
	s.models = modelNames(s.methods)
	if o.Deep {
		if s.deep, err = deepest(); err != nil {
			return nil, err
		}
	}
	s.texts.New = func() any { return new(Text) }
	return s, nil
}

// modelNames writes out the model of the scores for every set of methods that
// may take part.
func modelNames(ms []Method) []string {
	out := make([]string, 1<<len(ms))
	for set := range out {
		names := []string{lang.Model}
		for i, m := range ms {
			if set&(1<<i) != 0 {
				names = append(names, m.Model())
			}
		}
		out[set] = strings.Join(names, "+")
	}
	return out
}

// Has says whether the scorer makes a part.
func (s *Scorer) Has(p Part) bool {
	if p == PartLang {
		return s.showLang
	}
	return slices.ContainsFunc(s.methods, func(m Method) bool { return m.Part() == p })
}

// Score says all that the methods can say of a text. Intents and Entities are
// never nil; the others are where the text's language has no model.
func (s *Scorer) Score(text string) social.Scores { return s.score(text, s.detector.Detect(text)) }

// ScoreAs is Score of a text whose language is known.
func (s *Scorer) ScoreAs(text, tag string) social.Scores {
	return s.score(text, lang.Result{Tag: tag, Confidence: 1})
}

func (s *Scorer) score(text string, found lang.Result) social.Scores {
	t := s.texts.Get().(*Text)
	defer s.texts.Put(t)
	t.reset(text, s.why)
	t.Lang = found.Tag
	out := social.Scores{Intents: []social.Label{}, Entities: []social.Entity{}}
	if s.showLang {
		out.Lang, out.LangConfidence = found.Tag, found.Confidence
	}
	set, wants := 0, false
	for i, m := range s.methods {
		if m.Speaks(t.Lang) {
			m.Read(t, &out)
			set |= 1 << i
			if _, is := m.(intents); is {
				wants = true
			}
		}
	}
	out.Model = s.models[set]
	if s.deep != nil {
		out.Model += s.deep.refine(t, &out, wants)
	}
	t.Raw = ""
	return out
}

// ScoreAll scores many texts on all cores; the scores stand in the order of
// the texts.
func (s *Scorer) ScoreAll(texts []string) []social.Scores {
	out := make([]social.Scores, len(texts))
	const share = 64 // texts that a core takes at once
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (len(texts)+share-1)/share) {
		wg.Go(func() {
			for {
				from := int(next.Add(share)) - share
				if from >= len(texts) {
					return
				}
				for i := from; i < min(from+share, len(texts)); i++ {
					out[i] = s.Score(texts[i])
				}
			}
		})
	}
	wg.Wait()
	return out
}
