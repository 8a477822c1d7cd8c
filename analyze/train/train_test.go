package train

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parley-crm/parley/analyze/intent"
	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
)

// The floor under the intents: posts that were written and labelled for the
// test, and that training never sees.
func TestIntentFloor(t *testing.T) {
	feeling, err := sentiment.Default()
	if err != nil {
		t.Fatal(err)
	}
	wants, err := intent.Default()
	if err != nil {
		t.Fatal(err)
	}
	learn, err := IntentPosts()
	if err != nil {
		t.Fatal(err)
	}
	tests, err := IntentTests()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range learn {
		seen[p.Text] = true
	}
	all := slices.Concat(tests.Plain, tests.Hard, tests.Varied)
	none := 0
	for _, p := range all {
		if seen[p.Text] {
			t.Errorf("%q is trained on and tested with", p.Text)
		}
		if p.Labels == 0 {
			none++
		}
	}
	if len(all) < 600 || none < 90 {
		t.Errorf("%d test posts, %d of them without an intent", len(all), none)
	}
	for _, tt := range []struct {
		name       string
		posts      []Post
		mean, each float64 // the floors of macro F1 and of every intent's F1
	}{
		{"all posts", all, 0.795, 0.62},
		{"plain posts", tests.Plain, 0.88, 0.60},
		{"hard posts", tests.Hard, 0.79, 0.50},
		{"varied posts", tests.Varied, 0.73, 0.50},
	} {
		c := Intents(tt.posts, feeling, wants)
		t.Logf("%s: macro F1 %.4f, all right %d of %d", tt.name, c.MacroF1(), c.Exact, c.Rows)
		if c.MacroF1() < tt.mean {
			t.Errorf("%s: macro F1 %.4f; the floor is %.3f", tt.name, c.MacroF1(), tt.mean)
		}
		for i, l := range c.Labels {
			if c.F1(i) < tt.each {
				t.Errorf("%s: F1 of %s is %.4f; the floor is %.2f", tt.name, l, c.F1(i), tt.each)
			}
		}
	}
}

// The floor under the intents of the deep tier, on the same posts.
func TestDeepIntentFloor(t *testing.T) {
	figures, err := EvaluateDeep("")
	if err != nil {
		t.Fatal(err)
	}
	floors := map[string]float64{"own posts, all": 0.82, "own posts, plain": 0.90, "own posts, hard": 0.81, "own posts, varied": 0.77}
	seen := 0
	for _, f := range figures {
		switch f.Metric {
		case "macro F1":
			seen++
			if f.Value < floors[f.Set] {
				t.Errorf("%s: macro F1 %.4f; the floor is %.2f", f.Set, f.Value, floors[f.Set])
			}
		case "calibration error":
			if f.Value > 0.08 {
				t.Errorf("confidence is off by %.3f", f.Value)
			}
		}
	}
	if seen != len(floors) {
		t.Errorf("%d of %d sets were measured", seen, len(floors))
	}
}

// The blend that is found is the one by which most is right, and a file of
// other posts is refused.
func TestTheBestBlendIsFound(t *testing.T) {
	posts, err := IntentPosts()
	if err != nil {
		t.Fatal(err)
	}
	posts = posts[:200]
	k := len(intent.Labels())
	blind, knows := make([][]float32, len(posts)), make([][]float32, len(posts))
	var file []byte
	for i, p := range posts {
		blind[i], knows[i] = make([]float32, k), make([]float32, k)
		for j := range k {
			blind[i][j], knows[i][j] = 0.3, 0.1
			if p.Labels>>j&1 == 1 {
				knows[i][j] = 0.9
			}
			file = binary.LittleEndian.AppendUint32(file, math.Float32bits(knows[i][j]))
		}
	}
	b := blendWants(posts, blind, knows)
	if b.Mixed < b.Fast || b.Mixed != b.Deep || b.Weight < 0.05 || slices.Min(b.Given) <= 0.3 {
		t.Errorf("the blend is %v", b)
	}
	dir := t.TempDir()
	if held, err := readHeld(dir, len(posts)); held != nil || err != nil {
		t.Errorf("without a file there is %v, %v", held, err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "taught"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, HeldFile), file, 0o644); err != nil {
		t.Fatal(err)
	}
	held, err := readHeld(dir, len(posts))
	if err != nil || !slices.Equal(held[7], knows[7]) {
		t.Errorf("the file has %v, %v", held, err)
	}
	if _, err := readHeld(dir, len(posts)-1); err == nil || !strings.Contains(err.Error(), "wants.py") {
		t.Errorf("a file of other posts gives %v", err)
	}
}

// An intent that is surely told apart is given from one half, one that is often
// given wrongly from half of its F1.
func TestWhereAnIntentIsGivenFrom(t *testing.T) {
	posts, p := make([]Post, 200), make([][]float32, 200)
	for i := range posts {
		p[i] = make([]float32, len(intent.Labels()))
		if p[i][0] = 0.05; i%4 == 0 { // told apart
			p[i][0], posts[i].Labels = 0.95, posts[i].Labels|1
		}
		if i < 100 { // of those thought likely, every second has it: F1 is two thirds
			p[i][1] = 0.55
			if i%2 == 0 {
				posts[i].Labels |= 2
			}
		}
	}
	from := givenFrom(posts, p)
	if from[0] != 0.5 || from[1] != 0.333 || from[2] != 0.5 {
		t.Errorf("given from %v", from)
	}
	if got := macroF1(posts, p, from); math.Abs(got-(1+2.0/3)/10) > 1e-9 {
		t.Errorf("macro F1 %v", got)
	}
}

// write makes a data set of rows in a directory.
func write(t *testing.T, dir, set, split, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, set), 0o755); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	fmt.Fprint(z, content)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, set, split+".jsonl.gz"), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// toySentiment is a data directory with a little sentiment in it.
func toySentiment(t *testing.T) string {
	dir := t.TempDir()
	texts := map[string]string{"negative": "the awful %s was late and rude number %d", "neutral": "the %s leaves on monday number %d", "positive": "the lovely %s made me happy number %d"}
	for split, n := range map[string]int{"train": 60, "val": 15} {
		var b strings.Builder
		for i := range n {
			for _, label := range []string{"negative", "neutral", "positive"} {
				fmt.Fprintf(&b, "{\"id\":\"%d\",\"text\":%q,\"label\":%q}\n", i, fmt.Sprintf(texts[label], []string{"train", "bus", "crew"}[i%3], i), label)
			}
		}
		write(t, dir, "sentiment", split, b.String())
	}
	for set, lines := range map[string][]string{
		"emotion": {`{"text":"I am furious about the bus","label":"anger"}`, `{"text":"so happy about the boat","label":"joy"}`,
			`{"text":"tomorrow will be better, keep going","label":"optimism"}`, `{"text":"I miss her and cry","label":"sadness"}`},
		"offensive": {`{"text":"you are an idiot","label":"offensive"}`, `{"text":"the bus leaves at nine","label":"not-offensive"}`},
	} {
		write(t, dir, set, "train", strings.Repeat(strings.Join(lines, "\n")+"\n", 10))
		write(t, dir, set, "val", strings.Join(lines, "\n")+"\n")
	}
	write(t, dir, "vader", "tweets", `{"id":"1","text":"I love this","valence":3}`+"\n"+`{"id":"2","text":"it is a chair","valence":0.1}`+"\n")
	return dir
}

// From data to models that score.
func TestAll(t *testing.T) {
	var steps []string
	files, err := All(toySentiment(t), func(s string) { steps = append(steps, s) })
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 4 || files[0].Path != "sentiment/feeling-1.bin" || files[3].Path != "intent/intent-4.bin" || len(steps) != 6 || !strings.Contains(steps[5], "given from") {
		t.Fatalf("%d files, steps %v", len(files), steps)
	}
	m, err := sentiment.Load(files[0].Data)
	if err != nil {
		t.Fatal(err)
	}
	agreed, n := SignAgreement([]Row{{Text: "a lovely happy crew", Valence: 3}, {Text: "awful and rude", Valence: -2}, {Text: "chair", Valence: 0.2}}, m)
	if agreed != 1 || n != 2 {
		t.Errorf("%.2f of %d on the right side", agreed, n)
	}
	if _, err := intent.Load(files[3].Data); err != nil {
		t.Error(err)
	}
}

func TestEvaluate(t *testing.T) {
	own, err := Evaluate("")
	if err != nil {
		t.Fatal(err)
	}
	all, err := Evaluate(toySentiment(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) <= len(own) {
		t.Errorf("%d figures with data, %d without", len(all), len(own))
	}
	var out bytes.Buffer
	if err := Print(&out, all); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"macro recall", "sign agreement", "macro F1", "churn_risk", "calibration error"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q", want)
		}
	}
}

func TestDataRefused(t *testing.T) {
	dir := t.TempDir()
	if _, err := Sentiment(dir); err == nil || !strings.Contains(err.Error(), "sentiment") {
		t.Errorf("no data: %v", err)
	}
	write(t, dir, "sentiment", "train", "{\"id\":\"1\",\"text\":\"x\",\"label\":\"positive\"}\nnonsense\n")
	if _, err := Sentiment(dir); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a broken line: %v", err)
	}
	write(t, dir, "sentiment", "train", `{"id":"9","text":"x","label":"sideways"}`)
	if _, err := Sentiment(dir); err == nil || !strings.Contains(err.Error(), "sideways") {
		t.Errorf("an unknown label: %v", err)
	}
	if _, err := posts("praise no tab here"); err == nil {
		t.Error("a post without a tab was taken")
	}
	if _, err := posts("mood\ttext\n"); err == nil || !strings.Contains(err.Error(), "mood") {
		t.Errorf("an unknown intent: %v", err)
	}
}

func TestVectors(t *testing.T) {
	row := func(a, b float64) string {
		v := make([]string, vectorNumbers)
		for i := range v {
			v[i] = fmt.Sprint(a)
			if i%2 == 1 {
				v[i] = fmt.Sprint(b)
			}
		}
		return "[" + strings.Join(v, ",") + "]"
	}
	in := `{"words":["cat","dog","don't","sea"],"vectors":{"cat":` + row(1, 0) + `,"dog":` + row(0.9, 0.1) + `,"don't":` + row(5, 5) + `,"sea":` + row(0, 2) + `}}`
	file, err := Vectors(strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	v, err := linear.LoadVectors(string(file))
	if err != nil {
		t.Fatal(err)
	}
	mean := func(text string) []float32 {
		var d linear.Doc
		d.Read(text)
		out := make([]float32, v.Dim())
		v.Mean(&d, out)
		return out
	}
	dot := func(a, b []float32) (sum float32) {
		for i := range a {
			sum += a[i] * b[i]
		}
		return sum
	}
	cat, dog, sea := mean("The CAT!"), mean("dog's"), mean("sea")
	if dot(cat, dog) < 0.9 || dot(cat, sea) > 0 {
		t.Errorf("cat and dog %.2f, cat and sea %.2f", dot(cat, dog), dot(cat, sea))
	}
	if none := mean("don't @cat"); dot(none, none) != 0 {
		t.Error("a text without known words points somewhere")
	}
	for _, damaged := range []string{"", "parley vectors 1 2 3\na\n", "parley vectors 1 1 3\na\nxx", "parley vectors 1 -1 3\n"} {
		if _, err := linear.LoadVectors(damaged); err == nil {
			t.Errorf("%q was taken for word vectors", damaged)
		}
	}
	if _, err := Vectors(strings.NewReader("nonsense")); err == nil {
		t.Error("nonsense was taken for word vectors")
	}
}

func TestTable(t *testing.T) {
	table := NewTable([]string{"a", "b"})
	for _, c := range []struct{ right, given, times int }{{0, 0, 3}, {0, 1, 1}, {1, 1, 2}, {1, 0, 2}} {
		for range c.times {
			table.Add(c.right, c.given)
		}
	}
	for _, tt := range []struct {
		name      string
		got, want float64
	}{
		{"accuracy", table.Accuracy(), 5.0 / 8},
		{"recall of a", table.Recall(0), 0.75},
		{"precision of a", table.Precision(0), 0.6},
		{"macro recall", table.MacroRecall(), 0.625},
		{"F1 of b", table.F1(1), 2 * (2.0 / 3) * 0.5 / (2.0/3 + 0.5)},
	} {
		if math.Abs(tt.got-tt.want) > 1e-9 {
			t.Errorf("%s is %v, not %v", tt.name, tt.got, tt.want)
		}
	}
	if NewTable([]string{"a"}).MacroF1() != 0 {
		t.Error("an empty table has an F1")
	}
}

func TestBins(t *testing.T) {
	var b bins
	for i := range 10 {
		b.add(0.75, i < 7)
	}
	if got := b.gap(); math.Abs(got-0.05) > 1e-9 {
		t.Errorf("0.75 said, 0.7 right: %v", got)
	}
}
