package main

import (
	"context"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/evolve/evolveapi"
	"github.com/parley-crm/parley/listen"
)

// brand is how our own pages look.
func (h *house) brand(ctx context.Context) channel.Brand {
	b, err := h.office.Brand(ctx)
	if err != nil {
		h.log.Warn("the brand could not be read", "error", err)
	}
	return channel.Brand{Name: b.Name}
}

// ailingMost is how many channels the home page names.
const ailingMost = 5

// Ailing lists the channels that need somebody, and those whose network asks us
// to wait.
func (a around) Ailing(ctx context.Context) ([]evolveapi.Ailing, error) {
	var out []evolveapi.Ailing
	now := a.h.clock.Now()
	for _, c := range a.h.station.ChannelsSeen(ctx) {
		h := c.Health.At(now)
		limited := h.Limit.Until.After(now) || h.Send.Until.After(now)
		if c.State != listen.Active || h.State != listen.Trouble && h.State != listen.Soon && !limited {
			continue
		}
		if out = append(out, evolveapi.Ailing{Channel: a.h.station.RefOf(c), State: string(h.State), Text: h.Text}); len(out) == ailingMost {
			break
		}
	}
	return out, nil
}
