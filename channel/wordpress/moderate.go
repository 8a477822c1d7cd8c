package wordpress

import (
	"context"
	"net/url"
	"strconv"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Moderates: on our own blog, comments, where our account may moderate.
func (a *account) Moderates(at channel.Spot) (hide, remove bool) {
	may := a.ours && a.rules(at)
	return may, may
}

// Retracts: comments, and only for whom WordPress trusts with all of them: an
// author may not even edit a comment of their own.
func (a *account) Retracts(at channel.Spot) bool { return a.rules(at) }

// rules reports whether our account may do something about a comment, as far
// as that is known.
func (a *account) rules(at channel.Spot) bool {
	kind, _ := parseID(at.ID)
	a.mu.Lock()
	defer a.mu.Unlock()
	return kind == 'c' && at.Visibility == social.Public && (a.about == nil || a.about.moderates)
}

// errGone says that a comment does not stand there.
var errGone = social.Errorf(social.NotFound, "The comment is no longer on the blog.")

// Hide puts a comment back to those that wait for approval, or approves it
// (https://developer.wordpress.org/rest-api/reference/comments/#update-a-comment).
// WordPress fails when a comment is so already, so it is read first.
func (a *account) Hide(ctx context.Context, at channel.Spot, on bool) error {
	k, path, c, err := a.lookUp(ctx, at)
	if err != nil {
		return err
	}
	want := "approved"
	if on {
		want = "hold"
	}
	switch {
	case c.Status == "trash":
		return errGone
	case c.Status == want, on && c.Status == "spam":
		return nil
	}
	err = a.call(ctx, k.route, path, url.Values{"_fields": {"id,status"}}, map[string]string{"status": want}, &c)
	if says(err, "rest_comment_invalid_id") {
		return errGone
	}
	if says(err, "rest_comment_failed_edit") { // somebody was quicker, or it was not done
		return social.Because(social.Busy, err, "%s did not change the comment.", a.site.Host)
	}
	return err
}

// Remove puts a comment into the blog's trash, which empties itself after a
// month, or deletes it where there is none.
func (a *account) Remove(ctx context.Context, at channel.Spot) error {
	k, path, c, err := a.lookUp(ctx, at)
	if social.NotFound.Is(err) || err == nil && c.Status == "trash" {
		return nil
	}
	if err != nil {
		return err
	}
	return a.trash(ctx, k, path)
}

// Retract does the same with a comment of our own.
func (a *account) Retract(ctx context.Context, at channel.Spot) error {
	k, path, c, err := a.lookUp(ctx, at)
	switch {
	case social.NotFound.Is(err), err == nil && c.Status == "trash":
		return nil
	case err != nil:
		return err
	case c.Author != k.self.ID:
		return social.Errorf(social.Forbidden, "This comment is not ours.")
	}
	return a.trash(ctx, k, path)
}

func (a *account) trash(ctx context.Context, k *about, path string) error {
	var out struct{}
	err := a.call(ctx, k.route, path, nil, deletion{}, &out)
	if says(err, "rest_trash_not_supported") {
		err = a.call(ctx, k.route, path, url.Values{"force": {"true"}}, deletion{}, &out)
	}
	if says(err, "rest_already_trashed") || says(err, "rest_comment_invalid_id") {
		return nil
	}
	return err
}

// lookUp reads how a comment is.
func (a *account) lookUp(ctx context.Context, at channel.Spot) (*about, string, wireComment, error) {
	var c wireComment
	kind, n := parseID(at.ID)
	if kind != 'c' {
		return nil, "", c, social.Errorf(social.Invalid, "Only comments can be hidden or taken away here.")
	}
	k, err := a.know(ctx)
	if err != nil {
		return nil, "", c, err
	}
	path := "/wp/v2/comments/" + strconv.FormatInt(n, 10)
	q := url.Values{"_fields": {"id,author,status"}}
	if k.moderates {
		q.Set("context", "edit")
	}
	if err = a.call(ctx, k.route, path, q, nil, &c); says(err, "rest_comment_invalid_id") || says(err, "rest_cannot_read") {
		err = errGone
	}
	return k, path, c, err
}
