//go:build networks

package networks_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/house"
	"github.com/parley-crm/parley/e2e/networks"
)

// holding is a gate before a server that can hold answers back: what was
// asked is done, but nobody learns of it.
type holding struct {
	http.Handler
	holds   func(*http.Request) bool
	arrived chan struct{}
	release chan struct{}
}

func newHolding(t *testing.T, to string, holds func(*http.Request) bool) (*holding, string) {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	p := httputil.NewSingleHostReverseProxy(u)
	h := &holding{Handler: p, holds: holds, arrived: make(chan struct{}, 1), release: make(chan struct{})}
	p.ModifyResponse = func(r *http.Response) error {
		if h.holds(r.Request) {
			h.arrived <- struct{}{}
			<-h.release
		}
		return nil
	}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return h, srv.URL
}

// sitesHouse is a Parley with an administrator who has read the rules.
func sitesHouse(t *testing.T) (*house.House, *house.Client) {
	t.Helper()
	h := house.Start(t, "--allow", "127.0.0.1,localhost", "--undo", "1s")
	return h, ready(t, h)
}

// ready makes an administrator who has read the rules.
func ready(t *testing.T, h *house.House) *house.Client {
	t.Helper()
	c := h.Admin("Ada Admin", "ada@brewell.example")
	c.Must(http.MethodPut, "/api/brand", map[string]any{"name": "Brewell"}, nil)
	var list struct {
		Items []struct {
			ID      string
			Version int
		}
	}
	c.Must(http.MethodGet, "/api/policies", nil, &list)
	for _, p := range list.Items {
		c.Must(http.MethodPost, "/api/policies/"+p.ID+"/acknowledge", map[string]any{"version": p.Version}, nil)
	}
	return c
}

// join connects a channel and waits until it listens.
func join(t *testing.T, c *house.Client, kind string, settings map[string]string) string {
	t.Helper()
	var made struct{ ID string }
	c.Must(http.MethodPost, "/api/channels", map[string]any{"kind": kind, "name": kind, "settings": settings}, &made)
	networks.Until(t, time.Minute, kind+" listens", func() bool {
		var ch struct{ Health struct{ State, Text string } }
		c.Must(http.MethodGet, "/api/channels/"+made.ID, nil, &ch)
		if ch.Health.State == "trouble" {
			t.Fatalf("%s: %s", kind, ch.Health.Text)
		}
		return ch.Health.State == "ok"
	})
	return made.ID
}

type row struct{ ID, Preview, Delivery string }

func rows(c *house.Client) []row {
	var page struct{ Items []row }
	c.Must(http.MethodGet, "/api/conversations?view=all&limit=100", nil, &page)
	return page.Items
}

// waits asks a channel's network at once until its words stand in the inbox.
func waits(t *testing.T, c *house.Client, channel, words string) row {
	t.Helper()
	var found row
	networks.Until(t, time.Minute, fmt.Sprintf("%q in the inbox", words), func() bool {
		c.Must(http.MethodPost, "/api/channels/"+channel+"/poll", nil, nil)
		for _, r := range rows(c) {
			if strings.Contains(r.Preview, words) {
				found = r
				return true
			}
		}
		return false
	})
	return found
}

func answerIt(c *house.Client, id, text string) {
	c.Must(http.MethodPost, "/api/conversations/"+id+"/replies", map[string]any{"key": "key-" + id, "text": text, "visibility": "public"}, nil)
}

// settled waits until a conversation's answer has gone out, and says how.
func settled(t *testing.T, c *house.Client, id string) string {
	t.Helper()
	delivery := ""
	networks.Until(t, 90*time.Second, "the answer is settled", func() bool {
		for _, r := range rows(c) {
			if r.ID == id {
				delivery = r.Delivery
			}
		}
		return delivery == "sent" || delivery == "confirmed" || delivery == "needs_check" || delivery == "failed"
	})
	return delivery
}

// once prints how long a story took, its servers' start included.
func once(t *testing.T, name string) {
	began := time.Now()
	t.Cleanup(func() { t.Logf("%s: %v in all", name, time.Since(began).Round(100*time.Millisecond)) })
}

// A customer comments on our blog, we answer, and Parley is killed after the
// blog has taken the answer and before Parley has learned of it.
func TestBlogStory(t *testing.T) {
	once(t, "WordPress")
	blog := networks.StartWordPress(t)
	brand, maya := blog.Account("brewell", ""), blog.Account("maya", "subscriber")
	post := brand.Post("The new kettle", "It whistles at 96 degrees.")
	gate, address := newHolding(t, blog.URL, func(r *http.Request) bool {
		return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/comments")
	})
	h, c := sitesHouse(t)
	id := join(t, c, "wordpress", map[string]string{"site": address, "user": brand.Name, "password": brand.Password})
	asked := maya.Comment(post, 0, "My kettle leaks & nobody answers 😠")
	talk := waits(t, c, id, "My kettle leaks & nobody answers 😠")

	answerIt(c, talk.ID, "We're sorry -- see https://brewell.example/help?a=1&b=2")
	<-gate.arrived
	h.Kill()
	close(gate.release)
	gate.holds = func(*http.Request) bool { return false }
	h.Run()
	if d := settled(t, c, talk.ID); d != "sent" && d != "confirmed" {
		t.Errorf("the answer is %s", d)
	}
	got := blog.Comments(asked.ID)
	if len(got) != 1 || got[0].Author != brand.ID || !strings.Contains(got[0].Text(), "sorry") || len(got[0].Links()) != 1 {
		t.Fatalf("on the blog stands %+v", got)
	}
	// What we said is heard as ours, and the customer's next words join it.
	maya.Comment(post, got[0].ID, "Thank you!")
	waits(t, c, id, "Thank you!")
	if said := messages(t, c, talk.ID); said["theirs"] != 2 || said["ours"] != 1 {
		t.Errorf("the conversation holds %v", said)
	}
	if n := len(rows(c)); n != 1 {
		t.Errorf("there are %d conversations", n)
	}
	// Edited and taken away.
	brand.EditComment(asked.ID, "My kettle drips")
	networks.Until(t, time.Minute, "the edit is heard", func() bool {
		c.Must(http.MethodPost, "/api/channels/"+id+"/poll", nil, nil)
		_, text := c.Do(http.MethodGet, "/api/conversations/"+talk.ID+"/messages", nil, nil)
		return strings.Contains(text, "My kettle drips") && !strings.Contains(text, "My kettle leaks")
	})
}

// A customer writes on a talk page; the answer stands below it, signed, while
// somebody else edits the same page.
func TestWikiStory(t *testing.T) {
	once(t, "MediaWiki")
	wiki := networks.StartMediaWiki(t)
	brand, maya, tom := wiki.Account("Brewell"), wiki.Account("Maya"), wiki.Account("Tom")
	login, password := brand.BotPassword("parley")
	gate, address := newHolding(t, wiki.URL, func(*http.Request) bool { return false })
	h, c := sitesHouse(t)
	id := join(t, c, "mediawiki", map[string]string{"site": address + "/api.php", "user": login, "password": password})
	maya.Section("Talk:Kettle", "It leaks", "[[User:Brewell|Brewell]], my kettle leaks & '''drips'''.")
	tom.Section("Talk:Kettle", "Other things", "Nobody means Brewell here.")
	talk := waits(t, c, id, "my kettle leaks & drips.")
	if n := len(rows(c)); n != 1 {
		t.Errorf("there are %d conversations: %+v", n, rows(c))
	}
	gate.holds = func(r *http.Request) bool { return r.Method == http.MethodPost }
	answerIt(c, talk.ID, "We are sorry.\nSee https://brewell.example/help?a=1&b=2 for [[help]].")
	<-gate.arrived
	h.Kill()
	gate.holds = func(*http.Request) bool { return false }
	close(gate.release)
	tom.Append("Talk:Kettle", "Something else.")
	h.Run()
	if d := settled(t, c, talk.ID); d != "sent" && d != "confirmed" {
		t.Errorf("the answer is %s", d)
	}
	edits := maya.Edits("Brewell", 0)
	if len(edits) != 1 || edits[0].Title != "Talk:Kettle" {
		t.Fatalf("our edits are %+v", edits)
	}
	page := edits[0].Text
	at := strings.Index(page, ": [[User:Maya|Maya]]: We are sorry.\n: See https://brewell.example/help?a=1&b=2 for &#91;&#91;help&#93;&#93;. [[User:Brewell|Brewell]]")
	if at < strings.Index(page, "== It leaks ==") || at > strings.Index(page, "== Other things ==") {
		t.Fatalf("the page says\n%s", page)
	}
	if said := messages(t, c, talk.ID); said["ours"] != 1 {
		t.Errorf("the conversation holds %v", said)
	}
}

// Somebody bookmarks our page; a monitor brings it to the inbox.
func TestBookmarkStory(t *testing.T) {
	once(t, "Shaarli")
	list := networks.StartShaarli(t)
	_, c := sitesHouse(t)
	c.Must(http.MethodPost, "/api/monitors", map[string]any{"name": "Leaks", "query": "leaks AND #kettle", "inbox": true}, nil)
	id := join(t, c, "shaarli", map[string]string{"site": list.URL, "secret": list.Secret, "pages": "brewell.example"})
	list.Add(networks.Bookmark{URL: "https://elsewhere.example/", Title: "Not ours", Description: "leaks", Tags: []string{"kettle"}})
	b := list.Add(networks.Bookmark{URL: "https://shop.brewell.example/kettle", Title: "A kettle", Description: "It leaks 😀", Tags: []string{"kettle"}})
	waits(t, c, id, "It leaks 😀")
	if n := len(rows(c)); n != 1 {
		t.Errorf("there are %d conversations", n)
	}
	list.Delete(b.ID)
	networks.Until(t, time.Minute, "it is gone here too", func() bool {
		c.Must(http.MethodPost, "/api/channels/"+id+"/poll", nil, nil)
		_, text := c.Do(http.MethodGet, "/api/mentions?limit=100", nil, nil)
		return !strings.Contains(text, "It leaks")
	})
}
