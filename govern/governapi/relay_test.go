package governapi_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/govern/governapi"
	"github.com/parley-crm/parley/govern/governdb"
	"github.com/parley-crm/parley/govern/relay"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// taking answers every request with 200.
type taking struct{ bodies *[]string }

func (t taking) RoundTrip(r *http.Request) (*http.Response, error) {
	*t.bodies = append(*t.bodies, r.URL.String())
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
}

func TestWebhooksOverTheAPI(t *testing.T) {
	each(t, func(h *house) {
		var sent []string
		rows := governdb.New(h.db)
		r := relay.New(&relay.Relay{Store: rows, Herald: h.office, Admins: rows.Admins, Sealer: secret.Random(), HTTP: &http.Client{Transport: taking{&sent}}, Clock: h.now})
		governapi.RegisterRelay(h.server, r)
		ada := h.admin()
		ben := ada.join("ben@brewell.example", social.Manager)
		if got := ben.do("GET", "/api/webhooks", nil); got.status != http.StatusForbidden {
			t.Errorf("a manager sees webhooks: %d", got.status)
		}
		for name, body := range map[string]map[string]any{
			"no address":      {"name": "X"},
			"a bad address":   {"name": "X", "url": "javascript:alert(1)"},
			"no name":         {"name": " ", "url": "https://x.example"},
			"an unknown fact": {"name": "X", "url": "https://x.example", "facts": []string{"all"}},
			"another field":   {"name": "X", "url": "https://x.example", "secret": "mine"},
		} {
			if got := ada.do("POST", "/api/webhooks", body); got.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d %s", name, got.status, got.text)
			}
		}
		var made governapi.NewSecret
		ada.do("POST", "/api/webhooks", map[string]any{"name": "CRM", "url": "https://crm.example/in?key=k", "facts": []string{"conversation.resolved"}}).ok(&made)
		if !strings.HasPrefix(made.Secret, "whsec_") {
			t.Fatalf("%+v", made)
		}
		one := "/api/webhooks/" + made.ID
		if got := ada.do("GET", one, nil); got.status != 200 || strings.Contains(got.text, "whsec_") {
			t.Errorf("the secret is shown again: %s", got.text)
		}
		var d governapi.WebhookDelivery
		ada.do("POST", one+"/ping", map[string]any{}).ok(&d)
		if d.State != "open" || d.Next == nil {
			t.Errorf("%+v", d)
		}
		if _, err := r.Send(context.Background()); err != nil {
			t.Fatal(err)
		}
		var page server.Page[governapi.WebhookDelivery]
		ada.do("GET", one+"/deliveries?state=done", nil).ok(&page)
		if len(page.Items) != 1 || page.Items[0].Status != 200 || page.Items[0].Body != "" || len(sent) != 1 {
			t.Fatalf("%+v %v", page, sent)
		}
		ada.do("GET", "/api/deliveries/"+d.ID, nil).ok(&d)
		if !strings.Contains(d.Body, `"type":"parley.ping"`) {
			t.Errorf("%+v", d)
		}
		if got := ben.do("GET", "/api/deliveries/"+d.ID, nil); got.status != http.StatusForbidden {
			t.Errorf("a manager sees what was told: %d", got.status)
		}
		ada.do("POST", "/api/deliveries/"+d.ID+"/replay", map[string]any{}).ok(&d)
		var again governapi.Replayed
		ada.do("POST", one+"/replay", map[string]any{"since": h.now.Now().Add(-time.Hour), "until": h.now.Now().Add(time.Hour)}).ok(&again)
		if again.Deliveries != 0 { // it waits already
			t.Errorf("%+v", again)
		}
		if got := ada.do("POST", one+"/replay", map[string]any{"since": h.now.Now(), "until": h.now.Now()}); got.status != http.StatusUnprocessableEntity {
			t.Errorf("a time without an end: %d", got.status)
		}
		var w governapi.Webhook
		ada.do("PATCH", one, map[string]any{"on": false, "all": true}).ok(&w)
		if w.State != "off" || len(w.Facts) != 0 || w.Open != 1 {
			t.Errorf("%+v", w)
		}
		if got := ada.do("POST", one+"/ping", map[string]any{}); got.status != http.StatusConflict {
			t.Errorf("a ping to one that is off: %d", got.status)
		}
		var rotated governapi.NewSecret
		ada.do("POST", one+"/rotate", map[string]any{}).ok(&rotated)
		if rotated.Secret == made.Secret || rotated.OldUntil == nil {
			t.Errorf("%+v", rotated)
		}
		if got := ada.do("DELETE", one, nil); got.status != http.StatusNoContent {
			t.Errorf("%d %s", got.status, got.text)
		}
		if got := ada.do("GET", "/api/deliveries/"+d.ID, nil); got.status != http.StatusNotFound {
			t.Errorf("what was told stays: %d", got.status)
		}
		record := ada.do("GET", "/api/record", nil).text
		if strings.Contains(record, "key=k") || strings.Contains(record, "whsec_") {
			t.Error("the record holds a secret")
		}
	})
}
