package foresee

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
)

// People says who somebody is; people.Book does.
type People interface {
	Person(ctx context.Context, id social.PersonID) (people.Person, error)
}

// Seer learns what may come, and says it. Fill it in and use it; it is safe
// for concurrent use.
type Seer struct {
	Store   Store
	Crowd   Crowd
	People  People
	Sources []Source
	// Changed is told of whom something else is foreseen now; nil: nobody asks.
	Changed func(ctx context.Context, who ...social.PersonID) error
	Clock   clock.Clock
	Log     *slog.Logger

	mu   sync.Mutex // one learns at a time
	once sync.Once
	wake chan struct{}
}

func (s *Seer) now() time.Time { return s.Clock.Now().UTC().Truncate(time.Microsecond) }

// States lists how it stands with all predictions, in the order of Definitions.
func (s *Seer) States(ctx context.Context) ([]State, error) {
	kept, err := s.Store.States(ctx)
	if err != nil {
		return nil, err
	}
	var out []State
	for _, d := range Definitions() {
		x, ok := kept[d.What]
		if !ok {
			x = State{What: d.What, On: true}
		}
		out = append(out, x)
	}
	return out, nil
}

func (s *Seer) state(ctx context.Context, w What) (State, error) {
	if _, err := defined(w); err != nil {
		return State{}, err
	}
	x, err := s.Store.State(ctx, w)
	if social.NotFound.Is(err) {
		return State{What: w, On: true}, nil
	}
	return x, err
}

// Turn turns a prediction on or off. What was foreseen of persons goes at once
// when it is off; when it is on again it is learned anew.
func (s *Seer) Turn(ctx context.Context, w What, on bool) (State, error) {
	var x State
	var gone []social.PersonID
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if x, err = s.state(ctx, w); err != nil || x.On == on {
			return err
		}
		x.On, x.Asked = on, time.Time{}
		verb := "enable"
		if on {
			x.Asked = s.now()
		} else {
			x.Model, x.Figures, x.Learned, verb = nil, Figures{}, time.Time{}, "disable"
		}
		if err := s.Store.SaveState(ctx, x); err != nil {
			return err
		}
		if !on {
			if gone, err = s.clean(ctx); err != nil {
				return err
			}
		}
		return s.Store.Record(ctx, social.Entry{Verb: verb, Object: "outlook", ID: string(w)})
	})
	if err == nil && len(gone) > 0 {
		err = s.tell(ctx, gone)
	}
	s.stir()
	return x, err
}

func (s *Seer) clean(ctx context.Context) ([]social.PersonID, error) {
	all, err := s.States(ctx)
	if err != nil {
		return nil, err
	}
	shown := []What{}
	for _, x := range all {
		if x.Standing() == Shown {
			shown = append(shown, x.What)
		}
	}
	return s.Store.Clean(ctx, shown)
}

func (s *Seer) tell(ctx context.Context, who []social.PersonID) error {
	if s.Changed == nil || len(who) == 0 {
		return nil
	}
	return s.Changed(ctx, who...)
}

// Ask asks that everything that is on be learned now. It goes on behind; asked
// twice it is learned once.
func (s *Seer) Ask(ctx context.Context) ([]State, error) {
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		all, err := s.States(ctx)
		if err != nil {
			return err
		}
		n := 0
		for _, x := range all {
			if !x.On || x.Waits() {
				continue
			}
			n++
			x.Asked = s.now()
			if err := s.Store.SaveState(ctx, x); err != nil {
				return err
			}
		}
		if n == 0 {
			return nil
		}
		return s.Store.Record(ctx, social.Entry{Verb: "learn", Object: "outlook", ID: "all"})
	})
	if err != nil {
		return nil, err
	}
	s.stir()
	return s.States(ctx)
}

// Waits reports whether somebody asked that it be learned, and it was not yet.
func (x State) Waits() bool { return x.On && !x.Asked.IsZero() && !x.Asked.Before(x.Learned) }

// night is the hour (UTC) after which it is learned anew.
const night = 2 * time.Hour

// due reports whether something is to be learned now.
func (s *Seer) due(ctx context.Context) (bool, error) {
	all, err := s.States(ctx)
	last := s.now().Add(-night).Truncate(dayLong).Add(night)
	for _, x := range all {
		if x.Waits() || x.On && x.Learned.Before(last) {
			return true, err
		}
	}
	return false, err
}

func (s *Seer) waker() chan struct{} {
	s.once.Do(func() { s.wake = make(chan struct{}, 1) })
	return s.wake
}

func (s *Seer) stir() {
	select {
	case s.waker() <- struct{}{}:
	default:
	}
}

// Serve learns every night, and when somebody asks, until ctx ends.
func (s *Seer) Serve(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := s.Work(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("what may come was not learned", "error", err)
		}
		select {
		case <-s.waker():
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

// Work learns if it is time to.
func (s *Seer) Work(ctx context.Context) error {
	if due, err := s.due(ctx); err != nil || !due {
		return err
	}
	return s.Learn(ctx)
}

// Learn learns all that is on, from everybody who did not object, and keeps
// what is foreseen of each. Everybody is read twice, some at a time.
func (s *Seer) Learn(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	began := s.now()
	features := Features()
	all, err := s.States(ctx)
	if err != nil {
		return err
	}
	samples := map[What]*sample{}
	for _, d := range Definitions() {
		for _, x := range all {
			if x.What == d.What && x.On {
				samples[d.What] = &sample{plan: planOf(d, began), coins: map[string]int{}}
			}
		}
	}
	total, err := s.Crowd.Persons(ctx)
	if err != nil {
		return err
	}
	left, err := s.everybody(ctx, func(p social.PersonID) bool { return drawn(p, total) }, func(_ context.Context, ids []social.PersonID, pasts map[social.PersonID]*Past) error {
		for _, id := range ids { // in order, so that the same past always gives the same model
			if p := pasts[id]; p != nil {
				for _, x := range samples {
					x.take(features, p)
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for w, x := range samples {
		x.Left = left
		m, f := x.learned(features)
		if err := s.settle(ctx, w, began, m, f); err != nil {
			return err
		}
	}
	return s.foresee(ctx, features)
}

// settle keeps what was learned, unless somebody turned it off meanwhile.
func (s *Seer) settle(ctx context.Context, w What, began time.Time, m *Model, f Figures) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		x, err := s.state(ctx, w)
		if err != nil || !x.On {
			return err
		}
		if !x.Asked.After(began) {
			x.Asked = time.Time{}
		}
		x.Learned, x.Model, x.Figures = began, m, f
		x.Version++
		return s.Store.SaveState(ctx, x)
	})
}

// foresee keeps what is foreseen of everybody.
func (s *Seer) foresee(ctx context.Context, features []Feature) error {
	gone, err := s.swept(ctx)
	if err != nil {
		return err
	}
	if err := s.tell(ctx, gone); err != nil {
		return err
	}
	shown, err := s.shown(ctx)
	if err != nil || len(shown) == 0 {
		return err
	}
	_, err = s.everybody(ctx, func(social.PersonID) bool { return true }, func(ctx context.Context, ids []social.PersonID, pasts map[social.PersonID]*Past) error {
		outlooks := map[social.PersonID][]Outlook{}
		for id, p := range pasts {
			outlooks[id] = s.outlooks(features, shown, p)
		}
		return s.Store.InTx(ctx, func(ctx context.Context) error {
			// Somebody may have turned one off meanwhile.
			now, err := s.shown(ctx)
			if err != nil {
				return err
			}
			for id, all := range outlooks {
				outlooks[id] = slices.DeleteFunc(all, func(o Outlook) bool {
					return !slices.ContainsFunc(now, func(x State) bool { return x.What == o.What && x.Version == o.Version })
				})
			}
			changed, err := s.Store.Replace(ctx, ids, outlooks)
			if err != nil {
				return err
			}
			return s.tell(ctx, changed)
		})
	})
	return err
}

// Refresh says anew what is foreseen of persons of whom something changed that
// does not wait for the night: they were joined, or taken apart.
func (s *Seer) Refresh(ctx context.Context, ids ...social.PersonID) error {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) == 0 {
		return nil
	}
	shown, err := s.shown(ctx)
	if err != nil || len(shown) == 0 {
		return err
	}
	pasts, _, err := s.pasts(ctx, ids, since(s.now()))
	if err != nil {
		return err
	}
	outlooks, features := map[social.PersonID][]Outlook{}, Features()
	for id, p := range pasts {
		outlooks[id] = s.outlooks(features, shown, p)
		if !slices.Contains(ids, id) {
			ids = append(ids, id) // whom they were joined into
		}
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		changed, err := s.Store.Replace(ctx, ids, outlooks)
		if err != nil {
			return err
		}
		return s.tell(ctx, changed)
	})
}

func (s *Seer) swept(ctx context.Context) (gone []social.PersonID, err error) {
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		gone, err = s.clean(ctx)
		return err
	})
	return gone, err
}

func (s *Seer) shown(ctx context.Context) ([]State, error) {
	all, err := s.States(ctx)
	var out []State
	for _, x := range all {
		if x.Standing() == Shown {
			out = append(out, x)
		}
	}
	return out, err
}

// outlooks are what is foreseen of one past, as of now.
func (s *Seer) outlooks(features []Feature, shown []State, whole *Past) []Outlook {
	now := s.now()
	before := whole.Before(now)
	var out []Outlook
	for _, x := range shown {
		d, err := defined(x.What)
		if err != nil || !d.asked(before, now) {
			continue
		}
		share, reasons := x.Model.predict(features, before, now)
		out = append(out, Outlook{What: x.What, Share: share, Usual: x.Model.Usual, Reasons: reasons, Version: x.Version, At: now})
	}
	return out
}

// View is what is foreseen of somebody, as of now.
type View struct {
	Person   social.PersonID
	Objected bool // they do not want it
	States   []State
	Outlooks []Outlook // of what is shown and makes sense of them
	Currency map[What]string
}

// Of says what is foreseen of somebody in scope. It is worked out anew from
// what is kept of them, so that it is of now, and of whoever they are now.
func (s *Seer) Of(ctx context.Context, who social.PersonID) (View, error) {
	p, err := s.People.Person(ctx, who)
	if err != nil {
		return View{}, err
	}
	out := View{Person: p.ID, Currency: map[What]string{}}
	if out.States, err = s.States(ctx); err != nil {
		return out, err
	}
	pasts, objected, err := s.pasts(ctx, []social.PersonID{p.ID}, since(s.now()))
	if err != nil {
		return out, err
	}
	if out.Objected = objected[p.ID]; out.Objected {
		return out, nil
	}
	past := pasts[p.ID]
	if past == nil {
		return out, nil // erased
	}
	var shown []State
	for _, x := range out.States {
		if x.Standing() == Shown {
			shown = append(shown, x)
			out.Currency[x.What] = x.Model.Currency
		}
	}
	out.Outlooks = s.outlooks(Features(), shown, past)
	return out, nil
}
