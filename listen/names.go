package listen

import (
	"context"
	"sync"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Some networks tell of an author only a number. Those whose words are kept
// are asked for by name, within limits: a network that is slow must not hold
// up what is heard, and who stays unknown now is asked for when they speak again.
const (
	namesAtOnce = 8
	namesMost   = 64              // authors of one batch
	namesTime   = 2 * time.Second // for all of them
)

// name gives the authors of events the handles and names that their network
// knows. Channels remember what they found.
func (s *Station) name(ctx context.Context, conn channel.Channel, authors []*social.Author) {
	p, ok := conn.(channel.Profiler)
	if !ok {
		return
	}
	known := map[string]social.Author{}
	for _, a := range authors {
		if nameless(*a) && len(known) < namesMost {
			known[a.Value] = *a
		}
	}
	if len(known) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, namesTime)
	defer cancel()
	var mu sync.Mutex
	var wg sync.WaitGroup
	room := make(chan struct{}, namesAtOnce)
	ask := make([]social.Author, 0, len(known))
	for _, a := range known {
		ask = append(ask, a)
	}
	for _, a := range ask {
		room <- struct{}{}
		wg.Go(func() {
			defer func() { <-room }()
			found, err := p.Profile(ctx, a)
			if err != nil || found.ID() != a.ID() {
				return
			}
			found.Bot = found.Bot || a.Bot
			mu.Lock()
			defer mu.Unlock()
			known[a.Value] = found
		})
	}
	wg.Wait()
	for _, a := range authors {
		if found, ok := known[a.Value]; ok && nameless(*a) {
			*a = found
		}
	}
}

func nameless(a social.Author) bool { return a.Handle == "" && a.Name == "" && a.Value != "" }

// authorsOf are who said what events bring, and who shared.
func authorsOf(events []*heard) []*social.Author {
	var out []*social.Author
	for _, h := range events {
		for i := range h.posts {
			if h.posts[i].Verb != social.Delete {
				out = append(out, &h.posts[i].Author)
			}
		}
		for i := range h.shares {
			out = append(out, &h.shares[i].By)
		}
	}
	return out
}
