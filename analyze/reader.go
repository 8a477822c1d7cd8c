package analyze

import (
	"context"

	"github.com/parley-crm/parley/analyze/lang"
	"github.com/parley-crm/parley/social"
)

// Store keeps scores. All methods take part in the transaction of ctx.
type Store interface {
	// Keep writes scores; a later one for the same activity takes the place
	// of an earlier one.
	Keep(ctx context.Context, scores map[social.ActivityID]social.Scores) error
	// Scores returns what is kept; activities without a score are left out.
	Scores(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.Scores, error)
	// Pins returns the corrections that stand, of activities.
	Pins(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID][]Correction, error)
	Tell(ctx context.Context, facts ...social.Fact) error
}

// Hearing gives what was heard, in bulk; listen answers.
type Hearing interface {
	Mentions(ctx context.Context, ids []social.ActivityID) ([]social.Mention, error)
}

// Reader reads what was heard and says what it means: the room's front. It
// never holds up intake: it is told of batches after they were stored.
type Reader struct {
	Store   Store
	Hearing Hearing
	// Score scores texts, all cores at once, in order. It is a pure function.
	Score func(texts []string) []social.Scores
}

// Read scores activities and tells Understood. Reading again gives the same
// scores, so it may be repeated freely. What was deleted is not read, what a
// person corrected stays, and of what our own people say only the language is
// told: they are not scored.
func (r *Reader) Read(ctx context.Context, ids []social.ActivityID) error {
	if len(ids) == 0 {
		return nil
	}
	kept, err := r.scores(ctx, ids)
	if err != nil {
		return err
	}
	if err := r.Store.Keep(ctx, kept); err != nil {
		return err
	}
	return r.Store.Tell(ctx, social.Understood{Activities: ids})
}

// scores reads activities.
func (r *Reader) scores(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.Scores, error) {
	mentions, err := r.Hearing.Mentions(ctx, ids)
	if err != nil {
		return nil, err
	}
	pins, err := r.Store.Pins(ctx, ids)
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(mentions))
	for i, m := range mentions {
		if !m.Deleted {
			texts[i] = text(m.Activity)
		}
	}
	scores := r.Score(texts)
	kept := make(map[social.ActivityID]social.Scores, len(mentions))
	for i, m := range mentions {
		s := scores[i]
		if m.Activity.Own {
			s = social.Scores{Lang: s.Lang, LangConfidence: s.LangConfidence, Model: lang.Model}
		} else if !m.Deleted {
			for _, c := range pins[m.Activity.ID] {
				pin(&s, c)
			}
		}
		kept[m.Activity.ID] = s
	}
	return kept, nil
}

// text is what is read of an activity: the title counts as its first words.
func text(a social.Activity) string {
	if a.Title == "" {
		return a.Text
	}
	return a.Title + ". " + a.Text
}
