package listen

import (
	"context"
	"slices"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Rotate makes a new secret for a channel and returns it: nobody can read it
// again. The one before counts beside it until DropFormer, so that the other
// side can change over without a gap.
func (s *Station) Rotate(ctx context.Context, cid social.ChannelID, field string) (Channel, string, error) {
	fresh := ""
	c, err := s.secretly(ctx, cid, field, "rotate", func(f channel.Field, secrets map[string]string) error {
		if secrets[f.Name] != "" {
			secrets[f.Previous] = secrets[f.Name]
		}
		fresh = f.Fresh()
		secrets[f.Name] = fresh
		return nil
	})
	return c, fresh, err
}

// DropFormer lets a former secret count no more.
func (s *Station) DropFormer(ctx context.Context, cid social.ChannelID, field string) (Channel, error) {
	return s.secretly(ctx, cid, field, "drop_former", func(f channel.Field, secrets map[string]string) error {
		if secrets[f.Previous] == "" {
			return social.Errorf(social.Conflict, "There is no former secret any more.")
		}
		delete(secrets, f.Previous)
		return nil
	})
}

// secretly changes the secrets of a channel around one field that can rotate.
func (s *Station) secretly(ctx context.Context, cid social.ChannelID, field, verb string, change func(channel.Field, map[string]string) error) (Channel, error) {
	defer s.holdSecrets(cid)()
	c, err := s.ChannelByID(ctx, cid)
	if err != nil {
		return c, err
	}
	kind, err := s.Kind(c.Kind)
	if err != nil {
		return c, err
	}
	i := slices.IndexFunc(kind.Form, func(f channel.Field) bool { return f.Name == field && f.Make != "" && f.Previous != "" })
	if i < 0 {
		return c, wrong("field", "This secret is made at the network. Make a new one there and enter it.")
	}
	secrets, err := s.unseal(c)
	if err != nil {
		return c, err
	}
	if err := change(kind.Form[i], secrets); err != nil {
		return c, err
	}
	if _, err := kind.New(channel.Join(c.Settings, secrets), s.envOf(c.ID)); err != nil {
		return c, err
	}
	if err := s.seal(&c, secrets); err != nil {
		return c, err
	}
	c.Updated = s.clock.Now()
	err = s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.SaveChannel(ctx, c); err != nil {
			return err
		}
		return s.changed(ctx, c, verb, map[string]any{"field": field})
	})
	return c, err
}
