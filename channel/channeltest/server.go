package channeltest

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/safe"
)

// Server serves a double of a network over HTTP and gives it the troubles.
type Server struct {
	URL string
	// Refuse writes the network's own words for Revoked and Refused.
	Refuse func(w http.ResponseWriter, r *http.Request, t Trouble)

	srv     *httptest.Server
	handler http.Handler
	client  *safe.Client
	mu      sync.Mutex
	trouble Trouble
	end     chan struct{}
}

// Serve starts a double on loopback and ends it with the test.
func Serve(t testing.TB, h http.Handler) *Server {
	s := &Server{handler: h, end: make(chan struct{})}
	s.Refuse = func(w http.ResponseWriter, _ *http.Request, t Trouble) {
		code := http.StatusForbidden
		if t == Revoked {
			code = http.StatusUnauthorized
		}
		http.Error(w, "no", code)
	}
	s.srv = httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = s.srv.URL
	var err error
	s.client, err = safe.New(safe.Options{Allow: []string{"127.0.0.1"}, MaxBytes: 64 << 20, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		close(s.end)
		s.client.CloseIdle()
		s.srv.CloseClientConnections()
		s.srv.Close()
	})
	return s
}

// Trouble makes the server misbehave from now on.
func (s *Server) Trouble(t Trouble) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = t
}

func (s *Server) now() Trouble {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trouble
}

// Env is the world for a channel that talks to this server: the safe client
// with leave to reach it.
func (s *Server) Env(c clock.Clock) channel.Env {
	h := *s.client.HTTP
	h.Transport = away{s, h.Transport}
	return channel.Env{HTTP: &h, Dial: s.client.Dial, Clock: c, Log: slog.New(slog.DiscardHandler)}
}

// away fails to connect while the server is away.
type away struct {
	s    *Server
	next http.RoundTripper
}

func (a away) RoundTrip(r *http.Request) (*http.Response, error) {
	if a.s.now() == Away {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: io.ErrClosedPipe}
	}
	return a.next.RoundTrip(r)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	changes := r.Method != http.MethodGet && r.Method != http.MethodHead
	switch t := s.now(); t {
	case Limited:
		w.Header().Set("Retry-After", strconv.Itoa(int(Wait/time.Second)))
		http.Error(w, `{"error":"Too many requests"}`, http.StatusTooManyRequests)
		return
	case Failing:
		http.Error(w, "<html>oops</html>", http.StatusInternalServerError)
		return
	case Broken:
		cut(w)
		return
	case FailingLate, BrokenLate:
		if !changes {
			break
		}
		s.handler.ServeHTTP(httptest.NewRecorder(), r)
		if t == BrokenLate {
			cut(w)
			return
		}
		http.Error(w, "<html>oops</html>", http.StatusInternalServerError)
		return
	case Revoked:
		s.Refuse(w, r, t)
		return
	case Refused:
		if changes {
			s.Refuse(w, r, t)
			return
		}
	case Silent:
		// The body is read so that the client's cancelling is noticed.
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-s.end:
		case <-r.Context().Done():
		}
		return
	}
	s.handler.ServeHTTP(w, r)
}

// cut closes the connection without a word.
func cut(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		conn.Close()
	}
}

// mutate changes a few bytes of an event, the same way for the same n.
func mutate(raw []byte, n uint64) []byte {
	out := bytes.Clone(raw)
	next := func(limit int) int {
		n ^= n << 13
		n ^= n >> 7
		n ^= n << 17
		return int(n % uint64(limit))
	}
	for range 1 + next(4) {
		if len(out) == 0 {
			break
		}
		i := next(len(out))
		switch next(5) {
		case 0:
			out[i] = byte(next(256))
		case 1:
			out = append(out[:i], out[i+1:]...)
		case 2:
			out = out[:i]
		case 3:
			j := i + next(min(40, len(out)-i)+1)
			out = append(out[:i:i], append(bytes.Clone(out[i:j]), out[i:]...)...)
		case 4:
			words := []string{"null", "0", "-1e999", `""`, "[]", "{}", "true", `"\ud800"`}
			out = append(out[:i:i], append([]byte(words[next(len(words))]), out[i:]...)...)
		}
	}
	return out
}
