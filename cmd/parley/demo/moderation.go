package demo

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/engage/moderate"
	"github.com/parley-crm/parley/social"
)

// pest sells something below other people's words.
var pest = practice.Persona{Handle: "kettle_deals_4u", Name: "Kettle Deals 4U", Followers: 3}

// Moderate lets somebody sell something below the newest public words of ours,
// which are hidden, and the newest kind words to us be liked. do wants an act
// of a post, now does it.
func Moderate(ctx context.Context, g Ground, do func(post string, act moderate.Act) error, now func(context.Context) (int, error)) error {
	sells, kind, err := pestered(g.Network())
	if err != nil {
		return err
	}
	if err := g.Settle(ctx, time.Minute); err != nil {
		return err
	}
	for post, act := range map[string]moderate.Act{sells: moderate.Hide, kind: moderate.Like} {
		if post == "" {
			continue
		}
		if err := do(post, act); err != nil {
			return err
		}
	}
	_, err = now(ctx)
	return err
}

// pestered returns the post of whoever sells something below ours, and a kind
// word to us; "" where there is none.
func pestered(n *practice.Network) (sells, kind string, err error) {
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
			sells, err = n.Reply(pest.Handle, p.ID, practice.Said{Text: "SAME KETTLE 80% OFF!!! Only today, link in my profile, tell them I sent you"})
			if err != nil {
				return "", "", err
			}
		}
	}
	return sells, kind, nil
}
