package foresee

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/parley-crm/parley/people/card"
	"github.com/parley-crm/parley/social"
)

var today = time.Date(2031, 3, 3, 9, 0, 0, 0, time.UTC)

// buyer is a simulated customer who orders and speaks by chance, so often a day.
type buyer struct{ orders, speaks, kind float64 }

// lives makes pasts of three years up to a day.
func lives(rng *rand.Rand, n int, who func(i int) buyer) []*Past {
	out := make([]*Past, n)
	begin := today.AddDate(-3, 0, 0)
	for i := range out {
		b, p := who(i), &Past{}
		for t := begin; b.orders > 0; {
			t = t.Add(time.Duration(rng.ExpFloat64() / b.orders * float64(dayLong)))
			if !t.Before(today) {
				break
			}
			p.Orders = append(p.Orders, Order{At: t, Amount: int64(1000 + rng.IntN(9000)), Currency: "EUR"})
		}
		for t := begin; b.speaks > 0; {
			t = t.Add(time.Duration(rng.ExpFloat64() / b.speaks * float64(dayLong)))
			if !t.Before(today) {
				break
			}
			s := Said{At: t, Channel: "masto", Public: true, Feeling: social.Negative}
			if rng.Float64() < b.kind {
				s.Feeling = social.Positive
			}
			p.Said = append(p.Said, s)
		}
		p.order()
		out[i] = p
	}
	return out
}

func learnFrom(w What, pasts []*Past) (*Model, Figures, *sample) {
	d, _ := defined(w)
	s := &sample{plan: planOf(d, today), coins: map[string]int{}}
	for _, p := range pasts {
		s.take(Features(), p)
	}
	m, f := s.learned(Features())
	return m, f, s
}

// within is the chance that something that comes so often a day comes in some days.
func within(rate float64, days int) float64 { return 1 - math.Exp(-rate*float64(days)) }

func TestTrueRatesAreFound(t *testing.T) {
	rates := []float64{1.0 / 25, 1.0 / 90, 1.0 / 400}
	pasts := lives(rand.New(rand.NewPCG(1, 1)), 1500, func(i int) buyer { return buyer{orders: rates[i%3]} })
	m, f, _ := learnFrom(BuysAgain, pasts)
	if m == nil {
		t.Fatalf("what can be foreseen is not: %+v", f)
	}
	if f.AUC < 0.8 || f.Skill < 0.3 || f.Least <= 0 || f.Least > f.Skill {
		t.Errorf("AUC %.3f, skill %.3f, at least %.3f", f.AUC, f.Skill, f.Least)
	}
	// best is what somebody would say who knows the three rates, and of a person
	// only their orders: nobody can do better.
	best := func(p *Past) float64 {
		var sum, all float64
		for _, rate := range rates {
			like := math.Pow(rate, float64(len(p.Orders))) * math.Exp(-rate*3*365)
			sum, all = sum+like*within(rate, 60), all+like
		}
		return sum / all
	}
	d, _ := defined(BuysAgain)
	for g, rate := range rates {
		var foreseen, could, n float64
		for i := g; i < len(pasts); i += 3 {
			before := pasts[i].Before(today)
			if !d.asked(before, today) {
				continue
			}
			share, reasons := m.predict(Features(), before, today)
			foreseen, could, n = foreseen+share, could+best(before), n+1
			if len(reasons) == 0 && g != 1 {
				t.Errorf("nothing is said of why someone of %.3f is foreseen at %.2f", rate, share)
			}
		}
		if math.Abs(foreseen-could)/n > 0.08 {
			t.Errorf("those who order every %.0f days: foreseen %.3f, could be %.3f, true %.3f", 1/rate, foreseen/n, could/n, within(rate, 60))
		}
	}
	for _, x := range f.Tens {
		noise := 3*math.Sqrt(x.Foreseen*(1-x.Foreseen)/float64(x.N)) + 0.05
		if math.Abs(x.Foreseen-x.Happened) > noise {
			t.Errorf("of %d, %.3f was foreseen and %.3f happened", x.N, x.Foreseen, x.Happened)
		}
	}
}

func TestSilenceAndPraiseAreFound(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	pasts := lives(rng, 1500, func(i int) buyer {
		switch i % 3 {
		case 0:
			return buyer{orders: 1.0 / 40, speaks: 1.0 / 20, kind: 0.8}
		case 1:
			return buyer{orders: 1.0 / 200, speaks: 1.0 / 60, kind: 0.1}
		}
		return buyer{speaks: 1.0 / 90, kind: 0.4}
	})
	for _, w := range []What{GoesQuiet, SpeaksWell} {
		if m, f, _ := learnFrom(w, pasts); m == nil {
			t.Errorf("%s is not foreseen: %+v", w, f)
		}
	}
}

// TestNoiseShowsNothing: where everybody is alike, nothing is worth showing,
// however often one looks.
func TestNoiseShowsNothing(t *testing.T) {
	shown := 0
	for seed := range uint64(12) {
		pasts := lives(rand.New(rand.NewPCG(seed, 3)), 700, func(int) buyer { return buyer{orders: 1.0 / 90, speaks: 1.0 / 80, kind: 0.5} })
		for _, d := range Definitions() {
			if m, f, _ := learnFrom(d.What, pasts); m != nil {
				shown++
				t.Logf("%s of seed %d: skill %.4f, at least %.4f", d.What, seed, f.Skill, f.Least)
			}
		}
	}
	// One in forty is what chance does.
	if shown > 3 {
		t.Errorf("%d of 36 predictions of noise were shown", shown)
	}
}

func TestTooLittleIsSaid(t *testing.T) {
	m, f, _ := learnFrom(BuysAgain, lives(rand.New(rand.NewPCG(4, 4)), 34, func(i int) buyer { return buyer{orders: []float64{1.0 / 30, 1.0 / 300}[i%2]} }))
	s := State{What: BuysAgain, On: true, Learned: today, Figures: f, Model: m}
	if c, back := f.Scarcest(); m != nil || s.Standing() != Little || c.People > 34 || c.People == 0 || back < 1 || back > 3 || len(f.Tens) > 0 {
		t.Errorf("34 people are enough: %s, %+v", s.Standing(), f)
	}
	_, f, _ = learnFrom(BuysAgain, nil)
	if c, _ := f.Scarcest(); c != (Count{}) || !f.Little() {
		t.Errorf("nobody: %+v", f)
	}
	young := Figures{Judged: Count{400, 200, 200}, Set: Count{2, 0, 2}}
	if c, back := young.Scarcest(); c != (Count{}) || back != 3 {
		t.Errorf("a company without a long past lacks %+v, %d horizons ago", c, back)
	}
}

// TestTheFutureChangesNothing adds whatever came later to pasts: what is known
// of a day stays the same, to the last bin.
func TestTheFutureChangesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	m := &Model{Currency: "EUR", Spent: []float64{1000, 5000}}
	values := func(p *Past, day time.Time) []string {
		var out []string
		for _, f := range Features() {
			out = append(out, fmt.Sprintf("%s %v", f.Name, f.value(p.Before(day), day, m)))
		}
		for _, d := range Definitions() {
			out = append(out, fmt.Sprintf("%s %v", d.What, d.asked(p.Before(day), day)))
		}
		return out
	}
	for round := range 300 {
		p := lives(rng, 1, func(int) buyer { return buyer{orders: 1.0 / 50, speaks: 1.0 / 15, kind: 0.5} })[0]
		for range rng.IntN(30) {
			p.Messages = append(p.Messages, Message{At: today.Add(-time.Duration(rng.IntN(700*24)) * time.Hour), Talk: social.ConversationID(fmt.Sprint(rng.IntN(4))), Ours: rng.IntN(2) == 0, Asks: rng.IntN(2) == 0})
			p.Answers = append(p.Answers, Answer{At: today.Add(-time.Duration(rng.IntN(700*24)) * time.Hour), Score: 1 + rng.IntN(5)})
			p.Broken = append(p.Broken, today.Add(-time.Duration(rng.IntN(700*24))*time.Hour))
		}
		p.order()
		day := today.Add(-time.Duration(rng.IntN(600*24)) * time.Hour)
		was := values(p, day)
		later := *p
		after := func() time.Time { return day.Add(time.Duration(rng.IntN(500*24)) * time.Hour) } // the very moment too
		later.Orders = append(append([]Order{}, p.Orders...), Order{At: after(), Amount: 5, Currency: "EUR"})
		for i := range later.Orders {
			if rng.IntN(3) == 0 {
				later.Orders[i].Until = after() // cancelled since
			}
		}
		later.Said = append(append([]Said{}, p.Said...), Said{At: after(), Public: true, Feeling: social.Positive, Channel: "new"}, Said{At: after(), Complaint: true})
		later.Messages = append(append([]Message{}, p.Messages...), Message{At: after(), Talk: "1", Ours: true}, Message{At: after(), Talk: "2", Asks: true})
		later.Answers = append(append([]Answer{}, p.Answers...), Answer{At: after(), Score: 1})
		later.Broken = append(append([]time.Time{}, p.Broken...), after())
		later.order()
		if now := values(&later, day); !reflect.DeepEqual(was, now) {
			t.Fatalf("round %d, %s:\n%v\nwith what came later:\n%v", round, day, was, now)
		}
	}
}

// TestPartsDoNotTouch: what a day foretold has ended before the next part begins.
func TestPartsDoNotTouch(t *testing.T) {
	for _, d := range Definitions() {
		p := planOf(d, today)
		end := func(day time.Time) time.Time { return day.Add(time.Duration(d.Days) * dayLong) }
		for _, day := range p.learn {
			if end(day).After(p.set) {
				t.Errorf("%s: what is learned on %s reaches behind %s", d.What, day, p.set)
			}
		}
		if end(p.set).After(p.judge) || end(p.judge).After(today) {
			t.Errorf("%s: %s, %s, %s", d.What, p.set, p.judge, today)
		}
	}
}

func TestWhatIsAskedOfWhom(t *testing.T) {
	ago := func(days int) time.Time { return today.Add(-time.Duration(days) * dayLong) }
	order := func(days int) Order { return Order{At: ago(days)} }
	said := func(days int, feeling string, public bool) Said {
		return Said{At: ago(days), Feeling: feeling, Public: public}
	}
	for _, c := range []struct {
		name     string
		past     Past
		what     What
		day      int // days ago
		asked    bool
		happened bool
	}{
		{"bought, and again", Past{Orders: []Order{order(100), order(30)}}, BuysAgain, 60, true, true},
		{"bought, and not again", Past{Orders: []Order{order(100)}}, BuysAgain, 60, true, false},
		{"bought again too late", Past{Orders: []Order{order(200), order(30)}}, BuysAgain, 100, true, false},
		{"never bought before", Past{Orders: []Order{order(30)}}, BuysAgain, 60, false, true},
		{"bought too long ago", Past{Orders: []Order{order(900)}}, BuysAgain, 60, false, false},
		{"bought again, and gave it back", Past{Orders: []Order{order(100), {At: ago(30), Until: ago(20)}}}, BuysAgain, 60, true, false},
		{"what is given back later was bought on that day", Past{Orders: []Order{{At: ago(100), Until: ago(20)}}}, BuysAgain, 60, true, false},
		{"active, then quiet", Past{Orders: []Order{order(200)}, Said: []Said{said(150, "", false)}}, GoesQuiet, 100, true, true},
		{"active, then speaks", Past{Said: []Said{said(200, "", false), said(150, "", false), said(20, "", false)}}, GoesQuiet, 100, true, false},
		{"once is not active", Past{Orders: []Order{order(150)}}, GoesQuiet, 100, false, true},
		{"speaks kindly in public", Past{Said: []Said{said(100, "", false), said(40, social.Positive, true)}}, SpeaksWell, 60, true, true},
		{"kindly in private", Past{Said: []Said{said(100, "", false), said(40, social.Positive, false)}}, SpeaksWell, 60, true, false},
		{"in public, unkindly", Past{Said: []Said{said(100, "", false), said(40, social.Negative, true)}}, SpeaksWell, 60, true, false},
	} {
		d, err := defined(c.what)
		if err != nil {
			t.Fatal(err)
		}
		c.past.order()
		day := ago(c.day)
		if got := d.asked(c.past.Before(day), day); got != c.asked {
			t.Errorf("%s: asked %v", c.name, got)
		}
		if got := d.happened(&c.past, day, day.Add(time.Duration(d.Days)*dayLong)); got != c.happened {
			t.Errorf("%s: happened %v", c.name, got)
		}
	}
}

func TestWhatComesNext(t *testing.T) {
	ago := func(h int) time.Time { return today.Add(-time.Duration(h) * time.Hour) }
	quiet, kind := Outlook{What: GoesQuiet, Share: 0.4, Usual: 0.1}, Outlook{What: SpeaksWell, Share: 0.6, Usual: 0.5}
	talks := []Talk{{ID: "old", Last: ago(300)}, {ID: "new", Last: ago(20)}}
	goal := []card.Goal{{Text: "met already", Status: "met"}, {Text: "a quiet grinder", Status: "open"}}
	for _, c := range []struct {
		name     string
		outlooks []Outlook
		talks    []Talk
		goals    []card.Goal
		promises []card.Promise
		want     string
	}{
		{"nothing", nil, talks, goal, nil, ""},
		{"who waits longest is answered, and nothing else is pressed on them", []Outlook{quiet, kind}, append([]Talk{{ID: "a", Waiting: ago(3)}, {ID: "b", Waiting: ago(9)}}, talks...), goal, nil, "answer b;"},
		{"a promise near its day", nil, nil, nil, []card.Promise{{ID: "p", State: "open", Due: ago(-40), Conversation: "c"}, {ID: "q", State: "open", Due: ago(-60)}, {ID: "r", State: "kept", Due: ago(1)}, {ID: "s", State: "open"}}, "keep c;"},
		{"the one that is later late comes second", nil, nil, nil, []card.Promise{{ID: "p", State: "open", Due: ago(1), Conversation: "1"}, {ID: "q", State: "open", Due: ago(2), Conversation: "2"}}, "keep 2;keep 1;"},
		{"likely to go quiet, with a wish", []Outlook{quiet}, talks, goal, nil, "write new;"},
		{"likely to go quiet, and nothing to write of", []Outlook{quiet}, talks, goal[:1], nil, ""},
		{"likely to speak well", []Outlook{kind}, talks, nil, nil, "thank new;"},
		{"never talked to", []Outlook{kind, quiet}, nil, goal, nil, ""},
		{"no likelier than others", []Outlook{{What: SpeaksWell, Share: 0.3, Usual: 0.2}}, talks, nil, nil, ""},
		{"rare, and still rare", []Outlook{{What: SpeaksWell, Share: 0.1, Usual: 0.01}}, talks, nil, nil, ""},
	} {
		got := ""
		for _, s := range Next(c.outlooks, c.talks, c.goals, c.promises, today) {
			got += s.Do + " " + string(s.Talk) + ";"
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestJudging(t *testing.T) {
	rows := func(yes ...bool) (out []row) {
		for _, y := range yes {
			out = append(out, row{yes: y})
		}
		return out
	}
	if got := auc([]float64{0.1, 0.2, 0.3, 0.4}, rows(false, false, true, true)); got != 1 {
		t.Errorf("always right: %v", got)
	}
	if got := auc([]float64{0.5, 0.5, 0.5, 0.5}, rows(false, true, true, false)); got != 0.5 {
		t.Errorf("all alike: %v", got)
	}
	if got := auc([]float64{0.9, 0.1}, rows(false, true)); got != 0 {
		t.Errorf("always wrong: %v", got)
	}
	if got := skill([]float64{1, 0}, rows(true, false), []int{0, 1}); got != 1 {
		t.Errorf("to know: %v", got)
	}
	if got := skill([]float64{0.5, 0.5}, rows(true, false), []int{0, 1}); got != 0 {
		t.Errorf("the usual rate: %v", got)
	}
}
