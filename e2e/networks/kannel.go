package networks

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"
)

// A Kannel is a real SMS gateway of one test, with a telephone instead of a
// network behind it.
type Kannel struct {
	URL      string // where it takes messages
	User     string
	Password string

	t        testing.TB
	dir      string
	bearer   *process
	box      *process
	line     int
	phones   []*process
	customer string
}

// Telephone is the number of the one telephone.
const Telephone = "+491701234567"

const fakePhone = "/usr/lib/kannel/test/fakesmsc"

// StartKannel starts the gateway. hook is where it brings what comes, with the
// key of the channel.
func StartKannel(t testing.TB, hook func() (address, key string)) *Kannel {
	t.Helper()
	const how = "scripts/test.sh networks installs it on Debian (kannel, kannel-extras)."
	for _, program := range []string{"bearerbox", "smsbox", fakePhone} {
		if err := need(program, how); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "spool"), 0o700); err != nil {
		t.Fatal(err)
	}
	p := freePorts(t, 4)
	k := &Kannel{URL: fmt.Sprintf("http://127.0.0.1:%d/sendsms", p[3]), User: "parley", Password: "a password", t: t, dir: dir, line: p[2], customer: Telephone}
	k.bearer = &process{t: t, name: "bearerbox", dir: dir, argv: []string{"bearerbox", "kannel.conf"}, ready: func() bool {
		return listens(fmt.Sprintf("127.0.0.1:%d", p[1])) && listens(fmt.Sprintf("127.0.0.1:%d", p[0]))
	}}
	k.box = &process{t: t, name: "smsbox", dir: dir, argv: []string{"smsbox", "kannel.conf"}, ready: func() bool { return listens(fmt.Sprintf("127.0.0.1:%d", p[3])) }}
	address, key := hook()
	conf := fmt.Sprintf(kannelConf, p[0], p[1], dir, p[2], p[1], p[3], k.User, k.Password,
		address+"?key="+key+"&from=%p&to=%P&text=%b&epoch=%T&id=%I&coding=%c&charset=%C")
	if err := os.WriteFile(filepath.Join(dir, "kannel.conf"), []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*process{k.bearer, k.box} {
		s.start()
		s.endWithTest()
	}
	return k
}

// Text lets the customer write. The same telephone gets our answers from then on.
func (k *Kannel) Text(to, text string) {
	k.t.Helper()
	for _, p := range k.phones {
		p.end() // the network has one line
	}
	name := fmt.Sprintf("phone%d", len(k.phones))
	p := &process{t: k.t, name: name, dir: k.dir,
		argv:  append([]string{fakePhone, "-H", "127.0.0.1", "-r", fmt.Sprint(k.line), "-i", "0.1", "-m", "1"}, strings.Join([]string{k.customer, to, "text", text}, " ")),
		ready: func() bool { return strings.Contains(k.heard(name), "sent message 1") }}
	p.start()
	p.endWithTest()
	k.phones = append(k.phones, p)
}

func (k *Kannel) heard(phone string) string {
	b, _ := os.ReadFile(filepath.Join(k.dir, phone+".log"))
	return string(b)
}

var gotMessage = regexp.MustCompile(`Got message \d+: <(\S+) (\S+) (\S+) (.*)>`)

// Got are the texts that the telephone has got.
func (k *Kannel) Got() (out []string) {
	for i := range k.phones {
		for _, m := range gotMessage.FindAllStringSubmatch(k.heard(fmt.Sprintf("phone%d", i)), -1) {
			text := m[4]
			if m[3] == "ucs-2" {
				raw, err := url.QueryUnescape(text)
				if err != nil {
					k.t.Errorf("the telephone got %q: %v", text, err)
				}
				u := make([]uint16, len(raw)/2)
				for i := range u {
					u[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
				}
				text = string(utf16.Decode(u))
			}
			out = append(out, text)
		}
	}
	return out
}

const kannelConf = `group = core
admin-port = %d
admin-password = none
admin-interface = "127.0.0.1"
smsbox-port = %d
smsbox-interface = "127.0.0.1"
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
store-type = spool
store-location = "%s/spool"
dlr-storage = internal
sms-resend-freq = 5
log-level = 1

group = smsc
smsc = fake
smsc-id = FAKE
port = %d
connect-allow-ip = 127.0.0.1

group = smsbox-route
smsbox-id = sb1
smsc-id = FAKE

group = smsbox
smsbox-id = sb1
bearerbox-host = 127.0.0.1
bearerbox-port = %d
sendsms-port = %d
sendsms-interface = "127.0.0.1"
sendsms-url = "/sendsms"
mo-recode = false
max-pending-requests = 1024
http-request-retry = 20
http-queue-delay = 1
log-level = 1

group = sendsms-user
username = %s
password = %s
max-messages = 10
concatenation = true

group = sms-service
keyword = default
catch-all = true
accept-x-kannel-headers = true
max-messages = 0
omit-empty = true
get-url = "%s"
`
