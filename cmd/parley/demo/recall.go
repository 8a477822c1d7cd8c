package demo

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel/practice"
)

// story is how long the morning of the recall lasts in the telling. A younger
// crisis is told faster.
const story = 130 * time.Minute

// scaled is a span of the story in the time that there is for it.
func (w *writer) scaled(d time.Duration) time.Duration {
	l := w.script.To.Sub(w.script.Crisis)
	return time.Duration(float64(d) * min(1, float64(l)/float64(story)))
}

// ago is so many minutes before the end, as the story goes.
func (w *writer) ago(minutes float64) time.Time {
	return w.script.To.Add(-w.scaled(time.Duration(minutes * float64(time.Minute))))
}

// since is a part of the way from the beginning of the crisis to the end.
func (w *writer) since(part float64) time.Time {
	return between(w.script.Crisis, w.script.To, part)
}

// share is how much of what is said about the company on the last day is
// about the recall.
const share = .69

// crisis writes the recall: what people say about it and about the rest, and
// how the company keeps up.
func (w *writer) crisis() {
	s := w.script
	w.act(Act{At: s.Crisis.Add(w.scaled(time.Minute)), Do: Listen, By: "ines.duarte", Listen: recallMonitor()})
	w.act(Act{At: s.Crisis.Add(w.scaled(75 * time.Minute)), Do: LookAfter, By: "ines.duarte", Of: recallMonitor().Name,
		Said: practice.Said{Text: "The batch is on hold. Answers are agreed with legal; ask me before you say anything about refunds."}})
	w.act(Act{At: s.To.Add(-w.scaled(12 * time.Minute)), Do: FalseAlarm, By: s.Members[0].Key, Of: "Portland store",
		Said: practice.Said{Text: "People queue because of the recall. The store itself is fine."}})
	recall, other := w.volume()
	for range other {
		w.otherToday(w.moments())
	}
	var open []string
	for range recall {
		at := w.moments()
		t := w.topic(w.recall)
		who := w.somebody(t.lang)
		a, _ := w.saying(t, who, w.recallSite(t), at, false)
		w.tag(&a)
		w.act(a)
		if public := a.Do != Direct; public && w.rng.Float64() < .16 {
			w.peer(a, t, at.Add(w.scaled(time.Duration(1+w.rng.IntN(40))*time.Minute)))
		}
		if !w.keepUp(a, t, who) && at.After(w.ago(20)) && at.Before(w.ago(2)) && t.want != "remark" {
			open = append(open, a.Key)
		}
	}
	w.sortLater()
	w.share(open)
}

// volume is how much is said about the recall and about the rest: eighteen
// times as much as on a usual day, as far as a demo can carry it.
func (w *writer) volume() (recall, other int) {
	s := w.script
	usual := 0.0
	for t := s.Crisis; t.Before(s.To); t = t.Add(time.Minute) {
		usual += perDay * float64(hours[t.In(s.To.Location()).Hour()]) / 986 / 60
	}
	all := math.Max(400, math.Min(18*usual, 640))
	midnight := s.To.UTC().Truncate(24 * time.Hour)
	before := 0 // about us, said today before it broke
	for _, a := range s.Acts {
		if a.Spoken() && !a.At.Before(midnight) && a.Want != "noise" && a.Do != Answer {
			before++
		}
	}
	recall = int(all * share)
	return recall, max(10, int(all*(1-share))-before)
}

// moments draws a time in the crisis: it swells, and ebbs again after hours.
func (w *writer) moments() time.Time {
	l := w.script.To.Sub(w.script.Crisis)
	for {
		at := time.Duration((w.rng.ExpFloat64() + w.rng.ExpFloat64()) * 2.6 * float64(time.Hour))
		if l < 4*time.Hour { // it is still swelling
			at = time.Duration(math.Pow(w.rng.Float64(), .8) * float64(l))
		}
		if at < l-20*time.Second && at > time.Minute/2 {
			return w.script.Crisis.Add(at)
		}
	}
}

func (w *writer) recallSite(t *topic) practice.Site {
	if slices.Contains(t.sites, "microblog") && w.rng.Float64() < .78 {
		return practice.Microblog
	}
	return w.site(t)
}

// tag makes sure that one can find what belongs to the recall, as people do.
func (w *writer) tag(a *Act) {
	if a.Do == Direct || aboutRecall(a.Said.Title+"\n"+a.Said.Text) {
		return
	}
	a.Said.Text = strings.TrimSuffix(a.Said.Text, " #brewell") + " " + w.bags.draw(tags)
}

var tags = []string{"#brewell #recall", "#Brewell #Recall", "#K2 #kettle", "#brewell #recall #k2"}

// aboutRecall says what the monitor for the recall will say.
func aboutRecall(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" \n#.,:;!?“”\"'’()-–", r) })
	for i, x := range words {
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		if x == "brewell" && next == "recall" || x == "loose" && next == "handle" {
			return true
		}
		if x == "k2" && (slices.Contains(words[i:min(len(words), i+6)], "kettle") || slices.Contains(words[max(0, i-6):i], "kettle")) {
			return true
		}
	}
	return false
}

// otherToday is what is said about the rest on the last day.
func (w *writer) otherToday(at time.Time) {
	lang := w.lang()
	var may []*topic
	for _, t := range w.byLang[lang] {
		if t.name != "wobble" && t.name != "idle" && t.name != "kaffa" {
			may = append(may, t)
		}
	}
	t := w.topic(may)
	if lang == "en" && w.rng.Float64() < .3 {
		t = w.topics["queue"]
	}
	who := w.somebody(lang)
	a, directed := w.saying(t, who, w.site(t), at, true)
	if a.Do != Direct && !strings.Contains(strings.ToLower(a.Said.Title+a.Said.Text), Handle) {
		a.Said.Text += " #brewell"
	}
	if aboutRecall(a.Said.Title + "\n" + a.Said.Text) {
		a.Said.Text = strings.ReplaceAll(a.Said.Text, "K2", "K3")
		a.Said.Title = strings.ReplaceAll(a.Said.Title, "K2", "K3")
	}
	w.act(a)
	if directed {
		w.keepUp(a, t, who)
	}
}

// keepUp answers what wants an answer, or closes it, as well as people can on
// such a day; what is new still waits. It reports whether anything was done.
func (w *writer) keepUp(a Act, t *topic, who *soul) bool {
	if a.At.After(w.ago(20)) {
		if t.want == "remark" && a.At.Before(w.ago(5)) {
			w.later = append(w.later, a.Key)
			return true
		}
		return false
	}
	answer := map[string]float64{"question": .5, "complaint": .62, "danger": 1, "intent": .6, "churn": .8, "praise": .1}[t.want]
	at := a.At.Add(w.scaled(w.delay(w.pace(a.At))))
	if at.Before(w.since(.1)) {
		at = w.since(.1 + .12*w.rng.Float64()) // nobody speaks before the wording is agreed
	}
	if len(t.answers) > 0 && w.rng.Float64() < answer {
		for at.After(w.ago(1)) {
			at = between(a.At, w.ago(1), .2+.7*w.rng.Float64())
		}
		w.attend(a, t, who, at)
		return true
	}
	w.later = append(w.later, a.Key)
	return true
}

// pace is how many minutes an answer takes: the company gets quicker.
func (w *writer) pace(at time.Time) float64 {
	part := float64(at.Sub(w.script.Crisis)) / float64(w.script.To.Sub(w.script.Crisis))
	return 33 - 16*min(1, max(0, part))
}

// sortLater closes what needs no answer, a heap at a time.
func (w *writer) sortLater() {
	said := w.said()
	slices.SortFunc(w.later, func(a, b string) int { return said[a].Compare(said[b]) })
	for part := range slices.Chunk(w.later, 24) {
		at := said[part[len(part)-1]].Add(w.scaled(3 * time.Minute))
		at = latest(at, w.since(.08))
		w.put(Act{At: earliest(at, w.ago(1)), Do: Resolve, Of: part[0], Of100: part[1:], By: w.bags.draw(closers)})
	}
}

// share hands out what is still open.
func (w *writer) share(open []string) {
	hands := []struct{ by, to string }{{"maya", "jonas.lindqvist"}, {"ines.duarte", "maya"}, {"maya", "rosa.lindgren"}, {"ines.duarte", "maya"}, {"maya", "tariq.aziz"}}
	for i, key := range open {
		switch {
		case i < 14:
			h := hands[i%len(hands)]
			w.put(Act{At: w.ago(1.6), Do: Assign, Of: key, By: h.by, To: h.to})
		case i < 18:
			w.put(Act{At: w.ago(1.5), Do: Snooze, Of: key, By: "jonas.lindqvist", Until: w.script.To.Add(3 * time.Hour)})
		case i < 21:
			w.put(Act{At: w.ago(1.4), Do: Note, Of: key, By: "priya.raman", Said: practice.Said{Text: "Ask for the number first, then the town. Loan kettles: Portland 40, Seattle 12."}})
		}
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
