//go:build browser

package publish_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// shot keeps a picture of a page where PARLEY_SHOTS names a folder.
func shot(w *browser.Page, name string) {
	if dir := os.Getenv("PARLEY_SHOTS"); dir != "" {
		w.Shot(filepath.Join(dir, name+".png"))
	}
}

func acknowledge(c *house.Client) {
	var all struct {
		Items []struct {
			ID      string
			Version int
		}
	}
	c.Must(http.MethodGet, "/api/policies", nil, &all)
	for _, p := range all.Items {
		c.Must(http.MethodPost, "/api/policies/"+p.ID+"/acknowledge", map[string]any{"version": p.Version}, nil)
	}
}

type content struct {
	ID    string
	Posts []struct{ ID, State, At, URL, Why string }
}

func TestWrittenApprovedHeldPublished(t *testing.T) {
	h := house.Start(t)
	c := h.Admin("Ada Admin", "ada@brewell.example")
	acknowledge(c)
	for site, name := range map[string]string{"microblog": "Our microblog", "forum": "Our forum"} {
		c.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": name, "settings": map[string]string{"site": site, "handle": "brewell"}}, nil)
	}
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")

	// A draft is kept while it is typed, and reads as it will read.
	w.Open(h.URL + "/publish")
	w.SeeRole("heading", "/20\\d\\d/")
	w.Accessible()
	w.Click("link", "Write a post")
	w.Click("checkbox", "/Our microblog/")
	w.Fill("What we say", "Winter tea is here. Taste it: https://brewell.example/tea")
	w.Fill("Campaign", "Winter tea")
	w.See("Kept as a draft.")
	w.SeeIn("article", "Our microblog", "/utm_campaign=winter-tea/")
	w.Click("checkbox", "/Our forum/")
	w.SeeIn("article", "Our forum", "/Winter tea is here/")
	w.ClickIn("article", "Our forum", "switch", "Say it differently here")
	w.Fill("Only on Our forum", "What do you drink in winter?")
	w.Accessible()
	shot(w, "compose")
	w.Fill("What we say", strings.Repeat("Winter tea is here. ", 40))
	w.SeeIn("article", "Our microblog", "/too long/")
	w.SeeRole("button", "Schedule")
	w.Fill("What we say", "Winter tea is here. Taste it: https://brewell.example/tea")
	w.SeeIn("article", "Our microblog", "/utm_campaign=winter-tea/")

	// It is planned, and moves by the keyboard.
	at := time.Now().UTC().AddDate(0, 0, 1).Truncate(time.Hour)
	w.Fill("When", at.Format("2006-01-02T15:04"))
	w.Click("button", "Schedule")
	w.SeeIn("article", "Our microblog", "/Leaves/")
	w.Open(h.URL + "/publish?cal=week&on=" + at.Format("2006-01-02"))
	w.SeeRole("link", "/Winter tea is here.*Scheduled.*Our microblog, Our forum/")
	w.Accessible()
	w.Focus("link", "/Winter tea is here/")
	w.Press("Alt+ArrowRight")
	w.See("/leaves/")
	var plan struct {
		Items []struct{ At, Content string }
	}
	c.Must(http.MethodGet, "/api/publish/posts", nil, &plan)
	if got := plan.Items[0].At; !strings.HasPrefix(got, at.AddDate(0, 0, 1).Format("2006-01-02T15:04")) {
		t.Errorf("Alt and an arrow moved it to %s, want a day after %s", got, at)
	}
	w.Open(h.URL + "/publish?cal=month")
	w.SeeRole("link", "/Winter tea is here/")
	w.Accessible()
	shot(w, "month")

	// Everything is held, everywhere visible, and released.
	w.Click("button", "Hold everything")
	w.Fill("Why", "Recall of batch 7")
	w.Accessible()
	w.Click("button", "Hold it now")
	w.See("Everything is held.")
	w.SeeRole("link", "/Winter tea is here.*Held/")
	shot(w, "held")
	w.Open(h.URL + "/engage")
	w.See("/Publishing is held: Recall of batch 7/")
	w.Open(h.URL + "/publish/" + plan.Items[0].Content)
	w.SeeIn("article", "Our forum", "Held: Recall of batch 7")
	w.Click("button", "Release all")
	w.SeeIn("article", "Our forum", "/Leaves/")
	w.Accessible()

	// From now on somebody else must say yes.
	w.Open(h.URL + "/publish/queues")
	w.Click("switch", "Somebody approves before it leaves")
	w.Accessible()
	link := c.Invite("Max Manager", "max@brewell.example", "manager")
	m := b.Page("max")
	house.Join(m, link)
	w.Open(h.URL + "/publish/new")
	w.Click("checkbox", "/Our microblog/")
	w.Fill("What we say", "The shop in Linz opens on Monday.")
	w.See("Kept as a draft.")
	w.Click("button", "Schedule")
	w.See("/somebody must approve it first/")
	w.Click("button", "Submit for review")
	w.SeeIn("article", "Our microblog", "In review")
	m.Open(h.URL + "/publish/list?stands=in_review")
	m.Click("link", "The shop in Linz opens on Monday.")
	m.Fill("What you say about it", "Say when it opens.")
	m.Accessible()
	shot(m, "review")
	m.Click("button", "Ask for changes")
	m.See("Max Manager asked for changes")
	w.See("Say when it opens.")
	w.Fill("What we say", "The shop in Linz opens on Monday at nine.")
	w.See("Kept as a draft.")
	w.Click("button", "Submit for review")
	w.SeeIn("article", "Our microblog", "In review")
	m.Reload()
	m.Click("button", "Approve")
	m.SeeIn("article", "Our microblog", "/Scheduled/")

	// It leaves at its time, and tells how it is doing.
	var made content
	id := m.URL()[strings.LastIndex(m.URL(), "/")+1:]
	c.Must(http.MethodGet, "/api/publish/contents/"+id, nil, &made)
	c.Must(http.MethodPost, "/api/publish/contents/"+id+"/schedule", map[string]any{}, nil)
	w.Open(h.URL + "/publish/" + id)
	w.SeeWithin("/^Published/", 30_000)
	w.Click("button", "More about Our microblog")
	w.Click("menuitem", "Read its numbers now")
	w.Open(h.URL + "/publish/results")
	w.SeeIn("table", "Results of posts", "The shop in Linz opens on Monday at nine.")
	w.Accessible()
	shot(w, "results")
	if status, text := w.Fetch(http.MethodGet, "/api/publish/results.csv", ""); status != http.StatusOK || !strings.Contains(text, "The shop in Linz") {
		t.Errorf("the table as a file: %d %.200s", status, text)
	}

	// The same again is noticed.
	w.Open(h.URL + "/publish/new")
	w.Click("checkbox", "/Our microblog/")
	w.Fill("What we say", "The shop in Linz opens on Monday at nine!")
	w.See("/same words are on Our microblog already/")

	phone := b.Phone("phone")
	h.SignIn(phone, "ada@brewell.example")
	phone.Open(h.URL + "/publish")
	phone.SeeRole("link", "/The shop in Linz|Winter tea/")
	phone.Accessible()
	shot(phone, "phone")
}
