package listen

import (
	"context"
	"slices"

	"github.com/parley-crm/parley/social"
)

// Mentions returns activities with their matches, in the order asked for;
// absent ones are left out. It asks nobody's permission: it is for other
// rooms, which ask their own.
func (s *Station) Mentions(ctx context.Context, ids []social.ActivityID) ([]social.Mention, error) {
	found := s.recent.Get(ids)
	var missing []social.ActivityID
	for _, id := range ids {
		if _, ok := found[id]; !ok {
			missing = append(missing, id)
		}
	}
	for part := range slices.Chunk(missing, heardAtOnce) {
		posts, err := s.store.Posts(ctx, part)
		if err != nil {
			return nil, err
		}
		matches, err := s.store.Matches(ctx, seqsOf(posts))
		if err != nil {
			return nil, err
		}
		for _, m := range s.mentions(posts, matches) {
			found[m.Activity.ID] = m
		}
	}
	out := make([]social.Mention, 0, len(ids))
	for _, id := range ids {
		if m, ok := found[id]; ok {
			out = append(out, m)
		}
	}
	return out, nil
}

func seqsOf(posts []Post) []int64 {
	out := make([]int64, len(posts))
	for i, p := range posts {
		out[i] = p.Seq
	}
	return out
}

// mentions says what listening knows of posts.
func (s *Station) mentions(posts []Post, matches map[int64][]Match) []social.Mention {
	out := make([]social.Mention, len(posts))
	for i, p := range posts {
		a := p.Activity
		a.Verb = social.Create
		m := social.Mention{Activity: a, Identity: p.Identity, Deleted: !p.Deleted.IsZero(), Edited: !p.Edited.IsZero()}
		if m.Deleted {
			m.Activity.Verb = social.Delete
		} else if m.Edited {
			m.Activity.Verb = social.Update
		}
		if c, ok := s.ChannelInfo(p.Channel); ok {
			m.Programme = c.Programme
		}
		for _, hit := range matches[p.Seq] {
			m.Monitors = append(m.Monitors, hit.Monitor)
			mon := s.monitor(hit.Monitor)
			if mon.Inbox && !hit.Past && m.Monitor == "" {
				m.Monitor = hit.Monitor
				if mon.Programme != "" {
					m.Programme = mon.Programme
				}
			}
		}
		m.Inbox = !p.Own && !m.Deleted && !p.Quiet && (p.Directed || m.Monitor != "")
		out[i] = m
	}
	return out
}

// Forget clears what is remembered in memory.
func (s *Station) Forget() { s.recent.Clear() }

// AuthorsOf returns who said activities, by their external ids on a channel;
// unknown ones are left out.
func (s *Station) AuthorsOf(ctx context.Context, c social.ChannelID, external []string) (map[string]social.IdentityID, error) {
	out := make(map[string]social.IdentityID, len(external))
	if len(external) == 0 {
		return out, nil
	}
	posts, err := s.store.Stored(ctx, c, external)
	for name, p := range posts {
		if p.Identity != "" {
			out[name] = p.Identity
		}
	}
	return out, err
}
