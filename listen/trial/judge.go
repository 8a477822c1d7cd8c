package trial

import (
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
	"time"
)

// A Finder is told one figure after the other and says which are out of the
// ordinary, before it sees the next.
type Finder interface {
	Find(at time.Time, value float64) bool
}

// A Verdict is how a finder did.
type Verdict struct {
	Series    int
	Points    int
	Anomalies int
	Found     int // anomalies with at least one alarm
	Alarms    int // in all
	Right     int // alarms inside a window
	False     int // alarms outside, those within an hour's worth of points as one
	delays    []float64
}

// Precision is how many of the incidents cried were real.
func (v Verdict) Precision() float64 { return share(v.Found, v.Found+v.False) }

// Recall is how many of the anomalies were found.
func (v Verdict) Recall() float64 { return share(v.Found, v.Anomalies) }

// Points' precision: how many of the single alarms were inside a window.
func (v Verdict) AlarmPrecision() float64 { return share(v.Right, v.Alarms) }

// F1 weighs precision and recall alike.
func (v Verdict) F1() float64 {
	p, r := v.Precision(), v.Recall()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

// Delay is the median number of points from onset to alarm, of what was found
// at or after its onset.
func (v Verdict) Delay() float64 {
	if len(v.delays) == 0 {
		return math.NaN()
	}
	d := slices.Sorted(slices.Values(v.delays))
	return d[len(d)/2]
}

func share(n, of int) float64 {
	if of == 0 {
		return math.NaN()
	}
	return float64(n) / float64(of)
}

// together is how near false alarms count as one.
const together = 24

// Judge lets a finder go through series, a new one for each.
func Judge(finder func() Finder, all ...Series) Verdict {
	var v Verdict
	for _, s := range all {
		f := finder()
		v.Series++
		v.Points += len(s.Points)
		v.Anomalies += len(s.Windows)
		first := make([]int, len(s.Windows))
		for i := range first {
			first[i] = -1
		}
		last := -together - 1
		for i, p := range s.Points {
			if !f.Find(p.At, p.Value) {
				continue
			}
			v.Alarms++
			in := slices.IndexFunc(s.Windows, func(w Window) bool { return i >= w.From && i <= w.To })
			if in < 0 {
				if i-last > together {
					v.False++
				}
				last = i
				continue
			}
			v.Right++
			if first[in] < 0 {
				first[in] = i
			}
		}
		for i, at := range first {
			if at < 0 {
				continue
			}
			v.Found++
			v.delays = append(v.delays, max(0, float64(at-s.Windows[i].Onset)))
		}
	}
	return v
}

func (v *Verdict) add(o Verdict) {
	v.Series += o.Series
	v.Points += o.Points
	v.Anomalies += o.Anomalies
	v.Found += o.Found
	v.Alarms += o.Alarms
	v.Right += o.Right
	v.False += o.False
	v.delays = append(v.delays, o.delays...)
}

// A Contestant has a name and makes finders.
type Contestant struct {
	Name string
	New  func() Finder
}

// Seeds: tuned on the first, reported on the second.
var (
	Tuning    = seeds(1, 12)
	Reporting = seeds(101, 12)
)

func seeds(from uint64, n int) []uint64 {
	out := make([]uint64, n)
	for i := range out {
		out[i] = from + uint64(i)
	}
	return out
}

// Table writes how contestants do, family by family and in all.
func Table(w io.Writer, seeds []uint64, families []string, who ...Contestant) ([]Verdict, error) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "family\tseries\tanomalies\t")
	for _, c := range who {
		fmt.Fprintf(t, "%s\tprecision\trecall\tF1\tof alarms\tdelay\t", c.Name)
	}
	fmt.Fprintln(t)
	sums := make([]Verdict, len(who))
	row := func(name string, vs []Verdict) {
		fmt.Fprintf(t, "%s\t%d\t%d\t", name, vs[0].Series, vs[0].Anomalies)
		for _, v := range vs {
			fmt.Fprintf(t, "\t%s\t%s\t%s\t%s\t%s\t", figure(v.Precision()), figure(v.Recall()), figure(v.F1()), figure(v.AlarmPrecision()), number(v.Delay()))
		}
		fmt.Fprintln(t)
	}
	for _, f := range families {
		var all []Series
		for _, s := range seeds {
			all = append(all, Make(f, s))
		}
		vs := make([]Verdict, len(who))
		for i, c := range who {
			vs[i] = Judge(c.New, all...)
			sums[i].add(vs[i])
		}
		row(f, vs)
	}
	row("all", sums)
	return sums, t.Flush()
}

func figure(f float64) string {
	if math.IsNaN(f) {
		return "–"
	}
	return fmt.Sprintf("%.2f", f)
}

func number(f float64) string {
	if math.IsNaN(f) {
		return "–"
	}
	return fmt.Sprintf("%.0f", f)
}

// MovingZ is the usual baseline: the mean and the standard deviation of the
// last figures, and an alarm beyond some of the latter.
type MovingZ struct {
	Over   int     // how many figures
	Beyond float64 // how many standard deviations
	ring   []float64
	next   int
}

// Find reports whether a figure is far from the mean of those before.
func (z *MovingZ) Find(_ time.Time, v float64) bool {
	found := false
	if len(z.ring) == z.Over {
		sum, squares := 0.0, 0.0
		for _, x := range z.ring {
			sum += x
		}
		mean := sum / float64(z.Over)
		for _, x := range z.ring {
			squares += (x - mean) * (x - mean)
		}
		if sd := math.Sqrt(squares / float64(z.Over)); sd > 0 {
			found = math.Abs(v-mean) > z.Beyond*sd
		}
	}
	if len(z.ring) < z.Over {
		z.ring = append(z.ring, v)
	} else {
		z.ring[z.next] = v
		z.next = (z.next + 1) % z.Over
	}
	return found
}
