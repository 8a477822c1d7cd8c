package analyze

import (
	"fmt"
	"strings"
	"sync"

	"github.com/parley-crm/parley/analyze/intent"
	"github.com/parley-crm/parley/analyze/lang"
	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
	"github.com/parley-crm/parley/social"
)

// A Part is something that can be said of a text, by the name that --only and
// the API use.
type Part string

// The parts that there are.
const (
	PartLang      Part = "lang"
	PartSentiment Part = "sentiment"
	PartIntents   Part = "intents"
)

// Parts are all parts, in the order in which they are made.
func Parts() []Part { return []Part{PartLang, PartSentiment, PartIntents} }

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
	scratch intent.Scratch
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
	t.hasDoc, t.felt = false, false
}

// feel is the reading of sentiment, made once.
func (t *Text) feel(m *sentiment.Model) sentiment.Reading {
	if !t.felt {
		t.feeling = m.Read(t.Doc())
		t.felt = true
	}
	return t.feeling
}

// feelings is the method of sentiment.
type feelings struct{ model *sentiment.Model }

func (feelings) Part() Part                { return PartSentiment }
func (f feelings) Model() string           { return f.model.Name() }
func (f feelings) Speaks(lang string) bool { return f.model.Speaks(lang) }

func (f feelings) Read(t *Text, s *social.Scores) {
	r := t.feel(f.model)
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
	return []Method{feelings{feeling}, intents{wants, feeling}}, nil
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
