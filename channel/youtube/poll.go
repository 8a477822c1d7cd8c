package youtube

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
)

// Interval: at one to some units a look, a day of looks fits in the usual
// quota several times.
func (y *ear) Interval() time.Duration { return 5 * time.Minute }

const pagesMost = 50 // of threads in one poll

// mark is the cursor: up to when was heard, and how many answers each of the
// newest threads had.
type mark struct {
	Upto    time.Time      `json:"upto"`
	Answers map[string]int `json:"answers"`
}

// Poll reads the newest threads, and the answers of those that have more than
// before.
func (y *ear) Poll(ctx context.Context, cursor string) (channel.Batch, error) {
	var m mark
	if cursor != "" && json.Unmarshal([]byte(cursor), &m) != nil {
		m = mark{} // a cursor of another kind: begin anew
	}
	sources := []url.Values{{"allThreadsRelatedToChannelId": {y.id}}}
	if len(y.videos) > 0 {
		sources = nil
		for _, v := range y.videos {
			sources = append(sources, url.Values{"videoId": {v}})
		}
	}
	next := mark{Upto: m.Upto, Answers: map[string]int{}}
	var events []channel.Event
	for _, q := range sources {
		some, err := y.threads(ctx, q, m, &next)
		if err != nil {
			return channel.Batch{}, err
		}
		events = append(events, some...)
	}
	if next.Upto.IsZero() {
		next.Upto = y.env.Clock.Now().Add(-24 * time.Hour) // nobody has spoken yet
	}
	slices.SortStableFunc(events, func(a, b channel.Event) int { return a.At.Compare(b.At) })
	c, err := json.Marshal(next)
	return channel.Batch{Events: events, Cursor: string(c)}, err
}

// threads reads threads, newest first, until they are older than what was
// heard; the first time only one page.
func (y *ear) threads(ctx context.Context, q url.Values, m mark, next *mark) ([]channel.Event, error) {
	q.Set("part", "snippet,replies")
	q.Set("order", "time")
	q.Set("textFormat", "plainText")
	q.Set("maxResults", "100")
	var out []channel.Event
	for n := range pagesMost {
		var page struct {
			Items []json.RawMessage `json:"items"`
			Next  string            `json:"nextPageToken"`
		}
		if err := y.call(ctx, http.MethodGet, "commentThreads", q, nil, &page); err != nil {
			return nil, err
		}
		older := len(page.Items) == 0
		for _, raw := range page.Items {
			var t wireThread
			if json.Unmarshal(raw, &t) != nil || t.ID == "" {
				out = append(out, broken(raw))
				continue
			}
			some, err := y.thread(ctx, t, m, next, n == 0)
			if err != nil {
				return nil, err
			}
			out = append(out, some...)
			older = older || t.Snippet.Top.at().Before(m.Upto)
		}
		if m.Upto.IsZero() || older || page.Next == "" {
			break
		}
		q.Set("pageToken", page.Next)
	}
	return out, nil
}

// thread makes events of what is new in a thread.
func (y *ear) thread(ctx context.Context, t wireThread, m mark, next *mark, newest bool) ([]channel.Event, error) {
	var out []channel.Event
	add := func(raw json.RawMessage) {
		var c wireComment
		if json.Unmarshal(raw, &c) != nil || c.ID == "" {
			out = append(out, broken(raw))
			return
		}
		at := c.changed()
		if at.After(next.Upto) {
			next.Upto = at
		}
		if !at.Before(m.Upto) {
			out = append(out, pack(c.ID+"@"+version(at), envelope{Video: t.Snippet.Video, Comment: raw}, c.at()))
		}
	}
	add(t.Snippet.TopRaw)
	answers := t.Replies.Comments
	had, known := m.Answers[t.ID]
	if count := t.Snippet.Count; count > len(answers) && (!known || count != had) && !m.Upto.IsZero() {
		var err error
		if answers, err = y.answers(ctx, t.ID); err != nil { // a thread shows only some of its answers
			return nil, err
		}
	}
	if newest {
		next.Answers[t.ID] = t.Snippet.Count
	}
	for _, raw := range answers {
		add(raw)
	}
	return out, nil
}

// answers reads the answers to a comment, as many pages as there are within
// reason.
func (y *ear) answers(ctx context.Context, parent string) ([]json.RawMessage, error) {
	q := url.Values{"part": {"snippet"}, "parentId": {parent}, "textFormat": {"plainText"}, "maxResults": {"100"}}
	var out []json.RawMessage
	for range 10 {
		var page struct {
			Items []json.RawMessage `json:"items"`
			Next  string            `json:"nextPageToken"`
		}
		if err := y.call(ctx, http.MethodGet, "comments", q, nil, &page); err != nil {
			return nil, err
		}
		out = append(out, page.Items...)
		if page.Next == "" {
			break
		}
		q.Set("pageToken", page.Next)
	}
	return out, nil
}

// envelope is one raw event: a comment as YouTube sent it, and its video.
type envelope struct {
	Video   string          `json:"video"`
	Comment json.RawMessage `json:"comment"`
}

func pack(key string, in envelope, at time.Time) channel.Event {
	raw, err := json.Marshal(in)
	if err != nil {
		raw = []byte(`{}`)
	}
	return channel.Event{Key: strings.ToValidUTF8(key, "?"), Raw: raw, At: at}
}

func broken(raw json.RawMessage) channel.Event {
	sum := sha256.Sum256(raw)
	return pack("?"+hex.EncodeToString(sum[:12]), envelope{Comment: raw}, time.Time{})
}
