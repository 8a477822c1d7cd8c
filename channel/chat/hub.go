package chat

import (
	"sync"

	"github.com/parley-crm/parley/social"
)

// How many pages may listen at once.
const (
	mostPages     = 20_000
	mostOfVisitor = 6
	mostOfAddress = 60
)

// Hub wakes the pages of visitors when there is something new for them.
type Hub struct {
	mu     sync.Mutex
	pages  map[seat]map[*page]bool
	all    int
	ips    map[string]int
	closed bool
}

type seat struct {
	channel social.ChannelID
	visitor string
}

// page is an open page of a visitor.
type page struct{ wake chan struct{} }

// NewHub makes a hub.
func NewHub() *Hub { return &Hub{pages: map[seat]map[*page]bool{}, ips: map[string]int{}} }

// Close ends all open pages; their browsers come back.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	h.closed = true
	for _, pages := range h.pages {
		for p := range pages {
			close(p.wake)
		}
	}
}

// enter lets a page listen, unless there are too many.
func (h *Hub) enter(s seat, ip string) (*page, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.all >= mostPages || len(h.pages[s]) >= mostOfVisitor || h.ips[ip] >= mostOfAddress {
		return nil, false
	}
	p := &page{make(chan struct{}, 1)}
	if h.pages[s] == nil {
		h.pages[s] = map[*page]bool{}
	}
	h.pages[s][p] = true
	h.all++
	h.ips[ip]++
	return p, true
}

func (h *Hub) leave(s seat, ip string, p *page) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.pages[s], p)
	if len(h.pages[s]) == 0 {
		delete(h.pages, s)
	}
	h.all--
	if h.ips[ip]--; h.ips[ip] <= 0 {
		delete(h.ips, ip)
	}
}

// wake tells a visitor's pages that there is something new.
func (h *Hub) wake(s seat) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	for p := range h.pages[s] {
		select {
		case p.wake <- struct{}{}:
		default:
		}
	}
}
