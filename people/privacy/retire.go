package privacy

import (
	"context"
	"encoding/json"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Retire forgets persons because a rule of retention says so, as an erasure
// does: no name of theirs stays anywhere. They go together, through a kill, and
// it is part of a run. Whoever a hold keeps stays; write to us again and it is a
// new beginning.
func (k *Keeper) Retire(ctx context.Context, run string, who []social.PersonID) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	all := social.Subject{At: k.now()}
	for _, p := range who {
		s, err := k.Subject(ctx, p)
		if social.NotFound.Is(err) {
			continue
		}
		if err != nil {
			return err
		}
		if why, err := k.Held(ctx, s); err != nil || why != "" {
			if err != nil {
				return err
			}
			continue
		}
		all.Persons, all.Accounts, all.Names = append(all.Persons, s.Persons...), append(all.Accounts, s.Accounts...), append(all.Names, s.Names...)
		all.Whole++
	}
	if len(all.Persons) == 0 {
		return nil
	}
	r := Request{ID: id.At(k.now()), Kind: Erasure, State: Running, AskedBy: ByRetention, How: run, AskedAt: all.At, DueAt: all.At.Add(Term), StartedAt: all.At}
	plain, err := json.Marshal(all)
	if err != nil {
		return err
	}
	r.Subject = k.Box.Seal("privacy/"+r.ID, plain)
	if err := k.Store.InTx(ctx, func(ctx context.Context) error { return k.Store.SaveRequest(ctx, r) }); err != nil {
		return err
	}
	return k.erase(ctx, r)
}

// Retired says how many persons a run has forgotten.
func (k *Keeper) Retired(ctx context.Context, run string) (int, error) {
	list, err := k.Store.Forgotten(ctx, run)
	n := 0
	for _, r := range list {
		n += r.Persons
	}
	return n, err
}

// Scour writes over what was deleted.
func (k *Keeper) Scour(ctx context.Context) error { return k.Sweeper.Scour(ctx) }
