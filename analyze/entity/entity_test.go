package entity

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/parley-crm/parley/social"
)

func TestRead(t *testing.T) {
	house := NewBook([]Entry{{Kind: social.EntityBrand, Name: "Brewell"}, {Kind: social.EntityProduct, Name: "Kettle Two", Written: "kettle two"},
		{Kind: social.EntityProduct, Name: "Drip"}, {Kind: social.EntityBrand, Name: "Nimbus"}})
	f, err := New(func() *Book { return house })
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, text, want string
	}{
		{"handles, here and elsewhere", "@brewell and @help@brewell.example. Thanks", "handle @brewell, handle @help@brewell.example"},
		{"a mail address is no handle", "write to me@brewell.example", "brand brewell=Brewell"},
		{"hashtags; a number is none", "#K2 #1 #日本語 done", "hashtag #K2, hashtag #日本語"},
		{"addresses without what ends the sentence", "See https://x.example/a?b=1), or www.y.example.", "url https://x.example/a?b=1, url www.y.example"},
		{"the house's own names, in any case", "my BREWELL kettle two leaks", "brand BREWELL=Brewell, product kettle two=Kettle Two"},
		{"brands that everybody knows", "Flew Ryanair, paid by apple pay", "brand Ryanair, brand apple pay=Apple Pay"},
		{"a brand that is a word counts with a capital only", "an apple a day; my Apple died", "brand Apple"},
		{"cities", "moved from Leeds to New York last year", "place Leeds, place New York=New York City"},
		{"a city that is a word needs a word before it", "Reading in Reading. Nice! Bath in Bath", "place Reading, place Bath"},
		{"a given name and a city", "Charlotte Brown lives in Charlotte", "person Charlotte Brown, place Charlotte"},
		{"people", "Priya helped, so did Mr. Smith and Frau Müller", "person Priya, person Smith, person Müller"},
		{"other languages too", "In München bei @brewell", "place München=Munich, handle @brewell"},
		{"a possessive", "Nimbus's app in Paris's centre", "brand Nimbus, place Paris"},
		{"nothing", "it leaks again and again", ""},
		{"no text", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, e := range f.Read(tt.text, nil) {
				s := string(e.Kind) + " " + e.Text
				if e.Name != "" {
					s += "=" + e.Name
				}
				got = append(got, s)
				if r := []rune(tt.text); string(r[e.Start:e.End]) != e.Text {
					t.Errorf("%s does not stand at %d to %d", e.Text, e.Start, e.End)
				}
				if e.Confidence < 0.5 || e.Confidence > 1 {
					t.Errorf("%s with confidence %v", e.Text, e.Confidence)
				}
			}
			if strings.Join(got, ", ") != tt.want {
				t.Errorf("%q names %s, not %s", tt.text, strings.Join(got, ", "), tt.want)
			}
		})
	}
}

// Whatever stands in a text, it is read in bounds.
func TestHostile(t *testing.T) {
	f, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		strings.Repeat("@a ", 100_000), strings.Repeat("New ", 50_000), strings.Repeat("https://", 20_000), "\xff\xfe@\xff#\xff Leeds\xff", "@", "#", "Mr. ", "Mr.",
		"\u202eLeeds\u202c #מבצע @שלום", "🫖🫖 #🫖 In 🫖", strings.Repeat("In Leeds", 10_000), "https://\x00", "New York", "in New", "Leeds-", "Leeds'", "Leeds's",
	} {
		got := f.Read(text, nil)
		if len(got) > Most {
			t.Errorf("%d names", len(got))
		}
		n := utf8.RuneCountInString(text)
		for _, e := range got {
			if e.Start < 0 || e.End > n || e.Start >= e.End {
				t.Errorf("%.20q: %+v", text, e)
			}
		}
	}
}

// FuzzRead looks for texts that break it.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"@a@b.c #x https://y", "In Leeds with Mr. Smith's Apple", "\xff New York"} {
		f.Add(s)
	}
	d, err := Default()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		for _, e := range d.Read(s, nil) {
			if e.Start < last || e.End < e.Start {
				t.Errorf("%q: %+v", s, e)
			}
			last = e.End
		}
	})
}

func ExampleFinder() {
	f, _ := Default()
	for _, e := range f.Read("Thanks to Priya at the Leeds branch", nil) {
		fmt.Println(e.Kind, e.Text)
	}
	// Output:
	// person Priya
	// place Leeds
}
