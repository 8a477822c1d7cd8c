//go:build bench && unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/store"
)

// BenchmarkFirehose takes the same posts, as Jetstream sends them, with ever
// more monitors: read, matched in memory, counted, and kept only where a
// monitor matches. One post in two hundred speaks of one of 10,000 brands.
//
//	go test -tags bench -run - -bench Firehose -benchtime 1x ./cmd/parley
func BenchmarkFirehose(b *testing.B) {
	const many = 100_000
	events := firehose(many)
	for _, n := range []int{1, 100, 1_000, 10_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for range b.N {
				drink(b, n, events)
			}
		})
	}
}

func drink(b *testing.B, monitors int, events []channel.Event) {
	ctx := asParley(b.Context())
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	h, err := build(ctx, plan{store: store.Options{Dir: b.TempDir()}, clock: clock.System{}})
	if err != nil {
		b.Fatal(err)
	}
	defer h.db.Close()
	c, err := h.station.AddChannel(ctx, listen.Draft{Kind: "bluesky", Name: "Bluesky", Settings: map[string]string{"jetstream": "ws://127.0.0.1:1/subscribe"}})
	if err != nil {
		b.Fatal(err)
	}
	empty := heap()
	r := rand.New(rand.NewPCG(3, 4))
	err = h.db.InTx(ctx, func(ctx context.Context) error {
		for i := range monitors {
			q := fmt.Sprintf("brand%d (kettle OR \"does not\" OR word%d*) NOT jobs", i, r.IntN(4000))
			if i%3 == 0 {
				q = fmt.Sprintf("brand%d OR (brand%d NEAR/5 word%d)", i, r.IntN(10_000), r.IntN(4000))
			}
			if _, err := h.station.AddMonitor(ctx, listen.MonitorDraft{Name: "m" + strconv.Itoa(i), Query: q}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for {
		if more, err := h.station.WorkPast(ctx); err != nil || !more {
			break
		}
	}
	tuned := heap()
	b.ResetTimer()
	began, spent := time.Now(), processor()
	kept := 0
	for from := 0; from < len(events); from += 500 {
		t, err := h.station.Take(ctx, c.ID, events[from:min(from+500, len(events))], "")
		if err != nil {
			b.Fatal(err)
		}
		kept += t.Kept
	}
	if err := h.station.Flush(ctx, c.ID); err != nil {
		b.Fatal(err)
	}
	took, cpu := time.Since(began), processor()-spent
	b.StopTimer()
	after := heap()
	rate := float64(len(events)) / took.Seconds()
	mb := func(n, of uint64) float64 { return float64(int64(n)-int64(of)) / (1 << 20) }
	fmt.Printf("firehose with %d monitors: %.0f posts/s; %d of %d kept, %.1f µs of processor each; %.1f MB for the monitors, %.1f MB in all; load %s\n",
		monitors, rate, kept, len(events), 1e6*cpu.Seconds()/float64(len(events)), mb(tuned, empty), mb(after, before), load())
	b.ReportMetric(rate, "posts/s")
	b.ReportMetric(mb(tuned, empty), "MB-monitors")
}

// firehose makes posts as Jetstream sends them.
func firehose(n int) []channel.Event {
	r := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(r, 1.15, 4, 60_000)
	out := make([]channel.Event, n)
	now := time.Now()
	for i := range out {
		words := make([]string, 8+r.IntN(25))
		for k := range words {
			words[k] = "word" + strconv.FormatUint(zipf.Uint64(), 10)
		}
		if r.IntN(200) == 0 {
			words = append(words, "#brand"+strconv.Itoa(r.IntN(10_000)), "kettle")
		}
		at := now.Add(-time.Duration(n-i) * time.Millisecond)
		did, key := fmt.Sprintf("did:plc:%024d", r.IntN(50_000)), fmt.Sprintf("3l%011d", i)
		text, _ := json.Marshal(strings.Join(words, " ")) // strings always marshal
		raw := fmt.Sprintf(`{"did":%q,"time_us":%d,"kind":"commit","commit":{"rev":"3l%011d","operation":"create","collection":"app.bsky.feed.post","rkey":%q,"cid":"bafyrei%052d","record":{"$type":"app.bsky.feed.post","createdAt":%q,"langs":["en"],"text":%s}}}`,
			did, at.UnixMicro(), i, key, i, at.UTC().Format(time.RFC3339Nano), text)
		wrapped, _ := json.Marshal(map[string]any{"self": "", "event": json.RawMessage(raw)})
		out[i] = channel.Event{Key: "at://" + did + "/app.bsky.feed.post/" + key + "#bafyrei", Raw: wrapped, At: at, Cursor: strconv.FormatInt(at.UnixMicro(), 10)}
	}
	return out
}
