package listen_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/explore"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store/storetest"
)

// BenchmarkExplore reads the rollups of a thousand monitors over ninety days,
// two million hours and ninety thousand days:
//
//	go test ./listen -run - -bench Explore -benchtime 10x
func BenchmarkExplore(b *testing.B) {
	now := clock.NewSet(storetest.Start)
	db := storetest.SQLite(b, now)
	ctx := social.WithScope(social.WithActor(b.Context(), social.SystemActor()), social.Scope{All: true})
	s := listen.New(listen.Options{Store: listendb.New(db), Sealer: box, Clock: now})
	if err := s.Open(ctx); err != nil {
		b.Fatal(err)
	}
	var ids []string
	for i := range 1000 {
		m, err := s.AddMonitor(ctx, listen.MonitorDraft{Name: fmt.Sprint("m", i), Query: fmt.Sprint("word", i), Kind: listen.AboutCompetitor})
		if err != nil {
			b.Fatal(err)
		}
		ids = append(ids, string(m.ID))
	}
	hour, day := int64(time.Hour/time.Microsecond), int64(24*time.Hour/time.Microsecond)
	to := storetest.Start.Truncate(24 * time.Hour).Add(24 * time.Hour).UnixMicro()
	for _, q := range []string{
		fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2159) INSERT INTO tally SELECT id, %d - i * %d, 3, 1, 1, 1 FROM monitor, n", to-hour, hour),
		fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 89) INSERT INTO tally_day SELECT id, %d - i * %d, 72, 24, 24, 24 FROM monitor, n", to-day, day),
		fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 89), v(j) AS (SELECT 0 UNION ALL SELECT j + 1 FROM v WHERE j < 49) INSERT INTO facet_day SELECT '%s', CASE WHEN j < 10 THEN 'lang' WHEN j < 30 THEN 'topic' ELSE 'entity' END, %d - i * %d, 'v' || j, 5, 1, 2, 2 FROM n, v", ids[0], to-day, day),
	} {
		if err := db.InTx(ctx, func(ctx context.Context) error { _, err := db.IDB(ctx).NewRaw(q).Exec(ctx); return err }); err != nil {
			b.Fatal(err)
		}
	}
	x := &explore.Explorer{Heard: s, Store: listendb.New(db), Clock: now}
	b.Run("share of voice of 1000 monitors", func(b *testing.B) {
		for b.Loop() {
			if _, all, _, err := x.VoiceOf(ctx, nil, "", explore.SpanAsk{Range: "90d"}); err != nil || len(all) != 1000 || all[0].Count != 6480 {
				b.Fatal(len(all), all[0].Count, err)
			}
		}
	})
	b.Run("one monitor", func(b *testing.B) {
		for b.Loop() {
			e, err := x.Explore(ctx, listen.Subject{Monitor: s.MonitorsSeen(ctx)[0].ID}, explore.SpanAsk{Range: "90d"})
			if err != nil || e.Total.Count != 6480 {
				b.Fatal(e.Total, err)
			}
		}
	})
}
