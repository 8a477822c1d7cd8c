package people

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

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
		changed, err := apply(&p, c)
		if err != nil {
			return err
		}
		if len(changed) == 0 {
			return nil
		}
		if c.Source != "" {
			changed["source"] = c.Source
		}
		if err := b.Store.Save(ctx, p); err != nil {
			return err
		}
		if err := b.Store.Record(ctx, social.Entry{Verb: "update", Object: "person", ID: string(p.ID), Detail: changed}); err != nil {
			return err
		}
		if err := b.Store.Tell(ctx, social.Dealt{Object: "person", ID: string(p.ID)}); err != nil {
			return err
		}
		if c.Name == nil {
			return nil
		}
		return b.consider(ctx, p.ID) // another name may speak for or against
	})
	return p, err
}

// apply writes a change into a person and says which fields it touched.
func apply(p *Person, c Change) (map[string]any, error) {
	changed := map[string]any{}
	if c.Name != nil {
		p.Name, p.NameEdited = strings.TrimSpace(*c.Name), !c.Network
		changed["name"] = true
		if p.Name == "" {
			return nil, &social.Error{Kind: social.Invalid, Field: "name", Text: "A person needs a name; to go back to the network's, copy it from the identity below."}
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
		if n := utf8.RuneCountInString(l.value); n > l.max && changed[l.field] != nil {
			return nil, &social.Error{Kind: social.Invalid, Field: l.field,
				Text: fmt.Sprintf("This is %d characters long; %d are kept at most.", n, l.max)}
		}
	}
	return changed, nil
}
