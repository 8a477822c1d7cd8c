package engage_test

import (
	"testing"
	"time"

	"github.com/parley-crm/parley/engage/hours"
	"github.com/parley-crm/parley/engage/pledge"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/store/storetest"
)

func benchPace(b *testing.B, with bool) {
	now := clock.NewSet(storetest.Start)
	w := newWorld(b, storetest.SQLite(b, now), now)
	if with {
		w.paced()
		c := hours.Calendar{Name: "Office", Zone: "Europe/Berlin"}
		for d := time.Monday; d <= time.Friday; d++ {
			c.Week[d] = []hours.Span{{From: 9 * 60, To: 17 * 60}}
		}
		c, err := w.desk.Pace.SaveCalendar(as(ana), c)
		w.must(err)
		for range 5 {
			w.promise(func(p *pledge.Pledge) { p.Calendar = c.ID })
		}
	}
	cid := w.began()
	b.ResetTimer()
	for b.Loop() {
		w.must(w.desk.Snooze(as(ana), cid, w.now.Now().Add(time.Hour)))
		w.must(w.desk.Reopen(as(ana), cid))
		w.now.Add(time.Millisecond)
	}
	b.StopTimer()
	b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(2*b.N), "µs/change")
}
