package listenapi_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/listenapi"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/listen/presence"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

func (*around) Members(_ context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error) {
	out := map[social.MemberID]social.MemberRef{}
	for _, id := range ids {
		if id != "" {
			out[id] = social.MemberRef{ID: id, Name: "Ida"}
		}
	}
	return out, nil
}

// TestPresenceOverTheAPI tells requests with who asks, and what must be in
// the answer and what must not.
func TestPresenceOverTheAPI(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		h := &house{t: t, now: now, net: practice.NewNetwork(1, now), around: &around{}}
		h.ctx = social.WithScope(social.WithActor(t.Context(), social.SystemActor()), social.Scope{All: true})
		rows := listendb.New(db)
		h.station = listen.New(listen.Options{Store: rows, Kinds: []channel.Kind{practice.Kind(h.net)}, Sealer: secret.Random(), Clock: now})
		if err := h.station.Open(h.ctx); err != nil {
			t.Fatal(err)
		}
		register := &presence.Register{Store: rows, Clock: now, HTTP: http.DefaultClient, Places: presence.Sites{}}
		s := server.New(server.Options{Authority: door{}, Clock: now, Version: "test", DB: db})
		listenapi.RegisterPresence(s, h.station, register, h.around)
		h.http = s.Handler()
		var made struct{ ID string }
		h.do("all", "POST", "/api/presence/profiles", `{"kind":"media","url":"https://tube.example/brewell","name":"=Tube","region":"Europe","programme":"south","owner":"m"}`, 201, &made)
		one := "/api/presence/profiles/" + made.ID
		var round struct{ ID string }
		h.do("all", "POST", "/api/presence/rounds", `{"name":"Autumn","due_at":"2030-01-01T00:00:00Z"}`, 201, &round)
		line, err := h.station.AddChannel(h.ctx, listen.Draft{Kind: "practice", Name: "Square", Settings: map[string]string{"site": "microblog", "handle": "brewell"}})
		if err != nil {
			t.Fatal(err)
		}
		tests := []struct {
			name, as, method, path, body string
			want                         int
			has, hasNot                  string
		}{
			{"nobody is signed in", "", "GET", "/api/presence", "", 401, "", "Europe"},
			{"a reader reads", "reader", "GET", "/api/presence", "", 200, `"answer":"yes"`, ""},
			{"a reader adds nothing", "reader", "POST", "/api/presence/profiles", `{"kind":"wiki","url":"https://w.example"}`, 403, "", ""},
			{"a reader searches for nothing", "reader", "POST", "/api/presence/searches", `{"names":["x"]}`, 403, "", ""},
			{"a stranger sees none", "north", "GET", "/api/presence/profiles", "", 200, `"items":[]`, "Tube"},
			{"a stranger's matrix says nothing", "north", "GET", "/api/presence", "", 200, `"profiles":0`, `"yes"`},
			{"a stranger does not see one", "north", "GET", one, "", 404, "", "Tube"},
			{"nor changes it", "north", "PATCH", one, `{"name":"Mine"}`, 404, "", ""},
			{"nor sees its round", "north", "GET", "/api/presence/rounds/" + round.ID, "", 404, "", ""},
			{"nor its file", "north", "GET", "/api/presence/profiles.csv", "", 200, "kind,network", "Tube"},
			{"the file does not calculate", "all", "GET", "/api/presence/profiles.csv", "", 200, "'=Tube", ",=Tube"},
			{"an unknown field", "all", "PATCH", one, `{"colour":"red"}`, 422, "colour", ""},
			{"the same address", "all", "POST", "/api/presence/profiles", `{"kind":"media","url":"http://www.tube.example/Brewell/"}`, 409, "already", ""},
			{"no web address", "all", "POST", "/api/presence/profiles", `{"kind":"media","url":"javascript:alert(1)"}`, 422, "", ""},
			{"no such kind", "all", "POST", "/api/presence/profiles", `{"kind":"fax","url":"https://f.example"}`, 422, "", ""},
			{"no, where there is something", "all", "PUT", "/api/presence/cells", `{"kind":"media","region":"Europe","answer":"no"}`, 409, "", ""},
			{"no", "all", "PUT", "/api/presence/cells", `{"kind":"wiki","region":"Europe","answer":"no"}`, 204, "", ""},
			{"yes is not said by hand", "all", "PUT", "/api/presence/cells", `{"kind":"wiki","region":"Europe","answer":"yes"}`, 422, "", ""},
			{"no name to look for", "all", "POST", "/api/presence/searches", `{}`, 422, "", ""},
			{"a path is no domain", "all", "POST", "/api/presence/searches", `{"domains":["a.example/x"]}`, 422, "no domain", ""},
			{"no such proposal", "all", "POST", "/api/presence/candidates/decide", `{"address":"x","state":"claimed"}`, 404, "", ""},
			{"too few answers", "all", "POST", "/api/presence/rounds/" + round.ID + "/answers", `{"profile":"` + made.ID + `","answers":[{"answer":"yes"}]}`, 422, "", ""},
			{"answered", "south", "POST", "/api/presence/rounds/" + round.ID + "/answers", `{"profile":"` + made.ID + `","answers":[{"answer":"yes"},{"answer":"no"},{"answer":"yes"},{"answer":"yes"}]}`, 200, `"done":1`, ""},
			{"with its history", "all", "GET", one, "", 200, `"round_name":"Autumn"`, ""},
			{"not connected yet", "all", "GET", "/api/presence/profiles?channel=" + string(line.ID), "", 200, `"items":[]`, "Tube"},
			{"tied to a channel that is none", "all", "PATCH", one, `{"channel":"nowhere"}`, 422, "no such channel", ""},
			{"tied to a channel that they do not see", "south", "PATCH", one, `{"channel":"` + string(line.ID) + `"}`, 422, "no such channel", ""},
			{"tied to a channel", "all", "PATCH", one, `{"channel":"` + string(line.ID) + `"}`, 200, `"name":"Square"`, ""},
			{"found by its channel", "all", "GET", "/api/presence/profiles?channel=" + string(line.ID), "", 200, "Tube", ""},
			{"the channel stays hidden from whom it is hidden", "south", "GET", one, "", 200, "Tube", "Square"},
			{"untied", "all", "PATCH", one, `{"channel":""}`, 200, "Tube", "Square"},
			{"removed", "all", "DELETE", one, "", 204, "", ""},
			{"and gone", "all", "GET", one, "", 404, "", ""},
		}
		for _, tt := range tests {
			got := h.do(tt.as, tt.method, tt.path, tt.body, tt.want, nil)
			if !strings.Contains(got, tt.has) || tt.hasNot != "" && strings.Contains(got, tt.hasNot) {
				t.Errorf("%s: %s", tt.name, got)
			}
		}
	})
}
