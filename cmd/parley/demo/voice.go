package demo

import (
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"
)

// voice is how somebody writes.
type voice struct {
	low    bool // all in small letters
	bare   bool // no full stop at the end
	hasty  bool // mistypes now and then
	loud   bool // exclamation marks
	emoji  string
	formal bool
}

var emojis = []string{"🙂", "☕", "🫖", "😅", "🙃", "👍", "😂", "❤️", "🤷", "😬"}

func newVoice(rng *rand.Rand) voice {
	v := voice{low: rng.Float64() < .17, bare: rng.Float64() < .3, hasty: rng.Float64() < .2, loud: rng.Float64() < .08, formal: rng.Float64() < .15}
	if rng.Float64() < .18 {
		v.emoji = emojis[rng.IntN(len(emojis))]
	}
	if v.formal {
		v = voice{formal: true}
	}
	return v
}

// speak says a text in somebody's voice.
func (v voice) speak(s string, rng *rand.Rand) string {
	if v.formal || s == "" {
		return s
	}
	if v.hasty && rng.Float64() < .5 {
		s = mistype(s, rng)
	}
	if v.low {
		s = strings.ToLower(s)
	}
	if v.loud && strings.HasSuffix(s, ".") {
		s = strings.TrimSuffix(s, ".") + "!"
	}
	if v.bare {
		s = strings.TrimSuffix(s, ".")
	}
	if v.emoji != "" && rng.Float64() < .4 {
		s += " " + v.emoji
	}
	return s
}

// mistype swaps two letters, or loses one, in the middle of a plain word.
func mistype(s string, rng *rand.Rand) string {
	words := strings.Split(s, " ")
	for range 8 {
		i := rng.IntN(len(words))
		w := words[i]
		if len(w) < 6 || !plain(w) || strings.EqualFold(w, "kettle") || strings.EqualFold(w, "handle") {
			continue
		}
		at := 2 + rng.IntN(len(w)-4)
		if rng.IntN(2) == 0 {
			words[i] = w[:at] + w[at+1:at+2] + w[at:at+1] + w[at+2:]
		} else {
			words[i] = w[:at] + w[at+1:]
		}
		return strings.Join(words, " ")
	}
	return s
}

// plain reports whether a word is of small ASCII letters, so that names,
// numbers, handles and the brand stay whole.
func plain(w string) bool {
	for _, r := range w {
		if r < 'a' || r > 'z' {
			return false
		}
	}
	return w != "brewell" && w != "recall"
}

// capital begins a text with a capital letter.
func capital(s string) string {
	if s == "" {
		return ""
	}
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
