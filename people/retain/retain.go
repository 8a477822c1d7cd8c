// Package retain lets what is old go by itself: rules say how long each kind
// of data is kept, and a run of them, every night, takes away what is older.
//
// It promises that a rule does nothing until it is turned on, that one may see
// before what would go, that nothing goes which a legal hold keeps, that a run
// goes on where it was after a kill, that what counts stays counted, and that
// the record and the receipt say how much went and never whose it was.
package retain

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// The kinds of data that rules speak of.
const (
	Conversations = "conversations" // the words of those that ended
	Posts         = "posts"         // on the wall, that no conversation holds
	Raw           = "raw"           // events as they arrived
	Files         = "files"         // that came or went with messages, or hang on persons
	Persons       = "persons"       // of whom nothing was heard
	Visits        = "visits"        // who followed which link, guests of events, words of readers
)

// Kinds are all of them, in the order in which a run goes over them.
func Kinds() []string { return []string{Raw, Files, Posts, Conversations, Visits, Persons} }

// Narrow reports whether a rule of a kind can be for one channel.
func Narrow(kind string) bool {
	return kind == Conversations || kind == Posts || kind == Raw || kind == Files
}

// The longest terms, in months. What arrived is kept as it arrived for ninety
// days at most, whatever a rule says.
const (
	most    = 240
	mostRaw = 3
)

// Rule says how long a kind of data is kept.
type Rule struct {
	ID      string
	Kind    string
	Channel social.ChannelID // "" for all
	Months  int
	Even    bool // persons with orders, opportunities, goals or promises as well
	On      bool
	By      social.MemberID
	Changed time.Time
}

// Line is what came of one rule in a run.
type Line struct {
	Rule     string                `json:"rule"`
	Kind     string                `json:"kind"`
	Channel  social.ChannelID      `json:"channel,omitempty"`
	Months   int                   `json:"months"`
	Even     bool                  `json:"even,omitempty"`
	Before   time.Time             `json:"before"`
	Of       int                   `json:"of"`   // there were, when the run came to it
	Rows     int                   `json:"rows"` // that went
	Oldest   time.Time             `json:"oldest,omitzero"`
	Spared   int                   `json:"spared"` // that a hold keeps
	Examples []social.StaleExample `json:"examples,omitempty"`
	Looked   bool                  `json:"looked,omitempty"`
	From     string                `json:"from,omitempty"` // where it goes on
	Done     bool                  `json:"done,omitempty"`
}

// The states of a run.
const (
	Running = "running"
	Done    = "done"
)

// Run is one time that the rules were gone over.
type Run struct {
	ID        string
	Dry       bool // nothing went
	State     string
	By        social.MemberID // "" for the night
	Began     time.Time
	Ended     time.Time
	Lines     []Line
	Signature string
}

// Text is what the signature of a run is of.
func (r Run) Text() []byte {
	type line struct {
		Kind    string           `json:"kind"`
		Channel social.ChannelID `json:"channel,omitempty"`
		Months  int              `json:"months"`
		Rows    int              `json:"rows"`
		Spared  int              `json:"spared"`
	}
	out := struct {
		Run   string    `json:"run"`
		Began time.Time `json:"began"`
		Ended time.Time `json:"ended"`
		Gone  []line    `json:"gone"`
	}{Run: r.ID, Began: r.Began, Ended: r.Ended}
	for _, l := range r.Lines {
		out.Gone = append(out.Gone, line{l.Kind, l.Channel, l.Months, l.Rows, l.Spared})
	}
	text, _ := json.Marshal(out) // plain values always marshal
	return text
}

// Shelf is one kind of data, as the rooms hold it.
type Shelf interface {
	Look(ctx context.Context, a social.Aged) (social.Stale, error)
	// Take lets some of it go, from a place in its order, in the transaction of
	// ctx; next is where to go on, "" at the end. Taken again it is not counted twice.
	Take(ctx context.Context, a social.Aged, run, from string, most int) (n int, next string, err error)
}

// Apart is a shelf that commits by itself, so that it is asked afterwards how
// much of it went in a run.
type Apart interface {
	Shelf
	Took(ctx context.Context, run string) (int, error)
}

// Store keeps rules and runs.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	Rules(ctx context.Context) ([]Rule, error)
	Rule(ctx context.Context, id string) (Rule, error)
	// SaveRule is kind Conflict for a second rule of the same kind and channel.
	SaveRule(ctx context.Context, r Rule) error
	DropRule(ctx context.Context, id string) error
	SaveRun(ctx context.Context, r Run) error
	Run(ctx context.Context, id string) (Run, error)
	Runs(ctx context.Context, cursor string, limit int) ([]Run, string, error)
	// Last returns the newest run that was dry, or was not; NotFound when there was none.
	Last(ctx context.Context, dry bool) (Run, error)
}

// Holds knows what legal holds keep back.
type Holds interface {
	Spared(ctx context.Context) (social.Spared, error)
	Sign(text []byte) string
	Signed(text []byte, signature string) bool
	Scour(ctx context.Context) error
}

// Office keeps the rules and runs them. Fill in the fields.
type Office struct {
	Store   Store
	Shelves map[string]Shelf
	Holds   Holds
	Clock   clock.Clock
	Log     *slog.Logger
	// Know reports kind NotFound of a channel that does not exist.
	Know func(ctx context.Context, c social.ChannelID) error
	// After is told that something went, so that what is kept in memory is forgotten.
	After func()

	mu   sync.Mutex
	once sync.Once
	wake chan struct{}
}

func (o *Office) now() time.Time { return o.Clock.Now().UTC().Truncate(time.Microsecond) }

func invalid(field, text string, args ...any) error {
	e := social.Errorf(social.Invalid, text, args...)
	e.Field = field
	return e
}

func (r Rule) check() error {
	longest := most
	if r.Kind == Raw {
		longest = mostRaw
	}
	known := false
	for _, k := range Kinds() {
		known = known || k == r.Kind
	}
	switch {
	case !known:
		return invalid("kind", "There are rules for conversations, posts, raw events, files, persons and visits.")
	case r.Channel != "" && !Narrow(r.Kind):
		return invalid("channel", "This rule is for all channels.")
	case r.Months < 1 || r.Months > longest:
		return invalid("months", "Choose 1 to %d months.", longest)
	case r.Even && r.Kind != Persons:
		return invalid("even", "Only persons have orders, opportunities and goals.")
	}
	return nil
}

// Add makes a rule. It is off.
func (o *Office) Add(ctx context.Context, r Rule) (Rule, error) {
	if err := r.check(); err != nil {
		return r, err
	}
	if r.Channel != "" && o.Know(ctx, r.Channel) != nil {
		return r, invalid("channel", "There is no such channel.")
	}
	r.ID, r.On = id.At(o.now()), false
	return r, o.save(ctx, "create", &r)
}

func (o *Office) save(ctx context.Context, verb string, r *Rule) error {
	a, _ := social.ActorOf(ctx)
	r.By, r.Changed = a.Member, o.now()
	return o.Store.InTx(ctx, func(ctx context.Context) error {
		if err := o.Store.SaveRule(ctx, *r); err != nil {
			return err
		}
		return o.record(ctx, verb, *r)
	})
}

func (o *Office) record(ctx context.Context, verb string, r Rule) error {
	return o.Store.Record(ctx, social.Entry{Verb: verb, Object: "retention_rule", ID: r.ID, Detail: map[string]any{"kind": r.Kind, "channel": r.Channel, "months": r.Months, "even": r.Even, "on": r.On}})
}

// Change is what may be changed of a rule; nil leaves it.
type Change struct {
	Months   *int
	Even, On *bool
}

// Edit changes a rule.
func (o *Office) Edit(ctx context.Context, which string, c Change) (Rule, error) {
	var r Rule
	err := o.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if r, err = o.Store.Rule(ctx, which); err != nil {
			return err
		}
		if c.Months != nil {
			r.Months = *c.Months
		}
		if c.Even != nil {
			r.Even = *c.Even
		}
		if c.On != nil {
			r.On = *c.On
		}
		if err := r.check(); err != nil {
			return err
		}
		return o.save(ctx, "update", &r)
	})
	return r, err
}

// Drop removes a rule.
func (o *Office) Drop(ctx context.Context, which string) error {
	return o.Store.InTx(ctx, func(ctx context.Context) error {
		r, err := o.Store.Rule(ctx, which)
		if err != nil {
			return err
		}
		if err := o.Store.DropRule(ctx, which); err != nil {
			return err
		}
		return o.record(ctx, "delete", r)
	})
}
