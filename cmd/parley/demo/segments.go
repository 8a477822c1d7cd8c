package demo

import (
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/people/segment"
)

// Segments are the segments of the example company.
func Segments() []segment.Segment {
	is := func(field string, op cond.Op, values ...string) cond.Node {
		return cond.Node{Field: field, Op: op, Values: values}
	}
	all := func(nodes ...cond.Node) cond.Node { return cond.Node{Join: cond.All, Nodes: nodes} }
	return []segment.Segment{
		{Name: "Unhappy, and many listen", About: "Answered first, by somebody who knows the product.", Where: all(is("mood", cond.Is, "negative"), is("followers", cond.More, "1000"), is("last_heard", cond.Within, "30d"))},
		{Name: "Waiting for us", Where: all(is("waiting", cond.Is, "true"))},
		{Name: "New this month", About: "A hello of our own, in their language.", Where: all(is("known_since", cond.Within, "30d"), is("conversations", cond.More, "0"))},
		{Name: "Gone quiet", About: "They talked with us once, and not for four weeks.", Where: all(is("conversations", cond.More, "0"), is("last_heard", cond.Older, "4w"))},
		{Name: "Fans", About: "Whom to ask for a review, or to a tasting.", Where: all(is("positive", cond.More, "1"), is("negative", cond.Less, "1"))},
		{Name: "Buyers and those about to be", Where: cond.Node{Join: cond.Any, Nodes: []cond.Node{is("orders", cond.More, "0"), is("opportunities", cond.More, "0"), is("intents", cond.Has, "purchase")}}},
	}
}
