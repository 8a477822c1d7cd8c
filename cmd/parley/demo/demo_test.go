package demo

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/people/evidence"
	"github.com/parley-crm/parley/people/resolve"
	"github.com/parley-crm/parley/social"
)

// mornings are ends of the script: as on the mock screens, shortly after the
// day has begun, just begun, late, and where the clock of the place is far off.
var mornings = map[string]time.Time{
	"as on the screens": time.Date(2026, 11, 21, 9, 26, 0, 0, time.UTC),
	"past midnight":     time.Date(2026, 11, 22, 1, 15, 0, 0, time.UTC),
	"ten past midnight": time.Date(2027, 3, 1, 0, 10, 0, 0, time.UTC),
	"in the evening":    time.Date(2026, 11, 22, 21, 40, 0, 0, time.UTC),
	"far west":          time.Date(2026, 11, 21, 18, 3, 0, 0, time.FixedZone("", -8*3600)),
	"far east":          time.Date(2026, 11, 21, 10, 3, 0, 0, time.FixedZone("", 9*3600)),
}

func TestPlay(t *testing.T) {
	for name, now := range mornings {
		t.Run(name, func(t *testing.T) {
			s := Write(1, now)
			f := newFake(t, s.From)
			last := -1
			err := Play(context.Background(), f, s, func(done, of int, what string) {
				if done <= last || of != len(s.Acts) || what == "" {
					t.Errorf("progress went from %d to %d of %d: %q", last, done, of, what)
				}
				last = done
			})
			if err != nil {
				t.Fatal(err)
			}
			if last != len(s.Acts) {
				t.Errorf("progress ended at %d of %d", last, len(s.Acts))
			}
			posts := f.network.Posts("")
			if n := len(posts); n < 3600 || n > 5600 {
				t.Errorf("%d posts stand on the network", n)
			}
			if f.acts[Reply] < 700 || f.acts[Note] < 20 || f.acts[Snooze] < 2 || f.acts[Merge] != 3 || f.clicks < 80 || f.cents < 100_000 {
				t.Errorf("staff did %v, customers clicked %d times and bought for %d cents", f.acts, f.clicks, f.cents)
			}
			if f.parts != 3 {
				t.Errorf("the longest answer has %d parts", f.parts)
			}
			if over := f.clock.Now().Sub(now); over < 0 || over > 2*time.Minute {
				t.Errorf("the clock ends %s after now", over)
			}
			for _, p := range posts {
				if p.At.Before(s.From) || p.At.After(f.clock.Now()) {
					t.Fatalf("%s stands at %s", p.ID, p.At)
				}
			}
		})
	}
}

func TestTheSameScript(t *testing.T) {
	now := mornings["as on the screens"]
	if !reflect.DeepEqual(Write(7, now), Write(7, now)) {
		t.Error("the same seed and time give two scripts")
	}
	if reflect.DeepEqual(Write(7, now).Acts, Write(8, now).Acts) {
		t.Error("another seed gives the same script")
	}
	lists := [2][]practice.Post{}
	for i := range lists {
		s := Write(7, now)
		f := newFake(t, s.From)
		if err := Play(context.Background(), f, s, nil); err != nil {
			t.Fatal(err)
		}
		lists[i] = f.network.Posts("")
	}
	if !reflect.DeepEqual(lists[0], lists[1]) {
		t.Error("the same script gives two networks")
	}
}

func TestWhatIsSaid(t *testing.T) {
	for name, now := range mornings {
		t.Run(name, func(t *testing.T) {
			s := Write(1, now)
			langs, sites, wants := map[string]int{}, map[practice.Site]int{}, map[string]int{}
			speaks := map[string]int{}
			site := map[string]practice.Site{}
			people := map[string]practice.Persona{}
			for _, p := range s.People {
				people[p.Handle] = p
			}
			var recent []string
			for i, a := range s.Acts {
				if a.At.Before(s.From) || a.At.After(s.To) || i > 0 && a.At.Before(s.Acts[i-1].At) {
					t.Fatalf("act %d is at %s, out of order or of the ninety days", i, a.At)
				}
				if a.Do == Reply {
					site[a.Key] = site[a.Of]
				}
				if !a.Spoken() {
					continue
				}
				if a.Do == Answer {
					a.Said.Site = site[a.Of]
				}
				site[a.Key] = a.Said.Site
				if people[a.By].Handle == "" {
					t.Fatalf("%q speaks and lives nowhere", a.By)
				}
				langs[people[a.By].Lang]++
				sites[a.Said.Site]++
				wants[a.Want]++
				speaks[a.By]++
				if strings.ContainsAny(a.Said.Text, "{}|") || strings.TrimSpace(a.Said.Text) != a.Said.Text || a.Said.Text == "" {
					t.Errorf("a slot was left open, or nothing was said: %q", a.Said.Text)
				}
				if n := utf8.RuneCountInString(a.Said.Text); n > map[practice.Site]int{practice.Microblog: 500, practice.Reviews: 4000}[a.Said.Site] && (a.Said.Site == practice.Microblog || a.Said.Site == practice.Reviews) {
					t.Errorf("%d characters are too many for %s: %q", n, a.Said.Site, a.Said.Text)
				}
				if r := a.Said.Rating; (r != 0) != (a.Do == Post && a.Said.Site == practice.Reviews) || r > 5 {
					t.Errorf("%s on %s has the rating %v", a.Do, a.Said.Site, r)
				}
				if slices.Contains(recent, a.Said.Text) {
					t.Errorf("said twice within fifty posts: %q", a.Said.Text)
				}
				if recent = append(recent, a.Said.Text); len(recent) > 50 {
					recent = recent[1:]
				}
			}
			total := 0
			for _, n := range langs {
				total += n
			}
			if total < 2800 || total > 4200 {
				t.Errorf("%d things are said", total)
			}
			if part := langs["en"] * 100 / total; part < 65 || part > 88 {
				t.Errorf("%d%% is English", part)
			}
			for _, l := range []string{"de", "fr", "es", "pt", "pl", "ja", "tr", "ar"} {
				if langs[l] < 15 {
					t.Errorf("%d in %s", langs[l], l)
				}
			}
			for _, x := range practice.Sites() {
				if sites[x] < 200 {
					t.Errorf("%d on %s", sites[x], x)
				}
			}
			for want, least := range map[string]int{"question": 600, "complaint": 350, "praise": 350, "intent": 130, "idea": 50, "churn": 20, "noise": 80, "remark": 300, "danger": 5} {
				if wants[want] < least {
					t.Errorf("%d of %s, want %d", wants[want], want, least)
				}
			}
			for _, p := range cast() {
				if speaks[p.Handle] == 0 {
					t.Errorf("%s says nothing", p.Name)
				}
			}
			if len(s.People) < 400 || len(speaks) < 350 {
				t.Errorf("%d people, of whom %d speak", len(s.People), len(speaks))
			}
		})
	}
}

// TestTheRecall reads the last day as Parley does, with the monitors' own queries.
func TestTheRecall(t *testing.T) {
	for name, now := range mornings {
		t.Run(name, func(t *testing.T) {
			s := Write(1, now)
			midnight := now.UTC().Truncate(24 * time.Hour)
			if s.Crisis.Before(midnight) || !s.Crisis.Before(s.To) {
				t.Fatalf("it breaks at %s, the day began at %s", s.Crisis, midnight)
			}
			if local := s.Crisis.In(now.Location()); name == "as on the screens" && local.Format("15:04") != "07:40" {
				t.Errorf("it breaks at %s", local)
			}
			all := query.NewSet()
			var doc query.Doc
			for _, m := range append(s.Monitors, recallMonitor()) {
				q, err := query.Parse(m.Query)
				if err != nil {
					t.Fatalf("%s: %v", m.Name, err)
				}
				all.Add(m.Name, q)
			}
			about, recall, lastWeek := 0, 0, 0
			for _, a := range s.Acts {
				if !a.Spoken() {
					continue
				}
				private := a.Do == Direct
				var hits []string
				if !private {
					doc.Reset(a.Said.Title+"\n"+a.Said.Text, a.Said.Lang, a.By)
					hits = all.Match(&doc)
				}
				directed := private || a.Said.To == Handle || strings.Contains(strings.ToLower(a.Said.Text), "@"+Handle)
				it := slices.Contains(hits, "K2 recall")
				switch {
				case !a.At.Before(midnight):
					if directed || len(hits) > 0 {
						about++
					}
					if it {
						recall++
					}
				case it && a.At.After(now.Add(-8*24*time.Hour)) && a.At.Before(now.Add(-7*24*time.Hour)):
					lastWeek++
				}
			}
			if part := 100 * recall / about; part < 65 || part > 72 {
				t.Errorf("the recall is %d%% of %d about us", part, about)
			}
			if recall < 12*max(1, lastWeek) {
				t.Errorf("%d about the recall, and on the day a week ago %d already", recall, lastWeek)
			}
			first := slices.IndexFunc(s.Acts, func(a Act) bool { return a.Recall })
			if a := s.Acts[first]; a.By != Club || !a.At.Equal(s.Crisis) {
				t.Errorf("it begins with %s at %s", a.By, a.At)
			}
		})
	}
}

// TestAnswers checks how long people wait for us.
func TestAnswers(t *testing.T) {
	s := Write(1, mornings["as on the screens"])
	said := map[string]time.Time{}
	var early, late []time.Duration
	for _, a := range s.Acts {
		if a.Spoken() {
			said[a.Key] = a.At
		}
		if at, ok := said[a.Of]; a.Do == Reply && ok {
			switch age := s.To.Sub(at); {
			case age > 60*24*time.Hour:
				early = append(early, a.At.Sub(at))
			case age < 30*24*time.Hour && at.Before(s.Crisis):
				late = append(late, a.At.Sub(at))
			}
		}
	}
	slices.Sort(early)
	slices.Sort(late)
	was, is := early[len(early)/2], late[len(late)/2]
	if was < 28*time.Minute || was > 45*time.Minute || is < 15*time.Minute || is > 27*time.Minute {
		t.Errorf("the median was %s and is %s", was, is)
	}
}

func TestCompany(t *testing.T) {
	s := Write(1, mornings["as on the screens"])
	if len(s.Programmes) != 14 || len(s.Monitors) != 9 || len(s.Channels) != 4 {
		t.Errorf("%d programmes, %d monitors, %d channels", len(s.Programmes), len(s.Monitors), len(s.Channels))
	}
	if s.Members[0].Role != social.Admin || s.Members[0].Name != "Maya Dubois" {
		t.Errorf("the first member is %v", s.Members[0])
	}
	keys := map[string]bool{}
	for _, m := range s.Members {
		if keys[m.Key] {
			t.Errorf("%s works here twice", m.Key)
		}
		keys[m.Key] = true
		for _, p := range m.Programmes {
			if !slices.ContainsFunc(s.Programmes, func(g Programme) bool { return g.Name == p }) {
				t.Errorf("%s belongs to %q, which is no programme", m.Name, p)
			}
		}
	}
	for _, g := range s.Programmes {
		if !keys[g.Lead] {
			t.Errorf("%s is led by %q", g.Name, g.Lead)
		}
	}
}

// TestASignatureNamesAGuest: one of the guests left a telephone number alone,
// and the signature of a mail names it, so that the two are suggested as one.
func TestASignatureNamesAGuest(t *testing.T) {
	list := Guests()
	guest := list[len(list)-1]
	number, ok := resolve.Phone(guest[7])
	if !ok || guest[2] != "" {
		t.Fatalf("the last guest is %q", guest)
	}
	s := Write(1, mornings["as on the screens"])
	if !slices.ContainsFunc(s.Acts, func(a Act) bool {
		return slices.Contains(evidence.Mail(evidence.Letter{Name: guest[1], Text: a.Said.Text}), evidence.Found{Contact: number, Source: evidence.Signature})
	}) {
		t.Errorf("no mail of %s is signed with %s", guest[1], guest[7])
	}
}
