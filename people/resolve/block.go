package resolve

import (
	"cmp"
	"slices"
	"strings"
)

// most is how many entries a block may hold before it is parted; window is how
// many neighbours each is compared with in a block that can't be.
const (
	most   = 50
	window = 12
)

// blocks are groups of entries that may be the same person: members of block
// i are member[start[i]:start[i+1]], in order.
type blocks struct {
	start  []int32
	member []int32
	// of[from[e]:from[e+1]] are the blocks of entry e.
	from []int32
	of   []int32
}

type keyed struct {
	key uint64
	who int32
}

// hashOf is FNV-1a: the same input gives the same persons, every time.
func hashOf(kind byte, parts ...string) uint64 {
	h := uint64(14695981039346656037)
	h = (h ^ uint64(kind)) * 1099511628211
	for _, p := range parts {
		for i := 0; i < len(p); i++ {
			h = (h ^ uint64(p[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211 // 0xff is in no text
	}
	return h
}

// facets are the parts of an entry that keys are made of; "" is unknown.
type facets struct {
	given, family, givenSound, familySound, street, number, city, citySound, postcode, birth, email, emailLocal, phone, handle string
}

func (s *Set) facets(e *entry) facets {
	text := func(c int) string {
		if e.v[c] < 0 {
			return ""
		}
		return s.pools[c].words[e.v[c]].text
	}
	heard := func(c int) string {
		if e.v[c] < 0 {
			return ""
		}
		return s.pools[c].words[e.v[c]].sound
	}
	f := facets{given: text(cGiven), family: text(cFamily), givenSound: heard(cGiven), familySound: heard(cFamily), street: text(cStreet),
		city: text(cCity), citySound: heard(cCity), postcode: text(cPostcode), birth: text(cBirth),
		email: text(cEmail), emailLocal: heard(cEmail), phone: text(cPhone), handle: text(cHandle)}
	if e.number >= 0 {
		f.number = s.numbers.words[e.number].text
	}
	return f
}

func first(s string, n int) string {
	if len(s) < n {
		return s
	}
	return s[:n]
}

// keys calls add for every key of an entry.
func (f *facets) keys(add func(uint64)) {
	put := func(kind byte, parts ...string) {
		for _, p := range parts {
			if p == "" {
				return
			}
		}
		add(hashOf(kind, parts...))
	}
	pair := func(kind byte, a, b string, more ...string) { // in either order
		if a == "" || b == "" {
			return
		}
		if a > b {
			a, b = b, a
		}
		put(kind, append([]string{a, b}, more...)...)
	}
	put('e', f.email)
	if n := len(f.emailLocal); n >= 5 {
		put('l', f.emailLocal)
		put('L', f.emailLocal[:4], f.emailLocal[n-3:])
		put('M', f.emailLocal[n-5:])
		put('K', first(f.emailLocal, 6))
	}
	put('p', f.phone)
	if n := len(f.phone); n >= 7 {
		put('P', f.phone[n-6:])
		put('q', f.phone[:n-3])
		put('Q', f.phone[1:4], f.phone[n-3:])
	}
	put('h', f.handle)
	if n := len(f.handle); n >= 6 {
		put('H', f.handle[:4], f.handle[n-2:])
	}
	given1, family1 := first(f.given, 1), first(f.family, 1)
	pair('n', f.givenSound, f.familySound)
	put('N', f.givenSound, family1)
	put('O', f.familySound, given1)
	year, month, day := "", "", ""
	switch {
	case len(f.birth) != 8:
		put('b', f.birth)
	case f.birth[4:] == "0000":
		year = f.birth[:4]
	default:
		year, month, day = f.birth[:4], f.birth[4:6], f.birth[6:]
		put('b', sorted(f.birth)) // digits change places
		for i := range f.birth {  // or one is another
			put(128+byte(i), f.birth[:i], f.birth[i+1:], given1)
			put(144+byte(i), f.birth[:i], f.birth[i+1:], family1)
		}
	}
	code := sorted(f.postcode)
	for _, name := range []string{f.familySound, f.givenSound} {
		put('y', name, year)
		put('m', name, month, day)
		put('z', name, code)
		put('c', name, f.citySound)
		put('s', name, f.street)
		if name == f.familySound && name == f.givenSound {
			break
		}
	}
	put('i', first(f.family, 2), first(f.given, 2), code)
	put('j', family1, given1, f.citySound)
	put('J', first(f.family, 2), first(f.given, 2))
	put('a', f.street, f.number)
	put('f', first(f.street, 4), f.number)
	put('A', f.street, f.postcode)
	put('B', first(f.street, 4), f.citySound)
	put('d', f.number, code)
	put('v', f.number, f.citySound)
	put('x', f.postcode, year)
	put('X', f.citySound, year)
	put('w', code, month, day)
	put('W', f.citySound, month, day)
}

// sorted puts the characters of a value in order.
func sorted(s string) string {
	b := []byte(s)
	slices.Sort(b)
	return string(b)
}

// finer are further keys by which a block that is too large is parted.
func (f *facets) finer(key uint64, add func(uint64)) {
	k := string([]byte{byte(key), byte(key >> 8), byte(key >> 16), byte(key >> 24), byte(key >> 32), byte(key >> 40), byte(key >> 48), byte(key >> 56)})
	birth := ""
	if len(f.birth) == 8 {
		birth = f.birth[:4]
	}
	for i, part := range []string{f.givenSound, f.familySound, birth, f.postcode, f.city, f.street, f.email, f.phone} {
		if part != "" {
			add(hashOf('0'+byte(i), k, part))
		}
	}
}

// block groups the entries.
func (s *Set) block() *blocks {
	var keys []keyed
	for i := range s.entries {
		f := s.facets(&s.entries[i])
		f.keys(func(k uint64) { keys = append(keys, keyed{k, int32(i)}) })
	}
	b := &blocks{start: []int32{0}}
	had := map[uint64]bool{} // large blocks, by their members
	for round := 0; len(keys) > 0; round++ {
		sortKeys(keys)
		var next []keyed
		for i := 0; i < len(keys); {
			j := i + 1
			for j < len(keys) && keys[j].key == keys[i].key {
				j++
			}
			switch run := keys[i:j]; {
			case len(run) < 2:
			case len(run) <= most:
				b.add(run)
			case again(had, run):
			case round < 2:
				for _, k := range run {
					f := s.facets(&s.entries[k.who])
					f.finer(k.key, func(key uint64) { next = append(next, keyed{key, k.who}) })
				}
				if round == 0 {
					s.slide(b, run)
				}
			default:
				s.slide(b, run)
			}
			i = j
		}
		keys = next
	}
	b.index(len(s.entries))
	return b
}

// again says whether the same entries were a block before.
func again(had map[uint64]bool, run []keyed) bool {
	h := uint64(len(run))
	for _, k := range run {
		h = (h ^ uint64(k.who)) * 1099511628211
	}
	if had[h] {
		return true
	}
	had[h] = true
	return false
}

func sortKeys(keys []keyed) {
	slices.SortFunc(keys, func(a, b keyed) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return cmp.Compare(a.who, b.who)
	})
}

func (b *blocks) add(run []keyed) {
	for i, k := range run {
		if i > 0 && run[i-1].who == k.who {
			continue
		}
		b.member = append(b.member, k.who)
	}
	b.start = append(b.start, int32(len(b.member)))
}

// slide makes small blocks of neighbours out of a large one, in the order of
// their names and addresses.
func (s *Set) slide(b *blocks, run []keyed) {
	type named struct {
		name string
		who  int32
	}
	order := make([]named, len(run))
	for i, k := range run {
		f := s.facets(&s.entries[k.who])
		order[i] = named{strings.Join([]string{f.family, f.given, f.birth, f.street, f.number, f.email, f.phone}, "\x00"), k.who}
	}
	slices.SortFunc(order, func(a, b named) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.who, b.who)) })
	for i := 0; i < len(order); i += window / 2 {
		end := min(i+window, len(order))
		if end-i < 2 {
			break
		}
		at := len(b.member)
		for _, n := range order[i:end] {
			b.member = append(b.member, n.who)
		}
		slices.Sort(b.member[at:])
		b.start = append(b.start, int32(len(b.member)))
	}
}

// index notes the blocks of each entry.
func (b *blocks) index(n int) {
	b.from = make([]int32, n+1)
	for _, m := range b.member {
		b.from[m+1]++
	}
	for i := range n {
		b.from[i+1] += b.from[i]
	}
	at := slices.Clone(b.from[:n])
	b.of = make([]int32, len(b.member))
	for i := range len(b.start) - 1 {
		for _, m := range b.member[b.start[i]:b.start[i+1]] {
			b.of[at[m]] = int32(i)
			at[m]++
		}
	}
}

// pairs calls f for every later entry that shares a block with e, once each.
// The marks belong to the caller, one for each entry, all -1 at first.
func (b *blocks) pairs(e int32, marks []int32, f func(other int32)) {
	for _, i := range b.of[b.from[e]:b.from[e+1]] {
		members := b.member[b.start[i]:b.start[i+1]]
		at, _ := slices.BinarySearch(members, e+1)
		for _, m := range members[at:] {
			if marks[m] != e {
				marks[m] = e
				f(m)
			}
		}
	}
}
