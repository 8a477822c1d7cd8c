package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

const (
	heartbeat   = 15 * time.Second
	writeWithin = 10 * time.Second // a reader that is slower is dropped and may come back
	recheck     = time.Second      // how old a permission may be when something is shown
	streamBatch = 256
)

type liveInput struct {
	After string `query:"after" doc:"The position after which to begin; the header Last-Event-ID says the same. Left out: now."`
	Last  string `header:"Last-Event-ID"`
}

func (l *live) registerStream() {
	op := Op{ID: liveID, Method: http.MethodGet, Path: "/api/live", Tag: "Live", Permission: social.SignedIn,
		Summary: "Follow what changes, as server-sent events that resume without a gap"}
	Register(l.s, op, l.open)
	l.s.API.OpenAPI().Paths["/api/live"].Get.Responses["200"] = &huma.Response{
		Description: "Events: heard, changed, delivery, monitor, channel, governed, sorted, noticed, hived, evolved, presence, reset. " +
			"id is an integer position to resume from. After reset, load everything anew. A comment comes every 15 seconds.",
		Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: "string"}}},
	}
}

func (l *live) open(ctx context.Context, in *liveInput) (*huma.StreamResponse, error) {
	from := in.Last
	if from == "" {
		from = in.After
	}
	var after int64
	if from != "" {
		var err error
		if after, err = strconv.ParseInt(from, 10, 64); err != nil || after < 0 {
			return nil, &social.Error{Kind: social.Invalid, Field: "query.after", Text: "The position must be an integer, as an id of an event."}
		}
	}
	pos, reset, err := l.begin(ctx, after, from != "")
	if err != nil {
		return nil, err
	}
	actor, _ := social.ActorOf(ctx)
	if !l.enter(actor.Member) {
		return nil, tooMany("There are too many live streams of yours already. Close some tabs.", 30*time.Second)
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		defer l.exit(actor.Member)
		_, w := humago.Unwrap(c)
		st := &stream{l: l, w: w, rc: http.NewResponseController(w), pos: pos, actor: actor, checked: time.Now(), presence: make(chan presenceEvent, 64)}
		st.run(ctx, reset)
	}}, nil
}

// stream is one reader.
type stream struct {
	l        *live
	w        http.ResponseWriter
	rc       *http.ResponseController
	pos      int64
	actor    social.Actor
	checked  time.Time // when the actor was last read anew
	presence chan presenceEvent
}

func (st *stream) run(ctx context.Context, reset bool) {
	l := st.l
	l.s.Metrics.streams.Inc()
	defer l.s.Metrics.streams.Dec()
	l.mu.Lock()
	l.listen[st] = struct{}{}
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		delete(l.listen, st)
		l.mu.Unlock()
	}()
	_ = st.rc.SetReadDeadline(time.Time{}) // not every writer has one
	h := st.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	st.w.WriteHeader(http.StatusOK)
	hello := fmt.Sprintf("retry: 2000\nid: %d\n\n", st.pos)
	if reset {
		hello = fmt.Sprintf("retry: 2000\nid: %d\nevent: reset\ndata: {}\n\n", st.pos)
	}
	if st.write(hello) != nil {
		return
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for ctx.Err() == nil {
		facts, wake, err := l.after(ctx, st.pos, streamBatch)
		if err != nil {
			return // the reader comes back and resumes
		}
		if len(facts) > 0 {
			if st.show(ctx, facts) != nil {
				return
			}
			continue
		}
		select {
		case <-wake:
		case e := <-st.presence:
			err = st.showPresence(ctx, e)
		case <-beat.C:
			if err = st.check(ctx, true); err == nil {
				err = st.write(fmt.Sprintf(": still here\nid: %d\n\n", st.pos))
			}
		case <-l.ended:
			return
		case <-ctx.Done():
		}
		if err != nil {
			return
		}
	}
}

// check reads the actor anew when what is known of it is too old.
func (st *stream) check(ctx context.Context, now bool) error {
	if !now && time.Since(st.checked) < recheck {
		return nil
	}
	actor, err := st.l.s.Authority.Authenticate(ctx, CredentialsOf(ctx))
	if err != nil {
		return err
	}
	if actor.Member != st.actor.Member || actor.Token != st.actor.Token {
		return social.Errorf(social.Unauth, "Somebody else.")
	}
	st.actor, st.checked = actor, time.Now()
	return nil
}

// show writes what the reader may see of facts, several of one sort as one.
func (st *stream) show(ctx context.Context, facts []store.Fact) error {
	governed := false
	for _, f := range facts {
		if _, ok := f.Fact.(social.Governed); ok {
			governed = true
		}
	}
	if err := st.check(ctx, governed); err != nil {
		return err
	}
	var out strings.Builder
	for _, e := range gather(facts) {
		data, err := st.data(ctx, e)
		if err != nil {
			return err
		}
		if data != nil {
			text, err := json.Marshal(data)
			if err != nil {
				return err
			}
			fmt.Fprintf(&out, "id: %d\nevent: %s\ndata: %s\n\n", e.pos, e.name, text)
		}
	}
	st.pos = facts[len(facts)-1].Pos
	if out.Len() == 0 {
		return nil // the next sign of life tells the position
	}
	return st.write(out.String())
}

func (st *stream) showPresence(ctx context.Context, e presenceEvent) error {
	if err := st.check(ctx, false); err != nil {
		return err
	}
	scope, ok := st.l.s.Authority.Scope(st.actor, social.InboxRead)
	if !ok {
		return nil
	}
	sees, err := st.l.s.sees(social.WithScope(social.WithActor(ctx, st.actor), scope), []social.ConversationID{e.Conversation})
	if err != nil || len(sees) == 0 {
		return err
	}
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return st.write("event: presence\ndata: " + string(text) + "\n\n")
}

// write sends within a limit of time: whoever reads too slowly is dropped.
func (st *stream) write(text string) error {
	_ = st.rc.SetWriteDeadline(time.Now().Add(writeWithin)) // not every writer has one
	if _, err := st.w.Write([]byte(text)); err != nil {
		return err
	}
	return st.rc.Flush()
}
