//go:build browser

package hive

import (
	"net/http"
	"strings"
	"testing"
)

// TestKnownWhileAnswering: whoever answers a question sees what is written down
// of it, with its source, and puts it into the reply by a press: on a phone
// above the reply, on a desk beside it. A person sends it.
func TestKnownWhileAnswering(t *testing.T) {
	s := open(t)
	var article struct{ ID string }
	s.ada.Must(http.MethodPost, "/api/know/articles", map[string]any{"title": "How do I descale my kettle?", "lang": "en", "visibility": "public",
		"body": "Two spoons of citric acid in half a litre of water.\n\nBoil it, wait, and pour it away."}, &article)
	s.ada.Must(http.MethodPost, "/api/know/articles/"+article.ID+"/state", map[string]any{"state": "published"}, nil)
	s.ada.Must(http.MethodPut, "/api/hive/programmes/"+s.programme+"/rules", map[string]any{"on": true, "takes": "all", "intents": []string{}, "topics": []string{},
		"first": 3, "widen": 5, "target": 60, "reserve": 15, "claim": 20, "daily": 12, "langs": []string{"en"}, "centre": []string{},
		"week": map[string]any{"zone": "UTC", "days": []int{0, 1, 2, 3, 4, 5, 6}, "from": 0, "to": 0}}, nil)
	emil, rosa := s.emil, s.rosa
	emil.Open(s.h.URL + "/hive")
	emil.See("Nobody needs you just now.")

	s.say("mara.lind", "@brewell how often should I descale my kettle?")
	emil.SeeWithin("/how often should I descale/", 60_000)
	emil.Click("button", "I’ll answer this")
	emil.SeeRole("button", "/1 thing we know of this/")
	emil.Accessible()
	emil.Click("button", "/1 thing we know of this/")
	emil.SeeIn("dialog", "Articles and answers", "How do I descale my kettle?")
	emil.SeeIn("dialog", "Articles and answers", "/Two spoons of citric acid/")
	emil.Accessible()
	emil.Resize(360, 780)
	emil.Accessible()
	emil.Resize(390, 844)
	emil.ClickIn("dialog", "Articles and answers", "button", "Insert")
	emil.GoneRole("dialog", "Articles and answers")
	if said := emil.Value("Public reply"); !strings.HasPrefix(said, "Two spoons of citric acid") {
		t.Fatalf("put into the reply: %q", said)
	}
	emil.Click("button", "/Undo/")
	emil.SeeValue("Public reply", "")
	emil.Click("button", "/1 thing we know of this/")
	emil.ClickIn("dialog", "Articles and answers", "button", "Look for")
	emil.Fill("Look for articles and answers", "nothing of the kind")
	emil.See("Nothing speaks of these words.")
	emil.Fill("Look for articles and answers", "citric")
	emil.ClickIn("dialog", "Articles and answers", "button", "Insert")
	emil.SeeWithin("/^Put into your reply/", 10_000)
	emil.Click("button", "Reply in public")
	emil.SeeWithin("You answered it", 60_000)

	// On a desk it stands beside.
	s.api(rosa, http.MethodPut, "/api/hive/me", map[string]any{"week": map[string]any{"zone": "", "days": []int{}, "from": 0, "to": 0}, "daily": 0, "langs": []string{}, "expertise": []string{"citric acid"}}, nil)
	rosa.Open(s.h.URL + "/hive")
	rosa.See("/^Questions$/")
	s.say("teacup_tom", "@brewell may I descale the K3 with citric acid?")
	rosa.SeeWithin("/K3 with citric acid/", 60_000)
	rosa.Click("button", "I’ll answer this")
	rosa.SeeIn("complementary", "What we know of this", "/Two spoons of citric acid/")
	rosa.Accessible()
	rosa.Resize(1000, 800)
	rosa.SeeRole("button", "/1 thing we know of this/")
	rosa.Accessible()
	rosa.Resize(1440, 900)
	rosa.ClickIn("complementary", "What we know of this", "button", "Insert")
	rosa.SeeWithin("/^Put into your reply/", 10_000)
	rosa.Click("button", "Reply in public")
	rosa.SeeWithin("You answered it", 60_000)

	// What was put in is counted where it is asked how knowledge is used.
	var report struct {
		Total struct{ Inserted int }
	}
	s.ada.Must(http.MethodGet, "/api/know/report", nil, &report)
	if report.Total.Inserted != 2 {
		t.Fatalf("%d were put in, want one in each conversation", report.Total.Inserted)
	}
}
