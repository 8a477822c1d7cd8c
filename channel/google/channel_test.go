package google

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

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

const (
	account  = "accounts/110562364813293648233"
	cafe     = "locations/6511212333112302443"
	roastery = "locations/7622323444223413554"
)

type obj = map[string]any

// double is a small Business Profile that keeps Google's rules: tokens and
// their end, names, page sizes, the length of an answer, and that a place
// must be verified before its reviews can be answered.
type double struct {
	t          *testing.T
	now        *clock.Set
	mu         sync.Mutex
	next       int
	access     string
	reviews    map[string][]*review // by location
	taken      []string
	unverified bool
	dead       bool // the refresh token is revoked
	grants     int
}

type review struct {
	ID, Text, Stars  string
	Created, Updated time.Time
	Reply            string
	Replied          time.Time
}

func newDouble(t *testing.T) *double {
	return &double{t: t, now: clock.NewSet(time.Now().UTC().Truncate(time.Second)), reviews: map[string][]*review{cafe: nil, roastery: nil}}
}

func (d *double) say(where, text, stars string) *review {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.next++
	d.now.Add(time.Second)
	r := &review{ID: fmt.Sprintf("AbFvOqk%d", 1000+d.next), Text: text, Stars: stars, Created: d.now.Now(), Updated: d.now.Now()}
	d.reviews[where] = append(d.reviews[where], r)
	return r
}

func name(where string, r *review) string { return account + "/" + where + "/reviews/" + r.ID }

func fail(w http.ResponseWriter, code int, status, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(obj{"error": obj{"code": code, "message": message, "status": status}})
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if r.URL.Path == "/token" {
		d.token(w, r)
		return
	}
	if d.access == "" || r.Header.Get("Authorization") != "Bearer "+d.access {
		fail(w, 401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
		return
	}
	switch path := r.URL.Path; {
	case path == "/v1/"+account && r.Method == http.MethodGet:
		answer(w, obj{"name": account, "accountName": "Brewell", "type": "LOCATION_GROUP"})
	case path == "/v1/"+account+"/locations" && r.Method == http.MethodGet:
		d.locations(w, r)
	case strings.HasPrefix(path, "/v4/"+account+"/"):
		d.v4(w, r, strings.TrimPrefix(path, "/v4/"+account+"/"))
	default:
		fail(w, 404, "NOT_FOUND", "Requested entity was not found.")
	}
}

func (d *double) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	f := r.PostForm
	if f.Get("client_id") != "client" || f.Get("client_secret") != "hush" || f.Get("grant_type") != "refresh_token" || f.Get("refresh_token") != "1//refresh" || d.dead {
		w.WriteHeader(400)
		fmt.Fprint(w, `{"error":"invalid_grant","error_description":"Token has been expired or revoked."}`)
		return
	}
	d.grants++
	d.access = "ya29." + strconv.Itoa(d.grants)
	answer(w, obj{"access_token": d.access, "expires_in": 3599, "scope": "https://www.googleapis.com/auth/business.manage", "token_type": "Bearer"})
}

func (d *double) locations(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("readMask") == "" {
		fail(w, 400, "INVALID_ARGUMENT", "Request must contain a valid readMask.")
		return
	}
	place := func(name, title, city string, lat float64) obj {
		return obj{"name": name, "title": title, "latlng": obj{"latitude": lat, "longitude": 13.4}, "metadata": obj{"mapsUri": "https://maps.google.com/maps?cid=" + name[10:]},
			"storefrontAddress": obj{"regionCode": "DE", "locality": city, "postalCode": "10115", "addressLines": []string{"Street 1"}}}
	}
	if r.URL.Query().Get("pageToken") == "" { // one a page, so that pages are turned
		answer(w, obj{"locations": []any{place(cafe, "Brewell Café", "Berlin", 52.5)}, "nextPageToken": "p2"})
		return
	}
	answer(w, obj{"locations": []any{place(roastery, "Brewell Roastery", "Hamburg", 53.5)}})
}

func (d *double) v4(w http.ResponseWriter, r *http.Request, rest string) {
	parts := strings.Split(rest, "/") // locations, id, reviews, [id, [reply]]
	if len(parts) < 3 || parts[2] != "reviews" {
		fail(w, 404, "NOT_FOUND", "Requested entity was not found.")
		return
	}
	where := parts[0] + "/" + parts[1]
	list, known := d.reviews[where]
	if !known {
		fail(w, 403, "PERMISSION_DENIED", "The caller does not have permission")
		return
	}
	if len(parts) == 3 && r.Method == http.MethodGet {
		d.page(w, r, where, list)
		return
	}
	i := slices.IndexFunc(list, func(x *review) bool { return len(parts) > 3 && x.ID == parts[3] })
	switch {
	case i < 0:
		fail(w, 404, "NOT_FOUND", "Requested entity was not found.")
	case len(parts) == 4 && r.Method == http.MethodGet:
		answer(w, shape(where, list[i]))
	case len(parts) == 5 && parts[4] == "reply" && r.Method == http.MethodPut:
		var in struct {
			Comment string `json:"comment"`
		}
		switch err := json.NewDecoder(r.Body).Decode(&in); {
		case err != nil || in.Comment == "" || len(in.Comment) > most:
			fail(w, 400, "INVALID_ARGUMENT", "Request contains an invalid argument.")
		case d.unverified:
			fail(w, 400, "FAILED_PRECONDITION", "Precondition check failed: the location is not <verified>.")
		default:
			d.now.Add(time.Second)
			list[i].Reply, list[i].Replied = in.Comment, d.now.Now()
			d.taken = append(d.taken, in.Comment)
			answer(w, shape(where, list[i])["reviewReply"])
		}
	default:
		fail(w, 404, "NOT_FOUND", "Requested entity was not found.")
	}
}

func (d *double) page(w http.ResponseWriter, r *http.Request, where string, list []*review) {
	q := r.URL.Query()
	size, _ := strconv.Atoi(q.Get("pageSize"))
	if size < 1 || size > 50 || q.Get("orderBy") != "updateTime desc" {
		fail(w, 400, "INVALID_ARGUMENT", "Request contains an invalid argument.")
		return
	}
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b *review) int { return b.Updated.Compare(a.Updated) })
	from, _ := strconv.Atoi(q.Get("pageToken"))
	end := min(from+size, len(sorted))
	out := obj{"averageRating": 4.2, "totalReviewCount": len(list)}
	var all []any
	for _, x := range sorted[min(from, len(sorted)):end] {
		all = append(all, shape(where, x))
	}
	if all != nil {
		out["reviews"] = all
	}
	if end < len(sorted) {
		out["nextPageToken"] = strconv.Itoa(end)
	}
	answer(w, out)
}

func shape(where string, x *review) obj {
	o := obj{"name": name(where, x), "reviewId": x.ID, "starRating": x.Stars, "comment": x.Text, "reviewer": obj{"displayName": "Maya Lindt", "profilePhotoUrl": "https://lh3.example/a"},
		"createTime": x.Created.Format(time.RFC3339Nano), "updateTime": x.Updated.Format(time.RFC3339Nano)}
	if x.Reply != "" {
		o["reviewReply"] = obj{"comment": x.Reply, "updateTime": x.Replied.Format(time.RFC3339Nano)}
	}
	return o
}

func settings(address string, more channel.Settings) channel.Settings {
	s := channel.Settings{"account": account, "client_id": "client", "client_secret": "hush", "refresh": "1//refresh", "address": address}
	maps.Copy(s, more)
	return s
}

func open2(t *testing.T, more channel.Settings) (*double, *channeltest.Server, channel.Channel) {
	t.Helper()
	d := newDouble(t)
	s := channeltest.Serve(t, d)
	s.Refuse = func(w http.ResponseWriter, r *http.Request, x channeltest.Trouble) {
		if x == channeltest.Revoked {
			fail(w, 401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
			return
		}
		fail(w, 403, "PERMISSION_DENIED", "The caller does not have permission")
	}
	c, err := Kind().New(settings(s.URL, more), s.Env(d.now))
	if err != nil {
		t.Fatal(err)
	}
	return d, s, c
}

func TestChannel(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		d, s, c := open2(t, nil)
		at := func(id string) *review {
			for where, list := range d.reviews {
				for _, r := range list {
					if name(where, r) == id {
						return r
					}
				}
			}
			t.Fatal("no such review")
			return nil
		}
		return &channeltest.Rig{
			Channel: c, Trouble: s.Trouble, Now: d.now.Now, Tells: true,
			Say: func(text string) string { return name(cafe, d.say(cafe, text, "FOUR")) },
			Past: func(text string) {
				r := d.say(cafe, text, "TWO")
				r.Created, r.Updated = r.Created.AddDate(-1, 0, 0), r.Updated.AddDate(-1, 0, 0)
			},
			Edit: func(id, text string) {
				r := at(id)
				d.now.Add(time.Second)
				r.Text, r.Updated = text, d.now.Now()
			},
			Ours: func() []string {
				d.mu.Lock()
				defer d.mu.Unlock()
				return slices.Clone(d.taken)
			},
			Malformed: [][]byte{[]byte(`{"sort":"review","review":{}}`), []byte(`{"sort":"reply","review":{"name":"accounts/1/locations/1/reviews/1","createTime":"2026-01-01T00:00:00Z"}}`), []byte(`{"sort":"review","review":{"name":"x","createTime":"yesterday"}}`)},
		}
	})
}

// poll reads all that is new.
func poll(t *testing.T, c channel.Channel, cursor string) ([]social.Activity, string) {
	t.Helper()
	var out []social.Activity
	for {
		b, err := c.(channel.Poller).Poll(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range b.Events {
			as, err := c.Read(e)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, as...)
		}
		if cursor = b.Cursor; !b.More {
			return out, cursor
		}
	}
}

func TestReviewsOfAllPlaces(t *testing.T) {
	d, _, c := open2(t, nil)
	d.say(cafe, "Lovely", "FIVE")
	d.say(roastery, "(Translated by Google) Cold\n\n(Original)\nKalt", "ONE")
	d.say(cafe, "", "THREE")
	got, _ := poll(t, c, "")
	byText := map[string]social.Activity{}
	for _, a := range got {
		byText[a.Text] = a
	}
	if len(got) != 3 || byText["Lovely"].Rating != 5 || byText["Kalt"].Rating != 1 || byText[""].Rating != 3 || byText["Kalt"].Form != social.FormReview || !byText["Kalt"].Directed {
		t.Fatalf("%+v", got)
	}
	want := social.Place{ExternalID: roastery, Name: "Brewell Roastery", Street: "Street 1", City: "Hamburg", Postcode: "10115", Country: "DE", Lat: 53.5, Lon: 13.4, URL: "https://maps.google.com/maps?cid=" + roastery[10:]}
	if got := byText["Kalt"].Place; got != want {
		t.Fatalf("the place is %+v, want %+v", got, want)
	}
	if byText["Lovely"].Author.ID() == byText[""].Author.ID() {
		t.Fatal("two reviews are by one author, though Google does not say so")
	}
	_, _, one := open2(t, channel.Settings{"locations": cafe})
	one.(*house).oauth = c.(*house).oauth
	one.(*house).base = c.(*house).base
	if got, _ := poll(t, one, ""); len(got) != 2 {
		t.Fatalf("of one place: %+v", got)
	}
}

func TestAnAnswerTakesThePlaceOfAnother(t *testing.T) {
	d, _, c := open2(t, nil)
	r := d.say(cafe, "Cold coffee", "TWO")
	_, cursor := poll(t, c, "")
	send := func(text string) channel.Receipt {
		t.Helper()
		out, err := c.(channel.Sender).Send(t.Context(), social.Reply{Parent: name(cafe, r), Text: text, Visibility: social.Public, Attempted: d.now.Now()})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	first := send("Sorry!")
	second := send("Sorry! Come by for a new one.")
	if first.ExternalID == second.ExternalID || r.Reply != "Sorry! Come by for a new one." {
		t.Fatalf("%+v, %+v, stands %q", first, second, r.Reply)
	}
	got, _ := poll(t, c, cursor)
	i := slices.IndexFunc(got, func(a social.Activity) bool { return a.Own })
	if i < 0 || got[i].ExternalID != second.ExternalID || got[i].Parent != name(cafe, r) || got[i].Author.ID() != c.(*house).own().ID() {
		t.Fatalf("%+v", got)
	}
	// To answer our own answer is to answer the review.
	if _, err := c.(channel.Sender).Send(t.Context(), social.Reply{Parent: second.ExternalID, Text: "Third.", Visibility: social.Public}); err != nil || r.Reply != "Third." {
		t.Fatalf("%v, %q", err, r.Reply)
	}
	d.unverified = true
	_, err := c.(channel.Sender).Send(t.Context(), social.Reply{Parent: name(cafe, r), Text: "Fourth.", Visibility: social.Public})
	if !social.Forbidden.Is(err) || !strings.Contains(err.Error(), "verified") || strings.ContainsAny(err.Error(), "<>") {
		t.Fatalf("%v", err)
	}
}

func TestAnAccessTokenIsRenewedBeforeItsEndAndWhenItIsRefused(t *testing.T) {
	d, _, c := open2(t, nil)
	d.say(cafe, "Lovely", "FIVE")
	_, cursor := poll(t, c, "")
	if d.grants != 1 {
		t.Fatalf("%d grants", d.grants)
	}
	d.now.Add(time.Hour)
	_, cursor = poll(t, c, cursor)
	if d.grants != 2 {
		t.Fatalf("%d grants after an hour", d.grants)
	}
	d.access = "ya29.revoked" // Google took it back before its time
	_, cursor = poll(t, c, cursor)
	if d.grants != 3 {
		t.Fatalf("%d grants after a refusal", d.grants)
	}
	d.access, d.dead = "ya29.none", true
	_, err := c.(channel.Poller).Poll(t.Context(), cursor)
	if !social.Unauth.Is(err) || !strings.Contains(err.Error(), "invalid_grant") {
		t.Fatalf("%v", err)
	}
}

func TestSettings(t *testing.T) {
	for field, wrong := range map[string]string{"account": "brewell", "locations": "my café", "client_id": "", "client_secret": "a b", "refresh": " ", "address": "ftp://x"} {
		s := settings("", nil)
		s[field] = wrong
		_, err := Kind().New(s, channel.Env{})
		e, ok := err.(*social.Error)
		if !ok || e.Field != field || e.Kind != social.Invalid {
			t.Errorf("%s=%q: %v", field, wrong, err)
		}
	}
}

func TestOriginalWords(t *testing.T) {
	for in, want := range map[string]string{
		"Lovely": "Lovely",
		"(Translated by Google) Cold\n\n(Original)\nKalt": "Kalt",
		"Kalt\n\n(Translated by Google)\nCold":            "Kalt",
		"(Translated by Google) only":                     "(Translated by Google) only",
		"I read (Original) on the bag":                    "I read (Original) on the bag",
		"":                                                "",
	} {
		if got := original(in); got != want {
			t.Errorf("%q became %q", in, got)
		}
	}
}
