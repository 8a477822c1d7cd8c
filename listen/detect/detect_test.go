package detect

import (
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"
	"time"
)

var begin = time.Date(2031, 3, 3, 0, 0, 0, 0, time.UTC)

// day is a figure of a day that repeats, with noise.
func day(r *rand.Rand, i int) float64 {
	v := 40 + 3*r.NormFloat64()
	if h := i % 288; h > 100 && h < 220 {
		v += 60
	}
	return v
}

// found runs figures through a detector and returns where it reported.
func found(n int, figure func(r *rand.Rand, i int) float64) []int {
	d, r := New(0), rand.New(rand.NewPCG(5, 6))
	var out []int
	for i := range n {
		if _, ok := d.Push(begin.Add(time.Duration(i)*5*time.Minute), figure(r, i)); ok {
			out = append(out, i)
		}
	}
	return out
}

func TestIncidents(t *testing.T) {
	spike := func(at, long int, size float64) func(*rand.Rand, int) float64 {
		return func(r *rand.Rand, i int) float64 {
			v := day(r, i)
			if i >= at && i < at+long {
				v += size
			}
			return v
		}
	}
	tests := []struct {
		name    string
		figure  func(*rand.Rand, int) float64
		from    int
		within  int // figures after from until the first report
		reports int
	}{
		{"an ordinary fortnight has none", day, 0, 0, 0},
		{"a spike is reported at once, and once", spike(3000, 1, 150), 3000, 0, 1},
		{"a rise of an hour is one incident", spike(3000, 12, 80), 3000, 1, 1},
		{"a lasting change is one incident, then ordinary", spike(3000, 3000, 60), 3000, 12, 1},
		{"the day that does not come is noticed", func(r *rand.Rand, i int) float64 {
			if i >= 2880+110 && i < 2880+210 {
				return 40 + 3*r.NormFloat64()
			}
			return day(r, i)
		}, 2880 + 101, 24, 1},
		{"a feed that stands still is noticed", func(r *rand.Rand, i int) float64 {
			v := 50 + 5*r.NormFloat64()
			if i >= 3000 && i < 3200 {
				return 50
			}
			return v
		}, 3000, 60, 1},
		{"nobody comes by day, as at night", func(r *rand.Rand, i int) float64 {
			if h := i % 288; h < 90 || h > 230 || i >= 3600 && i < 3680 {
				return 0
			}
			return math.Round(20 * r.ExpFloat64())
		}, 3600, 24, 1},
		{"days that are all the same are nothing", func(_ *rand.Rand, i int) float64 {
			if h := i % 288; h > 100 && h < 220 {
				return 80
			}
			return 20
		}, 0, 0, 0},
		{"nothing but zeros is nothing", func(*rand.Rand, int) float64 { return 0 }, 0, 0, 0},
	}
	for _, test := range tests {
		got := found(5000, test.figure)
		if len(got) != test.reports {
			t.Errorf("%s: reported at %v", test.name, got)
			continue
		}
		if test.reports > 0 && (got[0] < test.from || got[0] > test.from+test.within) {
			t.Errorf("%s: reported at %v, onset %d", test.name, got, test.from)
		}
	}
}

// What is said of a figure does not depend on what comes after it.
func TestJudgesByThePastOnly(t *testing.T) {
	wild := func(r *rand.Rand, i int) float64 { return math.Exp(2 * r.NormFloat64()) }
	long := found(3000, wild)
	for _, n := range []int{500, 1500, 2500} {
		short := found(n, wild)
		var upTo []int
		for _, i := range long {
			if i < n {
				upTo = append(upTo, i)
			}
		}
		if !reflect.DeepEqual(short, upTo) {
			t.Errorf("after %d figures %v, after 3000 %v", n, short, upTo)
		}
	}
}

func TestOddFigures(t *testing.T) {
	odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, 5e-324, 0, -1, 1e15}
	for _, step := range []time.Duration{0, time.Nanosecond, time.Second, 5 * time.Minute, 7 * time.Hour, 24 * time.Hour, 1000 * time.Hour} {
		d, r := New(0), rand.New(rand.NewPCG(1, 2))
		at := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range 4000 {
			v := r.NormFloat64()
			if i%7 == 3 {
				v = odd[r.IntN(len(odd))]
			}
			at = at.Add(step)
			if i%100 == 0 {
				at = at.Add(-3 * step) // backwards now and then
			}
			if f, ok := d.Push(at, v); ok && (math.IsNaN(f.Expected) || math.IsInf(f.Expected, 0) || !(f.Score >= 0.5 && f.Score <= 1)) {
				t.Fatalf("step %v: figure %d gives %+v", step, i, f)
			}
		}
	}
	d := New(0)
	for range 3000 { // the end of time, all at one moment
		d.Push(time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), 1)
	}
}

func TestMemoryDoesNotGrow(t *testing.T) {
	d, r := New(0), rand.New(rand.NewPCG(1, 2))
	push := func(from, to int) {
		for i := from; i < to; i++ {
			d.Push(begin.Add(time.Duration(i)*time.Minute), day(r, i))
		}
	}
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	push(0, 20_000)
	before := heap()
	push(20_000, 200_000)
	if after := heap(); after > before+200_000 {
		t.Errorf("from %d to %d bytes", before, after)
	}
	runtime.KeepAlive(d)
}

func BenchmarkPush(b *testing.B) {
	d, r := New(0), rand.New(rand.NewPCG(1, 2))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d.Push(begin.Add(time.Duration(i)*5*time.Minute), day(r, i))
	}
}
