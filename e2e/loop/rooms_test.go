//go:build browser

package loop

import (
	"net/http"
	"strings"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// colleague is invited, joins by the link, and both see what the other does.
func colleague(p *place) {
	w := p.ada
	var made struct{ Link string }
	p.api(w, http.MethodPost, "/api/members/invitations", map[string]any{"name": "Emil Employee", "email": "emil@brewell.example", "role": "responder"}, &made)
	emil := p.b.Page("emil")
	house.Join(emil, made.Link)
	again := p.b.Page("again")
	again.Open(made.Link)
	again.See("This link is used up.")

	p.open("Jonas Keller", "Kochers")
	emil.Open(w.URL())
	emil.SeeIn("log", "Messages", "/Kochers/")
	emil.Press("n")
	emil.Type("I know this one")
	w.See("Emil Employee is writing here too.")
	emil.Press("Control+Enter")
	w.SeeIn("log", "Messages", "I know this one")
	emil.Press("Escape")
	emil.Press("i")
	w.SeeRole("button", "Assigned to Emil Employee")
	w.Press("e")
	emil.See("Resolved")
}

// everywhere ends the sessions in all windows.
func everywhere(p *place) {
	emil, phone := p.b.Page("emil"), p.b.Phone("phone")
	p.h.SignIn(phone, "emil@brewell.example")
	emil.Open(p.h.URL + "/settings/profile")
	emil.Click("button", "Sign out everywhere")
	emil.ClickIn("dialog", "/Sign out everywhere/", "button", "Sign out everywhere")
	emil.SeeRole("button", "Sign in")
	phone.Click("link", "/^Listen/")
	phone.SeeRole("button", "Sign in")
	if status, _ := phone.Fetch(http.MethodGet, "/api/conversations", ""); status != http.StatusUnauthorized {
		p.Errorf("a session that was ended gets %d", status)
	}
	p.ada.Open(p.h.URL + "/")
	p.ada.SeeRole("heading", "Today")
}

// monitor writes a query, is told where it is wrong, and finds what was said.
func monitor(p *place) {
	w := p.ada
	w.Open(p.h.URL + "/listen")
	w.See("/my kettle broke/")
	w.Open(p.h.URL + "/listen/monitors/new")
	w.Fill("Name", "Broken kettles")
	w.Fill("Query", "kettle AND (broke")
	w.See("/paren|closed|“\\)”|expected/")
	w.Fill("Query", "kettle NEAR/3 broke")
	w.See("/my kettle broke|found/")
	w.Click("button", "Start listening")
	w.SeeRole("heading", "Broken kettles")
	p.say("oldcharlie", "The kettle nearly broke my foot.")
	w.See("/broke my foot/")
}

// correct says what a post means instead of the model, in the inbox; the wall
// says the same, and it can be taken back. Then an administrator looks at what
// there is to learn from.
func correct(p *place) {
	w := p.ada
	p.say("oldcharlie", "@brewell Great, my kettle leaks again. I love it.")
	w.Open(p.h.URL + "/listen")
	w.See("/my kettle leaks again/")
	var page struct {
		Items []struct {
			ID, Text  string
			Sentiment struct{ Label string }
			Corrected []string
		}
	}
	post := func() (id, feels, by string) {
		page.Items = nil
		p.api(w, http.MethodGet, "/api/mentions?limit=20", nil, &page)
		for _, m := range page.Items {
			if strings.Contains(m.Text, "leaks again. I love it") {
				return m.ID, m.Sentiment.Label, strings.Join(m.Corrected, " ")
			}
		}
		p.Fatal("the post is not on the wall")
		return "", "", ""
	}
	var c struct {
		ID           string
		Conversation string
	}
	w.Open(p.h.URL + "/engage?view=all")
	w.See("/leaks again/") // what stands in the inbox was read
	id, was, _ := post()
	if was == "negative" {
		p.Fatal("the irony was understood: take other words")
	}
	p.api(w, http.MethodGet, "/api/mentions/"+id, nil, &c)
	w.Open(p.h.URL + "/engage?view=all&c=" + c.Conversation)
	w.SeeIn("log", "Messages", "/leaks again/")
	w.Click("button", "/Positive|Neutral|Unsure/")
	w.See("/What they want/")
	w.Accessible()
	w.Click("button", "Negative")
	w.See("Said by a person.")
	if _, now, by := post(); now != "negative" || by != "sentiment" {
		p.Errorf("the wall says %s, by %q", now, by)
	}
	w.Click("button", "Take back")
	w.Gone("Said by a person.")
	if _, now, by := post(); now != was || by != "" {
		p.Errorf("taken back, the wall says %s, by %q; it was %s", now, by, was)
	}
	w.Open(p.h.URL + "/settings/models")
	w.See("Corrections that stand")
	w.Accessible()
	w.Click("button", "Learn from corrections")
	w.See("/too little to learn from/")
}

// govern is the hive, a new programme with somebody in it, and a new version
// of the policy, which must be read again before one may speak.
func govern(p *place) {
	w := p.ada
	w.Open(p.h.URL + "/govern")
	w.See("Customer care")
	w.Click("button", "/New programme/")
	w.Fill("Name", "Recall")
	w.Fill("Mission", "Everybody with a broken kettle gets a new one.")
	w.Click("button", "Begin it")
	w.See("Recall")
	var list struct{ Items []struct{ ID, Name string } }
	p.api(w, http.MethodGet, "/api/programmes", nil, &list)
	for _, x := range list.Items {
		if x.Name == "Recall" {
			w.Open(p.h.URL + "/govern/programmes/" + x.ID)
		}
	}
	w.SeeRole("heading", "Recall")
	w.Click("button", "Add somebody")
	w.Click("combobox", "Member")
	w.Click("option", "/Emil Employee/")
	w.Click("button", "Add them")
	w.SeeIn("table", "People", "Emil Employee")

	w.Open(p.h.URL + "/govern/policies")
	w.Click("link", "/Speaking for Brewell/")
	w.SeeRole("heading", "Speaking for Brewell")
	var policies struct{ Items []struct{ ID string } }
	p.api(w, http.MethodGet, "/api/policies", nil, &policies)
	path := "/api/policies/" + policies.Items[0].ID
	p.api(w, http.MethodPost, path+"/versions", map[string]any{"body": "Be kind.", "summary": "Shorter."}, nil)
	w.See("Be kind.")
	p.open("Tom Okafor", "switch itself off")
	w.See("/You have not acknowledged “Speaking for Brewell”, version 2/")
	w.Click("link", "Read and acknowledge")
	w.Click("button", "I have read this and will keep to it")
	w.See("/You acknowledged version 2/")

	w.Open(p.h.URL + "/govern/record")
	w.SeeIn("table", "The record", "Ada Admin")
	w.Click("button", "Check it")
	w.See("/The record is whole/")
}

// outcome is a sale that a link in an answer led to.
func outcome(p *place) {
	w := p.ada
	p.open("Tom Okafor", "switch itself off")
	w.Press("r")
	w.Fill("Public reply", "Here is more: https://shop.example/kettles")
	w.Press("Control+Enter")
	w.SeeIn("log", "Messages", "waits to be sent")
	var links struct{ Items []struct{ URL, Code string } }
	p.api(w, http.MethodGet, "/api/links", nil, &links)
	if len(links.Items) != 1 {
		p.Fatalf("there are %d tracked links, want one", len(links.Items))
	}
	p.visit(links.Items[0].URL)
	p.api(w, http.MethodPost, "/api/conversions", map[string]any{"link": links.Items[0].Code, "kind": "sale", "value": 80, "currency": "EUR", "external_id": "order-7"}, nil)
	w.Open(p.h.URL + "/evolve")
	w.SeeIn("table", "Credited conversations", "/Tom Okafor/")
	w.SeeIn("table", "Credited conversations", "€80.00")
	w.Open(p.h.URL + "/evolve/links")
	w.SeeIn("table", "Tracked links", "shop.example/kettles")
	w.Open(p.h.URL + "/evolve/outcomes")
	w.SeeIn("table", "Outcomes", "order-7")
	w.SeeIn("table", "Outcomes", "€80.00")
}

func (p *place) visit(url string) {
	p.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		p.Fatal(err)
	}
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.Do(req)
	if err != nil {
		p.Fatal(err)
	}
	_ = res.Body.Close()
	if to := res.Header.Get("Location"); res.StatusCode != http.StatusFound || !strings.Contains(to, "parley_click=") {
		p.Fatalf("a tracked link answers %d and leads to %q", res.StatusCode, to)
	}
}

// resolved is a conversation that is done; it comes back when they write again.
func resolved(p *place) {
	w := p.ada
	p.inbox("that was quick")
	w.Click("link", "/that was quick/")
	w.SeeIn("log", "Messages", "/that was quick/")
	w.Click("button", "Resolve")
	w.See("/Resolved: Mara Lind/")
	w.GoneRole("link", "/that was quick/")
	p.say("mara.lind", "@brewell now the new kettle is broken too.")
	w.SeeRole("link", "/broken too/")
	w.Open(p.h.URL + "/")
	w.SeeRole("heading", "Today")
	w.See("/broken too/")
	w.See("/heard since/")
}

// screens are usable by everybody: in each size and theme, without a machine
// finding fault, and with nothing sticking out.
func screens(p *place) {
	first := func(path string) string {
		var list struct{ Items []struct{ ID string } }
		p.api(p.ada, http.MethodGet, path, nil, &list)
		if len(list.Items) == 0 {
			p.Fatalf("%s is empty", path)
		}
		return list.Items[0].ID
	}
	list := []struct{ path, sees string }{
		{"/", "Today"},
		{"/listen", "Live wall"},
		{"/listen/monitors/new", "Query"},
		{"/listen/alerts", "Alerts"},
		{"/listen/monitors/" + first("/api/monitors"), "/Languages|found|posts/"},
		{"/analyze", "/How they feel/"},
		{"/engage", "Open"},
		{"/engage?view=all&c=" + first("/api/conversations?view=all"), "/Reply in public|Keep note/"},
		{"/hive", "For you"},
		{"/hive/me", "What you know"},
		{"/hive/lead", "Programme"},
		{"/hive/rules", "The hive is on"},
		{"/evolve", "Numbers we keep"},
		{"/evolve/links", "Tracked links"},
		{"/evolve/outcomes", "Outcomes"},
		{"/people", "People"},
		{"/people/" + first("/api/people"), "Timeline"},
		{"/govern", "Hive"},
		{"/govern?show=table", "Ready to speak"},
		{"/govern/programmes/" + first("/api/programmes"), "Maturity"},
		{"/govern/policies", "Policies"},
		{"/govern/policies/" + first("/api/policies"), "/Be kind/"},
		{"/govern/record", "The record"},
		{"/settings/channels", "Channels"},
		{"/settings/channels/new", "/Where do people speak/"},
		{"/settings/channels/" + first("/api/channels"), "/Bluesky|Practice/"},
		{"/settings/members", "Members"},
		{"/settings/tokens", "/[Tt]okens/"},
		{"/settings/brand", "Brand"},
		{"/settings/profile", "Profile"},
		{"/settings/practice", "Practice network"},
		{"/settings/system", "/System/"},
	}
	for _, s := range list {
		p.look(p.ada, s.path, s.sees)
	}
}

// look sees a screen in both sizes and themes.
func (p *place) look(w *browser.Page, path, sees string) {
	p.Helper()
	for _, width := range []int{1440, 390} {
		w.Resize(width, 860)
		w.Open(p.h.URL + path)
		w.See(sees)
		tell := func(theme string, found []string) {
			if len(found) > 0 {
				p.Errorf("%s at %d, %s:\n%s", path, width, theme, strings.Join(found, "\n"))
			}
		}
		tell("light", w.Faults())
		w.Theme("dark")
		tell("dark", w.Contrast()) // colours are all that differs
		w.Theme("light")
	}
	w.Resize(1440, 900)
}
