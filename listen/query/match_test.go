package query_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/parley-crm/parley/listen/query"
)

func must(t testing.TB, s string) *query.Query {
	t.Helper()
	q, err := query.Parse(s)
	if err != nil {
		t.Fatalf("Parse(%q): %v", s, err)
	}
	return q
}

func TestMatch(t *testing.T) {
	tests := []struct {
		about string
		query string
		yes   []string // texts that match
		no    []string // texts that do not
	}{
		{"a word is found whole", "kettle", []string{"My kettle.", "kettle", "(kettle)"}, []string{"kettles", "teakettle", ""}},
		{"letter case does not matter", "KeTTle", []string{"KETTLE", "kettle"}, nil},
		{"accents do not matter", "cafe", []string{"café", "CAFÉ", "cafe\u0301"}, []string{"caf"}},
		{"accents in the query do not matter", "Łódź", []string{"lodz", "łódź", "LODZ"}, nil},
		{"sharp s is ss", "straße", []string{"STRASSE", "Straße", "STRAẞE"}, []string{"strase"}},
		{"Turkish i is i", "istanbul", []string{"İstanbul", "ıstanbul", "ISTANBUL"}, nil},
		{"Greek final sigma is sigma", "ΟΔΟΣ", []string{"οδός"}, nil},
		{"wide letters are letters", "k2", []string{"Ｋ２"}, nil},
		{"Cyrillic ё is е", "ещё", []string{"еще"}, nil},
		{"Arabic vowel signs do not matter", "محمد", []string{"مُحَمَّد", "محمـد"}, nil},
		{"Hindi vowel signs do matter", "कुल", []string{"कुल मिलाकर"}, []string{"कल"}},
		{"a soft hyphen is not there", "brewell", []string{"bre\u00adwell", "\u2068brewell\u2069"}, []string{"bre\u200bwell"}},

		{"words side by side mean AND", "kettle broken", []string{"broken kettle"}, []string{"kettle", "broken"}},
		{"AND wants both", "kettle AND broken", []string{"broken kettle"}, []string{"kettle", "broken"}},
		{"OR wants either", "kettle OR teapot", []string{"kettle", "teapot"}, []string{"cup"}},
		{"a NOT b is a without b", "kettle NOT advert", []string{"kettle"}, []string{"kettle advert", "advert", ""}},
		{"AND NOT is the same", "kettle AND NOT advert", []string{"kettle"}, []string{"kettle advert"}},
		{"NOT may come first", "NOT advert kettle", []string{"kettle"}, []string{"kettle advert", "tea"}},
		{"NOT binds tighter than AND", "a NOT b c", []string{"a c"}, []string{"a b c", "a", "a b"}},
		{"AND binds tighter than OR", "a OR b c", []string{"a", "b c"}, []string{"b", "c"}},
		{"AND binds tighter than OR on the left too", "a b OR c", []string{"c", "a b"}, []string{"a", "b"}},
		{"parentheses group", "(a OR b) c", []string{"a c", "b c"}, []string{"a", "b", "c"}},
		{"NOT of a group leaves all of it out", "a NOT (b OR c)", []string{"a", "a d"}, []string{"a b", "a c"}},
		{"NOT of both leaves out only both", "a NOT (b c)", []string{"a", "a b", "a c"}, []string{"a b c"}},
		{"NOT twice is nothing", "NOT NOT a", []string{"a"}, []string{"b"}},
		{"excluding what excludes asks for it", "NOT (a OR NOT b)", []string{"b"}, []string{"a b", "a", "c"}},
		{"a branch that excludes may stand beside a word", "a (b OR NOT c)", []string{"a", "a b c"}, []string{"a c", "b"}},
		{"operators in small letters are words", "salt and pepper", []string{"pepper and salt"}, []string{"salt pepper"}},
		{"an operator in quotes is a word", `"AND"`, []string{"and so"}, []string{"so"}},

		{"a phrase is in order", `"descaling kit"`, []string{"a Descaling kit!", "descaling-kit", "descaling, kit"}, []string{"kit descaling", "descaling the kit", "descaling"}},
		{"curly quotes are quotes", "“descaling kit”", []string{"descaling kit"}, []string{"kit, descaling"}},
		{"a phrase may need its second try", `"a b c"`, []string{"a b a b c"}, []string{"a b a c"}},
		{"a hyphenated word is a phrase", "k2-mini", []string{"K2-mini", "k2 mini", "k2–mini"}, []string{"mini k2", "k2mini"}},
		{"hyphens part words in texts", "mini", []string{"the k2-mini"}, nil},
		{"a phrase finds the hyphenated", `"k2 mini"`, []string{"k2-mini"}, nil},
		{"apostrophes part words", "brewell", []string{"Brewell's", "l’brewell"}, []string{"brewells"}},
		{"any apostrophe is the same", "don't", []string{"don’t", "DON'T"}, []string{"dont", "don"}},
		{"an underscore inside joins", "k2", []string{"_k2_"}, []string{"k2_mini", "my_k2"}},
		{"a name with an underscore is one word", "k2_fan", []string{"@k2_fan"}, []string{"k2 fan"}},
		{"a phrase reads past emoji", `"k2 mini"`, []string{"k2 🔥 mini"}, nil},
		{"numbers with a point", "3.5", []string{"costs 3.5 now"}, []string{"5.3", "35"}},

		{"a * ends a word", "kettl*", []string{"kettle", "kettles", "Kettl"}, []string{"kett", "teakettle"}},
		{"a * inside a phrase", `"hot kettl*"`, []string{"hot kettles"}, []string{"kettles hot", "hot ket"}},
		{"a * at the first word of a phrase", `"hot* kettle"`, []string{"hotter kettle"}, []string{"hotter tea"}},
		{"a * after a hyphen", "k2-min*", []string{"k2 mini"}, []string{"k2 max"}},
		{"a * after an accent", "café*", []string{"cafés", "cafeteria"}, nil},

		{"a word finds hashtag and handle", "k2", []string{"#k2", "@k2", "k2", "#K2!"}, []string{"#k2mini"}},
		{"a written # wants the hashtag", "#k2", []string{"my #k2", "＃k2", "今日は#k2"}, []string{"k2", "@k2", "x#k2"}},
		{"a written @ wants the handle", "@k2", []string{"@k2 hi", ".@k2"}, []string{"k2", "#k2", "info@k2.com"}},
		{"a federated handle is a phrase", "@maria@example.org", []string{"cc @maria@example.org"}, []string{"maria example org"}},
		{"a # inside a phrase", `"love #k2"`, []string{"love #k2"}, []string{"love k2"}},
		{"a # with a *", "#brew*", []string{"#brewell"}, []string{"brewell"}},

		{"a link is its words", "brewell", []string{"https://shop.brewell.com/k2", "www.brewell.com"}, nil},
		{"a link in a query is a phrase", "https://brewell.com/k2", []string{"http://www.brewell.com/k2?x=1", "brewell.com/k2"}, []string{"brewell.com"}},
		{"the scheme of a link is no word", "https", []string{"use https"}, []string{"https://brewell.com"}},

		{"Japanese has no spaces", "日本", []string{"日本語です", "私は日本人"}, []string{"日 中本", "本日"}},
		{"Japanese among others", "日本 k2", []string{"日本でK2を買った"}, []string{"日本"}},
		{"a voiced sign is another sign", "バス", []string{"バスで", "ハ\u3099ス", "ﾊﾞｽ"}, []string{"ハス"}},
		{"Chinese", "水壶", []string{"我的水壶坏了"}, []string{"水和壶"}},
		{"Thai", "กาน้ำ", []string{"ซื้อกาน้ำใหม่"}, []string{"กาแฟ"}},
		{"a * after a sign says nothing more", "日本*", []string{"日本語"}, []string{"日"}},
		{"Korean words are whole", "한국", []string{"한국 여행"}, []string{"한국어"}},
		{"Korean with a *", "한국*", []string{"한국어는"}, nil},
		{"a Latin name with a Korean ending", "k2", []string{"k2를 샀다"}, nil},
		{"Korean taken apart is the same", "한국", []string{"\u1112\u1161\u11ab\u1100\u116e\u11a8"}, nil},

		{"an emoji is a word", "🔥", []string{"so🔥good", "🔥🔥"}, []string{"💧", "fire"}},
		{"skin tones do not matter", "👍", []string{"👍🏽 nice"}, []string{"👎"}},
		{"a family is one emoji", "👩‍🚒", []string{"hi 👩🏿‍🚒"}, []string{"👩 🚒"}},
		{"a flag is two letters", "🇵🇹", []string{"🇪🇸🇵🇹"}, []string{"🇵🇪 🇸🇹"}},
		{"variants of a heart are one", "❤️", []string{"❤"}, nil},

		{"NEAR in this order", "kettle NEAR/2 broken", []string{"kettle is broken", "kettle broken", "kettle is now broken"}, []string{"kettle is now quite broken", "kettle"}},
		{"NEAR in the other order", "kettle NEAR/2 broken", []string{"broken is the kettle"}, []string{"broken is now the kettle"}},
		{"NEAR/0 is side by side", "a NEAR/0 b", []string{"a b", "b a"}, []string{"a c b"}},
		{"NEAR takes the close one of many", "a NEAR/1 b", []string{"a x x x a x b"}, []string{"a x x x b x x a"}},
		{"NEAR wants two places", "k2 NEAR/3 k2", []string{"k2 and k2"}, []string{"k2"}},
		{"NEAR of phrases counts from their ends", `"hot kettle" NEAR/1 "fire alarm"`, []string{"hot kettle set fire alarm", "fire alarm hot kettle"}, []string{"hot kettle set the fire alarm"}},
		{"NEAR of groups", "(kettle OR teapot*) NEAR/1 (broken OR \"no good\")", []string{"teapots are broken", "no good kettle"}, []string{"teapots were never broken", "kettle good no"}},
		{"NEAR of a word inside the phrase beside it", `"a b" NEAR/5 b`, []string{"a b b"}, []string{"a b"}},
		{"NEAR takes the alternative that ends closest", `x NEAR/0 ("a b c" OR b)`, []string{"a b c x", "x b", "x a b c"}, []string{"a b x2 x", "b c x"}},
		{"NEAR does not count emoji", "a NEAR/0 b", []string{"a 🔥🔥 b"}, nil},
		{"NEAR an emoji", "kettle NEAR/1 🔥", []string{"kettle on 🔥", "🔥kettle"}, []string{"kettle is on 🔥"}},
		{"NEAR binds tighter than NOT", "x NOT a NEAR/1 b", []string{"x", "x a", "x a y y b"}, []string{"x a b"}},
		{"NEAR binds tighter than AND", "x a NEAR/0 b", []string{"x a b"}, []string{"a x b"}},
		{"NEAR with a hashtag", "#a NEAR/1 b", []string{"#a b"}, []string{"a b"}},
	}
	for _, tt := range tests {
		t.Run(tt.about, func(t *testing.T) {
			q := must(t, tt.query)
			for _, text := range tt.yes {
				check(t, q, text, true)
			}
			for _, text := range tt.no {
				check(t, q, text, false)
			}
		})
	}
}

// check asks the query, its canonical form, a Set and the prefilter.
func check(t *testing.T, q *query.Query, text string, want bool) {
	t.Helper()
	d := query.NewDoc(text, "", "")
	if got := q.Match(d); got != want {
		t.Errorf("%s matches %q: %v, want %v", q.Source(), text, got, want)
	}
	if got := must(t, q.String()).Match(d); got != want {
		t.Errorf("%s (canonical form of %s) matches %q: %v, want %v", q, q.Source(), text, got, want)
	}
	s := query.NewSet()
	s.Add("q", q)
	if got := len(s.Match(d)) == 1; got != want {
		t.Errorf("a Set with %s matches %q: %v, want %v", q.Source(), text, got, want)
	}
	if got := len(q.Hits(d)) > 0; got != want {
		t.Errorf("%s hits %q: %v, want %v", q.Source(), text, got, want)
	}
	if want && !passes(query.Prefilter(q), d) {
		t.Errorf("the prefilter of %s stops %q: %v", q.Source(), text, query.Prefilter(q))
	}
}

// passes does what a full-text index does with a filter.
func passes(f query.Filter, d *query.Doc) bool {
	words := strings.Fields(d.IndexText())
	for _, clause := range f.Words {
		if !slices.ContainsFunc(clause, func(t query.FilterTerm) bool {
			return slices.ContainsFunc(words, func(w string) bool {
				return w == t.Text || t.Prefix && strings.HasPrefix(w, t.Text)
			})
		}) {
			return false
		}
	}
	return true
}

func TestFields(t *testing.T) {
	type post struct{ lang, author, channel string }
	tests := []struct {
		about string
		query string
		yes   []post
		no    []post
	}{
		{"a language finds its regions", "lang:pt", []post{{lang: "pt"}, {lang: "pt-BR"}, {lang: "PT_br"}}, []post{{lang: "ptx"}, {lang: "en"}, {}}},
		{"a region finds only itself", "lang:pt-BR", []post{{lang: "pt-br"}}, []post{{lang: "pt"}, {lang: "pt-PT"}}},
		{"an unknown language is und", "lang:und", []post{{}, {lang: "und"}}, []post{{lang: "en"}}},
		{"a handle is exact", "from:maria", []post{{author: "maria"}, {author: "@Maria"}, {author: "María"}}, []post{{author: "maria2"}, {author: "maria@example.org"}, {}}},
		{"a handle with @", "from:@maria@Example.org", []post{{author: "maria@example.org"}}, []post{{author: "maria"}}},
		{"a handle with dots", "from:brewell.bsky.social", []post{{author: "brewell.bsky.social"}}, []post{{author: "brewell"}}},
		{"a DID has colons", "from:did:plc:abc", []post{{author: "did:plc:abc"}}, nil},
		{"a channel is folded", "channel:Bluesky", []post{{channel: "bluesky"}, {channel: "BlueSky"}}, []post{{channel: "bluesky2"}, {}}},
		{"a channel's name may have spaces", `channel:"Café  Lisboa"`, []post{{channel: "cafe lisboa"}}, []post{{channel: "cafe"}}},
		{"field names in capitals", "LANG:en", []post{{lang: "en"}}, nil},
		{"without a field", "lang:en NOT from:bot", []post{{lang: "en", author: "maria"}}, []post{{lang: "en", author: "bot"}}},
		{"either field", "from:a OR channel:b", []post{{author: "a"}, {channel: "b"}}, []post{{author: "b"}}},
	}
	for _, tt := range tests {
		t.Run(tt.about, func(t *testing.T) {
			q := must(t, tt.query)
			set := query.NewSet()
			set.Add("q", q)
			for i, p := range append(slices.Clone(tt.yes), tt.no...) {
				want := i < len(tt.yes)
				d := query.NewDoc("some words", p.lang, p.author, p.channel)
				if q.Match(d) != want || must(t, q.String()).Match(d) != want || len(set.Match(d)) == 1 != want {
					t.Errorf("%s matches %+v: %v, want %v", tt.query, p, !want, want)
				}
				if hits := q.Hits(d); len(hits) > 0 {
					t.Errorf("%s hits the text of %+v at %v, though it is about fields", tt.query, p, hits)
				}
			}
		})
	}
}

func TestSeveralNamesOfAChannel(t *testing.T) {
	d := query.NewDoc("hi", "", "", "bluesky", "Our shop")
	for _, s := range []string{"channel:bluesky", `channel:"our shop"`} {
		if !must(t, s).Match(d) {
			t.Errorf("%s does not match a channel of that kind and name", s)
		}
	}
}

func TestHits(t *testing.T) {
	tests := []struct{ query, text, want string }{
		{"kettle", "A Kettle, my kettle", "A [Kettle], my [kettle]"},
		{`"descaling kit"`, "a Descaling-Kit here", "a [Descaling-Kit] here"},
		{"kettl*", "kettles", "[kettles]"},
		{"kettle OR teapot", "teapot, no cup", "[teapot], no cup"},
		{"kettle NOT cup", "kettle", "[kettle]"},
		{"(a b) OR (a c)", "a c", "[a] [c]"},
		{"(a b) OR c", "a c", "a [c]"},
		{"a NEAR/1 b", "b x x a x b x x a", "b x x [a] x [b] x x a"},
		{"cafe", "un café noir", "un [café] noir"},
		{"cafe", "un cafe\u0301 noir", "un [cafe\u0301] noir"},
		{"#k2", "#k2 and k2", "[#k2] and k2"},
		{"＃k2", "＃k2", "[＃k2]"},
		{"日本", "私は日本人", "私は[日本]人"},
		{"🔥", "so 🔥!", "so [🔥]!"},
		{"👍", "👍🏽", "[👍🏽]"},
		{`"a b" OR b`, "a b", "[a b]"},
		{`"a b" OR "b c"`, "a b c", "[a b c]"},
		{"kettle", "cup", "cup"},
	}
	for _, tt := range tests {
		q := must(t, tt.query)
		hits := q.Hits(query.NewDoc(tt.text, "", ""))
		if got := mark(tt.text, hits); got != tt.want {
			t.Errorf("%s in %q: %s, want %s", tt.query, tt.text, got, tt.want)
		}
		var r []rune
		at := 0
		for _, s := range query.Runes(tt.text, hits) {
			all := []rune(tt.text)
			r = append(append(append(append(r, all[at:s.Start]...), '['), all[s.Start:s.End]...), ']')
			at = s.End
		}
		if got := string(append(r, []rune(tt.text)[at:]...)); got != tt.want {
			t.Errorf("in runes, %s in %q: %s, want %s", tt.query, tt.text, got, tt.want)
		}
	}
}

func mark(text string, hits []query.Span) string {
	var b strings.Builder
	at := 0
	for _, s := range hits {
		b.WriteString(text[at:s.Start] + "[" + text[s.Start:s.End] + "]")
		at = s.End
	}
	return b.String() + text[at:]
}

func TestADocCanBeUsedAgain(t *testing.T) {
	d := query.NewDoc(strings.Repeat("kettle broken ", 300), "en", "maria", "bluesky")
	for _, long := range []string{words(300, " "), strings.ReplaceAll(words(300, " "), "word", "broken")} {
		d.Reset(long, "en", "maria", "bluesky")
		if got := must(t, "brok*").Match(d); got != strings.Contains(long, "broken") {
			t.Fatalf("a long post beginning %.12q is found by a beginning: %v", long, got)
		}
	}
	d.Reset("teapot", "", "")
	for _, s := range []string{"kettle", "brok*", "lang:en", "from:maria", "channel:bluesky"} {
		if must(t, s).Match(d) {
			t.Errorf("%s still matches after Reset", s)
		}
	}
	if !must(t, "teapot").Match(d) || d.Text() != "teapot" {
		t.Error("the new text is not found after Reset")
	}
}

func TestIndexText(t *testing.T) {
	for text, want := range map[string]string{
		"My Café's K2-mini 🔥": "my cafe s k2 mini",
		"日本語 and k2を":         "日 本 語 and k2 を",
		"https://a.b/c_d":     "a b c_d",
		"":                    "",
		"tea, Tea and tea":    "tea and",
	} {
		if got := query.IndexText(text); got != want {
			t.Errorf("IndexText(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestFoldingTwiceIsFoldingOnce(t *testing.T) {
	for r := range rune(0x20000) {
		for _, text := range []string{string(r), "a" + string(r) + "b", "か" + string(r), "한" + string(r) + "1"} {
			once := query.IndexText(text)
			if twice := query.IndexText(once); twice != once {
				t.Errorf("%U: %q is read as %q, which is read as %q", r, text, once, twice)
			}
		}
		if unicode.IsLetter(r) && query.IndexText(string(r)) == "" && r != '\u0640' && r != '\uff9e' && r != '\uff9f' {
			t.Errorf("%U %q is a letter and is not read", r, r)
		}
	}
}

func TestAnIndexHasLimits(t *testing.T) {
	long := strings.Repeat("é日"[:2], 200) // 400 bytes, 200 folded
	long += long
	index := query.IndexText(long + " tea")
	if w := strings.Fields(index); len(w) != 2 || len(w[0]) != 255 || w[1] != "tea" {
		t.Errorf("a word of 400 letters is indexed as %q", index)
	}
	for _, s := range []string{long, long + "*", long[:700] + "*"} {
		check(t, must(t, s), long, true)
	}
	if n := len(query.IndexText(words(100_000, " "))); n > 512<<10 || n < 500<<10 {
		t.Errorf("a huge text is indexed with %d bytes", n)
	}
}
