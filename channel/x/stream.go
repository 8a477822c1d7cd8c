package x

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Firehose: what the rules let through was asked for.
func (h *hose) Firehose() bool { return false }

// Firehose: what the rules let through was asked for.
func (v *live) Firehose() bool { return false }

// Stream hears what the rules match.
func (h *hose) Stream(ctx context.Context, cursor string, take func(channel.Event) error) error {
	return h.hear(ctx, "", h.rules, cursor, take)
}

// Stream hears what the rules match, and who names us.
func (v *live) Stream(ctx context.Context, cursor string, take func(channel.Event) error) error {
	me, err := v.self(ctx)
	if err != nil {
		return err
	}
	rules := append(slices.Clone(v.rules), "@"+me.Username)
	return v.hear(ctx, me.ID, rules, cursor, take)
}

// silence is how long nothing may come: X sends an empty line every 20 seconds
// (https://docs.x.com/x-api/posts/filtered-stream/integrate/consume-streaming-data).
const silence = 60 * time.Second

// longest is how long a line may be; a post of 25,000 characters fits.
const longest = 4 << 20

// wireLine is a line of the stream.
type wireLine struct {
	Data     json.RawMessage `json:"data"`
	Includes wireIncludes    `json:"includes"`
	Rules    []struct {
		Tag string `json:"tag"`
	} `json:"matching_rules"`
	Errors []struct {
		Title  string `json:"title"`
		Detail string `json:"detail"`
	} `json:"errors"`
}

// hear keeps the rules, connects, fetches what was missed, and then takes
// lines as they come. The stream is joined first, so that nothing falls between.
func (l *line) hear(ctx context.Context, self string, rules []string, cursor string, take func(channel.Event) error) error {
	if err := l.keep(ctx, rules); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watch := time.AfterFunc(silence, cancel)
	defer watch.Stop()
	body, err := l.join(ctx)
	watch.Stop()
	if err != nil {
		return err
	}
	defer body.Close()
	gap, err := l.missed(ctx, self, cursor, rules)
	if err != nil {
		return err
	}
	if l.oauth != nil && cursor != "" {
		named, err := l.mentions(ctx, cursor)
		if err != nil {
			return err
		}
		gap = append(gap, named...)
	}
	oldestFirst(gap)
	seen := map[string]bool{}
	for _, e := range gap {
		if seen[e.Key] {
			continue
		}
		seen[e.Key] = true
		if err := take(e); err != nil {
			return err
		}
	}
	watch.Reset(silence)
	in := bufio.NewReaderSize(body, 64<<10)
	for {
		raw, err := lineOf(in)
		if err != nil {
			return broken(ctx, err)
		}
		watch.Reset(silence)
		if raw = bytes.TrimSpace(raw); len(raw) == 0 {
			continue
		}
		e, err := l.event(self, raw)
		if err != nil {
			return err
		}
		if e == nil || seen[e.Key] {
			continue
		}
		watch.Stop() // taking may take its time
		if err := take(*e); err != nil {
			return err
		}
		watch.Reset(silence)
	}
}

// event makes an event of a line; nil where it is about another channel of
// the same app.
func (l *line) event(self string, raw []byte) (*channel.Event, error) {
	var in wireLine
	if err := json.Unmarshal(raw, &in); err != nil {
		e := pack("?"+digest(raw), envelope{Self: self}, time.Time{}, "")
		return &e, nil
	}
	if len(in.Data) == 0 {
		if len(in.Errors) > 0 {
			return nil, social.Errorf(social.Busy, "X ended the stream%s.", colon(readable(first(in.Errors[0].Detail, in.Errors[0].Title))))
		}
		return nil, nil
	}
	if len(in.Rules) > 0 && !slices.ContainsFunc(in.Rules, func(r struct {
		Tag string `json:"tag"`
	}) bool {
		return r.Tag == l.tag()
	}) {
		return nil, nil
	}
	e := events(self, wirePage{Data: []json.RawMessage{in.Data}, Includes: in.Includes})[0]
	return &e, nil
}

// lineOf reads a line; one that is too long is passed over.
func lineOf(r *bufio.Reader) ([]byte, error) {
	var out []byte
	over := false
	for {
		part, err := r.ReadSlice('\n')
		if len(out)+len(part) > longest {
			out, over = nil, true
		}
		if !over {
			out = append(out, part...)
		}
		switch {
		case err == nil && over:
			return nil, nil
		case err == nil:
			return out, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

func broken(ctx context.Context, err error) error {
	if errors.Is(err, io.EOF) {
		return social.Because(social.Busy, err, "X closed the stream.")
	}
	if ctx.Err() != nil {
		return social.Because(social.Busy, err, "The stream of X ended, or was silent for too long.")
	}
	return social.Because(social.Busy, err, "The stream of X broke off.")
}

// join opens the stream.
func (l *line) join(ctx context.Context) (io.ReadCloser, error) {
	q := url.Values{"tweet.fields": {postFields}, "expansions": {"author_id"}, "user.fields": {userFields}}
	req, err := l.request(ctx, l.bearer, http.MethodGet, "/2/tweets/search/stream", q, nil)
	if err != nil {
		return nil, err
	}
	client := *l.env.HTTP // the same way out, for as long as it lasts
	client.Timeout = 0
	resp, err := client.Do(req)
	if err != nil {
		return nil, channel.Failed(title, err, false, nil)
	}
	if resp.StatusCode != http.StatusOK {
		defer resp.Body.Close()
		return nil, refusal(resp, false, l.env.Clock.Now())
	}
	return resp.Body, nil
}
