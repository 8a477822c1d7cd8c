package channel

import (
	"context"

	"github.com/parley-crm/parley/social"
)

// Spot is where something stands at the network.
type Spot struct {
	ID         string            // its external id
	Root       string            // external id of the first of its thread, as far as that is known
	Visibility social.Visibility // who can see it
}

// Moderator is a Channel by which we can take out of sight what others said at
// our place.
//
// Hide and Remove are idempotent: what is so already is no error, and whoever
// called may call again after any trouble. Busy means that it was certainly
// not done, Unknown that nobody can tell, any other kind that the network
// refuses, in a sentence. What does not stand there any more is NotFound to
// Hide, and no error to Remove.
type Moderator interface {
	// Moderates says what may be done with something, as far as that is known
	// without asking the network, which has the last word.
	Moderates(at Spot) (hide, remove bool)
	// Hide keeps something from others' eyes, or shows it again.
	Hide(ctx context.Context, at Spot, on bool) error
	// Remove takes something away for good.
	Remove(ctx context.Context, at Spot) error
}

// Retractor is a Channel that can take back what we said there ourselves.
type Retractor interface {
	// Retracts says whether something of ours can be taken back, as far as that
	// is known without asking the network.
	Retracts(at Spot) bool
	// Retract takes it away, with the promises of Moderator.Remove. Only what
	// is ours may be named.
	Retract(ctx context.Context, at Spot) error
}
