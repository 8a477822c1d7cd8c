package publish

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// EventID names an event, GuestID somebody who answered its invitation.
type (
	EventID string
	GuestID string
)

// Standing is where an event stands.
type Standing string

// The standings.
const (
	Closed    Standing = "closed" // nobody can answer yet, or any more
	Open      Standing = "open"   // its page takes answers
	Cancelled Standing = "cancelled"
)

// Event is something to which people come.
type Event struct {
	ID         EventID
	Slug       string // the last part of its page's address; it can't be guessed
	Title      string
	About      string
	Place      string
	Link       string // where it takes place, or where more is said
	Start      time.Time
	End        time.Time
	Zone       string // IANA; in which its times are told
	Capacity   int    // 0: any number
	NoReminder bool   // guests are not written to the day before
	Programme  social.ProgrammeID
	Author     social.MemberID
	Standing   Standing
	Version    int64 // grows with every change: a calendar takes over the higher one
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Tally      Tally // filled in when it is read
}

// Tally counts the answers to an invitation.
type Tally struct{ Yes, Waiting, Maybe, No, Came int }

// Coming is what somebody answers.
type Coming string

// The answers.
const (
	Yes   Coming = "yes"
	Maybe Coming = "maybe"
	No    Coming = "no"
)

// Guest is somebody who answered.
type Guest struct {
	ID      GuestID
	Event   EventID
	Name    string
	Email   string // folded: one answer per address
	Coming  Coming
	Waiting bool   // they would come, and there is no room yet
	Key     string // hash of the word in their own link
	Came    bool
	Since   time.Time // of this answer: who has waited longest comes first
	At      time.Time
}

// Events keeps events and guests. What is read is limited to the scope of
// ctx; BySlug and ByKey are for whoever stands at the door.
type Events interface {
	Event(ctx context.Context, id EventID) (Event, error)
	LockEvent(ctx context.Context, id EventID) (Event, error)
	SaveEvent(ctx context.Context, e *Event) error
	// ListEvents reads a page: those that end after a time, the next first, or
	// those before it, the last first.
	ListEvents(ctx context.Context, after time.Time, past bool, cursor string, limit int) ([]Event, string, error)
	BySlug(ctx context.Context, slug string) (Event, error)
	// ByKey finds a guest by the word of their link, or of one in a letter.
	ByKey(ctx context.Context, e EventID, hash string) (Guest, error)
	ByEmail(ctx context.Context, e EventID, email string) (Guest, error)
	GuestByID(ctx context.Context, e EventID, id GuestID) (Guest, error)
	SaveGuest(ctx context.Context, g *Guest) error
	DropGuest(ctx context.Context, id GuestID) error
	// Queued lists who waits for room, the longest first.
	Queued(ctx context.Context, e EventID, limit int) ([]Guest, error)
	Guests(ctx context.Context, e EventID, cursor string, limit int) ([]Guest, string, error)
	Tallied(ctx context.Context, e EventID) (Tally, error)
}

func secretWord(n int) string {
	const letters = "23456789abcdefghjkmnpqrstuvwxyz"
	raw := make([]byte, n)
	_, _ = rand.Read(raw) // never fails
	for i, b := range raw {
		raw[i] = letters[int(b)%len(letters)]
	}
	return string(raw)
}

func keyed(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

func (e *Event) check() error {
	e.Title, e.About, e.Place = strings.Join(strings.Fields(clean(e.Title)), " "), clean(e.About), strings.Join(strings.Fields(clean(e.Place)), " ")
	e.Start, e.End = e.Start.UTC().Truncate(time.Second), e.End.UTC().Truncate(time.Second)
	u, err := url.Parse(e.Link)
	switch {
	case e.Title == "" || utf8.RuneCountInString(e.Title) > 200:
		return invalid("title", "Give the event a name of at most 200 characters.")
	case utf8.RuneCountInString(e.About) > 5000:
		return invalid("about", "This is longer than 5,000 characters.")
	case utf8.RuneCountInString(e.Place) > 300:
		return invalid("place", "This is longer than 300 characters.")
	case e.Link != "" && (err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || len(e.Link) > 2000):
		return invalid("link", "Give the whole address, beginning with https://.")
	case e.Start.IsZero() || !e.End.After(e.Start):
		return invalid("end", "An event ends after it has begun.")
	case e.End.Sub(e.Start) > 31*24*time.Hour:
		return invalid("end", "An event takes at most a month.")
	case e.Capacity < 0 || e.Capacity > 100_000:
		return invalid("capacity", "Room is for at most 100,000; 0 is for any number.")
	}
	if _, err := time.LoadLocation(e.Zone); err != nil || e.Zone == "" || e.Zone == "Local" {
		return invalid("zone", "This time zone is not known. Use one such as Europe/Vienna.")
	}
	return nil
}

// AddEvent begins an event; nobody can answer before it is opened.
func (p *Press) AddEvent(ctx context.Context, e Event) (Event, error) {
	a, err := member(ctx)
	if err != nil {
		return e, err
	}
	now := p.now()
	e.ID, e.Slug, e.Author, e.Standing, e.Version, e.CreatedAt, e.UpdatedAt = EventID(id.At(now)), secretWord(10), a.Member, Closed, 1, now, now
	if err := e.check(); err != nil {
		return e, err
	}
	if err := placed(ctx, e.Programme); err != nil {
		return e, err
	}
	return e, p.Store.InTx(ctx, func(ctx context.Context) error {
		return p.keepEvent(ctx, &e, "create")
	})
}

func (p *Press) keepEvent(ctx context.Context, e *Event, verb string) error {
	if err := p.Store.SaveEvent(ctx, e); err != nil {
		return err
	}
	if err := p.Store.Tell(ctx, social.Posted{Programme: e.Programme}); err != nil {
		return err
	}
	return p.Store.Record(ctx, social.Entry{Verb: verb, Object: "event", ID: string(e.ID), Detail: map[string]any{"name": e.Title, "standing": string(e.Standing)}})
}

// WriteEvent changes an event: what stands in e, and where it stands. More
// room lets in who waited longest.
func (p *Press) WriteEvent(ctx context.Context, eid EventID, e Event, seen int64) (Event, error) {
	if _, err := member(ctx); err != nil {
		return e, err
	}
	if err := e.check(); err != nil {
		return e, err
	}
	if !slices.Contains([]Standing{Closed, Open, Cancelled}, e.Standing) {
		return e, invalid("standing", "An event is closed, open or cancelled.")
	}
	var out Event
	err := p.Store.InTx(ctx, func(ctx context.Context) error {
		is, err := p.Store.LockEvent(ctx, eid)
		if err != nil {
			return err
		}
		if seen != is.Version {
			return social.Errorf(social.Conflict, "Somebody has changed this meanwhile. Read it again before you go on.")
		}
		if e.Programme != is.Programme {
			if err := placed(ctx, e.Programme); err != nil {
				return err
			}
		}
		now := p.now()
		e.ID, e.Slug, e.Author, e.CreatedAt, e.UpdatedAt, e.Version = is.ID, is.Slug, is.Author, is.CreatedAt, now, is.Version+1
		if err := p.keepEvent(ctx, &e, "update"); err != nil {
			return err
		}
		if err := p.tellOf(ctx, is, e); err != nil {
			return err
		}
		if err := p.admit(ctx, &e); err != nil {
			return err
		}
		out, err = p.Store.Event(ctx, eid)
		return err
	})
	return out, err
}

// admit lets in who waited longest while there is room.
func (p *Press) admit(ctx context.Context, e *Event) error {
	t, err := p.Store.Tallied(ctx, e.ID)
	if err != nil {
		return err
	}
	room := t.Waiting
	if e.Capacity > 0 {
		room = min(room, e.Capacity-t.Yes)
	}
	if room <= 0 {
		return nil
	}
	next, err := p.Store.Queued(ctx, e.ID, room)
	if err != nil {
		return err
	}
	for i := range next {
		next[i].Waiting = false
		if err := p.Store.SaveGuest(ctx, &next[i]); err != nil {
			return err
		}
		if err := p.tell(ctx, *e, next[i], Admits, next[i].Since.UnixMicro()); err != nil {
			return err
		}
	}
	return nil
}

// Answer is what somebody at the door says to an invitation.
type Answer struct {
	Name, Email string
	Coming      Coming
}

func (a *Answer) check() error {
	a.Name = strings.Join(strings.Fields(clean(a.Name)), " ")
	a.Email = strings.ToLower(strings.TrimSpace(a.Email))
	m, err := mail.ParseAddress(a.Email)
	switch {
	case a.Name == "" || utf8.RuneCountInString(a.Name) > 120:
		return invalid("name", "Give your name, in at most 120 characters.")
	case err != nil || m.Address != a.Email || len(a.Email) > 254:
		return invalid("email", "Give your email address, such as ana@example.org.")
	case a.Coming != Yes && a.Coming != Maybe && a.Coming != No:
		return invalid("coming", "Say yes, maybe or no.")
	}
	return nil
}

// most is how many answers one event takes.
const mostGuests = 100_000

// Reply takes an answer at the door. It returns the guest and the word of their
// own link, by which alone the answer can be changed: an address that answered
// already is a Conflict, so that nobody changes another's answer.
func (p *Press) Reply(ctx context.Context, slug string, a Answer) (Guest, string, error) {
	if err := a.check(); err != nil {
		return Guest{}, "", err
	}
	key := secretWord(24)
	var g Guest
	err := p.atDoor(ctx, slug, func(ctx context.Context, e *Event, now time.Time) error {
		if err := e.takes(now); err != nil {
			return err
		}
		if _, err := p.Store.ByEmail(ctx, e.ID, a.Email); err == nil {
			return social.Errorf(social.Conflict, "This address has answered already. Use the link that you were given then to change your answer.")
		} else if !social.NotFound.Is(err) {
			return err
		}
		if t := e.Tally; t.Yes+t.Waiting+t.Maybe+t.No >= mostGuests {
			return social.Errorf(social.Busy, "This event takes no more answers.")
		}
		g = Guest{ID: GuestID(id.At(now)), Event: e.ID, Name: a.Name, Email: a.Email, Key: keyed(key), At: now}
		if err := p.comes(ctx, e, &g, a.Coming, now); err != nil {
			return err
		}
		return p.tell(ctx, *e, g, Confirms, 0)
	})
	return g, key, err
}

// takes says why an event takes no answer.
func (e *Event) takes(now time.Time) error {
	switch {
	case e.Standing == Cancelled:
		return social.Errorf(social.Conflict, "This event is cancelled.")
	case e.Standing != Open:
		return social.Errorf(social.Conflict, "This event takes no answers just now.")
	case now.After(e.End):
		return social.Errorf(social.Conflict, "This event is over.")
	}
	return nil
}

// comes writes an answer down; who says yes where there is no room waits.
func (p *Press) comes(ctx context.Context, e *Event, g *Guest, c Coming, now time.Time) error {
	if g.Coming == c {
		return p.Store.SaveGuest(ctx, g)
	}
	g.Coming, g.Since = c, now
	g.Waiting = c == Yes && e.Capacity > 0 && e.Tally.Yes >= e.Capacity
	if err := p.Store.SaveGuest(ctx, g); err != nil {
		return err
	}
	if err := p.Store.Tell(ctx, social.Posted{Programme: e.Programme}); err != nil {
		return err
	}
	return p.admit(ctx, e)
}

// Reconsider changes an answer by the word of its link.
func (p *Press) Reconsider(ctx context.Context, slug, key string, c Coming) (Guest, error) {
	if c != Yes && c != Maybe && c != No {
		return Guest{}, invalid("coming", "Say yes, maybe or no.")
	}
	var g Guest
	err := p.atDoor(ctx, slug, func(ctx context.Context, e *Event, now time.Time) error {
		var err error
		if g, err = p.Store.ByKey(ctx, e.ID, keyed(key)); err != nil {
			return err
		}
		if c != No {
			if err := e.takes(now); err != nil {
				return err
			}
		}
		if err := p.comes(ctx, e, &g, c, now); err != nil {
			return err
		}
		g, err = p.Store.ByKey(ctx, e.ID, keyed(key))
		return err
	})
	return g, err
}

// atDoor does something for a stranger, alone with the event.
func (p *Press) atDoor(ctx context.Context, slug string, do func(ctx context.Context, e *Event, now time.Time) error) error {
	return p.Store.InTx(asParley(ctx), func(ctx context.Context) error {
		e, err := p.Store.BySlug(ctx, slug)
		if err != nil {
			return err
		}
		if e, err = p.Store.LockEvent(ctx, e.ID); err != nil {
			return err
		}
		return do(ctx, &e, p.now())
	})
}

// AtDoor reads an event as a stranger sees it, with their own answer if they
// bring the word of its link.
func (p *Press) AtDoor(ctx context.Context, slug, key string) (Event, *Guest, error) {
	ctx = asParley(ctx)
	e, err := p.Store.BySlug(ctx, slug)
	if err != nil || key == "" {
		return e, nil, err
	}
	g, err := p.Store.ByKey(ctx, e.ID, keyed(key))
	return e, &g, err
}

// Attend notes whether a guest came.
func (p *Press) Attend(ctx context.Context, eid EventID, gid GuestID, came bool) (Guest, error) {
	var g Guest
	err := p.Store.InTx(ctx, func(ctx context.Context) error {
		e, err := p.Store.LockEvent(ctx, eid)
		if err != nil {
			return err
		}
		if g, err = p.Store.GuestByID(ctx, eid, gid); err != nil {
			return err
		}
		g.Came = came
		if err := p.Store.SaveGuest(ctx, &g); err != nil {
			return err
		}
		return p.Store.Record(ctx, social.Entry{Verb: "attend", Object: "event", ID: string(e.ID), Detail: map[string]any{"guest": string(gid), "came": came}})
	})
	return g, err
}

// Forget removes a guest with all that is known of them.
func (p *Press) Forget(ctx context.Context, eid EventID, gid GuestID) error {
	return p.Store.InTx(ctx, func(ctx context.Context) error {
		e, err := p.Store.LockEvent(ctx, eid)
		if err != nil {
			return err
		}
		if _, err := p.Store.GuestByID(ctx, eid, gid); err != nil {
			return err
		}
		if err := p.Store.DropGuest(ctx, gid); err != nil {
			return err
		}
		if err := p.admit(ctx, &e); err != nil {
			return err
		}
		return p.Store.Record(ctx, social.Entry{Verb: "forget", Object: "event", ID: string(eid), Detail: map[string]any{"guest": string(gid)}})
	})
}
