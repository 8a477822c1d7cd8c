package analyze

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/parley-crm/parley/kit/lines"
	"github.com/parley-crm/parley/social"
)

// post is a line of input. Fields that are not named here are passed over.
type post struct {
	ID   json.RawMessage `json:"id"`
	Text json.RawMessage `json:"text"`
}

// ScoreLines scores JSON lines {"id","text"} and writes a line for each, in
// order: {"id","lang","sentiment","emotions","intents","toxicity","entities",
// "topics","model"}, without the parts that were not asked for. Sentiment,
// emotions, toxicity and topics are null where the language has no model.
// An id may be a string or a number and comes back as it was. A line that
// cannot be read gives {"id","error"} and is counted in failed; the others go
// on. All cores work, and whatever is finished is written when the input
// pauses. It ends early, with an error, when ctx does or out fails.
func ScoreLines(ctx context.Context, in io.Reader, out io.Writer, o Options) (failed int, err error) {
	s, err := NewScorer(o)
	if err != nil {
		return 0, err
	}
	return lines.Map(ctx, in, out, func() func(*lines.Line) {
		return func(l *lines.Line) {
			id, text, problem := readPost(l)
			if problem != "" {
				l.Failed = true
				l.Out = appendProblem(nil, id, problem)
				return
			}
			l.Out = s.appendScores(make([]byte, 0, 256), id, s.Score(text))
		}
	})
}

// readPost reads a line of input, or says in a sentence what is wrong with it.
func readPost(l *lines.Line) (id json.RawMessage, text, problem string) {
	if l.In == nil {
		return nil, "", fmt.Sprintf("Line %d is longer than %d bytes.", l.Number, lines.Max)
	}
	if id, text, ok := quickPost(l.In); ok {
		return id, text, ""
	}
	var p post
	if err := json.Unmarshal(l.In, &p); err != nil {
		return nil, "", fmt.Sprintf("Line %d is not a JSON object: %v.", l.Number, err)
	}
	if len(p.ID) == 0 || p.ID[0] != '"' && p.ID[0] != '-' && (p.ID[0] < '0' || p.ID[0] > '9') {
		return nil, "", fmt.Sprintf("Line %d has no id that is a string or a number.", l.Number)
	}
	if len(p.Text) == 0 || p.Text[0] != '"' {
		return p.ID, "", fmt.Sprintf("Line %d has no text that is a string.", l.Number)
	}
	if err := json.Unmarshal(p.Text, &text); err != nil {
		return p.ID, "", fmt.Sprintf("The text of line %d cannot be read: %v.", l.Number, err)
	}
	return p.ID, text, ""
}

func appendProblem(b []byte, id json.RawMessage, problem string) []byte {
	b = appendID(b, id)
	b = append(b, `,"error":`...)
	return append(appendString(b, problem), '}')
}

func appendID(b []byte, id json.RawMessage) []byte {
	b = append(b, `{"id":`...)
	if len(id) == 0 {
		return append(b, "null"...)
	}
	return append(b, id...)
}

// appendScores writes the scores as JSON, the parts that the scorer makes.
func (s *Scorer) appendScores(b []byte, id json.RawMessage, r social.Scores) []byte {
	b = appendID(b, id)
	if s.showLang {
		b = appendString(append(b, `,"lang":`...), r.Lang)
	}
	if s.Has(PartSentiment) {
		b = appendOne(append(b, `,"sentiment":`...), r.Sentiment)
	}
	if s.Has(PartEmotions) {
		b = appendLabels(append(b, `,"emotions":`...), r.Emotions)
	}
	if s.Has(PartIntents) {
		b = appendLabels(append(b, `,"intents":`...), r.Intents)
	}
	if s.Has(PartToxicity) {
		b = appendOne(append(b, `,"toxicity":`...), r.Toxicity)
	}
	if s.Has(PartEntities) {
		b = appendEntities(append(b, `,"entities":`...), r.Entities)
	}
	if s.Has(PartTopics) {
		b = appendLabels(append(b, `,"topics":`...), r.Topics)
	}
	b = appendString(append(b, `,"model":`...), r.Model)
	return append(b, '}')
}

// appendOne writes a label with its confidence; null for none.
func appendOne(b []byte, l *social.Label) []byte {
	if l == nil {
		return append(b, "null"...)
	}
	return appendLabel(b, *l, true)
}

// appendLabels writes labels; null for nil.
func appendLabels(b []byte, ls []social.Label) []byte {
	if ls == nil {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for i, l := range ls {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendLabel(b, l, false)
	}
	return append(b, ']')
}

func appendEntities(b []byte, es []social.Entity) []byte {
	b = append(b, '[')
	for i, e := range es {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(append(b, `{"kind":`...), string(e.Kind))
		b = appendString(append(b, `,"text":`...), e.Text)
		if e.Name != "" {
			b = appendString(append(b, `,"name":`...), e.Name)
		}
		b = appendShare(append(b, `,"confidence":`...), e.Confidence)
		b = strconv.AppendInt(append(b, `,"start":`...), int64(e.Start), 10)
		b = strconv.AppendInt(append(b, `,"end":`...), int64(e.End), 10)
		b = append(b, '}')
	}
	return append(b, ']')
}

func appendLabel(b []byte, l social.Label, confidence bool) []byte {
	b = appendString(append(b, `{"label":`...), l.Label)
	b = appendShare(append(b, `,"score":`...), l.Score)
	if confidence {
		b = appendShare(append(b, `,"confidence":`...), l.Confidence)
	}
	if len(l.Why) > 0 {
		b = append(b, `,"why":[`...)
		for i, w := range l.Why {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, w)
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

// appendShare writes a probability with four digits.
func appendShare(b []byte, v float64) []byte { return strconv.AppendFloat(b, v, 'f', 4, 64) }

// appendString writes a JSON string. Names of labels and models need no
// escaping and go the short way.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, err := json.Marshal(s)
			if err != nil { // not possible for a string
				return append(b, `""`...)
			}
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
