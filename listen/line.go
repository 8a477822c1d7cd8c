package listen

import (
	"context"
	"sync"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// line is a channel in use.
type line struct {
	take   sync.Mutex        // one batch at a time
	secret sync.Mutex        // one change of the secrets at a time
	unkept map[string]string // renewed secrets that could not be stored yet; with secret

	mu       sync.Mutex
	row      Channel
	conn     channel.Channel // nil when the settings do not work
	trouble  error           // why conn is nil
	firehose bool
	pending  map[int64]Count // by hour: what was heard and not yet written
	cursor   string          // where the network stands, kept or not
	saved    time.Time       // when cursor and counts were last written
	reported time.Time       // last heard, as last written
}

// snapshot returns the channel as it stands.
func (l *line) snapshot() Channel {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.row
}

// use returns the network's side of the channel.
func (l *line) use() (channel.Channel, Channel, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conn, l.row, l.firehose, l.trouble
}

func (s *Station) line(id social.ChannelID) *line {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.live[id]
}

func (s *Station) lines() []*line {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]*line, 0, len(s.live))
	for _, l := range s.live {
		out = append(out, l)
	}
	return out
}

// connect puts a channel into use, or what changed of it into effect.
func (s *Station) connect(c Channel) {
	var conn channel.Channel
	var err error
	if c.State == Removed {
		err = noChannel()
	} else {
		conn, err = s.open(c)
	}
	s.mu.Lock()
	l := s.live[c.ID]
	if l == nil {
		l = &line{cursor: c.Cursor, pending: map[int64]Count{}}
		s.live[c.ID] = l
	}
	s.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.row.ID != "" { // health and cursor are kept here, not by whoever changes settings
		c.Cursor, c.Health = l.row.Cursor, l.row.Health
	}
	if c.State == Paused {
		c.Health.State, c.Health.Text, c.Health.Retry = Off, "Paused.", time.Time{}
	} else if c.Health.State == Off {
		c.Health.State, c.Health.Text = Waiting, "Not heard from yet."
	}
	l.row, l.conn, l.trouble = c, conn, err
	st, ok := conn.(channel.Streamer)
	l.firehose = ok && st.Firehose()
}

// Channel returns the network's side of a channel, for whoever answers on it.
func (s *Station) Channel(_ context.Context, id social.ChannelID) (channel.Channel, error) {
	l := s.line(id)
	if l == nil {
		return nil, noChannel()
	}
	conn, _, _, err := l.use()
	return conn, err
}

// Ref names a channel for a screen, removed ones too, whoever asks.
func (s *Station) Ref(id social.ChannelID) (social.ChannelRef, bool) {
	c, ok := s.ChannelInfo(id)
	if !ok {
		return social.ChannelRef{ID: id}, false
	}
	return s.RefOf(c), true
}

// RefOf names a channel for a screen.
func (s *Station) RefOf(c Channel) social.ChannelRef {
	ref := social.ChannelRef{ID: c.ID, Kind: c.Kind, Name: c.Name}
	if k := s.kinds[c.Kind]; k.Mark != nil {
		ref.Mark = k.Mark(c.Settings)
	}
	return ref
}

// ChannelInfo returns what a channel is called and where it belongs, removed
// ones too, whoever asks.
func (s *Station) ChannelInfo(id social.ChannelID) (Channel, bool) {
	l := s.line(id)
	if l == nil {
		return Channel{}, false
	}
	return l.snapshot(), true
}
