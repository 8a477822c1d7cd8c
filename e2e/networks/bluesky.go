package networks

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Bluesky is a personal data server with its directory of identities, and a
// Jetstream that is fed by it.
type Bluesky struct {
	URL string // of the PDS, as it calls itself: http://localhost:PORT
	PLC string // of the directory: http://127.0.0.1:PORT

	t              testing.TB
	jetstreamHost  string
	plc, pds, jets *process
}

// StartBluesky starts the three, empty, open to everybody and without rate limits.
func StartBluesky(t testing.TB) *Bluesky {
	t.Helper()
	modules, jetstream := installPDS(t), installJetstream(t)
	var err error
	for range 3 { // somebody else may take a port first
		b := &Bluesky{t: t}
		b.lay(modules, jetstream)
		var up int
		for _, p := range b.servers() {
			if err = p.try(); err != nil {
				err = fmt.Errorf("%s did not start: %w\n%s", p.name, err, p.tail())
				break
			}
			up++
		}
		if up == len(b.servers()) {
			for _, p := range b.servers() {
				p.endWithTest()
			}
			return b
		}
		b.Stop()
	}
	t.Fatal(err)
	return nil
}

// lay chooses ports and folders and writes down how each server is started.
func (b *Bluesky) lay(modules, jetstream string) {
	t := b.t
	t.Helper()
	ports, dir := freePorts(t, 4), t.TempDir()
	if err := unpack(dir, pdsScripts); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{"pds", "blobs", "jetstream"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	b.PLC = fmt.Sprintf("http://127.0.0.1:%d", ports[0])
	b.URL = fmt.Sprintf("http://localhost:%d", ports[1])
	b.jetstreamHost = fmt.Sprintf("127.0.0.1:%d", ports[2])
	in := func(name string) string { return filepath.Join(dir, name) }
	b.plc = &process{
		t: t, name: "plc", dir: dir, argv: []string{"node", "plc.mjs"},
		env:   []string{"PARLEY_MODULES=" + modules, "PLC_FILE=" + in("plc.json"), fmt.Sprintf("PLC_PORT=%d", ports[0])},
		ready: func() bool { return answers(b.PLC + "/_health") },
	}
	b.pds = &process{
		t: t, name: "pds", dir: dir, argv: []string{"node", "pds.mjs"},
		env: []string{
			"PARLEY_MODULES=" + modules, "LOG_ENABLED=true", "LOG_LEVEL=warn",
			"PDS_HOSTNAME=localhost", fmt.Sprintf("PDS_PORT=%d", ports[1]), "PDS_DEV_MODE=true",
			"PDS_DATA_DIRECTORY=" + in("pds"), "PDS_BLOBSTORE_DISK_LOCATION=" + in("blobs"),
			"PDS_DID_PLC_URL=" + b.PLC, "PDS_SERVICE_HANDLE_DOMAINS=.test", "PDS_INVITE_REQUIRED=false",
			"PDS_DISABLE_SSRF_PROTECTION=true", "PDS_RATE_LIMITS_ENABLED=false",
			"PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX=" + secret(t), "PDS_JWT_SECRET=" + secret(t), "PDS_ADMIN_PASSWORD=" + secret(t),
		},
		ready: func() bool { return answers(b.URL + "/xrpc/_health") },
	}
	b.jets = &process{
		t: t, name: "jetstream", dir: dir,
		argv: []string{filepath.Join(jetstream, "jetstream"),
			"--ws-url", "ws" + strings.TrimPrefix(b.URL, "http") + "/xrpc/com.atproto.sync.subscribeRepos",
			"--listen-addr", b.jetstreamHost, "--metrics-listen-addr", fmt.Sprintf("127.0.0.1:%d", ports[3]),
			"--data-dir", in("jetstream"), "--zstd-dictionary-path", filepath.Join(jetstream, "pkg/models/zstd_dictionary"),
			// It ends itself after a silence of this length, and a test may be silent for long.
			"--liveness-ttl", "240h",
		},
		ready: func() bool { return answers("http://" + b.jetstreamHost + "/") },
	}
}

// servers are in the order in which they need each other.
func (b *Bluesky) servers() []*process { return []*process{b.plc, b.pds, b.jets} }

// Stop ends all three; their data stay.
func (b *Bluesky) Stop() {
	b.jets.end()
	b.pds.end()
	b.plc.end()
}

// Start brings them back at the same addresses, with the same data.
func (b *Bluesky) Start() {
	b.t.Helper()
	for _, p := range b.servers() {
		p.start()
	}
}

// RestartJetstream ends and starts the firehose alone, as its operators do.
func (b *Bluesky) RestartJetstream() {
	b.t.Helper()
	b.jets.end()
	b.jets.start()
}

// JetstreamURL is where posts are listened to: ws://127.0.0.1:PORT/subscribe.
func (b *Bluesky) JetstreamURL() string { return "ws://" + b.jetstreamHost + "/subscribe" }

// Customer opens an account; see Network.
func (b *Bluesky) Customer(name string) Customer { b.t.Helper(); return b.Account(name) }

// Account opens an account. The handle may be short: "maya" becomes "maya.test".
func (b *Bluesky) Account(handle string) *BlueskyAccount {
	b.t.Helper()
	if !strings.Contains(handle, ".") {
		handle += ".test"
	}
	a := &BlueskyAccount{Server: b, Handle: handle, Password: "a-kettle-for-" + handle, t: b.t}
	a.must(http.MethodPost, "com.atproto.server.createAccount", map[string]any{
		"handle": handle, "email": "someone@" + handle, "password": a.Password,
	}, a)
	return a
}

func secret(t testing.TB) string {
	t.Helper()
	b := make([]byte, 32)
	if _, err := rand.Read(b); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(b)
}
