package linear

import (
	"bytes"
	"fmt"
	"math"
	"testing"
)

// toys are texts of three classes that a model must be able to tell apart.
func toys() (learn, held []Example) {
	words := [3][]string{{"cold", "broken", "slow", "rude"}, {"monday", "train", "report", "city"}, {"warm", "lovely", "quick", "kind"}}
	var d Doc
	for i := range 240 {
		label := i % 3
		w := words[label]
		d.Read(fmt.Sprintf("the %s thing was %s number %d", w[i%4], w[(i/4)%4], i%7))
		e := NewExample(&d)
		e.Label, e.Labels = label, 1<<label
		if i%4 == 3 {
			held = append(held, e)
		} else {
			learn = append(learn, e)
		}
	}
	return learn, held
}

func toyRecipe(multi bool) Recipe {
	return Recipe{Name: "toy-1", Labels: []string{"bad", "plain", "good"}, Multi: multi, Bits: 12, Slots: LexiconSlots,
		Epochs: 5, Rounds: 2, Rate: 0.1, Balance: 1, MinCount: 1, Floor: 0.2, Cap: 3, Smooth: 0.3, Seed: 7}
}

func toyModel(t testing.TB, multi bool) *Model {
	t.Helper()
	learn, held := toys()
	m, err := Fit(toyRecipe(multi), learn)
	if err != nil {
		t.Fatal(err)
	}
	m.Calibrate(held)
	return m
}

func TestFitLearns(t *testing.T) {
	m := toyModel(t, false)
	_, held := toys()
	out := make([]float32, 3)
	for _, e := range held {
		if got := Best(m.Predict(&e, out)); got != e.Label {
			t.Errorf("an example of %s was taken for %s", m.Labels[e.Label], m.Labels[got])
		}
	}
	multi := toyModel(t, true)
	for _, e := range held {
		for k, p := range multi.Probabilities(multi.Predict(&e, out)) {
			if (p >= 0.5) != (k == e.Label) {
				t.Errorf("an example of %s has %s with %.2f", m.Labels[e.Label], m.Labels[k], p)
			}
		}
	}
}

func TestFitRefuses(t *testing.T) {
	learn, _ := toys()
	ok := toyRecipe(false)
	wrongLabel := append([]Example(nil), learn...)
	wrongLabel[3].Label = 3
	wrongSlot := append([]Example(nil), learn...)
	wrongSlot[5].dense = []Dense{{LexiconSlots, 1}}
	noRounds := ok
	noRounds.Rounds = 0
	tests := []struct {
		name   string
		recipe Recipe
		learn  []Example
	}{
		{"no examples", ok, nil},
		{"a label that is not there", ok, wrongLabel},
		{"a feature without a slot", ok, wrongSlot},
		{"no rounds", noRounds, learn},
	}
	for _, tt := range tests {
		if _, err := Fit(tt.recipe, tt.learn); err == nil {
			t.Errorf("%s: taken", tt.name)
		}
	}
}

// The same examples give the same file, and the file gives the same scores.
func TestFileAndRepetition(t *testing.T) {
	for _, multi := range []bool{false, true} {
		m := toyModel(t, multi)
		file, err := m.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		again, err := toyModel(t, multi).Bytes()
		if err != nil || !bytes.Equal(file, again) {
			t.Errorf("multi %v: trained twice, two models (%v)", multi, err)
		}
		back, err := Load(file)
		if err != nil {
			t.Fatal(err)
		}
		var d Doc
		d.Read("the lovely thing was broken")
		want := m.Probabilities(m.Logits(&d, nil, make([]float32, 3)))
		got := back.Probabilities(back.Logits(&d, nil, make([]float32, 3)))
		for k := range want {
			if got[k] != want[k] {
				t.Errorf("multi %v: %v became %v", multi, want, got)
			}
		}
		if back.Name != "toy-1" || back.Confidence(0.8) != m.Confidence(0.8) {
			t.Error("the name or the trust was lost")
		}
	}
}

func TestLoadDamaged(t *testing.T) {
	file, err := toyModel(t, false).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(file) {
		if _, err := Load(file[:cut]); err == nil {
			t.Fatalf("a file cut at %d of %d was taken", cut, len(file))
		}
	}
	for at := range len(file) { // must not panic, whatever is turned round
		b := bytes.Clone(file)
		b[at] ^= 0x5a
		if m, err := Load(b); err == nil {
			var d Doc
			d.Read("the lovely thing")
			m.Logits(&d, nil, make([]float32, maxLabels))
		}
	}
}

// sum adds bytes in lanes; here it is held against adding weight by weight,
// with more features than fit into a lane and with more than four labels.
func TestSumAgainstPlainAddition(t *testing.T) {
	m := newModel("x", []string{"a", "b", "c", "d", "e", "f"}, true, 8, LexiconSlots)
	var hashes []uint32
	state := uint32(1)
	next := func() uint32 { state = state*1664525 + 1013904223; return state }
	for i := range m.table {
		m.table[i] = next()
	}
	for range 3*blockSize + 17 {
		hashes = append(hashes, next())
	}
	hashes = append(hashes, bytesOfOnes(m)...)
	got := make([]float32, 6)
	m.sum(hashes, 0.5, got)
	for k := range got {
		var want float32
		for _, h := range hashes {
			want += 0.5 * m.weight(h, k)
		}
		if math.Abs(float64(got[k]-want)) > 1e-2 {
			t.Errorf("label %d: %v, not %v", k, got[k], want)
		}
	}
}

// bytesOfOnes sets a bucket to the highest weight and names it so often that a
// lane is filled to the brim.
func bytesOfOnes(m *Model) []uint32 {
	m.table[0], m.table[1] = 0xFFFFFFFF, 0xFFFFFFFF
	return make([]uint32, 2*blockSize)
}

func TestWhy(t *testing.T) {
	m := toyModel(t, false)
	var d Doc
	d.Read("the lovely thing was quick @user http://example.org")
	why := m.Why(&d, 2, 2)
	if len(why) != 2 || why[0] != "lovely" && why[1] != "lovely" || why[0] != "quick" && why[1] != "quick" {
		t.Errorf("good because of %q", why)
	}
	d.Read("")
	if why := m.Why(&d, 2, 2); len(why) != 0 {
		t.Errorf("nothing is good because of %q", why)
	}
}

// A model that is right seven times of ten learns to say so.
func TestCalibration(t *testing.T) {
	var x []float64
	var y []bool
	for i := range 1000 {
		x, y = append(x, 3), append(y, i%10 < 7)
		x, y = append(x, -3), append(y, i%10 < 2)
	}
	a, b := platt(x, y)
	if p, q := sigmoid(3*a+b), sigmoid(-3*a+b); math.Abs(p-0.7) > 0.01 || math.Abs(q-0.2) > 0.01 {
		t.Errorf("0.7 became %.3f, 0.2 became %.3f", p, q)
	}
}

func TestScoringAllocatesNothing(t *testing.T) {
	m := toyModel(t, false)
	var d Doc
	out := make([]float32, 3)
	text := "the lovely thing was broken, and NOT quick :) 😍 @user #tag"
	d.Read(text)
	if n := testing.AllocsPerRun(100, func() {
		d.Read(text)
		m.Probabilities(m.Logits(&d, nil, out))
	}); n != 0 {
		t.Errorf("%v allocations a text", n)
	}
}

func BenchmarkRead(b *testing.B) {
	var d Doc
	b.ReportAllocs()
	for b.Loop() {
		d.Read("Just got my new kettle and it's already leaking :( not impressed, who do I talk to? @brewell https://example.org/k")
	}
}

// What a teacher says counts as labels do, whether they exclude each other or
// not.
func TestFitLearnsFromATeacher(t *testing.T) {
	for _, multi := range []bool{true, false} {
		learn, held := toys()
		for i := range learn {
			learn[i].Soft = []float32{0.1, 0.1, 0.1}
			learn[i].Soft[(learn[i].Label+1)%3] = 0.8 // the teacher is of another mind than the labels
		}
		m, err := Fit(toyRecipe(multi), learn)
		if err != nil {
			t.Fatal(err)
		}
		out := make([]float32, 3)
		for _, e := range held {
			if got := Best(m.Predict(&e, out)); got != (e.Label+1)%3 {
				t.Errorf("independent %v: an example that the teacher calls %s was taken for %s", multi, m.Labels[(e.Label+1)%3], m.Labels[got])
			}
		}
		learn[0].Soft = learn[0].Soft[:2]
		if _, err := Fit(toyRecipe(multi), learn); err == nil {
			t.Error("a teacher that leaves out a label is followed")
		}
	}
}

// A blend of two models thinks what the two think, in between.
func TestBlend(t *testing.T) {
	learn, held := toys()
	a := toyModel(t, true)
	r := toyRecipe(true)
	r.Epochs, r.Seed = 1, 9
	b, err := Fit(r, learn)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Blend(a, b, 0.25)
	if err != nil {
		t.Fatal(err)
	}
	x, y, z := make([]float32, 3), make([]float32, 3), make([]float32, 3)
	for _, e := range held {
		a.Predict(&e, x)
		b.Predict(&e, y)
		for k, v := range m.Predict(&e, z) {
			if want := 0.75*x[k] + 0.25*y[k]; math.Abs(float64(v-want)) > 0.1 {
				t.Errorf("%s has %.3f, not %.3f", m.Labels[k], v, want)
			}
		}
	}
	if _, err := Blend(a, toyModel(t, false), 0.5); err == nil {
		t.Error("models of different shape became one")
	}
}
