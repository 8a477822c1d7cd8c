// Package parcel is what goes with words besides words: files that customers
// sent, and files of ours on their way.
//
// A file of ours belongs to one thing at a time: to nothing while it is added,
// to the member's drafts, then to the message that it goes with; taken back, it
// returns to the draft.
package parcel

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"slices"
	"strings"

	"github.com/parley-crm/parley/kit/picture"
	"github.com/parley-crm/parley/social"
)

// Came asks listening for what came with activities besides their words.
type Came interface {
	// Want lets files be fetched. It joins the transaction of ctx.
	Want(ctx context.Context, ids []social.ActivityID) error
	Of(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID][]social.Attached, error)
	// More says which came with more words than are shown, and Words gives them.
	More(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.Beside, error)
	Words(ctx context.Context, id social.ActivityID) (social.Enclosed, error)
}

// Files keeps files for their owners.
type Files interface {
	FilesOf(ctx context.Context, owners ...string) (map[string][]social.File, error)
	TakeFiles(ctx context.Context, owner string, by social.MemberID, ids ...social.FileID) ([]social.File, error)
	FreeFiles(ctx context.Context, owner string, by social.MemberID, ids ...social.FileID) error
	OpenFile(ctx context.Context, f social.File) io.ReadSeeker
}

// Rows keeps which files go with a message of ours.
type Rows interface {
	MessageFiles(ctx context.Context, ids []social.MessageID) (map[social.MessageID][]Enclosure, error)
	KeepMessageFiles(ctx context.Context, id social.MessageID, items []Enclosure) error
}

// Most is how many files go with one message, whatever the channel takes.
const Most = 10

// Enclosure is a file of ours, with what it shows.
type Enclosure struct {
	File social.FileID `json:"file"`
	Alt  string        `json:"alt,omitempty" maxLength:"1500"`
}

// With is a file that goes with a message.
type With struct {
	Name   string
	Type   string // as its sender says; the file's own counts once it is here
	Alt    string
	Size   int64
	State  social.AttachmentState
	Reason string
	CID    string       // by which the HTML of a mail names it
	File   *social.File // once it is here
}

// Said is a message, and the activity by which it was heard if it was not
// sent from here.
type Said struct {
	ID       social.MessageID
	Activity social.ActivityID
}

// Box is where parcels are packed and opened. A nil box has none.
type Box struct {
	Came  Came
	Files Files
	Rows  Rows
}

// Want lets be fetched what came with activities.
func (b *Box) Want(ctx context.Context, ids []social.ActivityID) error {
	if b == nil || len(ids) == 0 {
		return nil
	}
	return b.Came.Want(ctx, ids)
}

// More says which activities came with more words than are shown.
func (b *Box) More(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.Beside, error) {
	if b == nil || len(ids) == 0 {
		return nil, nil
	}
	return b.Came.More(ctx, ids)
}

// Rest is what came with an activity besides the words that are shown.
func (b *Box) Rest(ctx context.Context, id social.ActivityID) (social.Enclosed, error) {
	if b == nil || id == "" {
		return social.Enclosed{}, nil
	}
	return b.Came.Words(ctx, id)
}

// The limits of pictures that are shown in the HTML of a mail.
const (
	largestInline = 2 << 20
	allInline     = 6 << 20
)

// Inline are the pictures in the HTML of a mail, as addresses of data, by how
// that names them. What is not here yet, or too large, is left out.
func (b *Box) Inline(ctx context.Context, m Said) (map[string]string, error) {
	if b == nil {
		return nil, nil
	}
	all, err := b.With(ctx, []Said{m})
	if err != nil {
		return nil, err
	}
	out, sum := map[string]string{}, int64(0)
	for _, w := range all[m.ID] {
		if w.CID == "" || w.File == nil || !w.File.Picture() || w.File.Size > largestInline || sum+w.File.Size > allInline {
			continue
		}
		data, err := io.ReadAll(b.Files.OpenFile(ctx, *w.File))
		if err != nil {
			return nil, err
		}
		sum += w.File.Size
		out[strings.ToLower(w.CID)] = "data:" + w.File.Type + ";base64," + base64.StdEncoding.EncodeToString(data)
	}
	return out, nil
}

// With returns the files of messages, which the asker has read.
func (b *Box) With(ctx context.Context, said []Said) (map[social.MessageID][]With, error) {
	out := map[social.MessageID][]With{}
	if b == nil || len(said) == 0 {
		return out, nil
	}
	var heard []social.ActivityID
	var sent []social.MessageID
	for _, m := range said {
		if m.Activity != "" {
			heard = append(heard, m.Activity)
		} else {
			sent = append(sent, m.ID)
		}
	}
	came, err := b.Came.Of(ctx, heard)
	if err != nil {
		return nil, err
	}
	ours, err := b.Rows.MessageFiles(ctx, sent)
	if err != nil {
		return nil, err
	}
	var owners []string
	for id := range came {
		owners = append(owners, social.FileOwner(string(id)))
	}
	for id := range ours {
		owners = append(owners, social.FileOwner(string(id)))
	}
	files, err := b.Files.FilesOf(ctx, owners...)
	if err != nil {
		return nil, err
	}
	for _, m := range said {
		for _, a := range came[m.Activity] {
			if a.State == social.AttachmentNoted {
				continue
			}
			w := With{Name: a.Name, Type: a.Type, Alt: a.Alt, Size: a.Size, State: a.State, Reason: a.Reason, CID: a.CID()}
			w.here(files[social.FileOwner(string(m.Activity))], a.File)
			out[m.ID] = append(out[m.ID], w)
		}
		for _, x := range ours[m.ID] {
			w := With{Alt: x.Alt, State: social.AttachmentKept}
			if w.here(files[social.FileOwner(string(m.ID))], x.File); w.File != nil {
				out[m.ID] = append(out[m.ID], w)
			}
		}
	}
	return out, nil
}

func (w *With) here(files []social.File, id social.FileID) {
	if i := slices.IndexFunc(files, func(f social.File) bool { return f.ID == id }); i >= 0 {
		f := files[i]
		w.Name, w.Type, w.Size, w.File = f.Name, f.Type, f.Size, &f
	}
}

// drafts is the owner of what a member's drafts hold.
func drafts(m social.MemberID) string { return "draft:" + string(m) }

// Draft makes items what a draft of a member holds, instead of others. It
// joins the transaction of ctx, like all that follows.
func (b *Box) Draft(ctx context.Context, m social.MemberID, old, items []Enclosure) error {
	if b == nil {
		return nil
	}
	if err := b.Files.FreeFiles(ctx, drafts(m), m, ids(old)...); err != nil {
		return err
	}
	_, err := b.Files.TakeFiles(ctx, drafts(m), m, ids(items)...)
	return err
}

// OfDrafts returns the files that a member's drafts hold.
func (b *Box) OfDrafts(ctx context.Context, m social.MemberID) ([]social.File, error) {
	if b == nil {
		return nil, nil
	}
	all, err := b.Files.FilesOf(ctx, drafts(m))
	return all[drafts(m)], err
}

// Pack gives files of a member to a message, if the channel takes them.
func (b *Box) Pack(ctx context.Context, id social.MessageID, m social.MemberID, l social.Load, items []Enclosure) error {
	if len(items) == 0 {
		return nil
	}
	if b == nil {
		return social.Errorf(social.Invalid, "Files cannot be sent from here.")
	}
	for i, x := range items {
		if slices.ContainsFunc(items[:i], func(o Enclosure) bool { return o.File == x.File }) {
			return social.Errorf(social.Invalid, "A file goes along once.")
		}
		if n := len([]rune(x.Alt)); l.Alt > 0 && n > l.Alt {
			return social.Errorf(social.Invalid, "A description is too long by %d characters.", n-l.Alt)
		}
	}
	if err := b.Files.FreeFiles(ctx, drafts(m), m, ids(items)...); err != nil {
		return err
	}
	files, err := b.Files.TakeFiles(ctx, social.FileOwner(string(id)), m, ids(items)...)
	if err != nil {
		return err
	}
	if err := l.Check(files); err != nil {
		return err
	}
	return b.Rows.KeepMessageFiles(ctx, id, items)
}

// Unpack takes the files of a message of a member back.
func (b *Box) Unpack(ctx context.Context, id social.MessageID, m social.MemberID) ([]Enclosure, error) {
	if b == nil {
		return nil, nil
	}
	all, err := b.Rows.MessageFiles(ctx, []social.MessageID{id})
	items := all[id]
	if err != nil || len(items) == 0 {
		return nil, err
	}
	if err := b.Files.FreeFiles(ctx, social.FileOwner(string(id)), m, ids(items)...); err != nil {
		return nil, err
	}
	return items, b.Rows.KeepMessageFiles(ctx, id, nil)
}

// Media are the files of a message as a channel takes them. Pictures go out
// without what cameras write into them.
func (b *Box) Media(ctx context.Context, id social.MessageID) ([]social.Media, error) {
	if b == nil {
		return nil, nil
	}
	all, err := b.With(ctx, []Said{{ID: id}})
	if err != nil {
		return nil, err
	}
	var out []social.Media
	for _, w := range all[id] {
		data, err := io.ReadAll(b.Files.OpenFile(ctx, *w.File))
		if err != nil {
			return nil, err
		}
		data = picture.Bare(data)
		out = append(out, social.Media{Name: w.Name, Type: w.Type, Size: int64(len(data)), Width: w.File.Width, Height: w.File.Height, Alt: strings.TrimSpace(w.Alt),
			Open: func() io.ReadSeeker { return bytes.NewReader(data) }})
	}
	return out, nil
}

func ids(items []Enclosure) []social.FileID {
	out := make([]social.FileID, len(items))
	for i, x := range items {
		out[i] = x.File
	}
	return out
}
