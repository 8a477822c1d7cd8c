package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

const (
	token  = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
	secret = "a-secret-of-the-webhook-0123"
	hook   = "https://parley.example/api/hooks/c1"
	group  = -100123
	maya   = 4711
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// double speaks as the Bot API does.
type double struct {
	mu      sync.Mutex
	updates []map[string]any
	edits   int
	taken   []string
	sent    []map[string]any
	hooks   []map[string]any
	files   map[string][]byte
	with    map[string][]channeltest.File // of ours, by the id of the message
}

// filed takes a message with files, by the rules of sendPhoto and its kin.
func (d *double) filed(method string, r *http.Request, answer func(any), fail func(int, string)) {
	if err := r.ParseMultipartForm(64 << 20); err != nil {
		fail(400, "Bad Request: "+err.Error())
		return
	}
	get := func(field string) (channeltest.File, bool) {
		f, h, err := r.FormFile(field)
		if err != nil {
			return channeltest.File{}, false
		}
		b, _ := io.ReadAll(f)
		return channeltest.File{Name: h.Filename, Type: h.Header.Get("Content-Type"), Bytes: b}, true
	}
	caption := r.FormValue("caption")
	var files []channeltest.File
	if method == "sendMediaGroup" {
		var group []struct{ Type, Media, Caption string }
		if err := json.Unmarshal([]byte(r.FormValue("media")), &group); err != nil || len(group) < 2 || len(group) > 10 {
			fail(400, "Bad Request: group send failed")
			return
		}
		for i, g := range group {
			f, ok := get(strings.TrimPrefix(g.Media, "attach://"))
			if !ok || (g.Type == "document") != (group[0].Type == "document") || i > 0 && g.Caption != "" {
				fail(400, "Bad Request: wrong media")
				return
			}
			files = append(files, f)
		}
		caption = group[0].Caption
	} else {
		f, ok := get(strings.ToLower(strings.TrimPrefix(method, "send")))
		if !ok {
			fail(400, "Bad Request: there is no file in the request")
			return
		}
		files = append(files, f)
	}
	if len(utf16.Encode([]rune(caption))) > 1024 {
		fail(400, "Bad Request: message caption is too long")
		return
	}
	d.taken = append(d.taken, caption)
	n := 5000 + len(d.taken)
	var chat float64
	_ = json.Unmarshal([]byte(r.FormValue("chat_id")), &chat)
	d.sent = append(d.sent, map[string]any{"method": method, "chat_id": chat})
	m := map[string]any{"message_id": n, "date": noon.Unix(), "caption": caption, "chat": map[string]any{"id": chat, "type": "private"}}
	if d.with == nil {
		d.with = map[string][]channeltest.File{}
	}
	d.with[fmt.Sprint(n)] = files
	if method == "sendMediaGroup" {
		answer([]any{m, map[string]any{"message_id": n + 1, "date": noon.Unix(), "chat": map[string]any{"id": chat}}})
		return
	}
	answer(m)
}

// carried are the files of a message of ours.
func (d *double) carried(id string) []channeltest.File {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, n, _ := strings.Cut(id, ":")
	return d.with[n]
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	answer := func(result any) { _ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result}) }
	fail := func(code int, text string) {
		w.WriteHeader(code)
		_ = json.NewEncoder(w).Encode(map[string]any{"ok": false, "error_code": code, "description": text})
	}
	if path, ok := strings.CutPrefix(r.URL.Path, "/file/bot"+token+"/photos/"); ok {
		data, ok := d.files[path]
		if !ok {
			w.WriteHeader(404)
		}
		_, _ = w.Write(data)
		return
	}
	method, ok := strings.CutPrefix(r.URL.Path, "/bot"+token+"/")
	if !ok {
		fail(404, "Not Found")
		return
	}
	switch method {
	case "sendPhoto", "sendVideo", "sendDocument", "sendMediaGroup":
		d.filed(method, r, answer, fail)
		return
	}
	var in map[string]any
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		fail(400, "Bad Request: can't parse JSON")
		return
	}
	switch method {
	case "getMe":
		answer(map[string]any{"id": 110201543, "is_bot": true, "first_name": "Brewell", "username": "brewell_bot"})
	case "setWebhook":
		d.hooks = append(d.hooks, in)
		answer(true)
	case "getUpdates":
		offset, limit := int(in["offset"].(float64)), int(in["limit"].(float64))
		from := 0
		if offset < 0 {
			from = max(0, len(d.updates)+offset)
		} else {
			for from < len(d.updates) && d.updates[from]["update_id"].(int) < offset {
				from++
			}
		}
		answer(d.updates[from:min(from+limit, len(d.updates))])
	case "getFile":
		id, _ := in["file_id"].(string)
		if _, ok := d.files[id]; !ok {
			fail(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
			return
		}
		answer(map[string]any{"file_id": id, "file_path": "photos/" + id})
	case "sendMessage":
		text, _ := in["text"].(string)
		chat, _ := in["chat_id"].(float64)
		switch n := len(utf16.Encode([]rune(text))); {
		case n == 0:
			fail(400, "Bad Request: message text is empty")
		case n > 4096:
			fail(400, "Bad Request: message is too long")
		case chat == 999:
			fail(403, "Forbidden: bot was blocked by the user")
		default:
			d.taken = append(d.taken, text)
			d.sent = append(d.sent, in)
			answer(map[string]any{"message_id": 5000 + len(d.taken), "date": noon.Unix(), "text": text, "chat": map[string]any{"id": chat, "type": "private"}})
		}
	case "deleteMessage":
		n, _ := in["message_id"].(float64)
		switch i := int(n) - 5001; {
		case i < 0 || i >= len(d.taken) || d.taken[i] == "":
			fail(400, "Bad Request: message to delete not found")
		case d.taken[i] == "old":
			fail(400, "Bad Request: message can't be deleted")
		default:
			d.taken[i] = ""
			answer(true)
		}
	default:
		fail(404, "Not Found: method not found")
	}
}

func (d *double) add(kind string, message map[string]any) map[string]any {
	u := map[string]any{"update_id": 1000 + len(d.updates), kind: message}
	d.updates = append(d.updates, u)
	return u
}

// message is something that Maya says to the bot in a group.
func message(n int, text string) map[string]any {
	return map[string]any{"message_id": n, "date": noon.Unix() + int64(n), "text": text,
		"from":             map[string]any{"id": maya, "first_name": "Maya", "last_name": "Lind", "username": "maya", "language_code": "en"},
		"chat":             map[string]any{"id": group, "type": "supergroup", "title": "Kettles"},
		"reply_to_message": map[string]any{"message_id": 1, "date": 1, "from": map[string]any{"id": 110201543, "is_bot": true}, "chat": map[string]any{"id": group}}}
}

func (d *double) say(text string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 10 + len(d.updates)
	d.add("message", message(n, text))
	return fmt.Sprintf("%d:%d", group, n)
}

// attach sends a photo, as the largest of two sizes.
func (d *double) attach(text string, files ...channeltest.File) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 10 + len(d.updates)
	m := message(n, text)
	for i, f := range files {
		id := fmt.Sprintf("AgACAgIAAx-%d-%d", n, i)
		if d.files == nil {
			d.files = map[string][]byte{}
		}
		d.files[id] = f.Bytes
		delete(m, "text")
		m["caption"], m["photo"] = text, []any{map[string]any{"file_id": "small", "file_size": 1}, map[string]any{"file_id": id, "file_size": len(f.Bytes)}}
	}
	d.add("message", m)
	return fmt.Sprintf("%d:%d", group, n)
}

func (d *double) lose(string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.files = nil
}

func (d *double) edit(id, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, n, _ := place(id)
	m := message(int(n), text)
	d.edits++
	m["edit_date"] = noon.Unix() + 1000 + int64(d.edits)
	d.add("edited_message", m)
}

func (d *double) last() channel.Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	body, _ := json.Marshal(d.updates[len(d.updates)-1])
	return request(body)
}

func request(body []byte) channel.Request {
	return channel.Request{Method: "POST", URL: hook, Body: body, Header: http.Header{"X-Telegram-Bot-Api-Secret-Token": {secret}}}
}

func (d *double) rig(t *testing.T, way string) *channeltest.Rig {
	srv := channeltest.Serve(t, d)
	srv.Refuse = func(w http.ResponseWriter, _ *http.Request, t channeltest.Trouble) {
		code, text := 403, "Forbidden: bot was blocked by the user"
		if t == channeltest.Revoked {
			code, text = 401, "Unauthorized"
		}
		w.WriteHeader(code)
		fmt.Fprintf(w, `{"ok":false,"error_code":%d,"description":%q}`, code, text)
	}
	env := srv.Env(clock.NewSet(noon))
	env.Hook = hook
	c, err := Kind().New(channel.Settings{"token": token, "url": srv.URL, "way": way, "secret": secret}, env)
	if err != nil {
		t.Fatal(err)
	}
	return &channeltest.Rig{Channel: c, Trouble: srv.Trouble, Carried: d.carried, Ours: func() []string {
		d.mu.Lock()
		defer d.mu.Unlock()
		return slices.Clone(d.taken)
	}, Many: 220, Malformed: [][]byte{[]byte(`{"update_id":1,"message":{}}`), []byte(`{"message":{"message_id":1}}`)}}
}

func TestAsking(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		d := &double{}
		rig := d.rig(t, "ask")
		rig.Attach, rig.Detach = d.attach, d.lose
		rig.Say, rig.Edit, rig.Past, rig.Tells = d.say, d.edit, func(text string) { d.say(text) }, true
		return rig
	})
}

func TestBrought(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		d := &double{}
		rig := d.rig(t, "webhook")
		rig.Detach = d.lose
		rig.Hook = &channeltest.Hook{
			Attach: func(text string, files ...channeltest.File) (string, channel.Request) {
				return d.attach(text, files...), d.last()
			},
			Say:    func(text string) (string, channel.Request) { return d.say(text), d.last() },
			Edit:   func(id, text string) channel.Request { d.edit(id, text); return d.last() },
			Sign:   request,
			Signed: []string{"X-Telegram-Bot-Api-Secret-Token"}, Bare: true,
		}
		return rig
	})
}

func bot1(t *testing.T) (*bot, *double, *channeltest.Server) {
	d := &double{}
	srv := channeltest.Serve(t, d)
	c, err := Kind().New(channel.Settings{"token": token, "url": srv.URL}, srv.Env(clock.NewSet(noon)))
	if err != nil {
		t.Fatal(err)
	}
	return c.(asking).bot, d, srv
}

func TestWhatAMessageIs(t *testing.T) {
	b, _, _ := bot1(t)
	from := `"from":{"id":4711,"first_name":"Maya"},"date":1772366400`
	inGroup := `"chat":{"id":-5,"type":"group","title":"Kettles"}`
	tests := []struct {
		name, message string
		ok            func(a social.Activity) bool
	}{
		{"in private", `"message_id":1,"text":"hi","chat":{"id":4711,"type":"private"},` + from, func(a social.Activity) bool {
			return a.Directed && a.Visibility == social.Direct && a.Thread() == "chat:4711" && a.Form == social.FormDirect
		}},
		{"in a group, to nobody", `"message_id":1,"text":"hi",` + inGroup + `,` + from, func(a social.Activity) bool {
			return !a.Directed && a.Visibility == social.Public && a.Thread() == "-5:1"
		}},
		{"in a group, to the bot", `"message_id":1,"text":"😀 @brewell_bot hi","entities":[{"type":"mention","offset":3,"length":12}],` + inGroup + `,` + from, func(a social.Activity) bool { return a.Directed }},
		{"in a group, to another", `"message_id":1,"text":"@noah hi","entities":[{"type":"mention","offset":0,"length":5}],` + inGroup + `,` + from, func(a social.Activity) bool { return !a.Directed }},
		{"an entity out of bounds", `"message_id":1,"text":"hi","entities":[{"type":"mention","offset":2000000000,"length":2000000000}],` + inGroup + `,` + from, func(a social.Activity) bool { return !a.Directed }},
		{"a command", `"message_id":1,"text":"/help","entities":[{"type":"bot_command","offset":0,"length":5}],` + inGroup + `,` + from, func(a social.Activity) bool { return a.Directed }},
		{"in answer to the bot", `"message_id":2,"text":"the red one","reply_to_message":{"message_id":1,"from":{"id":110201543,"is_bot":true}},` + inGroup + `,` + from, func(a social.Activity) bool {
			return a.Directed && a.Parent == "-5:1" && a.Form == social.FormComment
		}},
		{"our own", `"message_id":1,"text":"hi","chat":{"id":4711,"type":"private"},"from":{"id":110201543,"is_bot":true,"first_name":"B"},"date":1`, func(a social.Activity) bool { return a.Own && !a.Directed }},
		{"in the name of the group", `"message_id":1,"text":"hi","sender_chat":{"id":-5,"title":"Kettles"},` + inGroup + `,` + from, func(a social.Activity) bool { return a.Author.Value == "-5" && a.Author.Name == "Kettles" }},
		{"a photo", `"message_id":1,"caption":"see","photo":[{},{}],"chat":{"id":4711},` + from, func(a social.Activity) bool { return a.Text == "see\nAttached: photo" }},
		{"a file", `"message_id":1,"document":{"file_name":"a.pdf","mime_type":"application/pdf"},"chat":{"id":4711},` + from, func(a social.Activity) bool { return a.Text == "Attached: a.pdf (application/pdf)" }},
	}
	for _, tt := range tests {
		as, err := b.Read(channel.Event{Raw: []byte(`{"update_id":1,"message":{` + tt.message + `}}`)})
		if err != nil || len(as) != 1 || !tt.ok(as[0]) {
			t.Errorf("%s: %+v, %v", tt.name, as, err)
		}
	}
	for name, raw := range map[string]string{
		"a join":          `{"update_id":1,"message":{"message_id":1,"new_chat_members":[],"chat":{"id":-5},` + from + `}}`,
		"something else":  `{"update_id":1,"poll":{"id":"1"}}`,
		"nothing in them": `{"update_id":1}`,
	} {
		if as, err := b.Read(channel.Event{Raw: []byte(raw)}); err != nil || len(as) != 0 {
			t.Errorf("%s: %+v, %v", name, as, err)
		}
	}
}

func TestWhereAnAnswerGoes(t *testing.T) {
	b, d, _ := bot1(t)
	to := social.Author{Scheme: scheme, Value: "4711"}
	tests := []struct {
		name   string
		parent string
		v      social.Visibility
		to     social.Author
		chat   float64
		kind   social.Kind
	}{
		{"in private", "4711:7", social.Direct, to, 4711, ""},
		{"to the group", "-5:7", social.Public, to, -5, ""},
		{"from the group in private", "-5:7", social.Direct, to, 4711, ""},
		{"a private chat never in public", "4711:7", social.Public, to, 0, social.Invalid},
		{"to whoever blocks us", "999:7", social.Direct, social.Author{Scheme: scheme, Value: "999"}, 0, social.Forbidden},
		{"to nobody of Telegram's", "4711:7", social.Direct, social.Author{Scheme: "acct", Value: "4711"}, 0, social.Invalid},
		{"to no message", "nowhere", social.Direct, to, 0, social.Invalid},
	}
	for _, tt := range tests {
		n := len(d.sent)
		_, err := b.Send(t.Context(), social.Reply{Key: "k", Parent: tt.parent, To: tt.to, Visibility: tt.v, Text: "Hello."})
		if social.KindOf(err) != tt.kind || (err == nil) != (tt.kind == "") {
			t.Errorf("%s: %v", tt.name, err)
		}
		if tt.kind == "" && d.sent[n]["chat_id"] != tt.chat {
			t.Errorf("%s: went to %v", tt.name, d.sent[n]["chat_id"])
		}
	}
}

// TestNoErrorTellsTheToken, not even its cause, which goes to the log.
func TestNoErrorTellsTheToken(t *testing.T) {
	b, _, srv := bot1(t)
	for _, trouble := range []channeltest.Trouble{channeltest.Away, channeltest.Broken, channeltest.Failing, channeltest.Limited, channeltest.Revoked} {
		srv.Trouble(trouble)
		_, err := b.Self(t.Context())
		for e := err; e != nil; {
			if strings.Contains(e.Error(), "AAHdq") {
				t.Errorf("%s tells the token: %v", trouble, e)
			}
			u, ok := e.(interface{ Unwrap() error })
			if !ok {
				break
			}
			e = u.Unwrap()
		}
		if err == nil {
			t.Errorf("%s: no error", trouble)
		}
	}
}

func TestTheWebhookIsRegistered(t *testing.T) {
	d := &double{}
	rig := d.rig(t, "webhook")
	if _, err := rig.Channel.(channel.Profiler).Self(context.Background()); err != nil {
		t.Fatal(err)
	}
	if len(d.hooks) != 1 || d.hooks[0]["url"] != hook || d.hooks[0]["secret_token"] != secret {
		t.Fatalf("%v", d.hooks)
	}
}

func TestSettings(t *testing.T) {
	for name, set := range map[string]channel.Settings{
		"no token":            {"token": "hello"},
		"a path in the token": {"token": "1:aaaaaaaaaaaaaaa/../x"},
		"a short secret":      {"token": token, "way": "webhook", "secret": "x"},
		"no address":          {"token": token, "url": "ftp://x"},
	} {
		if _, err := Kind().New(set, channel.Env{}); !social.Invalid.Is(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHowFilesAreShown(t *testing.T) {
	b, d, _ := bot1(t)
	media := func(kind string, w, h int) channel.Media {
		return channel.Media{Name: "a \"b\"\n.x", Type: kind, Size: 4, Width: w, Height: h, Open: func() io.ReadSeeker { return strings.NewReader("data") }}
	}
	photo, film, letter := media("image/png", 40, 30), media("video/mp4", 0, 0), media("application/pdf", 0, 0)
	for _, tt := range []struct {
		name   string
		media  []channel.Media
		method string
	}{
		{"a photo", []channel.Media{photo}, "sendPhoto"},
		{"a very long photo", []channel.Media{media("image/png", 4000, 40)}, "sendDocument"},
		{"a moving picture", []channel.Media{media("image/gif", 40, 30)}, "sendDocument"},
		{"a letter", []channel.Media{letter}, "sendDocument"},
		{"a film", []channel.Media{film}, "sendVideo"},
		{"a photo and a film", []channel.Media{photo, film}, "sendMediaGroup"},
		{"a photo and a letter", []channel.Media{photo, letter}, "sendMediaGroup"},
	} {
		if _, err := b.Send(t.Context(), social.Reply{Key: "k", Parent: "4711:7", To: social.Author{Scheme: scheme, Value: "4711"}, Visibility: social.Direct, Text: "Look.", Media: tt.media}); err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := d.sent[len(d.sent)-1]["method"]; got != tt.method {
			t.Errorf("%s goes by %v, not %s", tt.name, got, tt.method)
		}
	}
	n := len(d.sent)
	_, err := b.Send(t.Context(), social.Reply{Key: "k", Parent: "4711:7", To: social.Author{Scheme: scheme, Value: "4711"}, Visibility: social.Direct, Text: strings.Repeat("w", 1025), Media: []channel.Media{photo}})
	if !social.Invalid.Is(err) || len(d.sent) != n {
		t.Errorf("too many words with a photo: %v", err)
	}
}

// TestTakenBackTooLate: Telegram takes no message back after two days.
func TestTakenBackTooLate(t *testing.T) {
	d := &double{taken: []string{"old"}}
	c := d.rig(t, "ask").Channel.(channel.Retractor)
	err := c.Retract(t.Context(), channel.Spot{ID: fmt.Sprintf("%d:5001", maya), Visibility: social.Direct})
	if !social.Forbidden.Is(err) || !strings.Contains(err.Error(), "48 hours") {
		t.Fatal(err)
	}
	if c.Retracts(channel.Spot{ID: "7"}) || !social.Invalid.Is(c.Retract(t.Context(), channel.Spot{ID: "7"})) {
		t.Fatal("what is no message of Telegram's")
	}
}
