package feed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// place is where we stand with one feed.
type place struct {
	ETag     string            `json:"e,omitempty"`
	Modified string            `json:"m,omitempty"`
	Feed     string            `json:"f,omitempty"` // where it is, if the address is that of a web page
	Seen     map[string]string `json:"s"`           // from an entry to its words, as fingerprints
}

// Poll looks at every feed. One that fails does not keep the others from
// being heard: its place stays as it was, and what is wrong with it is the
// error as soon as the others have nothing new.
func (r *reader) Poll(ctx context.Context, cursor string) (channel.Batch, error) {
	at := map[string]place{}
	if cursor != "" {
		if err := json.Unmarshal([]byte(cursor), &at); err != nil {
			return channel.Batch{}, social.Because(social.Invalid, err, "The cursor of this channel cannot be read.")
		}
	}
	next := map[string]place{}
	var all []entry
	var failed error
	for _, address := range r.urls {
		old, known := at[address]
		fresh, now, err := r.look(ctx, address, old, known)
		if err != nil {
			failed = worse(failed, err)
			if known {
				next[address] = old
			}
			continue
		}
		next[address] = now
		all = append(all, fresh...)
	}
	if failed != nil && len(all) == 0 {
		return channel.Batch{}, failed
	}
	b := channel.Batch{More: failed != nil}
	byTime(all)
	for _, e := range all {
		ev, err := e.event()
		if err != nil {
			return channel.Batch{}, social.Because(social.Fault, err, "An entry of %s cannot be kept.", e.Feed)
		}
		b.Events = append(b.Events, ev)
	}
	c, err := json.Marshal(next)
	if err != nil {
		return channel.Batch{}, social.Because(social.Fault, err, "The place in the feeds cannot be kept.")
	}
	b.Cursor = string(c)
	return b, nil
}

// worse picks the error to tell of two: the one that says how long to wait,
// else the first.
func worse(a, b error) error {
	var later channel.RetryAfter
	if a == nil || !errors.As(a, &later) && errors.As(b, &later) {
		return b
	}
	return a
}

// look fetches a feed if it has changed and returns its new and changed
// entries, oldest first, and the place behind them.
func (r *reader) look(ctx context.Context, address string, old place, known bool) ([]entry, place, error) {
	got, err := r.fetch(ctx, address, old)
	if err != nil || got.unchanged {
		return nil, old, err
	}
	now := r.env.Clock.Now()
	here := place{ETag: got.etag, Modified: got.modified, Seen: map[string]string{}}
	var fresh []entry
	if got.address != address {
		here.Feed = got.address
	}
	for _, e := range entries(got.address, got.feed, now) {
		id := fingerprint(e.ID)
		if _, twice := here.Seen[id]; twice {
			continue
		}
		here.Seen[id] = e.content
		was, seen := old.Seen[id]
		words, edition := edited(was)
		if seen && words == e.content {
			here.Seen[id] = was
			continue
		}
		if seen {
			e.Edited, e.edition = true, edition+1
			here.Seen[id] = fmt.Sprint(e.content, "~", e.edition)
		}
		fresh = append(fresh, e)
	}
	if !known && len(fresh) > firstFew {
		fresh = fresh[len(fresh)-firstFew:]
	}
	return fresh, here, nil
}

// edited takes apart what is remembered of an entry: a fingerprint of its
// words, and how often they were changed.
func edited(s string) (words string, edition int) {
	words, n, _ := strings.Cut(s, "~")
	edition, _ = strconv.Atoi(n)
	return words, edition
}

// sorted puts the oldest first. Feeds give the newest first, so of what has
// the same time the last comes first.
func sorted(in []entry) []entry {
	slices.Reverse(in)
	byTime(in)
	return in
}

func byTime(in []entry) {
	slices.SortStableFunc(in, func(a, b entry) int { return a.when().Compare(b.when()) })
}
