package server

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// Handler is everything, in order: an id for the request, a net for panics,
// headers, protection against other sites, who is asking, limits, and then
// the operations.
func (s *Server) Handler() http.Handler {
	var h http.Handler = s.Mux
	h = s.identify(h)
	h = s.sameSite(h)
	h = s.headers(h)
	h = s.catch(h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = s.identifyRequest(r)
		w.Header().Set("X-Request-Id", RequestID(r.Context()))
		if !sound(r) {
			s.refuse(w, r, &Problem{Title: "Bad Request", Status: http.StatusBadRequest, Kind: social.Invalid, Detail: "The address contains bytes that are no text."})
			return
		}
		h.ServeHTTP(w, r)
	})
}

// HTTP is a server with limits that suit: nobody holds a connection open by
// being slow. Live streams set their own.
func (s *Server) HTTP(addr string) *http.Server {
	return &http.Server{
		Addr: addr, Handler: s.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       60 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
}

// catch answers for a panic, so that one request's mistake is only its own.
func (s *Server) catch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := &begun{ResponseWriter: w}
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == any(http.ErrAbortHandler) { // somebody has gone away
				panic(p)
			}
			s.Log.Error("a request panicked", "request", RequestID(r.Context()), "method", r.Method, "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
			s.Metrics.refused.WithLabelValues("panic").Inc()
			if begun.status == 0 {
				s.refuse(w, r, errors.New("panic"))
			}
		}()
		next.ServeHTTP(begun, r)
	})
}

// begun remembers whether the answer has begun, and with which status.
type begun struct {
	http.ResponseWriter
	status int
}

func (b *begun) WriteHeader(status int) {
	b.status = status
	b.ResponseWriter.WriteHeader(status)
}

func (b *begun) Write(p []byte) (int, error) {
	if b.status == 0 {
		b.status = http.StatusOK
	}
	return b.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (b *begun) Unwrap() http.ResponseWriter { return b.ResponseWriter }

// headers sets what protects the reader of every answer.
func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'")
		if s.secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

// sameSite refuses unsafe requests that a browser makes for another site. A
// request with a bearer token needs no such protection: no other site can
// make a browser send one.
func (s *Server) sameSite(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	if u, err := url.Parse(s.Base); err == nil && u.Host != "" {
		_ = guard.AddTrustedOrigin(u.Scheme + "://" + u.Host) // that is an origin
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := bearer(r); !ok && !s.atDoor(r) {
			if err := guard.Check(r); err != nil {
				s.Metrics.refused.WithLabelValues("cross_site").Inc()
				s.refuse(w, r, social.Because(social.Forbidden, err, "This request came from another site, so it was not carried out."))
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// identify finds out who is asking and holds them to their limits.
func (s *Server) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.atDoor(r) {
			s.stranger(next, w, r)
			return
		}
		if !strings.HasPrefix(r.URL.Path, "/api/") && r.URL.Path != "/metrics" && !strings.HasPrefix(r.URL.Path, "/l/") {
			next.ServeHTTP(w, r)
			return
		}
		ctx := r.Context()
		actor, known, err := s.who(ctx, CredentialsOf(ctx), r)
		if wait := s.limits.take(CredentialsOf(ctx), actor, known, r.Method); wait > 0 {
			s.Metrics.refused.WithLabelValues("rate").Inc()
			s.refuse(w, r, tooMany("These are too many requests at once. Wait a little and try again.", wait))
			return
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		if known {
			r = r.WithContext(social.WithActor(ctx, actor))
		}
		next.ServeHTTP(w, r)
	})
}

// who authenticates. A session that is over counts as nobody; a token that is
// not valid is an error, since whoever sends one means it.
func (s *Server) who(ctx context.Context, c Credentials, r *http.Request) (social.Actor, bool, error) {
	_, hasBearer := bearer(r)
	if c.Session == "" && !hasBearer || s.Authority == nil {
		return social.Actor{}, false, nil
	}
	if hasBearer && c.Token == "" {
		return social.Actor{}, false, social.Errorf(social.Unauth, "The Authorization header must be “Bearer” and a token.")
	}
	actor, err := s.Authority.Authenticate(ctx, c)
	if err == nil {
		return actor, true, nil
	}
	if social.Unauth.Is(err) && !hasBearer {
		return social.Actor{}, false, nil
	}
	return social.Actor{}, false, err
}
