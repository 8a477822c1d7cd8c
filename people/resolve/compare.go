package resolve

import "strings"

// Levels of agreement, 0 for values that differ; a column uses some of them.
const (
	missing = -1
	differ  = 0
	faint   = 1
	loose   = 2
	near    = 3
	exact   = 4
	levels  = 5
)

// pattern is how two entries agree.
type pattern struct {
	level   [columns]int8
	swapped bool // given and family name stand in each other's place
	number  int8 // of the house: missing, differ, near or exact
	said    int8 // names that only an e-mail address says
}

// compare compares two entries column by column.
func (s *Set) compare(a, b *entry) pattern {
	p := pattern{said: a.said | b.said}
	s.compareNames(a, b, &p)
	p.level[cBirth] = s.compareBirth(a.v[cBirth], b.v[cBirth])
	s.compareStreets(a, b, &p)
	p.level[cCity] = s.comparePlaces(a.v[cCity], b.v[cCity])
	p.level[cPostcode] = s.comparePostcodes(a.v[cPostcode], b.v[cPostcode])
	p.level[cRegion] = s.compareRegions(a.v[cRegion], b.v[cRegion])
	p.level[cCountry] = s.compareCodes(cCountry, a.v[cCountry], b.v[cCountry])
	p.level[cEmail] = s.compareEmails(a.v[cEmail], b.v[cEmail])
	p.level[cPhone] = s.compareCodes(cPhone, a.v[cPhone], b.v[cPhone])
	p.level[cHandle] = s.compareCodes(cHandle, a.v[cHandle], b.v[cHandle])
	return p
}

func (s *Set) compareNames(a, b *entry, p *pattern) {
	given := s.compareName(a.v[cGiven], b.v[cGiven], true)
	family := s.compareName(a.v[cFamily], b.v[cFamily], false)
	if given <= loose && family <= loose && (given >= 0 || family >= 0) {
		x := s.compareName(a.v[cGiven], b.v[cFamily], true)
		y := s.compareName(a.v[cFamily], b.v[cGiven], true)
		if x >= near && y >= near || (x == exact && y == missing || y == exact && x == missing) && given <= differ && family <= differ {
			given, family, p.swapped = min(x, near), min(y, near), true
			if x == missing {
				given = missing
			}
			if y == missing {
				family = missing
			}
		}
	}
	p.level[cGiven], p.level[cFamily] = given, family
}

func (s *Set) compareName(a, b int32, given bool) int8 {
	switch {
	case a < 0 || b < 0:
		return missing
	case a == b:
		return exact
	}
	x, y := &s.pools[cGiven].words[a], &s.pools[cGiven].words[b]
	if len(x.runes) == 0 || len(y.runes) == 0 {
		return missing
	}
	if given && (len(x.runes) == 1 || len(y.runes) == 1) {
		if x.runes[0] == y.runes[0] {
			return faint
		}
		return differ
	}
	if given && samePet(x.text, y.text) {
		return near
	}
	if (x.tokens != nil || y.tokens != nil) && shareWord(x, y, 3) {
		if given && !sameFirst(x, y) {
			return faint // the second name of one is the first of the other
		}
		return near
	}
	if mayBeAlike(x, y) {
		n := min(len(x.runes), len(y.runes))
		switch e := edits(x.runes, y.runes, 2); {
		case e <= 1 && n >= 4, e == 0:
			return near
		case e <= 2 && n >= 6:
			return loose
		case e <= 1 && n >= 3:
			return loose
		}
		switch l := alike(x.runes, y.runes); {
		case l >= 0.93:
			return near
		case l >= 0.87:
			return loose
		}
	}
	if x.sound == y.sound && len(x.sound) >= 2 {
		return loose
	}
	if n := min(len(x.runes), len(y.runes)); n >= 3 && (edits(x.runes, y.runes, 2) <= min(2, n-2) || mayBeAlike(x, y) && alike(x.runes, y.runes) >= 0.8) {
		return faint
	}
	return differ
}

// sameFirst says whether two values begin with the same word, or with words
// that are written alike.
func sameFirst(a, b *word) bool {
	x, _, _ := strings.Cut(a.text, " ")
	y, _, _ := strings.Cut(b.text, " ")
	return x == y || samePet(x, y) || edits([]rune(cut(x, 60)), []rune(cut(y, 60)), 2) <= 2 && min(len(x), len(y)) > 3
}

// shareWord says whether one value's words are all among the other's, or one
// of at least n letters is in both.
func shareWord(a, b *word, n int) bool {
	one := func(w *word) []string {
		if w.tokens != nil {
			return w.tokens
		}
		return []string{w.text}
	}
	x, y := one(a), one(b)
	if len(x) > 8 || len(y) > 8 {
		return false
	}
	for _, t := range x {
		for _, u := range y {
			if t == u && len(t) >= n {
				return true
			}
		}
	}
	return false
}

func (s *Set) compareBirth(a, b int32) int8 {
	switch {
	case a < 0 || b < 0:
		return missing
	case a == b:
		return exact
	}
	x, y := &s.pools[cBirth].words[a], &s.pools[cBirth].words[b]
	if len(x.text) != 8 || len(y.text) != 8 {
		if edits(x.runes, y.runes, 1) <= 1 {
			return near
		}
		return differ
	}
	year, month, day := x.text[:4] == y.text[:4], x.text[4:6] == y.text[4:6], x.text[6:] == y.text[6:]
	if x.text[4:] == "0000" || y.text[4:] == "0000" {
		if year {
			return loose
		}
		return differ
	}
	if x.text[6:] == "00" || y.text[6:] == "00" {
		if year && month {
			return near
		}
	}
	if year && x.text[4:6] == y.text[6:] && x.text[6:] == y.text[4:6] {
		return near
	}
	switch edits(x.runes, y.runes, 2) {
	case 1:
		return near
	case 2:
		if year && (month || day) || month && day {
			return loose
		}
		return faint
	}
	if year && (month || day) || month && day || sorted(x.text) == sorted(y.text) {
		return loose
	}
	return differ
}

// compareStreets compares number and name together.
func (s *Set) compareStreets(a, b *entry, p *pattern) {
	p.number = missing
	if a.number >= 0 && b.number >= 0 {
		p.number = differ
		if a.number == b.number {
			p.number = exact
		} else if edits(s.numbers.words[a.number].runes, s.numbers.words[b.number].runes, 1) <= 1 &&
			len(s.numbers.words[a.number].runes)+len(s.numbers.words[b.number].runes) > 3 {
			p.number = near
		}
	}
	name := s.compareStreetNames(a.v[cStreet], b.v[cStreet])
	level := int8(differ)
	switch {
	case name == missing:
		level = missing
	case name == exact && p.number == exact:
		level = exact
	case name == exact && p.number == missing:
		level = near
		if a.number < 0 && b.number < 0 {
			level = exact
		}
	case name == exact && p.number == near, name >= loose && p.number == exact:
		level = near
	case name == exact:
		level = loose
	case name >= loose:
		level = faint
		if p.number == missing || p.number == near {
			level = loose
		}
	case p.number == exact && a.v[cStreet] >= 0:
		level = differ
	}
	p.level[cStreet] = level
}

func (s *Set) compareStreetNames(a, b int32) int8 {
	switch {
	case a < 0 || b < 0:
		return missing
	case a == b:
		return exact
	}
	x, y := &s.pools[cStreet].words[a], &s.pools[cStreet].words[b]
	if mayBeAlike(x, y) {
		if edits(x.runes, y.runes, 2) <= 2 && min(len(x.runes), len(y.runes)) >= 5 || alike(x.runes, y.runes) >= 0.93 {
			return near
		}
	}
	if (x.tokens != nil || y.tokens != nil) && (shareWord(x, y, 5) || sameFirst(x, y)) {
		return loose
	}
	return differ
}

func (s *Set) comparePlaces(a, b int32) int8 {
	switch {
	case a < 0 || b < 0:
		return missing
	case a == b:
		return exact
	}
	x, y := &s.pools[cCity].words[a], &s.pools[cCity].words[b]
	if mayBeAlike(x, y) {
		switch e := edits(x.runes, y.runes, 2); {
		case e <= 1, e == 2 && min(len(x.runes), len(y.runes)) >= 7:
			return near
		}
		if alike(x.runes, y.runes) >= 0.92 {
			return near
		}
	}
	if (x.tokens != nil || y.tokens != nil) && shareWord(x, y, 5) || x.sound == y.sound && len(x.sound) > 2 {
		return loose
	}
	return differ
}

func (s *Set) comparePostcodes(a, b int32) int8 {
	switch {
	case a < 0 || b < 0:
		return missing
	case a == b:
		return exact
	}
	x, y := &s.pools[cPostcode].words[a], &s.pools[cPostcode].words[b]
	n := min(len(x.runes), len(y.runes))
	switch {
	case edits(x.runes, y.runes, 1) <= 1:
		return near
	case n >= 5 && x.text[:min(5, len(x.text))] == y.text[:min(5, len(y.text))]:
		return near // ZIP and ZIP+4
	case n >= 3 && string(x.runes[:n-2]) == string(y.runes[:n-2]):
		return faint
	}
	return differ
}

// compareRegions takes NC and SC for two, and NC and N, which nobody else writes,
// for one that is misspelt.
func (s *Set) compareRegions(a, b int32) int8 {
	level := s.compareCodes(cRegion, a, b)
	if level != differ {
		return level
	}
	p := s.pools[cRegion]
	if rare := int32(len(s.entries) / 200); p.count[a] > rare && p.count[b] > rare {
		return differ
	}
	if edits(p.words[a].runes, p.words[b].runes, 1) <= 1 {
		return near
	}
	return differ
}

func (s *Set) compareCodes(c int, a, b int32) int8 {
	switch {
	case a < 0 || b < 0:
		return missing
	case a == b:
		return exact
	}
	x, y := &s.pools[c].words[a], &s.pools[c].words[b]
	n := min(len(x.runes), len(y.runes))
	if e := edits(x.runes, y.runes, 1); e <= 1 && n >= 3 {
		return near
	}
	return differ
}

func (s *Set) compareEmails(a, b int32) int8 {
	switch {
	case a < 0 || b < 0:
		return missing
	case a == b:
		return exact
	}
	x, y := &s.pools[cEmail].words[a], &s.pools[cEmail].words[b]
	switch {
	case min(len(x.runes), len(y.runes)) <= 9:
	case edits(x.runes, y.runes, 1) <= 1:
		return near
	case x.sound == y.sound && len(x.sound) >= 5:
		return loose
	case edits(x.runes, y.runes, 2) <= 2:
		return faint
	}
	return differ
}
