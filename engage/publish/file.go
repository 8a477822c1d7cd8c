package publish

import (
	"bytes"
	"context"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/picture"
	"github.com/parley-crm/parley/social"
)

// owner is what the files of a content belong to.
func owner(id ContentID) string { return "content:" + string(id) }

// uses are the files that something of a content still needs, each once.
func (c *Content) uses() []social.FileID {
	var ids []social.FileID
	for _, m := range c.Media {
		ids = append(ids, m.File)
	}
	for _, x := range c.Posts {
		for _, m := range x.Media {
			ids = append(ids, m.File)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (p *Press) takeFiles(ctx context.Context, c *Content, by social.MemberID) error {
	ids := c.uses()
	if len(ids) == 0 {
		return nil
	}
	had, err := p.files(ctx, c.ID)
	if err != nil {
		return err
	}
	ids = slices.DeleteFunc(ids, func(f social.FileID) bool { _, ok := had[f]; return ok })
	if len(ids) == 0 {
		return nil
	}
	_, err = p.Store.TakeFiles(ctx, owner(c.ID), by, ids...)
	return err
}

// freeFiles lets go of what nothing of a content needs any more: it is its
// uploader's again for a day, and then gone.
func (p *Press) freeFiles(ctx context.Context, c *Content) error {
	had, err := p.files(ctx, c.ID)
	if err != nil {
		return err
	}
	uses := c.uses()
	for id, f := range had {
		if _, used := slices.BinarySearch(uses, id); used {
			continue
		}
		if err := p.Store.FreeFiles(ctx, owner(c.ID), f.Member, id); err != nil {
			return err
		}
	}
	return nil
}

func (p *Press) files(ctx context.Context, id ContentID) (map[social.FileID]social.File, error) {
	all, err := p.Store.FilesOf(ctx, owner(id))
	out := map[social.FileID]social.File{}
	for _, f := range all[owner(id)] {
		out[f.ID] = f
	}
	return out, err
}

// Files lists the files of contents.
func (p *Press) Files(ctx context.Context, ids ...ContentID) (map[ContentID][]social.File, error) {
	owners := make([]string, len(ids))
	for i, id := range ids {
		owners[i] = owner(id)
	}
	all, err := p.Store.FilesOf(ctx, owners...)
	if err != nil {
		return nil, err
	}
	out := make(map[ContentID][]social.File, len(all))
	for _, id := range ids {
		if fs := all[owner(id)]; fs != nil {
			out[id] = fs
		}
	}
	return out, nil
}

// load says whether a network takes the files of a post: those of the content,
// and those that the actor has added and not kept yet.
func (p *Press) load(ctx context.Context, c *Content, media []Media, l channel.Load) error {
	var had map[social.FileID]social.File
	if c.ID != "" {
		var err error
		if had, err = p.files(ctx, c.ID); err != nil {
			return err
		}
	}
	a, _ := social.ActorOf(ctx)
	files := make([]social.File, len(media))
	for i, m := range media {
		f, ok := had[m.File]
		if !ok {
			var err error
			f, err = p.Store.File(ctx, m.File)
			if err == nil && (f.Owner != "" || f.Member != a.Member || a.Member == "") {
				err = social.Errorf(social.NotFound, "One of the files is not there any more. Add it again.")
			}
			if err != nil {
				return err
			}
		}
		if n := utf8.RuneCountInString(m.Alt); l.Alt > 0 && n > l.Alt {
			return invalid("media", "The description of “%s” is longer than this network's %d characters.", f.Name, l.Alt)
		}
		files[i] = f
	}
	return l.Check(files)
}

// packed is a letter with its media, which are read by ctx after the transaction tx is over.
func (p *Press) packed(ctx, tx context.Context, c *Content, x *Post) (channel.Post, error) {
	l := letter(x, c)
	media := c.Pictures(x)
	if len(media) == 0 {
		return l, nil
	}
	had, err := p.files(tx, c.ID)
	if err != nil {
		return l, err
	}
	for _, m := range media {
		f, ok := had[m.File]
		if !ok {
			return l, social.Errorf(social.Invalid, "A file of this post is not there any more.")
		}
		l.Media = append(l.Media, channel.Media{Name: f.Name, Type: f.Type, Size: f.Size, Width: f.Width, Height: f.Height, Alt: m.Alt,
			Open: func() io.ReadSeeker { return bare(p.Store.OpenFile(ctx, f)) }})
	}
	return l, nil
}

// bare is a file without what cameras write into pictures: where they were
// taken is nobody's business.
func bare(r io.Reader) io.ReadSeeker {
	data, err := io.ReadAll(r)
	if err != nil {
		return unread{err}
	}
	return bytes.NewReader(picture.Bare(data))
}

// unread is a file that cannot be read.
type unread struct{ err error }

func (u unread) Read([]byte) (int, error)       { return 0, u.err }
func (u unread) Seek(int64, int) (int64, error) { return 0, u.err }
