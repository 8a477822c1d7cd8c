package networks

import (
	"fmt"
	"net"
	"net/smtp"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A Mail is a real mail server of one test: Postfix, which takes mail and
// brings it round, and Dovecot, which keeps the mailboxes. Both run on ports
// and in a folder of their own, and end with the test.
type Mail struct {
	IMAP, SMTP string // addresses
	Password   string // of every mailbox

	t    testing.TB
	dir  string
	post *process
}

// The mailboxes that there are. Whatever else is written to at these domains
// comes back.
const (
	MailBrand    = "care@brewell.test"
	MailCustomer = "maya@home.test"
	MailFriend   = "noah@home.test" // of the customer
	MailStranger = "eve@evil.test"
	MailNobody   = "gone@home.test"
)

// StartMail starts one.
func StartMail(t testing.TB) *Mail {
	t.Helper()
	const how = "scripts/test.sh networks installs it on Debian."
	for _, program := range []string{"dovecot", "postfix"} {
		if err := need(program, how); err != nil {
			t.Fatal(err)
		}
	}
	if os.Getuid() != 0 {
		t.Fatal("Postfix and Dovecot hand their parts to users of their own, so this test is run as root.")
	}
	dir, err := os.MkdirTemp("", "mail") // short, and open to the servers' own users
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	ports := freePorts(t, 4)
	at := func(i int) string { return fmt.Sprintf("127.0.0.1:%d", ports[i]) }
	m := &Mail{IMAP: at(0), SMTP: at(1), Password: "a mail password", t: t, dir: dir}
	m.write("dovecot.conf", fmt.Sprintf(dovecotConf, dir, dir, dir, dir, dir, ports[0], ports[2], ports[3], dir, dir, dir))
	users := ""
	for _, u := range []string{MailBrand, MailCustomer, MailFriend, MailStranger} {
		users += u + ":{PLAIN}" + m.Password + "::::::\n"
	}
	m.write("users", users)
	for _, d := range []string{"run", "state", "mail", "etc", "spool", "data"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	m.give("mail", "nobody")
	m.give("data", "postfix")
	m.write("etc/main.cf", fmt.Sprintf(postfixMain, dir, dir, dir, dir, dir, at(2), at(3)))
	m.write("etc/master.cf", fmt.Sprintf(postfixMaster, m.SMTP))
	if out, err := exec.Command("postfix", "-c", filepath.Join(dir, "etc"), "check").CombinedOutput(); err != nil {
		t.Fatalf("postfix check: %v\n%s", err, out)
	}
	keep := &process{t: t, name: "dovecot", dir: dir, argv: []string{"dovecot", "-F", "-c", filepath.Join(dir, "dovecot.conf")},
		ready: func() bool { return listens(m.IMAP) && listens(at(2)) }}
	keep.start()
	keep.endWithTest()
	m.post = &process{t: t, name: "postfix", dir: dir, argv: []string{"/usr/lib/postfix/sbin/master", "-c", filepath.Join(dir, "etc"), "-d"},
		ready: func() bool { return listens(m.SMTP) }}
	m.post.start()
	m.post.endWithTest()
	return m
}

func (m *Mail) write(name, text string) {
	m.t.Helper()
	path := filepath.Join(m.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		m.t.Fatal(err)
	}
}

// give makes a folder somebody's.
func (m *Mail) give(name, who string) {
	m.t.Helper()
	u, err := user.Lookup(who)
	if err != nil {
		m.t.Fatal(err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(filepath.Join(m.dir, name), uid, gid); err != nil {
		m.t.Fatal(err)
	}
}

// Send hands a mail over as its sender does: with a password, whatever stands
// in its head.
func (m *Mail) Send(from, to string, lines ...string) {
	m.t.Helper()
	c, err := smtp.Dial(m.SMTP)
	if err == nil {
		defer c.Close()
		err = c.Auth(smtp.PlainAuth("", from, m.Password, "127.0.0.1"))
	}
	if err == nil {
		err = c.Mail(from)
	}
	if err == nil {
		err = c.Rcpt(to)
	}
	if err == nil {
		w, err2 := c.Data()
		if err = err2; err == nil {
			_, _ = w.Write([]byte(strings.Join(lines, "\r\n") + "\r\n"))
			err = w.Close()
		}
	}
	if err != nil {
		m.t.Fatalf("a mail from %s to %s: %v", from, to, err)
	}
}

// Box are the mails that somebody has, as they came, the oldest first.
func (m *Mail) Box(who string) (out []string) {
	m.t.Helper()
	for _, state := range []string{"new", "cur"} {
		files, _ := filepath.Glob(filepath.Join(m.dir, "mail", who, state, "*"))
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err == nil {
				out = append(out, strings.ReplaceAll(string(b), "\r\n", "\n"))
			}
		}
	}
	return out
}

// Sent are the mails in somebody's folder of what was sent.
func (m *Mail) Sent(who string) (out []string) {
	files, _ := filepath.Glob(filepath.Join(m.dir, "mail", who, ".Sent", "*", "*"))
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil && filepath.Base(filepath.Dir(f)) != "tmp" {
			out = append(out, string(b))
		}
	}
	return out
}

// Gate is a way to the SMTP server that can be cut: when armed, it lets a mail
// through and keeps the server's last word for itself.
type Gate struct {
	Addr  string
	Armed chan bool // holds true while the next mail's end is to be kept
	Kept  chan struct{}
}

// NewGate opens one.
func NewGate(t testing.TB, to string) *Gate {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	g := &Gate{Addr: l.Addr().String(), Armed: make(chan bool, 1), Kept: make(chan struct{}, 1)}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go g.carry(in, to)
		}
	}()
	return g
}

func (g *Gate) carry(in net.Conn, to string) {
	defer in.Close()
	out, err := net.DialTimeout("tcp", to, 5*time.Second)
	if err != nil {
		return
	}
	defer out.Close()
	go func() {
		b := make([]byte, 64<<10)
		for {
			n, err := in.Read(b)
			if err != nil {
				return
			}
			if _, err := out.Write(b[:n]); err != nil {
				return
			}
		}
	}()
	b := make([]byte, 64<<10)
	for {
		n, err := out.Read(b)
		if err != nil {
			return
		}
		if strings.HasPrefix(string(b[:n]), "250 2.0.0 Ok: queued") {
			select {
			case <-g.Armed:
				g.Kept <- struct{}{}
				select {} // until the process that asked is dead; the test ends this
			default:
			}
		}
		if _, err := in.Write(b[:n]); err != nil {
			return
		}
	}
}

const dovecotConf = `base_dir = %s/run
state_dir = %s/state
log_path = %s/dovecot-lines.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:%s/mail/%%u
first_valid_uid = 1
recipient_delimiter = +
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%%u %s/users
}
namespace inbox {
  inbox = yes
  mailbox Sent {
    auto = create
    special_use = \Sent
  }
}
service imap-login {
  inet_listener imap {
    address = 127.0.0.1
    port = %d
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = %d
  }
}
service auth {
  inet_listener {
    address = 127.0.0.1
    port = %d
  }
}
protocol lmtp {
  postmaster_address = postmaster@brewell.test
}
userdb {
  driver = passwd-file
  args = username_format=%%u %s/users
  default_fields = uid=nobody gid=nogroup home=%s/mail/%%u
}
# %s
`

// Dovecot does not say whether it delivered (its LMTP has no DSN), so the
// customer's box is filled by Postfix itself, which does.
const postfixMain = `compatibility_level = 3.6
queue_directory = %s/spool
data_directory = %s/data
maillog_file = %s/postfix-lines.log
maillog_file_prefixes = %s
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.brewell.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.255/32
alias_maps =
local_recipient_maps =
recipient_delimiter = +
virtual_mailbox_domains = brewell.test, home.test, evil.test
virtual_mailbox_base = %s/mail
virtual_mailbox_maps = static:maya@home.test/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
transport_maps = inline:{maya@home.test=virtual:}
virtual_transport = lmtp:inet:%s
default_transport = error:nothing leaves this machine
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:%s
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_tls_security_level = none
minimal_backoff_time = 5s
queue_run_delay = 5s
`

const postfixMaster = `%s inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`
