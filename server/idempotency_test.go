package server_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

func TestTheSameKeyIsDoneOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		h := open(t, db, now)
		key := with("Idempotency-Key", "k1")
		first := h.do("POST", "/api/things", `{"name":"x"}`, as("ada"), key).ok(201)
		second := h.do("POST", "/api/things", `{"name":"x"}`, as("ada"), key).ok(201)
		if first.text != second.text || h.made != 1 || second.Header.Get("Idempotency-Replayed") != "true" || second.Header.Get("Content-Type") != first.Header.Get("Content-Type") {
			t.Fatalf("made %d: %s then %s", h.made, first.text, second.text)
		}
		h.do("POST", "/api/things", `{"name":"y"}`, as("ada"), key).problem(409, "another request")
		h.do("POST", "/api/things?x=1", `{"name":"x"}`, as("ada"), key).problem(409, "another request")
		h.do("POST", "/api/things", `{"name":"x"}`, as("ines"), key).ok(201)
		h.do("POST", "/api/things", `{"name":"x"}`, as("Bearer parley"), key).ok(201)
		h.do("POST", "/api/things", `{"name":"x"}`, as("ada")).ok(201)
		if h.made != 4 {
			t.Fatalf("made %d, want 4: a key belongs to one member or token", h.made)
		}
		now.Add(25 * time.Hour)
		h.do("POST", "/api/things", `{"name":"x"}`, as("ada"), key).ok(201)
		if h.made != 5 {
			t.Fatal("a key should be forgotten after a day")
		}
		h.do("POST", "/api/things", `{"name":"x"}`, as("ada"), with("Idempotency-Key", strings.Repeat("k", 201))).problem(422, "too long")
	})
}

func TestARefusalFreesTheKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		h := open(t, db, now)
		for i, body := range []string{`{"name":"conflict"}`, `{"name":"fault"}`, `{"name":"panic"}`, `{"nope":1}`, `{`, `{"name":"x"}`} {
			r := h.do("POST", "/api/things", body, as("ada"), with("Idempotency-Key", "k"))
			if last := i == 5; (r.StatusCode == 201) != last {
				t.Fatalf("%s: %d %s", body, r.StatusCode, r.text)
			}
		}
		h.do("POST", "/api/things", `{"name":"`+strings.Repeat("x", 2<<20)+`"}`, as("ada"), with("Idempotency-Key", "large")).problem(413, "too large")
	})
}

func TestAPermissionLostIsNotReplayed(t *testing.T) {
	h := sqlite(t)
	key := with("Idempotency-Key", "k1")
	h.do("POST", "/api/things", `{"name":"x"}`, as("ines"), key).ok(201)
	h.door.set("ines", social.Actor{Member: "ines"})
	h.do("POST", "/api/things", `{"name":"x"}`, as("ines"), key).problem(403, "inbox.read")
}

func TestTheSecondAtOnceIsToldToWait(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		h := open(t, db, now)
		begun, finish := make(chan struct{}), make(chan struct{})
		server.Register(h.server, server.Op{ID: "slow", Method: http.MethodPost, Path: "/api/slow", Permission: social.InboxRead}, func(context.Context, *struct{}) (*struct{}, error) {
			begun <- struct{}{}
			<-finish
			h.made++
			return nil, nil
		})
		done := make(chan reply)
		key := with("Idempotency-Key", "k")
		go func() { done <- h.do("POST", "/api/slow", "", as("ada"), key) }()
		<-begun
		h.do("POST", "/api/slow", "", as("ada"), key).problem(409, "still being worked on")
		now.Add(3 * time.Minute) // as if the process had died in between
		h.do("POST", "/api/slow", "", as("ada"), key).problem(409, "not known how far")
		close(finish)
		if r := <-done; r.StatusCode != 200 || h.made != 1 {
			t.Fatalf("%d %s, made %d", r.StatusCode, r.text, h.made)
		}
		h.do("POST", "/api/slow", "", as("ada"), key).ok(200)
	})
}

func TestKeptAnswersAreSealed(t *testing.T) {
	box := secret.Random()
	h := sqlite(t, func(o *server.Options) { o.Box = box })
	key := with("Idempotency-Key", "k1")
	h.do("POST", "/api/things", `{"name":"canary-4417"}`, as("ada"), key).ok(201)
	var kept []string
	if err := h.db.IDB(context.Background()).NewRaw("SELECT answer FROM idempotency").Scan(context.Background(), &kept); err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	if strings.Contains(kept[0], "canary") || kept[0] == "" {
		t.Fatalf("an answer lies open in the database: %s", kept[0])
	}
	other := open(t, h.db, h.now)
	other.do("POST", "/api/things", `{"name":"canary-4417"}`, as("ada"), key).problem(409, "done already")
	if other.made != 0 {
		t.Fatal("done again")
	}
}
