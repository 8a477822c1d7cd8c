package lines_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/parley-crm/parley/kit/lines"
)

func upper() func(*lines.Line) {
	return func(l *lines.Line) {
		switch {
		case l.In == nil:
			l.Out, l.Failed = []byte("too long"), true
		case bytes.HasPrefix(l.In, []byte("bad")):
			l.Failed = true
		default:
			l.Out = bytes.ToUpper(l.In)
		}
	}
}

func TestOrderIsKept(t *testing.T) {
	var in, want strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&in, "line %d\n", i)
		fmt.Fprintf(&want, "LINE %d\n", i)
	}
	var out bytes.Buffer
	failed, err := lines.Map(context.Background(), strings.NewReader(in.String()), &out, upper)
	if err != nil || failed != 0 || out.String() != want.String() {
		t.Fatalf("failed %d, %v, same %v", failed, err, out.String() == want.String())
	}
}

func TestEdges(t *testing.T) {
	long := strings.Repeat("x", lines.Max+10)
	tests := []struct {
		name, in, out string
		failed        int
	}{
		{"nothing", "", "", 0},
		{"blank lines are passed over", "\n \na\n\n", "A\n", 0},
		{"the last line needs no end", "a\nb", "A\nB\n", 0},
		{"windows line ends", "a\r\nb\r\n", "A\nB\n", 0},
		{"failed lines are counted", "bad\na\nbad\n", "A\n", 2},
		{"a line that is too long fails alone", "a\n" + long + "\nb\n", "A\ntoo long\nB\n", 1},
		{"also at the end", "a\n" + long, "A\ntoo long\n", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			failed, err := lines.Map(context.Background(), strings.NewReader(tt.in), &out, upper)
			if err != nil || failed != tt.failed || out.String() != tt.out {
				t.Errorf("got %q, %d failed, %v; want %q, %d", out.String(), failed, err, tt.out, tt.failed)
			}
		})
	}
}

// TestAPauseHoldsNothingBack talks in turns: each answer must come before the
// next question is asked.
func TestAPauseHoldsNothingBack(t *testing.T) {
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, err := lines.Map(context.Background(), inR, outW, upper)
		outW.Close()
		done <- err
	}()
	buf := make([]byte, 16)
	const half = "un"
	for i, word := range []string{"one", "two", "three"} {
		fmt.Fprint(inW, word+"\n"+half) // the next line has begun, and pauses
		n, err := outR.Read(buf)
		want := strings.ToUpper(word) + "\n"
		if i > 0 {
			want = "UN" + want
		}
		if err != nil || string(buf[:n]) != want {
			t.Fatalf("answer to %q: %q, %v", word, buf[:n], err)
		}
	}
	inW.Close()
	go func() { _, _ = io.Copy(io.Discard, outR) }() // the half line is one now
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("nobody listens") }

func TestEndsWhenNobodyReads(t *testing.T) {
	_, err := lines.Map(context.Background(), strings.NewReader(strings.Repeat("a\n", 100_000)), broken{}, upper)
	if err == nil {
		t.Fatal("want the writer's error")
	}
}
