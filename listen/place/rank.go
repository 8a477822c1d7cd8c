package place

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// Mean is the mean rating; false when there are no reviews.
func (s Sum) Mean() (float64, bool) {
	if s.Reviews == 0 {
		return 0, false
	}
	return float64(s.Stars) / float64(s.Reviews) / 100, true
}

// variance is that of the ratings, with n − 1; 0 for fewer than two.
func (s Sum) variance() float64 {
	n := float64(s.Reviews)
	if n < 2 {
		return 0
	}
	sum, squares := float64(s.Stars)/100, float64(s.Squares)/10_000
	return max(0, (squares-sum*sum/n)/(n-1))
}

// Net is the share of positive minus the share of negative, of what has a
// sentiment; false when nothing has.
func (s Sum) Net() (float64, bool) {
	known := s.Negative + s.Neutral + s.Positive
	if known == 0 {
		return 0, false
	}
	return float64(s.Positive-s.Negative) / float64(known), true
}

// Prior is what is believed of a place before its reviews are read: as many
// reviews with the mean of all places. It pulls a place with two reviews
// towards the others, and hardly one with two hundred.
type Prior struct {
	Mean   float64
	Weight float64 // as so many reviews
	Sigma  float64 // spread of a single rating, over all places
}

// priorWeight is how many reviews the prior weighs.
const priorWeight = 10

// PriorOf makes the prior of all sums.
func PriorOf(all Sum) Prior {
	p := Prior{Weight: priorWeight}
	p.Mean, _ = all.Mean()
	p.Sigma = math.Sqrt(all.variance())
	return p
}

// Score is the rating of a place with the prior in it, and the range in which
// it lies with 95% confidence.
type Score struct{ Value, Low, High float64 }

// Score weighs the reviews of a place against the prior; false without reviews.
func (p Prior) Score(s Sum) (Score, bool) {
	if s.Reviews == 0 {
		return Score{}, false
	}
	n := float64(s.Reviews)
	v := (p.Mean*p.Weight + float64(s.Stars)/100) / (p.Weight + n)
	half := 1.96 * p.Sigma / math.Sqrt(p.Weight+n)
	return Score{v, max(1, v-half), min(5, v+half)}, true
}

// Apart is the difference between two means with the range in which it lies
// with 95% confidence (Welch). Clear says that the range leaves 0 out.
type Apart struct {
	By, Low, High float64
	Clear         bool
}

// RatingApart compares the mean ratings of two places, the first less the
// second; false when one has fewer than two reviews.
func RatingApart(a, b Sum) (Apart, bool) {
	if a.Reviews < 2 || b.Reviews < 2 {
		return Apart{}, false
	}
	am, _ := a.Mean()
	bm, _ := b.Mean()
	va, vb := a.variance()/float64(a.Reviews), b.variance()/float64(b.Reviews)
	se := math.Sqrt(va + vb)
	if se == 0 { // all the same stars: of so few, that says little
		se = 0.5 / math.Sqrt(float64(min(a.Reviews, b.Reviews)))
		va, vb = se*se/2, se*se/2
	}
	df := (va + vb) * (va + vb) / (va*va/float64(a.Reviews-1) + vb*vb/float64(b.Reviews-1))
	half := t975(df) * se
	d := Apart{By: am - bm, Low: am - bm - half, High: am - bm + half}
	d.Clear = d.Low > 0 || d.High < 0
	return d, true
}

// ShareApart compares two shares, k of n, by Newcombe's hybrid score interval;
// false when one n is 0.
func ShareApart(k1, n1, k2, n2 int) (Apart, bool) {
	if n1 == 0 || n2 == 0 {
		return Apart{}, false
	}
	p1, p2 := float64(k1)/float64(n1), float64(k2)/float64(n2)
	l1, u1 := wilson(p1, n1)
	l2, u2 := wilson(p2, n2)
	d := Apart{By: p1 - p2}
	d.Low = d.By - math.Hypot(p1-l1, u2-p2)
	d.High = d.By + math.Hypot(u1-p1, p2-l2)
	d.Clear = d.Low > 0 || d.High < 0
	return d, true
}

func wilson(p float64, n int) (float64, float64) {
	const z = 1.96
	m := float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return mid - half, mid + half
}

// t975 is the 97.5% point of Student's t, by the Cornish–Fisher expansion
// (Abramowitz and Stegun 26.7.5), and a table where that is poor.
func t975(df float64) float64 {
	few := []float64{12.706, 12.706, 4.303, 3.182, 2.776}
	if df < 5 {
		i := int(max(df, 1))
		return few[i] + (df-float64(i))*(append(few, 2.571)[i+1]-few[i])
	}
	const z = 1.959964
	z3, z5 := z*z*z, z*z*z*z*z
	return z + (z3+z)/(4*df) + (5*z5+16*z3+3*z)/(96*df*df)
}

// Ranked is a place with how it stands in a period.
type Ranked struct {
	Branch
	Sum
	Before Sum // the period before, as long
	Score  Score
	Rated  bool // whether there is a score
	Change Apart
	Moved  bool // whether there is a change to tell
}

// Ranking is all places of a period.
type Ranking struct {
	Prior    Prior
	From, To time.Time
	All      Sum
	Places   []Ranked
}

// Ask says which places are ranked and how.
type Ask struct {
	Cities    bool // cities instead of branches
	Days      int
	Text      string // in name, city, code, country
	Country   string
	Programme social.ProgrammeID
	Sort      string // rating, count, change, answered, name
}

// Rank returns places within what the actor may see, the best first, or as
// asked. Counts come from rollups.
func (b *Book) Rank(ctx context.Context, q Ask) (Ranking, error) {
	from, to := b.Span(q.Days)
	out := Ranking{From: from, To: to}
	channels := b.Station.Reach(ctx)
	if channels != nil && len(channels) == 0 {
		channels = []social.ChannelID{""}
	}
	days, err := b.Store.PlaceSums(ctx, channels, from.Add(from.Sub(to)), from, to)
	if err != nil {
		return out, err
	}
	atlas := b.Atlas()
	now, before := map[social.PlaceID]*Sum{}, map[social.PlaceID]*Sum{}
	for _, d := range days {
		id := d.Place
		if q.Cities {
			if br, ok := atlas.Branch(id); ok {
				id = br.Town
			}
		} else if IsCity(id) {
			continue
		}
		in := now
		if d.Day.Before(from) {
			in = before
		}
		if in[id] == nil {
			in[id] = &Sum{}
		}
		in[id].Add(d.Sum)
	}
	out.Places = b.listed(ctx, q, now, before)
	for i := range out.Places {
		out.All.Add(out.Places[i].Sum)
	}
	out.Prior = PriorOf(out.All)
	out.Places = slices.DeleteFunc(out.Places, func(r Ranked) bool { return !q.keeps(r.Branch) })
	for i := range out.Places {
		r := &out.Places[i]
		r.Score, r.Rated = out.Prior.Score(r.Sum)
		r.Change, r.Moved = RatingApart(r.Sum, r.Before)
	}
	q.sort(out.Places)
	return out, nil
}

// Span is the period of so many days up to the end of today.
func (b *Book) Span(days int) (time.Time, time.Time) {
	to := b.Clock.Now().UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
	return to.Add(-time.Duration(days) * 24 * time.Hour), to
}

// listed are the branches that may be seen, or the cities of which something
// was said.
func (b *Book) listed(ctx context.Context, q Ask, now, before map[social.PlaceID]*Sum) []Ranked {
	var out []Ranked
	atlas := b.Atlas()
	take := func(br Branch) {
		r := Ranked{Branch: br}
		if s := now[br.ID]; s != nil {
			r.Sum = *s
		}
		if s := before[br.ID]; s != nil {
			r.Before = *s
		}
		out = append(out, r)
	}
	if !q.Cities {
		for _, id := range atlas.order {
			if br := atlas.branches[id]; social.ScopeOf(ctx).Sees(br.Programme) {
				take(br)
			}
		}
		return out
	}
	for id, s := range now {
		if c, ok := World().City(id); ok && s.Count > 0 {
			take(Branch{ID: id, Name: c.Label(), City: c.Name, Region: c.Region(), Country: c.Country, Lat: c.Lat, Lon: c.Lon, Town: id, State: Open})
		}
	}
	return out
}

func (q Ask) keeps(b Branch) bool {
	if q.Country != "" && !strings.EqualFold(q.Country, b.Country) || q.Programme != "" && b.Programme != q.Programme {
		return false
	}
	words := fold(strings.Join([]string{b.Name, b.Code, b.Street, b.City, b.Region, b.Postcode, b.Country, CountryName(b.Country)}, " "))
	for w := range strings.FieldsSeq(fold(q.Text)) {
		if !strings.Contains(words, w) {
			return false
		}
	}
	return true
}

func (q Ask) sort(all []Ranked) {
	slices.SortFunc(all, func(a, b Ranked) int {
		name := cmp.Or(strings.Compare(fold(a.Name), fold(b.Name)), strings.Compare(string(a.ID), string(b.ID)))
		switch q.Sort {
		case "name":
			return name
		case "count":
			return cmp.Or(cmp.Compare(b.Count, a.Count), name)
		case "change":
			return cmp.Or(-yes(a.Moved, b.Moved), cmp.Compare(b.Change.By, a.Change.By), name)
		case "answered":
			return cmp.Or(-yes(a.Reviews > 0, b.Reviews > 0), cmp.Compare(share(a.Answered, a.Reviews), share(b.Answered, b.Reviews)), name)
		}
		return cmp.Or(-yes(a.Rated, b.Rated), cmp.Compare(b.Score.Value, a.Score.Value), cmp.Compare(b.Count, a.Count), name)
	})
}

// yes is 1 when only a holds, −1 when only b does.
func yes(a, b bool) int {
	switch {
	case a && !b:
		return 1
	case b && !a:
		return -1
	}
	return 0
}

func share(k, n int) float64 {
	if n == 0 {
		return 0
	}
	return float64(k) / float64(n)
}

// Stand is how one place stands: its sum, the period before, and what was
// said day by day.
type Stand struct {
	Branch
	From, To time.Time
	Sum      Sum
	Before   Sum
	Days     []Day // summed over channels, one a day, the oldest first
	Prior    Prior
	Score    Score
	Rated    bool
	Change   Apart
	Moved    bool
}

// Standing returns how a place stands over so many days. A city includes the
// branches in it.
func (b *Book) Standing(ctx context.Context, id social.PlaceID, days int) (Stand, error) {
	br, err := b.Seen(ctx, id)
	if err != nil {
		return Stand{}, err
	}
	out := Stand{Branch: br}
	out.From, out.To = b.Span(days)
	channels := b.Station.Reach(ctx)
	if channels != nil && len(channels) == 0 {
		channels = []social.ChannelID{""}
	}
	rows, err := b.Store.Days(ctx, b.Within(id), channels, out.From.Add(out.From.Sub(out.To)), out.To)
	if err != nil {
		return out, err
	}
	out.Days = make([]Day, days)
	for i := range out.Days {
		out.Days[i].Day = out.From.Add(time.Duration(i) * 24 * time.Hour)
	}
	for _, d := range rows {
		if d.Day.Before(out.From) {
			out.Before.Add(d.Sum)
			continue
		}
		out.Sum.Add(d.Sum)
		if i := int(d.Day.Sub(out.From) / (24 * time.Hour)); i < len(out.Days) {
			out.Days[i].Add(d.Sum)
		}
	}
	all, err := b.Rank(ctx, Ask{Days: days})
	if err != nil {
		return out, err
	}
	out.Prior = all.Prior
	out.Score, out.Rated = out.Prior.Score(out.Sum)
	out.Change, out.Moved = RatingApart(out.Sum, out.Before)
	return out, nil
}
