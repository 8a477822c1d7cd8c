package govern

import (
	"context"
	"time"

	"github.com/parley-crm/parley/social"
)

// How long a session lasts: without use, and altogether.
const (
	idleLife  = 30 * 24 * time.Hour
	wholeLife = 90 * 24 * time.Hour
	touch     = 5 * time.Minute // how exactly the last use is noted
)

// Session is a browser that is signed in.
type Session struct {
	ID       string
	Member   social.MemberID
	Created  time.Time
	LastSeen time.Time
	Agent    string
	IP       string
}

// Expires is when the session ends if it is not used again.
func (s Session) Expires() time.Time {
	idle, whole := s.LastSeen.Add(idleLife), s.Created.Add(wholeLife)
	if idle.Before(whole) {
		return idle
	}
	return whole
}

// From says where a request came from.
type From struct{ IP, Agent string }

// Opened is a session that has just begun. Secret is shown once, to the
// browser.
type Opened struct {
	Session Session
	Secret  string
	Member  Member
}

// SessionStore keeps sessions and wrong passwords.
type SessionStore interface {
	AddSession(ctx context.Context, s Session, hash string) error
	SessionByHash(ctx context.Context, hash string) (Session, Member, error)
	Sessions(ctx context.Context, member social.MemberID) ([]Session, error)
	TouchSession(ctx context.Context, id string, member social.MemberID, at time.Time) error
	DropSession(ctx context.Context, member social.MemberID, id string) (bool, error)
	DropSessions(ctx context.Context, member social.MemberID) (int, error)
	Attempt(ctx context.Context, key string) (failed int, last, blocked time.Time, err error)
	SetAttempt(ctx context.Context, key string, failed int, last, blocked time.Time) error
	DropAttempt(ctx context.Context, key string) error
	// ForgetSessions drops sessions, attempts and doors that are over.
	ForgetSessions(ctx context.Context, created, seen, now time.Time) error
}

// SignIn lets a member in. Who does not exist, is disabled, or has the wrong
// password gets the same answer after the same time.
func (o *Office) SignIn(ctx context.Context, email, password string, from From) (Opened, error) {
	folded := fold(email)
	if err := o.mayTry(ctx, folded, from.IP); err != nil {
		return Opened{}, err
	}
	m, hash, err := o.store.MemberByEmail(ctx, folded)
	if err != nil && !social.NotFound.Is(err) {
		return Opened{}, err
	}
	if err != nil || m.State != Active || len(password) > mostPassword {
		hash = ""
	}
	fits, err := o.passwordFits(ctx, password, hash)
	if err != nil {
		return Opened{}, err
	}
	if !fits {
		if err := o.missed(ctx, folded, from.IP); err != nil {
			return Opened{}, err
		}
		return Opened{}, social.Errorf(social.Unauth, "The e-mail address or the password is wrong.")
	}
	ctx = social.WithActor(ctx, m.Actor())
	var opened Opened
	err = o.change(ctx, "session", func(ctx context.Context) (e social.Entry, err error) {
		if m, err = o.store.Member(ctx, m.ID); err != nil {
			return e, err
		}
		if m.State != Active {
			return e, social.Errorf(social.Unauth, "The e-mail address or the password is wrong.")
		}
		if err := o.forget(ctx, folded, from.IP); err != nil {
			return e, err
		}
		opened, err = o.open(ctx, m, from)
		return social.Entry{Verb: "sign_in", Object: "session", ID: opened.Session.ID}, err
	})
	return opened, err
}

// open begins a session in the transaction of ctx.
func (o *Office) open(ctx context.Context, m Member, from From) (Opened, error) {
	now := o.clock.Now()
	if err := o.store.ForgetSessions(ctx, now.Add(-wholeLife), now.Add(-idleLife), now); err != nil {
		return Opened{}, err
	}
	plain, kept := ticket("")
	s := Session{ID: o.id(), Member: m.ID, Created: now, LastSeen: now, Agent: cut(from.Agent, 200), IP: from.IP}
	if err := o.store.AddSession(ctx, s, kept); err != nil {
		return Opened{}, err
	}
	return Opened{Session: s, Secret: plain, Member: m}, o.store.TouchSession(ctx, s.ID, m.ID, now)
}

// BySession names the member behind a session's secret and notes that it is
// used, now and then.
func (o *Office) BySession(ctx context.Context, plain string) (social.Actor, Session, error) {
	no := social.Errorf(social.Unauth, "Your session is over. Sign in again.")
	if plain == "" || len(plain) > 100 {
		return social.Actor{}, Session{}, no
	}
	s, m, err := o.store.SessionByHash(ctx, digest(plain))
	if social.NotFound.Is(err) {
		return social.Actor{}, Session{}, no
	}
	if err != nil {
		return social.Actor{}, Session{}, err
	}
	now := o.clock.Now()
	if m.State != Active || !now.Before(s.Expires()) {
		return social.Actor{}, Session{}, no
	}
	if since(now, s.LastSeen) >= touch {
		s.LastSeen = now
		_ = o.store.TouchSession(ctx, s.ID, m.ID, now) // a note; a full disk locks nobody out
	}
	return m.Actor(), s, nil
}

// Sessions lists where a member is signed in, newest first.
func (o *Office) Sessions(ctx context.Context, member social.MemberID) ([]Session, error) {
	all, err := o.store.Sessions(ctx, member)
	live := []Session{}
	for _, s := range all {
		if o.clock.Now().Before(s.Expires()) {
			live = append(live, s)
		}
	}
	return live, err
}

// EndSession ends one session of a member.
func (o *Office) EndSession(ctx context.Context, member social.MemberID, id string) error {
	return o.change(ctx, "session", func(ctx context.Context) (e social.Entry, err error) {
		found, err := o.store.DropSession(ctx, member, id)
		if err == nil && !found {
			err = social.Errorf(social.NotFound, "There is no such session.")
		}
		return social.Entry{Verb: "sign_out", Object: "session", ID: id}, err
	})
}

// EndSessions signs a member out everywhere.
func (o *Office) EndSessions(ctx context.Context, member social.MemberID) error {
	return o.change(ctx, "session", func(ctx context.Context) (social.Entry, error) {
		n, err := o.store.DropSessions(ctx, member)
		return social.Entry{Verb: "sign_out", Object: "member", ID: string(member), Detail: map[string]any{"sessions": n}}, err
	})
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}
