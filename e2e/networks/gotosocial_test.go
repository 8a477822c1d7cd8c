//go:build networks

package networks

import (
	"testing"
	"time"
)

func TestGoToSocial(t *testing.T) {
	g := StartGoToSocial(t)
	maya, brewell := g.Account("maya"), g.Account("brewell")

	asked := maya.Post("@brewell my kettle leaks, see https://example.org/leak?a=1&b=2", "public")
	Until(t, 10*time.Second, "the brand is told of the mention", func() bool {
		for _, n := range brewell.Notifications() {
			if n.Type == "mention" && n.Status.ID == asked.ID && n.Account.Acct == "maya" {
				return true
			}
		}
		return false
	})
	said := asked.Said()
	if want := "@brewell my kettle leaks, see https://example.org/leak?a=1&b=2"; said.Text != want {
		t.Errorf("text %q, want %q", said.Text, want)
	}
	if len(said.Links) != 1 || said.Links[0] != "https://example.org/leak?a=1&b=2" {
		t.Errorf("links %q", said.Links)
	}

	brewell.Reply(asked.ID, "@maya we send you a new one", "public")
	Until(t, 10*time.Second, "the customer sees the answer", func() bool { return len(maya.Replies(asked.ID)) == 1 })

	if edited := maya.Edit(asked.ID, "@brewell my kettle leaks badly"); edited.EditedAt == nil {
		t.Error("an edited status does not say so")
	}
	secret := maya.Post("@brewell my order is 4711", "direct")
	if _, ok := g.Account("stranger").Status(secret.ID); ok {
		t.Error("a stranger reads a direct status")
	}

	g.Stop()
	g.Start()
	if got := maya.Replies(asked.ID); len(got) != 1 || got[0].Said().Text != "@maya we send you a new one" {
		t.Errorf("after a restart the answers are %+v", got)
	}
	maya.Delete(asked.ID)
	Until(t, 10*time.Second, "the deleted status is gone", func() bool {
		_, ok := brewell.Status(asked.ID)
		return !ok
	})

	old := maya.Token
	maya.Revoke()
	if code, _ := maya.call("GET", "/api/v1/timelines/home", nil); code != 401 {
		t.Errorf("a revoked token gets %d, want 401", code)
	}
	if maya.SignIn(); maya.Token == old {
		t.Error("signing in again gave the old token")
	}
	maya.Home()
}
