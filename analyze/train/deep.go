package train

import (
	"fmt"

	"github.com/parley-crm/parley/analyze"
	"github.com/parley-crm/parley/analyze/choice"
	"github.com/parley-crm/parley/analyze/emotion"
	"github.com/parley-crm/parley/analyze/encoder"
	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
	"github.com/parley-crm/parley/analyze/toxicity"
)

// opinions is what the linear model and the encoder say of the texts of a
// validation set, and what is right.
type opinions struct {
	task       encoder.Task
	fast, deep [][]float32
	right      []int
}

// deepAtOnce is how many texts the encoder is given at once.
const deepAtOnce = 64

// ask gathers the opinions on the validation set of a task.
func ask(dir string, number int) (opinions, error) {
	o := opinions{task: encoder.Tasks()[number]}
	rows, err := Rows(dir, o.task.Set, "val")
	if err != nil {
		return o, err
	}
	fast, err := fastOpinion(o.task)
	if err != nil {
		return o, err
	}
	deep, err := encoder.Default()
	if err != nil {
		return o, err
	}
	index := map[string]int{}
	for i, l := range o.task.Labels {
		index[l] = i
	}
	var texts []string
	for _, r := range rows {
		right, ok := index[r.Label]
		if !ok {
			return o, fmt.Errorf("%s/val: row %s has the unknown label %q", o.task.Set, r.ID, r.Label)
		}
		o.right = append(o.right, right)
		p, err := fast(r.Text)
		if err != nil {
			return o, err
		}
		o.fast = append(o.fast, p)
		texts = append(texts, r.Text)
	}
	for from := 0; from < len(texts); from += deepAtOnce {
		for i, r := range deep.Read(texts[from:min(from+deepAtOnce, len(texts))]) {
			if r == nil { // no words: only the linear model has an opinion
				o.deep = append(o.deep, o.fast[from+i])
				continue
			}
			o.deep = append(o.deep, r[number])
		}
	}
	return o, nil
}

// fastOpinion gives the probabilities of the linear model of a task, in the
// order of the task's labels.
func fastOpinion(t encoder.Task) (func(text string) ([]float32, error), error) {
	feeling, err := sentiment.Default()
	if err != nil {
		return nil, err
	}
	var doc linear.Doc
	if t.Name == "sentiment" {
		return func(text string) ([]float32, error) {
			doc.Read(text)
			r := feeling.Read(&doc)
			return r[:], nil
		}, nil
	}
	load := emotion.Default
	if t.Name == "toxicity" {
		load = toxicity.Default
	}
	model, err := load()
	if err != nil {
		return nil, err
	}
	var scratch choice.Scratch
	return func(text string) ([]float32, error) {
		doc.Read(text)
		mean, err := choice.Mean(&doc)
		if err != nil {
			return nil, err
		}
		out := make([]float32, len(t.Labels))
		for _, l := range model.Read(&doc, feeling.Read(&doc), &mean, 0, &scratch, nil) {
			for i, name := range t.Labels {
				if name == l.Label {
					out[i] = float32(l.Score)
				}
			}
		}
		return out, nil
	}, nil
}

// measured is the number by which a task is judged: macro recall of sentiment,
// macro F1 of the others, as their public sets are.
func (o opinions) measured(t *Table) (string, float64) {
	if o.task.Name == "sentiment" {
		return "macro recall", t.MacroRecall()
	}
	return "macro F1", t.MacroF1()
}

// blended is how often what is right was given when the encoder counts as much
// as weight.
func (o opinions) blended(weight float64) *Table {
	t := NewTable(o.task.Labels)
	for i := range o.right {
		t.Add(o.right[i], linear.Best(analyze.Mix(weight, o.fast[i], o.deep[i])))
	}
	return t
}

// trust fits the calibrated confidence of a blend, over the weights around it
// for the same reason.
func (o opinions) trust(weight float64) [2]float64 {
	var p []float64
	var right []bool
	for _, off := range []float64{-0.05, 0, 0.05} {
		for i := range o.right {
			mixed := analyze.Mix(weight+off, o.fast[i], o.deep[i])
			best := linear.Best(mixed)
			p, right = append(p, float64(mixed[best])), append(right, best == o.right[i])
		}
	}
	return linear.Trust(p, right)
}

// A Blend is how a task's two opinions are best blended, by its validation
// set; analyze/deep.go holds the numbers.
type Blend struct {
	Task               string
	Weight             float64
	Trust              [2]float64
	Metric             string
	Fast, Alone, Mixed float64
	Rows               int
}

// Blends finds the weight of the encoder for each task, in steps of a
// twentieth. Since a few hundred texts make every step jump, a weight counts
// as good as it is together with its neighbours.
func Blends(dir string) ([]Blend, error) {
	var out []Blend
	for number, task := range encoder.Tasks() {
		o, err := ask(dir, number)
		if err != nil {
			return nil, err
		}
		b := Blend{Task: task.Name, Rows: len(o.right)}
		const steps = 20
		var value [steps + 1]float64
		for i := range value {
			_, value[i] = o.measured(o.blended(float64(i) / steps))
		}
		best := 0.0
		for i := 1; i < steps; i++ {
			if sum := value[i-1] + value[i] + value[i+1]; sum > best {
				best, b.Weight, b.Mixed = sum, float64(i)/steps, value[i]
			}
		}
		b.Trust = o.trust(b.Weight)
		b.Metric, b.Fast = o.measured(o.blended(0))
		_, b.Alone = o.measured(o.blended(1))
		out = append(out, b)
	}
	return out, nil
}

// EvaluateDeep measures the deep tier, as parley score --deep gives it: on the
// posts that come with it and, where a data directory is given, on the
// validation sets in it.
func EvaluateDeep(dir string) ([]Figure, error) {
	out, err := evaluateDeepIntents()
	if err != nil || dir == "" {
		return out, err
	}
	blends, err := Blends(dir)
	if err != nil {
		return nil, err
	}
	for number, b := range blends {
		o, err := ask(dir, number)
		if err != nil {
			return nil, err
		}
		set := o.task.Set + " val"
		_, given := o.measured(o.blended(analyze.DeepWeight(number)))
		var bins bins
		for i := range o.right {
			l := analyze.DeepLabel(number, o.fast[i], o.deep[i])
			bins.add(l.Confidence, l.Label == o.task.Labels[o.right[i]])
		}
		out = append(out,
			Figure{"linear", set, b.Metric, b.Fast, b.Rows},
			Figure{encoder.Name + " alone", set, b.Metric, b.Alone, b.Rows},
			Figure{"linear+" + encoder.Name, set, b.Metric, given, b.Rows},
			Figure{"linear+" + encoder.Name, set, "calibration error", bins.gap(), b.Rows},
			Figure{"linear+" + encoder.Name, set, "best weight", b.Weight, b.Rows},
			Figure{"linear+" + encoder.Name, set, "trust slope", b.Trust[0], b.Rows},
			Figure{"linear+" + encoder.Name, set, "trust shift", b.Trust[1], b.Rows})
	}
	return out, nil
}
