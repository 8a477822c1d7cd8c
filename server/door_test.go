package server_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// TestAtADoorNobodyIsAMember: a page that other sites may call can do nothing
// in the name of whoever is signed in.
func TestAtADoorNobodyIsAMember(t *testing.T) {
	s := server.New(server.Options{Limits: server.Limits{Knock: server.Limit{Burst: 2, Second: 0.001}}})
	s.Door("/door/", func(w http.ResponseWriter, r *http.Request) {
		if _, ok := social.ActorOf(r.Context()); ok || r.Header.Get("Cookie") != "" {
			http.Error(w, "somebody", http.StatusTeapot)
		}
	})
	ask := func(path, ip string) int {
		r := httptest.NewRequest(http.MethodPost, path, nil)
		r.RemoteAddr = ip + ":1234"
		r.Header.Set("Origin", "https://elsewhere.example")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		r.AddCookie(&http.Cookie{Name: server.CookieName, Value: "a-session"})
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		return w.Code
	}
	if code := ask("/door/c1/say", "192.0.2.1"); code != http.StatusOK {
		t.Fatalf("at the door: %d", code)
	}
	if code := ask("/api/channels", "192.0.2.1"); code != http.StatusForbidden {
		t.Fatalf("elsewhere: %d", code)
	}
	ask("/door/c1/say", "192.0.2.1")
	if code := ask("/door/c1/say", "192.0.2.1"); code != http.StatusTooManyRequests {
		t.Fatalf("a third knock: %d", code)
	}
	if code := ask("/door/c1/say", "192.0.2.2"); code != http.StatusOK {
		t.Fatalf("another address: %d", code)
	}
}
