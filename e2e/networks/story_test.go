//go:build networks

package networks_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
	"github.com/parley-crm/parley/e2e/networks"
)

const (
	complaint = "my Brewell kettle broke after two days and nobody answers me. This is terrible service!"
	later     = "and the replacement that you promised has not arrived either, I am very angry."
	answer    = "We are sorry, that should not happen. Here is how you get a new one: https://shop.example/warranty?lang=en"
)

// TestStory goes once round the loop on each real network: a customer
// complains on an account of their own, an employee answers in the browser,
// the customer follows the link and buys. Parley is killed between the steps.
func TestStory(t *testing.T) {
	for _, n := range networks.Both {
		t.Run(n.Name, func(t *testing.T) { story(t, n.Name, n.Start(t)) })
	}
}

func story(t *testing.T, name string, net networks.Network) {
	brand, maya := net.Customer("brewell"), net.Customer("maya")
	args := []string{"--allow", "localhost,127.0.0.1", "--undo", "3s"}
	if b, ok := net.(*networks.Bluesky); ok {
		args = append(args, "--jetstream", b.JetstreamURL())
	}
	parley := house.Public(t, args...)
	crash := func() { t.Helper(); parley.Kill(); parley.Run() }
	admin := parley.Admin("Ada Admin", "ada@brewell.example")
	connect(t, admin, net, brand)
	link := admin.Invite("Emil Employee", "emil@brewell.example", "responder")
	crash()

	b := browser.Open(t)
	b.Forgive(browser.Outage)
	emil := b.Page("emil")
	house.Join(emil, link)
	emil.Open(parley.URL + "/engage")
	emil.See("Nobody is waiting.")

	// A complaint stands in the inbox within five seconds, read and understood.
	asked := maya.Say(brand.Mention() + " " + complaint)
	began := time.Now()
	emil.SeeWithin("/"+complaint[:38]+"/", 5000)
	t.Logf("%s: in the inbox after %v", name, time.Since(began).Round(time.Millisecond))
	emil.Press("j")
	emil.SeeIn("log", "Messages", "/"+complaint[:38]+"/")
	emil.SeeIn("log", "Messages", "Negative")
	emil.See("complaint")
	emil.See("English")
	talk := only(t, admin)
	if talk.Lang != "en" || talk.Sentiment.Label != "negative" || talk.Intents[0].Label != "complaint" {
		t.Errorf("it was understood as %+v", talk)
	}

	// What is said while Parley is dead is heard when it lives again.
	parley.Kill()
	maya.Answer(asked, brand.Mention()+" "+later)
	parley.Run()
	emil.SeeIn("log", "Messages", "/"+later[:38]+"/")
	crash()

	// Who has not acknowledged the policy is refused, told why, and led there.
	emil.See("/You have not acknowledged “.+”, version 1/")
	if status, text := emil.Fetch(http.MethodPost, "/api/conversations/"+talk.ID+"/replies",
		`{"key":"past-the-form","text":"Me first!","visibility":"public"}`); status != http.StatusForbidden ||
		!strings.Contains(text, "/govern/policies/") {
		t.Errorf("a reply past the form: %d %s", status, text)
	}
	emil.Click("link", "Read and acknowledge")
	emil.Click("button", "I have read this and will keep to it")
	emil.See("/You acknowledged version 1/")
	crash()

	// The reply waits to be taken back; a crash then neither loses nor doubles it.
	emil.Open(parley.URL + "/engage")
	emil.See("/" + later[:38] + "/")
	emil.Press("j")
	emil.SeeIn("log", "Messages", "/"+complaint[:38]+"/")
	emil.Press("r")
	emil.Fill("Public reply", answer)
	emil.Press("Control+Enter")
	emil.See("waits to be sent")
	crash()
	emil.See("/^(sent|seen on the network)$/")
	newest := newestOf(t, maya, asked)
	heard := maya.Answers(newest)
	if len(heard) != 1 || !strings.Contains(heard[0].Text, "that should not happen") || heard[0].Author == maya.Mention()[1:] {
		t.Fatalf("the customer sees %+v", heard)
	}
	crash()

	// The customer follows the link and buys; the conversation gets the credit.
	if len(heard[0].Links) != 1 || !strings.HasPrefix(heard[0].Links[0], parley.URL+"/l/") {
		t.Fatalf("the answer's links are %q, not one tracked link", heard[0].Links)
	}
	click := follow(t, heard[0].Links[0])
	crash()
	shop := parley.API(token(t, parley))
	sale := map[string]any{"click": click, "kind": "sale", "external_id": "order-1", "value": 49.5, "currency": "EUR"}
	shop.Must(http.MethodPost, "/api/conversions", sale, nil)
	crash()
	shop.Must(http.MethodPost, "/api/conversions", sale, nil) // a shop may tell it twice
	ada := b.Page("ada")
	parley.SignIn(ada, "ada@brewell.example")
	ada.Open(parley.URL + "/evolve")
	ada.SeeIn("table", "Credited conversations", "/maya/")
	ada.SeeIn("table", "Credited conversations", "€49.50")

	// Nothing was lost, nothing is there twice.
	crash()
	if got := only(t, admin); got.ID != talk.ID {
		t.Errorf("the conversation is %s now, it was %s", got.ID, talk.ID)
	}
	said := messages(t, admin, talk.ID)
	if said["theirs"] != 2 || said["ours"] != 1 {
		t.Errorf("the conversation holds %v, want two of theirs and one of ours", said)
	}
	if n := len(maya.Answers(newest)); n != 1 {
		t.Errorf("the customer sees %d answers", n)
	}
	if text, code := parley.CLI("audit", "verify"); code != 0 || !strings.Contains(text, "whole") {
		t.Errorf("audit verify: %d %s", code, text)
	}
}

// connect names the brand and connects its account, as an administrator does
// in the settings.
func connect(t *testing.T, admin *house.Client, net networks.Network, brand networks.Customer) {
	t.Helper()
	var programmes struct{ Items []struct{ ID string } }
	admin.Must(http.MethodGet, "/api/programmes", nil, &programmes)
	switch net := net.(type) {
	case *networks.GoToSocial:
		admin.Must(http.MethodPut, "/api/brand", map[string]any{"name": "Brewell"}, nil)
		admin.Must(http.MethodPost, "/api/monitors", map[string]any{"name": "Brewell", "query": "brewell"}, nil)
		admin.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "mastodon", "name": "Mastodon",
			"programme": programmes.Items[0].ID,
			"settings":  map[string]string{"server": net.URL, "token": brand.(*networks.MastodonAccount).Token}}, nil)
	case *networks.Bluesky:
		account := brand.(*networks.BlueskyAccount)
		var begun struct {
			Channels []struct{ ID, Kind string }
			Problems []string
		}
		admin.Must(http.MethodPost, "/api/welcome", map[string]any{"brand": "Brewell"}, &begun)
		if len(begun.Problems) > 0 {
			t.Fatalf("the public stream: %q", begun.Problems)
		}
		admin.Must(http.MethodPatch, "/api/channels/"+begun.Channels[0].ID, map[string]any{"settings": map[string]string{
			"handle": account.Handle, "password": account.AppPassword("parley"), "jetstream": net.JetstreamURL(),
			"service": net.URL, "api": net.URL, "plc": net.PLC}}, nil)
	}
	networks.Until(t, 20*time.Second, "the channel listens", func() bool {
		var channels struct {
			Items []struct{ Health struct{ State, Text string } }
		}
		admin.Must(http.MethodGet, "/api/channels", nil, &channels)
		return len(channels.Items) == 1 && channels.Items[0].Health.State == "ok"
	})
}

type talk struct {
	ID, Lang  string
	Sentiment struct{ Label string }
	Intents   []struct{ Label string }
}

// only returns the one conversation that there is.
func only(t *testing.T, c *house.Client) talk {
	t.Helper()
	var page struct{ Items []talk }
	c.Must(http.MethodGet, "/api/conversations?view=all", nil, &page)
	if len(page.Items) != 1 {
		t.Fatalf("there are %d conversations, want one: %+v", len(page.Items), page.Items)
	}
	return page.Items[0]
}

// messages counts what a conversation holds, by kind.
func messages(t *testing.T, c *house.Client, id string) map[string]int {
	t.Helper()
	var page struct{ Items []struct{ Kind string } }
	c.Must(http.MethodGet, "/api/conversations/"+id+"/messages", nil, &page)
	n := map[string]int{}
	for _, m := range page.Items {
		n[m.Kind]++
	}
	return n
}

// newestOf is the newest that the customer said below asked: it is what an
// answer answers.
func newestOf(t *testing.T, c networks.Customer, asked networks.Said) networks.Said {
	t.Helper()
	for _, s := range c.Answers(asked) {
		if strings.Contains(s.Text, later[:20]) {
			return s
		}
	}
	t.Fatal("the customer's own second post is gone")
	return asked
}

// follow opens a link as a browser does and returns the click that the target
// is told of.
func follow(t *testing.T, link string) string {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, link, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	to, err := res.Location()
	if err != nil || to.Host != "shop.example" || to.Query().Get("lang") != "en" || to.Query().Get("parley_click") == "" {
		t.Fatalf("the link leads to %v (%d, %v)", to, res.StatusCode, err)
	}
	return to.Query().Get("parley_click")
}

func token(t *testing.T, h *house.House) string {
	t.Helper()
	out, code := h.CLI("token", "create", "--name", "shop", "--role", "manager")
	if code != 0 {
		t.Fatalf("token create: %d %s", code, out)
	}
	return strings.TrimSpace(out)
}
