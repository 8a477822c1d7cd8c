package pledge

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/parley-crm/parley/engage/hours"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Store keeps calendars and pledges. All of it is read by everybody who may
// read the inbox; it says nothing of anybody.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	Calendars(ctx context.Context) ([]hours.Calendar, error)
	SaveCalendar(ctx context.Context, c hours.Calendar) error
	DropCalendar(ctx context.Context, id hours.ID) error
	Pledges(ctx context.Context) ([]Pledge, error)
	SavePledge(ctx context.Context, p Pledge) error
	DropPledge(ctx context.Context, id ID) error
	// Version is a number that grows with every change of any of them.
	Version(ctx context.Context) (int64, error)
	// Grow makes the next version; whatever stands under the old ones is to
	// be worked out again.
	Grow(ctx context.Context) (int64, error)
	// Report reads what came of goals whose time began on the days from one
	// to before another, by programme and channel, within the scope of ctx.
	Report(ctx context.Context, from, to time.Time, p social.ProgrammeID) ([]Count, error)
	// Outcomes reads a page of what came of goals, newest first.
	Outcomes(ctx context.Context, q OutcomeQuery) ([]Kept, string, error)
}

// Count is how often goals were kept and missed.
type Count struct {
	Day          time.Time
	Programme    social.ProgrammeID
	Channel      social.ChannelID
	Pledge       ID
	Goal         Goal
	Kept, Missed int
}

// OutcomeQuery asks for conversations behind a number.
type OutcomeQuery struct {
	From, To  time.Time
	Goal      Goal
	Missed    bool // only those; else only those that were kept
	Programme social.ProgrammeID
	Channel   social.ChannelID
	Cursor    string
	Limit     int
}

// Kept is what came of one goal of one conversation.
type Kept struct {
	Conversation social.ConversationID
	Outcome
}

// Book is all promises and calendars. Fill in the fields and use it; it is
// safe for concurrent use.
type Book struct {
	Store  Store
	Clock  clock.Clock
	Fields []cond.Field

	mu       sync.Mutex
	version  int64
	ready    bool
	promises []*Promise
	hours    map[hours.ID]*hours.Hours
}

// load reads what has changed.
func (b *Book) load(ctx context.Context) error {
	v, err := b.Store.Version(ctx)
	if err != nil {
		return err
	}
	b.mu.Lock()
	same := b.ready && b.version == v
	b.mu.Unlock()
	if same {
		return nil
	}
	calendars, err := b.Store.Calendars(ctx)
	if err != nil {
		return err
	}
	pledges, err := b.Store.Pledges(ctx)
	if err != nil {
		return err
	}
	all := map[hours.ID]*hours.Hours{}
	for i := range calendars {
		if all[calendars[i].ID], err = calendars[i].Open(); err != nil {
			return err
		}
	}
	var promises []*Promise
	for _, p := range pledges {
		if p.On {
			p.Version = v // of everything: a change of hours changes it as well
			promises = append(promises, &Promise{Pledge: p, Hours: all[p.Calendar]})
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.version, b.ready, b.promises, b.hours = v, true, promises, all
	return nil
}

// Now reads the promises as they are now.
func (b *Book) Now(ctx context.Context) (Promises, error) {
	if err := b.load(ctx); err != nil {
		return Promises{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return Promises{b.promises, b.hours, b.Fields, b.version}, nil
}

// Promises are all promises at one moment.
type Promises struct {
	all     []*Promise
	hours   map[hours.ID]*hours.Hours
	fields  []cond.Field
	Version int64
}

// Of is the promise that a thing is under, nil for none: the first that fits.
func (ps Promises) Of(value func(field string) cond.Value, now time.Time) *Promise {
	for _, p := range ps.all {
		if cond.Holds(p.Conditions, ps.fields, value, now) {
			return p
		}
	}
	return nil
}

// Hours are those of a calendar, nil for the one that is always open.
func (ps Promises) Hours(id hours.ID) *hours.Hours { return ps.hours[id] }

// Calendar gives the hours of each calendar as they are now.
func (b *Book) Calendar(ctx context.Context) (func(hours.ID) *hours.Hours, error) {
	ps, err := b.Now(ctx)
	return ps.Hours, err
}

// Calendars lists all calendars by name.
func (b *Book) Calendars(ctx context.Context) ([]hours.Calendar, error) {
	out, err := b.Store.Calendars(ctx)
	slices.SortFunc(out, func(x, y hours.Calendar) int { return strings.Compare(x.Name, y.Name) })
	return out, err
}

// Pledges lists all pledges in their order.
func (b *Book) Pledges(ctx context.Context) ([]Pledge, error) { return b.Store.Pledges(ctx) }

const maxCalendars, maxPledges = 50, 50

func (b *Book) now() time.Time { return b.Clock.Now().UTC().Truncate(time.Microsecond) }

// SaveCalendar adds a calendar (no id) or changes one.
func (b *Book) SaveCalendar(ctx context.Context, c hours.Calendar) (hours.Calendar, error) {
	if err := c.Check(); err != nil {
		return c, err
	}
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		all, err := b.Store.Calendars(ctx)
		if err != nil {
			return err
		}
		verb := "change"
		i := slices.IndexFunc(all, func(x hours.Calendar) bool { return x.ID == c.ID })
		switch {
		case c.ID == "" && len(all) >= maxCalendars:
			return social.Errorf(social.Invalid, "There are %d calendars already.", maxCalendars)
		case c.ID == "":
			c.ID, c.CreatedAt, verb = hours.ID(id.New()), b.now(), "add"
		case i < 0:
			return errNoCalendar
		default:
			c.CreatedAt = all[i].CreatedAt
		}
		c.ChangedAt = b.now()
		if c.Version, err = b.Store.Grow(ctx); err != nil {
			return err
		}
		if err := b.Store.SaveCalendar(ctx, c); err != nil {
			return err
		}
		return b.Store.Record(ctx, social.Entry{Verb: verb, Object: "calendar", ID: string(c.ID), Detail: map[string]any{"name": c.Name, "zone": c.Zone, "week": c.Week, "holidays": len(c.Holidays)}})
	})
	return c, err
}

var (
	errNoCalendar = social.Errorf(social.NotFound, "This calendar does not exist.")
	errNoPledge   = social.Errorf(social.NotFound, "This pledge does not exist.")
)

// DropCalendar removes a calendar that nothing uses.
func (b *Book) DropCalendar(ctx context.Context, cid hours.ID) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		pledges, err := b.Store.Pledges(ctx)
		if err != nil {
			return err
		}
		for _, p := range pledges {
			if p.Calendar == cid {
				return social.Errorf(social.Conflict, "The pledge “%s” counts by this calendar. Give it another one first.", p.Name)
			}
		}
		if _, err := b.Store.Grow(ctx); err != nil {
			return err
		}
		if err := b.Store.DropCalendar(ctx, cid); err != nil {
			return err
		}
		return b.Store.Record(ctx, social.Entry{Verb: "remove", Object: "calendar", ID: string(cid)})
	})
}

// SavePledge adds a pledge (no id) or changes one.
func (b *Book) SavePledge(ctx context.Context, p Pledge) (Pledge, error) {
	if err := p.Check(b.Fields); err != nil {
		return p, err
	}
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		calendars, err := b.Store.Calendars(ctx)
		if err != nil {
			return err
		}
		if p.Calendar != "" && !slices.ContainsFunc(calendars, func(c hours.Calendar) bool { return c.ID == p.Calendar }) {
			return &social.Error{Kind: social.Invalid, Field: "calendar", Text: "This calendar does not exist."}
		}
		all, err := b.Store.Pledges(ctx)
		if err != nil {
			return err
		}
		verb := "change"
		i := slices.IndexFunc(all, func(x Pledge) bool { return x.ID == p.ID })
		switch {
		case p.ID == "" && len(all) >= maxPledges:
			return social.Errorf(social.Invalid, "There are %d pledges already.", maxPledges)
		case p.ID == "":
			p.ID, p.CreatedAt, verb = ID(id.New()), b.now(), "add"
			for _, x := range all {
				p.Position = max(p.Position, x.Position+1)
			}
		case i < 0:
			return errNoPledge
		default:
			p.CreatedAt, p.Position = all[i].CreatedAt, all[i].Position
		}
		p.ChangedAt = b.now()
		if p.Version, err = b.Store.Grow(ctx); err != nil {
			return err
		}
		if err := b.Store.SavePledge(ctx, p); err != nil {
			return err
		}
		return b.Store.Record(ctx, social.Entry{Verb: verb, Object: "pledge", ID: string(p.ID), Detail: map[string]any{"name": p.Name, "on": p.On, "targets": p.Targets, "conditions": p.Conditions}})
	})
	return p, err
}

// DropPledge removes a pledge. What came of it stays counted.
func (b *Book) DropPledge(ctx context.Context, pid ID) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		if _, err := b.Store.Grow(ctx); err != nil {
			return err
		}
		if err := b.Store.DropPledge(ctx, pid); err != nil {
			return err
		}
		return b.Store.Record(ctx, social.Entry{Verb: "remove", Object: "pledge", ID: string(pid)})
	})
}

// Order puts the pledges into an order: the first that fits counts.
func (b *Book) Order(ctx context.Context, ids []ID) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		all, err := b.Store.Pledges(ctx)
		if err != nil {
			return err
		}
		if len(ids) != len(all) {
			return social.Errorf(social.Conflict, "The pledges have changed meanwhile. Look again.")
		}
		if _, err := b.Store.Grow(ctx); err != nil {
			return err
		}
		for _, p := range all {
			i := slices.Index(ids, p.ID)
			if i < 0 {
				return social.Errorf(social.Conflict, "The pledges have changed meanwhile. Look again.")
			}
			p.Position = i
			if err := b.Store.SavePledge(ctx, p); err != nil {
				return err
			}
		}
		return b.Store.Record(ctx, social.Entry{Verb: "order", Object: "pledge", Detail: map[string]any{"ids": ids}})
	})
}

// Report reads what came of goals.
func (b *Book) Report(ctx context.Context, from, to time.Time, p social.ProgrammeID) ([]Count, error) {
	if !to.After(from) || to.Sub(from) > 400*24*time.Hour {
		return nil, social.Errorf(social.Invalid, "Ask for a stretch of at most 400 days.")
	}
	return b.Store.Report(ctx, from, to, p)
}
