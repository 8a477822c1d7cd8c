package analyze

import (
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/parley-crm/parley/social"
)

func scorer(t testing.TB, o Options) *Scorer {
	t.Helper()
	s, err := NewScorer(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// every is the model of scores in which all methods took part.
const every = "lid.176+feeling-1+emotion-2+intent-4+toxicity-2+entity-2+topic-1"

func TestTheEncoderHasAWord(t *testing.T) {
	fast, deep := scorer(t, Options{Why: 3}), scorer(t, Options{Why: 3, Deep: true})
	const text = "Half the channels I pay for are just a black screen"
	a, b := fast.Score(text), deep.Score(text)
	if b.Model != every+"+encoder-1+wants-2" || a.Model != every {
		t.Errorf("the models are %s and %s", a.Model, b.Model)
	}
	if a.Sentiment.Score == b.Sentiment.Score || a.Emotions[0].Score == b.Emotions[0].Score || a.Toxicity.Score == b.Toxicity.Score {
		t.Error("the encoder changed nothing")
	}
	if len(b.Emotions) != 4 || b.Emotions[0].Score < b.Emotions[3].Score {
		t.Errorf("emotions are %v", b.Emotions)
	}
	if got := deep.Score("Der Wasserkocher ist schon wieder kaputt."); got.Model != "lid.176+entity-2" || got.Sentiment != nil || got.Intents == nil || len(got.Intents) > 0 {
		t.Errorf("where there is no model, nothing is guessed: %+v", got)
	}
	const both = "Third broken pair, I'm cancelling my subscription."
	x, y := fast.Score(both).Intents, deep.Score(both).Intents
	if len(y) != 2 || y[0].Score < y[1].Score || y[0].Score == x[0].Score {
		t.Errorf("the intents are %+v and then %+v", x, y)
	}
	for _, l := range y {
		if l.Confidence <= 0.5 || l.Confidence > 1 || len(l.Why) == 0 {
			t.Errorf("the intent is %+v", l)
		}
	}
	only := scorer(t, Options{Only: []Part{PartIntents}, Deep: true}).Score(both)
	if len(only.Intents) != 2 || only.Model != "lid.176+intent-4+encoder-1+wants-2" || only.Sentiment != nil {
		t.Errorf("intents alone are %+v", only)
	}
	if less := scorer(t, Options{Only: []Part{PartToxicity}, Deep: true}).Score(both); less.Model != "lid.176+toxicity-2+encoder-1" || len(less.Intents) > 0 {
		t.Errorf("without intents: %+v", less)
	}
}

func TestScore(t *testing.T) {
	tests := []struct {
		text      string
		lang      string
		sentiment string // "" means absent
		intents   []string
		model     string
	}{
		{"I love this kettle, thank you!", "en", social.Positive, []string{"praise"}, every},
		{"My parcel is broken and late again, awful service.", "en", social.Negative, []string{"complaint"}, every},
		{"Der Wasserkocher ist schon wieder kaputt.", "de", "", nil, "lid.176+entity-2"},
		{"🔥🔥🔥", "und", "", nil, "lid.176+entity-2"},
		{"", "und", "", nil, "lid.176+entity-2"},
	}
	s := scorer(t, Options{})
	for _, tt := range tests {
		got := s.Score(tt.text)
		feels := ""
		if got.Sentiment != nil {
			feels = got.Sentiment.Label
		}
		var wants []string
		for _, l := range got.Intents {
			wants = append(wants, l.Label)
		}
		if got.Lang != tt.lang || feels != tt.sentiment || !reflect.DeepEqual(wants, tt.intents) || got.Model != tt.model || got.Intents == nil {
			t.Errorf("%q: %+v", tt.text, got)
		}
		if (got.LangConfidence == 0) != (tt.lang == "und") {
			t.Errorf("%q: language with confidence %v", tt.text, got.LangConfidence)
		}
	}
}

// What was not asked for is not made, and does not change what was.
func TestOnly(t *testing.T) {
	const text = "Where is my parcel? It is late again."
	all := scorer(t, Options{}).Score(text)
	none, nobody := []social.Label{}, []social.Entity{}
	for _, tt := range []struct {
		only string
		want social.Scores
	}{
		{"lang", social.Scores{Lang: "en", LangConfidence: all.LangConfidence, Intents: none, Entities: nobody, Model: "lid.176"}},
		{"sentiment", social.Scores{Sentiment: all.Sentiment, Intents: none, Entities: nobody, Model: "lid.176+feeling-1"}},
		{"emotions", social.Scores{Emotions: all.Emotions, Intents: none, Entities: nobody, Model: "lid.176+emotion-2"}},
		{"intents", social.Scores{Intents: all.Intents, Entities: nobody, Model: "lid.176+intent-4"}},
		{"toxicity", social.Scores{Toxicity: all.Toxicity, Intents: none, Entities: nobody, Model: "lid.176+toxicity-2"}},
		{"entities", social.Scores{Intents: none, Entities: all.Entities, Model: "lid.176+entity-2"}},
		{"topics", social.Scores{Intents: none, Entities: nobody, Topics: all.Topics, Model: "lid.176+topic-1"}},
		{"lang, intents", social.Scores{Lang: "en", LangConfidence: all.LangConfidence, Intents: all.Intents, Entities: nobody, Model: "lid.176+intent-4"}},
		{"", all},
	} {
		parts, err := Only(tt.only)
		if err != nil {
			t.Fatal(err)
		}
		if got := scorer(t, Options{Only: parts}).Score(text); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("only %q: %+v, not %+v", tt.only, got, tt.want)
		}
	}
	if _, err := Only("sentiment,mood"); !social.Invalid.Is(err) || !strings.Contains(err.Error(), "mood") || !strings.Contains(err.Error(), "intents") {
		t.Errorf("an unknown part: %v", err)
	}
}

// shout is a method of somebody else's: it takes capitals for an intent.
type shout struct{}

func (shout) Part() Part              { return PartIntents }
func (shout) Model() string           { return "shout-1" }
func (shout) Speaks(lang string) bool { return lang == "de" }
func (shout) Read(t *Text, s *social.Scores) {
	if strings.ToUpper(t.Raw) == t.Raw {
		s.Intents = append(s.Intents, social.Label{Label: "shout", Score: 1})
	}
}

func TestMoreMethods(t *testing.T) {
	s := scorer(t, Options{More: []Method{shout{}}})
	got := s.Score("DER WASSERKOCHER IST SCHON WIEDER KAPUTT")
	if len(got.Intents) != 1 || got.Intents[0].Label != "shout" || got.Model != "lid.176+entity-2+shout-1" {
		t.Errorf("%+v", got)
	}
	if got := s.Score("THE KETTLE IS BROKEN AND I WANT MY MONEY BACK"); strings.Contains(got.Model, "shout") {
		t.Errorf("it was asked about a language that it does not speak: %+v", got)
	}
}

func TestWhyOnlyWhenAsked(t *testing.T) {
	const text = "The coffee was terrible, please refund me"
	if got := scorer(t, Options{}).Score(text); got.Sentiment.Why != nil || got.Intents[0].Why != nil {
		t.Errorf("reasons that nobody asked for: %+v", got)
	}
	got := scorer(t, Options{Why: 2}).Score(text)
	if n := len(got.Sentiment.Why); n == 0 || n > 2 {
		t.Errorf("%d reasons: %+v", n, got.Sentiment)
	}
	for _, l := range got.Intents {
		if n := len(l.Why); n == 0 || n > 2 {
			t.Errorf("%d reasons: %+v", n, l)
		}
	}
}

// Scores of many texts, made on all cores, stand in order and are those of the
// texts one by one.
func TestScoreAllAndConcurrency(t *testing.T) {
	s := scorer(t, Options{Why: 2})
	base := []string{"I love it!", "Das ist schlecht, ich will mein Geld zurück", "Where can I buy one?", "", "This is awful, refund me please"}
	var texts []string
	for range 200 {
		texts = append(texts, base...)
	}
	want := make([]social.Scores, len(base))
	for i, text := range base {
		want[i] = s.Score(text)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, got := range s.ScoreAll(texts) {
				if !reflect.DeepEqual(got, want[i%len(base)]) {
					t.Errorf("text %d: %+v, not %+v", i, got, want[i%len(base)])
					return
				}
			}
		})
	}
	wg.Wait()
	if got := s.ScoreAll(nil); len(got) != 0 {
		t.Errorf("no texts have %d scores", len(got))
	}
}

var benchTexts = []string{
	"Just got my new kettle and it's already leaking :( not impressed, who do I talk to? @brewell https://example.org/k",
	"omg the new blend is SO good, thank you @brewell 😍",
	"Brewell opens its second factory in Poland next spring, says the Gazette https://example.org/n",
	"is the filter dishwasher safe",
	"Third outage this week. Seriously considering switching to another provider, this is a joke.",
	"Der Wasserkocher ist nach zwei Wochen schon wieder kaputt, und niemand antwortet.",
}

func BenchmarkScore(b *testing.B) {
	for _, only := range []string{"lang", "sentiment", "intents", ""} {
		parts, err := Only(only)
		if err != nil {
			b.Fatal(err)
		}
		s := scorer(b, Options{Only: parts})
		b.Run("only="+only, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				s.Score(benchTexts[i%len(benchTexts)])
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
		})
	}
}
