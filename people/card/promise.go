package card

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// AddPromise keeps what we said we would do.
func (b *Box) AddPromise(ctx context.Context, x Promise) (Promise, error) {
	if err := words("text", &x.Text, 1000); err != nil {
		return x, err
	}
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		p, _, err := b.of(ctx, x.Person)
		if err != nil {
			return err
		}
		if x.Owner == "" {
			x.Owner = member(ctx)
		}
		x.ID, x.Person, x.State, x.By, x.CreatedAt, x.UpdatedAt, x.ToldAt = id.At(b.now()), p.ID, "open", member(ctx), b.now(), b.now(), time.Time{}
		if err := b.Store.SavePromise(ctx, x); err != nil {
			return err
		}
		return b.told(ctx, "promise", p.ID, map[string]any{"promise": x.ID})
	})
	return x, err
}

// PromiseChange is what is written about one; nil leaves a field.
type PromiseChange struct {
	Text, State *string
	Due         *time.Time
	Owner       *social.MemberID
}

// EditPromise changes one. What is kept, broken or has another day is no
// longer told as due.
func (b *Box) EditPromise(ctx context.Context, which string, c PromiseChange) (Promise, error) {
	var x Promise
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if x, err = b.Store.Promise(ctx, which); err != nil {
			return err
		}
		p, _, err := b.of(ctx, x.Person)
		if err != nil {
			return err
		}
		was := x
		if c.Text != nil {
			if err := words("text", c.Text, 1000); err != nil {
				return err
			}
			x.Text = *c.Text
		}
		if c.State != nil {
			if !slices.Contains([]string{"open", "kept", "broken"}, *c.State) {
				return invalid("state", "A promise is open, kept or broken.")
			}
			x.State = *c.State
		}
		if c.Due != nil {
			x.Due = *c.Due
		}
		if c.Owner != nil {
			x.Owner = *c.Owner
		}
		if x.State != "open" || !x.Due.Equal(was.Due) || x.Owner != was.Owner {
			x.ToldAt = time.Time{}
			if err := b.Herald.Unnotify(ctx, dueKey(x.ID)); err != nil {
				return err
			}
		}
		x.UpdatedAt = b.now()
		if err := b.Store.SavePromise(ctx, x); err != nil {
			return err
		}
		return b.told(ctx, "promise", p.ID, map[string]any{"promise": x.ID, "state": x.State})
	})
	return x, err
}

// DropPromise takes one away that was never made.
func (b *Box) DropPromise(ctx context.Context, which string) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		x, err := b.Store.Promise(ctx, which)
		if err != nil {
			return err
		}
		p, _, err := b.of(ctx, x.Person)
		if err != nil {
			return err
		}
		if err := b.Store.DropPromise(ctx, which); err != nil {
			return err
		}
		if err := b.Herald.Unnotify(ctx, dueKey(x.ID)); err != nil {
			return err
		}
		return b.told(ctx, "unpromise", p.ID, map[string]any{"promise": x.ID})
	})
}

func dueKey(id string) string { return "promise:" + id }

// Remind tells the owners of promises that are due, each once. Call it now and then.
func (b *Box) Remind(ctx context.Context) error {
	for {
		n := 0
		err := b.Store.InTx(ctx, func(ctx context.Context) error {
			due, err := b.Store.Due(ctx, b.now(), 100)
			if err != nil {
				return err
			}
			n = len(due)
			for _, x := range due {
				p, err := b.People.Person(ctx, x.Person)
				if err != nil {
					return err
				}
				if err := b.Herald.Notify(ctx, social.Notice{Key: dueKey(x.ID), Kind: "due", Text: "Promised to " + p.Name + ", due now: " + x.Text,
					Link: "/people/" + string(p.ID), Programme: x.Programme, Members: []social.MemberID{x.Owner}}); err != nil {
					return err
				}
				x.ToldAt = b.now()
				if err := b.Store.SavePromise(ctx, x); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || n < 100 {
			return err
		}
	}
}

// owner is whom files of a person belong to.
func owner(person string) string { return "person:" + person }

// Files lists the files of somebody, the newest first.
func (b *Box) Files(ctx context.Context, who social.PersonID) ([]social.File, error) {
	_, same, err := b.of(ctx, who)
	if err != nil {
		return nil, err
	}
	owners := make([]string, len(same))
	for i, s := range same {
		owners[i] = owner(s)
	}
	found, err := b.Store.FilesOf(ctx, owners...)
	var out []social.File
	for _, o := range owners {
		out = append(out, found[o]...)
	}
	slices.SortFunc(out, func(a, b social.File) int {
		if a.ID < b.ID {
			return 1
		}
		return -1
	})
	return out, err
}

// Attach puts files that one added to a person.
func (b *Box) Attach(ctx context.Context, who social.PersonID, ids ...social.FileID) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		p, _, err := b.of(ctx, who)
		if err != nil {
			return err
		}
		if _, err := b.Store.TakeFiles(ctx, owner(string(p.ID)), member(ctx), ids...); err != nil {
			return err
		}
		return b.told(ctx, "attach", p.ID, map[string]any{"files": len(ids)})
	})
}

// Detach takes a file away from a person, for good.
func (b *Box) Detach(ctx context.Context, who social.PersonID, f social.FileID) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		p, same, err := b.of(ctx, who)
		if err != nil {
			return err
		}
		file, err := b.Store.File(ctx, f)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(same, func(s string) bool { return file.Owner == owner(s) }) {
			return social.Errorf(social.NotFound, "They have no such file.")
		}
		if err := b.Store.DropFile(ctx, f); err != nil {
			return err
		}
		return b.told(ctx, "detach", p.ID, map[string]any{"file": file.Name})
	})
}

// Notes reads a page of the notes about somebody, pinned ones first.
func (b *Box) Notes(ctx context.Context, who social.PersonID, cursor string, limit int) ([]Note, string, error) {
	_, same, err := b.of(ctx, who)
	if err != nil {
		return nil, "", err
	}
	return b.Store.Notes(ctx, same, cursor, limit)
}

// Wanted reads what somebody wants and what we promised them.
func (b *Box) Wanted(ctx context.Context, who social.PersonID) ([]Goal, []Promise, error) {
	_, same, err := b.of(ctx, who)
	if err != nil {
		return nil, nil, err
	}
	goals, err := b.Store.Goals(ctx, same)
	if err != nil {
		return nil, nil, err
	}
	promises, err := b.Store.Promises(ctx, same)
	return goals, promises, err
}
