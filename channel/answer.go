package channel

import (
	"context"
	"errors"
	"strings"

	"github.com/parley-crm/parley/social"
)

// Answers is how a Door answers: what we say is a line of the visitor's talk,
// under the reply's key, so that it stands there once and can be found again.
// A door embeds it, and so is a Sender and a Finder.
type Answers struct {
	Env  Env
	Most int                  // characters
	Wake func(visitor string) // after an answer was kept; nil where nobody waits for it

	Files *Porter // what goes with answers
}

// Fit counts characters.
func (a Answers) Fit(s string) Room {
	n := len([]rune(strings.TrimSpace(s)))
	return Room{Fits: n > 0 && n <= a.Most, Left: a.Most - n, Max: a.Most, Unit: "characters"}
}

// Visibilities is one: only the visitor reads it.
func (a Answers) Visibilities() []social.Visibility { return []social.Visibility{social.Direct} }

// Carries is what the visitor's page shows.
func (a Answers) Carries(social.Visibility) Load { return a.Files.Load() }

// Send puts the answer into the talk, its files before it. The key makes it once.
func (a Answers) Send(ctx context.Context, r social.Reply) (Receipt, error) {
	switch room := a.Fit(r.Text); {
	case !room.Fits && room.Left >= 0:
		return Receipt{}, social.Errorf(social.Invalid, "There is nothing to say.")
	case !room.Fits:
		return Receipt{}, social.Errorf(social.Invalid, "The answer is too long by %d characters.", -room.Left)
	case r.Visibility == social.Internal:
		return Receipt{}, social.Errorf(social.Invalid, "A note stays in the house.")
	case ctx.Err() != nil:
		return Receipt{}, social.Because(social.Busy, ctx.Err(), "Sending was given up before it began.")
	}
	visitor, ok := strings.CutPrefix(r.Root, "talk/")
	if !ok {
		return Receipt{}, social.Errorf(social.NotFound, "Nobody knows any more to which message this is the answer.")
	}
	if err := a.Files.give(ctx, visitor, r.Key, r.Media); err != nil {
		return Receipt{}, err
	}
	l, _, err := a.Env.Lines.Add(ctx, a.Env.ID, Line{ID: "ours/" + r.Key, Visitor: visitor, Ours: true, Text: r.Text, At: a.Env.Now()})
	if err != nil {
		return Receipt{}, unsure(err)
	}
	if a.Wake != nil {
		a.Wake(visitor)
	}
	return Receipt{ExternalID: l.ID, At: l.At}, nil
}

// unsure sorts an error of keeping: what has no kind may have been kept.
func unsure(err error) error {
	var known *social.Error
	if errors.As(err, &known) && known.Kind != social.Fault {
		return err
	}
	return social.Because(social.Unknown, err, "The answer may have been kept or not; nobody can tell yet.")
}

// Find looks whether the answer stands on the page.
func (a Answers) Find(ctx context.Context, r social.Reply) (Receipt, error) {
	l, err := a.Env.Lines.ByID(ctx, a.Env.ID, "ours/"+r.Key)
	if err != nil {
		if social.KindOf(err) == social.Fault {
			err = social.Because(social.Busy, err, "The talk cannot be read right now.")
		}
		return Receipt{}, err
	}
	return Receipt{ExternalID: l.ID, At: l.At}, nil
}
