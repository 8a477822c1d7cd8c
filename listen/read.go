package listen

import (
	"fmt"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/social"
)

// The most that is kept of an activity's words; the raw event has all of them.
const (
	maxText  = 256 << 10
	maxTitle = 4 << 10
	maxField = 2 << 10
)

// early is how far ahead of our clock a network's may be.
const early = 10 * time.Minute

// heard is an event with what became of it.
type heard struct {
	raw    Raw
	posts  []Post
	told   []social.Report // of messages of ours
	shares []social.Share
	came   []social.Enclosed
	match  [][]social.MonitorID // for each post
	tuned  int64                // when it was matched, as Station.tuned counts
	keep   bool
}

// reader reads events and matches them; it belongs to one goroutine.
type reader struct {
	s    *Station
	conn channel.Channel
	row  Channel
	doc  query.Doc
}

// read turns an event into posts. What cannot be read gives the event with
// its error.
func (r *reader) read(e Raw) heard {
	h := heard{raw: e}
	old, isOld, err := history(e)
	activities := []social.Activity{old.Activity}
	if !isOld {
		activities, err = r.activities(channel.Event{Key: e.Key, Raw: e.Raw, At: e.At})
	}
	if err != nil {
		h.raw.Error = clip(clean(sentence(err)), maxField)
		if h.raw.Error == "" {
			h.raw.Error = "It could not be read."
		}
		return h
	}
	for _, a := range activities {
		p, why := r.post(a, e)
		if why != "" {
			h.raw.Error = why
			return heard{raw: h.raw}
		}
		if p.Quiet = isOld && old.Quiet; r.s.shield == nil || !r.s.shield(p.Activity) {
			h.posts = append(h.posts, p)
		} else {
			h.raw.Raw = nil // of somebody whom we forgot
		}
	}
	if !isOld { // a file reports nothing
		if h.told, err = r.reports(channel.Event{Key: e.Key, Raw: e.Raw, At: e.At}, e.Received); err != nil {
			h.raw.Error = clip(clean(sentence(err)), maxField)
			return heard{raw: h.raw}
		}
		if h.shares, err = r.shares(channel.Event{Key: e.Key, Raw: e.Raw, At: e.At}, e); err != nil {
			h.raw.Error = clip(clean(sentence(err)), maxField)
			return heard{raw: h.raw}
		}
		h.came = r.enclosed(channel.Event{Key: e.Key, Raw: e.Raw, At: e.At})
	}
	h.tuned = r.s.tuned.Load()
	h.match = make([][]social.MonitorID, len(h.posts))
	for i := range h.posts {
		h.match[i] = r.s.matches(&r.doc, h.posts[i], r.row)
	}
	return h
}

// activities asks the channel, whose mistakes must not stop the others.
func (r *reader) activities(e channel.Event) (a []social.Activity, err error) {
	defer func() {
		if p := recover(); p != nil {
			r.s.log.Error("a channel panicked while reading an event", "channel", r.row.ID, "kind", r.row.Kind, "panic", fmt.Sprint(p))
			a, err = nil, social.Errorf(social.Invalid, "Reading it failed; the log says why.")
		}
	}()
	a, err = r.conn.Read(e)
	if err != nil && social.KindOf(err) == social.Fault {
		err = social.Because(social.Invalid, err, "It could not be read.")
	}
	return a, err
}

// reports asks the channel what an event says about our own messages.
func (r *reader) reports(e channel.Event, received time.Time) (out []social.Report, err error) {
	teller, ok := r.conn.(channel.Reporter)
	if !ok {
		return nil, nil
	}
	defer func() {
		if p := recover(); p != nil {
			r.s.log.Error("a channel panicked while reading a report", "channel", r.row.ID, "kind", r.row.Kind, "panic", fmt.Sprint(p))
			out, err = nil, social.Errorf(social.Invalid, "Reading it failed; the log says why.")
		}
	}()
	told, err := teller.Reports(e)
	if err != nil && social.KindOf(err) == social.Fault {
		err = social.Because(social.Invalid, err, "It could not be read.")
	}
	for _, t := range told {
		for _, f := range []*string{&t.ExternalID, &t.Key, &t.Text} {
			*f = clip(clean(*f), maxField)
		}
		if t.At.IsZero() {
			t.At = received
		}
		t.At = sane(t.At, received)
		if t.ExternalID != "" || t.Key != "" {
			out = append(out, t)
		}
	}
	return out, err
}

// post makes of what a channel read something that can be kept, or says why
// it cannot.
func (r *reader) post(a social.Activity, e Raw) (Post, string) {
	a.Channel = r.row.ID
	a.ExternalID = clean(a.ExternalID)
	if a.ExternalID == "" || len(a.ExternalID) > maxField {
		return Post{}, "It has no id that could be kept."
	}
	if a.Verb == "" {
		a.Verb = social.Create
	}
	if a.Form == "" {
		a.Form = social.FormPost
	}
	if a.Visibility == "" {
		a.Visibility = social.Public
	}
	if a.Verb != social.Delete && a.Author.Value == "" {
		return Post{}, "It does not say who said it."
	}
	a.Text = strings.TrimSpace(clip(clean(a.Text), maxText))
	a.Title = strings.TrimSpace(clip(clean(a.Title), maxTitle))
	cleanAuthor(&a.Author)
	for _, f := range []*string{&a.Lang, &a.URL, &a.Parent, &a.Root, &a.Version,
		&a.Place.ExternalID, &a.Place.Name, &a.Place.Street, &a.Place.City, &a.Place.Region, &a.Place.Postcode, &a.Place.Country, &a.Place.URL} {
		*f = clip(clean(*f), maxField)
	}
	if !a.Place.Located() {
		a.Place.Lat, a.Place.Lon = 0, 0
	}
	told := e.At
	if told.IsZero() {
		told = a.Published
	}
	if told.IsZero() {
		told = e.Received
	}
	if a.Published.IsZero() {
		a.Published = told
	}
	a.Published, told = sane(a.Published, e.Received), sane(told, e.Received)
	a.Rating = min(max(a.Rating, 0), 5)
	p := Post{Activity: a, Told: told, Received: e.Received}
	if a.Author.Value != "" {
		p.Identity = a.Author.ID()
	}
	if a.Verb == social.Delete {
		p.Deleted = told
	}
	return p, ""
}

// sane keeps a time within what can be stored and not ahead of our clock.
func sane(t, now time.Time) time.Time {
	switch {
	case t.Year() < 1970:
		return time.UnixMicro(1).UTC()
	case t.After(now.Add(early)):
		return now
	}
	return t.UTC().Truncate(time.Microsecond)
}

// matches returns the active monitors that match a post. Only what others say
// in public is matched: private messages are nobody's to search.
func (s *Station) matches(d *query.Doc, p Post, c Channel) []social.MonitorID {
	if !p.Visible() || p.Verb == social.Delete || s.set.Len() == 0 {
		return nil
	}
	lang := p.Lang
	if lang == "" && s.language != nil && s.asksLanguage() {
		lang = s.language(p.Text)
	}
	resetDoc(d, p, lang, c)
	if s.AsksPlace() {
		s.where(d, p, c)
	}
	var out []social.MonitorID
	for _, id := range s.set.Match(d) {
		out = append(out, social.MonitorID(id))
	}
	return out
}

// resetDoc makes d the post as monitors and search see it: title and text,
// the author's handle, and the kind and name of the channel.
func resetDoc(d *query.Doc, p Post, lang string, c Channel) {
	handle := p.Author.Handle
	if handle == "" {
		handle = p.Author.Value
	}
	d.Reset(Wording(p), lang, handle, c.Kind, c.Name)
}

// Wording is what is searched: the title, then the text.
func Wording(p Post) string {
	if p.Title == "" {
		return p.Text
	}
	return p.Title + "\n" + p.Text
}
