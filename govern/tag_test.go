package govern_test

import (
	"slices"
	"testing"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/social"
)

func TestTagsAreOneVocabulary(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.as(h.admin)
		add := func(tag govern.Tag) govern.Tag {
			h.Helper()
			tag, err := h.office.AddTag(ctx, tag)
			h.must(err)
			return tag
		}
		warranty := add(govern.Tag{Name: "  Warranty ", Color: "red"})
		guarantee := add(govern.Tag{Name: "Guarantee"})
		pledge := add(govern.Tag{Name: "Pledge", Guarded: true})
		if warranty.Name != "Warranty" || guarantee.Color != "grey" {
			h.Errorf("kept as %+v, %+v", warranty, guarantee)
		}
		no, odd := "", "beige"
		for name, err := range map[string]error{
			"the same name":              second(h.office.AddTag(ctx, govern.Tag{Name: "WARRANTY"})),
			"no name":                    second(h.office.AddTag(ctx, govern.Tag{Name: " "})),
			"a colour that is none":      second(h.office.EditTag(ctx, warranty.ID, govern.TagChange{Color: &odd})),
			"a name taken away":          second(h.office.EditTag(ctx, warranty.ID, govern.TagChange{Name: &no})),
			"one that there is not":      second(h.office.EditTag(ctx, "x", govern.TagChange{})),
			"into itself":                second(h.office.MergeTag(ctx, warranty.ID, warranty.ID)),
			"a manager of one programme": second(h.office.AddTag(social.WithScope(ctx, social.Scope{Programmes: []social.ProgrammeID{h.starter.ID}}), govern.Tag{Name: "Mine"})),
		} {
			if err == nil {
				h.Errorf("%s: taken", name)
			}
		}
		h.must(second(h.office.MergeTag(ctx, guarantee.ID, warranty.ID)))
		if err := second(h.office.MergeTag(ctx, warranty.ID, guarantee.ID)); social.KindOf(err) != social.Conflict {
			h.Errorf("merged in a circle: %v", err)
		}
		h.must(second(h.office.MergeTag(ctx, pledge.ID, warranty.ID)))
		list, err := h.office.Vocabulary(ctx)
		h.must(err)
		words := social.TagsOf(list)
		if now, ok := words.Now(guarantee.ID); !ok || now.ID != warranty.ID {
			h.Errorf("a merged tag is %+v", now)
		}
		if same := words.Same(pledge.ID); len(same) != 3 || same[0] != warranty.ID {
			h.Errorf("the same are %v", same)
		}
		add(govern.Tag{Name: "Guarantee"}) // its name is free again
		h.must(second(h.office.UnmergeTag(ctx, pledge.ID)))
		yes := true
		h.must(second(h.office.EditTag(ctx, pledge.ID, govern.TagChange{Archived: &yes})))
		viewer := social.Actor{Member: h.admin.Member, Role: social.Responder}
		list, err = h.office.Vocabulary(social.WithActor(ctx, viewer))
		h.must(err)
		i := slices.IndexFunc(list, func(t social.Tag) bool { return t.ID == pledge.ID })
		if !list[i].Closed || !list[i].Archived || list[i].Into != "" {
			h.Errorf("to a responder it is %+v", list[i])
		}
	})
}

func second[T any](_ T, err error) error { return err }
