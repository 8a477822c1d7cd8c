package analyzeapi_test

import (
	"context"
	"time"

	"github.com/parley-crm/parley/analyze"
	"github.com/parley-crm/parley/social"
)

// crier knows everybody by name, and which channels are whose.
type crier struct{}

func (crier) Speakers(_ context.Context, ids []social.IdentityID, _ time.Time) (map[social.IdentityID]analyze.Speaker, error) {
	out := map[social.IdentityID]analyze.Speaker{}
	for _, id := range ids {
		out[id] = analyze.Speaker{Name: string(id), Handle: string(id), Followers: 5}
	}
	return out, nil
}

func (crier) ChannelsOf(context.Context) (map[social.ProgrammeID][]social.ChannelID, error) {
	return map[social.ProgrammeID][]social.ChannelID{"care": {"c1"}, "press": {"c2"}}, nil
}
