package x

import (
	"context"
	"net/http"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Moderates: answers in a conversation; X itself knows whether we began it.
// Nothing of others is taken away there.
func (a *account) Moderates(at channel.Spot) (hide, remove bool) {
	return at.Visibility == social.Public && ids.MatchString(at.ID) && at.Root != "" && at.Root != at.ID, false
}

// Hide puts an answer behind “hidden replies”, or back; the same again is fine
// (https://docs.x.com/x-api/posts/hide-replies/introduction).
func (a *account) Hide(ctx context.Context, at channel.Spot, on bool) error {
	if hide, _ := a.Moderates(at); !hide {
		return social.Errorf(social.Invalid, "Only answers to posts of ours can be hidden on X.")
	}
	var out struct {
		Data struct {
			Hidden bool `json:"hidden"`
		} `json:"data"`
	}
	if err := a.asUs(ctx, http.MethodPut, "/2/tweets/"+at.ID+"/hidden", nil, map[string]bool{"hidden": on}, &out); err != nil {
		return err
	}
	if out.Data.Hidden != on {
		return social.Errorf(social.NotFound, "The answer is no longer on X, or below no post of ours.")
	}
	return nil
}

// Remove is refused.
func (a *account) Remove(context.Context, channel.Spot) error {
	return social.Errorf(social.Invalid, "X lets nobody take away what others said. It can be hidden.")
}

// Retracts: posts.
func (a *account) Retracts(at channel.Spot) bool { return ids.MatchString(at.ID) }

// Retract deletes a post of ours (https://docs.x.com/x-api/posts/delete-post).
func (a *account) Retract(ctx context.Context, at channel.Spot) error {
	if !a.Retracts(at) {
		return social.Errorf(social.Invalid, "Only posts can be taken back on X.")
	}
	var out struct{}
	err := a.asUs(ctx, http.MethodDelete, "/2/tweets/"+at.ID, nil, nil, &out)
	if social.NotFound.Is(err) {
		return nil
	}
	return err
}
