package bluesky

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/coder/websocket"
	"github.com/klauspost/compress/zstd"

	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/third_party/jetstream"
)

const (
	brand = "did:plc:brandbrandbrandbrandbran"
	maya  = "did:plc:mayamayamayamayamayamaya"
	fan   = "did:plc:fanfanfanfanfanfanfanfan"
	pw    = "abcd-efgh-ijkl-mnop"
)

var dir = map[string]string{brand: "brand.test", maya: "maya.test"}

// double is a Jetstream, a PDS, a directory and, unless bare, a public API in
// one, with the manners of the real ones.
type double struct {
	t       *testing.T
	bare    bool         // no public API, as a PDS alone
	plain   bool         // does not compress
	packed  atomic.Int64 // events that were sent compressed
	bomb    []byte       // what is sent first, to whoever reads compressed
	mu      sync.Mutex
	us      int64
	events  []event_
	changed chan struct{}
	live    chan struct{}
	ends    chan struct{}
	records map[string]record // by at-uri
	order   []string
	tokens  int    // how many sessions were made
	access  string // the token that is good
	refresh string
	expired bool
	home    string // our own URL, for DID documents
	blobs   map[string][]byte
	given   int  // how often a file was sent
	fumbles bool // takes no record, once
	lossy   int  // how many events to leave out when a replay goes over to live
}

type event_ struct {
	us  int64
	raw []byte
}

type record struct {
	cid   string
	value json.RawMessage
}

func newDouble(t *testing.T) *double {
	return &double{t: t, us: time.Now().Add(-time.Hour).UnixMicro(), changed: make(chan struct{}), live: make(chan struct{}, 100), ends: make(chan struct{}), records: map[string]record{}}
}

// commit writes into a repository and tells it to the stream.
func (d *double) commit(did, op, collection, rkey string, value any) string {
	d.us += 1000
	uri := "at://" + did + "/" + collection + "/" + rkey
	c := map[string]any{"rev": tid(uint64(d.us), 0), "operation": op, "collection": collection, "rkey": rkey}
	if op == "delete" {
		delete(d.records, uri)
	} else {
		b, _ := json.Marshal(value)
		cid := "bafyrei" + digest(append(b, uri...))
		if _, ok := d.records[uri]; !ok {
			d.order = append(d.order, uri)
		}
		d.records[uri] = record{cid, b}
		c["record"], c["cid"] = json.RawMessage(b), cid
	}
	d.send(map[string]any{"did": did, "time_us": d.us, "kind": "commit", "commit": c})
	return uri
}

func (d *double) send(event map[string]any) {
	b, _ := json.Marshal(event)
	d.events = append(d.events, event_{d.us, b})
	close(d.changed)
	d.changed = make(chan struct{})
}

func (d *double) post(did, text string, reply *wireReply) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.commit(did, "create", posts, tid(uint64(d.us+1000), 0), d.value(text, reply))
}

func (d *double) value(text string, reply *wireReply) map[string]any {
	v := map[string]any{"$type": posts, "text": text, "createdAt": time.UnixMicro(d.us).UTC().Format(time.RFC3339Nano), "langs": []string{"en"}}
	if i := strings.Index(text, "@brand.test"); i >= 0 {
		v["facets"] = []any{map[string]any{"index": map[string]int{"byteStart": i, "byteEnd": i + 11}, "features": []any{map[string]string{"$type": "app.bsky.richtext.facet#mention", "did": brand}}}}
	}
	if reply != nil {
		v["reply"] = reply
	}
	return v
}

func (d *double) say(text string) string { return d.post(maya, text, nil) }

func (d *double) edit(uri, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.commit(maya, "update", posts, uri[strings.LastIndexByte(uri, '/')+1:], d.value(text, nil))
}

func (d *double) remove(uri string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.commit(maya, "delete", posts, uri[strings.LastIndexByte(uri, '/')+1:], nil)
}

// repost and quote pass on, as an account besides maya's.
func (d *double) repost(of string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.commit(fan, "create", reposts, tid(uint64(d.us+1000), 0), map[string]any{"$type": reposts, "createdAt": time.UnixMicro(d.us).UTC().Format(time.RFC3339Nano),
		"subject": map[string]string{"uri": of, "cid": d.records[of].cid}})
}

func (d *double) unrepost(uri string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.commit(fan, "delete", reposts, uri[strings.LastIndexByte(uri, '/')+1:], nil)
}

func (d *double) quote(of, words string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	v := d.value(words, nil)
	v["embed"] = map[string]any{"$type": "app.bsky.embed.record", "record": map[string]string{"uri": of, "cid": d.records[of].cid}}
	return d.commit(fan, "create", posts, tid(uint64(d.us+1000), 0), v)
}

// repeat sends a commit once more with another time, as Jetstream does after
// its restart.
func (d *double) repeat(uri string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.events {
		var m map[string]any
		_ = json.Unmarshal(e.raw, &m)
		if c, ok := m["commit"].(map[string]any); ok && strings.HasSuffix(uri, "/"+c["rkey"].(string)) {
			d.us += 1000
			m["time_us"] = d.us
			d.send(m)
			return
		}
	}
}

func (d *double) drop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.ends)
	d.ends = make(chan struct{})
}

// noise is what else comes over the stream.
func (d *double) noise() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.us += 10
	d.send(map[string]any{"did": maya, "time_us": d.us, "kind": "identity", "identity": map[string]any{"did": maya, "handle": "maya.test", "seq": 1, "time": "2026-01-01T00:00:00Z"}})
	d.us += 10
	d.send(map[string]any{"did": maya, "time_us": d.us, "kind": "account", "account": map[string]any{"active": true, "did": maya, "seq": 2, "time": "2026-01-01T00:00:00Z"}})
}

func out(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v)
}

func no(w http.ResponseWriter, code int, name, message string) {
	out(w, code, map[string]string{"error": name, "message": message})
}

var tids = regexp.MustCompile(`^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$`)

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/subscribe" {
		d.subscribe(w, r)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	q := r.URL.Query()
	bearer := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	method := strings.TrimPrefix(r.URL.Path, "/xrpc/")
	if did := strings.TrimPrefix(r.URL.Path, "/"); strings.HasPrefix(did, "did:") {
		h, ok := dir[did]
		if !ok {
			out(w, 404, map[string]string{"message": "DID not registered: " + did})
			return
		}
		out(w, 200, map[string]any{"@context": []string{"https://www.w3.org/ns/did/v1"}, "id": did, "alsoKnownAs": []string{"at://" + h},
			"service": []any{map[string]string{"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": d.home}}})
		return
	}
	switch method {
	case "com.atproto.server.createSession":
		var in struct{ Identifier, Password string }
		_ = json.NewDecoder(r.Body).Decode(&in)
		if in.Identifier != "brand.test" || in.Password != pw {
			no(w, 401, "AuthenticationRequired", "Invalid identifier or password")
			return
		}
		d.session(w)
		return
	case "com.atproto.server.refreshSession":
		if bearer == "" || bearer != d.refresh {
			no(w, 400, "ExpiredToken", "Token has been revoked")
			return
		}
		d.session(w)
		return
	case "com.atproto.identity.resolveHandle":
		for did, h := range dir {
			if h == q.Get("handle") {
				out(w, 200, map[string]string{"did": did})
				return
			}
		}
		no(w, 400, "InvalidRequest", "Unable to resolve handle")
		return
	case "com.atproto.repo.getRecord":
		uri := "at://" + q.Get("repo") + "/" + q.Get("collection") + "/" + q.Get("rkey")
		rec, ok := d.records[uri]
		if !ok {
			no(w, 400, "RecordNotFound", "Could not locate record: "+uri)
			return
		}
		if bearer != "" && !d.good(w, bearer) {
			return
		}
		out(w, 200, wireRecord{uri, rec.cid, rec.value})
		return
	}
	if strings.HasPrefix(method, "app.bsky.") {
		if d.bare {
			no(w, 400, "InvalidRequest", "No service configured for "+method)
			return
		}
		d.appView(w, method, q.Get("actor"), q["uris"])
		return
	}
	if method == "com.atproto.sync.getBlob" {
		data, ok := d.blobs[q.Get("cid")]
		if !ok {
			no(w, 400, "BlobNotFound", "Blob not found")
			return
		}
		_, _ = w.Write(data)
		return
	}
	if !d.good(w, bearer) {
		return
	}
	switch method {
	case "com.atproto.repo.uploadBlob":
		data, _ := io.ReadAll(r.Body)
		d.given++
		out(w, 200, map[string]any{"blob": d.keep(r.Header.Get("Content-Type"), data)})
	case "com.atproto.server.getSession":
		out(w, 200, map[string]any{"did": brand, "handle": "brand.test", "active": true})
	case "com.atproto.repo.deleteRecord":
		var in wireCreate
		_ = json.NewDecoder(r.Body).Decode(&in)
		delete(d.records, "at://"+in.Repo+"/"+in.Collection+"/"+in.RKey)
		out(w, 200, map[string]any{})
	case "com.atproto.repo.putRecord":
		d.put(w, r)
	case "com.atproto.repo.createRecord":
		d.create(w, r)
	default:
		no(w, 501, "MethodNotImplemented", "Method Not Implemented")
	}
}

// keep keeps a file and returns it as records name it.
func (d *double) keep(kind string, data []byte) map[string]any {
	if d.blobs == nil {
		d.blobs = map[string][]byte{}
	}
	cid := "bafkrei" + digest(data)
	d.blobs[cid] = data
	return map[string]any{"$type": "blob", "ref": map[string]string{"$link": cid}, "mimeType": kind, "size": len(data)}
}

// attach is a post of maya's with pictures.
func (d *double) attach(text string, files []channeltest.File) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	v := d.value(text, nil)
	images := []any{}
	for _, f := range files {
		images = append(images, map[string]any{"alt": f.Alt, "image": d.keep(f.Type, f.Bytes)})
	}
	if len(images) > 0 {
		v["embed"] = map[string]any{"$type": "app.bsky.embed.images", "images": images}
	}
	return d.commit(maya, "create", posts, tid(uint64(d.us+1000), 0), v)
}

// carried are the files of a post of ours.
func (d *double) carried(uri string) (out []channeltest.File) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var p wirePost
	_ = json.Unmarshal(d.records[uri].value, &p)
	if p.Embed == nil {
		return nil
	}
	for _, i := range p.Embed.Images {
		out = append(out, channeltest.File{Alt: i.Alt, Bytes: d.blobs[blob(i.Image).id()]})
	}
	if p.Embed.Video != nil {
		out = append(out, channeltest.File{Alt: p.Embed.Alt, Bytes: d.blobs[blob(p.Embed.Video).id()]})
	}
	return out
}

func (d *double) session(w http.ResponseWriter) {
	d.tokens++
	d.access, d.refresh, d.expired = fmt.Sprint("access-", d.tokens), fmt.Sprint("refresh-", d.tokens), false
	out(w, 200, wireSession{d.access, d.refresh, brand, "brand.test"})
}

func (d *double) good(w http.ResponseWriter, bearer string) bool {
	switch {
	case bearer == "":
		no(w, 401, "AuthMissing", "Authentication Required")
	case bearer != d.access:
		no(w, 400, "InvalidToken", "Token could not be verified")
	case d.expired:
		no(w, 400, "ExpiredToken", "Token has expired")
	default:
		return true
	}
	return false
}

func (d *double) appView(w http.ResponseWriter, method, actor string, uris []string) {
	switch method {
	case "app.bsky.actor.getProfile":
		h, ok := dir[actor]
		if !ok {
			no(w, 400, "InvalidRequest", "Profile not found")
			return
		}
		out(w, 200, map[string]any{"did": actor, "handle": h, "displayName": strings.ToUpper(h[:1]) + h[1:4], "avatar": "https://cdn.example/a.jpg", "followersCount": 7})
	case "app.bsky.feed.getPosts":
		list := []any{}
		for _, u := range uris {
			if _, ok := d.records[u]; ok {
				list = append(list, map[string]any{"uri": u, "likeCount": 3, "repostCount": 2, "quoteCount": 1, "replyCount": 4})
			}
		}
		out(w, 200, map[string]any{"posts": list})
	}
}

func (d *double) create(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Repo, Collection, RKey string
		Record                 json.RawMessage
	}
	var p wirePost
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || json.Unmarshal(in.Record, &p) != nil {
		no(w, 400, "InvalidRequest", "bad input")
		return
	}
	_, dated := time.Parse(time.RFC3339, p.CreatedAt)
	n := 0
	if p.Text != nil {
		for it := graphemes.FromString(*p.Text); it.Next(); {
			n++
		}
	}
	_, exists := d.records["at://"+in.Repo+"/"+in.Collection+"/"+in.RKey]
	if d.fumbles {
		d.fumbles = false
		no(w, 429, "RateLimitExceeded", "Rate Limit Exceeded")
		return
	}
	if why := d.misfit(p.Embed); why != "" {
		no(w, 400, "InvalidRequest", "Invalid app.bsky.feed.post record: "+why)
		return
	}
	switch {
	case in.Repo != brand:
		no(w, 403, "Forbidden", "not your repo")
	case !tids.MatchString(in.RKey):
		no(w, 400, "InvalidRequest", "Invalid TID string: "+in.RKey)
	case dated != nil:
		no(w, 400, "InvalidRequest", "Record/createdAt must be an valid atproto datetime")
	case n > 300:
		no(w, 400, "InvalidRequest", fmt.Sprintf("Invalid app.bsky.feed.post record: grapheme too big (maximum 300, got %d) at $.record.text", n))
	case p.Text != nil && len(*p.Text) > 3000:
		no(w, 400, "InvalidRequest", "Invalid app.bsky.feed.post record: string too big (maximum 3000) at $.record.text")
	case p.Reply != nil && (p.Reply.Root.CID == "" || p.Reply.Parent.CID == "" || p.Reply.Root.URI == "" || p.Reply.Parent.URI == ""):
		no(w, 400, "InvalidRequest", "reply must have root and parent")
	case exists:
		no(w, 500, "InternalServerError", "Internal Server Error")
	default:
		uri := d.commit(in.Repo, "create", in.Collection, in.RKey, in.Record)
		out(w, 200, map[string]any{"uri": uri, "cid": d.records[uri].cid, "validationStatus": "valid"})
	}
}

// put replaces a gate, if it is still as whoever asks has seen it.
func (d *double) put(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Repo, Collection, RKey string
		Record                 json.RawMessage
		Swap                   *string `json:"swapRecord"`
	}
	var gate struct {
		Type, Post, CreatedAt string
		Hidden                []string `json:"hiddenReplies"`
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil || json.Unmarshal(in.Record, &gate) != nil || in.Repo != brand || in.Collection != gates {
		no(w, 400, "InvalidRequest", "bad input")
		return
	}
	uri := "at://" + in.Repo + "/" + in.Collection + "/" + in.RKey
	rec, there := d.records[uri]
	switch _, dated := time.Parse(time.RFC3339, gate.CreatedAt); {
	case there != (in.Swap != nil) || there && *in.Swap != rec.cid:
		no(w, 400, "InvalidSwap", "Record was at "+rec.cid)
	case gate.Post != "at://"+brand+"/"+posts+"/"+in.RKey || dated != nil || len(gate.Hidden) > 300:
		no(w, 400, "InvalidRequest", "Invalid app.bsky.feed.threadgate record")
	default:
		d.commit(in.Repo, "update", in.Collection, in.RKey, in.Record)
		out(w, 200, map[string]any{"uri": uri, "cid": d.records[uri].cid})
	}
}

// misfit says what the lexicons of embeds do not allow.
func (d *double) misfit(e *wireEmbed) string {
	if e == nil {
		return ""
	}
	if e.Type == "app.bsky.embed.images" && (len(e.Images) == 0 || len(e.Images) > 4) {
		return "images must have 1 to 4 elements at $.record.embed.images"
	}
	for _, i := range e.Images {
		b := blob(i.Image)
		if data, ok := d.blobs[b.id()]; !ok || len(data) > 1_000_000 || int64(len(data)) != b.Size {
			return "Could not find blob, or it is too large: " + b.id()
		}
		if i.Ratio != nil && (i.Ratio.Width < 1 || i.Ratio.Height < 1) {
			return "width must be at least 1"
		}
	}
	if e.Type == "app.bsky.embed.video" && blob(e.Video).Type != "video/mp4" {
		return "expected mimeType video/mp4"
	}
	return ""
}

// write sends an event, compressed where that is asked for and the server can.
func (d *double) write(ctx context.Context, c *websocket.Conn, encoding string, raw []byte) error {
	if d.plain || !strings.Contains(encoding, "zstd") {
		return c.Write(ctx, websocket.MessageText, raw)
	}
	d.packed.Add(1)
	return c.Write(ctx, websocket.MessageBinary, packs.EncodeAll(raw, nil))
}

// packs compresses as Jetstream does (pkg/consumer/consumer.go).
var packs, _ = zstd.NewWriter(nil, zstd.WithEncoderDict(jetstream.Dictionary), zstd.WithWindowSize(1<<17), zstd.WithEncoderConcurrency(1))

// subscribe replays what came at or after the cursor and goes on live. With a
// cursor behind its last event it starts over, as the real one does.
func (d *double) subscribe(w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer c.CloseNow()
	ctx := c.CloseRead(r.Context())
	most, _ := strconv.Atoi(r.URL.Query().Get("maxMessageSizeBytes"))
	cursor, err := strconv.ParseInt(r.URL.Query().Get("cursor"), 10, 64)
	d.mu.Lock()
	next, ends := len(d.events), d.ends
	if err == nil {
		for next = 0; next < len(d.events) && d.events[next].us < cursor; next++ {
		}
		if next == len(d.events) {
			next = 0
		}
	}
	d.mu.Unlock()
	d.live <- struct{}{}
	if d.bomb != nil && c.Write(ctx, websocket.MessageBinary, d.bomb) != nil {
		return
	}
	for first := true; ; first = false {
		d.mu.Lock()
		todo, changed := d.events[next:], d.changed
		next = len(d.events)
		if !first && d.lossy > 0 && len(todo) > 0 {
			d.lossy--
			todo = todo[1:]
		}
		d.mu.Unlock()
		for _, e := range todo {
			if most > 0 && len(e.raw) > most {
				continue
			}
			if d.write(ctx, c, r.Header.Get("Socket-Encoding"), e.raw) != nil {
				return
			}
		}
		select {
		case <-changed:
		case <-ends:
			return
		case <-ctx.Done():
			return
		}
	}
}
