package query_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/parley-crm/parley/listen/query"
)

func TestForms(t *testing.T) {
	tests := []struct {
		name, query, text, lang string
		want                    bool
	}{
		{"without a ~ a word is that word", "leak", "it is leaking", "en", false},
		{"with one its forms are found", "~leak", "It is LEAKING!", "en", true},
		{"and it in theirs", "~leaking", "a leak", "en", true},
		{"of verbs", "~return", "I returned it, returns are free", "", true},
		{"y and i", "~battery", "Batteries die", "en", true},
		{"not of what only begins so", "~leak", "a leaky leakage", "en", false},
		{"in a phrase", `"~kettle ~break"`, "my kettles breaking again", "en", true},
		{"in order", `"~kettle ~break"`, "breaking kettles", "en", false},
		{"near", "~kettle NEAR/2 ~leak", "the kettles of ours are leaking", "en", false},
		{"near enough", "~kettle NEAR/3 ~leak", "the kettles of ours are leaking", "en", true},
		{"turned round", "kettle NOT ~leak", "kettle leaks", "en", false},
		{"with a hashtag", "#~leak", "#leaks", "en", true},
		{"German beside lang:de", "lang:de ~Haus", "Die Häuser", "de", true},
		{"German of Austria", "lang:de-AT ~Haus", "Die Häuser", "de-AT", true},
		{"German without lang: is read as English", "~Wasserkocher", "des Wasserkochers", "de", true},
		{"French", "lang:fr ~fuite", "deux fuites", "fr", true},
		{"Spanish", "lang:es ~roto", "Están rotas", "es", true},
		{"Portuguese", "lang:pt ~quebrado", "estão quebradas", "pt-BR", true},
		{"Italian", "lang:it ~rotto", "sono rotti", "it", true},
		{"Dutch", "lang:nl ~ketel", "twee ketels", "nl", true},
		{"Russian", "lang:ru ~чайник", "Без чайников", "ru", true},
		{"Swedish", "lang:sv ~kanna", "alla kannorna", "sv", true},
		{"Turkish", "lang:tr ~ev", "evlerde", "tr", true},
		{"the lang: of a group holds in the group", "(lang:de ~Haus) OR ~leak", "leaking", "en", true},
		{"and not outside", "(lang:de ~Haus) OR ~leak", "Häuser", "en", false},
		{"a language whose forms are not known", "lang:el ~νερό", "νερό", "el", true},
		{"full width", "～leak", "leaks", "en", true},
		{"a ~ alone in a text is nothing", "leak", "~leak", "en", true},
		{"Japanese stays as it is", "~日本", "日本語", "ja", true},

		{"Korean with a particle", "갤럭시", "갤럭시를 샀어요", "ko", true},
		{"and without", "갤럭시", "새 갤럭시", "ko", true},
		{"with two", "주전자", "주전자에서는 물이 샙니다", "ko", true},
		{"not another word", "갤럭시", "갤럭시아", "ko", false},
		{"the particle asked for", "갤럭시를", "갤럭시가", "ko", false},
		{"a single syllable is itself", "물", "물이 샙니다", "ko", false},
		{"a Korean phrase", `"새 주전자"`, "새 주전자가 왔다", "ko", true},
		{"Korean near", "주전자 NEAR/1 물", "주전자에서 또 물 샌다", "ko", true},
		{"Korean beside Latin", "K2 주전자", "K2주전자는", "ko", true},
		{"Japanese has none", "日本", "日本は", "ja", true},
		{"Thai inside a sentence", "กาน้ำ", "ซื้อกาน้ำใหม่", "th", true},
	}
	for _, tt := range tests {
		q := must(t, tt.query)
		d := query.NewDoc(tt.text, tt.lang, "")
		if got := q.Match(d); got != tt.want {
			t.Errorf("%s: %s on %q: %v", tt.name, tt.query, tt.text, got)
		}
		agree(t, q, d)
		if hits := q.Hits(d); tt.want && len(hits) == 0 {
			t.Errorf("%s: no hits", tt.name)
		}
	}
}

// agree fails unless whatever decides a match decides the same.
func agree(t *testing.T, q *query.Query, d *query.Doc) {
	t.Helper()
	match := q.Match(d)
	set := query.NewSet()
	set.Add("q", q)
	if got := len(set.Match(d)) == 1; got != match {
		t.Fatalf("%s on %q: alone %v, in a set %v", q, d.Text(), match, got)
	}
	again := must(t, q.String())
	if again.String() != q.String() || again.Match(d) != match {
		t.Fatalf("%s: its canonical form %s is another", q.Source(), q)
	}
	if match && !passes(query.Prefilter(q), d) {
		t.Fatalf("the prefilter of %s stops %q: %+v", q, d.Text(), query.Prefilter(q))
	}
}

func TestFormsAreAskedOfTheIndexByTheirBeginning(t *testing.T) {
	for q, want := range map[string]string{
		"~happy": "happ*", "~leaking": "lea*", "~die": "d*", "lang:de ~Häuser": "hau*", "갤럭시": "갤럭시*", "물": "물", `"~kettles boil"`: "boil,kett*",
	} {
		var got []string
		for _, c := range query.Prefilter(must(t, q)).Words {
			for _, w := range c {
				s := w.Text
				if w.Prefix {
					s += "*"
				}
				got = append(got, s)
			}
		}
		slices.Sort(got)
		if strings.Join(got, ",") != want {
			t.Errorf("%s: %v, want %s", q, got, want)
		}
	}
}

func TestFormsAndStars(t *testing.T) {
	_, err := query.Parse("kettle ~leak*")
	if err == nil || !strings.Contains(err.Error(), "either a ~") {
		t.Fatal(err)
	}
	if hints := must(t, "lang:el ~νερό").Hints(); len(hints) != 1 || hints[0].At != 9 {
		t.Fatalf("%+v", hints)
	}
	if s := must(t, `"~Kettle  ~LEAKS" OR ~Süd`).String(); s != `"~kettle ~leaks" OR ~sud` {
		t.Fatal(s)
	}
}

// Thousands of queries with forms in several languages say the same alone and
// together, on texts made of such forms.
func TestFormsInASet(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	words := map[string][]string{
		"en": strings.Fields("leak leaks leaking leaked leaky die dies dying battery batteries relational relate happy happiness happily run running return returned ugly only skies sky lie lying hopping hop"),
		"de": strings.Fields("Haus Häuser Hauses häuslich Kessel Kesseln gebrochen brechen bricht Straße Straßen schön schöner schönste"),
		"fr": strings.Fields("fuite fuites fuir cassé cassée cassées cheval chevaux heureux heureuse bouilloire bouilloires"),
		"ru": strings.Fields("чайник чайника чайников чайниками сломан сломана сломались течь течёт вода воды водой"),
		"ko": strings.Fields("주전자 주전자를 주전자가 주전자에서는 갤럭시 갤럭시의 고양이 고양이는 물 물이 새 새로운"),
	}
	langs := []string{"en", "de", "fr", "ru", "ko"}
	pick := func(l string) string { return words[l][r.IntN(len(words[l]))] }
	set := query.NewSet()
	var all []*query.Query
	for i := range 1500 {
		l := langs[r.IntN(len(langs))]
		part := func() string {
			w := pick(l)
			switch r.IntN(4) {
			case 0:
				return w
			case 1:
				return fmt.Sprintf(`"~%s ~%s"`, w, pick(l))
			}
			return "~" + w
		}
		s := part()
		switch r.IntN(5) {
		case 0:
			s += " " + part()
		case 1:
			s += " OR " + part()
		case 2:
			s += " NOT " + part()
		case 3:
			s = part() + fmt.Sprintf(" NEAR/%d ", r.IntN(4)) + part()
		}
		if r.IntN(2) == 0 {
			s = "lang:" + l + " (" + s + ")"
		}
		q := must(t, s)
		all = append(all, q)
		set.Add(fmt.Sprint(i), q)
	}
	matched := 0
	for range 400 {
		l := langs[r.IntN(len(langs))]
		var text []string
		for range 1 + r.IntN(8) {
			text = append(text, pick(l))
		}
		d := query.NewDoc(strings.Join(text, " "), []string{l, "", langs[r.IntN(len(langs))]}[r.IntN(3)], "")
		var want []string
		for i, q := range all {
			if q.Match(d) {
				want = append(want, fmt.Sprint(i))
				if !passes(query.Prefilter(q), d) {
					t.Fatalf("the prefilter of %s stops %q", q, d.Text())
				}
			}
		}
		if got := set.Match(d); !slices.Equal(got, want) {
			t.Fatalf("on %q: together %d, alone %d", d.Text(), len(got), len(want))
		}
		matched += len(want)
	}
	if matched < 1000 {
		t.Fatalf("only %d matches: the test says nothing", matched)
	}
	for i := range all {
		set.Remove(fmt.Sprint(i))
	}
	if got := set.Match(query.NewDoc("leaks 주전자를", "en", "")); got != nil || set.Len() != 0 {
		t.Fatalf("an empty set matches %v", got)
	}
}

// The hardest text that stemmers may meet.
func TestFormsOfNonsense(t *testing.T) {
	for _, text := range []string{strings.Repeat("y", 100_000), strings.Repeat("ies", 20), "\xff\xfe \u0301\u0301", strings.Repeat("갤", 50_000) + "를", strings.Repeat("ing ", 50_000), "ﬀ ß ıİ ŉ"} {
		d := query.NewDoc(text, "tr", "")
		for _, q := range []string{"~y", "~ies", "lang:tr ~ing", "~ıi", "갤갤", "~" + strings.Repeat("y", 100)} {
			agree(t, must(t, q), d)
		}
	}
}

func BenchmarkForms(b *testing.B) {
	text := "Our kettle was leaking again after two weeks, and the returns department never answered any of the emails we wrote to them."
	for _, n := range []int{0, 1, 1000} {
		b.Run(fmt.Sprint(n, " of 1000 with ~"), func(b *testing.B) {
			set := query.NewSet()
			for i := range 1000 {
				s := fmt.Sprintf("brand%d leaking", i)
				if i < n {
					s = fmt.Sprintf("~brand%d ~leak", i)
				}
				q, err := query.Parse(s)
				if err != nil {
					b.Fatal(err)
				}
				set.Add(fmt.Sprint(i), q)
			}
			d := new(query.Doc)
			for b.Loop() {
				d.Reset(text, "en", "")
				set.Match(d)
			}
		})
	}
}
