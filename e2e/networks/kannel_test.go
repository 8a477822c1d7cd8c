//go:build networks

package networks_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/house"
	"github.com/parley-crm/parley/e2e/networks"
)

// TestTextStory goes round through Kannel: a customer's text reaches the inbox
// though Parley was dead when it came, the answer goes out through a crash and
// is settled by the report of its delivery, and STOP ends it.
func TestTextStory(t *testing.T) {
	once(t, "Kannel")
	const key = "abcdefghijklmnopqrstuvwxyz012345"
	h := house.Public(t, "--allow", "127.0.0.1,localhost", "--undo", "1s")
	c := ready(t, h)
	var channel string
	kannel := networks.StartKannel(t, func() (string, string) {
		var made struct{ ID string }
		c.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "kannel", "name": "Text", "settings": map[string]string{
			"url": "http://127.0.0.1:1/sendsms", "username": "parley", "password": "a password", "from": "+4930100", "key": key,
			"stop_text": "You get no more messages from Brewell. Write START to get them again."}}, &made)
		channel = made.ID
		return h.URL + "/api/hooks/" + channel, key
	})
	gate, address := newHolding(t, strings.TrimSuffix(kannel.URL, "/sendsms"), func(*http.Request) bool { return false })
	c.Must(http.MethodPatch, "/api/channels/"+channel, map[string]any{"settings": map[string]string{"url": address + "/sendsms"}}, nil)

	h.Kill()
	kannel.Text("+4930100", "My kettle leaks and nobody answers")
	h.Run()
	talk := arrives(t, c, "My kettle leaks and nobody answers")

	// Killed after the gateway has taken the answer and before we learn of it.
	gate.holds = func(r *http.Request) bool { return r.Method == http.MethodPost }
	directly(c, talk.ID, "k1", "We're sorry 😀 Which one is it?")
	<-gate.arrived
	h.Kill()
	gate.holds = func(*http.Request) bool { return false }
	close(gate.release)
	h.Run()
	oursIn(t, c, talk.ID, "delivered")
	if got := kannel.Got(); !slices.Equal(got, []string{"We're sorry 😀 Which one is it?"}) {
		t.Fatalf("the telephone got %q", got)
	}
	if m := talkOf(c, talk.ID); m[len(m)-1].Author.Name != networks.Telephone {
		t.Errorf("who wrote: %+v", m[len(m)-1].Author)
	}

	// STOP: one confirmation, and nothing more.
	kannel.Text("+4930100", "Stop")
	networks.Until(t, time.Minute, "the confirmation", func() bool {
		return slices.ContainsFunc(kannel.Got(), func(s string) bool { return strings.HasPrefix(s, "You get no more messages") })
	})
	if status, text := c.Do(http.MethodPost, "/api/conversations/"+talk.ID+"/replies", map[string]any{"key": "k2", "text": "But!", "visibility": "direct"}, nil); status != http.StatusForbidden || !strings.Contains(text, "STOP") {
		t.Errorf("after STOP: %d %s", status, text)
	}
	if got := kannel.Got(); len(got) != 2 {
		t.Errorf("the telephone got %q", got)
	}

	// Whoever does not know the key brings nothing.
	for _, q := range []string{"", "?key=wrong&from=1&text=x", "?key=" + key[:31] + "&dlr=1&ours=x"} {
		r, err := http.Get(h.URL + "/api/hooks/" + channel + q)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != http.StatusUnauthorized {
			t.Errorf("%q: %s", q, r.Status)
		}
	}
}
