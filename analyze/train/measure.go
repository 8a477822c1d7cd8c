package train

// A Table counts what was given against what was right.
type Table struct {
	Labels []string
	Count  [][]int // right label × given label
}

// NewTable is an empty table of the labels.
func NewTable(labels []string) *Table {
	t := &Table{Labels: labels, Count: make([][]int, len(labels))}
	for i := range t.Count {
		t.Count[i] = make([]int, len(labels))
	}
	return t
}

// Add counts one text.
func (t *Table) Add(right, given int) { t.Count[right][given]++ }

// Rows is how many texts were counted.
func (t *Table) Rows() int {
	n := 0
	for _, row := range t.Count {
		for _, c := range row {
			n += c
		}
	}
	return n
}

// Accuracy is the share of texts that got their right label.
func (t *Table) Accuracy() float64 {
	right := 0
	for i := range t.Count {
		right += t.Count[i][i]
	}
	return share(right, t.Rows())
}

// Recall is the share of a label's texts that got it.
func (t *Table) Recall(label int) float64 {
	n := 0
	for _, c := range t.Count[label] {
		n += c
	}
	return share(t.Count[label][label], n)
}

// Precision is the share of the texts given a label that are right.
func (t *Table) Precision(label int) float64 {
	n := 0
	for i := range t.Count {
		n += t.Count[i][label]
	}
	return share(t.Count[label][label], n)
}

// F1 is the harmonic mean of a label's precision and recall.
func (t *Table) F1(label int) float64 { return f1(t.Precision(label), t.Recall(label)) }

// MacroRecall is the mean of the labels' recalls.
func (t *Table) MacroRecall() float64 { return t.mean(t.Recall) }

// MacroF1 is the mean of the labels' F1.
func (t *Table) MacroF1() float64 { return t.mean(t.F1) }

func (t *Table) mean(of func(int) float64) float64 {
	var sum float64
	for i := range t.Labels {
		sum += of(i)
	}
	return sum / float64(len(t.Labels))
}

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

func f1(p, r float64) float64 {
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}
