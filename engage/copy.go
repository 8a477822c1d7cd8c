package engage

import (
	"context"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage/copies"
	"github.com/parley-crm/parley/social"
)

// Recipients are who can get an answer besides the customer.
type Recipients struct {
	Most   int      // how many; 0 where the channel sends to the customer alone
	Others []string // who got their last words too, or wrote since
}

// Recipients says who can get an answer in a conversation, via names the one
// of those merged into it in which it is answered.
func (d *Desk) Recipients(ctx context.Context, cid, via social.ConversationID) (Recipients, error) {
	a, _ := social.ActorOf(ctx)
	row, err := d.Store.Row(ctx, cid, a.Member)
	if err != nil {
		return Recipients{}, err
	}
	at, err := d.way(ctx, &row.Conversation, Words{Via: via})
	if err != nil {
		return Recipients{}, err
	}
	line, err := d.sender(ctx, at.Channel)
	if err != nil {
		return Recipients{}, err
	}
	here, ok := line.(channel.Copier)
	if !ok {
		return Recipients{}, nil
	}
	live, err := d.Store.Live(ctx, cid, 100)
	if err != nil {
		return Recipients{}, err
	}
	var got []string
	for _, m := range live {
		if m.Kind != FromThem || m.In() != at.ID {
			continue
		}
		if m.Identity != at.Identity {
			got = append(got, m.Author.Value)
		}
		w, err := d.Parcels.Rest(ctx, m.Activity)
		if err != nil {
			return Recipients{}, err
		}
		got = append(got, w.CC...)
		if m.Identity == at.Identity {
			break
		}
	}
	lines := []copies.Line{here}
	if len(got) > 0 && d.Kinds != nil { // other mailboxes of ours need no copy
		kinds, err := d.Kinds.ChannelKinds(ctx)
		if err != nil {
			return Recipients{}, err
		}
		for id := range kinds {
			if other, err := d.Networks.Channel(ctx, id); err == nil && id != at.Channel {
				if l, ok := other.(channel.Copier); ok {
					lines = append(lines, l)
				}
			}
		}
	}
	return Recipients{here.Copies(), copies.Addresses(copies.Likely(lines, at.Author, got))}, nil
}

// copied are the others to whom a reply goes, if they still want to hear from us.
func (d *Desk) copied(ctx context.Context, at *Conversation, line channel.Sender, cc []string) ([]copies.Copy, error) {
	if len(cc) == 0 {
		return nil, nil
	}
	l, ok := line.(channel.Copier)
	if !ok {
		return nil, invalid("cc", "This channel answers the customer alone.")
	}
	out, err := copies.Named(l, at.Author, cc)
	if err != nil {
		return nil, err
	}
	return out, pass(d.copiesWanted(ctx, line, at.Channel, out))
}

// copiesWanted says whether the others who are to get a reply want to hear
// from us, as whomever their address is known.
func (d *Desk) copiesWanted(ctx context.Context, line channel.Sender, c social.ChannelID, cs []copies.Copy) (Verdict, error) {
	l, ok := line.(channel.Copier)
	for _, x := range cs {
		if !ok {
			return Verdict{Why: "This channel answers the customer alone."}, nil
		}
		who, err := l.Copy(x.Address)
		if err != nil {
			return Verdict{}, err
		}
		for _, w := range who {
			v, err := d.mayServe(ctx, c, w.ID(), "")
			if err != nil || !v.Clear {
				v.Why = x.Address + " does not get it: " + strings.TrimSuffix(v.Why, ".") + ". Write it without them."
				return v, err
			}
		}
	}
	return Verdict{Clear: true}, nil
}

// copied finds the conversation in which somebody got the mail of ours that
// they answer now. They must be proved to be who they say: that they know the
// mail is not enough.
func (f *fold) copied(a social.Activity) *Conversation {
	m := f.byName[externalKey{a.Channel, a.Parent}]
	if a.Parent == "" || a.Author.Unverified || m == nil || m.Delivery == nil || !copies.Has(m.Delivery.Copies, a.Author.Value) {
		return nil
	}
	return f.home[externalKey{a.Channel, a.Parent}]
}
