package people

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// limits of what may be written about a person, in characters.
const (
	maxName  = 200
	maxPlace = 200
	maxNotes = 20_000
)

// Edit writes what a colleague knows of a person.
func (b *Book) Edit(ctx context.Context, who social.PersonID, c Change) (Person, error) {
	var p Person
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if p, err = b.Store.Person(ctx, who); err != nil {
			return err
		}
		changed := map[string]any{}
		if c.Name != nil {
			p.Name, p.NameEdited = strings.TrimSpace(*c.Name), true
			changed["name"] = true
			if p.Name == "" {
				return &social.Error{Kind: social.Invalid, Field: "name", Text: "A person needs a name; to go back to the network's, copy it from the identity below."}
			}
		}
		if c.Notes != nil {
			p.Notes = strings.TrimSpace(*c.Notes)
			changed["notes"] = true
		}
		if c.Place != nil {
			p.Place = strings.TrimSpace(*c.Place)
			changed["place"] = true
		}
		for _, l := range []struct {
			field, value string
			max          int
		}{{"name", p.Name, maxName}, {"place", p.Place, maxPlace}, {"notes", p.Notes, maxNotes}} {
			if n := utf8.RuneCountInString(l.value); n > l.max {
				return &social.Error{Kind: social.Invalid, Field: l.field,
					Text: fmt.Sprintf("This is %d characters long; %d are kept at most.", n, l.max)}
			}
		}
		if len(changed) == 0 {
			return nil
		}
		if err := b.Store.Save(ctx, p); err != nil {
			return err
		}
		return b.Store.Record(ctx, social.Entry{Verb: "update", Object: "person", ID: string(p.ID), Detail: changed})
	})
	return p, err
}

// Join merges other into survivor: its identities move over, its id stays as
// an alias, and the whole can be undone. Conversations keep the address that
// they answer to; a merge never changes it.
func (b *Book) Join(ctx context.Context, survivor, other social.PersonID) (Merge, error) {
	var m Merge
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		to, err := b.Store.Person(ctx, survivor)
		if err != nil {
			return err
		}
		from, err := b.Store.Person(ctx, other)
		if err != nil {
			return err
		}
		if to.ID == from.ID {
			return &social.Error{Kind: social.Invalid, Field: "other", Text: "These are the same person already."}
		}
		actor, _ := social.ActorOf(ctx)
		m = Merge{ID: id.At(b.Clock.Now()), Survivor: to.ID, Absorbed: from.ID, AbsorbedName: from.Name, Before: to, By: actor.Member, At: b.Clock.Now()}
		for _, i := range from.Identities {
			m.Moved = append(m.Moved, i.ID)
		}
		if err := b.Store.Move(ctx, m.Moved, to.ID); err != nil {
			return err
		}
		from.MergedInto = to.ID
		if err := b.Store.Save(ctx, from); err != nil {
			return err
		}
		if from.Notes != "" {
			to.Notes = strings.TrimSpace(to.Notes + "\n\n" + from.Notes)
		}
		if to.Place == "" {
			to.Place = from.Place
		}
		if from.SeenAt.After(to.SeenAt) {
			to.SeenAt = from.SeenAt
		}
		if err := b.Store.Save(ctx, to); err != nil {
			return err
		}
		if err := b.Store.SaveMerge(ctx, m); err != nil {
			return err
		}
		return b.Store.Record(ctx, social.Entry{Verb: "merge", Object: "person", ID: string(to.ID), Detail: map[string]any{"absorbed": from.ID, "merge": m.ID}})
	})
	return m, err
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
		if to.Notes == strings.TrimSpace(m.Before.Notes+"\n\n"+absorbed.Notes) {
			to.Notes = m.Before.Notes
		}
		if to.Place == absorbed.Place && m.Before.Place == "" {
			to.Place = ""
		}
		if err := b.Store.Save(ctx, to); err != nil {
			return err
		}
		return b.Store.Record(ctx, social.Entry{Verb: "undo", Object: "person", ID: string(m.Survivor), Detail: map[string]any{"merge": m.ID}})
	})
}
