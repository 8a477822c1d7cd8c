package wordpress

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

const (
	firstFew   = 50               // that a blog brings when it is new
	mostPages  = 20               // of one look; the next goes on
	recent     = 100              // newest ones, read again at each look
	overlap    = 5 * time.Minute  // a comment may be shown after a later one
	reach      = 48 * time.Hour   // how far back the newest ones are read again at most
	mostKnown  = 500              // that are watched for edits and deletions
	recheck    = 10 * time.Minute // between two looks at older ones
	confirmMax = 20               // losses that one look makes sure of
)

// place is the cursor: what we know of the posts and of the comments.
type place struct {
	Posts    *shelf `json:"p"`
	Comments *shelf `json:"c"`
	Turn     int    `json:"t,omitempty"` // whose turn it is among the older ones
}

// shelf is what we know of one sort of thing, the oldest first.
type shelf struct {
	High  int64   `json:"h"`           // the newest, in seconds since 1970
	Since int64   `json:"s,omitempty"` // what lies before was there before we came
	Next  int64   `json:"n,omitempty"` // where a look that did not come to the end goes on
	Known []known `json:"k"`
}

type known struct {
	ID      int64  `json:"i"`
	At      int64  `json:"a"` // by which they are put in order
	Words   string `json:"w"` // fingerprint
	Edition int    `json:"e,omitempty"`
	Hidden  bool   `json:"x,omitempty"` // not to be seen just now, but perhaps not gone
}

// item is one comment or post as it was listed.
type item struct {
	id    int64
	at    time.Time
	words string // fingerprint
	shown bool   // it is to be heard; what never was is not told of
	gone  bool   // taken away
	event envelope
	when  time.Time // when this wording was made, as far as the blog tells
}

// Poll looks at the newest posts and comments, and at some older ones.
func (r *reader) Poll(ctx context.Context, cursor string) (channel.Batch, error) {
	var at place
	if cursor != "" {
		if err := json.Unmarshal([]byte(cursor), &at); err != nil {
			return channel.Batch{}, social.Because(social.Invalid, err, "The cursor of this channel cannot be read.")
		}
	}
	a, err := r.know(ctx)
	if err != nil {
		return channel.Batch{}, err
	}
	l := &look{r: r, a: a, now: r.env.Clock.Now(), older: r.due(cursor == "")}
	next := place{Turn: at.Turn}
	if next.Posts, err = l.at(ctx, posts{l}, at.Posts, at.Turn); err != nil {
		return channel.Batch{}, err
	}
	if next.Comments, err = l.at(ctx, comments{l}, at.Comments, at.Turn); err != nil {
		return channel.Batch{}, err
	}
	if l.older {
		next.Turn = (at.Turn + 1) % 1000
	}
	if err := l.roots(ctx); err != nil {
		return channel.Batch{}, err
	}
	slices.SortStableFunc(l.found, func(x, y item) int { return x.when.Compare(y.when) })
	b := channel.Batch{More: l.more}
	for _, it := range l.found {
		e, err := it.wrap()
		if err != nil {
			return channel.Batch{}, social.Because(social.Fault, err, "What the blog said cannot be kept.")
		}
		b.Events = append(b.Events, e)
	}
	c, err := json.Marshal(next)
	if err != nil {
		return channel.Batch{}, social.Because(social.Fault, err, "The place on the blog cannot be kept.")
	}
	b.Cursor = string(c)
	return b, nil
}

// due reports whether older ones are to be looked at now.
func (r *reader) due(first bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.env.Clock.Now()
	if !first && !r.looked.IsZero() && now.Sub(r.looked) < recheck {
		return false
	}
	due := !first && !r.looked.IsZero()
	r.looked = now
	return due
}

// wrap makes an event of an item. Its key is the same whenever it is told
// again, and another with each edit.
func (it item) wrap() (channel.Event, error) {
	raw, err := json.Marshal(it.event)
	e := channel.Event{Raw: raw, At: it.when.UTC()}
	switch it.event.Event {
	case "gone":
		e.Key = it.event.ID + ".gone"
	case "post":
		e.Key = postID(it.id)
	default:
		e.Key = commentID(it.id)
	}
	if it.event.Edition > 0 {
		e.Key += "@" + strconv.Itoa(it.event.Edition) + "." + it.words
	}
	return e, err
}

// source is a list that the blog has.
type source interface {
	// list returns what lies after a time, the oldest first; without a time
	// the newest few. With ids it returns those.
	list(ctx context.Context, after time.Time, page, size int, ids []int64) ([]item, error)
	// still says whether one is to be seen. gone is certain.
	still(ctx context.Context, id int64) (seen, gone bool, err error)
	size() int
	id(n int64) string
}

// look is one look at the blog.
type look struct {
	r     *reader
	a     *about
	now   time.Time
	older bool
	more  bool
	found []item
}

// at reads one list from its place on.
func (l *look) at(ctx context.Context, s source, old *shelf, turn int) (*shelf, error) {
	if old == nil {
		items, err := s.list(ctx, time.Time{}, 1, min(firstFew, s.size()), nil)
		if err != nil {
			return nil, err
		}
		next := &shelf{}
		l.meet(s, next, items)
		if len(items) > 0 {
			next.Since = items[0].at.Unix() - 1
		}
		return next.tidy(), nil
	}
	next := &shelf{High: old.High, Since: old.Since, Known: slices.Clone(old.Known)}
	from := old.window()
	items, on, err := l.after(ctx, s, from)
	if err != nil {
		return nil, err
	}
	whole := on.IsZero()
	if !whole {
		next.Next = on.Unix()
	}
	missing := l.meet(s, next, items)
	ask := missing.within(from, whole)
	if l.older {
		ids := old.turn(from, turn)
		if len(ids) > 0 {
			items, err := s.list(ctx, time.Time{}, 1, 100, ids)
			if err != nil {
				return nil, err
			}
			ask = append(ask, missing.of(ids, items)...)
			l.meet(s, next, items)
		}
	}
	if err := l.confirm(ctx, s, next, ask); err != nil {
		return nil, err
	}
	return next.tidy(), nil
}

// after reads a list from a time on. It goes on from the last that it has
// seen, not by numbers of pages: those shift while somebody writes. on is
// where to go on, zero if it came to the end.
func (l *look) after(ctx context.Context, s source, from time.Time) (out []item, on time.Time, err error) {
	seen := map[int64]bool{}
	page := 1
	for range mostPages {
		items, err := s.list(ctx, from, page, s.size(), nil)
		if err != nil {
			return nil, from, err
		}
		last := from
		for _, it := range items {
			if !seen[it.id] {
				seen[it.id] = true
				out = append(out, it)
			}
			last = later(last, it.at)
		}
		if len(items) < s.size() {
			return out, time.Time{}, nil
		}
		// "After" leaves out the second itself, so it begins a second before.
		if next := last.Add(-time.Second); next.After(from) {
			from, page = next, 1
		} else {
			page++ // more than a page within one second
		}
	}
	l.more = true
	return out, from, nil
}

// left is what was known before and not met.
type left map[int64]known

// meet compares what was listed with what is known, notes what is new, and
// returns what was not listed.
func (l *look) meet(s source, next *shelf, items []item) left {
	at := map[int64]int{}
	out := left{}
	for i, k := range next.Known {
		at[k.ID] = i
		out[k.ID] = k
	}
	for _, it := range items {
		delete(out, it.id)
		next.High = max(next.High, it.at.Unix())
		i, met := at[it.id]
		switch {
		case !met && (it.gone || !it.shown):
		case !met:
			at[it.id] = len(next.Known)
			next.Known = append(next.Known, known{ID: it.id, At: it.at.Unix(), Words: it.words})
			l.found = append(l.found, it)
		case it.gone:
			l.lose(s, next, i)
		case !it.shown:
			next.Known[i].Hidden = true
		default:
			k := &next.Known[i]
			k.Hidden, k.At = false, it.at.Unix()
			if k.Words != it.words {
				k.Words, k.Edition = it.words, k.Edition+1
				it.event.Edition, it.event.Seen, it.when = k.Edition, l.now, l.now
				l.found = append(l.found, it)
			}
		}
	}
	return out
}

// lose notes that one is gone.
func (l *look) lose(s source, next *shelf, i int) {
	k := next.Known[i]
	if k.ID == 0 {
		return
	}
	next.Known[i].ID = 0 // tidy takes it away
	l.found = append(l.found, item{id: k.ID, when: l.now, event: envelope{
		Event: "gone", Site: l.a.home, ID: s.id(k.ID), Seen: l.now,
	}})
}

// within lists those that would have been listed from a time on.
func (m left) within(from time.Time, whole bool) []int64 {
	var out []int64
	for id, k := range m {
		if whole && !k.Hidden && k.At > from.Unix() {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// of lists those of the ids that were not listed.
func (left) of(ids []int64, items []item) []int64 {
	return slices.DeleteFunc(slices.Clone(ids), func(id int64) bool {
		return slices.ContainsFunc(items, func(it item) bool { return it.id == id })
	})
}

// confirm makes sure of losses one by one: a deletion is for ever.
func (l *look) confirm(ctx context.Context, s source, next *shelf, ids []int64) error {
	for _, id := range ids[:min(len(ids), confirmMax)] {
		i := slices.IndexFunc(next.Known, func(k known) bool { return k.ID == id })
		if i < 0 {
			continue
		}
		seen, gone, err := s.still(ctx, id)
		if err != nil {
			return err
		}
		if gone {
			l.lose(s, next, i)
		} else {
			next.Known[i].Hidden = !seen
		}
	}
	return nil
}

// begun is before every post. WordPress takes the first second of 1970 for no
// time at all.
var begun = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// window is where reading begins again.
func (s *shelf) window() time.Time {
	if len(s.Known) == 0 && s.High == 0 {
		return begun // it was empty, so all of it is new
	}
	if s.Next != 0 {
		return time.Unix(s.Next, 0).UTC()
	}
	high := time.Unix(s.High, 0).UTC()
	from := high.Add(-overlap)
	if n := len(s.Known); n > 0 {
		wide := later(time.Unix(s.Known[max(0, n-recent)].At-1, 0).UTC(), high.Add(-reach))
		if wide.Before(from) {
			from = wide
		}
	}
	return later(from, time.Unix(s.Since, 0).UTC())
}

// turn lists a few of those before the window, others each time.
func (s *shelf) turn(from time.Time, turn int) []int64 {
	var all []int64
	for _, k := range s.Known {
		if k.At <= from.Unix() || k.Hidden {
			all = append(all, k.ID)
		}
	}
	if len(all) == 0 {
		return nil
	}
	parts := slices.Collect(slices.Chunk(all, 100))
	return parts[turn%len(parts)]
}

func (s *shelf) tidy() *shelf {
	s.Known = slices.DeleteFunc(s.Known, func(k known) bool { return k.ID == 0 })
	slices.SortStableFunc(s.Known, func(a, b known) int { return int(max(-1, min(1, a.At-b.At))) })
	// What may be read again must be known.
	old, fresh := len(s.Known)-mostKnown, s.High-int64(overlap/time.Second)-1
	if i := slices.IndexFunc(s.Known, func(k known) bool { return k.At >= fresh }); i >= 0 {
		old = min(old, i)
	}
	if old > 0 {
		s.Known = slices.Clone(s.Known[old:])
	}
	return s
}
