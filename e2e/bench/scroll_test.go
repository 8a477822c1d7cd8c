//go:build bench

package bench_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// BenchmarkScroll passes ten thousand open conversations of a million by in a
// real browser, some two hundred a second, and tells how long frames take: at 60 a
// second a frame has 16.7 ms.
func BenchmarkScroll(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("PARLEY_BENCH_ROWS"))
	if err != nil {
		n = 1_000_000
	}
	dir := seeded(b, n)
	h := house.Start(b, "--log-level", "warn", "--data", dir)
	h.Dir = dir
	out, code := h.CLI("token", "create", "--name", "scroll", "--role", "admin", "--expires", "1h")
	if code != 0 {
		b.Fatal(out)
	}
	lines := strings.Fields(out)
	ada := h.API(lines[len(lines)-1])
	w := browser.Open(b).Page("scroll")
	house.Join(w, ada.Invite("Scroll", fmt.Sprintf("scroll%d@brewell.example", time.Now().UnixNano()), "admin"))
	w.Open(h.URL + "/engage")
	w.SeeRole("region", "Conversations")
	rows := min(10_000, n/60) // about one in fifty of those that are made is open
	for range b.N {
		r := w.Scroll("Conversations", rows, 400)
		slices.Sort(r.Frames)
		at := func(share float64) float64 { return r.Frames[int(float64(len(r.Frames)-1)*share)] }
		late := 0
		for _, f := range r.Frames {
			if f > 50 {
				late++
			}
		}
		fmt.Printf("scrolling %s of %s conversations: a frame takes %.1f ms (median), %.1f (p99), %.0f at most; %.2f%% took more than 50 ms; at most %d rows in the page; %.0f MB of scripts; load %s\n",
			thousands(r.Rows), thousands(n), at(.5), at(.99), at(1), 100*float64(late)/float64(len(r.Frames)), r.Drawn, float64(r.Heap)/(1<<20), load())
		b.ReportMetric(at(.99), "p99-ms-frame")
		b.ReportMetric(0, "ns/op")
	}
}
