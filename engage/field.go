package engage

import (
	"context"
	"slices"

	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/social"
)

// What views ask of conversations. In place of a member "me" stands for
// whoever looks, so that one view serves everybody with whom it is shared.
var fields = []cond.Field{
	{Name: "state", Type: cond.Choice, Choices: []string{"open", "waiting", "snoozed", "resolved"}},
	{Name: "turn", Type: cond.Choice, Choices: []string{"ours", "theirs", "settled"}},
	{Name: "assignee", Type: cond.Choice}, // a member, or me
	{Name: "team", Type: cond.Choice},
	{Name: "tags", Type: cond.Many},
	{Name: "priority", Type: cond.Choice, Choices: []string{"low", "normal", "high", "urgent"}},
	{Name: "channel", Type: cond.Choice},
	{Name: "network", Type: cond.Choice}, // the kind of channel
	{Name: "programme", Type: cond.Choice},
	{Name: "language", Type: cond.Choice},
	{Name: "sentiment", Type: cond.Choice, Choices: []string{social.Negative, social.Neutral, social.Positive}},
	{Name: "intent", Type: cond.Many},
	{Name: "visibility", Type: cond.Choice, Choices: []string{"public", "direct"}},
	{Name: "delivery", Type: cond.Choice, Choices: []string{"needs_check", "failed", "returned"}},
	{Name: "unread", Type: cond.Bool},
	{Name: "draft", Type: cond.Bool},
	{Name: "named", Type: cond.Bool}, // a note names whoever looks
	{Name: "began", Type: cond.Date},
	{Name: "last", Type: cond.Date},
	{Name: "waiting_since", Type: cond.Date},
	{Name: "first_answer", Type: cond.Date},
	{Name: "first_answer_minutes", Type: cond.Number},
	{Name: "messages", Type: cond.Number},
}

// Fields lists what views ask of conversations.
func Fields() []cond.Field { return slices.Clone(fields) }

// named puts what is meant into conditions: who "me" is, which channels a
// network has, and which tags were merged into those that are named. They are
// checked first.
func (d *Desk) named(ctx context.Context, n cond.Node, me social.MemberID) (cond.Node, error) {
	if n.Empty() {
		return cond.Node{}, nil
	}
	if err := cond.Check(n, fields); err != nil {
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
	return replace(n, func(n cond.Node) cond.Node {
		switch n.Field {
		case "assignee":
			return with(n, func(v string) []string {
				switch {
				case v != "me":
					return []string{v}
				case me == "":
					return []string{"-"} // a token that acts for nobody has nothing
				}
				return []string{string(me)}
			})
		case "tags":
			return tagged(n, tags)
		case "network":
			n.Field = "channel"
			if len(n.Values) == 0 {
				return n
			}
			var ids []string
			for id, kind := range kinds {
				if slices.Contains(n.Values, kind) {
					ids = append(ids, string(id))
				}
			}
			slices.Sort(ids)
			if n.Values = ids; len(ids) == 0 {
				n.Values = []string{"-"} // a channel that there is not
			}
		}
		return n
	}), nil
}

// tagged names with each tag those that were merged into it. To have all of
// some is to have one of each.
func tagged(n cond.Node, tags social.Tags) cond.Node {
	same := func(v string) []string {
		var out []string
		for _, id := range tags.Same(social.TagID(v)) {
			out = append(out, string(id))
		}
		return out
	}
	if n.Op != cond.HasAll {
		return with(n, same)
	}
	all := cond.Node{Join: cond.All}
	for _, v := range n.Values {
		all.Nodes = append(all.Nodes, cond.Node{Field: n.Field, Op: cond.Has, Values: same(v)})
	}
	return all
}

func with(n cond.Node, f func(string) []string) cond.Node {
	var out []string
	for _, v := range n.Values {
		out = append(out, f(v)...)
	}
	n.Values = out
	return n
}

// replace makes another tree by changing its tests.
func replace(n cond.Node, f func(cond.Node) cond.Node) cond.Node {
	if n.Field != "" {
		return f(n)
	}
	nodes := make([]cond.Node, len(n.Nodes))
	for i, c := range n.Nodes {
		nodes[i] = replace(c, f)
	}
	n.Nodes = nodes
	return n
}

// Value is what a conversation, as one member sees it, has in a field; names
// must have been replaced. What does not hang on who looks is Has's.
func (r Row) Value(field string) cond.Value {
	c := &r.Conversation
	switch field {
	case "turn":
		return cond.TextValue(string(c.Turn))
	case "delivery":
		return cond.TextValue(string(c.Delivery))
	case "tags":
		var out []string
		for _, t := range c.Tags {
			out = append(out, string(t))
		}
		return cond.TextsValue(out)
	case "unread":
		return cond.BoolValue(r.Unread)
	case "draft":
		return cond.BoolValue(r.Draft)
	case "named":
		return cond.BoolValue(r.Named)
	case "last":
		return cond.TimeValue(c.LastAt)
	case "first_answer":
		return cond.TimeValue(c.FirstAnswer)
	case "first_answer_minutes":
		if d, ok := c.FirstAnswerAfter(); ok {
			return cond.NumberValue(d.Minutes())
		}
		return cond.Value{}
	}
	return c.Has(field)
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
