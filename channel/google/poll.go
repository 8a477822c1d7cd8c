package google

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Interval: reviews are few, and a project may ask 300 times a minute
// (https://developers.google.com/my-business/content/limits).
func (h *house) Interval() time.Duration { return 10 * time.Minute }

const (
	placesMost = 100            // asked in one poll
	pageSize   = 50             // the most that Google gives
	pagesMost  = 200            // of one place in one poll
	listTime   = 24 * time.Hour // for which the list of places is good
)

// place is a location, as far as we keep it with each of its reviews.
type place struct {
	Name    string `json:"name"` // locations/…
	Title   string `json:"title"`
	Address struct {
		Region   string   `json:"regionCode"`
		Area     string   `json:"administrativeArea"`
		Locality string   `json:"locality"`
		Postcode string   `json:"postalCode"`
		Lines    []string `json:"addressLines"`
	} `json:"storefrontAddress"`
	At struct {
		Lat float64 `json:"latitude"`
		Lon float64 `json:"longitude"`
	} `json:"latlng"`
	Meta struct {
		Maps string `json:"mapsUri"`
	} `json:"metadata"`
}

// all lists the places to listen to, once a day anew.
func (h *house) all(ctx context.Context) ([]place, error) {
	h.mu.Lock()
	places, listed := h.places, h.listed
	h.mu.Unlock()
	now := h.env.Clock.Now()
	if places != nil && now.Sub(listed) < listTime {
		return places, nil
	}
	places = []place{}
	q := url.Values{"readMask": {"name,title,storefrontAddress,latlng,metadata"}, "pageSize": {"100"}}
	for range 500 {
		var page struct {
			Locations []place `json:"locations"`
			Next      string  `json:"nextPageToken"`
		}
		if err := h.call(ctx, http.MethodGet, info, "/v1/"+h.account+"/locations", q, nil, &page); err != nil {
			return nil, err
		}
		for _, p := range page.Locations {
			if locationName.MatchString(p.Name) && (h.only == nil || h.only[p.Name]) {
				places = append(places, p)
			}
		}
		if page.Next == "" {
			break
		}
		q.Set("pageToken", page.Next)
	}
	if len(places) == 0 {
		return nil, social.Errorf(social.Invalid, "The account has no place, or none of those that were named.")
	}
	h.mu.Lock()
	h.places, h.listed = places, now
	h.mu.Unlock()
	return places, nil
}

// mark is the cursor: up to when each place was heard, and where to go on.
type mark struct {
	Upto map[string]time.Time `json:"upto"`
	Next int                  `json:"next,omitempty"`
}

// Poll asks the places in turn for what is newer than what was heard.
func (h *house) Poll(ctx context.Context, cursor string) (channel.Batch, error) {
	m := mark{Upto: map[string]time.Time{}}
	if cursor != "" {
		if err := json.Unmarshal([]byte(cursor), &m); err != nil || m.Upto == nil {
			m = mark{Upto: map[string]time.Time{}} // a cursor of another kind: begin anew
		}
	}
	places, err := h.all(ctx)
	if err != nil {
		return channel.Batch{}, err
	}
	if m.Next < 0 || m.Next >= len(places) {
		m.Next = 0
	}
	end := min(m.Next+placesMost, len(places))
	var b channel.Batch
	for _, p := range places[m.Next:end] {
		events, upto, err := h.since(ctx, p, m.Upto[p.Name])
		if err != nil {
			return channel.Batch{}, err
		}
		b.Events = append(b.Events, events...)
		m.Upto[p.Name] = upto
	}
	if m.Next = end; end >= len(places) {
		m.Next = 0
	}
	b.More = m.Next > 0
	c, err := json.Marshal(m)
	b.Cursor = string(c)
	return b, err
}

// since reads a place's reviews, the last changed first, down to a time; the
// first time only the newest page. The newest page is always looked at whole:
// an answer that was written elsewhere does not move its review up. Events
// come oldest first.
func (h *house) since(ctx context.Context, p place, after time.Time) ([]channel.Event, time.Time, error) {
	first, upto := after.IsZero(), after
	q := url.Values{"pageSize": {strconv.Itoa(pageSize)}, "orderBy": {"updateTime desc"}}
	var out []channel.Event
	for range pagesMost {
		var page struct {
			Reviews []json.RawMessage `json:"reviews"`
			Next    string            `json:"nextPageToken"`
		}
		if err := h.call(ctx, http.MethodGet, reviews, "/v4/"+h.account+"/"+p.Name+"/reviews", q, nil, &page); err != nil {
			return nil, after, err
		}
		older := false
		for _, raw := range page.Reviews {
			events, changed, newest := heard(p, raw, after)
			out = append(out, events...)
			if newest.After(upto) {
				upto = newest
			}
			older = older || !changed.IsZero() && changed.Before(after)
		}
		if first || older || page.Next == "" {
			break
		}
		q.Set("pageToken", page.Next)
	}
	if upto.IsZero() {
		upto = h.env.Clock.Now().Add(-24 * time.Hour) // a place without a review: what comes from now on
	}
	reverse(out)
	return out, upto, nil
}

func reverse(es []channel.Event) {
	for i, j := 0, len(es)-1; i < j; i, j = i+1, j-1 {
		es[i], es[j] = es[j], es[i]
	}
}

// envelope is one raw event: a review as Google sent it, and its place.
type envelope struct {
	Sort   string          `json:"sort"` // "review" or "reply"
	Place  place           `json:"place"`
	Review json.RawMessage `json:"review"`
}

// heard makes events of a review and of our answer to it, the newer first, as
// far as they are not older than after. It tells when the review itself was
// changed, and when either was.
func heard(p place, raw json.RawMessage, after time.Time) (out []channel.Event, changed, newest time.Time) {
	var r wireReview
	if err := json.Unmarshal(raw, &r); err != nil || r.ID == "" {
		return []channel.Event{pack("?"+digest(raw), envelope{"review", p, raw}, time.Time{})}, changed, newest
	}
	changed = r.updated()
	newest = changed
	if a := r.Reply; a != nil && !a.Updated.IsZero() {
		if a.Updated.After(newest) {
			newest = a.Updated.Time
		}
		if !a.Updated.Before(after) {
			out = append(out, pack(r.Name+"/reply@"+version(a.Updated.Time), envelope{"reply", p, raw}, a.Updated.Time))
		}
	}
	if !changed.Before(after) {
		out = append(out, pack(r.Name+"@"+version(changed), envelope{"review", p, raw}, changed))
	}
	return out, changed, newest
}

func pack(key string, in envelope, at time.Time) channel.Event {
	raw, err := json.Marshal(in)
	if err != nil {
		raw = []byte(`{"sort":"broken"}`)
	}
	return channel.Event{Key: strings.ToValidUTF8(key, "?"), Raw: raw, At: at}
}
