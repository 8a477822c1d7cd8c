package train

import (
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"

	"github.com/parley-crm/parley/analyze/intent"
	"github.com/parley-crm/parley/analyze/lang"
	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
	"github.com/parley-crm/parley/social"
)

// A Figure is one measured number.
type Figure struct {
	Model  string
	Set    string // what it was measured on
	Metric string
	Value  float64
	Rows   int
}

// Evaluate measures the embedded models: on the posts that come with them and,
// where a data directory is given, on the validation sets in it.
func Evaluate(dir string) ([]Figure, error) {
	feeling, err := sentiment.Default()
	if err != nil {
		return nil, err
	}
	wants, err := intent.Default()
	if err != nil {
		return nil, err
	}
	tests, err := IntentTests()
	if err != nil {
		return nil, err
	}
	out := Intents(slices.Concat(tests.Plain, tests.Hard, tests.Varied), feeling, wants).figures(wants.Name(), "own posts, all")
	for _, t := range []struct {
		name  string
		posts []Post
	}{{"own posts, plain", tests.Plain}, {"own posts, hard", tests.Hard}, {"own posts, varied", tests.Varied}} {
		out = append(out, Intents(t.posts, feeling, wants).figures(wants.Name(), t.name)[:2]...)
	}
	if dir == "" {
		return out, nil
	}
	more, err := evaluateSentiment(dir, feeling)
	if err != nil {
		return nil, err
	}
	choices, err := evaluateChoices(dir, feeling)
	if err != nil {
		return nil, err
	}
	out = append(append(more, choices...), out...)
	rows, err := Rows(dir, "vader", "tweets")
	if err != nil {
		return nil, err
	}
	agreed, n := SignAgreement(rows, feeling)
	return append(out, Figure{feeling.Name(), "vader tweets", "sign agreement", agreed, n}), nil
}

func evaluateSentiment(dir string, m *sentiment.Model) ([]Figure, error) {
	rows, err := Rows(dir, "sentiment", "val")
	if err != nil {
		return nil, err
	}
	d, err := lang.Default()
	if err != nil {
		return nil, err
	}
	labels := []string{social.Negative, social.Neutral, social.Positive}
	index := map[string]int{social.Negative: 0, social.Neutral: 1, social.Positive: 2}
	table := NewTable(labels)
	var doc linear.Doc
	var bins bins
	english := 0
	for _, r := range rows {
		right, ok := index[r.Label]
		if !ok {
			return nil, fmt.Errorf("sentiment/val: row %s has the unknown label %q", r.ID, r.Label)
		}
		doc.Read(r.Text)
		l := m.Label(m.Read(&doc))
		given := index[l.Label]
		table.Add(right, given)
		bins.add(l.Confidence, right == given)
		if m.Speaks(d.Detect(r.Text).Tag) {
			english++
		}
	}
	n := len(rows)
	const set = "sentiment val"
	return []Figure{
		{lang.Model, set, "given as English", share(english, n), n},
		{m.Name(), set, "macro recall", table.MacroRecall(), n},
		{m.Name(), set, "macro F1", table.MacroF1(), n},
		{m.Name(), set, "accuracy", table.Accuracy(), n},
		{m.Name(), set, "calibration error", bins.gap(), n},
	}, nil
}

// SignAgreement is the share of the tweets that raters found clearly good or
// bad (a mean beyond one half) whose reading leans to the same side.
func SignAgreement(rows []Row, m *sentiment.Model) (share float64, n int) {
	agreed := 0
	var d linear.Doc
	for _, r := range rows {
		if math.Abs(r.Valence) < 0.5 {
			continue
		}
		n++
		d.Read(r.Text)
		p := m.Read(&d)
		if (p[2] > p[0]) == (r.Valence > 0) {
			agreed++
		}
	}
	if n == 0 {
		return 0, 0
	}
	return float64(agreed) / float64(n), n
}

// bins measure how far confidence is from how often it is right.
type bins [10]struct {
	n, right int
	sum      float64
}

func (b *bins) add(confidence float64, right bool) {
	at := &b[min(int(confidence*10), 9)]
	at.n++
	at.sum += confidence
	if right {
		at.right++
	}
}

// gap is the mean difference between the two, weighted by the texts.
func (b *bins) gap() float64 {
	var gap float64
	n := 0
	for _, at := range b {
		gap += math.Abs(at.sum - float64(at.right))
		n += at.n
	}
	if n == 0 {
		return 0
	}
	return gap / float64(n)
}

// Counts says, for every intent, how often it was given rightly, given wrongly
// and missed.
type Counts struct {
	Labels               []string
	Right, Wrong, Missed []int
	// Confused says, for posts that miss an intent, how often another was
	// given wrongly; the last row and column stand for none.
	Confused    [][]int
	Exact, Rows int // texts whose intents were all right, of so many
}

// Intents measures the model of intents on posts.
func Intents(posts []Post, feeling *sentiment.Model, m *intent.Model) Counts {
	var d linear.Doc
	var s intent.Scratch
	return countIntents(posts, func(p Post) []social.Label {
		d.Read(p.Text)
		return m.Read(&d, feeling.Read(&d), 0, &s, nil)
	})
}

// countIntents measures whatever gives intents to posts.
func countIntents(posts []Post, give func(Post) []social.Label) Counts {
	c := Counts{Labels: intent.Labels(), Rows: len(posts)}
	k := len(c.Labels)
	c.Right, c.Wrong, c.Missed = make([]int, k), make([]int, k), make([]int, k)
	c.Confused = make([][]int, k+1)
	for i := range c.Confused {
		c.Confused[i] = make([]int, k+1)
	}
	for _, p := range posts {
		given := map[string]bool{}
		for _, l := range give(p) {
			given[l.Label] = true
		}
		c.confuse(p.Labels, given)
		exact := true
		for i, l := range c.Labels {
			is := p.Labels&(1<<i) != 0
			switch {
			case is && given[l]:
				c.Right[i]++
			case is:
				c.Missed[i]++
			case given[l]:
				c.Wrong[i]++
			}
			exact = exact && is == given[l]
		}
		if exact {
			c.Exact++
		}
	}
	return c
}

// confuse counts each missed intent against each that was given wrongly.
func (c *Counts) confuse(right uint32, given map[string]bool) {
	var missed, wrong []int
	for i, l := range c.Labels {
		is := right&(1<<i) != 0
		if is && !given[l] {
			missed = append(missed, i)
		}
		if !is && given[l] {
			wrong = append(wrong, i)
		}
	}
	none := len(c.Labels)
	if len(missed) == 0 && len(wrong) > 0 {
		missed = append(missed, none)
	}
	if len(wrong) == 0 && len(missed) > 0 {
		wrong = append(wrong, none)
	}
	for _, m := range missed {
		for _, w := range wrong {
			c.Confused[m][w]++
		}
	}
}

// PrintConfusion writes what was taken for what.
func (c Counts) PrintConfusion(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.AlignRight)
	short := func(i int) string {
		if i == len(c.Labels) {
			return "none"
		}
		return c.Labels[i]
	}
	fmt.Fprint(w, "missed \\ given instead\t")
	for i := range c.Confused {
		fmt.Fprint(w, short(i), "\t")
	}
	fmt.Fprintln(w)
	for i, row := range c.Confused {
		fmt.Fprint(w, short(i), "\t")
		for _, n := range row {
			if n == 0 {
				fmt.Fprint(w, "·\t")
			} else {
				fmt.Fprint(w, n, "\t")
			}
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

// Confusion measures the embedded model of intents on all test posts.
func Confusion() (Counts, error) {
	feeling, err := sentiment.Default()
	if err != nil {
		return Counts{}, err
	}
	wants, err := intent.Default()
	if err != nil {
		return Counts{}, err
	}
	tests, err := IntentTests()
	if err != nil {
		return Counts{}, err
	}
	return Intents(slices.Concat(tests.Plain, tests.Hard, tests.Varied), feeling, wants), nil
}

// F1 is that of one intent.
func (c Counts) F1(i int) float64 {
	return f1(share(c.Right[i], c.Right[i]+c.Wrong[i]), share(c.Right[i], c.Right[i]+c.Missed[i]))
}

// MacroF1 is the mean over the intents.
func (c Counts) MacroF1() float64 {
	var sum float64
	for i := range c.Labels {
		sum += c.F1(i)
	}
	return sum / float64(len(c.Labels))
}

func (c Counts) figures(model, set string) []Figure {
	out := []Figure{
		{model, set, "macro F1", c.MacroF1(), c.Rows},
		{model, set, "all intents right", share(c.Exact, c.Rows), c.Rows},
	}
	for i, l := range c.Labels {
		out = append(out, Figure{model, set, "F1 " + l, c.F1(i), c.Right[i] + c.Missed[i]})
	}
	return out
}

// Print writes figures as a table for people.
func Print(out io.Writer, figures []Figure) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "model\tset\trows\tmetric\tvalue")
	for _, f := range figures {
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%.4f\n", f.Model, f.Set, f.Rows, f.Metric, f.Value)
	}
	return w.Flush()
}
