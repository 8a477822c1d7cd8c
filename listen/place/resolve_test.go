package place

import (
	"strings"
	"testing"

	"github.com/parley-crm/parley/social"
)

// chain is a small chain of shops, as tests know it.
func chain(t testing.TB) *Atlas {
	t.Helper()
	rows := []Branch{
		{ID: "pearl", Code: "PDX-1", Name: "Brewell Pearl District", Street: "NW 23rd Avenue 812", City: "Portland", Region: "OR", Country: "US", Postcode: "97210", Lat: 45.5288, Lon: -122.6984,
			Refs: []Ref{{"google", "accounts/1/locations/11"}, {"url", "https://yelp.example/biz/brewell-pearl"}, {"mastodon", "@brewell_pearl@shops.example"}}},
		{ID: "haw", Name: "Brewell Hawthorne", Street: "SE Hawthorne Boulevard 3500", City: "Portland", Region: "OR", Country: "US", Lat: 45.5121, Lon: -122.6270},
		{ID: "atl", Name: "Brewell Atlanta", City: "Atlanta", Region: "GA", Country: "US", Refs: []Ref{{"channel", "Atlanta reviews"}}},
		{ID: "koeln", Name: "Brewell Köln", City: "Köln", Country: "DE"},
		{ID: "bath", Name: "Brewell Bath", City: "Bath", Country: "GB"},
		{ID: "old", Name: "Brewell Salem", City: "Salem", Region: "OR", Country: "US", State: Closed},
	}
	for i := range rows {
		if rows[i].State == "" {
			rows[i].State = Open
		}
		if err := rows[i].Check(); err != nil {
			t.Fatalf("%s: %v", rows[i].Name, err)
		}
	}
	return NewAtlas(rows)
}

func TestResolve(t *testing.T) {
	review := social.FormReview
	const portland, atlanta, paris, cologne = "geo:5746545", "geo:4180439", "geo:2988507", "geo:2886242"
	tests := []struct {
		name string
		said social.Activity
		kind string
		want social.PlaceID
		via  Via
		open bool // left open, with candidates
	}{
		{name: "the network's id of a branch", said: social.Activity{Place: social.Place{ExternalID: "accounts/1/locations/11"}}, kind: "google", want: "pearl", via: ByHint},
		{name: "the same id on another network is another thing", said: social.Activity{Place: social.Place{ExternalID: "accounts/1/locations/11"}}, kind: "yelp"},
		{name: "the address of the branch's page, written otherwise", said: social.Activity{Place: social.Place{URL: "http://www.yelp.example/biz/brewell-pearl/?ref=x"}}, want: "pearl", via: ByHint},
		{name: "street and city", said: social.Activity{Place: social.Place{Street: "NW 23rd avenue 812", City: "portland"}}, want: "pearl", via: ByHint},
		{name: "coordinates at the door", said: social.Activity{Place: social.Place{Lat: 45.5289, Lon: -122.6985}}, want: "pearl", via: ByHint},
		{name: "coordinates in the city", said: social.Activity{Place: social.Place{Lat: 45.55, Lon: -122.65}}, want: portland, via: ByHint},
		{name: "coordinates at sea", said: social.Activity{Place: social.Place{Lat: 1, Lon: -30}}},
		{name: "a city that the network names", said: social.Activity{Place: social.Place{City: "Paris", Country: "France"}}, want: paris, via: ByHint},
		{name: "a closed branch is known by what the network says", said: social.Activity{Place: social.Place{Name: "Brewell Salem", City: "Salem", Region: "OR", Country: "US"}}, want: "geo:5750162", via: ByHint},
		{name: "the page of a branch in the words", said: social.Activity{Text: "See https://yelp.example/biz/brewell-pearl/reviews/9."}, want: "pearl", via: ByRef},
		{name: "the handle of a branch", said: social.Activity{Text: "Thank you @brewell_pearl@shops.example!"}, kind: "mastodon", want: "pearl", via: ByRef},
		{name: "a channel that is about one branch", said: social.Activity{Text: "Cold coffee.", Directed: true}, want: "atl", via: ByLine},
		{name: "in Atlanta", said: social.Activity{Text: "The staff in Atlanta were lovely."}, want: atlanta, via: ByWords},
		{name: "the Atlanta store is the branch", said: social.Activity{Text: "Long queue at the Atlanta store today"}, want: "atl", via: ByWords},
		{name: "a bare word is nothing", said: social.Activity{Text: "Atlanta scored twice. Great game."}},
		{name: "a handle is no place", said: social.Activity{Text: "ask @atlanta about it"}},
		{name: "the part of a name that is its own", said: social.Activity{Text: "Loved the Hawthorne store!"}, want: "haw", via: ByWords},
		{name: "two branches at once are left alone", said: social.Activity{Text: "The Hawthorne store beats Brewell Pearl District."}, open: true},
		{name: "another city of the name, said so", said: social.Activity{Text: "We opened in Portland, ME last week"}, want: "geo:4975802", via: ByWords},
		{name: "and the state in words", said: social.Activity{Text: "Best kettle in Portland, Texas"}, want: "geo:4720131", via: ByWords},
		{name: "where our branches are, of several", said: social.Activity{Text: "Rainy day in Portland", Lang: "en"}, want: portland, via: ByWords},
		{name: "several, and none stands out", said: social.Activity{Text: "I live in Springfield now", Lang: "en"}, open: true},
		{name: "Reading is a book more often", said: social.Activity{Text: "I believe in Reading. Really", Lang: "en"}},
		{name: "Reading with its country", said: social.Activity{Text: "My kettle broke in Reading, UK", Lang: "en"}, want: "geo:2639577", via: ByWords},
		{name: "Bath, where we have a branch", said: social.Activity{Text: "Had a flat white in Bath today", Lang: "en"}, want: "geo:2656173", via: ByWords},
		{name: "a bath is no place", said: social.Activity{Text: "nothing beats tea in the bath", Lang: "en"}},
		{name: "a bath in small letters", said: social.Activity{Text: "dropped it in bath water", Lang: "en"}},
		{name: "March is a month", said: social.Activity{Text: "I bought it in March", Lang: "en"}},
		{name: "most is no place", said: social.Activity{Text: "in Most cases it leaks", Lang: "en"}},
		{name: "a longer name of something else", said: social.Activity{Text: "I had it at Phoenix Coffee Club", Lang: "en"}},
		{name: "German, with the umlaut", said: social.Activity{Text: "Der Kaffee in Köln war kalt", Lang: "de"}, want: cologne, via: ByWords},
		{name: "German, in English", said: social.Activity{Text: "The shop in Cologne is great", Lang: "en"}, want: cologne, via: ByWords},
		{name: "in Cologne, as a shop", said: social.Activity{Text: "Die Filiale in Köln, Filiale top", Lang: "de", Form: review, Directed: true}, want: "koeln", via: ByWords},
		{name: "no capitals at all", said: social.Activity{Text: "anyone else in atlanta with a leaking kettle", Lang: "en"}, want: atlanta, via: ByWords},
		{name: "a hashtag", said: social.Activity{Text: "Morning coffee #Atlanta"}, want: atlanta, via: ByWords},
		{name: "only the author lives there", said: social.Activity{Text: "It leaks.", Author: social.Author{Place: "Portland, OR"}}, want: portland, via: ByHome},
		{name: "words before the author's home", said: social.Activity{Text: "It leaks in Atlanta", Author: social.Author{Place: "Portland, OR"}}, want: atlanta, via: ByWords},
		{name: "a home that is a joke", said: social.Activity{Text: "It leaks.", Author: social.Author{Place: "your mum's house"}}},
		{name: "nothing", said: social.Activity{}},
		{name: "broken bytes", said: social.Activity{Text: "in \xff\xfe Atlanta\x00 \u202eatlantA 🏳️‍🌈"}, want: atlanta, via: ByWords},
		{name: "very long", said: social.Activity{Text: strings.Repeat("in Of Most ", 200_000)}},
	}
	a := chain(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Said{Activity: tt.said, Kind: tt.kind}
			if tt.said.Directed && tt.said.Form != review {
				s.Name = "Atlanta reviews"
			}
			f := a.Resolve(s)
			if f.Place != tt.want || f.Place != "" && f.Via != tt.via || (f.Place == "" && len(f.Others) > 0) != tt.open {
				t.Fatalf("got %+v, want %q by %q (open %v)", f, tt.want, tt.via, tt.open)
			}
			if f.Place != "" && (f.Confidence <= 0 || f.Confidence > 1 || f.Why == "") {
				t.Fatalf("no evidence: %+v", f)
			}
		})
	}
}

func BenchmarkResolve(b *testing.B) {
	a := chain(b)
	s := Said{Activity: social.Activity{Lang: "en", Text: "I love the new kettle that I got last week in the store, but the lid is loose and nobody at Brewell answers my letters. What now?"}}
	for b.Loop() {
		a.Resolve(s)
	}
}
