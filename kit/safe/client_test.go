package safe

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// names is a name server that answers as it is told; a name with several
// answers gives one after the other.
type names struct {
	mu     sync.Mutex
	answer map[string][]string
	asked  map[string]int
}

func (n *names) resolver() *net.Resolver {
	n.asked = map[string]int{}
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go n.serve(there)
		return here, nil
	}}
}

// serve speaks DNS over a stream: a length of two bytes before each message.
func (n *names) serve(c net.Conn) {
	defer c.Close()
	for {
		var size uint16
		if binary.Read(c, binary.BigEndian, &size) != nil {
			return
		}
		buf := make([]byte, size)
		if _, err := io.ReadFull(c, buf); err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buf) != nil {
			return
		}
		m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
		q := m.Questions[0]
		ip, known := n.next(strings.TrimSuffix(q.Name.String(), "."), q.Type)
		switch {
		case !known:
			m.RCode = dnsmessage.RCodeNameError
		case !ip.IsValid():
		case ip.Is4() && q.Type == dnsmessage.TypeA:
			m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}, Body: &dnsmessage.AResource{A: ip.As4()}}}
		case ip.Is6() && q.Type == dnsmessage.TypeAAAA:
			m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}, Body: &dnsmessage.AAAAResource{AAAA: ip.As16()}}}
		}
		out, err := m.Pack()
		if err != nil {
			return
		}
		if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(out))), out...)); err != nil {
			return
		}
	}
}

func (n *names) next(name string, t dnsmessage.Type) (netip.Addr, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	list, ok := n.answer[strings.ToLower(name)]
	if !ok {
		// What nip.io and its like do, and what the C library makes of
		// numbers that Go does not take for addresses.
		if ip, rest, found := strings.Cut(name, ".nip.io"); found && rest == "" {
			if a, err := netip.ParseAddr(strings.ReplaceAll(ip, "-", ".")); err == nil {
				return a, true
			}
		}
		return netip.Addr{}, false
	}
	i := n.asked[name]
	if t == dnsmessage.TypeA {
		n.asked[name]++
	}
	return netip.MustParseAddr(list[min(i, len(list)-1)]), true
}

func client(t *testing.T, o Options) *Client {
	t.Helper()
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdle)
	return c
}

// evil is what must never be connected to. The names are answered by the name
// server of the test.
var evil = []string{
	"127.0.0.1", "127.0.0.2", "127.1.1.1", "127.255.255.254", "0.0.0.0", "0.0.0.1", "0.1.2.3",
	"10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.1.254",
	"100.64.0.1", "100.127.255.254", "169.254.169.254", "169.254.0.1", "169.254.170.2", "192.0.0.1", "192.0.0.192",
	"192.0.2.1", "198.18.0.1", "198.19.255.254", "198.51.100.7", "203.0.113.9", "192.88.99.1",
	"224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.31.196.1", "192.52.193.1", "192.175.48.1",
	"[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::2]", "[::127.0.0.1]", "[::7f00:1]",
	"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[::ffff:192.168.0.1]", "[::ffff:0.0.0.0]",
	"[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::1]", "[64:ff9b:1::7f00:1]",
	"[2002:7f00:1::]", "[2002:a00:1::1]", "[2002:a9fe:a9fe::]", "[2002:c0a8:1::1]", "[2002:808:808::1]",
	"[2001::1]", "[2001:0:7f00:1::]", "[2001:10::1]", "[2001:20::1]", "[2001:db8::1]", "[3fff::1]", "[2620:4f:8000::1]",
	"[fe80::1]", "[fe80::a00:27ff:fe00:1]", "[febf::1]", "[fec0::1]", "[fc00::1]", "[fd00::1]", "[fd00:ec2::254]", "[fdff:ffff::1]",
	"[ff02::1]", "[ff05::2]", "[ff0e::1]", "[100::1]", "[5f00::1]", "[4000::1]", "[::ffff:100.64.0.1]",
	"[fe80::1%25lo]", "[::1%25lo]", "[fe80::1%25eth0]",
	// numbers that some resolvers take for 127.0.0.1 and its kind
	"2130706433", "0x7f000001", "017700000001", "0177.0.0.1", "127.1", "127.0.1", "0x7f.0.0.1", "0x7f.1", "0", "00.00.00.00",
	"3232235777", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "169.16689662", "012.0.0.1", "0xc0.0xa8.0x0.0x1",
	// names that lead inside
	"localhost", "LOCALHOST", "localhost.", "ip6-localhost", "localhost.localdomain", "router.local", "metadata.google.internal",
	"127.0.0.1.nip.io", "10-0-0-1.nip.io", "169.254.169.254.nip.io", "192-168-0-1.nip.io", "inside.example", "six.example", "mapped.example", "nat.example",
	"ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "①②⑦.⓪.⓪.①", "１２７.０.０.１", "127。0。0。1",
}

func zone() *names {
	loop := []string{"127.0.0.1"}
	n := &names{answer: map[string][]string{
		"router.local": {"192.168.1.1"}, "metadata.google.internal": {"169.254.169.254"}, "ip6-localhost": {"::1"}, "localhost": loop, "localhost.localdomain": loop,
		"inside.example": {"10.1.2.3"}, "six.example": {"fd00::5"}, "mapped.example": {"::ffff:127.0.0.1"}, "nat.example": {"64:ff9b::7f00:1"},
	}}
	for _, number := range evil {
		if strings.Trim(number, "0123456789abcdefx.") == "" {
			if _, err := netip.ParseAddr(number); err != nil {
				n.answer[number] = loop
			}
		}
	}
	return n
}

func TestEvilHosts(t *testing.T) {
	if len(evil) < 100 {
		t.Fatalf("the table has %d hosts only", len(evil))
	}
	c := client(t, Options{Resolver: zone().resolver()})
	for _, host := range evil {
		t.Run(host, func(t *testing.T) {
			resp, err := c.HTTP.Get("http://" + host + ":9/")
			if err == nil {
				resp.Body.Close()
				t.Fatal("it was connected to")
			}
			var refused *Refused
			var unread *url.Error
			if errors.As(err, &refused) {
				if !strings.HasPrefix(refused.Error(), "Parley may not connect to ") || !strings.HasSuffix(refused.Error(), ".") {
					t.Errorf("unclear: %s", refused)
				}
				return
			}
			if errors.As(err, &unread) && unread.Op == "parse" {
				return // not an address at all
			}
			t.Fatalf("refused for another reason: %v", err)
		})
	}
}

func TestPublicAddresses(t *testing.T) {
	c := client(t, Options{})
	for _, addr := range []string{"1.1.1.1:443", "8.8.8.8:80", "172.32.0.1:80", "100.128.0.1:80", "[2606:4700::1111]:443", "[2a00:1450::1]:8443", "11.0.0.1:3000"} {
		network := "tcp4"
		if strings.HasPrefix(addr, "[") {
			network = "tcp6"
		}
		if err := c.check(c.allow.Load(), "some.example", network, addr); err != nil {
			t.Errorf("%s: %v", addr, err)
		}
	}
	for _, network := range []string{"udp4", "unix", "ip4"} {
		if c.check(c.allow.Load(), "some.example", network, "1.1.1.1:443") == nil {
			t.Errorf("%s was allowed", network)
		}
	}
}

// A name that is harmless when it is first asked for and leads inside the
// next time is refused the next time: what is checked is what is dialled.
func TestRebinding(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer srv.Close()
	_, port, _ := net.SplitHostPort(srv.Listener.Addr().String())
	n := zone()
	n.answer["rebind.example"] = []string{"127.0.0.1", "127.0.0.9"}
	c := client(t, Options{Resolver: n.resolver(), Allow: []string{"127.0.0.1"}})
	get := func() error {
		c.CloseIdle()
		resp, err := c.HTTP.Get("http://rebind.example:" + port)
		if err == nil {
			resp.Body.Close()
		}
		return err
	}
	if err := get(); err != nil {
		t.Fatalf("first: %v", err)
	}
	var refused *Refused
	if err := get(); !errors.As(err, &refused) || !strings.Contains(refused.Why, "127.0.0.9") {
		t.Fatalf("second: %v", err)
	}
}

func TestAllow(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer srv.Close()
	_, port, _ := net.SplitHostPort(srv.Listener.Addr().String())
	c := client(t, Options{Resolver: zone().resolver()})
	tests := []struct {
		name  string
		allow string
		host  string
		ok    bool
	}{
		{"nothing", "", "127.0.0.1", false},
		{"the address", "127.0.0.1", "127.0.0.1", true},
		{"the address lets a name through that leads there", "127.0.0.1", "localhost", true},
		{"the network", "127.0.0.0/8", "127.0.0.1", true},
		{"another network", "10.0.0.0/8", "127.0.0.1", false},
		{"the host", "localhost", "localhost", true},
		{"the host in other letters", "LocalHost", "localhost", true},
		{"the host does not allow its address", "localhost", "127.0.0.1", false},
		{"the host with this port", "localhost:" + port, "localhost", true},
		{"the host with another port", "localhost:1", "localhost", false},
		{"another host", "localhost", "localhost.localdomain", false},
		{"mapped", "::ffff:127.0.0.1", "127.0.0.1", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := c.Allow([]string{tt.allow}); err != nil {
				t.Fatal(err)
			}
			resp, err := c.HTTP.Get("http://" + tt.host + ":" + port)
			if err == nil {
				resp.Body.Close()
			}
			if (err == nil) != tt.ok {
				t.Fatalf("got %v", err)
			}
		})
	}
	for _, bad := range []string{"a b", "10.0.0.0/99", "http://x", "*.internal", ":80", "user@host"} {
		if c.Allow([]string{bad}) == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	if _, err := New(Options{Allow: []string{"10.0.0.0/99"}}); err == nil {
		t.Error("New took a bad entry")
	}
}

func TestDialForSockets(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c := client(t, Options{Resolver: zone().resolver()})
	var refused *Refused
	for _, try := range [][2]string{{"tcp", l.Addr().String()}, {"unix", "/tmp/x:1"}, {"tcp", "nowhere"}, {"udp", "127.0.0.1:53"}} {
		if _, err := c.Dial(t.Context(), try[0], try[1]); !errors.As(err, &refused) {
			t.Errorf("%v: %v", try, err)
		}
	}
	if err := c.Allow([]string{l.Addr().String()}); err != nil {
		t.Fatal(err)
	}
	conn, err := c.Dial(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

func TestRedirects(t *testing.T) {
	var got http.Header
	inner := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Header.Clone() }))
	defer inner.Close()
	_, innerPort, _ := net.SplitHostPort(inner.Listener.Addr().String())
	var outer *httptest.Server
	outer = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to := map[string]string{
			"/inside":  "http://127.0.0.9:" + innerPort + "/",
			"/file":    "file:///etc/passwd",
			"/gopher":  "gopher://127.0.0.1/",
			"/loop":    outer.URL + "/loop",
			"/other":   inner.URL + "/",
			"/there":   inner.URL + "/",
			"/again":   outer.URL + "/end",
			"/chain":   outer.URL + "/chain2",
			"/chain2":  outer.URL + "/inside",
			"/decimal": "http://2130706433:" + innerPort + "/",
		}[r.URL.Path]
		if to == "" {
			got = r.Header.Clone()
			return
		}
		http.Redirect(w, r, to, http.StatusFound)
	}))
	defer outer.Close()
	c := client(t, Options{Allow: []string{"127.0.0.1"}, Resolver: zone().resolver(), MaxRedirects: 3})
	_ = c.Allow([]string{strings.TrimPrefix(outer.URL, "http://"), "127.0.0.1"})
	tests := []struct {
		path    string
		refused bool
		secret  bool
	}{
		{"/inside", true, false}, {"/file", true, false}, {"/gopher", true, false}, {"/loop", true, false}, {"/chain", true, false},
		{"/other", false, false}, {"/again", false, true},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			got = nil
			r, _ := http.NewRequest("GET", outer.URL+tt.path+"?token=hush", nil)
			for _, name := range []string{"Authorization", "Cookie", "X-Api-Key", "Proxy-Authorization"} {
				r.Header.Set(name, "hush")
			}
			resp, err := c.HTTP.Do(r)
			if err == nil {
				resp.Body.Close()
			}
			if tt.refused {
				var refused *Refused
				if !errors.As(err, &refused) {
					t.Fatalf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := got.Write(&b); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(b.String(), "hush") != tt.secret {
				t.Fatalf("arrived with\n%s", b.String())
			}
			if got.Get("User-Agent") == "" {
				t.Error("without User-Agent")
			}
		})
	}
	if _, err := c.HTTP.Get("ftp://127.0.0.1/"); err == nil {
		t.Error("ftp was taken")
	}
}

func TestLimits(t *testing.T) {
	stop := make(chan struct{})
	defer close(stop)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/exact":
			fmt.Fprint(w, strings.Repeat("x", 1000))
		case "/told":
			fmt.Fprint(w, strings.Repeat("x", 1001))
		case "/untold":
			for range 11 {
				fmt.Fprint(w, strings.Repeat("x", 100))
				w.(http.Flusher).Flush()
			}
		case "/slow":
			w.(http.Flusher).Flush()
			select {
			case <-stop:
			case <-r.Context().Done():
			}
		}
	}))
	defer srv.Close()
	c := client(t, Options{Allow: []string{"127.0.0.1"}, MaxBytes: 1000})
	tests := []struct {
		path  string
		large bool
	}{{"/exact", false}, {"/told", true}, {"/untold", true}}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			resp, err := c.HTTP.Get(srv.URL + tt.path)
			var b []byte
			if err == nil {
				b, err = io.ReadAll(resp.Body)
				resp.Body.Close()
			}
			var large *TooLarge
			if errors.As(err, &large) != tt.large {
				t.Fatalf("got %d bytes, %v", len(b), err)
			}
			if !tt.large && len(b) != 1000 {
				t.Fatalf("got %d bytes", len(b))
			}
			if tt.large && !strings.Contains(large.Error(), "larger than 1000 bytes") {
				t.Errorf("unclear: %s", large)
			}
		})
	}
	short := client(t, Options{Allow: []string{"127.0.0.1"}, Timeout: 50 * time.Millisecond})
	resp, err := short.HTTP.Get(srv.URL + "/slow")
	if err == nil {
		_, err = io.ReadAll(resp.Body)
		resp.Body.Close()
	}
	if err == nil {
		t.Error("a body that never comes was waited for")
	}
}
