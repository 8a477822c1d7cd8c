package moderate

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
)

// atOnce is how many calls are under way at a time.
const atOnce = 4

// works are the deeds that this process is at.
type works struct {
	mu    sync.Mutex
	doing map[Key]bool
}

func (w *works) take(k Key) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.doing == nil {
		w.doing = map[Key]bool{}
	}
	if w.doing[k] || len(w.doing) >= atOnce {
		return false
	}
	w.doing[k] = true
	return true
}

func (w *works) give(k Key) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.doing, k)
}

// asParley is ctx for what Parley does by itself: it sees everything.
func asParley(ctx context.Context) context.Context {
	return social.WithScope(social.WithActor(ctx, social.SystemActor()), social.Scope{All: true})
}

// Work does what is wanted until ctx ends; then it waits for the calls that
// are under way. Several processes may work at once.
func (m *Moderator) Work(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	done := make(chan struct{}, 1)
	for ctx.Err() == nil {
		woken := m.Store.Woken()
		keys, next, err := m.Store.DueDeeds(asParley(ctx), m.now(), 4*atOnce)
		if err != nil && ctx.Err() == nil {
			m.warn("what is wanted of messages cannot be read", err)
			woken = nil
		}
		for _, k := range keys {
			if !m.works.take(k) {
				continue
			}
			wg.Go(func() {
				if err := m.step(context.WithoutCancel(ctx), k); err != nil {
					m.warn("something wanted of a message did not move on", err)
					select { // the database is in trouble: not at once again
					case <-time.After(time.Second):
					case <-ctx.Done():
					}
				}
				m.works.give(k)
				select {
				case done <- struct{}{}:
				default:
				}
			})
		}
		pause := 5 * time.Second // another process may want something
		if !next.IsZero() {
			pause = min(pause, max(next.Sub(m.now()), 10*time.Millisecond))
		}
		timer := time.NewTimer(pause)
		select {
		case <-woken:
		case <-done:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

func (m *Moderator) warn(what string, err error) {
	if m.Log != nil {
		m.Log.Warn(what, "error", err)
	}
}

// Now does once, and waits for, all that is due. It returns how many calls
// were made.
func (m *Moderator) Now(ctx context.Context) (int, error) {
	n := 0
	for ctx.Err() == nil {
		keys, _, err := m.Store.DueDeeds(asParley(ctx), m.now(), 4*atOnce)
		if err != nil || len(keys) == 0 {
			return n, err
		}
		for _, k := range keys {
			if err := m.step(ctx, k); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, ctx.Err()
}

// step makes one call. That it is made is kept before, what came of it after.
func (m *Moderator) step(ctx context.Context, k Key) error {
	ctx = asParley(ctx)
	t := m.Timing.Filled()
	var d Deed
	var msg engage.Message
	var c engage.Conversation
	leased := false
	err := m.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if msg, err = m.Store.Message(ctx, k.Message); err != nil {
			return err
		}
		if d, err = m.Store.Deed(ctx, k); err != nil {
			return err
		}
		if !d.Open() || d.NextAt.After(m.now()) {
			return nil // somebody was quicker
		}
		if c, err = m.origin(ctx, msg); err != nil {
			return err
		}
		v, err := m.Gate.Clear(ctx, engage.Ask{Member: d.Member, Token: d.Token, Permission: social.InboxReply, Programme: c.Programme, Channel: c.Channel})
		if err != nil {
			return err
		}
		if !v.Clear {
			d.refused("It was not done. "+v.Why, m.now())
			if err := m.Store.KeepDeed(ctx, d); err != nil {
				return err
			}
			return m.say(ctx, msg, "refuse", map[string]any{"conversation": string(msg.Conversation), "act": string(d.Want), "why": v.Why})
		}
		d.begin(m.now(), t)
		leased = true
		return m.Store.KeepDeed(ctx, d)
	})
	if social.NotFound.Is(err) { // the message is no more, as another of the same words may have taken its place
		return m.Store.InTx(ctx, func(ctx context.Context) error {
			d, err := m.Store.Deed(ctx, k)
			if err != nil {
				return err
			}
			d.refused("The message is no more.", m.now())
			return m.Store.KeepDeed(ctx, d)
		})
	}
	if err != nil || !leased {
		return err
	}
	did := d.Want
	cause := m.call(ctx, msg, spot(msg, c), did)
	return m.settle(ctx, msg, k, did, d.Attempts, cause)
}

// settle keeps what came of a call. A call that took so long that another was
// made since says nothing any more.
func (m *Moderator) settle(ctx context.Context, msg engage.Message, k Key, did Act, attempt int, cause error) error {
	return m.Store.InTx(ctx, func(ctx context.Context) error {
		d, err := m.Store.Deed(ctx, k)
		if err != nil || d.Attempts != attempt {
			return err
		}
		d.ends(did, cause, m.now(), m.Timing.Filled())
		if err := m.Store.KeepDeed(ctx, d); err != nil {
			return err
		}
		if d.Open() && cause != nil {
			return m.Store.Tell(ctx, social.Changed{Conversations: []social.ConversationID{msg.Conversation}})
		}
		return m.say(ctx, msg, "outcome", map[string]any{"conversation": string(msg.Conversation), "act": string(did), "state": string(d.State())})
	})
}

// call calls the network with a limit of time. A panic is as good as no answer.
func (m *Moderator) call(ctx context.Context, msg engage.Message, at channel.Spot, a Act) (err error) {
	line, err := m.Networks.Channel(ctx, msg.Channel)
	if social.NotFound.Is(err) {
		return social.Because(social.Invalid, err, "The channel is not connected any more.")
	}
	if err != nil {
		return social.Because(social.Busy, err, "The channel does not work just now.")
	}
	ctx, cancel := context.WithTimeout(ctx, m.Timing.Filled().Send)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = social.Because(social.Unknown, fmt.Errorf("panic: %v", p), "The channel broke down.")
		}
	}()
	if x, ok := line.(channel.Moderator); ok && (a == Hide || a == Show) {
		return x.Hide(ctx, at, a == Hide)
	} else if ok && a == Remove {
		return x.Remove(ctx, at)
	}
	if x, ok := line.(channel.Retractor); ok && a == Retract {
		return x.Retract(ctx, at)
	}
	if x, ok := line.(channel.Reactor); ok && a.lane() == Liking {
		return x.React(ctx, at.ID, a == Like)
	}
	return social.Errorf(social.Invalid, "This network does not let us do that.")
}
