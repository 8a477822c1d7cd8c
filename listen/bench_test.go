package listen_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// BenchmarkIntake takes activities from a channel until they are stored and
// told of, in batches of 500, with 100 monitors of which one matches each:
//
//	go test ./listen -run - -bench Intake -benchtime 20000x
//
// On PostgreSQL too where PARLEY_TEST_DATABASE is set.
func BenchmarkIntake(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchIntake(b, storetest.SQLite(b, clock.System{}), false) })
	b.Run("sqlite+search", func(b *testing.B) { benchIntake(b, storetest.SQLite(b, clock.System{}), true) })
	if os.Getenv("PARLEY_TEST_DATABASE") != "" {
		b.Run("postgres", func(b *testing.B) { benchIntake(b, storetest.Postgres(b, clock.System{}), false) })
		b.Run("postgres+search", func(b *testing.B) { benchIntake(b, storetest.Postgres(b, clock.System{}), true) })
	}
}

func benchIntake(b *testing.B, db *store.DB, search bool) {
	ctx := social.WithScope(social.WithActor(b.Context(), social.SystemActor()), social.Scope{All: true})
	n := &network{}
	s := listen.New(listen.Options{Store: listendb.New(db), Kinds: []channel.Kind{n.kind("wire")}, Sealer: box, KeepAll: []string{"wire"}})
	if err := s.Open(ctx); err != nil {
		b.Fatal(err)
	}
	c, err := s.AddChannel(ctx, listen.Draft{Kind: "wire", Name: "Wire", Settings: map[string]string{"address": "https://x.test"}})
	if err != nil {
		b.Fatal(err)
	}
	for i := range 100 {
		if _, err := s.AddMonitor(ctx, listen.MonitorDraft{Name: "m", Query: fmt.Sprintf("brand%d OR (kettle%d broken) OR \"tea pot %d\"", i, i, i)}); err != nil {
			b.Fatal(err)
		}
	}
	events := make([]channel.Event, b.N)
	for i := range events {
		a := post(fmt.Sprintf("at://did:plc:abcdefghijklmnopqrstuvwx/app.bsky.feed.post/3l%010d", i),
			fmt.Sprintf("My brand%d kettle has stopped working after only two weeks, and nobody answers the phone. What now? #help %d", i%100, i))
		a.Author = social.Author{Scheme: "did", Value: fmt.Sprintf("did:plc:%024d", i%5000), Handle: fmt.Sprintf("person%d.test", i%5000), Name: "Somebody", Followers: i % 900}
		a.Published = time.Now().Add(-time.Duration(b.N-i) * time.Millisecond)
		raw, err := json.Marshal(a)
		if err != nil {
			b.Fatal(err)
		}
		events[i] = channel.Event{Key: a.ExternalID, Raw: raw, Cursor: fmt.Sprint(i)}
	}
	words := store.Follower{Name: "listen.words", Facts: []string{"heard"}, Batch: 4, Tell: func(ctx context.Context, facts []store.Fact) error {
		var ids []social.ActivityID
		for _, f := range facts {
			ids = append(ids, f.Fact.(social.Heard).Activities...)
		}
		return s.Index(ctx, ids)
	}}
	b.ResetTimer()
	for from := 0; from < len(events); from += 500 {
		if _, err := s.Take(ctx, c.ID, events[from:min(from+500, len(events))], ""); err != nil {
			b.Fatal(err)
		}
	}
	if search {
		if err := db.Drain(ctx, words); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "activities/s")
}

// BenchmarkWall reads the wall of a store with 200,000 activities:
//
//	go test ./listen -run - -bench Wall -benchtime 50x
func BenchmarkWall(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchWall(b, storetest.SQLite(b, clock.System{})) })
	if os.Getenv("PARLEY_TEST_DATABASE") != "" {
		b.Run("postgres", func(b *testing.B) { benchWall(b, storetest.Postgres(b, clock.System{})) })
	}
}

func benchWall(b *testing.B, db *store.DB) {
	const size = 200_000
	ctx := social.WithScope(social.WithActor(b.Context(), social.SystemActor()), social.Scope{All: true})
	kept := listendb.New(db)
	n := &network{}
	s := listen.New(listen.Options{Store: kept, Kinds: []channel.Kind{n.kind("wire")}, Sealer: box, KeepAll: []string{"wire"}})
	if err := s.Open(ctx); err != nil {
		b.Fatal(err)
	}
	c, err := s.AddChannel(ctx, listen.Draft{Kind: "wire", Name: "Wire", Settings: map[string]string{"address": "https://x.test"}})
	if err != nil {
		b.Fatal(err)
	}
	m, err := s.AddMonitor(ctx, listen.MonitorDraft{Name: "m", Query: "kettle rare1*"})
	if err != nil {
		b.Fatal(err)
	}
	for from := 0; from < size; from += 1000 {
		var events []channel.Event
		for i := from; i < from+1000; i++ {
			a := post(fmt.Sprint(i), fmt.Sprintf("My kettle has stopped working and nobody answers, word%d rare%d", i%50, i))
			a.Author.Value = fmt.Sprintf("person%d", i%3000)
			a.Published = time.Now().Add(-time.Duration(size-i) * 10 * time.Second)
			events = append(events, event(a))
		}
		if _, err := s.Take(ctx, c.ID, events, ""); err != nil {
			b.Fatal(err)
		}
	}
	index := store.Follower{Name: "words", Facts: []string{"heard"}, Batch: 8, Tell: func(ctx context.Context, facts []store.Fact) error {
		var ids []social.ActivityID
		scores := map[social.ActivityID]social.Scores{}
		for _, f := range facts {
			ids = append(ids, f.Fact.(social.Heard).Activities...)
		}
		for i, id := range ids {
			scores[id] = social.Scores{Lang: []string{"en", "de", "pt"}[i%3], Sentiment: &social.Label{Label: []string{"negative", "neutral"}[i%2]}}
		}
		if err := s.Understood(ctx, scores); err != nil {
			return err
		}
		return s.Index(ctx, ids)
	}}
	if err := db.Drain(ctx, index); err != nil {
		b.Fatal(err)
	}
	deep := &listen.Place{Published: time.Now().Add(-size / 2 * 10 * time.Second)}
	for _, x := range []struct {
		name string
		f    listen.Filter
		at   *listen.Place
	}{
		{"newest", listen.Filter{}, nil},
		{"deep", listen.Filter{}, deep},
		{"monitor", listen.Filter{Monitor: m.ID}, nil},
		{"sentiment", listen.Filter{Sentiment: "negative"}, nil},
		{"never", listen.Filter{Lang: "fi"}, nil},
		{"common word", listen.Filter{Query: "kettle"}, nil},
		{"word", listen.Filter{Query: "kettle word7"}, nil},
		{"rare word", listen.Filter{Query: "kettle rare777"}, nil},
		{"nothing", listen.Filter{Query: `"kettle stopped" answers`}, nil},
	} {
		b.Run(x.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Wall(ctx, x.f, x.at, 30); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("series", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.SeriesOf(ctx, "", "30d"); err != nil {
				b.Fatal(err)
			}
		}
	})
}
