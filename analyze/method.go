package analyze

import (
	"fmt"
	"strings"
	"sync"

	"github.com/parley-crm/parley/analyze/choice"
	"github.com/parley-crm/parley/analyze/emotion"
	"github.com/parley-crm/parley/analyze/entity"
	"github.com/parley-crm/parley/analyze/intent"
	"github.com/parley-crm/parley/analyze/lang"
	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
	"github.com/parley-crm/parley/analyze/topic"
	"github.com/parley-crm/parley/analyze/toxicity"
	"github.com/parley-crm/parley/social"
)

// A Part is something that can be said of a text, by the name that --only and
// the API use.
type Part string

// The parts that there are.
const (
	PartLang      Part = "lang"
	PartSentiment Part = "sentiment"
	PartEmotions  Part = "emotions"
	PartIntents   Part = "intents"
	PartToxicity  Part = "toxicity"
	PartEntities  Part = "entities"
	PartTopics    Part = "topics"
)

// Parts are all parts, in the order in which they are made.
func Parts() []Part {
	return []Part{PartLang, PartSentiment, PartEmotions, PartIntents, PartToxicity, PartEntities, PartTopics}
}

// A Method says one thing about a text.
//
// Read fills its own field of the scores and touches no other. It is called
// for languages that the method speaks only; where it is not called, the field
// stays absent. It keeps nothing of the text and is safe for concurrent use.
type Method interface {
	// Part is the field that the method fills.
	Part() Part
	// Model is the name and version of what it goes by.
	Model() string
	// Speaks says whether the method is good for a language (BCP 47; und if
	// it is not known).
	Speaks(lang string) bool
	// Read fills the method's field.
	Read(t *Text, s *social.Scores)
}

// A Text is what methods read. What several of them need is made once.
type Text struct {
	Raw  string // as it was written
	Lang string // as far as it is known
	Why  int    // how many words a label may name as its reason; 0: none are looked for

	doc     linear.Doc
	hasDoc  bool
	feeling sentiment.Reading
	felt    bool
	said    sentiment.Reading // the one that the label was given by
	meaning choice.Meaning
	meant   bool
	scratch intent.Scratch
	choices choice.Scratch
}

// Doc is the text as the linear models see it.
func (t *Text) Doc() *linear.Doc {
	if !t.hasDoc {
		t.doc.Read(t.Raw)
		t.hasDoc = true
	}
	return &t.doc
}

func (t *Text) reset(raw string, why int) {
	t.Raw, t.Lang, t.Why = raw, lang.Und, why
	t.hasDoc, t.felt, t.meant = false, false, false
}

// feel is the reading of sentiment, made once.
func (t *Text) feel(m *sentiment.Model) sentiment.Reading {
	if !t.felt {
		t.feeling = m.Read(t.Doc())
		t.felt = true
	}
	return t.feeling
}

// mean says where the words of the text point, found once.
func (t *Text) mean() *choice.Meaning {
	if !t.meant {
		t.meaning, _ = choice.Mean(t.Doc()) // the vectors were read when the methods were made
		t.meant = true
	}
	return &t.meaning
}

// feelings is the method of sentiment. The other methods go by the reading of
// the embedded model, which they were trained with.
type feelings struct {
	model *sentiment.Model
	tuned bool
}

func (feelings) Part() Part                { return PartSentiment }
func (f feelings) Model() string           { return f.model.Name() }
func (f feelings) Speaks(lang string) bool { return f.model.Speaks(lang) }

func (f feelings) Read(t *Text, s *social.Scores) {
	var r sentiment.Reading
	if f.tuned {
		r = f.model.Read(t.Doc())
	} else {
		r = t.feel(f.model)
	}
	t.said = r
	l := f.model.Label(r)
	if t.Why > 0 {
		l.Why = f.model.Why(t.Doc(), r, t.Why)
	}
	s.Sentiment = &l
}

// intents is the method of intents. It goes by the reading of sentiment too.
type intents struct {
	model   *intent.Model
	feeling *sentiment.Model
}

func (intents) Part() Part                { return PartIntents }
func (i intents) Model() string           { return i.model.Name() }
func (i intents) Speaks(lang string) bool { return i.model.Speaks(lang) }

func (i intents) Read(t *Text, s *social.Scores) {
	s.Intents = i.model.Read(t.Doc(), t.feel(i.feeling), t.Why, &t.scratch, s.Intents)
}

// emotions is the method of emotions. It goes by the reading of sentiment too.
type emotions struct {
	model   *choice.Model
	feeling *sentiment.Model
}

func (emotions) Part() Part                { return PartEmotions }
func (e emotions) Model() string           { return e.model.Name() }
func (e emotions) Speaks(lang string) bool { return e.model.Speaks(lang) }

func (e emotions) Read(t *Text, s *social.Scores) {
	s.Emotions = e.model.Read(t.Doc(), t.feel(e.feeling), t.mean(), t.Why, &t.choices, nil)
}

// toxic is the method of toxicity. It goes by the reading of sentiment too.
type toxic struct {
	model   *choice.Model
	feeling *sentiment.Model
}

func (toxic) Part() Part                { return PartToxicity }
func (x toxic) Model() string           { return x.model.Name() }
func (x toxic) Speaks(lang string) bool { return x.model.Speaks(lang) }

func (x toxic) Read(t *Text, s *social.Scores) {
	l := x.model.Read(t.Doc(), t.feel(x.feeling), t.mean(), t.Why, &t.choices, nil)[0]
	if l.Label == social.NotOffensive {
		l.Why = nil // that nothing is offensive needs no reason
	}
	s.Toxicity = &l
}

// entities is the method of what a text names.
type entities struct{ finder *entity.Finder }

func (entities) Part() Part         { return PartEntities }
func (e entities) Model() string    { return e.finder.Name() }
func (entities) Speaks(string) bool { return true }

func (e entities) Read(t *Text, s *social.Scores) {
	s.Entities = e.finder.Read(t.Raw, s.Entities)
}

// topics is the method of what a text is about.
type topics struct{ finder *topic.Finder }

func (topics) Part() Part                { return PartTopics }
func (p topics) Model() string           { return p.finder.Name() }
func (p topics) Speaks(lang string) bool { return p.finder.Speaks(lang) }

func (p topics) Read(t *Text, s *social.Scores) {
	s.Topics = p.finder.Read(t.Doc(), t.Why, s.Topics)
}

// methods are the embedded methods but for language, which comes first and
// decides which of these may speak.
var methods = sync.OnceValues(func() ([]Method, error) {
	feeling, err := sentiment.Default()
	if err != nil {
		return nil, fmt.Errorf("the model of sentiment: %w", err)
	}
	wants, err := intent.Default()
	if err != nil {
		return nil, fmt.Errorf("the model of intents: %w", err)
	}
	moods, err := emotion.Default()
	if err != nil {
		return nil, fmt.Errorf("the model of emotions: %w", err)
	}
	hurts, err := toxicity.Default()
	if err != nil {
		return nil, fmt.Errorf("the model of toxicity: %w", err)
	}
	names, err := entity.Default()
	if err != nil {
		return nil, fmt.Errorf("the lists of names: %w", err)
	}
	about, err := topic.Default()
	if err != nil {
		return nil, fmt.Errorf("the list of topics: %w", err)
	}
	return []Method{feelings{model: feeling}, emotions{moods, feeling}, intents{wants, feeling}, toxic{hurts, feeling},
		entities{names}, topics{about}}, nil
})

// Only reads a list of parts divided by commas, as --only takes it. The empty
// list means all parts.
func Only(list string) ([]Part, error) {
	if strings.TrimSpace(list) == "" {
		return nil, nil
	}
	var out []Part
	for name := range strings.SplitSeq(list, ",") {
		p, err := part(strings.TrimSpace(name))
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func part(name string) (Part, error) {
	names := make([]string, 0, len(Parts()))
	for _, p := range Parts() {
		if string(p) == name {
			return p, nil
		}
		names = append(names, string(p))
	}
	return "", social.Errorf(social.Invalid, "There is no score called %q; there are %s.", name, strings.Join(names, ", "))
}

// baseOf is the embedded linear model of a part that can be corrected.
func baseOf(p Part) (*linear.Model, error) {
	own, err := methods()
	if err != nil {
		return nil, err
	}
	for _, m := range own {
		if l, ok := m.(interface{ base() *linear.Model }); ok && m.Part() == p {
			return l.base(), nil
		}
	}
	return nil, social.Errorf(social.Invalid, "There is nothing to learn about %s.", p)
}

func (f feelings) base() *linear.Model { return f.model.Linear() }
func (e emotions) base() *linear.Model { return e.model.Linear() }
func (i intents) base() *linear.Model  { return i.model.Linear() }
func (x toxic) base() *linear.Model    { return x.model.Linear() }

// replace puts the model in the place of the embedded one of its part.
func (t TunedModel) replace(own []Method) error {
	for i, m := range own {
		if m.Part() != t.Part {
			continue
		}
		l, err := linear.Load(t.File)
		if err != nil {
			return fmt.Errorf("the model %s: %w", t.Name, err)
		}
		switch m := m.(type) {
		case feelings:
			own[i] = feelings{sentiment.New(l), true}
		case emotions:
			own[i] = emotions{choice.New(l), m.feeling}
		case toxic:
			own[i] = toxic{choice.New(l), m.feeling}
		case intents:
			w, err := intent.New(l)
			if err != nil {
				return err
			}
			own[i] = intents{w, m.feeling}
		}
	}
	return nil
}
