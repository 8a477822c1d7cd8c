package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/coder/websocket"
	"github.com/klauspost/compress/zstd"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/third_party/jetstream"
)

// rewind is how far before the cursor a stream resumes. A cursor behind
// Jetstream's last event makes it start over, so it is asked for a little that
// is known, which has the same keys.
const rewind = 10 * time.Second

// calm is how long a stream must be quiet, or live, for its replay to be over.
const calm = time.Second

// Firehose is true: this is a whole public network.
func (l *listener) Firehose() bool { return true }

// Stream follows Jetstream. The cursor is its time_us.
//
// While Jetstream goes over from replaying the past to the present it may
// leave out what is said at that moment. So when the replay is over, that
// moment is asked for once more on a second connection.
func (l *listener) Stream(ctx context.Context, cursor string, take func(channel.Event) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	self, err := l.self(ctx)
	if err != nil {
		return err
	}
	since := l.env.Clock.Now()
	conn, err := l.connect(ctx, cursor)
	if err != nil {
		return err
	}
	defer conn.CloseNow()
	go alive(ctx, cancel, conn)
	live, past, ends := make(chan []byte), make(chan []byte), make(chan error, 2)
	go func() { ends <- l.read(ctx, conn, live) }()
	var over <-chan time.Time // when the replay is over
	if cursor != "" {
		over = time.After(calm)
	}
	for {
		var raw []byte
		again := false
		select {
		case raw = <-live:
		case raw = <-past:
			again = true
		case <-over:
			over = nil
			go func(from string) {
				if err := l.mend(ctx, from, past); err != nil {
					ends <- err
				}
			}(cursor)
			continue
		case err := <-ends:
			if ctx.Err() != nil && !errors.Is(context.Cause(ctx), errSilent) {
				return ctx.Err()
			}
			if social.Busy.Is(err) {
				return err
			}
			return social.Because(social.Busy, err, "The connection to %s broke.", l.jetstream.Host)
		}
		e, ok := event(raw, self)
		if !ok {
			continue
		}
		switch {
		case again:
			e.Cursor = "" // it lies before what was heard since
		case e.Cursor != "":
			cursor = e.Cursor
			if over != nil && e.At.Before(since.Add(-calm)) {
				over = time.After(calm) // still the past
			}
		}
		if err := take(e); err != nil {
			return err
		}
	}
}

// read hands over what a connection brings until it breaks.
func (l *listener) read(ctx context.Context, conn *websocket.Conn, to chan<- []byte) error {
	for {
		raw, err := l.next(ctx, conn)
		if err != nil {
			return err
		}
		select {
		case to <- raw:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// next reads an event. A server that knows how sends it compressed, which is
// about half of it; another sends it plain.
func (l *listener) next(ctx context.Context, conn *websocket.Conn) ([]byte, error) {
	kind, raw, err := conn.Read(ctx)
	if err != nil || kind == websocket.MessageText {
		return raw, err
	}
	plain, err := l.zstd.DecodeAll(raw, nil)
	if err != nil {
		return nil, fmt.Errorf("what Jetstream compressed cannot be read: %w", err)
	}
	return plain, nil
}

// eventMost is the most that an event may become when it is unpacked.
const eventMost = 16 << 20

// unpack reads what Jetstream compresses. It may be used by many at once.
func unpack() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderDicts(jetstream.Dictionary), zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(eventMost))
}

// mend asks once more for what came shortly before the cursor and hands it
// over, until nothing has come for a while or it has reached the present.
func (l *listener) mend(ctx context.Context, cursor string, to chan<- []byte) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	conn, err := l.connect(ctx, cursor)
	if err != nil {
		return err
	}
	defer conn.CloseNow()
	quiet := time.AfterFunc(2*calm, cancel)
	defer quiet.Stop()
	until := l.env.Clock.Now().Add(calm)
	for {
		raw, err := l.next(ctx, conn)
		if err != nil {
			if ctx.Err() != nil {
				return nil // all was read
			}
			return err
		}
		var e struct {
			TimeUS int64 `json:"time_us"`
		}
		if json.Unmarshal(raw, &e) == nil && time.UnixMicro(e.TimeUS).After(until) {
			return nil
		}
		quiet.Reset(2 * calm)
		select {
		case to <- raw:
		case <-ctx.Done():
			return nil
		}
	}
}

// event wraps what Jetstream sends. Its key is made of what was said, not of
// when Jetstream heard it, which changes with its restarts. What is nobody's
// post or repost is left out; what cannot be read is kept.
func event(raw []byte, self string) (channel.Event, bool) {
	var ev wireEvent
	if json.Unmarshal(raw, &ev) == nil && (ev.Kind != "commit" || ev.Commit != nil && ev.Commit.Collection != posts && ev.Commit.Collection != reposts) {
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
		e.Key = recordURI(ev.DID, c.Collection, c.RKey) + "#deleted"
	default:
		e.Key = recordURI(ev.DID, c.Collection, c.RKey) + "#" + c.CID
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
	q := url.Values{"wantedCollections": {posts, reposts}, "maxMessageSizeBytes": {"4000000"}}
	if cursor != "" {
		us, err := strconv.ParseInt(cursor, 10, 64)
		if err != nil {
			return nil, social.Because(social.Invalid, err, "The cursor of this channel cannot be read.")
		}
		q.Set("cursor", strconv.FormatInt(max(1, us-rewind.Microseconds()), 10))
	}
	u := *l.jetstream
	u.RawQuery = q.Encode()
	conn, resp, err := websocket.Dial(ctx, u.String(), &websocket.DialOptions{HTTPClient: l.env.HTTP, HTTPHeader: http.Header{"User-Agent": {agent}, "Socket-Encoding": {"zstd"}}})
	if err != nil {
		if resp != nil && resp.StatusCode != http.StatusSwitchingProtocols {
			return nil, l.refused(title, resp, false)
		}
		return nil, channel.Failed(title, err, false, nil)
	}
	conn.SetReadLimit(32 << 20)
	return conn, nil
}
