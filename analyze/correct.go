package analyze

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/parley-crm/parley/analyze/emotion"
	"github.com/parley-crm/parley/analyze/intent"
	"github.com/parley-crm/parley/analyze/toxicity"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// A Correction is what a person said of a text instead of a model. While it
// stands, the part is pinned: no reading of the text changes it.
type Correction struct {
	ID       string
	Activity social.ActivityID
	Part     Part
	Was      []string // labels before
	Labels   []string // labels now; none says that there is none
	Member   social.MemberID
	Name     string // of the member
	At       time.Time
	Undone   time.Time // zero while it stands
}

// Corrections keeps corrections. All methods take part in the transaction of ctx.
type Corrections interface {
	// Pins returns the corrections that stand, of activities.
	Pins(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID][]Correction, error)
	// Pin writes a correction; what stood for the same part is taken back.
	Pin(ctx context.Context, c Correction) error
	// Unpin takes back what stands for a part, and says whether something did.
	Unpin(ctx context.Context, id social.ActivityID, p Part, at time.Time) (bool, error)
	// Standing returns all corrections that stand.
	Standing(ctx context.Context) ([]Correction, error)
	// Corrections is a page of all, the newest first; next is "" at the end.
	Corrections(ctx context.Context, cursor string, limit int) (page []Correction, next string, err error)
}

// Correctable are the parts that a person may correct, with their labels.
func Correctable() map[Part][]string {
	return map[Part][]string{
		PartSentiment: {social.Negative, social.Neutral, social.Positive},
		PartEmotions:  emotion.Labels(),
		PartIntents:   intent.Labels(),
		PartToxicity:  toxicity.Labels(),
	}
}

// Corrector takes corrections of what people said. What our own people say is
// never scored, so there is nothing to correct in it.
type Corrector struct {
	Store interface {
		Store
		Corrections
		InTx(ctx context.Context, f func(ctx context.Context) error) error
		Record(ctx context.Context, e social.Entry) error
	}
	Reader *Reader
	Clock  clock.Clock
	// Sees says whether the actor may see the activity.
	Sees func(ctx context.Context, id social.ActivityID) (bool, error)
}

// Correct pins a part of an activity's scores to labels, and returns the
// scores as they are then. The same again changes nothing.
func (c *Corrector) Correct(ctx context.Context, activity social.ActivityID, p Part, labels []string) (social.Scores, error) {
	var out social.Scores
	a, err := member(ctx)
	if err != nil {
		return out, err
	}
	if labels, err = check(p, labels); err != nil {
		return out, err
	}
	if err := c.may(ctx, activity); err != nil {
		return out, err
	}
	err = c.Store.InTx(ctx, func(ctx context.Context) error {
		kept, err := c.Store.Scores(ctx, []social.ActivityID{activity})
		if err != nil {
			return err
		}
		out = kept[activity]
		was := labelsOf(&out, p)
		if slices.Equal(was, labels) && out.ByHand(string(p)) {
			return nil
		}
		n := Correction{ID: id.At(c.Clock.Now()), Activity: activity, Part: p, Was: was, Labels: labels, Member: a.Member, Name: a.Name, At: c.Clock.Now()}
		if err := c.Store.Pin(ctx, n); err != nil {
			return err
		}
		pin(&out, n)
		return c.keep(ctx, activity, out, social.Entry{Verb: "correct", Object: "score", ID: string(activity),
			Detail: map[string]any{"part": string(p), "was": was, "labels": labels}})
	})
	return out, err
}

// Undo takes back the correction of a part; the text is read again.
func (c *Corrector) Undo(ctx context.Context, activity social.ActivityID, p Part) (social.Scores, error) {
	var out social.Scores
	if _, err := member(ctx); err != nil {
		return out, err
	}
	if _, ok := Correctable()[p]; !ok {
		return out, social.Errorf(social.NotFound, "There is no correction of %q.", p)
	}
	if err := c.may(ctx, activity); err != nil {
		return out, err
	}
	err := c.Store.InTx(ctx, func(ctx context.Context) error {
		had, err := c.Store.Unpin(ctx, activity, p, c.Clock.Now())
		if err != nil {
			return err
		}
		if !had {
			return social.Errorf(social.NotFound, "This score was not corrected.")
		}
		scores, err := c.Reader.scores(ctx, []social.ActivityID{activity})
		if err != nil {
			return err
		}
		out = scores[activity]
		return c.keep(ctx, activity, out, social.Entry{Verb: "undo", Object: "score", ID: string(activity), Detail: map[string]any{"part": string(p)}})
	})
	return out, err
}

func (c *Corrector) keep(ctx context.Context, activity social.ActivityID, s social.Scores, e social.Entry) error {
	if err := c.Store.Keep(ctx, map[social.ActivityID]social.Scores{activity: s}); err != nil {
		return err
	}
	if err := c.Store.Record(ctx, e); err != nil {
		return err
	}
	return c.Store.Tell(ctx, social.Understood{Activities: []social.ActivityID{activity}})
}

// Look returns the scores of an activity that the actor may see.
func (c *Corrector) Look(ctx context.Context, activity social.ActivityID) (social.Scores, error) {
	var out social.Scores
	if err := c.may(ctx, activity); err != nil {
		return out, err
	}
	kept, err := c.Store.Scores(ctx, []social.ActivityID{activity})
	if err != nil {
		return out, err
	}
	out, ok := kept[activity]
	if !ok {
		return out, social.Errorf(social.NotFound, "It has not been read yet.")
	}
	return out, nil
}

// may says whether the activity is there, seen, and said by somebody else.
func (c *Corrector) may(ctx context.Context, activity social.ActivityID) error {
	missing := social.Errorf(social.NotFound, "There is no such post, or not for you.")
	sees, err := c.Sees(ctx, activity)
	if err != nil {
		return err
	}
	if !sees {
		return missing
	}
	found, err := c.Reader.Hearing.Mentions(ctx, []social.ActivityID{activity})
	if err != nil {
		return err
	}
	switch {
	case len(found) == 0:
		return missing
	case found[0].Activity.Own:
		return social.Errorf(social.Forbidden, "These are our own words; what our people say is never scored.")
	case found[0].Deleted:
		return social.Errorf(social.Conflict, "Its author has deleted it.")
	}
	return nil
}

func member(ctx context.Context) (social.Actor, error) {
	a, ok := social.ActorOf(ctx)
	if !ok || a.Member == "" {
		return a, social.Errorf(social.Forbidden, "Only a member can correct a score.")
	}
	return a, nil
}

// check brings labels into the order of the part and says what is wrong with them.
func check(p Part, labels []string) ([]string, error) {
	known, ok := Correctable()[p]
	if !ok {
		return nil, &social.Error{Kind: social.Invalid, Field: "part", Text: "Sentiment, emotions, intents and toxicity can be corrected."}
	}
	out := []string{}
	for _, l := range known {
		if slices.Contains(labels, l) {
			out = append(out, l)
		}
	}
	for _, l := range labels {
		if !slices.Contains(known, l) {
			return nil, wrong("%q is none of the labels.", l)
		}
	}
	switch {
	case p == PartEmotions && len(out) > 1:
		return nil, wrong("One emotion, or none.")
	case (p == PartSentiment || p == PartToxicity) && len(out) != 1:
		return nil, wrong("Exactly one label.")
	}
	return out, nil
}

func wrong(format string, args ...any) error {
	return &social.Error{Kind: social.Invalid, Field: "labels", Text: fmt.Sprintf(format, args...)}
}

// labelsOf are the labels that the scores give for a part, in its order.
func labelsOf(s *social.Scores, p Part) []string {
	out := []string{}
	switch p {
	case PartSentiment:
		if s.Sentiment != nil {
			out = append(out, s.Sentiment.Label)
		}
	case PartToxicity:
		if s.Toxicity != nil {
			out = append(out, s.Toxicity.Label)
		}
	case PartEmotions:
		if e := s.Emotion(); e != nil {
			out = append(out, e.Label)
		}
	case PartIntents:
		for _, l := range intent.Labels() {
			if slices.ContainsFunc(s.Intents, func(i social.Label) bool { return i.Label == l }) {
				out = append(out, l)
			}
		}
	}
	return out
}

// pin puts what a person said in the place of what a model said.
func pin(s *social.Scores, c Correction) {
	sure := make([]social.Label, len(c.Labels))
	for i, l := range c.Labels {
		sure[i] = social.Label{Label: l, Score: 1, Confidence: 1}
	}
	switch c.Part {
	case PartSentiment:
		s.Sentiment = &sure[0]
	case PartToxicity:
		s.Toxicity = &sure[0]
	case PartIntents:
		s.Intents = sure
	case PartEmotions:
		s.Emotions = sure // none, where a person said so
		for _, l := range emotion.Labels() {
			if len(sure) > 0 && l != c.Labels[0] {
				s.Emotions = append(s.Emotions, social.Label{Label: l})
			}
		}
	}
	if !s.ByHand(string(c.Part)) {
		s.Corrected = append(s.Corrected, string(c.Part))
		slices.Sort(s.Corrected)
	}
}
