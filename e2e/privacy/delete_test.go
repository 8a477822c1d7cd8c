//go:build browser

package privacy_test

import (
	"net/http"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// TestDelete: a conversation is deleted by its key, waits with a countdown, and is taken
// back; several at once are deleted but for the one that a legal hold keeps, whose
// hold is named before.
func TestDelete(t *testing.T) {
	h := house.Start(t)
	c := h.Admin("Ada Admin", "ada@brewell.example")
	c.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Practice", "settings": map[string]string{"handle": "brewell"}}, nil)
	var practice struct {
		Personas []struct{ ID, Name string }
	}
	c.Must(http.MethodGet, "/api/practice", nil, &practice)
	for i, text := range []string{"my kettle leaks", "the lid is broken", "where is my parcel"} {
		c.Must(http.MethodPost, "/api/practice/say", map[string]any{"persona": practice.Personas[i].ID, "text": "@brewell " + text}, nil)
	}
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/engage")
	for _, text := range []string{"/my kettle leaks/", "/the lid is broken/", "/where is my parcel/"} {
		w.SeeWithin(text, 30_000)
	}

	w.Press("j")
	w.SeeRole("heading", "Legal hold")
	w.Click("button", "Legal hold")
	w.Fill("Why", "the lawsuit about the handle")
	w.Click("button", "Place the hold")
	w.SeeWithin("the lawsuit about the handle", 10_000)
	w.Press("#")
	w.SeeRole("dialog", "/Delete the conversation with/")
	w.SeeWithin("/A legal hold of Ada Admin stands on this conversation: the lawsuit about the handle/", 10_000)
	w.Accessible()
	look(w, "delete-held")
	w.Click("button", "Not now")
	w.GoneRole("dialog", "/Delete the conversation with/")

	w.Press("j")
	w.SeeRole("button", "Legal hold") // the next one is open: on this there is none
	w.Press("#")
	w.SeeRole("dialog", "/Delete the conversation with/")
	w.See("What goes")
	w.ClickIn("dialog", "/Delete the conversation with/", "button", "Delete")
	w.SeeWithin("1 conversation is deleted in five minutes.", 10_000)
	w.SeeWithin("Until then nothing is gone. If they write again, it stays.", 10_000)
	w.Accessible()
	look(w, "delete-waits")
	w.ClickIn("region", "Conversation", "button", "Undo")
	w.SeeWithin("/took the deletion back/", 10_000)

	w.Click("button", "Latest")
	w.Click("menuitem", "/Choose several/")
	w.Click("checkbox", "Choose all")
	w.Press("#")
	w.SeeRole("dialog", "Delete 3 conversations?")
	w.SeeWithin("1 of 3 stay", 10_000)
	w.Accessible()
	look(w, "delete-many")
	w.ClickIn("dialog", "Delete 3 conversations?", "button", "Delete 2 conversations")
	w.SeeWithin("2 conversations are deleted in five minutes.", 10_000)
	look(w, "delete-many-wait")
	w.Resize(390, 844)
	w.Theme("dark")
	w.Open(h.URL + "/engage")
	w.SeeWithin("/Deleted in 4:/", 10_000)
	w.Accessible()
	look(w, "delete-phone")
}
