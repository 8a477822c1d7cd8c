package webhook_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/channel/webhook"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/hook"
	"github.com/parley-crm/parley/social"
)

var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func open(t *testing.T, s channel.Settings) channel.Receiver {
	t.Helper()
	ch, err := webhook.Kind().New(s, channel.Env{Clock: clock.NewSet(start), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return ch.(channel.Receiver)
}

// sender signs requests as a shop would.
type sender struct {
	key hook.Key
	n   int
}

func (s *sender) send(at time.Time, body []byte) channel.Request {
	s.n++
	id := fmt.Sprintf("msg_%d", s.n)
	h := http.Header{}
	h.Set(hook.HeaderID, id)
	h.Set(hook.HeaderTime, strconv.FormatInt(at.Unix(), 10))
	h.Set(hook.HeaderSignature, s.key.Sign(id, at, body))
	return channel.Request{Method: http.MethodPost, URL: "https://parley.example/api/hooks/c1", Header: h, Body: body}
}

func (s *sender) said(id, verb, text string) []byte {
	b, _ := json.Marshal(map[string]any{"id": id, "verb": verb, "version": fmt.Sprint(s.n), "text": text, "author": map[string]any{"id": "4711", "name": "Maya"}})
	return b
}

func rig(t *testing.T) *channeltest.Rig {
	key, _ := hook.ParseKey(secret)
	s := &sender{key: key}
	n := 0
	next := func() string { n++; return fmt.Sprint("said-", n) }
	return &channeltest.Rig{
		Channel: open(t, channel.Settings{"source": "shop", "secret": secret}),
		Now:     func() time.Time { return start },
		Hook: &channeltest.Hook{
			Say: func(text string) (string, channel.Request) {
				id := next()
				return id, s.send(start, s.said(id, "", text))
			},
			Edit:   func(id, text string) channel.Request { return s.send(start, s.said(id, "update", text)) },
			Delete: func(id string) channel.Request { return s.send(start, []byte(`{"id":"`+id+`","verb":"delete"}`)) },
			Sign:   func(body []byte) channel.Request { return s.send(start, body) },
			At:     func(text string, at time.Time) channel.Request { return s.send(at, s.said(next(), "", text)) },
			Signed: []string{hook.HeaderID, hook.HeaderTime, hook.HeaderSignature},
		},
		Malformed: [][]byte{
			[]byte(`{"id":"x","text":"hello"}`), []byte(`{"id":"x","author":{"id":"1"}}`), []byte(`{"text":"x","author":{"id":"1"}}`),
			[]byte(`{"activities":[]}`), []byte(`{"activities":[{}]}`), []byte(`{"activities":7}`), []byte(`{"data":{"data":{"id":"x"}}}`),
			[]byte(`{"id":"x","text":"hi","author":{"id":"1"},"rating":9}`), []byte(`{"id":"x","text":"hi","author":{"id":"1"},"colour":"red"}`),
		},
	}
}

func TestConformance(t *testing.T) { channeltest.Run(t, rig) }

// TestTheSpecificationsOwnExample: the vector of the reference libraries.
func TestTheSpecificationsOwnExample(t *testing.T) {
	key, err := hook.ParseKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	got := key.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Fatalf("%s, want %s", got, want)
	}
}

func TestSecretsChangeOver(t *testing.T) {
	old, oldText := hook.NewKey()
	fresh, freshText := hook.NewKey()
	body := (&sender{}).said("a", "", "hello")
	sign := func(k hook.Key) channel.Request { return (&sender{key: k}).send(start, body) }
	tests := []struct {
		name     string
		settings channel.Settings
		request  channel.Request
		refused  bool
	}{
		{"the new one alone", channel.Settings{"secret": freshText}, sign(fresh), false},
		{"the old one after the change", channel.Settings{"secret": freshText}, sign(old), true},
		{"the old one while both count", channel.Settings{"secret": freshText, "previous": oldText}, sign(old), false},
		{"the new one while both count", channel.Settings{"secret": freshText, "previous": oldText}, sign(fresh), false},
		{"the sender signs with both", channel.Settings{"secret": freshText}, func() channel.Request {
			r := sign(old)
			r.Header.Set(hook.HeaderSignature, r.Header.Get(hook.HeaderSignature)+" v1a,AAAA "+fresh.Sign("msg_1", start, body))
			return r
		}(), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.settings["source"] = "shop"
			_, err := open(t, tt.settings).Receive(tt.request)
			if (err != nil) != tt.refused {
				t.Fatalf("%v", err)
			}
		})
	}
}

func TestShapes(t *testing.T) {
	ch := open(t, channel.Settings{"source": "shop", "secret": secret})
	tests := []struct {
		name, body string
		want       string // of the error; "" means heard
		check      func(a social.Activity) bool
	}{
		{"the least", `{"id":"1","text":"hi","author":{"id":"7"}}`, "", func(a social.Activity) bool {
			return a.Form == social.FormDirect && a.Visibility == social.Direct && a.Directed && a.Author.Issuer == "shop" && a.Published.Equal(start)
		}},
		{"a review", `{"id":"1","form":"review","rating":2,"author":{"email":"Maya@Example.com","name":"Maya"},"published":"2026-02-01T10:00:00+01:00"}`, "", func(a social.Activity) bool {
			return a.Rating == 2 && a.Visibility == social.Public && a.Author.Scheme == "mailto" && a.Author.Value == "maya@example.com" && a.Published.Hour() == 9
		}},
		{"not about us", `{"id":"1","form":"post","text":"hi","directed":false,"author":{"url":"https://example.com/@m"}}`, "", func(a social.Activity) bool {
			return !a.Directed && a.Author.Scheme == "url"
		}},
		{"under data", `{"type":"said","data":{"id":"1","text":"hi","author":{"phone":"+491701234567"}}}`, "", func(a social.Activity) bool { return a.Author.Scheme == "tel" }},
		{"right to left", `{"id":"1","text":"مرحبا 👋🏽","author":{"id":"7"}}`, "", func(a social.Activity) bool { return a.Text == "مرحبا 👋🏽" }},
		{"a field that there is not", `{"id":"1","txt":"hi","author":{"id":"7"}}`, "There is no field “txt”.", nil},
		{"no author", `{"id":"1","text":"hi"}`, "“author” needs one of id, email, phone and url.", nil},
		{"a rating of ten", `{"id":"1","rating":10,"author":{"id":"7"}}`, "“rating” is from 1 to 5.", nil},
		{"a number for a text", `{"id":"1","text":5,"author":{"id":"7"}}`, "“text” is of another type than it should be.", nil},
		{"an address that is a script", `{"id":"1","text":"hi","url":"javascript:alert(1)","author":{"id":"7"}}`, "“url” is an address that begins with https://.", nil},
		{"the second of two", `{"activities":[{"id":"1","text":"hi","author":{"id":"7"}},{"id":"2"}]}`, "Activity 2: “text” is needed.", nil},
		{"too many", `{"activities":[` + strings.TrimSuffix(strings.Repeat(`{},`, 1001), ",") + `]}`, "A request brings at most 1000 activities.", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			as, err := ch.Read(channel.Event{Key: "k", Raw: []byte(tt.body), At: start})
			if tt.want != "" {
				if err == nil || err.Error() != tt.want {
					t.Fatalf("%v, want %s", err, tt.want)
				}
				return
			}
			if err != nil || len(as) != 1 || !tt.check(as[0]) {
				t.Fatalf("%+v, %v", as, err)
			}
		})
	}
}

func TestSettings(t *testing.T) {
	for _, s := range []channel.Settings{{"source": "shop"}, {"source": "two words", "secret": secret}, {"source": "shop", "secret": "whsec_short"}, {"source": "shop", "secret": "whsec_%%%"}} {
		if _, err := webhook.Kind().New(s, channel.Env{}); !social.Invalid.Is(err) {
			t.Errorf("%v: %v", s, err)
		}
	}
}
