package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parley-crm/parley/kit/secret"
)

const canary = "canary-7f3a"

func TestAStringNeverShowsItself(t *testing.T) {
	s := secret.String(canary)
	holder := struct {
		Name  string
		Token secret.String
		Ptr   *secret.String
	}{"x", s, &s}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "s", s, "holder", holder, "map", map[string]secret.String{"a": s})
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "s", s, "holder", holder)
	asJSON, err := json.Marshal(map[string]any{"s": s, "h": holder, "list": []secret.String{s}})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"log": log.String(), "json": string(asJSON),
		"%s": fmt.Sprintf("%s", s), "%v": fmt.Sprintf("%v", holder), "%+v": fmt.Sprintf("%+v", holder),
		"%#v": fmt.Sprintf("%#v", holder), "%q": fmt.Sprintf("%q", s), "%x": fmt.Sprintf("%x", s), "%d": fmt.Sprintf("%d", s),
		"error": fmt.Errorf("no: %v", s).Error(),
	} {
		if strings.Contains(text, canary) || strings.Contains(text, fmt.Sprintf("%x", canary)) {
			t.Errorf("%s gives it away: %s", name, text)
		}
	}
	if s.Reveal() != canary {
		t.Error("Reveal should give it away")
	}
	if secret.String("").String() != "" {
		t.Error("no secret should look like none")
	}
}

func TestWhatIsSealedOpensOnlyWhereItBelongs(t *testing.T) {
	box, other := secret.Random(), secret.Random()
	sealed := box.Seal("channel/1/token", []byte(canary))
	if strings.Contains(sealed, canary) {
		t.Fatal("it is not sealed")
	}
	if again := box.Seal("channel/1/token", []byte(canary)); again == sealed {
		t.Fatal("sealing twice gives the same: one could see that two secrets are equal")
	}
	plain, err := box.Unseal("channel/1/token", sealed)
	if err != nil || string(plain) != canary {
		t.Fatalf("got %q, %v", plain, err)
	}
	flipped := []byte(sealed)
	flipped[len(flipped)-5] ^= 1
	for name, try := range map[string]func() ([]byte, error){
		"another place":   func() ([]byte, error) { return box.Unseal("channel/2/token", sealed) },
		"another key":     func() ([]byte, error) { return other.Unseal("channel/1/token", sealed) },
		"changed":         func() ([]byte, error) { return box.Unseal("channel/1/token", string(flipped)) },
		"cut":             func() ([]byte, error) { return box.Unseal("channel/1/token", sealed[:len(sealed)-8]) },
		"never sealed":    func() ([]byte, error) { return box.Unseal("channel/1/token", canary) },
		"empty":           func() ([]byte, error) { return box.Unseal("channel/1/token", "") },
		"without content": func() ([]byte, error) { return box.Unseal("channel/1/token", "s1:") },
	} {
		if plain, err := try(); err == nil {
			t.Errorf("%s opens: %q", name, plain)
		}
	}
}

func TestTheKeyOfADeployment(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	first, err := secret.Open(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, "key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the key file: %v %v", info.Mode(), err)
	}
	sealed := first.Seal("p", []byte(canary))
	second, err := secret.Open(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := second.Unseal("p", sealed); err != nil || string(plain) != canary {
		t.Fatalf("after a restart: %q, %v", plain, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	third, err := secret.Open(t.TempDir(), string(text))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := third.Unseal("p", sealed); err != nil || string(plain) != canary {
		t.Fatalf("the same key from outside: %q, %v", plain, err)
	}
	if err := os.Chmod(filepath.Join(dir, "key"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Open(dir, ""); err == nil {
		t.Fatal("a key that others can read should be refused")
	}
}

func TestKeysThatAreNone(t *testing.T) {
	for _, text := range []string{"x", "!!!!", base64.StdEncoding.EncodeToString(make([]byte, 31)), base64.StdEncoding.EncodeToString(make([]byte, 33))} {
		if _, err := secret.Open(t.TempDir(), text); err == nil {
			t.Errorf("%q was taken for a key", text)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "key"), []byte("half a k"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Open(dir, ""); err == nil {
		t.Error("a broken key file should be an error, never replaced")
	}
}

func TestDerivedKeysDifferByPurposeAndKey(t *testing.T) {
	a, b := secret.Random(), secret.Random()
	if bytes.Equal(a.Derive("x"), a.Derive("y")) || bytes.Equal(a.Derive("x"), b.Derive("x")) || !bytes.Equal(a.Derive("x"), a.Derive("x")) {
		t.Error("derived keys must depend on purpose and key, and on nothing else")
	}
}
