package main

import (
	"context"

	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/people/privacyapi"
	"github.com/parley-crm/parley/people/privacydb"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// openPrivacy builds what keeps consents.
func (h *house) openPrivacy() {
	h.consents = &consent.Ledger{Store: privacydb.New(h.db), People: h.book, Clock: h.clock}
}

func (h *house) registerPrivacy(s *server.Server) {
	privacyapi.RegisterConsent(s, h.consents, around{h})
}

// takeWishes tells the ledger of consents who asked for STOP or START.
func (h *house) takeWishes(ctx context.Context, facts []store.Fact) error {
	for _, f := range facts {
		if w, ok := f.Fact.(social.Wished); ok {
			if err := h.consents.Wished(asParley(ctx), w); err != nil {
				return err
			}
		}
	}
	return nil
}
