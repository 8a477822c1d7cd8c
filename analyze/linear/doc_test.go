package linear

import (
	"slices"
	"strings"
	"testing"
)

func tokens(d *Doc) []string {
	var out []string
	for i, t := range d.tokens {
		w := string(d.buf[t.from:t.to])
		switch {
		case i > 0 && t.hash != hashBytes([]byte(w)):
			w = "#" + w
		case t.negated:
			w = "!" + w
		}
		out = append(out, w)
	}
	return out
}

func TestTokens(t *testing.T) {
	tests := []struct {
		text string
		want string // divided by spaces; # marks a tag, ! a negated word
	}{
		{"I LOVE this", "i love this"},
		{"soooooo good", "sooo good"},
		{"see https://example.org/a?b=c and www.example.org", "see <url> and <url>"},
		{"@a_b hi @name@host.example and @name.bsky.example.", "<user> hi <user> and <user> ."},
		{"#Brewell rocks", "brewell #brewell rocks"},
		{"don’t don't", "don't !don't"},
		{"not good at all. fine", "not !good !at !all . fine"},
		{"never, ever", "never , ever"},
		{"no but yes", "no but yes"},
		{"what?! no....", "what ? ! no ..."},
		{":) :-D ;( <3 &lt;3", ":) :-d ;( <3 <3"},
		{"at 12:30pm", "at 12 : 30pm"},
		{"tea &amp; cake", "tea & cake"},
		{"Rui En\\u2019s bad\\u002c right", "rui en's bad , right"},
		{"👍🏽👍🏽 ❤️", "👍 👍 ❤"},
		{"🔥🔥🔥🔥🔥🔥", "🔥 🔥 🔥"},
		{"“quoted” 'so'", "quoted so"},
		{"#😍", "😍"},
		{"\x00\xff\xfe", ""},
		{"", ""},
	}
	var d Doc
	for _, tt := range tests {
		d.Read(tt.text)
		if got := strings.Join(tokens(&d), " "); got != tt.want {
			t.Errorf("%q\n got %q\nwant %q", tt.text, got, tt.want)
		}
	}
}

// A Doc that was used before reads as a new one does.
func TestDocForgets(t *testing.T) {
	var used, fresh Doc
	used.Read("Not the best café 😍 in town!!! http://example.org")
	used.Read("plain words")
	fresh.Read("plain words")
	if !slices.Equal(used.words, fresh.words) || !slices.Equal(used.chars, fresh.chars) || !slices.Equal(used.dense, fresh.dense) {
		t.Error("something of the first text is left")
	}
}

func TestValence(t *testing.T) {
	var d Doc
	value := func(s string) float64 { d.Read(s); return d.Valence() }
	if good, bad, not := value("a great day"), value("an awful day"), value("not a great day"); good <= 0 || bad >= 0 || not >= 0 {
		t.Errorf("great %.2f, awful %.2f, not great %.2f", good, bad, not)
	}
	if v := value("the train to Leeds"); v != 0 {
		t.Errorf("words without a valence have %.2f", v)
	}
}

func TestShape(t *testing.T) {
	tests := []struct {
		text string
		want Shape
	}{
		{"Where is my parcel?", Shape{Words: 4, Asks: true, EndsAsking: true, OpensAsking: true}},
		{"@shop hi, do you ship?  https://example.org", Shape{Words: 4, URLs: 1, Mentions: 1, Asks: true, EndsAsking: true, OpensAsking: true}},
		{"really? I think not.", Shape{Words: 4, Asks: true}},
		{"the day when it was", Shape{Words: 5}},
	}
	var d Doc
	for _, tt := range tests {
		d.Read(tt.text)
		if got := d.Shape(); got != tt.want {
			t.Errorf("%q: %+v", tt.text, got)
		}
	}
}

func TestPhrases(t *testing.T) {
	p, err := NewPhrases([][]string{{"thank you", "thanks"}, {"where can i", "don't"}})
	if err != nil {
		t.Fatal(err)
	}
	var d Doc
	d.Read("Where can I say THANK YOU? I don't, thanks!")
	counts := make([]int, 2)
	p.Count(&d, counts)
	var found []string
	p.Find(&d, func(s string, kind int) { found = append(found, s) })
	if counts[0] != 2 || counts[1] != 2 || strings.Join(found, ", ") != "where can i, thank you, don't, thanks" {
		t.Errorf("counted %v, found %q", counts, found)
	}
	if _, err := NewPhrases([][]string{{"four words are many"}}); err == nil {
		t.Error("a phrase of four words was taken")
	}
}

func FuzzRead(f *testing.F) {
	f.Add("Not the best café 😍 in town!!! http://example.org #tag @me")
	f.Add("\\u00ff &lt; &amp; <3 '’’")
	var d Doc
	f.Fuzz(func(t *testing.T, s string) {
		d.Read(s)
		if len(d.wordEnd) != len(d.tokens) || len(d.charEnd) != len(d.tokens) {
			t.Errorf("%q: %d tokens, ends %d and %d", s, len(d.tokens), len(d.wordEnd), len(d.charEnd))
		}
		for _, tk := range d.tokens {
			if tk.from >= tk.to || d.buf[tk.from-1] != begins || d.buf[tk.to] != ends {
				t.Fatalf("%q: a token at %d to %d of %q", s, tk.from, tk.to, d.buf)
			}
		}
		d.Shape()
	})
}

// A text of a megabyte costs no more than its beginning.
func TestLongText(t *testing.T) {
	var d Doc
	d.Read(strings.Repeat("a b ", 1<<18))
	if len(d.tokens) > maxText/2 {
		t.Errorf("%d tokens", len(d.tokens))
	}
}
