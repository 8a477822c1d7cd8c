package query

// Word is a word of a post as it is compared, in its place.
type Word struct {
	Text   string
	Next   bool // it follows the word before at once
	Handle bool // an @ stands before it
	Alone  bool // a sign of a script without spaces
}

// Words returns the words of a post in their order, at most some. Emoji are
// left out.
func (d *Doc) Words(most int) []Word {
	out := make([]Word, 0, min(most, len(d.toks)))
	last := int32(-1)
	for i := range d.toks {
		t := &d.toks[i]
		if t.emoji {
			last = -1
			continue
		}
		if len(out) == most {
			break
		}
		text := string(d.buf[t.from:t.to])
		out = append(out, Word{Text: text, Next: last == t.before, Handle: t.sigil == '@', Alone: lone(text)})
		last = t.after()
	}
	return out
}

// lone tells whether a word is a single sign of a script without spaces.
func lone(text string) bool {
	for _, r := range text {
		return lookup(r).class == solo
	}
	return false
}
