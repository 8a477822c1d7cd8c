package mastodon

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

const page = 40 // the most that every server gives

// places is the cursor: the last id seen of each source.
type places map[string]string

func parsePlaces(cursor string) (places, error) {
	p := places{}
	if cursor == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(cursor), &p); err != nil {
		return nil, social.Because(social.Invalid, err, "The cursor of this channel cannot be read.")
	}
	return p, nil
}

func (p places) String() string {
	b, _ := json.Marshal(map[string]string(p))
	return string(b)
}

// Interval keeps well below Mastodon's limit of 300 requests in five minutes.
func (l *listener) Interval() time.Duration { return 30 * time.Second }

// heard is an event with its place in its source.
type heard struct {
	channel.Event
	id string
}

// Poll asks every source for what came after its place. Sources are merged by
// time, each in its own order, so that the cursor after each event is true.
func (l *listener) Poll(ctx context.Context, cursor string) (channel.Batch, error) {
	at, err := parsePlaces(cursor)
	if err != nil {
		return channel.Batch{}, err
	}
	first := at == nil
	a, err := l.know(ctx)
	if err != nil {
		return channel.Batch{}, err
	}
	next := places{}
	maps.Copy(next, at)
	var queues [][]heard
	more := false
	for _, src := range l.sources {
		last, known := at[src.name]
		q, full, err := l.ask(ctx, a, src, last, !first && known && last == "")
		if err != nil {
			return channel.Batch{}, err
		}
		if _, ok := next[src.name]; !ok {
			next[src.name] = ""
		}
		queues, more = append(queues, q), more || full && (known || last != "")
	}
	b := channel.Batch{More: more && !first}
	for {
		best := -1
		for i, q := range queues {
			if len(q) > 0 && (best < 0 || q[0].At.Before(queues[best][0].At)) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		h := queues[best][0]
		queues[best] = queues[best][1:]
		if h.id != "" {
			next[l.sources[best].name] = h.id
		}
		h.Cursor = next.String()
		b.Events = append(b.Events, h.Event)
	}
	b.Cursor = next.String()
	return b, nil
}

// ask returns what a source has after last, oldest first, and whether the
// page was full. With all it goes back to the source's beginning: that is
// asked when the source was empty before.
func (l *listener) ask(ctx context.Context, a *about, src source, last string, all bool) ([]heard, bool, error) {
	var out []heard
	before := ""
	for range 50 {
		q := url.Values{"limit": {strconv.Itoa(page)}}
		maps.Copy(q, src.query)
		if last != "" {
			q.Set("min_id", last)
		}
		if before != "" {
			q.Set("max_id", before)
		}
		var items []json.RawMessage
		if err := l.call(ctx, http.MethodGet, src.path, q, nil, &items, ""); err != nil {
			return nil, false, err
		}
		for _, raw := range items {
			h, err := l.wrap(ctx, a, src, raw)
			if err != nil {
				return nil, false, err
			}
			out = append(out, h)
			if h.id != "" {
				before = h.id
			}
		}
		if !all || len(items) < page {
			slices.Reverse(out) // the API gives the newest first
			return out, len(items) >= page, nil
		}
	}
	slices.Reverse(out)
	return out, false, nil
}

// wrap makes an event of one item of a source.
func (l *listener) wrap(ctx context.Context, a *about, src source, raw json.RawMessage) (heard, error) {
	if src.name != "n" {
		var s wireStatus
		_ = json.Unmarshal(raw, &s) // what cannot be read is kept, and Read says so
		e, err := a.event(raw, "")
		return heard{e, s.ID}, err
	}
	var n wireNotification
	_ = json.Unmarshal(raw, &n)
	if len(n.Status) == 0 || string(n.Status) == "null" {
		n.Status = json.RawMessage(`{}`)
	}
	e, err := l.mention(ctx, a, n.Status)
	return heard{e, n.ID}, err
}

// mention makes an event of a status that mentions us; if it answers
// something, the thread's beginning is looked up, so that it is found again.
func (l *listener) mention(ctx context.Context, a *about, raw json.RawMessage) (channel.Event, error) {
	var s wireStatus
	_ = json.Unmarshal(raw, &s)
	root := ""
	if s.ID != "" && s.InReplyTo != "" {
		var err error
		if root, err = l.root(ctx, s.ID, s.InReplyTo); err != nil {
			return channel.Event{}, err
		}
	}
	return a.event(raw, root)
}

// root finds the first status of the thread in which id answers parent.
func (l *listener) root(ctx context.Context, id, parent string) (string, error) {
	l.mu.Lock()
	root, ok := l.roots[parent]
	l.mu.Unlock()
	if !ok {
		var c wireContext
		err := l.call(ctx, http.MethodGet, "/api/v1/statuses/"+url.PathEscape(id)+"/context", nil, nil, &c, "")
		switch k := social.KindOf(err); {
		case err == nil && len(c.Ancestors) > 0 && c.Ancestors[0].ID != "":
			root = c.Ancestors[0].ID
		case err == nil, k == social.NotFound, k == social.Forbidden, k == social.Invalid:
			root = parent // what stands above it is not shown to us
		default:
			return "", err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.roots) > 10_000 {
		clear(l.roots)
	}
	l.roots[parent], l.roots[id] = root, root
	return root, nil
}

func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:12])
}
