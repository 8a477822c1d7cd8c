//go:build bench

package bench_test

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/hive"
	"github.com/parley-crm/parley/engage/hivedb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store/storetest"
)

// BenchmarkHive lets 3,000 responders answer as many questions as come in a
// day of 100,000, by the real rules and a real store, the clock moved on from
// event to event. People are simulated: they know three of forty things and
// have declared two of them, look at an offer some minutes later, take it if
// they know, pass it on or let it lie if not, and answer some minutes after
// that. By itself it is the busiest hour; PARLEY_BENCH_HIVE=day is the whole
// day of twelve hours in which shops are open.
func BenchmarkHive(b *testing.B) {
	const responders, aDay, open = 3000, 100_000, 12 * time.Hour
	from, hours := 12, time.Hour // all shifts are there at noon
	if os.Getenv("PARLEY_BENCH_HIVE") == "day" {
		from, hours = 8, open
	}
	questions := amount("PARLEY_BENCH_QUESTIONS", int(aDay*hours/open))
	for range b.N {
		d := newDay(b, amount("PARLEY_BENCH_RESPONDERS", responders), questions, from, hours)
		began, spent := time.Now(), used()
		d.run()
		spent = used() - spent
		d.print(time.Since(began), spent)
		b.ReportMetric(d.claims.at(0.5).Seconds(), "s-to-claim")
		b.ReportMetric(d.inTime(), "in-time")
	}
}

func amount(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// used is the processor time of this process.
func used() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// knowable is what customers ask about, and what people know.
var knowable = []string{
	"descaling", "grinders", "warranty", "carafe", "noise", "refund", "delivery", "gasket", "hinge", "thermostat", "altitude", "espresso", "filter", "beans",
	"cable", "voltage", "colour", "engraving", "voucher", "invoice", "returns", "workshop", "parking", "opening", "apprentice", "recycling", "packaging", "bamboo",
	"temperature", "whistle", "lid", "handle", "limescale", "vinegar", "subscription", "newsletter", "password", "tracking", "pickup", "repair",
}

const bee = social.ProgrammeID("bee")

// day is one day of a hive.
type day struct {
	b       testing.TB
	rng     *rand.Rand
	now     *clock.Set
	open    time.Time
	hours   time.Duration
	hive    *hive.Hive
	store   *hivedb.DB
	crew    []social.MemberRef
	knows   map[social.MemberID]map[string]bool
	asked   map[social.ConversationID]string // what it is about
	began   map[social.ConversationID]time.Time
	taken   map[social.MemberID]int
	events  events
	claims  times
	answers times
	offers  int
	stats   struct{ answered, inTime, collided, ticks int }
	fresh   []offer                        // made since
	took    []social.ConversationID        // just now
	gone    map[social.ConversationID]bool // taken, as everybody sees after a moment
	heap    uint64
}

func newDay(b testing.TB, responders, questions, from int, hours time.Duration) *day {
	now := clock.NewSet(time.Date(2026, 11, 23, from, 0, 0, 0, time.UTC))
	db := storetest.SQLite(b, now)
	d := &day{b: b, rng: rand.New(rand.NewPCG(1, 2)), now: now, open: now.Now(), hours: hours, store: hivedb.New(db), knows: map[social.MemberID]map[string]bool{},
		asked: map[social.ConversationID]string{}, began: map[social.ConversationID]time.Time{}, taken: map[social.MemberID]int{}, gone: map[social.ConversationID]bool{}}
	d.hive = &hive.Hive{Store: d.store, Desk: d, Reader: d, Crew: d, Gate: d, Notices: d, Clock: now}
	rules := hive.DefaultRules()
	rules.On, rules.Daily, rules.Week = true, 80, hive.Week{Zone: "UTC", Days: 127, From: 8 * 60, To: 21 * 60}
	if _, err := d.hive.SetRules(d.as("lead"), bee, rules); err != nil {
		b.Fatal(err)
	}
	err := db.InTx(context.Background(), func(ctx context.Context) error {
		for i := range responders {
			m := social.MemberID(fmt.Sprintf("m%05d", i))
			d.crew = append(d.crew, social.MemberRef{ID: m, Name: string(m)})
			d.knows[m] = map[string]bool{}
			for len(d.knows[m]) < 3 {
				d.knows[m][knowable[d.rng.IntN(len(knowable))]] = true
			}
			things := make([]string, 0, 3)
			for t := range d.knows[m] {
				things = append(things, t)
			}
			slices.Sort(things)
			begins := 8 + 2*d.rng.IntN(3) // a shift of eight hours
			x := hive.Member{ID: m, State: hive.Available, Week: hive.Week{Zone: "UTC", Days: 127, From: begins * 60, To: min(begins+8, 21) * 60}, Expertise: things[:2], At: d.open}
			if d.rng.IntN(10) == 0 {
				x.State = hive.Off
			}
			if err := d.store.SaveMember(ctx, x); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for i := range questions {
		at := d.open.Add(time.Duration(d.rng.Float64() * float64(hours)))
		c := social.ConversationID(fmt.Sprintf("q%07d", i))
		d.asked[c] = knowable[d.rng.IntN(len(knowable))]
		d.push(event{at: at, do: "ask", conversation: c})
	}
	return d
}

func (d *day) as(m social.MemberID) context.Context {
	ctx := social.WithActor(context.Background(), social.Actor{Member: m, Name: string(m), Role: social.Responder})
	return social.WithScope(ctx, social.Scope{All: true})
}

func (d *day) push(e event) { heap.Push(&d.events, e) }

// run takes events in order, two seconds at once, as the hive does.
func (d *day) run() {
	const step = 2 * time.Second
	var mem runtime.MemStats
	for len(d.events) > 0 {
		d.now.Move(d.events[0].at.Add(step).Truncate(time.Microsecond))
		var in hive.Heard
		for len(d.events) > 0 && !d.events[0].at.After(d.now.Now()) {
			e := heap.Pop(&d.events).(event)
			switch e.do {
			case "ask":
				d.began[e.conversation] = e.at
				in.Changed = append(in.Changed, e.conversation)
			case "look":
				d.look(e)
			case "answer":
				in.Answered = append(in.Answered, social.Answered{Conversation: e.conversation, Member: e.member, Programme: bee, At: d.now.Now()})
				d.answered(e)
			}
		}
		for _, c := range d.took {
			d.gone[c] = true
		}
		d.took = d.took[:0]
		d.must(d.hive.Hear(context.Background(), in))
		for more := true; more; {
			var err error
			more, err = d.hive.Tick(context.Background())
			d.must(err)
		}
		d.offered()
		if d.stats.ticks++; d.stats.ticks%300 == 0 {
			runtime.ReadMemStats(&mem)
			d.heap = max(d.heap, mem.HeapInuse)
		}
	}
}

func (d *day) must(err error) {
	d.b.Helper()
	if err != nil {
		d.b.Fatal(err)
	}
}

// offered lets those who were asked since look at it some minutes later.
func (d *day) offered() {
	for _, o := range d.fresh {
		d.offers++
		wait := time.Duration(20+d.rng.ExpFloat64()*150) * time.Second
		d.push(event{at: d.now.Now().Add(wait), do: "look", member: o.member, conversation: o.conversation})
	}
	d.fresh = d.fresh[:0]
}

func (d *day) look(e event) {
	if d.gone[e.conversation] {
		return // it has left the screen
	}
	ctx := d.as(e.member)
	if !d.knows[e.member][d.asked[e.conversation]] {
		if d.rng.IntN(2) == 0 {
			d.quiet(d.hive.Pass(ctx, e.conversation, hive.NotMine))
		}
		return
	}
	if d.rng.IntN(5) == 0 {
		d.quiet(d.hive.Pass(ctx, e.conversation, hive.NoTime))
		return
	}
	err := d.hive.Claim(ctx, e.conversation)
	if social.Conflict.Is(err) {
		d.stats.collided++
		return
	}
	d.must(err)
	d.taken[e.member]++
	d.took = append(d.took, e.conversation)
	d.claims = append(d.claims, d.now.Now().Sub(d.began[e.conversation]))
	d.push(event{at: d.now.Now().Add(time.Duration(60+d.rng.ExpFloat64()*240) * time.Second), do: "answer", member: e.member, conversation: e.conversation})
}

// quiet accepts that a question is over meanwhile.
func (d *day) quiet(err error) {
	if err != nil && !social.Conflict.Is(err) && !social.NotFound.Is(err) {
		d.b.Fatal(err)
	}
}

func (d *day) answered(e event) {
	d.stats.answered++
	took := d.now.Now().Sub(d.began[e.conversation])
	d.answers = append(d.answers, took)
	if took <= time.Hour {
		d.stats.inTime++
	}
}

func (d *day) inTime() float64 { return float64(d.stats.inTime) / float64(len(d.asked)) }

func (d *day) print(took, spent time.Duration) {
	counts := make([]int, 0, len(d.crew))
	working := 0
	for _, m := range d.crew {
		if d.taken[m.ID] > 0 {
			working++
		}
		counts = append(counts, d.taken[m.ID])
	}
	slices.Sort(counts)
	st, err := d.store.Standing(context.Background(), bee)
	d.must(err)
	n, mean := float64(len(d.asked)), float64(len(d.claims))/float64(max(1, len(d.crew)))
	fmt.Printf("hive: %s responders, %s questions in %s: time to claim median %s, p95 %s; to the answer median %s, p95 %s\n",
		thousands(len(d.crew)), thousands(len(d.asked)), d.hours, d.claims.at(0.5), d.claims.at(0.95), d.answers.at(0.5), d.answers.at(0.95))
	fmt.Printf("hive: %.2f%% answered within the hour, %.2f%% answered, %d at the contact centre at the end; %d of %d people took some, median %d, most %d (%.1f of the mean), Gini %.2f over all\n",
		100*d.inTime(), 100*float64(d.stats.answered)/n, st.Centre, working, len(d.crew), counts[len(counts)/2], counts[len(counts)-1], float64(counts[len(counts)-1])/mean, hive.Gini(counts))
	fmt.Printf("hive: %.1f offers a question, %d of %d claims came too late; %.2f ms of processor per question, %.2f ms per offer; heap %d MB, process at most %d MB; it took %.0f s, load %s\n",
		float64(d.offers)/n, d.stats.collided, d.stats.collided+len(d.claims), 1000*spent.Seconds()/n, 1000*spent.Seconds()/float64(max(1, d.offers)), d.heap>>20, peak()>>20, took.Seconds(), load())
}

// peak is the most memory that this process ever held.
func peak() int64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Maxrss << 10
}

// event is something that happens.
type event struct {
	at           time.Time
	do           string
	member       social.MemberID
	conversation social.ConversationID
}

type events []event

func (e events) Len() int           { return len(e) }
func (e events) Less(i, j int) bool { return e[i].at.Before(e[j].at) }
func (e events) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)        { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	old := *e
	x := old[len(old)-1]
	*e = old[:len(old)-1]
	return x
}

// times are how long things took.
type times []time.Duration

// at is the time within which a share of them lies.
func (t times) at(share float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	s := slices.Clone(t)
	slices.SortFunc(s, cmp.Compare)
	return s[int(math.Min(float64(len(s)-1), share*float64(len(s))))].Round(time.Second)
}

// What the hive has around it: a desk that lets everything happen, and
// conversations that are about one thing.

func (d *day) Claim(context.Context, social.ConversationID) error { return nil }
func (d *day) Assign(context.Context, social.ConversationID, social.MemberID) error {
	return nil
}
func (d *day) Note(context.Context, social.ConversationID, engage.Remark) (engage.Message, error) {
	return engage.Message{}, nil
}
func (d *day) Unclaim(context.Context, social.ConversationID, string, map[string]any) error {
	return nil
}
func (d *day) Mark(context.Context, social.ConversationID, string, map[string]any) error {
	return nil
}
func (d *day) Talks(_ context.Context, ids []social.ConversationID) ([]engage.Conversation, error) {
	out := make([]engage.Conversation, len(ids))
	for i, c := range ids {
		out[i] = engage.Conversation{ID: c, Programme: bee, State: engage.Open, Turn: engage.Ours, WaitingSince: d.began[c]}
	}
	return out, nil
}
func (d *day) Said(_ context.Context, ids []social.ConversationID) (map[social.ConversationID]hive.Said, error) {
	out := make(map[social.ConversationID]hive.Said, len(ids))
	for _, c := range ids {
		out[c] = hive.Said{Text: "Hello, I have a question about the " + d.asked[c] + " of my kettle", Scores: social.Scores{Lang: "en"}}
	}
	return out, nil
}
func (d *day) Writing(context.Context, social.MemberID, social.ConversationID) (time.Time, error) {
	return d.now.Now(), nil // whoever took one writes
}
func (d *day) Certified(context.Context, social.ProgrammeID) ([]social.MemberRef, error) {
	return d.crew, nil
}
func (d *day) Names(context.Context, []social.MemberID) (map[social.MemberID]string, error) {
	return nil, nil
}
func (d *day) Programmes(context.Context) ([]social.ProgrammeRef, error) { return nil, nil }
func (d *day) Clear(context.Context, engage.Ask) (engage.Verdict, error) {
	return engage.Verdict{Clear: true}, nil
}

// Offered implements hive.Notices: it is how people learn that they are asked.
func (d *day) Offered(_ context.Context, to []social.MemberID, c social.ConversationID, _ hive.OfferKind, _ social.MemberID, _ string) error {
	for _, m := range to {
		d.fresh = append(d.fresh, offer{m, c})
	}
	return nil
}

// Over implements hive.Notices.
func (d *day) Over(context.Context, []social.ConversationID) error { return nil }

type offer struct {
	member       social.MemberID
	conversation social.ConversationID
}
