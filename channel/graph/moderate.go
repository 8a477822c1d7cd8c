package graph

import (
	"context"
	"net/http"
	"net/url"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// hold is how a comment is. Meta says with is_hidden and can_hide what can be
// done on a Page (https://developers.facebook.com/docs/graph-api/reference/comment/),
// and with hidden what was done on Instagram
// (https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment/).
type hold struct {
	ID        ident `json:"id"`
	IsHidden  bool  `json:"is_hidden"`
	CanHide   *bool `json:"can_hide"`
	CanRemove *bool `json:"can_remove"`
	Hidden    bool  `json:"hidden"`
}

// lookUp reads how a comment is; what is gone is NotFound.
func (c *client) lookUp(ctx context.Context, id, fields string) (hold, error) {
	var out hold
	err := c.get(ctx, id, url.Values{"fields": {fields}}, &out)
	return out, err
}

// drop deletes a comment. What is gone already is fine.
func (c *client) drop(ctx context.Context, id string) error {
	var out struct{}
	err := c.call(ctx, http.MethodDelete, id, nil, nil, &out)
	if social.NotFound.Is(err) {
		return nil
	}
	return err
}

// Moderates: comments below what stands on the Page. Posts of others may be
// hidden by nobody.
func (w *wall) Moderates(at channel.Spot) (hide, remove bool) {
	may := at.Visibility == social.Public && comment.MatchString(at.ID)
	return may, may
}

// Hide hides a comment from all but its author and their friends, or shows it
// again.
func (w *wall) Hide(ctx context.Context, at channel.Spot, on bool) error {
	if hide, _ := w.Moderates(at); !hide {
		return social.Errorf(social.Invalid, "Only comments can be hidden here.")
	}
	is, err := w.lookUp(ctx, at.ID, "id,is_hidden,can_hide")
	switch {
	case err != nil:
		return err
	case is.IsHidden == on:
		return nil
	case on && is.CanHide != nil && !*is.CanHide:
		return social.Errorf(social.Forbidden, "Facebook does not let a Page hide this: only others’ comments below its own posts can be hidden.")
	}
	var out struct{}
	return w.call(ctx, http.MethodPost, at.ID, nil, map[string]bool{"is_hidden": on}, &out)
}

// Remove deletes a comment.
func (w *wall) Remove(ctx context.Context, at channel.Spot) error {
	if _, remove := w.Moderates(at); !remove {
		return social.Errorf(social.Invalid, "Only comments can be taken away here.")
	}
	is, err := w.lookUp(ctx, at.ID, "id,can_remove")
	switch {
	case social.NotFound.Is(err):
		return nil
	case err != nil:
		return err
	case is.CanRemove != nil && !*is.CanRemove:
		return social.Errorf(social.Forbidden, "Facebook does not let a Page delete this: only comments below its own posts can be deleted.")
	}
	return w.drop(ctx, at.ID)
}

// Retracts: comments; Meta takes no message back.
func (w *wall) Retracts(at channel.Spot) bool {
	return at.Visibility == social.Public && comment.MatchString(at.ID)
}

// Retract deletes a comment of ours.
func (w *wall) Retract(ctx context.Context, at channel.Spot) error {
	if !w.Retracts(at) {
		return social.Errorf(social.Invalid, "Meta takes no message back.")
	}
	return w.drop(ctx, at.ID)
}

// Moderates: comments below our media.
func (i *insta) Moderates(at channel.Spot) (hide, remove bool) {
	may := at.Visibility == social.Public && digits.MatchString(at.ID)
	return may, may
}

// Hide hides a comment from all but its author, or shows it again.
func (i *insta) Hide(ctx context.Context, at channel.Spot, on bool) error {
	if hide, _ := i.Moderates(at); !hide {
		return social.Errorf(social.Invalid, "Only comments can be hidden here.")
	}
	is, err := i.lookUp(ctx, at.ID, "id,hidden")
	if err != nil || is.Hidden == on {
		return err
	}
	var out struct{}
	return i.call(ctx, http.MethodPost, at.ID, nil, map[string]bool{"hide": on}, &out)
}

// Remove deletes a comment.
func (i *insta) Remove(ctx context.Context, at channel.Spot) error {
	if _, remove := i.Moderates(at); !remove {
		return social.Errorf(social.Invalid, "Only comments can be taken away here.")
	}
	return i.drop(ctx, at.ID)
}

// Retracts: comments; messages stay.
func (i *insta) Retracts(at channel.Spot) bool {
	hide, _ := i.Moderates(at)
	return hide
}

// Retract deletes a comment of ours.
func (i *insta) Retract(ctx context.Context, at channel.Spot) error {
	if !i.Retracts(at) {
		return social.Errorf(social.Invalid, "Instagram takes no message back.")
	}
	return i.drop(ctx, at.ID)
}
