package listen

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// How the runner waits.
const (
	firstWait = time.Second
	mostWait  = 5 * time.Minute
	slowWait  = 15 * time.Minute // when a person must do something
	pastWait  = time.Minute
	batchMost = 500
	settled   = 5 * time.Second // a stream that stands as long as this is fine
	steady    = time.Minute     // a connection that broke after this long did work
	patience  = 5               // failures in a row before trouble is called trouble
)

// runs are the channels that are being listened to.
type runs struct {
	mu    sync.Mutex
	start func(social.ChannelID) // nil while the station does not run
	byID  map[social.ChannelID]*run
}

// run is one of them.
type run struct {
	cancel context.CancelFunc
	done   chan struct{}
	wake   chan struct{} // ask the network now
}

// Run listens on all active channels, and works on the past and on what was
// left unprocessed, until ctx ends. Then it waits until all is kept.
func (s *Station) Run(ctx context.Context) error {
	if err := s.Sweep(ctx); err != nil {
		s.log.Warn("some of what was heard still waits to be processed", "error", err)
	}
	var all sync.WaitGroup
	s.runs.begin(ctx, func(ctx context.Context, id social.ChannelID, r, old *run) {
		all.Go(func() {
			defer close(r.done)
			if old != nil {
				<-old.done
			}
			s.listen(ctx, id, r)
		})
	})
	for _, l := range s.lines() {
		s.runs.restart(l.snapshot().ID)
	}
	all.Go(func() { s.workPast(ctx) })
	all.Go(func() { s.keepSwept(ctx) })
	all.Go(func() { s.keepExpiries(ctx) })
	<-ctx.Done()
	s.runs.end()
	all.Wait()
	return s.settle(context.WithoutCancel(ctx))
}

// begin lets channels be started.
func (r *runs) begin(ctx context.Context, listen func(ctx context.Context, id social.ChannelID, r, old *run)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byID = map[social.ChannelID]*run{}
	r.start = func(id social.ChannelID) {
		ctx, cancel := context.WithCancel(ctx)
		n := &run{cancel: cancel, done: make(chan struct{}), wake: make(chan struct{}, 1)}
		old := r.byID[id]
		r.byID[id] = n
		if old != nil {
			old.cancel()
		}
		listen(ctx, id, n, old)
	}
}

// end lets no more be started. Those that run end with their context.
func (r *runs) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.start = nil
}

// restart starts a channel, or starts it again with what changed.
func (r *runs) restart(id social.ChannelID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.start != nil {
		r.start(id)
	}
}

// poke wakes a channel that waits.
func (r *runs) poke(id social.ChannelID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.byID[id]
	if n == nil || r.start == nil {
		return false
	}
	select {
	case n.wake <- struct{}{}:
	default:
	}
	return true
}

// PollNow asks a channel's network at once. Where nothing is running, as on
// the command line, it asks once by itself.
func (s *Station) PollNow(ctx context.Context, id social.ChannelID) error {
	c, err := s.ChannelByID(ctx, id)
	if err != nil {
		return err
	}
	if c.State != Active {
		return social.Errorf(social.Conflict, "The channel is paused. Resume it first.")
	}
	if s.runs.poke(id) {
		return nil
	}
	l := s.line(id)
	conn, _, _, err := l.use()
	if err != nil {
		return err
	}
	p, ok := conn.(channel.Poller)
	if !ok {
		return social.Errorf(social.Invalid, "This channel is not asked; it hears by itself.")
	}
	_, err = s.poll(ctx, l, p)
	return err
}

// listen hears one channel until ctx ends: it asks, or keeps a stream open,
// and waits longer each time that fails.
func (s *Station) listen(ctx context.Context, id social.ChannelID, r *run) {
	l := s.line(id)
	fails := 0
	for ctx.Err() == nil {
		conn, row, _, err := l.use()
		switch {
		case row.State != Active:
			s.report(ctx, l, Health{State: Off, Text: "Paused."})
			return
		case err != nil:
			s.report(ctx, l, Health{State: Trouble, Text: sentence(err), LastError: sentence(err)})
			return // until its settings change
		case !hears(conn):
			s.attend(ctx, l, conn)
			return
		}
		began := s.clock.Now()
		pause, err := s.once(ctx, l, conn)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			fails = 0
		} else {
			if s.clock.Now().Sub(began) >= steady {
				fails = 0 // it stood; this is another story
			}
			fails++
			pause = s.failed(ctx, l, err, fails)
		}
		if s.wait(ctx, pause, r.wake) != nil {
			return
		}
	}
}

// attend is for a channel that hears by itself, or not at all.
func (s *Station) attend(ctx context.Context, l *line, conn channel.Channel) {
	_, receives := conn.(channel.Receiver)
	_, door := conn.(channel.Door)
	switch was := l.snapshot().Health; {
	case !receives && !door:
		s.report(ctx, l, Health{State: Off, Text: "This channel only keeps what was brought in."})
	case was.LastHeard.IsZero():
		s.report(ctx, l, Health{State: Waiting, Text: "Ready. Nothing has come yet."})
	default:
		s.report(ctx, l, Health{State: Fine, Text: "Listening."})
	}
	s.introduce(ctx, l, conn)
}

func hears(c channel.Channel) bool {
	_, poll := c.(channel.Poller)
	_, stream := c.(channel.Streamer)
	return poll || stream
}

// once asks until there is no more, then keeps a stream open if there is one.
// It returns how long to wait before the next time.
func (s *Station) once(ctx context.Context, l *line, conn channel.Channel) (pause time.Duration, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("a channel panicked", "channel", l.snapshot().ID, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = social.Errorf(social.Fault, "The channel failed inside Parley.")
		}
	}()
	s.introduce(ctx, l, conn)
	if p, ok := conn.(channel.Poller); ok {
		if pause, err = s.poll(ctx, l, p); err != nil {
			return 0, err
		}
	}
	if st, ok := conn.(channel.Streamer); ok {
		err := s.stream(ctx, l, st)
		if err == nil {
			err = social.Errorf(social.Busy, "The network closed the connection.")
		}
		return 0, err
	}
	return pause, nil
}

// introduce asks the network who we are there, once.
func (s *Station) introduce(ctx context.Context, l *line, conn channel.Channel) {
	p, ok := conn.(channel.Profiler)
	row := l.snapshot()
	if !ok || row.Profile != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, testTime)
	defer cancel()
	self, err := p.Self(ctx)
	if err != nil || self.Value == "" {
		return // listening itself will tell what is wrong
	}
	err = s.store.InTx(ctx, func(ctx context.Context) error {
		s.store.After(ctx, func() {
			l.mu.Lock()
			l.row.Profile = &self
			l.mu.Unlock()
		})
		if err := s.store.SaveProfile(ctx, row.ID, self); err != nil {
			return err
		}
		return s.store.Tell(ctx, social.ChannelSaved{Channel: row.ID})
	})
	if err != nil {
		s.log.Warn("a channel's profile was not kept", "channel", row.ID, "error", err)
	}
}

// poll asks until there is no more.
func (s *Station) poll(ctx context.Context, l *line, p channel.Poller) (time.Duration, error) {
	for {
		row := l.snapshot()
		batch, err := p.Poll(ctx, row.Cursor)
		if err != nil {
			return 0, err
		}
		if _, err := s.Take(ctx, row.ID, batch.Events, batch.Cursor); err != nil {
			return 0, err
		}
		s.fine(ctx, l, len(batch.Events) > 0)
		if !batch.More || ctx.Err() != nil {
			return jitter(max(batch.Wait, p.Interval())), s.Flush(ctx, row.ID)
		}
	}
}

// stream takes events as they come, in batches that grow with the load.
func (s *Station) stream(ctx context.Context, l *line, st channel.Streamer) error {
	id, cursor := l.snapshot().ID, l.snapshot().Cursor
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	events := make(chan channel.Event, 4*batchMost)
	gathered := make(chan error, 1)
	go func() {
		err := s.gather(ctx, id, l, events)
		if err != nil {
			stop(err)
		}
		gathered <- err
	}()
	fine := time.AfterFunc(settled, func() { s.fine(ctx, l, false) })
	err := st.Stream(ctx, cursor, func(e channel.Event) error {
		select {
		case events <- e:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	fine.Stop()
	close(events)
	if ours := <-gathered; ours != nil {
		return ours
	}
	return err
}

// gather takes what comes from a stream until it ends. What has come is kept
// even when ctx has ended.
func (s *Station) gather(ctx context.Context, id social.ChannelID, l *line, events <-chan channel.Event) error {
	keep := context.WithoutCancel(ctx)
	tick := time.NewTicker(calm)
	defer tick.Stop()
	for {
		var batch []channel.Event
		select {
		case e, ok := <-events:
			if !ok {
				return s.Flush(keep, id)
			}
			batch = append(batch, e)
		case <-tick.C:
			if err := s.Flush(keep, id); err != nil {
				return err
			}
			continue
		}
		for len(batch) < batchMost {
			select {
			case e, ok := <-events:
				if ok {
					batch = append(batch, e)
					continue
				}
			default:
			}
			break
		}
		if _, err := s.Take(keep, id, batch, ""); err != nil {
			return err
		}
		s.fine(keep, l, true)
	}
}

// Flush writes a channel's cursor and counts now.
func (s *Station) Flush(ctx context.Context, id social.ChannelID) error {
	l := s.line(id)
	if l == nil {
		return noChannel()
	}
	l.take.Lock()
	defer l.take.Unlock()
	return s.flush(ctx, l, true)
}

// settle writes what is only in memory, at the end.
func (s *Station) settle(ctx context.Context) error {
	var all error
	for _, l := range s.lines() {
		all = errors.Join(all, s.Flush(ctx, l.snapshot().ID))
	}
	return all
}

// failed notes a failure and returns how long to wait.
func (s *Station) failed(ctx context.Context, l *line, err error, fails int) time.Duration {
	h := Health{State: Waiting, Text: sentence(err), LastError: sentence(err)}
	pause := jitter(min(firstWait<<min(fails-1, 9), mostWait))
	switch social.KindOf(err) {
	case social.Unauth, social.Forbidden, social.Invalid, social.NotFound:
		h.State, pause = Trouble, jitter(slowWait)
	default:
		if fails >= patience {
			h.State = Trouble
		}
	}
	var later channel.RetryAfter
	if errors.As(err, &later) && later.RetryAfter() > 0 {
		pause = later.RetryAfter() + jitter(firstWait)
		h.Limit = Limit{Text: sentence(err), Until: s.clock.Now().Add(later.RetryAfter())}
	}
	h.Retry = s.clock.Now().Add(pause)
	s.log.Warn("a channel failed", "channel", l.snapshot().ID, "failures", fails, "wait", pause, "error", err, "cause", errors.Unwrap(err))
	s.report(ctx, l, h)
	return pause
}

// fine notes that a channel works.
func (s *Station) fine(ctx context.Context, l *line, heard bool) {
	h := Health{State: Fine, Text: "Listening."}
	if heard {
		h.LastHeard = s.clock.Now()
	}
	s.report(ctx, l, h)
}

// freshness is how old what is shown of a working channel may be.
const freshness = 30 * time.Second

// report keeps a channel's health, and tells when it looks different.
func (s *Station) report(ctx context.Context, l *line, h Health) {
	ctx = context.WithoutCancel(ctx)
	l.mu.Lock()
	was := l.row.Health
	if h.LastHeard.IsZero() {
		h.LastHeard = was.LastHeard
	}
	if h.LastError == "" {
		h.LastError, h.LastErrorAt = was.LastError, was.LastErrorAt
	} else {
		h.LastErrorAt = s.clock.Now()
	}
	h.Expiries, h.ExpiriesAt, h.ExpiriesError, h.Send = was.Expiries, was.ExpiriesAt, was.ExpiriesError, was.Send
	if l.row.State != Active && h.State != Off { // paused meanwhile
		l.mu.Unlock()
		return
	}
	l.row.Health = h
	id := l.row.ID
	changed := was.State != h.State || was.Text != h.Text || !was.Limit.Until.Equal(h.Limit.Until)
	write := changed || h.LastHeard.Sub(l.reported) >= freshness || !h.LastErrorAt.Equal(was.LastErrorAt)
	if write {
		l.reported = h.LastHeard
	}
	l.mu.Unlock()
	if !write {
		return
	}
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.SaveHealth(ctx, id, h); err != nil {
			return err
		}
		if changed {
			return s.store.Tell(ctx, social.ChannelSaved{Channel: id})
		}
		return nil
	})
	if err != nil {
		s.log.Warn("a channel's health was not kept", "channel", id, "error", err)
	}
}

// jitter spreads a wait by a tenth either way, so that channels do not ask in step.
func jitter(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return d - d/10 + rand.N(d/5+1)
}

// workPast works on the past whenever there is something to do.
func (s *Station) workPast(ctx context.Context) {
	for ctx.Err() == nil {
		more, err := s.WorkPast(ctx)
		pause := pastWait
		if err != nil && ctx.Err() == nil {
			s.log.Warn("looking through the past failed", "error", err)
			pause = pastWait / 6
		}
		if more && err == nil {
			continue
		}
		if s.wait(ctx, pause, s.past) != nil {
			return
		}
	}
}

// keepSwept processes what was left, and forgets old raw events once a day.
func (s *Station) keepSwept(ctx context.Context) {
	var pruned time.Time
	for ctx.Err() == nil {
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("some of what was heard still waits to be processed", "error", err)
		}
		if now := s.clock.Now(); now.Sub(pruned) >= 24*time.Hour {
			if _, err := s.Prune(ctx, now.AddDate(0, 0, -RawDays)); err != nil && ctx.Err() == nil {
				s.log.Warn("old raw events were not forgotten", "error", err)
			} else {
				pruned = now
			}
		}
		if s.wait(ctx, time.Minute, s.swept) != nil {
			return
		}
	}
}

// sweepSoon asks for a sweep.
func (s *Station) sweepSoon() {
	select {
	case s.swept <- struct{}{}:
	default:
	}
}

// SendLimited notes that a network asks us to wait before we send again.
func (s *Station) SendLimited(ctx context.Context, id social.ChannelID, limit Limit) error {
	l := s.line(id)
	if l == nil {
		return noChannel()
	}
	l.mu.Lock()
	if !limit.Until.After(l.row.Health.Send.Until) {
		l.mu.Unlock()
		return nil
	}
	l.row.Health.Send = limit
	l.mu.Unlock()
	return s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.SaveSendLimit(ctx, id, limit); err != nil {
			return err
		}
		return s.store.Tell(ctx, social.ChannelSaved{Channel: id})
	})
}
