//go:build networks

package networks_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/house"
	"github.com/parley-crm/parley/e2e/networks"
)

// TestShares has a post that Parley keeps shared by somebody else, on each real
// network: that somebody stands on the post's page, the share makes a bond, and
// both end when it is taken back.
func TestShares(t *testing.T) {
	t.Run("GoToSocial", func(t *testing.T) {
		net := networks.StartGoToSocial(t)
		brand, maya, kim := net.Account("brewell"), net.Account("maya"), net.Account("kim")
		brand.Follow(kim.ID) // boosts come on the home timeline
		shares(t, net, brand, maya, func(s networks.Said) { kim.Boost(s.ID) }, func(s networks.Said) { kim.Unboost(s.ID) },
			map[string]string{"home": "yes"})
	})
	t.Run("Bluesky", func(t *testing.T) {
		net := networks.StartBluesky(t)
		brand, maya, kim := net.Account("brewell"), net.Account("maya"), net.Account("kim")
		var repost string
		shares(t, net, brand, maya, func(s networks.Said) { repost = kim.Repost(s.ID) }, func(networks.Said) { kim.Unrepost(repost) }, nil)
	})
}

func shares(t *testing.T, net networks.Network, brand, maya networks.Customer, share, unshare func(networks.Said), more map[string]string) {
	t.Helper()
	args := []string{"--allow", "localhost,127.0.0.1"}
	if b, ok := net.(*networks.Bluesky); ok {
		args = append(args, "--jetstream", b.JetstreamURL())
	}
	parley := house.Public(t, args...)
	admin := parley.Admin("Ada Admin", "ada@brewell.example")
	connect(t, admin, net, brand)
	if more != nil {
		var channels struct{ Items []struct{ ID string } }
		admin.Must(http.MethodGet, "/api/channels", nil, &channels)
		admin.Must(http.MethodPatch, "/api/channels/"+channels.Items[0].ID, map[string]any{"settings": more}, nil)
	}
	said := maya.Say(brand.Mention() + " my brewell kettle sings!")
	var post string
	networks.Until(t, 30*time.Second, "the post is heard", func() bool {
		var wall struct{ Items []struct{ ID string } }
		admin.Must(http.MethodGet, "/api/mentions?q="+url.QueryEscape("kettle"), nil, &wall)
		if len(wall.Items) == 1 {
			post = wall.Items[0].ID
		}
		return post != ""
	})
	sharers := func() []string {
		var page struct {
			Items []struct{ Name, Handle, Kind string }
		}
		admin.Must(http.MethodGet, "/api/mentions/"+post+"/shares", nil, &page)
		var out []string
		for _, s := range page.Items {
			out = append(out, s.Kind+" "+s.Handle)
		}
		return out
	}
	bonds := func() int {
		var n struct{ Kinds struct{ Shared int } }
		admin.Must(http.MethodGet, "/api/network", nil, &n)
		return n.Kinds.Shared
	}
	began := time.Now()
	share(said)
	networks.Until(t, 90*time.Second, "who shared it is known", func() bool { return len(sharers()) == 1 })
	t.Logf("shared by %q, known after %v", sharers(), time.Since(began).Round(time.Millisecond))
	networks.Until(t, 2*time.Minute, "the share makes a bond", func() bool { return bonds() == 1 })
	unshare(said)
	networks.Until(t, 90*time.Second, "the share is taken back", func() bool { return len(sharers()) == 0 })
	networks.Until(t, 2*time.Minute, "and its bond", func() bool { return bonds() == 0 })
}
