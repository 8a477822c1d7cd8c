package sentiment

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/social"
)

func model(t testing.TB) *Model {
	t.Helper()
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestLabels(t *testing.T) {
	tests := []struct {
		text  string
		label string
	}{
		{"I love this kettle, thank you so much!", social.Positive},
		{"Best breakfast in town 😍", social.Positive},
		{"so happy with the service today :)", social.Positive},
		{"The worst airline I have ever flown with.", social.Negative},
		{"My order arrived broken and nobody answers, this is awful", social.Negative},
		{"not good at all", social.Negative},
		{"this sucks :(", social.Negative},
		{"The train to Leeds leaves at five on Monday.", social.Neutral},
		{"Brewell announces its third quarter results on Thursday", social.Neutral},
	}
	m := model(t)
	var d linear.Doc
	for _, tt := range tests {
		d.Read(tt.text)
		r := m.Read(&d)
		l := m.Label(r)
		if l.Label != tt.label {
			t.Errorf("%q is %s (%.2f)", tt.text, l.Label, l.Score)
		}
		if sum := r[0] + r[1] + r[2]; math.Abs(float64(sum)-1) > 1e-5 || l.Score < 1.0/3 || l.Confidence <= 0 || l.Confidence > 1 {
			t.Errorf("%q: %v, %+v", tt.text, r, l)
		}
	}
}

// A floor under quality, on tweets rated by twenty people each: how often the
// reading leans to the side of a clear opinion, and how often what raters
// found strong is given its label.
func TestFloor(t *testing.T) {
	f, err := os.Open("../../third_party/vader/sample.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m := model(t)
	var d linear.Doc
	var clear, leaning, strong, labelled int
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		var row struct {
			Text    string
			Valence float64
		}
		if err := json.Unmarshal(sc.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		if math.Abs(row.Valence) < 0.5 {
			continue
		}
		d.Read(row.Text)
		r := m.Read(&d)
		clear++
		if (r[2] > r[0]) == (row.Valence > 0) {
			leaning++
		}
		if math.Abs(row.Valence) >= 2 {
			strong++
			if want := map[bool]string{true: social.Positive, false: social.Negative}[row.Valence > 0]; m.Label(r).Label == want {
				labelled++
			}
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	lean, label := float64(leaning)/float64(clear), float64(labelled)/float64(strong)
	t.Logf("%d clear opinions, %.4f on the right side; %d strong ones, %.4f with the right label", clear, lean, strong, label)
	if clear < 800 || lean < 0.92 {
		t.Errorf("of %d clear opinions %.3f are on the right side; the floor is 0.92", clear, lean)
	}
	if strong < 200 || label < 0.95 {
		t.Errorf("of %d strong opinions %.3f have their label; the floor is 0.95", strong, label)
	}
}

func TestWhy(t *testing.T) {
	m := model(t)
	var d linear.Doc
	d.Read("The coffee was terrible and the queue was long")
	if why := m.Why(&d, m.Read(&d), 2); !slices.Contains(why, "terrible") {
		t.Errorf("negative because of %q", why)
	}
	d.Read("not good")
	if why := m.Why(&d, m.Read(&d), 2); !slices.Contains(why, "not good") && !slices.Contains(why, "not") {
		t.Errorf("negative because of %q", why)
	}
}

// It speaks English and claims no more.
func TestSpeaks(t *testing.T) {
	m := model(t)
	for lang, want := range map[string]bool{"en": true, "de": false, "und": false, "": false} {
		if m.Speaks(lang) != want {
			t.Errorf("speaks %q: %v", lang, !want)
		}
	}
	if m.Name() != Name {
		t.Errorf("the embedded model is %s", m.Name())
	}
}

func BenchmarkSentiment(b *testing.B) {
	m := model(b)
	var d linear.Doc
	b.ReportAllocs()
	for b.Loop() {
		d.Read("Just got my new kettle and it's already leaking :( not impressed, who do I talk to? @brewell https://example.org/k")
		m.Label(m.Read(&d))
	}
}
