package graph

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
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
)

const (
	appID     = "220011"
	appSecret = "0123456789abcdef0123456789abcdef"
	goodToken = "EAAGoodToken"
	verify    = "our-own-word"
	pageID    = "102290129340398"
	instaID   = "17841405822304914"
	phoneID   = "106540352242922"
	wabaID    = "215589313241560"
	maya      = "8844552211"              // her page-scoped id
	mayaUser  = "DE.13491208655302741918" // and the one on WhatsApp
	mayaPhone = "4915112345678"
)

// double is a small Graph API that keeps Meta's rules: the version, the token
// and its proof, permissions, required fields, limits and the window.
type double struct {
	files  map[string][]byte // of WhatsApp, by id
	given  int               // how often we gave it one
	alts   map[string]string // of pictures of the Page
	fumble bool              // the next post is not taken
	t      *testing.T
	now    *clock.Set
	mu     sync.Mutex
	next   int
	scopes []string             // what the token may
	wrote  map[string]time.Time // when a person last wrote to us
	things map[string]*thing    // comments and messages, by id
	order  []string
	likes  map[string]bool
	used   map[string]bool // comments that had their private reply
	expire int64
	valid  bool
	fixed  string // a comment at somebody else's place, where nothing can be done
}

type thing struct {
	ID, Parent, By, To, Text string
	File                     string
	Photos                   []string
	Hidden                   bool
	At                       time.Time
	Key                      string
}

func newDouble(t *testing.T) *double {
	return &double{
		t: t, now: clock.NewSet(time.Now().UTC().Truncate(time.Second)), wrote: map[string]time.Time{}, things: map[string]*thing{}, likes: map[string]bool{}, used: map[string]bool{}, valid: true,
		scopes: []string{"pages_manage_engagement", "pages_manage_posts", "pages_messaging", "pages_read_engagement", "instagram_manage_comments", "instagram_manage_messages", "whatsapp_business_messaging"},
	}
}

func (d *double) id(format string) string {
	d.next++
	return fmt.Sprintf(format, 1000+d.next)
}

func (d *double) keep(x *thing) *thing {
	x.At = d.now.Now()
	d.things[x.ID] = x
	d.order = append(d.order, x.ID)
	return x
}

// ours lists what was taken from us.
func (d *double) ours() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []string
	for _, id := range d.order {
		if x := d.things[id]; x.By == "us" {
			out = append(out, x.Text)
		}
	}
	return out
}

func fail(w http.ResponseWriter, status, code, sub int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"message": message, "type": "OAuthException", "code": code, "error_subcode": sub, "fbtrace_id": "A1b2C3"}})
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// ServeHTTP checks what Meta checks, in the order in which it does.
func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if data, ok := d.files[strings.TrimPrefix(r.URL.Path, "/lookaside/")]; ok && r.Header.Get("Authorization") == "Bearer "+goodToken {
		_, _ = w.Write(data)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/cdn/") {
		data, ok := d.files[strings.TrimPrefix(r.URL.Path, "/cdn/")]
		if !ok || r.Header.Get("Authorization") != "" {
			w.WriteHeader(404)
		}
		_, _ = w.Write(data)
		return
	}
	if len(parts) < 2 || !versions.MatchString(parts[0]) {
		fail(w, 400, 2500, 0, "Unknown path components: a call names a version.")
		return
	}
	if at, ok := end(parts[0]); ok && d.now.Now().After(at) {
		fail(w, 400, 2635, 0, "You are calling a version of the API that has ended.")
		return
	}
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if parts[1] == "debug_token" {
		d.debug(w, r, token)
		return
	}
	if !bearer || token != goodToken || !d.valid {
		fail(w, 400, 190, 463, "Error validating access token: Session has expired.")
		return
	}
	m := hmac.New(sha256.New, []byte(appSecret))
	m.Write([]byte(token))
	if got := r.URL.Query()["appsecret_proof"]; len(got) != 1 || got[0] != hex.EncodeToString(m.Sum(nil)) {
		fail(w, 400, 100, 0, "Invalid appsecret_proof provided in the API argument")
		return
	}
	if r.URL.Query().Has("access_token") {
		d.t.Error("the token stands in the address")
	}
	if r.Method == http.MethodPost && len(parts) == 3 && parts[1] == phoneID && parts[2] == "media" {
		f, _, err := r.FormFile("file")
		if err != nil || r.FormValue("messaging_product") != "whatsapp" || r.FormValue("type") == "" {
			fail(w, 400, 100, 0, "(#100) The parameter file is required.")
			return
		}
		b, _ := io.ReadAll(f)
		id := d.id("77%d")
		if d.files == nil {
			d.files = map[string][]byte{}
		}
		d.files[id] = b
		d.given++
		answer(w, map[string]string{"id": id})
		return
	}
	if r.Method == http.MethodPost && len(parts) == 3 && parts[1] == pageID && parts[2] == "photos" {
		d.photo(w, r)
		return
	}
	var body map[string]any
	if r.Method == http.MethodPost && r.Header.Get("Content-Type") != "" {
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") || json.NewDecoder(r.Body).Decode(&body) != nil {
			fail(w, 400, 100, 0, "Invalid parameter")
			return
		}
	}
	d.route(w, r, parts[1:], body)
}

func (d *double) route(w http.ResponseWriter, r *http.Request, parts []string, body map[string]any) {
	edge := ""
	if len(parts) > 1 {
		edge = parts[1]
	}
	switch at := r.Method + " " + edge; {
	case at == "POST comments":
		d.comment(w, parts[0], body, "pages_manage_engagement", commentMost)
	case at == "POST feed" && parts[0] == pageID:
		d.post(w, body)
	case at == "GET posts" && parts[0] == pageID:
		d.list(w, r, pageID+"/posts")
	case at == "POST replies":
		if x := d.things[parts[0]]; x != nil && x.Parent != "" {
			fail(w, 400, 100, 0, "Only top-level comments take replies.")
			return
		}
		d.comment(w, parts[0], body, "instagram_manage_comments", instaComment)
	case at == "POST messages" && parts[0] == phoneID:
		d.whats(w, body)
	case at == "POST messages" && (parts[0] == pageID || parts[0] == instaID):
		d.message(w, parts[0], body)
	case (at == "POST likes" || at == "DELETE likes") && d.things[parts[0]] != nil:
		d.likes[parts[0]] = r.Method == http.MethodPost
		answer(w, map[string]bool{"success": true})
	case (at == "POST " || at == "DELETE ") && d.things[parts[0]] != nil:
		d.moderate(w, r, d.things[parts[0]], body)
	case at == "GET comments" || at == "GET replies":
		d.list(w, r, parts[0])
	case at == "GET conversations":
		d.talks(w, r)
	case at == "GET ":
		d.node(w, r, parts[0])
	default:
		fail(w, 400, 100, 33, "Unsupported request. Object does not exist, cannot be loaded due to missing permissions, or does not support this operation.")
	}
}

// moderate hides a comment or deletes it, for whom Meta lets.
func (d *double) moderate(w http.ResponseWriter, r *http.Request, x *thing, body map[string]any) {
	scope, word := "pages_manage_engagement", "is_hidden"
	if strings.HasPrefix(x.ID, "17") {
		scope, word = "instagram_manage_comments", "hide"
	}
	on, said := body[word].(bool)
	switch {
	case strings.HasPrefix(x.ID, "m_"):
		fail(w, 400, 100, 0, "(#100) Messages are not changed.")
	case !d.may(w, scope):
	case r.Method == http.MethodDelete:
		delete(d.things, x.ID)
		d.order = slices.DeleteFunc(d.order, func(id string) bool { return id == x.ID })
		answer(w, map[string]bool{"success": true})
	case !said || len(body) != 1:
		fail(w, 400, 100, 0, "(#100) The parameter "+word+" is required.")
	case on == x.Hidden || x.By == "us":
		fail(w, 400, 100, 1446036, "(#100) This comment can't be hidden.")
	default:
		x.Hidden = on
		answer(w, map[string]bool{"success": true})
	}
}

func (d *double) may(w http.ResponseWriter, scope string) bool {
	if slices.Contains(d.scopes, scope) {
		return true
	}
	fail(w, 403, 200, 0, "(#200) Requires "+scope+" permission")
	return false
}

func (d *double) comment(w http.ResponseWriter, parent string, body map[string]any, scope string, most int) {
	text, _ := body["message"].(string)
	switch {
	case d.things[parent] == nil:
		fail(w, 400, 100, 33, "Unsupported post request. Object with ID '"+parent+"' does not exist.")
	case !d.may(w, scope):
	case strings.TrimSpace(text) == "":
		fail(w, 400, 100, 0, "(#100) The parameter message is required.")
	case utf8.RuneCountInString(text) > most:
		fail(w, 400, 100, 0, "(#100) The comment is too long.")
	default:
		format := pageID + "_%d"
		if most == instaComment {
			format = "1787%d"
		}
		x := d.keep(&thing{ID: d.id(format), Parent: parent, By: "us", Text: text})
		answer(w, map[string]string{"id": x.ID})
	}
}

func (d *double) message(w http.ResponseWriter, account string, body map[string]any) {
	scope, unit := "pages_messaging", utf8.RuneCountInString
	most, gone := messengerMost, 2018278
	if account == instaID {
		scope, unit, most, gone = "instagram_manage_messages", func(s string) int { return len(s) }, instaMessage, 2534022
	}
	recipient, _ := body["recipient"].(map[string]any)
	message, _ := body["message"].(map[string]any)
	text, _ := message["text"].(string)
	to, _ := recipient["id"].(string)
	under, _ := recipient["comment_id"].(string)
	kind, _ := body["messaging_type"].(string)
	tag, _ := body["tag"].(string)
	life := day
	if kind == "MESSAGE_TAG" && tag == "HUMAN_AGENT" {
		life = week
	}
	switch last, known := d.wrote[to]; {
	case !d.may(w, scope):
	case text == "" || unit(text) > most:
		fail(w, 400, 100, 0, "(#100) Length of param message[text] must be less than or equal to the limit")
	case under != "" && (d.things[under] == nil || d.used[under]):
		fail(w, 400, 10900, 0, "(#10900) Activity already replied to")
	case under != "" && d.now.Now().Sub(d.things[under].At) > week:
		fail(w, 400, 10, gone, "(#10) This message is sent outside of allowed window.")
	case under == "" && kind != "RESPONSE" && kind != "MESSAGE_TAG":
		fail(w, 400, 100, 0, "(#100) Param messaging_type must be one of the known values")
	case under == "" && !known:
		fail(w, 400, 100, 2018001, "(#100) No matching user found")
	case under == "" && d.now.Now().Sub(last) > life:
		fail(w, 403, 10, gone, "(#10) This message is sent outside of allowed window. Learn more about the new policy here: https://developers.facebook.com/docs/messenger-platform/policy-overview")
	default:
		if under != "" {
			to, d.used[under] = d.things[under].By, true
		}
		x := d.keep(&thing{ID: d.id("m_Abc-%d"), By: "us", To: to, Text: text})
		answer(w, map[string]string{"recipient_id": to, "message_id": x.ID})
	}
}

func (d *double) whats(w http.ResponseWriter, body map[string]any) {
	str := func(m map[string]any, k string) string { s, _ := m[k].(string); return s }
	inner, _ := body["text"].(map[string]any)
	text, to := str(inner, "body"), str(body, "to")
	file := ""
	if t := str(body, "type"); t == "image" || t == "video" || t == "document" {
		with, _ := body[t].(map[string]any)
		text, file = str(with, "caption"), str(with, "id")
		if _, here := d.files[file]; !here || utf8.RuneCountInString(text) > 1024 || t != "document" && with["filename"] != nil {
			fail(w, 400, 131053, 0, "(#131053) Media upload error")
			return
		}
	}
	key := "tel:" + to
	if to == "" {
		to = str(body, "recipient")
		key = "user:" + to
	}
	switch last, known := d.wrote[key]; {
	case str(body, "messaging_product") != "whatsapp":
		fail(w, 400, 100, 0, "(#100) The parameter messaging_product is required.")
	case !d.may(w, "whatsapp_business_messaging"):
	case str(body, "type") != "text" && file == "" || text == "":
		fail(w, 400, 131009, 0, "(#131009) Parameter value is not valid")
	case utf8.RuneCountInString(text) > whatsMost:
		fail(w, 400, 100, 0, "(#100) Param text['body'] must be at most 4096 characters long.")
	case !known:
		fail(w, 400, 131026, 0, "(#131026) Message undeliverable")
	case d.now.Now().Sub(last) > day:
		fail(w, 400, 131047, 0, "(#131047) Re-engagement message")
	default:
		x := d.keep(&thing{ID: d.id("wamid.HBgLNDkxNTExMjM0%d=="), By: "us", To: to, Text: text, Key: str(body, "biz_opaque_callback_data"), File: file})
		answer(w, map[string]any{"messaging_product": "whatsapp", "contacts": []any{map[string]string{"input": to, "wa_id": mayaPhone, "user_id": mayaUser}}, "messages": []any{map[string]string{"id": x.ID}}})
	}
}

// photo takes a picture that is not published.
func (d *double) photo(w http.ResponseWriter, r *http.Request) {
	f, head, err := r.FormFile("source")
	switch {
	case !d.may(w, "pages_manage_posts"):
		return
	case err != nil || r.FormValue("published") != "false":
		fail(w, 400, 324, 0, "(#324) Requires upload file")
		return
	case head.Size > 4<<20 || !strings.HasPrefix(head.Header.Get("Content-Type"), "image/"):
		fail(w, 400, 1, 2069019, "Your photos couldn't be uploaded. Photos should be less than 4 MB and saved as JPG, PNG, GIF, TIFF, HEIF or WebP files.")
		return
	}
	b, _ := io.ReadAll(f)
	id := d.id("88%d")
	if d.files == nil {
		d.files = map[string][]byte{}
	}
	if d.alts == nil {
		d.alts = map[string]string{}
	}
	d.files[id], d.alts[id] = b, r.FormValue("alt_text_custom")
	d.given++
	answer(w, map[string]string{"id": id})
}

// post takes a post of the Page, each picture once.
func (d *double) post(w http.ResponseWriter, body map[string]any) {
	text, _ := body["message"].(string)
	media, _ := body["attached_media"].([]any)
	var photos []string
	for _, m := range media {
		x, _ := m.(map[string]any)
		id, _ := x["media_fbid"].(string)
		if _, ours := d.alts[id]; !ours {
			fail(w, 400, 100, 0, "(#100) Invalid parameter: attached_media")
			return
		}
		photos = append(photos, id)
	}
	switch {
	case !d.may(w, "pages_manage_posts"):
	case d.fumble:
		d.fumble = false
		fail(w, 400, 4, 0, "(#4) Application request limit reached")
	case strings.TrimSpace(text) == "":
		fail(w, 400, 100, 0, "(#100) The parameter message is required.")
	default:
		x := d.keep(&thing{ID: d.id(pageID + "_%d"), Parent: pageID + "/posts", By: "us", Text: text, Photos: photos})
		answer(w, map[string]string{"id": x.ID})
	}
}

// list pages through what stands below a comment.
func (d *double) list(w http.ResponseWriter, r *http.Request, parent string) {
	if d.things[parent] == nil && parent != pageID+"/posts" {
		fail(w, 400, 100, 33, "Unsupported get request. Object does not exist.")
		return
	}
	var below []*thing
	for _, id := range d.order {
		if x := d.things[id]; x.Parent == parent {
			below = append(below, x)
		}
	}
	if r.URL.Query().Get("order") == "reverse_chronological" || parent == pageID+"/posts" {
		slices.Reverse(below)
	}
	const size = 3 // so that pages are turned
	from, _ := strconv.Atoi(r.URL.Query().Get("after"))
	data := []any{}
	for _, x := range below[min(from, len(below)):min(from+size, len(below))] {
		data = append(data, d.shape(x, pageID, instaID))
	}
	out := map[string]any{"data": data}
	if from+size < len(below) {
		after := strconv.Itoa(from + size)
		out["paging"] = map[string]any{"cursors": map[string]string{"after": after}, "next": "https://graph.facebook.com/" + parent + "?after=" + after}
	}
	answer(w, out)
}

func (d *double) shape(x *thing, page, insta string) map[string]any {
	by := x.By
	if by == "us" {
		by = page
		if strings.HasPrefix(x.ID, "1787") {
			by = insta
		}
	}
	at := x.At.Format("2006-01-02T15:04:05-0700")
	return map[string]any{"id": x.ID, "message": x.Text, "text": x.Text, "from": map[string]string{"id": by}, "created_time": at, "timestamp": at}
}

func (d *double) talks(w http.ResponseWriter, r *http.Request) {
	who, platform := r.URL.Query().Get("user_id"), r.URL.Query().Get("platform")
	if who == "" || platform != "messenger" && platform != "instagram" {
		fail(w, 400, 100, 0, "(#100) platform and user_id are needed")
		return
	}
	account := pageID
	if platform == "instagram" {
		account = instaID
	}
	data := []any{}
	for _, id := range slices.Backward(d.order) {
		if x := d.things[id]; strings.HasPrefix(x.ID, "m_") && (x.By == who || x.To == who) && len(data) < 20 {
			data = append(data, d.shape(x, account, account))
		}
	}
	answer(w, map[string]any{"data": []any{map[string]any{"id": "t_1", "messages": map[string]any{"data": data}}}})
}

func (d *double) node(w http.ResponseWriter, r *http.Request, id string) {
	fields := strings.Split(r.URL.Query().Get("fields"), ",")
	var full map[string]any
	switch x := d.things[id]; {
	case id == pageID:
		full = map[string]any{"id": id, "name": "Brewell", "username": "brewell", "link": "https://www.facebook.com/brewell", "followers_count": 1200}
	case id == instaID:
		full = map[string]any{"id": id, "name": "Brewell", "username": "brewell", "followers_count": 900}
	case d.files[id] != nil && r.URL.Query().Get("phone_number_id") == phoneID:
		answer(w, obj{"messaging_product": "whatsapp", "url": "http://" + r.Host + "/lookaside/" + id, "mime_type": "image/png", "file_size": len(d.files[id]), "id": id})
		return
	case id == phoneID:
		full = map[string]any{"id": id, "display_phone_number": "+49 30 1234567", "verified_name": "Brewell"}
	case id == maya:
		full = map[string]any{"id": id, "name": "Maya Lindt", "profile_pic": "https://img.example/maya.jpg", "username": "maya"}
	case x != nil:
		full = map[string]any{"id": id, "like_count": 3, "comment_count": 1, "replies{id}": nil,
			"is_hidden": x.Hidden, "hidden": x.Hidden, "can_hide": x.By != "us" && x.ID != d.fixed, "can_remove": x.ID != d.fixed}
	default:
		fail(w, 400, 100, 33, "Unsupported get request. Object with ID does not exist, cannot be loaded due to missing permissions.")
		return
	}
	out := map[string]any{}
	for _, f := range fields {
		if v, ok := full[f]; ok && v != nil {
			out[f] = v
		}
	}
	answer(w, out)
}

func (d *double) debug(w http.ResponseWriter, r *http.Request, token string) {
	if token != appID+"|"+appSecret {
		fail(w, 400, 190, 0, "The access token is not one of the app's.")
		return
	}
	if r.URL.Query().Get("input_token") != goodToken {
		fail(w, 400, 100, 0, "(#100) input_token is not valid")
		return
	}
	answer(w, map[string]any{"data": map[string]any{"app_id": appID, "is_valid": d.valid, "expires_at": d.expire, "data_access_expires_at": 0, "scopes": d.scopes}})
}

// refuse is how Meta refuses.
func refuse(w http.ResponseWriter, _ *http.Request, t channeltest.Trouble) {
	if t == channeltest.Revoked {
		fail(w, 401, 190, 0, "Error validating access token: The user has not authorized application.")
		return
	}
	fail(w, 403, 200, 0, "(#200) The user hasn't authorized the application to perform this action")
}

// signed is a call of the webhook as Meta makes it.
func signed(body []byte) channel.Request {
	m := hmac.New(sha256.New, []byte(appSecret))
	m.Write(body)
	return channel.Request{Method: http.MethodPost, URL: "https://parley.example/api/hooks/c1", Body: body, Header: http.Header{
		"Content-Type": {"application/json"}, "X-Hub-Signature-256": {"sha256=" + hex.EncodeToString(m.Sum(nil))}, "User-Agent": {"facebookexternalua"}}}
}

func told(v any) channel.Request {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return signed(b)
}

type obj = map[string]any

func entry(object, id string, at time.Time, part string, items ...any) obj {
	return obj{"object": object, "entry": []any{obj{"id": id, "time": at.UnixMilli(), part: items}}}
}

func shakes() []channeltest.Shake {
	ask := func(q url.Values) channel.Request {
		return channel.Request{Method: http.MethodGet, URL: "https://parley.example/api/hooks/c1?" + q.Encode(), Header: http.Header{}}
	}
	return []channeltest.Shake{
		{Name: "ours", Request: ask(url.Values{"hub.mode": {"subscribe"}, "hub.verify_token": {verify}, "hub.challenge": {"1158201444"}}), Body: "1158201444"},
		{Name: "a wrong word", Request: ask(url.Values{"hub.mode": {"subscribe"}, "hub.verify_token": {"theirs"}, "hub.challenge": {"1"}}), Refused: true},
		{Name: "no word", Request: ask(url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {"1"}}), Refused: true},
		{Name: "two words", Request: ask(url.Values{"hub.mode": {"subscribe"}, "hub.verify_token": {verify, "x"}, "hub.challenge": {"1"}}), Refused: true},
		{Name: "another mode", Request: ask(url.Values{"hub.mode": {"unsubscribe"}, "hub.verify_token": {verify}, "hub.challenge": {"1"}}), Refused: true},
	}
}
