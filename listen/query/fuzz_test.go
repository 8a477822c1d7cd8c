package query_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/social"
)

// FuzzQuery gives any query and any text: nothing panics, mistakes point into
// the query, the canonical form is the same query, and everything that decides
// a match agrees.
func FuzzQuery(f *testing.F) {
	for _, s := range []string{
		`kettle AND (teapot* OR "descaling kit") NOT lang:pt-BR`, "a NEAR/3 (b OR c*)", "日本 NOT กาน้ำ", "👩‍🚒 OR 🇵🇹 #k2 @maria@example.org",
		"from:@María channel:\"Our shop\"", "https://brewell.com/k2_x don't ½ ﷺ ㈱ ｶﾞ", "((a) OR (b))", "NOT NOT a", "\xff\xfe*", `"""`, "e\u0301*",
		"lang:de ~Häuser OR \"~kettle leaks\"", "갤럭시 NEAR/2 ~leaking", "～ies NOT lang:ko 주전자에서는",
	} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, s, text string) {
		for _, tok := range query.Tokens(s) {
			if tok.Start >= tok.End || tok.Text == "" {
				t.Fatalf("token %+v of %q", tok, s)
			}
		}
		d := query.NewDoc(text, "pt-BR", "maria", "our shop")
		index := d.IndexText()
		if again := query.IndexText(index); again != index {
			t.Fatalf("%q is indexed as %q, which is indexed as %q", text, index, again)
		}
		q, err := query.Parse(s)
		if m := query.Mend(s); m != "" {
			if _, again := query.Parse(m); err == nil || again != nil {
				t.Fatalf("%q is mended as %q: %v, %v", s, m, err, again)
			}
		}
		if err != nil {
			var e *social.Error
			if !errors.As(err, &e) || e.Kind != social.Invalid || e.At < 1 || e.At > utf8.RuneCountInString(s)+1 || !strings.HasSuffix(e.Text, ".") {
				t.Fatalf("Parse(%q): %#v", s, err)
			}
			return
		}
		c := q.String()
		again, err := query.Parse(c)
		if err != nil {
			if utf8.RuneCountInString(c) > query.MaxRunes {
				return
			}
			t.Fatalf("%q has the canonical form %q: %v", s, c, err)
		}
		if again.String() != c {
			t.Fatalf("%q → %q → %q", s, c, again)
		}
		match := q.Match(d)
		set := query.NewSet()
		set.Add("q", q)
		if again.Match(d) != match || len(set.Match(d)) == 1 != match {
			t.Fatalf("%q on %q: query %v, canonical form %v, set %v", s, text, match, again.Match(d), set.Match(d))
		}
		if match && !passes(query.Prefilter(q), d) {
			t.Fatalf("the prefilter of %q stops %q", s, text)
		}
		end := 0
		for _, h := range q.Hits(d) {
			if h.Start < end || h.End <= h.Start || h.End > len(text) {
				t.Fatalf("hits of %q in %q: %v", s, text, q.Hits(d))
			}
			end = h.End
		}
	})
}
