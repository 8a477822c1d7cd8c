package evolve

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Report is an outcome as a shop or a booking system tells it.
type Report struct {
	ExternalID string // the reporter's own id: the same twice is one outcome
	Kind       string // "sale" and so on
	Value      Money  // Currency "" when it has no value
	Click      string // parley_click as it arrived at the target, or
	Link       string // a link's id or code, or
	// Conversation is whose it is, where no link tells: an order that came of it.
	Conversation social.ConversationID
	Programme    social.ProgrammeID // of that conversation
	At           time.Time          // zero means now
}

func (r Report) check(now time.Time) error {
	bad := func(field, text string) error {
		return &social.Error{Kind: social.Invalid, Field: field, Text: text}
	}
	switch {
	case strings.TrimSpace(r.ExternalID) == "":
		return bad("external_id", "Give your own id of this outcome, such as the order number, so that it is counted once.")
	case len(r.ExternalID) > 200:
		return bad("external_id", "An id of at most 200 characters is kept.")
	case strings.TrimSpace(r.Kind) == "" || len(r.Kind) > 40:
		return bad("kind", "Say in one word what it was, such as sale.")
	case r.Value.Minor < 0:
		return bad("value", "A value can't be negative; report a return as an outcome of kind return.")
	case r.Value.Minor > 0 && len(r.Value.Currency) != 3:
		return bad("currency", "Give the currency by its three letters (ISO 4217), such as EUR.")
	case r.At.After(now.Add(24 * time.Hour)):
		return bad("at", "This outcome lies in the future.")
	}
	return nil
}

// Convert keeps an outcome and credits the conversation whose link led to it
// (the last touch). Reported again, it changes nothing.
func (g *Ledger) Convert(ctx context.Context, r Report) (Conversion, error) {
	now := g.Clock.Now()
	if r.At.IsZero() {
		r.At = now
	}
	if err := r.check(now); err != nil {
		return Conversion{}, err
	}
	r.Value.Currency = strings.ToUpper(r.Value.Currency)
	c := Conversion{ID: id.At(now), ExternalID: strings.TrimSpace(r.ExternalID), Kind: strings.TrimSpace(r.Kind),
		Value: r.Value, At: r.At.UTC(), CreatedAt: now}
	err := g.Store.InTx(ctx, func(ctx context.Context) error {
		l, err := g.origin(ctx, r, &c)
		if err != nil {
			return err
		}
		if l.Conversation != "" {
			c.Credits = []Credit{{Conversation: l.Conversation, Link: l.ID, Share: 1}}
		}
		if l.Conversation == "" && r.Conversation != "" {
			l.Conversation, l.Programme = r.Conversation, r.Programme
			c.Credits = []Credit{{Conversation: r.Conversation, Share: 1}}
		}
		c.Programme = l.Programme
		kept, fresh, err := g.Store.AddConversion(ctx, c)
		if err != nil {
			return err
		}
		c = kept
		if !fresh {
			return nil
		}
		sums := []Sum{{Day: Day(c.At), What: "conversion", Channel: l.Channel, Programme: l.Programme, N: 1}}
		if c.Value.Minor > 0 {
			sums = append(sums, Sum{Day: Day(c.At), What: "value:" + c.Value.Currency, Channel: l.Channel, Programme: l.Programme, N: c.Value.Minor})
		}
		if err := g.Store.Add(ctx, sums, nil); err != nil {
			return err
		}
		if err := g.Store.Record(ctx, social.Entry{Verb: "create", Object: "conversion", ID: c.ID,
			Detail: map[string]any{"kind": c.Kind, "conversation": l.Conversation}}); err != nil {
			return err
		}
		return g.Store.Tell(ctx, social.Converted{Conversation: l.Conversation, At: c.At})
	})
	return c, err
}

// Reverse takes back what was converted under an external id: an entry of the
// same day, programme and credits with the opposite value, so that counts and
// sums agree with what stands. Without one that stands it changes nothing.
func (g *Ledger) Reverse(ctx context.Context, externalID, kind string) error {
	return g.Store.InTx(ctx, func(ctx context.Context) error {
		was, _, err := g.Store.Standing(ctx, externalID)
		if social.NotFound.Is(err) {
			return nil
		}
		if err != nil {
			return err
		}
		now := g.Clock.Now()
		c := was
		c.ID, c.ExternalID, c.Kind, c.CreatedAt, c.Reverses = id.At(now), "reverses:"+was.ID, kind, now, was.ID
		c.Value.Minor = -was.Value.Minor
		if _, fresh, err := g.Store.AddConversion(ctx, c); err != nil || !fresh {
			return err
		}
		var l Link
		if c.Link != "" {
			if l, err = g.Store.Link(ctx, c.Link); err != nil {
				return err
			}
		}
		sums := []Sum{{Day: Day(c.At), What: "conversion", Channel: l.Channel, Programme: c.Programme, N: -1}}
		if c.Value.Minor != 0 {
			sums = append(sums, Sum{Day: Day(c.At), What: "value:" + c.Value.Currency, Channel: l.Channel, Programme: c.Programme, N: c.Value.Minor})
		}
		if err := g.Store.Add(ctx, sums, nil); err != nil {
			return err
		}
		if err := g.Store.Record(ctx, social.Entry{Verb: "reverse", Object: "conversion", ID: was.ID, Detail: map[string]any{"by": c.ID, "kind": kind}}); err != nil {
			return err
		}
		var talk social.ConversationID
		if len(c.Credits) > 0 {
			talk = c.Credits[0].Conversation
		}
		return g.Store.Tell(ctx, social.Converted{Conversation: talk, At: now})
	})
}

// AgainMost is how often one id is counted and taken back.
const AgainMost = 20

var again = regexp.MustCompile(`~([2-9]|1[0-9]|20)$`)

// Reported is the id under which an outcome was reported; one that came again
// bears a number behind it.
func Reported(externalID string) string { return again.ReplaceAllString(externalID, "") }

// Again converts what was reversed before: under the same external id, an
// entry of its own.
func (g *Ledger) Again(ctx context.Context, r Report) (Conversion, error) {
	_, reversed, err := g.Store.Standing(ctx, r.ExternalID)
	if err == nil || !social.NotFound.Is(err) {
		if err != nil {
			return Conversion{}, err
		}
		return g.Convert(ctx, r) // it stands: nothing changes
	}
	if reversed >= AgainMost {
		return Conversion{}, social.Errorf(social.Conflict, "This outcome was taken back %d times; report it under another id.", reversed)
	}
	if reversed > 0 {
		r.ExternalID = fmt.Sprintf("%s~%d", r.ExternalID, reversed+1)
	}
	return g.Convert(ctx, r)
}

func (g *Ledger) origin(ctx context.Context, r Report, c *Conversion) (Link, error) {
	switch {
	case r.Click != "":
		click, err := g.Store.Click(ctx, r.Click)
		if err != nil {
			if social.NotFound.Is(err) {
				err = &social.Error{Kind: social.Invalid, Field: "click", Text: "This click is not known here. Pass the value of parley_click unchanged, or leave it out."}
			}
			return Link{}, err
		}
		c.Click, c.Link = click.ID, click.Link
		return g.Store.Link(ctx, click.Link)
	case r.Link != "":
		l, err := g.Store.LinkByCode(ctx, r.Link)
		if social.NotFound.Is(err) {
			l, err = g.Store.Link(ctx, social.LinkID(r.Link))
		}
		if social.NotFound.Is(err) {
			err = &social.Error{Kind: social.Invalid, Field: "link", Text: "There is no link with this id or code."}
		}
		c.Link = l.ID
		return l, err
	}
	return Link{}, nil
}

// Hear keeps the sums of what engage tells. It is called in the transaction
// that moves the follower's place, so each fact counts once.
func (g *Ledger) Hear(ctx context.Context, facts []social.Fact) error {
	var sums []Sum
	var waits []Wait
	for _, f := range facts {
		switch f := f.(type) {
		case social.Opened:
			for _, o := range f.Conversations {
				sums = append(sums, Sum{Day: Day(o.At), What: "opened", Channel: o.Channel, Programme: o.Programme, N: 1})
			}
		case social.Answered:
			if !f.First {
				continue
			}
			sums = append(sums, Sum{Day: Day(f.At), What: "answered", Channel: f.Channel, Programme: f.Programme, N: 1})
			waits = append(waits, Wait{Day: Day(f.At), Channel: f.Channel, Programme: f.Programme, Seconds: f.Waited})
		}
	}
	if len(sums) == 0 {
		return nil
	}
	return g.Store.Add(ctx, sums, waits)
}
