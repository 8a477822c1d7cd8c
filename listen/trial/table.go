package trial

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"
)

// A Row is how a finder did in a family beside the moving z-scores.
type Row struct {
	Family string
	Kept   bool    // the family was kept back
	Ours   Verdict // of the finder
	Z      Verdict // of the one moving z-score that did best on the tuning series
	Best   Verdict // of the one that did best in this very family: chosen in hindsight
	BestZ  MovingZ // which that was
}

// Trial lets a finder and moving z-scores go through series of every family.
// On the tuning seeds, the families that are kept back are left out.
func Trial(tuning bool, finder func() Finder) []Row {
	tuned, kept := Families()
	seeds := Reporting
	if tuning {
		seeds, kept = Tuning, nil
	}
	usual := Usual(tuned)
	var rows []Row
	all := Row{Family: "all"}
	add := func(f string, isKept bool) {
		series := makeAll(f, seeds)
		r := Row{Family: f, Kept: isKept, Ours: Judge(finder, series...), Z: judgeZ(usual, series)}
		r.BestZ, r.Best = bestZ(series)
		all.Ours.add(r.Ours)
		all.Z.add(r.Z)
		all.Best.add(r.Best)
		rows = append(rows, r)
	}
	for _, f := range tuned {
		add(f, false)
	}
	for _, f := range kept {
		add(f, true)
	}
	return append(rows, all)
}

// Usual is the moving z-score that does best over the tuning seeds of families.
func Usual(families []string) MovingZ {
	var series []Series
	for _, f := range families {
		series = append(series, makeAll(f, Tuning)...)
	}
	z, _ := bestZ(series)
	return z
}

func makeAll(family string, seeds []uint64) []Series {
	var out []Series
	for _, s := range seeds {
		out = append(out, Make(family, s))
	}
	return out
}

// bestZ tries every window and threshold.
func bestZ(series []Series) (MovingZ, Verdict) {
	var best MovingZ
	var did Verdict
	for _, over := range [...]int{12, 24, 48, 100, 288, 1000} {
		for _, beyond := range [...]float64{2, 3, 4, 5, 6, 8, 10, 15} {
			z := MovingZ{Over: over, Beyond: beyond}
			v := judgeZ(z, series)
			if best.Over == 0 || v.F1() > did.F1() || did.Anomalies == 0 && v.False < did.False {
				best, did = z, v
			}
		}
	}
	return best, did
}

func judgeZ(z MovingZ, series []Series) Verdict {
	return Judge(func() Finder { return &MovingZ{Over: z.Over, Beyond: z.Beyond} }, series...)
}

// Table writes the rows of a trial.
func Table(w io.Writer, rows []Row) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "family\tanomalies\tprecision\trecall\tF1\tfalse/1000\tdelay\tmoving z:\tprecision\trecall\tF1\tfalse/1000\tdelay\tbest z here:\tprecision\trecall\tF1\tover, beyond\t")
	for _, r := range rows {
		name := r.Family
		if r.Kept {
			name += " *"
		}
		over := "each its own"
		if r.BestZ.Over > 0 {
			over = fmt.Sprintf("%d, %g", r.BestZ.Over, r.BestZ.Beyond)
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t\t%s\t\t%s\t%s\t%s\t%s\t\n", name, r.Ours.Anomalies, scores(r.Ours), costs(r.Ours),
			scores(r.Z)+"\t"+costs(r.Z), figure(r.Best.Precision()), figure(r.Best.Recall()), figure(r.Best.F1()), over)
	}
	return t.Flush()
}

func scores(v Verdict) string {
	return figure(v.Precision()) + "\t" + figure(v.Recall()) + "\t" + figure(v.F1())
}

func costs(v Verdict) string { return figure(v.FalseRate()) + "\t" + number(v.Delay()) }

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
