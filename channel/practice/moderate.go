package practice

import (
	"context"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Moderates: on the practice network we may do with everything that is public.
func (l *line) Moderates(at channel.Spot) (hide, remove bool) {
	public := at.Visibility == social.Public
	return public, public
}

// Hide keeps a post from others' eyes, or shows it again.
func (l *line) Hide(ctx context.Context, at channel.Spot, on bool) error {
	return l.net.call(ctx, l.site, true, func() error {
		p, err := l.here(at.ID)
		if err != nil || p.Hidden == on {
			return err
		}
		p.Hidden = on
		p.Version++
		l.net.write(map[bool]string{true: "hide", false: "show"}[on], p)
		return nil
	})
}

// Remove takes a post away.
func (l *line) Remove(ctx context.Context, at channel.Spot) error {
	return l.net.call(ctx, l.site, true, func() error {
		p, err := l.here(at.ID)
		if social.NotFound.Is(err) {
			return nil // gone already
		}
		p.Gone = true
		p.Version++
		l.net.write("delete", p)
		return nil
	})
}

// here is what stands on our site.
func (l *line) here(id string) (*Post, error) {
	p, err := l.net.standing(id)
	if err == nil && p.Site != l.site {
		err = social.Errorf(social.NotFound, "That post stands on another site.")
	}
	return p, err
}

// Retracts: letters cannot be called back.
func (l *line) Retracts(channel.Spot) bool { return l.site != Messages }

// Retract takes back a post of ours.
func (l *line) Retract(ctx context.Context, at channel.Spot) error { return l.Remove(ctx, at) }
