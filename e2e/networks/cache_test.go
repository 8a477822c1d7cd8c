package networks

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func TestInstallBuildsOnce(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	var built atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			dir, err := install("kettle-v1", func(dir string) error {
				built.Add(1)
				return os.WriteFile(filepath.Join(dir, "kettle"), []byte("hot"), 0o600)
			})
			if err != nil {
				t.Error(err)
				return
			}
			if b, err := os.ReadFile(filepath.Join(dir, "kettle")); string(b) != "hot" {
				t.Errorf("read %q, %v", b, err)
			}
		})
	}
	wg.Wait()
	if n := built.Load(); n != 1 {
		t.Errorf("built %d times", n)
	}
}

func TestInstallForgetsAFailure(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	broken := errors.New("no water")
	half := func(dir string) error {
		return errors.Join(os.WriteFile(filepath.Join(dir, "half"), nil, 0o600), broken)
	}
	if _, err := install("kettle-v1", half); !errors.Is(err, broken) {
		t.Fatalf("a failed build says %v", err)
	}
	dir, err := install("kettle-v1", func(string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "half")); err == nil {
		t.Error("half a build was left behind")
	}
}

func TestInsistTriesThreeTimes(t *testing.T) {
	dir := t.TempDir()
	try := func(succeedAt string) error {
		_, err := command{dir, []string{"AT=" + succeedAt}, []string{"sh", "-c",
			`echo x >> tries; [ $(wc -l < tries) -ge $AT ] || { echo the registry is away >&2; exit 1; }`}}.insist()
		return err
	}
	if err := try("3"); err != nil {
		t.Errorf("the third try works, but: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "tries")); err != nil {
		t.Fatal(err)
	}
	if err := try("4"); err == nil || !strings.Contains(err.Error(), "the registry is away") {
		t.Errorf("after three failures the error is %v", err)
	}
}

func TestNpmCISaysWhatIsMissing(t *testing.T) {
	tests := []struct{ name, node, want string }{
		{"no Node", "", "node is missing: install Node.js 20"},
		{"Debian 12's own Node", "18.19.0", "Node.js 18.19.0 is too old: install Node.js 20"},
		{"no compiler", "20.20.2", "install build-essential and python3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bin := t.TempDir()
			if tt.node != "" {
				for _, program := range []string{"node", "npm"} {
					script := "#!/bin/sh\necho " + tt.node + " /opt/node/bin/node\n"
					if err := os.WriteFile(filepath.Join(bin, program), []byte(script), 0o700); err != nil {
						t.Fatal(err)
					}
				}
			}
			t.Setenv("PATH", bin)
			if err := npmCI(t.TempDir()); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
