package networks

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"testing"
)

// mariadb is a database server of one test, on a port and in a folder of its
// own.
type mariadb struct {
	addr   string
	server *process
}

// startMariaDB starts one with an empty database and an account for it, both
// of the name given.
func startMariaDB(t testing.TB, name, password string) *mariadb {
	t.Helper()
	if err := need("mariadbd", "scripts/test.sh networks installs it on Debian."); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	common := []string{"--no-defaults", "--datadir=" + data, "--innodb-log-file-size=8M", "--innodb-buffer-pool-size=32M", "--max-allowed-packet=64M"}
	if me, err := user.Current(); err == nil && me.Uid == "0" {
		common = append(common, "--user=root") // else it refuses to be run by root
	}
	sql, err := birth(name, password)
	if err != nil {
		t.Fatal(err)
	}
	boot := exec.Command("mariadbd", append(common, "--bootstrap", "--log-warnings=0")...)
	boot.Stdin = bytes.NewReader(sql)
	if out, err := boot.CombinedOutput(); err != nil {
		t.Fatalf("mariadbd --bootstrap: %v\n%s", err, out)
	}
	for range 3 { // somebody else may take the port first
		port := freePorts(t, 1)[0]
		m := &mariadb{addr: fmt.Sprintf("127.0.0.1:%d", port)}
		m.server = &process{
			t: t, name: "mariadb", dir: dir,
			argv: append(append([]string{"mariadbd"}, common...), "--bind-address=127.0.0.1", fmt.Sprintf("--port=%d", port),
				"--socket="+filepath.Join(dir, "socket"), "--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0"),
			ready: func() bool { return listens(m.addr) },
		}
		if err = m.server.try(); err == nil {
			m.server.endWithTest()
			return m
		}
	}
	t.Fatalf("MariaDB did not start: %v", err)
	return nil
}

// birth is what mariadb-install-db would run, and the test's own database.
func birth(name, password string) ([]byte, error) {
	var all bytes.Buffer
	all.WriteString("create database mysql;\nuse mysql;\n")
	for i, file := range []string{"mysql_system_tables.sql", "mysql_system_tables_data.sql"} {
		b, err := os.ReadFile("/usr/share/mysql/" + file)
		if err != nil {
			return nil, fmt.Errorf("MariaDB came without its system tables: %w", err)
		}
		if i == 1 {
			all.WriteString("set @auth_root_socket=NULL;\nset @skip_auth_anonymous=1;\nset @current_hostname='localhost';\n")
		}
		all.Write(b)
		all.WriteString("\n")
	}
	fmt.Fprintf(&all, "create database %s;\nflush privileges;\ncreate user '%s'@'127.0.0.1' identified by '%s';\ngrant all on %s.* to '%s'@'127.0.0.1';\n", name, name, password, name, name)
	return all.Bytes(), nil
}
