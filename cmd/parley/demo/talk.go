package demo

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

//go:embed talk/*.txt
var talkFiles embed.FS

// topic is something that people talk about. What is said is a beginning,
// often something that goes with it, and sometimes an end; each beginning
// fits each continuation.
type topic struct {
	name, want string
	lang       string
	sites      []string
	weight     int
	recall     bool

	titles, leads, rests, tails []string
	answers, peers, replies     []string
}

// read reads the topics of a file:
//
//	= name | want | sites | weight
//
// and below it lines that begin with # for a title, + a beginning, - a
// continuation, ~ an end, ! an answer of ours, ? a word of somebody else and
// > what is said to our answer.
func read(name string) []*topic {
	raw, err := talkFiles.ReadFile("talk/" + name + ".txt")
	if err != nil {
		panic(err) // embedded
	}
	var out []*topic
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		rest := strings.TrimSpace(line[1:])
		if line[0] == '=' {
			f := strings.Split(rest, "|")
			t := &topic{name: strings.TrimSpace(f[0]), want: strings.TrimSpace(f[1]), sites: strings.Fields(f[2]), lang: name}
			t.weight, _ = strconv.Atoi(strings.TrimSpace(f[3]))
			if w, ok := strings.CutPrefix(t.want, "recall-"); ok {
				t.want, t.recall = map[string]string{"affected": "question"}[w], true
			}
			out = append(out, t)
			continue
		}
		t := out[len(out)-1]
		switch line[0] {
		case '#':
			t.titles = append(t.titles, rest)
		case '+':
			t.leads = append(t.leads, rest)
		case '-':
			t.rests = append(t.rests, rest)
		case '~':
			t.tails = append(t.tails, rest)
		case '!':
			t.answers = append(t.answers, rest)
		case '?':
			t.peers = append(t.peers, rest)
		case '>':
			t.replies = append(t.replies, rest)
		default:
			panic("talk/" + name + ".txt: " + line)
		}
	}
	return out
}

// bags deal the lines of lists in changing order: a line comes again only
// when all others of its list were used, and never at once.
type bags struct {
	rng  *rand.Rand
	left map[*string][]string
	last map[*string]string
}

func (b *bags) draw(list []string) string {
	if len(list) == 0 {
		return ""
	}
	k := &list[0]
	if len(b.left[k]) == 0 {
		again := append([]string(nil), list...)
		b.rng.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		if n := len(again) - 1; n > 0 && again[n] == b.last[k] {
			again[0], again[n] = again[n], again[0]
		}
		b.left[k] = again
	}
	l := b.left[k]
	s := l[len(l)-1]
	b.left[k], b.last[k] = l[:len(l)-1], s
	return s
}

// speech is who speaks, and how.
type speech struct {
	us    string // "@brewell" once, when it is to reach us
	noK2  bool   // on the last day other talk keeps off the kettle in question
	agent string
	k     string
	day   time.Weekday
}

// fill puts words into the {slots} of a line.
func (w *writer) fill(line string, s *speech) string {
	for {
		a, rest, ok := strings.Cut(line, "{")
		if !ok {
			return line
		}
		slot, z, _ := strings.Cut(rest, "}")
		line = a + w.slot(slot, s) + z
	}
}

func (w *writer) slot(name string, s *speech) string {
	pick := func(list []string) string { return w.bags.draw(list) }
	n := func(from, to int) string { return strconv.Itoa(from + w.rng.IntN(to-from+1)) }
	switch name {
	case "us":
		us := s.us
		s.us = "Brewell"
		return us
	case "k":
		if s.k == "" {
			s.k = pick(models)
			if s.noK2 {
				s.k = "K3"
			}
		}
		return s.k
	case "weeks":
		return pick(weeksEN)
	case "weeksde":
		return pick(weeksDE)
	case "today":
		return s.day.String()
	case "day":
		return pick(days)
	case "month":
		return pick(months)
	case "city":
		return pick(cities)
	case "country":
		return pick(countries)
	case "store":
		return pick(stores)
	case "staff":
		return pick(counter)
	case "agent":
		if s.agent != "" {
			return s.agent
		}
		return pick(agents)
	case "who":
		return pick(whos)
	case "rel":
		return pick(rels)
	case "rival":
		return pick(rivals)
	case "drink":
		return pick(drinks)
	case "price":
		return "$" + n(59, 149)
	case "alt":
		return n(12, 24) + "00"
	case "num":
		return n(40117, 58961)
	case "time":
		return n(5, 7) + ":" + n(10, 59)
	case "ordinal":
		return ordinal(3 + w.rng.IntN(25))
	case "serial":
		return fmt.Sprintf("K2-23%02d-%05d", 1+w.rng.IntN(24), w.rng.IntN(9000))
	case "serialok":
		return fmt.Sprintf("K2-23%02d-%05d", 19+w.rng.IntN(20), w.rng.IntN(9000))
	}
	panic("no such slot: " + name)
}

func ordinal(n int) string {
	switch {
	case n%10 == 1 && n != 11:
		return strconv.Itoa(n) + "st"
	case n%10 == 2 && n != 12:
		return strconv.Itoa(n) + "nd"
	case n%10 == 3 && n != 13:
		return strconv.Itoa(n) + "rd"
	}
	return strconv.Itoa(n) + "th"
}

var (
	models    = []string{"K2", "K3", "K3", "K2", "K3", "K2 Mini", "K3"}
	weeksEN   = []string{"two weeks", "nine days", "three weeks", "a month", "six weeks", "eleven days", "12 days", "a fortnight"}
	weeksDE   = []string{"zwei Wochen", "neun Tagen", "drei Wochen", "einem Monat", "elf Tagen"}
	days      = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	months    = []string{"March", "May", "June", "August", "September", "October", "April", "July"}
	cities    = []string{"Leeds", "Tacoma", "Graz", "Boise", "Gent", "Porto", "Uppsala", "Cork", "Nantes", "Bergen", "Halifax", "Kyoto", "Eugene", "Bristol", "Salem", "Basel", "Gdańsk", "Austin", "Perth", "Bend", "Izmir", "Vigo", "Denver", "Aarhus", "Bath"}
	countries = []string{"Canada", "Japan", "Ireland", "Germany", "Mexico", "Norway", "Portugal", "New Zealand", "Kenya"}
	stores    = []string{"the store on NW 23rd", "your Portland store", "NW 23rd", "the Hawthorne store", "the shop in Portland", "Brewell on NW 23rd"}
	counter   = []string{"Dolores", "Marcus", "Dolores", "Wen", "Rosa"}
	agents    = []string{"Jonas", "Maya", "Rosa", "Tariq", "Hannah", "Jonas"}
	whos      = []string{"my mum", "my dad", "my sister", "my nan", "my flatmate", "my partner", "my mother-in-law", "my brother", "my neighbour", "my grandpa", "my aunt"}
	rels      = []string{"mum", "sister", "nan", "aunt", "best friend", "daughter"}
	rivals    = []string{"no-name one", "Kaffa", "supermarket kettle", "enamel pot"}
	drinks    = []string{"oolong", "V60", "gyokuro", "flat white", "chai", "Ethiopian", "green tea"}
)
