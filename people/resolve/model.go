package resolve

// A model says what agreement is worth. m holds how often two records of one
// person reach each level of each column, u how often two strangers do.
type model struct {
	m, u [columns][levels]float64
	// match and home are the shares, of all pairs, of those of one person and
	// of those of one household.
	match, home float64
	pairs       float64 // how many pairs there are
	mates       float64 // how many others a record has in its household, to begin with
	held        [columns]float64
	// freq holds, for each value, by how many it is held: by persons where
	// personOf says who is who, of whom those of the pair are taken away, else
	// by others than the pair.
	freq     [columns][]float32
	stems    [columns][]float32 // likewise, of accounts without their digits
	personOf []int32
	// within: of strangers who agree in the postcode, the share that agrees
	// in the city, the region and the street too.
	city, region, street float64
	// nearby: of strangers who share a city, how often they reach each level
	// of the postcode.
	nearby [levels]float64
	// kept is how often members of a household agree as one person would.
	kept [columns]float64
}

// What is believed before anything was seen, and what counts for as many
// pairs as weigh says. Levels: differ, faint, loose, near, exact.
var (
	believedM = [columns][levels]float64{
		cGiven:    {.05, .02, .04, .09, .80},
		cFamily:   {.06, .005, .035, .09, .81},
		cBirth:    {.03, .01, .03, .08, .85},
		cStreet:   {.14, .02, .06, .12, .66},
		cCity:     {.12, 0, .02, .08, .78},
		cPostcode: {.10, .03, 0, .08, .79},
		cRegion:   {.07, 0, 0, .01, .92},
		cCountry:  {.03, 0, 0, .005, .965},
		cEmail:    {.20, .02, .04, .06, .68},
		cPhone:    {.25, 0, 0, .05, .70},
		cHandle:   {.20, 0, 0, .05, .75},
	}
	believedU = [columns][levels]float64{
		cGiven:    {0, .012, .012, .004, .005},
		cFamily:   {0, .004, .008, .002, .001},
		cBirth:    {0, .012, .006, .0006, .00004},
		cStreet:   {0, .001, .001, .00005, .00001},
		cCity:     {0, 0, .004, .003, .01},
		cPostcode: {0, .04, 0, .01, .002},
		cRegion:   {0, 0, 0, .01, .2},
		cCountry:  {0, 0, 0, .001, .6},
		cEmail:    {0, .000005, .00001, .000001, .000005},
		cPhone:    {0, 0, 0, .0000005, .000005},
		cHandle:   {0, 0, 0, .000005, .000005},
	}
	// mostM is how often records of one person differ, at most: more are others
	// of the same house, whom the columns that are there can't tell apart.
	mostM = [columns]float64{cGiven: .08, cFamily: .12, cBirth: .1}
	// leastM is how often they differ, at least: people have several accounts.
	leastM = [columns]float64{cEmail: .05, cPhone: .08, cHandle: .05}
	// believedNearby: strangers of one city often have neighbouring codes.
	believedNearby = [levels]float64{.4, .2, .01, .2, .2}
	// floorU is the least chance with which strangers share a value.
	floorU = [columns]float64{cGiven: 2e-6, cFamily: 2e-6, cBirth: 1.5e-5, cStreet: 1e-7, cCity: 1e-5, cPostcode: 1e-5,
		cRegion: .005, cCountry: .02, cEmail: 1e-7, cPhone: 1e-7, cHandle: 1e-7}
	// believedKept is how often members of a household agree as one person would.
	believedKept = [columns]float64{cGiven: .03, cFamily: .75, cBirth: .05, cStreet: .9, cCity: .97, cPostcode: .97, cRegion: .98,
		cCountry: .99, cEmail: .06, cPhone: .5, cHandle: .01}
)

const (
	weighM = 30   // pairs
	weighU = 2000 // pairs
	weighA = 2e6  // pairs, of accounts
	weighF = 200  // records
	weighK = 30   // pairs of a household
	// A record has so many doubles, and so many others in its household, to
	// begin with.
	doubles, mates = 0.2, 0.2
)

func init0() model { // nothing was seen yet
	m := model{m: believedM, u: believedU, city: .4, region: .9, street: .01, nearby: believedNearby, kept: believedKept}
	for c := range m.u {
		rest := 1.0
		for _, p := range m.u[c][1:] {
			rest -= p
		}
		m.u[c][differ] = rest
		for l := range m.m[c] {
			m.m[c][l] = max(m.m[c][l], 1e-4)
			m.u[c][l] = max(m.u[c][l], 1e-7)
		}
	}
	return m
}

// shares sets what share of pairs are of one person and of one household.
func (m *model) shares(records float64, matched, mated float64) {
	share := func(expected, found, weight float64) float64 {
		if found >= 0 {
			expected *= (found + weight) / (expected + weight)
		}
		return min(max(expected, records*.003)/m.pairs, .1)
	}
	m.match = share(doubles*records, matched, 5)
	m.home = share(m.mates*records, mated, 20)
}

// chance is the chance that a stranger holds value v of column c, which own
// persons of the pair hold as well: whoever is compared is no stranger, or two
// records that were not yet taken for one person would speak against it.
func (m *model) chance(c int, v int32, own float64) float64 {
	others := 0.0
	if v >= 0 && int(v) < len(m.freq[c]) {
		others = max(float64(m.freq[c][v])-own, 0)
	}
	if c == cEmail || c == cPhone || c == cHandle {
		// A few who hold one address may well be one person; many are not.
		others = max(others-several, 0)
	}
	return max((others+weighF*believedU[c][exact])/(m.held[c]+weighF), floorU[c])
}

// inside is the chance that a stranger who shares value b also shares a.
func (m *model) inside(j *joint, share float64, a, b int32, count []int32) float64 {
	both := max(float64(j.count[[2]int32{a, b}])-2, 0)
	all := max(float64(count[b])-2, 0)
	return (both + 5*share) / (all + 5)
}

// values are the chances that go with the exact agreements of a pair.
type values [columns]float32

// follows is the chance that strangers of one place reach a level of what goes
// with the place: those of one city write it wrong as often as anybody.
func (m *model) follows(c int, level int8, share, chance float64) float64 {
	return share*m.m[c][level] + (1-share)*chance
}

// similar is the chance that the accounts of strangers are similar. Many are
// called john.smith and a number, so that how common that is tells.
func (s *Set) similar(m *model, c int, a, b int32, level int8, one float64) float64 {
	x, y := s.pools[c].words[a].stem, s.pools[c].words[b].stem
	held := m.held[c] + weighF
	if m.stems[c] == nil {
		return m.u[c][level]
	}
	namesakes := max(float64(m.stems[c][x])-2*max(one, 1), 0)
	share := [levels]float64{faint: .4, loose: .03, near: .2}
	if x != y {
		namesakes = max(namesakes, float64(m.stems[c][y])-2*max(one, 1))
		share = [levels]float64{faint: .01, loose: .01, near: .005}
	}
	return share[level]*namesakes/held + m.u[c][level]
}

// several is how many other holders of an account say nothing.
const several = 4

// odd says whether a date can't be, so that it must be another that was written
// wrong. oddShare of the strangers whose dates are similar have such a one,
// beside how many more of the matches do.
func (s *Set) odd(v int32) bool {
	t := s.pools[cBirth].words[v].text
	if len(t) != 8 || t[4:] == "0000" || t[6:] == "00" {
		return false
	}
	return t[:4] < "1850" || t[:4] > "2100" || t[4:6] > "12" || t[4:6] == "00" || t[6:] > "31"
}

const oddShare = .02

// own says how many persons of a pair are counted among those who hold what
// both hold, and what one of them does.
func (m *model) own(a, b int32) (both, one float64) {
	switch {
	case m.personOf == nil:
		return 0, 0
	case m.personOf[a] == m.personOf[b]:
		return 1, 1
	}
	return 2, 1
}

// derived is the chance that the accounts of strangers who share a name are
// similar.
const derived = .02

// ready works out the chances of a pair's agreements.
func (s *Set) ready(m *model, ai, bi int32, p *pattern) values {
	var out values
	a, b := &s.entries[ai], &s.entries[bi]
	own, one := m.own(ai, bi)
	for c, level := range p.level {
		if level < 0 {
			continue
		}
		chance := m.u[c][level]
		switch {
		case p.swapped && c == cGiven:
			chance = max(m.chance(cGiven, a.v[cFamily], one), m.chance(cGiven, b.v[cGiven], one))
		case p.swapped && c == cFamily:
			chance = max(m.chance(cFamily, a.v[cGiven], one), m.chance(cFamily, b.v[cFamily], one))
		case level == exact && c == cStreet:
			chance = m.chance(c, a.v[c], own)
			if p.level[cPostcode] == exact {
				chance = max(chance, m.inside(s.streetIn, m.street, a.v[c], a.v[cPostcode], s.pools[cPostcode].count))
			}
			if p.number == exact {
				chance *= .03
			}
		case c == cCity && p.level[cPostcode] == exact:
			chance = m.follows(c, level, m.city, chance)
			if level == exact {
				chance = max(m.chance(c, a.v[c], own), m.inside(s.cityIn, m.city, a.v[c], a.v[cPostcode], s.pools[cPostcode].count))
			}
		case c == cRegion && p.level[cPostcode] == exact:
			chance = m.follows(c, level, m.region, chance)
			if level == exact {
				chance = max(m.chance(c, a.v[c], own), m.inside(s.regionIn, m.region, a.v[c], a.v[cPostcode], s.pools[cPostcode].count))
			}
		case c == cRegion && p.level[cCity] >= near:
			if level == exact {
				chance = m.chance(c, a.v[c], own)
			}
			chance = m.follows(c, level, m.region*.9, chance)
		case c == cBirth && level == near && (s.odd(a.v[c]) || s.odd(b.v[c])):
			chance *= oddShare
		case c == cPostcode && level < exact && p.level[cCity] >= near:
			chance = m.nearby[level]
		case level == exact:
			chance = m.chance(c, a.v[c], own)
		case level > differ && (c == cEmail || c == cHandle):
			chance = s.similar(m, c, a.v[c], b.v[c], level, one)
			switch g, f := p.level[cGiven], p.level[cFamily]; { // accounts are named after people
			case g >= loose && f >= loose:
				chance = max(chance, derived)
			case g >= loose || f >= loose:
				chance = max(chance, derived/10)
			}
		case level == near && (c == cGiven || c == cFamily || c == cCity):
			chance = max(chance, .3*m.chance(c, a.v[c], one), .3*m.chance(c, b.v[c], one))
		}
		out[c] = float32(min(chance, .99))
	}
	return out
}

// ratio is what a column says for one person, against strangers.
func (m *model) ratio(p *pattern, v *values, c int) float64 {
	if p.swapped && (c == cGiven || c == cFamily) {
		return swapM / float64(v[c])
	}
	return m.m[c][p.level[c]] / float64(v[c])
}

// weigh returns the probabilities that a pair is one person, and that it is
// two of one household.
func (m *model) weigh(p *pattern, v *values) (match, home float64) {
	var said [columns]float64
	for c, level := range p.level {
		if level >= 0 {
			said[c] = m.ratio(p, v, c)
		}
	}
	return m.sum(&said, p.level[cEmail] == faint)
}

// sum weighs what the columns say together; 0 is of one that says nothing.
// Where a surname makes the addresses alike, they say what it does.
func (m *model) sum(said *[columns]float64, named bool) (match, home float64) {
	same, mate := m.match, m.home // times what speaks for each, against a stranger
	for c, r := range said {
		if r == 0 {
			continue
		}
		k := m.kept[c]
		if c == cEmail && named {
			k = m.kept[cFamily]
		}
		same *= r
		mate *= k*r + 1 - k
	}
	all := same + mate + 1 - m.match - m.home
	return same / all, mate / all
}

// keep learns how often members of a household agree as one person would.
func (m *model) keep(agreed, seen *[columns]float64) {
	for _, c := range [...]int{cGiven, cFamily, cBirth, cPhone, cEmail} {
		k := (agreed[c] + weighK*believedKept[c]) / (seen[c] + weighK)
		m.kept[c] = min(max(k, believedKept[c]/3), believedKept[c]*2, .95)
	}
}

// swapM, for each of the two names, is how often records have them in each
// other's place.
const swapM = .1

// manyCities is how many records must name a city before one can tell how much
// a city says.
const manyCities = 150

// supported says whether something besides the name speaks for a pair. Nobody
// is joined by name alone.
func (m *model) supported(p *pattern) bool {
	return p.level[cBirth] >= near || p.level[cStreet] >= near || p.level[cEmail] >= near || p.level[cPhone] >= near ||
		p.level[cHandle] >= near || p.level[cPostcode] >= near || p.level[cCity] >= near && m.held[cCity] >= manyCities
}

// probability of a pair to be one person.
func (s *Set) probability(m *model, a, b int32) (float64, pattern) {
	p := s.compare(&s.entries[a], &s.entries[b])
	return s.judge(m, a, b, &p), p
}

// judge is the probability of a pair that was compared.
func (s *Set) judge(m *model, a, b int32, p *pattern) float64 {
	v := s.ready(m, a, b, p)
	match, _ := m.weigh(p, &v)
	if !m.supported(p) {
		match = min(match, .2)
	}
	return match
}

// uphold keeps a higher level from being worth less than a lower one, of the
// levels that a column uses.
func (m *model) uphold() {
	for c := range m.m {
		floor := m.m[c][differ] / m.u[c][differ]
		for l := faint; l <= near; l++ {
			if believedM[c][l] == 0 {
				continue
			}
			if r := m.m[c][l] / m.u[c][l]; r < floor {
				m.m[c][l] = floor * m.u[c][l]
			} else {
				floor = r
			}
		}
	}
}
