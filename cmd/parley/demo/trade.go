package demo

// Firm is an organization that buys from the company.
type Firm struct {
	Name, Domain, Industry, Parent string
	People                         []Buyer
}

// Buyer works for a firm. One with a Handle speaks on the network too.
type Buyer struct {
	Name, Email, Title string
	Handle             string // of the microblog; such a person is known already
	Since              string
}

// Bid is something that a firm may order. Its days count back from today, its
// Close forward.
type Bid struct {
	Firm, Name, Owner string
	Euros             int64
	Currency          string
	Way               []string // the stages that it went through
	Began, Moved      int      // days ago
	Close             int      // days from today; 0 is none
	Next, Reason      string
}

// Firms are the company's business customers.
func Firms() []Firm {
	return []Firm{
		{"Aurora Hotels", "aurora-hotels.example", "Hospitality", "", []Buyer{{"Nora Lindqvist", "nora.lindqvist@aurora-hotels.example", "Head of purchasing", "", "2021-03-01"}}},
		{"Aurora Lofoten", "lofoten.aurora-hotels.example", "Hospitality", "Aurora Hotels", []Buyer{{"Jens Haugen", "jens.haugen@aurora-hotels.example", "House manager", "", "2023-05-01"}}},
		{"Aurora Reykjavík", "reykjavik.aurora-hotels.example", "Hospitality", "Aurora Hotels", nil},
		{"Wanjiru Roasters", "wanjiru-roasters.example", "Coffee", "", []Buyer{{"Grace Wanjiru", "", "Owner", "gracewanjiru", "2019-01-15"}, {"Peter Kamau", "peter@wanjiru-roasters.example", "Café manager", "", "2024-08-01"}}},
		{"Second Crack", "secondcrack.example", "Coffee", "", []Buyer{{"Mikael Öberg", "", "Buyer", "oberg", "2020-09-01"}}},
		{"Bach & Søn", "bach-son.example", "Retail", "", []Buyer{{"Søren Bach", "", "Partner", "soren", "2015-02-01"}}},
		{"Tidewater Offices", "tidewater.example", "Offices", "", []Buyer{{"Dana Whitlock", "dana.whitlock@tidewater.example", "Facilities", "", "2022-10-10"}}},
		{"The Teakettle Club", "teakettle.example", "Retail", "", []Buyer{{"The Teakettle Club", "", "Shop", Club, ""}}},
		{"Casa Nevada", "casanevada.example", "Hospitality", "", []Buyer{{"Inés Quintero", "ines@casanevada.example", "Owner", "", "2018-06-01"}}},
		{"Kopi & Sons", "kopi.example", "Coffee", "", []Buyer{{"Siti Suharto", "siti@kopi.example", "Buyer", "", "2023-01-01"}}},
		{"Leadville Outfitters", "leadville.example", "Retail", "", []Buyer{{"Yuki Hayashi", "", "Shop floor", "yuki.h", "2022-04-01"}}},
		{"Brno Tea House", "brnotea.example", "Coffee", "", []Buyer{{"Hana Nováková", "", "Owner", "hana", "2017-11-01"}}},
	}
}

// Bids are what is open with them, and how others ended.
func Bids() []Bid {
	n, q, o, t, won, lost := "sales-new", "sales-qualified", "sales-offer", "sales-talks", "sales-won", "sales-lost"
	return []Bid{
		{"Aurora Hotels", "Kettles for 340 rooms", "wen.li", 28_560, "EUR", []string{n, q, o, t}, 61, 4, 18, "Send the frame contract again with the new payment terms", ""},
		{"Aurora Lofoten", "Two grinders for the breakfast room", "wen.li", 1_180, "EUR", []string{n, q, o}, 24, 9, 12, "Ask Jens which burrs", ""},
		{"Aurora Reykjavík", "Trial in twelve rooms", "peter.novak", 1_008, "EUR", []string{n, q}, 12, 10, 35, "Find out who decides there", ""},
		{"Wanjiru Roasters", "Four K2 kettles at the wholesale price", "wen.li", 396, "EUR", []string{n, q, o, won}, 49, 40, 0, "", ""},
		{"Wanjiru Roasters", "Second café in Westlands", "wen.li", 2_150, "EUR", []string{n, q, o}, 20, 6, 26, "Offer is out; call on Monday", ""},
		{"Second Crack", "Spring order of pour-over sets", "emre.aydin", 6_400, "SEK", []string{n, q, o, t}, 33, 8, 9, "They want to pay in thirty days", ""},
		{"Second Crack", "Grinders on commission", "emre.aydin", 0, "", []string{n}, 5, 5, 0, "Ask how many", ""},
		{"Bach & Søn", "Christmas window", "peter.novak", 3_720, "EUR", []string{n, q, o, t, won}, 74, 30, 0, "", ""},
		{"Bach & Søn", "Descaler, a pallet", "peter.novak", 890, "EUR", []string{n, q, o, lost}, 66, 51, 0, "", "Price"},
		{"Tidewater Offices", "Kettles for nine kitchens", "wen.li", 1_340, "USD", []string{n, q}, 16, 13, 21, "Dana wants to see the safety certificate", ""},
		{"Tidewater Offices", "Service contract", "wen.li", 2_400, "USD", []string{n}, 3, 3, 60, "", ""},
		{"The Teakettle Club", "Exclusive colour", "camille.roux", 12_000, "GBP", []string{n, q, o}, 41, 19, -6, "The offer has run out: ask again", ""},
		{"The Teakettle Club", "Club box of the month", "camille.roux", 4_900, "GBP", []string{n, q, o, t, won}, 83, 44, 0, "", ""},
		{"Casa Nevada", "Room kettles, thirty", "emre.aydin", 2_370, "EUR", []string{n, q, o, lost}, 70, 35, 0, "", "Chose another"},
		{"Casa Nevada", "Breakfast urns", "emre.aydin", 1_450, "EUR", []string{n, q}, 14, 11, 44, "Send pictures of the urn in use", ""},
		{"Kopi & Sons", "First order", "wen.li", 780, "SGD", []string{n, q, lost}, 58, 47, 0, "", "Not a fit"},
		{"Kopi & Sons", "Gooseneck kettles for a course", "wen.li", 640, "SGD", []string{n, q, o}, 22, 7, 15, "", ""},
		{"Leadville Outfitters", "Camp kettles for the season", "wen.li", 3_150, "USD", []string{n, q, o, t}, 37, 2, 6, "Yuki asks about altitude: send the article", ""},
		{"Leadville Outfitters", "Repair corner", "marcus.bell", 0, "", []string{n, q}, 9, 8, 0, "", ""},
		{"Brno Tea House", "Temperature kettles, six", "peter.novak", 714, "EUR", []string{n, q, o, won}, 55, 28, 0, "", ""},
		{"Brno Tea House", "Tasting evening", "peter.novak", 260, "EUR", []string{n}, 2, 2, 30, "", ""},
		{"Aurora Hotels", "Spare gaskets for three years", "wen.li", 1_120, "EUR", []string{n, lost}, 47, 33, 0, "", "Timing"},
		{"Second Crack", "Barista course kettles", "emre.aydin", 9_300, "SEK", []string{n, q, o, won}, 80, 60, 0, "", ""},
		{"Tidewater Offices", "Grinder for the lobby", "wen.li", 590, "USD", []string{n, q, o, lost}, 68, 52, 0, "", "No answer"},
	}
}
