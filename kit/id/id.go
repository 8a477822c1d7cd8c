// Package id makes UUIDv7 ids (RFC 9562) in text form: unique, and sorted by
// the time at which they were made.
package id

import (
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// New returns a new id for now. It panics only if the system has no
// randomness left to give.
func New() string { return uuid.Must(uuid.NewV7()).String() }

// At returns a new id that sorts as if made at t.
func At(t time.Time) string {
	u := uuid.Must(uuid.NewV7())
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(t.UnixMilli()))
	copy(u[:6], ms[2:])
	return u.String()
}

// Valid reports whether s has the form of an id.
func Valid(s string) bool {
	return len(s) == 36 && uuid.Validate(s) == nil
}
