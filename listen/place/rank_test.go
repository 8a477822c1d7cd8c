package place

import (
	"math"
	"testing"
)

func rated(stars ...float64) Sum {
	var s Sum
	for _, r := range stars {
		s.Reviews++
		s.Stars += int64(r * 100)
		s.Squares += int64(r*100) * int64(r*100)
	}
	return s
}

func times(n int, r float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = r
	}
	return out
}

func TestScoreIsHonestAboutFew(t *testing.T) {
	all := rated(append(times(60, 4), times(40, 2)...)...)
	p := PriorOf(all)
	few, _ := p.Score(rated(5, 5))
	many, _ := p.Score(rated(append(times(180, 5), times(20, 4)...)...))
	if !(few.Value < many.Value) || few.High-few.Low <= many.High-many.Low {
		t.Errorf("two reviews of five stars: %+v; two hundred of nearly five: %+v", few, many)
	}
	if _, ok := p.Score(Sum{}); ok {
		t.Error("a place without reviews has a score")
	}
}

func TestApart(t *testing.T) {
	tests := []struct {
		name  string
		a, b  Sum
		ok    bool
		clear bool
	}{
		{"one review says nothing", rated(5), rated(1, 2, 3), false, false},
		{"two and two, far apart, are not clear", rated(5, 4), rated(2, 3), true, false},
		{"many, a little apart, are clear", rated(append(times(200, 5), times(200, 4)...)...), rated(append(times(200, 4), times(200, 3)...)...), true, true},
		{"all the same stars, of few", rated(5, 5), rated(4, 4), true, false},
		{"the same", rated(5, 4, 3, 5), rated(5, 4, 3, 5), true, false},
	}
	for _, tt := range tests {
		d, ok := RatingApart(tt.a, tt.b)
		if ok != tt.ok || d.Clear != tt.clear {
			t.Errorf("%s: %+v %v", tt.name, d, ok)
		}
		if ok && (d.Low > d.By || d.High < d.By) {
			t.Errorf("%s: the range %+v leaves the difference out", tt.name, d)
		}
	}
	// Newcombe (1998), example (a): 56/70 and 48/80 give 0.0524 to 0.3339.
	d, _ := ShareApart(56, 70, 48, 80)
	if math.Abs(d.Low-0.0524) > 0.001 || math.Abs(d.High-0.3339) > 0.001 {
		t.Errorf("Newcombe's example: %+v", d)
	}
	if got := t975(10); math.Abs(got-2.228) > 0.005 {
		t.Errorf("t with 10 degrees: %v", got)
	}
}

func TestWords(t *testing.T) {
	var said []Rated
	for range 5 {
		said = append(said, Rated{"The queue was long", 1}, Rated{"Lovely croissant", 5}, Rated{"nothing to say here", 3})
	}
	_, got := Words(said, "Brewell Atlanta", 3)
	if len(got) == 0 || got[0].Reviews != 5 || got[0].Mean != 1 && got[0].Mean != 5 {
		t.Errorf("got %+v", got)
	}
}
