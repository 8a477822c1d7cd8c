package resolve

// Others says how many other people hold a value that is compared, by the name
// of its column as in CSV; what is left out is rare.
type Others map[string]int

// Pair weighs two records by what is believed of people in general, where
// there is no whole input to learn from: two contacts of a population. It says
// how probable it is that they are one person, and why. It is below 0.2 where
// only the name speaks for it.
func Pair(a, b Record, population int, others Others) (probability float64, why []string) {
	s := New()
	s.alone = true
	s.Add(a)
	s.Add(b)
	s.readDates()
	s.count()
	x, y := s.entryOf[0], s.entryOf[1]
	m := init0()
	n := float64(max(population, 100))
	m.pairs = n * (n - 1) / 2
	m.match, m.home = doubles*n/m.pairs, mates/4*n/m.pairs
	for c := range m.held {
		m.held[c] = n
		m.freq[c] = make([]float32, len(s.pools[c].words))
		for v := range m.freq[c] {
			m.freq[c][v] = float32(others[csvNames[c]])
		}
	}
	p := s.compare(&s.entries[x], &s.entries[y])
	return s.judge(&m, x, y, &p), reasons(&p)
}

var csvNames = [columns]string{cGiven: "given_name", cFamily: "family_name", cBirth: "birth_date", cStreet: "street", cCity: "city",
	cPostcode: "postcode", cRegion: "region", cCountry: "country", cEmail: "email", cPhone: "phone", cHandle: "handle"}
