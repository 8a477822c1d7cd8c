package demo

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel/practice"
)

// aftermath is what comes of a post: words of others, an answer of ours, what
// is said to that, a click, a change of mind.
func (w *writer) aftermath(a Act, t *topic, who *soul, directed bool) {
	s := w.script
	public := a.Do != Direct && a.Said.Site != practice.Reviews
	still := true // nobody answers it or has seen it change
	if public && w.rng.Float64() < .2+min(.3, float64(who.Followers)/20000) {
		at := a.At
		for range 1 + w.rng.IntN(2) {
			at = at.Add(time.Duration(3+w.rng.ExpFloat64()*55) * time.Minute)
			w.peer(a, t, at)
		}
		still = false
	}
	if w.rng.Float64() < .014 {
		still = false
		w.put(Act{At: a.At.Add(time.Duration(4+w.rng.IntN(200)) * time.Minute), Do: Edit, Of: a.Key, By: a.By,
			Said: practice.Said{Text: a.Said.Text + " " + w.bags.draw(edits)}})
	}
	if !directed {
		if still && w.rng.Float64() < .012 {
			w.put(Act{At: a.At.Add(time.Duration(10+w.rng.IntN(400)) * time.Minute), Do: Delete, Of: a.Key, By: a.By})
		}
		return
	}
	answer := map[string]float64{"question": .85, "complaint": .9, "intent": .85, "idea": .7, "churn": .95, "praise": .45}[t.want]
	w.later = append(w.later, a.Key)
	if len(t.answers) == 0 || w.rng.Float64() > answer {
		return
	}
	age := s.To.Sub(a.At).Hours() / 24
	w.attend(a, t, who, a.At.Add(w.delay(18+23*age/Days)))
}

var edits = []string{"(edit: typo)", "Edit: solved!", "EDIT: still waiting", "Edit: wrong model, it's the K3", "(edited for clarity)"}

// delay draws how long an answer takes, around a median in minutes.
func (w *writer) delay(median float64) time.Duration {
	m := min(median*math.Exp(w.rng.NormFloat64()*.62), 500)
	return time.Duration(m * float64(time.Minute))
}

// attend lets somebody of the company answer at a time, and the customer say
// something to that.
func (w *writer) attend(a Act, t *topic, who *soul, at time.Time) {
	s := w.script
	staff := w.agent(t, who.Lang)
	name, _, _ := strings.Cut(staff.Name, " ")
	if w.rng.Float64() < .3 {
		w.put(Act{At: between(a.At, at, .6), Do: Claim, Of: a.Key, By: staff.Key})
	}
	if w.rng.Float64() < .07 {
		n := w.topics["note"]
		w.put(Act{At: between(a.At, at, .8), Do: Note, Of: a.Key, By: w.agent(t, "en").Key,
			Said: practice.Said{Text: w.fill(w.bags.draw(n.leads), &speech{us: "us"}) + " " + w.fill(w.bags.draw(n.rests), &speech{us: "us"})}})
	}
	text := w.fill(w.bags.draw(t.answers), &speech{us: "Brewell", agent: name, noK2: true})
	if a.Said.Site == practice.Messages && who.Lang == "en" {
		first, _, _ := strings.Cut(who.Name, " ")
		text = "Hello " + first + ",\n\n" + text + "\n\n" + w.bags.draw(closings) + "\n" + name
	}
	ours := w.key()
	w.put(Act{At: at, Do: Reply, Key: ours, Of: a.Key, By: staff.Key, Said: practice.Said{Text: text}, Topic: t.name})
	if strings.Contains(text, "https://") && w.rng.Float64() < .7 {
		w.visit(ours, t, at)
	}
	if w.rng.Float64() < .3 {
		back := at.Add(w.delay(35))
		if back.Before(s.To) {
			said := w.follow(t, who, ours, back, name)
			w.later = append(w.later, said.Key)
			w.put(said)
		}
	}
}

var closings = []string{"All the best,", "Kind regards,", "Warm regards from Portland,", "Until soon,"}

// visit lets the link of an answer be followed, and sometimes lead to a sale.
func (w *writer) visit(ours string, t *topic, at time.Time) {
	when := at.Add(w.delay(25))
	buys := map[string]float64{"intent": .6, "question": .1}[t.want]
	if !t.recall && w.rng.Float64() < buys {
		w.put(Act{At: when, Do: Convert, Of: ours, Value: int64(4900+100*w.rng.IntN(140)) - 100 + 99})
		return
	}
	w.put(Act{At: when, Do: Click, Of: ours})
}

// follow is what a customer says to our answer.
func (w *writer) follow(t *topic, who *soul, ours string, at time.Time, agent string) Act {
	sp := &speech{us: "Brewell", agent: agent, noK2: true}
	var text, want string
	switch x := w.rng.Float64(); {
	case len(t.replies) > 0 && (x < .5 || who.Lang != "en"):
		text, want = w.fill(w.bags.draw(t.replies), sp), "remark"
	case who.Lang != "en":
		text, want = "👍", "remark"
	case x < .85:
		text, want = w.words(w.topics["thanks"], sp), "praise"
	default:
		text, want = w.words(w.topics["more"], sp), "question"
	}
	return Act{At: at, Do: Answer, Key: w.key(), Of: ours, By: who.Handle, Topic: t.name, Want: want, Recall: t.recall,
		Said: practice.Said{Text: who.voice.speak(text, w.rng), Lang: who.Lang}}
}

// peer lets somebody else say something to a post.
func (w *writer) peer(a Act, t *topic, at time.Time) {
	if !at.Before(w.script.To) {
		return
	}
	lang := w.soul(a.By).Lang
	if lang != "en" && len(t.peers) == 0 {
		return
	}
	other := w.somebody(lang)
	if other.Handle == a.By {
		return
	}
	sp := &speech{us: "Brewell", noK2: true}
	var text string
	if len(t.peers) > 0 && (w.rng.Float64() < .45 || lang != "en") {
		text = w.fill(w.bags.draw(t.peers), sp)
	} else {
		text = w.words(w.topics["peer"], sp)
	}
	b := Act{At: at, Do: Answer, Key: w.key(), Of: a.Key, By: other.Handle, Topic: t.name, Want: "remark", Recall: t.recall,
		Said: practice.Said{Text: other.voice.speak(text, w.rng), Lang: lang}}
	w.gather(&b, other)
	w.put(b)
}

// agent is who answers: somebody who speaks the language, or whose field it is.
func (w *writer) agent(t *topic, lang string) Member {
	if lang != "en" {
		for _, m := range w.script.Members {
			if slices.Contains(m.Langs, lang) {
				return m
			}
		}
	}
	desk := desks["kettle"]
	for prefix, d := range desks {
		if strings.HasPrefix(t.name, prefix) {
			desk = d
		}
	}
	return w.member(w.bags.draw(desk))
}

// desks is who answers what, by the beginning of a topic's name.
var desks = map[string][]string{
	"kettle":  {"jonas.lindqvist", "rosa.lindgren", "tariq.aziz", "jonas.lindqvist", "hannah.vogt", "marcus.bell", "maya"},
	"store":   {"dolores.whitfield", "jonas.lindqvist", "dolores.whitfield"},
	"queue":   {"dolores.whitfield", "idris.bakare"},
	"kind":    {"dolores.whitfield", "marcus.bell"},
	"grind":   {"rosa.lindgren", "marcus.bell"},
	"lid":     {"jiwoo.park", "idris.bakare"},
	"ideas":   {"jiwoo.park", "idris.bakare"},
	"jobs":    {"ines.duarte"},
	"press":   {"idris.bakare"},
	"cafe":    {"wen.li"},
	"repair":  {"marcus.bell"},
	"burns":   {"priya.raman"},
	"address": {"wen.li", "jonas.lindqvist"},
}

func (w *writer) member(key string) Member {
	for _, m := range w.script.Members {
		if m.Key == key {
			return m
		}
	}
	panic("nobody at the company is called " + key)
}

// evening closes what was said on a day a while after it; what somebody said
// later than that, an hour after they said it.
func (w *writer) evening(at time.Time) {
	last := w.script.Crisis.Add(-w.scaled(2 * time.Minute))
	at = earliest(at.Add(5*time.Hour), last)
	said := w.said()
	var early, late []string
	for _, key := range w.later {
		if said[key].Before(at) {
			early = append(early, key)
		} else {
			late = append(late, key)
		}
	}
	for part := range slices.Chunk(early, 100) {
		w.put(Act{At: at, Do: Resolve, Of: part[0], Of100: part[1:], By: w.bags.draw(closers)})
	}
	for _, key := range late {
		w.put(Act{At: said[key].Add(time.Hour), Do: Resolve, Of: key, By: w.bags.draw(closers)})
	}
}

// said is when each post is made.
func (w *writer) said() map[string]time.Time {
	said := map[string]time.Time{}
	for _, a := range w.script.Acts {
		if a.Key != "" {
			said[a.Key] = a.At
		}
	}
	return said
}

var closers = []string{"jonas.lindqvist", "rosa.lindgren", "tariq.aziz", "dolores.whitfield", "maya"}
