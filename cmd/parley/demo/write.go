package demo

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel/practice"
)

// writer writes a script.
type writer struct {
	rng    *rand.Rand
	bags   *bags
	script *Script
	topics map[string]*topic
	byLang map[string][]*topic
	recall []*topic
	souls  []*soul
	turn   int
	keys   int
	later  []string       // keys of what is to be closed at the end of a day
	hush   [][2]time.Time // nobody answers: a new wording is being read
}

// Write writes the script that ends at now. The same seed and the same now
// give the same script. The time of day is that of now's place.
func Write(seed uint64, now time.Time) Script { return WriteDays(seed, now, Days) }

// WriteDays writes only the last days of a script.
func WriteDays(seed uint64, now time.Time, days int) Script {
	now = now.Truncate(time.Second)
	rng := rand.New(rand.NewPCG(seed, 0x6272657765_6c6c))
	w := &writer{
		rng: rng, bags: &bags{rng: rng, left: map[*string][]string{}, last: map[*string]string{}},
		script: &Script{From: now.AddDate(0, 0, -days), To: now},
		topics: map[string]*topic{}, byLang: map[string][]*topic{},
	}
	s := w.script
	s.Crisis = crisis(now)
	s.Brand = Brand{Name: "Brewell", Terms: []string{"brewell", "brewells"}, Handles: []string{Handle}}
	s.Members, s.Programmes, s.Policies = members(), programmes(), policies()
	s.Channels, s.Monitors, s.Branches = channels(), monitors(), branches()
	s.Profiles, s.Nowhere = profiles(), nowhere()
	w.learn()
	w.populate()
	w.usual()
	w.shops()
	w.govern()
	w.stories()
	w.crisis()
	w.placed()
	w.passOn(seed)
	w.hive()
	w.says()
	w.lately()
	w.finish()
	return *s
}

// crisis is when the recall breaks: at 07:40 of the day that is being counted,
// or early in that day if it is younger than that.
func crisis(now time.Time) time.Time {
	y, m, d := now.Date()
	at := time.Date(y, m, d, 7, 40, 0, 0, now.Location())
	midnight := now.UTC().Truncate(24 * time.Hour)
	if at.Before(midnight.Add(5*time.Minute)) || at.After(now.Add(-80*time.Minute)) {
		at = midnight.Add(now.Sub(midnight) / 7)
	}
	return at.UTC().Truncate(time.Second)
}

// learn reads what people talk about.
func (w *writer) learn() {
	for _, lang := range []string{"en", "de", "fr", "es", "pt", "pl", "tr", "ja", "ar"} {
		for _, t := range read(lang) {
			w.topics[t.name] = t
			if t.recall {
				w.recall = append(w.recall, t)
			} else {
				w.byLang[lang] = append(w.byLang[lang], t)
			}
		}
	}
	for _, t := range read("recall") {
		t.lang, t.recall = "en", true
		w.topics[t.name] = t
		w.recall = append(w.recall, t)
	}
	for _, t := range read("shops") {
		t.lang = t.name[strings.LastIndexByte(t.name, '.')+1:]
		w.topics[t.name] = t
	}
	for _, t := range read("chat") {
		w.topics[t.name] = t
	}
}

// langs is how much is said in each language, of a hundred.
var langs = []struct {
	lang  string
	share int
}{{"en", 76}, {"de", 7}, {"fr", 5}, {"es", 4}, {"pt", 2}, {"pl", 2}, {"ja", 2}, {"tr", 1}, {"ar", 1}}

func (w *writer) lang() string {
	x := w.rng.IntN(100)
	for _, l := range langs {
		if x -= l.share; x < 0 {
			return l.lang
		}
	}
	return "en"
}

func (w *writer) topic(list []*topic) *topic {
	total := 0
	for _, t := range list {
		total += t.weight
	}
	x := w.rng.IntN(total)
	for _, t := range list {
		if x -= t.weight; x < 0 {
			return t
		}
	}
	return list[0]
}

// hours is how much is said in each hour of the day, of a thousand.
var hours = [24]int{14, 8, 6, 5, 6, 12, 28, 50, 64, 60, 55, 52, 54, 50, 46, 46, 50, 55, 60, 66, 70, 62, 42, 25}

// weekdays is how much is said on each day of the week, from Sunday on.
var weekdays = [7]float64{1.12, .95, .92, .95, 1, 1.05, 1.18}

const perDay = 24.5

// usual writes eighty-nine usual days and the morning before the recall.
func (w *writer) usual() {
	s := w.script
	for day := s.From; day.Before(s.Crisis); day = day.Add(24 * time.Hour) {
		age := s.To.Sub(day).Hours() / 24
		want := perDay * weekdays[day.Weekday()] * (1.12 - age/400) * (.85 + .3*w.rng.Float64())
		w.later = nil
		var times []time.Time
		for range int(want) {
			times = append(times, day.Add(w.moment(day)))
		}
		slices.SortFunc(times, time.Time.Compare)
		for _, at := range times {
			if at.Before(s.Crisis) {
				w.usualPost(at, at.After(s.To.Add(-26*time.Hour)))
			}
		}
		w.evening(day.Add(24 * time.Hour))
	}
}

// moment draws when within the 24 hours from day something is said.
func (w *writer) moment(day time.Time) time.Duration {
	x := w.rng.IntN(986)
	for i := range 24 {
		h := day.In(w.script.To.Location()).Add(time.Duration(i) * time.Hour).Hour()
		if x -= hours[h]; x < 0 {
			return time.Duration(i)*time.Hour + time.Duration(w.rng.IntN(3600))*time.Second
		}
	}
	return time.Duration(w.rng.IntN(86400)) * time.Second
}

// usualPost is one thing said on a usual day, and what comes of it.
func (w *writer) usualPost(at time.Time, lastDay bool) {
	lang := w.lang()
	t := w.topic(w.byLang[lang])
	if t.name == "wobble" && w.script.To.Sub(at) > 24*24*time.Hour {
		t = w.topics["loud"]
	}
	who := w.somebody(lang)
	a, directed := w.saying(t, who, w.site(t), at, lastDay)
	w.act(a)
	w.aftermath(a, t, who, directed)
}

func (w *writer) site(t *topic) practice.Site {
	x := w.rng.Float64()
	for _, s := range t.sites {
		p := map[string]float64{"microblog": .62, "forum": .5, "reviews": .6, "messages": .55}[s]
		if x < p || len(t.sites) == 1 {
			return practice.Site(s)
		}
		x = w.rng.Float64()
	}
	return practice.Site(t.sites[0])
}

// saying puts something into words. directed tells whether it is at us.
func (w *writer) saying(t *topic, who *soul, site practice.Site, at time.Time, off bool) (a Act, directed bool) {
	private := site == practice.Messages
	directed = site == practice.Reviews || private || (t.want != "noise" && w.rng.Float64() < .5)
	sp := &speech{us: "Brewell", noK2: off, day: at.In(w.script.To.Location()).Weekday()}
	if directed && !private && site != practice.Reviews {
		sp.us = "@" + Handle
	}
	text := w.words(t, sp)
	if sp.us == "@"+Handle { // not yet named
		if w.rng.IntN(3) > 0 {
			text = "@" + Handle + " " + text
		} else {
			text += " @" + Handle
		}
	}
	a = Act{At: at, Do: Post, Key: w.key(), By: who.Handle, Topic: t.name, Want: t.want, Recall: t.recall}
	a.Said = practice.Said{Site: site, Lang: who.Lang}
	title := capital(w.fill(w.bags.draw(t.titles), &speech{us: "Brewell", k: sp.k, noK2: off}))
	switch site {
	case practice.Messages:
		a.Do = Direct
		a.Said.To, a.Said.Title, a.Said.Text = Handle, title, w.letter(text, who)
	case practice.Reviews:
		a.Said.To, a.Said.Title, a.Said.Rating = Handle, title, w.rating(t.want)
		a.Said.Text = who.voice.speak(text, w.rng)
	case practice.Forum:
		a.Said.Title, a.Said.Text = title, who.voice.speak(text, w.rng)
	default:
		a.Said.Text = who.voice.speak(text, w.rng)
		if !directed && t.want != "noise" && !strings.Contains(strings.ToLower(a.Said.Text), "brewell") && w.rng.Float64() < .55 {
			a.Said.Text += " #brewell"
		}
	}
	w.gather(&a, who)
	return a, directed
}

// words says a beginning, often a continuation and sometimes more.
func (w *writer) words(t *topic, sp *speech) string {
	parts := []string{w.fill(w.bags.draw(t.leads), sp)}
	x := w.rng.Float64()
	if x < .72 {
		parts = append(parts, w.fill(w.bags.draw(t.rests), sp))
	}
	if x < .14 && len(t.rests) > 3 {
		parts = append(parts, w.fill(w.bags.draw(t.rests), sp))
	}
	if x > .8 && len(t.tails) > 0 {
		parts = append(parts, w.fill(w.bags.draw(t.tails), sp))
	}
	if len(parts) == 3 && parts[1] == parts[2] {
		parts = parts[:2]
	}
	for i, p := range parts {
		if strings.HasPrefix(p, "@") {
			continue
		}
		parts[i] = capital(p)
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

var (
	greetings = map[string][]string{
		"en": {"Hello,", "Hi there,", "Dear Brewell team,", "Good morning,", "Hi,", "To whom it may concern,"},
		"de": {"Guten Tag,", "Hallo zusammen,", "Liebes Brewell-Team,"}, "fr": {"Bonjour,", "Bonjour à vous,"},
		"es": {"Buenos días:", "Hola,"}, "pt": {"Olá,", "Bom dia,"}, "pl": {"Dzień dobry,"}, "tr": {"Merhaba,"}, "ja": {"はじめまして。", "お世話になります。"}, "ar": {"السلام عليكم،"},
	}
	farewells = map[string][]string{
		"en": {"Kind regards,", "Best,", "Thanks,", "Many thanks in advance,", "Yours,", "Cheers,"},
		"de": {"Viele Grüße", "Mit freundlichen Grüßen", "Danke und Gruß"}, "fr": {"Cordialement,", "Bien à vous,"},
		"es": {"Un saludo,", "Gracias,"}, "pt": {"Obrigado,", "Abraço,"}, "pl": {"Pozdrawiam,"}, "tr": {"Saygılarımla,"}, "ja": {"よろしくお願いいたします。"}, "ar": {"مع التحية،"},
	}
)

// letter makes a mail of a text.
func (w *writer) letter(text string, who *soul) string {
	l := who.Lang
	if greetings[l] == nil {
		l = "en"
	}
	return w.bags.draw(greetings[l]) + "\n\n" + text + "\n\n" + w.bags.draw(farewells[l]) + "\n" + who.Name
}

func (w *writer) rating(want string) float64 {
	x := w.rng.Float64()
	switch want {
	case "praise":
		if x < .8 {
			return 5
		}
		return 4
	case "complaint", "churn":
		return float64(1 + int(x*2.6))
	}
	return float64(2 + int(x*3))
}

// gather draws the likes and shares that a post has gathered.
func (w *writer) gather(a *Act, who *soul) {
	f := float64(max(who.Followers, 3))
	a.Said.Likes = int(f * .012 * w.rng.ExpFloat64())
	if w.rng.Float64() < .3 {
		a.Said.Shares = int(f * .003 * w.rng.ExpFloat64())
	}
	if a.Do == Direct {
		a.Said.Likes, a.Said.Shares = 0, 0
	}
}

func (w *writer) key() string {
	w.keys++
	return fmt.Sprintf("p%d", w.keys)
}

func (w *writer) act(a Act) { w.script.Acts = append(w.script.Acts, a) }

// put adds an act if it lies within the ninety days.
func (w *writer) put(a Act) {
	if a.At.Before(w.script.To) {
		w.act(a)
	}
}

// between is a moment part of the way from one to another.
func between(a, b time.Time, part float64) time.Time {
	return a.Add(time.Duration(part * float64(b.Sub(a))))
}

// finish puts the acts in order and drops what hangs on nothing.
func (w *writer) finish() {
	s := w.script
	for i := range s.Acts {
		a := &s.Acts[i]
		a.At = a.At.UTC().Truncate(time.Second)
		for _, h := range w.hush {
			if a.Do == Reply && !a.At.Before(h[0]) && a.At.Before(h[1]) {
				a.At = h[1].UTC().Truncate(time.Second).Add(time.Second)
			}
		}
	}
	slices.SortStableFunc(s.Acts, func(a, b Act) int { return a.At.Compare(b.At) })
	made := map[string]time.Time{}
	s.Acts = slices.DeleteFunc(s.Acts, func(a Act) bool {
		if a.At.Before(s.From) {
			return true
		}
		if at, ok := made[a.Of]; onPost(a.Do) && (!ok || at.After(a.At)) {
			return true
		}
		if _, ok := made[a.To]; a.Do == Merge && !ok {
			return true
		}
		if a.Key != "" {
			made[a.Key] = a.At
		}
		return false
	})
	w.vary()
	for _, p := range w.souls {
		s.People = append(s.People, p.Persona)
	}
	slices.SortFunc(s.People, func(a, b practice.Persona) int { return cmp.Compare(a.Handle, b.Handle) })
}

// onPost reports whether an act is about a post.
func onPost(d Do) bool {
	switch d {
	case Post, Direct, Listen, Revise, Acknowledge, Grow, LookAfter, FalseAlarm, TeachHive, OpenHive, WorkHive, Speak:
		return false
	}
	return true
}

// vary makes sure that nobody says what was just said.
func (w *writer) vary() {
	var recent []string
	for i := range w.script.Acts {
		a := &w.script.Acts[i]
		if !a.Spoken() {
			continue
		}
		for try := 0; slices.Contains(recent, norm(a.Said.Text)) && try < 50; try++ {
			a.Said.Text = w.otherwise(*a)
		}
		if recent = append(recent, norm(a.Said.Text)); len(recent) > 60 {
			recent = recent[1:]
		}
	}
}

// otherwise says an answer in other words.
func (w *writer) otherwise(a Act) string {
	who := w.soul(a.By)
	if a.Topic == "store.town.en" && a.Do != Answer { // it names a town
		return a.Said.Text + " " + emojis[w.rng.IntN(len(emojis))]
	}
	t := w.topics["peer"]
	switch {
	case a.Want == "praise":
		t = w.topics["thanks"]
	case a.Do != Answer:
		t = w.topics[a.Topic]
	}
	if who.Lang != "en" && a.Do == Answer {
		return a.Said.Text + " " + emojis[w.rng.IntN(len(emojis))]
	}
	sp := &speech{us: "Brewell", noK2: true, day: a.At.In(w.script.To.Location()).Weekday()}
	if strings.Contains(a.Said.Text, "@"+Handle) {
		sp.us = "@" + Handle
	}
	text := w.words(t, sp)
	if sp.us == "@"+Handle {
		text = sp.us + " " + text
	}
	if a.Do == Direct && a.Said.Site == practice.Messages {
		return w.letter(text, who)
	}
	return who.voice.speak(text, w.rng)
}

func norm(s string) string { return strings.ToLower(strings.Trim(s, " .!?")) }
