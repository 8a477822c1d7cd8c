package main

import (
	"bytes"
	"context"
	"github.com/parley-crm/parley/cmd/parley/shell"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parley-crm/parley/store/storetest"
)

// shell runs a command as a shell would.
func atShell(t *testing.T, in string, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), args, streams{In: strings.NewReader(in), Out: &o, Err: &e})
	return o.String(), e.String(), code
}

// well runs a command that must do well.
func well(t *testing.T, in string, args ...string) string {
	t.Helper()
	out, errs, code := atShell(t, in, args...)
	if code != shell.ExitFine {
		t.Fatalf("parley %s: exit %d: %s", strings.Join(args, " "), code, errs)
	}
	return out
}

func TestABackupGoesToANewHouse(t *testing.T) {
	old, file := t.TempDir(), filepath.Join(t.TempDir(), "b.tar.zst")
	maya := well(t, "correct horse battery staple\n", "admin", "create", "--data", old, "--email", "maya@brewell.example", "--name", "Maya")
	token := well(t, "", "token", "create", "--data", old, "--name", "n", "--role", "viewer")
	well(t, "", "backup", "--data", old, file)
	key, err := os.ReadFile(filepath.Join(old, "key"))
	if err != nil {
		t.Fatal(err)
	}
	places := map[string][]string{"sqlite": {"--data", t.TempDir()}}
	if os.Getenv("PARLEY_TEST_DATABASE") != "" {
		places["postgres"] = []string{"--data", t.TempDir(), "--database", storetest.Database(t)}
	}
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			with := func(command ...string) []string { return append(command, place...) }
			well(t, "", with("restore", file)...)
			if err := os.WriteFile(filepath.Join(place[1], "key"), key, 0o600); err != nil {
				t.Fatal(err)
			}
			well(t, "", with("audit", "verify")...)
			// She is there already: a new password is all that she gets.
			if again := well(t, "another horse battery staple\n", with("admin", "create", "--email", "maya@brewell.example", "--name", "Maya")...); again != maya {
				t.Errorf("the administrator did not come along: %q, want %q", again, maya)
			}
			if _, errs, code := atShell(t, "", with("restore", file)...); code != shell.ExitFailed || !strings.Contains(errs, "in use") {
				t.Errorf("a restore into a house that is in use: exit %d, %s", code, errs)
			}
		})
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(whole, bytes.TrimSpace(key)) || bytes.Contains(whole, []byte(strings.TrimSpace(token))) {
		t.Error("a secret stands in the backup")
	}
	if _, errs, code := atShell(t, "", "backup", "--data", old, file); code != shell.ExitFailed {
		t.Errorf("a backup must not be written over: exit %d, %s", code, errs)
	}
	if out := well(t, "", "backup", "--data", old, "-"); len(out) < len(whole)/2 {
		t.Errorf("%d bytes on standard output", len(out))
	}
	if err := os.WriteFile(file, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	empty := t.TempDir()
	if _, errs, code := atShell(t, "", "restore", "--data", empty, file); code != shell.ExitUsage || !strings.Contains(errs, "damaged") {
		t.Errorf("half a backup: exit %d, %s", code, errs)
	}
	if _, errs, code := atShell(t, "", "backup", "--data", t.TempDir(), "-"); code != shell.ExitUsage || !strings.Contains(errs, "There is no Parley") {
		t.Errorf("an empty house: exit %d, %s", code, errs)
	}
}
