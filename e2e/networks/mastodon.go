package networks

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"
	"time"
)

// MastodonAccount is a person on a server with the Mastodon API. Its methods
// are the calls that any app makes; they fail the test when refused.
type MastodonAccount struct {
	Server   *GoToSocial
	ID       string
	Username string
	Email    string // signs in on the server's own pages, with Password
	Password string
	Token    string // bearer token with the scopes read, write and push

	app app
	t   testing.TB
}

// An app is what a token was given to.
type app struct {
	ID     string `json:"client_id"`
	Secret string `json:"client_secret"`
}

// Status is the part of a Mastodon status that the tests look at.
type Status struct {
	ID          string
	URI         string
	URL         string
	CreatedAt   time.Time  `json:"created_at"`
	EditedAt    *time.Time `json:"edited_at"`
	InReplyToID string     `json:"in_reply_to_id"`
	Visibility  string
	Language    string
	Content     string // HTML
	Account     struct{ ID, Acct string }
	Mentions    []struct{ ID, Acct string }
	Pictures    []Picture `json:"media_attachments"`
}

// Notification is something that the server tells an account.
type Notification struct {
	ID      string
	Type    string
	Account struct{ ID, Acct string }
	Status  *Status
}

// Said is the status in plain words.
func (s Status) Said() Said {
	text, links := plain(s.Content)
	return Said{ID: s.ID, URL: s.URL, Author: s.Account.Acct, Text: text, Links: links}
}

// Mention is how others on the same server write this account.
func (a *MastodonAccount) Mention() string { return "@" + a.Username }

// Post publishes a status. The visibility is public, unlisted, private or direct.
func (a *MastodonAccount) Post(text, visibility string) Status {
	a.t.Helper()
	return a.status(http.MethodPost, "/api/v1/statuses", url.Values{"status": {text}, "visibility": {visibility}})
}

// Reply answers a status. Whoever is to be told must be mentioned in the text.
func (a *MastodonAccount) Reply(to, text, visibility string) Status {
	a.t.Helper()
	return a.status(http.MethodPost, "/api/v1/statuses",
		url.Values{"status": {text}, "visibility": {visibility}, "in_reply_to_id": {to}})
}

// Edit changes the text of one's own status.
func (a *MastodonAccount) Edit(id, text string) Status {
	a.t.Helper()
	return a.status(http.MethodPut, "/api/v1/statuses/"+id, url.Values{"status": {text}})
}

// Delete removes one's own status.
func (a *MastodonAccount) Delete(id string) {
	a.t.Helper()
	a.must(http.MethodDelete, "/api/v1/statuses/"+id, nil, nil)
}

// Status reads one status; false when it is gone or not to be seen.
func (a *MastodonAccount) Status(id string) (Status, bool) {
	a.t.Helper()
	var s Status
	code, body := a.call(http.MethodGet, "/api/v1/statuses/"+id, nil)
	switch code {
	case http.StatusOK:
		a.decode(body, &s)
		return s, true
	case http.StatusNotFound:
		return s, false
	}
	a.t.Fatalf("reading status %s: %d %s", id, code, body)
	return s, false
}

// Replies are the direct answers to a status that this account may see, oldest first.
func (a *MastodonAccount) Replies(id string) []Status {
	a.t.Helper()
	var thread struct{ Descendants []Status }
	a.get("/api/v1/statuses/"+id+"/context", &thread)
	var direct []Status
	for _, s := range thread.Descendants {
		if s.InReplyToID == id {
			direct = append(direct, s)
		}
	}
	return direct
}

// Statuses are the latest 40 of this account's own, newest first.
func (a *MastodonAccount) Statuses() []Status {
	a.t.Helper()
	var own []Status
	a.get("/api/v1/accounts/"+a.ID+"/statuses?limit=40", &own)
	return own
}

// Home is the newest page of the home timeline, newest first.
func (a *MastodonAccount) Home() []Status {
	a.t.Helper()
	var page []Status
	a.get("/api/v1/timelines/home?limit=40", &page)
	return page
}

// Notifications is the newest page of notifications, newest first.
func (a *MastodonAccount) Notifications() []Notification {
	a.t.Helper()
	var page []Notification
	a.get("/api/v1/notifications?limit=40", &page)
	return page
}

// Follow makes this account follow another.
func (a *MastodonAccount) Follow(id string) {
	a.t.Helper()
	a.must(http.MethodPost, "/api/v1/accounts/"+id+"/follow", nil, nil)
}

// Boost passes a status on.
func (a *MastodonAccount) Boost(id string) {
	a.t.Helper()
	a.must(http.MethodPost, "/api/v1/statuses/"+id+"/reblog", nil, nil)
}

// Unboost takes a boost back.
func (a *MastodonAccount) Unboost(id string) {
	a.t.Helper()
	a.must(http.MethodPost, "/api/v1/statuses/"+id+"/unreblog", nil, nil)
}

// Favourite marks a status as liked.
func (a *MastodonAccount) Favourite(id string) {
	a.t.Helper()
	a.must(http.MethodPost, "/api/v1/statuses/"+id+"/favourite", nil, nil)
}

// Revoke ends the account's token, as its owner does who no longer trusts an
// app. SignIn gets a new one.
func (a *MastodonAccount) Revoke() {
	a.t.Helper()
	a.must(http.MethodPost, "/oauth/revoke",
		url.Values{"client_id": {a.app.ID}, "client_secret": {a.app.Secret}, "token": {a.Token}}, nil)
}

// Say posts publicly; see Customer.
func (a *MastodonAccount) Say(text string) Said { a.t.Helper(); return a.Post(text, "public").Said() }

// Answer answers publicly; see Customer.
func (a *MastodonAccount) Answer(to Said, text string) Said {
	a.t.Helper()
	return a.Reply(to.ID, text, "public").Said()
}

// Answers are the direct answers; see Customer.
func (a *MastodonAccount) Answers(to Said) []Said {
	a.t.Helper()
	var said []Said
	for _, s := range a.Replies(to.ID) {
		said = append(said, s.Said())
	}
	return said
}

// Remove deletes; see Customer.
func (a *MastodonAccount) Remove(s Said) { a.t.Helper(); a.Delete(s.ID) }

// Picture is one that goes with a status.
type Picture struct {
	ID, URL     string
	Description string
}

// PostWith says something with pictures.
func (a *MastodonAccount) PostWith(text, visibility string, pictures map[string][]byte) Status {
	a.t.Helper()
	form := url.Values{"status": {text}, "visibility": {visibility}}
	for alt, data := range pictures {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		part, err := w.CreateFormFile("file", "picture.png")
		if err == nil {
			_, err = part.Write(data)
		}
		if err == nil {
			err = w.WriteField("description", alt)
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			a.t.Fatal(err)
		}
		req, err := http.NewRequest(http.MethodPost, a.Server.URL+"/api/v2/media", &body)
		if err != nil {
			a.t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+a.Token)
		req.Header.Set("Content-Type", w.FormDataContentType())
		res, answer := do(a.t, client, req)
		var p Picture
		if res.StatusCode >= 300 {
			a.t.Fatalf("adding a picture: %d %s", res.StatusCode, answer)
		}
		a.decode(answer, &p)
		form.Add("media_ids[]", p.ID)
	}
	return a.status(http.MethodPost, "/api/v1/statuses", form)
}

// Bytes reads a picture.
func (a *MastodonAccount) Bytes(p Picture) []byte {
	a.t.Helper()
	req, err := http.NewRequest(http.MethodGet, p.URL, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	_, body := do(a.t, client, req)
	return body
}

func (a *MastodonAccount) status(method, path string, form url.Values) Status {
	a.t.Helper()
	var s Status
	a.must(method, path, form, &s)
	return s
}

func (a *MastodonAccount) get(path string, into any) {
	a.t.Helper()
	a.must(http.MethodGet, path, nil, into)
}

func (a *MastodonAccount) must(method, path string, form url.Values, into any) {
	a.t.Helper()
	code, body := a.call(method, path, form)
	if code != http.StatusOK {
		a.t.Fatalf("%s %s as %s: %d %s", method, path, a.Username, code, body)
	}
	if into != nil {
		a.decode(body, into)
	}
}

func (a *MastodonAccount) decode(body []byte, into any) {
	a.t.Helper()
	if err := json.Unmarshal(body, into); err != nil {
		a.t.Fatalf("an answer to %s: %v\n%s", a.Username, err, body)
	}
}

func (a *MastodonAccount) call(method, path string, form url.Values) (int, []byte) {
	a.t.Helper()
	res, body := do(a.t, client, formRequest(a.t, method, a.Server.URL+path, form, a.Token))
	return res.StatusCode, body
}

const outOfBand = "urn:ietf:wg:oauth:2.0:oob"

// SignIn sets a new token. It goes the way a person goes in a browser: an app
// asks, the person signs in and agrees, and the app turns the code into a token.
func (a *MastodonAccount) SignIn() {
	t, base := a.t, a.Server.URL
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{
		Jar: jar, Timeout: client.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	const scopes = "read write push"
	step := func(what, method, path string, form url.Values, want int) (*http.Response, []byte) {
		t.Helper()
		res, body := do(t, browser, formRequest(t, method, base+path, form, ""))
		if res.StatusCode != want {
			t.Fatalf("signing in %s, %s: %s, want %d\n%s", a.Username, what, res.Status, want, body)
		}
		return res, body
	}
	_, body := step("registering an app", "POST", "/api/v1/apps",
		url.Values{"client_name": {"a customer's app"}, "redirect_uris": {outOfBand}, "scopes": {scopes}}, 200)
	a.decode(body, &a.app)
	step("asking", "GET", "/oauth/authorize?"+url.Values{"client_id": {a.app.ID}, "redirect_uri": {outOfBand},
		"response_type": {"code"}, "scope": {scopes}}.Encode(), nil, 303)
	step("giving the password", "POST", "/auth/sign_in", url.Values{"username": {a.Email}, "password": {a.Password}}, 302)
	step("reading what is asked", "GET", "/oauth/authorize", nil, 200)
	res, _ := step("agreeing", "POST", "/oauth/authorize", url.Values{}, 302)
	to, err := res.Location()
	if err != nil || to.Query().Get("code") == "" {
		t.Fatalf("signing in %s: no code in %q (%v)", a.Username, res.Header.Get("Location"), err)
	}
	var token struct {
		AccessToken string `json:"access_token"`
	}
	_, body = step("turning the code into a token", "POST", "/oauth/token", url.Values{"grant_type": {"authorization_code"},
		"code": {to.Query().Get("code")}, "client_id": {a.app.ID}, "client_secret": {a.app.Secret},
		"redirect_uri": {outOfBand}, "scope": {scopes}}, 200)
	a.decode(body, &token)
	a.Token = token.AccessToken
}
