package privacy

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Carry begins to carry a request out. A copy is made at once; an erasure goes
// on behind, and waits where a hold stands.
func (k *Keeper) Carry(ctx context.Context, which string) (Request, error) {
	r, err := k.Store.Request(ctx, which)
	if err != nil {
		return r, err
	}
	if r.State == Done || r.State == Refused {
		return r, social.Errorf(social.Conflict, "This request is closed.")
	}
	if r.Kind == Export {
		return k.copyOf(ctx, r)
	}
	err = k.Store.InTx(ctx, func(ctx context.Context) error {
		if r, err = k.Store.Request(ctx, which); err != nil || r.State == Running {
			return err
		}
		s, err := k.Subject(ctx, r.Person)
		if err != nil {
			return err
		}
		if r.Subject == "" {
			plain, err := json.Marshal(s)
			if err != nil {
				return err
			}
			r.Subject = k.Box.Seal("privacy/"+r.ID, plain)
		}
		r.State, r.StartedAt = Running, k.now()
		held, err := k.held(ctx, s)
		if err != nil {
			return err
		}
		if held != "" {
			r.State, r.Why = Held, held
		}
		if err := k.Store.SaveRequest(ctx, r); err != nil {
			return err
		}
		return k.told(ctx, "erase", r, map[string]any{"state": r.State})
	})
	k.stir()
	return r, err
}

// held says which hold keeps somebody back, "" where none does.
func (k *Keeper) held(ctx context.Context, s social.Subject) (string, error) {
	ids := make([]string, len(s.Persons))
	for i, p := range s.Persons {
		ids[i] = string(p)
	}
	holds, err := k.Store.Holds(ctx, ids)
	if err != nil || len(holds) == 0 {
		return "", err
	}
	return "A legal hold stands: " + holds[0].Reason, nil
}

func (k *Keeper) waker() chan struct{} {
	k.once.Do(func() { k.wake = make(chan struct{}, 1) })
	return k.wake
}

func (k *Keeper) stir() {
	select {
	case k.waker() <- struct{}{}:
	default:
	}
}

// Run works at what was begun until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := errors.Join(k.Work(ctx), k.Remind(ctx)); err != nil && ctx.Err() == nil && k.Log != nil {
			k.Log.Warn("a request about privacy waits", "error", err)
		}
		select {
		case <-k.waker():
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

// Work carries every erasure that was begun to its end. What a kill cut off
// goes on where it was.
func (k *Keeper) Work(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	list, err := k.Store.Working(ctx)
	if err != nil {
		return err
	}
	var wrong error
	for _, r := range list {
		if err := k.erase(ctx, r); err != nil {
			wrong = errors.Join(wrong, fmt.Errorf("request %s: %w", r.ID, err))
		}
	}
	return wrong
}

// erase goes step by step; each step and its mark commit together.
func (k *Keeper) erase(ctx context.Context, r Request) error {
	plain, err := k.Box.Unseal("privacy/"+r.ID, r.Subject)
	if err != nil {
		return err
	}
	var s social.Subject
	if err := json.Unmarshal(plain, &s); err != nil {
		return err
	}
	if r.Receipt == nil {
		r.Receipt = &Receipt{Request: r.ID, Person: r.Person, Began: k.now(), Gone: []social.Gone{}, Left: []social.Gone{}}
	}
	for r.Step <= len(k.Holders) {
		stop := false
		err := k.Store.InTx(ctx, func(ctx context.Context) error {
			why, err := k.held(ctx, s)
			if err != nil {
				return err
			}
			if why != "" {
				stop = true
				if r.State == Held {
					return nil
				}
				r.State, r.Why = Held, why
				return k.Store.SaveRequest(ctx, r)
			}
			if err := k.step(ctx, &r, s); err != nil {
				return err
			}
			r.State, r.Why, r.Step = Running, "", r.Step+1
			return k.Store.SaveRequest(ctx, r)
		})
		if err != nil || stop {
			return err
		}
		if err := k.Load(ctx); err != nil {
			return err
		}
	}
	gone, left, err := k.Sweeper.Sweep(ctx, s)
	if err != nil {
		return err
	}
	if err := k.Sweeper.Scour(ctx); err != nil {
		return err
	}
	for _, g := range gone {
		r.Receipt.Gone = append(r.Receipt.Gone, social.Gone{Place: "named in " + g.Place, Rows: g.Rows})
	}
	r.Receipt.Left = append(r.Receipt.Left, left...)
	return k.finish(ctx, r)
}

// step lets one room erase; the first step makes sure that they are not made anew.
func (k *Keeper) step(ctx context.Context, r *Request, s social.Subject) error {
	if r.Step == 0 {
		for _, a := range s.Accounts {
			if err := k.Store.Suppress(ctx, k.hash(a.Author.ID()), "erased on request", s.At); err != nil {
				return err
			}
		}
		r.Receipt.Suppressed = len(s.Accounts)
		return nil
	}
	h := k.Holders[r.Step-1]
	gone, err := h.Erase(ctx, s)
	if err != nil {
		return fmt.Errorf("%s: %w", h.Name(), err)
	}
	for _, g := range gone {
		r.Receipt.Gone = append(r.Receipt.Gone, social.Gone{Place: h.Name() + ": " + g.Place, Rows: g.Rows})
	}
	return nil
}

func (k *Keeper) finish(ctx context.Context, r Request) error {
	r.State, r.ClosedAt, r.Subject, r.Why = Done, k.now(), "", ""
	r.Receipt.Ended = r.ClosedAt
	if k.Backups != nil {
		r.Receipt.Backups = k.Backups()
	}
	text, err := json.Marshal(r.Receipt)
	if err != nil {
		return err
	}
	r.Signature = hex.EncodeToString(ed25519.Sign(k.key(), text))
	return k.Store.InTx(ctx, func(ctx context.Context) error {
		if err := k.Store.SaveRequest(ctx, r); err != nil {
			return err
		}
		if err := k.Herald.Unnotify(ctx, "privacy:"+r.ID); err != nil {
			return err
		}
		return k.told(ctx, "erased", r, map[string]any{"receipt": r.Signature})
	})
}

// Genuine reports whether a receipt is one of ours, as it was signed.
func (k *Keeper) Genuine(r Request) bool {
	if r.Receipt == nil {
		return false
	}
	text, err := json.Marshal(r.Receipt)
	sig, bad := hex.DecodeString(r.Signature)
	return err == nil && bad == nil && ed25519.Verify(k.key().Public().(ed25519.PublicKey), text, sig)
}

// Place puts somebody under a legal hold.
func (k *Keeper) Place(ctx context.Context, h Hold) (Hold, error) {
	if err := tidy("reason", &h.Reason, 1000, true); err != nil {
		return h, err
	}
	err := k.Store.InTx(ctx, func(ctx context.Context) error {
		p, err := k.People.Person(ctx, h.Person)
		if err != nil {
			return err
		}
		h.ID, h.Person, h.By, h.At = id.At(k.now()), p.ID, member(ctx), k.now()
		if err := k.Store.SaveHold(ctx, h); err != nil {
			return err
		}
		return k.Store.Record(ctx, social.Entry{Verb: "hold", Object: "person", ID: string(p.ID), Detail: map[string]any{"hold": h.ID}})
	})
	return h, err
}

// Lift ends a hold; an erasure that it kept back goes on.
func (k *Keeper) Lift(ctx context.Context, which string) (Hold, error) {
	var h Hold
	err := k.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if h, err = k.Store.Hold(ctx, which); err != nil || !h.EndedAt.IsZero() {
			return err
		}
		h.EndedBy, h.EndedAt = member(ctx), k.now()
		if err := k.Store.SaveHold(ctx, h); err != nil {
			return err
		}
		return k.Store.Record(ctx, social.Entry{Verb: "lift", Object: "person", ID: string(h.Person), Detail: map[string]any{"hold": h.ID}})
	})
	k.stir()
	return h, err
}

// Remind tells whoever keeps privacy, once, of requests that are due soon.
func (k *Keeper) Remind(ctx context.Context) error {
	now := k.now()
	near, err := k.Store.Near(ctx, now.Add(Warn))
	if err != nil || len(near) == 0 {
		return err
	}
	who, err := k.Keepers(ctx)
	if err != nil {
		return err
	}
	return k.Store.InTx(ctx, func(ctx context.Context) error {
		for _, r := range near {
			what := "A customer’s request for a copy of their data"
			if r.Kind == Erasure {
				what = "A customer’s request to be forgotten"
			}
			if err := k.Herald.Notify(ctx, social.Notice{Key: "privacy:" + r.ID, Kind: "due", Text: what + " is due on " + r.DueAt.Format("2 January") + ".",
				Link: "/settings/privacy?request=" + r.ID, Members: who}); err != nil {
				return err
			}
			r.ToldAt = now
			if err := k.Store.SaveRequest(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
}
