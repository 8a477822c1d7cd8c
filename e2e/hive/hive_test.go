//go:build browser

package hive

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// shop is a company with a hive: Ada leads, Emil and Rosa answer.
type shop struct {
	*testing.T
	h          *house.House
	b          *browser.Browser
	ada        *house.Client
	programme  string
	emil, rosa *browser.Page
}

func open(t *testing.T) *shop {
	h := house.Start(t, "--undo", "4s")
	s := &shop{T: t, h: h, b: browser.Open(t), ada: h.Admin("Ada Admin", "ada@brewell.example")}
	s.b.Forgive("status of 409") // somebody was faster, on purpose
	var made struct{ ID string }
	s.ada.Must(http.MethodPost, "/api/programmes", map[string]any{"name": "Shops", "mission": "Answer within the hour."}, &made)
	s.programme = made.ID
	s.ada.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Kettle square", "programme": s.programme,
		"settings": map[string]string{"site": "microblog", "handle": "brewell"}}, nil)
	s.emil = s.joins(s.b.Phone("emil"), "Emil Employee", "emil@brewell.example")
	s.rosa = s.joins(s.b.Page("rosa"), "Rosa Rowan", "rosa@brewell.example")
	return s
}

// joins lets somebody in, puts them into the programme and lets them agree to
// what there is to agree to.
func (s *shop) joins(p *browser.Page, name, mail string) *browser.Page {
	s.Helper()
	house.Join(p, s.ada.Invite(name, mail, "responder"))
	var me struct{ Member struct{ ID string } }
	s.api(p, http.MethodGet, "/api/session", nil, &me)
	s.ada.Must(http.MethodPost, "/api/programmes/"+s.programme+"/members", map[string]any{"member": me.Member.ID, "role": "responder"}, nil)
	var policies struct {
		Items []struct {
			ID      string
			Version int
		}
	}
	s.api(p, http.MethodGet, "/api/policies", nil, &policies)
	for _, x := range policies.Items {
		s.api(p, http.MethodPost, "/api/policies/"+x.ID+"/acknowledge", map[string]any{"version": x.Version}, nil)
	}
	return p
}

// api makes a request with a window's session.
func (s *shop) api(p *browser.Page, method, path string, body, into any) {
	s.Helper()
	text := ""
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			s.Fatal(err)
		}
		text = string(b)
	}
	status, answer := p.Fetch(method, path, text)
	if status >= 300 {
		s.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	if into != nil {
		if err := json.Unmarshal([]byte(answer), into); err != nil {
			s.Fatal(err)
		}
	}
}

// say lets a customer ask something.
func (s *shop) say(persona, text string) {
	s.Helper()
	s.ada.Must(http.MethodPost, "/api/practice/say", map[string]any{"persona": persona, "text": text}, nil)
}

func TestTheHive(t *testing.T) {
	s := open(t)
	lead := s.b.Page("ada")
	s.h.SignIn(lead, "ada@brewell.example")

	// Ada switches it on; at any hour, since this story may be told at night.
	lead.Open(s.h.URL + "/hive/lead?p=" + s.programme)
	lead.See("This programme has no hive yet.")
	lead.Accessible()
	lead.Click("link", "Set it up")
	lead.Click("switch", "The hive is on")
	lead.Click("button", "Saturday")
	lead.Click("button", "Sunday")
	lead.Fill("Work begins", "00:00")
	lead.Fill("Work ends", "00:00")
	lead.Fill("People asked first", "0")
	lead.Click("button", "Keep")
	lead.See("This must be between 1 and 20.")
	lead.Accessible()
	lead.Fill("People asked first", "3")
	lead.Click("button", "Keep")
	lead.See("Kept. The hive asks by these rules from now on.")

	// Emil, on his phone in the shop, says what he knows. So does Rosa.
	emil := s.emil
	emil.Click("link", "/^Hive/")
	emil.See("Nobody needs you just now.")
	emil.Accessible()
	emil.Click("link", "Say what you know")
	emil.Fill("Things that customers ask", "descaling")
	emil.Press("Enter")
	emil.Accessible()
	emil.Click("button", "Keep")
	emil.See("Kept. The hive asks you accordingly from now on.")
	emil.Open(s.h.URL + "/hive")
	s.api(s.rosa, http.MethodPut, "/api/hive/me", map[string]any{"week": map[string]any{"zone": "", "days": []int{}, "from": 0, "to": 0}, "daily": 0, "langs": []string{}, "expertise": []string{"descaling", "water"}}, nil)
	rosa := s.rosa
	rosa.Open(s.h.URL + "/hive")
	rosa.See("Nobody needs you just now.")

	// A customer asks. Both are asked, and why is said.
	s.say("mara.lind", "@brewell how often should I descale my kettle?")
	emil.SeeWithin("/how often should I descale/", 60_000)
	emil.See("/You say that you know descaling/")
	emil.See("/Asked with you: Rosa/")
	emil.SeeRole("button", "I’ll answer this")
	emil.Accessible()
	emil.Resize(360, 780)
	emil.Accessible()
	emil.Resize(390, 844)
	rosa.SeeWithin("/how often should I descale/", 60_000)
	rosa.Accessible()

	// Both reach for it. Rosa is faster, and Emil reads who.
	rosa.Press("c")
	emil.Press("c")
	rosa.SeeIn("region", "Your answer", "/how often should I descale/")
	emil.See("/Rosa Rowan (was faster by|has it)/")
	emil.Accessible()

	// Rosa asks Emil, inside; he tells her what he knows, and she answers.
	rosa.Click("button", "More")
	rosa.Click("menuitem", "Who knows?")
	rosa.Fill("What do you want to know?", "Does vinegar do?")
	rosa.Click("checkbox", "/Emil Employee/")
	rosa.Accessible()
	rosa.Click("button", "Ask")
	rosa.See("/Asked: Emil Employee/")
	emil.Open(s.h.URL + "/hive")
	emil.See("Does vinegar do?")
	emil.Fill("/answers this one/", "It does, diluted one to one.")
	emil.Accessible()
	emil.Click("button", "Tell Rosa")
	rosa.SeeIn("log", "Messages", "It does, diluted one to one.")
	rosa.Fill("Public reply", "Once a month, with vinegar and water.")
	rosa.Click("button", "Reply in public")
	rosa.See("On its way, in public.")
	rosa.SeeWithin("You answered it", 60_000)

	// The next one is Emil's, from the phone: the limit of the network and who
	// will see it are plain, and a reply can be taken back.
	s.say("teacup_tom", "@brewell may I descale the K3 with citric acid?")
	emil.Open(s.h.URL + "/hive")
	emil.SeeWithin("/citric acid/", 60_000)
	emil.Click("button", "I’ll answer this")
	emil.SeeIn("region", "Your answer", "/citric acid/")
	emil.See("/of .* left/")
	emil.See("/Open to all/")
	emil.Accessible()
	emil.Fill("Public reply", "Yes, two spoons for a litre.")
	emil.Click("button", "Reply in public")
	emil.Click("button", "/Undo/")
	emil.SeeValue("Public reply", "Yes, two spoons for a litre.")
	emil.Click("button", "Reply in public")
	emil.SeeWithin("You answered it", 60_000)

	// One that nobody knows goes to everybody; Emil passes, and nobody sees it.
	s.say("lucie.b", "@brewell is the engraving dishwasher safe?")
	emil.Open(s.h.URL + "/hive")
	emil.SeeWithin("/engraving/", 60_000)
	emil.See("/Nobody is known to know this/")
	emil.Click("button", "Not for me")
	emil.See("Nobody sees what you pass on.")
	emil.Click("menuitem", "I don’t know this")
	emil.See("Nobody needs you just now.")

	// Ada sees how it went: each number leads to its questions, each question to its way.
	lead.Open(s.h.URL + "/hive/lead?p=" + s.programme)
	lead.See("/Of 3 questions 2 were answered, 100% of them in time/")
	lead.See("/engraving/")
	lead.Accessible()
	lead.Click("link", "Answered: 2")
	lead.SeeRole("link", "/citric/")
	lead.Click("link", "/how often should I descale/")
	lead.See("/says to know descaling/")
	lead.See("took it")
	lead.Accessible()
	lead.Resize(390, 844)
	lead.Accessible()
	lead.Resize(1440, 900)
}
