package demo

import (
	"fmt"
	"math"
	"strings"

	"github.com/parley-crm/parley/channel/practice"
)

// crowd is how many people there are besides the cast.
const crowd = 420

// soul is a persona with what the script needs of it.
type soul struct {
	practice.Persona
	voice voice
	zeal  float64 // how much they speak
	rest  int     // the number of the post after which they may speak again
}

// populate makes the people: the cast first, then the crowd.
func (w *writer) populate() {
	handles := map[string]bool{}
	for _, p := range cast() {
		p.Lang = "en"
		handles[p.Handle] = true
		w.souls = append(w.souls, &soul{Persona: p, voice: voice{formal: true}})
	}
	shares := 0
	for _, f := range folks {
		shares += f.share
	}
	for i := range crowd {
		at := i * shares / crowd
		f := folks[0]
		for _, x := range folks {
			if f = x; at < x.share {
				break
			}
			at -= x.share
		}
		first, latin := named(w.bags.draw(f.first))
		family, name := named(w.bags.draw(f.family))
		full := first + " " + family
		if f.lang == "ja" {
			full = family + " " + first
		}
		handle := w.handle(latin, name, handles)
		handles[handle] = true
		w.souls = append(w.souls, &soul{
			Persona: practice.Persona{Handle: handle, Name: w.shown(full, first), Followers: w.following(), Lang: f.lang,
				Place: w.bags.draw(f.places), Mood: w.mood(), Email: fmt.Sprintf("%s@%s.example", handle, w.bags.draw(mailers))},
			voice: newVoice(w.rng),
			zeal:  1 / math.Pow(1+w.rng.Float64()*30, .7),
		})
	}
}

var moods = []practice.Mood{practice.Calm, practice.Calm, practice.Happy, practice.Curious, practice.Curious, practice.Annoyed, practice.Angry}

var forenames = []string{"tea", "mug", "slow", "the", "just", "real"}

var mailers = []string{"mail", "post", "inbox", "hey", "letterbox"}

func named(s string) (name, latin string) {
	name, latin, ok := strings.Cut(s, "|")
	if !ok {
		latin = name
	}
	return name, ascii(latin)
}

// shown is the name that somebody shows: mostly their own.
func (w *writer) shown(full, first string) string {
	switch p := w.rng.Float64(); {
	case p < .08:
		return first
	case p < .12:
		return strings.ToLower(full)
	case p < .15:
		return full + " " + w.bags.draw(emojis)
	}
	return full
}

func (w *writer) handle(first, family string, taken map[string]bool) string {
	for {
		var h string
		switch w.rng.IntN(8) {
		case 0, 1:
			h = first + "." + family
		case 2:
			h = first + "_" + family
		case 3:
			h = first[:1] + family
		case 4:
			h = fmt.Sprintf("%s%d", first, 60+w.rng.IntN(40))
		case 5:
			h = w.bags.draw(forenames) + first
		case 6:
			h = family + first[:1]
		default:
			h = fmt.Sprintf("%s%s%d", first, family[:1], 2+w.rng.IntN(90))
		}
		if !taken[h] {
			return h
		}
	}
}

// following draws a number of followers: most have few, some have very many.
func (w *writer) following() int {
	return min(int(18/math.Pow(1-w.rng.Float64(), 1.15)), 28_000)
}

func (w *writer) mood() practice.Mood {
	return moods[w.rng.IntN(len(moods))]
}

// ascii writes a name in plain small letters.
func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, plainLetters.Replace(strings.ToLower(s)))
}

var plainLetters = strings.NewReplacer("ö", "o", "ü", "u", "ä", "a", "ß", "ss", "é", "e", "è", "e", "ë", "e", "á", "a", "à", "a", "ã", "a", "í", "i",
	"ó", "o", "õ", "o", "ø", "o", "å", "a", "ñ", "n", "ń", "n", "ł", "l", "ç", "c", "ş", "s", "ı", "i", "i̇", "i", "ğ", "g", "ż", "z", "ź", "z", "ś", "s", "ć", "c", "ą", "a", "ę", "e", "ú", "u", "ý", "y", "č", "c", "ě", "e", "æ", "ae")

// somebody draws who speaks a language and has not spoken just before.
func (w *writer) somebody(lang string) *soul {
	w.turn++
	total := 0.0
	var may []*soul
	for _, s := range w.souls {
		if s.Lang == lang && s.zeal > 0 && s.rest < w.turn {
			may = append(may, s)
			total += s.zeal
		}
	}
	if len(may) == 0 { // few speak the language: whoever has rested longest
		for _, s := range w.souls {
			if s.Lang == lang && s.zeal > 0 && (len(may) == 0 || s.rest < may[0].rest) {
				may = []*soul{s}
			}
		}
		may[0].rest = w.turn + 5
		return may[0]
	}
	x := w.rng.Float64() * total
	for _, s := range may {
		if x -= s.zeal; x < 0 {
			s.rest = w.turn + 25
			return s
		}
	}
	return may[len(may)-1]
}

func (w *writer) soul(handle string) *soul {
	for _, s := range w.souls {
		if s.Handle == handle {
			return s
		}
	}
	panic("nobody is called " + handle)
}
