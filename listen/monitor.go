package listen

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/social"
)

// Monitor is a saved query.
type Monitor struct {
	ID        social.MonitorID
	Name      string
	Query     string
	Programme social.ProgrammeID
	Kind      MonitorKind
	Inbox     bool // what it matches goes to the inbox
	State     State
	Past      Past
	Created   time.Time
	Updated   time.Time
}

// MonitorKind says what a monitor listens for, so that like is compared with
// like.
type MonitorKind string

// The kinds of monitors.
const (
	AboutBrand      MonitorKind = "brand"      // us
	AboutCompetitor MonitorKind = "competitor" // somebody whom we are compared with
	AboutTopic      MonitorKind = "topic"      // what people speak about
	AboutOther      MonitorKind = "other"
)

func (k MonitorKind) check() (MonitorKind, error) {
	switch k {
	case "":
		return AboutOther, nil
	case AboutBrand, AboutCompetitor, AboutTopic, AboutOther:
		return k, nil
	}
	return k, &social.Error{Kind: social.Invalid, Field: "kind", Text: "A monitor is about a brand, a competitor, a topic, or something other."}
}

// Past is the work on what was heard before a monitor was made or changed.
type Past struct {
	Step string // "clear" and then "fill"; "" when there is nothing to do
	From int64  // the seq at which it began; 0 before that
	At   int64  // the seq down to which it is done
	Done int64  // activities looked at
	Of   int64
}

// The steps of Past.
const (
	Clear = "clear" // take away what the former query matched
	Fill  = "fill"  // look through what was heard before
)

// MonitorDraft is what one says of a new monitor.
type MonitorDraft struct {
	Name      string
	Query     string
	Programme social.ProgrammeID
	Kind      MonitorKind // "" for other
	Inbox     bool
}

// MonitorPatch changes a monitor; nil leaves a thing as it is.
type MonitorPatch struct {
	Name      *string
	Query     *string
	Programme *social.ProgrammeID
	Kind      *MonitorKind
	Inbox     *bool
	State     *State
}

// AddMonitor saves a query. It matches at once, and looks through what was
// heard before in the background.
func (s *Station) AddMonitor(ctx context.Context, d MonitorDraft) (Monitor, error) {
	now := s.clock.Now()
	m := Monitor{
		ID: social.MonitorID(id.At(now)), Query: strings.TrimSpace(clean(d.Query)), Programme: d.Programme,
		Inbox: d.Inbox, State: Active, Past: Past{Step: Fill}, Created: now, Updated: now,
	}
	var err error
	if m.Name, err = nameOf(d.Name); err != nil {
		return m, err
	}
	if m.Kind, err = d.Kind.check(); err != nil {
		return m, err
	}
	if err := placed(ctx, m.Programme); err != nil {
		return m, err
	}
	if _, err := query.Parse(m.Query); err != nil {
		return m, err
	}
	err = s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.AddMonitor(ctx, m); err != nil {
			return err
		}
		return s.saved(ctx, m, "create", map[string]any{"name": m.Name, "query": m.Query, "kind": m.Kind, "inbox": m.Inbox})
	})
	return m, err
}

// ChangeMonitor changes a monitor. With a new query, what the former one
// matched is taken away and the past is looked through again.
func (s *Station) ChangeMonitor(ctx context.Context, mid social.MonitorID, p MonitorPatch) (Monitor, error) {
	m, err := s.MonitorByID(ctx, mid)
	if err != nil {
		return m, err
	}
	detail := map[string]any{}
	if p.Name != nil {
		if m.Name, err = nameOf(*p.Name); err != nil {
			return m, err
		}
		detail["name"] = m.Name
	}
	if p.Programme != nil {
		if err := placed(ctx, *p.Programme); err != nil {
			return m, err
		}
		m.Programme = *p.Programme
		detail["programme"] = m.Programme
	}
	if p.Kind != nil {
		if m.Kind, err = p.Kind.check(); err != nil {
			return m, err
		}
		detail["kind"] = m.Kind
	}
	if p.Inbox != nil {
		m.Inbox = *p.Inbox
		detail["inbox"] = m.Inbox
	}
	step := ""
	if p.State != nil && *p.State != m.State {
		if *p.State != Active && *p.State != Paused {
			return m, social.Errorf(social.Invalid, "A monitor is active or paused.")
		}
		m.State = *p.State
		detail["state"] = m.State
		if m.State == Active {
			step = Fill
		}
	}
	if p.Query != nil {
		text := strings.TrimSpace(clean(*p.Query))
		if _, err := query.Parse(text); err != nil {
			return m, err
		}
		if text != m.Query {
			m.Query, step = text, Clear
			detail["query"] = m.Query
		}
	}
	m.Updated = s.clock.Now()
	err = s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.Lock(ctx); err != nil {
			return err
		}
		if err := s.store.SaveMonitor(ctx, m); err != nil {
			return err
		}
		if step != "" {
			if m.Past.Step == Clear {
				step = Clear
			}
			m.Past = Past{Step: step}
			if err := s.store.SavePast(ctx, m.ID, m.Past); err != nil {
				return err
			}
		}
		return s.saved(ctx, m, "update", detail)
	})
	return m, err
}

// RemoveMonitor takes a monitor away, and in the background what it matched.
// The activities stay.
func (s *Station) RemoveMonitor(ctx context.Context, mid social.MonitorID) error {
	m, err := s.MonitorByID(ctx, mid)
	if err != nil {
		return err
	}
	m.State, m.Updated = Removed, s.clock.Now()
	m.Past = Past{Step: Clear}
	return s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.Lock(ctx); err != nil {
			return err
		}
		if err := s.store.SaveMonitor(ctx, m); err != nil {
			return err
		}
		if err := s.store.SavePast(ctx, m.ID, m.Past); err != nil {
			return err
		}
		return s.saved(ctx, m, "delete", map[string]any{"name": m.Name, "query": m.Query})
	})
}

func (s *Station) saved(ctx context.Context, m Monitor, verb string, detail map[string]any) error {
	if err := s.store.Record(ctx, social.Entry{Verb: verb, Object: "monitor", ID: string(m.ID), Detail: detail}); err != nil {
		return err
	}
	s.store.After(ctx, func() {
		s.tune(m)
		s.recent.Clear()
		select {
		case s.past <- struct{}{}:
		default:
		}
	})
	return s.store.Tell(ctx, social.MonitorSaved{Monitor: m.ID})
}

// tune puts a monitor into effect.
func (s *Station) tune(m Monitor) {
	q, err := query.Parse(m.Query)
	if err != nil {
		s.log.Error("a monitor's query cannot be read any more", "monitor", m.ID, "error", err)
	}
	if err == nil && m.State == Active {
		s.set.Add(string(m.ID), q)
	} else {
		s.set.Remove(string(m.ID))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byLang += asksLang(m) - asksLang(s.monitors[m.ID])
	s.byPlace += asksPlace(m) - asksPlace(s.monitors[m.ID])
	s.monitors[m.ID] = m
	s.tuned.Add(1)
}

// asksLang is 1 for an active monitor that may ask for a language, else 0.
func asksLang(m Monitor) int {
	if m.State == Active && strings.Contains(strings.ToLower(m.Query), "lang") {
		return 1
	}
	return 0
}

func (s *Station) asksLanguage() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byLang > 0
}

// monitor returns a monitor, the zero one if there is none.
func (s *Station) monitor(id social.MonitorID) Monitor {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.monitors[id]
}

// MonitorByID returns a monitor that the actor may see.
func (s *Station) MonitorByID(ctx context.Context, id social.MonitorID) (Monitor, error) {
	m := s.monitor(id)
	if m.ID == "" || m.State == Removed || !social.ScopeOf(ctx).Sees(m.Programme) {
		return Monitor{}, social.Errorf(social.NotFound, "There is no such monitor.")
	}
	return m, nil
}

// MonitorsSeen returns the monitors that the actor may see, in the order in
// which they were made.
func (s *Station) MonitorsSeen(ctx context.Context) []Monitor {
	scope := social.ScopeOf(ctx)
	s.mu.RLock()
	var out []Monitor
	for _, m := range s.monitors {
		if m.State != Removed && scope.Sees(m.Programme) {
			out = append(out, m)
		}
	}
	s.mu.RUnlock()
	slices.SortFunc(out, func(a, b Monitor) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return out
}

// MonitorName is what a monitor is called, whoever asks; "" if there is none.
func (s *Station) MonitorName(id social.MonitorID) string { return s.monitor(id).Name }
