package publish

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/word"
	"github.com/parley-crm/parley/social"
)

// Twin is a post that says the same, or nearly so, on the same channel.
type Twin struct {
	Channel social.ChannelID
	Content ContentID
	Post    PostID
	Name    string
	State   State
	At      time.Time
	Like    float64 // 1: the same words
}

const (
	lately = 30 * 24 * time.Hour
	alike  = 0.6
)

// Twins finds, for the posts of a content that need not be kept, what was said
// or is planned on the same channels within thirty days.
func (p *Press) Twins(ctx context.Context, c Content) ([]Twin, error) {
	var out []Twin
	outlets, err := p.Channels.Outlets(ctx)
	if err != nil {
		return nil, err
	}
	for _, x := range c.Posts {
		mine := shingles(c.Words(x))
		if len(mine) == 0 || !slices.ContainsFunc(outlets, func(o Outlet) bool { return o.ID == x.Channel }) {
			continue
		}
		others, err := p.Store.Lately(ctx, x.Channel, p.now().Add(-lately), 200)
		if err != nil {
			return nil, err
		}
		var best Twin
		for _, o := range others {
			y := o.Posts[0]
			if o.ID == c.ID {
				continue
			}
			if like := overlap(mine, shingles(o.Words(y))); like >= alike && like > best.Like {
				at := y.At
				if !y.PublishedAt.IsZero() {
					at = y.PublishedAt
				}
				best = Twin{Channel: x.Channel, Content: o.ID, Post: y.ID, Name: o.Name(), State: y.State, At: at, Like: like}
			}
		}
		if best.Like > 0 {
			out = append(out, best)
		}
	}
	return out, nil
}

// shingles are the runs of three words of a text, without its addresses.
func shingles(s string) map[string]bool {
	words := word.Split(strings.ToLower(addresses.ReplaceAllString(s, " ")))
	out := map[string]bool{}
	if len(words) > 0 && len(words) < 3 {
		out[strings.Join(words, " ")] = true
	}
	for i := 0; i+3 <= len(words); i++ {
		out[strings.Join(words[i:i+3], " ")] = true
	}
	return out
}

// overlap is what two texts have in common, of all that they have.
func overlap(a, b map[string]bool) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	both := 0
	for s := range a {
		if b[s] {
			both++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}
