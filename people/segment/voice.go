package segment

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/social"
)

// Spoken is what somebody, or all of a segment, said on a UTC day: how many
// activities, and how many of them sounded how. Those that could not be read
// are in Said alone.
type Spoken struct {
	Day                               time.Time
	Channel                           social.ChannelID // "" for all together
	Said, Negative, Neutral, Positive int
}

// spokenDays is how far back what persons said is summed up.
const spokenDays = 400

// VoiceStore keeps what persons said by day.
type VoiceStore interface {
	// SpokenBy lists what is kept of persons, by day and channel.
	SpokenBy(ctx context.Context, ids []social.PersonID) (map[social.PersonID][]Spoken, error)
	// SaveSpoken puts what persons said in place of what was kept of them.
	SaveSpoken(ctx context.Context, all map[social.PersonID][]Spoken) error
	// Voice sums up by day what the members of a segment who are in scope said
	// on some channels (nil: all), from one day to another, both included.
	Voice(ctx context.Context, id social.SegmentID, from, to time.Time, on []social.ChannelID) ([]Spoken, error)
	// Speakers counts how many of them said something then.
	Speakers(ctx context.Context, id social.SegmentID, from, to time.Time, on []social.ChannelID) (int, error)
}

// hear brings what is kept of what persons said up to date.
func (k *Keeper) hear(ctx context.Context, who []Who, now time.Time) error {
	if k.Voices == nil || len(who) == 0 {
		return nil
	}
	ids := make([]social.PersonID, len(who))
	for i, w := range who {
		ids[i] = w.Person
	}
	fresh, err := k.Voices(ctx, who, now.AddDate(0, 0, -spokenDays).Truncate(24*time.Hour))
	if err != nil {
		return err
	}
	had, err := k.Store.SpokenBy(ctx, ids)
	if err != nil {
		return err
	}
	save := map[social.PersonID][]Spoken{}
	for _, p := range ids {
		slices.SortFunc(fresh[p], func(a, b Spoken) int { return cmp.Or(a.Day.Compare(b.Day), cmp.Compare(a.Channel, b.Channel)) })
		if !slices.Equal(fresh[p], had[p]) {
			save[p] = fresh[p]
		}
	}
	return k.Store.SaveSpoken(ctx, save)
}
