//go:build browser

package know_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

const mail = "ada@brewell.example"

// place is a house with an administrator and a web form.
type place struct {
	*testing.T
	h    *house.House
	b    *browser.Browser
	ada  *browser.Page
	door string
}

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

func TestKnow(t *testing.T) {
	p := &place{T: t, h: house.Public(t, "--undo", "0s", "--allow", "127.0.0.1"), b: browser.Open(t)}
	p.h.Admin("Ada Lovelace", mail)
	p.ada = p.b.Page("ada")
	p.h.SignIn(p.ada, mail)
	var c struct{ ID, Door string }
	p.api(http.MethodPost, "/api/channels", map[string]any{"kind": "form", "name": "Contact form", "settings": map[string]string{"title": "Write to Brewell", "name": "must", "email": "no"}}, &c)
	p.door = c.Door
	for _, s := range []struct {
		name string
		tell func(*place)
	}{{"write and publish", write}, {"found on the help page", found}, {"suggested and inserted", suggested}, {"a version comes back", restored},
		{"what it brings", brings}, {"drafted by a model", drafted}} {
		ok := t.Run(s.name, func(t *testing.T) {
			p.h.In(t)
			p.b.In(t)
			s.tell(&place{T: t, h: p.h, b: p.b, ada: p.ada, door: p.door})
		})
		if !ok {
			t.Fatal("the later stories need this one")
		}
	}
}

// write: an article from nothing, with a draft that survives a reload.
func write(p *place) {
	w := p.ada
	w.Open(p.h.URL + "/engage/know")
	w.See("Nothing is written down yet.")
	w.Accessible()
	if status, _ := w.Fetch(http.MethodGet, "/help", ""); status != http.StatusNotFound {
		p.Fatalf("the help page is open before anything is published: %d", status)
	}
	w.Click("button", "Write an article")
	w.Fill("Title", "How do I descale my kettle?")
	w.Click("combobox", "Who may read it once it is published")
	w.Click("option", "Everybody, on the help page")
	w.Accessible()
	w.Click("button", "Begin to write")
	w.Fill("Words of the article, in Markdown", "Use **citric acid**, two spoons in half a litre.\n\n1. Boil it.\n2. Wait.\n\n<script>alert(1)</script>")
	w.SeeIn("region", "How it reads", "Use citric acid, two spoons in half a litre.")
	w.See("Draft kept")
	w.Accessible()
	w.Reload()
	w.SeeValue("Words of the article, in Markdown", "Use **citric acid**, two spoons in half a litre.\n\n1. Boil it.\n2. Wait.\n\n<script>alert(1)</script>")
	w.Click("button", "Keep this version")
	w.See("Kept as version 2.")
	w.Click("button", "Publish")
	w.See("Everybody can read it now.")
	w.SeeRole("button", "Change")
	w.Accessible()
	w.Resize(390, 844)
	w.Open(p.h.URL + "/engage/know")
	w.SeeRole("link", "How do I descale my kettle?")
	w.Accessible()
	w.Resize(1440, 900)
}

// found: a customer searches, reads, votes, and asks us anyway.
func found(p *place) {
	w := p.b.Phone("customer")
	w.Open(p.h.URL + "/help")
	w.SeeRole("heading", "/Help/")
	w.Accessible()
	w.Fill("What do you need help with?", "citric")
	w.See("Results")
	w.Accessible()
	w.Press("Enter") // the form does the same without the script
	w.See("Results")
	w.Click("link", "How do I descale my kettle?")
	w.SeeRole("heading", "How do I descale my kettle?")
	w.See("Did this solve it?")
	w.Accessible()
	w.Theme("dark")
	w.Accessible()
	w.Theme("light")
	w.Click("button", "No")
	w.See("We are sorry.")
	w.Accessible()
	w.Fill("What was missing? (may stay empty)", "How much is a spoon?")
	w.Click("button", "Send")
	w.See("Thank you. We read this.")
	w.Open(p.h.URL + "/help/en?q=student+discount")
	w.See("Nothing was found with these words. Try fewer or other ones.")
	w.Open(p.h.URL + "/help/en")
	w.Click("link", "Ask us")
	w.SeeRole("heading", "Write to Brewell")
	w.Fill("/Name/", "Maya Dubois")
	w.Fill("/Message/", "My kettle is full of limescale. Which citric acid do I need to descale it?")
	w.Click("button", "Send")
	w.See("Thank you. Your message has arrived.")

	other := p.b.Page("another")
	other.Open(p.h.URL + "/help/en")
	other.Click("link", "How do I descale my kettle?")
	other.Click("button", "Yes")
	other.See("Good to hear. Thank you.")
	other.Accessible()
}

// suggested: the article stands beside the conversation, a press puts it into
// the reply, undo takes it out, and a good reply is kept.
func suggested(p *place) {
	w := p.ada
	w.Open(p.h.URL + "/engage?view=all")
	w.ClickIn("region", "Conversations", "link", "/limescale/")
	w.SeeIn("complementary", "/About/", "How do I descale my kettle?")
	w.SeeIn("complementary", "/About/", "/Use citric acid, two spoons/")
	w.Accessible()
	p.acknowledge()
	w.Fill("/^Direct/", "Hello Maya,")
	w.ClickIn("complementary", "/About/", "button", "Insert link")
	w.SeeValue("/^Direct/", "Hello Maya, "+p.h.URL+"/help/en/how-do-i-descale-my-kettle")
	w.Click("button", "/^Undo/")
	w.SeeValue("/^Direct/", "Hello Maya,")
	w.ClickIn("complementary", "/About/", "button", "Insert")
	w.Press("End")
	if said := w.Value("/^Direct/"); !strings.Contains(said, "Use citric acid") || !strings.HasPrefix(said, "Hello Maya,") {
		p.Fatalf("inserted: %q", said)
	}
	w.Fill("/^Direct/", "Two spoons of citric acid from the pharmacy, and never vinegar, which hardens the seal.")
	w.Click("button", "/^Send to/")
	w.SeeIn("log", "Messages", "/never vinegar/")
	w.SeeIn("log", "Messages", "/^sent|seen on the network/")
	w.ClickIn("log", "Messages", "button", "Keep as answer")
	w.See("Kept: it is suggested where the same is asked.")
	w.SeeIn("log", "Messages", "Kept as an answer")
	w.Open(p.h.URL + "/engage/know/answers")
	w.See("/never vinegar/")
	w.Accessible()
	w.Resize(390, 844)
	w.Accessible()
	w.Resize(1440, 900)

	// The next who asks gets it.
	var c struct{ Items []struct{ ID string } }
	form := p.b.Page("second")
	form.Open(p.door + "/")
	form.Fill("/Name/", "Jun Suharto")
	form.Fill("/Message/", "Is vinegar bad for the seal?")
	form.Click("button", "Send")
	form.See("Thank you. Your message has arrived.")
	for range 100 {
		p.api(http.MethodGet, "/api/conversations?view=open&q=vinegar", nil, &c)
		if len(c.Items) > 0 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	w.Open(p.h.URL + "/engage?view=all")
	w.ClickIn("region", "Conversations", "link", "/vinegar bad/")
	w.SeeIn("complementary", "/About/", "Kept by Ada Lovelace")
	w.SeeIn("complementary", "/About/", "/never vinegar/")
}

// acknowledge agrees to the policies, so that the gate lets ada speak.
func (p *place) acknowledge() {
	p.Helper()
	var list struct{ Items []struct{ ID string } }
	p.api(http.MethodGet, "/api/policies", nil, &list)
	for _, x := range list.Items {
		p.ada.Fetch(http.MethodPost, "/api/policies/"+x.ID+"/acknowledge", `{"version":1}`)
	}
}

// restored: two versions are compared, and the older one comes back.
func restored(p *place) {
	w := p.ada
	w.Open(p.h.URL + "/engage/know")
	w.Click("link", "How do I descale my kettle?")
	w.Click("button", "Change")
	w.Fill("Words of the article, in Markdown", "Use vinegar.")
	w.Fill("What was changed, and why", "quicker")
	w.Click("button", "Keep and publish")
	w.See("Kept as version 3.")
	w.Click("button", "More")
	w.Click("menuitem", "Versions")
	w.See("quicker")
	w.See("/two spoons in half a litre/")
	w.Accessible()
	w.Click("button", "Restore") // the newest but one stands first
	w.See("The words of version 2 are version 4 now.")
	w.Click("button", "Back to the article")
	w.See("/two spoons in half a litre/")
	w.Click("button", "More")
	w.Click("menuitem", "Delete it")
	w.See("/is deleted/")
	w.Click("button", "/^Undo/")
	w.SeeRole("link", "How do I descale my kettle?")
	status := 0
	for range 50 { // bringing back takes a moment
		if status, _ = w.Fetch(http.MethodGet, "/help/en/how-do-i-descale-my-kettle", ""); status == http.StatusOK {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if status != http.StatusOK {
		p.Errorf("not back on the help page: %d", status)
	}
}

// brings: the way from a visit to an answer, and the article that is missing.
func brings(p *place) {
	w := p.ada
	w.Open(p.h.URL + "/engage/know/report")
	w.See("/to the help page/")
	w.SeeIn("table", "From a visit to an answer", "Asked us anyway")
	w.SeeIn("table", "What each article brings", "How do I descale my kettle?")
	w.See("How much is a spoon?")
	w.Accessible()
	w.Resize(390, 844)
	w.Accessible()
	w.Resize(1440, 900)
	w.Click("button", "Write an article about “student discount”")
	w.SeeValue("Title", "Student discount")
}

// drafted: without a model there is no button; with one it drafts, and a
// person sends. The customer's words move nothing.
func drafted(p *place) {
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": map[string]any{"role": "assistant",
			"content": "Vinegar hardens the seal. Please take citric acid. http://evil.example/steal"}}}})
	}))
	p.Cleanup(model.Close)
	w := p.ada
	w.Open(p.h.URL + "/engage?view=all")
	w.ClickIn("region", "Conversations", "link", "/vinegar bad/")
	w.SeeIn("log", "Messages", "/vinegar bad/")
	if w.Count("button", "Draft a reply") != 0 {
		p.Fatal("a button though no model is connected")
	}
	w.Open(p.h.URL + "/engage/know/settings")
	w.Accessible()
	w.Click("switch", "Let it draft")
	w.Fill("/^Address$/", model.URL+"/v1")
	w.Fill("/^Model$/", "small")
	w.Fill("/^Key$/", "sk-test")
	w.Press("Enter")
	w.See("Kept.")
	w.Click("button", "Try what is kept")
	w.See("/It answers:/")
	w.Open(p.h.URL + "/engage?view=all")
	w.ClickIn("region", "Conversations", "link", "/vinegar bad/")
	w.Click("button", "Draft a reply")
	w.See("Drafted by a model; check it.")
	w.SeeValue("/^Direct/", "Vinegar hardens the seal. Please take citric acid. …")
	w.See("/One address that no source names was taken out/")
	w.Accessible()
	var list struct{ Items []struct{ Kind string } }
	var talks struct{ Items []struct{ ID string } }
	p.api(http.MethodGet, "/api/conversations?view=all&q=vinegar", nil, &talks)
	p.api(http.MethodGet, "/api/conversations/"+talks.Items[0].ID+"/messages", nil, &list)
	for _, m := range list.Items {
		if m.Kind == "ours" {
			p.Error("the draft was sent by itself")
		}
	}
	w.Fill("/^Direct/", "Yes, it hardens it. Take citric acid.")
	w.Click("button", "/^Send to/")
	w.SeeIn("log", "Messages", "/Take citric acid/")
	w.Gone("Drafted by a model; check it.")
}
