package server

import (
	"net/http"
	"strings"

	"github.com/parley-crm/parley/social"
)

// Door serves public pages below a prefix: whoever comes may call them, from
// other sites as well. Such a request is nobody's, whatever cookies it
// brings, so nothing can be done in a member's name; it is limited like any
// stranger's. The pages say by themselves which sites may use them.
func (s *Server) Door(prefix string, h http.HandlerFunc) {
	s.doors = append(s.doors, prefix)
	s.Mux.HandleFunc(prefix, h)
}

func (s *Server) atDoor(r *http.Request) bool {
	for _, p := range s.doors {
		if strings.HasPrefix(r.URL.Path, p) {
			return true
		}
	}
	return false
}

// stranger holds whoever stands at a door to the limits of strangers.
func (s *Server) stranger(next http.Handler, w http.ResponseWriter, r *http.Request) {
	if wait := s.limits.take(Credentials{IP: CredentialsOf(r.Context()).IP}, social.Actor{}, false, r.Method); wait > 0 {
		s.Metrics.refused.WithLabelValues("rate").Inc()
		s.refuse(w, r, tooMany("These are too many requests at once. Wait a little and try again.", wait))
		return
	}
	r.Header.Del("Cookie")
	next.ServeHTTP(w, r)
}
