package listen

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// Post is an activity as listening keeps it.
type Post struct {
	social.Activity
	Seq      int64
	Identity social.IdentityID
	Told     time.Time // when the network says that this version was made
	Received time.Time
	Edited   time.Time
	Deleted  time.Time      // a tombstone: the words are gone
	Quiet    bool           // history that was brought in; no reason to answer now
	Tied     social.PlaceID // of which place it speaks, as it is counted; "" where nothing says so
}

// Visible reports whether a post stands on the wall: said in public, by
// somebody else, and not taken back.
func (p Post) Visible() bool {
	return !p.Own && p.Visibility == social.Public && p.Deleted.IsZero()
}

// Match says that a monitor matched a post.
type Match struct {
	Seq       int64
	Monitor   social.MonitorID
	Published time.Time
	Past      bool // found among what was heard before
}

// Reading is a short copy of what analysis made of a post.
type Reading struct {
	Seq       int64
	Lang      string
	Sentiment string // "" where the language has no model
	Intents   []string
	Emotion   string   // the one that stands out, "" where none does
	Toxicity  string   // "" where the language has no model
	Topics    []string // strongest first, at most topicsMost
	Entities  []string // "kind:name", at most entitiesMost; no handles and addresses
}

// How much of a post is counted.
const (
	topicsMost   = 3
	entitiesMost = 5
)

func (r Reading) equal(o Reading) bool {
	return r.Lang == o.Lang && r.Sentiment == o.Sentiment && slices.Equal(r.Intents, o.Intents) && r.Emotion == o.Emotion &&
		r.Toxicity == o.Toxicity && slices.Equal(r.Topics, o.Topics) && slices.Equal(r.Entities, o.Entities)
}

// fold makes one state of what is stored and what came in, such that the
// order in which versions and deletions arrive makes no difference: of two
// versions the greater (version, time) counts, and a deletion always wins.
// again prefers what came in when both are the same version, for replay.
func fold(old *Post, in Post, again bool) Post {
	if old == nil {
		return begin(in)
	}
	out := *old
	if in.Verb == social.Delete {
		out.Deleted = earliest(old.Deleted, in.Deleted)
		if out.Told.IsZero() { // nothing but deletions so far
			out.Published = out.Deleted
		}
		return erased(out)
	}
	gone := out.Deleted
	newer := order(*old, in)
	if newer < 0 || newer == 0 && again {
		out = in
		out.ID, out.Seq, out.Received, out.Deleted, out.Tied = old.ID, old.Seq, old.Received, gone, old.Tied
	}
	out.Quiet = old.Quiet && in.Quiet
	if !gone.IsZero() {
		return erased(out)
	}
	out.Verb = social.Create
	out.Edited = time.Time{}
	if !old.Edited.IsZero() || in.Verb == social.Update || old.Text != in.Text && (newer != 0 || !again) {
		out.Edited = out.Told
	}
	return out
}

// begin is the state after the first event of a post. Of a deletion without
// the post nothing is kept but its name, so that whatever comes after fills
// in the same.
func begin(in Post) Post {
	if in.Verb == social.Delete {
		return Post{
			Activity: social.Activity{
				ID: in.ID, Channel: in.Channel, ExternalID: in.ExternalID, Verb: social.Create,
				Form: social.FormPost, Visibility: social.Public, Published: in.Deleted,
			},
			Seq: in.Seq, Received: in.Received, Deleted: in.Deleted, Quiet: true,
		}
	}
	if in.Verb == social.Update {
		in.Edited = in.Told
	}
	in.Verb = social.Create
	return in
}

func erased(p Post) Post {
	p.Verb, p.Title, p.Text, p.Edited = social.Create, "", "", time.Time{}
	return p
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// order compares two versions of a post: by the network's version, then by
// its time, then by content, so that there is always one answer.
func order(a, b Post) int {
	if c := strings.Compare(versionKey(a.Version), versionKey(b.Version)); c != 0 {
		return c
	}
	if c := a.Told.Compare(b.Told); c != 0 {
		return c
	}
	// The words last: a tombstone has none and must decide the same.
	if c := bytes.Compare(content(erased(a)), content(erased(b))); c != 0 {
		return c
	}
	return bytes.Compare(content(a), content(b))
}

// versionKey makes versions that are numbers sort as numbers.
func versionKey(v string) string {
	if v == "" || len(v) >= 20 || strings.Trim(v, "0123456789") != "" {
		return v
	}
	return strings.Repeat("0", 20-len(v)) + v
}

func content(p Post) []byte {
	a := p.Activity
	a.ID, a.Channel, a.Verb = "", "", ""
	b, _ := json.Marshal(a) // strings, numbers and one time within years 0–9999
	return b
}
