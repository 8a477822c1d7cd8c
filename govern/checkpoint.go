package govern

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// origin names the log that checkpoints speak of, and the key that signs them.
const origin = "parley/record"

// Checkpoint is a signed statement of how far the record had come and what
// its last hash was. Note is a signed note in the form of C2SP
// (signed-note and tlog-checkpoint): origin, number of lines, last hash, and
// as an extension the seq and time of the last line.
type Checkpoint struct {
	Seq     int64
	Entries int64
	Root    string // hex
	At      time.Time
	Note    string
}

// Checkpoint signs how far the record is sealed. Unless now is set, it waits
// until enough has happened since the last one. It reports whether it signed.
func (r *Archive) Checkpoint(ctx context.Context, now bool) (bool, error) {
	due, err := r.due(ctx, now)
	if err != nil || !due {
		return false, err
	}
	signed := false
	err = r.Store.InTx(ctx, func(ctx context.Context) error {
		if err := r.Store.Lock(ctx); err != nil {
			return err
		}
		last, ok, err := r.Store.Sealed(ctx)
		if err != nil || !ok {
			return err
		}
		before, had, err := r.Store.LastCheckpoint(ctx)
		if err != nil || had && before.Seq >= last.Seq {
			return err
		}
		all, _, err := r.Store.Count(ctx, last.Seq)
		if err != nil {
			return err
		}
		signed = true
		return r.Store.AddCheckpoint(ctx, r.sign(Checkpoint{Seq: last.Seq, Entries: all, Root: last.Hash, At: r.Clock.Now()}))
	})
	return signed && err == nil, err
}

func (r *Archive) due(ctx context.Context, now bool) (bool, error) {
	last, ok, err := r.Store.Sealed(ctx)
	if err != nil || !ok {
		return false, err
	}
	before, had, err := r.Store.LastCheckpoint(ctx)
	if err != nil || had && before.Seq >= last.Seq {
		return false, err
	}
	return now || !had || last.Seq-before.Seq >= checkpointLines || since(r.Clock.Now(), before.At) >= checkpointTime, nil
}

// body is what is signed.
func (c Checkpoint) body() string {
	root, _ := hex.DecodeString(c.Root)
	return fmt.Sprintf("%s\n%d\n%s\nseq %d at %s\n", origin, c.Entries, base64.StdEncoding.EncodeToString(root), c.Seq, c.At.UTC().Format(time.RFC3339Nano))
}

// keyID is the short name of a key as signed notes have it.
func keyID(public ed25519.PublicKey) []byte {
	h := sha256.New()
	_, _ = h.Write([]byte(origin + "\n\x01"))
	_, _ = h.Write(public)
	return h.Sum(nil)[:4]
}

func (r *Archive) sign(c Checkpoint) Checkpoint {
	body := c.body()
	signature := append(keyID(r.public()), ed25519.Sign(r.Key, []byte(body))...)
	c.Note = body + "\n— " + origin + " " + base64.StdEncoding.EncodeToString(signature) + "\n"
	return c
}

func (r *Archive) public() ed25519.PublicKey { return r.Key.Public().(ed25519.PublicKey) }

// PublicKey is the key by which others can check checkpoints, in the form of
// signed notes.
func (r *Archive) PublicKey() string {
	key := append([]byte{1}, r.public()...)
	return fmt.Sprintf("%s+%08x+%s", origin, binary.BigEndian.Uint32(keyID(r.public())), base64.StdEncoding.EncodeToString(key))
}

// read reads a signed note back and checks its signature.
func (r *Archive) read(note string) (c Checkpoint, err error) {
	bad := func(what string) error { return errors.New(what) }
	body, signature, ok := strings.Cut(note, "\n\n— "+origin+" ")
	if !ok {
		return c, bad("it is not a signed note of this record")
	}
	body += "\n"
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(signature, "\n"))
	if err != nil || len(raw) != 4+ed25519.SignatureSize || string(raw[:4]) != string(keyID(r.public())) {
		return c, bad("it was not signed with this deployment's key")
	}
	if !ed25519.Verify(r.public(), []byte(body), raw[4:]) {
		return c, bad("its signature is wrong")
	}
	lines := strings.Split(body, "\n")
	if len(lines) != 5 || lines[0] != origin {
		return c, bad("it is not a checkpoint")
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil {
		return c, bad("it has no root")
	}
	seq, at, ok := strings.Cut(strings.TrimPrefix(lines[3], "seq "), " at ")
	c.Root, c.Note = hex.EncodeToString(root), note
	var errs [3]error
	c.Entries, errs[0] = strconv.ParseInt(lines[1], 10, 64)
	c.Seq, errs[1] = strconv.ParseInt(seq, 10, 64)
	c.At, errs[2] = time.Parse(time.RFC3339Nano, at)
	if err := errors.Join(errs[:]...); err != nil || !ok {
		return c, bad("it is not a checkpoint")
	}
	return c, nil
}
