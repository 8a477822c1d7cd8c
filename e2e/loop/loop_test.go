//go:build browser

// Package loop tells in the browser how people use Parley: a newcomer goes
// once round the loop, and each screen does what it promises.
package loop

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

const (
	adaMail   = "ada@brewell.example"
	complaint = "@brewell my kettle broke after two days and nobody answers me. This is terrible!"
	sorry     = "I am sorry, that should not happen. A new one is on its way."
)

// place is a house with an administrator in it, at their window.
type place struct {
	*testing.T
	h   *house.House
	b   *browser.Browser
	ada *browser.Page
}

// TestParley tells all stories in one house, one after the other.
func TestParley(t *testing.T) {
	p := &place{T: t, h: house.Public(t, "--allow", "127.0.0.1", "--jetstream", "ws://127.0.0.1:1/subscribe", "--undo", "6s"), b: browser.Open(t)}
	p.ada = p.b.Page("ada")
	for _, s := range []struct {
		name string
		tell func(*place)
	}{
		{"newcomer", newcomer}, {"refused", refused}, {"answered", answered}, {"undo", undo}, {"draft", draft},
		{"keys", keys}, {"people", people}, {"correct", correct}, {"colleague", colleague}, {"monitor", monitor}, {"govern", govern},
		{"outcome", outcome}, {"resolved", resolved}, {"screens", screens}, {"everywhere", everywhere}, {"audit", audit},
	} {
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

// api makes a request with a window's session and decodes the answer.
func (p *place) api(w *browser.Page, method, path string, body, into any) {
	p.Helper()
	text := ""
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			p.Fatal(err)
		}
		text = string(b)
	}
	status, answer := w.Fetch(method, path, text)
	if status >= 300 {
		p.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	if into != nil {
		if err := json.Unmarshal([]byte(answer), into); err != nil {
			p.Fatalf("%s %s: %v: %s", method, path, err, answer)
		}
	}
}

// say lets somebody on the practice network speak.
func (p *place) say(persona, text string) {
	p.Helper()
	p.api(p.ada, http.MethodPost, "/api/practice/say", map[string]any{"persona": persona, "text": text}, nil)
}

// posts counts what stands on the practice network.
func (p *place) posts() int {
	p.Helper()
	var n struct{ Posts int }
	p.api(p.ada, http.MethodGet, "/api/practice", nil, &n)
	return n.Posts
}

// inbox opens the inbox and waits for a conversation in it.
func (p *place) inbox(text string) {
	p.Helper()
	p.ada.Open(p.h.URL + "/engage")
	p.ada.SeeRole("link", "/"+text+"/")
}

// open opens the conversation with somebody in which this was said.
func (p *place) open(who, text string) {
	p.Helper()
	p.ada.Open(p.h.URL + "/engage?view=all")
	p.ada.ClickIn("region", "Conversations", "link", "/"+who+"/")
	p.ada.SeeIn("log", "Messages", "/"+text+"/")
}

// newcomer is who opens the one-time link: an administrator, a brand, ears.
func newcomer(p *place) {
	w := p.ada
	w.Open(p.h.Welcome)
	w.See("Let us begin.")
	w.Accessible()
	w.Fill("Your name", "Ada Admin")
	w.Fill("Email", adaMail)
	w.Fill("Password", "short")
	w.Click("button", "Create my account")
	w.See("/at least|too short|characters or more/")
	w.Fill("Password", house.Password)
	w.Click("button", "Create my account")
	w.Fill("Name of the brand", "Brewell")
	w.Accessible()
	w.Click("button", "Start listening")
	w.See("/cannot be reached/")
	w.See("keeps trying")
	w.Accessible()
	w.See("make demo") // the example company is offered too
	w.Click("button", "Practise first")
	w.See("connected")
	w.Click("link", "Go to today")
	w.SeeRole("heading", "Today")
	w.See("Nobody is waiting.")

	other := p.b.Page("late")
	other.Open(p.h.Welcome)
	other.See("This link is used up.")
}

// refused is who has not acknowledged the policy: the refusal says so and leads to it.
func refused(p *place) {
	w := p.ada
	w.Open(p.h.URL + "/engage")
	w.See("Nobody is waiting.")
	p.say("mara.lind", complaint)
	w.SeeWithin("/my kettle broke/", 5000)
	w.Press("j")
	w.SeeIn("log", "Messages", "/my kettle broke/")
	w.SeeIn("log", "Messages", "Negative")
	w.See("complaint")
	w.See("English")
	w.See("/You have not acknowledged “Speaking for Brewell”, version 1/")
	w.Fill("Public reply", sorry)
	w.Press("Control+Enter")
	w.See("Draft kept")
	if n := p.posts(); n != 1 {
		p.Errorf("%d posts stand on the network, only hers should", n)
	}
	w.Click("link", "Read and acknowledge")
	w.SeeRole("heading", "Speaking for Brewell")
	w.Click("button", "I have read this and will keep to it")
	w.See("/You acknowledged version 1/")
}

// answered is who gets a reply: queued, sent, seen on the network, once.
func answered(p *place) {
	w := p.ada
	p.open("Mara Lind", "my kettle broke")
	w.Press("r") // at once: the draft may still be on its way
	w.SeeValue("Public reply", sorry)
	w.Press("Control+Enter")
	w.SeeIn("log", "Messages", "waits to be sent")
	w.SeeIn("log", "Messages", "seen on the network")
	if n := p.posts(); n != 2 {
		p.Errorf("%d posts stand on the network, want hers and ours", n)
	}
	p.say("mara.lind", "@brewell thank you, that was quick!")
	w.See("/that was quick/")
}

// undo takes a reply back before it leaves.
func undo(p *place) {
	w := p.ada
	p.say("teacup_tom", "@brewell does the new kettle switch itself off when it is empty?")
	p.open("Tom Okafor", "switch itself off")
	before := p.posts()
	w.Press("r")
	w.Fill("Public reply", "It does not.")
	w.Click("button", "Reply in public")
	w.Click("button", "/^Undo/")
	w.SeeIn("log", "Messages", "taken back")
	w.SeeValue("Public reply", "It does not.")
	w.Fill("Public reply", "It does!")
	w.Click("button", "Reply in public")
	w.SeeIn("log", "Messages", "seen on the network")
	if n := p.posts() - before; n != 1 {
		p.Errorf("%d replies left, want the one that was not taken back", n)
	}
}

// draft is what somebody began to write: it is there after a reload.
func draft(p *place) {
	w := p.ada
	p.say("priya_n", "@brewell can I buy the small kettle in Singapore?")
	p.open("Priya Nair", "in Singapore")
	w.Press("n")
	w.Fill("Internal note", "Ask the shop about Asia.")
	w.See("Draft kept")
	w.Reload()
	w.See("Draft kept")
	w.SeeValue("Internal note", "Ask the shop about Asia.")
	w.Click("button", "Keep note")
	w.SeeIn("log", "Messages", "Ask the shop about Asia.")
	w.SeeIn("log", "Messages", "/stays inside Brewell/")
	w.Gone("Draft")
}

// keys is the inbox without a mouse.
func keys(p *place) {
	w := p.ada
	p.say("jonas.k", "@brewell das Kabel meines Kochers ist viel zu kurz.")
	p.say("lucie.b", "@brewell j'adore ma bouilloire, merci !")
	p.inbox("bouilloire")
	w.SeeRole("link", "/Kochers/")
	w.Press("j")
	w.SeeIn("log", "Messages", "/bouilloire/")
	w.Press("j")
	w.SeeIn("log", "Messages", "/Kochers/")
	w.Press("k")
	w.SeeIn("log", "Messages", "/bouilloire/")

	w.Press("?")
	w.SeeRole("dialog", "Keys")
	w.SeeIn("dialog", "Keys", "Internal note")
	w.Accessible()
	w.Press("Escape")
	w.GoneRole("dialog", "Keys")

	w.Press("/")
	w.Type("Kochers")
	w.Gone("/j'adore.*Waiting/")
	w.SeeIn("region", "Conversations", "/Kochers/")
	w.Press("Escape")
	w.SeeIn("region", "Conversations", "/bouilloire/")

	w.Press("n")
	w.Type("Elle est contente.")
	w.Press("Control+Enter")
	w.SeeIn("log", "Messages", "Elle est contente.")
	w.Press("Escape")
	w.Press("a")
	w.SeeRole("menuitem", "/Ada Admin/")
	w.Press("ArrowDown")
	w.Press("Enter")
	w.SeeRole("button", "Assigned to Ada Admin")
	w.Press("e")
	w.See("/Resolved: Lucie Bernard/")
	w.GoneRole("link", "/bouilloire/")
	w.SeeIn("log", "Messages", "/Kochers/") // the next one opens by itself
	w.SeeRole("button", "Assign")

	w.Press("Control+k")
	w.Type("Govern")
	w.SeeRole("option", "/Govern/")
	w.Press("Enter")
	w.SeeRole("heading", "Hive")
}

// people are found, joined when they are one, and taken apart again.
func people(p *place) {
	w := p.ada
	w.Open(p.h.URL + "/people")
	w.SeeRole("link", "/Mara Lind/")
	w.Fill("Find a person", "Tom")
	w.GoneRole("link", "/Mara Lind/")
	w.Click("link", "/Tom Okafor/")
	w.SeeRole("heading", "/Tom Okafor/")
	w.See("/switch itself off/")
	w.SeeIn("list", "Timeline", "It does!")
	if strings.Contains(w.Body(), "It does not.") {
		p.Error("what was taken back stands as an answer")
	}
	w.Click("button", "Same person")
	w.Fill("Name or handle", "Priya")
	w.Click("button", "/Priya Nair/")
	w.Accessible()
	w.Click("button", "Join with Priya Nair")
	w.See("/are one person now/")
	w.See("/in Singapore/")
	w.Click("button", "/^Undo/")
	w.Gone("/in Singapore/")
	w.See("/switch itself off/")
}

// audit is what the record says in the end.
func audit(p *place) {
	if text, code := p.h.CLI("audit", "verify"); code != 0 || !strings.Contains(text, "whole") {
		p.Errorf("audit verify: %d %s", code, text)
	}
}
