package rule

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/engage/hours"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Store keeps rules, what they wait for, and what they did.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	Rules(ctx context.Context) ([]Rule, error)
	SaveRule(ctx context.Context, r Rule) error
	DropRule(ctx context.Context, id ID) error
	// Grow makes what waits to be worked out anew for all that is open.
	Grow(ctx context.Context) (int64, error)

	// AddTasks keeps what has happened, until rules have looked at it.
	AddTasks(ctx context.Context, tasks []Task) error
	// Tasks lists what is due by now, first come first served, and when the next is.
	Tasks(ctx context.Context, now time.Time, limit int) ([]Task, time.Time, error)
	// TakeTask forgets a task; false when somebody else was quicker.
	TakeTask(ctx context.Context, t Task) (bool, error)
	// FailTask puts a task off, or gives up on it.
	FailTask(ctx context.Context, t Task, next time.Time) error
	// AddRun keeps that a rule acted, false when it has for the same reason.
	AddRun(ctx context.Context, r Run) (bool, error)
	// Runs counts how often a rule acted on a conversation since a time, up to MostADay.
	Runs(ctx context.Context, id ID, c social.ConversationID, since time.Time) (int, error)
	// RunsOf lists what a rule did, newest first.
	RunsOf(ctx context.Context, id ID, cursor string, limit int) ([]Run, string, error)
	// Lately lists conversations within the scope of ctx with words since a
	// time, newest first, and all that was said and done in them since.
	Lately(ctx context.Context, since time.Time, limit int) ([]Story, error)
}

// Task is a conversation that rules are to look at.
type Task struct {
	ID           int64
	Rule         ID // of a timed event; "" for what happened
	Conversation social.ConversationID
	Event        Event
	Since        time.Time // of a timed event
	At           time.Time // when it happened
	Due          time.Time
	Attempts     int
}

// Run is that a rule acted.
type Run struct {
	ID           string
	Rule         ID
	Conversation social.ConversationID
	Event        Event
	Because      string // names the happening, so that it is acted on once
	Did          []string
	At           time.Time
}

// Story is what was said and done in a conversation.
type Story struct {
	Conversation social.ConversationID
	Began        time.Time
	Moments      []Moment
}

// Book is all rules. Fill in the fields and use it.
type Book struct {
	Store  Store
	Hours  func(ctx context.Context) (func(hours.ID) *hours.Hours, error)
	Clock  clock.Clock
	Fields []cond.Field
}

func (b *Book) now() time.Time { return b.Clock.Now().UTC().Truncate(time.Microsecond) }

// Rules lists all rules in their order.
func (b *Book) Rules(ctx context.Context) ([]Rule, error) { return b.Store.Rules(ctx) }

// Ready lists the rules that are on, with their hours.
func (b *Book) Ready(ctx context.Context) ([]*Ready, error) {
	all, err := b.Store.Rules(ctx)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(r Rule) bool { return !r.On })
	if len(all) == 0 {
		return nil, nil
	}
	return b.ready(ctx, all...)
}

func (b *Book) ready(ctx context.Context, all ...Rule) ([]*Ready, error) {
	of, err := b.Hours(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]*Ready, len(all))
	for i, r := range all {
		out[i] = &Ready{Rule: r, Hours: of(r.Calendar)}
	}
	return out, nil
}

var errNone = social.Errorf(social.NotFound, "This rule does not exist.")

// Save adds a rule (no id) or changes one. Whoever does answers for what it says.
func (b *Book) Save(ctx context.Context, r Rule) (Rule, error) {
	a, _ := social.ActorOf(ctx)
	if a.Member == "" {
		return r, social.Errorf(social.Forbidden, "A rule needs a member who answers for it.")
	}
	if err := r.Check(b.Fields); err != nil {
		return r, err
	}
	of, err := b.Hours(ctx)
	if err != nil {
		return r, err
	}
	if r.Calendar != "" && of(r.Calendar) == nil {
		return r, &social.Error{Kind: social.Invalid, Field: "calendar", Text: "This calendar does not exist."}
	}
	err = b.Store.InTx(ctx, func(ctx context.Context) error {
		all, err := b.Store.Rules(ctx)
		if err != nil {
			return err
		}
		verb := "change"
		i := slices.IndexFunc(all, func(x Rule) bool { return x.ID == r.ID })
		switch {
		case r.ID == "" && len(all) >= MaxRules:
			return social.Errorf(social.Invalid, "There are %d rules already.", MaxRules)
		case r.ID == "":
			r.ID, r.CreatedAt, verb = ID(id.New()), b.now(), "add"
			for _, x := range all {
				r.Position = max(r.Position, x.Position+1)
			}
		case i < 0:
			return errNone
		default:
			r.CreatedAt, r.Position = all[i].CreatedAt, all[i].Position
		}
		r.ChangedAt, r.Owner = b.now(), a.Member
		if _, err := b.Store.Grow(ctx); err != nil {
			return err
		}
		if err := b.Store.SaveRule(ctx, r); err != nil {
			return err
		}
		return b.Store.Record(ctx, social.Entry{Verb: verb, Object: "rule", ID: string(r.ID), Detail: map[string]any{"name": r.Name, "on": r.On, "when": string(r.When), "conditions": r.Conditions, "acts": r.Acts}})
	})
	return r, err
}

// Drop removes a rule.
func (b *Book) Drop(ctx context.Context, rid ID) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.DropRule(ctx, rid); err != nil {
			return err
		}
		return b.Store.Record(ctx, social.Entry{Verb: "remove", Object: "rule", ID: string(rid)})
	})
}

// Order puts the rules into an order, in which they act.
func (b *Book) Order(ctx context.Context, ids []ID) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		all, err := b.Store.Rules(ctx)
		if err != nil {
			return err
		}
		for _, r := range all {
			i := slices.Index(ids, r.ID)
			if i < 0 || len(ids) != len(all) {
				return social.Errorf(social.Conflict, "The rules have changed meanwhile. Look again.")
			}
			r.Position = i
			if err := b.Store.SaveRule(ctx, r); err != nil {
				return err
			}
		}
		return b.Store.Record(ctx, social.Entry{Verb: "order", Object: "rule", Detail: map[string]any{"ids": ids}})
	})
}

// tried is how many conversations a dry run looks at.
const tried = 500

// Would is that a rule would have acted on a conversation.
type Would struct {
	Conversation social.ConversationID
	At           time.Time
	Times        int
}

// Tried is what came of a dry run.
type Tried struct {
	Looked int // conversations with words in the last week
	All    bool
	Would  []Would
}

// Try says what a rule would have done in the last week, without doing
// anything: by what was said and done then, and by conditions as they are now.
func (b *Book) Try(ctx context.Context, r Rule, value func(ctx context.Context, ids []social.ConversationID) (map[social.ConversationID]func(string) cond.Value, error)) (Tried, error) {
	if err := r.Check(b.Fields); err != nil {
		return Tried{}, err
	}
	r.On = true
	ready, err := b.ready(ctx, r)
	if err != nil {
		return Tried{}, err
	}
	now := b.now()
	since := now.Add(-7 * 24 * time.Hour)
	stories, err := b.Store.Lately(ctx, since, tried)
	if err != nil || len(stories) == 0 {
		return Tried{All: true}, err
	}
	ids := make([]social.ConversationID, len(stories))
	for i, s := range stories {
		ids[i] = s.Conversation
	}
	values, err := value(ctx, ids)
	if err != nil {
		return Tried{}, err
	}
	out := Tried{Looked: len(stories), All: len(stories) < tried}
	for _, s := range stories {
		of := values[s.Conversation]
		if of == nil {
			continue
		}
		us := of("started_by").Text == "us"
		w := Would{Conversation: s.Conversation}
		for _, m := range moments(ready[0], s, now) {
			if ok, _ := ready[0].Fits(m, us, b.Fields, of); ok && !m.At.Before(since) {
				if w.Times++; w.At.IsZero() {
					w.At = m.At
				}
			}
		}
		if w.Times > 0 {
			out.Would = append(out.Would, w)
		}
	}
	return out, nil
}

// moments are those of a story that a rule is about: of a timed one, the ends
// of the waits that lasted so long.
func moments(r *Ready, s Story, now time.Time) []Moment {
	if !r.When.Timed() {
		out := slices.DeleteFunc(slices.Clone(s.Moments), func(m Moment) bool { return m.Event != r.When })
		if r.When == Opened {
			out = append(out, Moment{Event: Opened, At: s.Began})
		}
		return out
	}
	begin, end := Heard, []Event{Answered, Resolved}
	if r.When == WaitsThem {
		begin, end = Answered, []Event{Heard, Resolved}
	}
	var out []Moment
	var since time.Time
	over := func(at time.Time) {
		if !since.IsZero() {
			if due := r.Due(Moment{Event: r.When, Since: since}); !due.After(at) {
				out = append(out, Moment{Event: r.When, Since: since, At: due})
			}
		}
	}
	for _, m := range s.Moments {
		switch {
		case m.Event == begin && (since.IsZero() || begin == Answered):
			over(m.At)
			since = m.At
		case slices.Contains(end, m.Event):
			over(m.At)
			since = time.Time{}
		}
	}
	over(now)
	return out
}
