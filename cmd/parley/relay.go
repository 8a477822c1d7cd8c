package main

import (
	"context"

	"github.com/parley-crm/parley/govern/relay"
	"github.com/parley-crm/parley/store"
)

// openRelay makes what tells other systems.
func (h *house) openRelay(base string) {
	h.relay = relay.New(&relay.Relay{Store: h.governdb, Herald: h.office, Admins: h.governdb.Admins, Sealer: h.box, HTTP: h.client.HTTP, Base: base, Clock: h.clock, Log: h.log})
}

// tellOthers gives the relay what happened.
func (h *house) tellOthers(ctx context.Context, facts []store.Fact) error {
	told := make([]relay.Told, len(facts))
	for i, f := range facts {
		told[i] = relay.Told{Pos: f.Pos, At: f.At, Fact: f.Fact}
	}
	return h.relay.Hear(asParley(ctx), told)
}
