package query

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// The most that goes into a full-text index, whose engines have limits of their
// own: bytes of one word, and of the words of one post.
const (
	maxIndexWord = 255
	maxIndexText = 512 << 10
)

// IndexText returns the words of a text as they are compared, each once, with a
// space between each two: what a full-text index must hold for [Prefilter] to
// be right. Signs of scripts without spaces stand alone; emoji are left out.
// Words beyond 255 bytes are cut, and nothing is indexed past the first 512 KiB
// of different words.
func IndexText(text string) string { return NewDoc(text, "", "").IndexText() }

// IndexText is the function IndexText for a post that was read already.
func (d *Doc) IndexText() string {
	var b strings.Builder
	b.Grow(min(len(d.buf)+len(d.toks), maxIndexText))
	for i := range d.toks {
		t := &d.toks[i]
		if t.emoji || t.again {
			continue
		}
		w := indexWord(d.buf[t.from:t.to])
		if b.Len()+1+len(w) > maxIndexText {
			break
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.Write(w)
	}
	return b.String()
}

// indexWord cuts a word to what an index takes.
func indexWord(w []byte) []byte {
	if len(w) <= maxIndexWord {
		return w
	}
	n := maxIndexWord
	for n > 0 && !utf8.RuneStart(w[n]) {
		n--
	}
	return bytes.TrimRight(w[:n], "_")
}
