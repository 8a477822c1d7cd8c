package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// vendor is a house with a vendor's server beside it.
type vendor struct {
	*house
	t      *testing.T
	set    *clock.Set
	ctx    context.Context // as the administrator
	srv    *httptest.Server
	door   http.Handler
	mu     sync.Mutex
	taken  []map[string]any // what the vendor took from us
	before func(w http.ResponseWriter) bool
}

// beside builds a house beside a vendor's server.
func beside(t *testing.T, serve func(v *vendor, w http.ResponseWriter, r *http.Request)) *vendor {
	t.Helper()
	v := &vendor{t: t, set: clock.NewSet(time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC))}
	v.srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serve(v, w, r) }))
	t.Cleanup(v.srv.Close)
	ctx := asParley(t.Context())
	var err error
	v.house, err = build(ctx, plan{store: store.Options{Dir: t.TempDir()}, allow: []string{"127.0.0.1"}, clock: v.set, timing: engage.Timing{Undo: time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.db.Close() })
	admin, err := v.office.AddAdmin(ctx, "maya@brewell.example", "Maya Dubois", "correct horse battery staple")
	if err != nil {
		t.Fatal(err)
	}
	v.ctx = social.WithScope(social.WithActor(t.Context(), admin.Actor()), social.Scope{All: true})
	policies, _, err := v.office.Policies(v.ctx, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range policies {
		if _, err := v.office.Acknowledge(v.ctx, p.ID, 1); err != nil {
			t.Fatal(err)
		}
	}
	wide := server.Limit{Burst: 1e6, Second: 1e6}
	v.door = v.server(server.Options{Version: "test", Limits: server.Limits{Guest: wide, Knock: wide, Member: wide}}).Handler()
	return v
}

func (v *vendor) connect(kind string, settings map[string]string) social.ChannelID {
	v.t.Helper()
	c, err := v.station.AddChannel(v.ctx, listen.Draft{Kind: kind, Name: "Our " + kind, Settings: settings})
	if err != nil {
		v.t.Fatal(err)
	}
	return c.ID
}

// settle lets the rooms do all that is due.
func (v *vendor) settle() {
	v.t.Helper()
	for range 2 {
		if err := v.db.Drain(asParley(v.t.Context()), v.followers()...); err != nil {
			v.t.Fatal(err)
		}
		v.set.Add(time.Second)
		if _, err := v.desk.Post(v.ctx); err != nil {
			v.t.Fatal(err)
		}
	}
}

// only is the one conversation of the inbox.
func (v *vendor) only() engage.Row {
	v.t.Helper()
	page, err := v.desk.List(v.ctx, engage.Query{View: engage.ViewAll, Limit: 10})
	if err != nil || len(page.Rows) != 1 {
		v.t.Fatalf("%d conversations, %v", len(page.Rows), err)
	}
	return page.Rows[0]
}

func (v *vendor) reply(key, text string) engage.Message {
	v.t.Helper()
	m, err := v.desk.Reply(v.ctx, v.only().ID, engage.Words{Key: key, Text: text})
	if err != nil {
		v.t.Fatal(err)
	}
	v.settle()
	if m, err = v.talks.Message(v.ctx, m.ID); err != nil {
		v.t.Fatal(err)
	}
	return m
}

// posts is how often the vendor took something of ours.
func (v *vendor) posts() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.taken)
}

func (v *vendor) take(r *http.Request) map[string]any {
	var body map[string]any
	b, _ := io.ReadAll(r.Body)
	if err := json.Unmarshal(b, &body); err != nil {
		v.t.Errorf("%s: %v", r.URL.Path, err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.taken = append(v.taken, body)
	return body
}

// TestWhatsAppThroughTheRooms: a customer's words come by webhook into the
// inbox, an answer goes back once, its marks are heard, and after a day the
// channel takes no more until the customer writes again.
func TestWhatsAppThroughTheRooms(t *testing.T) {
	const secret, phone, account = "app-secret", "106540352242922", "215589313241560"
	v := beside(t, func(v *vendor, w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer EAAG" || !strings.HasPrefix(r.URL.Path, "/v26.0/"+phone):
			w.WriteHeader(400)
			fmt.Fprint(w, `{"error":{"code":190,"message":"no"}}`)
		case r.Method == http.MethodPost:
			v.take(r)
			if v.before != nil && v.before(w) {
				return
			}
			fmt.Fprintf(w, `{"messaging_product":"whatsapp","messages":[{"id":"wamid.OUT%d"}]}`, v.posts())
		default:
			fmt.Fprintf(w, `{"id":%q,"display_phone_number":"+49 30 1","verified_name":"Brewell"}`, phone)
		}
	})
	id := v.connect("whatsapp", map[string]string{"token": "EAAG", "app": "1", "secret": secret, "verify": "word", "phone": phone, "account": account, "address": v.srv.URL})
	hook := func(value map[string]any, mend func(*http.Request)) int {
		value["messaging_product"], value["metadata"] = "whatsapp", map[string]any{"phone_number_id": phone}
		body, _ := json.Marshal(map[string]any{"object": "whatsapp_business_account", "entry": []any{map[string]any{"id": account, "changes": []any{map[string]any{"field": "messages", "value": value}}}}})
		m := hmac.New(sha256.New, []byte(secret))
		m.Write(body)
		r := httptest.NewRequest(http.MethodPost, "/api/hooks/"+string(id), strings.NewReader(string(body)))
		r.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(m.Sum(nil)))
		if mend != nil {
			mend(r)
		}
		w := httptest.NewRecorder()
		v.door.ServeHTTP(w, r)
		v.settle()
		return w.Code
	}
	says := func(wamid, text string) map[string]any {
		return map[string]any{
			"contacts": []any{map[string]any{"profile": map[string]any{"name": "Jo Park"}, "wa_id": "491511", "user_id": "DE.77"}},
			"messages": []any{map[string]any{"id": wamid, "from": "491511", "from_user_id": "DE.77", "timestamp": fmt.Sprint(v.set.Now().Unix()), "type": "text", "text": map[string]any{"body": text}}},
		}
	}
	// The handshake, then words: forged ones are refused, replayed ones change nothing.
	w := httptest.NewRecorder()
	v.door.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/hooks/"+string(id)+"?hub.mode=subscribe&hub.verify_token=word&hub.challenge=4711", nil))
	if w.Code != 200 || w.Body.String() != "4711" {
		t.Fatalf("the handshake: %d %q", w.Code, w.Body)
	}
	first := says("wamid.IN1", "My kettle leaks")
	if code := hook(first, func(r *http.Request) { r.Header.Set("X-Hub-Signature-256", "sha256="+strings.Repeat("0", 64)) }); code != 401 {
		t.Fatalf("a forged signature: %d", code)
	}
	for range 2 {
		if code := hook(first, nil); code != 200 {
			t.Fatalf("a webhook: %d", code)
		}
	}
	c := v.only()
	if c.Author.Name != "Jo Park" || c.Preview != "My kettle leaks" || c.Visibility != social.Direct || c.Messages != 1 || c.State != engage.Open {
		t.Fatalf("%+v", c)
	}
	if d := v.desk.Doors(v.ctx, c.Conversation); d.Public || !d.Direct || d.DirectUntil.Sub(v.set.Now()) < 23*time.Hour {
		t.Fatalf("%+v", d)
	}
	m := v.reply("k1", "Sorry! A new one is on its way.")
	if v.posts() != 1 || v.taken[0]["recipient"] != "DE.77" || m.ExternalID != "wamid.OUT1" || m.Delivery.Stage != engage.Sent {
		t.Fatalf("%d posts, %+v, %+v", v.posts(), v.taken, m.Delivery)
	}
	if _, err := v.desk.Reply(v.ctx, c.ID, engage.Words{Key: "k1", Text: "Sorry! A new one is on its way."}); err != nil {
		t.Fatal(err)
	}
	v.settle()
	if v.posts() != 1 {
		t.Fatal("it went out twice")
	}
	mark := func(id, status, key string) map[string]any {
		return map[string]any{"statuses": []any{map[string]any{"id": id, "status": status, "timestamp": fmt.Sprint(v.set.Now().Unix()), "biz_opaque_callback_data": key}}}
	}
	stage := func(m engage.Message) engage.Stage {
		t.Helper()
		got, err := v.talks.Message(v.ctx, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		return got.Delivery.Stage
	}
	hook(mark("wamid.OUT1", "read", ""), nil) // before delivered, as it may come
	hook(mark("wamid.OUT1", "delivered", ""), nil)
	if s := stage(m); s != engage.Read {
		t.Fatalf("it was read, and is %s", s)
	}
	// No answer comes to a message that went out: nobody can tell, and it is
	// never sent again. WhatsApp hands our key back with its mark, and that
	// settles it.
	v.before = func(w http.ResponseWriter) bool { w.WriteHeader(502); return true }
	m = v.reply("k2", "Did it arrive?")
	v.before = nil
	if s := stage(m); s != engage.Unknown && s != engage.NeedsCheck {
		t.Fatalf("without an answer it is %s", s)
	}
	hook(mark("wamid.OUT2", "delivered", string(m.ID)), nil)
	if s := stage(m); s != engage.Delivered || v.posts() != 2 {
		t.Fatalf("settled as %s after %d posts", s, v.posts())
	}
	// A day later the channel takes no more, until they write again.
	v.set.Add(24 * time.Hour)
	_, err := v.desk.Reply(v.ctx, c.ID, engage.Words{Key: "k3", Text: "Still there?"})
	if !social.Forbidden.Is(err) {
		t.Fatalf("after a day: %v", err)
	}
	hook(says("wamid.IN2", "Thanks, it came"), nil)
	if c := v.only(); c.Preview != "Thanks, it came" {
		t.Fatalf("%+v", c)
	}
	if m := v.reply("k4", "Glad to hear."); m.Delivery.Stage != engage.Sent || v.posts() != 3 {
		t.Fatalf("%+v", m.Delivery)
	}
}

// TestGoogleReviewsThroughTheRooms: a review reaches the inbox with its stars,
// an answer goes back once, and is heard as our own.
func TestGoogleReviewsThroughTheRooms(t *testing.T) {
	const account, place = "accounts/1", "locations/2"
	reply := ""
	v := beside(t, func(v *vendor, w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		review := func() string {
			s := fmt.Sprintf(`{"name":"%s/%s/reviews/R1","reviewId":"R1","reviewer":{"displayName":"Ines"},"starRating":"TWO","comment":"Cold coffee","createTime":"2026-11-26T08:00:00Z","updateTime":"2026-11-26T08:00:00Z"`, account, place)
			if reply != "" {
				s += fmt.Sprintf(`,"reviewReply":{"comment":%q,"updateTime":"2026-11-26T09:00:10Z"}`, reply)
			}
			return s + "}"
		}
		switch {
		case path == "/token":
			fmt.Fprint(w, `{"access_token":"ya29","expires_in":3599}`)
		case r.Header.Get("Authorization") != "Bearer ya29":
			w.WriteHeader(401)
		case path == "/v1/"+account:
			fmt.Fprintf(w, `{"name":%q,"accountName":"Brewell"}`, account)
		case path == "/v1/"+account+"/locations":
			fmt.Fprintf(w, `{"locations":[{"name":%q,"title":"Brewell Café"}]}`, place)
		case r.Method == http.MethodPut && path == "/v4/"+account+"/"+place+"/reviews/R1/reply":
			reply, _ = v.take(r)["comment"].(string)
			fmt.Fprintf(w, `{"comment":%q,"updateTime":"2026-11-26T09:00:10Z"}`, reply)
		default:
			fmt.Fprintf(w, `{"reviews":[%s]}`, review())
		}
	})
	id := v.connect("google", map[string]string{"account": account, "client_id": "c", "client_secret": "s", "refresh": "r", "address": v.srv.URL})
	poll := func() {
		t.Helper()
		if err := v.station.PollNow(v.ctx, id); err != nil {
			t.Fatal(err)
		}
		v.settle()
	}
	poll()
	c := v.only()
	if c.Author.Name != "Ines" || c.Preview != "Cold coffee" || c.Visibility != social.Public {
		t.Fatalf("%+v", c)
	}
	ms, _, err := v.desk.Messages(v.ctx, c.ID, "", 10)
	if err != nil || len(ms) == 0 || ms[len(ms)-1].Rating != 2 {
		t.Fatalf("%+v, %v", ms, err)
	}
	m := v.reply("k1", "We are sorry. The next one is on us.")
	if v.posts() != 1 || m.Delivery.Stage != engage.Sent || reply != "We are sorry. The next one is on us." {
		t.Fatalf("%d posts, %+v", v.posts(), m.Delivery)
	}
	v.set.Add(time.Minute)
	poll()
	poll()
	if m, err = v.talks.Message(v.ctx, m.ID); err != nil || m.Delivery.Stage != engage.Confirmed || v.posts() != 1 {
		t.Fatalf("%+v, %v, %d posts", m.Delivery, err, v.posts())
	}
	if c := v.only(); c.Messages != 2 || c.State != engage.Waiting {
		t.Fatalf("%d messages, %s", c.Messages, c.State)
	}
}

// TestListenYoutube: the command writes what matches below a channel's videos.
func TestListenYoutube(t *testing.T) {
	comment := func(id, text string) string {
		return fmt.Sprintf(`{"id":%q,"snippet":{"videoId":"dQw4w9WgXcQ","totalReplyCount":0,"topLevelComment":{"id":%q,"snippet":{"authorDisplayName":"@jo","authorChannelId":{"value":"UCjojojojojojojojojojo00"},"textDisplay":%q,"publishedAt":"2026-11-26T09:00:00Z"}}}}`, id, id, text)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Goog-Api-Key") != "AIza" {
			w.WriteHeader(400)
			return
		}
		fmt.Fprintf(w, `{"items":[%s,%s]}`, comment("Ugz0002", "What a kettle"), comment("Ugz0001", "First!"))
	}))
	defer srv.Close()
	out, in := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- listenYoutube{listenFlags{"kettle", []string{"127.0.0.1"}}, "UCbrewellbrewellbrewell0", "AIza", nil, srv.URL}.Run(ctx, &streams{Out: in, Err: io.Discard})
		in.Close()
	}()
	var line heardLine
	if err := json.NewDecoder(out).Decode(&line); err != nil {
		t.Fatal(err)
	}
	if line.ID != "Ugz0002" || line.Text != "What a kettle" || line.Author != "jo" || line.Channel != "youtube" {
		t.Fatalf("%+v", line)
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}
