package channel_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

// issuer gives tokens; each refresh token is good once.
type issuer struct {
	mu    sync.Mutex
	good  string
	n     int
	asked []string
	basic bool
	mute  bool // leaves the refresh token out
}

func (i *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	_ = r.ParseForm()
	id, secret, basic := r.BasicAuth()
	if basic != i.basic || basic && (id != url.QueryEscape("id:1") || secret != "s") || !basic && (r.PostForm.Get("client_id") != "id:1" || r.PostForm.Get("client_secret") != "s") {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"error":"invalid_client"}`)
		return
	}
	i.asked = append(i.asked, r.PostForm.Get("refresh_token"))
	if r.PostForm.Get("grant_type") != "refresh_token" || r.PostForm.Get("refresh_token") != i.good {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":"invalid_grant"}`)
		return
	}
	i.n++
	out := map[string]any{"access_token": fmt.Sprintf("access-%d", i.n), "expires_in": 7200, "token_type": "bearer"}
	if !i.mute {
		i.good = fmt.Sprintf("refresh-%d", i.n)
		out["refresh_token"] = i.good
	}
	_ = json.NewEncoder(w).Encode(out)
}

// vault keeps one secret, as a station does.
type vault struct {
	mu     sync.Mutex
	stored string
	broken error
}

func (v *vault) rotate(ctx context.Context, _ string, turn func(context.Context, string) (string, error)) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	next, err := turn(ctx, v.stored)
	if err != nil {
		return err
	}
	if v.broken != nil {
		return v.broken
	}
	if next != "" {
		v.stored = next
	}
	return nil
}

func TestOAuth(t *testing.T) {
	at := clock.NewSet(time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC))
	fresh := func(i *issuer, v *vault) (*channel.OAuth, *channeltest.Server) {
		i.good = "refresh-0"
		s := channeltest.Serve(t, i)
		env := s.Env(at)
		if v != nil {
			v.stored = "refresh-0"
			env.Rotate = v.rotate
		}
		return &channel.OAuth{Title: "The network", Endpoint: s.URL + "/token", ClientID: "id:1", ClientSecret: "s", Basic: i.basic, Secret: "refresh", Refresh: "refresh-0", Rotates: true, Env: env}, s
	}
	token := func(t *testing.T, o *channel.OAuth, want string) {
		t.Helper()
		if got, err := o.Token(t.Context()); err != nil || got != want {
			t.Fatalf("%q, %v; want %q", got, err, want)
		}
	}
	for _, basic := range []bool{false, true} {
		i, v := &issuer{basic: basic}, &vault{}
		o, _ := fresh(i, v)
		token(t, o, "access-1")
		token(t, o, "access-1") // kept
		at.Add(2*time.Hour - time.Second)
		token(t, o, "access-2") // renewed before its end
		if v.stored != "refresh-2" {
			t.Fatalf("stored %q", v.stored)
		}
		if got, err := o.After(t.Context(), "access-1"); err != nil || got != "access-2" {
			t.Fatalf("another was refused long ago: %q, %v", got, err)
		}
		if got, err := o.After(t.Context(), "access-2"); err != nil || got != "access-3" {
			t.Fatalf("%q, %v", got, err)
		}
	}
	t.Run("an answer without a refresh token leaves the stored one", func(t *testing.T) {
		i, v := &issuer{mute: true}, &vault{}
		o, _ := fresh(i, v)
		token(t, o, "access-1")
		if v.stored != "refresh-0" {
			t.Fatalf("stored %q", v.stored)
		}
	})
	t.Run("what is not stored is not used", func(t *testing.T) {
		i, v := &issuer{}, &vault{broken: social.Errorf(social.Busy, "The disk is full.")}
		o, _ := fresh(i, v)
		if got, err := o.Token(t.Context()); !social.Busy.Is(err) || got != "" {
			t.Fatalf("%q, %v", got, err)
		}
	})
	t.Run("after a crash before storing, the network refuses, in a sentence", func(t *testing.T) {
		i, v := &issuer{}, &vault{}
		o, _ := fresh(i, v)
		i.good = "refresh-that-was-lost"
		_, err := o.Token(t.Context())
		if !social.Unauth.Is(err) || v.stored != "refresh-0" {
			t.Fatalf("%v, stored %q", err, v.stored)
		}
	})
	t.Run("settings that are only tried spend no token", func(t *testing.T) {
		i := &issuer{}
		o, _ := fresh(i, nil)
		if _, err := o.Token(t.Context()); !social.Unauth.Is(err) || len(i.asked) != 0 {
			t.Fatalf("%v, asked %v", err, i.asked)
		}
		o.Start("given")
		token(t, o, "given")
		o, _ = fresh(i, nil)
		o.Rotates = false // a token that stays good may be used
		token(t, o, "access-1")
	})
	t.Run("many at once renew once", func(t *testing.T) {
		i, v := &issuer{}, &vault{}
		o, _ := fresh(i, v)
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if got, err := o.Token(t.Context()); err != nil || got != "access-1" {
					t.Errorf("%q, %v", got, err)
				}
			})
		}
		all.Wait()
		if len(i.asked) != 1 {
			t.Fatalf("asked %d times", len(i.asked))
		}
	})
	t.Run("trouble", func(t *testing.T) {
		i, v := &issuer{}, &vault{}
		o, s := fresh(i, v)
		for trouble, kind := range map[channeltest.Trouble]social.Kind{channeltest.Away: social.Busy, channeltest.Limited: social.Busy, channeltest.Failing: social.Busy, channeltest.Broken: social.Busy, channeltest.Revoked: social.Unauth} {
			s.Trouble(trouble)
			if _, err := o.Token(t.Context()); social.KindOf(err) != kind {
				t.Errorf("%s: %v", trouble, err)
			}
		}
		s.Trouble(channeltest.NoTrouble)
		token(t, o, "access-1")
	})
}
