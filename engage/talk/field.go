package talk

import (
	"slices"

	"github.com/parley-crm/parley/engage/pledge"
	"github.com/parley-crm/parley/engage/rule"
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

// RuleFields are what rules ask of a conversation.
func RuleFields() []cond.Field {
	return append(PledgeFields(), cond.Field{Name: "tags", Type: cond.Many})
}

// PledgeFields are what pledges ask of a conversation.
func PledgeFields() []cond.Field {
	return []cond.Field{
		{Name: "programme", Type: cond.Choice},
		{Name: "channel", Type: cond.Choice},
		{Name: "visibility", Type: cond.Choice, Choices: []string{"public", "direct"}},
		{Name: "state", Type: cond.Choice, Choices: []string{"open", "waiting", "snoozed", "resolved"}},
		{Name: "started_by", Type: cond.Choice, Choices: []string{"them", "us"}},
		{Name: "assignee", Type: cond.Choice},
		{Name: "team", Type: cond.Choice},
		{Name: "priority", Type: cond.Choice, Choices: []string{"low", "normal", "high", "urgent"}},
		{Name: "language", Type: cond.Choice},
		{Name: "sentiment", Type: cond.Choice, Choices: []string{"positive", "neutral", "negative"}},
		{Name: "intent", Type: cond.Many},
		{Name: "words", Type: cond.Text},
		{Name: "author", Type: cond.Text},
		{Name: "followers", Type: cond.Number},
		{Name: "messages", Type: cond.Number},
		{Name: "waiting_since", Type: cond.Date},
		{Name: "began", Type: cond.Date},
	}
}

// Has is what a conversation has in a field of RuleFields. Words are its subject and the
// newest words of theirs that a list shows.
func (c *Conversation) Has(field string) cond.Value {
	switch field {
	case "programme":
		return cond.TextValue(string(c.Programme))
	case "channel":
		return cond.TextValue(string(c.Channel))
	case "visibility":
		return cond.TextValue(string(c.Visibility))
	case "state":
		return cond.TextValue(string(c.State))
	case "started_by":
		return cond.TextValue(string(c.BegunBy()))
	case "assignee":
		return cond.TextValue(string(c.Assignee))
	case "team":
		return cond.TextValue(string(c.Team))
	case "priority":
		return cond.TextValue(string(c.Priority))
	case "language":
		return cond.TextValue(c.Lang)
	case "sentiment":
		if c.Sentiment != nil {
			return cond.TextValue(c.Sentiment.Label)
		}
	case "intent":
		var out []string
		for _, i := range c.Intents {
			out = append(out, i.Label)
		}
		return cond.TextsValue(out)
	case "tags":
		var out []string
		for _, t := range c.Tags {
			out = append(out, string(t))
		}
		return cond.TextsValue(out)
	case "words":
		if c.PreviewBy == ByThem {
			return cond.TextValue(c.Subject + "\n" + c.Preview)
		}
		return cond.TextValue(c.Subject)
	case "author":
		return cond.TextValue(c.Author.Name + " " + c.Author.Handle)
	case "followers":
		return cond.NumberValue(float64(c.Author.Followers))
	case "messages":
		return cond.NumberValue(float64(c.Messages))
	case "waiting_since":
		return cond.TimeValue(c.WaitingSince)
	case "began":
		return cond.TimeValue(c.BeganAt)
	}
	return cond.Value{}
}

func (c *Conversation) BegunBy() By {
	if c.StartedBy == "" {
		return ByThem
	}
	return c.StartedBy
}

func (c *Conversation) Look() pledge.Look {
	return pledge.Look{Began: c.BeganAt, Known: c.CreatedAt, Answered: c.FirstAnswer, Waiting: c.WaitingSince,
		Away: c.State == Snoozed, Theirs: c.State == Waiting, Resolved: c.ResolvedAt}
}

// warned reports whether somebody was told that a goal of it is due.
func (c *Conversation) Warned() bool {
	for _, l := range c.Track.Lines {
		if l.Met.IsZero() && !l.Over && l.Told {
			return true
		}
	}
	return false
}

// Named puts what is meant into conditions that were checked: who "me" is, of
// which channels a network is, and which tags were merged into those that are
// named.
func Named(n cond.Node, me social.MemberID, tags social.Tags, kinds map[social.ChannelID]string) cond.Node {
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
	})
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

// Waits is since when somebody waits, for a timed event.
func (c *Conversation) Waits(e rule.Event) rule.Moment {
	m := rule.Moment{Event: e}
	switch {
	case e == rule.WaitsUs && c.State == Open:
		m.Since = c.WaitingSince
	case e == rule.WaitsThem && c.State == Waiting:
		m.Since = c.LastAt
	}
	return m
}

// Bears is Has, with the tags that were merged into those that it bears, and
// those into which they were merged.
func (c *Conversation) Bears(tags social.Tags) func(field string) cond.Value {
	if tags == nil {
		return c.Has
	}
	return func(field string) cond.Value {
		if field != "tags" {
			return c.Has(field)
		}
		var out []string
		for _, t := range c.Tags {
			for _, same := range tags.Same(t) {
				out = append(out, string(same))
			}
		}
		return cond.TextsValue(out)
	}
}
