package demo

import (
	"slices"
	"strings"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/social"
)

// pest sells something below other people's words.
var pest = practice.Persona{Handle: "kettle_deals_4u", Name: "Kettle Deals 4U", Followers: 3}

// Pestered lets somebody sell something below the newest public words of ours,
// and returns that post, and a kind word that somebody said to us; "" where
// there is none.
func Pestered(n *practice.Network) (sells, kind string, err error) {
	posts := n.Posts(practice.Microblog)
	ours := map[string]bool{}
	for _, p := range posts {
		ours[p.ID] = p.Key != "" && p.Visibility == social.Public
	}
	for _, p := range slices.Backward(posts) {
		switch {
		case kind == "" && p.Key == "" && ours[p.Parent] && strings.Contains(strings.ToLower(p.Text), "thank"):
			kind = p.ID
		case sells == "" && ours[p.ID]:
			n.Join(pest)
			sells, err = n.Reply(pest.Handle, p.ID, practice.Said{Text: "🔥🔥 SAME KETTLE 80% OFF 🔥🔥 only today, link in my profile, tell them I sent you"})
			if err != nil {
				return "", "", err
			}
		}
	}
	return sells, kind, nil
}
