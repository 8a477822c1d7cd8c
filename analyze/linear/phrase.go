package linear

import "fmt"

// Phrases finds phrases of one to three words in texts. The words are compared
// as models see them: in lower case, punctuation being words of its own.
type Phrases struct {
	kinds map[uint32]uint32 // n-gram → a bit for each kind
}

// NewPhrases makes a finder of kinds of phrases. Kinds are numbered from 0 to
// 31; a phrase may be of several.
func NewPhrases(kinds [][]string) (*Phrases, error) {
	if len(kinds) > 32 {
		return nil, fmt.Errorf("%d kinds of phrases are too many", len(kinds))
	}
	p := &Phrases{kinds: map[uint32]uint32{}}
	var d Doc
	for kind, phrases := range kinds {
		for _, s := range phrases {
			d.Read(s)
			if n := len(d.tokens); n < 1 || n > wordLimit {
				return nil, fmt.Errorf("the phrase %q has %d words", s, n)
			}
			p.kinds[d.words[d.wordEnd[0]-1]] |= 1 << kind
		}
	}
	return p, nil
}

// Count adds to counts how often the phrases of each kind occur in d.
func (p *Phrases) Count(d *Doc, counts []int) {
	for _, h := range d.words {
		bits := p.kinds[h]
		for kind := 0; bits != 0; kind++ {
			if bits&1 != 0 {
				counts[kind]++
			}
			bits >>= 1
		}
	}
}

// Find calls found for every phrase of the text with its words and its kind.
func (p *Phrases) Find(d *Doc, found func(phrase string, kind int)) {
	from := 0
	for i, t := range d.tokens {
		n := 0
		for j := from; j < d.wordEnd[i]; j++ {
			if t.negated && j == from+1 {
				continue // the mark of a negated word is no phrase
			}
			n++
			bits := p.kinds[d.words[j]]
			for kind := 0; bits != 0; kind++ {
				if bits&1 != 0 {
					found(d.span(i, i+n), kind)
				}
				bits >>= 1
			}
		}
		from = d.wordEnd[i]
	}
}

// span is the text of some tokens, with a space between.
func (d *Doc) span(from, to int) string {
	var b []byte
	for i := from; i < to; i++ {
		if i > from {
			b = append(b, ' ')
		}
		b = append(b, d.buf[d.tokens[i].from:d.tokens[i].to]...)
	}
	return string(b)
}
