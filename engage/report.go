package engage

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage/copies"
	"github.com/parley-crm/parley/social"
)

// Reported takes in what a channel told of messages of ours: delivered, read,
// or returned. Hearing the same again changes nothing, and the order does not
// matter. What is told of a message that is not known yet is kept until it is:
// a network may be quicker than its own answer. It joins the transaction of ctx.
func (d *Desk) Reported(ctx context.Context, c social.ChannelID, reports []social.Report) error {
	type about struct {
		report social.Report
		m      Message
	}
	return d.Store.InTx(asParley(ctx), func(ctx context.Context) error {
		var known []about
		var early []social.Report
		for _, r := range reports {
			m, err := d.meant(ctx, c, r)
			switch {
			case err == nil:
				known = append(known, about{r, m})
			case !social.NotFound.Is(err):
				return err
			case r.ExternalID != "":
				early = append(early, r)
			}
		}
		slices.SortStableFunc(known, func(a, b about) int { return cmp.Compare(a.m.Conversation, b.m.Conversation) })
		for _, k := range known {
			_, err := d.turn(ctx, k.m.ID, func(ctx context.Context, f *fold, c *Conversation, m *Message) error {
				return d.told(ctx, f, c, m, k.report)
			})
			if err != nil {
				return err
			}
		}
		for _, r := range early {
			if err := d.Store.KeepReport(ctx, c, r, d.now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// meant finds the message that a report is about: by its place on the network,
// or by our key. What was not sent from here is not found.
func (d *Desk) meant(ctx context.Context, c social.ChannelID, r social.Report) (Message, error) {
	none := social.Errorf(social.NotFound, "No message of ours is meant.")
	if r.ExternalID != "" {
		m, err := d.Store.External(ctx, c, r.ExternalID)
		if err == nil && m.Delivery != nil {
			return m, nil
		}
		if err != nil && !social.NotFound.Is(err) {
			return m, err
		}
	}
	if r.Key == "" {
		return Message{}, none
	}
	m, err := d.Store.Message(ctx, social.MessageID(r.Key))
	switch {
	case err != nil:
		return m, err
	case m.Channel != c || m.Delivery == nil || m.Delivery.Attempts == 0:
		return Message{}, none
	case m.Delivery.Stage == Sending && r.State == social.ReportFailed:
		return Message{}, none // of which attempt, its receipt will say
	}
	return m, nil
}

// reportedBefore takes in what was told of a message before we knew where it
// stands.
func (d *Desk) reportedBefore(ctx context.Context, f *fold, c *Conversation, m *Message) error {
	if m.ExternalID == "" {
		return nil
	}
	reports, err := d.Store.TakeReports(ctx, m.Channel, m.ExternalID)
	if err != nil {
		return err
	}
	for _, r := range reports {
		if err := d.told(ctx, f, c, m, r); err != nil {
			return err
		}
	}
	return nil
}

// told folds one report into a message of ours.
func (d *Desk) told(ctx context.Context, f *fold, c *Conversation, m *Message, r social.Report) error {
	dl := m.Delivery
	was, to := dl.Stage, stageOf(r.State)
	if copies.Has(dl.Copies, r.To) && !strings.EqualFold(dl.To.Value, r.To) {
		if to != Returned {
			return nil // that one of the others has it says nothing of the customer
		}
		f.touch(c)
		return d.Store.KeepCopyProblem(ctx, m.ID, r.To, cmp.Or(clean(r.Text), "It came back."))
	}
	switch {
	case to == "" || was == Cancelled || dl.AttemptedAt.IsZero():
		return nil
	case to.Rank() <= was.Rank():
		return nil // known already, or less than what is known
	case to == Returned && (was == Queued || was == Sending || was == Failed):
		return nil // of an attempt before
	}
	if m.ExternalID == "" && r.ExternalID != "" {
		m.ExternalID = r.ExternalID
	}
	at := r.At.UTC().Truncate(time.Microsecond)
	if at.IsZero() || at.After(f.now) || at.Before(dl.AttemptedAt) {
		at = f.now
	}
	f.change(c, m)
	if to == Returned {
		f.returned(c, dl, at, r.Text)
		if err := d.note(ctx, f, c, "returned", map[string]any{"message": string(m.ID), "why": dl.Problem}); err != nil {
			return err
		}
	} else {
		f.arrived(c, m, to, at)
	}
	dl.ChangedAt = at
	return d.Store.Record(ctx, social.Entry{Verb: "outcome", Object: "message", ID: string(m.ID), Detail: map[string]any{
		"conversation": string(c.ID), "stage": string(to), "was": string(was), "external_id": m.ExternalID}})
}

func stageOf(s social.ReportState) Stage {
	switch s {
	case social.ReportDelivered:
		return Delivered
	case social.ReportRead:
		return Read
	case social.ReportFailed:
		return Returned
	}
	return ""
}

// returned notes that words of ours never reached them: it is our turn again,
// as if we had not answered. Nothing is sent again by itself.
func (f *fold) returned(c *Conversation, dl *Delivery, at time.Time, why string) {
	if why = clean(why); why == "" {
		why = "The network could not deliver it and did not say why."
	}
	dl.Goes(Returned, f.now, time.Time{}, why)
	if dl.SentAt.IsZero() {
		dl.SentAt = at
	}
	f.moved(c, dl)
	if dl.Automatic || dl.Upto.IsZero() || c.AnsweredTo.After(dl.Upto) {
		return // something else has answered since
	}
	c.AnsweredTo = dl.Upto.Add(-time.Microsecond)
	if c.State == Resolved || c.State == Snoozed {
		c.State, c.SnoozedUntil, c.ResolvedAt = Open, time.Time{}, time.Time{}
		f.reopened = append(f.reopened, c)
	}
	c.Turn = Ours
	f.stale[c] = true
}

// titleOf is what a reply to a message is called, on a channel whose messages
// bear titles.
func (d *Desk) titleOf(ctx context.Context, c *Conversation, parent string) (string, error) {
	line, err := d.Networks.Channel(ctx, c.Channel)
	if err != nil {
		return "", nil // sending will say what is wrong
	}
	if _, ok := line.(channel.Titler); !ok {
		return "", nil
	}
	m, err := d.Store.External(ctx, c.Channel, parent)
	if err == nil && m.Title != "" {
		return m.Title, nil
	}
	if err != nil && !social.NotFound.Is(err) {
		return "", err
	}
	return c.Subject, nil
}

// Title is what a reply in a conversation will be called; "" where replies
// bear no title.
func (d *Desk) Title(ctx context.Context, c Conversation) string {
	title, err := d.titleOf(ctx, &c, c.Parent)
	if err != nil || title == "" {
		return ""
	}
	line, err := d.Networks.Channel(ctx, c.Channel)
	if err != nil {
		return ""
	}
	if t, ok := line.(channel.Titler); ok {
		return t.Title(title)
	}
	return ""
}
