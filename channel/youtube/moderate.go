package youtube

import (
	"context"
	"net/http"
	"net/url"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Moderates: comments below our videos, which are all that is heard here.
func (v *voice) Moderates(at channel.Spot) (hide, remove bool) {
	may := at.Visibility == social.Public && commentID.MatchString(at.ID)
	return may, may
}

// errGone says that a comment does not stand there.
var errGone = social.Errorf(social.NotFound, "The comment is no longer on YouTube.")

// Hide holds a comment for review, or publishes it
// (https://developers.google.com/youtube/v3/docs/comments/setModerationStatus).
func (v *voice) Hide(ctx context.Context, at channel.Spot, on bool) error {
	if on {
		return v.judge(ctx, at, "heldForReview")
	}
	return v.judge(ctx, at, "published")
}

// Remove rejects a comment, with all answers to it: YouTube deletes nothing of
// others.
func (v *voice) Remove(ctx context.Context, at channel.Spot) error {
	if err := v.judge(ctx, at, "rejected"); !social.NotFound.Is(err) {
		return err
	}
	return nil
}

func (v *voice) judge(ctx context.Context, at channel.Spot, status string) error {
	if !commentID.MatchString(at.ID) {
		return social.Errorf(social.Invalid, "Only comments can be hidden here.")
	}
	err := v.call(ctx, http.MethodPost, "comments/setModerationStatus", url.Values{"id": {at.ID}, "moderationStatus": {status}}, nil, nil)
	if social.NotFound.Is(err) {
		return errGone
	}
	return err
}

// Retracts: comments.
func (v *voice) Retracts(at channel.Spot) bool { return commentID.MatchString(at.ID) }

// Retract deletes a comment of ours
// (https://developers.google.com/youtube/v3/docs/comments/delete).
func (v *voice) Retract(ctx context.Context, at channel.Spot) error {
	if !v.Retracts(at) {
		return social.Errorf(social.Invalid, "Only comments can be taken back here.")
	}
	err := v.call(ctx, http.MethodDelete, "comments", url.Values{"id": {at.ID}}, nil, nil)
	if social.NotFound.Is(err) {
		return nil
	}
	return err
}
