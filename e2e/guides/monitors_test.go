package guides_test

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/parley-crm/parley/listen/place"
	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/social"
)

// told is a post with its language, handle and network before the colon.
var told = regexp.MustCompile(`^(\S+) @(\S+) (\S+): (.*)$`)

// TestQueriesOfTheGuide reads each example: a query, then texts that it finds
// (+) and texts that it does not (-).
func TestQueriesOfTheGuide(t *testing.T) {
	nowhere := place.NewAtlas(nil)
	for _, block := range fences(t, "monitors.md", "query") {
		var q *query.Query
		for _, line := range block {
			if sign, text, ok := strings.Cut(strings.TrimSpace(line), " "); ok && (sign == "+" || sign == "-") {
				var d query.Doc
				if m := told.FindStringSubmatch(text); m != nil {
					d.Reset(m[4], m[1], m[2], m[3])
				} else {
					d.Reset(text, "en", "", "")
				}
				d.At(func() []string {
					return nowhere.Names(nowhere.Resolve(place.Said{Activity: social.Activity{Text: d.Text(), Lang: "en"}}).Place)
				})
				if got := q.Match(&d); got != (sign == "+") {
					t.Errorf("%s on %q: %v", q.Source(), text, got)
				}
				continue
			}
			var err error
			if q, err = query.Parse(line); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
		}
	}
}

// TestMistakesOfTheGuide reads queries that are wrong and the column they
// are wrong at.
func TestMistakesOfTheGuide(t *testing.T) {
	for _, block := range fences(t, "monitors.md", "mistake") {
		for i := 0; i+1 < len(block); i += 2 {
			want, err := strconv.Atoi(strings.TrimSpace(block[i+1]))
			if err != nil {
				t.Fatal(err)
			}
			_, err = query.Parse(block[i])
			var e *social.Error
			if !errors.As(err, &e) || e.At != want {
				t.Errorf("%s: %v, want a mistake in column %d", block[i], err, want)
			}
		}
	}
}
