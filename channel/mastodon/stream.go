package mastodon

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/coder/websocket"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// again is how often a stream polls as well: the streaming API may drop what
// it likes, and GoToSocial never sends public timelines over it.
func (a *account) again(me *about) time.Duration {
	if me.strict && slices.ContainsFunc(a.sources, func(s source) bool { return s.stream != "user" }) {
		return a.Interval()
	}
	return time.Minute
}

// Firehose is false unless the whole public timeline is followed.
func (a *account) Firehose() bool {
	return slices.ContainsFunc(a.sources, func(s source) bool { return s.stream == "public" })
}

// Stream connects first, then polls for what came since the cursor, and then
// hands over what arrives. What comes both ways has the same key.
func (a *account) Stream(ctx context.Context, cursor string, take func(channel.Event) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	me, err := a.know(ctx)
	if err != nil {
		return err
	}
	conn, err := a.connect(ctx, me)
	if err != nil {
		return err
	}
	defer conn.CloseNow()
	if cursor, err = a.catchUp(ctx, cursor, take); err != nil {
		return err
	}
	frames := make(chan []byte, 256)
	broken := make(chan error, 2)
	go func() {
		for {
			_, frame, err := conn.Read(ctx)
			if err != nil {
				broken <- err
				return
			}
			select {
			case frames <- frame:
			case <-ctx.Done():
				return
			}
		}
	}()
	go a.alive(ctx, conn, broken)
	tick := time.NewTicker(a.again(me))
	defer tick.Stop()
	for {
		select {
		case frame := <-frames:
			if cursor, err = a.frame(ctx, me, frame, cursor, take); err != nil {
				return err
			}
		case <-tick.C:
			if cursor, err = a.catchUp(ctx, cursor, take); err != nil {
				return err
			}
		case err := <-broken:
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return social.Because(social.Busy, err, "The connection to %s broke.", a.server.Host)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// alive notices a connection that has died without a word.
func (a *account) alive(ctx context.Context, conn *websocket.Conn, broken chan<- error) {
	tick := time.NewTicker(30 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			ping, cancel := context.WithTimeout(ctx, 15*time.Second)
			err := conn.Ping(ping)
			cancel()
			if err != nil {
				broken <- err
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

func (a *account) catchUp(ctx context.Context, cursor string, take func(channel.Event) error) (string, error) {
	for {
		b, err := a.Poll(ctx, cursor)
		if err != nil {
			return cursor, err
		}
		for _, e := range b.Events {
			if err := take(e); err != nil {
				return cursor, err
			}
		}
		cursor = b.Cursor
		if !b.More {
			return cursor, nil
		}
	}
}

// connect opens the socket and subscribes to every source. Big servers stream
// from another host, which they name; others name one that leads nowhere.
func (a *account) connect(ctx context.Context, me *about) (*websocket.Conn, error) {
	if me.stream != "" && me.stream != a.server.Host && a.server.Scheme == "https" {
		conn, err := a.dial(ctx, url.URL{Scheme: "https", Host: me.stream})
		var later channel.RetryAfter
		if err == nil || social.Unauth.Is(err) || errors.As(err, &later) {
			return conn, err
		}
	}
	return a.dial(ctx, *a.server)
}

func (a *account) dial(ctx context.Context, u url.URL) (*websocket.Conn, error) {
	title := u.Host
	u.Path += "/api/v1/streaming"
	u.RawQuery = url.Values{"stream": {"user"}}.Encode()
	h := http.Header{}
	a.sign(h)
	conn, resp, err := websocket.Dial(ctx, u.String(), &websocket.DialOptions{HTTPClient: a.env.HTTP, HTTPHeader: h})
	if err != nil {
		if resp != nil && resp.StatusCode != http.StatusSwitchingProtocols {
			return nil, channel.Status(title, resp, detail(resp), false, a.env.Clock.Now())
		}
		return nil, channel.Failed(title, err, false, nil)
	}
	conn.SetReadLimit(32 << 20)
	for _, s := range a.sources {
		if s.stream == "user" {
			continue
		}
		b, _ := json.Marshal(map[string]string{"type": "subscribe", "stream": s.stream, "tag": s.tag})
		if err := conn.Write(ctx, websocket.MessageText, b); err != nil {
			conn.CloseNow()
			return nil, channel.Failed(title, err, false, nil)
		}
	}
	return conn, nil
}

// frame hands over what one frame says and returns the cursor behind it.
func (a *account) frame(ctx context.Context, me *about, raw []byte, cursor string, take func(channel.Event) error) (string, error) {
	var f wireFrame
	if json.Unmarshal(raw, &f) != nil {
		a.env.Log.Warn("a frame that is not JSON", "host", a.server.Host, "bytes", len(raw))
		return cursor, nil
	}
	payload := []byte(f.Payload)
	var inner string
	if json.Unmarshal(f.Payload, &inner) == nil {
		payload = []byte(inner) // a string that holds JSON, or an id
	}
	var e channel.Event
	var err error
	at, err := parsePlaces(cursor)
	if err != nil {
		return cursor, err
	}
	switch f.Event {
	case "notification":
		var n wireNotification
		if json.Unmarshal(payload, &n) != nil || n.Type != "mention" && n.Type != "reblog" {
			return cursor, nil
		}
		if n.Type == "reblog" {
			e, err = me.boosting(n)
		} else {
			e, err = a.mention(ctx, me, n.Status)
		}
		if err != nil {
			return cursor, err
		}
		if later(n.ID, at["n"]) {
			at["n"] = n.ID
		}
	case "update":
		src, ok := a.of(f.Stream)
		if !ok {
			return cursor, nil
		}
		if e, err = me.event(payload, ""); err != nil {
			return cursor, nil
		}
		if at[src] != "" && len(e.Key) > 0 && e.Key[0] != '?' {
			var s wireStatus
			_ = json.Unmarshal(payload, &s)
			if later(s.ID, at[src]) {
				at[src] = s.ID
			}
		}
	case "status.update":
		if e, err = me.event(payload, ""); err != nil {
			return cursor, nil
		}
	case "delete":
		now := a.env.Clock.Now()
		e = channel.Event{Key: inner + "@deleted", At: now}
		quoted, _ := json.Marshal(inner)
		e.Raw, err = json.Marshal(envelope{Event: "delete", Self: me.self.ID, Host: me.host, At: &now, Payload: quoted})
		if err != nil || inner == "" {
			return cursor, nil
		}
	default:
		return cursor, nil
	}
	e.Cursor = at.String()
	return e.Cursor, take(e)
}

// of tells which source of ours a stream is.
func (a *account) of(stream []string) (string, bool) {
	if len(stream) == 0 {
		return "", false
	}
	for _, s := range a.sources {
		if s.name == "n" || s.stream != stream[0] || (s.tag != "" && (len(stream) < 2 || s.tag != stream[1])) {
			continue
		}
		return s.name, true
	}
	return "", false
}

var _ channel.Streamer = (*account)(nil)

var errNoStatus = errors.New("no status in the answer")
