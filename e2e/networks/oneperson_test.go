//go:build networks

package networks_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
	"github.com/parley-crm/parley/e2e/networks"
)

type somebody struct {
	ID, Name   string
	Identities []struct{ Scheme, Value string }
}

func everybody(c *house.Client) []somebody {
	var page struct{ Items []somebody }
	c.Must(http.MethodGet, "/api/people?limit=100", nil, &page)
	return page.Items
}

// TestOnePersonStory: a customer writes on Mastodon, then by mail, then by
// text. She says in the toot under which address she can be reached, and the
// signature of the mail under which number. A responder accepts both suggestions and sees
// one person; each answer goes to the address of its own conversation; and
// taken apart, they are three again.
func TestOnePersonStory(t *testing.T) {
	once(t, "GoToSocial, Postfix and Kannel")
	social := networks.StartGoToSocial(t)
	brand, maya := social.Account("brewell"), social.Account("maya")
	mail := networks.StartMail(t)
	h := house.Public(t, "--allow", "127.0.0.1,localhost", "--undo", "1s")
	c := ready(t, h)
	join(t, c, "mastodon", map[string]string{"server": social.URL, "token": brand.Token})
	join(t, c, "email", map[string]string{"address": networks.MailBrand, "name": "Brewell Care", "imap": mail.IMAP, "imap_security": "none",
		"smtp": mail.SMTP, "smtp_security": "none", "password": mail.Password, "key": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY", "trust": "mx.brewell.test"})
	const key = "abcdefghijklmnopqrstuvwxyz012345"
	var channel string
	kannel := networks.StartKannel(t, func() (string, string) {
		var made struct{ ID string }
		c.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "kannel", "name": "Text", "settings": map[string]string{
			"url": "http://127.0.0.1:1/sendsms", "username": "parley", "password": "a password", "from": "+4930100", "key": key}}, &made)
		channel = made.ID
		return h.URL + "/api/hooks/" + channel, key
	})
	c.Must(http.MethodPatch, "/api/channels/"+channel, map[string]any{"settings": map[string]string{"url": kannel.URL}}, nil)

	asked := maya.Say(brand.Mention() + " my kettle broke, and nobody answers. Write to maya@home.test please.")
	toot := arrives(t, c, "my kettle broke, and nobody answers")
	mail.Send(networks.MailCustomer, networks.MailBrand, "Authentication-Results: mx.brewell.test; dmarc=pass header.from=home.test", "From: Maya Lind <maya@home.test>",
		"To: care@brewell.test", "Subject: My kettle", "Message-ID: <p1@home.test>", "", "The handle of the kettle came off.", "-- ", "Maya Lind", "Mobile: 0170 1234567")
	letter := arrives(t, c, "The handle of the kettle came off.")
	kannel.Text("+4930100", "And now the lid is gone too")
	text := arrives(t, c, "And now the lid is gone too")
	if n := len(everybody(c)); n != 3 {
		t.Fatalf("%d people, want three: nobody is joined by itself", n)
	}

	var waiting struct{ Items []struct{ Reasons []string } }
	networks.Until(t, 30*time.Second, "two suggestions", func() bool {
		c.Must(http.MethodGet, "/api/suggestions", nil, &waiting)
		return len(waiting.Items) == 2
	})

	// A responder sees both suggestions, with what speaks for them, and accepts.
	b := browser.Open(t)
	emil := b.Page("emil")
	house.Join(emil, c.Invite("Emil Employee", "emil@brewell.example", "responder"))
	for _, why := range []string{"/Wrote the other’s email address/", "/A signature of .+ names the other’s phone number/"} {
		emil.Open(h.URL + "/people/suggestions")
		emil.SeeIn("navigation", "Suggestions", "/Wrote the other’s|A signature of/")
		emil.ClickIn("navigation", "Suggestions", "button", why)
		emil.SeeIn("list", "Why", why)
		emil.Accessible()
		emil.Click("button", "One person: join them")
		emil.See("/are one person now/")
	}
	people := everybody(c)
	if len(people) != 1 || len(people[0].Identities) != 3 {
		t.Fatalf("after the merges: %+v", people)
	}
	emil.Open(h.URL + "/people/" + people[0].ID)
	emil.See("maya@home.test")
	emil.See(networks.Telephone)
	emil.See("The handle of the kettle came off.")

	// Each answer goes where the question came from, and nowhere else.
	c.Must(http.MethodPost, "/api/conversations/"+toot.ID+"/replies", map[string]any{"key": "k1", "text": "Sorry on Mastodon.", "visibility": "public"}, nil)
	directly(c, letter.ID, "k2", "Sorry by mail.")
	directly(c, text.ID, "k3", "Sorry by text.")
	networks.Until(t, 90*time.Second, "the three answers", func() bool {
		return len(maya.Answers(asked)) > 0 && len(with(mail.Box(networks.MailCustomer), "Sorry by")) > 0 && len(kannel.Got()) > 0
	})
	if got := maya.Answers(asked); len(got) != 1 || !strings.Contains(got[0].Text, "Sorry on Mastodon.") {
		t.Errorf("on Mastodon: %+v", got)
	}
	if got := with(mail.Box(networks.MailCustomer), "Sorry"); len(got) != 1 || !strings.Contains(got[0], "Sorry by mail.") {
		t.Errorf("by mail: %q", got)
	}
	if got := kannel.Got(); !slices.Equal(got, []string{"Sorry by text."}) {
		t.Errorf("by text: %q", got)
	}

	// Taken apart, the later merge first, they are three again.
	var page struct {
		Items []struct{ Merge string }
	}
	for range 2 {
		var detail struct{ Merges []struct{ ID string } }
		c.Must(http.MethodGet, "/api/people/"+people[0].ID, nil, &detail)
		if len(detail.Merges) == 0 {
			break
		}
		c.Must(http.MethodPost, "/api/people/merges/"+detail.Merges[0].ID+"/undo", nil, nil)
	}
	if people = everybody(c); len(people) != 3 {
		t.Fatalf("taken apart: %+v", people)
	}
	for _, p := range people {
		if len(p.Identities) != 1 {
			t.Errorf("%s has %+v", p.Name, p.Identities)
		}
	}
	c.Must(http.MethodGet, "/api/suggestions", nil, &page)
	if len(page.Items) != 2 {
		t.Errorf("%d suggestions are open again, want two", len(page.Items))
	}
}
