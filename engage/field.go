package engage

import (
	"context"
	"slices"

	"github.com/parley-crm/parley/engage/talk"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/social"
)

// named puts what is meant into conditions: who "me" is, which channels a
// network has, and which tags were merged into those that are named. They are
// checked first.
func (d *Desk) named(ctx context.Context, n cond.Node, me social.MemberID) (cond.Node, error) {
	if n.Empty() {
		return cond.Node{}, nil
	}
	if err := cond.Check(n, talk.Fields()); err != nil {
		return n, err
	}
	asked := n.Fields()
	var tags social.Tags
	var kinds map[social.ChannelID]string
	var err error
	if slices.Contains(asked, "tags") {
		if tags, err = d.tags(ctx); err != nil {
			return n, err
		}
	}
	if slices.Contains(asked, "network") && d.Kinds != nil {
		if kinds, err = d.Kinds.ChannelKinds(ctx); err != nil {
			return n, err
		}
	}
	return talk.Named(n, me, tags, kinds), nil
}

// Some is a count that may not have looked at everything.
type Some struct {
	N    int  // at most 100
	Sure bool // nothing was left out
}

// CountWhere counts conversations of which conditions hold, up to a hundred.
func (d *Desk) CountWhere(ctx context.Context, where cond.Node) (Some, error) {
	a, _ := social.ActorOf(ctx)
	w, err := d.named(ctx, where, a.Member)
	if err != nil {
		return Some{}, err
	}
	n, sure, err := d.Store.CountSome(ctx, Query{View: ViewAll, Where: w, Member: a.Member, Now: d.now()}, 100)
	return Some{n, sure}, err
}
