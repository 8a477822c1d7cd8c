package share

import (
	"slices"
	"sync"

	"github.com/parley-crm/parley/social"
)

// waitMost is how many of a channel's shares are remembered: some minutes of a
// whole public network.
const waitMost = 20_000

// waiting remembers the newest shares of a channel.
type waiting struct {
	mu     sync.Mutex
	shares map[string]social.Share // by their external ids; of what was taken back no more than that
	posts  map[string][]string     // shares that stand, by the external ids of their posts
	queue  []string                // the oldest first
}

func (w *waiting) put(all []social.Share) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range all {
		old, had := w.shares[s.ExternalID]
		switch {
		case had && (old.Undone || !s.Undone):
			continue
		case had: // taken back
			w.leave(old)
		default:
			w.queue = append(w.queue, s.ExternalID)
		}
		if s.Undone {
			s = social.Share{ExternalID: s.ExternalID, Undone: true}
		} else {
			w.posts[s.Of] = append(w.posts[s.Of], s.ExternalID)
		}
		w.shares[s.ExternalID] = s
	}
	for len(w.queue) > waitMost {
		oldest := w.queue[0]
		w.queue = w.queue[1:]
		w.leave(w.shares[oldest])
		delete(w.shares, oldest)
	}
}

// leave takes a share away from its post.
func (w *waiting) leave(s social.Share) {
	if s.Undone {
		return
	}
	rest := slices.DeleteFunc(w.posts[s.Of], func(name string) bool { return name == s.ExternalID })
	if len(rest) == 0 {
		delete(w.posts, s.Of)
	} else {
		w.posts[s.Of] = rest
	}
}

// of returns what waits for posts.
func (w *waiting) of(posts []string) []social.Share {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []social.Share
	for _, p := range posts {
		for _, name := range w.posts[p] {
			out = append(out, w.shares[name])
		}
	}
	return out
}

func (w *waiting) undone(name string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.shares[name].Undone
}
