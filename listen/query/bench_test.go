package query_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/parley-crm/parley/listen/query"
)

// stream makes posts whose words are as unevenly common as in a language, and
// monitors that look for brands in them; about one post in fifty is matched.
type stream struct {
	rnd  *rand.Rand
	zipf *rand.Zipf
}

func newStream() *stream {
	r := rand.New(rand.NewPCG(1, 2))
	return &stream{r, rand.NewZipf(r, 1.15, 4, 60_000)}
}

func (s *stream) word() string {
	n := s.zipf.Uint64()
	const syllables = "thandoinersalmekovitubera"
	var b strings.Builder
	for n = n*7 + 3; n > 0; n /= 23 {
		b.WriteString(syllables[n%23 : n%23+2])
	}
	return b.String()
}

func (s *stream) brand(of int) string { return fmt.Sprintf("brand%d", s.rnd.IntN(of)) }

func (s *stream) post(monitors int) string {
	var b strings.Builder
	for i := range 8 + s.rnd.IntN(25) {
		switch {
		case i == 0:
			b.WriteString("The ")
		case s.rnd.IntN(12) == 0:
			b.WriteString(", ")
		default:
			b.WriteByte(' ')
		}
		b.WriteString(s.word())
	}
	if s.rnd.IntN(50) == 0 || monitors == 1 && s.rnd.IntN(4) == 0 {
		b.WriteString(" #" + s.brand(monitors) + " " + s.word())
	}
	if s.rnd.IntN(8) == 0 {
		b.WriteString(" café 🔥")
	}
	if s.rnd.IntN(6) == 0 {
		fmt.Fprintf(&b, " https://example.com/%s/%d", s.word(), s.rnd.IntN(1e6))
	}
	return b.String()
}

func (s *stream) query(monitors int) string {
	brand := s.brand(monitors)
	switch s.rnd.IntN(8) {
	case 0:
		return brand
	case 1:
		return fmt.Sprintf("%s (%s OR %s OR \"%s %s\") NOT %s", brand, s.word(), s.word(), s.word(), s.word(), s.word())
	case 2:
		return fmt.Sprintf("\"%s %s\" OR #%s", s.word(), brand, brand)
	case 3:
		return fmt.Sprintf("%s NEAR/5 (%s OR %s*)", brand, s.word(), s.word())
	case 4:
		return fmt.Sprintf("%s* lang:en", brand)
	case 5:
		return fmt.Sprintf("(%s OR %s) %s NOT lang:pt", brand, s.brand(monitors), s.word())
	case 6:
		return fmt.Sprintf("from:%s (%s OR %s)", s.brand(monitors), s.word(), s.word())
	}
	return fmt.Sprintf("%s %s %s", s.word(), s.word(), brand)
}

// BenchmarkMatch reads a post and finds its monitors, as listening to a public
// stream does.
func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{1, 100, 1_000, 10_000} {
		b.Run(fmt.Sprintf("monitors=%d", n), func(b *testing.B) {
			s := newStream()
			set := query.NewSet()
			for i := range n {
				set.Add(fmt.Sprint(i), must(b, s.query(n)))
			}
			benchPosts(b, s, set, n)
		})
	}
}

// BenchmarkSharedBrand has every monitor look for the same brand beside
// something else, and posts of which one in four names it.
func BenchmarkSharedBrand(b *testing.B) {
	s := newStream()
	set := query.NewSet()
	for i := range 10_000 {
		set.Add(fmt.Sprint(i), must(b, fmt.Sprintf("brand0 (%s OR %s) topic%d", s.word(), s.word(), i%50)))
	}
	benchPosts(b, s, set, 1)
}

func benchPosts(b *testing.B, s *stream, set *query.Set, brands int) {
	posts := make([]string, 4096)
	size := 0
	for i := range posts {
		posts[i] = s.post(brands)
		size += len(posts[i])
	}
	d := query.NewDoc("", "", "")
	var ids []string
	found := 0
	b.ReportAllocs()
	b.SetBytes(int64(size / len(posts)))
	b.ResetTimer()
	for i := range b.N {
		d.Reset(posts[i%len(posts)], "en", "maria.example.org", "bluesky")
		ids = set.AppendMatch(ids[:0], d)
		found += len(ids)
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
	b.ReportMetric(float64(found)/float64(b.N), "matches/post")
}

// BenchmarkDoc reads posts without matching them.
func BenchmarkDoc(b *testing.B) {
	for name, text := range map[string]string{
		"ascii":    "The kettle that I bought from Brewell last week is broken already, what a shame! https://brewell.com/k2",
		"accents":  "A chaleira que comprei há três semanas já não aquece a água, não é aceitável — péssimo serviço!",
		"japanese": "先週買ったケトルがもう壊れました。とても残念です。返品できますか？",
	} {
		b.Run(name, func(b *testing.B) {
			d := query.NewDoc("", "", "")
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for range b.N {
				d.Reset(text, "en", "maria", "bluesky")
			}
		})
	}
}

func BenchmarkAddRemove(b *testing.B) {
	s := newStream()
	set := query.NewSet()
	for i := range 10_000 {
		set.Add(fmt.Sprint(i), must(b, s.query(10_000)))
	}
	q := must(b, `brand7 (broken OR "no good") NOT lang:pt`)
	b.ReportAllocs()
	for range b.N {
		set.Add("one", q)
		set.Remove("one")
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		must(b, `brewell (kettle* OR "hot water" NEAR/3 broken) NOT (advert OR lang:pt)`)
	}
}
