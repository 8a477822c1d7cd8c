package mastodon

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// React makes a post a favourite, or takes that back.
func (a *account) React(ctx context.Context, id string, on bool) error {
	act := "/unfavourite"
	if on {
		act = "/favourite"
	}
	var s wireStatus
	return a.call(ctx, http.MethodPost, "/api/v1/statuses/"+url.PathEscape(id)+act, nil, nil, &s, "")
}

// Metrics counts what a post has gathered.
func (l *listener) Metrics(ctx context.Context, id string) (channel.Metrics, error) {
	var s wireStatus
	if err := l.call(ctx, http.MethodGet, "/api/v1/statuses/"+url.PathEscape(id), nil, nil, &s, ""); err != nil {
		return channel.Metrics{}, err
	}
	return channel.Metrics{Likes: s.Favourites, Shares: s.Reblogs, Replies: s.Replies, Read: l.env.Clock.Now()}, nil
}

// Self is the account whose token we have.
func (a *account) Self(ctx context.Context) (social.Author, error) {
	me, err := a.self(ctx)
	if err != nil {
		return social.Author{}, err
	}
	k, err := a.know(ctx)
	if err != nil {
		return social.Author{}, err
	}
	return author(me, k.host), nil
}

// Profile looks an account up by its name.
func (a *account) Profile(ctx context.Context, who social.Author) (social.Author, error) {
	k, err := a.know(ctx)
	if err != nil {
		return social.Author{}, err
	}
	acct := strings.TrimPrefix(cmp.Or(who.Value, who.Handle), "@")
	acct = strings.TrimSuffix(acct, "@"+k.host)
	var found wireAccount
	if err := a.call(ctx, http.MethodGet, "/api/v1/accounts/lookup", url.Values{"acct": {acct}}, nil, &found, ""); err != nil {
		return social.Author{}, err
	}
	if found.Acct == "" {
		return social.Author{}, social.Errorf(social.NotFound, "%s does not know %s.", a.server.Host, acct)
	}
	return author(found, k.host), nil
}
