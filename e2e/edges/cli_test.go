//go:build browser

package edges

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/parley-crm/parley/e2e/house"
)

type result struct {
	out, err string
	code     int
}

// run runs a command of the binary with something on its standard input.
func run(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	cmd := exec.CommandContext(ctx, house.Bin(t), args...)
	cmd.Dir = t.TempDir()
	var out, trouble bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &trouble
	err := cmd.Run()
	if _, ended := err.(*exec.ExitError); err != nil && !ended {
		t.Fatal(err)
	}
	return result{out.String(), trouble.String(), cmd.ProcessState.ExitCode()}
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.jsonl")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Exit 0: fine; 1: some lines failed; 2: wrong usage. What is asked for goes
// to standard output, all else to standard error.
func TestCommands(t *testing.T) {
	t.Parallel()
	monitors := write(t, `{"id":"handle","query":"handle NEAR/4 loose"}`+"\n"+`{"id":"recall","query":"recall OR burnt"}`+"\n")
	wrong := write(t, `{"id":"fine","query":"kettle"}`+"\n"+`{"id":"bad","query":"kettle AND (broke"}`+"\n")
	post := `{"id":"1","text":"The K2 handle is loose"}` + "\n" + `{"id":2,"text":"Lovely weather"}` + "\n"
	tests := []struct {
		name  string
		stdin string
		args  []string
		code  int
		out   []string // parts, in order; none: nothing at all
		err   string
	}{
		{"version", "", []string{"version"}, 0, []string{"\n"}, ""},
		{"help", "", []string{"--help"}, 0, []string{"serve", "score", "match"}, ""},
		{"no command", "", nil, 2, nil, "parley"},
		{"unknown command", "", []string{"sing"}, 2, nil, "sing"},
		{"unknown flag", "", []string{"version", "--loud"}, 2, nil, "loud"},
		{"score", `{"id":"a","text":"This kettle is terrible, it broke at once!"}` + "\n" + `{"id":"b","text":"I love this kettle, thank you!"}` + "\n",
			[]string{"score"}, 0, []string{`"id":"a"`, `"lang":"en"`, `"negative"`, `"intents"`, `"model"`, `"id":"b"`, `"positive"`}, ""},
		{"score nothing", "", []string{"score"}, 0, nil, ""},
		{"score a bad line", "{\n" + `{"id":"b","text":"I love it"}` + "\n", []string{"score"}, 1, []string{`"error"`, `"id":"b"`}, ""},
		{"score a part", `{"id":"a","text":"I love this kettle"}` + "\n", []string{"score", "--only", "lang"}, 0, []string{`"lang":"en"`}, ""},
		{"score no such part", "", []string{"score", "--only", "colour"}, 2, nil, "colour"},
		{"match", post, []string{"match", "--monitors", monitors}, 0, []string{`{"id":"1","monitors":["handle"]}`}, ""},
		{"match a bad line", "[]\n" + post, []string{"match", "--monitors", monitors}, 1, []string{`{"id":"1"`}, "line 1"},
		{"match a bad query", post, []string{"match", "--monitors", wrong}, 2, nil, "2"},
		{"match without monitors", post, []string{"match"}, 2, nil, "monitors"},
		{"match with no such file", post, []string{"match", "--monitors", "/nowhere/at/all"}, 2, nil, "nowhere"},
		{"listen with a bad query", "", []string{"listen", "feed", "https://e.example/f", "--monitor", "a AND ("}, 2, nil, "parley"},
		{"listen to nothing", "", []string{"listen", "feed", "--monitor", "a"}, 2, nil, "url"},
		{"openapi", "", []string{"openapi"}, 0, []string{`"openapi": "3.1`, "/api/conversations"}, ""},
		{"token with a role that is none", "", []string{"token", "create", "--name", "x", "--role", "king"}, 2, nil, "king"},
		{"admin without a password", "", []string{"admin", "create", "--email", "a@b.example", "--name", "A"}, 2, nil, "password"},
		{"admin with a short password", "short\n", []string{"admin", "create", "--email", "a@b.example", "--name", "A"}, 2, nil, "characters"},
		{"restore of nothing", "", []string{"restore", "/nowhere/at/all"}, 2, nil, "nowhere"},
		{"serve at no address", "", []string{"serve", "--addr", "nowhere:at:all"}, 2, nil, "nowhere"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, tt.stdin, tt.args...)
			if got.code != tt.code {
				t.Errorf("exit %d, want %d; %s", got.code, tt.code, got.err)
			}
			rest := got.out
			for _, part := range tt.out {
				_, after, ok := strings.Cut(rest, part)
				if !ok {
					t.Errorf("%q is not in its place in %.600s", part, got.out)
				}
				rest = after
			}
			if tt.out == nil && tt.code != 0 && strings.HasPrefix(got.out, "{") {
				t.Errorf("it printed %.300s", got.out)
			}
			if !strings.Contains(got.err+got.out, tt.err) || strings.Contains(got.err, "goroutine") {
				t.Errorf("it told %.600s, want %q", got.err, tt.err)
			}
		})
	}
	t.Run("openapi is one document", func(t *testing.T) {
		var doc struct{ Paths map[string]any }
		if err := json.Unmarshal([]byte(run(t, "", "openapi").out), &doc); err != nil || len(doc.Paths) < 50 {
			t.Errorf("%d paths, %v", len(doc.Paths), err)
		}
	})
}

// Listening needs no server: what matches is printed as it comes.
func TestListen(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(rss(`<item><guid>1</guid><title>Rain</title></item><item><guid>2</guid><title>Recall</title><description>All kettles</description></item>`)))
	}))
	t.Cleanup(srv.Close)
	if got := run(t, "", "listen", "feed", srv.URL, "--monitor", "recall"); got.code != 1 || got.out != "" || !strings.Contains(got.err, "127.0.0.1") {
		t.Errorf("a private address: exit %d, %s %s", got.code, got.out, got.err)
	}
	line := firstHeard(t, nil, "feed", srv.URL, "--monitor", "recall", "--allow", "127.0.0.1")
	if !strings.Contains(line, "All kettles") || strings.Contains(line, "Rain") {
		t.Errorf("it printed %q", line)
	}
}

// The stream of X is asked for by the rules, with the app's token from the
// environment; of what comes, only what matches is printed.
func TestListenToX(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var rules []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer app-token" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		switch r.Method + " " + r.URL.Path {
		case "GET /2/tweets/search/stream/rules":
			_, _ = w.Write([]byte(`{"meta":{"result_count":0}}`))
		case "POST /2/tweets/search/stream/rules":
			var in struct{ Add []struct{ Value, Tag string } }
			_ = json.NewDecoder(r.Body).Decode(&in)
			mu.Lock()
			for _, a := range in.Add {
				rules = append(rules, a.Value+" as "+a.Tag)
			}
			mu.Unlock()
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write([]byte(`{"meta":{"summary":{"created":1}}}`))
		case "GET /2/tweets/search/stream":
			for i, text := range []string{"My kettle sings", "The kettle &amp; its handle came loose"} {
				fmt.Fprintf(w, `{"data":{"id":"18000000000000000%02d","text":%q,"author_id":"7","created_at":"2026-11-26T10:00:00.000Z","lang":"en"},`+
					`"includes":{"users":[{"id":"7","username":"amara","name":"Amara"}]},"matching_rules":[{"id":"1","tag":"parley:"}]}`+"\r\n", i, text)
			}
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(srv.CloseClientConnections)
	line := firstHeard(t, []string{"X_BEARER_TOKEN=app-token"}, "x", "--rule", "kettle lang:en", "--monitor", "handle", "--address", srv.URL, "--allow", "127.0.0.1")
	for _, part := range []string{`"author":"amara"`, "The kettle & its handle came loose", `"channel":"x"`} {
		if !strings.Contains(line, part) {
			t.Errorf("%s is not in %q", part, line)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if want := []string{"kettle lang:en as parley:"}; !slices.Equal(rules, want) {
		t.Errorf("rules are %q, want %q", rules, want)
	}
}

// firstHeard is the first line that parley listen prints. Interrupted after
// that, it ends well.
func firstHeard(t *testing.T, env []string, args ...string) string {
	t.Helper()
	cmd := exec.Command(house.Bin(t), append([]string{"listen"}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !json.Valid([]byte(line)) {
		t.Errorf("it printed %q, %v", line, err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("interrupted, it ends with %v", err)
	}
	return line
}

// A backup is made while Parley runs, and brings everything back elsewhere.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	h, c := start(t)
	connect(c, "practice", map[string]string{"site": "microblog", "handle": "brewell"})
	for i := range 5 {
		c.Must(http.MethodPost, "/api/practice/say", map[string]any{"text": fmt.Sprintf("@brewell kettle %d leaks", i)}, nil)
	}
	until(t, "all stand in the inbox", func() bool { return len(inbox(c)) > 0 && strings.Contains(inbox(c)[0].Preview, "kettle 4") })
	file := filepath.Join(t.TempDir(), "backup")
	if text, code := h.CLI("backup", file); code != 0 || !strings.Contains(text, "sealing key") {
		t.Fatalf("backup: %d %s", code, text)
	}
	if text, code := h.CLI("backup", file); code == 0 {
		t.Errorf("a backup was written over: %s", text)
	}
	if text, code := h.CLI("restore", file); code == 0 {
		t.Errorf("it was restored over what was there: %s", text)
	}
	heard := len(wall(c))

	dir := t.TempDir()
	if got := run(t, "", "restore", file, "--data", dir); got.code != 0 {
		t.Fatalf("restore: %d %s", got.code, got.err)
	}
	key, err := os.ReadFile(filepath.Join(h.Dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := run(t, "", "audit", "verify", "--data", dir); got.code != 0 || !strings.Contains(got.out, "whole") {
		t.Errorf("the record of the restored: %d %s %s", got.code, got.out, got.err)
	}
	token := run(t, "", "token", "create", "--name", "x", "--role", "admin", "--data", dir)
	second := house.At(t, dir)
	if n := len(wall(second.API(strings.TrimSpace(token.out)))); n != heard {
		t.Errorf("%d posts came back, want %d", n, heard)
	}
}

// Tokens and administrators that are made in a shell work at once; a record
// that somebody changed is not whole any more.
func TestAdministration(t *testing.T) {
	t.Parallel()
	h, _ := start(t)
	out, code := h.CLI("token", "create", "--name", "shop", "--role", "viewer")
	if code != 0 || strings.Count(out, "\n") != 1 {
		t.Fatalf("token create printed %q (%d)", out, code)
	}
	viewer := h.API(strings.TrimSpace(out))
	viewer.Must(http.MethodGet, "/api/conversations", nil, nil)
	if status, text := viewer.Do(http.MethodPost, "/api/monitors", map[string]any{"name": "x", "query": "x"}, nil); status != http.StatusForbidden {
		t.Errorf("a viewer writes: %d %s", status, text)
	}
	made := run(t, house.Password+"\n", "admin", "create", "--email", "second@brewell.example", "--name", "Second", "--data", h.Dir)
	if made.code != 0 || strings.Count(made.out, "\n") != 1 {
		t.Fatalf("admin create: %+v", made)
	}
	h.API("").Must(http.MethodPost, "/api/session", map[string]any{"email": "second@brewell.example", "password": house.Password}, nil)
	if text, code := h.CLI("audit", "verify"); code != 0 || !strings.Contains(text, "whole") {
		t.Fatalf("audit verify: %d %s", code, text)
	}

	h.Stop()
	db, err := sql.Open("sqlite", filepath.Join(h.Dir, "parley.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`UPDATE record SET actor_name = 'nobody' WHERE seq = (SELECT MAX(seq) FROM record)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if text, code := h.CLI("audit", "verify"); code != 1 {
		t.Errorf("a record that was changed: %d %s", code, text)
	}
}
