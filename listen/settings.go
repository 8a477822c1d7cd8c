package listen

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// configure puts values into a channel's settings and seals the secrets among
// them. An empty secret never replaces a stored one. The whole is checked by
// making a channel of it.
func (s *Station) configure(c *Channel, kind channel.Kind, values map[string]string) error {
	secrets, err := s.unseal(*c)
	if err != nil {
		return err
	}
	settings := map[string]string{}
	for k, v := range c.Settings {
		settings[k] = v
	}
	if err := kind.Merge(settings, secrets, values); err != nil {
		return err
	}
	kind.Furnish(secrets)
	if err := kind.Complete(settings, secrets); err != nil {
		return err
	}
	if _, err := kind.New(channel.Join(settings, secrets), s.envOf(c.ID)); err != nil {
		return err
	}
	c.Settings = settings
	return s.seal(c, secrets)
}

// seal puts secrets into a channel.
func (s *Station) seal(c *Channel, secrets map[string]string) error {
	c.Secrets, c.SecretNames = "", nil
	if len(secrets) == 0 {
		return nil
	}
	plain, err := json.Marshal(secrets)
	if err != nil {
		return err
	}
	c.Secrets = s.sealer.Seal(place(c.ID), plain)
	c.SecretNames = slices.Sorted(maps.Keys(secrets))
	return nil
}

func wrong(field, format string, args ...any) error {
	e := social.Errorf(social.Invalid, format, args...)
	e.Field = field
	return e
}

func place(cid social.ChannelID) string { return "channel/" + string(cid) }

// unseal returns the secrets of a channel.
func (s *Station) unseal(c Channel) (map[string]string, error) {
	out := map[string]string{}
	if c.Secrets == "" {
		return out, nil
	}
	plain, err := s.sealer.Unseal(place(c.ID), c.Secrets)
	if err == nil {
		err = json.Unmarshal(plain, &out)
	}
	if err != nil {
		return nil, social.Because(social.Forbidden, err, "The secrets of “%s” were sealed with another key; enter them again.", c.Name)
	}
	return out, nil
}

// open makes a channel of the network out of its settings.
func (s *Station) open(c Channel) (channel.Channel, error) {
	kind, err := s.Kind(c.Kind)
	if err != nil {
		return nil, err
	}
	secrets, err := s.unseal(c)
	if err != nil {
		return nil, err
	}
	env := s.envOf(c.ID)
	env.Rotate = s.rotor(c.ID)
	return kind.New(channel.Join(c.Settings, secrets), env)
}

// given reports whether there is a secret among values.
func given(kind channel.Kind, values map[string]string) bool {
	return slices.ContainsFunc(kind.Form, func(f channel.Field) bool {
		return f.Type == "secret" && strings.TrimSpace(values[f.Name]) != ""
	})
}

// envOf is what a channel may use of the world.
func (s *Station) envOf(id social.ChannelID) channel.Env {
	env := s.env
	env.ID, env.Hook, env.Door = id, s.Hook(id), s.Door(id)
	env.Take = func(ctx context.Context, events []channel.Event) error { return s.let(ctx, id, events) }
	return env
}

// Trial is what TestChannel found.
type Trial struct {
	OK      bool
	Profile *social.Author
	Text    string
}

// testTime is how long a network may take to answer a test.
const testTime = 20 * time.Second

// TestChannel tries settings against the network without keeping anything.
// With the id of a channel, its stored settings and secrets stand in for what
// is left out. What the network says is a result, not an error.
func (s *Station) TestChannel(ctx context.Context, kindName string, cid social.ChannelID, values map[string]string) (Trial, error) {
	c := Channel{ID: social.ChannelID(id.New()), Kind: kindName, Settings: map[string]string{}}
	if cid != "" {
		var err error
		if c, err = s.ChannelByID(ctx, cid); err != nil {
			return Trial{}, err
		}
	}
	kind, err := s.Kind(c.Kind)
	if err != nil {
		return Trial{}, err
	}
	if err := s.configure(&c, kind, values); err != nil {
		return Trial{}, err
	}
	secrets, err := s.unseal(c)
	if err != nil {
		return Trial{}, err
	}
	env := s.envOf(c.ID)
	if cid != "" && !given(kind, values) {
		env.Rotate = s.rotor(cid)
	}
	// Secrets that are only tried may not be renewed: what follows them could
	// not be kept.
	conn, err := kind.New(channel.Join(c.Settings, secrets), env)
	if err != nil {
		return Trial{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, testTime)
	defer cancel()
	text := kind.Title + " answers."
	if p, ok := conn.(channel.Profiler); ok {
		self, err := p.Self(ctx)
		if err != nil && !social.NotFound.Is(err) { // nobody of ours there is no trouble: one may listen without
			return Trial{Text: sentence(err)}, nil
		}
		if err == nil && self.Value != "" {
			return Trial{OK: true, Profile: &self, Text: kind.Title + " knows us as " + self.Label() + "."}, nil
		}
	}
	if p, ok := conn.(channel.Poller); ok {
		if _, err := p.Poll(ctx, ""); err != nil {
			return Trial{Text: sentence(err)}, nil
		}
		return Trial{OK: true, Text: text}, nil
	}
	if st, ok := conn.(channel.Streamer); ok {
		return s.tryStream(ctx, kind, st)
	}
	return Trial{OK: true, Text: "The settings are complete."}, nil
}

// tryStream waits for one event.
func (s *Station) tryStream(ctx context.Context, kind channel.Kind, st channel.Streamer) (Trial, error) {
	heard := social.Errorf(social.Conflict, "enough")
	ctx, cancel := context.WithTimeout(ctx, testTime/2)
	defer cancel()
	err := st.Stream(ctx, "", func(channel.Event) error { return heard })
	switch {
	case errors.Is(err, heard):
		return Trial{OK: true, Text: kind.Title + " is being heard."}, nil
	case ctx.Err() != nil:
		return Trial{OK: true, Text: kind.Title + " is connected; nothing was said meanwhile."}, nil
	}
	return Trial{Text: sentence(err)}, nil
}

// sentence is what of an error is safe to show.
func sentence(err error) string {
	if social.KindOf(err) == social.Fault {
		return "Something went wrong inside Parley; its log says what."
	}
	var text string
	if e := asError(err); e != nil {
		text = e.Text
	}
	if text == "" {
		text = "Something went wrong."
	}
	return text
}
