package know_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/parley-crm/parley/engage/know"
)

func TestCompare(t *testing.T) {
	got := know.Compare("Turn it off.\nWait ten minutes.\nDone.", "Turn it off.\nWait twenty minutes.\nDone.")
	want := []know.Piece{{Kind: know.Same, Text: "Turn it off.\nWait "}, {Kind: know.Gone, Text: "ten "}, {Kind: know.New, Text: "twenty "}, {Kind: know.Same, Text: "minutes.\nDone."}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: %+v", i, got[i])
		}
	}
}

// TestCompareGivesBothBack: what is not new is the old text, and what is not
// gone is the new one, whatever the texts are.
func TestCompareGivesBothBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	words := []string{"a ", "b ", "c\n", "d ", "\n", "é", "☕️ "}
	text := func(most int) string {
		var b strings.Builder
		for range r.IntN(most + 1) {
			b.WriteString(words[r.IntN(len(words))])
		}
		return b.String()
	}
	both := func(a, b string) {
		var old, now strings.Builder
		for _, p := range know.Compare(a, b) {
			if p.Kind != know.New {
				old.WriteString(p.Text)
			}
			if p.Kind != know.Gone {
				now.WriteString(p.Text)
			}
		}
		if old.String() != a || now.String() != b {
			t.Fatalf("%q → %q gave %q → %q", a, b, old.String(), now.String())
		}
	}
	for range 3000 {
		both(text(20), text(20))
	}
	both(text(40_000), text(40_000))
	both("", "x")
	both("x", "")
}
