// Package privacy answers what people ask of us about themselves: a copy of
// all that we know of them, and that we forget them.
//
// It promises that a copy and an erasure reach everything that every room holds
// (each answers as a Holder), that an erasure leaves counts and no name, that it
// goes on where it stopped, that it ends with a signed receipt, that whoever was
// forgotten is not made anew out of what they said before, and that nothing is
// erased while a legal hold stands. A request is due within thirty days, and
// somebody is told before.
package privacy

import (
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
)

// The kinds of request.
const (
	Export  = "export"
	Erasure = "erasure"
)

// The states of a request.
const (
	Open    = "open"
	Running = "running"
	Held    = "held" // an erasure that a legal hold keeps back
	Done    = "done"
	Refused = "refused"
)

// Term is how long a request may take (GDPR, article 12), and Warn how long
// before its end somebody is told.
const (
	Term = 30 * 24 * time.Hour
	Warn = 7 * 24 * time.Hour
)

// Request is something that somebody asked of us about themselves.
type Request struct {
	ID        string
	Person    social.PersonID
	Kind      string
	State     string
	AskedBy   string // customer, member, retention
	How       string
	Why       string
	By        social.MemberID
	AskedAt   time.Time
	DueAt     time.Time
	ToldAt    time.Time
	StartedAt time.Time
	ClosedAt  time.Time
	Step      int
	Subject   string // sealed, while it is worked at
	Receipt   *Receipt
	Signature string
}

// Why somebody was forgotten.
const (
	OnRequest   = "erased on request"
	ByRetention = "retention"
)

// Suppression is that somebody was forgotten.
type Suppression struct {
	Reason string
	At     time.Time
}

// Receipt says what an erasure took away.
type Receipt struct {
	Request string          `json:"request"`
	Person  social.PersonID `json:"person"`
	Persons int             `json:"persons,omitempty"` // of a run of the rules of retention
	Began   time.Time       `json:"began"`
	Ended   time.Time       `json:"ended,omitzero"`
	Gone    []social.Gone   `json:"gone"`
	// Left is where the name stands in what colleagues wrote about their own
	// work, for them to look at.
	Left       []social.Gone `json:"left"`
	Suppressed int           `json:"suppressed"` // accounts that are not taken in anew
	Backups    string        `json:"backups"`
}

// Holder is a room that holds things about people.
type Holder interface {
	Name() string
	Gather(ctx context.Context, s social.Subject) ([]social.Portion, error)
	// Erase takes away what the room holds, in the transaction of ctx. A
	// second time there is nothing.
	Erase(ctx context.Context, s social.Subject) ([]social.Gone, error)
}

// Sweeper takes names out of everything that no room answers for.
type Sweeper interface {
	Sweep(ctx context.Context, s social.Subject) (gone, left []social.Gone, err error)
	// Scour writes over what was deleted.
	Scour(ctx context.Context) error
}

// Store keeps requests.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	Tell(ctx context.Context, facts ...social.Fact) error
	Same(ctx context.Context, who social.PersonID) ([]string, error)

	SaveRequest(ctx context.Context, r Request) error
	Request(ctx context.Context, id string) (Request, error)
	Requests(ctx context.Context, q Query) ([]Request, string, error)
	Working(ctx context.Context) ([]Request, error) // running and held
	Near(ctx context.Context, due time.Time) ([]Request, error)

	// Suppress remembers whom we forgot. Who asked for it stays so.
	Suppress(ctx context.Context, hash, reason string, at time.Time) error
	Suppressed(ctx context.Context) (map[string]Suppression, error)
	// Owners lists accounts in the order of their ids, after one.
	Owners(ctx context.Context, after social.IdentityID, limit int) ([]Owner, error)
	// Forgotten lists the receipts of a run of the rules of retention.
	Forgotten(ctx context.Context, run string) ([]Receipt, error)

	SaveHold(ctx context.Context, h Hold) error
	Hold(ctx context.Context, id string) (Hold, error)
	// Holds lists those that stand, the newest first; of one kind and some objects, or all.
	Holds(ctx context.Context, kind string, objects []string) ([]Hold, error)

	PutCopy(ctx context.Context, request, name string, data []byte) error
	Copy(ctx context.Context, request string) (social.File, error)
}

// Query says which requests are wanted.
type Query struct {
	Person []string // by any id that they had
	Shut   bool     // closed ones instead of open ones
	All    bool
	Cursor string
	Limit  int
}

// People says who somebody is; people.Book does.
type People interface {
	Person(ctx context.Context, id social.PersonID) (people.Person, error)
}

// Herald tells members something; govern.Office does.
type Herald interface {
	Notify(ctx context.Context, n social.Notice) error
	Unnotify(ctx context.Context, keys ...string) error
}

// Keeper is the room's front. Fill it in and use it.
type Keeper struct {
	Store   Store
	People  People
	Holders []Holder // in the order in which they erase
	Sweeper Sweeper
	Herald  Herald
	Ledger  Ledger                                               // whom we forgot, outside of the database; none without a path
	Things  Things                                               // what may be held besides persons
	Keepers func(ctx context.Context) ([]social.MemberID, error) // who is told what is due
	Box     *secret.Box
	Clock   clock.Clock
	Log     *slog.Logger
	Backups func() string // where names stand besides, in a sentence

	mu        sync.Mutex // one erasure at a time
	forgotten map[string]Suppression
	known     sync.RWMutex
	wake      chan struct{}
	once      sync.Once
}

func (k *Keeper) now() time.Time { return k.Clock.Now().UTC().Truncate(time.Microsecond) }

func member(ctx context.Context) social.MemberID {
	a, _ := social.ActorOf(ctx)
	return a.Member
}

func invalid(field, text string, args ...any) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: fmt.Sprintf(text, args...)}
}

func tidy(field string, s *string, most int, must bool) error {
	*s = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(*s, "\x00", ""), ""))
	switch n := utf8.RuneCountInString(*s); {
	case n == 0 && must:
		return invalid(field, "Write something.")
	case n > most:
		return invalid(field, "This is %d characters long; %d are kept at most.", n, most)
	}
	return nil
}

// Ask writes down that somebody asks something about themselves.
func (k *Keeper) Ask(ctx context.Context, r Request) (Request, error) {
	if r.Kind != Export && r.Kind != Erasure {
		return r, invalid("kind", "One asks for an export or for an erasure.")
	}
	if r.AskedBy != "customer" && r.AskedBy != "member" {
		return r, invalid("asked_by", "It is the customer who asks, or a member.")
	}
	if err := tidy("how", &r.How, 1000, false); err != nil {
		return r, err
	}
	now := k.now()
	if r.AskedAt.IsZero() {
		r.AskedAt = now
	}
	r.AskedAt = r.AskedAt.UTC().Truncate(time.Microsecond)
	if r.AskedAt.After(now.Add(time.Minute)) {
		return r, invalid("asked_at", "Nobody can have asked in the future.")
	}
	err := k.Store.InTx(ctx, func(ctx context.Context) error {
		p, err := k.People.Person(ctx, r.Person)
		if err != nil {
			return err
		}
		same, err := k.Store.Same(ctx, p.ID)
		if err != nil {
			return err
		}
		open, _, err := k.Store.Requests(ctx, Query{Person: same, Limit: 100})
		if err != nil {
			return err
		}
		for _, o := range open {
			if o.Kind == r.Kind {
				r = o // asked again while it is open, it is the same request
				return nil
			}
		}
		r.ID, r.Person, r.State, r.By, r.DueAt = id.At(now), p.ID, Open, member(ctx), r.AskedAt.Add(Term)
		if err := k.Store.SaveRequest(ctx, r); err != nil {
			return err
		}
		return k.told(ctx, "request", r, nil)
	})
	return r, err
}

func (k *Keeper) told(ctx context.Context, verb string, r Request, more map[string]any) error {
	detail := map[string]any{"request": r.ID, "kind": r.Kind}
	for n, v := range more {
		detail[n] = v
	}
	if err := k.Store.Record(ctx, social.Entry{Verb: verb, Object: "person", ID: string(r.Person), Detail: detail}); err != nil {
		return err
	}
	return k.Store.Tell(ctx, social.Dealt{Object: "person", ID: string(r.Person)})
}

// Refuse closes a request that is not carried out, and says why.
func (k *Keeper) Refuse(ctx context.Context, id, why string) (Request, error) {
	if err := tidy("why", &why, 1000, true); err != nil {
		return Request{}, err
	}
	var r Request
	err := k.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if r, err = k.Store.Request(ctx, id); err != nil {
			return err
		}
		if r.State != Open && r.State != Held {
			return social.Errorf(social.Conflict, "This request is closed, or is being carried out.")
		}
		if r.State == Held && r.Step > 0 {
			return social.Errorf(social.Conflict, "This erasure has begun; it ends when the hold does.")
		}
		r.State, r.Why, r.ClosedAt, r.Subject = Refused, why, k.now(), ""
		if err := k.Store.SaveRequest(ctx, r); err != nil {
			return err
		}
		if err := k.Herald.Unnotify(ctx, "privacy:"+r.ID); err != nil {
			return err
		}
		return k.told(ctx, "refuse", r, nil)
	})
	return r, err
}

// Subject is all that names somebody.
func (k *Keeper) Subject(ctx context.Context, who social.PersonID) (social.Subject, error) {
	p, err := k.People.Person(ctx, who)
	if err != nil {
		return social.Subject{}, err
	}
	same, err := k.Store.Same(ctx, p.ID)
	if err != nil {
		return social.Subject{}, err
	}
	s := social.Subject{At: k.now()}
	had := map[string]bool{"": true}
	name := func(n string) {
		if n = strings.TrimSpace(n); !had[n] {
			had[n] = true
			s.Names = append(s.Names, n)
		}
	}
	name(p.Name)
	for _, i := range same {
		s.Persons = append(s.Persons, social.PersonID(i))
	}
	for _, i := range p.Identities {
		s.Accounts = append(s.Accounts, social.Account{Author: i.Author, Stands: social.Author{Scheme: "erased", Value: id.New(), Name: "Erased"}})
		name(i.Author.Name)
	}
	return s, nil
}

// Gather collects all that is held about somebody, room by room.
func (k *Keeper) Gather(ctx context.Context, s social.Subject) (map[string][]social.Portion, error) {
	out := map[string][]social.Portion{}
	for _, h := range k.Holders {
		got, err := h.Gather(ctx, s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", h.Name(), err)
		}
		if len(got) > 0 {
			out[h.Name()] = got
		}
	}
	return out, nil
}

// hash is how we remember whom we forgot.
func (k *Keeper) hash(who social.IdentityID) string {
	m := hmac.New(sha256.New, k.Box.Derive("people/suppression"))
	m.Write([]byte(who))
	return hex.EncodeToString(m.Sum(nil))
}

// Load learns whom we were asked to forget. Call it before anything is heard.
func (k *Keeper) Load(ctx context.Context) error {
	found, err := k.Store.Suppressed(ctx)
	if err != nil {
		return err
	}
	k.known.Lock()
	k.forgotten = found
	k.known.Unlock()
	return nil
}

// Shields reports whether what somebody said is not taken in: they were
// forgotten, and said it before; or they asked for it, and did not say it to us.
func (k *Keeper) Shields(a social.Activity) bool {
	k.known.RLock()
	defer k.known.RUnlock()
	if len(k.forgotten) == 0 || a.Own {
		return false
	}
	f, ok := k.forgotten[k.hash(a.Author.ID())]
	return ok && (!a.Published.After(f.At) || (f.Reason != ByRetention && !a.Directed))
}

// key signs receipts.
func (k *Keeper) key() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(k.Box.Derive("people/receipt"))
}

// Sign signs a text with the key of receipts.
func (k *Keeper) Sign(text []byte) string { return hex.EncodeToString(ed25519.Sign(k.key(), text)) }

// Signed reports whether a signature is ours and of that text.
func (k *Keeper) Signed(text []byte, signature string) bool {
	sig, err := hex.DecodeString(signature)
	return err == nil && ed25519.Verify(k.key().Public().(ed25519.PublicKey), text, sig)
}

// PublicKey is what receipts are checked with.
func (k *Keeper) PublicKey() string { return hex.EncodeToString(k.key().Public().(ed25519.PublicKey)) }
