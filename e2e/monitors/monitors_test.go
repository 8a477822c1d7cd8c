//go:build browser

// Package monitors tells in the browser how a monitor is written: with what may
// come next, with a mistake, and with the mistake mended.
package monitors

import (
	"net/http"
	"os"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

func TestWriteAMonitorWithAMistakeAndMendIt(t *testing.T) {
	h := house.Start(t)
	c := h.Admin("Ada Admin", "ada@brewell.example")
	c.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Practice", "settings": map[string]string{"handle": "brewell"}}, nil)
	for _, said := range []string{"My kettles are leaking all over the kitchen", "What a lovely teapot"} {
		c.Must(http.MethodPost, "/api/practice/say", map[string]any{"text": said}, nil)
	}
	w := browser.Open(t).Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/listen/monitors/new")
	w.Fill("Name", "Leaks")

	// What may come next is offered, and chosen by keyboard.
	w.Fill("Query", "")
	w.Click("textbox", "Query")
	w.Type("kettle la")
	w.SeeIn("listbox", "What may come next", "lang:")
	w.Accessible()
	w.Press("Enter")
	w.Type("eng")
	w.SeeIn("listbox", "What may come next", "English")
	shot(w, "completion")
	w.Press("Escape")
	w.GoneRole("listbox", "What may come next")

	// A mistake is marked where it is, told in a sentence, and mended.
	w.Fill("Query", "~kettle && (~leak OR drip")
	w.See("/does not join words here; write AND/")
	w.See("~kettle AND (~leak OR drip)")
	w.Accessible()
	shot(w, "mistake")
	w.Click("button", "Mend it")
	w.SeeValue("Query", "~kettle AND (~leak OR drip)")
	w.GoneRole("button", "Mend it")
	w.See("My kettles are leaking all over the kitchen")
	w.Resize(390, 844)
	w.Accessible()
	shot(w, "phone")
	w.Click("button", "Start listening")
	w.SeeRole("heading", "Leaks")
	w.See("My kettles are leaking all over the kitchen")
	w.Gone("What a lovely teapot")
}

// shot keeps a picture where SHOTS says, for people to look at.
func shot(w *browser.Page, name string) {
	if dir := os.Getenv("SHOTS"); dir != "" {
		w.Shot(dir + "/monitor-" + name + ".png")
	}
}
