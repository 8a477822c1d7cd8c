package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/parley-crm/parley/social"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the figures that /metrics shows. Others register theirs at
// Registry; names begin with parley_.
type Metrics struct {
	Registry *prometheus.Registry

	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	refused  *prometheus.CounterVec
	streams  prometheus.Gauge
}

func newMetrics() *Metrics {
	m := &Metrics{
		Registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "parley_http_requests_total", Help: "Requests by operation and status."}, []string{"operation", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "parley_http_seconds", Help: "How long requests took, by operation.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}, []string{"operation"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "parley_http_refused_total", Help: "Requests that reached no operation, by reason."}, []string{"reason"}),
		streams: prometheus.NewGauge(prometheus.GaugeOpts{Name: "parley_live_streams", Help: "Live streams that are open."}),
	}
	m.Registry.MustRegister(m.requests, m.seconds, m.refused, m.streams,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// measure counts and times every operation but the live streams, which last.
func (s *Server) measure(c huma.Context, next func(huma.Context)) {
	begin := time.Now()
	next(c)
	id, status := c.Operation().OperationID, c.Status()
	if _, w := humago.Unwrap(c); status == 0 { // a context that was changed on the way knows it, not this one
		if b, ok := w.(*begun); ok {
			status = b.status
		}
	}
	s.Metrics.requests.WithLabelValues(id, strconv.Itoa(status)).Inc()
	if id != liveID {
		s.Metrics.seconds.WithLabelValues(id).Observe(time.Since(begin).Seconds())
	}
}

// metrics serves the figures to whoever has system.read, such as a token of a
// scraper. The address alone is no proof: behind a proxy, everybody comes from
// the same one.
func (s *Server) metrics() {
	figures := promhttp.HandlerFor(s.Metrics.Registry, promhttp.HandlerOpts{})
	s.Mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		actor, ok := social.ActorOf(r.Context())
		if !ok {
			s.refuse(w, r, social.Errorf(social.Unauth, "Send an API token that has system.read."))
			return
		}
		if _, ok := s.Authority.Scope(actor, social.SystemRead); !ok {
			s.refuse(w, r, social.Errorf(social.Forbidden, "Your role does not include %s.", social.SystemRead))
			return
		}
		figures.ServeHTTP(w, r)
	})
}
