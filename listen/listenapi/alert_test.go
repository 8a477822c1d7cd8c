package listenapi_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/listenapi"
	"github.com/parley-crm/parley/listen/warn"
	"github.com/parley-crm/parley/social"
)

// upset lets a calm monitor have a crisis, and returns it with the alert.
func (h *house) upset() (listenapi.Monitor, listenapi.Alert) {
	h.t.Helper()
	var c listenapi.Channel
	h.do("all", "POST", "/api/channels", `{"kind":"practice","name":"Practice","programme":"care","settings":{"handle":"brewell"}}`, 201, &c)
	var m listenapi.Monitor
	h.do("all", "POST", "/api/monitors", `{"name":"Kettles","query":"kettle","programme":"care"}`, 201, &m)
	h.net.Join(practice.Cast()...)
	who := h.net.People()[0].Handle
	say := func(text string, mood string, n int) {
		for i := range n {
			if _, err := h.net.Post(who, practice.Said{Text: fmt.Sprintf("%s (%d)", text, i)}); err != nil {
				h.t.Fatal(err)
			}
		}
		h.do("all", "POST", "/api/channels/"+string(c.ID)+"/poll", "", 200, &c)
		page, err := h.station.Wall(h.ctx, listen.Filter{}, nil, n)
		if err != nil {
			h.t.Fatal(err)
		}
		scores, ids := map[social.ActivityID]social.Scores{}, []social.ActivityID{}
		for _, p := range page.Items {
			scores[p.ID] = social.Scores{Lang: "en", Sentiment: &social.Label{Label: mood}}
			ids = append(ids, p.ID)
		}
		if err := h.station.Understood(h.ctx, scores); err != nil {
			h.t.Fatal(err)
		}
		mentions, err := h.station.Mentions(h.ctx, ids)
		if err != nil {
			h.t.Fatal(err)
		}
		h.watch.Touch(h.ctx, mentions)
		if err := h.watch.Look(h.ctx); err != nil {
			h.t.Fatal(err)
		}
	}
	for range 20 {
		say("My kettle boils", social.Positive, 1)
		h.now.Add(6 * time.Hour)
	}
	var all list[listenapi.Alert]
	h.do("reader", "GET", "/api/alerts", "", 200, &all)
	if len(all.Items) != 0 {
		h.t.Fatalf("before: %+v", all.Items)
	}
	say("The kettle burns", social.Negative, 20)
	h.do("reader", "GET", "/api/alerts?state=open", "", 200, &all)
	if len(all.Items) != 1 {
		h.t.Fatalf("a crisis raised %+v", all.Items)
	}
	return m, all.Items[0]
}

func TestAlerts(t *testing.T) {
	each(t, func(h *house) {
		m, a := h.upset()
		if a.Monitor == nil || a.Monitor.Name != "Kettles" || a.Programme.Name != "Programme care" || a.Count != 20 || !strings.Contains(a.Reason, "100% negative") {
			h.t.Errorf("%+v", a)
		}
		var n listenapi.AlertCounts
		h.do("care", "GET", "/api/alerts/counts", "", 200, &n)
		if n.Open != 1 {
			h.t.Errorf("open: %d", n.Open)
		}
		var one listenapi.AlertDetail
		h.do("care", "GET", "/api/alerts/"+string(a.ID), "", 200, &one)
		if len(one.Posts) != 20 || len(one.Hours) < 40 || !one.Known || len(one.Steps) != 2 || one.Steps[1].Told[0].Name != "Maya" {
			h.t.Errorf("%d posts, %d hours, %+v", len(one.Posts), len(one.Hours), one.Steps)
		}
		if last := one.Hours[len(one.Hours)-1]; last.Count != 20 || last.High >= 20 {
			h.t.Errorf("the last hour is %+v", last)
		}

		path := "/api/alerts/" + string(a.ID)
		var none list[listenapi.Alert]
		h.do("other", "GET", "/api/alerts", "", 200, &none)
		if len(none.Items) != 0 {
			h.t.Errorf("another programme sees %+v", none.Items)
		}
		h.do("other", "GET", path, "", 404, nil)
		h.do("other", "POST", path+"/acknowledge", `{}`, 404, nil)
		h.do("reader", "POST", path+"/acknowledge", `{}`, 403, nil)
		h.do("", "GET", path, "", 401, nil)
		h.do("all", "POST", path+"/acknowledge", `{"mood":"calm"}`, 422, nil)
		h.do("all", "POST", path+"/snooze", `{"until":"2001-01-01T00:00:00Z"}`, 422, nil)
		h.do("all", "GET", "/api/alerts?state=loud", "", 422, nil)
		h.do("all", "GET", "/api/alerts?cursor=%21", "", 422, nil)

		h.do("care", "POST", path+"/acknowledge", `{"note":"I look into it"}`, 200, &a)
		if a.State != warn.Acknowledged || a.By != "Ida" {
			h.t.Errorf("%+v", a)
		}
		h.do("care", "POST", path+"/snooze", fmt.Sprintf(`{"until":%q}`, h.now.Now().Add(time.Hour).Format(time.RFC3339)), 200, &a)
		h.do("care", "POST", path+"/resolve", `{}`, 200, &a)
		h.do("care", "POST", path+"/acknowledge", `{}`, 409, nil)
		h.do("care", "POST", path+"/false-alarm", `{"note":"Our own campaign"}`, 200, &a)
		var w listenapi.Warning
		h.do("reader", "GET", "/api/warnings/"+string(m.ID), "", 200, &w)
		if w.Taught != 1 || w.Times <= 3 || len(w.Hours) != 7*24+1 && len(w.Hours) != 7*24 || !w.Known {
			h.t.Errorf("%+v", w)
		}
		h.do("reader", "PATCH", "/api/warnings/"+string(m.ID), `{"level":"low"}`, 403, nil)
		h.do("all", "PATCH", "/api/warnings/"+string(m.ID), `{"minimum":1}`, 422, nil)
		h.do("all", "PATCH", "/api/warnings/"+string(m.ID), `{"level":"high","minimum":12,"taught":0}`, 200, &w)
		if w.Level != warn.High || w.Minimum != 12 || w.Taught != 0 || w.Times != 2 {
			h.t.Errorf("%+v", w)
		}
		h.do("all", "GET", "/api/warnings/programme-care", "", 200, &w)
		h.do("other", "GET", "/api/warnings/programme-care", "", 404, nil)
		h.do("other", "GET", "/api/warnings/"+string(m.ID), "", 404, nil)
		h.do("care", "POST", path+"/reopen", `{}`, 200, &a)
		h.do("care", "GET", path, "", 200, &one)
		verbs := ""
		for _, s := range one.Steps {
			verbs += s.Verb + " "
		}
		if verbs != "raised told acknowledged snoozed resolved false reopened " {
			h.t.Errorf("its history is %s", verbs)
		}
	})
}
