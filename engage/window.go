package engage

import (
	"context"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Some networks take replies only for some time after the customer's last
// words (channel.Windower). The end is shown before, and asked again in the
// transaction that queues a reply and the one that leases its sending.

// closes is when the channel no longer takes a reply of a visibility to
// words said at a time; zero when it always does.
func closes(line channel.Sender, c *Conversation, goes social.Visibility, said time.Time) time.Time {
	w, ok := line.(channel.Windower)
	if !ok || said.IsZero() {
		return time.Time{}
	}
	d := w.Window(c.CameBy(), goes)
	if d <= 0 {
		return time.Time{}
	}
	return said.Add(d)
}

// shut says why a reply is not taken any more, nil while it is.
func shut(until, now time.Time) error {
	if until.IsZero() || now.Before(until) {
		return nil
	}
	return social.Errorf(social.Forbidden, "This network took replies until %s, so long after the customer’s last words. It takes them again as soon as they write again.",
		until.UTC().Format("15:04 UTC on 2 January 2006"))
}

// saidAt is when the words were said that a reply answers: in private their
// newest, in public those that are named.
func (d *Desk) saidAt(ctx context.Context, c *Conversation, parent string) (time.Time, error) {
	if c.Counterpart != "" || parent == c.Parent {
		return c.ParentAt, nil
	}
	m, err := d.Store.External(ctx, c.Channel, parent)
	if social.NotFound.Is(err) {
		return c.ParentAt, nil
	}
	return m.At, err
}

// inTime refuses a reply that the channel takes no more.
func (d *Desk) inTime(ctx context.Context, line channel.Sender, c *Conversation, goes social.Visibility, parent string, now time.Time) error {
	if _, ok := line.(channel.Windower); !ok {
		return nil
	}
	said, err := d.saidAt(ctx, c, parent)
	if err != nil {
		return err
	}
	return shut(closes(line, c, goes, said), now)
}

// Doors are the ways in which a conversation can be answered. A time is when
// the network stops to take it, zero when it does not.
type Doors struct {
	Public, Direct           bool
	PublicUntil, DirectUntil time.Time
	PublicFiles, DirectFiles channel.Load // what goes along
	Copies                   int          // how many others get a direct answer too
}

// Doors says how a conversation can be answered; not at all when its channel
// cannot answer.
func (d *Desk) Doors(ctx context.Context, c Conversation) Doors {
	var out Doors
	line, err := d.sender(ctx, c.Channel)
	if err != nil {
		return out
	}
	ways := line.Visibilities()
	if n, ok := line.(channel.Narrower); ok && c.Parent != "" {
		ways = n.Ways(c.Parent)
	}
	for _, v := range ways {
		switch v {
		case social.Public:
			out.Public, out.PublicUntil, out.PublicFiles = true, closes(line, &c, v, c.ParentAt), load(line, v)
		case social.Direct:
			out.Direct, out.DirectUntil, out.DirectFiles = true, closes(line, &c, v, c.ParentAt), load(line, v)
			if l, ok := line.(channel.Copier); ok {
				out.Copies = l.Copies()
			}
		}
	}
	return out
}
