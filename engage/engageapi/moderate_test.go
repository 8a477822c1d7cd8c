package engageapi_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/engage/moderate"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

func (h *house) Moderates(at channel.Spot) (bool, bool)          { return at.ID == "p1", at.ID == "p1" }
func (h *house) Hide(context.Context, channel.Spot, bool) error  { return h.fail }
func (h *house) Remove(context.Context, channel.Spot) error      { return h.fail }
func (h *house) Retracts(at channel.Spot) bool                   { return strings.HasPrefix(at.ID, "out-") }
func (h *house) Retract(context.Context, channel.Spot) error     { return h.fail }
func (h *house) React(_ context.Context, _ string, _ bool) error { return h.fail }

func TestModeration(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		h := open(t, db, now)
		at := "/api/conversations/" + string(h.began())
		_, ours, _ := h.call("ana", "POST", at+"/replies", `{"key":"r1","text":"On it."}`)
		reply, _ := ours["id"].(string)
		now.Add(11 * time.Second)
		if _, err := h.desk.Post(context.Background()); err != nil {
			t.Fatal(err)
		}
		works := &moderate.Moderator{Store: engagedb.New(db), Gate: h, Networks: h, Clock: now}
		const kettle = "/api/messages/a1"
		for _, s := range []struct {
			name, who, method, path, body string
			status                        int
			has                           string
			fail                          error // of the network
		}{
			{"what can be done", "ana", "GET", at + "/messages", "", 200, `"may":["hide","show","remove","like","unlike"]`, nil},
			{"of ours", "ana", "GET", at + "/messages", "", 200, `"may":["retract"]`, nil},
			{"without a reason", "ana", "POST", kettle + "/hide", `{}`, 422, "reason", nil},
			{"for no reason that there is", "ana", "POST", kettle + "/hide", `{"reason":"boring"}`, 422, "", nil},
			{"for another reason, without words", "ana", "POST", kettle + "/hide", `{"reason":"other"}`, 422, "Say in a few words why.", nil},
			{"unknown field", "ana", "POST", kettle + "/hide", `{"reason":"spam","by":"eve"}`, 422, "", nil},
			{"a viewer", "vic", "POST", kettle + "/hide", `{"reason":"spam"}`, 403, "", nil},
			{"hide", "ana", "POST", kettle + "/hide", `{"reason":"other","words":"he sells <b>pills</b>"}`, 200, `"sight":{"state":"hiding","wanted":"hide","hidden":false,"reason":"other","words":"he sells`, nil},
			{"hidden, by whom", "ana", "GET", at + "/messages", "", 200, `"state":"hidden"`, nil},
			{"by whom", "ana", "GET", at + "/messages", "", 200, `"by":{"id":"ana","name":"Ana"}`, nil},
			{"hide again", "ana", "POST", kettle + "/hide", `{"reason":"spam"}`, 200, `"state":"hidden"`, nil},
			{"show", "ana", "POST", kettle + "/show", "", 200, `"state":"showing"`, nil},
			{"shown", "ana", "GET", at + "/messages", "", 200, `"may":["hide"`, nil},
			{"like", "ana", "PUT", kettle + "/like", "", 200, `"liked":{"on":true,"settled":false`, nil},
			{"liked", "ana", "GET", at + "/messages", "", 200, `"liked":{"on":true,"settled":true`, nil},
			{"unlike", "ana", "DELETE", kettle + "/like", "", 200, `"on":false,"settled":false`, social.Errorf(social.Forbidden, "The network refuses.")},
			{"refused", "ana", "GET", at + "/messages", "", 200, `"liked":{"on":true,"settled":true,"refused":true,"by":{"id":"ana","name":"Ana"},"text":"The network refuses."}`, nil},
			{"take theirs back", "ana", "POST", kettle + "/take-back", "", 422, "", nil},
			{"hide ours", "ana", "POST", "/api/messages/" + reply + "/hide", `{"reason":"spam"}`, 422, "", nil},
			{"take back", "ana", "POST", "/api/messages/" + reply + "/take-back", "", 200, `"wanted":"retract"`, nil},
			{"taken back", "ana", "GET", at + "/messages", "", 200, `"state":"removed","wanted":"retract"`, nil},
			{"its words stay", "ana", "GET", at + "/messages", "", 200, `"text":"On it."`, nil},
			{"remove", "ana", "POST", kettle + "/remove", `{"reason":"abuse"}`, 200, `"state":"removing"`, nil},
			{"removed", "ana", "GET", at + "/messages", "", 200, `"state":"removed","wanted":"remove"`, nil},
			{"nothing leads back", "ana", "POST", kettle + "/show", "", 409, "nothing brings it back", nil},
		} {
			status, body, text := h.call(s.who, s.method, s.path, s.body)
			if status != s.status || !strings.Contains(text, s.has) || status >= 400 && body["detail"] == nil {
				t.Errorf("%s: %d %s\nwant %d with %s", s.name, status, text, s.status, s.has)
			}
			h.fail = s.fail
			now.Add(time.Second)
			if _, err := works.Now(context.Background()); err != nil {
				t.Fatal(err)
			}
			h.fail = nil
		}
	})
}
