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

var bare = strings.NewReplacer("ö", "o", "ñ", "n", "á", "a", "é", "e", "ó", "o", "í", "i", "ł", "l", "ï", "i", "š", "s", "ř", "r", "ė", "e", "è", "e", "č", "c", "ø", "o", " ", ".")

func address(name, host string) string { return bare.Replace(strings.ToLower(name)) + "@" + host }
