package shaarli

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

const (
	firstFew  = 50
	batchMost = 200         // acts of the history that one look follows
	overlap   = time.Minute // an act may be noted after a later one
	mostKnown = 3000
	pageSize  = 100
	pagesMost = 50 // after an import
)

// place is the cursor.
type place struct {
	At    time.Time       `json:"at"`             // of the newest act that was followed
	Seen  map[string]int  `json:"seen,omitempty"` // acts that the next look lists again, and how often
	Known map[int64]known `json:"k"`              // bookmarks that were told of
	Name  string          `json:"n,omitempty"`
}

type known struct {
	Short   string `json:"s"`
	Words   string `json:"w"`
	Edition int    `json:"e,omitempty"`
}

// Poll follows the history of the list: what was added, changed, deleted or
// imported since.
func (l *list) Poll(ctx context.Context, cursor string) (channel.Batch, error) {
	at := place{Known: map[int64]known{}}
	if cursor != "" {
		if err := json.Unmarshal([]byte(cursor), &at); err != nil {
			return channel.Batch{}, social.Because(social.Invalid, err, "The cursor of this channel cannot be read.")
		}
		if at.Known == nil {
			at.Known = map[int64]known{}
		}
	}
	f := &follow{l: l, now: l.env.Clock.Now(), place: at}
	var more bool
	var err error
	if cursor == "" {
		err = f.begin(ctx)
	} else {
		more, err = f.on(ctx)
	}
	if err != nil {
		return channel.Batch{}, err
	}
	f.forget()
	raw, err := json.Marshal(f.place)
	if err != nil {
		return channel.Batch{}, social.Because(social.Fault, err, "The place on the list cannot be kept.")
	}
	slices.SortStableFunc(f.events, func(a, b channel.Event) int { return a.At.Compare(b.At) })
	return channel.Batch{Events: f.events, Cursor: string(raw), More: more}, nil
}

// follow is one look.
type follow struct {
	l   *list
	now time.Time
	place
	events []channel.Event
}

// begin takes the newest few, and the end of the history as the place.
func (f *follow) begin(ctx context.Context) error {
	in, err := f.l.about(ctx)
	if err != nil {
		return err
	}
	f.Name = in.Name
	acts, err := f.l.history(ctx, time.Time{}, 0, pageSize)
	if err != nil {
		return err
	}
	for _, a := range acts {
		if a.At.After(f.At) {
			f.At = a.At.UTC()
		}
	}
	f.Seen = f.window(acts)
	links, err := f.l.page(ctx, 0, firstFew)
	for _, raw := range slices.Backward(links) {
		f.take(raw)
	}
	return err
}

// on follows the history from the place on. more says that it did not come to
// the end.
func (f *follow) on(ctx context.Context) (more bool, err error) {
	from := time.Time{}
	if !f.At.IsZero() {
		from = f.At.Add(-overlap)
	}
	var all []wireEvent // the newest first
	for {
		some, err := f.l.history(ctx, from, len(all), 500)
		if err != nil {
			return false, err
		}
		all = append(all, some...)
		if len(some) < 500 {
			break
		}
	}
	slices.Reverse(all)
	// The history has whole seconds: one bookmark may be changed twice within
	// one, so acts of one name are counted.
	met := map[string]int{}
	var old, fresh []wireEvent
	for _, a := range all {
		met[a.name()]++
		if met[a.name()] <= f.Seen[a.name()] {
			old = append(old, a)
		} else {
			fresh = append(fresh, a)
		}
	}
	if len(fresh) > batchMost {
		fresh, more = fresh[:batchMost], true
	}
	touched, imported := []int64{}, false
	for _, a := range fresh {
		if a.At.After(f.At) {
			f.At = a.At.UTC()
		}
		switch {
		case a.Event == "IMPORT":
			imported = true
		case a.ID != nil && !slices.Contains(touched, *a.ID):
			touched = append(touched, *a.ID)
		}
	}
	for _, id := range touched {
		if err := f.look(ctx, id); err != nil {
			return false, err
		}
	}
	if imported {
		if err := f.imported(ctx); err != nil {
			return false, err
		}
	}
	f.Seen = f.window(append(old, fresh...))
	return more, nil
}

// window names the acts that the next look lists again.
func (f *follow) window(acts []wireEvent) map[string]int {
	out := map[string]int{}
	for _, a := range acts {
		if a.At.After(f.At.Add(-overlap)) {
			out[a.name()]++
		}
	}
	return out
}

// name is all that the history tells of an act.
func (a wireEvent) name() string {
	id := int64(-1)
	if a.ID != nil {
		id = *a.ID
	}
	return fmt.Sprint(a.Event, " ", id, " ", a.At.Unix())
}

// look reads one bookmark anew.
func (f *follow) look(ctx context.Context, id int64) error {
	var raw json.RawMessage
	err := f.l.call(ctx, "/links/"+strconv.FormatInt(id, 10), nil, nil, &raw)
	switch {
	case social.NotFound.Is(err):
		f.lose(id)
		return nil
	case err != nil:
		return err
	}
	f.take(raw)
	return nil
}

// imported reads the list: an import is one act, however much it brings, and
// what it brings may bear old dates.
func (f *follow) imported(ctx context.Context) error {
	for n := range pagesMost {
		links, err := f.l.page(ctx, n*pageSize, pageSize)
		if err != nil {
			return err
		}
		for _, raw := range slices.Backward(links) {
			f.take(raw)
		}
		if len(links) < pageSize {
			break
		}
	}
	return nil
}

// take compares a bookmark with what is known of it.
func (f *follow) take(raw json.RawMessage) {
	var b wireLink
	_ = json.Unmarshal(raw, &b) // what cannot be read is kept, and Read says what is wrong
	if b.ID == nil {
		e := f.event(envelope{Event: "link", Payload: raw}, "?"+fingerprint(string(raw)), f.now)
		f.events = append(f.events, e)
		return
	}
	k, met := f.Known[*b.ID]
	if met && (b.Private || k.Short != b.Short) { // kept from the public now, or another one with its number
		f.lose(*b.ID)
		k, met = known{}, false
	}
	if b.Private {
		return
	}
	said := fingerprint(b.Title, words(b))
	at := f.now
	switch {
	case met && k.Words == said:
		return
	case met:
		k.Edition++
	case !f.l.wants(b):
		return
	default:
		if t, err := time.Parse(time.RFC3339, b.Created); err == nil && t.Before(f.now) {
			at = t.UTC()
		}
	}
	k.Words, k.Short = said, b.Short
	f.Known[*b.ID] = k
	key := b.Short
	if k.Edition > 0 {
		key += "@" + strconv.Itoa(k.Edition) + "." + said
	}
	f.events = append(f.events, f.event(envelope{Event: "link", Edition: k.Edition, Payload: raw}, key, at))
}

// lose notes that a bookmark is gone.
func (f *follow) lose(id int64) {
	k, met := f.Known[id]
	if !met {
		return
	}
	delete(f.Known, id)
	f.events = append(f.events, f.event(envelope{Event: "gone", ID: k.Short}, k.Short+".gone", f.now))
}

func (f *follow) event(in envelope, key string, at time.Time) channel.Event {
	in.Site, in.Name, in.Ours, in.Seen = f.l.site.String(), f.Name, f.l.ours, f.now.UTC()
	raw, _ := json.Marshal(in) // nothing in it can fail
	return channel.Event{Key: key, Raw: raw, At: at}
}

// forget lets go of the oldest when there are many.
func (f *follow) forget() {
	if len(f.Known) <= mostKnown {
		return
	}
	ids := slices.Sorted(maps.Keys(f.Known))
	for _, id := range ids[:len(ids)-mostKnown] {
		delete(f.Known, id)
	}
}

// history lists what was done after a time, the newest first.
func (l *list) history(ctx context.Context, after time.Time, offset, limit int) ([]wireEvent, error) {
	q := url.Values{"limit": {strconv.Itoa(limit)}, "offset": {strconv.Itoa(offset)}}
	if !after.IsZero() {
		q.Set("since", strings.Replace(after.UTC().Format("2006-01-02T15:04:05Z07:00"), "Z", "+00:00", 1)) // PHP's ATOM
	}
	var out []wireEvent
	err := l.call(ctx, "/history", q, nil, &out)
	return out, err
}

// page lists public bookmarks, the newest first.
func (l *list) page(ctx context.Context, offset, limit int) ([]json.RawMessage, error) {
	var out []json.RawMessage
	err := l.call(ctx, "/links", url.Values{"limit": {strconv.Itoa(limit)}, "offset": {strconv.Itoa(offset)}, "visibility": {"public"}}, nil, &out)
	return out, err
}

func fingerprint(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:9])
}
