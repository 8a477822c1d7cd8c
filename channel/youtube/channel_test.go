package youtube

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

const (
	brand = "UCbrewellbrewellbrewell0"
	maya  = "UCmayamayamayamayamaya00"
	film  = "dQw4w9WgXcQ"
)

type obj = map[string]any

// double is a small YouTube Data API that keeps its rules: credentials, parts
// and page sizes, the quota of a day, and that only comments at the top take
// answers.
type double struct {
	t        *testing.T
	now      *clock.Set
	mu       sync.Mutex
	next     int
	threads  []*thread
	access   string
	grants   int
	units    int // used
	most     int // a day
	disabled bool
	calls    []string
}

type thread struct {
	comment
	answers []*comment
}

type comment struct {
	ID, By, Text       string
	Status             string
	Published, Updated time.Time
}

func newDouble(t *testing.T) *double {
	return &double{t: t, now: clock.NewSet(time.Now().UTC().Truncate(time.Second)), most: 1_000_000}
}

func (d *double) say(by, text string) *thread {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.next++
	d.now.Add(time.Second)
	x := &thread{comment: comment{ID: fmt.Sprintf("Ugz%07dAaABAg", d.next), By: by, Text: text, Published: d.now.Now(), Updated: d.now.Now()}}
	d.threads = append(d.threads, x)
	return x
}

func (d *double) answer(x *thread, by, text string) *comment {
	d.next++
	d.now.Add(time.Second)
	c := &comment{ID: fmt.Sprintf("%s.9s%06d", x.ID, d.next), By: by, Text: text, Published: d.now.Now(), Updated: d.now.Now()}
	x.answers = append(x.answers, c)
	return c
}

func (d *double) ours() (out []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, x := range d.threads {
		for _, c := range x.answers {
			if c.By == brand {
				out = append(out, c.Text)
			}
		}
	}
	return out
}

func fail(w http.ResponseWriter, code int, reason, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(obj{"error": obj{"code": code, "message": message, "errors": []any{obj{"domain": "youtube", "reason": reason, "message": message}}}})
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if r.URL.Path == "/token" {
		_ = r.ParseForm()
		if r.PostForm.Get("refresh_token") != "1//refresh" || r.PostForm.Get("client_id") != "client" || r.PostForm.Get("client_secret") != "hush" {
			w.WriteHeader(400)
			fmt.Fprint(w, `{"error":"invalid_grant"}`)
			return
		}
		d.grants++
		d.access = "ya29." + strconv.Itoa(d.grants)
		answer(w, obj{"access_token": d.access, "expires_in": 3599})
		return
	}
	auth := r.Header.Get("Authorization")
	owner := d.access != "" && auth == "Bearer "+d.access
	switch {
	case auth != "" && !owner:
		fail(w, 401, "authError", "Invalid Credentials")
		return
	case auth == "" && r.Header.Get("X-Goog-Api-Key") != "AIza":
		fail(w, 400, "badRequest", "API key not valid. Please pass a valid API key.")
		return
	case r.URL.Query().Has("key"):
		d.t.Error("the key stands in the address")
	}
	cost := 1
	if r.Method != http.MethodGet {
		cost = 50
	}
	if d.units+cost > d.most {
		fail(w, 403, "quotaExceeded", `The request cannot be completed because you have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.`)
		return
	}
	d.units += cost
	d.calls = append(d.calls, r.Method+" "+r.URL.Path)
	q := r.URL.Query()
	switch at := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/youtube/v3/"); {
	case at == "POST comments/setModerationStatus" || at == "DELETE comments":
		d.moderate(w, r, owner)
	case !strings.Contains(q.Get("part"), "snippet"):
		fail(w, 400, "missingRequiredParameter", "No filter selected.")
	case at == "GET commentThreads":
		d.list(w, r)
	case at == "GET comments":
		d.comments(w, r)
	case at == "POST comments":
		d.insert(w, r, owner)
	case at == "GET channels":
		id := q.Get("id")
		if q.Get("mine") == "true" && owner {
			id = brand
		}
		name := map[string]string{brand: "Brewell", maya: "Maya Lindt"}[id]
		if name == "" {
			answer(w, obj{"items": []any{}})
			return
		}
		answer(w, obj{"items": []any{obj{"id": id, "snippet": obj{"title": name, "customUrl": "@" + strings.ToLower(strings.Fields(name)[0])}, "statistics": obj{"subscriberCount": "1234", "hiddenSubscriberCount": false}}}})
	default:
		fail(w, 404, "notFound", "Not found.")
	}
}

func (d *double) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if id := q.Get("id"); id != "" {
		items := []any{}
		for _, x := range d.threads {
			if x.ID == id {
				items = append(items, d.shape(x))
			}
		}
		answer(w, obj{"items": items})
		return
	}
	size, _ := strconv.Atoi(q.Get("maxResults"))
	switch {
	case q.Get("videoId") == "" && q.Get("allThreadsRelatedToChannelId") == "":
		fail(w, 400, "missingRequiredParameter", "No filter selected.")
		return
	case q.Get("videoId") != "" && d.disabled:
		fail(w, 403, "commentsDisabled", "The video identified by the <code>videoId</code> parameter has disabled comments.")
		return
	case size < 1 || size > 100 || q.Get("order") != "time":
		fail(w, 400, "invalidParameter", "Invalid value.")
		return
	}
	all := slices.Clone(d.threads)
	slices.Reverse(all)
	slices.SortStableFunc(all, func(a, b *thread) int { return b.Published.Compare(a.Published) })
	from, _ := strconv.Atoi(q.Get("pageToken"))
	end := min(from+size, len(all))
	items := []any{}
	for _, x := range all[min(from, len(all)):end] {
		items = append(items, d.shape(x))
	}
	out := obj{"items": items}
	if end < len(all) {
		out["nextPageToken"] = strconv.Itoa(end)
	}
	answer(w, out)
}

func (d *double) comments(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	items := []any{}
	for _, x := range d.threads {
		for _, c := range x.answers {
			if x.ID == q.Get("parentId") || c.ID == q.Get("id") {
				items = append(items, shapeOf(c))
			}
		}
	}
	answer(w, obj{"items": items})
}

func (d *double) insert(w http.ResponseWriter, r *http.Request, owner bool) {
	var in struct {
		Snippet struct {
			Parent string `json:"parentId"`
			Text   string `json:"textOriginal"`
		} `json:"snippet"`
	}
	_ = json.NewDecoder(r.Body).Decode(&in)
	i := slices.IndexFunc(d.threads, func(x *thread) bool { return x.ID == in.Snippet.Parent })
	switch {
	case !owner:
		fail(w, 403, "insufficientPermissions", "Request had insufficient authentication scopes.")
	case in.Snippet.Parent == "":
		fail(w, 400, "parentIdMissing", "The comment must specify a parent.")
	case strings.Contains(in.Snippet.Parent, "."):
		fail(w, 400, "operationNotSupported", "An answer cannot be answered.")
	case i < 0:
		fail(w, 404, "parentCommentNotFound", "The specified parent comment could not be found.")
	case in.Snippet.Text == "":
		fail(w, 400, "commentTextRequired", "The comment must have text.")
	case utf8.RuneCountInString(in.Snippet.Text) > most:
		fail(w, 400, "commentTextTooLong", "The comment is too long.")
	default:
		answer(w, shapeOf(d.answer(d.threads[i], brand, in.Snippet.Text)))
	}
}

// moderate holds, rejects or publishes a comment, or deletes one of ours.
func (d *double) moderate(w http.ResponseWriter, r *http.Request, owner bool) {
	q := r.URL.Query()
	var c *comment
	for _, x := range d.threads {
		if x.ID == q.Get("id") {
			c = &x.comment
		}
		for _, y := range x.answers {
			if y.ID == q.Get("id") {
				c = y
			}
		}
	}
	status := q.Get("moderationStatus")
	switch {
	case !owner:
		fail(w, 403, "insufficientPermissions", "Request had insufficient authentication scopes.")
		return
	case c == nil || c.Status == "rejected":
		fail(w, 404, "commentNotFound", "One or more of the specified comments cannot be found.")
		return
	case r.Method == http.MethodDelete && c.By != brand:
		fail(w, 403, "forbidden", "The comment cannot be deleted.")
		return
	case r.Method == http.MethodDelete:
		for _, x := range d.threads {
			x.answers = slices.DeleteFunc(x.answers, func(y *comment) bool { return y == c })
		}
	case !slices.Contains([]string{"heldForReview", "published", "rejected"}, status):
		fail(w, 400, "invalidModerationStatus", "Invalid value.")
		return
	default:
		c.Status = status
	}
	w.WriteHeader(http.StatusNoContent)
}

func shapeOf(c *comment) obj {
	name := map[string]string{brand: "@brewell", maya: "@maya"}[c.By]
	return obj{"id": c.ID, "snippet": obj{"authorDisplayName": name, "authorChannelId": obj{"value": c.By}, "textDisplay": c.Text, "textOriginal": c.Text, "likeCount": 2,
		"publishedAt": c.Published.Format(time.RFC3339), "updatedAt": c.Updated.Format(time.RFC3339)}}
}

// shape shows at most two answers, as YouTube shows only some.
func (d *double) shape(x *thread) obj {
	some := []any{}
	for _, c := range x.answers[:min(2, len(x.answers))] {
		some = append(some, shapeOf(c))
	}
	return obj{"id": x.ID, "snippet": obj{"channelId": brand, "videoId": film, "topLevelComment": shapeOf(&x.comment), "totalReplyCount": len(x.answers)}, "replies": obj{"comments": some}}
}

func settings(address string, more channel.Settings) channel.Settings {
	s := channel.Settings{"channel": brand, "client_id": "client", "client_secret": "hush", "refresh": "1//refresh", "address": address, "quota": "1000000"}
	maps.Copy(s, more)
	return s
}

func open2(t *testing.T, more channel.Settings) (*double, *channeltest.Server, channel.Channel) {
	t.Helper()
	d := newDouble(t)
	s := channeltest.Serve(t, d)
	s.Refuse = func(w http.ResponseWriter, _ *http.Request, x channeltest.Trouble) {
		if x == channeltest.Revoked {
			fail(w, 401, "authError", "Invalid Credentials")
			return
		}
		fail(w, 403, "forbidden", "The comment cannot be created due to insufficient permissions.")
	}
	c, err := Kind().New(settings(s.URL, more), s.Env(d.now))
	if err != nil {
		t.Fatal(err)
	}
	return d, s, c
}

func rig(t *testing.T, more channel.Settings) *channeltest.Rig {
	d, s, c := open2(t, more)
	return &channeltest.Rig{
		Channel: c, Trouble: s.Trouble, Now: d.now.Now, Ours: d.ours, Tells: true,
		Say: func(text string) string { return d.say(maya, text).ID },
		Stands: func(id string) (there, hidden bool) {
			d.mu.Lock()
			defer d.mu.Unlock()
			i := slices.IndexFunc(d.threads, func(x *thread) bool { return x.ID == id })
			return i >= 0 && d.threads[i].Status != "rejected", i >= 0 && d.threads[i].Status == "heldForReview"
		},
		Past: func(text string) {
			x := d.say(maya, text)
			x.Published, x.Updated = x.Published.AddDate(-1, 0, 0), x.Updated.AddDate(-1, 0, 0)
		},
		Edit: func(id, text string) {
			for _, x := range d.threads {
				if x.ID == id {
					d.now.Add(time.Second)
					x.Text, x.Updated = text, d.now.Now()
				}
			}
		},
		Malformed: [][]byte{[]byte(`{"comment":{}}`), []byte(`{"comment":{"id":"Ugz1","snippet":{"publishedAt":"soon"}}}`), []byte(`{"comment":{"id":"Ugz1","snippet":{"publishedAt":"2026-01-01T00:00:00Z"}}}`)},
	}
}

func TestChannel(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig { return rig(t, nil) })
}

// TestWithAKey only listens.
func TestWithAKey(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		r := rig(t, channel.Settings{"key": "AIza", "client_id": "", "client_secret": "", "refresh": ""})
		r.Light = true
		return r
	})
}

// poll reads all that is new.
func poll(t *testing.T, c channel.Channel, cursor string) (map[string]social.Activity, string) {
	t.Helper()
	b, err := c.(channel.Poller).Poll(t.Context(), cursor)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]social.Activity{}
	for _, e := range b.Events {
		as, err := c.Read(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range as {
			out[a.Text] = a
		}
	}
	return out, b.Cursor
}

func TestAnswersToOlderCommentsAreHeard(t *testing.T) {
	d, _, c := open2(t, nil)
	old := d.say(maya, "old one")
	d.say(maya, "newer one")
	_, cursor := poll(t, c, "")
	for i := range 5 { // more than a thread shows
		d.answer(old, maya, fmt.Sprint("answer ", i))
	}
	before := d.units
	got, cursor := poll(t, c, cursor)
	for i := range 5 {
		a, ok := got[fmt.Sprint("answer ", i)]
		if !ok || a.Parent != old.ID || a.Thread() != old.ID || !a.Directed || !strings.Contains(a.URL, film) {
			t.Fatalf("answer %d: %+v", i, a)
		}
	}
	if cost := d.units - before; cost != 2 {
		t.Errorf("it cost %d units, want 2", cost)
	}
	before = d.units
	if poll(t, c, cursor); d.units-before != 1 {
		t.Errorf("a look at nothing new cost %d units, want 1", d.units-before)
	}
}

func TestAnAnswerToAnAnswerStandsBelowTheTop(t *testing.T) {
	d, _, c := open2(t, nil)
	x := d.say(maya, "hello")
	below := d.answer(x, maya, "anybody?")
	r, err := c.(channel.Sender).Send(t.Context(), social.Reply{Parent: below.ID, Root: x.ID, Text: "Here!", Visibility: social.Public})
	if err != nil || !strings.HasPrefix(r.ExternalID, x.ID+".") {
		t.Fatalf("%+v, %v", r, err)
	}
}

func TestTheQuotaIsKept(t *testing.T) {
	d, _, c := open2(t, channel.Settings{"quota": "100"})
	d.now.Move(time.Date(2026, 11, 26, 20, 0, 0, 0, time.UTC)) // noon in California
	x := d.say(maya, "hello")
	cursor := ""
	looks := 0
	for ; looks < 200; looks++ {
		b, err := c.(channel.Poller).Poll(t.Context(), cursor)
		if err != nil {
			var later channel.RetryAfter
			if !social.Busy.Is(err) || !as(err, &later) || later.RetryAfter() < 11*time.Hour || later.RetryAfter() > 13*time.Hour {
				t.Fatalf("%v", err)
			}
			break
		}
		cursor = b.Cursor
	}
	if looks != 80 || d.units != 80 {
		t.Fatalf("%d looks, %d units of 100; a fifth is for answers", looks, d.units)
	}
	// Not enough is left for an answer: it waits, and YouTube is not asked.
	_, err := c.(channel.Sender).Send(t.Context(), social.Reply{Parent: x.ID, Text: "Hi.", Visibility: social.Public})
	if !social.Busy.Is(err) || d.units != 80 {
		t.Fatalf("%v, %d units", err, d.units)
	}
	d.now.Add(13 * time.Hour) // the next day there
	if _, err := c.(channel.Sender).Send(t.Context(), social.Reply{Parent: x.ID, Text: "Hi.", Visibility: social.Public}); err != nil {
		t.Fatal(err)
	}
	// What YouTube itself says of the quota counts as well.
	d.units, d.most = 0, 0
	_, err = c.(channel.Poller).Poll(t.Context(), cursor)
	calls := len(d.calls)
	if _, again := c.(channel.Poller).Poll(t.Context(), cursor); !social.Busy.Is(err) || !social.Busy.Is(again) || len(d.calls) != calls || strings.ContainsAny(err.Error(), "<>") {
		t.Fatalf("%v, %v", err, again)
	}
}

func TestWhatIsRefused(t *testing.T) {
	d, s, c := open2(t, channel.Settings{"videos": "https://www.youtube.com/watch?v=" + film + "&t=1 https://youtu.be/" + film})
	if got := c.(*voice).videos; !slices.Equal(got, []string{film, film}) {
		t.Fatalf("%v", got)
	}
	d.disabled = true
	if _, err := c.(channel.Poller).Poll(t.Context(), ""); !social.Forbidden.Is(err) || !strings.Contains(err.Error(), "switched off") {
		t.Errorf("comments are disabled: %v", err)
	}
	other, err := Kind().New(settings(s.URL, channel.Settings{"channel": maya}), s.Env(d.now))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.(channel.Profiler).Self(t.Context()); !social.Invalid.Is(err) {
		t.Errorf("the token is of another channel: %v", err)
	}
	key, err := Kind().New(settings(s.URL, channel.Settings{"key": "wrong", "refresh": ""}), s.Env(d.now))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := key.(channel.Poller).Poll(t.Context(), ""); !social.Unauth.Is(err) {
		t.Errorf("a wrong key: %v", err)
	}
	for field, wrong := range map[string]string{"channel": "@brewell", "videos": "my film", "quota": "many", "client_id": "", "address": "ftp://x"} {
		set := settings("", nil)
		set[field] = wrong
		_, err := Kind().New(set, channel.Env{})
		if e, ok := err.(*social.Error); !ok || e.Field != field {
			t.Errorf("%s=%q: %v", field, wrong, err)
		}
	}
}
