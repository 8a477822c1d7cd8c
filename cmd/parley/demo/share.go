package demo

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/parley-crm/parley/channel/practice"
)

// passOn lets people share and quote what was said in public: the more, the
// more follow whoever said it, and most of all when the recall breaks. Now and
// then somebody thinks better of it. It has dice of its own, so that all else
// is said as it would be without.
func (w *writer) passOn(seed uint64) {
	s := w.script
	dice := rand.New(rand.NewPCG(seed, 0x7368617265))
	gone := map[string]time.Time{}
	for _, a := range s.Acts {
		if a.Do == Delete {
			gone[a.Of] = a.At
		}
	}
	byLang := map[string][]*soul{}
	for _, p := range w.souls {
		byLang[p.Lang] = append(byLang[p.Lang], p)
	}
	for _, a := range s.Acts {
		if (a.Do != Post && a.Do != Answer) || a.Do == Post && a.Said.Site != practice.Microblog && a.Said.Site != practice.Forum || a.Key == "" {
			continue
		}
		who := w.soul(a.By)
		others := byLang[who.Lang]
		mean := .08 + math.Log10(float64(max(who.Followers, 1)))/9
		if a.Do == Answer {
			mean /= 5
		}
		if a.Recall {
			mean *= 2.5
		}
		n := int(mean * dice.ExpFloat64() * 1.4)
		had := map[string]bool{a.By: true}
		at := a.At
		for range min(n, 9, len(others)-1) {
			at = at.Add(time.Duration(1+dice.ExpFloat64()*40) * time.Minute)
			other := others[dice.IntN(len(others))]
			if end, ok := gone[a.Key]; had[other.Handle] || ok && !at.Before(end) {
				continue
			}
			had[other.Handle] = true
			w.put(Act{At: at, Do: Share, Of: a.Key, By: other.Handle})
			if back := at.Add(time.Duration(1+dice.IntN(90)) * time.Minute); dice.Float64() < .04 && gone[a.Key].IsZero() {
				w.put(Act{At: back, Do: Unshare, Of: a.Key, By: other.Handle})
			}
		}
		if a.Do == Post && who.Lang == "en" && n > 1 && dice.Float64() < .35 && gone[a.Key].IsZero() {
			other := others[dice.IntN(len(others))]
			if other.Handle != a.By {
				w.put(Act{At: at.Add(time.Minute), Do: Quote, Key: w.key(), Of: a.Key, By: other.Handle, Topic: "peer", Want: "remark", Recall: a.Recall,
					Said: practice.Said{Site: a.Said.Site, Lang: other.Lang, Text: other.voice.speak(quotes[dice.IntN(len(quotes))], dice)}})
			}
		}
	}
}

// quotes is what people put before what they pass on.
var quotes = []string{
	"This.", "Everybody with one of these should read it.", "Same here, word for word.", "Worth a read.", "I said so last week.",
	"Passing this on for those who asked.", "Has anybody else seen this?", "Exactly my experience.", "Good to know.", "Well put.",
	"My neighbour says the same.", "Not what I have seen, but read for yourselves.", "For the coffee people among you.", "Keeping an eye on this one.",
	"Could not have said it better.", "Read the answers below it, too.", "Hm. Interesting.", "That explains a lot.",
}
