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
	"strings"
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
	a, err := l.know(ctx)
	if err != nil {
		return channel.Batch{}, err
	}
	next := places{}
	maps.Copy(next, at)
	var queues [][]heard
	b := channel.Batch{}
	for _, src := range l.sources {
		var q []heard
		var more bool
		switch last, known := at[src.name]; {
		case !known: // a new source brings its latest page
			q, _, err = l.page(ctx, a, src, "", "")
			next[src.name] = ""
		case last == "": // it was empty, so all of it is new
			q, err = l.whole(ctx, a, src)
		default:
			q, more, err = l.after(ctx, a, src, last)
		}
		if err != nil {
			return channel.Batch{}, err
		}
		queues, b.More = append(queues, q), b.More || more
	}
	edits, err := l.edits(ctx, a, at)
	if err != nil {
		return channel.Batch{}, err
	}
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
		if name := l.sources[best].name; later(h.id, next[name]) {
			next[name] = h.id
		}
		if h.Key != "" {
			h.Cursor = next.String()
			b.Events = append(b.Events, h.Event)
		}
	}
	b.Cursor = next.String()
	b.Events = append(b.Events, edits...)
	return b, nil
}

// later reports whether an id was made after another: numbers and ULIDs both
// grow, in length or in order.
func later(a, b string) bool {
	return len(a) > len(b) || len(a) == len(b) && a > b
}

// page asks a source once and returns its answer, oldest first, and whether
// it was full.
func (l *listener) page(ctx context.Context, a *about, src source, after, before string) ([]heard, bool, error) {
	q := url.Values{"limit": {strconv.Itoa(page)}}
	maps.Copy(q, src.query)
	if after != "" {
		q.Set("min_id", after)
	}
	if before != "" {
		q.Set("max_id", before)
	}
	var items []json.RawMessage
	if err := l.call(ctx, http.MethodGet, src.path, q, nil, &items, ""); err != nil {
		return nil, false, err
	}
	out := make([]heard, 0, len(items))
	for _, raw := range slices.Backward(items) { // the API gives the newest first
		h, err := l.wrap(ctx, a, src, raw)
		if err != nil {
			return nil, false, err
		}
		out = append(out, h)
	}
	return out, len(items) >= page, nil
}

// whole reads a source back to its beginning.
func (l *listener) whole(ctx context.Context, a *about, src source) ([]heard, error) {
	var out []heard
	before := ""
	for range 50 {
		q, full, err := l.page(ctx, a, src, "", before)
		if err != nil {
			return nil, err
		}
		out = append(q, out...)
		if !full || q[0].id == "" {
			break
		}
		before = q[0].id
	}
	return out, nil
}

// after reads a source from a little before its place, because a server may
// show an id after a greater one, and goes on until there is no more or it
// has read much. What is read again has the same keys.
func (l *listener) after(ctx context.Context, a *about, src source, last string) ([]heard, bool, error) {
	var out []heard
	from, reached := rewound(last), last
	for range 25 {
		q, full, err := l.page(ctx, a, src, from, "")
		if err != nil {
			return nil, false, err
		}
		out = append(out, q...)
		for _, h := range q {
			if later(h.id, reached) {
				reached = h.id
			}
			if later(h.id, from) {
				from = h.id
			}
		}
		if !full || len(q) == 0 {
			return out, false, nil
		}
	}
	return out, reached != last, nil
}

// edits looks now and then whether mentions were edited since they came: some
// servers tell nobody.
func (l *listener) edits(ctx context.Context, a *about, at places) ([]channel.Event, error) {
	now := l.env.Clock.Now()
	l.mu.Lock()
	due := at != nil && l.token != "" && now.Sub(l.looked) >= 10*time.Minute
	if due || at == nil {
		l.looked = now
	}
	l.mu.Unlock()
	if !due {
		return nil, nil
	}
	q, _, err := l.page(ctx, a, l.sources[0], "", "")
	var out []channel.Event
	for _, h := range q {
		if strings.Contains(h.Key, "@") { // see about.event
			out = append(out, h.Event)
		}
	}
	return out, err
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
	if n.Type == "reblog" && n.ID != "" && len(n.Status) > 0 {
		e, err := a.boosting(n)
		return heard{e, n.ID}, err
	}
	if n.Type != "mention" && n.ID != "" {
		return heard{id: n.ID}, nil // of another type, which we did not ask for
	}
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
