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
	"github.com/parley-crm/parley/listen/explore"
	"github.com/parley-crm/parley/listen/listenapi"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/listen/place"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

func (*around) ProgrammesCalled(context.Context) (map[string]social.ProgrammeID, error) {
	return map[string]social.ProgrammeID{"south": "south"}, nil
}

// TestPlacesOverTheAPI tells requests with who asks, and what must be in the
// answer and what must not.
func TestPlacesOverTheAPI(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		h := &house{t: t, now: now, net: practice.NewNetwork(1, now), around: &around{}}
		h.ctx = social.WithScope(social.WithActor(t.Context(), social.SystemActor()), social.Scope{All: true})
		rows := listendb.New(db)
		book := &place.Book{Store: rows, Clock: now, Scores: h.around.Scores}
		h.station = listen.New(listen.Options{Store: rows, Kinds: []channel.Kind{practice.Kind(h.net)}, Sealer: secret.Random(), Clock: now, Places: book, KeepAll: []string{"practice"}})
		book.Station = h.station
		if err := h.station.Open(h.ctx); err != nil {
			t.Fatal(err)
		}
		s := server.New(server.Options{Authority: door{}, Clock: now, Version: "test", DB: db})
		listenapi.Register(s, h.station, h.around)
		listenapi.RegisterExplore(s, &explore.Explorer{Heard: h.station, Store: rows, Clock: now}, h.around)
		listenapi.RegisterPlaces(s, h.station, book, h.around)
		h.http = s.Handler()
		var made struct{ ID string }
		h.do("all", "POST", "/api/places", `{"name":"Brewell Atlanta","city":"Atlanta","country":"US","programme":"south","refs":[{"network":"practice","value":"loc-1"}]}`, 201, &made)
		one := "/api/places/" + made.ID
		tests := []struct {
			name, as, method, path, body string
			want                         int
			has, hasNot                  string
		}{
			{"nobody is signed in", "", "GET", "/api/places", "", 401, "", "Atlanta"},
			{"a reader reads", "reader", "GET", "/api/places", "", 200, "Brewell Atlanta", ""},
			{"a reader adds nothing", "reader", "POST", "/api/places", `{"name":"x","city":"Porto"}`, 403, "", ""},
			{"a reader imports nothing", "reader", "POST", "/api/places/import", `{"csv":"name\nx"}`, 403, "", ""},
			{"a reader corrects nothing", "reader", "POST", "/api/mentions/x/place", `{}`, 403, "", ""},
			{"a stranger sees none", "north", "GET", "/api/places", "", 200, `"total":0`, "Atlanta"},
			{"a stranger does not see one", "north", "GET", one, "", 404, "", "Atlanta"},
			{"nor its series", "north", "GET", one + "/series", "", 404, "", ""},
			{"nor what is said of it", "north", "GET", one + "/reviews", "", 404, "", ""},
			{"nor compares it", "north", "GET", "/api/places/compare?a=" + made.ID + "&b=geo:4180439", "", 404, "", ""},
			{"nor changes it", "north", "PATCH", one, `{"name":"Mine"}`, 404, "", ""},
			{"nor removes it", "north", "DELETE", one, "", 404, "", ""},
			{"nor finds it", "north", "GET", "/api/places/find?q=brewell", "", 200, `"items":[]`, "Brewell"},
			{"an unknown field", "all", "POST", "/api/places", `{"name":"x","city":"Porto","colour":"red"}`, 422, "colour", ""},
			{"an unknown parameter", "all", "GET", "/api/places?colour=red", "", 422, "colour", ""},
			{"no name", "all", "POST", "/api/places", `{"name":"","city":"Porto"}`, 422, "needs a name", ""},
			{"no such city", "all", "POST", "/api/places", `{"name":"x","city":"Utopolis"}`, 422, "no city", ""},
			{"several such cities", "all", "POST", "/api/places", `{"name":"x","city":"Springfield","country":"US"}`, 422, "several cities", ""},
			{"an id that is taken", "all", "POST", "/api/places", `{"name":"x","city":"Porto","refs":[{"network":"practice","value":"LOC-1"}]}`, 409, "belongs to", ""},
			{"nor learns its name in a search", "north", "GET", "/api/mentions/facets?place=" + made.ID, "", 200, `"total":0`, "Brewell"},
			{"a search in a country", "all", "GET", "/api/mentions?place=country:US", "", 200, `"items":[]`, ""},
			{"in too many places", "all", "GET", "/api/mentions?place=" + strings.Repeat("geo:1,", 21), "", 422, "at most twenty", ""},
			{"a country is found where one asks", "all", "GET", "/api/places/find?q=portu&countries=true", "", 200, `"country:PT","name":"Portugal"`, ""},
			{"and only there", "all", "GET", "/api/places/find?q=portu", "", 200, "", "country:PT"},
			{"one's own programme adds", "south", "POST", "/api/places", `{"name":"Brewell Porto","city":"Porto","country":"PT","programme":"south"}`, 201, "Porto", ""},
			{"closed", "south", "PATCH", one, `{"state":"closed"}`, 200, `"state":"closed"`, ""},
			{"no such state", "south", "PATCH", one, `{"state":"gone"}`, 422, "", ""},
			{"a city of the world", "all", "GET", "/api/places/geo:4180439", "", 200, "Atlanta, Georgia", ""},
			{"is not ours", "all", "PATCH", "/api/places/geo:4180439", `{"name":"x"}`, 422, "not ours", ""},
			{"no such place", "all", "GET", "/api/places/none", "", 404, "", ""},
			{"a preview keeps nothing", "all", "POST", "/api/places/import", `{"csv":"name,city,country,programme\nBrewell Bath,Bath,GB,South\nBad,Utopolis,,\nWrong,Bath,GB,North","preview":true}`, 200, `"new":1`, `"imported":true`},
			{"a file without names", "all", "POST", "/api/places/import", `{"csv":"city\nBath"}`, 422, "must be", ""},
			{"a wrong cursor", "all", "GET", "/api/places?cursor=!!", "", 422, "cursor", ""},
			{"the map", "all", "GET", "/api/places/map", "", 200, "GeoNames", ""},
			{"both sides", "all", "GET", "/api/places/compare?a=" + made.ID + "&b=geo:4180439", "", 200, `"series_b"`, ""},
			{"removed", "all", "DELETE", one, "", 204, "", ""},
			{"and gone", "all", "GET", one, "", 404, "", ""},
		}
		for _, tt := range tests {
			got := h.do(tt.as, tt.method, tt.path, tt.body, tt.want, nil)
			if !strings.Contains(got, tt.has) || tt.hasNot != "" && strings.Contains(got, tt.hasNot) {
				t.Errorf("%s: %s", tt.name, got)
			}
		}
		var page struct {
			Items []struct{ Name string }
			Next  string
		}
		for _, city := range []string{"Bath", "Bremen", "Nantes"} {
			h.do("all", "POST", "/api/places", `{"name":"Brewell `+city+`","city":"`+city+`"}`, http.StatusCreated, nil)
		}
		names := ""
		for path := "/api/places?sort=name&limit=2"; ; path = "/api/places?sort=name&limit=2&cursor=" + page.Next {
			page.Next, page.Items = "", nil
			h.do("all", "GET", path, "", 200, &page)
			for _, x := range page.Items {
				names += x.Name + "; "
			}
			if page.Next == "" {
				break
			}
		}
		if names != "Brewell Bath; Brewell Bremen; Brewell Nantes; Brewell Porto; " {
			t.Errorf("page by page: %s", names)
		}
	})
}
