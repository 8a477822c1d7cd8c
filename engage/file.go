package engage

import (
	"context"
	"slices"

	"github.com/parley-crm/parley/social"
)

// Came asks listening for what came with activities besides their words.
type Came interface {
	// Want lets files be fetched. It joins the transaction of ctx.
	Want(ctx context.Context, ids []social.ActivityID) error
	Of(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID][]social.Attached, error)
}

// Files knows files by their owners.
type Files interface {
	FilesOf(ctx context.Context, owners ...string) (map[string][]social.File, error)
}

// With is a file that goes with a message.
type With struct {
	Name   string
	Type   string // as its sender says; the file's own counts once it is here
	Alt    string
	Size   int64
	State  social.AttachmentState
	Reason string
	File   *social.File // once it is here
}

// want lets be fetched what came with the words that a fold took in.
func (d *Desk) want(ctx context.Context, in []social.Mention) error {
	if d.Came == nil {
		return nil
	}
	ids := make([]social.ActivityID, 0, len(in))
	for _, m := range in {
		if !m.Deleted {
			ids = append(ids, m.Activity.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return d.Came.Want(ctx, ids)
}

// With returns the files of messages, which the asker has read.
func (d *Desk) With(ctx context.Context, ms []Message) (map[social.MessageID][]With, error) {
	out := map[social.MessageID][]With{}
	if d.Came == nil || d.Files == nil {
		return out, nil
	}
	var heard []social.ActivityID
	for _, m := range ms {
		if m.Activity != "" && m.DeletedAt.IsZero() {
			heard = append(heard, m.Activity)
		}
	}
	if len(heard) == 0 {
		return out, nil
	}
	came, err := d.Came.Of(ctx, heard)
	if err != nil || len(came) == 0 {
		return out, err
	}
	owners := make([]string, 0, len(came))
	for id := range came {
		owners = append(owners, social.FileOwner(string(id)))
	}
	files, err := d.Files.FilesOf(ctx, owners...)
	if err != nil {
		return nil, err
	}
	for _, m := range ms {
		for _, a := range came[m.Activity] {
			if a.State == social.AttachmentNoted {
				continue
			}
			w := With{Name: a.Name, Type: a.Type, Alt: a.Alt, Size: a.Size, State: a.State, Reason: a.Reason}
			own := files[social.FileOwner(string(m.Activity))]
			if i := slices.IndexFunc(own, func(f social.File) bool { return f.ID == a.File }); i >= 0 {
				f := own[i]
				w.Name, w.Type, w.Size, w.File = f.Name, f.Type, f.Size, &f
			}
			out[m.ID] = append(out[m.ID], w)
		}
	}
	return out, nil
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
