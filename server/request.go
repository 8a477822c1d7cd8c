package server

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/id"
)

// CookieName is the name of the session cookie.
const CookieName = "parley_session"

type requestKey struct{}

type request struct {
	id          string
	host        string
	credentials Credentials
}

func requestOf(ctx context.Context) request {
	r, _ := ctx.Value(requestKey{}).(request)
	return r
}

// RequestID is the id under which a request stands in the log and in its
// answer's X-Request-Id.
func RequestID(ctx context.Context) string { return requestOf(ctx).id }

// CredentialsOf returns what the request brought along, and where it came from.
func CredentialsOf(ctx context.Context) Credentials { return requestOf(ctx).credentials }

// identifyRequest gives the request an id and reads where it comes from.
func (s *Server) identifyRequest(r *http.Request) *http.Request {
	q := request{id: id.New(), host: r.Host, credentials: Credentials{IP: s.ip(r), Agent: clean(r.UserAgent())}}
	if c, err := r.Cookie(CookieName); err == nil {
		q.credentials.Session = c.Value
	}
	if token, ok := bearer(r); ok {
		q.credentials.Token, q.credentials.Session = token, ""
	}
	return r.WithContext(context.WithValue(r.Context(), requestKey{}, q))
}

// bearer reads the token of an Authorization header; ok says that there is
// such a header at all.
func bearer(r *http.Request) (token string, ok bool) {
	h := r.Header.Get("Authorization")
	if h == "" {
		return "", false
	}
	kind, token, _ := strings.Cut(h, " ")
	if !strings.EqualFold(kind, "Bearer") {
		return "", true
	}
	return strings.TrimSpace(token), true
}

// ip is the address of whoever asks. X-Forwarded-For is read from its end, as
// far as trusted proxies wrote it.
func (s *Server) ip(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	if err != nil || !s.trusts(addr) {
		return host
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = hop.Unmap()
		if !s.trusts(addr) {
			break
		}
	}
	return addr.String()
}

func (s *Server) trusts(a netip.Addr) bool {
	for _, p := range s.Trusted {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// Cookie is the session cookie with a new secret.
func (s *Server) Cookie(secret string, expires time.Time) http.Cookie {
	c := s.NoCookie()
	c.Value, c.Expires, c.MaxAge = secret, expires, int(expires.Sub(s.Clock.Now()).Seconds())
	return c
}

// NoCookie takes the session cookie away.
func (s *Server) NoCookie() http.Cookie {
	return http.Cookie{Name: CookieName, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.secure(), MaxAge: -1}
}

func (s *Server) secure() bool { return strings.HasPrefix(s.Base, "https://") }

// Origin is the public address of the app: as configured, otherwise as the
// request named it.
func Origin(ctx context.Context, s *Server) string {
	if s.Base != "" {
		return strings.TrimSuffix(s.Base, "/")
	}
	return "http://" + requestOf(ctx).host
}

// sound reports whether the address is text throughout: valid UTF-8 without a
// zero byte, which databases refuse.
func sound(r *http.Request) bool {
	query, err := url.QueryUnescape(r.URL.RawQuery)
	return err == nil && isText(r.URL.Path) && isText(query)
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// clean makes text of a header.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
