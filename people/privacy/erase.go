package privacy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

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
		held, err := k.Held(ctx, s)
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
		if r.AskedBy == ByRetention {
			r.Receipt.Persons = s.Whole
		}
	}
	for r.Step <= len(k.Holders) {
		stop := false
		err := k.Store.InTx(ctx, func(ctx context.Context) error {
			why, err := k.Held(ctx, s)
			if err != nil {
				return err
			}
			if why != "" {
				stop = true
				if r.AskedBy == ByRetention && r.Step == 0 { // they are looked at again in another night
					r.State, r.Why, r.ClosedAt, r.Subject = Refused, why, k.now(), ""
					return k.Store.SaveRequest(ctx, r)
				}
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
	reason := OnRequest
	if r.AskedBy == ByRetention {
		reason = ByRetention
	}
	if err := k.remember(s, reason); err != nil {
		return err
	}
	if r.AskedBy != ByRetention { // whose run does it once, at its end
		if err := k.Sweeper.Scour(ctx); err != nil {
			return err
		}
	}
	for _, g := range gone {
		r.Receipt.Gone = append(r.Receipt.Gone, social.Gone{Place: "named in " + g.Place, Rows: g.Rows})
	}
	r.Receipt.Left = append(r.Receipt.Left, left...)
	return k.finish(ctx, r, s)
}

// step lets one room erase; the first step makes sure that they are not made anew.
func (k *Keeper) step(ctx context.Context, r *Request, s social.Subject) error {
	if r.Step == 0 {
		for _, a := range s.Accounts {
			reason := OnRequest
			if r.AskedBy == ByRetention {
				reason = ByRetention
			}
			if err := k.Store.Suppress(ctx, k.hash(a.Author.ID()), reason, s.At); err != nil {
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

func (k *Keeper) finish(ctx context.Context, r Request, s social.Subject) error {
	r.State, r.ClosedAt, r.Subject, r.Why = Done, k.now(), "", ""
	r.Receipt.Ended = r.ClosedAt
	if k.Backups != nil {
		r.Receipt.Backups = k.Backups()
	}
	text, err := json.Marshal(r.Receipt)
	if err != nil {
		return err
	}
	r.Signature = k.Sign(text)
	return k.Store.InTx(ctx, func(ctx context.Context) error {
		if err := k.Store.SaveRequest(ctx, r); err != nil {
			return err
		}
		if r.AskedBy == ByRetention {
			for _, p := range s.Persons {
				if err := k.Store.Tell(ctx, social.Dealt{Object: "person", ID: string(p)}); err != nil {
					return err
				}
			}
			return nil // the record has the run
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
	return err == nil && k.Signed(text, r.Signature)
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
