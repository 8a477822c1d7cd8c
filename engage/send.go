package engage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage/talk"
	"github.com/parley-crm/parley/social"
)

// send makes one attempt. That it is made is kept before the network is
// called, in a transaction that asks the gate again; what came of it is kept
// after. Between the two anything may happen: what is left in sending becomes
// unknown and is settled by reading.
func (d *Desk) send(ctx context.Context, x Due) error {
	line, err := d.sender(ctx, x.Channel)
	if err != nil {
		return d.unsent(ctx, x, err)
	}
	var leased *Message
	_, err = d.turn(ctx, x.Message, func(ctx context.Context, f *fold, c *Conversation, m *Message) error {
		dl := m.Delivery
		if dl.Stage != Queued || dl.NextAt.After(f.now) {
			return nil // somebody was quicker, or took it back
		}
		verdict, err := d.mayLeave(ctx, c, m, line)
		if err != nil {
			return err
		}
		if !verdict.Clear {
			dl.Goes(Failed, f.now, time.Time{}, "It was not sent. "+verdict.Why)
			f.moved(c, dl)
			return d.Store.Record(ctx, social.Entry{Verb: "refuse", Object: "message", ID: string(m.ID), Detail: map[string]any{
				"conversation": string(c.ID), "why": verdict.Why}})
		}
		why, wait, err := d.follows(ctx, f, c, m, line)
		if err != nil {
			return err
		}
		if wait {
			dl.NextAt = f.now.Add(time.Second)
			f.moved(c, dl)
			return nil
		}
		if why != "" {
			dl.Goes(Failed, f.now, time.Time{}, "It was not sent. "+why)
			f.moved(c, dl)
			return d.Store.Record(ctx, social.Entry{Verb: "refuse", Object: "message", ID: string(m.ID), Detail: map[string]any{
				"conversation": string(c.ID), "why": why}})
		}
		at, err := d.wayOf(ctx, c, m.Origin)
		if err != nil {
			return err
		}
		if err := d.inTime(ctx, line, at, m.Visibility, dl.Parent, f.now); social.Forbidden.Is(err) {
			dl.Goes(Failed, f.now, time.Time{}, "It was not sent. "+err.Error())
			f.moved(c, dl)
			return d.Store.Record(ctx, social.Entry{Verb: "refuse", Object: "message", ID: string(m.ID), Detail: map[string]any{
				"conversation": string(c.ID), "why": err.Error()}})
		} else if err != nil {
			return err
		}
		dl.Begin(f.now, d.Timing.Filled())
		f.moved(c, dl)
		leased = m
		return d.Store.Record(ctx, social.Entry{Verb: "send", Object: "message", ID: string(m.ID), Detail: map[string]any{
			"conversation": string(c.ID), "attempt": dl.Attempts, "member": string(dl.Member)}})
	})
	if err != nil || leased == nil {
		return err
	}
	r, err := d.post(ctx, leased)
	if err != nil { // nothing was called
		return d.landed(ctx, x, leased.Delivery.Attempts, channel.Receipt{}, social.Because(social.Busy, err, "The files that go along cannot be read right now."))
	}
	receipt, err := d.call(ctx, line, r)
	return d.landed(ctx, x, leased.Delivery.Attempts, receipt, err)
}

// mayLeave asks, in the transaction that leases a send, whether its member may
// still speak and the customer still wants to hear.
func (d *Desk) mayLeave(ctx context.Context, c *Conversation, m *Message, line channel.Sender) (Verdict, error) {
	dl := m.Delivery
	if dl.Automatic && dl.Member == "" { // a rule speaks in somebody's name
		return Verdict{Clear: true}, nil
	}
	v, err := d.Gate.Clear(ctx, Ask{Member: dl.Member, Token: dl.Token, Permission: social.InboxReply, Programme: c.Programme, Channel: dl.Channel})
	if err != nil || !v.Clear {
		return v, err
	}
	if strings.HasPrefix(m.Key, byRuleKey) {
		return d.mayServe(ctx, dl.Channel, dl.To.ID(), m.Key)
	}
	if v, err = d.wanted(ctx, dl.Channel, dl.To.ID()); err != nil || !v.Clear {
		return v, err
	}
	return d.copiesWanted(ctx, line, dl.Channel, dl.Copies)
}

// letter is what a network is given. The key is the message's own id.
func letter(m *Message) social.Reply {
	dl := m.Delivery
	var cc []social.Author
	for _, x := range dl.Copies {
		cc = append(cc, social.Author{Scheme: dl.To.Scheme, Value: x.Address})
	}
	return social.Reply{
		Key: string(m.ID), Conversation: m.Conversation, Channel: m.Channel, To: dl.To, Copies: cc, Parent: dl.Parent, Root: dl.Root,
		Title: dl.Title, Text: m.Text, Lang: m.Lang, Visibility: m.Visibility, Attempted: dl.AttemptedAt,
	}
}

// call calls the network with a limit of time. A panic is as good as no answer.
func (d *Desk) call(ctx context.Context, line channel.Sender, r social.Reply) (receipt channel.Receipt, err error) {
	ctx, cancel := context.WithTimeout(ctx, d.Timing.Filled().Send)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = social.Because(social.Unknown, fmt.Errorf("panic: %v", p), "The channel broke down while it sent.")
		}
	}()
	return line.Send(ctx, r)
}

// unsent notes that there was no way to make an attempt.
func (d *Desk) unsent(ctx context.Context, x Due, cause error) error {
	_, err := d.turn(ctx, x.Message, func(_ context.Context, f *fold, c *Conversation, m *Message) error {
		if m.Delivery.Stage != Queued || m.Delivery.NextAt.After(f.now) {
			return nil
		}
		if k := social.KindOf(cause); k == social.Fault || k == social.Unknown {
			cause = social.Because(social.Busy, cause, "The channel does not work just now.") // nothing was called
		}
		m.Delivery.Attempts++
		m.Delivery.Refused(cause, f.now, d.Timing.Filled())
		f.moved(c, m.Delivery)
		return nil
	})
	return err
}

// landed keeps what came of an attempt. A receipt is always right, however
// late it comes; trouble counts only while the attempt is still open.
func (d *Desk) landed(ctx context.Context, x Due, attempt int, receipt channel.Receipt, cause error) error {
	var err error
	for try := range 3 {
		if err = d.keepLanding(ctx, x, attempt, receipt, cause); err == nil {
			break
		}
		d.log().Warn("the outcome of a send was not kept", "message", x.Message, "try", try+1, "error", err)
	}
	if cause != nil && social.Busy.Is(cause) {
		if w := talk.Wait(cause); w > 0 {
			until := d.now().Add(w)
			d.held.hold(x.Channel, until)
			if d.Limited != nil {
				d.Limited(ctx, x.Channel, talk.Said(cause, "The network asks us to wait."), until)
			}
		}
	}
	return err
}

func (d *Desk) keepLanding(ctx context.Context, x Due, attempt int, receipt channel.Receipt, cause error) error {
	_, err := d.turn(ctx, x.Message, func(ctx context.Context, f *fold, c *Conversation, m *Message) error {
		dl := m.Delivery
		if cause != nil {
			if dl.Stage != Sending || dl.Attempts != attempt {
				return nil
			}
			dl.Refused(cause, f.now, d.Timing.Filled())
			f.moved(c, dl)
			return d.Store.Record(ctx, social.Entry{Verb: "outcome", Object: "message", ID: string(m.ID), Detail: map[string]any{
				"conversation": string(c.ID), "attempt": attempt, "stage": string(dl.Stage)}})
		}
		return d.stands(ctx, f, c, m, Sent, receipt)
	})
	return err
}

// stands notes that a message stands on the network at a receipt.
func (d *Desk) stands(ctx context.Context, f *fold, c *Conversation, m *Message, s Stage, r channel.Receipt) error {
	if m.Delivery.Stage.Rank() >= Confirmed.Rank() && (m.ExternalID == r.ExternalID || r.ExternalID == "") {
		return nil
	}
	if err := d.fetch(ctx, f, c, m, &s, r); err != nil {
		return err
	}
	if m.URL == "" {
		m.URL = r.URL
	}
	at := r.At.UTC().Truncate(time.Microsecond)
	if at.IsZero() || at.After(f.now) || at.Before(m.Delivery.AttemptedAt.Add(-time.Minute)) {
		at = f.now
	}
	f.change(c, m)
	f.arrived(c, m, s, at)
	if err := d.reportedBefore(ctx, f, c, m); err != nil {
		return err
	}
	return d.Store.Record(ctx, social.Entry{Verb: "outcome", Object: "message", ID: string(m.ID), Detail: map[string]any{
		"conversation": string(c.ID), "stage": string(m.Delivery.Stage), "external_id": r.ExternalID}})
}

// fetch gives a message its place on the network. If listening was quicker
// and could not tell whose words they were, that message was ours all along.
func (d *Desk) fetch(ctx context.Context, f *fold, c *Conversation, m *Message, s *Stage, r channel.Receipt) error {
	if r.ExternalID == "" || r.ExternalID == m.ExternalID {
		return nil
	}
	other, err := d.Store.External(ctx, m.Channel, r.ExternalID)
	switch {
	case social.NotFound.Is(err):
	case err != nil:
		return err
	case other.ID == m.ID:
	case other.Delivery == nil && other.Kind == FromUs && other.Conversation == c.ID:
		if err := d.Store.Forget(ctx, other.ID); err != nil {
			return err
		}
		m.Activity, *s = other.Activity, Confirmed
		m.Delivery.Told = true // it was counted when it was heard
		c.Messages--
	case other.Delivery != nil:
		// Listening guessed by the text, and wrongly: nobody knows about the other.
		m.Activity, *s = other.Activity, Confirmed
		other.Activity, other.ExternalID = "", ""
		other.Delivery.Ask(f.now)
		if err := d.Store.Save(ctx, Batch{Changed: []*Message{&other}, Deliveries: []*Delivery{other.Delivery}}); err != nil {
			return err
		}
		f.facts = append(f.facts, social.Delivery{Conversation: other.Conversation, Message: other.ID, State: string(NeedsCheck)})
	}
	m.ExternalID = r.ExternalID
	return nil
}

// expire gives up waiting for an attempt that nobody ended.
func (d *Desk) expire(ctx context.Context, x Due) error {
	_, err := d.turn(ctx, x.Message, func(_ context.Context, f *fold, c *Conversation, m *Message) error {
		if m.Delivery.Stage != Sending || m.Delivery.NextAt.After(f.now) {
			return nil
		}
		m.Delivery.Doubt(f.now)
		m.Delivery.NextAt = f.now
		f.moved(c, m.Delivery)
		return nil
	})
	return err
}

// look settles an unknown outcome by reading the network.
func (d *Desk) look(ctx context.Context, x Due) error {
	m, err := d.Store.Message(ctx, x.Message)
	if err != nil {
		return err
	}
	if m.Delivery == nil || m.Delivery.Stage != Unknown {
		return nil
	}
	receipt, err := d.find(ctx, x.Channel, letter(&m))
	return d.seen(ctx, x.Message, m.Delivery.Attempts, receipt, err)
}

// errBlind means that a network cannot be asked at all.
var errBlind = social.Errorf(social.Invalid, "This network can't be asked whether a reply stands there. Look yourself and say what you see.")

func (d *Desk) find(ctx context.Context, id social.ChannelID, r social.Reply) (receipt channel.Receipt, err error) {
	line, err := d.Networks.Channel(ctx, id)
	if err != nil {
		if social.NotFound.Is(err) {
			return receipt, errBlind // the channel is gone, not the reply
		}
		return receipt, err
	}
	finder, ok := line.(channel.Finder)
	if !ok {
		return receipt, errBlind
	}
	ctx, cancel := context.WithTimeout(ctx, d.Timing.Filled().Send)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = social.Because(social.Busy, fmt.Errorf("panic: %v", p), "The channel broke down while it looked.")
		}
	}()
	return finder.Find(ctx, r)
}

// seen keeps what reading told.
func (d *Desk) seen(ctx context.Context, mid social.MessageID, attempt int, receipt channel.Receipt, cause error) error {
	_, err := d.turn(ctx, mid, func(ctx context.Context, f *fold, c *Conversation, m *Message) error {
		dl, t := m.Delivery, d.Timing.Filled()
		if cause == nil {
			return d.stands(ctx, f, c, m, Confirmed, receipt)
		}
		if dl.Attempts != attempt || (dl.Stage != Unknown && dl.Stage != NeedsCheck) {
			return nil
		}
		switch {
		case errors.Is(cause, errBlind):
			dl.Ask(f.now)
		case social.NotFound.Is(cause):
			dl.Missing(f.now, t)
		case dl.Stage == NeedsCheck:
			return nil // still nobody can tell
		default:
			dl.Unclear(cause, f.now, t)
		}
		f.moved(c, dl)
		if dl.Stage == Unknown {
			return nil
		}
		return d.Store.Record(ctx, social.Entry{Verb: "outcome", Object: "message", ID: string(m.ID), Detail: map[string]any{
			"conversation": string(c.ID), "stage": string(dl.Stage)}})
	})
	return err
}

// Check looks at the network now, because a person asks.
func (d *Desk) Check(ctx context.Context, mid social.MessageID) (Message, error) {
	if _, err := member(ctx); err != nil {
		return Message{}, err
	}
	m, err := d.Store.Message(ctx, mid)
	if err != nil {
		return Message{}, err
	}
	if m.Delivery == nil {
		return Message{}, social.Errorf(social.Invalid, "This message was not sent from here.")
	}
	switch m.Delivery.Stage {
	case Sent, Unknown, NeedsCheck, Failed, Returned:
	default:
		return m, nil
	}
	if m.Delivery.AttemptedAt.IsZero() {
		return m, nil // it never left
	}
	receipt, err := d.find(ctx, m.Channel, letter(&m))
	if err != nil && !social.NotFound.Is(err) {
		return Message{}, err
	}
	if err := d.seen(ctx, mid, m.Delivery.Attempts, receipt, err); err != nil {
		return Message{}, err
	}
	return d.Store.Message(ctx, mid)
}
