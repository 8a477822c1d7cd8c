package query_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/social"
)

func TestMistakes(t *testing.T) {
	long := func(n int) string { return strings.Repeat("a ", n) }
	tests := []struct {
		about string
		query string
		at    int
		says  string
	}{
		{"nothing", "", 1, "empty"},
		{"only spaces", " \t\n", 1, "empty"},
		{"an open quote", `kettle "descaling kit`, 8, "never closed"},
		{"an open curly quote", "kettle “kit", 8, "never closed"},
		{"an empty phrase", `kettle ""`, 8, "no word"},
		{"a phrase of signs", `"?!"`, 1, "no word"},
		{"a word of signs", "kettle ?!", 8, "There is no word in “?!”"},
		{"an open parenthesis", "kettle (broken OR leaking", 8, "never closed"},
		{"an open parenthesis at the end", "kettle (", 8, "never closed"},
		{"the inner parenthesis is the open one", "(a (b)", 1, "never closed"},
		{"a parenthesis too many", "kettle) broken", 7, "closes nothing"},
		{"a parenthesis first", ")", 1, "closes nothing"},
		{"empty parentheses", "kettle ()", 8, "empty"},
		{"AND at the end", "kettle AND", 8, "Nothing follows AND"},
		{"AND at the beginning", "AND kettle", 1, "Nothing stands before AND"},
		{"AND before a parenthesis", "(kettle AND) broken", 9, "Nothing follows AND"},
		{"AND twice", "a AND AND b", 7, "AND follows AND"},
		{"OR at the end", "kettle OR ", 8, "Nothing follows OR"},
		{"OR first in a group", "a (OR b)", 4, "Nothing stands before OR"},
		{"OR after AND", "a AND OR b", 7, "OR follows AND"},
		{"NOT at the end", "kettle NOT", 8, "Nothing follows NOT"},
		{"NOT before AND", "a NOT AND b", 7, "AND follows NOT"},
		{"only NOT", "NOT kettle", 1, "only leaves things out"},
		{"only NOTs", "NOT a NOT b", 1, "only leaves things out"},
		{"only NOT in a branch", "kettle OR NOT mini", 11, "side of OR"},
		{"only NOT in a grouped branch", "kettle OR (NOT mini NOT tea)", 12, "side of OR"},
		{"NOT of both is a branch that excludes", "NOT (a b)", 1, "only leaves things out"},
		{"only a NOT field", "NOT lang:en", 1, "only leaves things out"},
		{"a * alone", "kettle *", 8, "needs the beginning"},
		{"a * first", "*ettle", 1, "not begin it"},
		{"a * inside", "k*ttle", 2, "not stand inside it; write the beginning alone, such as k*"},
		{"a * inside, after an accent", "éa*x", 3, "such as éa*"},
		{"a * twice", "kettl**", 7, "needs the beginning"},
		{"a * after a hyphen", "k2-*", 4, "needs the beginning"},
		{"a * after a phrase", `"hot kettle"*`, 13, "inside the quotes"},
		{"a * inside a phrase", `"hot *ettle"`, 6, "not begin it"},
		{"a * after an emoji", "🔥*", 2, "emoji"},
		{"NEAR without number", "a NEAR b", 3, "NEAR needs a number"},
		{"NEAR with a stroke only", "a NEAR/ b", 3, "NEAR needs a number"},
		{"NEAR with a word", "a NEAR/x b", 8, "whole number"},
		{"NEAR with a minus", "a NEAR/-3 b", 8, "whole number"},
		{"NEAR too far", "a NEAR/99999999999999999999 b", 8, "at most 1000"},
		{"NEAR at the end", "a NEAR/3", 3, "Nothing follows NEAR"},
		{"NEAR at the beginning", "NEAR/3 a", 1, "Nothing stands before NEAR"},
		{"NEAR a field", "a NEAR/3 lang:en", 10, "lang: says nothing about places"},
		{"a field NEAR", "lang:en NEAR/3 a", 1, "lang: says nothing about places"},
		{"NEAR words joined by AND", "a NEAR/3 (b c)", 11, "in quotes"},
		{"NEAR a group with AND inside", "a NEAR/3 (x OR (b c))", 17, "in quotes"},
		{"NEAR NOT", "a NEAR/3 NOT b", 10, "NOT cannot follow NEAR"},
		{"NEAR a group that excludes", "a NEAR/3 (NOT b)", 11, "not there"},
		{"NEAR in a row", "a NEAR/3 b NEAR/4 c", 12, "(a NEAR/3 b) AND (b NEAR/4 c)"},
		{"NEAR inside NEAR", "(a NEAR/3 b) NEAR/4 c", 2, "inside another"},
		{"an unknown field", "kettle size:large", 8, `There is no field “size:”; the fields are lang:, from:, channel: and place:. To look for the words, put them in quotes: "size:large".`},
		{"an unknown field without value", "note: kettle", 1, "leave the colon out"},
		{"a misspelt field", "lnag:en", 1, "did you mean lang:?"},
		{"a field of another language", "author:maria", 1, "did you mean from:?"},
		{"another field of another language", "Source:bluesky", 1, "did you mean channel:?"},
		{"a field without value", "kettle lang: en", 8, "lang: needs a value right after the colon, such as lang:en"},
		{"a field with an empty value", `from:""`, 1, "from: needs a value"},
		{"a field with only an @", "from:@", 6, "from: needs a value"},
		{"a field of several", "lang:(en OR pt)", 6, "takes one value"},
		{"a field whose quote is open", `channel:"our shop`, 9, "never closed"},
		{"a language by name", "lang:English", 6, "write lang:en"},
		{"a language that is none", "lang:e1", 6, "not a language code"},
		{"a language with a star", "lang:pt*", 8, "finds pt-BR already"},
		{"a handle with a star", "from:mar*", 9, "without *"},
		{"a channel with a star", "channel:blue*", 13, "without *"},
		{"a minus for NOT", "kettle -advert", 8, "write NOT advert"},
		{"a minus before a phrase", `kettle -"an advert"`, 8, "write NOT before it"},
		{"an ampersand", "kettle & tea", 8, "write AND"},
		{"a bar", "kettle | tea", 8, "write OR"},
		{"columns are counted in runes", "日本語 é 🔥 )", 9, "closes nothing"},
		{"the first mistake is told", `a AND ) "open`, 3, "Nothing follows AND"},
		{"too long", long(5001), 10001, "longer than 10000"},
		{"far too long", strings.Repeat("(", 100_000), 10001, "longer than 10000"},
		{"too deep", strings.Repeat("(", 5000) + "a" + strings.Repeat(")", 4999), 101, "deeper than 100"},
		{"too many NOTs", strings.Repeat("NOT ", 2000) + "a", 401, "deeper than 100"},
		{"too long a phrase", `"` + long(65) + `"`, 2, "65 words"},
	}
	for _, tt := range tests {
		t.Run(tt.about, func(t *testing.T) {
			_, err := query.Parse(tt.query)
			var e *social.Error
			if !errors.As(err, &e) {
				t.Fatalf("Parse(%.60q) = %v, want a *social.Error", tt.query, err)
			}
			if e.Kind != social.Invalid || e.Field != "query" || e.At != tt.at || !strings.Contains(e.Text, tt.says) {
				t.Errorf("Parse(%.60q) = %s, %s, column %d: %s\nwant column %d: …%s…", tt.query, e.Kind, e.Field, e.At, e.Text, tt.at, tt.says)
			}
		})
	}
}

func TestTheLimitsThemselvesAreFine(t *testing.T) {
	for _, s := range []string{
		strings.Repeat("(", 100) + "a" + strings.Repeat(")", 100),
		strings.Repeat("a ", 5000),
		`"` + strings.Repeat("a ", 64) + `"`,
		strings.Repeat("a NOT ", 1600) + "a",
		strings.Repeat("日", 64),
		"a NEAR/1000 b",
	} {
		if _, err := query.Parse(s); err != nil {
			t.Errorf("Parse(%.40q…): %v", s, err)
		}
	}
}

func TestString(t *testing.T) {
	tests := []struct{ query, want string }{
		{"Kettle", "kettle"},
		{"a AND b", "a b"},
		{"a AND NOT b", "a NOT b"},
		{"(a b) c", "a b c"},
		{"(a OR b) OR c", "a OR b OR c"},
		{"a OR (b c)", "a OR b c"},
		{"(a OR b) c", "(a OR b) c"},
		{"a NOT (b OR c)", "a NOT (b OR c)"},
		{"a NOT (b NEAR/2 c)", "a NOT b NEAR/2 c"},
		{"(a OR b) NEAR/02 (c)", "(a OR b) NEAR/2 c"},
		{"((a))", "a"},
		{"Café-Noir", `"cafe noir"`},
		{"“Hot Kettl*”", `"hot kettl*"`},
		{"日本語", "日本語"},
		{"#K2 @Maria", "#k2 @maria"},
		{"LANG:pt_BR", "lang:pt-br"},
		{"from:@Maria@Example.org", "from:maria@example.org"},
		{`channel:"Our  Shop"`, `channel:"our shop"`},
		{"（k2）", "k2"},
	}
	for _, tt := range tests {
		q := must(t, tt.query)
		if got := q.String(); got != tt.want {
			t.Errorf("Parse(%q).String() = %q, want %q", tt.query, got, tt.want)
		}
		if got := must(t, q.String()).String(); got != tt.want {
			t.Errorf("Parse(%q) changes when parsed again: %q", tt.query, got)
		}
		if q.Source() != tt.query {
			t.Errorf("Source() = %q, want %q", q.Source(), tt.query)
		}
	}
}

func TestTree(t *testing.T) {
	q := must(t, "kettle NOT (lang:en OR a NEAR/3 b*)")
	and, ok := q.Tree().(*query.And)
	if !ok || len(and.Of) != 2 {
		t.Fatalf("the root is %T, want an And of two", q.Tree())
	}
	not := and.Of[1].(*query.Not)
	or := not.Of.(*query.Or)
	if f := or.Of[0].(*query.Field); not.At != 8 || f.At != 13 || f.Name != query.Lang || f.Value != "en" {
		t.Errorf("NOT at %d, field %+v", not.At, f)
	}
	if n := or.Of[1].(*query.Near); n.N != 3 || n.At != 26 || !n.B.(*query.Words).Terms[0].Prefix {
		t.Errorf("near %+v", n)
	}
}

func TestHints(t *testing.T) {
	tests := []struct {
		query string
		at    []int
	}{
		{"kettle and tea", []int{8}},
		{"kettle Or tea not cup", []int{8, 15}},
		{"kettle near/3 tea", []int{8}},
		{"kettle AND tea", nil},
		{"and kettle or", nil},
		{`"salt and pepper"`, nil},
	}
	for _, tt := range tests {
		var got []int
		for _, h := range must(t, tt.query).Hints() {
			got = append(got, h.At)
		}
		if len(got) != len(tt.at) || len(got) > 0 && got[0] != tt.at[0] {
			t.Errorf("hints of %q at %v, want %v", tt.query, got, tt.at)
		}
	}
}

func TestTokens(t *testing.T) {
	tests := []struct{ query, want string }{
		{`kettle AND "hot tea"`, `word:kettle and:AND phrase:"hot tea"`},
		{"a OR NOT b NEAR/3 (c)", "word:a or:OR not:NOT word:b near:NEAR/3 open:( word:c close:)"},
		{`lang:pt channel:"our shop" x`, `field:lang:pt field:channel:"our shop" word:x`},
		{`a k*b "open`, `word:a bad:k*b bad:"open`},
		{"é NEAR size:x AND", "word:é bad:NEAR bad:size:x and:AND"},
		{"", ""},
	}
	for _, tt := range tests {
		var got []string
		src := []rune(tt.query)
		for _, tok := range query.Tokens(tt.query) {
			got = append(got, string(tok.Kind)+":"+tok.Text)
			if string(src[tok.Start:tok.End]) != tok.Text {
				t.Errorf("token %+v of %q is not at its place", tok, tt.query)
			}
			if (tok.Kind == query.TokenBad) != (tok.Trouble != "") {
				t.Errorf("token %+v: trouble belongs to bad ones", tok)
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("Tokens(%q) = %s, want %s", tt.query, s, tt.want)
		}
	}
	if n := len(query.Tokens(strings.Repeat("( ", 100_000))); n != query.MaxRunes/2 {
		t.Errorf("a huge query has %d tokens, want those of its first %d runes", n, query.MaxRunes)
	}
}
