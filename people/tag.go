package people

import (
	"context"
	"fmt"
	"slices"

	"github.com/parley-crm/parley/social"
)

// Tags asks governing for the company's vocabulary.
type Tags interface {
	Vocabulary(ctx context.Context) ([]social.Tag, error)
}

// TagStore keeps what persons bear.
type TagStore interface {
	// TagsOf lists what persons bear, with what those bear that were merged
	// into them.
	TagsOf(ctx context.Context, ids []social.PersonID) (map[social.PersonID][]social.TagID, error)
	// PutTags puts tags on a person.
	PutTags(ctx context.Context, who social.PersonID, tags []social.TagID, by social.MemberID) error
	// DropTags takes tags from a person and from those merged into them.
	DropTags(ctx context.Context, who social.PersonID, tags []social.TagID) error
	// TagUses counts the visible persons who bear one of some tags, up to most.
	TagUses(ctx context.Context, ids []social.TagID, most int) (int, error)
}

// mostTags is how many tags a person bears at most.
const mostTags = 30

// Vocabulary is the tags that there are.
func (b *Book) Vocabulary(ctx context.Context) (social.Tags, error) {
	if b.Tags == nil {
		return nil, nil
	}
	list, err := b.Tags.Vocabulary(ctx)
	return social.TagsOf(list), err
}

// Tag puts tags on a person and takes others away.
func (b *Book) Tag(ctx context.Context, who social.PersonID, on, off []social.TagID) error {
	words, err := b.Vocabulary(ctx)
	if err != nil {
		return err
	}
	for _, id := range slices.Concat(on, off) {
		t, ok := words.Now(id)
		switch {
		case !ok:
			return social.Errorf(social.NotFound, "There is no such tag.")
		case t.Closed:
			return social.Errorf(social.Forbidden, "Only managers put on “%s” and take it away.", t.Name)
		case t.Archived && slices.Contains(on, id):
			return social.Errorf(social.Conflict, "“%s” is in the archive and is put on nothing new.", t.Name)
		}
	}
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		p, err := b.Store.Person(ctx, who)
		if err != nil {
			return err
		}
		all, err := b.Store.TagsOf(ctx, []social.PersonID{p.ID})
		if err != nil {
			return err
		}
		bears := func(id social.TagID) bool {
			same := words.Same(id)
			return slices.ContainsFunc(all[p.ID], func(t social.TagID) bool { return slices.Contains(same, t) })
		}
		var put, drop []social.TagID
		for _, id := range on {
			if !bears(id) && !slices.Contains(put, words.Same(id)[0]) {
				put = append(put, words.Same(id)[0])
			}
		}
		for _, id := range off {
			if bears(id) {
				drop = append(drop, words.Same(id)...)
			}
		}
		if len(put)+len(drop) == 0 {
			return nil
		}
		if len(all[p.ID])+len(put) > mostTags {
			return &social.Error{Kind: social.Invalid, Field: "add", Text: fmt.Sprintf("A person bears %d tags at most.", mostTags)}
		}
		a, _ := social.ActorOf(ctx)
		if err := b.Store.PutTags(ctx, p.ID, put, a.Member); err != nil {
			return err
		}
		if err := b.Store.DropTags(ctx, p.ID, drop); err != nil {
			return err
		}
		names := func(ids []social.TagID) []string {
			out := []string{}
			for _, r := range words.Refs(ids) {
				out = append(out, r.Name)
			}
			return out
		}
		if err := b.Store.Tell(ctx, social.Dealt{Object: "person", ID: string(p.ID)}); err != nil {
			return err
		}
		return b.Store.Record(ctx, social.Entry{Verb: "tag", Object: "person", ID: string(p.ID), Detail: map[string]any{"on": names(put), "off": names(drop)}})
	})
}
