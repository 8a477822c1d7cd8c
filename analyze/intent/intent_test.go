package intent

import (
	"slices"
	"strings"
	"testing"

	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
	"github.com/parley-crm/parley/social"
)

func read(t testing.TB, text string, why int) []social.Label {
	t.Helper()
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	f, err := sentiment.Default()
	if err != nil {
		t.Fatal(err)
	}
	var d linear.Doc
	var s Scratch
	d.Read(text)
	return m.Read(&d, f.Read(&d), why, &s, nil)
}

// Plain cases of every intent, several at once, and none. The floor under
// quality stands in the train package, with the labelled posts.
func TestIntents(t *testing.T) {
	tests := []struct {
		text string
		want string // in any order
	}{
		{"Do you ship to Norway?", Question},
		{"My kettle is broken after two weeks, terrible quality", Complaint},
		{"Thank you for the great service!", Praise},
		{"Please send me a new invoice", Request},
		{"Just ordered two bags of coffee", Purchase},
		{"You should add a dark mode to the app", Idea},
		{"I'm switching to another bank", ChurnRisk},
		{"I'd like to apply for a job in your bakery", Job},
		{"Join us for the workshop on Saturday", Event},
		{"Make money fast!!! Click the link in my bio https://spam.example", Spam},
		{"Third broken pair, I'm cancelling my subscription.", Complaint + " " + ChurnRisk},
		{"We had soup for lunch.", ""},
		{"ok", ""},
		{"", ""},
		{"🔥🔥", ""},
	}
	for _, tt := range tests {
		got := read(t, tt.text, 0)
		want := strings.Fields(tt.want)
		ok := len(got) == len(want)
		for i, l := range got {
			ok = ok && strings.Contains(tt.want, l.Label)
			if l.Score < Given()[slices.Index(Labels(), l.Label)] || l.Score > 1 || l.Confidence <= 0 || l.Confidence > 1 {
				t.Errorf("%q: %+v", tt.text, l)
			}
			if i > 0 && l.Score > got[i-1].Score {
				t.Errorf("%q: not strongest first: %+v", tt.text, got)
			}
		}
		if !ok {
			t.Errorf("%q has %+v, not %q", tt.text, got, want)
		}
	}
}

func TestWhy(t *testing.T) {
	got := read(t, "The lid is broken. I'm switching to another brand!", 3)
	for _, l := range got {
		why := strings.Join(l.Why, " ")
		if len(l.Why) == 0 || len(l.Why) > 3 ||
			l.Label == Complaint && !strings.Contains(why, "broken") ||
			l.Label == ChurnRisk && !strings.Contains(why, "switching") && !strings.Contains(why, "another brand") {
			t.Errorf("%s because of %q", l.Label, l.Why)
		}
	}
	if len(got) < 2 {
		t.Errorf("only %+v", got)
	}
}

func TestNameAndLabels(t *testing.T) {
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	if m.Name() != Name || strings.Join(m.linear.Labels, " ") != strings.Join(Labels(), " ") {
		t.Errorf("the embedded model is %s with %v", m.Name(), m.linear.Labels)
	}
	if m.Speaks("de") || m.Speaks("und") || !m.Speaks("en") {
		t.Error("it speaks English and claims no more")
	}
}
