package social

import (
	"cmp"
	"slices"
	"strings"
)

// Tag is a word of the company's own that conversations and persons bear.
type Tag struct {
	ID       TagID
	Name     string
	Color    string
	Into     TagID // the tag that it was merged into
	Archived bool  // it stays where it is, but is put on nothing new
	Closed   bool  // not for the actor to put on or take away
}

// TagRef names a tag.
type TagRef struct {
	ID    TagID  `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color" enum:"grey,red,orange,yellow,green,teal,blue,violet,pink"`
}

// Tags is the vocabulary, with what was merged and archived.
type Tags map[TagID]Tag

// TagsOf makes a vocabulary of a list.
func TagsOf(list []Tag) Tags {
	out := make(Tags, len(list))
	for _, t := range list {
		out[t.ID] = t
	}
	return out
}

// Now is the tag that an id stands for today, following merges.
func (t Tags) Now(id TagID) (Tag, bool) {
	for range len(t) + 1 {
		tag, ok := t[id]
		if !ok || tag.Into == "" {
			return tag, ok
		}
		id = tag.Into
	}
	return Tag{}, false
}

// Same lists the ids that stand for the same tag, the one itself first.
func (t Tags) Same(id TagID) []TagID {
	now, ok := t.Now(id)
	if !ok {
		return []TagID{id}
	}
	out := []TagID{now.ID}
	for other, tag := range t {
		if tag.Into == "" {
			continue
		}
		if n, ok := t.Now(other); ok && n.ID == now.ID {
			out = append(out, other)
		}
	}
	slices.Sort(out[1:])
	return out
}

// Refs names the tags that ids stand for, each once, by name.
func (t Tags) Refs(ids []TagID) []TagRef {
	out := make([]TagRef, 0, len(ids))
	for _, id := range ids {
		now, ok := t.Now(id)
		if !ok || slices.ContainsFunc(out, func(r TagRef) bool { return r.ID == now.ID }) {
			continue
		}
		out = append(out, TagRef{now.ID, now.Name, now.Color})
	}
	slices.SortFunc(out, func(a, b TagRef) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(string(a.ID), string(b.ID)))
	})
	return out
}
