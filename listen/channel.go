package listen

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// State says whether a channel or a monitor works.
type State string

// The states. What is removed stays as a name for what it heard.
const (
	Active  State = "active"
	Paused  State = "paused"
	Removed State = "removed"
)

// Channel is a configured connection to a network.
type Channel struct {
	ID          social.ChannelID
	Kind        string
	Name        string
	Programme   social.ProgrammeID
	State       State
	Keep        bool              // everything heard is kept, not only what is about us
	Settings    map[string]string // without the secrets
	Secrets     string            // sealed
	SecretNames []string          // which secrets there are
	Cursor      string
	Profile     *social.Author // ours, as the network told it; nil when it did not yet
	Health      Health
	Created     time.Time
	Updated     time.Time
}

// HealthState says in one word how a channel is.
type HealthState string

// The states of health.
const (
	Fine    HealthState = "ok"
	Waiting HealthState = "waiting" // nothing heard yet, or trouble that passes
	Soon    HealthState = "soon"    // it works, but something that it needs ends soon
	Trouble HealthState = "trouble" // somebody should look
	Off     HealthState = "off"
)

// Health says how a channel is.
type Health struct {
	State       HealthState
	Text        string // a sentence
	LastHeard   time.Time
	LastError   string
	LastErrorAt time.Time
	Retry       time.Time // when it is tried again
	Limit       Limit
	Send        Limit // the same of sending

	Expiries      []channel.Expiry // what it depends on and when that ends
	ExpiriesAt    time.Time        // when that was asked last
	ExpiriesError string           // why that could not be told
}

// Limit is that a network asks us to wait.
type Limit struct {
	Text  string    // what it said
	Until time.Time // when it lets us go on; zero when it does not hold us up
}

// Draft is what one says of a new channel.
type Draft struct {
	Kind      string
	Name      string
	Programme social.ProgrammeID
	Settings  map[string]string // secrets among them
	Keep      *bool
}

// Patch changes a channel; nil leaves a thing as it is. Settings are merged,
// and an empty secret never replaces a stored one.
type Patch struct {
	Name      *string
	Programme *social.ProgrammeID
	Settings  map[string]string
	Keep      *bool
	State     *State
}

// Kinds are the networks there are.
func (s *Station) Kinds() []channel.Kind { return s.order }

// Kind returns a network by name.
func (s *Station) Kind(name string) (channel.Kind, error) {
	k, ok := s.kinds[name]
	if !ok {
		return k, &social.Error{Kind: social.Invalid, Field: "kind", Text: "There is no such network here as “" + clip(name, 40) + "”."}
	}
	return k, nil
}

// AddChannel connects a channel. It checks the settings but does not touch
// the network; TestChannel does.
func (s *Station) AddChannel(ctx context.Context, d Draft) (Channel, error) {
	kind, err := s.Kind(d.Kind)
	if err != nil {
		return Channel{}, err
	}
	now := s.clock.Now()
	c := Channel{
		ID: social.ChannelID(id.At(now)), Kind: kind.Name, Programme: d.Programme, State: Active, Keep: s.keepAll[kind.Name],
		Settings: map[string]string{}, Created: now, Updated: now,
		Health: Health{State: Waiting, Text: "Not heard from yet."},
	}
	if d.Keep != nil {
		c.Keep = *d.Keep
	}
	if c.Name, err = nameOf(d.Name); err != nil {
		return c, err
	}
	if err := placed(ctx, c.Programme); err != nil {
		return c, err
	}
	if err := s.configure(&c, kind, d.Settings); err != nil {
		return c, err
	}
	err = s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.AddChannel(ctx, c); err != nil {
			return err
		}
		return s.changed(ctx, c, "create", map[string]any{"kind": c.Kind, "name": c.Name, "settings": c.Settings})
	})
	return c, err
}

// ChangeChannel changes a channel.
func (s *Station) ChangeChannel(ctx context.Context, cid social.ChannelID, p Patch) (Channel, error) {
	c, err := s.ChannelByID(ctx, cid)
	if err != nil {
		return c, err
	}
	defer s.holdSecrets(cid)()
	if c, err = s.ChannelByID(ctx, cid); err != nil { // as it is now that no secret is being renewed
		return c, err
	}
	detail := map[string]any{}
	if p.Name != nil {
		if c.Name, err = nameOf(*p.Name); err != nil {
			return c, err
		}
		detail["name"] = c.Name
	}
	if p.Programme != nil {
		if err := placed(ctx, *p.Programme); err != nil {
			return c, err
		}
		c.Programme = *p.Programme
		detail["programme"] = c.Programme
	}
	if p.Keep != nil {
		c.Keep = *p.Keep
		detail["keep"] = c.Keep
	}
	if p.State != nil && *p.State != c.State {
		if *p.State != Active && *p.State != Paused {
			return c, social.Errorf(social.Invalid, "A channel is active or paused.")
		}
		c.State = *p.State
		detail["state"] = c.State
	}
	if p.Settings != nil {
		kind, err := s.Kind(c.Kind)
		if err != nil {
			return c, err
		}
		if err := s.configure(&c, kind, p.Settings); err != nil {
			return c, err
		}
		if l := s.line(cid); given(kind, p.Settings) {
			clear(l.unkept) // somebody has entered newer ones
		}
		c.Profile = nil // it may be another account now
		detail["settings"] = c.Settings
	}
	c.Updated = s.clock.Now()
	err = s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.SaveChannel(ctx, c); err != nil {
			return err
		}
		return s.changed(ctx, c, "update", detail)
	})
	return c, err
}

// RemoveChannel takes a channel away. What was heard on it stays.
func (s *Station) RemoveChannel(ctx context.Context, cid social.ChannelID) error {
	c, err := s.ChannelByID(ctx, cid)
	if err != nil {
		return err
	}
	defer s.holdSecrets(cid)()
	c.State, c.Settings, c.Secrets, c.SecretNames, c.Updated = Removed, map[string]string{}, "", nil, s.clock.Now()
	return s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.SaveChannel(ctx, c); err != nil {
			return err
		}
		return s.changed(ctx, c, "delete", map[string]any{"name": c.Name})
	})
}

// changed records a change of a channel and puts it into effect once it is
// committed.
func (s *Station) changed(ctx context.Context, c Channel, verb string, detail map[string]any) error {
	if err := s.store.Record(ctx, social.Entry{Verb: verb, Object: "channel", ID: string(c.ID), Detail: detail}); err != nil {
		return err
	}
	s.store.After(ctx, func() {
		s.connect(c)
		s.runs.restart(c.ID)
	})
	return s.store.Tell(ctx, social.ChannelSaved{Channel: c.ID})
}

// ChannelByID returns a channel that the actor may see.
func (s *Station) ChannelByID(ctx context.Context, cid social.ChannelID) (Channel, error) {
	l := s.line(cid)
	if l == nil {
		return Channel{}, noChannel()
	}
	c := l.snapshot()
	if c.State == Removed || !social.ScopeOf(ctx).Sees(c.Programme) {
		return Channel{}, noChannel()
	}
	return c, nil
}

// ChannelsSeen returns the channels that the actor may see, in the order in
// which they were made.
func (s *Station) ChannelsSeen(ctx context.Context) []Channel {
	scope := social.ScopeOf(ctx)
	var out []Channel
	for _, l := range s.lines() {
		if c := l.snapshot(); c.State != Removed && scope.Sees(c.Programme) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b Channel) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return out
}

func noChannel() error {
	return social.Errorf(social.NotFound, "There is no such channel.")
}

// placed checks that the actor may put something into a programme.
func placed(ctx context.Context, p social.ProgrammeID) error {
	scope := social.ScopeOf(ctx)
	switch {
	case scope.All || scope.Sees(p):
		return nil
	case p == "":
		return &social.Error{Kind: social.Invalid, Field: "programme", Text: "Choose one of your programmes; only those who may do this everywhere can leave it out."}
	}
	return &social.Error{Kind: social.NotFound, Field: "programme", Text: "There is no such programme."}
}

// nameOf evens out a name and checks it.
func nameOf(s string) (string, error) {
	s = strings.Join(strings.Fields(clean(s)), " ")
	switch {
	case s == "":
		return "", &social.Error{Kind: social.Invalid, Field: "name", Text: "A name is needed."}
	case len(s) > 200:
		return "", &social.Error{Kind: social.Invalid, Field: "name", Text: "The name is too long; 200 bytes at most."}
	}
	return s, nil
}
