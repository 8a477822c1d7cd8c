// Package share keeps who passed on what of what is kept: reposts, boosts and
// quotes.
//
// A share is kept only where its post is. Others are remembered for a while,
// in memory alone and up to a limit, because a network may tell of a share
// before it tells of its post; then they are forgotten. The same share twice
// is one share, in whatever order shares, posts and undoings come; once taken
// back it stays taken back.
package share

import (
	"context"
	"slices"
	"sync"

	"github.com/parley-crm/parley/social"
)

// Store is what keeping shares needs of the database.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Tell(ctx context.Context, facts ...social.Fact) error
	// Shareable returns those of the external ids that a channel keeps as
	// activities and that stand still.
	Shareable(ctx context.Context, channel social.ChannelID, external []string) (map[string]social.ActivityID, error)
	// SharesBy returns those of the external ids that a channel keeps as shares.
	SharesBy(ctx context.Context, channel social.ChannelID, external []string) (map[string]social.Share, error)
	// KeepShares writes shares; of what is there already only that it was taken back.
	KeepShares(ctx context.Context, channel social.ChannelID, all []social.Share) error
}

// Keeper keeps shares. It is safe for use by many goroutines.
type Keeper struct {
	Store Store

	mu      sync.Mutex
	waiting map[social.ChannelID]*waiting
}

// Pick notes shares and returns what is to be written of them: those that are
// new and whose post is kept, and undoings of what is kept. It writes nothing.
func (k *Keeper) Pick(ctx context.Context, channel social.ChannelID, all []social.Share) ([]social.Share, error) {
	if len(all) == 0 {
		return nil, nil
	}
	w := k.of(channel)
	w.put(all) // first, so that a post that is kept meanwhile finds them
	of, names := make([]string, 0, len(all)), make([]string, 0, len(all))
	for _, s := range all {
		names = append(names, s.ExternalID)
		if !s.Undone {
			of = append(of, s.Of)
		}
	}
	kept, err := k.Store.SharesBy(ctx, channel, names)
	if err != nil {
		return nil, err
	}
	posts, err := k.Store.Shareable(ctx, channel, of)
	if err != nil {
		return nil, err
	}
	out := map[string]social.Share{}
	var order []string
	for _, s := range all {
		old, had := kept[s.ExternalID]
		switch {
		case s.Undone && had && !old.Undone:
			old.Undone = true
			s = old
		case !s.Undone && !had && posts[s.Of] != "" && !w.undone(s.ExternalID):
			s.Post = posts[s.Of]
		default:
			continue
		}
		if _, twice := out[s.ExternalID]; !twice {
			order = append(order, s.ExternalID)
		}
		out[s.ExternalID] = s
	}
	picked := make([]social.Share, len(order))
	for i, name := range order {
		picked[i] = out[name]
	}
	return picked, nil
}

// told is how many shares one fact speaks of.
const told = 500

// Keep writes what was picked and tells of it.
func (k *Keeper) Keep(ctx context.Context, channel social.ChannelID, picked []social.Share) error {
	if len(picked) == 0 {
		return nil
	}
	return k.Store.InTx(ctx, func(ctx context.Context) error {
		if err := k.Store.KeepShares(ctx, channel, picked); err != nil {
			return err
		}
		for part := range slices.Chunk(picked, told) {
			fact := social.Shared{Channel: channel}
			for _, s := range part {
				fact.Shares = append(fact.Shares, s.ExternalID)
			}
			if err := k.Store.Tell(ctx, fact); err != nil {
				return err
			}
		}
		return nil
	})
}

// Take picks and keeps in one go: what events say, and what has waited for
// posts that are kept now. It is called in the transaction that keeps them.
func (k *Keeper) Take(ctx context.Context, channel social.ChannelID, said []social.Share, posts []string) error {
	picked, err := k.Pick(ctx, channel, append(slices.Clone(said), k.of(channel).of(posts)...))
	if err != nil {
		return err
	}
	return k.Keep(ctx, channel, picked)
}

func (k *Keeper) of(c social.ChannelID) *waiting {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.waiting == nil {
		k.waiting = map[social.ChannelID]*waiting{}
	}
	w := k.waiting[c]
	if w == nil {
		w = &waiting{shares: map[string]social.Share{}, posts: map[string][]string{}}
		k.waiting[c] = w
	}
	return w
}
