package channel_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/safe"
	"github.com/parley-crm/parley/social"
)

func TestStatus(t *testing.T) {
	tests := []struct {
		code      int
		ask, post social.Kind // of a question, and of what changes something
	}{
		{301, social.Invalid, social.Invalid},
		{400, social.Invalid, social.Invalid},
		{401, social.Unauth, social.Unauth},
		{403, social.Forbidden, social.Forbidden},
		{404, social.NotFound, social.NotFound},
		{408, social.Busy, social.Busy},
		{410, social.NotFound, social.NotFound},
		{422, social.Invalid, social.Invalid},
		{429, social.Busy, social.Busy},
		{500, social.Busy, social.Unknown},
		{502, social.Busy, social.Unknown},
		{503, social.Busy, social.Busy},
		{504, social.Busy, social.Unknown},
	}
	for _, tt := range tests {
		r := &http.Response{StatusCode: tt.code, Header: http.Header{}}
		if k := social.KindOf(channel.Status("The network", r, "why", false, time.Now())); k != tt.ask {
			t.Errorf("%d to a question: %q", tt.code, k)
		}
		if k := social.KindOf(channel.Status("The network", r, "", true, time.Now())); k != tt.post {
			t.Errorf("%d to a post: %q", tt.code, k)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name, header, value string
		want                time.Duration
	}{
		{"seconds", "Retry-After", "7", 7 * time.Second},
		{"a date", "Retry-After", "Sun, 01 Mar 2026 12:02:00 GMT", 2 * time.Minute},
		{"Mastodon's", "X-RateLimit-Reset", "2026-03-01T12:05:00.000000Z", 5 * time.Minute},
		{"the AT Protocol's", "RateLimit-Reset", "1772366460", time.Minute},
		{"nothing", "", "", time.Minute},
		{"nonsense", "Retry-After", "soon", time.Minute},
		{"long ago", "Retry-After", "Sun, 01 Mar 2020 12:02:00 GMT", time.Second},
		{"for ever", "Retry-After", "999999999", 6 * time.Hour},
	}
	for _, tt := range tests {
		h := http.Header{}
		if tt.header != "" {
			h.Set(tt.header, tt.value)
		}
		var later channel.RetryAfter
		err := channel.Status("The network", &http.Response{StatusCode: 429, Header: h}, "", true, now)
		if !errors.As(err, &later) || later.RetryAfter() != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, later.RetryAfter(), tt.want)
		}
	}
}

func TestFailed(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := http.NewResponseController(w).Hijack()
		conn.Close()
	}))
	defer srv.Close()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	c, err := safe.New(safe.Options{Allow: []string{"127.0.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name      string
		url       string
		ask, post social.Kind
	}{
		{"cut off after the request", srv.URL, social.Busy, social.Unknown},
		{"no connection", closed.URL, social.Busy, social.Busy},
		{"a private address", "http://10.0.0.1/", social.Forbidden, social.Forbidden},
	}
	for _, tt := range tests {
		for method, want := range map[string]social.Kind{"GET": tt.ask, "POST": tt.post} {
			ctx, sent := channel.Watch(t.Context())
			req, err := http.NewRequestWithContext(ctx, method, tt.url, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := c.HTTP.Do(req)
			if err == nil {
				resp.Body.Close()
				t.Fatalf("%s: no error", tt.name)
			}
			if k := social.KindOf(channel.Failed("The network", err, method == "POST", sent)); k != want {
				t.Errorf("%s, %s: %q, want %q (%v)", tt.name, method, k, want, err)
			}
		}
	}
	known := social.Errorf(social.NotFound, "Gone.")
	if err := channel.Failed("The network", known, true, nil); err != error(known) {
		t.Errorf("a known error became %v", err)
	}
	large := channel.Failed("The network", &net.OpError{Err: &safe.TooLarge{Host: "x", Max: 1}}, false, nil)
	if !social.Invalid.Is(large) || !social.Busy.Is(channel.Failed("x", io.ErrUnexpectedEOF, false, nil)) || !social.Busy.Is(channel.Failed("x", context.Canceled, true, new(channel.Sent))) {
		t.Errorf("too large: %v", large)
	}
}
