package sms

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
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
	testKey = "abcdefghijklmnopqrstuvwxyz012345"
	account = "AC0123456789abcdef0123456789abcdef"
	hookURL = "https://parley.example/api/hooks/c1"
	maya    = "+491701234567"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// gateway is a double of both gateways.
type gateway struct {
	t     testing.TB
	mu    sync.Mutex
	taken []string
	calls []url.Values // of Twilio's Messages, and of Kannel's heads
	n     int
	files map[string][]byte // by their place
	mms   map[string][]channeltest.File
	line  channel.Receiver // whom Twilio asks for the pictures of a message
}

// fetch asks for the pictures of a message of ours, as Twilio does, with nothing
// but their addresses.
func (g *gateway) fetch(addresses []string) (out []channeltest.File, ok bool) {
	for _, a := range addresses {
		path, ours := strings.CutPrefix(a, hookURL+"/")
		got, err := g.line.Receive(channel.Request{Method: http.MethodGet, URL: a, Path: path, Header: http.Header{}})
		if !ours || err != nil || got.Status != 200 || !strings.HasPrefix(got.Type, "image/") || len(got.Events) > 0 {
			return nil, false
		}
		out = append(out, channeltest.File{Type: got.Type, Bytes: got.Body})
	}
	return out, true
}

// lay puts a file where Twilio would.
func (g *gateway) lay(data []byte) (place string) {
	place = fmt.Sprintf("/Messages/MM%032x/Media/ME%032x", g.next(), g.next())
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.files == nil {
		g.files = map[string][]byte{}
	}
	g.files[place] = data
	return place
}

func (g *gateway) ours() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.taken)
}

func (g *gateway) next() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.n++
	return g.n
}

func (g *gateway) kannel(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	h := func(name string) string { return r.Header.Get("X-Kannel-" + name) }
	text := string(body)
	_, seven := septets(text)
	switch {
	case h("Username") != "parley" || h("Password") != "secret":
		http.Error(w, "Authorization failed for sendsms", http.StatusForbidden)
	case r.Method != http.MethodPost || h("To") == "" || h("From") == "" || text == "":
		http.Error(w, "Missing receiver or text", http.StatusBadRequest)
	case seven != (h("Coding") == "0") || h("Charset") != "UTF-8":
		http.Error(w, "Wrong coding", http.StatusBadRequest)
	default:
		n, _, part := units(text)
		if n > 10*part {
			http.Error(w, "Too long", http.StatusBadRequest)
			return
		}
		g.mu.Lock()
		g.taken = append(g.taken, text)
		g.calls = append(g.calls, url.Values{"dlr": {h("DLR-Url")}, "to": {h("To")}})
		g.mu.Unlock()
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "0: Accepted for delivery")
	}
}

func (g *gateway) twilio(w http.ResponseWriter, r *http.Request) {
	fail := func(status, code int, text string) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"code": code, "message": text, "status": status})
	}
	user, password, _ := r.BasicAuth()
	switch {
	case user != account || password != "secret":
		fail(401, 20003, "Authenticate")
	case r.URL.Path == "/2010-04-01/Accounts/"+account+".json":
		_ = json.NewEncoder(w).Encode(map[string]any{"sid": account, "friendly_name": "Brewell", "status": "active"})
	case strings.Contains(r.URL.Path, "/Media/"):
		g.mu.Lock()
		data, ok := g.files[strings.TrimPrefix(r.URL.Path, "/2010-04-01/Accounts/"+account)]
		g.mu.Unlock()
		if !ok {
			fail(404, 20404, "The requested resource was not found")
			return
		}
		_, _ = w.Write(data)
	case r.URL.Path != "/2010-04-01/Accounts/"+account+"/Messages.json" || r.Method != http.MethodPost:
		fail(404, 20404, "The requested resource was not found")
	default:
		_ = r.ParseForm()
		f := r.PostForm
		n, _, part := units(f.Get("Body"))
		pictures, ok := g.fetch(f["MediaUrl"])
		switch {
		case !ok || len(pictures) > 10:
			fail(400, 21620, "Invalid media URL(s)")
		case f.Get("To") == "" || f.Get("From") == "":
			fail(400, 21604, "A 'To' phone number is required.")
		case f.Get("Body") == "":
			fail(400, 21602, "Message body is required.")
		case n > min(1600, 10*part):
			fail(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
		case f.Get("To") == "+490000":
			fail(400, 21610, "Attempt to send to unsubscribed recipient")
		default:
			sid := fmt.Sprintf("SM%032x", g.next())
			g.mu.Lock()
			g.taken = append(g.taken, f.Get("Body"))
			g.calls = append(g.calls, f)
			if g.mms == nil {
				g.mms = map[string][]channeltest.File{}
			}
			g.mms[sid] = pictures
			g.mu.Unlock()
			w.WriteHeader(http.StatusCreated)
			_ = json.NewEncoder(w).Encode(map[string]any{"sid": sid, "status": "queued"})
		}
	}
}

func open(t testing.TB, k channel.Kind, g http.HandlerFunc, set channel.Settings) (channel.Channel, *channeltest.Server, *clock.Set) {
	srv := channeltest.Serve(t, g)
	now := clock.NewSet(noon)
	env := srv.Env(now)
	env.Hook, env.Shelf = hookURL, &channeltest.Shelf{}
	set["url"] = srv.URL + set["url"]
	c, err := k.New(set, env)
	if err != nil {
		t.Fatal(err)
	}
	return c, srv, now
}

func (g *gateway) newKannel(t testing.TB) (channel.Channel, *channeltest.Server, *clock.Set) {
	c, srv, now := open(t, Kannel(), g.kannel, channel.Settings{"url": "/sendsms", "username": "parley", "password": "secret", "from": "+4930123", "key": testKey})
	srv.Refuse = func(w http.ResponseWriter, _ *http.Request, t channeltest.Trouble) {
		if t == channeltest.Revoked {
			http.Error(w, "Authorization failed for sendsms", http.StatusForbidden)
			return
		}
		http.Error(w, "Sender missing and no global set, rejected", http.StatusBadRequest)
	}
	return c, srv, now
}

func (g *gateway) newTwilio(t testing.TB) (channel.Channel, *channeltest.Server, *clock.Set) {
	c, srv, now := open(t, Twilio(), g.twilio, channel.Settings{"account": account, "token": "secret", "from": "+15550100", "mms": "yes"})
	g.line = c.(channel.Receiver)
	srv.Refuse = func(w http.ResponseWriter, _ *http.Request, t channeltest.Trouble) {
		if t == channeltest.Revoked {
			w.WriteHeader(401)
			_, _ = io.WriteString(w, `{"code":20003,"message":"Authenticate","status":401}`)
			return
		}
		w.WriteHeader(400)
		_, _ = io.WriteString(w, `{"code":21211,"message":"The 'To' number is not a valid phone number.","status":400}`)
	}
	return c, srv, now
}

// fromKannel is a request of smsbox.
func fromKannel(q url.Values) channel.Request {
	q.Set("key", testKey)
	return channel.Request{Method: http.MethodGet, URL: hookURL + "?" + q.Encode(), Header: http.Header{}}
}

// fromTwilio is a signed request.
func fromTwilio(query string, form url.Values) channel.Request {
	form.Set("AccountSid", account)
	address := hookURL + query
	return channel.Request{Method: http.MethodPost, URL: address, Body: []byte(form.Encode()),
		Header: http.Header{"X-Twilio-Signature": {sign("secret", address, form)}, "Content-Type": {"application/x-www-form-urlencoded"}}}
}

func TestKannel(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		g := &gateway{t: t}
		c, srv, now := g.newKannel(t)
		return &channeltest.Rig{Channel: c, Trouble: srv.Trouble, Ours: g.ours, Now: now.Now,
			States: []channel.ReportState{social.ReportDelivered, social.ReportFailed},
			Hook: &channeltest.Hook{
				Say: func(text string) (string, channel.Request) {
					id := fmt.Sprintf("k-%d", g.next())
					return "in:" + id, fromKannel(url.Values{"from": {maya}, "to": {"+4930123"}, "text": {text}, "id": {id}, "epoch": {"1772366400"}, "coding": {"0"}, "charset": {"UTF-8"}})
				},
				Report: func(id string, s channel.ReportState) channel.Request {
					d := map[channel.ReportState]string{social.ReportDelivered: "1", social.ReportFailed: "2"}[s]
					return fromKannel(url.Values{"ours": {id}, "dlr": {d}, "epoch": {"1772366401"}})
				},
				Signed: []string{"?key"}, Bare: true,
			},
			Malformed: [][]byte{[]byte(`{"kind":"in"}`), []byte(`{"kind":"in","id":"1"}`), []byte(`{"kind":"other","id":"1"}`)},
		}
	})
}

func TestTwilio(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		g := &gateway{t: t}
		c, srv, now := g.newTwilio(t)
		return &channeltest.Rig{Channel: c, Trouble: srv.Trouble, Ours: g.ours, Now: now.Now,
			Hook: &channeltest.Hook{
				Say: func(text string) (string, channel.Request) {
					sid := fmt.Sprintf("SM%032x", 1000+g.next())
					return "in:" + sid, fromTwilio("", url.Values{"MessageSid": {sid}, "SmsStatus": {"received"}, "From": {maya}, "To": {"+15550100"}, "Body": {text}, "NumMedia": {"0"}})
				},
				Attach: func(text string, files ...channeltest.File) (string, channel.Request) {
					sid := fmt.Sprintf("MM%032x", 1000+g.next())
					form := url.Values{"MessageSid": {sid}, "SmsStatus": {"received"}, "From": {maya}, "To": {"+15550100"}, "Body": {text}, "NumMedia": {fmt.Sprint(len(files))}}
					for i, f := range files {
						form.Set(fmt.Sprint("MediaUrl", i), srv.URL+"/2010-04-01/Accounts/"+account+g.lay(f.Bytes))
						form.Set(fmt.Sprint("MediaContentType", i), f.Type)
					}
					return "in:" + sid, fromTwilio("", form)
				},
				Report: func(id string, s channel.ReportState) channel.Request {
					form := url.Values{"MessageSid": {id}, "MessageStatus": {string(s)}, "To": {maya}}
					if s == social.ReportFailed {
						form.Set("MessageStatus", "undelivered")
						form.Set("ErrorCode", "30005")
					}
					return fromTwilio("?k=", form)
				},
				Signed: []string{"X-Twilio-Signature"}, Address: true,
				Same: func(a, b []byte) bool {
					x, errX := url.ParseQuery(string(a))
					y, errY := url.ParseQuery(string(b))
					return errX == nil && errY == nil && sign("", "", x) == sign("", "", y)
				},
			},
			Carried:   func(id string) []channeltest.File { g.mu.Lock(); defer g.mu.Unlock(); return g.mms[id] },
			Detach:    func(string) { g.mu.Lock(); g.files = nil; g.mu.Unlock() },
			Malformed: [][]byte{[]byte(`{"kind":"in"}`), []byte(`{"kind":"report"}`)},
		}
	})
}

func TestSegmentsAreCountedAsTelephonesDo(t *testing.T) {
	tests := []struct {
		text string
		left int
		fits bool
	}{
		{strings.Repeat("a", 160), 1530 - 160, true},
		{strings.Repeat("€", 765), 0, true},
		{strings.Repeat("€", 766), -2, false},
		{strings.Repeat("ж", 670), 0, true},
		{strings.Repeat("😀", 335), 0, true},
		{strings.Repeat("😀", 336), -2, false},
		{strings.Repeat("a", 600) + "ж", 670 - 601, true},
		{"", 1530, false},
		{" \n", 1528, false},
	}
	for _, tt := range tests {
		if r := room(tt.text, 0); r.Left != tt.left || r.Fits != tt.fits {
			t.Errorf("%.10q × %d: %+v", tt.text, len(tt.text), r)
		}
	}
}

func TestKannelSpeaksManyAlphabets(t *testing.T) {
	g := &gateway{t: t}
	c, _, _ := g.newKannel(t)
	tests := []struct{ text, coding, charset, want string }{
		{"Grüße", "0", "UTF-8", "Grüße"},
		{"\x00G\x00r\x00\xfc\xd8\x3d\xde\x00", "2", "UTF-16BE", "Grü😀"},
		{"Gr\xfc\xdfe", "0", "ISO-8859-1", "Grüße"},
		{"\x00G\x00", "2", "", "G"},
		{"he\x00llo", "0", "", "hello"},
	}
	for i, tt := range tests {
		a, err := c.(channel.Receiver).Receive(fromKannel(url.Values{"from": {"0049170 1234567"}, "text": {tt.text}, "coding": {tt.coding}, "charset": {tt.charset}, "id": {fmt.Sprint(i)}}))
		if err != nil {
			t.Fatal(err)
		}
		as, err := c.Read(a.Events[0])
		if err != nil || as[0].Text != tt.want || as[0].Author.Value != maya || as[0].Thread() != "with:"+maya {
			t.Errorf("%q: %+v, %v", tt.text, as, err)
		}
	}
}

func TestReportsCarryOurKey(t *testing.T) {
	key := "01890000-0000-7000-8000-000000000001"
	reply := social.Reply{Key: key, To: social.Author{Scheme: "tel", Value: maya}, Text: "On its way.", Visibility: social.Direct, Attempted: noon}
	g := &gateway{t: t}
	k, _, _ := g.newKannel(t)
	receipt, err := k.(channel.Sender).Send(t.Context(), reply)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{"8", "4", "1"} { // 8 and 4 are not the end
		address := strings.NewReplacer("%d", d, "%T", "1772366401", "%A", "").Replace(g.calls[0].Get("dlr"))
		a, err := k.(channel.Receiver).Receive(channel.Request{Method: "GET", URL: address, Header: http.Header{}})
		if err != nil {
			t.Fatal(err)
		}
		if d != "1" {
			if len(a.Events) != 0 {
				t.Errorf("%s brought %d events", d, len(a.Events))
			}
			continue
		}
		rs, err := k.(channel.Reporter).Reports(a.Events[0])
		if err != nil || len(rs) != 1 || rs[0].Key != key || rs[0].ExternalID != receipt.ExternalID {
			t.Errorf("%+v, %v", rs, err)
		}
	}
	tw, _, _ := g.newTwilio(t)
	receipt, err = tw.(channel.Sender).Send(t.Context(), reply)
	if err != nil {
		t.Fatal(err)
	}
	back := g.calls[1].Get("StatusCallback")
	a, err := tw.(channel.Receiver).Receive(fromTwilio(strings.TrimPrefix(back, hookURL), url.Values{"MessageSid": {receipt.ExternalID}, "MessageStatus": {"delivered"}}))
	if err != nil {
		t.Fatal(err)
	}
	if rs, err := tw.(channel.Reporter).Reports(a.Events[0]); err != nil || len(rs) != 1 || rs[0].Key != key {
		t.Errorf("%+v, %v", rs, err)
	}
	reply.To.Value = "+490000"
	if _, err := tw.(channel.Sender).Send(t.Context(), reply); !social.Forbidden.Is(err) || !strings.Contains(err.Error(), "STOP") {
		t.Errorf("to whoever wrote STOP: %v", err)
	}
}

// TestTwilioSignature is the example of Twilio's own documentation
// (https://www.twilio.com/docs/usage/security#validating-requests).
func TestTwilioSignature(t *testing.T) {
	got := sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", url.Values{"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675309"}, "Digits": {"1234"}, "From": {"+14158675309"}, "To": {"+18005551212"}})
	if got != "RSOYDt4T1cUTdK1PDd93/VVr8B8=" {
		t.Errorf("signature %s", got)
	}
}

// TestOnlyTwilioIsAskedForFiles: whoever else is named gets neither a request nor our password.
func TestOnlyTwilioIsAskedForFiles(t *testing.T) {
	g := &gateway{t: t}
	c, _, _ := g.newTwilio(t)
	a, err := c.(channel.Receiver).Receive(fromTwilio("", url.Values{"MessageSid": {"SM1"}, "SmsStatus": {"received"}, "From": {maya}, "Body": {""},
		"NumMedia": {"2"}, "MediaUrl0": {"http://169.254.169.254/latest"}, "MediaContentType0": {"image/jpeg"}, "MediaUrl1": {"https://evil.example/x"}}))
	if err != nil {
		t.Fatal(err)
	}
	as, err := c.Read(a.Events[0])
	if err != nil || as[0].Text != "Attached: image/jpeg\nAttached: a file" || strings.Contains(string(a.Events[0].Raw), "evil") || len(g.calls) != 0 {
		t.Errorf("%+v, %v", as, err)
	}
	if out, err := c.(channel.Encloser).Enclosed(a.Events[0]); err != nil || len(out) != 0 {
		t.Errorf("%+v, %v", out, err)
	}
	for _, h := range []string{"/Messages/../../x/Media/ME1", "/Messages/MM1/Media/ME1?x", "https://evil.example/Messages/MM1/Media/ME1", "/Messages/MM1/Media/ME1/../../../.json"} {
		if r, err := c.(channel.Encloser).Fetch(t.Context(), social.Attachment{Handle: h}); err == nil {
			r.Close()
			t.Errorf("%s was asked for", h)
		}
	}
}

// TestWhoGetsAPicture: an address of a picture works for half an hour, for
// nobody who would guess it, and there is none where Twilio could not fetch it.
func TestWhoGetsAPicture(t *testing.T) {
	g := &gateway{t: t}
	c, _, now := g.newTwilio(t)
	r := social.Reply{Key: "k1", To: social.Author{Scheme: "tel", Value: maya}, Text: "Like this.", Visibility: social.Direct, Attempted: noon,
		Media: []social.Media{{Name: "lid.png", Type: "image/png", Size: int64(len(channeltest.Picture)), Open: func() io.ReadSeeker { return strings.NewReader(string(channeltest.Picture)) }}}}
	if _, err := c.(channel.Sender).Send(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	path := strings.TrimPrefix(g.calls[0].Get("MediaUrl"), hookURL+"/")
	ask := func(path string) error {
		_, err := c.(channel.Receiver).Receive(channel.Request{Method: http.MethodGet, URL: hookURL + "/" + path, Path: path, Header: http.Header{}})
		return err
	}
	if err := ask(path); err != nil {
		t.Error(err)
	}
	other := "file/" + coded("ours/k1/1") + path[strings.IndexByte(path, '.'):]
	for _, p := range []string{path + "x", path[:len(path)-1], other, "file/", "file/a.b.c", "file/../" + path} {
		if err := ask(p); !social.NotFound.Is(err) {
			t.Errorf("%s: %v", p, err)
		}
	}
	now.Add(31 * time.Minute)
	if err := ask(path); !social.NotFound.Is(err) {
		t.Errorf("after half an hour: %v", err)
	}
	for name, hook := range map[string]string{"no public address": "", "an address without TLS": "http://parley.example/api/hooks/c1"} {
		c, err := Twilio().New(channel.Settings{"account": account, "token": "secret", "from": "1", "mms": "yes"}, channel.Env{Hook: hook, Shelf: &channeltest.Shelf{}})
		if err != nil || c.(channel.Carrier).Carries(social.Direct).Most != 0 {
			t.Errorf("%s: pictures go all the same, %v", name, err)
		}
	}
}

func TestSettingsOfBoth(t *testing.T) {
	tests := []struct {
		kind channel.Kind
		set  channel.Settings
	}{
		{Kannel(), channel.Settings{"url": "kannel:13013", "key": testKey, "from": "1"}},
		{Kannel(), channel.Settings{"url": "http://k/sendsms", "key": "short", "from": "1"}},
		{Kannel(), channel.Settings{"url": "http://k/sendsms", "key": "has a blank and so on", "from": "1"}},
		{Twilio(), channel.Settings{"account": "AC1", "from": "1"}},
		{Twilio(), channel.Settings{"account": account}},
	}
	for _, tt := range tests {
		if _, err := tt.kind.New(tt.set, channel.Env{}); !social.Invalid.Is(err) {
			t.Errorf("%v: %v", tt.set, err)
		}
	}
}
