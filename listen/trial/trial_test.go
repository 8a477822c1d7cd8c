package trial

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/listen/detect"
)

type ours struct{ d *detect.Detector }

func (o ours) Find(at time.Time, v float64) bool { _, ok := o.d.Push(at, v); return ok }

func TestASeedGivesTheSameSeries(t *testing.T) {
	tuned, kept := Families()
	for _, f := range append(tuned, kept...) {
		if a, b := Make(f, 7), Make(f, 7); !reflect.DeepEqual(a, b) || len(a.Points) < 1000 {
			t.Errorf("%s: not the same twice", f)
		}
		if a, b := Make(f, 7), Make(f, 8); reflect.DeepEqual(a.Points, b.Points) {
			t.Errorf("%s: the same for two seeds", f)
		}
	}
}

// Floors on seeds and families that the detector was not tuned on: those that
// parley eval detect prints.
func TestFloors(t *testing.T) {
	rows := Trial(false, func() Finder { return ours{detect.New(0)} })
	all := rows[len(rows)-1]
	var kept Row
	for _, r := range rows[:len(rows)-1] {
		if r.Kept {
			kept.Ours.add(r.Ours)
			kept.Best.add(r.Best)
		}
		if r.Ours.Anomalies > 0 && !(r.Ours.F1() > 0.4) {
			t.Errorf("%s: F1 %.2f", r.Family, r.Ours.F1())
		}
		if r.Z.F1() > r.Ours.F1()+0.11 {
			t.Errorf("%s: F1 %.2f, and a moving z-score has %.2f", r.Family, r.Ours.F1(), r.Z.F1())
		}
	}
	if v := all.Ours; v.Precision() < 0.84 || v.Recall() < 0.85 || v.Delay() > 2 || v.FalseRate() > 0.06 {
		t.Errorf("precision %.3f, recall %.3f, delay %v, false in 1000 %.3f: worse than it was", v.Precision(), v.Recall(), v.Delay(), v.FalseRate())
	}
	if v := all.Ours; v.F1() < all.Z.F1()+0.4 || v.F1() < all.Best.F1()+0.06 {
		t.Errorf("F1 %.3f is not far above the moving z-scores' %.3f, in hindsight %.3f", v.F1(), all.Z.F1(), all.Best.F1())
	}
	if v := kept.Ours; v.F1() < 0.74 || v.F1() < kept.Best.F1() {
		t.Errorf("families kept back: F1 %.3f, in hindsight a moving z-score has %.3f", v.F1(), kept.Best.F1())
	}
	t.Logf("all %.3f, kept back %.3f beside %.3f", all.Ours.F1(), kept.Ours.F1(), kept.Best.F1())
}

// cries is a finder that cries at given points.
type cries struct {
	at map[int]bool
	i  int
}

func (c *cries) Find(time.Time, float64) bool { c.i++; return c.at[c.i-1] }

func TestJudge(t *testing.T) {
	s := Series{Points: make([]Point, 200), Windows: []Window{{From: 50, To: 70, Onset: 55}, {From: 150, To: 160, Onset: 151}}}
	v := Judge(func() Finder {
		return &cries{at: map[int]bool{10: true, 12: true, 60: true, 61: true, 100: true}}
	}, s)
	if v.Found != 1 || v.Anomalies != 2 || v.False != 2 || v.Alarms != 5 || v.Right != 2 || v.Delay() != 5 {
		t.Errorf("judged as %+v", v)
	}
}

func TestTable(t *testing.T) {
	var out bytes.Buffer
	row := Row{Family: "calm", Kept: true, Ours: Verdict{Points: 2000, False: 3}, BestZ: MovingZ{Over: 48, Beyond: 5}}
	if err := Table(&out, []Row{row, {Family: "all"}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"calm *", "1.50", "48, 5", "–", "each its own"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("without %q: %s", want, out.String())
		}
	}
}

// The sums that move along say what sums made anew say.
func TestMovingZ(t *testing.T) {
	s := Make("mentions", 7)
	z := &MovingZ{Over: 50, Beyond: 3}
	for i, p := range s.Points {
		got := z.Find(p.At, p.Value)
		if i < 50 {
			continue
		}
		mean, squares := 0.0, 0.0
		for _, b := range s.Points[i-50 : i] {
			mean += b.Value / 50
		}
		for _, b := range s.Points[i-50 : i] {
			squares += (b.Value - mean) * (b.Value - mean) / 50
		}
		if want := math.Abs(p.Value-mean) > 3*math.Sqrt(squares); got != want {
			t.Fatalf("at %d: %t, want %t", i, got, want)
		}
	}
}
