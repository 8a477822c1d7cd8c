package guides_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/parley-crm/parley/e2e/house"
)

// TestCommandsOfTheGuide runs each command in one folder, in order, and
// compares its output and its exit code (0 unless a line says otherwise).
func TestCommandsOfTheGuide(t *testing.T) {
	dir, bin := t.TempDir(), t.TempDir()
	if err := os.Symlink(house.Bin(t), filepath.Join(bin, "parley")); err != nil {
		t.Fatal(err)
	}
	for _, block := range fences(t, "cli.md", "run") {
		for len(block) > 0 {
			command, ok := strings.CutPrefix(block[0], "$ ")
			if !ok {
				t.Fatalf("not a command: %s", block[0])
			}
			block = block[1:]
			var want []string
			code := 0
			for ; len(block) > 0 && !strings.HasPrefix(block[0], "$ "); block = block[1:] {
				if n, ok := strings.CutPrefix(block[0], "# exit "); ok {
					var err error
					if code, err = strconv.Atoi(n); err != nil {
						t.Fatal(err)
					}
					continue
				}
				want = append(want, block[0])
			}
			out, trouble, got := shell(t, dir, bin, command)
			if got != code {
				t.Errorf("%s: exit %d, want %d\n%s", command, got, code, trouble)
			}
			if code == 0 && strings.TrimSpace(out) != strings.Join(want, "\n") {
				t.Errorf("%s\ngave %s\nwant %s", command, out, strings.Join(want, "\n"))
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "record.txt"))
	if err != nil || !strings.Contains(string(text), "whole") {
		t.Errorf("audit verify: %v %s", err, text)
	}
}

func shell(t *testing.T, dir, bin, command string) (out, trouble string, code int) {
	t.Helper()
	cmd := exec.Command("bash", "-c", command)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	var exit *exec.ExitError
	if err := cmd.Run(); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return o.String(), e.String(), code
}
