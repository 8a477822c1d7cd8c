package governapi

import (
	"context"
	"net/http"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Tag is a word of the company's vocabulary.
type Tag struct {
	ID            social.TagID   `json:"id"`
	Name          string         `json:"name"`
	Color         string         `json:"color" enum:"grey,red,orange,yellow,green,teal,blue,violet,pink"`
	About         string         `json:"about,omitempty" doc:"When it is put on."`
	Guarded       bool           `json:"guarded" doc:"Only managers put it on and take it away."`
	Yours         bool           `json:"yours" doc:"Whether you may put it on."`
	Archived      bool           `json:"archived" doc:"It stays where it is, but is put on nothing new."`
	Into          *social.TagRef `json:"into,omitempty" doc:"The tag that it was merged into."`
	Conversations *int           `json:"conversations,omitempty" doc:"How many bear it, of those that you may see; at most 1000."`
	Persons       *int           `json:"persons,omitempty" doc:"How many persons bear it; at most 1000."`
}

// TagUse is how much bears a tag.
type TagUse struct{ Conversations, Persons int }

func (a *API) tags() {
	server.Register(a.s, get("list-tags", "/api/tags", social.SignedIn, "The words that conversations and persons bear, by name"), a.listTags)
	add := post("add-tag", "/api/tags", social.GovernWrite, "Add a tag")
	add.Status = http.StatusCreated
	server.Register(a.s, add, a.addTag)
	server.Register(a.s, patch("edit-tag", "/api/tags/{id}", social.GovernWrite, "Rename or colour a tag, guard it, or put it into the archive"), a.editTag)
	server.Register(a.s, post("merge-tag", "/api/tags/{id}/merge", social.GovernWrite, "Make a tag lead to another; it can be undone"), a.mergeTag)
	server.Register(a.s, post("unmerge-tag", "/api/tags/{id}/unmerge", social.GovernWrite, "Undo a merge of tags"), a.unmergeTag)
}

type tagsInput struct {
	Uses bool `query:"uses" doc:"Count what bears each."`
	All  bool `query:"all" doc:"Archived and merged ones too."`
}

func (a *API) listTags(ctx context.Context, in *tagsInput) (*server.Body[server.Page[Tag]], error) {
	all, err := a.Office.Tags(ctx)
	if err != nil {
		return nil, err
	}
	usable, err := a.Office.Vocabulary(ctx)
	if err != nil {
		return nil, err
	}
	known := social.TagsOf(usable)
	items := []Tag{}
	for _, t := range all {
		if in.All || (t.Archived.IsZero() && t.Into == "") {
			items = append(items, shownTag(t, known))
		}
	}
	if in.Uses && a.Neighbours.TagUses != nil {
		uses, err := a.Neighbours.TagUses(ctx, known)
		if err != nil {
			return nil, err
		}
		for i, t := range items {
			u := uses[t.ID]
			items[i].Conversations, items[i].Persons = &u.Conversations, &u.Persons
		}
	}
	return out(server.NewPage(items, ""), nil)
}

func shownTag(t govern.Tag, known social.Tags) Tag {
	x := Tag{ID: t.ID, Name: t.Name, Color: t.Color, About: t.About, Guarded: t.Guarded, Archived: !t.Archived.IsZero(), Yours: !known[t.ID].Closed}
	if t.Into != "" {
		if refs := known.Refs([]social.TagID{t.Into}); len(refs) == 1 {
			x.Into = &refs[0]
		}
	}
	return x
}

func (a *API) one(ctx context.Context, t govern.Tag, err error) (*server.Body[Tag], error) {
	if err != nil {
		return nil, err
	}
	usable, err := a.Office.Vocabulary(ctx)
	return out(shownTag(t, social.TagsOf(usable)), err)
}

type addTagInput struct {
	Body struct {
		Name    string `json:"name" minLength:"1" maxLength:"100"`
		Color   string `json:"color,omitempty" enum:"grey,red,orange,yellow,green,teal,blue,violet,pink"`
		About   string `json:"about,omitempty" maxLength:"1000"`
		Guarded bool   `json:"guarded,omitempty"`
	}
}

func (a *API) addTag(ctx context.Context, in *addTagInput) (*server.Body[Tag], error) {
	t, err := a.Office.AddTag(ctx, govern.Tag{Name: in.Body.Name, Color: in.Body.Color, About: in.Body.About, Guarded: in.Body.Guarded})
	return a.one(ctx, t, err)
}

type editTagInput struct {
	ID   social.TagID `path:"id"`
	Body struct {
		Name     *string `json:"name,omitempty" maxLength:"100"`
		Color    *string `json:"color,omitempty" enum:"grey,red,orange,yellow,green,teal,blue,violet,pink"`
		About    *string `json:"about,omitempty" maxLength:"1000"`
		Guarded  *bool   `json:"guarded,omitempty"`
		Archived *bool   `json:"archived,omitempty"`
	}
}

func (a *API) editTag(ctx context.Context, in *editTagInput) (*server.Body[Tag], error) {
	t, err := a.Office.EditTag(ctx, in.ID, govern.TagChange{Name: in.Body.Name, Color: in.Body.Color, About: in.Body.About, Guarded: in.Body.Guarded, Archived: in.Body.Archived})
	return a.one(ctx, t, err)
}

type mergeTagInput struct {
	ID   social.TagID `path:"id"`
	Body struct {
		Into social.TagID `json:"into"`
	}
}

func (a *API) mergeTag(ctx context.Context, in *mergeTagInput) (*server.Body[Tag], error) {
	t, err := a.Office.MergeTag(ctx, in.ID, in.Body.Into)
	return a.one(ctx, t, err)
}

type tagInput struct {
	ID social.TagID `path:"id"`
}

func (a *API) unmergeTag(ctx context.Context, in *tagInput) (*server.Body[Tag], error) {
	t, err := a.Office.UnmergeTag(ctx, in.ID)
	return a.one(ctx, t, err)
}
