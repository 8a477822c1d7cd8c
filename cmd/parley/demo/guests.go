package demo

import (
	"fmt"
	"strings"
)

// people of the lists that the company brought along: name, town, language.
var guests = [][3]string{
	{"Freya Andersson", "Malmö", "sv"}, {"Lukas Brandt", "Hamburg", "de"}, {"Chiara Fontana", "Torino", "it"}, {"Mateo Ibáñez", "Bilbao", "es"},
	{"Amélie Girard", "Lyon", "fr"}, {"Oisín Byrne", "Cork", "en"}, {"Zofia Wójcik", "Kraków", "pl"}, {"Daan Visser", "Utrecht", "nl"},
	{"Ngozi Eze", "London", "en"}, {"Kenji Morita", "Osaka", "ja"}, {"Leïla Benali", "Marseille", "fr"}, {"Tomáš Dvořák", "Brno", "cs"},
	{"Elin Karlsen", "Bergen", "nb"}, {"Rafael Pinto", "Porto", "pt"}, {"Ana Horvat", "Zagreb", "hr"}, {"Owen Pritchard", "Cardiff", "en"},
	{"Greta Lindner", "Leipzig", "de"}, {"Marco De Santis", "Bologna", "it"}, {"Saoirse Doyle", "Galway", "en"}, {"Yara Haddad", "Beirut", "ar"},
	{"Jonas Meier", "Basel", "de"}, {"Inga Petrauskienė", "Kaunas", "lt"}, {"Ravi Menon", "Leeds", "en"}, {"Camila Duarte", "Lisboa", "pt"},
}

// Guests is the list of who came to a tasting, as the company kept it.
func Guests() [][]string {
	out := [][]string{{"Guest no", "Name", "E-mail", "Town", "Language", "Company", "Job title", "Phone"}}
	firms := []string{"", "Aurora Hotels", "", "Kopi & Sons", "", "", "Harbour Street Books", ""}
	jobs := []string{"", "Night manager", "", "Barista", "", "", "Owner", ""}
	for i, g := range guests {
		out = append(out, []string{fmt.Sprintf("T-%03d", 101+i), g[0], address(g[0], "post.example"), g[1], g[2], firms[i%len(firms)], jobs[i%len(jobs)], ""})
	}
	// One left only a telephone number; the signature of a mail names it later.
	return append(out, []string{"T-125", "Somebody with a plus one", "no address left", "", "", "", "", ""}, []string{"T-126", "Paweł Sikora", "", "Łódź", "pl", "", "", "+48 601 234 567"})
}

// Newsletter is a list of the shop that is not taken in yet: some of it is
// known already, and some rows can't be read.
func Newsletter() [][]string {
	out := [][]string{{"Email", "First name", "Last name", "Phone", "City", "Tags"}}
	for i, g := range guests[:9] {
		first, last, _ := strings.Cut(g[0], " ")
		town := g[1]
		if i == 3 {
			town = "Donostia"
		}
		out = append(out, []string{address(g[0], "post.example"), first, last, "", town, ""})
	}
	for i, n := range []string{"Beatriz Salgado", "Hugo Lefèvre", "Nadia Rahimi", "Stellan Ek", "Maud Janssen"} {
		first, last, _ := strings.Cut(n, " ")
		out = append(out, []string{address(n, "mail.example"), first, last, fmt.Sprintf("+44 20 7946 0%03d", 210+i), []string{"Vigo", "Nantes", "Wien", "Uppsala", "Gent"}[i], ""})
	}
	return append(out, []string{"petra at mail.example", "Petra", "Kovač", "", "Split", ""}, []string{"otto@mail.example", "Otto", "Reiter", "0664 55 12", "Graz", ""})
}

// Fair is a list of firms that were met at a fair: two are customers already,
// and one names nobody who works here.
func Fair() [][]string {
	return [][]string{{"Company name", "Website", "Account number", "Parent company", "Industry", "Owner"},
		{"Kafferosteriet Norrsken", "https://norrsken-kaffe.example", "F-301", "", "Coffee", "wen.li@brewell.example"},
		{"Norrsken Umeå", "umea.norrsken-kaffe.example", "F-302", "Kafferosteriet Norrsken", "Coffee", "wen.li@brewell.example"},
		{"Norrsken Luleå", "lulea.norrsken-kaffe.example", "F-303", "Kafferosteriet Norrsken", "Coffee", "wen.li@brewell.example"},
		{"Hafenkontor Rösterei", "https://www.hafenkontor.example", "F-304", "", "Coffee", "Peter Novák"},
		{"Pensão Ribeira", "pensao-ribeira.example", "F-305", "", "Hospitality", "Peter Novák"},
		{"Maison Perrault", "maison-perrault.example", "F-306", "", "Retail", ""},
		{"Tasman Tea Traders", "tasmantea.example", "F-307", "", "Retail", ""},
		{"Kopi & Sons", "kopi.example", "F-308", "", "Coffee", "wen.li@brewell.example"},
		{"Aurora Hotels", "https://aurora-hotels.example", "F-309", "", "Hospitality", ""},
		{"Stanza del Caffè", "stanzadelcaffe.example", "F-310", "", "Coffee", "the tall one from the stand"}}
}

var bare = strings.NewReplacer("ö", "o", "ñ", "n", "á", "a", "é", "e", "ó", "o", "í", "i", "ł", "l", "ï", "i", "š", "s", "ř", "r", "ė", "e", "è", "e", "č", "c", "ø", "o", " ", ".")

func address(name, host string) string { return bare.Replace(strings.ToLower(name)) + "@" + host }
