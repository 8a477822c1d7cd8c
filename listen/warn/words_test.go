package warn

import (
	"slices"
	"strings"
	"testing"
)

func TestRepeatedWords(t *testing.T) {
	before := []string{"my kettle boils", "the kettle is red", "kettle and tea", "a nice kettle", "kettle kettle kettle"}
	now := []string{"kettle lid melts", "KETTLE: the LID MELTS!", "#recall the kettle", "recall! lid melts", "lid melts and melts https://x.test/lid", "my kettle"}
	got := repeated(now, before)
	if len(got) == 0 || got[0] != "lid melts" || slices.Contains(got, "kettle") || slices.Contains(got, "the") {
		t.Errorf("repeated %v", got)
	}
	if got := repeated([]string{"a", "b", "c"}, nil); len(got) != 0 {
		t.Errorf("of nothing it found %v", got)
	}
	if got := repeated(slices.Repeat([]string{"the and lid"}, 9), nil); !slices.Equal(got, []string{"lid"}) {
		t.Errorf("with nothing before, it found %v", got)
	}
	if !looked("(k2 near/6 kettle) or \"brewell recall\"", "brewell recall") || looked("kettle", "kettle melts") {
		t.Error("what a query looks for is not told apart")
	}
	for _, s := range []string{strings.Repeat("\xff", 9000), strings.Repeat("🔥", 9000), strings.Repeat("x", 1<<20)} {
		repeated([]string{s, s, s, s}, []string{s})
	}
}
