package emotion

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
		{"I am absolutely furious with this company, I hate them", social.Anger}, {"so angry right now, how dare they", social.Anger},
		{"this makes my blood boil, outrageous", social.Anger}, {"stop lying to us, disgusting behaviour", social.Anger},
		{"So happy today, best birthday ever, laughing all day", social.Joy}, {"haha that was hilarious, love my friends", social.Joy},
		{"what a delightful cheerful morning", social.Joy}, {"smiling all day, this is amazing", social.Joy},
		{"Keep going, tomorrow will be better, never give up hope", social.Optimism}, {"believe in yourself and do not worry about the future", social.Optimism},
		{"I miss her so much, crying again", social.Sadness}, {"feeling so lonely and depressed tonight", social.Sadness},
		{"heartbroken, lost my dog today", social.Sadness}, {"such sad news, I am in tears", social.Sadness},
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
		if len(got) != 4 || math.Abs(sum-1) > 1e-3 {
			t.Errorf("%q: %+v adds up to %v", c.text, got, sum)
		}
	}
	if right < len(cases)-2 {
		t.Errorf("%d of %d right", right, len(cases))
	}
	for _, hostile := range []string{"", "\xff\xfe", "🫖", strings.Repeat("sad ", 100_000)} {
		if got := read(hostile); len(got) != 4 || math.IsNaN(got[0].Score) {
			t.Errorf("%.10q: %+v", hostile, got)
		}
	}
	if m.Speaks("de") || !m.Speaks("en") {
		t.Error("it speaks English only")
	}
}
