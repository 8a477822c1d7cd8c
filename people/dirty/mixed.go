package dirty

import (
	"fmt"
	"strings"

	"github.com/parley-crm/parley/people/resolve"
)

// land is a country of the mixed world, with its ways of writing.
type land struct {
	code, given, family, street, town string
	postcode, phone, trunk, date      string
}

var lands = []land{
	{"DE", "jürgen björn käthe günther sören anneliese karl-heinz hans-peter ulrike götz maximilian sophie leon mia", "müller von-der-heide schäfer große weiß zu-guttenberg jäger schröder köhler vom-bruch böhm strauß", "hauptstraße|am mühlenweg|schloßallee|goethestr.|bahnhofstrasse", "münchen köln düsseldorf nürnberg lübeck göttingen", "%05d", "+49 17%d %07d", "017%d/%07d", "02.01.2006"},
	{"FR", "jean-pierre françois hélène anaïs rené chloé léa théo marie-claire benoît", "lefèvre d'aubigné de-la-tour béranger dupré le-gall garçon noël", "rue de la république|avenue victor hugo|place du marché|boulevard saint-michel", "orléans besançon nîmes saint-étienne angoulême", "%05d", "+33 6%d %07d", "06%d %07d", "02/01/2006"},
	{"ES", "josé maría-josé íñigo begoña nuria andrés joaquín lucía", "garcía-lópez muñoz de-la-cruz pérez-hernández ibáñez núñez fernández-vega", "calle mayor|avenida de la constitución|plaza de españa", "málaga cádiz logroño león córdoba", "%05d", "+34 6%d %07d", "6%d %07d", "02/01/2006"},
	{"CZ", "jiří zdeněk božena šárka tomáš kateřina ondřej lukáš", "dvořák novotná procházka černý svobodová kučera", "náměstí míru|dlouhá|nádražní|školní", "plzeň olomouc přerov liberec", "%05d", "+420 7%d %07d", "7%d %07d", "02. 01. 2006"},
	{"PL", "łukasz małgorzata paweł żaneta zbigniew katarzyna", "wójcik kowalczyk-nowak wiśniewska dąbrowski żak szczepański", "ul. długa|aleja jerozolimska|ul. świętokrzyska", "łódź kraków gdańsk poznań", "%05d", "+48 5%d %07d", "5%d %07d", "02-01-2006"},
	{"IS", "guðrún þór björk sigurður ásta ólafur", "jónsdóttir þórarinsson sigurðsson ólafsdóttir einarsson", "laugavegur|hverfisgata|skólavörðustígur", "reykjavík akureyri kópavogur", "%03d", "+354 6%d %05d", "6%d %05d", "2006-01-02"},
	{"GB", "alistair siobhán niamh callum poppy harriet rhys", "o'connor mac-donald fitz-gerald st-john smith-jones davies", "high street|st john's road|church lane|the green", "st-albans newcastle-upon-tyne bath leeds", "%05d", "+44 7%d %08d", "07%d %08d", "02/01/2006"},
}

// mixed makes up somebody of one of many countries.
func (w *world) mixed() resolve.Record {
	l := lands[w.r.IntN(len(lands))]
	pick := func(list string) string {
		all := strings.Fields(list)
		if w.chance(.5) {
			return all[w.r.IntN(len(all))]
		}
		return all[w.r.IntN(len(all))] + w.invented[w.r.IntN(len(w.invented))]
	}
	spaced := func(s string) string {
		if w.chance(.3) {
			return s
		}
		return strings.ReplaceAll(s, "-", " ")
	}
	var r resolve.Record
	r.Given, r.Family = spaced(pick(l.given)), spaced(pick(l.family))
	streets := strings.Split(l.street, "|")
	street, house := streets[w.r.IntN(len(streets))], 1+w.r.IntN(180)
	if l.code == "FR" || l.code == "GB" {
		r.Street = fmt.Sprintf("%d %s", house, street)
	} else {
		r.Street = fmt.Sprintf("%s %d", street, house)
	}
	towns := strings.Fields(l.town)
	at := w.r.IntN(len(towns))
	r.City = strings.ReplaceAll(towns[at], "-", " ")
	r.Postcode = fmt.Sprintf(l.postcode, (at*131+w.r.IntN(12))%1000*37%99999)
	r.Country = l.code
	r.Birth = w.born()
	r.Phone = fmt.Sprintf(l.phone, w.r.IntN(10), w.r.IntN(10_000_000))
	if l.code == "IS" {
		r.Phone = fmt.Sprintf(l.phone, w.r.IntN(10), w.r.IntN(100_000))
	}
	w.accounts(&r)
	return r
}

// plain are letters without what stands above and below them, as they are
// typed where the keyboard has none.
var plain = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "é", "e", "è", "e", "ê", "e", "ë", "e", "á", "a", "à", "a", "ï", "i", "í", "i", "ó", "o", "ú", "u", "ý", "y",
	"ç", "c", "ñ", "n", "š", "s", "č", "c", "ř", "r", "ž", "z", "ě", "e", "ů", "u", "ł", "l", "ą", "a", "ę", "e", "ń", "n", "ś", "s", "ź", "z", "ż", "z", "ð", "d", "þ", "th", "ô", "o", "î", "i")

// abroad writes a double as somebody else would: without accents, the date and
// the telephone number in the ways of the country, in capitals.
func (w *world) abroad(r resolve.Record) resolve.Record {
	var l land
	for _, l = range lands {
		if l.code == r.Country {
			break
		}
	}
	if w.chance(.4) {
		for _, c := range []string{"given", "family", "street", "city"} {
			f := field(&r, c)
			*f = plain.Replace(*f)
		}
	}
	if w.chance(.2) {
		r.Given, r.Family = strings.ToUpper(r.Given), strings.ToUpper(r.Family)
	}
	if w.chance(.15) {
		if first, _, ok := strings.Cut(strings.ReplaceAll(r.Given, "-", " "), " "); ok {
			r.Given = first // of two names one
		}
	}
	if w.chance(.15) {
		if words := strings.Fields(strings.ReplaceAll(r.Family, "-", " ")); len(words) > 1 {
			r.Family = words[len(words)-1] // without von, de la or the second name
		}
	}
	if w.chance(.3) && l.trunk != "" && strings.HasPrefix(r.Phone, "+") {
		var a, b int
		if n, _ := fmt.Sscanf(r.Phone, strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(l.phone, "%07d", "%d"), "%08d", "%d"), "%05d", "%d"), &a, &b); n == 2 {
			r.Phone = fmt.Sprintf(l.trunk, a, b)
		}
	}
	if w.chance(.2) {
		r.Country = map[string]string{"DE": "Deutschland", "FR": "France", "ES": "Spain", "CZ": "Czechia", "PL": "Poland", "GB": "United Kingdom", "IS": "IS"}[r.Country]
	}
	return r
}
