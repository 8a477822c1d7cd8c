package toxicity

import (
	"math"
	"strings"
	"testing"

	"github.com/parley-crm/parley/analyze/choice"
	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
	"github.com/parley-crm/parley/social"
)

// The floor: plain cases, most of which must be right, whatever is trained.
func TestFloor(t *testing.T) {
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	feeling, err := sentiment.Default()
	if err != nil {
		t.Fatal(err)
	}
	read := func(text string) []social.Label {
		var d linear.Doc
		d.Read(text)
		mean, err := choice.Mean(&d)
		if err != nil {
			t.Fatal(err)
		}
		return m.Read(&d, feeling.Read(&d), &mean, 3, new(choice.Scratch), nil)
	}
	right := 0
	cases := []struct{ text, label string }{
		{"you are a fucking idiot", social.Offensive}, {"shut up you stupid moron", social.Offensive}, {"what a disgusting piece of shit you are", social.Offensive},
		{"go to hell you pathetic loser", social.Offensive}, {"this bitch is dumb as fuck", social.Offensive}, {"you people are trash and liars", social.Offensive},
		{"My parcel arrived two days late", social.NotOffensive}, {"The kettle leaks and I want my money back", social.NotOffensive},
		{"What time do you open on Sunday?", social.NotOffensive}, {"Thank you for the quick help", social.NotOffensive},
		{"I am disappointed by the service in your branch", social.NotOffensive}, {"We walked along the river and saw two swans", social.NotOffensive},
	}
	for _, c := range cases {
		got := read(c.text)
		if got[0].Label == c.label {
			right++
		} else {
			t.Logf("%q: %s", c.text, got[0].Label)
		}
		var sum float64
		for i, l := range got {
			sum += l.Score
			if i > 0 && (l.Score > got[i-1].Score || l.Why != nil) {
				t.Errorf("%q: %+v", c.text, got)
			}
		}
		if len(got) != 2 || math.Abs(sum-1) > 1e-3 {
			t.Errorf("%q: %+v adds up to %v", c.text, got, sum)
		}
	}
	if right < len(cases)-1 {
		t.Errorf("%d of %d right", right, len(cases))
	}
	for _, hostile := range []string{"", "\xff\xfe", "🫖", strings.Repeat("sad ", 100_000)} {
		if got := read(hostile); len(got) != 2 || math.IsNaN(got[0].Score) {
			t.Errorf("%.10q: %+v", hostile, got)
		}
	}
	if m.Speaks("de") || !m.Speaks("en") {
		t.Error("it speaks English only")
	}
}
