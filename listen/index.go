package listen

import (
	"context"

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
		doc.Reset(wording(p), "", "")
		words[p.ID] = doc.IndexText()
	}
	return s.store.Index(ctx, words)
}
