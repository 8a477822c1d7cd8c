package server

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"
)

// health serves /healthz (the process answers) and /readyz (the database
// answers and its schema is up to date).
func (s *Server) health() {
	s.Mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok\n") })
	var migrated atomic.Bool
	s.Mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		if err := s.ready(ctx, &migrated); err != nil {
			s.Log.Warn("not ready", "error", err)
			plain(w, http.StatusServiceUnavailable, "not ready\n")
			return
		}
		plain(w, http.StatusOK, "ready\n")
	})
}

func (s *Server) ready(ctx context.Context, migrated *atomic.Bool) error {
	if s.DB == nil {
		return nil
	}
	if err := s.DB.Ping(ctx); err != nil || migrated.Load() {
		return err
	}
	pending, _, err := s.DB.Pending(ctx)
	if err == nil && pending {
		err = errors.New("the schema is older than this program")
	}
	migrated.Store(err == nil)
	return err
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}
