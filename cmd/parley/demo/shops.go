package demo

import (
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/social"
)

// Branch is a shop of the company.
type Branch struct {
	Code, Name, Street, City, Postcode, Region, Country, Phone string
	Lat, Lon                                                   float64
	Programme                                                  string

	langs  []string
	weight int        // how many reviews it gets, beside the others
	good   [2]float64 // share of happy ones at the beginning and at the end of the ninety days
	answer float64    // how often somebody answers
}

// Location is the id under which the review site of the practice network knows it.
func (b Branch) Location() string { return "locations/" + strings.ToLower(b.Code) }

func branches() []Branch {
	return []Branch{
		{"PDX-1", "Brewell NW 23rd", "NW 23rd Avenue 812", "Portland", "97210", "OR", "US", "+1 503 555 0112", 45.5288, -122.6984, portland, []string{"en"}, 16, [2]float64{.82, .86}, .95},
		{"PDX-2", "Brewell Hawthorne", "SE Hawthorne Boulevard 3541", "Portland", "97214", "OR", "US", "+1 503 555 0147", 45.5121, -122.6270, portland, []string{"en"}, 14, [2]float64{.78, .34}, .9},
		{"PDX-3", "Brewell Alberta Street", "NE Alberta Street 1721", "Portland", "97211", "OR", "US", "+1 503 555 0163", 45.5590, -122.6480, portland, []string{"en"}, 9, [2]float64{.74, .78}, .85},
		{"PDX-4", "Brewell Airport", "NE Airport Way 7000", "Portland", "97218", "OR", "US", "+1 503 555 0188", 45.5885, -122.5930, portland, []string{"en"}, 8, [2]float64{.4, .44}, .4},
		{"SEA-1", "Brewell Ballard", "Ballard Avenue NW 5214", "Seattle", "98107", "WA", "US", "+1 206 555 0121", 47.6650, -122.3830, portland, []string{"en"}, 9, [2]float64{.72, .75}, .75},
		{"EUG-1", "Brewell Eugene", "Willamette Street 840", "Eugene", "97401", "OR", "US", "+1 541 555 0135", 44.0500, -123.0920, portland, []string{"en"}, 5, [2]float64{.68, .7}, .6},
		{"ATL-1", "Brewell Ponce City", "Ponce de Leon Avenue 675", "Atlanta", "30308", "GA", "US", "+1 404 555 0170", 33.7726, -84.3655, portland, []string{"en"}, 7, [2]float64{.6, .74}, .7},
		{"KLN-1", "Brewell Ehrenstraße", "Ehrenstraße 41", "Köln", "50672", "Nordrhein-Westfalen", "DE", "+49 221 555 0104", 50.9385, 6.9400, europe, []string{"de", "de", "en"}, 9, [2]float64{.42, .8}, .8},
		{"BRE-1", "Brewell Viertel", "Ostertorsteinweg 60", "Bremen", "28203", "Bremen", "DE", "+49 421 555 0116", 53.0720, 8.8190, europe, []string{"de"}, 4, [2]float64{.66, .68}, .5},
		{"NTE-1", "Brewell Nantes", "Rue Crébillon 12", "Nantes", "44000", "Pays de la Loire", "FR", "+33 2 55 55 01 22", 47.2135, -1.5615, europe, []string{"fr"}, 6, [2]float64{.7, .72}, .55},
		{"OPO-1", "Brewell Porto", "Rua de Santa Catarina 310", "Porto", "4000-443", "Porto", "PT", "+351 22 555 0131", 41.1496, -8.6065, europe, []string{"pt", "en"}, 6, [2]float64{.86, .88}, .9},
		{"BTH-1", "Brewell Bath", "Milsom Street 18", "Bath", "BA1 1DN", "England", "GB", "+44 1225 555 014", 51.3840, -2.3620, europe, []string{"en"}, 3, [2]float64{.9, .9}, .3},
	}
}

// shopsPerDay is how many reviews all shops together get.
const shopsPerDay = 4.1

// shops writes what is said of the shops.
func (w *writer) shops() {
	s := w.script
	var drawn []int
	for i, b := range s.Branches {
		for range b.weight {
			drawn = append(drawn, i)
		}
	}
	for day := s.From; day.Before(s.Crisis); day = day.Add(24 * time.Hour) {
		w.later = nil
		want := shopsPerDay * weekdays[day.Weekday()] * (.7 + .6*w.rng.Float64())
		for range int(want + w.rng.Float64()) {
			if at := day.Add(w.moment(day)); at.Before(s.Crisis) {
				w.shopReview(s.Branches[drawn[w.rng.IntN(len(drawn))]], at)
			}
		}
		if w.rng.Float64() < .75 {
			if at := day.Add(w.moment(day)); at.Before(s.Crisis) {
				w.inTown(s.Branches[drawn[w.rng.IntN(len(drawn))]], at)
			}
		}
		w.evening(day.Add(24 * time.Hour))
	}
}

// shopReview is one review of a shop, and perhaps our answer.
func (w *writer) shopReview(b Branch, at time.Time) {
	s := w.script
	lang := b.langs[w.rng.IntN(len(b.langs))]
	part := at.Sub(s.From).Hours() / s.To.Sub(s.From).Hours()
	happy := b.good[0] + (b.good[1]-b.good[0])*part
	name := "store.fair.en"
	var rating float64
	switch x := w.rng.Float64(); {
	case x < happy*.92:
		name, rating = "store.good."+lang, []float64{5, 5, 5, 4}[w.rng.IntN(4)]
	case x > happy*.92+.12 || lang != "en":
		name, rating = "store.bad."+lang, []float64{1, 1, 2, 2, 3}[w.rng.IntN(5)]
	default:
		rating = []float64{3, 3, 4}[w.rng.IntN(3)]
	}
	t := w.topics[name]
	who := w.somebody(lang)
	a := Act{At: at, Do: Post, Key: w.key(), By: who.Handle, Topic: t.name, Want: t.want}
	a.Said = practice.Said{Site: practice.Reviews, Lang: who.Lang, To: Handle, Rating: rating, Title: capital(w.bags.draw(t.titles)),
		Text: who.voice.speak(w.words(t, &speech{us: "Brewell", noK2: true}), w.rng), Place: b.told()}
	w.act(a)
	w.later = append(w.later, a.Key)
	if w.rng.Float64() < b.answer {
		age := s.To.Sub(at).Hours() / 24
		w.attend(a, t, who, at.Add(w.delay(18+23*age/Days)))
	}
}

// told is how the review site names a shop: by its own id and an address.
func (b Branch) told() social.Place {
	return social.Place{ExternalID: b.Location(), Name: b.Name, Street: b.Street, City: b.City, Region: b.Region, Postcode: b.Postcode, Country: b.Country, Lat: b.Lat, Lon: b.Lon}
}

// inTown is a post that names the town only.
func (w *writer) inTown(b Branch, at time.Time) {
	if b.Country == "DE" || b.Country == "FR" || b.Country == "PT" {
		return // they say it in their own languages
	}
	t := w.topics["store.town.en"]
	who := w.somebody("en")
	text := strings.ReplaceAll(w.words(t, &speech{us: "Brewell", noK2: true}), "%town%", b.City)
	a := Act{At: at, Do: Post, Key: w.key(), By: who.Handle, Topic: "store.town.en", Want: t.want, Said: practice.Said{Site: practice.Microblog, Lang: who.Lang, Text: who.voice.speak(text, w.rng)}}
	w.gather(&a, who)
	w.act(a)
}

// placed gives what was said on the review site otherwise a shop as well.
func (w *writer) placed() {
	for i := range w.script.Acts {
		a := &w.script.Acts[i]
		if a.Do == Post && a.Said.Site == practice.Reviews && a.Said.Place == (social.Place{}) && a.Said.Rating > 0 {
			who := w.soul(a.By)
			var near []Branch
			for _, b := range w.script.Branches {
				if slices.Contains(b.langs, who.Lang) {
					near = append(near, b)
				}
			}
			if len(near) > 0 {
				a.Said.Place = near[i%len(near)].told()
			}
		}
	}
}
