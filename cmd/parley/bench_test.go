//go:build bench && unix

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// BenchmarkIntake measures the way of an activity from the channel until it is
// stored, its author known, scored, searchable, counted and in the inbox: the
// rooms as they are wired, with all followers and the sealing of the record
// beside. Every activity names us, so every one is a message in the inbox;
// three in four begin a conversation. There are 100 monitors, one of which matches.
//
//	go test -tags bench -run - -bench Intake -benchtime 1x ./cmd/parley
//
// PARLEY_BENCH_INTAKE says how many activities, 30,000 if it does not. On
// PostgreSQL too where PARLEY_TEST_DATABASE is set.
func BenchmarkIntake(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("PARLEY_BENCH_INTAKE"))
	if err != nil {
		n = 30_000
	}
	b.Run("sqlite", func(b *testing.B) { intake(b, "sqlite", "", n) })
	if os.Getenv("PARLEY_TEST_DATABASE") != "" {
		b.Run("postgres", func(b *testing.B) { intake(b, "postgres", storetest.Database(b), n) })
	}
}

func intake(b *testing.B, engine, url string, n int) {
	ctx := asParley(b.Context())
	for range b.N {
		h, err := build(ctx, plan{store: store.Options{Dir: b.TempDir(), URL: url}, clock: clock.System{}})
		if err != nil {
			b.Fatal(err)
		}
		id, events := overheard(b, h, n)
		ctx, stop := context.WithCancel(ctx)
		var wg sync.WaitGroup
		for _, f := range h.followers() {
			wg.Go(func() { h.db.Follow(ctx, f) })
		}
		wg.Go(func() { _ = h.archive.Run(ctx) })
		const warm = 500
		hear(b, h, id, events[:warm], warm)
		b.ResetTimer()
		began, spent := time.Now(), processor()
		stored := hear(b, h, id, events[warm:], len(events))
		took := time.Since(began)
		spent = processor() - spent
		b.StopTimer()
		many := float64(len(events) - warm)
		rate := many / took.Seconds()
		fmt.Printf("intake %s: %.0f activities/s from channel to inbox (stored at %.0f/s); %.0f activities in %.1f s, %.2f ms of processor each in this process; load %s\n",
			engine, rate, many/stored.Seconds(), many, took.Seconds(), 1000*spent.Seconds()/many, load())
		b.ReportMetric(rate, "activities/s")
		stop()
		wg.Wait()
		if err := h.db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// hear takes events as a stream's reader does and waits until everybody was
// told of them; all must then be in the inbox. It returns how long storing took.
func hear(b *testing.B, h *house, id social.ChannelID, events []channel.Event, inbox int) time.Duration {
	b.Helper()
	ctx := asParley(b.Context())
	const batch = 500
	began := time.Now()
	for from := 0; from < len(events); from += batch {
		part := events[from:min(from+batch, len(events))]
		if taken, err := h.station.Take(ctx, id, part, ""); err != nil || taken.Kept != len(part) {
			b.Fatalf("%+v, %v", taken, err)
		}
	}
	stored := time.Since(began)
	for tick := time.NewTicker(2 * time.Millisecond); ; <-tick.C {
		behind, err := h.db.Behind(ctx)
		if err != nil {
			b.Fatal(err)
		}
		most := int64(0)
		for _, n := range behind {
			most = max(most, n)
		}
		if most == 0 && len(behind) == len(h.followers()) {
			break
		}
	}
	var got int
	if err := h.db.IDB(ctx).NewRaw("SELECT COUNT(*) FROM message").Scan(ctx, &got); err != nil || got != inbox {
		b.Fatalf("%d messages in the inbox, want %d (%v)", got, inbox, err)
	}
	return stored
}

// overheard connects a practice channel and returns n of its events.
func overheard(b *testing.B, h *house, n int) (social.ChannelID, []channel.Event) {
	b.Helper()
	ctx := asParley(b.Context())
	c, err := h.station.AddChannel(ctx, listen.Draft{Kind: "practice", Name: "Practice", Settings: map[string]string{"site": "microblog", "handle": "brewell"}})
	if err != nil {
		b.Fatal(err)
	}
	for i := range 100 {
		q := "brewell NOT parody"
		if i > 0 {
			q = fmt.Sprintf("brand%d OR (kettle%d broken) OR \"tea pot %d\"", i, i, i)
		}
		if _, err := h.station.AddMonitor(ctx, listen.MonitorDraft{Name: fmt.Sprintf("Monitor %d", i), Query: q}); err != nil {
			b.Fatal(err)
		}
	}
	r := rand.New(rand.NewPCG(3, 4))
	net := practice.NewNetwork(1, clock.System{})
	people := n / 5
	for i := range people {
		net.Join(practice.Persona{Handle: fmt.Sprintf("person%d", i), Name: fmt.Sprintf("%s %s", firsts[i%len(firsts)], lasts[i/len(firsts)%len(lasts)]), Followers: r.IntN(5000)})
	}
	var said, by []string
	for i := range n {
		x := complaints[r.IntN(len(complaints))]
		text := fmt.Sprintf("@brewell %s #%d", x.text, i)
		who := fmt.Sprintf("person%d", r.IntN(people))
		if i%4 == 3 {
			k := r.IntN(len(said))
			who = by[k]
			_, err = net.Reply(who, said[k], practice.Said{Text: text, Lang: x.lang})
		} else {
			var post string
			post, err = net.Post(who, practice.Said{Text: text, Lang: x.lang})
			said, by = append(said, post), append(by, who)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	line, err := practice.Kind(net).New(channel.Settings{"site": "microblog", "handle": "brewell"}, channel.Env{})
	if err != nil {
		b.Fatal(err)
	}
	var events []channel.Event
	for cursor, more := "0", true; more; {
		batch, err := line.(channel.Poller).Poll(ctx, cursor)
		if err != nil {
			b.Fatal(err)
		}
		events = append(events, batch.Events...)
		cursor, more = batch.Cursor, batch.More
	}
	return c.ID, events
}

// processor is how long this process has been at work on all cores.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// load is how busy the machine is, "" where that is not known.
func load() string {
	text, _ := os.ReadFile("/proc/loadavg")
	if len(text) < 4 {
		return "unknown"
	}
	return string(text[:4])
}

var complaints = []struct{ lang, text string }{
	{"en", "my kettle leaks since Monday and nobody answers the phone, what now?"},
	{"en", "I want a refund for the K2, it stopped working after two weeks of gentle use"},
	{"en", "I love the new kettle, it boils in no time and looks lovely in our kitchen"},
	{"en", "is my kettle one of those in the recall? The number is on the bottom, isn't it"},
	{"de", "der Deckel ist schon wieder kaputt, das ist wirklich ärgerlich und peinlich"},
	{"es", "el envío llega tarde otra vez, ¿alguien me puede decir dónde está mi pedido?"},
	{"fr", "merci pour la réponse rapide, la bouilloire marche très bien maintenant"},
	{"en", "where is my order? It should have been here last week and tracking says nothing"},
}

var (
	firsts = []string{"Ada", "Ben", "Cora", "Dan", "Eva", "Finn", "Gita", "Hugo", "Iris", "Jon", "Kim", "Lena", "Max", "Nora", "Omar", "Pia"}
	lasts  = []string{"Abel", "Brown", "Chen", "Diaz", "Evans", "Fischer", "Garcia", "Hill", "Ito", "Jones", "Khan", "Lopez", "Meyer", "Novak", "Okoye", "Park", "Quist", "Rossi", "Silva", "Tanaka"}
)
