package trial

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/listen/detect"
)

type ours struct{ d *detect.Detector }

func (o ours) Find(at time.Time, v float64) bool { _, ok := o.d.Push(at, v); return ok }

func TestASeedGivesTheSameSeries(t *testing.T) {
	for _, f := range Families() {
		if a, b := Make(f, 7), Make(f, 7); !reflect.DeepEqual(a, b) || len(a.Points) < 1000 {
			t.Errorf("%s: not the same twice", f)
		}
		if a, b := Make(f, 7), Make(f, 8); reflect.DeepEqual(a.Points, b.Points) {
			t.Errorf("%s: the same for two seeds", f)
		}
	}
}

// Floors on seeds that the detector was not tuned on: those that parley eval
// detect prints.
func TestFloors(t *testing.T) {
	var all []Series
	for _, f := range Families() {
		for _, seed := range Reporting {
			all = append(all, Make(f, seed))
		}
	}
	v := Judge(func() Finder { return ours{detect.New(0)} }, all...)
	z := Judge(func() Finder { return &MovingZ{Over: 288, Beyond: 5} }, all...)
	if v.Precision() < 0.90 || v.Recall() < 0.82 || v.Delay() > 2 {
		t.Errorf("precision %.3f, recall %.3f, delay %v: worse than it was", v.Precision(), v.Recall(), v.Delay())
	}
	if v.F1() < z.F1()+0.3 {
		t.Errorf("F1 %.3f is not far above the moving z-score's %.3f", v.F1(), z.F1())
	}
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
	if _, err := Table(&out, Tuning[:1], []string{"calm"}, Contestant{"none", func() Finder { return &cries{} }}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "calm") || !strings.Contains(out.String(), "–") {
		t.Errorf("printed %s", out.String())
	}
}
