//go:build browser

// Package doors tells in the browser how channels are connected from nothing,
// and how strangers use our own doors: the form and the chat.
package doors

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
	"github.com/parley-crm/parley/kit/hook"
)

const mail = "ada@brewell.example"

// place is a house with an administrator in it, at their window.
type place struct {
	*testing.T
	h   *house.House
	b   *browser.Browser
	ada *browser.Page
}

func TestDoors(t *testing.T) {
	p := &place{T: t, h: house.Public(t, "--undo", "0s"), b: browser.Open(t)}
	p.h.Admin("Ada Lovelace", mail)
	p.ada = p.b.Page("ada")
	p.h.SignIn(p.ada, mail)
	for _, s := range []struct {
		name string
		tell func(*place)
	}{{"connect a channel from nothing", connect}, {"change a secret over", rotate},
		{"a form without scripts", aForm}, {"a chat on the company's own page", aChat},
		{"history from a file", aFile}} {
		ok := t.Run(s.name, func(t *testing.T) {
			p.h.In(t)
			p.b.In(t)
			s.tell(&place{T: t, h: p.h, b: p.b, ada: p.ada})
		})
		if !ok {
			t.Fatal("the later stories need this one")
		}
	}
}

// api makes a request with ada's session and decodes the answer.
func (p *place) api(method, path string, body, into any) {
	p.Helper()
	text := ""
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			p.Fatal(err)
		}
		text = string(b)
	}
	status, answer := p.ada.Fetch(method, path, text)
	if status >= 300 {
		p.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	if into != nil {
		if err := json.Unmarshal([]byte(answer), into); err != nil {
			p.Fatalf("%s %s: %v: %s", method, path, err, answer)
		}
	}
}

// post sends a signed request as a shop would, and returns the status.
func (p *place) post(address, secret, id, body string) int {
	p.Helper()
	key, err := hook.ParseKey(secret)
	if err != nil {
		p.Fatal(err)
	}
	now := time.Now()
	r, err := http.NewRequest(http.MethodPost, address, bytes.NewReader([]byte(body)))
	if err != nil {
		p.Fatal(err)
	}
	r.Header.Set(hook.HeaderID, id)
	r.Header.Set(hook.HeaderTime, strconv.FormatInt(now.Unix(), 10))
	r.Header.Set(hook.HeaderSignature, key.Sign(id, now, []byte(body)))
	resp, err := new(http.Client).Do(r)
	if err != nil {
		p.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// connect goes from the empty list to the first words, with a mistake and a
// pause on the way.
func connect(p *place) {
	w := p.ada
	w.Open(p.h.URL + "/settings/channels")
	w.See("Nothing is connected.")
	w.Accessible()
	w.Click("link", "Connect a channel")
	w.See("/Where do people speak/")
	w.Accessible()
	w.Fill("Find a network", "shop")
	w.SeeRole("link", "/Incoming webhook/")
	w.Fill("Find a network", "nothing of the kind")
	w.See("No network of that name is here.")
	w.Fill("Find a network", "webhook")
	w.Click("link", "/Incoming webhook/")
	w.SeeRole("heading", "Prepare it there")
	w.Accessible()
	w.Click("button", "I have done this")
	w.SeeRole("heading", "Enter it here")
	w.Fill("Name", "Our shop")
	w.Fill("Source", "two words")
	w.Click("button", "Make one")
	secret := w.Value("Secret")
	if !strings.HasPrefix(secret, "whsec_") {
		p.Fatalf("made %q", secret)
	}
	w.Accessible()
	w.Click("button", "Test it")
	w.See("/one word of at most 40 letters/") // the mistake stands at its field
	w.SeeRole("heading", "Enter it here")

	w.Reload() // a pause: what was entered is still there, but for the secret
	w.See("/What you entered before is still here/")
	w.SeeValue("Name", "Our shop")
	w.SeeValue("Source", "two words")
	w.SeeValue("Secret", "")
	w.Fill("Source", "shop")
	w.Click("button", "Make one")
	secret = w.Value("Secret")
	w.Click("button", "Test it")
	w.See("The settings are complete.")
	w.Accessible()
	w.Click("button", "Back")
	w.SeeValue("Secret", secret)
	w.Click("button", "Test it")
	w.Click("button", "Connect Incoming webhook")
	w.See("/Waiting for the first words/")
	w.Accessible()

	address := w.Value("Webhook address")
	said := `{"id":"order-1","text":"Where is my kettle? I ordered it ten days ago.","author":{"id":"c-17","name":"Maya Dubois"}}`
	if status := p.post(address, "whsec_"+strings.Repeat("A", 43)+"=", "m0", said); status != http.StatusUnauthorized {
		p.Fatalf("another secret: %d", status)
	}
	for range 2 { // the second changes nothing
		if status := p.post(address, secret, "m1", said); status != http.StatusNoContent {
			p.Fatalf("status %d", status)
		}
	}
	w.SeeWithin("The first words have come.", 20000)
	w.Open(p.h.URL + "/engage")
	w.SeeRole("link", "/Where is my kettle/")
	if n := w.Count("link", "/Where is my kettle/"); n != 1 {
		p.Fatalf("it stands %d times in the inbox", n)
	}
	var list struct{ Items []struct{ ID, Name string } }
	p.api(http.MethodGet, "/api/channels", nil, &list)
	if len(list.Items) != 1 || list.Items[0].Name != "Our shop" {
		p.Fatalf("%+v", list)
	}
	w.Resize(390, 844)
	for _, path := range []string{"/settings/channels/new", "/settings/channels/new?kind=webhook&step=enter", "/settings/channels/" + list.Items[0].ID} {
		w.Open(p.h.URL + path)
		w.SeeRole("heading", "/./")
		w.Accessible()
	}
	w.Resize(1440, 900)
}

// rotate gives the sender a new secret without a gap.
func rotate(p *place) {
	w := p.ada
	var list struct{ Items []struct{ ID, Hook string } }
	p.api(http.MethodGet, "/api/channels", nil, &list)
	w.Open(p.h.URL + "/settings/channels/" + list.Items[0].ID)
	w.Click("button", "Make a new secret")
	w.Click("button", "Make it")
	w.SeeRole("dialog", "The new secret")
	fresh := w.Value("/^New secret$/")
	w.Accessible()
	w.Click("button", "Done")
	w.See("The former secret still counts")
	address := list.Items[0].Hook
	if strings.HasPrefix(address, "/") {
		address = p.h.URL + address
	}
	if status := p.post(address, fresh, "m2", `{"id":"order-2","text":"Thank you!","author":{"id":"c-17","name":"Maya Dubois"}}`); status != http.StatusNoContent {
		p.Fatalf("the new one: %d", status)
	}
	w.Click("button", "Let the former go")
	w.Click("button", "Let it go")
	w.Gone("The former secret still counts")
	w.See("Only the new secret counts now.")
}
