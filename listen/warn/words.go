package warn

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
)

// The words that are named, and how much each must be repeated.
const (
	wordsMost  = 5
	wordsOften = 0.15 // of the posts
	wordsLeast = 3    // posts
	wordsTimes = 2.5  // as often as before
)

// repeated finds the words, and pairs of words, that posts repeat more than
// those before did, the most telling first.
func repeated(now, before []string) []string {
	have, had := frequencies(now), frequencies(before)
	n, m := float64(len(now)), float64(len(before))
	type term struct {
		text   string
		posts  int
		weight float64
	}
	var found []term
	for text, posts := range have {
		share := float64(posts) / n
		if posts < wordsLeast || share < wordsOften {
			continue
		}
		usual := (float64(had[text]) + 0.5) / (m + 5)
		if share/usual < wordsTimes || len(before) == 0 && common[text] {
			continue
		}
		weight := share * math.Log(share/usual)
		if strings.Contains(text, " ") {
			weight *= 1.2 // a pair says more than its words
		}
		found = append(found, term{text, posts, weight})
	}
	slices.SortFunc(found, func(a, b term) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(a.text, b.text))
	})
	var out []string
	for _, f := range found {
		told := slices.ContainsFunc(out, func(o string) bool { return overlap(o, f.text) })
		if !told && len(out) < 3*wordsMost { // some are what the monitor looks for
			out = append(out, f.text)
		}
	}
	return out
}

func overlap(a, b string) bool {
	for w := range strings.FieldsSeq(a) {
		if slices.Contains(strings.Fields(b), w) {
			return true
		}
	}
	return false
}

// The most of a text and a word that is looked at.
const textMost, wordMost = 2000, 30

// frequencies counts in how many texts each word and each pair occurs.
func frequencies(texts []string) map[string]int {
	out := map[string]int{}
	for _, t := range texts {
		seen := map[string]bool{}
		last := ""
		if len(t) > textMost {
			t = strings.ToValidUTF8(t[:textMost], "")
		}
		for _, w := range strings.FieldsFunc(strings.ToLower(t), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) && r != '\'' && r != '’'
		}) {
			w = strings.Trim(w, "'’")
			size := len([]rune(w))
			if size > wordMost || strings.HasPrefix(w, "http") || w == "www" {
				last = ""
				continue
			}
			if size >= 3 && !common[w] {
				seen[w] = true
				if last != "" {
					seen[last+" "+w] = true
				}
				last = w
			} else {
				last = ""
			}
		}
		for w := range seen {
			out[w]++
		}
	}
	return out
}

// common are words that say nothing by themselves.
var common = func() map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(`the and for are but not you all any can had her was one our out has him his how its may new now old see two way who did get
		let say she too use that with have this will your from they know want been good much some time very when come here just like long make many more only over
		such take than them well were what there about would these other which their after also could first into really where while than then because does don't
		it's i'm isn't can't didn't doesn't won't still even every again never ever today yesterday anyone everyone nobody please thanks thank
		und der die das ist nicht ein eine mit auf für von les des une est pas que pour dans los las una con por para del`) {
		out[w] = true
	}
	return out
}()
