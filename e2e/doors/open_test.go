//go:build browser

package doors

import (
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/parley-crm/parley/e2e/browser"
)

// connected connects a channel and returns its id and the address of its page.
func (p *place) connected(kind, name string, settings map[string]string) (id, door string) {
	p.Helper()
	var c struct{ ID, Door string }
	p.api(http.MethodPost, "/api/channels", map[string]any{"kind": kind, "name": name, "settings": settings}, &c)
	return c.ID, c.Door
}

// reply answers what somebody said, from the inbox.
func (p *place) reply(said, words string) {
	p.Helper()
	w := p.ada
	w.Open(p.h.URL + "/engage?view=all")
	w.ClickIn("region", "Conversations", "link", "/"+said+"/")
	w.SeeIn("log", "Messages", "/"+said+"/")
	p.acknowledge()
	w.Fill("/^Direct/", words)
	w.Click("button", "/^Send to/")
	w.SeeIn("log", "Messages", "/"+words+"/")
	w.SeeIn("log", "Messages", "/^sent|seen on the network/")
}

// acknowledge agrees to the policies, so that the gate lets ada speak.
func (p *place) acknowledge() {
	p.Helper()
	var list struct {
		Items []struct {
			ID      string
			Version int
		}
	}
	p.api(http.MethodGet, "/api/policies", nil, &list)
	for _, x := range list.Items {
		p.ada.Fetch(http.MethodPost, "/api/policies/"+x.ID+"/acknowledge", `{"version":1}`)
	}
}

// aForm: a customer writes by a form, with a mistake; our answer stands on
// their page.
func aForm(p *place) {
	_, door := p.connected("form", "Contact form", map[string]string{"title": "Write to Brewell", "intro": "We answer within a day.", "name": "must", "email": "must",
		"topics": "Order\nRepair", "consent": "You may keep this to answer me.", "privacy": "https://www.brewell.example/privacy"})
	w := p.b.Page("customer")
	w.Open(door + "/")
	w.SeeRole("heading", "Write to Brewell")
	w.Accessible()
	w.Fill("/Name/", "Maya Dubois")
	w.Fill("/Email/", "maya@")
	w.Fill("/Message/", "My kettle whistles out of tune.")
	w.Click("button", "Send")
	w.See("This is not an email address.")
	w.SeeValue("/Message/", "My kettle whistles out of tune.") // nothing typed is lost
	w.Accessible()
	w.Fill("/Email/", "maya@example.com")
	w.Choose("/Topic/", "Repair")
	w.Click("checkbox", "You may keep this to answer me.")
	w.Click("button", "Send")
	w.See("Thank you. Your message has arrived.")
	w.Accessible()
	w.Reload() // a reload sends nothing again
	w.Click("link", "Come back to your message")
	w.See("My kettle whistles out of tune.")
	w.See("We have not answered yet.")
	w.Accessible()

	p.reply("kettle whistles", "We are sorry. A new whistle is on its way.")
	for range 50 {
		if strings.Contains(w.Body(), "A new whistle is on its way.") {
			break
		}
		w.Reload()
		w.SeeRole("heading", "Write to Brewell")
	}
	w.See("We are sorry. A new whistle is on its way.")
	w.Fill("Write more", "Thank you, that was quick.")
	w.Click("button", "Send")
	w.See("Thank you, that was quick.")
	w.Resize(390, 844)
	w.Accessible()

	p.ada.Open(p.h.URL + "/engage?view=all")
	p.ada.SeeRole("link", "/Thank you, that was quick/")
	if n := p.ada.Count("link", "/Maya Dubois/"); n < 1 {
		p.Fatal("she stands nowhere in the inbox")
	}
}

// aChat: a visitor talks on the company's own page, another site than ours;
// the answer comes live, and a reload loses and doubles nothing.
func aChat(p *place) {
	var door string
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><html lang="en"><head><title>Brewell kettles</title></head><body><main><h1>Kettles</h1><p>Buy one.</p></main><script src="` + door + `/chat.js" async></script></body></html>`))
	}))
	defer shop.Close()
	site := strings.Replace(shop.URL, "127.0.0.1", "localhost", 1) // another site than Parley's
	_, door = p.connected("chat", "Shop chat", map[string]string{"origins": site, "greeting": "Hello! Need a kettle?", "ask": "may"})

	w := p.b.Page("visitor")
	w.Open(site)
	w.Click("button", "Open the chat")
	w.See("Hello! Need a kettle?")
	w.Accessible()
	w.Fill("/Name/", "Tom Okafor")
	w.Click("button", "Begin")
	w.Fill("Your message", "Do you ship to Bristol?")
	w.Press("Enter")
	w.SeeIn("log", "Chat with us", "Do you ship to Bristol?")
	w.Accessible()
	w.Reload()
	w.Click("button", "Open the chat")
	w.SeeIn("log", "Chat with us", "Do you ship to Bristol?")

	p.reply("Do you ship to Bristol", "We do, within two days.")
	w.SeeIn("log", "Chat with us", "We do, within two days.") // live, without a reload
	w.Fill("Your message", "Wonderful!")
	w.Click("button", "Send")
	w.SeeIn("log", "Chat with us", "Wonderful!")
	w.Press("Escape")
	w.SeeRole("button", "Open the chat")

	// Parley goes away while the visitor writes; what was written goes out once when it is back.
	p.b.Forgive(browser.Outage)
	w.Click("button", "Open the chat")
	p.h.Stop()
	w.Fill("Your message", "Are you still there?")
	w.Press("Enter")
	w.SeeIn("log", "Chat with us", "/Not sent yet/")
	p.h.Run()
	w.SeeIn("log", "Chat with us", "Are you still there?")
	for range 200 {
		if !strings.Contains(w.Body(), "Not sent yet") {
			break
		}
		w.SeeIn("log", "Chat with us", "Are you still there?")
	}
	w.Reload()
	w.Click("button", "Open the chat")
	w.SeeIn("log", "Chat with us", "Are you still there?")
	p.h.SignIn(p.ada, mail)
	var list struct {
		Items []struct{ ID, Preview string }
	}
	p.api(http.MethodGet, "/api/conversations?view=all&limit=100", nil, &list)
	n := 0
	for _, c := range list.Items {
		var talk struct{ Items []struct{ Text string } }
		p.api(http.MethodGet, "/api/conversations/"+c.ID+"/messages", nil, &talk)
		for _, m := range talk.Items {
			if m.Text == "Are you still there?" {
				n++
			}
		}
	}
	if n != 1 {
		p.Fatalf("it stands %d times in the inbox", n)
	}
}
