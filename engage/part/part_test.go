package part_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/parley-crm/parley/engage/part"
)

func runes(most int) func(string) bool {
	return func(s string) bool { return utf8.RuneCountInString(s) <= most && strings.TrimSpace(s) != "" }
}

func TestSplit(t *testing.T) {
	tests := []struct {
		name, text string
		room, most int
		want       []string // nil: it can't be done
	}{
		{"what fits stays one, without a number", "All well.", 20, 5, []string{"All well."}},
		{"between paragraphs", "First thing.\n\nSecond thing.", 20, 5, []string{"First thing. (1/2)", "Second thing. (2/2)"}},
		{"between sentences", "One two. Three four five.", 24, 5, []string{"One two. (1/2)", "Three four five. (2/2)"}},
		{"between words", "one two three four", 17, 5, []string{"one two (1/2)", "three four (2/2)"}},
		{"a link stays whole", "see https://example.org/a/b/c now", 31, 5, []string{"see (1/3)", "https://example.org/a/b/c (2/3)", "now (3/3)"}},
		{"a link that is too long can't be cut", "https://example.org/a/b/c/d/e/f/g", 20, 9, nil},
		{"a word that is too long is cut between signs", "👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 19, 3, []string{"👩‍👩‍👧‍👦 (1/3)", "👩‍👩‍👧‍👦 (2/3)", "👩‍👩‍👧‍👦 (3/3)"}},
		{"more parts than are taken", strings.Repeat("word ", 100), 20, 5, nil},
		{"nothing", "  ", 20, 5, nil},
		{"more than anybody reads", strings.Repeat("a ", part.Longest), 20_000, 10, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := part.Split(tt.text, tt.most, runes(tt.room)); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", tt.want) {
				t.Errorf("%q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestNoWordIsLostAndEachPartFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "kettle", "lid.", "é", "👩‍👩‍👧‍👦", "مرحبا", "https://a.example/b", "\n", "\n\n", "x"}), 1, 60).Draw(t, "words")
		text := strings.Join(words, " ")
		fits := runes(rapid.IntRange(34, 80).Draw(t, "room"))
		got := part.Split(text, 60, fits)
		if got == nil {
			if strings.TrimSpace(text) != "" {
				t.Fatalf("%q was not parted", text)
			}
			return
		}
		var all []string
		for i, p := range got {
			if !fits(p) || !utf8.ValidString(p) {
				t.Fatalf("part %d does not fit: %q", i, p)
			}
			if len(got) > 1 {
				end := fmt.Sprintf(" (%d/%d)", i+1, len(got))
				if !strings.HasSuffix(p, end) {
					t.Fatalf("%q does not end with%s", p, end)
				}
				p = strings.TrimSuffix(p, end)
			}
			all = append(all, strings.Fields(p)...)
		}
		if a, b := strings.Join(all, " "), strings.Join(strings.Fields(text), " "); a != b {
			t.Fatalf("%q became %q", b, a)
		}
	})
}
