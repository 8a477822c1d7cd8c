package analyze

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestScoreLines(t *testing.T) {
	tests := []struct {
		name string
		in   string
		out  string // what the line must hold: pieces, divided by …
		not  string
		bad  int
	}{
		{"a post", `{"id":"1","text":"I love it, thank you!"}`, `{"id":"1","lang":"en","sentiment":{"label":"positive","score":0.…"confidence":0.…"emotions":[{"label":"joy","score":…,"toxicity":{"label":"not-offensive","score":0.…"entities":[],"topics":[]…"intents":[{"label":"praise","score":…,"model":"` + every + `"}`, "why", 0},
		{"a number as id", `{"id":17,"text":"I love it"}`, `{"id":17,`, "error", 0},
		{"fields that are not ours", `{"text":"I love it","id":"x","label":"positive"}`, `{"id":"x","lang":"en"`, "error", 0},
		{"another language", `{"id":"1","text":"Der Kaffee ist kalt und niemand hilft mir"}`, `"lang":"de","sentiment":null,"emotions":null,"intents":[],"toxicity":null,"entities":[],"topics":null,"model":"lid.176+entity-2"}`, "error", 0},
		{"names and topics", `{"id":"1","text":"héy @brewell, your delivery is late #kettle"}`, `"entities":[{"kind":"handle","text":"@brewell","confidence":0.9900,"start":4,"end":12},…"topics":[{"label":"delivery","score":0.…`, "why", 0},
		{"no text at all", `{"id":"1","text":""}`, `"lang":"und","sentiment":null,"emotions":null,"intents":[]`, "error", 0},
		{"half an emoji", `{"id":"1","text":"\ud83d great"}`, `{"id":"1","lang":"en"`, "error", 0},
		{"an id to be quoted", `{"id":"a\"b\n","text":""}`, `{"id":"a\"b\n","lang"`, "error", 0},
		{"not JSON", `nonsense`, `{"id":null,"error":"Line 1 is not a JSON object`, "lang", 1},
		{"an array", `[1,2]`, `{"id":null,"error":`, "lang", 1},
		{"no id", `{"text":"x"}`, `{"id":null,"error":"Line 1 has no id`, "lang", 1},
		{"an id that is neither", `{"id":{"a":1},"text":"x"}`, `{"id":null,"error":"Line 1 has no id`, "lang", 1},
		{"no text", `{"id":"7"}`, `{"id":"7","error":"Line 1 has no text`, "lang", 1},
		{"a text that is none", `{"id":"7","text":7}`, `{"id":"7","error":"Line 1 has no text`, "lang", 1},
		{"cut off", `{"id":"7","text":"x`, `{"id":null,"error":`, "lang", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			failed, err := ScoreLines(context.Background(), strings.NewReader(tt.in+"\n"), &out, Options{})
			if err != nil || failed != tt.bad {
				t.Fatalf("%d failed, %v", failed, err)
			}
			got := out.String()
			if !json.Valid(out.Bytes()) || strings.Count(got, "\n") != 1 {
				t.Errorf("not a line of JSON: %q", got)
			}
			for piece := range strings.SplitSeq(tt.out, "…") {
				if !strings.Contains(got, piece) {
					t.Errorf("%s lacks %s", got, piece)
				}
			}
			if strings.Contains(got, tt.not) {
				t.Errorf("%s has %s", got, tt.not)
			}
		})
	}
}

func TestScoreLinesOnly(t *testing.T) {
	var out bytes.Buffer
	in := `{"id":"1","text":"I love it"}` + "\n"
	if _, err := ScoreLines(context.Background(), strings.NewReader(in), &out, Options{Only: []Part{PartSentiment}, Why: 1}); err != nil {
		t.Fatal(err)
	}
	var got map[string]json.RawMessage
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got["id"] == nil || got["model"] == nil || !strings.Contains(string(got["sentiment"]), `"why":["love"]`) {
		t.Errorf("only sentiment: %s", out.String())
	}
}

// Thousands of lines come back in order, bad ones among them.
func TestScoreLinesInOrder(t *testing.T) {
	var in strings.Builder
	const n = 5000
	for i := range n {
		if i%10 == 3 {
			fmt.Fprintf(&in, "{\"id\":%d}\n", i)
			continue
		}
		fmt.Fprintf(&in, "{\"id\":%d,\"text\":%q}\n", i, benchTexts[i%len(benchTexts)])
	}
	var out bytes.Buffer
	failed, err := ScoreLines(context.Background(), strings.NewReader(in.String()), &out, Options{})
	if err != nil || failed != n/10 {
		t.Fatalf("%d failed, %v", failed, err)
	}
	sc := bufio.NewScanner(&out)
	for i := range n {
		if !sc.Scan() || !strings.HasPrefix(sc.Text(), fmt.Sprintf(`{"id":%d,`, i)) || strings.Contains(sc.Text(), "error") != (i%10 == 3) {
			t.Fatalf("line %d: %s", i, sc.Text())
		}
	}
	if sc.Scan() {
		t.Errorf("one line too many: %s", sc.Text())
	}
}

// A post of ten megabytes is scored, and what follows it too.
func TestScoreLinesLong(t *testing.T) {
	in := `{"id":"big","text":"I love this. ` + strings.Repeat("very good ", 1<<20) + `"}` + "\n" + `{"id":"next","text":"I love it"}` + "\n"
	var out bytes.Buffer
	failed, err := ScoreLines(context.Background(), strings.NewReader(in), &out, Options{})
	if err != nil || failed != 0 || strings.Count(out.String(), `"label":"positive"`) != 2 {
		t.Errorf("%d failed, %v: %s", failed, err, out.String())
	}
}

// The answer to a line comes before the next line is there.
func TestScoreLinesAnswersWhenInputPauses(t *testing.T) {
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, err := ScoreLines(context.Background(), inR, outW, Options{})
		outW.Close()
		done <- err
	}()
	answers := bufio.NewScanner(outR)
	for i := range 3 {
		fmt.Fprintf(inW, "{\"id\":%d,\"text\":\"great\"}\n", i)
		if !answers.Scan() || !strings.HasPrefix(answers.Text(), fmt.Sprintf(`{"id":%d,`, i)) {
			t.Fatalf("answer %d: %q", i, answers.Text())
		}
	}
	inW.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestScoreLinesEndsWhenOutputFails(t *testing.T) {
	in := strings.Repeat(`{"id":"1","text":"great"}`+"\n", 100_000)
	if _, err := ScoreLines(context.Background(), strings.NewReader(in), fullDisk{}, Options{}); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("a full disk: %v", err)
	}
}

func BenchmarkScoreLines(b *testing.B) {
	var in bytes.Buffer
	const n = 20_000
	for i := range n {
		fmt.Fprintf(&in, "{\"id\":\"%d\",\"text\":%q}\n", i, benchTexts[i%len(benchTexts)])
	}
	for _, only := range []string{"sentiment", ""} {
		parts, err := Only(only)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("only="+only, func(b *testing.B) {
			for b.Loop() {
				if _, err := ScoreLines(context.Background(), bytes.NewReader(in.Bytes()), io.Discard, Options{Only: parts}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "posts/s")
		})
	}
}
