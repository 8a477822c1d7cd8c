package baseline

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

var now = time.Date(2031, 6, 3, 14, 0, 0, 0, time.UTC) // a Tuesday

// weeks makes some weeks of hours: busy is how much in working hours, calm in others.
func weeks(n int, busy, calm float64, seed uint64) []Hour {
	r := rand.New(rand.NewPCG(seed, 1))
	var out []Hour
	for at := now.Add(-time.Duration(n) * week * time.Hour); at.Before(now); at = at.Add(time.Hour) {
		m := calm
		if d := at.Weekday(); d != time.Saturday && d != time.Sunday && at.Hour() >= 8 && at.Hour() < 18 {
			m = busy
		}
		c := int(max(0, math.Round(m+math.Sqrt(m)*r.NormFloat64())))
		out = append(out, Hour{At: at, Count: c, Scored: c, Negative: c / 5})
	}
	return out
}

func TestUsual(t *testing.T) {
	b := Learn(weeks(6, 40, 5, 1), now)
	if m := b.At(now); m < 34 || m > 46 {
		t.Errorf("a Tuesday afternoon is %.1f", m)
	}
	if m := b.At(now.Add(12 * time.Hour)); m > 9 {
		t.Errorf("a night is %.1f", m)
	}
	if m := b.At(now.AddDate(0, 0, 4)); m > 11 {
		t.Errorf("a Saturday afternoon is %.1f", m)
	}
	if m := b.Between(now.Add(-30*time.Minute), now.Add(30*time.Minute)); m < 34 || m > 46 {
		t.Errorf("an hour across two is %.1f", m)
	}
	if b.Negative < 0.14 || b.Negative > 0.24 {
		t.Errorf("the usual mood is %.2f", b.Negative)
	}
	low, high := b.Band(now)
	if low > 30 || high < 46 || high > 80 {
		t.Errorf("the band is %.1f to %.1f", low, high)
	}
}

func TestRare(t *testing.T) {
	b := Learn(weeks(6, 40, 5, 1), now)
	tests := []struct {
		name   string
		n      int
		at     time.Time
		lo, hi float64
	}{
		{"the usual is not rare", 42, now, 0, 1},
		{"half as much again is not very rare", 60, now, 0.3, 4},
		{"five times the usual is", 200, now, 8, 300},
		{"the same at night is rarer still", 200, now.Add(12 * time.Hour), 12, 300},
		{"the afternoon's usual is rare at night", 40, now.Add(12 * time.Hour), 5, 300},
	}
	for _, test := range tests {
		if r := b.Rare(test.n, b.At(test.at)); r < test.lo || r > test.hi {
			t.Errorf("%s: %.2f", test.name, r)
		}
	}
	if a, c := b.RareMood(3, 14), b.RareMood(11, 14); a > 1 || c < 4 {
		t.Errorf("moods: 3 of 14 is %.2f, 11 of 14 is %.2f", a, c)
	}
}

func TestABurstHardlyMovesTheUsual(t *testing.T) {
	calm := weeks(6, 40, 5, 1)
	wild := weeks(6, 40, 5, 1)
	for i := range 5 {
		wild[len(wild)-7*24+i].Count += 5000
	}
	if a, b := Learn(calm, now).At(now), Learn(wild, now).At(now); b > 1.6*a {
		t.Errorf("from %.1f to %.1f", a, b)
	}
}

func TestALastingChangeBecomesUsual(t *testing.T) {
	hours := weeks(6, 40, 5, 1)
	for i := len(hours) - 10*24; i < len(hours); i++ {
		hours[i].Count *= 3
	}
	if b := Learn(hours, now); b.Rare(120, b.At(now)) > 3 {
		t.Errorf("ten days later, three times as much is still %.1f rare where %.0f are usual", b.Rare(120, b.At(now)), b.At(now))
	}
}

func TestLittleHistory(t *testing.T) {
	if b := Learn(nil, now); b.Known() || b.Rare(5, b.At(now)) < 0 {
		t.Error("nothing is known of nothing")
	}
	some := []Hour{{At: now.Add(-20 * time.Hour), Count: 3}}
	if Learn(some, now).Known() {
		t.Error("twenty hours are enough")
	}
	some[0].At = now.Add(-30 * time.Hour)
	b := Learn(some, now)
	if !b.Known() || b.Rare(4, b.At(now)) > 5 {
		t.Errorf("known %t; four posts are %.1f rare", b.Known(), b.Rare(4, b.At(now)))
	}
}

func TestTail(t *testing.T) {
	// Size 1 is geometric: P(X ≥ n) = q^n.
	if got, want := tail(10, 3, 1), 10*math.Log(0.75); math.Abs(got-want) > 1e-6 {
		t.Errorf("%v, want %v", got, want)
	}
	if v := tail(1_000_000, 1e-6, 20); math.IsNaN(v) || v > -1000 {
		t.Errorf("the far tail is %v", v)
	}
}
