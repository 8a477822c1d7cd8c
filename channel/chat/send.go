package chat

import (
	"context"
	"errors"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Fit counts characters.
func (d *desk) Fit(s string) channel.Room {
	n := len([]rune(strings.TrimSpace(s)))
	return channel.Room{Fits: n > 0 && n <= mostText, Left: mostText - n, Max: mostText, Unit: "characters"}
}

// Visibilities is one: only the visitor reads it.
func (d *desk) Visibilities() []social.Visibility { return []social.Visibility{social.Direct} }

// Send puts the answer into the talk and wakes the visitor. The key makes it once.
func (d *desk) Send(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	switch room := d.Fit(r.Text); {
	case !room.Fits && room.Left >= 0:
		return channel.Receipt{}, social.Errorf(social.Invalid, "There is nothing to say.")
	case !room.Fits:
		return channel.Receipt{}, social.Errorf(social.Invalid, "The answer is too long by %d characters.", -room.Left)
	case r.Visibility == social.Internal:
		return channel.Receipt{}, social.Errorf(social.Invalid, "A note stays in the house.")
	case ctx.Err() != nil:
		return channel.Receipt{}, social.Because(social.Busy, ctx.Err(), "Sending was given up before it began.")
	}
	id, ok := strings.CutPrefix(r.Root, "talk/")
	if !ok {
		return channel.Receipt{}, social.Errorf(social.NotFound, "Nobody knows any more to which message this is the answer.")
	}
	l, _, err := d.env.Lines.Add(ctx, d.env.ID, channel.Line{ID: "ours/" + r.Key, Visitor: id, Ours: true, Text: r.Text, At: d.now()})
	if err != nil {
		return channel.Receipt{}, unsure(err)
	}
	d.hub.wake(seat{d.env.ID, id})
	return channel.Receipt{ExternalID: l.ID, At: l.At}, nil
}

// unsure sorts an error of keeping: what has no kind may have been kept.
func unsure(err error) error {
	var known *social.Error
	if errors.As(err, &known) && known.Kind != social.Fault {
		return err
	}
	return social.Because(social.Unknown, err, "The answer may have been kept or not; nobody can tell yet.")
}

// Find looks whether the answer stands on the page.
func (d *desk) Find(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	l, err := d.env.Lines.ByID(ctx, d.env.ID, "ours/"+r.Key)
	if err != nil {
		if social.KindOf(err) == social.Fault {
			err = social.Because(social.Busy, err, "The talk cannot be read right now.")
		}
		return channel.Receipt{}, err
	}
	return channel.Receipt{ExternalID: l.ID, At: l.At}, nil
}
