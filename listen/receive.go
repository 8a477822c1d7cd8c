package listen

import (
	"context"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Receive takes what a network sends to a channel's webhook. The channel
// verifies it first; it is answered only once it is kept.
func (s *Station) Receive(ctx context.Context, id social.ChannelID, in Request) (Answer, error) {
	l := s.line(id)
	if l == nil || l.snapshot().State == Removed {
		return Answer{}, noChannel()
	}
	conn, row, _, err := l.use()
	if err != nil {
		return Answer{}, err
	}
	r, ok := conn.(channel.Receiver)
	if !ok {
		return Answer{}, noChannel()
	}
	if row.State != Active {
		return Answer{}, social.Errorf(social.Busy, "This channel is paused.")
	}
	a, err := r.Receive(in)
	if err != nil {
		return Answer{}, err
	}
	if len(a.Events) > 0 {
		if _, err := s.Take(ctx, id, a.Events, ""); err != nil {
			return Answer{}, err
		}
	}
	s.fine(ctx, l, len(a.Events) > 0)
	return a, nil
}

// Hook is the public address of a channel's webhook, "" where Parley has no
// public address.
func (s *Station) Hook(id social.ChannelID) string {
	if s.base == "" {
		return ""
	}
	return s.base + HookPath + string(id)
}

// DoorPath is where our own public pages stand, before the channel's id.
const DoorPath = "/door/"

// Door is the address of a channel's own page: public, or a path where Parley
// has no public address.
func (s *Station) Door(id social.ChannelID) string { return s.base + DoorPath + string(id) }

// DoorOf returns the page of a channel, whoever asks; NotFound when it has
// none, Busy while it is paused.
func (s *Station) DoorOf(id social.ChannelID) (Door, error) {
	l := s.line(id)
	if l == nil || l.snapshot().State == Removed {
		return nil, noChannel()
	}
	conn, row, _, err := l.use()
	if err != nil {
		return nil, err
	}
	d, ok := conn.(channel.Door)
	if !ok {
		return nil, noChannel()
	}
	if row.State != Active {
		return nil, social.Errorf(social.Busy, "This page is closed for the moment.")
	}
	return d, nil
}

// let takes what was said at a door.
func (s *Station) let(ctx context.Context, id social.ChannelID, events []channel.Event) error {
	l := s.line(id)
	if l == nil {
		return noChannel()
	}
	if _, err := s.Take(ctx, id, events, ""); err != nil {
		return err
	}
	s.fine(ctx, l, true)
	return nil
}

// HookPath is where webhooks stand, before the channel's id.
const HookPath = "/api/hooks/"

// What the room's API and its store speak of too.
type (
	Request = channel.Request
	Answer  = channel.Answer
	Step    = channel.Step
	Field   = channel.Field
	Door    = channel.Door
	Visitor = channel.Visitor
	Said    = channel.Line    // at a door
	Brought = channel.Brought // along with it
)

// KindAbilities is what a channel of a kind can do. Where none is connected
// it is nil: it may depend on the settings.
func (s *Station) KindAbilities(name string) []string {
	for _, l := range s.lines() {
		if conn, row, _, err := l.use(); err == nil && row.Kind == name {
			return channel.Abilities(conn)
		}
	}
	return nil
}

// Able says what a channel can do, and how a reply may be sent on it, the
// usual way first; nothing when its settings do not work.
func (s *Station) Able(id social.ChannelID) (abilities []string, visibilities []social.Visibility) {
	l := s.line(id)
	if l == nil {
		return nil, nil
	}
	conn, _, _, err := l.use()
	if err != nil {
		return nil, nil
	}
	if sender, ok := conn.(channel.Sender); ok {
		visibilities = sender.Visibilities()
	}
	return channel.Abilities(conn), visibilities
}

// brokenMost is how many broken events are shown.
const brokenMost = 20

// Broken returns the newest events of a channel that could not be read.
func (s *Station) Broken(ctx context.Context, id social.ChannelID) ([]Raw, error) {
	if _, err := s.ChannelByID(ctx, id); err != nil {
		return nil, err
	}
	return s.store.Broken(ctx, id, brokenMost)
}

// HeardLately is what arrived on each channel in the last 24 hours, what is
// being counted right now included.
func (s *Station) HeardLately(ctx context.Context) (map[social.ChannelID]Count, error) {
	out, err := s.store.HeardSince(ctx, s.clock.Now().Add(-24*time.Hour))
	if err != nil {
		return nil, err
	}
	for _, l := range s.lines() {
		l.mu.Lock()
		sum := out[l.row.ID]
		for _, c := range l.pending {
			sum.add(c)
		}
		out[l.row.ID] = sum
		l.mu.Unlock()
	}
	return out, nil
}
