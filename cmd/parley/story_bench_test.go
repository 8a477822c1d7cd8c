//go:build bench && unix

package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
	"github.com/uptrace/bun"
)

// BenchmarkStory measures the timeline of somebody with 10,000 moments: the
// first page, one by channel, a word of yesterday, and one that was said once,
// years ago, and one that never was.
func BenchmarkStory(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { readStory(b, "") })
	if os.Getenv("PARLEY_TEST_DATABASE") != "" {
		b.Run("postgres", func(b *testing.B) { readStory(b, storetest.Database(b)) })
	}
}

func readStory(b *testing.B, url string) {
	ctx := asParley(b.Context())
	h, err := build(ctx, plan{store: store.Options{Dir: b.TempDir(), URL: url}, clock: clock.System{}})
	if err != nil {
		b.Fatal(err)
	}
	defer h.db.Close()
	who := social.Author{Scheme: "acct", Value: "amara@home.test", Name: "Amara"}
	if err := h.book.Know(ctx, []people.Seen{{Author: who, At: h.clock.Now()}}); err != nil {
		b.Fatal(err)
	}
	p, err := h.book.Behind(ctx, who.ID())
	if err != nil {
		b.Fatal(err)
	}
	h.said(b, who, 10_000)
	for _, look := range []struct {
		name string
		people.Look
		want int
	}{
		{"page", people.Look{Limit: 31}, 31},
		{"by channel", people.Look{Limit: 31, Channels: []social.ChannelID{"c1"}}, 31},
		{"a common word", people.Look{Limit: 31, Words: "grinder"}, 31},
		{"a word of long ago", people.Look{Limit: 31, Words: "zebra"}, 1},
		{"a word that was never said", people.Look{Limit: 31, Words: "okapi"}, 0},
	} {
		b.Run(look.name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				l, n, began := look.Look, 0, time.Now()
				for {
					story, err := h.book.Timeline(ctx, p.ID, l)
					if err != nil {
						b.Fatal(err)
					}
					n += len(story.Moments)
					if l.Before, l.BeforeID = story.Next, story.NextID; n >= look.want && look.want > 1 || story.Next.IsZero() {
						break
					}
				}
				took = append(took, time.Since(began))
				if n < look.want || look.want < 2 && n != look.want {
					b.Fatalf("%d moments, want %d", n, look.want)
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Milliseconds()), "p95-ms")
		})
	}
}

// said has somebody say n things, one each hour.
func (h *house) said(b *testing.B, who social.Author, n int) {
	type row struct {
		bun.BaseModel `bun:"table:activity"`
		Seq           int64  `bun:"seq,pk"`
		ID            string `bun:"id"`
		Channel       string `bun:"channel_id"`
		External      string `bun:"external_id"`
		Identity      string `bun:"identity_id"`
		Published     int64  `bun:"published_at"`
		Received      int64  `bun:"received_at"`
		Told          int64  `bun:"told_at"`
		Form          string `bun:"form"`
		Visibility    string `bun:"visibility"`
		Directed      bool   `bun:"directed"`
		Own           bool   `bun:"own"`
		Thread        string `bun:"thread"`
		Author        string `bun:"author"`
		Body          string `bun:"body"`
	}
	var rows []row
	for i := range n {
		at := store.At(h.clock.Now().Add(-time.Duration(n-i) * time.Hour))
		x := row{Seq: int64(i + 1), ID: fmt.Sprintf("a%06d", i), Channel: fmt.Sprint("c", i%3), External: fmt.Sprint("x", i), Identity: string(who.ID()), Published: at, Received: at, Told: at,
			Form: "note", Visibility: "public", Directed: true, Thread: fmt.Sprint("x", i), Author: `{"scheme":"acct","value":"amara@home.test","name":"Amara"}`,
			Body: fmt.Sprintf("My grinder number %d makes a noise since it was delivered, and nobody has answered me for days. What am I to do with it now, please?", i)}
		if i == 10 {
			x.Body = "A zebra on the box."
		}
		if rows = append(rows, x); len(rows) == 500 {
			err := h.db.InTx(b.Context(), func(ctx context.Context) error {
				_, err := h.db.IDB(ctx).NewInsert().Model(&rows).Exec(ctx)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
			rows = nil
		}
	}
}
