//go:build browser

// Package explore tells in the browser how people look into what was heard:
// the explorer, whose every mark narrows the list beside it, the search, the
// wall for a big screen, and who talks to whom.
package explore

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// place is a house in which people have spoken, with an administrator at a window.
type place struct {
	*testing.T
	h    *house.House
	api  *house.Client
	b    *browser.Browser
	ada  *browser.Page
	post map[string]string // monitors by name
}

const mail = "ada@brewell.example"

// TestExplore tells all stories in one house, one after the other.
func TestExplore(t *testing.T) {
	h := house.Start(t)
	p := &place{T: t, h: h, api: h.Admin("Ada Admin", mail), b: browser.Open(t), post: map[string]string{}}
	p.ada = p.b.Page("ada")
	p.h.SignIn(p.ada, mail)
	p.fill()
	for _, s := range []struct {
		name string
		tell func(*place)
	}{{"explore", explore}} {
		ok := t.Run(s.name, func(t *testing.T) {
			p.h.In(t)
			p.b.In(t)
			s.tell(&place{T: t, h: p.h, api: p.api, b: p.b, ada: p.ada, post: p.post})
		})
		if !ok {
			t.Fatal("the later stories need this one")
		}
	}
}

// fill connects a practice channel, and lets people speak about us and others.
func (p *place) fill() {
	p.Helper()
	p.api.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Practice", "settings": map[string]string{"handle": "brewell"}}, nil)
	for _, m := range []struct{ name, query, kind string }{
		{"Brewell", "brewell", "brand"}, {"Kaffa", "kaffa", "competitor"}, {"Kettles", "kettle OR kettles", "topic"},
	} {
		var made struct{ ID string }
		p.api.Must(http.MethodPost, "/api/monitors", map[string]any{"name": m.name, "query": m.query, "kind": m.kind}, &made)
		p.post[m.name] = made.ID
	}
	var net struct {
		Personas []struct{ Handle string }
	}
	p.api.Must(http.MethodGet, "/api/practice", nil, &net)
	if len(net.Personas) < 3 {
		p.Fatal("nobody is on the practice network")
	}
	said := []string{
		"The brewell kettle is wonderful, best I ever had!", "My kettle from brewell leaks, terrible quality.",
		"brewell delivery took three weeks. Awful!", "Kaffa raised their prices again.", "Kaffa kettles look nice though.",
		"Where can I buy the brewell kettle?", "Love my brewell grinder, thank you!", "The kettle broke after two days, I want a refund from brewell.",
	}
	for i, text := range said {
		p.api.Must(http.MethodPost, "/api/practice/say", map[string]any{"persona": net.Personas[i%3].Handle, "text": text}, nil)
	}
}

// listed waits until the list beside the charts has so many posts.
func (p *place) listed(n int) {
	p.Helper()
	word := "posts"
	if n == 1 {
		word = "post"
	}
	p.ada.SeeIn("region", "Posts", fmt.Sprintf("%d %s, newest first", n, word))
}

// explore: a number on a chart is the number of posts in the list.
func explore(p *place) {
	w := p.ada
	w.Open(p.h.URL + "/analyze?range=24h")
	w.See("/All that was heard: 8 posts in 24 hours/")
	w.See("/too few for shares/")
	p.listed(8)
	w.SeeRole("table", "Share of voice")
	w.SeeIn("table", "Share of voice", "Kaffa")

	w.ClickIn("group", "/How they feel/", "button", "/Negative/")
	if !strings.Contains(w.URL(), "sentiment=negative") {
		p.Fatalf("the mark is not in the address: %s", w.URL())
	}
	var e struct{ Total struct{ Negative int } }
	p.api.Must(http.MethodGet, "/api/explore?range=24h", nil, &e)
	p.listed(e.Total.Negative)
	w.Reload() // the address is the whole view
	p.listed(e.Total.Negative)
	w.ClickIn("region", "Posts", "button", "Remove")
	p.listed(8)

	w.ClickIn("table", "Share of voice", "button", "Kaffa")
	w.See("/Kaffa: 2 posts in 24 hours/")
	p.listed(2)
	w.Click("button", "/Beside/")
	w.Click("menuitem", "Brewell")
	w.See("/Kaffa: 2 posts/")
	w.Click("button", "/Looking at Kaffa/")
	w.Click("menuitem", "All that was heard")
	p.listed(8)
	w.ClickIn("table", "What they want", "button", "/Follow complaint/")
	w.See("Talk of complaint")

	for _, width := range []int{1440, 390} {
		w.Resize(width, 900)
		w.Open(p.h.URL + "/analyze?range=7d&trend=intent:complaint")
		w.See("/All that was heard: 8 posts/")
		w.SeeRole("table", "Share of voice")
		w.Accessible()
		w.Theme("dark")
		for _, f := range w.Contrast() {
			p.Errorf("dark, %d: %s", width, f)
		}
		w.Theme("light")
	}
	w.Resize(1440, 900)
}
