package listen

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/parley-crm/parley/social"
)

// historyKey begins the key of what was brought in from a file, so that it
// can be replayed without the network's adapter.
const historyKey = "parley-history/"

// brought is an activity from a file, as it is kept raw.
type brought struct {
	Activity social.Activity `json:"activity"`
	Quiet    bool            `json:"quiet"` // no reason to answer now
}

// Bring keeps activities that were said long ago, in one transaction with
// what done does. They are scored and matched like everything else, but do
// not count as heard today, and are no reason to answer unless inbox says so.
// The same again changes nothing. It returns how many are new, and why some
// cannot be kept, by their place in the list.
func (s *Station) Bring(ctx context.Context, id social.ChannelID, activities []social.Activity, inbox bool,
	done func(ctx context.Context, fresh int, wrong map[int]string) error) error {
	l := s.line(id)
	if l == nil || l.snapshot().State == Removed {
		return noChannel()
	}
	l.take.Lock()
	defer l.take.Unlock()
	row := l.snapshot()
	r := reader{s: s, row: row}
	now := s.clock.Now()
	wrong := map[int]string{}
	var all []heard
	for i, a := range activities {
		raw, err := json.Marshal(brought{a, !inbox})
		if err != nil {
			return err
		}
		sum := sha256.Sum256(raw)
		h := r.read(Raw{Channel: id, Key: historyKey + hex.EncodeToString(sum[:16]), At: micro(a.Published), Received: now, Raw: raw})
		if h.raw.Error != "" {
			wrong[i] = h.raw.Error
			continue
		}
		all = append(all, h)
	}
	first := s.seq.Block(len(all) + 1)
	raws := make([]Raw, len(all))
	for i := range all {
		all[i].raw.Seq = first + int64(i)
		raws[i] = all[i].raw
	}
	return s.store.InTx(ctx, func(ctx context.Context) error {
		var fresh []*heard
		if len(raws) > 0 {
			isNew, err := s.store.KeepRaw(ctx, raws)
			if err != nil {
				return err
			}
			for i := range all {
				if isNew[all[i].raw.Seq] {
					fresh = append(fresh, &all[i])
				}
			}
		}
		if len(fresh) > 0 {
			if err := s.process(ctx, row, 0, fresh, false); err != nil {
				return err
			}
		}
		return done(ctx, len(fresh), wrong)
	})
}

// history reads what was brought in; ok is false for everything else.
func history(e Raw) (b brought, ok bool, err error) {
	if !strings.HasPrefix(e.Key, historyKey) {
		return b, false, nil
	}
	if err := json.Unmarshal(e.Raw, &b); err != nil {
		return b, true, social.Because(social.Invalid, err, "It is not as it was brought in.")
	}
	return b, true, nil
}
