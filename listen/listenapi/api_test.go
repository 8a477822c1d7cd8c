package listenapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/explore"
	"github.com/parley-crm/parley/listen/listenapi"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/listen/warn"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// door lets in whoever names their scope as token: "all", or a programme.
type door struct{}

func (door) Authenticate(_ context.Context, c server.Credentials) (social.Actor, error) {
	if c.Token == "" {
		return social.Actor{}, social.Errorf(social.Unauth, "Nobody is signed in.")
	}
	return social.Actor{Member: "m", Name: "Ida", Token: c.Token}, nil
}

func (door) Scope(a social.Actor, p social.Permission) (social.Scope, bool) {
	switch a.Token {
	case "all":
		return social.Scope{All: true}, true
	case "reader":
		return social.Scope{All: true}, p == social.ListenRead || p == social.SignedIn
	}
	return social.Scope{Programmes: []social.ProgrammeID{social.ProgrammeID(a.Token)}}, true
}

// desk is who is told of alerts.
type desk struct{}

func (desk) AtDesk(context.Context, social.ProgrammeID) ([]social.MemberRef, error) {
	return []social.MemberRef{{ID: "m1", Name: "Maya"}}, nil
}

// around is the other rooms.
type around struct{}

func (*around) Scores(_ context.Context, ids []social.ActivityID) (map[social.ActivityID]social.Scores, error) {
	out := map[social.ActivityID]social.Scores{}
	for _, id := range ids {
		out[id] = social.Scores{Lang: "en", Model: "m1", Sentiment: &social.Label{Label: social.Negative, Score: 0.9, Confidence: 0.8},
			Intents: []social.Label{{Label: "complaint", Score: 0.7}}}
	}
	return out, nil
}
func (*around) Conversations(context.Context, []social.ActivityID) (map[social.ActivityID]social.ConversationID, error) {
	return nil, nil
}
func (*around) Persons(_ context.Context, ids []social.IdentityID) (map[social.IdentityID]social.PersonID, error) {
	out := map[social.IdentityID]social.PersonID{}
	for _, id := range ids {
		out[id] = "p-" + social.PersonID(id)
	}
	return out, nil
}
func (*around) Programmes(_ context.Context, ids []social.ProgrammeID) (map[social.ProgrammeID]string, error) {
	out := map[social.ProgrammeID]string{}
	for _, id := range ids {
		out[id] = "Programme " + string(id)
	}
	return out, nil
}

// vault is a network with a secret.
func vault() channel.Kind {
	return channel.Kind{Name: "vault", Title: "Vault", Site: "test",
		Form: []channel.Field{{Name: "token", Label: "Token", Type: "secret", Required: true}, {Name: "room", Label: "Room", Type: "text"}},
		New: func(s channel.Settings, _ channel.Env) (channel.Channel, error) {
			if s["token"] != "s3cret-canary" {
				return nil, &social.Error{Kind: social.Invalid, Field: "token", Text: "That is not the token."}
			}
			return closed{}, nil
		}}
}

type closed struct{}

func (closed) Read(channel.Event) ([]social.Activity, error) { return nil, nil }

func (closed) Receive(r channel.Request) (channel.Answer, error) {
	if r.Header.Get("X-Signature") != "good" {
		return channel.Answer{}, social.Errorf(social.Unauth, "The signature is wrong.")
	}
	if r.Method == http.MethodGet {
		return channel.Answer{Body: []byte("echo of " + r.URL), Type: "text/plain"}, nil
	}
	return channel.Answer{Events: []channel.Event{{Key: string(r.Body), Raw: r.Body}}}, nil
}

type house struct {
	t       *testing.T
	net     *practice.Network
	station *listen.Station
	watch   *warn.Watch
	around  *around
	http    http.Handler
	now     *clock.Set
	ctx     context.Context
}

func each(t *testing.T, f func(h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		h := &house{t: t, now: now, net: practice.NewNetwork(1, now), around: &around{}}
		h.ctx = social.WithScope(social.WithActor(t.Context(), social.SystemActor()), social.Scope{All: true})
		h.station = listen.New(listen.Options{Store: listendb.New(db), Kinds: []channel.Kind{practice.Kind(h.net), vault()},
			Sealer: secret.Random(), Clock: now, KeepAll: []string{"practice"}, Base: "https://parley.example/"})
		if err := h.station.Open(h.ctx); err != nil {
			t.Fatal(err)
		}
		h.watch = &warn.Watch{Store: listendb.New(db), Hearing: h.station, Audience: desk{}, Clock: now}
		if err := h.watch.Open(h.ctx); err != nil {
			t.Fatal(err)
		}
		s := server.New(server.Options{Authority: door{}, Clock: now, Version: "test", DB: db})
		listenapi.Register(s, h.station, h.around)
		listenapi.RegisterAlerts(s, h.station, h.watch, h.around)
		listenapi.RegisterExplore(s, &explore.Explorer{Heard: h.station, Store: listendb.New(db), Clock: now}, h.around)
		h.http = s.Handler()
		f(h)
	})
}

func (h *house) do(as, method, path, body string, want int, into any) string {
	h.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if as != "" {
		r.Header.Set("Authorization", "Bearer "+as)
	}
	w := httptest.NewRecorder()
	h.http.ServeHTTP(w, r)
	if w.Code != want {
		h.t.Fatalf("%s %s as %q: got %d %s, want %d", method, path, as, w.Code, w.Body, want)
	}
	if into != nil {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			h.t.Fatalf("%s: %v", w.Body, err)
		}
	}
	return w.Body.String()
}

type list[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

func TestFromChannelToWall(t *testing.T) {
	each(t, func(h *house) {
		var kinds list[listenapi.Kind]
		h.do("reader", "GET", "/api/channel-kinds", "", 200, &kinds)
		if len(kinds.Items) != 2 || kinds.Items[0].Name != "practice" || len(kinds.Items[0].Form) == 0 {
			t := h.t
			t.Fatalf("kinds: %+v", kinds)
		}
		h.do("", "GET", "/api/channels", "", 401, nil)
		h.do("reader", "POST", "/api/channels", `{"kind":"practice","name":"X","settings":{"handle":"brewell"}}`, 403, nil)

		var c listenapi.Channel
		h.do("all", "POST", "/api/channels", `{"kind":"practice","name":"Practice","settings":{"handle":"brewell"}}`, 201, &c)
		if c.State != "active" || !c.Keep || c.Settings["handle"] != "brewell" || len(c.Visibilities) == 0 || c.Health.State != "waiting" {
			h.t.Fatalf("%+v", c)
		}
		var m listenapi.Monitor
		h.do("all", "POST", "/api/monitors", `{"name":"Kettles","query":"kettle OR \"descaling kit\"","inbox":true}`, 201, &m)

		h.net.Join(practice.Cast()...)
		who := h.net.People()[0].Handle
		if _, err := h.net.Post(who, practice.Said{Text: "Ünser Kettle 🫖 leaks, my kettle!"}); err != nil {
			h.t.Fatal(err)
		}
		h.do("all", "POST", "/api/channels/"+string(c.ID)+"/poll", "", 200, &c)
		if c.Health.State != "ok" || c.Health.LastHeard == nil || c.Health.Heard24 == 0 {
			h.t.Fatalf("after a poll: %+v", c.Health)
		}

		var wall list[listenapi.Mention]
		h.do("reader", "GET", "/api/mentions?monitor="+string(m.ID), "", 200, &wall)
		if len(wall.Items) != 1 {
			h.t.Fatalf("wall: %+v", wall)
		}
		x := wall.Items[0]
		if len(x.Hits) != 2 || x.Hits[0] != [2]int{6, 12} || x.Channel.Name != "Practice" || x.Author.Handle != who || x.Author.Person == "" ||
			x.Sentiment == nil || x.Sentiment.Label != "negative" || x.Monitors[0].Name != "Kettles" {
			h.t.Fatalf("%+v", x)
		}
		var one listenapi.MentionDetail
		h.do("reader", "GET", "/api/mentions/"+string(x.ID), "", 200, &one)
		if len(one.Thread) != 1 || one.Thread[0].ID != x.ID {
			h.t.Fatalf("thread: %+v", one.Thread)
		}
		if err := h.station.Understood(h.ctx, map[social.ActivityID]social.Scores{x.ID: {Lang: "en", Sentiment: &social.Label{Label: social.Negative}, Intents: []social.Label{{Label: "complaint"}}}}); err != nil {
			h.t.Fatal(err)
		}
		h.do("reader", "GET", "/api/mentions?sentiment=positive", "", 200, &wall)
		if len(wall.Items) != 0 {
			h.t.Fatalf("positive: %+v", wall.Items)
		}
		h.do("reader", "GET", "/api/mentions?sentiment=negative&intent=complaint&lang=en&q=leaks", "", 200, &wall)
		var s listenapi.Series
		h.do("reader", "GET", "/api/monitors/"+string(m.ID)+"/series?range=24h", "", 200, &s)
		if s.Total != 1 || len(s.Points) != 24 || s.Points[23].Negative != 1 || len(s.Previous) != 24 || len(s.Authors) != 1 ||
			len(s.Languages) != 1 || s.Intents[0].Label != "complaint" {
			h.t.Fatalf("series: %+v", s)
		}
		h.do("reader", "GET", "/api/wall/series?range=30d", "", 200, &s)
		if s.Step != "day" || len(s.Points) != 30 || s.Points[29].At != h.now.Now().Truncate(24*time.Hour) {
			h.t.Fatalf("wall series: %+v", s)
		}
		h.do("reader", "GET", "/api/wall/series?range=1y", "", 422, nil)
	})
}

func TestQueriesAreCheckedWhileTheyAreWritten(t *testing.T) {
	each(t, func(h *house) {
		var c listenapi.Check
		h.do("reader", "POST", "/api/monitors/check", `{"query":"kettle AND ("}`, 200, &c)
		if c.OK || c.Error == nil || c.Error.At == 0 || len(c.Tokens) != 3 {
			h.t.Fatalf("%+v", c)
		}
		c = listenapi.Check{}
		h.do("reader", "POST", "/api/monitors/check", `{"query":"Kettle OR Teapot"}`, 200, &c)
		if !c.OK || c.Canonical != "kettle OR teapot" || c.Count7 == nil || *c.Count7 != 0 {
			h.t.Fatalf("%+v", c)
		}
		text := h.do("all", "POST", "/api/monitors", `{"name":"Bad","query":"NOT kettle"}`, 422, nil)
		if !strings.Contains(text, `"field":"query"`) || !strings.Contains(text, `"at":`) {
			h.t.Fatal(text)
		}
		h.do("all", "POST", "/api/monitors", `{"name":"X","query":"x","owner":"me"}`, 422, nil) // unknown fields
		h.do("reader", "GET", "/api/mentions?q=%28", "", 422, nil)
		h.do("reader", "GET", "/api/mentions?cursor=forged", "", 422, nil)
		h.do("reader", "GET", "/api/mentions?colour=red", "", 422, nil)
		h.do("reader", "GET", "/api/monitors?cursor=%21", "", 422, nil)
	})
}

func TestSecretsStayInside(t *testing.T) {
	each(t, func(h *house) {
		text := h.do("all", "POST", "/api/channels", `{"kind":"vault","name":"V","settings":{"token":"wrong"}}`, 422, nil)
		if !strings.Contains(text, `"field":"token"`) {
			h.t.Fatal(text)
		}
		h.do("all", "POST", "/api/channels", `{"kind":"vault","name":"V","settings":{}}`, 422, nil)
		h.do("all", "POST", "/api/channels", `{"kind":"nowhere","name":"V","settings":{}}`, 422, nil)
		var c listenapi.Channel
		all := h.do("all", "POST", "/api/channels", `{"kind":"vault","name":"V","settings":{"token":"s3cret-canary"}}`, 201, &c)
		path := "/api/channels/" + string(c.ID)
		all += h.do("all", "PATCH", path, `{"settings":{"token":"","room":"blue"}}`, 200, &c) // an empty secret keeps the stored one
		all += h.do("all", "GET", "/api/channels", "", 200, nil)
		all += h.do("all", "GET", path, "", 200, nil)
		all += h.do("all", "POST", "/api/channels/test", `{"kind":"vault","id":"`+string(c.ID)+`","settings":{}}`, 200, nil)
		if strings.Contains(all, "canary") {
			h.t.Fatal("a secret left the house")
		}
		if c.Settings["room"] != "blue" || c.Settings["has_secret"].(map[string]any)["token"] != true {
			h.t.Fatalf("%+v", c.Settings)
		}
		if _, err := h.station.Channel(h.ctx, c.ID); err != nil {
			h.t.Fatalf("the stored secret was lost: %v", err)
		}
		h.do("all", "POST", path+"/pause", "", 200, &c)
		if c.State != "paused" || c.Health.State != "off" {
			h.t.Fatalf("%+v", c)
		}
		h.do("all", "POST", path+"/poll", "", 409, nil)
		h.do("all", "POST", path+"/resume", "", 200, &c)
		h.do("all", "DELETE", path, "", 204, nil)
		h.do("all", "GET", path, "", 404, nil)
	})
}

func TestAProgrammeSeesItsOwn(t *testing.T) {
	each(t, func(h *house) {
		var mine, theirs listenapi.Channel
		h.do("all", "POST", "/api/channels", `{"kind":"practice","name":"Mine","programme":"a","settings":{"handle":"brewell"}}`, 201, &mine)
		h.do("all", "POST", "/api/channels", `{"kind":"practice","name":"Theirs","programme":"b","settings":{"site":"forum","handle":"brewell"}}`, 201, &theirs)
		if mine.Programme == nil || mine.Programme.Name != "Programme a" {
			h.t.Fatalf("%+v", mine.Programme)
		}
		h.net.Join(practice.Cast()...)
		who := h.net.People()[0].Handle
		for _, site := range []practice.Site{practice.Microblog, practice.Forum} {
			if _, err := h.net.Post(who, practice.Said{Site: site, Title: "On kettles", Text: "A kettle on " + string(site)}); err != nil {
				h.t.Fatal(err)
			}
		}
		for _, c := range []listenapi.Channel{mine, theirs} {
			h.do("all", "POST", "/api/channels/"+string(c.ID)+"/poll", "", 200, nil)
		}
		var all, seen list[listenapi.Mention]
		h.do("all", "GET", "/api/mentions?q=kettle", "", 200, &all)
		h.do("a", "GET", "/api/mentions?q=kettle", "", 200, &seen)
		if len(all.Items) != 2 || len(seen.Items) != 1 || seen.Items[0].Channel.ID != mine.ID {
			h.t.Fatalf("all %d, seen %+v", len(all.Items), seen.Items)
		}
		for _, x := range all.Items {
			want := 404
			if x.Channel.ID == mine.ID {
				want = 200
			}
			h.do("a", "GET", "/api/mentions/"+string(x.ID), "", want, nil)
		}
		h.do("a", "GET", "/api/channels/"+string(theirs.ID), "", 404, nil)
		h.do("a", "DELETE", "/api/channels/"+string(theirs.ID), "", 404, nil)
		h.do("a", "PATCH", "/api/channels/"+string(mine.ID), `{"programme":"b"}`, 404, nil)
		h.do("a", "POST", "/api/monitors", `{"name":"X","query":"x"}`, 422, nil) // it must belong somewhere
		h.do("a", "POST", "/api/monitors", `{"name":"X","query":"x","programme":"b"}`, 404, nil)
		var m listenapi.Monitor
		h.do("b", "POST", "/api/monitors", `{"name":"X","query":"x","programme":"b"}`, 201, &m)
		h.do("a", "GET", "/api/monitors/"+string(m.ID), "", 404, nil)
		h.do("a", "GET", "/api/mentions?monitor="+string(m.ID), "", 404, nil)
		h.do("a", "GET", "/api/monitors/"+string(m.ID)+"/series", "", 404, nil)
		var monitors list[listenapi.Monitor]
		h.do("a", "GET", "/api/monitors", "", 200, &monitors)
		if len(monitors.Items) != 0 {
			h.t.Fatalf("%+v", monitors.Items)
		}

		// The explorer and the facets of a search see no further than the wall.
		var e listenapi.Explored
		for as, want := range map[string]int{"all": 2, "a": 1, "b": 1} {
			h.do(as, "GET", "/api/explore?range=7d", "", 200, &e)
			var s listenapi.Survey
			h.do(as, "GET", "/api/mentions/facets?counted=true", "", 200, &s)
			if e.Total.Count != want || s.Total != want || !s.Exact {
				h.t.Errorf("%s explores %d and finds %d, want %d", as, e.Total.Count, s.Total, want)
			}
		}
		for _, path := range []string{"/api/explore?monitor=" + string(m.ID), "/api/explore?channel=" + string(theirs.ID), "/api/explore?programme=b",
			"/api/explore/bursts?programme=b", "/api/explore/trend?facet=lang&value=en&programme=b", "/api/mentions/facets?monitor=" + string(m.ID)} {
			h.do("a", "GET", path, "", 404, nil)
		}
		var v listenapi.VoiceShares
		h.do("a", "GET", "/api/explore/voice?kind=other&monitors="+string(m.ID), "", 200, &v)
		if len(v.Monitors) != 0 {
			h.t.Errorf("another programme's monitor is compared: %+v", v.Monitors)
		}
		h.do("", "GET", "/api/explore", "", 401, nil)
		for _, bad := range []string{"/api/explore?range=1y", "/api/explore?tz=Mars", "/api/explore?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
			"/api/explore/trend?facet=colour&value=red", "/api/mentions?slot=9-9", "/api/mentions/facets?q=%28", "/api/explore?colour=red"} {
			h.do("all", "GET", bad, "", 422, nil)
		}
	})
}

func TestWebhooksAreVerifiedAndKept(t *testing.T) {
	each(t, func(h *house) {
		var c listenapi.Channel
		h.do("all", "POST", "/api/channels", `{"kind":"vault","name":"V","settings":{"token":"s3cret-canary"}}`, 201, &c)
		send := func(signature, body string) int {
			r := httptest.NewRequest("POST", "/api/hooks/"+string(c.ID), strings.NewReader(body))
			r.Header.Set("X-Signature", signature)
			w := httptest.NewRecorder()
			h.http.ServeHTTP(w, r)
			return w.Code
		}
		if got := send("forged", "a"); got != 401 {
			h.t.Errorf("a forged one: %d", got)
		}
		if got := send("good", "a"); got != 204 {
			h.t.Errorf("a good one: %d", got)
		}
		r := httptest.NewRequest("GET", "/api/hooks/"+string(c.ID)+"/door?hub.challenge=7", nil)
		r.Header.Set("X-Signature", "good")
		w := httptest.NewRecorder()
		h.http.ServeHTTP(w, r)
		if want := "echo of https://parley.example/api/hooks/" + string(c.ID) + "/door?hub.challenge=7"; w.Code != 200 || w.Body.String() != want {
			h.t.Errorf("a handshake: %d %q, want %q", w.Code, w.Body, want)
		}
		if got := send("good", strings.Repeat("x", 5<<20)); got != 422 {
			h.t.Errorf("a huge one: %d", got)
		}
	})
}

func TestListsPage(t *testing.T) {
	each(t, func(h *house) {
		for range 5 {
			h.now.Add(time.Second)
			h.do("all", "POST", "/api/monitors", `{"name":"X","query":"x"}`, 201, nil)
		}
		seen := map[social.MonitorID]bool{}
		path := "/api/monitors?limit=2"
		pages := 0
		for next := ""; ; pages++ {
			var page list[listenapi.Monitor]
			h.do("reader", "GET", path+next, "", 200, &page)
			for _, m := range page.Items {
				seen[m.ID] = true
			}
			if page.Next == nil {
				break
			}
			next = "&cursor=" + *page.Next
		}
		if len(seen) != 5 || pages != 2 {
			h.t.Fatalf("%d monitors on %d pages", len(seen), pages+1)
		}
	})
}
