package privacy

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Once is one account that was forgotten, as the ledger beside the database
// remembers it: by a number that says nothing without our key.
type Once struct {
	Hash   string    `json:"hash"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	Seal   string    `json:"seal"` // over this line and the one before
}

// Ledger is a file that only grows, outside of the database, so that a backup
// which is restored does not bring back whom we forgot since. Its lines are
// sealed one upon the other.
type Ledger struct {
	Path string
	Key  []byte
}

func (l Ledger) seal(before string, o Once) string {
	m := hmac.New(sha256.New, l.Key)
	fmt.Fprintf(m, "%s\n%s\n%s\n%d", before, o.Hash, o.Reason, o.At.UnixMicro())
	return hex.EncodeToString(m.Sum(nil))
}

// ErrSealed is that the ledger was written with another key, or changed.
var ErrSealed = errors.New("the ledger of whom we forgot was changed, or made with another key")

// Read returns all lines. What a crash left half written at the end is dropped.
func (l Ledger) Read() ([]Once, error) {
	data, err := os.ReadFile(l.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []Once
	before := ""
	for len(data) > 0 {
		line, rest, whole := bytes.Cut(data, []byte("\n"))
		data = rest
		if !whole {
			break // half written
		}
		var o Once
		if json.Unmarshal(line, &o) != nil || !hmac.Equal([]byte(o.Seal), []byte(l.seal(before, o))) {
			return out, ErrSealed
		}
		before = o.Seal
		out = append(out, o)
	}
	return out, nil
}

// Add writes lines at the end and makes sure that they lie on the disk.
func (l Ledger) Add(more ...Once) error {
	if len(more) == 0 {
		return nil
	}
	had, err := l.Read()
	if err != nil {
		return err
	}
	before, size := "", int64(0)
	for _, o := range had {
		before = o.Seal
		line, _ := json.Marshal(o) // plain values always marshal
		size += int64(len(line)) + 1
	}
	var out []byte
	for _, o := range more {
		o.At = o.At.UTC()
		o.Seal = l.seal(before, o)
		before = o.Seal
		line, _ := json.Marshal(o)
		out = append(append(out, line...), '\n')
	}
	f, err := os.OpenFile(l.Path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	err = f.Truncate(size) // what was half written
	if err == nil {
		_, err = f.WriteAt(out, size)
	}
	return errors.Join(err, f.Sync(), f.Close())
}

// Owner is an account and whose it is.
type Owner struct {
	Identity social.IdentityID
	Person   social.PersonID
}

// Again compares whom the database and the ledger beside it say that we forgot.
// A database that is older than the ledger, as after a restore, forgets them
// once more before it is used; a ledger that lacks lines gets them. It says how
// many accounts were forgotten again. Call it at each start, after Load.
func (k *Keeper) Again(ctx context.Context) (int, error) {
	if k.Ledger.Path == "" {
		return 0, nil
	}
	lines, err := k.Ledger.Read()
	if err != nil {
		return 0, err
	}
	known, err := k.Store.Suppressed(ctx)
	if err != nil {
		return 0, err
	}
	newest := map[string]Once{}
	for _, o := range lines {
		if had, ok := newest[o.Hash]; ok && had.Reason == OnRequest {
			o.Reason = OnRequest // who asked for it stays so
		}
		newest[o.Hash] = o
	}
	missing := map[string]Once{}
	for hash, o := range newest {
		if s, ok := known[hash]; !ok || s.At.Before(o.At) {
			missing[hash] = o
		}
	}
	var lacking []Once
	for hash, s := range known {
		if o, ok := newest[hash]; !ok || o.At.Before(s.At) {
			lacking = append(lacking, Once{Hash: hash, Reason: s.Reason, At: s.At})
		}
	}
	slices.SortFunc(lacking, func(a, b Once) int { return a.At.Compare(b.At) })
	if err := k.Ledger.Add(lacking...); err != nil {
		return 0, err
	}
	if len(missing) == 0 {
		return 0, nil
	}
	return k.forgetAgain(ctx, missing)
}

// forgetAgain erases the accounts of the database that are among those.
func (k *Keeper) forgetAgain(ctx context.Context, missing map[string]Once) (int, error) {
	found := map[social.PersonID][]social.IdentityID{}
	var order []social.PersonID
	n := 0
	for after := social.IdentityID(""); ; {
		page, err := k.Store.Owners(ctx, after, 1000)
		if err != nil {
			return 0, err
		}
		for _, o := range page {
			if _, ok := missing[k.hash(o.Identity)]; ok {
				if len(found[o.Person]) == 0 {
					order = append(order, o.Person)
				}
				found[o.Person] = append(found[o.Person], o.Identity)
				n++
			}
			after = o.Identity
		}
		if len(page) == 0 {
			break
		}
	}
	// Whoever is not in the database is still not taken in anew.
	err := k.Store.InTx(ctx, func(ctx context.Context) error {
		for hash, o := range missing {
			if err := k.Store.Suppress(ctx, hash, o.Reason, o.At); err != nil {
				return err
			}
		}
		for _, p := range order {
			by := ByRetention
			for _, i := range found[p] {
				if missing[k.hash(i)].Reason != ByRetention {
					by = "member"
				}
			}
			if err := k.askAgain(ctx, p, found[p], by); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return n, err
	}
	if err := k.Load(ctx); err != nil {
		return n, err
	}
	return n, k.Work(ctx)
}

// askAgain writes down that accounts of a person are erased once more. Accounts
// that somebody else has in the older database are theirs, and stay.
func (k *Keeper) askAgain(ctx context.Context, who social.PersonID, accounts []social.IdentityID, by string) error {
	s, err := k.Subject(ctx, who)
	if err != nil {
		return err
	}
	if len(accounts) < len(s.Accounts) {
		var some []social.Account
		var names []string
		for _, a := range s.Accounts {
			if slices.Contains(accounts, a.Author.ID()) {
				some, names = append(some, a), append(names, a.Author.Name)
			}
		}
		s.Persons, s.Accounts, s.Names = []social.PersonID{""}, some, slices.DeleteFunc(names, func(n string) bool { return n == "" })
	}
	now := k.now()
	r := Request{ID: id.At(now), Person: who, Kind: Erasure, State: Running, AskedBy: by, AskedAt: now, DueAt: now.Add(Term), StartedAt: now,
		How: "By itself: they were erased before, and a backup from before that was restored."}
	plain, err := json.Marshal(s)
	if err != nil {
		return err
	}
	r.Subject = k.Box.Seal("privacy/"+r.ID, plain)
	if err := k.Store.SaveRequest(ctx, r); err != nil {
		return err
	}
	return k.told(ctx, "erase", r, map[string]any{"state": r.State})
}

// remember adds to the ledger who was just forgotten.
func (k *Keeper) remember(s social.Subject, reason string) error {
	if k.Ledger.Path == "" {
		return nil
	}
	var lines []Once
	for _, a := range s.Accounts {
		lines = append(lines, Once{Hash: k.hash(a.Author.ID()), Reason: reason, At: s.At})
	}
	return k.Ledger.Add(lines...)
}
