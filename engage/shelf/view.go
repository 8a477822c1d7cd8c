// Package shelf keeps what members lay ready for their work in the inbox:
// views of it, and macros.
package shelf

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Store keeps views and macros.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	ViewStore
	MacroStore
}

// Shelf is the views and macros of all members.
type Shelf struct {
	Store Store
	Desk  *engage.Desk
}

func (d *Shelf) now() time.Time { return d.Desk.Clock.Now().UTC().Truncate(time.Microsecond) }

// Saved is a view that somebody saved: conversations of which conditions
// hold, in an order.
type Saved struct {
	ID        social.ViewID
	Member    social.MemberID // who made it
	Name      string
	Shared    bool
	Programme social.ProgrammeID // with whom it is shared, "" for everybody
	Where     cond.Node
	Longest   bool
	Created   time.Time
	Changed   time.Time
}

// Shelved is how one member has arranged their views.
type Shelved struct {
	Views []social.ViewID // in their order; those that are not named come after
	First string          // with which one begins: a view's id or a word such as "mine"; "" for the usual one
}

// ViewStore keeps views. A member sees their own, and those that are shared
// with everybody or within the scope.
type ViewStore interface {
	Views(ctx context.Context, m social.MemberID) ([]Saved, error)
	SaveView(ctx context.Context, v Saved) error
	DropView(ctx context.Context, id social.ViewID) error
	Shelved(ctx context.Context, m social.MemberID) (Shelved, error)
	KeepShelved(ctx context.Context, m social.MemberID, s Shelved) error
}

// mostViews is how many views a member may have of their own.
const mostViews = 200

// Views lists the actor's views and those shared with them, in the actor's
// order, and with which one begins.
func (d *Shelf) Views(ctx context.Context) ([]Saved, Shelved, error) {
	a, _ := social.ActorOf(ctx)
	views, err := d.Store.Views(ctx, a.Member)
	if err != nil {
		return nil, Shelved{}, err
	}
	s, err := d.Store.Shelved(ctx, a.Member)
	if err != nil {
		return nil, s, err
	}
	rank := func(v Saved) int {
		if i := slices.Index(s.Views, v.ID); i >= 0 {
			return i
		}
		return len(s.Views)
	}
	slices.SortStableFunc(views, func(x, y Saved) int { return rank(x) - rank(y) })
	return views, s, nil
}

// ViewOf reads one view that the actor may see.
func (d *Shelf) ViewOf(ctx context.Context, id social.ViewID) (Saved, error) {
	a, _ := social.ActorOf(ctx)
	views, err := d.Store.Views(ctx, a.Member)
	if err != nil {
		return Saved{}, err
	}
	if i := slices.IndexFunc(views, func(v Saved) bool { return v.ID == id }); i >= 0 {
		return views[i], nil
	}
	return Saved{}, social.Errorf(social.NotFound, "This view does not exist, or not for you.")
}

// Keeps reports whether the actor of ctx may change a view: their own, or one
// shared where they may share.
func (v Saved) Keeps(ctx context.Context) bool {
	a, _ := social.ActorOf(ctx)
	return a.Member != "" && v.Member == a.Member || v.Shared && sharesWith(ctx, v.Programme)
}

func sharesWith(ctx context.Context, p social.ProgrammeID) bool {
	return social.ScopeOf(ctx).Sees(p)
}

// KeepView makes a view ("" for its id) or changes it.
func (d *Shelf) KeepView(ctx context.Context, v Saved) (Saved, error) {
	a, err := engage.Member(ctx)
	if err != nil {
		return v, err
	}
	v.Name = strings.Join(strings.Fields(v.Name), " ")
	switch n := len([]rune(v.Name)); {
	case n == 0:
		return v, engage.Invalid("name", "A view needs a name.")
	case n > 60:
		return v, engage.Invalid("name", "This name is too long; 60 characters will do.")
	}
	if err := cond.Check(v.Where, engage.Fields()); err != nil {
		return v, err
	}
	if !v.Shared {
		v.Programme = ""
	} else if !sharesWith(ctx, v.Programme) {
		return v, social.Errorf(social.Forbidden, "You can share a view within your programmes. With the whole company whoever works for all of it can.")
	}
	now := d.now()
	return v, d.Store.InTx(ctx, func(ctx context.Context) error {
		views, err := d.Store.Views(ctx, a.Member)
		if err != nil {
			return err
		}
		verb := "update"
		if v.ID == "" {
			own := 0
			for _, o := range views {
				if o.Member == a.Member {
					own++
				}
			}
			if own >= mostViews {
				return social.Errorf(social.Conflict, "You have %d views already. Remove one first.", mostViews)
			}
			verb, v.ID, v.Member, v.Created = "create", social.ViewID(id.At(now)), a.Member, now
		} else {
			i := slices.IndexFunc(views, func(o Saved) bool { return o.ID == v.ID })
			if i < 0 {
				return social.Errorf(social.NotFound, "This view does not exist, or not for you.")
			}
			was := views[i]
			if !was.Keeps(ctx) {
				return social.Errorf(social.Forbidden, "This view is for others to change. Save it as one of your own.")
			}
			if !v.Shared && was.Shared && was.Member != a.Member {
				return social.Errorf(social.Conflict, "Only whoever made a view can keep it for themselves again.")
			}
			v.Member, v.Created = was.Member, was.Created
		}
		v.Changed = now
		if err := d.Store.SaveView(ctx, v); err != nil {
			return err
		}
		return d.Store.Record(ctx, social.Entry{Verb: verb, Object: "view", ID: string(v.ID), Detail: map[string]any{"name": v.Name, "shared": v.Shared, "programme": string(v.Programme)}})
	})
}

// DropView removes a view.
func (d *Shelf) DropView(ctx context.Context, id social.ViewID) error {
	return d.Store.InTx(ctx, func(ctx context.Context) error {
		v, err := d.ViewOf(ctx, id)
		if err != nil {
			return err
		}
		if !v.Keeps(ctx) {
			return social.Errorf(social.Forbidden, "This view is for others to remove.")
		}
		if err := d.Store.DropView(ctx, id); err != nil {
			return err
		}
		return d.Store.Record(ctx, social.Entry{Verb: "delete", Object: "view", ID: string(id), Detail: map[string]any{"name": v.Name}})
	})
}

// Shelve keeps the order of the actor's views and with which one begins.
func (d *Shelf) Shelve(ctx context.Context, s Shelved) error {
	a, err := engage.Member(ctx)
	if err != nil {
		return err
	}
	if s.Views = slices.Compact(s.Views); len(s.Views) > 500 || len(s.First) > 100 {
		return engage.Invalid("views", "These are more views than there are.")
	}
	return d.Store.InTx(ctx, func(ctx context.Context) error { return d.Store.KeepShelved(ctx, a.Member, s) })
}

// CountSaved counts what views show, up to a hundred each.
func (d *Shelf) CountSaved(ctx context.Context, views []Saved) (map[social.ViewID]engage.Some, error) {
	out := make(map[social.ViewID]engage.Some, len(views))
	for _, v := range views {
		s, err := d.Desk.CountWhere(ctx, v.Where)
		if err != nil {
			return nil, err
		}
		out[v.ID] = s
	}
	return out, nil
}
