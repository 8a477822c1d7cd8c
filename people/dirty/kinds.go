package dirty

// Tuning kinds are those that the method was made with, on seeds up to 99.
func Tuning() []Kind {
	return []Kind{
		{Name: "one double each", World: "south", Columns: address, Doubles: 1, Double: 1, Errors: 3, Missing: .03},
		{Name: "up to nine doubles", World: "south", Columns: address, Doubles: 9, Double: .4, Spread: "zipf", Errors: 6, Missing: .05},
		{Name: "whole households", World: "europe", Doubles: 3, Double: .3, Errors: 3, Missing: .1, Mates: .4, Traps: .1, Moves: .08, Weds: .05},
		{Name: "name, birth, city, e-mail", World: "flat", Columns: []string{"given", "family", "birth", "city", "email"}, Doubles: 6, Double: .75, PerField: .12, Lost: map[string]float64{"given": .15, "family": .15, "city": .2, "email": .2}, Both: true},
		{Name: "members: birth, city, e-mail", World: "north", Columns: []string{"given", "family", "birth", "city", "email"}, Doubles: 4, Double: .5, Spread: "poisson", PerField: .1, Both: true, Lost: map[string]float64{"given": .1, "family": .1, "birth": .1, "city": .15, "email": .25}},
		{Name: "name, city, postcode", World: "north", Columns: []string{"given", "family", "city", "postcode"}, Doubles: 2, Double: .4, PerField: .06, Missing: .03, Mates: .3, Traps: .05},
		{Name: "street and phone, no birth", World: "north", Columns: []string{"given", "family", "street", "city", "postcode", "phone"}, Doubles: 2, Double: .4, Errors: 2, Missing: .03, Mates: .1},
		{Name: "name, e-mail, phone", World: "south", Columns: []string{"given", "family", "email", "phone"}, Doubles: 2, Double: .5, PerField: .07, Missing: .08, Mates: .1},
		{Name: "e-mail and phone", World: "north", Columns: []string{"email", "phone"}, Doubles: 3, Double: .3, Errors: 1, Missing: .03, Mates: .05},
		{Name: "e-mail, phone, handle", World: "north", Columns: []string{"email", "phone", "handle"}, Doubles: 2, Double: .4, PerField: .07, Missing: .1, Mates: .05},
		{Name: "contacts of accounts", World: "north", Columns: []string{"given", "family", "email", "phone", "handle", "country"}, Doubles: 2, Double: .4, Errors: 2, Missing: .15, Mates: .1},
		{Name: "name, postcode, birth", World: "south", Columns: []string{"given", "family", "postcode", "birth"}, Doubles: 2, Double: .4, Errors: 1, Missing: .02, Mates: .2, Traps: .1},
		{Name: "name, city, birth", World: "europe", Columns: []string{"given", "family", "city", "birth"}, Doubles: 1, Double: .3, Errors: 1, Missing: .01, Mates: .2, Traps: .05},
		{Name: "name and birth", World: "europe", Columns: []string{"given", "family", "birth"}, Doubles: 1, Double: .12, Errors: 1, Mates: .05},
		{Name: "many countries", World: "mixed", Doubles: 2, Double: .4, PerField: .08, Missing: .12, Mates: .2, Traps: .05},
		{Name: "register: half are doubles", World: "north", Columns: address, Share: .5, Doubles: 1, Errors: 5, PerValue: 2, Apart: true, Missing: .04},
		{Name: "register: spoilt most", World: "north", Columns: address, Share: .5, Doubles: 4, Spread: "zipf", Errors: 9, PerValue: 3, Apart: true, Missing: .05},
		{Name: "register: up to four doubles", World: "south", Columns: address, Share: .4, Doubles: 4, Spread: "zipf", Errors: 8, PerValue: 3, Missing: .06, Mates: .15, Traps: .03},
		{Name: "register with a phone", World: "north", Columns: append([]string{"phone"}, address...), Share: .25, Doubles: 3, Spread: "poisson", Errors: 6, PerValue: 2, Missing: .1, Lost: map[string]float64{"phone": .45}, Mates: .2, Traps: .03},
		{Name: "register: birth, city, code", World: "south", Columns: []string{"given", "family", "birth", "city", "postcode"}, Share: .3, Doubles: 3, Spread: "zipf", Errors: 3, PerValue: 1, Missing: .06, Mates: .15, Traps: .03},
	}
}

// Held are kinds, worlds and seeds that nothing was chosen by. Their errors
// are slips: how often letters are left out, added, replaced and swapped is
// what was found in print (nine of ten misspelt words have one error, most
// often a letter left out, seldom the first); how much is missing, from a
// twentieth to nearly a third of a column, is what registers report. One thing
// was changed after their first run: from how many records on a city counts.
func Held() []Kind {
	return []Kind{
		{Name: "patients, one double each", World: "north", Columns: address, Doubles: 1, Double: 1, PerField: .1, Slips: true, Lost: map[string]float64{"street": .05, "region": .05, "birth": .05}, Mates: .2, Traps: .05, Moves: .03},
		{Name: "patients, up to nine", World: "europe", Columns: address, Doubles: 9, Double: .3, Spread: "zipf", PerField: .12, Slips: true, Both: true, Missing: .06, Mates: .2, Traps: .05},
		{Name: "name, birth, city, e-mail", World: "south", Columns: []string{"given", "family", "birth", "city", "email"}, Doubles: 4, Double: .5, Spread: "poisson", PerField: .1, Slips: true, Both: true, Lost: map[string]float64{"given": .05, "family": .05, "birth": .1, "city": .15, "email": .2}},
		{Name: "name, birth, city, flat", World: "flat", Columns: []string{"given", "family", "birth", "city", "postcode"}, Doubles: 3, Double: .5, PerField: .08, Slips: true, Missing: .08},
		{Name: "voters: name, city, postcode", World: "europe", Columns: []string{"given", "family", "city", "postcode"}, Doubles: 2, Double: .3, PerField: .05, Slips: true, Missing: .02, Mates: .3, Traps: .05},
		{Name: "customers: street and phone", World: "south", Columns: []string{"given", "family", "street", "city", "postcode", "phone"}, Doubles: 3, Double: .4, PerField: .08, Slips: true, Missing: .08, Mates: .2},
		{Name: "name, e-mail, phone", World: "europe", Columns: []string{"given", "family", "email", "phone"}, Doubles: 3, Double: .4, PerField: .08, Slips: true, Missing: .1, Mates: .1},
		{Name: "e-mail, phone, handle", World: "south", Columns: []string{"email", "phone", "handle"}, Doubles: 2, Double: .4, PerField: .08, Slips: true, Missing: .08, Mates: .05},
		{Name: "name, postcode, birth", World: "europe", Columns: []string{"given", "family", "postcode", "birth"}, Doubles: 2, Double: .4, PerField: .07, Slips: true, Missing: .03, Mates: .2, Traps: .05},
		{Name: "many countries", World: "mixed", Doubles: 3, Double: .3, PerField: .1, Slips: true, Missing: .15, Mates: .3, Traps: .08, Moves: .05, Weds: .03},
		{Name: "list, one double each", World: "south", Columns: address, Share: .5, Doubles: 1, Errors: 4, PerValue: 1, Apart: true, Missing: .03},
		{Name: "list, a fifth are doubles", World: "south", Columns: address, Share: .2, Doubles: 5, Spread: "poisson", Errors: 6, PerValue: 2, Apart: true, Missing: .05},
		{Name: "list, up to five doubles", World: "south", Columns: address, Share: .6, Doubles: 5, Spread: "zipf", Errors: 10, PerValue: 3, Apart: true, Missing: .05},
		{Name: "list of families", World: "europe", Columns: address, Share: .3, Doubles: 5, Spread: "zipf", Errors: 6, PerValue: 2, Missing: .08, Mates: .3, Traps: .04, Middle: .3},
		{Name: "list with half of the phones", World: "north", Columns: append([]string{"phone"}, address...), Share: .4, Doubles: 3, Spread: "zipf", Errors: 8, PerValue: 2, Missing: .15, Lost: map[string]float64{"phone": .4}, Mates: .2, Traps: .03, Middle: .4},
		{Name: "list: birth, city, postcode", World: "north", Columns: []string{"given", "family", "birth", "city", "postcode"}, Share: .1, Doubles: 2, Spread: "zipf", Errors: 3, PerValue: 2, Missing: .08, Mates: .1, Traps: .03},
		{Name: "list, a third missing", World: "europe", Columns: append([]string{"email", "phone", "handle"}, address...), Share: .4, Doubles: 4, Spread: "zipf", Errors: 8, PerValue: 2, Missing: .3, Mates: .15, Traps: .03},
	}
}

// HeldSeed is the first seed that nothing was chosen by.
const HeldSeed = 2001
