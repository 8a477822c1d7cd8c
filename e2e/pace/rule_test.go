//go:build browser

package pace_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// TestARuleFromNothing writes a rule that sorts what a colleague marks, tries
// it on the last week, switches it on, and sees in a conversation what it did.
func TestARuleFromNothing(t *testing.T) {
	h := house.Start(t)
	c := h.Admin("Ada Admin", "ada@brewell.example")
	c.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Square", "settings": map[string]string{"site": "microblog", "handle": "brewell"}}, nil)
	var leak, repair struct{ ID string }
	c.Must(http.MethodPost, "/api/tags", map[string]any{"name": "Leak", "color": "red"}, &leak)
	c.Must(http.MethodPost, "/api/tags", map[string]any{"name": "Repair", "color": "blue"}, &repair)
	c.Must(http.MethodPost, "/api/teams", map[string]any{"name": "Workshop", "sharing": "hand", "members": []string{}}, nil)
	say := func(persona, text string) {
		c.Must(http.MethodPost, "/api/practice/say", map[string]any{"site": "microblog", "persona": persona, "text": "@brewell " + text}, nil)
	}
	say("mara.lind", "my kettle leaks")
	w := browser.Open(t).Page("ada")
	h.SignIn(w, "ada@brewell.example")
	tag := func(who string) {
		w.Open(h.URL + "/engage")
		w.SeeWithin("/"+who+"/", 30_000)
		w.Click("link", "/"+who+"/")
		w.SeeRole("heading", "Our work")
		w.Press("t")
		w.SeeRole("dialog", "Tags")
		w.Type("leak")
		w.SeeRole("option", "/Leak/")
		w.Press("Enter")
		w.See("“Leak” is on.")
		w.Press("Escape")
		w.GoneRole("dialog", "Tags")
	}
	tag("Mara Lind")

	w.Open(h.URL + "/settings/rules")
	w.Click("button", "Add a rule")
	w.Fill("Name", "Leaks go to the workshop")
	w.Click("combobox", "When")
	w.Click("option", "a tag is put on")
	w.Click("button", "Add a condition")
	w.Click("combobox", "Field")
	w.Click("option", "Tags")
	w.Click("combobox", "Values of Tags")
	w.Click("option", "Leak")
	w.Press("Escape")
	w.Click("combobox", "Act 1: what")
	w.Click("option", "put on the tags")
	w.Click("combobox", "Act 1: tags")
	w.Click("option", "Repair")
	w.Press("Escape")
	w.Click("button", "Add an act")
	w.Click("combobox", "Act 2: what")
	w.Click("option", "give it to the team")
	w.Click("combobox", "Act 2: team")
	w.Click("option", "Workshop")
	w.Click("button", "Add an act")
	w.Click("combobox", "Act 3: what")
	w.Click("option", "raise its priority by a step")
	w.Click("button", "Try it on the last week")
	w.See("It would have acted on 1 of 1 conversations.")
	w.SeeIn("table", "What it would have done", "Mara Lind")
	w.Accessible()
	if dir := os.Getenv("PARLEY_SHOTS"); dir != "" {
		w.Shot(filepath.Join(dir, "rule.png"))
	}
	w.Click("button", "Add it")
	w.See("Leaks go to the workshop")

	say("jonas.k", "the lid is broken")
	tag("Jonas Keller")
	w.See("/the rule “Leaks go to the workshop” acted, because a tag was put on: put on tags, gave it to a team, raised its priority/")
	w.SeeRole("button", "Workshop")
	w.Accessible()
	w.Resize(390, 844)
	w.Open(h.URL + "/settings/rules")
	w.See("Leaks go to the workshop")
	w.Accessible()
}
