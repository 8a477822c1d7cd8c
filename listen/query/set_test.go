package query_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/parley-crm/parley/listen/query"
)

func TestSetKeepsTheOrder(t *testing.T) {
	s := query.NewSet()
	for _, id := range []string{"z", "m", "a", "k"} {
		s.Add(id, must(t, "kettle OR broken"))
	}
	s.Add("other", must(t, "teapot"))
	d := query.NewDoc("broken kettle", "", "")
	want := func(ids ...string) {
		t.Helper()
		if got := s.Match(d); !slices.Equal(got, ids) {
			t.Errorf("Match = %v, want %v", got, ids)
		}
	}
	want("z", "m", "a", "k")
	if !s.Remove("m") || s.Remove("m") {
		t.Error("m can be removed once")
	}
	want("z", "a", "k")
	s.Add("a", must(t, "teapot"))
	want("z", "k")
	s.Add("a", must(t, "broken"))
	want("z", "a", "k")
	s.Add("m", must(t, "broken"))
	want("z", "a", "k", "m")
	if s.Len() != 5 {
		t.Errorf("Len = %d, want 5", s.Len())
	}
	if q, ok := s.Query("a"); !ok || q.String() != "broken" {
		t.Errorf("Query(a) = %v, %v", q, ok)
	}
	if _, ok := s.Query("nobody"); ok {
		t.Error("there is no nobody")
	}
}

func TestAnEmptySetMatchesNothing(t *testing.T) {
	s := query.NewSet()
	if got := s.Match(query.NewDoc("kettle", "", "")); got != nil {
		t.Errorf("Match = %v", got)
	}
	s.Add("a", must(t, "kett*"))
	s.Remove("a")
	if got := s.Match(query.NewDoc("kettle", "", "")); got != nil || s.Len() != 0 {
		t.Errorf("after Remove: Match = %v, Len = %d", got, s.Len())
	}
}

func TestALongBeginning(t *testing.T) {
	w := strings.Repeat("ab", 60)
	s := query.NewSet()
	s.Add("a", must(t, w+"*"))
	s.Add("b", must(t, w+"c*"))
	if got := s.Match(query.NewDoc(w+"x", "", "")); !slices.Equal(got, []string{"a"}) {
		t.Errorf("Match = %v, want [a]", got)
	}
}

func TestSetWhileItChanges(t *testing.T) {
	s := query.NewSet()
	s.Add("always", must(t, "kettle"))
	d := query.NewDoc("my kettle is broken", "en", "maria", "bluesky")
	var wg sync.WaitGroup
	for w := range 2 {
		wg.Go(func() {
			for i := range 500 {
				id := fmt.Sprint(w, i)
				s.Add(id, must(t, []string{"kettle broken", "brok*", "lang:en", "from:maria"}[i%4]))
				if i%2 == 0 {
					s.Remove(id)
				}
			}
		})
		wg.Go(func() {
			for range 500 {
				if got := s.Match(d); len(got) == 0 || got[0] != "always" {
					t.Errorf("Match = %v, want always first", got)
					return
				}
			}
		})
	}
	wg.Wait()
	if n := len(s.Match(d)); n != 501 {
		t.Errorf("%d match in the end, want 501", n)
	}
}

// The words that generated queries and posts are made of.
var vocabulary = []string{"ab", "abc", "b", "c", "cab", "d", "#ab", "@c", "the"}

// genLeaf makes a word, a phrase or a beginning.
func genLeaf(t *rapid.T) string {
	word := rapid.SampledFrom(vocabulary)
	switch rapid.IntRange(0, 4).Draw(t, "leaf") {
	case 0:
		return rapid.SampledFrom([]string{"a*", "ab*", "c*", "#a*"}).Draw(t, "beginning")
	case 1:
		return `"` + strings.Join(rapid.SliceOfN(word, 2, 3).Draw(t, "phrase"), " ") + `"`
	}
	return word.Draw(t, "word")
}

func genSide(t *rapid.T) string {
	if rapid.Bool().Draw(t, "group") {
		return "(" + genLeaf(t) + " OR " + genLeaf(t) + ")"
	}
	return genLeaf(t)
}

// genQuery makes any query, some of which are refused.
func genQuery(t *rapid.T, depth int) string {
	kind := rapid.IntRange(0, 9).Draw(t, "kind")
	if depth == 0 && kind < 6 {
		kind = 9
	}
	switch kind {
	case 0, 1:
		return genQuery(t, depth-1) + rapid.SampledFrom([]string{" AND ", " "}).Draw(t, "and") + genQuery(t, depth-1)
	case 2:
		return genQuery(t, depth-1) + " OR " + genQuery(t, depth-1)
	case 3, 4:
		return "(" + genQuery(t, depth-1) + ")"
	case 5:
		return "NOT " + genQuery(t, depth-1)
	case 6:
		return genSide(t) + " NEAR/" + strconv.Itoa(rapid.IntRange(0, 3).Draw(t, "n")) + " " + genSide(t)
	case 7:
		return rapid.SampledFrom([]string{"lang:en", "lang:en-GB", "from:maria", "channel:bluesky", "lang:und"}).Draw(t, "field")
	}
	return genLeaf(t)
}

type post struct{ text, lang, author, channel string }

func genPost(t *rapid.T) post {
	return post{
		strings.Join(rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, 12).Draw(t, "text"), " "),
		rapid.SampledFrom([]string{"", "en", "en-gb", "pt"}).Draw(t, "lang"),
		rapid.SampledFrom([]string{"", "maria", "joe"}).Draw(t, "author"),
		rapid.SampledFrom([]string{"", "bluesky", "mastodon"}).Draw(t, "channel"),
	}
}

// naive decides a tree by the book: every word of the post against every term,
// every place against every other.
func naive(n query.Node, p post) bool {
	switch n := n.(type) {
	case *query.And:
		for _, k := range n.Of {
			if !naive(k, p) {
				return false
			}
		}
		return true
	case *query.Or:
		return slices.ContainsFunc(n.Of, func(k query.Node) bool { return naive(k, p) })
	case *query.Not:
		return !naive(n.Of, p)
	case *query.Words:
		return len(naivePlaces(n, p)) > 0
	case *query.Near:
		for _, a := range naivePlaces(n.A, p) {
			for _, b := range naivePlaces(n.B, p) {
				if a[1] <= b[0] && b[0]-a[1] <= n.N || b[1] <= a[0] && a[0]-b[1] <= n.N {
					return true
				}
			}
		}
		return false
	}
	f := n.(*query.Field)
	switch f.Name {
	case query.Lang:
		lang := p.lang
		if lang == "" {
			lang = "und"
		}
		return lang == f.Value || strings.HasPrefix(lang, f.Value+"-")
	case query.From:
		return p.author == f.Value
	}
	return p.channel == f.Value
}

// naivePlaces lists where words stand: the first, and one past the last.
func naivePlaces(n query.Node, p post) (out [][2]int) {
	if or, ok := n.(*query.Or); ok {
		for _, k := range or.Of {
			out = append(out, naivePlaces(k, p)...)
		}
		return out
	}
	terms := n.(*query.Words).Terms
	words := strings.Fields(p.text)
	for i := 0; i+len(terms) <= len(words); i++ {
		all := true
		for k, t := range terms {
			w := words[i+k]
			bare := strings.TrimLeft(w, "#@")
			all = all && (bare == t.Text || t.Prefix && strings.HasPrefix(bare, t.Text)) && (t.Sigil == 0 || w[0] == t.Sigil)
		}
		if all {
			out = append(out, [2]int{i, i + len(terms)})
		}
	}
	return out
}

func TestEverySetAgreesWithTheBook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := query.NewSet()
		trees := map[string]query.Node{}
		var ids []string
		for i := range rapid.IntRange(1, 12).Draw(t, "queries") {
			src := genQuery(t, 4)
			q, err := query.Parse(src)
			if err != nil {
				continue
			}
			if again, err := query.Parse(q.String()); err != nil || again.String() != q.String() {
				t.Fatalf("%s has the canonical form %s, which parses to %v, %v", src, q, again, err)
			}
			id := strconv.Itoa(i)
			set.Add(id, q)
			trees[id], ids = q.Tree(), append(ids, id)
		}
		gone := map[string]bool{}
		for range rapid.IntRange(1, 6).Draw(t, "posts") {
			p := genPost(t)
			d := query.NewDoc(p.text, p.lang, p.author, p.channel)
			var want []string
			for _, id := range ids {
				holds := naive(trees[id], p)
				q, there := set.Query(id)
				if there == gone[id] {
					t.Fatalf("query %s is in the set: %v", id, there)
				}
				if !there {
					continue
				}
				if q.Match(d) != holds {
					t.Fatalf("%s matches %+v: %v, by the book %v", q, p, !holds, holds)
				}
				if holds {
					want = append(want, id)
					prefilterPasses(t, q, d, p)
				}
			}
			if got := set.Match(d); !slices.Equal(got, want) {
				t.Fatalf("Match(%+v) = %v, by the book %v; %v", p, got, want, trees)
			}
			if len(ids) > 0 && rapid.Bool().Draw(t, "remove") {
				id := rapid.SampledFrom(ids).Draw(t, "which")
				if set.Remove(id) == gone[id] {
					t.Fatalf("Remove(%s) says %v", id, gone[id])
				}
				gone[id] = true
			}
		}
	})
}

func prefilterPasses(t *rapid.T, q *query.Query, d *query.Doc, p post) {
	f := query.Prefilter(q)
	lang := p.lang
	if lang == "" {
		lang = "und"
	}
	if !passes(f, d) ||
		f.Langs != nil && !slices.ContainsFunc(f.Langs, func(l string) bool { return lang == l || strings.HasPrefix(lang, l+"-") }) ||
		f.Authors != nil && !slices.Contains(f.Authors, p.author) ||
		f.Channels != nil && !slices.Contains(f.Channels, p.channel) {
		t.Fatalf("the prefilter of %s stops %+v: %+v", q, p, f)
	}
}

func TestPrefilter(t *testing.T) {
	tests := []struct{ query, want string }{
		{"kettle", "kettle"},
		{"kettle broken NOT advert", "kettle AND broken"},
		{"kettle OR teapot", "kettle|teapot"},
		{"(kettle OR teapot) broken", "broken AND kettle|teapot"},
		{`"descaling kit"`, "descaling AND kit"},
		{`"the descaling" OR kettle`, "kettle|descaling"},
		{"kettl*", "kettl*"},
		{"a NEAR/3 (kettle OR teapot)", "kettle|teapot AND a"},
		{"日本", "日 AND 本"},
		{"🔥", ""},
		{"kettle OR 🔥", ""},
		{"kettle 🔥", "kettle"},
		{"lang:en", "langs en"},
		{"(lang:en OR lang:pt) kettle", "kettle langs en,pt"},
		{"lang:en OR kettle", ""},
		{"from:Maria channel:Bluesky", "channels bluesky authors maria"},
		{"NOT (lang:en OR NOT kettle)", "kettle"},
	}
	for _, tt := range tests {
		f := query.Prefilter(must(t, tt.query))
		var parts []string
		for _, c := range f.Words {
			var terms []string
			for _, term := range c {
				w := term.Text
				if term.Prefix {
					w += "*"
				}
				terms = append(terms, w)
			}
			parts = append(parts, strings.Join(terms, "|"))
		}
		got := strings.Join(parts, " AND ")
		if f.Langs != nil {
			got += " langs " + strings.Join(f.Langs, ",")
		}
		if f.Channels != nil {
			got += " channels " + strings.Join(f.Channels, ",")
		}
		if f.Authors != nil {
			got += " authors " + strings.Join(f.Authors, ",")
		}
		if got = strings.TrimSpace(got); got != tt.want {
			t.Errorf("Prefilter(%s) = %s, want %s", tt.query, got, tt.want)
		}
		if f.Empty() != (tt.want == "") {
			t.Errorf("Prefilter(%s).Empty() = %v", tt.query, f.Empty())
		}
	}
	wide := must(t, strings.Repeat("w1 OR ", 10)+words(200, " OR "))
	if f := query.Prefilter(wide); !f.Empty() {
		t.Errorf("an OR of 200 words is too much for an index: %d terms", len(f.Words[0]))
	}
	if f := query.Prefilter(must(t, words(200, " "))); len(f.Words) == 0 || len(f.Words) > 24 {
		t.Errorf("an AND of 200 words asks for %d", len(f.Words))
	}
}

func words(n int, between string) string {
	var w []string
	for i := range n {
		w = append(w, "word"+strconv.Itoa(i))
	}
	return strings.Join(w, between)
}
