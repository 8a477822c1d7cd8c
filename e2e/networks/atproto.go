package networks

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// BlueskyAccount is a person on a PDS. Its methods are the calls that any app
// makes; they fail the test when refused.
type BlueskyAccount struct {
	Server   *Bluesky `json:"-"`
	Handle   string   `json:"handle"`
	Password string   `json:"-"`
	DID      string   `json:"did"`
	Token    string   `json:"accessJwt"`

	t testing.TB
}

// Ref names one version of one record.
type Ref struct {
	URI string `json:"uri"`
	CID string `json:"cid"`
}

// Record is a post as it stands in somebody's repository.
type Record struct {
	Ref
	Value Post `json:"value"`
}

// Post is an app.bsky.feed.post.
type Post struct {
	Type      string   `json:"$type"`
	Text      string   `json:"text"`
	CreatedAt string   `json:"createdAt"`
	Langs     []string `json:"langs,omitempty"`
	Facets    []Facet  `json:"facets,omitempty"`
	Reply     *Reply   `json:"reply,omitempty"`
	Embed     *Embed   `json:"embed,omitempty"`
}

// Embed is the pictures of a post, or its video.
type Embed struct {
	Type   string  `json:"$type"`
	Images []Image `json:"images,omitempty"`
	Video  *Blob   `json:"video,omitempty"`
}

// Image is a picture with what it shows.
type Image struct {
	Alt   string `json:"alt"`
	Image Blob   `json:"image"`
}

// Blob names bytes on a server.
type Blob struct {
	Type string `json:"$type"`
	Ref  struct {
		Link string `json:"$link"`
	} `json:"ref"`
	Mime string `json:"mimeType"`
	Size int64  `json:"size"`
}

// Reply says what a post answers, and where that conversation began.
type Reply struct {
	Root   Ref `json:"root"`
	Parent Ref `json:"parent"`
}

// Facet makes a part of a text live. The index counts bytes.
type Facet struct {
	Index struct {
		Start int `json:"byteStart"`
		End   int `json:"byteEnd"`
	} `json:"index"`
	Features []Feature `json:"features"`
}

// Feature is a mention (DID) or a link (URI).
type Feature struct {
	Type string `json:"$type"`
	DID  string `json:"did,omitempty"`
	URI  string `json:"uri,omitempty"`
}

const (
	posts    = "app.bsky.feed.post"
	mentions = "app.bsky.richtext.facet#mention"
	links    = "app.bsky.richtext.facet#link"
)

// Mention is how others write this account.
func (a *BlueskyAccount) Mention() string { return "@" + a.Handle }

// Post publishes a text, with a facet for each handle and link in it.
func (a *BlueskyAccount) Post(text string) Ref {
	a.t.Helper()
	return a.create(Post{Text: text})
}

// PostWith publishes a text with pictures, in order of what they show.
func (a *BlueskyAccount) PostWith(text string, pictures map[string][]byte) Ref {
	a.t.Helper()
	e := &Embed{Type: "app.bsky.embed.images"}
	for _, alt := range slices.Sorted(maps.Keys(pictures)) {
		req, err := http.NewRequest(http.MethodPost, a.Server.URL+"/xrpc/com.atproto.repo.uploadBlob", bytes.NewReader(pictures[alt]))
		if err != nil {
			a.t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+a.Token)
		req.Header.Set("Content-Type", "image/png")
		res, answer := do(a.t, client, req)
		if res.StatusCode != http.StatusOK {
			a.t.Fatalf("adding a picture: %d %s", res.StatusCode, answer)
		}
		var made struct{ Blob Blob }
		a.decode(answer, &made)
		e.Images = append(e.Images, Image{alt, made.Blob})
	}
	if len(e.Images) == 0 {
		e = nil
	}
	return a.create(Post{Text: text, Embed: e})
}

// Bytes reads a file of somebody's, as anybody can.
func (a *BlueskyAccount) Bytes(did string, b Blob) []byte {
	a.t.Helper()
	code, body := a.call(http.MethodGet, "com.atproto.sync.getBlob?"+url.Values{"did": {did}, "cid": {b.Ref.Link}}.Encode(), nil)
	if code != http.StatusOK {
		a.t.Fatalf("reading a file: %d %s", code, body)
	}
	return body
}

// Reply answers a post.
func (a *BlueskyAccount) Reply(to Ref, text string) Ref {
	a.t.Helper()
	root := to
	if parent, ok := a.Record(to.URI); ok && parent.Value.Reply != nil {
		root = parent.Value.Reply.Root
	}
	return a.create(Post{Text: text, Reply: &Reply{Root: root, Parent: to}})
}

func (a *BlueskyAccount) create(p Post) Ref {
	a.t.Helper()
	p.Type, p.CreatedAt = posts, time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	p.Langs, p.Facets = []string{"en"}, a.facets(p.Text)
	var r Ref
	a.must(http.MethodPost, "com.atproto.repo.createRecord",
		map[string]any{"repo": a.DID, "collection": posts, "record": p}, &r)
	return r
}

// Repost passes a post on and returns the at-uri of the repost.
func (a *BlueskyAccount) Repost(uri string) string {
	a.t.Helper()
	of, ok := a.Record(uri)
	if !ok {
		a.t.Fatalf("%s does not stand on the server", uri)
	}
	var r Ref
	a.must(http.MethodPost, "com.atproto.repo.createRecord", map[string]any{"repo": a.DID, "collection": reposts, "record": map[string]any{
		"$type": reposts, "subject": map[string]string{"uri": uri, "cid": of.CID}, "createdAt": time.Now().UTC().Format("2006-01-02T15:04:05.000Z")}}, &r)
	return r.URI
}

const reposts = "app.bsky.feed.repost"

// Unrepost takes a repost back, by its at-uri.
func (a *BlueskyAccount) Unrepost(uri string) {
	a.t.Helper()
	_, key := split(uri)
	a.must(http.MethodPost, "com.atproto.repo.deleteRecord", map[string]any{"repo": a.DID, "collection": reposts, "rkey": key}, nil)
}

// Delete removes one's own record. It is no error when it is gone already.
func (a *BlueskyAccount) Delete(uri string) {
	a.t.Helper()
	_, key := split(uri)
	a.must(http.MethodPost, "com.atproto.repo.deleteRecord",
		map[string]any{"repo": a.DID, "collection": posts, "rkey": key}, nil)
}

// AppPassword makes a password for one app, as its owner does in the settings.
func (a *BlueskyAccount) AppPassword(name string) string {
	a.t.Helper()
	var made struct{ Password string }
	a.must(http.MethodPost, "com.atproto.server.createAppPassword", map[string]any{"name": name}, &made)
	return made.Password
}

// RevokeAppPassword takes it back. Whoever signed in with it cannot sign in or
// refresh again; a session lives on until its token ends.
func (a *BlueskyAccount) RevokeAppPassword(name string) {
	a.t.Helper()
	a.must(http.MethodPost, "com.atproto.server.revokeAppPassword", map[string]any{"name": name}, nil)
}

// Record reads one post; false when it is gone.
func (a *BlueskyAccount) Record(uri string) (Record, bool) {
	a.t.Helper()
	repo, key := split(uri)
	code, body := a.call(http.MethodGet, "com.atproto.repo.getRecord?"+
		url.Values{"repo": {repo}, "collection": {posts}, "rkey": {key}}.Encode(), nil)
	var r Record
	switch {
	case code == http.StatusOK:
		a.decode(body, &r)
		return r, true
	case code == http.StatusBadRequest && strings.Contains(string(body), "RecordNotFound"):
		return r, false
	}
	a.t.Fatalf("reading %s: %d %s", uri, code, body)
	return r, false
}

// Hidden are the answers that a thread of one's own hides.
func (a *BlueskyAccount) Hidden(root string) []string {
	a.t.Helper()
	_, key := split(root)
	code, body := a.call(http.MethodGet, "com.atproto.repo.getRecord?"+url.Values{"repo": {a.DID}, "collection": {"app.bsky.feed.threadgate"}, "rkey": {key}}.Encode(), nil)
	if code == http.StatusBadRequest && strings.Contains(string(body), "RecordNotFound") {
		return nil
	}
	var gate struct {
		Value struct{ HiddenReplies []string }
	}
	a.decode(body, &gate)
	return gate.Value.HiddenReplies
}

// Records are all posts in somebody's repository, oldest first.
func (a *BlueskyAccount) Records(did string) []Record {
	a.t.Helper()
	var all []Record
	for cursor := ""; ; {
		var page struct {
			Cursor  string
			Records []Record
		}
		a.must(http.MethodGet, "com.atproto.repo.listRecords?"+url.Values{"repo": {did}, "collection": {posts},
			"limit": {"100"}, "reverse": {"true"}, "cursor": {cursor}}.Encode(), nil, &page)
		all = append(all, page.Records...)
		if cursor = page.Cursor; cursor == "" || len(page.Records) == 0 {
			return all
		}
	}
}

// Replies are the direct answers to a post by anybody on this server, oldest
// first. A PDS alone has no view of threads, so every repository is read.
func (a *BlueskyAccount) Replies(uri string) []Record {
	a.t.Helper()
	var direct []Record
	for _, did := range a.repos() {
		for _, r := range a.Records(did) {
			if r.Value.Reply != nil && r.Value.Reply.Parent.URI == uri {
				direct = append(direct, r)
			}
		}
	}
	slices.SortStableFunc(direct, func(x, y Record) int { return strings.Compare(x.Value.CreatedAt, y.Value.CreatedAt) })
	return direct
}

func (a *BlueskyAccount) repos() []string {
	a.t.Helper()
	var dids []string
	for cursor := ""; ; {
		var page struct {
			Cursor string
			Repos  []struct{ DID string }
		}
		a.must(http.MethodGet, "com.atproto.sync.listRepos?"+url.Values{"limit": {"500"}, "cursor": {cursor}}.Encode(), nil, &page)
		for _, r := range page.Repos {
			dids = append(dids, r.DID)
		}
		if cursor = page.Cursor; cursor == "" || len(page.Repos) == 0 {
			return dids
		}
	}
}

// Say posts publicly; see Customer.
func (a *BlueskyAccount) Say(text string) Said { a.t.Helper(); return a.said(a.Post(text).URI) }

// Answer answers publicly; see Customer.
func (a *BlueskyAccount) Answer(to Said, text string) Said {
	a.t.Helper()
	r, ok := a.Record(to.ID)
	if !ok {
		a.t.Fatalf("%s is gone", to.ID)
	}
	return a.said(a.Reply(r.Ref, text).URI)
}

// Answers are the direct answers; see Customer.
func (a *BlueskyAccount) Answers(to Said) []Said {
	a.t.Helper()
	var all []Said
	for _, r := range a.Replies(to.ID) {
		all = append(all, a.asSaid(r))
	}
	return all
}

// Remove deletes; see Customer.
func (a *BlueskyAccount) Remove(s Said) { a.t.Helper(); a.Delete(s.ID) }

func (a *BlueskyAccount) said(uri string) Said {
	a.t.Helper()
	r, ok := a.Record(uri)
	if !ok {
		a.t.Fatalf("%s is gone", uri)
	}
	return a.asSaid(r)
}

func (a *BlueskyAccount) asSaid(r Record) Said {
	a.t.Helper()
	repo, _ := split(r.URI)
	var who struct{ Handle string }
	a.must(http.MethodGet, "com.atproto.repo.describeRepo?"+url.Values{"repo": {repo}}.Encode(), nil, &who)
	s := Said{ID: r.URI, Author: who.Handle, Text: r.Value.Text}
	for _, f := range r.Value.Facets {
		for _, x := range f.Features {
			if x.Type == links {
				s.Links = append(s.Links, x.URI)
			}
		}
	}
	return s
}

var (
	handles = regexp.MustCompile(`@([a-z0-9-]+(?:\.[a-z0-9-]+)+)`)
	urls    = regexp.MustCompile(`https?://\S+[^\s.,;:!?)]`)
)

// facets finds the handles and links in a text, as an app does before it posts.
func (a *BlueskyAccount) facets(text string) []Facet {
	a.t.Helper()
	var found []Facet
	add := func(at []int, x Feature) {
		f := Facet{Features: []Feature{x}}
		f.Index.Start, f.Index.End = at[0], at[1]
		found = append(found, f)
	}
	for _, at := range handles.FindAllStringSubmatchIndex(text, -1) {
		code, body := a.call(http.MethodGet, "com.atproto.identity.resolveHandle?"+
			url.Values{"handle": {text[at[2]:at[3]]}}.Encode(), nil)
		if code != http.StatusOK {
			continue // nobody has that name: it stays plain text
		}
		var who struct{ DID string }
		a.decode(body, &who)
		add(at, Feature{Type: mentions, DID: who.DID})
	}
	for _, at := range urls.FindAllStringIndex(text, -1) {
		add(at, Feature{Type: links, URI: text[at[0]:at[1]]})
	}
	slices.SortFunc(found, func(x, y Facet) int { return x.Index.Start - y.Index.Start })
	return found
}

// split takes at://DID/app.bsky.feed.post/KEY apart.
func split(uri string) (repo, key string) {
	repo, rest, _ := strings.Cut(strings.TrimPrefix(uri, "at://"), "/")
	return repo, rest[strings.LastIndex(rest, "/")+1:]
}

func (a *BlueskyAccount) must(method, call string, body, into any) {
	a.t.Helper()
	code, answer := a.call(method, call, body)
	if code != http.StatusOK {
		a.t.Fatalf("%s as %s: %d %s", call, a.Handle, code, answer)
	}
	if into != nil {
		a.decode(answer, into)
	}
}

func (a *BlueskyAccount) decode(body []byte, into any) {
	a.t.Helper()
	if err := json.Unmarshal(body, into); err != nil {
		a.t.Fatalf("an answer to %s: %v\n%s", a.Handle, err, body)
	}
}

func (a *BlueskyAccount) call(method, call string, body any) (int, []byte) {
	a.t.Helper()
	address := a.Server.URL + "/xrpc/" + call
	req := formRequest(a.t, method, address, nil, a.Token)
	if body != nil {
		req = jsonRequest(a.t, method, address, body, a.Token)
	}
	res, answer := do(a.t, client, req)
	return res.StatusCode, answer
}
