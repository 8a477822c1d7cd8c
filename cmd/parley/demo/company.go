package demo

import (
	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/social"
)

// The programmes.
const (
	kettles   = "Care: kettles"
	coffee    = "Care: coffee"
	portland  = "Portland stores"
	ideas     = "Product ideas"
	safety    = "Legal & safety"
	press     = "Press"
	recruit   = "Recruiting"
	advocates = "Advocates"
	wholesale = "Wholesale partners"
	japan     = "Japan"
	europe    = "Stores Europe"
	repairs   = "Service & repairs"
	marketing = "Marketing"
	baristas  = "Baristas by text"
)

func programmes() []Programme {
	return []Programme{
		{kettles, "Answer everybody who has trouble or a question with a kettle within half an hour, in their own language, and so that they need not ask twice.", "Maya Dubois", "jonas.lindqvist", 3},
		{coffee, "Help people to a better cup: grinders, carafes, water and patience.", "Maya Dubois", "rosa.lindgren", 3},
		{portland, "Answer everyone who speaks to us about a Portland store within the hour, and act on what they say.", "Idris Bakare", "dolores.whitfield", 2},
		{ideas, "Let no idea go unanswered, and say honestly which ones we build and why.", "Idris Bakare", "jiwoo.park", 4},
		{safety, "See danger before anybody is hurt, and make sure that what we say about it is true.", "Ines Duarte", "priya.raman", 3},
		{press, "Answer journalists on the day they ask, with a person and not with a leaflet.", "Ines Duarte", "idris.bakare", 3},
		{recruit, "Tell everybody who wants to work with us where they stand.", "Ines Duarte", "ines.duarte", 2},
		{advocates, "Give those who help others our ear, our workshop and our thanks, never money.", "Maya Dubois", "tariq.aziz", 4},
		{wholesale, "Keep the kettles of cafés boiling.", "Idris Bakare", "wen.li", 1},
		{japan, "Listen first: learn how Brewell is spoken about in Japan.", "Maya Dubois", "haruka.mori", 1},
		{europe, "Bring the Portland way to Köln, Nantes and Porto.", "Idris Bakare", "hannah.vogt", 1},
		{repairs, "Repair before we replace, and tell people how to do it themselves.", "Maya Dubois", "marcus.bell", 4},
		{marketing, "Speak when we have something to say.", "Idris Bakare", "camille.roux", 3},
		{baristas, "Coffee advice by text message, from somebody who stands behind a counter.", "Maya Dubois", "pablo.ortega", 2},
	}
}

// First is the member who sets everything up.
func First() Member { return members()[0] }

func members() []Member {
	core := []Member{
		{Key: "maya", Name: "Maya Dubois", Role: social.Admin, Programmes: []string{kettles, safety}, Langs: []string{"fr"}},
		{Key: "ines.duarte", Name: "Ines Duarte", Role: social.Manager, Programmes: []string{recruit, safety, press}, Langs: []string{"pt"}},
		{Key: "jonas.lindqvist", Name: "Jonas Lindqvist", Role: social.Responder, Programmes: []string{kettles, portland}},
		{Key: "dolores.whitfield", Name: "Dolores Whitfield", Role: social.Manager, Programmes: []string{portland, kettles}},
		{Key: "priya.raman", Name: "Priya Raman", Role: social.Manager, Programmes: []string{safety, kettles}},
		{Key: "idris.bakare", Name: "Idris Bakare", Role: social.Manager, Programmes: []string{portland, press, ideas}},
		{Key: "rosa.lindgren", Name: "Rosa Lindgren", Role: social.Responder, Programmes: []string{coffee, kettles, repairs}},
		{Key: "tariq.aziz", Name: "Tariq Aziz", Role: social.Responder, Programmes: []string{kettles, advocates}, Langs: []string{"ar"}},
		{Key: "jiwoo.park", Name: "Ji-woo Park", Role: social.Responder, Programmes: []string{ideas, repairs}},
		{Key: "hannah.vogt", Name: "Hannah Vogt", Role: social.Responder, Programmes: []string{europe, kettles}, Langs: []string{"de"}},
		{Key: "camille.roux", Name: "Camille Roux", Role: social.Responder, Programmes: []string{marketing, europe}, Langs: []string{"fr"}},
		{Key: "pablo.ortega", Name: "Pablo Ortega", Role: social.Responder, Programmes: []string{baristas, kettles}, Langs: []string{"es"}},
		{Key: "beatriz.lopes", Name: "Beatriz Lopes", Role: social.Responder, Programmes: []string{kettles, europe}, Langs: []string{"pt"}},
		{Key: "marta.zielinska", Name: "Marta Zielińska", Role: social.Responder, Programmes: []string{kettles, repairs}, Langs: []string{"pl"}},
		{Key: "emre.aydin", Name: "Emre Aydın", Role: social.Responder, Programmes: []string{kettles, wholesale}, Langs: []string{"tr"}},
		{Key: "haruka.mori", Name: "Haruka Mori", Role: social.Responder, Programmes: []string{japan, coffee}, Langs: []string{"ja"}},
		{Key: "marcus.bell", Name: "Marcus Bell", Role: social.Responder, Programmes: []string{repairs, portland}},
		{Key: "wen.li", Name: "Wen Li", Role: social.Responder, Programmes: []string{wholesale, marketing, repairs}},
	}
	within := func(key, name string, programmes ...string) Member {
		return Member{Key: key, Name: name, Role: social.NoRole, Programmes: programmes}
	}
	rest := []Member{
		within("grete.holm", "Grete Holm", kettles, advocates), within("sam.oyelaran", "Sam Oyelaran", kettles),
		within("nadia.petrov", "Nadia Petrov", kettles, coffee), within("ryan.castillo", "Ryan Castillo", kettles),
		within("aiko.sato", "Aiko Sato", japan, kettles), within("linh.pham", "Linh Pham", kettles, repairs),
		within("ben.achterberg", "Ben Achterberg", coffee), within("zoe.martins", "Zoë Martins", coffee, baristas),
		within("theresa.klein", "Theresa Klein", coffee, europe), within("victor.mbeki", "Victor Mbeki", coffee),
		within("julia.sand", "Julia Sand", coffee, marketing), within("otis.greene", "Otis Greene", portland, baristas),
		within("carmen.ruiz", "Carmen Ruiz", portland), within("felix.auer", "Felix Auer", europe, repairs),
		within("noor.elamin", "Noor Elamin", europe, kettles), within("kofi.asante", "Kofi Asante", repairs),
		within("dana.weiss", "Dana Weiss", repairs, safety), within("pavel.urban", "Pavel Urban", repairs),
		within("ellen.fraser", "Ellen Fraser", marketing, press), within("george.tan", "George Tan", marketing),
		within("mona.lindahl", "Mona Lindahl", recruit), within("ravi.shah", "Ravi Shah", ideas),
		within("sofia.greco", "Sofia Greco", ideas, advocates), within("peter.novak", "Peter Novák", wholesale, europe),
		within("lea.fontaine", "Léa Fontaine", advocates), within("hugo.stein", "Hugo Stein", baristas),
	}
	rest[3].Slack, rest[19].Slack = true, true
	out := append(core, rest...)
	return append(out,
		Member{Key: "board", Name: "Ingrid Solheim", Role: social.Viewer, Slack: true},
		Member{Key: "kim.rasmussen", Name: "Kim Rasmussen", Role: social.NoRole, Programmes: []string{portland}, Away: true})
}

// Crew is everybody who works there.
func Crew() []Member { return members() }

func channels() []Channel {
	return []Channel{
		{Name: "Kettle square", Site: practice.Microblog, Handle: Handle, Programme: kettles},
		{Name: "Brewell Table", Site: practice.Forum, Handle: Handle, Programme: ideas},
		{Name: "Store reviews", Site: practice.Reviews, Handle: Handle, Programme: portland},
		{Name: "Mail to care", Site: practice.Messages, Handle: Handle, Programme: kettles,
			Signature: "{{member}}, Brewell care\nNW 23rd Avenue, Portland · seven to seven on weekdays"},
	}
}

// recallMonitor begins on the last day.
func recallMonitor() Monitor {
	return Monitor{Name: "K2 recall", Query: `(K2 NEAR/6 kettle) OR "brewell recall" OR "loose handle" NOT "K2 skis"`, Programme: kettles, Inbox: true, Kind: "topic"}
}

func monitors() []Monitor {
	return []Monitor{
		{Name: "Brewell, all names", Query: `"brewell" OR "brewells"`, Kind: "brand"},
		{Name: "Portland store", Query: `"NW 23rd" OR (brewell NEAR/8 portland) OR (hawthorne NEAR/3 store)`, Programme: portland, Kind: "topic"},
		{Name: "Descaling", Query: `descal* OR limescale OR entkalk* OR (vinegar NEAR/8 kettle)`, Programme: repairs, Kind: "topic"},
		{Name: "Kaffa (competitor)", Query: `kaffa NOT "kaffa region"`, Programme: marketing, Kind: "competitor"},
		{Name: "Tindle (competitor)", Query: `tindle`, Programme: marketing, Kind: "competitor"},
		{Name: "Nordkessel (competitor)", Query: `nordkessel`, Programme: marketing, Kind: "competitor"},
		{Name: "Quiet kettles", Query: `(quiet NEAR/6 kettle) OR (loud NEAR/6 kettle) OR (noisy NEAR/6 kettle) OR (silent NEAR/6 kettle)`, Programme: ideas, Kind: "topic"},
		{Name: "Gift questions", Query: `(gift OR present OR geschenk OR cadeau OR regalo) (kettle OR grinder OR brewell OR k2 OR k3)`, Programme: marketing, Kind: "topic"},
		{Name: "Jobs at Brewell", Query: `(job* OR hiring OR vacancy OR apprentic*) brewell`, Programme: recruit, Kind: "topic"},
	}
}
