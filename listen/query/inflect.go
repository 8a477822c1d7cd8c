package query

import (
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/turkish"
)

// A lens sees the forms of a word as one: it is the stemmer of a language.
// The zero lens sees each form apart.
type lens uint8

const (
	noLens lens = iota
	inEnglish
)

// stemmers are the lenses, each with the languages that it is for. Languages
// whose words also change at their beginning, such as Arabic, are not among
// them: a full-text index could not find those.
var stemmers = []struct {
	langs string
	stem  func(*snowballstem.Env) bool
}{
	noLens: {}, inEnglish: {"en", english.Stem},
	{"da", danish.Stem}, {"nl", dutch.Stem}, {"fi", finnish.Stem}, {"fr", french.Stem}, {"de", german.Stem}, {"hu", hungarian.Stem},
	{"it", italian.Stem}, {"no nb nn", norwegian.Stem}, {"pt", portuguese.Stem}, {"ro", romanian.Stem}, {"ru", russian.Stem},
	{"es", spanish.Stem}, {"sv", swedish.Stem}, {"tr", turkish.Stem},
}

const mostLenses = 16

// lensOf returns the lens for a language tag, noLens if there is none.
func lensOf(tag string) lens {
	return lenses[primary(tag)]
}

var lenses = func() map[string]lens {
	out := map[string]lens{}
	for i, s := range stemmers {
		for l := range strings.FieldsSeq(s.langs) {
			out[l] = lens(i)
		}
	}
	return out
}()

// longestStem is the length up to which words are stemmed, in bytes; longer
// ones are no words of any language.
const longestStem = 60

// stem returns what the forms of a folded word have in common.
func (l lens) stem(env *snowballstem.Env, word string) string {
	if l == noLens || len(word) > longestStem {
		return word
	}
	env.SetCurrent(word)
	stemmers[l].stem(env)
	return env.Current()
}

// lead is how words of a stem must begin. Stemmers change the end of what they
// leave (happy, happi), hardly more. That forms share their beginning is part
// of what ~ means, so that an index can be asked for them.
func lead(stem string) string {
	keep := 1
	if n := utf8.RuneCountInString(stem); n >= 4 {
		keep = n - 1
	}
	for i := range stem {
		if keep == 0 {
			return stem[:i]
		}
		keep--
	}
	return stem
}

// forms are the words of a text through a lens.
type forms struct {
	hash []uint64 // of each token's stem
	at   []int32  // where each stem begins in buf; one more than tokens
	buf  []byte
}

func (f *forms) stem(i int32) []byte { return f.buf[f.at[i]:f.at[i+1]] }

// through returns the words of the text through a lens. It is worked out once.
func (d *Doc) through(l lens) *forms {
	if f := d.seen[l].Load(); f != nil {
		return f
	}
	f := &forms{hash: make([]uint64, len(d.toks)), at: make([]int32, len(d.toks)+1), buf: make([]byte, 0, len(d.buf))}
	env := snowballstem.NewEnv("")
	for i := range d.toks {
		f.at[i] = int32(len(f.buf))
		if t := &d.toks[i]; !t.emoji {
			s := l.stem(env, string(d.buf[t.from:t.to]))
			f.hash[i] = hashOf(s)
			f.buf = append(f.buf, s...)
		}
	}
	f.at[len(d.toks)] = int32(len(f.buf))
	d.seen[l].Store(f)
	return f
}

// inexact tells whether other words than the term's own may fit it, so that it
// cannot be looked up by its word.
func (t *Term) inexact() bool { return t.Prefix || t.lens != noLens || t.bare }

// focus gives the terms with a ~ their lens: that of the lang: beside which
// they stand, else the English one. It returns hints for those that have none.
func focus(n Node, l lens, lang string) []Hint {
	var out []Hint
	switch n := n.(type) {
	case *Words:
		for i := range n.Terms {
			t := &n.Terms[i]
			if !t.Forms {
				continue
			}
			if l == noLens {
				out = append(out, Hint{At: n.At, Text: "The forms of words in " + lang + " are not known, so only “" + cut(t.Text) + "” itself is looked for."})
				continue
			}
			t.lens = l
			t.stem = l.stem(snowballstem.NewEnv(""), t.Text)
			t.stemHash, t.lead = hashOf(t.stem), lead(t.stem)
		}
	case *And:
		for _, k := range n.Of {
			if f, ok := k.(*Field); ok && f.Name == Lang {
				l, lang = lensOf(f.Value), f.Value
				break
			}
		}
		for _, k := range n.Of {
			out = append(out, focus(k, l, lang)...)
		}
	case *Or:
		for _, k := range n.Of {
			out = append(out, focus(k, l, lang)...)
		}
	case *Not:
		out = focus(n.Of, l, lang)
	case *Near:
		out = append(focus(n.A, l, lang), focus(n.B, l, lang)...)
	}
	return out
}

// particles are what Korean hangs on a word.
var particles = func() map[string]bool {
	out := map[string]bool{}
	for p := range strings.FieldsSeq(`
		은 는 이 가 을 를 의 에 도 만 로 와 과 나 랑 들 께 야 란 인 고 며
		에서 에게 으로 까지 부터 보다 처럼 이나 이랑 하고 마저 조차 밖에 같이 만큼 대로 마다 든지 라도 라고 라는 께서 한테 이란 이야 이며 이고 인데 이다 예요
		들이 들은 들을 들의 들도 들과 에는 에도 에만 로는 로도 와는 과는 만은 만의 만이 만을 까진 에선
		에서는 에서도 에게서 에게는 에게도 으로는 으로도 한테서 한테는 이라도 이라고 이라는 이든지 까지도 까지는 부터는 보다는 보다도 처럼은 들에게 들에서 입니다 이에요 이었다 였어요`) {
		out[p] = true
	}
	return out
}()

const longestParticle = 3 // syllables

// isBare tells whether a Korean word is found with particles too: a single
// syllable is not, as it begins too many words.
func isBare(word string) bool {
	n := 0
	for _, r := range word {
		if r < 0xac00 || r > 0xd7a3 {
			return false
		}
		n++
	}
	return n >= 2
}

// withParticle tells whether a word is this one with a particle.
func withParticle(word []byte, bare string) bool {
	return hasPrefix(word, bare) && particles[string(word[len(bare):])]
}

// stripped calls try with the hash of each word of which a Korean one may be
// a form.
func (d *Doc) stripped(t *token, try func(hash uint64)) {
	w := d.buf[t.from:t.to]
	if len(w) < 9 || w[0] < 0xea || w[0] > 0xed { // three syllables of three bytes
		return
	}
	var ends [longestParticle]int // where the last syllables begin
	n := 0
	for i := len(w); i > 6 && n < longestParticle; n++ {
		_, size := utf8.DecodeLastRune(w[:i])
		i -= size
		ends[n] = i
	}
	for _, at := range ends[:n] {
		if at >= 6 && particles[string(w[at:])] {
			try(hashOf(w[:at]))
		}
	}
}

// anyFits tells whether the term stands anywhere in the text.
func (d *Doc) anyFits(t *Term) bool {
	for i := range d.toks {
		if !d.toks[i].again && d.fits(int32(i), t) {
			return true
		}
	}
	return false
}
