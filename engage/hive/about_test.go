package hive_test

import (
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage/hive"
	"github.com/parley-crm/parley/social"
)

func TestReadingAQuestion(t *testing.T) {
	tests := []struct {
		name, text string
		scores     social.Scores
		keys       string
	}{
		{"small words say nothing", "How do I get it to work for you?", social.Scores{}, ""},
		{"forms of a word meet", "descaling, descaled; Descaler!", social.Scores{}, "w:descal"},
		{"a model's number is a word", "my K3 is loud", social.Scores{}, "w:k3 w:loud"},
		{"numbers alone are none", "since 2024, order 4411", social.Scores{}, "w:order"},
		{"handles and addresses are none", "@brewell https://x.example/grinder grinder", social.Scores{}, "w:grinde"},
		{"topics come first", "the grinder", social.Scores{Topics: []social.Label{{Label: "quality"}}}, "t:quality w:grinde"},
		{"names of people are nobody's expertise", "Ask Maria about the lid", social.Scores{Entities: []social.Entity{{Kind: social.EntityPerson, Text: "Maria"}}}, "w:lid"},
		{"our own name is about everything", "my Brewell lid", social.Scores{Entities: []social.Entity{{Kind: social.EntityBrand, Text: "Brewell"}}}, "w:lid"},
		{"Japanese", "温度 が低い", social.Scores{}, "w:温度 w:が低い"},
		{"Arabic", "غلاية مكسورة", social.Scores{}, "w:غلاية w:مكسورة"},
		{"emoji are no words", "🔥🔥 👩‍👩‍👧 kettle", social.Scores{}, "w:kettle"},
		{"broken text", "ket\xfftle \xc3\x28 lid", social.Scores{}, "w:ket w:tle w:lid"},
		{"nothing at all", "", social.Scores{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var keys []string
			for _, x := range hive.Read(hive.Said{Text: tt.text, Scores: tt.scores}).Things {
				keys = append(keys, x.Key)
			}
			if got := strings.Join(keys, " "); got != tt.keys {
				t.Errorf("%q is about %q, want %q", tt.text, got, tt.keys)
			}
		})
	}
	huge := hive.Read(hive.Said{Text: strings.Repeat("word", 1<<20) + strings.Repeat(" kettle lid hinge spout", 1<<16)})
	if len(huge.Things) > 24 {
		t.Errorf("a huge text is about %d things", len(huge.Things))
	}
}

func TestWorkingTime(t *testing.T) {
	at := func(s string) time.Time {
		x, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return x.UTC()
	}
	shop := hive.Week{Zone: "UTC", Days: 0b0111110, From: 9 * 60, To: 18 * 60}      // Monday to Friday
	night := hive.Week{Zone: "UTC", Days: 0b0100000, From: 22 * 60, To: 6 * 60}     // Friday night
	tokyo := hive.Week{Zone: "Asia/Tokyo", Days: 0b0111110, From: 9 * 60, To: 1020} // nine hours ahead
	always := hive.Week{Zone: "UTC", Days: 127}
	tests := []struct {
		name string
		got  time.Time
		want string
	}{
		{"an hour within a day", shop.Add(at("2026-11-23 10:00"), time.Hour), "2026-11-23 11:00"},
		{"an hour over the night", shop.Add(at("2026-11-23 17:30"), time.Hour), "2026-11-24 09:30"},
		{"an hour over the weekend", shop.Add(at("2026-11-27 17:30"), time.Hour), "2026-11-30 09:30"},
		{"from a Sunday", shop.Add(at("2026-11-29 12:00"), time.Hour), "2026-11-30 10:00"},
		{"back over the weekend", shop.Back(at("2026-11-30 09:15"), 30*time.Minute), "2026-11-27 17:45"},
		{"back within a day", shop.Back(at("2026-11-23 12:00"), time.Hour), "2026-11-23 11:00"},
		{"next in the evening", shop.Next(at("2026-11-27 19:00")), "2026-11-30 09:00"},
		{"now is next", shop.Next(at("2026-11-27 10:00")), "2026-11-27 10:00"},
		{"a night goes over midnight", night.Add(at("2026-11-27 23:00"), 2*time.Hour), "2026-11-28 01:00"},
		{"in Tokyo it is morning at midnight", tokyo.Next(at("2026-11-23 20:00")), "2026-11-24 00:00"},
		{"all day, every day", always.Add(at("2026-11-28 23:30"), time.Hour), "2026-11-29 00:30"},
	}
	for _, tt := range tests {
		if want := at(tt.want); !tt.got.Equal(want) {
			t.Errorf("%s: %s, want %s", tt.name, tt.got, want)
		}
	}
	for when, open := range map[string]bool{"2026-11-28 02:00": true, "2026-11-28 07:00": false, "2026-11-27 21:00": false} {
		if night.Open(at(when)) != open {
			t.Errorf("on %s the night is open: %v", when, !open)
		}
	}
}

func TestSettingsAreChecked(t *testing.T) {
	bad := map[string]func(*hive.Rules){
		"nobody asked first":         func(r *hive.Rules) { r.First = 0 },
		"chosen, and nothing chosen": func(r *hive.Rules) { r.Takes = hive.TakesChosen },
		"all time for the centre":    func(r *hive.Rules) { r.Reserve = r.Target },
		"no working day":             func(r *hive.Rules) { r.Week.Days = 0 },
		"a zone that is not":         func(r *hive.Rules) { r.Week.Zone = "Mars/Base" },
		"takes something else":       func(r *hive.Rules) { r.Takes = "some" },
	}
	for name, f := range bad {
		r := hive.DefaultRules()
		f(&r)
		if err := r.Check(); !social.Invalid.Is(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := hive.DefaultRules()
	r.Topics, r.Centre = []string{" quality ", "", "quality"}, []social.MemberID{"b", "a", "b"}
	if err := r.Check(); err != nil || len(r.Topics) != 1 || len(r.Centre) != 2 {
		t.Errorf("%v %v %v", err, r.Topics, r.Centre)
	}
}
