package main

import (
	"context"
	"time"

	"github.com/parley-crm/parley/analyze/encoder"
	"github.com/parley-crm/parley/engage/engageapi"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// Reach changes the scope of ctx to that of another permission.
func (a around) Reach(ctx context.Context, p social.Permission) (context.Context, bool) {
	return a.reaching(ctx, p)
}

// senses lets knowledge read texts for their meaning with the encoder.
type senses struct{ model *encoder.Model }

// Model names the encoder.
func (s senses) Model() string { return encoder.Name }

// Speaks says whether the encoder was made for a language.
func (s senses) Speaks(lang string) bool { return s.model.Speaks(lang) }

// Vectors reads texts.
func (s senses) Vectors(texts []string) [][]float32 { return s.model.Vectors(texts) }

// doorKinds are the networks whose page a visitor of the help page is led to,
// the best first.
var doorKinds = []string{"form", "chat"}

// Doors lists our own public pages on which people can write to us, and which
// are open.
func (a around) Doors(ctx context.Context) ([]engageapi.HelpDoor, error) {
	var out []engageapi.HelpDoor
	for _, kind := range doorKinds {
		for _, c := range a.h.station.ChannelsSeen(asParley(ctx)) {
			if c.Kind != kind {
				continue
			}
			if _, err := a.h.station.DoorOf(c.ID); err == nil {
				out = append(out, engageapi.HelpDoor{ID: c.ID, Kind: c.Kind, Name: c.Name})
			}
		}
	}
	return out, nil
}

// Peers counts what colleagues in the hive solved without the contact centre.
func (a around) Peers(ctx context.Context, from, to time.Time) (int64, error) {
	return a.h.hive.Solved(ctx, from, to)
}

// AskDoor is the page where a visitor of the help page can ask.
func (a around) AskDoor(ctx context.Context, wish social.ChannelID) string {
	doors, _ := a.Doors(ctx) // never fails
	for _, d := range doors {
		if wish == "" || d.ID == wish {
			return a.h.station.Door(d.ID) + "/"
		}
	}
	if wish != "" {
		return a.AskDoor(ctx, "") // the wished one is closed
	}
	return ""
}

// BrandName is what the company is called.
func (a around) BrandName(ctx context.Context) string { return a.h.brand(ctx).Name }

// countResolved tells knowledge of conversations that were resolved.
func (h *house) countResolved(ctx context.Context, facts []store.Fact) error {
	for _, f := range facts {
		if r, ok := f.Fact.(social.Resolved); ok {
			if err := h.library.Resolved(asParley(ctx), r.Conversation, r.At); err != nil {
				return err
			}
		}
	}
	return nil
}
