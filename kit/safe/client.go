// Package safe is the one way out of the house: an HTTP client, and a dialer
// for lasting connections, that reach public addresses only.
//
// The address is checked when a connection is made, on the IP address that
// the name has resolved to just then, for every redirect again; so a name
// that points inside, or begins to, is refused like the address itself. An
// administrator may allow hosts and networks by name.
//
// Size, time and the number of redirects are limited, and a redirect to
// another host takes no credentials along.
package safe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// Options are the limits of a client. Zero values mean the defaults.
type Options struct {
	// Allow lists what is allowed besides the public internet: a host
	// ("localhost"), a host with a port ("localhost:8080"), an address or a
	// network ("10.1.0.0/16"). See Client.Allow to change it later.
	Allow        []string
	MaxBytes     int64         // of a response body; 20 MB
	Timeout      time.Duration // of a whole request; 30 seconds
	MaxRedirects int           // 5; negative follows none
	UserAgent    string        // sent when a request brings none
	Resolver     *net.Resolver // the system's
}

// Client is the way out.
type Client struct {
	// HTTP is the client to use for requests.
	HTTP *http.Client

	guard  *ssrf.Guardian
	dialer net.Dialer
	allow  atomic.Pointer[allowed]
	o      Options
}

// Refused is the error of a connection that may not be made.
type Refused struct{ Host, Why string }

// Error returns a sentence that is safe to show.
func (r *Refused) Error() string {
	return fmt.Sprintf("Parley may not connect to %s: %s.", r.Host, r.Why)
}

// Refused is the same sentence; by it a caller can tell the error by what it
// is, without knowing this package.
func (r *Refused) Refused() string { return r.Error() }

// TooLarge is the error of an answer that is larger than the limit.
type TooLarge struct {
	Host string
	Max  int64
}

// Error returns a sentence that is safe to show.
func (t *TooLarge) Error() string {
	size := fmt.Sprintf("%d bytes", t.Max)
	if t.Max >= 1<<20 {
		size = fmt.Sprintf("%d MB", t.Max>>20)
	}
	return fmt.Sprintf("The answer of %s is larger than %s, so it was not read.", t.Host, size)
}

// TooLarge is the same sentence, like Refused.Refused.
func (t *TooLarge) TooLarge() string { return t.Error() }

// New makes a client. It fails only if an entry of Allow cannot be read.
func New(o Options) (*Client, error) {
	if o.MaxBytes == 0 {
		o.MaxBytes = 20 << 20
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.MaxRedirects == 0 {
		o.MaxRedirects = 5
	}
	if o.UserAgent == "" {
		o.UserAgent = "Parley (+https://github.com/parley-crm/parley)"
	}
	c := &Client{o: o, guard: ssrf.New(ssrf.WithAnyPort())}
	c.dialer = net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, Resolver: o.Resolver}
	if err := c.Allow(o.Allow); err != nil {
		return nil, err
	}
	c.HTTP = &http.Client{
		Timeout:       o.Timeout,
		CheckRedirect: c.redirect,
		Transport: &limited{c: c, next: &http.Transport{
			// No Proxy: a proxy would resolve names behind our back.
			DialContext:            c.Dial,
			ForceAttemptHTTP2:      true,
			MaxIdleConns:           100,
			MaxIdleConnsPerHost:    4,
			IdleConnTimeout:        90 * time.Second,
			TLSHandshakeTimeout:    10 * time.Second,
			ExpectContinueTimeout:  time.Second,
			MaxResponseHeaderBytes: 1 << 20,
		}},
	}
	return c, nil
}

// Dial opens a connection after the same check as the client's own. Its
// signature is that of net.Dialer.DialContext.
func (c *Client) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, &Refused{addr, "that is not a host with a port"}
	}
	if !strings.HasPrefix(network, "tcp") {
		return nil, &Refused{host, "only TCP is used"}
	}
	if strings.Contains(host, "%") {
		return nil, &Refused{host, "addresses with a zone are local"}
	}
	if number(host) {
		return nil, &Refused{host, "that is not a proper address"}
	}
	allow := c.allow.Load()
	d := c.dialer
	if !allow.host(host, port) {
		d.ControlContext = func(_ context.Context, network, resolved string, _ syscall.RawConn) error {
			return c.check(allow, host, network, resolved)
		}
	}
	conn, err := d.DialContext(ctx, network, addr)
	if refused := (*Refused)(nil); errors.As(err, &refused) {
		return nil, refused
	}
	return conn, err
}

// number reports whether a host ends in a number without being an address.
// Some resolvers take 2130706433, 0x7f.1 or 0177.0.0.1 for 127.0.0.1; no real
// name looks like that (the WHATWG URL standard refuses them as well).
func number(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return false
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	last := host[strings.LastIndexByte(host, '.')+1:]
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// check decides about an address that is about to be connected to.
func (c *Client) check(allow *allowed, host, network, resolved string) error {
	at, err := netip.ParseAddrPort(resolved)
	if err != nil || (network != "tcp4" && network != "tcp6") {
		return &Refused{host, "it does not lead to an internet address"}
	}
	if allow.address(at.Addr().Unmap()) || c.guard.SafeAddr(at.Addr()) == nil {
		return nil
	}
	why := "it is not a public address; an administrator can allow it"
	if host != at.Addr().String() {
		why = fmt.Sprintf("it leads to %s, which is not a public address; an administrator can allow it", at.Addr())
	}
	return &Refused{host, why}
}

// redirect limits redirects and takes away whatever might be a secret when
// one leads to another host.
func (c *Client) redirect(r *http.Request, via []*http.Request) error {
	if len(via) > c.o.MaxRedirects {
		return &Refused{r.URL.Host, fmt.Sprintf("there were more than %d redirects", max(0, c.o.MaxRedirects))}
	}
	same := true // as every host so far: who has been elsewhere comes back without secrets
	for _, v := range via {
		same = same && sameOrigin(v.URL, r.URL)
	}
	if same {
		return nil
	}
	kept := http.Header{}
	for _, name := range []string{"Accept", "Accept-Language", "User-Agent"} {
		if v, ok := r.Header[name]; ok {
			kept[name] = v
		}
	}
	r.Header = kept
	return nil
}

func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Host, b.Host)
}

// limited is the transport: it checks the scheme, names us and limits what
// comes back.
type limited struct {
	c    *Client
	next *http.Transport
}

func (l *limited) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "http" && r.URL.Scheme != "https" {
		return nil, &Refused{r.URL.Redacted(), "only http and https addresses are used"}
	}
	if r.Header.Get("User-Agent") == "" {
		r = r.Clone(r.Context())
		r.Header.Set("User-Agent", l.c.o.UserAgent)
	}
	resp, err := l.next.RoundTrip(r)
	if err != nil || resp.StatusCode == http.StatusSwitchingProtocols {
		return resp, err
	}
	if resp.ContentLength > l.c.o.MaxBytes {
		resp.Body.Close()
		return nil, &TooLarge{r.URL.Hostname(), l.c.o.MaxBytes}
	}
	resp.Body = &body{ReadCloser: resp.Body, left: l.c.o.MaxBytes, host: r.URL.Hostname(), max: l.c.o.MaxBytes}
	return resp, nil
}

// CloseIdleConnections lets http.Client.CloseIdleConnections reach through.
func (l *limited) CloseIdleConnections() { l.next.CloseIdleConnections() }
