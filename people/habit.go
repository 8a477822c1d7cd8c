package people

import (
	"cmp"
	"slices"
	"time"

	"github.com/parley-crm/parley/social"
)

// Habits is when somebody writes, where, and what about.
type Habits struct {
	N        int // how much was looked at
	Since    time.Time
	Hours    [7][24]int // from Monday
	About    []Often[string]
	Channels []Often[social.ChannelID]
}

// Often is something with how often it was met.
type Often[T ~string] struct {
	Of T
	N  int
}

// Most lists what was counted, the most first.
func Most[T ~string](counted map[T]int) []Often[T] {
	out := make([]Often[T], 0, len(counted))
	for k, n := range counted {
		out = append(out, Often[T]{k, n})
	}
	slices.SortFunc(out, func(a, b Often[T]) int { return cmp.Or(b.N-a.N, cmp.Compare(a.Of, b.Of)) })
	return out
}
