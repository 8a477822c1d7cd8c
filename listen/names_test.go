package listen_test

import (
	"testing"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// Some networks tell of an author only a number.
func TestAuthorsWithoutANameAreAskedFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c := w.channel("wire", "plain")
		w.watch("kettle", true)
		w.net.names = map[string]string{"did:plc:maya": "maya.test", "maya@test": "another"}
		by := func(id, value string) social.Activity {
			a := post(id, "my kettle leaks")
			a.Author = social.Author{Scheme: "did", Value: value}
			return a
		}
		w.take(c.ID, event(by("known", "did:plc:maya")), event(by("unknown", "did:plc:nobody")), event(post("named", "a kettle")))
		got := w.heard()
		for id, want := range map[string]string{"known": "maya.test", "unknown": "did:plc:nobody", "named": "Maya"} {
			if l := got[id].Activity.Author.Label(); l != want {
				t.Errorf("the author of %q is called %q, want %q", id, l, want)
			}
		}
	})
}
