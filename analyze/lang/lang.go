package lang

import (
	"math"
	"strings"
	"sync"

	"github.com/parley-crm/parley/third_party/lid176"
)

// Und is the tag of a text whose language is not known.
const Und = "und"

// Model is the name of the method, as scores carry it.
const Model = lid176.Name

// A Result is a language and how sure it is.
type Result struct {
	Tag        string  // BCP 47
	Confidence float64 // 0 to 1; 0 for und
}

// A Detector says in which language texts are written. It is safe for
// concurrent use.
type Detector struct {
	net     *network
	tags    []string // of the model's labels
	english int32    // the label of English
	words   map[string]struct{}
	pool    sync.Pool
}

// scratch is what one detection needs and the next may use again.
type scratch struct {
	clean   clean
	hidden  []float32
	guesses []guess
}

// Default is the detector with the embedded model. The model is read at the
// first call, in some 20 ms, and takes about 9 MB.
var Default = sync.OnceValues(func() (*Detector, error) { return New(lid176.Model) })

// New makes a detector from the content of a fastText .ftz file.
func New(file string) (*Detector, error) {
	net, err := readNetwork(file)
	if err != nil {
		return nil, err
	}
	d := &Detector{net: net, words: englishWords(), english: -1}
	for i, l := range net.labels {
		tag := bcp47(strings.TrimPrefix(l, "__label__"))
		d.tags = append(d.tags, tag)
		if tag == "en" {
			d.english = int32(i)
		}
	}
	d.pool.New = func() any {
		return &scratch{hidden: make([]float32, net.dim), guesses: make([]guess, 0, 2)}
	}
	return d, nil
}

// The rules of thumb of Detect. They were set by looking at the language table
// of the tests and at English posts.
const (
	sureWords  = 4    // so many common English words …
	sureShare  = 0.45 // … and this share of all words need no model
	strongHint = 0.5  // share of common words that outweighs the model's doubt
	weakHint   = 0.25 // share that does so when the model thinks of English too
	least      = 0.45 // what the model must be sure of to be believed …
	leastLong  = 0.35 // … or where it knew this many pieces of the text
	longText   = 12
)

// Detect says in which language the text is written.
func (d *Detector) Detect(text string) Result {
	s := d.pool.Get().(*scratch)
	defer d.pool.Put(s)
	c := &s.clean
	c.read(text)
	if c.letters < 2 {
		return Result{Tag: Und}
	}
	if r, ok := byScript(c); ok {
		return r
	}
	common := 0
	for i := range c.starts {
		if _, ok := d.words[string(c.word(i))]; ok {
			common++
		}
	}
	share := float64(common) / float64(len(c.starts))
	if common >= sureWords && share >= sureShare {
		return Result{"en", 0.99}
	}
	top, found := d.ask(s)
	return d.weigh(top, found, common, share)
}

// byScript decides where most letters are of a script that gives the language
// away. A Japanese text may hold more Chinese characters than kana.
func byScript(c *clean) (Result, bool) {
	for s := otherScript + 1; s < han; s++ {
		n := c.scripts[s]
		if s == kana {
			n += min(c.scripts[han], 6*n)
		}
		if share := float64(n) / float64(c.letters); share > 0.5 {
			return Result{scriptTag[s], min(0.99, 0.5+share/2)}, true
		}
	}
	return Result{}, false
}

func (d *Detector) ask(s *scratch) (top []guess, found int) {
	clear(s.hidden)
	found = d.net.hidden(s.hidden, s.clean.buf)
	for i := range s.hidden {
		s.hidden[i] /= float32(found)
	}
	return d.net.best(s.hidden, s.guesses), found
}

// weigh puts the model's answer and the English words together. A model that
// recognised few pieces of the text is believed less.
func (d *Detector) weigh(top []guess, found, common int, share float64) Result {
	var english float64
	for _, g := range top {
		if g.label == d.english {
			english = float64(g.p)
		}
	}
	p := float64(top[0].p) * (1 - math.Pow(0.6, float64(found-1)))
	isEnglish := top[0].label == d.english
	needed := least
	if found >= longText {
		needed = leastLong
	}
	switch {
	case isEnglish && common > 0:
		return Result{"en", math.Max(p, 1-(1-0.6)*math.Pow(0.6, float64(common-1)))}
	case common > 0 && share >= strongHint && p < 0.9,
		common > 1 && share >= weakHint && (english > 0.05 || p < needed):
		return Result{"en", 0.55 + 0.4*share}
	case p < needed:
		return Result{Tag: Und}
	}
	return Result{d.tags[top[0].label], p}
}

// bcp47 is the tag of a label of the model where the two differ: the model
// uses the names of Wikipedias, some of which are no longer valid tags.
func bcp47(label string) string {
	switch label {
	case "als":
		return "gsw"
	case "bh":
		return "bho"
	case "eml":
		return "egl"
	case "sh":
		return "sr-Latn"
	case "nah":
		return "nhn"
	}
	return label
}
