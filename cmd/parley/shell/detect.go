package shell

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/listen/detect"
	"github.com/parley-crm/parley/listen/trial"
)

// Detect finds what is out of the ordinary in a series.
type Detect struct {
	Threshold float64 `help:"How rare a figure must be to be reported, as -log10 of its probability, once 5000 were seen; higher reports less." default:"2.6" env:"-"`
}

// Help is shown with --help.
func (Detect) Help() string {
	return `Reads a series as CSV with the header timestamp,value and writes one JSON line
{"timestamp","value","expected","score"} for each incident, at the figure at
which it is noticed; nothing for ordinary figures. Each figure is judged by
those before it only, as it comes. Times are 2006-01-02 15:04:05 (taken for UTC)
or RFC 3339; the step and days and weeks that repeat are found by itself; gaps
are no matter, nor are rows whose value is empty, NaN or null.

  parley detect < mentions.csv

Nothing is reported before there is something to compare with: 128 figures, or a
day where that is more. The longer a series, the rarer a figure must be. A row that can't be read is told on standard error with
its line, and the exit code is then 1; a header that is wrong ends it with 2.`
}

// Incident is one line of what is found.
type Incident struct {
	Timestamp string  `json:"timestamp"`
	Value     float64 `json:"value"`
	Expected  float64 `json:"expected"`
	Score     float64 `json:"score"`
}

// rowMost is the longest row that is taken, in bytes.
const rowMost = 64 << 10

// Run finds what is out of the ordinary.
func (c Detect) Run(ctx context.Context, s *Streams) error {
	if !(c.Threshold > 0) {
		return usage(s, "the threshold must be above 0")
	}
	in := bufio.NewReaderSize(s.In, rowMost)
	head, _, err := row(in)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if strings.ReplaceAll(strings.TrimPrefix(string(head), "\ufeff"), " ", "") != "timestamp,value" {
		return usage(s, "the first line must be the header timestamp,value")
	}
	d := detect.New(c.Threshold)
	failed := false
	for n := 2; ctx.Err() == nil; n++ {
		text, whole, err := row(in)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if len(text) == 0 {
			continue
		}
		if missing(text) {
			continue
		}
		stamp, at, value, why := readRow(text, whole)
		if why != "" {
			failed = true
			fmt.Fprintf(s.Err, "parley: line %d: %s\n", n, why)
			continue
		}
		if f, ok := d.Push(at, value); ok {
			line, _ := json.Marshal(Incident{stamp, value, rounded(f.Expected, 6), rounded(f.Score, 4)}) // finite numbers always marshal
			if _, err := s.Out.Write(append(line, '\n')); err != nil {
				return err
			}
		}
	}
	if failed {
		return Quit(ExitFailed)
	}
	return ctx.Err()
}

func usage(s *Streams, why string) error {
	fmt.Fprintln(s.Err, "parley:", why)
	return Quit(ExitUsage)
}

// row reads a line without its end. Of one that is too long, it returns the
// beginning and false.
func row(in *bufio.Reader) (text []byte, whole bool, err error) {
	text, err = in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		text = bytes.Clone(text[:32])
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = in.ReadSlice('\n')
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, false, err
		}
		return text, false, nil
	}
	if errors.Is(err, io.EOF) && len(text) > 0 {
		err = nil
	}
	return bytes.TrimSpace(text), true, err
}

// missing reports whether a row has a time but says that there is no value.
func missing(text []byte) bool {
	left, right, ok := bytes.Cut(text, []byte{','})
	if !ok || len(left) == 0 {
		return false
	}
	switch strings.ToLower(unquote(right)) {
	case "", "nan", "null", "na", "n/a", "none":
		return true
	}
	return false
}

// readRow says in a few words why a row can't be used, "" if it can.
func readRow(text []byte, whole bool) (stamp string, at time.Time, value float64, why string) {
	if !whole {
		return "", at, 0, fmt.Sprintf("it is longer than %d KB", rowMost>>10)
	}
	left, right, ok := bytes.Cut(text, []byte{','})
	if !ok || bytes.IndexByte(right, ',') >= 0 {
		return "", at, 0, "it is not a time and a value with a comma between"
	}
	stamp = unquote(left)
	at, err := time.Parse(time.DateTime, stamp)
	if err != nil {
		at, err = time.Parse(time.RFC3339, stamp)
	}
	if err != nil {
		return "", at, 0, fmt.Sprintf("%q is not a time such as 2006-01-02 15:04:05 or 2006-01-02T15:04:05Z", short(stamp))
	}
	number := unquote(right)
	value, err = strconv.ParseFloat(number, 64)
	if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
		return "", at, 0, fmt.Sprintf("%q is not a number", short(number))
	}
	return stamp, at, value, ""
}

func unquote(b []byte) string {
	b = bytes.TrimSpace(b)
	if len(b) >= 2 && b[0] == '"' && b[len(b)-1] == '"' {
		b = b[1 : len(b)-1]
	}
	return string(b)
}

func short(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

// rounded leaves so many digits behind the point, where that is possible.
func rounded(f float64, digits int) float64 {
	p := math.Pow10(digits)
	if r := math.Round(f*p) / p; !math.IsInf(r, 0) {
		return r
	}
	return f
}

// EvalDetect measures how well incidents are found.
type EvalDetect struct {
	Tuning bool `help:"On the seeds that the method was tuned on, instead of those that it has never seen." env:"-"`
}

// finder lets the trial ask the detector.
type finder struct{ d *detect.Detector }

// Find is asked one figure after the other.
func (f finder) Find(at time.Time, v float64) bool {
	_, found := f.d.Push(at, v)
	return found
}

// Run prints precision, recall and delay beside a moving z-score.
func (c EvalDetect) Run(s *Streams) error {
	rows := trial.Trial(c.Tuning, func() trial.Finder { return finder{detect.New(0)} })
	return trial.Table(s.Out, rows)
}
