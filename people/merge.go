package people

import (
	"context"
	"strings"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Join merges other into survivor: its identities move over, its id stays as
// an alias, and the whole can be undone. Conversations keep the address that
// they answer to; a merge never changes it.
func (b *Book) Join(ctx context.Context, survivor, other social.PersonID) (Merge, error) {
	var m Merge
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		m, err = b.join(ctx, survivor, other, Change{}, ground{})
		return err
	})
	return m, err
}

// ground is why two are joined.
type ground struct {
	reasons   []string
	automatic bool
}

// join merges with the field values that were chosen.
func (b *Book) join(ctx context.Context, survivor, other social.PersonID, chosen Change, why ground) (Merge, error) {
	to, err := b.Store.Person(ctx, survivor)
	if err != nil {
		return Merge{}, err
	}
	from, err := b.Store.Person(ctx, other)
	if err != nil {
		return Merge{}, err
	}
	if to.ID == from.ID {
		return Merge{}, &social.Error{Kind: social.Invalid, Field: "other", Text: "These are the same person already."}
	}
	actor, _ := social.ActorOf(ctx)
	m := Merge{ID: id.At(b.Clock.Now()), Survivor: to.ID, Absorbed: from.ID, AbsorbedName: from.Name, Before: to, By: actor.Member, At: b.Clock.Now(),
		Reasons: why.reasons, Automatic: why.automatic}
	for _, i := range from.Identities {
		m.Moved = append(m.Moved, i.ID)
	}
	if err := b.Store.Move(ctx, m.Moved, to.ID); err != nil {
		return m, err
	}
	from.MergedInto = to.ID
	if err := b.Store.Save(ctx, from); err != nil {
		return m, err
	}
	to.Notes = both(to.Notes, from.Notes)
	if to.Place == "" {
		to.Place = from.Place
	}
	if _, err := apply(&to, chosen); err != nil {
		return m, err
	}
	m.After = to
	if err := b.Store.Save(ctx, to); err != nil {
		return m, err
	}
	if err := b.Store.SaveMerge(ctx, m); err != nil {
		return m, err
	}
	if err := b.Store.Regain(ctx, to.ID); err != nil {
		return m, err
	}
	if err := b.Store.Tell(ctx, social.Dealt{Object: "person", ID: string(to.ID)}, social.Dealt{Object: "person", ID: string(from.ID)}); err != nil {
		return m, err
	}
	if err := b.Store.Record(ctx, social.Entry{Verb: "merge", Object: "person", ID: string(to.ID), Detail: map[string]any{"absorbed": from.ID, "merge": m.ID, "automatic": why.automatic, "reasons": why.reasons}}); err != nil {
		return m, err
	}
	if b.Hints == nil {
		return m, nil
	}
	// A suggestion of these two is settled; others of the absorbed one are
	// asked anew of the survivor.
	if err := b.Hints.Settle(ctx, to.ID, from.ID, SuggestionAccepted, m.ID, nil); err != nil {
		return m, err
	}
	if err := b.Hints.Settle(ctx, from.ID, "", SuggestionStale, m.ID, nil); err != nil {
		return m, err
	}
	return m, b.consider(ctx, to.ID)
}

func both(a, b string) string {
	if b == "" {
		return a
	}
	return strings.TrimSpace(a + "\n\n" + b)
}

// Split undoes a merge: every identity that moved goes back, and the
// survivor's own fields are what they were, unless they were edited since.
func (b *Book) Split(ctx context.Context, merge string) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		m, err := b.Store.Merge(ctx, merge)
		if err != nil {
			return err
		}
		if !m.UndoneAt.IsZero() {
			return social.Errorf(social.Conflict, "This merge was undone already.")
		}
		to, err := b.Store.Person(ctx, m.Survivor)
		if err != nil {
			return err
		}
		if to.ID != m.Survivor {
			return social.Errorf(social.Conflict, "This person was merged again since; undo the later merge first.")
		}
		m.UndoneAt = b.Clock.Now()
		if err := b.Store.SaveMerge(ctx, m); err != nil {
			return err
		}
		if err := b.Store.Release(ctx, m.Absorbed); err != nil {
			return err
		}
		if err := b.Store.Move(ctx, m.Moved, m.Absorbed); err != nil {
			return err
		}
		absorbed, err := b.Store.Person(ctx, m.Absorbed)
		if err != nil {
			return err
		}
		if err := b.giveBack(ctx, m, &to, absorbed); err != nil {
			return err
		}
		if err := b.Store.Regain(ctx, to.ID, absorbed.ID); err != nil {
			return err
		}
		if err := b.Store.Tell(ctx, social.Dealt{Object: "person", ID: string(to.ID)}, social.Dealt{Object: "person", ID: string(absorbed.ID)}); err != nil {
			return err
		}
		if err := b.Store.Record(ctx, social.Entry{Verb: "undo", Object: "person", ID: string(m.Survivor), Detail: map[string]any{"merge": m.ID}}); err != nil {
			return err
		}
		if b.Hints == nil {
			return nil
		}
		if err := b.Hints.Reopen(ctx, m.ID); err != nil {
			return err
		}
		if err := b.consider(ctx, to.ID); err != nil {
			return err
		}
		return b.consider(ctx, absorbed.ID)
	})
}

// giveBack takes out of the survivor's fields what a merge put there, and out
// of what later merges remember of them.
func (b *Book) giveBack(ctx context.Context, m Merge, to *Person, absorbed Person) error {
	later, err := b.Store.Merges(ctx, m.Survivor)
	if err != nil {
		return err
	}
	for _, l := range later {
		if l.At.Before(m.At) || l.At.Equal(m.At) && l.ID < m.ID {
			continue
		}
		m.takeOut(&l.Before, absorbed)
		m.takeOut(&l.After, absorbed)
		if err := b.Store.SaveMerge(ctx, l); err != nil {
			return err
		}
	}
	m.takeOut(to, absorbed)
	return b.Store.Save(ctx, *to)
}

// takeOut undoes in a person's fields what a merge did to them, where it still
// stands there.
func (m Merge) takeOut(p *Person, absorbed Person) {
	after := m.After
	if after.ID == "" { // it was made before merges remembered that
		after = Person{Name: m.Before.Name, NameEdited: m.Before.NameEdited, Notes: both(m.Before.Notes, absorbed.Notes), Place: m.Before.Place}
		if m.Before.Place == "" {
			after.Place = absorbed.Place
		}
	}
	if p.Name == after.Name {
		p.Name, p.NameEdited = m.Before.Name, m.Before.NameEdited
	}
	if p.Place == after.Place {
		p.Place = m.Before.Place
	}
	if p.Notes == after.Notes {
		p.Notes = m.Before.Notes
	} else if absorbed.Notes != "" {
		p.Notes = strings.Replace(p.Notes, "\n\n"+absorbed.Notes, "", 1)
	}
}
