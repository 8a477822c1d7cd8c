package listen

import (
	"context"
	"fmt"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// shares asks the channel what an event says about shares.
func (r *reader) shares(e channel.Event, raw Raw) (out []social.Share, err error) {
	sharer, ok := r.conn.(channel.Sharer)
	if !ok {
		return nil, nil
	}
	defer func() {
		if p := recover(); p != nil {
			r.s.log.Error("a channel panicked while reading a share", "channel", r.row.ID, "kind", r.row.Kind, "panic", fmt.Sprint(p))
			out, err = nil, social.Errorf(social.Invalid, "Reading it failed; the log says why.")
		}
	}()
	all, err := sharer.Shares(e)
	if err != nil && social.KindOf(err) == social.Fault {
		err = social.Because(social.Invalid, err, "It could not be read.")
	}
	for _, s := range all {
		s.ExternalID, s.Of = clean(s.ExternalID), clean(s.Of)
		cleanAuthor(&s.By)
		whole := s.Of != "" && len(s.Of) <= maxField && s.By.Value != "" && (s.Kind == social.Reshared || s.Kind == social.Quoted)
		if s.ExternalID == "" || len(s.ExternalID) > maxField || !s.Undone && !whole {
			continue // nothing that could be kept
		}
		if s.At.IsZero() {
			s.At = raw.At
		}
		if s.At.IsZero() {
			s.At = raw.Received
		}
		s.At = sane(s.At, raw.Received)
		out = append(out, s)
	}
	return out, err
}

func cleanAuthor(a *social.Author) {
	for _, f := range []*string{&a.Scheme, &a.Issuer, &a.Value, &a.Handle, &a.Name, &a.URL, &a.Avatar, &a.Place} {
		*f = clip(clean(*f), maxField)
	}
}

// keepShares keeps the shares of events that are not kept otherwise, where
// their posts are. It says of how many events it did.
func (s *Station) keepShares(ctx context.Context, id social.ChannelID, conn channel.Channel, all []heard) (int, error) {
	var said []social.Share
	for i := range all {
		if h := &all[i]; !h.keep {
			said = append(said, h.shares...)
		}
	}
	picked, err := s.shares.Pick(ctx, id, said)
	if err != nil || len(picked) == 0 {
		return 0, err
	}
	authors := make([]*social.Author, 0, len(picked))
	for i := range picked {
		authors = append(authors, &picked[i].By)
	}
	s.name(ctx, conn, authors)
	return len(picked), s.shares.Keep(ctx, id, picked)
}

// SharesOf returns shares by their external ids, with whose words they pass
// on; absent ones are left out. Those of what is gone or private count as
// taken back. It asks nobody's permission: it is for other rooms.
func (s *Station) SharesOf(ctx context.Context, c social.ChannelID, external []string) ([]social.Share, error) {
	return s.store.SharesOf(ctx, c, external)
}

// SharesTo returns who shared a post that the actor may see, the latest first.
func (s *Station) SharesTo(ctx context.Context, of Item, before *SharePlace, limit int) ([]social.Share, error) {
	if !of.Deleted.IsZero() {
		return nil, nil
	}
	return s.store.SharesTo(ctx, of.ID, before, limit)
}

// SharesKnown counts, for activities, the shares of which it is known whose they are.
func (s *Station) SharesKnown(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]int, error) {
	return s.store.SharesKnown(ctx, ids)
}
