//go:build networks

package networks_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/parley-crm/parley/e2e/networks"
)

// TestTelegramStory: a message to the bot reaches the inbox, and the answer
// goes back once. Parley is killed when Telegram has taken the next one and
// before it learns of that: nobody can ask Telegram, so a person is asked, and
// it is not sent again.
func TestTelegramStory(t *testing.T) {
	once(t, "telegram-test-api")
	telegram := networks.StartTelegram(t)
	gate, address := newHolding(t, telegram.URL, func(*http.Request) bool { return false })
	h, c := sitesHouse(t)
	join(t, c, "telegram", map[string]string{"url": address, "token": telegram.Token})
	telegram.Say(4711, "maya", "My kettle leaks & nobody answers 😠")
	talk := arrives(t, c, "My kettle leaks & nobody answers 😠")
	directly(c, talk.ID, "k1", "We're sorry 😀")
	oursIn(t, c, talk.ID, "sent")
	if got := telegram.Got(4711); !slices.Equal(got, []string{"We're sorry 😀"}) {
		t.Fatalf("maya got %q", got)
	}

	gate.holds = func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/sendMessage") }
	directly(c, talk.ID, "k2", "Which one is it?")
	<-gate.arrived
	h.Kill()
	gate.holds = func(*http.Request) bool { return false }
	close(gate.release)
	h.Run()
	asked := oursIn(t, c, talk.ID, "needs_check")
	c.Must(http.MethodPost, "/api/messages/"+asked.ID+"/settle", map[string]any{"sent": true}, nil)
	oursIn(t, c, talk.ID, "sent")
	if got := telegram.Got(4711); len(got) != 2 || got[1] != "Which one is it?" {
		t.Fatalf("maya got %q", got)
	}
	telegram.Say(4711, "maya", "The red one.")
	if joined := arrives(t, c, "The red one."); joined.ID != talk.ID {
		t.Errorf("the next words are in %s", joined.ID)
	}
}
