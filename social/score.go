package social

// Label is one label of an analysis with its certainty.
//
// Score is the label's probability (0 to 1); Confidence is the calibrated
// probability that the label is right; Why names the words that carried it.
type Label struct {
	Label      string   `json:"label"`
	Score      float64  `json:"score"`
	Confidence float64  `json:"confidence,omitempty"`
	Why        []string `json:"why,omitempty"`
}

// Sentiment labels.
const (
	Negative = "negative"
	Neutral  = "neutral"
	Positive = "positive"
)

// Emotion labels.
const (
	Anger    = "anger"
	Joy      = "joy"
	Optimism = "optimism"
	Sadness  = "sadness"
)

// Toxicity labels.
const (
	Offensive    = "offensive"
	NotOffensive = "not-offensive"
)

// EntityKind says what sort of thing a text names.
type EntityKind string

// The kinds of entities.
const (
	EntityBrand   EntityKind = "brand"
	EntityProduct EntityKind = "product"
	EntityPerson  EntityKind = "person"
	EntityPlace   EntityKind = "place"
	EntityHandle  EntityKind = "handle"
	EntityHashtag EntityKind = "hashtag"
	EntityURL     EntityKind = "url"
)

// Entity is something that a text names.
//
// Text is as it was written, Name what it is known by where that is another
// (a city's name, a brand's). Start and End are its place in the text, in
// characters.
type Entity struct {
	Kind       EntityKind `json:"kind"`
	Text       string     `json:"text"`
	Name       string     `json:"name,omitempty"`
	Confidence float64    `json:"confidence"`
	Start      int        `json:"start"`
	End        int        `json:"end"`
}

// Known is what the thing is known by.
func (e Entity) Known() string {
	if e.Name != "" {
		return e.Name
	}
	return e.Text
}

// Scores is what analysis says of one text. Sentiment, Emotions, Toxicity and
// Topics are nil where the language has no model. Model names every method and
// version that took part.
type Scores struct {
	Lang           string   `json:"lang"` // BCP 47, "und" if unknown
	LangConfidence float64  `json:"lang_confidence"`
	Sentiment      *Label   `json:"sentiment"`
	Emotions       []Label  `json:"emotions"` // all of them, strongest first
	Intents        []Label  `json:"intents"`  // strongest first, empty when there is none
	Toxicity       *Label   `json:"toxicity"`
	Entities       []Entity `json:"entities"` // in the order of the text
	Topics         []Label  `json:"topics"`   // strongest first, empty when there is none
	Model          string   `json:"model"`
	Corrected      []string `json:"corrected,omitempty"` // the parts that a person said instead of a model
}

// offends is the confidence from which a text is taken for offensive. It is
// above one half, because an angry customer should not be called that wrongly.
const offends = 0.65

// Offends says whether a text is offensive, surely enough to count and show it.
func (s *Scores) Offends() bool {
	if s.Toxicity == nil || s.Toxicity.Label != Offensive {
		return false
	}
	if s.Toxicity.Confidence == 0 { // not calibrated
		return s.Toxicity.Score >= offends
	}
	return s.Toxicity.Confidence >= offends
}

// ByHand says whether a person said a part instead of a model.
func (s *Scores) ByHand(part string) bool {
	for _, p := range s.Corrected {
		if p == part {
			return true
		}
	}
	return false
}

// emotionStands is the probability from which an emotion is said to stand out.
const emotionStands = 0.5

// Emotion is the emotion that stands out, nil where none does. The model of
// emotions was made of texts that all show one, so it always prefers one; of a
// text that is neutral it says nothing. What a person said stands out.
func (s *Scores) Emotion() *Label {
	if len(s.Emotions) == 0 || s.Emotions[0].Score < emotionStands ||
		s.Sentiment != nil && s.Sentiment.Label == Neutral && !s.ByHand("emotions") {
		return nil
	}
	return &s.Emotions[0]
}
