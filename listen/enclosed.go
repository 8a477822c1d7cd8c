package listen

import (
	"context"
	"fmt"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// enclosed asks the channel what came with the words of an event. Trouble with
// that does not keep the words away.
func (r *reader) enclosed(e channel.Event) (out []social.Enclosed) {
	from, ok := r.conn.(channel.Encloser)
	if !ok || r.s.files == nil {
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			r.s.log.Error("a channel panicked while reading what came with an event", "channel", r.row.ID, "kind", r.row.Kind, "panic", fmt.Sprint(p))
			out = nil
		}
	}()
	out, err := from.Enclosed(e)
	if err != nil {
		r.s.log.Warn("what came with an event could not be read", "channel", r.row.ID, "kind", r.row.Kind, "error", err)
	}
	return out
}

// note keeps what came with the posts of a batch, as their newest versions
// say, and forgets what came with those that were deleted.
func (s *Station) note(ctx context.Context, c social.ChannelID, w *work, events []*heard) error {
	if s.files == nil {
		return nil
	}
	for _, h := range events {
		for _, in := range h.posts {
			now, stored := w.now[in.ExternalID], w.stored[in.ExternalID].ID != ""
			came, said := social.Enclosed{}, false
			for _, e := range h.came {
				if e.Of == in.ExternalID {
					came, said = e, true
				}
			}
			switch {
			case !now.Deleted.IsZero():
				if !stored {
					continue
				}
				came = social.Enclosed{}
			case now.Version != in.Version || !now.Told.Equal(in.Told), !said && (!stored || in.Verb != social.Update):
				continue
			}
			if err := s.files.Note(ctx, c, now.ID, came); err != nil {
				return err
			}
		}
	}
	return nil
}
