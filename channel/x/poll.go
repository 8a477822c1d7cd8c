package x

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Interval is for the smaller plans, which allow few questions in a quarter
// of an hour.
func (a *account) Interval() time.Duration { return 2 * time.Minute }

const pagesMost = 10 // X gives at most the newest 800 mentions

// Poll asks for mentions after the newest that was heard; the first time for
// the newest page.
func (a *account) Poll(ctx context.Context, cursor string) (channel.Batch, error) {
	es, err := a.mentions(ctx, cursor)
	if err != nil {
		return channel.Batch{}, err
	}
	a.mu.Lock()
	wait := a.wait
	a.mu.Unlock()
	next := newest(cursor, es)
	if next == "" { // nobody has named us yet: what is said from now on comes
		next = idAt(a.env.Clock.Now().Add(-clocks))
	}
	return channel.Batch{Events: es, Cursor: next, Wait: wait}, nil
}

// idAt is the lowest id of a time: ids are milliseconds since X's own epoch,
// and 22 bits (https://docs.x.com/fundamentals/x-ids).
func idAt(t time.Time) string {
	const epoch = 1288834974657
	return strconv.FormatInt(max(1, t.UnixMilli()-epoch)<<22, 10)
}

func newest(cursor string, es []channel.Event) string {
	for _, e := range es {
		if e.Cursor != "" && later(e.Cursor, cursor) {
			cursor = e.Cursor
		}
	}
	return cursor
}

// mentions are those after an id, oldest first.
func (l *line) mentions(ctx context.Context, after string) ([]channel.Event, error) {
	me, err := l.self(ctx)
	if err != nil {
		return nil, err
	}
	q := url.Values{"max_results": {"100"}, "tweet.fields": {postFields}, "expansions": {"author_id"}, "user.fields": {userFields}}
	if ids.MatchString(after) {
		q.Set("since_id", after)
	}
	var out []channel.Event
	for range pagesMost {
		var page wirePage
		if err := l.asUs(ctx, "GET", "/2/users/"+me.ID+"/mentions", q, nil, &page); err != nil {
			return nil, err
		}
		out = append(out, events(me.ID, page)...)
		if page.Meta.Next == "" || after == "" {
			break
		}
		q.Set("pagination_token", page.Meta.Next)
	}
	oldestFirst(out)
	return out, nil
}

// missed are what the rules match after an id, by search: what was said while
// the stream was down. Search reaches a week back.
func (l *line) missed(ctx context.Context, self, after string, rules []string) ([]channel.Event, error) {
	if !ids.MatchString(after) {
		return nil, nil
	}
	var out []channel.Event
	for _, rule := range rules {
		q := url.Values{"query": {rule}, "since_id": {after}, "max_results": {"100"}, "tweet.fields": {postFields}, "expansions": {"author_id"}, "user.fields": {userFields}}
		for range pagesMost {
			var page wirePage
			err := l.call(ctx, l.bearer, "GET", "/2/tweets/search/recent", q, nil, &page)
			if social.Invalid.Is(err) && q.Get("since_id") != "" {
				// An id of more than a week ago is refused; so is a rule with an
				// operator that only the stream has.
				q.Del("since_id")
				err = l.call(ctx, l.bearer, "GET", "/2/tweets/search/recent", q, nil, &page)
			}
			if social.Invalid.Is(err) {
				break
			}
			if err != nil {
				return nil, err
			}
			out = append(out, slices.DeleteFunc(events(self, page), func(e channel.Event) bool { return e.Cursor != "" && !later(e.Cursor, after) })...)
			if page.Meta.Next == "" {
				break
			}
			q.Set("next_token", page.Meta.Next)
		}
	}
	return out, nil
}
