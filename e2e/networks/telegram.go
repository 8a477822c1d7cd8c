package networks

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

//go:embed telegram/package.json telegram/package-lock.json telegram/serve.mjs
var telegramFiles embed.FS

const telegramVersion = "4.2.1" // as package.json has it

// A Telegram is an imitation of Telegram's Bot API by others
// (telegram-test-api): the real one cannot run here.
type Telegram struct {
	URL   string
	Token string

	t testing.TB
}

// StartTelegram starts it.
func StartTelegram(t testing.TB) *Telegram {
	t.Helper()
	sum := fnv.New32a()
	for _, name := range []string{"telegram/package-lock.json", "telegram/serve.mjs"} {
		b, err := telegramFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sum.Write(b)
	}
	modules := installed(t, fmt.Sprintf("telegram-%s-%08x", telegramVersion, sum.Sum32()), func(dir string) error {
		for _, program := range []string{"node", "npm"} {
			if err := need(program, wantNode); err != nil {
				return err
			}
		}
		sub, err := fs.Sub(telegramFiles, "telegram")
		if err != nil {
			return err
		}
		if err := os.CopyFS(dir, sub); err != nil {
			return err
		}
		quiet := []string{"npm_config_audit=false", "npm_config_fund=false", "npm_config_update_notifier=false"}
		_, err = command{dir, quiet, []string{"npm", "ci", "--ignore-scripts"}}.insist()
		return err
	})
	port := freePorts(t, 1)[0]
	host := fmt.Sprintf("127.0.0.1:%d", port)
	g := &Telegram{URL: "http://" + host, Token: "666:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", t: t}
	p := &process{t: t, name: "telegram", dir: t.TempDir(), argv: []string{"node", filepath.Join(modules, "serve.mjs")},
		env: []string{"PARLEY_MODULES=" + modules, fmt.Sprintf("PORT=%d", port)}, ready: func() bool { return listens(host) }}
	p.start()
	p.endWithTest()
	return g
}

func (g *Telegram) post(path string, in map[string]any, into any) {
	g.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		g.t.Fatal(err)
	}
	r, err := http.Post(g.URL+path, "application/json", bytes.NewReader(body))
	if err != nil {
		g.t.Fatal(err)
	}
	defer r.Body.Close()
	if into != nil {
		err = json.NewDecoder(r.Body).Decode(into)
	}
	if err != nil || r.StatusCode != http.StatusOK {
		g.t.Fatalf("%s: %s, %v", path, r.Status, err)
	}
}

// Say lets a person write to the bot in private.
func (g *Telegram) Say(person int, name, text string) {
	g.t.Helper()
	g.post("/sendMessage", map[string]any{"botToken": g.Token, "text": text, "date": time.Now().Unix(),
		"from": map[string]any{"id": person, "first_name": name, "username": name}, "chat": map[string]any{"id": person, "first_name": name, "type": "private"}}, nil)
}

// Got are the texts that the bot has sent in a chat.
func (g *Telegram) Got(person int) (out []string) {
	g.t.Helper()
	var all struct {
		Result []struct {
			Message struct {
				Text   string
				ChatID any `json:"chat_id"`
			}
		}
	}
	g.post("/getUpdatesHistory", map[string]any{"token": g.Token}, &all)
	for _, r := range all.Result {
		if fmt.Sprint(r.Message.ChatID) == fmt.Sprint(person) {
			out = append(out, r.Message.Text)
		}
	}
	return out
}
