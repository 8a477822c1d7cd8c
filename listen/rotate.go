package listen

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// holdSecrets keeps a channel's secrets from being changed by others until
// what it returns is called.
func (s *Station) holdSecrets(id social.ChannelID) (release func()) {
	l := s.line(id)
	if l == nil {
		return func() {}
	}
	l.secret.Lock()
	return l.secret.Unlock
}

// How often storing a renewed secret is tried, and how long is waited between.
const (
	rotateTries = 4
	rotateWait  = 250 * time.Millisecond
)

// rotor lets a channel renew its own secrets.
func (s *Station) rotor(id social.ChannelID) channel.Rotate {
	return func(ctx context.Context, name string, turn func(context.Context, string) (string, error)) error {
		return s.rotate(ctx, id, name, turn)
	}
}

// rotate renews one secret of a channel; channel.Rotate says how.
func (s *Station) rotate(ctx context.Context, id social.ChannelID, name string, turn func(context.Context, string) (string, error)) error {
	l := s.line(id)
	if l == nil {
		return noChannel()
	}
	defer s.holdSecrets(id)()
	row := l.snapshot()
	if row.State == Removed {
		return noChannel()
	}
	kind, err := s.Kind(row.Kind)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(kind.Form, func(f channel.Field) bool { return f.Name == name && f.Type == "secret" }) {
		return social.Errorf(social.Fault, "%s has no secret called %s.", kind.Title, clip(name, 40))
	}
	if v, ok := l.unkept[name]; ok {
		if err := s.keepSecret(ctx, l, name, v); err != nil {
			return err
		}
	}
	secrets, err := s.unseal(l.snapshot())
	if err != nil {
		return err
	}
	next, err := turn(ctx, secrets[name])
	if err != nil || next == "" || next == secrets[name] {
		return err
	}
	return s.keepSecret(ctx, l, name, next)
}

// keepSecret stores a renewed secret. Whoever calls it holds the secrets.
func (s *Station) keepSecret(ctx context.Context, l *line, name, value string) error {
	ctx = social.WithActor(context.WithoutCancel(ctx), social.SystemActor())
	var err error
	for try := range rotateTries {
		if try > 0 {
			_ = s.wait(ctx, rotateWait<<try, nil)
		}
		if err = s.storeSecret(ctx, l, name, value); err == nil {
			delete(l.unkept, name)
			return nil
		}
	}
	if l.unkept == nil {
		l.unkept = map[string]string{}
	}
	l.unkept[name] = value
	return social.Because(social.Busy, err, "The network has renewed our access, and it could not be stored; Parley stores it before it goes on.")
}

func (s *Station) storeSecret(ctx context.Context, l *line, name, value string) error {
	c := l.snapshot()
	if c.State == Removed {
		return noChannel()
	}
	secrets, err := s.unseal(c)
	if err != nil {
		return err
	}
	secrets[name] = value
	if err := s.seal(&c, secrets); err != nil {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.SaveSecrets(ctx, c.ID, c.Secrets, c.SecretNames, s.clock.Now()); err != nil {
			return err
		}
		s.store.After(ctx, func() {
			l.mu.Lock()
			l.row.Secrets, l.row.SecretNames = c.Secrets, c.SecretNames
			l.mu.Unlock()
		})
		return s.store.Record(ctx, social.Entry{Verb: "rotate", Object: "channel", ID: string(c.ID), Detail: map[string]any{"secret": name}})
	})
}
