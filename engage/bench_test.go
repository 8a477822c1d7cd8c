package engage_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// BenchmarkHear measures how fast what was understood enters the inbox, in
// runs of 500: all new threads, answers in threads that stand, and the wall.
func BenchmarkHear(b *testing.B) {
	engines := map[string]func(testing.TB, clock.Clock) *store.DB{"sqlite": storetest.SQLite}
	if os.Getenv("PARLEY_TEST_DATABASE") != "" {
		engines["postgres"] = storetest.Postgres
	}
	for name, open := range engines {
		for _, kind := range []string{"new", "answers", "wall"} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				now := clock.NewSet(storetest.Start)
				w := newWorld(b, open(b, now), now)
				const run = 500
				roots := make([]string, 0, run)
				if kind == "answers" {
					var said []social.Mention
					for i := range run {
						roots = append(roots, fmt.Sprintf("root-%d", i))
						said = append(said, w.say(roots[i], fmt.Sprintf("user%d", i), "a question that somebody has about a kettle", atUs))
					}
					w.hear(said...)
				}
				var ids [][]social.ActivityID
				for n := range b.N {
					var part []social.ActivityID
					for i := range run {
						var m social.Mention
						external := fmt.Sprintf("x-%s", id.New())
						who, text := fmt.Sprintf("user%d", i), fmt.Sprintf("@brewell my kettle number %d leaks since monday and nobody answers %d", i, n)
						switch kind {
						case "new":
							m = w.say(external, who, text, atUs)
						case "answers":
							m = w.say(external, who, text, atUs, answering(roots[i], roots[i]))
						default:
							m = w.say(external, who, text)
						}
						part = append(part, m.Activity.ID)
					}
					ids = append(ids, part)
				}
				b.ResetTimer()
				for _, part := range ids {
					w.must(w.db.InTx(context.Background(), func(ctx context.Context) error { return w.desk.Hear(ctx, part) }))
				}
				b.StopTimer()
				b.ReportMetric(float64(b.N*run)/b.Elapsed().Seconds(), "activities/s")
			})
		}
	}
}
