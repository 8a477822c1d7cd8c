package govern

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/secret"
)

// Line is one line of the record: who did what to which thing.
type Line struct {
	Seq       int64  `json:"seq"`
	At        int64  `json:"at"` // microseconds since 1970
	Actor     string `json:"actor"`
	ActorName string `json:"actor_name"`
	Token     string `json:"token"`
	Verb      string `json:"verb"`
	Object    string `json:"object"`
	ObjectID  string `json:"object_id"`
	Detail    string `json:"detail"` // JSON as it was written
	Hash      string `json:"-"`      // "" until it is sealed
}

// chained is the hash of a line: SHA-256 over the hash before it and the
// line's JSON, whose fields always stand in the order above.
func (l Line) chained(before string) string {
	text, _ := json.Marshal(l) // strings and numbers always marshal
	h := sha256.New()
	_, _ = h.Write([]byte(before))
	_, _ = h.Write([]byte{'\n'})
	_, _ = h.Write(text)
	return hex.EncodeToString(h.Sum(nil))
}

// Query says which lines of the record are wanted; empty parts don't limit.
type Query struct{ Object, ID, Actor, Verb string }

// RecordStore is where the record lies.
type RecordStore interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	SettingStore
	// Lines returns lines after seq, in order.
	Lines(ctx context.Context, after int64, limit int) ([]Line, error)
	// Search returns lines that fit, newest first.
	Search(ctx context.Context, q Query, cursor string, limit int) (page []Line, next string, err error)
	// Lock lets one transaction at a time go on from here.
	Lock(ctx context.Context) error
	// Sealed returns the last line that is sealed; ok is false when none is.
	Sealed(ctx context.Context) (last Line, ok bool, err error)
	// Seal writes the hashes of lines that had none.
	Seal(ctx context.Context, lines []Line) error
	// Count says how many lines there are up to a seq, and how many have no hash.
	Count(ctx context.Context, upTo int64) (all, unsealed int64, err error)
	Checkpoints(ctx context.Context, after int64, limit int) ([]Checkpoint, error)
	LastCheckpoint(ctx context.Context) (Checkpoint, bool, error)
	AddCheckpoint(ctx context.Context, c Checkpoint) error
	// Woken returns a channel that is closed when there may be new lines.
	Woken() <-chan struct{}
}

const (
	sealBatch       = 500
	checkpointLines = 1000        // at the latest after so many lines
	checkpointTime  = time.Second // and at the latest so long after the last, if there are new ones
	verifiedSetting = "govern.verified"
)

// Archive keeps the record: it seals what the rooms wrote, and
// proves that nobody changed it since. Sealing runs behind the transactions, in order: each
// line's hash covers the one before it. Checkpoints, signed with a key that
// does not lie in the database, fix how far the record had come; so neither a
// rewritten chain nor a cut tail goes unseen.
//
// The detail of a line holds ids, states and settings, never the words of a
// customer: erasing a person leaves the chain whole.
type Archive struct {
	Store RecordStore
	Clock clock.Clock
	Key   ed25519.PrivateKey
	// Warn is told trouble of Run, which goes on; nil keeps quiet.
	Warn func(error)
}

// NewArchive makes the record's keeper. The key that signs checkpoints comes
// from the deployment's own key, so that it is never in the database.
func NewArchive(store RecordStore, box *secret.Box, c clock.Clock) (*Archive, error) {
	if c == nil {
		c = clock.System{}
	}
	return &Archive{Store: store, Clock: c, Key: ed25519.NewKeyFromSeed(box.Derive("govern/record"))}, nil
}

// Run seals until ctx ends, whenever something was written.
func (r *Archive) Run(ctx context.Context) error {
	tick := time.NewTicker(time.Second) // another process may have written
	defer tick.Stop()
	for ctx.Err() == nil {
		woken := r.Store.Woken()
		n, err := r.seal(ctx)
		if err == nil && n < sealBatch {
			_, err = r.Checkpoint(ctx, false)
		}
		if err != nil && ctx.Err() == nil && r.Warn != nil {
			r.Warn(err)
		}
		if err == nil && n == sealBatch {
			continue
		}
		if err != nil {
			woken = nil // wait for the tick
		}
		select {
		case <-woken:
		case <-tick.C:
		case <-ctx.Done():
		}
	}
	return nil
}

// seal seals the next batch of lines and returns how many there were.
func (r *Archive) seal(ctx context.Context) (int, error) {
	last, _, err := r.Store.Sealed(ctx)
	if err != nil {
		return 0, err
	}
	if waiting, err := r.Store.Lines(ctx, last.Seq, 1); err != nil || len(waiting) == 0 {
		return 0, err // nothing new: no write transaction
	}
	n := 0
	err = r.Store.InTx(ctx, func(ctx context.Context) error {
		if err := r.Store.Lock(ctx); err != nil {
			return err
		}
		last, _, err := r.Store.Sealed(ctx)
		if err != nil {
			return err
		}
		lines, err := r.Store.Lines(ctx, last.Seq, sealBatch)
		if err != nil || len(lines) == 0 {
			return err
		}
		before := last.Hash
		for i := range lines {
			lines[i].Hash = lines[i].chained(before)
			before = lines[i].Hash
		}
		n = len(lines)
		return r.Store.Seal(ctx, lines)
	})
	return n, err
}

// Seal seals all that waits and signs a checkpoint.
func (r *Archive) Seal(ctx context.Context) error {
	for {
		n, err := r.seal(ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			_, err := r.Checkpoint(ctx, true)
			return err
		}
	}
}

// Lines lists lines of the record, newest first.
func (r *Archive) Lines(ctx context.Context, q Query, cursor string, limit int) ([]Line, string, error) {
	return r.Store.Search(ctx, q, cursor, limit)
}

// Status is how the record stands.
type Status struct {
	Entries    int64
	Sealed     int64
	Checkpoint *Checkpoint // the last one
	Verified   time.Time   // when it was last verified; zero: never
	OK         bool        // what came out
}

// Status says how the record stands.
func (r *Archive) Status(ctx context.Context) (Status, error) {
	var s Status
	all, open, err := r.Store.Count(ctx, 0)
	if err != nil {
		return s, err
	}
	s.Entries, s.Sealed = all, all-open
	c, ok, err := r.Store.LastCheckpoint(ctx)
	if err != nil {
		return s, err
	}
	if ok {
		s.Checkpoint = &c
	}
	var v verified
	if _, err := r.Store.Setting(ctx, verifiedSetting, &v); err != nil {
		return s, err
	}
	s.Verified, s.OK = v.At, v.OK
	return s, nil
}

type verified struct {
	At time.Time `json:"at"`
	OK bool      `json:"ok"`
}
