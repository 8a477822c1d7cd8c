package networks

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// What is built, and from which version. Another version is another folder in
// the cache.
const (
	gotosocialModule  = "github.com/superseriousbusiness/gotosocial"
	gotosocialVersion = "v0.19.2"
	gotosocialGo      = "GOTOOLCHAIN=go1.24.11" // the newest that it builds with

	jetstreamModule  = "github.com/bluesky-social/jetstream"
	jetstreamVersion = "v0.0.0-20250414024304-d17bd81a945e"

	pdsVersion = "0.4.217" // as package.json has it
)

// goProgram builds a program out of a Go module and keeps the named folders of
// its source beside it.
func goProgram(dir, module, version, pkg string, keep, env, flags []string) error {
	if err := need("go", "install Go 1.26 or newer."); err != nil {
		return err
	}
	env = append([]string{"GOFLAGS=-mod=mod", "GOWORK=off", "CGO_ENABLED=0", "GO111MODULE=on"}, env...)
	// Outside any module, so that go.mod here stays as it is.
	out, err := command{dir, env, []string{"go", "mod", "download", "-json", module + "@" + version}}.insist()
	if err != nil {
		return err
	}
	var found struct{ Dir string }
	if err := json.Unmarshal(out, &found); err != nil {
		return fmt.Errorf("go mod download: %w", err)
	}
	// The module cache is read only, and go writes go.sum while it builds.
	src := filepath.Join(dir, "src")
	if err := os.CopyFS(src, os.DirFS(found.Dir)); err != nil {
		return err
	}
	bin := filepath.Join(dir, filepath.Base(pkg))
	argv := append([]string{"go", "build", "-trimpath", "-buildvcs=false", "-o", bin}, flags...)
	if _, err := (command{src, env, append(argv, pkg)}).insist(); err != nil {
		return err
	}
	for _, k := range keep {
		to := filepath.Join(dir, k)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.Rename(filepath.Join(src, k), to); err != nil {
			return err
		}
	}
	return os.RemoveAll(src)
}

func installGoToSocial(t testing.TB) string {
	t.Helper()
	return installed(t, "gotosocial-"+gotosocialVersion, func(dir string) error {
		return goProgram(dir, gotosocialModule, gotosocialVersion, "./cmd/gotosocial",
			[]string{"web/template", "web/assets"}, []string{gotosocialGo},
			[]string{"-tags", "netgo osusergo static_build kvformat timetzdata"})
	})
}

func installJetstream(t testing.TB) string {
	t.Helper()
	return installed(t, "jetstream-"+jetstreamVersion, func(dir string) error {
		return goProgram(dir, jetstreamModule, jetstreamVersion, "./cmd/jetstream",
			[]string{"pkg/models/zstd_dictionary"}, nil, nil)
	})
}

//go:embed pds/package.json pds/package-lock.json
var pdsPackages embed.FS

//go:embed pds/*.mjs
var pdsScripts embed.FS

// installPDS installs the PDS and its directory. The folder is named after the
// lock file too, so that a changed dependency is installed anew.
func installPDS(t testing.TB) string {
	t.Helper()
	locked, err := pdsPackages.ReadFile("pds/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	sum := fnv.New32a()
	sum.Write(locked)
	return installed(t, fmt.Sprintf("pds-%s-%08x", pdsVersion, sum.Sum32()), npmCI)
}

// unpack writes the embedded files into a folder.
func unpack(dir string, files embed.FS) error {
	sub, err := fs.Sub(files, "pds")
	if err != nil {
		return err
	}
	return os.CopyFS(dir, sub)
}

const wantNode = "install Node.js 20 or newer, with npm."

// npmCI installs exactly what the lock file names. No package may run a script
// of its own while that happens; then the one that must be compiled is compiled
// (SQLite's binding, whose prebuilt form lies outside the npm registry).
func npmCI(dir string) error {
	for _, program := range []string{"node", "npm"} {
		if err := need(program, wantNode); err != nil {
			return err
		}
	}
	out, err := command{dir, nil, []string{"node", "-p", "process.versions.node + ' ' + process.execPath"}}.run()
	if err != nil {
		return err
	}
	version, exe, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	major, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(major); err != nil || n < 20 {
		return fmt.Errorf("Node.js %s is too old: %s", version, wantNode)
	}
	for _, program := range []string{"cc", "c++", "make", "python3"} {
		if err := need(program, "SQLite's binding for the PDS is compiled here; install build-essential and python3."); err != nil {
			return err
		}
	}
	if err := unpack(dir, pdsPackages); err != nil {
		return err
	}
	quiet := []string{"npm_config_audit=false", "npm_config_fund=false", "npm_config_update_notifier=false"}
	if _, err := (command{dir, quiet, []string{"npm", "ci", "--ignore-scripts"}}).insist(); err != nil {
		return err
	}
	env := append(quiet, "npm_config_build_from_source=true", "JOBS=2")
	headers := nodeHeaders(exe)
	if headers != "" {
		env = append(env, "npm_config_nodedir="+headers) // else they are downloaded
	}
	if _, err := (command{dir, env, []string{"npm", "rebuild", "better-sqlite3", "--foreground-scripts"}}).insist(); err != nil {
		if headers == "" {
			err = fmt.Errorf("this Node.js came without its headers (include/node/node.h): install it from nodejs.org's archive, or its -dev package: %w", err)
		}
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules/better-sqlite3/build/Release/better_sqlite3.node")); err != nil {
		return errors.Join(errors.New("npm ran no build for better-sqlite3"), err)
	}
	return nil
}

// nodeHeaders finds the headers that came with Node, in its own tarball or in a
// package such as libnode-dev: the folder that has include/node/node.h.
func nodeHeaders(exe string) string {
	prefix := filepath.Dir(filepath.Dir(exe))
	for _, dir := range []string{prefix, "/usr", "/usr/local"} {
		if _, err := os.Stat(filepath.Join(dir, "include/node/node.h")); err == nil {
			return dir
		}
	}
	return ""
}
