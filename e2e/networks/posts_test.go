//go:build networks

package networks_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/e2e/house"
	"github.com/parley-crm/parley/e2e/networks"
)

// TestPostStory publishes on each real network at a time that was given
// before, once with Parley alive and once while it is killed again and again:
// every post stands there exactly once.
func TestPostStory(t *testing.T) {
	for _, n := range networks.Both {
		t.Run(n.Name, func(t *testing.T) { postStory(t, n.Start(t)) })
	}
}

func postStory(t *testing.T, net networks.Network) {
	brand := net.Customer("brewell")
	args := []string{"--allow", "localhost,127.0.0.1"}
	if b, ok := net.(*networks.Bluesky); ok {
		args = append(args, "--jetstream", b.JetstreamURL())
	}
	parley := house.Start(t, args...)
	admin := parley.Admin("Ada Admin", "ada@brewell.example")
	connect(t, admin, net, brand)
	var policies struct {
		Items []struct {
			ID      string
			Version int
		}
	}
	admin.Must(http.MethodGet, "/api/policies", nil, &policies)
	for _, p := range policies.Items {
		admin.Must(http.MethodPost, "/api/policies/"+p.ID+"/acknowledge", map[string]any{"version": p.Version}, nil)
	}
	var outlets struct {
		Items []struct {
			ID    string
			Finds bool
		}
	}
	admin.Must(http.MethodGet, "/api/publish/outlets", nil, &outlets)
	if len(outlets.Items) != 1 || !outlets.Items[0].Finds {
		t.Fatalf("one can publish on %+v", outlets.Items)
	}

	type content struct {
		ID    string
		Posts []struct{ ID, State, URL, Problem string }
	}
	plan := func(text string) string {
		var c content
		admin.Must(http.MethodPost, "/api/publish/contents", map[string]any{"text": text, "lang": "en", "campaign": "winter",
			"media": []any{map[string]any{"file": admin.File("tea.png", channeltest.Picture), "alt": "A cup of " + text[:6]}},
			"posts": []any{map[string]any{"channel": outlets.Items[0].ID}}}, &c)
		admin.Must(http.MethodPost, "/api/publish/contents/"+c.ID+"/schedule", map[string]any{"at": time.Now().Add(3 * time.Second).UTC()}, nil)
		return c.ID
	}
	read := func(id string) content {
		var c content
		admin.Must(http.MethodGet, "/api/publish/contents/"+id, nil, &c)
		return c
	}

	first := plan("Winter tea is here. Taste it at https://brewell.example/tea")
	if n := standing(t, brand, "Winter tea is here"); n != 0 {
		t.Errorf("it stands there %d times before its time", n)
	}
	networks.Until(t, 30*time.Second, "the post is published", func() bool { return read(first).Posts[0].State == "published" })
	if p := read(first).Posts[0]; p.URL == "" {
		t.Errorf("it is published, and nobody says where: %+v", p)
	}
	if n := standing(t, brand, "Winter tea is here"); n != 1 {
		t.Errorf("it stands there %d times", n)
	}

	if got := shown(brand, "Winter tea is here"); len(got) != 1 || got[0] != "A cup of Winter" {
		t.Errorf("it stands there with %q", got)
	}

	second := plan("The shop in Linz opens on Monday at nine.")
	for range 8 { // around its time
		time.Sleep(600 * time.Millisecond)
		parley.Kill()
		parley.Run()
	}
	networks.Until(t, 4*time.Minute, "the post is settled", func() bool {
		s := read(second).Posts[0].State
		return s == "published" || s == "failed"
	})
	state, n := read(second).Posts[0].State, standing(t, brand, "The shop in Linz")
	if (state == "published") != (n == 1) || n > 1 {
		t.Errorf("Parley says %s, and it stands there %d times", state, n)
	}
	if got := shown(brand, "The shop in Linz"); n == 1 && (len(got) != 1 || got[0] != "A cup of The sh") {
		t.Errorf("through the kills it stands there with %q", got)
	}
	if text, code := parley.CLI("audit", "verify"); code != 0 || !strings.Contains(text, "whole") {
		t.Errorf("audit verify: %d %s", code, text)
	}
}

// standing counts the brand's own posts that begin so, read from the network.
func standing(t *testing.T, brand networks.Customer, begin string) (n int) {
	t.Helper()
	var texts []string
	switch a := brand.(type) {
	case *networks.MastodonAccount:
		for _, s := range a.Statuses() {
			texts = append(texts, s.Said().Text)
		}
	case *networks.BlueskyAccount:
		for _, r := range a.Records(a.DID) {
			texts = append(texts, r.Value.Text)
		}
	}
	for _, s := range texts {
		if strings.HasPrefix(s, begin) {
			n++
		}
	}
	return n
}

// shown is what the pictures of the brand's posts that begin so show.
func shown(brand networks.Customer, begin string) (alts []string) {
	switch a := brand.(type) {
	case *networks.MastodonAccount:
		for _, s := range a.Statuses() {
			for _, p := range s.Pictures {
				if strings.HasPrefix(s.Said().Text, begin) {
					alts = append(alts, p.Description)
				}
			}
		}
	case *networks.BlueskyAccount:
		for _, r := range a.Records(a.DID) {
			if r.Value.Embed == nil || !strings.HasPrefix(r.Value.Text, begin) {
				continue
			}
			for _, i := range r.Value.Embed.Images {
				alts = append(alts, i.Alt)
			}
		}
	}
	return alts
}
