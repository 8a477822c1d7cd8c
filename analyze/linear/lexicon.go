package linear

import (
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/parley-crm/parley/third_party/vader"
)

// LexiconSlots is how many dense features Doc.Read makes itself; the slots of
// a method's own features begin here.
const LexiconSlots = 48

// The dense features that the lexicon gives.
const (
	slotBias = iota
	slotPositive
	slotNegative
	slotBalance
	slotLast
	slotMost
	slotLeast
	slotUpper
	slotCountPositive
	slotCountNegative
	slotBand   = 12 // eleven bands of the balance
	slotCounts = 23 // five by five: positive and negative words, up to four
)

// lexicon maps the hash of a token to its valence, -4 to 4.
var lexicon = sync.OnceValue(func() map[uint64]float32 {
	m := make(map[uint64]float32, 8<<10)
	var d Doc
	for line := range strings.Lines(vader.Lexicon) {
		word, value, _ := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		v, err := strconv.ParseFloat(value, 32)
		d.tokenize(word)
		if err == nil && len(d.tokens) == 1 {
			m[d.tokens[0].hash] = float32(v)
		}
	}
	return m
})

const lexValue = 0.3 // the weight that the lexicon's features enter with

// lexical adds what the lexicon says of the text. A negated word counts for
// about three quarters of its opposite.
func (d *Doc) lexical(size int) {
	lex := lexicon()
	var pos, neg, last, most, least float32
	var npos, nneg int
	for _, t := range d.tokens {
		v := lex[t.hash]
		if v == 0 {
			continue
		}
		if t.negated {
			v *= -0.74
		}
		last = v
		most, least = max(most, v), min(least, v)
		if v > 0 {
			pos += v
			npos++
		} else {
			neg -= v
			nneg++
		}
	}
	sum := float64(pos - neg)
	balance := float32(sum / math.Sqrt(sum*sum+15))
	d.add(slotBias, 1)
	d.add(slotPositive, lexValue*pos)
	d.add(slotNegative, lexValue*neg)
	d.add(slotBalance, 3*lexValue*balance)
	d.add(slotLast, lexValue*last)
	d.add(slotMost, lexValue*most)
	d.add(slotLeast, lexValue*least)
	d.add(slotUpper, 5*lexValue*float32(d.upper)/float32(min(size, maxText)+1))
	d.add(slotCountPositive, 2*lexValue*float32(min(npos, 6)))
	d.add(slotCountNegative, 2*lexValue*float32(min(nneg, 6)))
	d.add(slotBand+int(balance*5+5.5), 2*lexValue)
	d.add(slotCounts+min(npos, 4)*5+min(nneg, 4), 2*lexValue)
}

func (d *Doc) add(slot int, v float32) {
	if v != 0 {
		d.dense = append(d.dense, Dense{slot, v})
	}
}

// Valence is what the lexicon says of the text, -1 to 1. It is a rule, not a
// model: methods may use it as evidence.
func (d *Doc) Valence() float64 {
	for _, f := range d.dense {
		if f.Slot == slotBalance {
			return float64(f.Value / (3 * lexValue))
		}
	}
	return 0
}
