//go:build browser

package people_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// texts is a gateway of text messages and a business number on WhatsApp,
// through which a test lets somebody write as Kannel and Meta do.
type texts struct {
	*testing.T
	sms, whatsapp string // addresses of their webhooks
	said          int
}

const (
	smsKey    = "abcdefghijklmnopqrstuvwxyz012345"
	waSecret  = "0123456789abcdef"
	waPhone   = "106540352242922"
	waAccount = "215589313241560"
)

func openTexts(t *testing.T, h *house.House, c *house.Client) *texts {
	t.Helper()
	hook := func(kind, name string, settings map[string]string) string {
		var made struct{ ID string }
		c.Must(http.MethodPost, "/api/channels", map[string]any{"kind": kind, "name": name, "settings": settings}, &made)
		return h.URL + "/api/hooks/" + made.ID
	}
	return &texts{T: t,
		sms: hook("kannel", "Text messages", map[string]string{"url": "http://127.0.0.1:1/sendsms", "username": "parley", "password": "a password", "from": "+4930100", "key": smsKey}),
		whatsapp: hook("whatsapp", "WhatsApp", map[string]string{"phone": waPhone, "account": waAccount, "token": "EAAGtoken", "app": "1234", "secret": waSecret,
			"verify": "our-word-of-sixteen", "address": "http://127.0.0.1:1"})}
}

func (x *texts) call(method, to string, body []byte, header http.Header) {
	x.Helper()
	r, err := http.NewRequest(method, to, strings.NewReader(string(body)))
	if err != nil {
		x.Fatal(err)
	}
	r.Header = header
	resp, err := (&http.Client{Timeout: 10 * time.Second}).Do(r)
	if err != nil {
		x.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		x.Fatalf("the webhook is answered %s", resp.Status)
	}
}

func (x *texts) text(from, words string) {
	x.Helper()
	x.said++
	q := url.Values{"key": {smsKey}, "from": {from}, "to": {"+4930100"}, "text": {words}, "id": {fmt.Sprintf("sms-%d", x.said)}, "epoch": {fmt.Sprint(time.Now().Unix())}}
	x.call(http.MethodGet, x.sms+"?"+q.Encode(), nil, http.Header{})
}

func (x *texts) onWhatsApp(from, name, words string) {
	x.Helper()
	x.said++
	body, err := json.Marshal(map[string]any{"object": "whatsapp_business_account", "entry": []any{map[string]any{"id": waAccount, "changes": []any{map[string]any{"field": "messages", "value": map[string]any{
		"messaging_product": "whatsapp", "metadata": map[string]any{"phone_number_id": waPhone},
		"contacts": []any{map[string]any{"profile": map[string]any{"name": name}, "wa_id": from, "user_id": "DE." + from}},
		"messages": []any{map[string]any{"id": fmt.Sprintf("wamid.%d", x.said), "from": from, "from_user_id": "DE." + from, "timestamp": fmt.Sprint(time.Now().Unix()), "type": "text", "text": map[string]any{"body": words}}},
	}}}}}})
	if err != nil {
		x.Fatal(err)
	}
	m := hmac.New(sha256.New, []byte(waSecret))
	m.Write(body)
	x.call(http.MethodPost, x.whatsapp, body, http.Header{"X-Hub-Signature-256": {"sha256=" + hex.EncodeToString(m.Sum(nil))}})
}

// TestJoinedByThemselves: who texts and then writes on WhatsApp from the same
// number is one person by themselves; the page says so and why, one press takes
// it apart, and they stay apart. What a signature names is only suggested, with
// its day.
func TestJoinedByThemselves(t *testing.T) {
	h := house.Start(t, "--allow", "127.0.0.1")
	c := h.Admin("Ada Admin", "ada@brewell.example")
	x := openTexts(t, h, c)
	s := openShop(t, h, c)
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")

	x.text("+491701234567", "My kettle leaks.")
	w.Open(h.URL + "/people")
	w.SeeWithin("+491701234567", 20_000)
	x.onWhatsApp("491701234567", "Maya Lind", "Here is a picture of it.")
	joined := until(t, "the two are one", func() (person, bool) {
		if found := persons(c); len(found) == 1 {
			return found[0], len(found[0].Identities) == 2
		}
		return person{}, false
	})

	w.Open(h.URL + "/people/" + joined.ID)
	w.SeeRole("heading", "Joined from")
	w.See("/Joined by itself/")
	w.See("/Proved the same phone number on both accounts/")
	w.Accessible()
	look(w, "joined-by-itself")
	w.Resize(390, 844)
	w.Theme("dark")
	w.Accessible()
	look(w, "joined-by-itself-dark")
	w.Theme("light")
	w.Resize(1440, 900)

	// One press takes it apart; they are asked about, and never joined again.
	w.Click("button", "Take apart")
	w.See("They are two persons again, and stay so.")
	w.SeeRole("heading", "May also be")
	x.text("+491701234567", "Any news?")
	x.onWhatsApp("491701234567", "Maya Lind", "Hello?")
	until(t, "both have written again", func() (person, bool) {
		var page struct{ Items []struct{ Activities int } }
		c.Must(http.MethodGet, "/api/people", nil, &page)
		n := 0
		for _, p := range page.Items {
			n += p.Activities
		}
		return person{}, n == 4
	})
	if found := persons(c); len(found) != 2 {
		t.Fatalf("taken apart, and then %d persons: %+v", len(found), found)
	}

	// A signature names a number: it is suggested, and says of which day it is.
	x.text("+447700900123", "Is the shop open?")
	s.says(`{"email":"ines.costa@correo.test","name":"Inês Costa"}`, "The lid does not close.\n\nCumprimentos,\nInês Costa\nTelemóvel: +44 7700 900123\nFax: +49 170 1234567")
	until(t, "a suggestion from the signature", func() (person, bool) {
		var page struct{ Items []struct{ Reasons []string } }
		c.Must(http.MethodGet, "/api/suggestions", nil, &page)
		for _, r := range page.Items {
			if strings.HasPrefix(r.Reasons[0], "signature of ") {
				return person{}, len(page.Items) == 2
			}
		}
		return person{}, false
	})
	w.Open(h.URL + "/people/suggestions")
	w.ClickIn("navigation", "Suggestions", "button", "/Inês Costa/")
	w.SeeIn("list", "Why", "/A signature of .+ names the other’s phone number/")
	w.Accessible()
	look(w, "signature")
}

// until waits for what is looked for.
func until(t *testing.T, what string, look func() (person, bool)) person {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; {
		found, ok := look()
		if ok {
			return found
		}
		if time.Now().After(end) {
			t.Fatalf("%s: not in time", what)
		}
		<-time.After(100 * time.Millisecond)
	}
}
