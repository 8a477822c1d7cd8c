package demo

import "time"

// Skills says what the people of the company say that they know.
func Skills() map[string][]string {
	return map[string][]string{
		"maya": {"recall", "loose handle", "safety"}, "ines.duarte": {"apprenticeship", "job"}, "jonas.lindqvist": {"kettle", "refund", "delivery"},
		"dolores.whitfield": {"Portland store", "opening hours", "staff"}, "priya.raman": {"recall", "serial number", "safety"}, "idris.bakare": {"press", "idea"},
		"rosa.lindgren": {"grinder", "burrs", "water"}, "tariq.aziz": {"kettle", "temperature", "tea"}, "jiwoo.park": {"idea", "quiet kettle", "altitude"},
		"hannah.vogt": {"descaling", "warranty", "Entkalken"}, "camille.roux": {"gift", "price", "discount"}, "pablo.ortega": {"coffee", "espresso", "water"},
		"beatriz.lopes": {"delivery", "order", "refund"}, "marta.zielinska": {"repair", "spare parts"}, "emre.aydin": {"wholesale", "temperature"},
		"haruka.mori": {"pour over", "gooseneck"}, "marcus.bell": {"repair", "hinge", "lid", "gasket"}, "wen.li": {"wholesale", "spare parts", "cable"},
		"grete.holm": {"tea", "taste"}, "sam.oyelaran": {"delivery", "tracking"}, "nadia.petrov": {"coffee", "carafe"}, "ryan.castillo": {"warranty"},
		"aiko.sato": {"temperature", "altitude"}, "linh.pham": {"descaling", "vinegar", "limescale"}, "ben.achterberg": {"grinder", "espresso"},
		"zoe.martins": {"coffee", "beans"}, "theresa.klein": {"coffee", "filter"}, "victor.mbeki": {"grinder", "dial"}, "julia.sand": {"coffee", "gift"},
		"otis.greene": {"store", "workshop"}, "carmen.ruiz": {"store", "stock", "opening hours"}, "felix.auer": {"repair", "switch"}, "noor.elamin": {"kettle", "noise"},
		"kofi.asante": {"repair", "thermostat"}, "dana.weiss": {"recall", "safety"}, "pavel.urban": {"repair", "base plate"}, "ellen.fraser": {"press"},
		"george.tan": {"price", "app"}, "mona.lindahl": {"job"}, "ravi.shah": {"idea", "app"}, "sofia.greco": {"idea", "advocates"}, "peter.novak": {"wholesale"},
		"lea.fontaine": {"advocates", "tea"}, "hugo.stein": {"text message", "coffee"},
	}
}

// AllLangs says in which languages somebody answers; English is everybody's.
func (m Member) AllLangs() []string { return append([]string{"en"}, m.Langs...) }

// HiveProgrammes are those whose questions the hive takes.
func HiveProgrammes() []string { return []string{kettles, portland, ideas} }

// HiveCentre is who gets what nobody took.
func HiveCentre() []string { return []string{"jonas.lindqvist", "rosa.lindgren"} }

// hiveWeek is for how long before the end the hive takes what comes in.
const hiveWeek = 7 * 24 * time.Hour

// hive lets the hive take questions for a week, also those that wait three
// quarters of an hour before the end, and people work in it.
func (w *writer) hive() {
	w.put(Act{At: later(w.script.To.Add(-hiveWeek), w.script.From.Add(time.Hour)), Do: TeachHive, By: "dolores.whitfield"})
	part := min(time.Hour, w.script.To.Sub(w.script.Crisis)) // of a day that is still young there is less
	for _, a := range []struct {
		before float64
		do     Do
		by     string // the hive never asks whoever gave it a question
	}{{.75, OpenHive, "dolores.whitfield"}, {.3, WorkHive, "maya"}, {.1, WorkHive, "maya"}} {
		w.put(Act{At: w.script.To.Add(-time.Duration(a.before * float64(part))), Do: a.do, By: a.by})
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
