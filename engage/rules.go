package engage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage/rule"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Rules are asked after, not within, what sets them off: a change writes down
// in its own transaction what has happened; a worker lets the rules look at
// it, each time in one transaction, so that nothing is lost, forgotten or
// done twice. What a rule does sets off nothing.

// ruled marks a ctx in which a rule acts.
type ruled struct{}

func byRule(ctx context.Context) bool { return ctx.Value(ruled{}) != nil }

// happen writes down what has happened to conversations, for the rules.
func (d *Desk) happen(ctx context.Context, f *fold) error {
	if d.Rules == nil || byRule(ctx) {
		return nil
	}
	ready, err := d.Rules.Ready(ctx)
	if err != nil || len(ready) == 0 {
		return err
	}
	wanted := map[rule.Event]bool{}
	for _, r := range ready {
		wanted[r.When] = true
	}
	var tasks []rule.Task
	for c, events := range f.happened() {
		for _, e := range events {
			if wanted[e] {
				tasks = append(tasks, rule.Task{Conversation: c.ID, Event: e, At: f.now, Due: f.now})
			}
		}
	}
	for _, c := range f.touched {
		for _, r := range ready {
			m := c.Waits(r.When)
			if due := r.Due(m); !due.IsZero() {
				tasks = append(tasks, rule.Task{Rule: r.ID, Conversation: c.ID, Event: r.When, Since: m.Since, At: f.now, Due: due})
			}
		}
	}
	slices.SortStableFunc(tasks, func(a, b rule.Task) int { return strings.Compare(string(a.Conversation), string(b.Conversation)) })
	return d.Rules.Store.AddTasks(ctx, tasks)
}

// happened lists what a fold has done to each conversation.
func (f *fold) happened() map[*Conversation][]rule.Event {
	out := map[*Conversation][]rule.Event{}
	add := func(c *Conversation, e rule.Event) {
		if c != nil && !slices.Contains(out[c], e) {
			out[c] = append(out[c], e)
		}
	}
	byID := map[social.ConversationID]*Conversation{}
	for _, c := range f.touched {
		byID[c.ID] = c
	}
	for _, c := range f.opened {
		add(c, rule.Opened)
	}
	for _, m := range f.fresh {
		if m.Kind == FromThem {
			add(byID[m.Conversation], rule.Heard)
		}
	}
	for _, x := range f.facts {
		if a, ok := x.(social.Answered); ok {
			add(byID[a.Conversation], rule.Answered)
		}
	}
	for _, c := range f.touched {
		if was := c.Stood; was != nil {
			switch {
			case was.State != Resolved && c.State == Resolved:
				add(c, rule.Resolved)
			case was.State == Resolved && c.State != Resolved:
				add(c, rule.Reopened)
			}
			if was.Assignee != c.Assignee {
				add(c, rule.Assigned)
			}
		}
	}
	for _, t := range f.tagged {
		if t.On {
			add(byID[t.Conversation], rule.Tagged)
		}
	}
	for _, n := range f.news {
		add(n.c, n.event)
	}
	return out
}

// told is that time has brought something.
type told struct {
	c     *Conversation
	event rule.Event
}

// Rule lets the rules look at what has happened by now. It returns when
// there will be something to do next.
func (d *Desk) Rule(ctx context.Context) (time.Time, error) {
	if d.Rules == nil {
		return time.Time{}, nil
	}
	ctx = asParley(ctx)
	for ctx.Err() == nil {
		tasks, next, err := d.Rules.Store.Tasks(ctx, d.now(), 50)
		if err != nil || len(tasks) == 0 {
			return next, err
		}
		for _, t := range tasks {
			if err := d.ruleOne(ctx, t); err != nil {
				d.log().Warn("a rule stumbled", "conversation", t.Conversation, "event", t.Event, "error", err)
				again := d.now().Add(time.Second << min(t.Attempts, 10))
				if t.Attempts >= 5 {
					again = time.Time{}
				}
				if err := d.Store.InTx(ctx, func(ctx context.Context) error { return d.Rules.Store.FailTask(ctx, t, again) }); err != nil {
					return next, err
				}
			}
		}
	}
	return time.Time{}, ctx.Err()
}

func (d *Desk) ruleOne(ctx context.Context, t rule.Task) error {
	return d.Store.InTx(ctx, func(ctx context.Context) error {
		if mine, err := d.Rules.Store.TakeTask(ctx, t); err != nil || !mine {
			return err
		}
		ready, err := d.Rules.Ready(ctx)
		if err != nil {
			return err
		}
		cs, err := d.Store.Lock(ctx, t.Conversation)
		if social.NotFound.Is(err) {
			return nil // it is gone
		}
		if err != nil {
			return err
		}
		c, f := cs[0], newFold(d.now())
		if c.State == Deleted || !c.GoesAt.IsZero() {
			return nil
		}
		ctx = context.WithValue(ctx, ruled{}, true)
		for _, r := range ready {
			if t.Rule != "" && t.Rule != r.ID {
				continue
			}
			if err := d.follow(ctx, f, c, r, t); err != nil {
				return err
			}
		}
		if len(f.touched) == 0 {
			return nil
		}
		return d.keep(ctx, f)
	})
}

// follow lets one rule act on a conversation, if it fits.
func (d *Desk) follow(ctx context.Context, f *fold, c *Conversation, r *rule.Ready, t rule.Task) error {
	m := rule.Moment{Event: t.Event, At: t.At}
	because := string(t.Event) + "/" + t.At.Format(time.RFC3339Nano)
	if t.Event.Timed() { // it holds for the wait that there is now, not for the one that there was
		m = c.Waits(t.Event)
		m.At = f.now
		due := r.Due(m)
		if due.IsZero() {
			return nil
		}
		if due.After(f.now) {
			return d.Rules.Store.AddTasks(ctx, []rule.Task{{Rule: r.ID, Conversation: c.ID, Event: r.When, Since: m.Since, At: f.now, Due: due}})
		}
		because = string(t.Event) + "/" + m.Since.Format(time.RFC3339Nano)
	}
	tags, err := d.tagsOf(ctx, r)
	if err != nil {
		return err
	}
	if ok, _ := r.Fits(m, c.BegunBy() == ByUs, d.Rules.Fields, c.Bears(tags)); !ok {
		return nil
	}
	if n, err := d.Rules.Store.Runs(ctx, r.ID, c.ID, f.now.Add(-24*time.Hour)); err != nil || n >= rule.MostADay {
		return err
	}
	run := rule.Run{ID: id.At(f.now), Rule: r.ID, Conversation: c.ID, Event: t.Event, Because: because, At: f.now}
	for _, a := range r.Acts {
		did, err := d.actByRule(ctx, f, c, r, a)
		if k := social.KindOf(err); k == social.Invalid || k == social.Forbidden || k == social.Conflict || k == social.NotFound {
			did, err = string(a.Do)+": "+err.Error(), nil
		}
		if err != nil {
			return err
		}
		if did != "" {
			run.Did = append(run.Did, did)
		}
	}
	if len(run.Did) == 0 {
		return nil // all of it was so already
	}
	if fresh, err := d.Rules.Store.AddRun(ctx, run); err != nil || !fresh {
		return err
	}
	return d.note(ctx, f, c, "rule", map[string]any{"rule": string(r.ID), "name": r.Name, "because": string(t.Event), "did": run.Did})
}

// tagsOf is the vocabulary, for a rule that asks for tags.
func (d *Desk) tagsOf(ctx context.Context, r *rule.Ready) (social.Tags, error) {
	if !slices.Contains(r.Conditions.Fields(), "tags") {
		return nil, nil
	}
	return d.tags(ctx)
}

// actByRule does one act; the answer says what was done, "" when it was so already.
func (d *Desk) actByRule(ctx context.Context, f *fold, c *Conversation, r *rule.Ready, a rule.Act) (string, error) {
	opens := ""
	if at, ok := r.Hours.Opens(f.now); ok {
		opens = at.In(r.Hours.Zone()).Format("Monday 2 January, 15:04")
	}
	text := clean(rule.Fill(a.Text, c.Author.Label(), opens))
	switch a.Do {
	case rule.Assign, rule.Release:
		if c.Assignee == a.Member {
			return "", nil
		}
		return string(a.Do), d.deed(ctx, f, c, Deed{Act: ActAssign, Member: a.Member})
	case rule.Team:
		if c.Team == a.Team {
			return "", nil
		}
		return "team", d.deed(ctx, f, c, Deed{Act: ActTeam, Team: a.Team})
	case rule.Raise:
		i := slices.Index(Priorities, c.Priority)
		if i < 0 || i == len(Priorities)-1 {
			return "", nil
		}
		return "raise", d.deed(ctx, f, c, Deed{Act: ActPriority, Priority: Priorities[i+1]})
	case rule.Tag, rule.Untag:
		before := slices.Clone(c.Tags)
		if err := d.deed(ctx, f, c, Deed{Act: Act(a.Do), Tags: a.Tags}); err != nil || slices.Equal(before, c.Tags) {
			return "", err
		}
		return string(a.Do), nil
	case rule.Prioritise:
		if string(c.Priority) == a.Priority {
			return "", nil
		}
		return string(a.Do), d.deed(ctx, f, c, Deed{Act: ActPriority, Priority: Priority(a.Priority)})
	case rule.Resolve:
		if c.State == Resolved {
			return "", nil
		}
		return "resolve", d.resolve(ctx, f, c)
	case rule.Snooze:
		if c.State == Snoozed || c.State == Resolved {
			return "", nil
		}
		return "snooze", d.snooze(ctx, f, c, f.now.Add(time.Duration(a.For)*time.Second))
	case rule.Note:
		m := newMessage(c, Noted, f.now)
		m.Text = text
		f.touch(c)
		f.fresh = append(f.fresh, m)
		return "note", nil
	case rule.Tell, rule.TellLeads:
		to := []social.MemberID{a.Member}
		if a.Do == rule.TellLeads {
			if d.Leads == nil {
				return "", nil
			}
			var err error
			if to, err = d.Leads.Leads(ctx, c.Programme); err != nil {
				return "", err
			}
		}
		if d.Notices == nil || len(to) == 0 {
			return "", nil
		}
		if text == "" {
			text = "“" + r.Name + "”: " + c.Author.Label() + "."
		}
		return string(a.Do), d.Notices.Notify(ctx, social.Notice{Key: fmt.Sprintf("rule/%s/%s/%d", r.ID, c.ID, f.now.UnixMicro()), Kind: "due", Text: text,
			Link: "/engage?c=" + string(c.ID), Programme: c.Programme, Members: to})
	case rule.Reply:
		return d.replyByRule(ctx, f, c, r, text)
	}
	return "", nil
}

// replyByRule queues automatic words; at most once in a conversation by one rule.
func (d *Desk) replyByRule(ctx context.Context, f *fold, c *Conversation, r *rule.Ready, text string) (string, error) {
	at, err := d.way(ctx, c, Words{})
	if err != nil {
		return "", err
	}
	if at.Parent == "" || at.Author.Bot {
		return "", nil
	}
	key := byRuleKey + string(r.ID) + "/" + string(c.ID)
	if _, err := d.Store.Keyed(ctx, key); err == nil {
		return "", nil // it was said before
	} else if !social.NotFound.Is(err) {
		return "", err
	}
	if err := pass(d.mayServe(ctx, at.Channel, at.Author.ID(), fmt.Sprintf("%s/%d", key, f.now.UnixMicro()))); err != nil {
		return "", err
	}
	said, err := d.automatic(ctx, f, c, at, key, r.Owner, text)
	if err != nil || !said {
		return "", err
	}
	return "reply", nil
}

// byRuleKey begins the key of what a rule says.
const byRuleKey = "rule/"

// mayServe asks whether somebody may be written to by itself: neither a STOP
// nor the ledger of consents forbids it.
func (d *Desk) mayServe(ctx context.Context, c social.ChannelID, who social.IdentityID, reference string) (Verdict, error) {
	v, err := d.wanted(ctx, c, who)
	if err != nil || !v.Clear || d.Consents == nil {
		return v, err
	}
	may, why, err := d.Consents.MayServe(ctx, who, c, reference)
	return Verdict{Clear: may, Why: why}, err
}

// Whisper queues automatic words in a private conversation in the name of a
// member who answers for them: to whoever began it and to nobody else, whatever
// was merged into it. The same key is said once. It reports whether they were
// queued: not where nobody is there to read them in private. What refuses them,
// such as the gate, does not spoil the transaction of ctx.
func (d *Desk) Whisper(ctx context.Context, id social.ConversationID, key string, owner social.MemberID, text string) (said bool, err error) {
	var refused error
	row, err := d.Store.Row(asParley(ctx), id, "")
	if err == nil {
		err = row.Here() // before the transaction: what refuses must not spoil it
	}
	if err != nil {
		return false, err
	}
	err = d.act(asParley(ctx), id, func(ctx context.Context, f *fold, c *Conversation) error {
		if c.Counterpart == "" {
			return nil
		}
		var err error
		said, err = d.automatic(ctx, f, c, c, key, owner, clean(text))
		switch social.KindOf(err) {
		case social.Forbidden, social.Invalid, social.NotFound, social.Conflict: // said before anything was written
			refused = err
			return nil
		}
		return err
	})
	return said, cmp.Or(err, refused)
}

// automatic queues automatic words. They never count as an answer, and pass
// the gate in the name of whoever answers for them, now and again when they
// leave. It reports whether they were queued: they are not when they were
// before, or nobody is there to read them. They go where at says.
func (d *Desk) automatic(ctx context.Context, f *fold, c, at *Conversation, key string, owner social.MemberID, text string) (bool, error) {
	if _, err := d.Store.Keyed(ctx, key); err == nil {
		return false, nil
	} else if !social.NotFound.Is(err) {
		return false, err
	}
	if at.Parent == "" || at.Author.Bot {
		return false, nil // nobody is there to read it, or a machine is
	}
	if err := pass(d.Gate.Clear(ctx, Ask{Member: owner, Permission: social.InboxReply, Programme: c.Programme, Channel: at.Channel})); err != nil {
		return false, err
	}
	if err := pass(d.wanted(ctx, at.Channel, at.Author.ID())); err != nil {
		return false, err
	}
	line, err := d.sender(ctx, at.Channel)
	if err != nil {
		return false, err
	}
	if !slices.Contains(line.Visibilities(), at.Visibility) {
		return false, social.Errorf(social.Invalid, "This channel can't carry a %s reply.", at.Visibility)
	}
	if err := d.inTime(ctx, line, at, at.Visibility, at.Parent, f.now); err != nil {
		return false, err
	}
	if room := channel.Measure(line, at.Visibility, text); !room.Fits {
		return false, invalid("text", tooLong(room))
	}
	title, err := d.titleOf(ctx, at, at.Parent)
	if err != nil {
		return false, err
	}
	m := answer(c, at, f.now)
	m.Visibility, m.Key, m.Text, m.Parent = at.Visibility, key, text, at.Parent
	m.Delivery = &Delivery{
		Message: m.ID, Conversation: c.ID, Channel: at.Channel, Member: owner, To: at.Author, Parent: at.Parent, Root: at.Home(), Written: text, Title: title,
		Automatic: true, Stage: Queued, QueuedAt: f.now, UndoUntil: f.now, NextAt: f.now, ChangedAt: f.now, Newest: true,
	}
	f.touch(c)
	f.said(c, m)
	f.fresh = append(f.fresh, m)
	c.Delivery = Queued
	f.facts = append(f.facts, social.Delivery{Conversation: c.ID, Message: m.ID, State: string(Queued)})
	return true, d.Store.Record(ctx, social.Entry{Verb: "reply", Object: "message", ID: string(m.ID), Detail: map[string]any{
		"conversation": string(c.ID), "visibility": string(m.Visibility), "sha256": sum(m.Text), "automatic": key}})
}
