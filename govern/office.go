package govern

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Store is what the office keeps its things in. Methods that take a scope
// return only what lies inside it; what is absent is kind NotFound.
type Store interface {
	Ledger
	MemberStore
	SessionStore
	TokenStore
	DoorStore
	ProgrammeStore
	PolicyStore
	SettingStore
	NoticeStore
	TagStore
}

// Ledger is a transaction and what goes with it.
type Ledger interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	// Lock lets one transaction at a time go on from here.
	Lock(ctx context.Context) error
	Record(ctx context.Context, e social.Entry) error
	Tell(ctx context.Context, facts ...social.Fact) error
}

// SettingStore keeps small settings.
type SettingStore interface {
	Setting(ctx context.Context, name string, v any) (bool, error)
	SetSetting(ctx context.Context, name string, v any) error
}

// Options say how an office works. Zero values mean the defaults.
type Options struct {
	Clock clock.Clock
	Hash  *argon2id.Params // how passwords are hashed; tests take a cheap way
}

// Office keeps members, programmes, policies and the brand's name. Its
// methods check what they are told and write one line of the record for each
// change; who may call them is checked at the door (see Scope).
type Office struct {
	store Store
	clock clock.Clock
	hash  *argon2id.Params
	hands chan struct{} // how many passwords are hashed at once
	decoy string        // what the password of an unknown member is compared with
}

// Strong is how passwords are hashed: 64 MiB, once through, one lane.
var strong = argon2id.Params{Memory: 64 * 1024, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// New opens an office.
func New(store Store, o Options) (*Office, error) {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Hash == nil {
		o.Hash = &strong
	}
	decoy, err := argon2id.CreateHash(rand.Text(), o.Hash)
	if err != nil {
		return nil, err
	}
	return &Office{store: store, clock: o.Clock, hash: o.Hash, hands: make(chan struct{}, 2), decoy: decoy}, nil
}

func (o *Office) id() string { return id.At(o.clock.Now()) }

// change runs f in a transaction, with one line of the record and the fact
// that something of this sort changed.
func (o *Office) change(ctx context.Context, what string, f func(ctx context.Context) (social.Entry, error)) error {
	return o.store.InTx(ctx, func(ctx context.Context) error {
		entry, err := f(ctx)
		if err != nil {
			return err
		}
		if entry.Verb == "" {
			return nil // nothing changed
		}
		if err := o.store.Record(ctx, entry); err != nil {
			return err
		}
		return o.store.Tell(ctx, social.Governed{What: what})
	})
}

// ticket makes a random secret and what is kept of it.
func ticket(prefix string) (plain, kept string) {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	plain = prefix + base64.RawURLEncoding.EncodeToString(b)
	return plain, digest(plain)
}

// digest is what is kept of a random secret. It is long and random, so that a
// plain hash is enough.
func digest(plain string) string {
	sum := sha256.Sum256([]byte(plain))
	return hex.EncodeToString(sum[:])
}

// hashPassword hashes a password, two at a time at most: each takes 64 MiB.
func (o *Office) hashPassword(ctx context.Context, password string) (string, error) {
	select {
	case o.hands <- struct{}{}:
		defer func() { <-o.hands }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	return argon2id.CreateHash(password, o.hash)
}

// passwordFits compares a password with a hash; with an empty one it takes as
// long and says no.
func (o *Office) passwordFits(ctx context.Context, password, hash string) (bool, error) {
	select {
	case o.hands <- struct{}{}:
		defer func() { <-o.hands }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	if hash == "" {
		_, err := argon2id.ComparePasswordAndHash(password, o.decoy)
		return false, err
	}
	return argon2id.ComparePasswordAndHash(password, hash)
}

func invalid(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}

func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }

// fold makes what is compared of a name or e-mail address.
func fold(s string) string { return strings.ToLower(tidy(s)) }

// short checks a text of one line.
func short(field, what, s string, most int) (string, error) {
	s = tidy(s)
	switch n := len([]rune(s)); {
	case n == 0:
		return "", invalid(field, what+" can't be empty.")
	case n > most:
		return "", invalid(field, what+" is too long.")
	}
	return s, nil
}

// since is the time that has passed, never negative.
func since(now, then time.Time) time.Duration { return max(0, now.Sub(then)) }
