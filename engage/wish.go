package engage

import (
	"context"
	"strings"
	"time"
	"unicode"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// wishWords are the words by which one asks for something on a telephone.
// Those for stop are named by the FCC's rule (47 CFR 64.1200(a)(10)), the rest
// by the CTIA's Messaging Principles and by what networks honour.
var wishWords = map[string]social.Wish{
	"stop": social.WishStop, "stopall": social.WishStop, "stop all": social.WishStop, "stopp": social.WishStop,
	"quit": social.WishStop, "end": social.WishStop, "revoke": social.WishStop, "optout": social.WishStop, "opt out": social.WishStop,
	"opt-out": social.WishStop, "cancel": social.WishStop, "unsubscribe": social.WishStop, "arret": social.WishStop, "arrêt": social.WishStop,
	"start": social.WishStart, "unstop": social.WishStart,
	"help": social.WishHelp, "info": social.WishHelp, "hilfe": social.WishHelp,
}

// WishOf is what somebody asks by one of the set words, "" when a message says
// more than that one word.
func WishOf(text string) social.Wish {
	if len(text) > 64 {
		return ""
	}
	text = strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return wishWords[strings.Join(strings.Fields(strings.ToLower(text)), " ")]
}

// wishes keeps what is asked by the messages that a fold takes in, in the same
// transaction: what is queued or leased after it is refused.
func (d *Desk) wishes(ctx context.Context, f *fold) error {
	for _, m := range f.fresh { // only what was there before; answers are added behind
		c := f.byID[m.In()]
		if m.Kind != FromThem || m.Visibility != social.Direct || c == nil {
			continue
		}
		wish := WishOf(m.Text)
		if wish == "" {
			continue
		}
		line, err := d.Networks.Channel(ctx, c.Channel)
		if err != nil && m.Author.Scheme != "tel" {
			continue
		}
		stopper, ok := line.(channel.Stopper)
		if err == nil && !ok {
			continue
		}
		if err := d.wish(ctx, f, c, m, wish, stopper); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) wish(ctx context.Context, f *fold, c *Conversation, m *Message, wish social.Wish, s channel.Stopper) error {
	key := "wish/" + string(m.ID)
	if wish == social.WishHelp {
		key = "wish/help/" + string(c.ID) + "/" + f.now.Format(time.DateOnly) // two robots may not talk for ever
	} else {
		news, err := d.Store.Wish(ctx, c.Channel, m.Identity, wish == social.WishStop, m.At, m.ID)
		if err != nil || !news {
			return err
		}
		f.facts = append(f.facts, social.Wished{Channel: c.Channel, Identity: m.Identity, Wish: wish, Message: m.ID, At: m.At})
		if err := d.note(ctx, f, f.root(c), string(wish), map[string]any{"message": string(m.ID)}); err != nil {
			return err
		}
	}
	if s == nil {
		return nil // the channel does not work just now; that they asked is kept
	}
	text := clean(s.Stopped(wish))
	if text == "" || !s.(channel.Sender).Fit(text).Fits {
		return nil
	}
	if _, err := d.Store.Keyed(ctx, key); !social.NotFound.Is(err) {
		return err
	}
	at := c
	c = f.root(at)
	r := answer(c, at, f.now)
	r.Visibility, r.Key, r.Text, r.Parent = social.Direct, key, text, m.ExternalID
	r.Delivery = &Delivery{
		Message: r.ID, Conversation: c.ID, Channel: at.Channel, To: m.Author, Parent: m.ExternalID, Root: at.Home(), Written: text,
		Automatic: true, Stage: Queued, QueuedAt: f.now, UndoUntil: f.now, NextAt: f.now, ChangedAt: f.now, Newest: true,
	}
	f.said(c, r)
	f.fresh = append(f.fresh, r)
	c.Delivery = Queued
	f.facts = append(f.facts, social.Delivery{Conversation: c.ID, Message: r.ID, State: string(Queued)})
	return nil
}

// wanted says whether somebody still wants to hear from us on a channel.
func (d *Desk) wanted(ctx context.Context, c social.ChannelID, who social.IdentityID) (Verdict, error) {
	since, err := d.Store.Stopped(ctx, c, who)
	if err != nil || since.IsZero() {
		return Verdict{Clear: err == nil}, err
	}
	return Verdict{Why: "They asked on " + since.Format("2 January 2006") + " to get no more messages here (STOP). They can write START to hear from us again."}, nil
}
