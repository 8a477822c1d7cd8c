package mastodon

import (
	"context"
	"net/http"
	"net/url"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// What others say on Mastodon stands on their own servers, and nobody but they
// can hide it. So an account is no Moderator.

// Retracts: everything of ours, private too; the server tells the others.
func (a *account) Retracts(at channel.Spot) bool { return at.ID != "" }

// Retract deletes a post of ours (https://docs.joinmastodon.org/methods/statuses/#delete).
func (a *account) Retract(ctx context.Context, at channel.Spot) error {
	var s struct{}
	err := a.call(ctx, http.MethodDelete, "/api/v1/statuses/"+url.PathEscape(at.ID), nil, nil, &s, "")
	if social.NotFound.Is(err) {
		return nil
	}
	return err
}
