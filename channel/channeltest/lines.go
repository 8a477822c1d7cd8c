package channeltest

import (
	"context"
	"errors"
	"sync"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Lines keeps what is said at a Door in memory, and can be given the troubles.
type Lines struct {
	mu      sync.Mutex
	trouble Trouble
	all     []channel.Line
}

// Trouble makes keeping fail from now on.
func (l *Lines) Trouble(t Trouble) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.trouble = t
}

// Ours are the texts of our own that were kept.
func (l *Lines) Ours() (out []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, x := range l.all {
		if x.Ours {
			out = append(out, x.Text)
		}
	}
	return out
}

var errLost = errors.New("the connection to the database was lost")

// before is what goes wrong before anything is done.
func (l *Lines) before(ctx context.Context) error {
	switch l.trouble {
	case Away:
		return social.Errorf(social.Busy, "The database is away.")
	case Limited:
		return &channel.Later{Err: social.Errorf(social.Busy, "The database asks us to wait."), Wait: Wait}
	case Failing, Broken:
		return errLost
	case Revoked:
		return social.Errorf(social.Unauth, "The database does not know us.")
	case Refused:
		return social.Errorf(social.Forbidden, "The database refuses this.")
	case Silent:
		<-ctx.Done()
		return ctx.Err()
	}
	return nil
}

// Add keeps a line.
func (l *Lines) Add(ctx context.Context, _ social.ChannelID, line channel.Line) (channel.Line, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.before(ctx); err != nil {
		return channel.Line{}, false, err
	}
	n := int64(0)
	for _, x := range l.all {
		if x.ID == line.ID {
			return x, false, nil
		}
		if x.Visitor == line.Visitor {
			n = x.Position
		}
	}
	line.Position = n + 1
	l.all = append(l.all, line)
	if l.trouble == FailingLate || l.trouble == BrokenLate {
		return channel.Line{}, false, errLost
	}
	return line, true, nil
}

// After returns the lines after a position.
func (l *Lines) After(ctx context.Context, _ social.ChannelID, visitor string, position int64, limit int) (out []channel.Line, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.before(ctx); err != nil {
		return nil, err
	}
	for _, x := range l.all {
		if x.Visitor == visitor && x.Position > position && len(out) < limit {
			out = append(out, x)
		}
	}
	return out, nil
}

// Last returns the newest lines.
func (l *Lines) Last(ctx context.Context, c social.ChannelID, visitor string, limit int) ([]channel.Line, error) {
	all, err := l.After(ctx, c, visitor, 0, 1<<30)
	return all[max(0, len(all)-limit):], err
}

// ByID returns one line.
func (l *Lines) ByID(ctx context.Context, _ social.ChannelID, id string) (channel.Line, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.before(ctx); err != nil {
		return channel.Line{}, err
	}
	for _, x := range l.all {
		if x.ID == id {
			return x, nil
		}
	}
	return channel.Line{}, social.Errorf(social.NotFound, "There is no such line.")
}
