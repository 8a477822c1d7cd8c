package listen_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/explore"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

func TestWhatPeopleSuddenlySpeakOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c := w.channel("feed", "plain")
		say := func(id, text string, ago time.Duration) {
			a := post(id, text)
			a.Published = storetest.Start.Add(-ago)
			w.take(c.ID, event(a))
		}
		for i := range 300 { // five weeks of small talk
			say(fmt.Sprint("old", i), []string{"my kettle boils water", "lovely tea this morning", "which grinder for pour over", "the lid of my kettle squeaks"}[i%4], time.Duration(25+i*3)*time.Hour)
		}
		for i := range 12 {
			say(fmt.Sprint("a", i), "Is the loose handle part of the recall? "+[]string{"Ugh.", "Help!", "Anyone?"}[i%3], time.Duration(i)*time.Hour)
		}
		for i := range 8 {
			say(fmt.Sprint("b", i), "Nordlicht tarifa festival", time.Duration(i)*time.Hour)
		}
		for i := range 20 {
			say(fmt.Sprint("c", i), "my kettle boils water", time.Duration(i)*time.Hour)
		}
		tell := func() {
			t.Helper()
			facts, err := db.Facts(w.ctx, 0, 10_000)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range facts {
				if h, ok := f.Fact.(social.Heard); ok {
					if err := db.InTx(w.ctx, func(ctx context.Context) error { return w.CountTerms(ctx, h.Activities) }); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		tell()
		_, got, err := w.explorer().Bursts(w.ctx, listen.Subject{}, explore.SpanAsk{Range: "24h"})
		if err != nil || len(got) != 2 {
			t.Fatalf("%+v, %v", got, err)
		}
		if b := got[0]; !slices.Contains(b.Words, "loose handle") || !slices.Contains(b.Words, "recall") || b.Total != 12 || !b.Exact || b.Times != 0 {
			t.Errorf("%+v", b)
		}
		if n := w.listed(listen.Filter{Query: got[0].Query, Since: storetest.Start.Add(-24 * time.Hour)}); n != got[0].Total {
			t.Errorf("counted %d, listed %d", got[0].Total, n)
		}
		if b := got[1]; b.Total != 8 {
			t.Errorf("%+v", b)
		}
		// A monitor that is made now knows what was usual before, too.
		m := w.watch("kettle OR recall", false)
		w.work()
		_, got, err = w.explorer().Bursts(w.ctx, listen.Subject{Monitor: m.ID}, explore.SpanAsk{Range: "24h"})
		if err != nil || len(got) != 1 || got[0].Total != 12 {
			t.Errorf("of a monitor: %+v, %v", got, err)
		}
		// Nothing is claimed where there is nothing to compare.
		if _, got, err := w.explorer().Bursts(w.ctx, listen.Subject{}, explore.SpanAsk{From: storetest.Start.Add(-60 * 24 * time.Hour), To: storetest.Start}); err != nil || len(got) != 0 {
			t.Errorf("without a before: %+v, %v", got, err)
		}
		// However much is said, what is kept of a day is bounded, and what is said often is in it.
		var many []string
		for i := range 900 {
			many = append(many, fmt.Sprintf("word%c%c%c", 'a'+i%26, 'a'+i/26%26, 'a'+i/676))
		}
		for i := range 40 {
			say(fmt.Sprint("m", i), "evergreen . "+strings.Join(many[i*20:i*20+40], " . "), time.Hour)
		}
		tell()
		if n := w.count("SELECT COUNT(*) FROM term_day WHERE subject = ? AND day = ?", string(c.ID), storetest.Start.Truncate(24*time.Hour).UnixMicro()); n > 256 {
			t.Errorf("%d terms of a day are kept", n)
		}
		if n := w.count("SELECT count FROM term_day WHERE subject = ? AND day = ? AND term = 'evergreen'", string(c.ID), storetest.Start.Truncate(24*time.Hour).UnixMicro()); n < 40 {
			t.Errorf("evergreen counts %d of 40", n)
		}
	})
}
