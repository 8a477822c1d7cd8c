//go:build bench

package bench_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/house"
	"github.com/parley-crm/parley/store/storetest"
)

// BenchmarkImport takes persons over from a CSV file over HTTP, as the app
// does: new ones, then the same file again, then undoes it. PARLEY_BENCH_ROWS
// is how many there are; 100,000 if it is not given.
func BenchmarkImport(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("PARLEY_BENCH_ROWS"))
	if err != nil {
		n = 100_000
	}
	b.Run("sqlite", func(b *testing.B) { bringIn(b, n, "") })
	if os.Getenv("PARLEY_TEST_DATABASE") != "" {
		b.Run("postgres", func(b *testing.B) { bringIn(b, n, storetest.Database(b)) })
	}
}

// brought is how an import stands.
type brought struct {
	ID, State            string
	Created, Same        int
	Wrong, Undone, Steps int
	Rate                 float64
	Settings             json.RawMessage
}

func bringIn(b *testing.B, n int, url string) {
	h := house.Start(b, "--log-level", "warn", "--database", url)
	out, code := h.CLI("token", "create", "--name", "bench", "--role", "admin", "--expires", "1h", "--database", url)
	if code != 0 {
		b.Fatal(out)
	}
	lines := strings.Fields(out)
	ask := func(method, path, kind string, body []byte) (f brought) {
		b.Helper()
		r, err := http.NewRequest(method, h.URL+path, bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+lines[len(lines)-1])
		r.Header.Set("Content-Type", kind)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode > 299 {
			b.Fatalf("%s %s: %d %s %v", method, path, resp.StatusCode, text, err)
		}
		if err := json.Unmarshal(text, &f); err != nil {
			b.Fatal(err)
		}
		return f
	}
	var text bytes.Buffer
	text.WriteString("id,name,email,phone,city,company\n")
	for i := range n {
		fmt.Fprintf(&text, "C%d,Maya Dubois %d,p%d@example.com,+4479%08d,Town %d,Firm %d\n", i, i, i, i, i%500, i%2000)
	}
	const js, raw = "application/json", "application/octet-stream"
	run := func() (brought, time.Duration) {
		f := ask(http.MethodPost, "/api/imports", js, fmt.Appendf(nil, `{"name":"people.csv","size":%d}`, text.Len()))
		for at := 0; at < text.Len(); at += 4 << 20 {
			f = ask(http.MethodPut, fmt.Sprintf("/api/imports/%s/part?at=%d", f.ID, at), raw, text.Bytes()[at:min(at+4<<20, text.Len())])
		}
		began := time.Now()
		f = ask(http.MethodPost, "/api/imports/"+f.ID+"/start", js, f.Settings)
		return await(b, f, "done", func() brought { return ask(http.MethodGet, "/api/imports/"+f.ID, js, nil) }), time.Since(began)
	}
	for range b.N {
		f, took := run()
		if f.Created != n || f.Wrong != 0 {
			b.Fatalf("%+v", f)
		}
		again, second := run()
		if again.Same != n {
			b.Fatalf("%+v", again)
		}
		began := time.Now()
		ask(http.MethodPost, "/api/imports/"+f.ID+"/undo", js, nil)
		back := await(b, f, "undone", func() brought { return ask(http.MethodGet, "/api/imports/"+f.ID, js, nil) })
		if back.Undone != n {
			b.Fatalf("%+v", back)
		}
		b.ReportMetric(float64(n)/took.Seconds(), "new/s")
		b.ReportMetric(float64(n)/second.Seconds(), "same/s")
		b.ReportMetric(float64(n)/time.Since(began).Seconds(), "undone/s")
	}
}

func await(b *testing.B, f brought, state string, look func() brought) brought {
	b.Helper()
	for end := time.Now().Add(20 * time.Minute); f.State != state; f = look() {
		if f.State == "failed" || time.Now().After(end) {
			b.Fatalf("it stands at %+v", f)
		}
		time.Sleep(20 * time.Millisecond)
	}
	return f
}
