package networks

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// debian unpacks Debian packages into a folder without installing them: no web
// server is started on the machine, and nothing is put where others look. The
// programs that they need (PHP, MariaDB) are installed by scripts/test.sh.
func debian(dir string, packages ...string) error {
	for _, program := range []string{"apt-get", "dpkg-deb"} {
		if err := need(program, "the blogs, wikis and bookmarks of the tests come from Debian’s packages."); err != nil {
			return err
		}
	}
	argv := append([]string{"apt-get", "-q", "-o", "Acquire::Retries=3", "download"}, packages...)
	if _, err := (command{dir, nil, argv}).insist(); err != nil {
		return err
	}
	archives, err := filepath.Glob(filepath.Join(dir, "*.deb"))
	if err != nil {
		return err
	}
	if len(archives) != len(packages) {
		return fmt.Errorf("apt-get download brought %d of %d packages", len(archives), len(packages))
	}
	for _, a := range archives {
		if _, err := (command{dir, nil, []string{"dpkg-deb", "-x", a, dir}}).run(); err != nil {
			return err
		}
		if err := os.Remove(a); err != nil {
			return err
		}
	}
	return nil
}

// needPHP says what is missing for a server that is written in PHP.
func needPHP(t testing.TB, modules ...string) {
	t.Helper()
	const how = "scripts/test.sh networks installs it on Debian."
	if err := need("php", how); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("php", "-m").Output()
	if err != nil {
		t.Fatalf("php -m: %v", err)
	}
	have := "\n" + strings.ToLower(string(out))
	for _, m := range modules {
		if !strings.Contains(have, "\n"+m+"\n") {
			t.Fatalf("PHP’s module %s is missing: %s", m, how)
		}
	}
}

// php is a server that PHP's own web server runs.
func php(t testing.TB, name, dir, host, root, router string, env []string, flags ...string) *process {
	argv := append([]string{"php", "-d", "display_errors=0", "-d", "opcache.enable_cli=1"}, flags...)
	argv = append(argv, "-S", host, "-t", root)
	if router != "" {
		argv = append(argv, router)
	}
	return &process{
		t: t, name: name, dir: dir, argv: argv, env: append([]string{"PHP_CLI_SERVER_WORKERS=4"}, env...),
		ready: func() bool { return reached("http://" + host + "/") },
	}
}

// script runs a PHP script and returns what it printed.
func script(t testing.TB, dir string, env []string, argv ...string) []byte {
	t.Helper()
	out, err := command{dir, env, append([]string{"php", "-d", "display_errors=stderr", "-d", "error_reporting=1"}, argv...)}.run()
	if err != nil {
		t.Fatalf("php %s: %v\n%s", strings.Join(argv, " "), err, out)
	}
	return out
}
