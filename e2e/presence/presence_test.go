//go:build browser

package presence_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// company is a page of the company's own, with what it links to.
func company(t *testing.T) (domain string) {
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<title>Brewell</title><link rel="alternate" type="application/rss+xml" title="Brewell news" href="/feed.xml">
			<a href="https://www.youtube.com/@brewellvideos">Videos</a><a rel="me" href="/@brewell">Fediverse</a>`)
	})
	mux.HandleFunc("/.well-known/webfinger", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"subject":%q,"links":[{"rel":"http://webfinger.net/rel/profile-page","href":"http://%s/@brewell"}]}`, r.URL.Query().Get("resource"), r.Host)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

func TestPresence(t *testing.T) {
	domain := company(t)
	h := house.Start(t, "--allow", "127.0.0.1")
	ada := h.Admin("Ada Admin", "ada@brewell.example")
	ada.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Kettle square", "settings": map[string]string{"site": "microblog", "handle": "brewell"}}, nil)
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")

	w.Open(h.URL + "/listen/presence")
	w.See("/Unknown is not the same as nothing/")
	w.Accessible()
	w.Click("link", "Find profiles")
	w.Fill("Names of the brand", "Brewell")
	w.Fill("Domains", "http://"+domain)
	w.Click("checkbox", "Only on our own domains")
	w.Click("button", "Look for them")
	w.SeeWithin("Looked everywhere", 30_000)
	w.SeeRole("listitem", "brewellvideos")
	w.SeeRole("listitem", "Brewell news")
	w.Accessible()
	w.ClickIn("listitem", "Brewell news", "button", "It is ours")
	w.See("Brewell news is in the register. Say who answers for it.")
	w.ClickIn("listitem", "brewellvideos", "button", "Impostor")
	w.Fill("What makes it one", "It sells kettles that are not ours.")
	w.Fill("What was done about it", "Reported today.")
	w.Click("button", "Mark it as an impostor")
	w.ClickIn("listitem", "brewell", "button", "Not ours")
	w.See("/is dismissed and not proposed again/")

	w.Open(h.URL + "/listen/presence")
	w.SeeIn("table", "Kinds of sites by regions", "yes, 1")
	w.SeeIn("table", "Profiles", "impostor")
	w.Click("button", "/1 impostor/")
	w.SeeIn("table", "Profiles", "brewellvideos")
	w.Click("button", "Show all")
	w.Accessible()
	w.Click("link", "Brewell news")
	w.See("not connected")
	news := w.URL()
	w.Click("button", "Change")
	w.Fill("Purpose", "News for everybody.")
	w.Click("combobox", "/Connected as/")
	w.Click("option", "/Kettle square/")
	w.Click("button", "Keep it")
	w.See("News for everybody.")
	w.Click("link", "Kettle square")
	w.See("In the presence register")
	w.Accessible()
	w.Click("link", "Brewell news")
	if w.URL() != news {
		t.Errorf("the channel leads to %s, not %s", w.URL(), news)
	}

	w.Open(h.URL + "/listen/presence/audits")
	w.Click("button", "Begin a round")
	w.Fill("Name", "Autumn")
	w.Fill("To be done by", time.Now().Add(72*time.Hour).Format(time.DateOnly))
	w.SeeRole("button", "Begin it for all that are ours")
	w.Click("button", "Choose some")
	w.Click("checkbox", "Brewell news")
	w.Accessible()
	w.Click("button", "Begin it for 1 profile")
	w.See("0 of 1")
	w.See("waits")
	w.Accessible()
	w.Click("button", "Answer")
	w.ClickIn("group", "Is it still ours?", "button", "yes")
	w.Fill("In words: Do we know who has access?", "The agency has the password.")
	w.Click("combobox", "What it is found to be")
	w.Click("option", "/orphaned/")
	w.Click("button", "Keep the answers")
	w.See("/yes, unknown, unknown, unknown/")
	w.Open(h.URL + "/listen/presence")
	w.SeeRole("button", "/1 orphaned/")
	status, file := w.Fetch(http.MethodGet, "/api/presence/profiles.csv", "")
	if status != http.StatusOK || !strings.Contains(file, "Brewell news") || !strings.Contains(file, "orphaned") {
		t.Errorf("the file: %d %s", status, file)
	}
}
