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

// Scores is what analysis says of one text. Sentiment is nil where the
// language has no model. Model names every method and version that took part.
type Scores struct {
	Lang           string  `json:"lang"` // BCP 47, "und" if unknown
	LangConfidence float64 `json:"lang_confidence"`
	Sentiment      *Label  `json:"sentiment"`
	Intents        []Label `json:"intents"` // strongest first, empty when there is none
	Model          string  `json:"model"`
}
