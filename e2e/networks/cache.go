package networks

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// CacheDir is where the built servers are kept between runs. It may be deleted
// at any time; the next run builds them again.
func CacheDir() (string, error) {
	user, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("the servers are built into the user's cache folder: %w", err)
	}
	return filepath.Join(user, "parley-networks"), nil
}

// installed returns the folder that holds a server, building it there first if
// need be. Two runs that want the same one at once build it once. A build that
// fails leaves nothing behind, so that the next run tries again.
func installed(t testing.TB, name string, build func(dir string) error) string {
	t.Helper()
	dir, err := install(name, build)
	if err != nil {
		t.Fatalf("installing %s: %v", name, err)
	}
	return dir
}

func install(name string, build func(dir string) error) (string, error) {
	cache, err := CacheDir()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	f, err := os.OpenFile(filepath.Join(cache, name+".lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if err := lock(f); err != nil {
		return "", err
	}
	final, building := filepath.Join(cache, name), filepath.Join(cache, name+".building")
	if _, err := os.Stat(final); err == nil {
		return final, nil
	}
	if err := os.RemoveAll(building); err != nil { // of a run that was killed
		return "", err
	}
	if err := os.MkdirAll(building, 0o755); err != nil {
		return "", err
	}
	began := time.Now()
	fmt.Fprintf(os.Stderr, "networks: building %s, once\n", name)
	if err := build(building); err != nil {
		_ = os.RemoveAll(building)
		return "", err
	}
	fmt.Fprintf(os.Stderr, "networks: built %s in %v\n", name, time.Since(began).Round(time.Second))
	return final, os.Rename(building, final)
}

// A command is a program run while installing; it gives way to everything else
// on the machine.
type command struct {
	dir  string
	env  []string
	argv []string
}

// run returns what the command printed on standard output. Its error carries
// the end of what it printed on standard error.
func (c command) run() ([]byte, error) {
	argv := c.argv
	if nice, err := exec.LookPath("nice"); err == nil {
		argv = append([]string{nice}, argv...)
	}
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = c.dir, append(os.Environ(), c.env...)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		said := strings.TrimSpace(complaints.String() + "\n" + string(out))
		return out, fmt.Errorf("%s: %w\n%s", strings.Join(c.argv, " "), err, said[max(0, len(said)-4000):])
	}
	return out, nil
}

// insist runs a command that asks a registry up to three times.
func (c command) insist() (out []byte, err error) {
	for try := range 3 {
		if out, err = c.run(); err == nil {
			return out, nil
		}
		fmt.Fprintf(os.Stderr, "networks: try %d of 3 failed: %v\n", try+1, err)
	}
	return nil, err
}

// need says in one sentence what is missing when a program is not there.
func need(program, sentence string) error {
	if _, err := exec.LookPath(program); err != nil {
		return fmt.Errorf("%s is missing: %s", program, sentence)
	}
	return nil
}
