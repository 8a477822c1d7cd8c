package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/coder/websocket"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// rewind is how far before the cursor a stream resumes. Jetstream may leave
// out an event while it goes from replay to live, and a cursor behind its last
// event makes it start over; so it is asked for a little that is known, which
// has the same keys.
const rewind = 5 * time.Second

// Firehose is true: this is a whole public network.
func (l *listener) Firehose() bool { return true }

// Stream follows Jetstream. The cursor is its time_us.
func (l *listener) Stream(ctx context.Context, cursor string, take func(channel.Event) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	self, err := l.self(ctx)
	if err != nil {
		return err
	}
	conn, err := l.connect(ctx, cursor)
	if err != nil {
		return err
	}
	defer conn.CloseNow()
	go alive(ctx, cancel, conn)
	for {
		_, raw, err := conn.Read(ctx)
		if err != nil {
			if ctx.Err() != nil && !errors.Is(context.Cause(ctx), errSilent) {
				return ctx.Err()
			}
			return social.Because(social.Busy, err, "The connection to %s broke.", l.jetstream.Host)
		}
		e, ok := event(raw, self)
		if !ok {
			continue
		}
		if err := take(e); err != nil {
			return err
		}
	}
}

// event wraps what Jetstream sends. Its key is made of what was said, not of
// when Jetstream heard it, which changes with its restarts. What is nobody's
// post is left out; what cannot be read is kept.
func event(raw []byte, self string) (channel.Event, bool) {
	var ev wireEvent
	if json.Unmarshal(raw, &ev) == nil && (ev.Kind != "commit" || ev.Commit != nil && ev.Commit.Collection != posts) {
		return channel.Event{}, false
	}
	e := channel.Event{Cursor: strconv.FormatInt(ev.TimeUS, 10)}
	if ev.TimeUS > 0 {
		e.At = time.UnixMicro(ev.TimeUS).UTC()
	} else {
		e.Cursor = ""
	}
	c := ev.Commit
	switch {
	case c == nil || c.RKey == "":
		e.Key = "?" + digest(raw)
	case c.Operation == "delete":
		e.Key = uri(ev.DID, c.RKey) + "#deleted"
	default:
		e.Key = uri(ev.DID, c.RKey) + "#" + c.CID
	}
	if !json.Valid(raw) {
		raw, _ = json.Marshal(string(raw))
	}
	var err error
	e.Raw, err = json.Marshal(envelope{self, raw})
	return e, err == nil
}

func (l *listener) connect(ctx context.Context, cursor string) (*websocket.Conn, error) {
	title := l.jetstream.Host
	// A record is at most 1 MB; what is larger is none.
	q := url.Values{"wantedCollections": {posts}, "maxMessageSizeBytes": {"4000000"}}
	if cursor != "" {
		us, err := strconv.ParseInt(cursor, 10, 64)
		if err != nil {
			return nil, social.Because(social.Invalid, err, "The cursor of this channel cannot be read.")
		}
		q.Set("cursor", strconv.FormatInt(max(1, us-rewind.Microseconds()), 10))
	}
	u := *l.jetstream
	u.RawQuery = q.Encode()
	conn, resp, err := websocket.Dial(ctx, u.String(), &websocket.DialOptions{HTTPClient: l.env.HTTP, HTTPHeader: http.Header{"User-Agent": {agent}}})
	if err != nil {
		if resp != nil && resp.StatusCode != http.StatusSwitchingProtocols {
			return nil, l.refused(title, resp, false)
		}
		return nil, channel.Failed(title, err, false, nil)
	}
	conn.SetReadLimit(32 << 20)
	return conn, nil
}
