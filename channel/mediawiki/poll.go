package mediawiki

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

const (
	firstFew  = 50
	batchMost = 100             // edits whose words one look fetches
	pageMost  = 500             // changes that one answer lists
	pagesMost = 10              // answers that one look reads
	overlap   = 2 * time.Minute // a change may be listed after a later one
	mostKnown = 1000            // that are watched for deletions
)

// place is the cursor.
type place struct {
	At    time.Time `json:"at"`   // of the newest change that was taken
	Seen  []seen    `json:"seen"` // changes that the next look lists again
	Known []known   `json:"k"`    // edits that were told of, the oldest first
}

type seen struct {
	ID int64 `json:"i"`
	At int64 `json:"t"`
}

type known struct {
	Revision int64 `json:"r"`
	Page     int64 `json:"p"`
}

// change is one of the recent changes, and what was sent.
type change struct {
	wireChange
	raw json.RawMessage
}

// Poll lists what changed, and fetches the words of what is followed.
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
	var list []change
	more := false
	switch {
	case cursor == "":
		list, err = r.latest(ctx, a)
	default:
		list, more, err = r.after(ctx, a, at)
	}
	if err != nil {
		return channel.Batch{}, err
	}
	next := at.moved(list)
	words, err := r.words(ctx, a, list)
	if err != nil {
		return channel.Batch{}, err
	}
	b := channel.Batch{More: more}
	for _, c := range list {
		b.Events = append(b.Events, r.tell(a, c, words, &next)...)
	}
	if n := len(next.Known); n > mostKnown {
		next.Known = next.Known[n-mostKnown:]
	}
	raw, err := json.Marshal(next)
	if err != nil {
		return channel.Batch{}, social.Because(social.Fault, err, "The place on the wiki cannot be kept.")
	}
	b.Cursor = string(raw)
	return b, nil
}

func recent() url.Values {
	return url.Values{
		"action": {"query"}, "list": {"recentchanges"}, "rctype": {"edit|new|log"},
		"rcprop": {"ids|title|timestamp|user|userid|comment|flags|loginfo"},
	}
}

// latest lists the newest few changes, for the first look.
func (r *reader) latest(ctx context.Context, a *about) ([]change, error) {
	q := recent()
	q.Set("rclimit", strconv.Itoa(firstFew))
	got, err := r.ask(ctx, a.api, q)
	if err != nil {
		return nil, err
	}
	slices.Reverse(got.Query.Changes)
	return parsed(got.Query.Changes), nil
}

// after lists what changed since a place, from a little before it on. more
// says that it did not come to the end.
func (r *reader) after(ctx context.Context, a *about, at place) (out []change, more bool, err error) {
	q := recent()
	q.Set("rcdir", "newer")
	q.Set("rclimit", strconv.Itoa(pageMost))
	if !at.At.IsZero() {
		q.Set("rcstart", at.At.Add(-overlap).UTC().Format(time.RFC3339))
	}
	met := map[int64]bool{}
	for _, s := range at.Seen {
		met[s.ID] = true
	}
	heavy := 0
	for range pagesMost {
		got, err := r.ask(ctx, a.api, q)
		if err != nil {
			return nil, false, err
		}
		for _, c := range parsed(got.Query.Changes) {
			if met[c.ID] {
				continue
			}
			if c.Type != "log" {
				if heavy++; heavy > batchMost {
					return out, true, nil
				}
			}
			met[c.ID] = true
			out = append(out, c)
		}
		var on string
		if json.Unmarshal(got.Continue["rccontinue"], &on) != nil || on == "" {
			return out, false, nil
		}
		q.Set("rccontinue", on)
	}
	return out, len(out) > 0, nil
}

func parsed(raws []json.RawMessage) []change {
	out := make([]change, 0, len(raws))
	for _, raw := range raws {
		c := change{raw: raw}
		_ = json.Unmarshal(raw, &c.wireChange) // what cannot be read is kept, and Read says what is wrong
		out = append(out, c)
	}
	return out
}

// moved is the place behind a list of changes.
func (p place) moved(list []change) place {
	next := place{At: p.At, Known: slices.Clone(p.Known)}
	for _, c := range list {
		if c.At != nil && c.At.After(next.At) {
			next.At = c.At.UTC()
		}
	}
	from := next.At.Add(-overlap).Unix()
	for _, o := range p.Seen {
		if o.At >= from {
			next.Seen = append(next.Seen, o)
		}
	}
	for _, c := range list {
		if c.ID > 0 && c.At != nil && c.At.Unix() >= from {
			next.Seen = append(next.Seen, seen{c.ID, c.At.Unix()})
		}
	}
	return next
}

// follows reports whether the words of a change are wanted: it is on what is
// followed, or it may be written to us.
func (r *reader) follows(a *about, c wireChange) bool {
	if c.Type == "log" {
		return false
	}
	if a.self != "" && c.NS == 3 && a.bare(c) == a.self {
		return true
	}
	switch r.follow {
	case "everything":
		return true
	case "discussions":
		if talk(c.NS) {
			return true
		}
	}
	for _, p := range r.pages {
		if ns, ok := strings.CutSuffix(p, ":"); ok {
			if slices.Contains(a.names[c.NS], fold(ns)) || slices.Contains(a.names[c.NS&^1], fold(ns)) {
				return true
			}
			continue
		}
		if strings.EqualFold(p, c.Title) || talk(c.NS) && strings.EqualFold(p, a.subject(c)) {
			return true
		}
	}
	return r.follow == "listed pages" && talk(c.NS) && a.self != "" // somebody may call us there
}

// bare is a title without its namespace.
func (a *about) bare(c wireChange) string {
	if c.NS == 0 {
		return c.Title
	}
	_, rest, _ := strings.Cut(c.Title, ":")
	return rest
}

// subject is the title of the page that a talk page speaks of.
func (a *about) subject(c wireChange) string {
	if ns := a.title[c.NS-1]; ns != "" {
		return ns + ":" + a.bare(c)
	}
	return a.bare(c)
}

// words fetches the texts before and after the changes that are followed, by
// revision.
func (r *reader) words(ctx context.Context, a *about, list []change) (map[int64]wireRevision, error) {
	var ids []int64
	for _, c := range list {
		if !r.follows(a, c.wireChange) {
			continue
		}
		for _, id := range []int64{c.Revision, c.Old} {
			if id > 0 && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return r.revisions(ctx, a, ids)
}

// revisions fetches revisions with their texts. The wiki gives as many at
// once as fit into its answer; the rest is asked for again.
func (r *reader) revisions(ctx context.Context, a *about, ids []int64) (map[int64]wireRevision, error) {
	out := map[int64]wireRevision{}
	size := 50
	for len(ids) > 0 {
		part := ids[:min(size, len(ids))]
		names := make([]string, len(part))
		for i, id := range part {
			names[i] = strconv.FormatInt(id, 10)
		}
		got, err := r.ask(ctx, a.api, url.Values{
			"action": {"query"}, "prop": {"revisions"}, "revids": {strings.Join(names, "|")},
			"rvprop": {"ids|content|timestamp|user"}, "rvslots": {"main"},
		})
		if err != nil {
			return nil, err
		}
		for _, p := range got.Query.Pages {
			for _, v := range p.Revisions {
				out[v.ID] = v
			}
		}
		_, cut := got.Continue["rvcontinue"]
		if _, c := got.Continue["continue"]; c {
			cut = true
		}
		rest := ids[len(part):]
		if cut && len(part) > 1 {
			size = max(1, len(part)/4)
			var missing []int64
			for _, id := range part {
				if _, ok := out[id]; !ok {
					missing = append(missing, id)
				}
			}
			rest = append(missing, rest...)
		}
		ids = rest
	}
	return out, nil
}

// tell makes events of a change.
func (r *reader) tell(a *about, c change, words map[int64]wireRevision, next *place) []channel.Event {
	if c.Type == "log" {
		return r.lost(a, c.wireChange, next)
	}
	if !r.follows(a, c.wireChange) {
		return nil
	}
	in := envelope{Event: "edit", Wiki: a.page, Self: a.self, Lang: a.lang, Payload: c.raw}
	after := words[c.Revision].text()
	if before, ok := words[c.Old]; ok || c.Old <= 0 {
		in.Added, in.Section = added(before.text(), after)
	} // else the wiki hides what stood there, and the summary must do
	in.Asked = a.asked(c.wireChange, in.Added, in.Section, after)
	if r.follow == "listed pages" && !in.Asked && !r.listed(a, c.wireChange) {
		return nil // looked at only because somebody might have called us
	}
	e := channel.Event{Key: revisionID(c.Revision)}
	if c.Revision <= 0 {
		e.Key = "?" + digest(c.raw)
	}
	if c.At != nil {
		e.At = c.At.UTC()
	}
	raw, err := json.Marshal(in)
	if err != nil {
		return nil
	}
	e.Raw = raw
	next.Known = append(next.Known, known{c.Revision, c.Page})
	return []channel.Event{e}
}

func (r *reader) listed(a *about, c wireChange) bool {
	without := *a
	without.self = ""
	return r.follows(&without, c)
}

func (v wireRevision) text() string {
	if v.Slots.Main.Content == nil {
		return ""
	}
	return *v.Slots.Main.Content
}

// lost makes events of the deletion of a page or of revisions.
func (r *reader) lost(a *about, c wireChange, next *place) []channel.Event {
	if c.LogType != "delete" || c.At == nil {
		return nil
	}
	gone := func(known) bool { return false }
	switch c.LogAction {
	case "delete", "delete_redir":
		gone = func(k known) bool { return k.Page == c.Page }
	case "revision":
		ids := c.revisions()
		gone = func(k known) bool { return c.LogParams.New.Content && slices.Contains(ids, k.Revision) }
	}
	var out []channel.Event
	next.Known = slices.DeleteFunc(next.Known, func(k known) bool {
		if !gone(k) {
			return false
		}
		raw, err := json.Marshal(envelope{Event: "gone", Wiki: a.page, ID: k.Revision, At: c.At})
		if err == nil {
			out = append(out, channel.Event{Key: revisionID(k.Revision) + ".gone", Raw: raw, At: c.At.UTC()})
		}
		return true
	})
	return out
}

// asked reports whether an edit is written to us: on our own talk page, with
// our name called in it, or in a discussion in which we have spoken.
func (a *about) asked(c wireChange, words, section, page string) bool {
	if a.self == "" || c.User == a.self {
		return false
	}
	if c.NS == 3 && a.bare(c) == a.self {
		return true
	}
	if a.calls(words) {
		return true
	}
	if !talk(c.NS) || section == "" {
		return false
	}
	begin, end, ok := sectionOf(page, section)
	return ok && a.calls(page[begin:end])
}

var linked = regexp.MustCompile(`\[\[\s*:?([^\[\]|:]{1,60}):([^\[\]|#]{1,255})`)

// calls reports whether wikitext has a link to our page or calls us by a
// template.
func (a *about) calls(words string) bool {
	words = words[:min(len(words), 1<<20)]
	for _, m := range linked.FindAllStringSubmatch(words, -1) {
		ns := fold(m[1])
		if (slices.Contains(a.names[2], ns) || slices.Contains(a.names[3], ns)) && normal(m[2]) == a.self {
			return true
		}
	}
	for rest := words; ; {
		_, after, found := strings.Cut(rest, "{{")
		if !found {
			return false
		}
		inside, _, _ := strings.Cut(after[:min(len(after), 500)], "}}")
		for who := range strings.SplitSeq(called(inside), "@") {
			if who != "" && normal(who) == a.self {
				return true
			}
		}
		rest = after
	}
}

func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:12])
}
