package encoder

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/parley-crm/parley/third_party/uselite"
)

// MostTokens is how much of a text is read.
const MostTokens = 128

// space stands for the beginning of a word in the vocabulary.
const space = "▁"

// A Tokenizer cuts text into the pieces of the vocabulary so that their
// probability together is greatest (a unigram model, T. Kudo 2018). It is safe
// for concurrent use.
type Tokenizer struct {
	next  []map[rune]int32 // a trie: by node, where a sign leads
	piece []int32          // by node, the piece that ends there; -1 for none
	score []float64        // by piece
}

// reserved pieces at the front of the vocabulary are never found in text.
const reserved = 6

// Vocabulary is the tokenizer of the embedded vocabulary.
var Vocabulary = sync.OnceValue(func() *Tokenizer {
	t := &Tokenizer{next: []map[rune]int32{{}}, piece: []int32{-1}}
	number := int32(0)
	for line := range strings.Lines(uselite.Vocab) {
		text, number64, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		score, _ := strconv.ParseFloat(number64, 64)
		t.score = append(t.score, score)
		if number >= reserved {
			t.add(text, number)
		}
		number++
	}
	return t
})

func (t *Tokenizer) add(text string, piece int32) {
	node := int32(0)
	for _, r := range text {
		to, ok := t.next[node][r]
		if !ok {
			to = int32(len(t.next))
			t.next = append(t.next, map[rune]int32{})
			t.piece = append(t.piece, -1)
			t.next[node][r] = to
		}
		node = to
	}
	t.piece[node] = piece
}

// Size is how many pieces there are.
func (t *Tokenizer) Size() int { return len(t.score) }

// Tokens returns the numbers of the text's pieces, at most MostTokens; 0 is a
// run of signs that the vocabulary does not have. Addresses and handles, which
// say nothing of how somebody feels, are left out first.
func (t *Tokenizer) Tokens(text string) []int32 { return t.encode(plain(text)) }

// longest is how much text is looked at: MostTokens pieces of ordinary words
// take far less.
const longest = 4096

// encode finds the best way through the text.
func (t *Tokenizer) encode(text string) []int32 {
	if len(text) > longest {
		text = text[:longest]
		for !utf8.ValidString(text) {
			text = text[:len(text)-1]
		}
	}
	text = norm.NFKC.String(text)
	if text == "" {
		return nil
	}
	signs := []rune(space + strings.ReplaceAll(text, " ", space))
	type step struct {
		score float64
		piece int32
		from  int
	}
	best := make([]step, len(signs)+1)
	for i := range signs {
		node, found := int32(0), false
		for j := i; j < len(signs); j++ {
			to, ok := t.next[node][signs[j]]
			if !ok {
				break
			}
			if node = to; t.piece[node] < 0 {
				continue
			}
			found = true
			s := best[i].score + t.score[t.piece[node]]
			if at := &best[j+1]; at.score == 0 || s >= at.score {
				*at = step{s, t.piece[node], i}
			}
		}
		if !found {
			if at := &best[i+1]; at.score == 0 || best[i].score >= at.score {
				*at = step{best[i].score, 0, i}
			}
		}
	}
	var out []int32
	for at := len(signs); at > 0; at = best[at].from {
		p := best[at].piece
		if p == 0 && len(out) > 0 && out[len(out)-1] == 0 {
			continue
		}
		out = append(out, p)
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out[:min(len(out), MostTokens)]
}

var (
	addresses = regexp.MustCompile(`https?://\S+|\bhttps?\b`)
	handles   = regexp.MustCompile(`@\w+`)
)

// plain takes out of a post what is no language.
func plain(text string) string {
	if len(text) > longest {
		text = text[:longest]
	}
	text = strings.ToValidUTF8(text, " ")
	text = html.UnescapeString(text)
	text = addresses.ReplaceAllString(text, " ")
	text = handles.ReplaceAllString(text, " ")
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "#", " ")), " ")
}
