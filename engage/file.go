package engage

import (
	"context"
	"slices"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage/parcel"
	"github.com/parley-crm/parley/social"
)

// want lets be fetched what came with the words that a fold took in, except
// with those that went out from here.
func (d *Desk) want(ctx context.Context, f *fold, in []social.Mention) error {
	ids := make([]social.ActivityID, 0, len(in))
	for _, m := range in {
		if !m.Deleted && (!m.Activity.Own || slices.ContainsFunc(f.fresh, func(x *Message) bool { return x.Activity == m.Activity.ID })) {
			ids = append(ids, m.Activity.ID)
		}
	}
	return d.Parcels.Want(ctx, ids)
}

// With returns the files of messages, which the asker has read.
func (d *Desk) With(ctx context.Context, ms []Message) (map[social.MessageID][]parcel.With, error) {
	var said []parcel.Said
	for _, m := range ms {
		switch {
		case !m.DeletedAt.IsZero():
		case m.Delivery != nil:
			said = append(said, parcel.Said{ID: m.ID})
		case m.Activity != "":
			said = append(said, parcel.Said{ID: m.ID, Activity: m.Activity})
		}
	}
	return d.Parcels.With(ctx, said)
}

// Fetched tells those who look at conversations that files of theirs are here.
func (d *Desk) Fetched(ctx context.Context, ids []social.ActivityID) error {
	held, err := d.Store.Holding(asParley(ctx), ids)
	if err != nil || len(held) == 0 {
		return err
	}
	var fact social.Changed
	for _, id := range ids {
		if c := held[id]; c != "" && !slices.Contains(fact.Conversations, c) {
			fact.Conversations = append(fact.Conversations, c)
		}
	}
	return d.Store.Tell(ctx, fact)
}

// load is what a channel takes along.
func load(line channel.Sender, v social.Visibility) channel.Load {
	if c, ok := line.(channel.Carrier); ok {
		return c.Carries(v)
	}
	return channel.Load{}
}

// post is what a network is given: the letter and its files.
func (d *Desk) post(ctx context.Context, m *Message) (social.Reply, error) {
	r := letter(m)
	var err error
	r.Media, err = d.Parcels.Media(ctx, m.ID)
	return r, err
}

// keepDraft keeps a draft, in the transaction of ctx; an empty one is dropped.
func (d *Desk) keepDraft(ctx context.Context, m social.MemberID, cid social.ConversationID, dr Draft) error {
	old, err := d.Store.Draft(ctx, m, cid)
	if err != nil && !social.NotFound.Is(err) {
		return err
	}
	if err := d.Parcels.Draft(ctx, m, old.Files, dr.Files); err != nil {
		return err
	}
	if dr.Text == "" && len(dr.Files) == 0 {
		return d.Store.DropDraft(ctx, m, cid)
	}
	return d.Store.KeepDraft(ctx, m, cid, dr)
}

// DraftFiles returns the files that the actor's drafts hold.
func (d *Desk) DraftFiles(ctx context.Context) ([]social.File, error) {
	a, err := member(ctx)
	if err != nil {
		return nil, err
	}
	return d.Parcels.OfDrafts(ctx, a.Member)
}

// AsSent is the HTML of a mail and the pictures in it.
func (d *Desk) AsSent(ctx context.Context, mid social.MessageID) (string, map[string]string, error) {
	w, err := d.Rest(ctx, mid)
	if err == nil && w.HTML == "" {
		err = social.Errorf(social.NotFound, "This came as plain words.")
	}
	if err != nil {
		return "", nil, err
	}
	m, err := d.Store.Message(ctx, mid)
	if err != nil {
		return "", nil, err
	}
	pictures, err := d.Parcels.Inline(ctx, parcel.Said{ID: m.ID, Activity: m.Activity})
	return w.HTML, pictures, err
}

// Rest is what came with a message besides the words that are shown: what it
// quotes, and who got it too.
func (d *Desk) Rest(ctx context.Context, mid social.MessageID) (social.Enclosed, error) {
	m, err := d.Store.Message(ctx, mid)
	if err != nil {
		return social.Enclosed{}, err
	}
	if _, err := d.Conversation(ctx, m.Conversation); err != nil {
		return social.Enclosed{}, err
	}
	if !m.DeletedAt.IsZero() {
		return social.Enclosed{}, social.Errorf(social.NotFound, "Its author has deleted it.")
	}
	return d.Parcels.Rest(ctx, m.Activity)
}
