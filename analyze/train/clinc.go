package train

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/parley-crm/parley/analyze/choice"
	"github.com/parley-crm/parley/analyze/linear"
)

// outOfScope is CLINC150's label of what fits none of its intents.
const outOfScope = "oos"

// clincFloor is the accuracy on the validation set's in-scope rows that is
// kept when rows are turned away.
const clincFloor = 0.912

// Clinc trains the machinery of intents on DIR/clinc150/train, finds on val
// from when on a text fits none, and measures it on in: lines of
// {"id","text","label"}. It is the proof that the machinery is sound on a
// public set; the model is not kept.
func Clinc(dir string, in io.Reader) ([]Figure, error) {
	rows, err := Rows(dir, "clinc150", "train")
	if err != nil {
		return nil, err
	}
	val, err := Rows(dir, "clinc150", "val")
	if err != nil {
		return nil, err
	}
	test, err := readRows(in)
	if err != nil {
		return nil, err
	}
	m, err := fitClinc(rows)
	if err != nil {
		return nil, err
	}
	if err := m.tune(val); err != nil {
		return nil, err
	}
	return m.measure(test)
}

func readRows(in io.Reader) ([]Row, error) {
	var out []Row
	sc := bufio.NewScanner(in)
	sc.Buffer(make([]byte, 64<<10), maxRow)
	for n := 1; sc.Scan(); n++ {
		if len(sc.Bytes()) == 0 {
			continue
		}
		var r struct {
			Text  string `json:"text"`
			Label string `json:"label"`
		}
		if err := json.Unmarshal(sc.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if r.Label == "" {
			return nil, fmt.Errorf("line %d has no label", n)
		}
		out = append(out, Row{Text: r.Text, Label: r.Label})
	}
	return out, sc.Err()
}

// clinc is a model of CLINC150's intents that turns away what fits none.
type clinc struct {
	model  *linear.Model
	index  map[string]int
	oos    int // -1 if training had none
	weight [4]float64
	bias   float64
	limit  float64 // what is as strange as this is turned away
}

func clincRecipe(labels []string) linear.Recipe {
	return linear.Recipe{
		Name: "clinc", Labels: labels, Kin: true, Bits: 16, Slots: linear.LexiconSlots + choice.MeaningSize,
		Epochs: 6, Rounds: 1, Rate: 0.1, Decay: 1e-4, Balance: 0, MinCount: 1, Floor: 1, Cap: 0, Smooth: 0.3, Seed: 1,
	}
}

func clincExample(d *linear.Doc, text string) (linear.Example, error) {
	d.Read(text)
	d.Kin()
	mean, err := choice.Mean(d)
	if err != nil {
		return linear.Example{}, err
	}
	var dense []linear.Dense
	for i, v := range mean {
		if v != 0 {
			dense = append(dense, linear.Dense{Slot: linear.LexiconSlots + i, Value: 4 * v})
		}
	}
	return linear.NewExample(d, dense...), nil
}

func fitClinc(rows []Row) (*clinc, error) {
	c := &clinc{index: map[string]int{}, oos: -1}
	var labels []string
	for _, r := range rows {
		labels = append(labels, r.Label)
	}
	slices.Sort(labels)
	labels = slices.Compact(labels)
	for i, l := range labels {
		c.index[l] = i
		if l == outOfScope {
			c.oos = i
		}
	}
	var d linear.Doc
	examples := make([]linear.Example, len(rows))
	for i, r := range rows {
		e, err := clincExample(&d, r.Text)
		if err != nil {
			return nil, err
		}
		e.Label = c.index[r.Label]
		examples[i] = e
	}
	var err error
	c.model, err = linear.Fit(clincRecipe(labels), examples)
	return c, err
}

// read gives the likeliest intent, and how strange the text is: how sure the
// model is of the best, by how far it leads, how much speaks for none, and how
// widely its doubt is spread.
func (c *clinc) read(d *linear.Doc, text string, out []float32) (best int, strange [4]float64, err error) {
	e, err := clincExample(d, text)
	if err != nil {
		return 0, strange, err
	}
	z := c.model.Predict(&e, out)
	var top, second, none float64 = math.Inf(-1), math.Inf(-1), 0
	if c.oos >= 0 {
		none = float64(z[c.oos])
	}
	for i, v := range z {
		if i == c.oos {
			continue
		}
		switch f := float64(v); {
		case f > top:
			best, top, second = i, f, top
		case f > second:
			second = f
		}
	}
	var sum, entropy float64
	for i, v := range z {
		if i != c.oos {
			sum += math.Exp(float64(v) - top)
		}
	}
	for i, v := range z {
		if i != c.oos {
			p := math.Exp(float64(v)-top) / sum
			entropy -= p * math.Log(p+1e-12)
		}
	}
	return best, [4]float64{-top, second - top, none - top, entropy}, nil
}

func (c *clinc) strangeness(f [4]float64) float64 {
	z := c.bias
	for i, v := range f {
		z += c.weight[i] * v
	}
	return z
}

// tune learns on held-out rows how strange what fits none is, and from when on
// a text is turned away: as many as the floor of accuracy allows.
func (c *clinc) tune(rows []Row) error {
	var d linear.Doc
	out := make([]float32, len(c.model.Labels))
	features := make([][4]float64, len(rows))
	right := make([]bool, len(rows))
	var inScope int
	for i, r := range rows {
		best, f, err := c.read(&d, r.Text, out)
		if err != nil {
			return err
		}
		features[i], right[i] = f, c.model.Labels[best] == r.Label
		if r.Label != outOfScope {
			inScope++
		}
	}
	c.fitStrangeness(rows, features)
	type point struct {
		strange float64
		right   bool
	}
	var points []point
	for i, r := range rows {
		if r.Label != outOfScope {
			points = append(points, point{c.strangeness(features[i]), right[i]})
		}
	}
	slices.SortFunc(points, func(a, b point) int {
		switch {
		case a.strange < b.strange:
			return -1
		case a.strange > b.strange:
			return 1
		}
		return 0
	})
	kept, need := 0, int(clincFloor*float64(inScope))
	c.limit = math.Inf(1)
	for _, p := range points {
		if p.right {
			kept++
		}
		if kept >= need {
			c.limit = p.strange
			break
		}
	}
	return nil
}

// fitStrangeness fits a logistic regression, both sides counting alike.
func (c *clinc) fitStrangeness(rows []Row, features [][4]float64) {
	var n [2]float64
	for _, r := range rows {
		if r.Label == outOfScope {
			n[1]++
		} else {
			n[0]++
		}
	}
	for range 4000 {
		var g [4]float64
		var gb float64
		for i, r := range rows {
			y, w := 0.0, 0.5/math.Max(n[0], 1)
			if r.Label == outOfScope {
				y, w = 1, 0.5/math.Max(n[1], 1)
			}
			e := (1/(1+math.Exp(-c.strangeness(features[i]))) - y) * w
			for k, v := range features[i] {
				g[k] += e * v
			}
			gb += e
		}
		for k := range g {
			c.weight[k] -= 0.3 * (g[k] + 1e-3*c.weight[k])
		}
		c.bias -= 0.3 * gb
	}
}

func (c *clinc) measure(rows []Row) ([]Figure, error) {
	var d linear.Doc
	out := make([]float32, len(c.model.Labels))
	var in, right, without, away, strangers int
	for _, r := range rows {
		best, f, err := c.read(&d, r.Text, out)
		if err != nil {
			return nil, err
		}
		turned := c.strangeness(f) > c.limit
		if r.Label == outOfScope {
			strangers++
			if turned {
				away++
			}
			continue
		}
		in++
		if c.model.Labels[best] == r.Label {
			without++
			if !turned {
				right++
			}
		}
	}
	const model, set = "clinc", "clinc150"
	return []Figure{
		{model, set, "in-scope accuracy", share(right, in), in},
		{model, set, "out-of-scope recall", share(away, strangers), strangers},
		{model, set, "in-scope accuracy, none turned away", share(without, in), in},
	}, nil
}
