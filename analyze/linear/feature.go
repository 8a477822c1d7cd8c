package linear

import (
	"encoding/binary"
	"math"
)

// A Doc is a text as models see it. It may be read again and again; it is not
// safe for concurrent use.
type Doc struct {
	buf    []byte
	tokens []token
	upper  int // capital letters of the text

	words   []uint32 // hashed word n-grams: of each token its own, with a mark if negated, then those that begin with it
	wordEnd []int    // where the n-grams of token i end in words
	chars   []uint32 // hashed character n-grams
	charEnd []int    // where those of token i end in chars
	dense   []Dense  // the lexicon's view of the text
	kin     []uint32 // hashed n-grams of groups of words, where a model asks for them
	groups  []uint64
	hasKin  bool
}

// Dense is a feature with a value of its own.
type Dense struct {
	Slot  int
	Value float32
}

// The weights that the kinds of features enter with.
const (
	wordValue  = 1.0
	charValue  = 0.5
	kinValue   = 1.0
	wordLimit  = 3 // longest n-gram of words
	charLeast  = 3 // bytes of the shortest n-gram of characters
	charLimit  = 5 // and of the longest
	negationIn = 4 // tokens that a negation reaches
	textNorm   = 5 // length that the features of every text are brought to
)

// Empty says whether the text has nothing in it that a model could weigh.
func (d *Doc) Empty() bool { return len(d.tokens) == 0 }

// Read makes the text's features. What d held before is gone.
func (d *Doc) Read(text string) {
	d.tokenize(text)
	d.hasKin = false
	d.negate()
	d.wordGrams()
	d.charGrams()
	d.dense = d.dense[:0]
	d.lexical(len(text))
}

// negate marks the tokens that a negation reaches: the next four, or those up
// to a mark that ends the thought.
func (d *Doc) negate() {
	left := 0
	for i := range d.tokens {
		t := &d.tokens[i]
		w := d.buf[t.from:t.to]
		if left > 0 && endsThought(w) {
			left = 0
		}
		t.negated = left > 0
		if left > 0 {
			left--
		}
		if t.word && negates(w) {
			left = negationIn
		}
	}
}

func endsThought(w []byte) bool {
	switch string(w) {
	case ".", "..", "...", "!", "!!", "!!!", "?", "??", "???", ",", ";", ":", "but":
		return true
	}
	return false
}

func negates(w []byte) bool {
	if n := len(w); n < 2 || n > 9 {
		return false
	} else if n > 3 && string(w[n-3:]) == "n't" {
		return true
	}
	switch string(w) {
	case "not", "no", "never", "nor", "dont", "cant", "wont", "isnt", "didnt", "doesnt", "wasnt", "aint", "wouldnt", "shouldnt", "couldnt",
		"havent", "hasnt", "arent", "without", "nothing", "none", "cannot", "hardly", "barely":
		return true
	}
	return false
}

func (d *Doc) wordGrams() {
	d.words, d.wordEnd = d.words[:0], d.wordEnd[:0]
	for i, t := range d.tokens {
		h := t.hash
		d.words = append(d.words, uint32(h>>32))
		if t.negated {
			d.words = append(d.words, uint32(mix(h^0xBADC0DE)>>32))
		}
		for k := 1; k < wordLimit && i+k < len(d.tokens); k++ {
			h = mix(h*3 + d.tokens[i+k].hash)
			d.words = append(d.words, uint32(h>>32))
		}
		d.wordEnd = append(d.wordEnd, len(d.words))
	}
}

func (d *Doc) charGrams() {
	d.chars, d.charEnd = d.chars[:0], d.charEnd[:0]
	d.buf = append(d.buf, 0, 0, 0, 0, 0, 0, 0, 0)
	for _, t := range d.tokens {
		if t.word {
			p := d.buf[t.from-1 : t.to+1+spare] // with its marks
			n := t.to - t.from + 2
			for i := 0; i+charLeast <= n; i++ {
				v := binary.LittleEndian.Uint64(p[i:])
				d.chars = append(d.chars, uint32((v&0xFFFFFF)*0x9E3779B97F4A7C15>>32))
				if i+4 <= n {
					d.chars = append(d.chars, uint32((v&0xFFFFFFFF)*0xC2B2AE3D27D4EB4F>>32))
				}
				if i+5 <= n {
					d.chars = append(d.chars, uint32((v&0xFFFFFFFFFF)*0x165667B19E3779F9>>32))
				}
			}
		}
		d.charEnd = append(d.charEnd, len(d.chars))
	}
	d.buf = d.buf[:len(d.buf)-spare]
}

// norm brings texts of every length to the same length.
func (d *Doc) norm(kin []uint32) float32 {
	ss := float64(len(d.words))*wordValue*wordValue + float64(len(d.chars))*charValue*charValue + float64(len(kin))*kinValue*kinValue
	return float32(textNorm / math.Sqrt(ss+1e-6))
}
