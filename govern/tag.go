package govern

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// TagColors are the colours of tags.
var TagColors = []string{"grey", "red", "orange", "yellow", "green", "teal", "blue", "violet", "pink"}

// maxTags is how many tags a company has at most, merged ones included: the
// whole vocabulary is read at once.
const maxTags = 1000

// Tag is a word of the company's vocabulary.
type Tag struct {
	ID       social.TagID
	Name     string
	Color    string
	About    string
	Guarded  bool // only managers put it on
	Into     social.TagID
	Archived time.Time
	Created  time.Time
}

// TagChange is what can be changed of a tag; nil leaves it.
type TagChange struct {
	Name, Color, About *string
	Guarded, Archived  *bool
}

// TagStore keeps the vocabulary.
type TagStore interface {
	// Tags lists all tags by name, those merged and archived too.
	Tags(ctx context.Context) ([]Tag, error)
	// SaveTag keeps a tag; kind Conflict when another has its name.
	SaveTag(ctx context.Context, t Tag) error
}

// Tags lists the vocabulary by name, all of it.
func (o *Office) Tags(ctx context.Context) ([]Tag, error) { return o.store.Tags(ctx) }

// Vocabulary lists the tags as the actor may use them.
func (o *Office) Vocabulary(ctx context.Context) ([]social.Tag, error) {
	tags, err := o.store.Tags(ctx)
	if err != nil {
		return nil, err
	}
	a, _ := social.ActorOf(ctx)
	_, manages := Scope(a, social.GovernWrite)
	out := make([]social.Tag, len(tags))
	for i, t := range tags {
		out[i] = social.Tag{ID: t.ID, Name: t.Name, Color: t.Color, Into: t.Into, Archived: !t.Archived.IsZero(), Closed: t.Guarded && !manages && !a.System}
	}
	return out, nil
}

// whole refuses whoever rules over some programmes only: the vocabulary is
// everybody's.
func whole(ctx context.Context) error {
	if !social.ScopeOf(ctx).All {
		return social.Errorf(social.Forbidden, "Tags are the whole company’s. A manager of the whole company can change them.")
	}
	return nil
}

// AddTag adds a word.
func (o *Office) AddTag(ctx context.Context, t Tag) (Tag, error) {
	if err := whole(ctx); err != nil {
		return Tag{}, err
	}
	t.ID, t.Into, t.Archived, t.Created = social.TagID(o.id()), "", time.Time{}, o.clock.Now()
	if err := checkTag(&t); err != nil {
		return Tag{}, err
	}
	return t, o.change(ctx, "tag", func(ctx context.Context) (social.Entry, error) {
		all, err := o.store.Tags(ctx)
		if err != nil {
			return social.Entry{}, err
		}
		if len(all) >= maxTags {
			return social.Entry{}, social.Errorf(social.Conflict, "There are %d tags already, and nobody finds their way among more. Merge some.", maxTags)
		}
		return social.Entry{Verb: "create", Object: "tag", ID: string(t.ID), Detail: map[string]any{"name": t.Name}}, o.store.SaveTag(ctx, t)
	})
}

func checkTag(t *Tag) (err error) {
	if t.Name, err = short("name", "The tag", t.Name, 40); err != nil {
		return err
	}
	t.About = strings.TrimSpace(t.About)
	if len([]rune(t.About)) > 300 {
		return invalid("about", "This is too long; 300 characters say when a tag is put on.")
	}
	if t.Color == "" {
		t.Color = TagColors[0]
	}
	if !slices.Contains(TagColors, t.Color) {
		return invalid("color", "This colour is none of: "+strings.Join(TagColors, ", ")+".")
	}
	return nil
}

func (o *Office) tag(ctx context.Context, id social.TagID) (Tag, error) {
	all, err := o.store.Tags(ctx)
	if err != nil {
		return Tag{}, err
	}
	if i := slices.IndexFunc(all, func(t Tag) bool { return t.ID == id }); i >= 0 {
		return all[i], nil
	}
	return Tag{}, social.Errorf(social.NotFound, "There is no such tag.")
}

// EditTag renames a tag, colours it, or puts it into the archive. What bears
// it bears it still.
func (o *Office) EditTag(ctx context.Context, id social.TagID, c TagChange) (Tag, error) {
	if err := whole(ctx); err != nil {
		return Tag{}, err
	}
	var t Tag
	err := o.change(ctx, "tag", func(ctx context.Context) (social.Entry, error) {
		var err error
		if t, err = o.tag(ctx, id); err != nil {
			return social.Entry{}, err
		}
		if t.Into != "" {
			return social.Entry{}, social.Errorf(social.Conflict, "This tag was merged into another; change that one.")
		}
		was := t
		put(&t.Name, c.Name)
		put(&t.Color, c.Color)
		put(&t.About, c.About)
		put(&t.Guarded, c.Guarded)
		if err := checkTag(&t); err != nil {
			return social.Entry{}, err
		}
		if c.Archived != nil && *c.Archived != !t.Archived.IsZero() {
			t.Archived = time.Time{}
			if *c.Archived {
				t.Archived = o.clock.Now()
			}
		}
		if t == was {
			return social.Entry{}, nil
		}
		detail := map[string]any{"name": t.Name}
		if was.Name != t.Name {
			detail["was"] = was.Name
		}
		if was.Archived != t.Archived {
			detail["archived"] = !t.Archived.IsZero()
		}
		return social.Entry{Verb: "update", Object: "tag", ID: string(id), Detail: detail}, o.store.SaveTag(ctx, t)
	})
	return t, err
}

func put[T any](to *T, v *T) {
	if v != nil {
		*to = *v
	}
}

// MergeTag makes one tag lead to another. What bears the first is found and
// shown as bearing the second; nothing else is touched, so it can be undone.
func (o *Office) MergeTag(ctx context.Context, id, into social.TagID) (Tag, error) {
	if err := whole(ctx); err != nil {
		return Tag{}, err
	}
	var to Tag
	err := o.change(ctx, "tag", func(ctx context.Context) (social.Entry, error) {
		t, err := o.tag(ctx, id)
		if err != nil {
			return social.Entry{}, err
		}
		if to, err = o.tag(ctx, into); err != nil {
			return social.Entry{}, err
		}
		switch {
		case id == into:
			return social.Entry{}, invalid("into", "A tag can't be merged into itself.")
		case t.Into == into:
			return social.Entry{}, nil
		case t.Into != "" || to.Into != "":
			return social.Entry{}, social.Errorf(social.Conflict, "One of them was merged already.")
		}
		t.Into = into
		return social.Entry{Verb: "merge", Object: "tag", ID: string(id), Detail: map[string]any{"name": t.Name, "into": string(into), "into_name": to.Name}}, o.store.SaveTag(ctx, t)
	})
	return to, err
}

// UnmergeTag makes a tag that was merged stand for itself again.
func (o *Office) UnmergeTag(ctx context.Context, id social.TagID) (Tag, error) {
	if err := whole(ctx); err != nil {
		return Tag{}, err
	}
	var t Tag
	err := o.change(ctx, "tag", func(ctx context.Context) (social.Entry, error) {
		var err error
		if t, err = o.tag(ctx, id); err != nil || t.Into == "" {
			return social.Entry{}, err
		}
		was := t.Into
		t.Into = ""
		return social.Entry{Verb: "undo", Object: "tag", ID: string(id), Detail: map[string]any{"name": t.Name, "merged_into": string(was)}}, o.store.SaveTag(ctx, t)
	})
	return t, err
}
