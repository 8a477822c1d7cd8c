//go:build bench

package bench_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/house"
)

// BenchmarkMatch pipes posts through "parley match" with 10,000 monitors; the
// time that reading the monitors takes is measured apart and taken off.
func BenchmarkMatch(b *testing.B) {
	const monitors, posts = 10_000, 200_000
	s := newStream()
	var queries bytes.Buffer
	for i := range monitors {
		line(&queries, map[string]string{"id": strconv.Itoa(i), "query": s.query(monitors)})
	}
	file := filepath.Join(b.TempDir(), "monitors.jsonl")
	if err := os.WriteFile(file, queries.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	var in bytes.Buffer
	for i := range posts {
		line(&in, map[string]string{"id": strconv.Itoa(i), "text": s.post(monitors), "lang": "en", "author": s.brand(monitors)})
	}
	start, _ := pipe(b, nil, "match", "--monitors", file)
	took, out := pipe(b, in.Bytes(), "match", "--monitors", file)
	if out == 0 {
		b.Fatal("nothing matched")
	}
	say(b, fmt.Sprintf("match with %s monitors", thousands(monitors)), posts, took-start,
		fmt.Sprintf("%s matched; monitors read in %.2f s", thousands(out), start.Seconds()))
}

// BenchmarkScore pipes posts through "parley score".
func BenchmarkScore(b *testing.B) {
	const posts = 300_000
	s := newStream()
	var in bytes.Buffer
	for i := range posts {
		line(&in, map[string]string{"id": strconv.Itoa(i), "text": s.complaint(i)})
	}
	for _, x := range []struct {
		name string
		args []string
	}{
		{"score", []string{"score"}},
		{"score --only sentiment", []string{"score", "--only", "sentiment"}},
	} {
		b.Run(x.name, func(b *testing.B) {
			start, _ := pipe(b, nil, x.args...)
			took, out := pipe(b, in.Bytes(), x.args...)
			if out != posts {
				b.Fatalf("%d lines, want %d", out, posts)
			}
			say(b, x.name, posts, took-start, fmt.Sprintf("starts in %.2f s", start.Seconds()))
		})
	}
}

// pipe runs the binary and returns how long it took and how many lines it wrote.
func pipe(b *testing.B, in []byte, args ...string) (time.Duration, int) {
	cmd := exec.Command(house.Bin(b), args...)
	var out, problems bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &problems
	began := time.Now()
	if err := cmd.Run(); err != nil {
		b.Fatalf("%v: %s", err, problems.String())
	}
	return time.Since(began), bytes.Count(out.Bytes(), []byte("\n"))
}

func say(b *testing.B, name string, n int, took time.Duration, more string) {
	rate := float64(n) / took.Seconds()
	fmt.Printf("%s: %s posts/s; %s posts in %.1f s, %s; load %s\n", name, thousands(int(rate)), thousands(n), took.Seconds(), more, load())
	b.ReportMetric(rate, "posts/s")
	b.ReportMetric(0, "ns/op")
}

func line(out *bytes.Buffer, v any) {
	text, _ := json.Marshal(v) // maps of strings always marshal
	out.Write(append(text, '\n'))
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// load is how busy the machine is; figures say it beside.
func load() string {
	text, _ := os.ReadFile("/proc/loadavg")
	if first, _, ok := strings.Cut(string(text), " "); ok {
		return first
	}
	return "unknown"
}

// stream makes posts whose words are as unevenly common as in a language, and
// monitors that look for brands in them; one post in fifty speaks of a brand.
type stream struct {
	rnd  *rand.Rand
	zipf *rand.Zipf
}

func newStream() *stream {
	r := rand.New(rand.NewPCG(1, 2))
	return &stream{r, rand.NewZipf(r, 1.15, 4, 60_000)}
}

func (s *stream) word() string {
	const syllables = "thandoinersalmekovitubera"
	var w strings.Builder
	for n := s.zipf.Uint64()*7 + 3; n > 0; n /= 23 {
		w.WriteString(syllables[n%23 : n%23+2])
	}
	return w.String()
}

func (s *stream) brand(of int) string { return fmt.Sprintf("brand%d", s.rnd.IntN(of)) }

func (s *stream) post(brands int) string {
	words := make([]string, 8+s.rnd.IntN(25))
	for i := range words {
		words[i] = s.word()
	}
	if s.rnd.IntN(50) == 0 {
		words = append(words, "#"+s.brand(brands), s.word())
	}
	return "The " + strings.Join(words, " ") + "."
}

func (s *stream) query(brands int) string {
	brand := s.brand(brands)
	switch s.rnd.IntN(6) {
	case 0:
		return brand
	case 1:
		return fmt.Sprintf("%s (%s OR \"%s %s\") NOT %s", brand, s.word(), s.word(), s.word(), s.word())
	case 2:
		return fmt.Sprintf("\"%s %s\" OR #%s", s.word(), brand, brand)
	case 3:
		return fmt.Sprintf("%s NEAR/5 (%s OR %s*)", brand, s.word(), s.word())
	case 4:
		return fmt.Sprintf("%s* lang:en", brand)
	}
	return fmt.Sprintf("from:%s (%s OR %s)", brand, s.word(), s.word())
}

// complaint is a post in one of a few languages, no two alike.
func (s *stream) complaint(i int) string {
	return fmt.Sprintf("%s %s %s #%d", openings[s.rnd.IntN(len(openings))], middles[s.rnd.IntN(len(middles))], endings[s.rnd.IntN(len(endings))], i)
}

var (
	openings = []string{"My kettle leaks since Monday,", "Honestly I love the new kettle,", "Der Deckel ist schon wieder kaputt,", "El envío llega tarde otra vez,",
		"Merci pour la réponse rapide,", "O produto chegou quebrado,", "Is my kettle part of the recall?", "Ordered two weeks ago and still nothing:"}
	middles = []string{"and nobody answers the phone", "it boils in no time and looks lovely", "das ist wirklich ärgerlich", "¿alguien me puede decir dónde está mi pedido?",
		"la bouilloire marche très bien", "quero o meu dinheiro de volta", "I want a refund please", "what a waste of money"}
	endings = []string{"@brewell", "what now? 😡", "thanks to the whole team 👍", "!!!", "so disappointing", "best purchase this year", "bitte melden", "gracias"}
)
