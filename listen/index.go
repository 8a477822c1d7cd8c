package listen

import (
	"context"
	"math"

	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/social"
)

// Index keeps the words of activities for search, after they were heard. It
// is no part of the intake, which must be quick.
func (s *Station) Index(ctx context.Context, ids []social.ActivityID) error {
	mentions, err := s.Mentions(ctx, ids)
	if err != nil || len(mentions) == 0 {
		return err
	}
	words := make(map[social.ActivityID]string, len(mentions))
	var doc query.Doc
	for _, m := range mentions {
		p := Post{Activity: m.Activity}
		if m.Deleted || !p.Visible() {
			words[p.ID] = ""
			continue
		}
		doc.Reset(Wording(p), "", "")
		words[p.ID] = doc.IndexText()
	}
	return s.store.Index(ctx, words)
}

// Reindex keeps the words of everything that was heard anew, as after a
// restore, which leaves them out.
func (s *Station) Reindex(ctx context.Context) error {
	for below := int64(math.MaxInt64); ; {
		posts, err := s.store.Below(ctx, below, pastAtOnce)
		if err != nil || len(posts) == 0 {
			return err
		}
		ids := make([]social.ActivityID, len(posts))
		for i, p := range posts {
			ids[i] = p.ID
		}
		if err := s.store.InTx(ctx, func(ctx context.Context) error { return s.Index(ctx, ids) }); err != nil {
			return err
		}
		below = posts[len(posts)-1].Seq
	}
}
