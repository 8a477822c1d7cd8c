//go:build networks

package networks

import (
	"strings"
	"testing"
	"time"
)

func TestBluesky(t *testing.T) {
	b := StartBluesky(t)
	maya, brewell := b.Account("maya"), b.Account("brewell")

	asked := maya.Post("Dear @brewell.test, my café kettle leaks: https://example.org/leak?a=1.")
	created := b.Await(t, 10*time.Second, 1, "the post", func(e Event) bool { return e.URI() == asked.URI })
	if created.Commit.Operation != "create" || created.Commit.CID != asked.CID {
		t.Errorf("Jetstream shows %+v", created.Commit)
	}
	facets := created.Commit.Record.Facets
	if len(facets) != 2 || facets[0].Features[0].DID != brewell.DID {
		t.Errorf("facets %+v, want a mention of %s and a link", facets, brewell.DID)
	}

	brewell.Reply(asked, "@maya.test we send you a new one")
	replies := maya.Replies(asked.URI)
	if len(replies) != 1 || replies[0].Value.Reply.Root != asked || !strings.HasPrefix(replies[0].URI, "at://"+brewell.DID) {
		t.Fatalf("the replies are %+v", replies)
	}
	again := maya.Reply(replies[0].Ref, "Thank you!")
	if r, _ := maya.Record(again.URI); r.Value.Reply.Root != asked {
		t.Errorf("a reply to a reply has the root %+v", r.Value.Reply.Root)
	}
	if s := maya.said(asked.URI); s.Author != "maya.test" || len(s.Links) != 1 || s.Links[0] != "https://example.org/leak?a=1" {
		t.Errorf("said %+v", s)
	}

	b.Stop()
	b.Start()
	if got := maya.Replies(asked.URI); len(got) != 1 || got[0].Value.Text != "@maya.test we send you a new one" {
		t.Errorf("after a restart the replies are %+v", got)
	}
	later := b.Account("later").Post("Does it still flow, @brewell.test?")
	b.Await(t, 10*time.Second, created.TimeUS, "a post after the restart", func(e Event) bool { return e.URI() == later.URI })

	maya.Delete(asked.URI)
	maya.Delete(asked.URI)
	b.Await(t, 10*time.Second, created.TimeUS, "the deletion", func(e Event) bool {
		return e.URI() == asked.URI && e.Commit.Operation == "delete"
	})
	if _, ok := brewell.Record(asked.URI); ok {
		t.Error("a deleted post is still there")
	}

	b.RestartJetstream()
	last := maya.Post("Anybody?")
	b.Await(t, 10*time.Second, created.TimeUS, "a post after Jetstream's restart", func(e Event) bool { return e.URI() == last.URI })
}
