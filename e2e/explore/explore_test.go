//go:build browser

// Package explore tells in the browser how people look into what was heard:
// the explorer, whose every mark narrows the list beside it, the search, the
// wall for a big screen, and who talks to whom.
package explore

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

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
	who  []string          // handles of people who live there
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
	}{{"explore", explore}, {"search", search}, {"wall", wall}, {"network", network}, {"places", places}} {
		ok := t.Run(s.name, func(t *testing.T) {
			p.h.In(t)
			p.b.In(t)
			s.tell(&place{T: t, h: p.h, api: p.api, b: p.b, ada: p.ada, post: p.post, who: p.who})
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
		p.say(net.Personas[i%3].Handle, text)
	}
	for _, x := range net.Personas[:4] {
		p.who = append(p.who, x.Handle)
	}
}

func (p *place) say(persona, text string) {
	p.Helper()
	p.api.Must(http.MethodPost, "/api/practice/say", map[string]any{"persona": persona, "text": text}, nil)
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

// agree waits until the list has as many posts as the number counts. Posts
// are read twice, and the second reading may change what they are.
func (p *place) agree() {
	p.Helper()
	var e struct{ Total struct{ Negative int } }
	for range 150 {
		p.api.Must(http.MethodGet, "/api/explore?range=24h", nil, &e)
		if n := e.Total.Negative; n > 1 && strings.Contains(p.ada.Body(), fmt.Sprintf("%d posts, newest first", n)) {
			return
		}
		time.Sleep(300 * time.Millisecond)
	}
	p.Fatalf("the number says %d, the list does not", e.Total.Negative)
}

// counted waits until the list of the wall is as long as the server says, and
// returns how long. Posts are read twice, as for agree.
func (p *place) counted(facets string) int {
	p.Helper()
	var s struct{ Total int }
	for range 150 {
		p.api.Must(http.MethodGet, facets, nil, &s)
		if regexp.MustCompile(fmt.Sprintf(`(?m)^%d posts?$`, s.Total)).MatchString(p.ada.Body()) {
			return s.Total
		}
		time.Sleep(300 * time.Millisecond)
	}
	p.Fatalf("the server says %d, the wall does not", s.Total)
	return 0
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
	p.agree()
	w.Reload() // the address is the whole view
	p.agree()
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

// search: facets with counts that combine, a link that is the whole view, a
// thread with the hit marked, and a monitor out of it in one click.
func search(p *place) {
	w := p.ada
	w.Open(p.h.URL + "/listen")
	w.See("8 posts")
	w.Fill("Search in what was heard", "kettle")
	w.See("4 posts")
	w.ClickIn("group", "Feeling", "button", "/Negative/")
	n := p.counted("/api/mentions/facets?q=kettle&sentiment=negative")
	if url := w.URL(); !strings.Contains(url, "q=kettle") || !strings.Contains(url, "sentiment=negative") {
		p.Fatalf("the view is not in the address: %s", url)
	}
	w.Reload()
	w.See(fmt.Sprintf("/^%d posts?$/", n))
	w.Accessible()
	w.ClickIn("region", "Posts", "button", "/Thread/")
	w.See("/in this thread/")
	w.SeeIn("complementary", "Thread", "kettle") // marked, in a piece of its own
	w.Click("button", "Close the thread")
	w.Click("button", "Save as monitor")
	w.SeeRole("heading", "kettle")
	w.See("/kettle listens now/")

	w.Resize(390, 844)
	w.Open(p.h.URL + "/listen?q=kettle")
	w.Click("button", "Narrow")
	w.SeeRole("group", "Feeling")
	w.Accessible()
	w.Resize(1440, 900)
}

// wall: a screen on the wall moves by itself, can be paused, and shows columns.
func wall(p *place) {
	w := p.ada
	w.Open(p.h.URL + "/listen/screen?m=" + p.post["Brewell"] + "," + p.post["Kaffa"])
	w.SeeRole("heading", "Live wall")
	w.SeeRole("region", "Brewell")
	w.SeeRole("region", "Kaffa")
	p.say(p.who[0], "My brewell kettle sings like a bird.")
	w.SeeIn("region", "Brewell", "/sings like a bird/") // nobody touched it
	w.Click("button", "Pause")
	p.say(p.who[1], "And my brewell kettle hums along.")
	w.SeeIn("region", "Brewell", "/1 new since the pause/")
	w.Click("button", "Go on")
	w.SeeIn("region", "Brewell", "/hums along/")
	w.Accessible()
	w.Open(p.h.URL + "/listen/screen")
	w.SeeIn("region", "Posts", "/hums along/")
	w.Theme("dark")
	w.Accessible()
	w.Theme("light")
	w.Resize(390, 844)
	w.Accessible()
	w.Resize(1440, 900)
	w.Click("link", "Leave")
	w.SeeRole("heading", "Live wall")
}

// network: who talks to whom explains itself, on a map and as a list.
func network(p *place) {
	w := p.ada
	hub := p.who[0]
	for _, x := range p.who[1:] {
		p.say(x, "@"+hub+" you know about the brewell kettle, what would you do?")
	}
	p.say(p.who[1], "@"+p.who[2]+" did you see that brewell answer?")
	w.Open(p.h.URL + "/analyze/network?as=list")
	w.SeeWithin("/4 people speak with each other/", 90_000) // it is looked at every minute
	w.SeeIn("table", "People of the network", "/named by 3 people/")
	w.Accessible()
	// One kind of bond at a time, in the address; what nobody did cannot be chosen.
	w.ClickIn("group", "Kind of bond", "button", "/mentions/")
	w.SeeIn("table", "People of the network", "/named by 3 people/")
	if !strings.Contains(w.URL(), "kind=named") {
		p.Errorf("the kind stands nowhere in %s", w.URL())
	}
	w.Open(p.h.URL + "/analyze/network?as=list&kind=shared")
	w.See("There are no bonds of this kind yet.")
	w.Accessible()
	w.ClickIn("group", "Kind of bond", "button", "/all bonds/")
	w.ClickIn("table", "People of the network", "button", "/@"+hub+"/")
	w.See("/Place 1 of 4: named by 3 people/")
	w.See("Talks most with")
	w.Click("link", "Open the person")
	w.See("/place 1 of 4/")
	w.See("/Named by 3 people/")
	w.Click("link", "See them in the network")
	w.See("/Place 1 of 4/")
	w.Click("button", "All circles")
	w.Open(p.h.URL + "/analyze/network")
	w.See("/A map of 4 people|This browser cannot draw|Size: how much/")
	w.Accessible()
	w.Resize(390, 844)
	w.Open(p.h.URL + "/analyze/network?as=list&by=bridge")
	w.SeeRole("table", "People of the network")
	w.Accessible()
	w.Resize(1440, 900)
}

// places: a search narrows by place, a place's mark on the explorer narrows the
// list to as many posts, and a query is completed with places.
func places(p *place) {
	w := p.ada
	p.api.Must(http.MethodPost, "/api/places", map[string]any{"name": "Brewell Pearl", "city": "Portland", "region": "OR", "country": "US"}, nil)
	p.say(p.who[0], "The grinder at Brewell Pearl was lovely, thank you.")
	p.say(p.who[1], "I waited an hour at Brewell Pearl, terrible.")
	p.say(p.who[2], "The brewell shop in Lisbon has the best espresso.")

	var s struct{ Total int }
	for range 150 { // the numbers beside a list are those of when it was opened
		if p.api.Must(http.MethodGet, "/api/mentions/facets?q=brewell&place=country:US,country:PT", nil, &s); s.Total == 3 {
			break
		}
		time.Sleep(200 * time.Millisecond)
	}
	w.Open(p.h.URL + "/listen?q=brewell")
	w.SeeIn("group", "Country", "United States")
	w.ClickIn("group", "Branch", "button", "/Brewell Pearl/")
	w.See("2 posts")
	w.ClickIn("group", "Country", "button", "/Portugal/") // any of the two
	w.See("3 posts")
	w.ClickIn("group", "Feeling", "button", "/Negative/")
	n := p.counted("/api/mentions/facets?q=brewell&sentiment=negative&place=country:US,country:PT")
	w.Reload()
	w.See(fmt.Sprintf("/^%d posts?$/", n))
	w.Accessible()

	w.Open(p.h.URL + "/analyze?range=24h")
	w.ClickIn("table", "Places they speak of", "button", "Brewell Pearl")
	p.listed(2)
	w.SeeIn("region", "Posts", "/waited an hour/")
	w.ClickIn("group", "Places by", "button", "Countries")
	w.ClickIn("table", "Places they speak of", "button", "Portugal")
	p.listed(1)
	w.Reload()
	p.listed(1)
	for _, width := range []int{1440, 390} {
		w.Resize(width, 900)
		w.Accessible()
	}
	w.Resize(1440, 900)

	w.Open(p.h.URL + "/listen/monitors/new")
	w.Fill("Query", "")
	w.Type("kettle place:pear")
	w.SeeRole("option", "/Brewell Pearl/")
	w.Press("Enter")
	w.SeeValue("Query", `kettle place:"Brewell Pearl" `)
	w.Type("OR place:lisb")
	w.SeeRole("option", "/Lisbon/")
	w.Accessible()
	w.Press("Enter")
	w.SeeValue("Query", `kettle place:"Brewell Pearl" OR place:"Lisbon, Portugal" `)
}
