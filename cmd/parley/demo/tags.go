package demo

import (
	"slices"
	"strings"

	"github.com/parley-crm/parley/engage/rule"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/social"
)

// Tag is a tag of the company, and the words by which colleagues put it on.
type Tag struct {
	Name, Color, About string
	Guarded            bool
	words              []string
}

// Fits reports whether somebody would put it on what was said.
func (t Tag) Fits(said string) bool {
	said = strings.ToLower(said)
	return slices.ContainsFunc(t.words, func(w string) bool { return strings.Contains(said, w) })
}

const forTrade = "Wholesale"

// Tags is the vocabulary of the company.
func Tags() []Tag {
	return []Tag{
		{"Leak", "red", "Water where it should not be.", false, []string{"leak", "drip", "water", "seal"}},
		{"Warranty", "orange", "They ask for a repair, a part or their money.", false, []string{"warranty", "refund", "replace", "repair", "broken", "receipt"}},
		{"Delivery", "blue", "It came late, damaged, or not at all.", false, []string{"deliver", "parcel", "shipping", "order", "arrived"}},
		{"Taste", "teal", "What comes out of the cup.", false, []string{"coffee", "taste", "espresso", "bitter", "beans"}},
		{"Idea", "violet", "Something that we could make better.", false, []string{"wish", "would be nice", "idea", "suggest", "could you"}},
		{"Praise to share", "green", "Kind words that marketing may ask to quote.", false, []string{"love", "thank", "great", "best", "perfect"}},
		{"Press", "grey", "Journalists and bloggers.", false, []string{"article", "interview", "magazine", "blog", "review"}},
		{forTrade, "pink", "Cafés, hotels and shops that buy several at once.", false, []string{"wholesale"}},
		{"VIP", "yellow", "Agreed with the head of care.", true, nil},
	}
}

// ByTag is what the company lets a tag set off: whoever sells to cafés gets
// what colleagues mark as theirs.
func ByTag(tags map[string]social.TagID, mates []social.MemberRef) rule.Rule {
	r := rule.Rule{Name: "Wholesale goes to Wen", On: true, When: rule.Tagged,
		Conditions: cond.Node{Join: cond.All, Nodes: []cond.Node{
			{Field: "tags", Op: cond.Has, Values: []string{string(tags[forTrade])}},
			{Field: "state", Op: cond.Is, Values: []string{"open"}},
		}},
		Acts: []rule.Act{{Do: rule.Prioritise, Priority: "high"}, {Do: rule.Note, Text: "Wholesale prices begin at four kettles; the list of this autumn holds until the end of the year."}}}
	if i := slices.IndexFunc(mates, func(m social.MemberRef) bool { return m.Name == "Wen Li" }); i >= 0 {
		r.Acts = append([]rule.Act{{Do: rule.Assign, Member: mates[i].ID}}, r.Acts...)
	}
	return r
}
