//go:build browser

// Package vendors tells in the browser how a company answers on a network
// that cannot run here: WhatsApp, by a double that signs as Meta signs.
package vendors

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

const (
	mail    = "ada@brewell.example"
	secret  = "0123456789abcdef"
	phone   = "106540352242922"
	account = "215589313241560"
)

// meta is a small WhatsApp Cloud API.
type meta struct {
	mu   sync.Mutex
	sent []string
}

func (m *meta) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.Header.Get("Authorization") != "Bearer EAAGtoken":
		w.WriteHeader(400)
		fmt.Fprint(w, `{"error":{"code":190,"message":"Invalid OAuth access token."}}`)
	case r.Method == http.MethodPost && r.URL.Path == "/v26.0/"+phone+"/messages":
		b, _ := io.ReadAll(r.Body)
		m.sent = append(m.sent, string(b))
		fmt.Fprintf(w, `{"messaging_product":"whatsapp","messages":[{"id":"wamid.OUT%d"}]}`, len(m.sent))
	default:
		fmt.Fprintf(w, `{"id":%q,"display_phone_number":"+49 30 1234567","verified_name":"Brewell"}`, phone)
	}
}

func (m *meta) posts() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.sent)
}

// TestWhatsApp: a channel is connected from nothing, a customer's words come,
// the composer says how long one may still answer, an answer goes back once
// and is seen to be read; where the time is over, it says so kindly.
func TestWhatsApp(t *testing.T) {
	m := &meta{}
	srv := httptest.NewServer(m)
	defer srv.Close()
	h := house.Public(t, "--allow", "127.0.0.1", "--undo", "1s")
	ada := h.Admin("Ada Byrne", mail)
	var policies struct{ Items []struct{ ID string } }
	ada.Must(http.MethodGet, "/api/policies", nil, &policies)
	for _, x := range policies.Items {
		ada.Must(http.MethodPost, "/api/policies/"+x.ID+"/acknowledge", map[string]any{"version": 1}, nil)
	}
	b := browser.Open(t)
	p := b.Page("ada")
	h.SignIn(p, mail)

	p.Open(h.URL + "/settings/channels/new?kind=whatsapp")
	p.See("Meta Business Suite")
	p.Accessible()
	p.Click("button", "I have done this")
	for label, value := range map[string]string{"Phone number ID": phone, "WhatsApp business account ID": account, "Access token": "EAAGtoken", "App ID": "1234", "App secret": secret, "Verify token": "our-word"} {
		p.Fill(label, value)
	}
	p.Fill("Address of the Graph API", srv.URL)
	p.Accessible()
	shot(t, p, "connect")
	p.Click("button", "Test it")
	p.See("/knows us as Brewell/")
	p.Click("button", "Connect WhatsApp")
	p.See("Webhook address")
	p.Accessible()
	shot(t, p, "channel")
	hook := p.Value("Webhook address")

	resp, err := (&http.Client{Timeout: 10 * time.Second}).Get(hook + "?hub.mode=subscribe&hub.verify_token=our-word&hub.challenge=4711")
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := io.ReadAll(resp.Body); string(b) != "4711" {
		t.Fatalf("the handshake is answered %q", b)
	}
	resp.Body.Close()
	say(t, hook, "wamid.IN1", "Jo Park", "DE.77", "My kettle leaks since Monday. Can you help?", time.Now())
	say(t, hook, "wamid.IN2", "Ines Costa", "PT.12", "Is the K3 back in stock?", time.Now().Add(-25*time.Hour))

	p.Open(h.URL + "/engage?view=all")
	p.ClickIn("region", "Conversations", "link", "/Jo Park/")
	p.SeeIn("log", "Messages", "/kettle leaks/")
	p.See("/takes your answer for 24 h more/")
	p.Accessible()
	shot(t, p, "open")
	p.Fill("/^Direct/", "I am sorry! A new one is on its way.")
	p.Click("button", "/^Send to Jo/")
	p.See("/On its way/")
	for end := time.Now().Add(20 * time.Second); m.posts() == 0 && time.Now().Before(end); {
		<-time.After(50 * time.Millisecond)
	}
	if m.posts() != 1 {
		t.Fatalf("%d answers reached the network", m.posts())
	}
	mark(t, hook, "wamid.OUT1", "read")
	p.See("/[Rr]ead/")
	shot(t, p, "read")

	p.Open(h.URL + "/engage?view=all")
	p.ClickIn("region", "Conversations", "link", "/Ines Costa/")
	p.See("/takes them again as soon as .* writes again/")
	p.Accessible()
	shot(t, p, "closed")
	p.Theme("dark")
	shot(t, p, "closed-dark")
	p.Theme("light")
	p.Resize(390, 844)
	shot(t, p, "closed-phone")
	if m.posts() != 1 {
		t.Fatalf("%d answers reached the network", m.posts())
	}
}

// shot keeps a picture where PARLEY_SHOTS names a folder.
func shot(t *testing.T, p *browser.Page, name string) {
	if dir := os.Getenv("PARLEY_SHOTS"); dir != "" {
		p.Shot(filepath.Join(dir, name+".png"))
	}
}

func say(t *testing.T, hook, id, name, user, text string, at time.Time) {
	t.Helper()
	post(t, hook, map[string]any{
		"contacts": []any{map[string]any{"profile": map[string]any{"name": name}, "user_id": user}},
		"messages": []any{map[string]any{"id": id, "from_user_id": user, "timestamp": fmt.Sprint(at.Unix()), "type": "text", "text": map[string]any{"body": text}}},
	})
}

func mark(t *testing.T, hook, id, status string) {
	t.Helper()
	post(t, hook, map[string]any{"statuses": []any{map[string]any{"id": id, "status": status, "timestamp": fmt.Sprint(time.Now().Unix())}}})
}

// post calls the webhook as Meta does.
func post(t *testing.T, hook string, value map[string]any) {
	t.Helper()
	value["messaging_product"], value["metadata"] = "whatsapp", map[string]any{"phone_number_id": phone}
	body, err := json.Marshal(map[string]any{"object": "whatsapp_business_account", "entry": []any{map[string]any{"id": account, "changes": []any{map[string]any{"field": "messages", "value": value}}}}})
	if err != nil {
		t.Fatal(err)
	}
	m := hmac.New(sha256.New, []byte(secret))
	m.Write(body)
	req, err := http.NewRequest(http.MethodPost, hook, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(m.Sum(nil)))
	resp, err := (&http.Client{Timeout: 10 * time.Second}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		b, _ := io.ReadAll(resp.Body)
		t.Fatalf("the webhook is answered %d: %s", resp.StatusCode, b)
	}
}
