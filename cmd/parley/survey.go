package main

import (
	"context"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/people/consent"
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

// MayServe asks the ledger of consents whether somebody may be written to for
// service; the answer is kept under the reference.
func (d surveyDesk) MayServe(ctx context.Context, who social.IdentityID, channel social.ChannelID, reference string) (bool, string, error) {
	if _, err := d.h.book.Behind(ctx, who); social.NotFound.Is(err) {
		return false, "Nobody is known by this account any more.", nil
	} else if err != nil {
		return false, "", err
	}
	v, err := d.h.consents.Ask(ctx, who, channel, consent.Service, reference)
	return v.Clear, v.Why, err
}
