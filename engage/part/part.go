// Package part cuts a long answer into parts that a network takes one after
// the other: between paragraphs where it can, else between sentences, else
// between words, and within a word only where that is longer than a whole
// part. It never cuts a link, nor a sign that a reader sees as one, and loses
// no word. Each part ends with its number, as "(2/3)".
package part

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Longest is how many bytes of words are cut, no more.
const Longest = 40_000

var link = regexp.MustCompile(`(?i)^\S*https?://\S+`)

// Split cuts a text into at most so many parts, each of which fits. It is nil
// when that can't be done, and the text alone when it fits as it is.
func Split(text string, most int, fits func(string) bool) []string {
	text = strings.TrimSpace(text)
	switch {
	case fits(text):
		return []string{text}
	case text == "" || len(text) > Longest:
		return nil
	}
	for of := 2; of <= most; of++ {
		if out := cut(text, of, fits); len(out) == of {
			return out
		}
	}
	return nil
}

// cut fills one part after the other, each numbered as one of so many. It
// gives up when more would be needed.
func cut(text string, of int, fits func(string) bool) []string {
	var out []string
	for rest := text; rest != ""; {
		if len(out) == of {
			return nil
		}
		end := fmt.Sprintf(" (%d/%d)", len(out)+1, of)
		n := take(rest, func(s string) bool { return fits(s + end) })
		if n == 0 {
			return nil
		}
		out = append(out, strings.TrimSpace(rest[:n])+end)
		rest = strings.TrimSpace(rest[n:])
	}
	return out
}

var number = regexp.MustCompile(` \(\d+/\d+\)$`)

// Bare is a part without its number.
func Bare(s string) string { return number.ReplaceAllString(s, "") }

// take is how many bytes of a text go into one part.
func take(text string, fits func(string) bool) int {
	if fits(text) {
		return len(text)
	}
	// Most ways of counting grow with the words, so the longest beginning that
	// fits is found by halving; what is chosen is asked for again below.
	var ends []int
	for i := range text {
		ends = append(ends, i)
	}
	ends = append(ends[1:], len(text))
	first := sort.Search(len(ends), func(i int) bool { return !fits(text[:ends[i]]) })
	if first == 0 {
		return 0
	}
	low := ends[first-1]
	for _, n := range breaks(text, low) {
		if s := strings.TrimSpace(text[:n]); s != "" && fits(s) {
			return n
		}
	}
	return 0
}

// breaks lists where a text may be cut, at most so far, the best first.
func breaks(text string, most int) []int {
	var paragraph, sentence, word int
	for i, r := range text {
		if i > most {
			break
		}
		if i == 0 || !unicode.IsSpace(r) {
			continue
		}
		word = i
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		switch {
		case r == '\n':
			paragraph, sentence = i, i
		case strings.ContainsRune(".!?…。！？؟", before):
			sentence = i
		}
	}
	var out []int
	for _, n := range []int{paragraph, sentence, word} {
		if n > most/3 || (n == word && n > 0) { // a part that is nearly empty helps nobody
			out = append(out, n)
		}
	}
	if word > 0 || link.MatchString(text) {
		return out
	}
	last := 0
	for it := graphemes.FromString(text); it.Next(); { // one word that is longer than a part
		if last+len(it.Value()) > most {
			break
		}
		last += len(it.Value())
	}
	return append(out, last)
}
