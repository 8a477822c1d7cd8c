package query_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/social"
)

// bounded fails when f takes long or asks for much memory.
func bounded(t *testing.T, name string, f func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	f()
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if took > 2*time.Second { // far above what it takes, for machines that are busy
		t.Errorf("%s: it took %v", name, took)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 128<<20 {
		t.Errorf("%s: it asked for %d MB", name, n>>20)
	}
}

// Whatever is typed, reading a query ends soon, with the query or with a
// sentence that says what is wrong and where.
func TestHostileQueries(t *testing.T) {
	tests := []struct{ name, query string }{
		{"100 KB of a word", strings.Repeat("a", 100<<10)},
		{"100 KB of words", strings.Repeat("kettle ", 100<<10/7)},
		{"100 KB of emoji", strings.Repeat("🔥", 100<<10/4)},
		{"nested 10,000 deep", strings.Repeat("(", 10_000) + "a" + strings.Repeat(")", 10_000)},
		{"nested 10,000 deep and never closed", strings.Repeat("(", 10_000)},
		{"closed 10,000 times", "a" + strings.Repeat(")", 10_000)},
		{"10,000 NOTs", strings.Repeat("NOT ", 10_000) + "a"},
		{"10,000 operators", strings.Repeat("AND OR ", 5_000)},
		{"NEAR after NEAR", "a" + strings.Repeat(" NEAR/100 a", 900)},
		{"NEAR of ORs of NEARs", strings.Repeat("(a OR b) NEAR/9 ", 600) + "c"},
		{"a thousand beginnings", strings.Repeat("a* ", 1000)},
		{"beginnings of beginnings", strings.Repeat("a*", 1000)},
		{"stars alone", strings.Repeat("*", 9000)},
		{"a regular expression that explodes", `(a+)+$ (.*)*x ([a-z]+)*\1 (?=a)(a|aa)+$`},
		{"quotes", strings.Repeat(`"`, 9999)},
		{"a phrase within phrases", strings.Repeat(`"a "b" `, 1000)},
		{"fields", strings.Repeat("lang:lang:lang: ", 600)},
		{"invalid UTF-8", "kettle \xff\xfe\xc3\x28 \xed\xa0\x80 leak"},
		{"only invalid UTF-8", strings.Repeat("\xff", 9000)},
		{"zero bytes", "kettle\x00leak \x00"},
		{"right to left, and marks that turn the line", "غلاية \u202eelttek\u202c קומקום \u2066a\u2069"},
		{"marks upon marks", "k" + strings.Repeat("\u0301", 9000)},
		{"a family of flags", strings.Repeat("👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿", 400)},
		{"wide and narrow letters", "ｋｅｔｔｌｅ ﬁlter Ⅷ ㍿"},
		{"spaces of every sort", "a\u00a0b\u2003c\u3000d\u200be\ufeff"},
	}
	post := query.NewDoc(strings.Repeat("a b kettle aa ab ", 6000), "en", "maria", "bluesky") // 100 KB
	for _, test := range tests {
		bounded(t, test.name, func() {
			query.Tokens(test.query)
			q, err := query.Parse(test.query)
			if err != nil {
				if social.KindOf(err) != social.Invalid || len(err.Error()) > 500 || !strings.HasSuffix(err.Error(), ".") {
					t.Errorf("%s: said %.600q", test.name, err)
				}
				return
			}
			q.Match(post)
			set := query.NewSet()
			set.Add("1", q)
			set.AppendMatch(nil, post)
			query.Prefilter(q)
			if again, err := query.Parse(q.String()); err != nil || again.String() != q.String() {
				t.Errorf("%s: its canonical form is not one: %v", test.name, err)
			}
		})
	}
}

// Whatever is posted, matching it ends soon, also with every wild monitor there is.
func TestHostilePosts(t *testing.T) {
	set := query.NewSet()
	for i, s := range []string{
		"a* b* c*", "((a OR b) NEAR/100 (a OR d)) (a NEAR/100 e*)", `"a a a a a a a b"`, "(a NEAR/50 a) (a* NEAR/100 a*) (a NEAR/50 b)", "a* NOT x",
		strings.Repeat("a* OR ", 500) + "b", "x" + strings.Repeat(" OR (a* NEAR/100 zz*) OR (zz NEAR/9 a)", 20),
	} {
		set.Add(string(rune('a'+i)), must(t, s))
	}
	posts := map[string]string{
		"one letter, 250 KB":                strings.Repeat("a", 250<<10),
		"one word again and again, 250 KB":  strings.Repeat("a ", 125<<10),
		"emoji, 250 KB":                     strings.Repeat("🔥 ", 50<<10),
		"invalid UTF-8, 250 KB":             strings.Repeat("a\xff ", 83<<10),
		"marks upon marks":                  "a" + strings.Repeat("\u0301", 100<<10),
		"right to left":                     strings.Repeat("\u202e غلاية a ", 10<<10),
		"a hundred thousand different ones": words(30_000, " "),
	}
	for name, text := range posts {
		bounded(t, name, func() {
			d := query.NewDoc(text, "en", "maria", "bluesky")
			set.AppendMatch(nil, d)
		})
	}
}
