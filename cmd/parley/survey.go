package main

import (
	"context"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// askEvery is how often it is looked whom to ask how well we helped.
const askEvery = 10 * time.Second

// surveyDesk is what asking needs of the inbox.
type surveyDesk struct{ h *house }

// Talks reads conversations within the scope of ctx.
func (d surveyDesk) Talks(ctx context.Context, ids []social.ConversationID) ([]engage.Conversation, error) {
	return d.h.talks.Rows(ctx, ids)
}

// Whisper says something by itself in a private conversation.
func (d surveyDesk) Whisper(ctx context.Context, id social.ConversationID, key string, owner social.MemberID, text string) (bool, error) {
	return d.h.desk.Whisper(ctx, id, key, owner, text)
}

// tellSurveys plans to ask about what was resolved.
func (h *house) tellSurveys(ctx context.Context, facts []store.Fact) error {
	var rs []social.Resolved
	for _, f := range facts {
		if r, ok := f.Fact.(social.Resolved); ok {
			rs = append(rs, r)
		}
	}
	return h.surveys.Resolved(ctx, rs)
}
