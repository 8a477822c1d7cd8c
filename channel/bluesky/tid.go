package bluesky

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"github.com/google/uuid"
)

const alphabet = "234567abcdefghijklmnopqrstuvwxyz"

// rkey makes a record key of our own key, the same every time. It has the
// form of a TID (https://atproto.com/specs/tid), as posts must: 53 bits of
// microseconds and 10 more. The time lies in the minute before that of our key,
// if it is a UUIDv7, and else somewhere in the past; where, a hash of the key
// tells.
func rkey(key string) string {
	sum := sha256.Sum256([]byte("parley " + key))
	hash := binary.BigEndian.Uint64(sum[:8])
	us := uint64(epoch) + hash>>10%years
	if u, err := uuid.Parse(key); err == nil && u.Version() == 7 {
		sec, nsec := u.Time().UnixTime()
		us = uint64(time.Unix(sec, nsec).UnixMicro()) - hash>>10%minute
	}
	return tid(us, hash&0x3ff)
}

const (
	minute = 60_000_000
	epoch  = 1672531200_000_000          // 2023-01-01, in microseconds
	years  = 3 * 365 * 86400 * 1_000_000 // three of them
)

func tid(us, clock uint64) string {
	v := us<<10&(1<<63-1) | clock
	var out [13]byte
	for i := 12; i >= 0; i-- {
		out[i] = alphabet[v&31]
		v >>= 5
	}
	return string(out[:])
}

func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:12])
}
