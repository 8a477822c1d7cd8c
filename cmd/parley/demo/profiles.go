package demo

// Profile is where the company stands on a site, or where somebody pretends
// to.
type Profile struct {
	Kind, Network, Name, Handle, URL string
	Region                           string // "" for the whole world
	Status                           string // "" for claimed
	Programme, Owner                 string
	Sponsor, Purpose, Done           string
}

// profiles are what the register of presence holds: kept ones, one that nobody
// looks after, one that nobody took, and one by somebody else.
func profiles() []Profile {
	return []Profile{
		{Kind: "microblog", Network: "mastodon", Name: "Brewell", Handle: "brewell@social.example", URL: "https://social.example/@brewell", Programme: kettles, Owner: "jonas.lindqvist", Sponsor: "Maya Dubois", Purpose: "Answers about kettles, every day."},
		{Kind: "microblog", Network: "bluesky", Name: "Brewell", Handle: "brewell.example", URL: "https://bsky.example/profile/brewell.example", Programme: kettles, Owner: "jonas.lindqvist", Sponsor: "Maya Dubois", Purpose: "The same, where others are."},
		{Kind: "microblog", Network: "mastodon", Name: "Brewell Portland", Handle: "portland@social.example", URL: "https://social.example/@brewellportland", Region: "North America", Programme: portland, Owner: "dolores.whitfield", Sponsor: "Idris Bakare", Purpose: "Opening hours, queues and repair evenings."},
		{Kind: "network", Network: "facebook", Name: "Brewell", URL: "https://facebook.example/brewell", Programme: marketing, Owner: "camille.roux", Sponsor: "Idris Bakare", Purpose: "News, and questions in the comments."},
		{Kind: "network", Network: "facebook", Name: "Brewell Österreich", URL: "https://facebook.example/brewell.austria", Region: "Europe", Status: "orphaned", Purpose: "Begun by an importer in 2019; nobody has the password."},
		{Kind: "media", Network: "youtube", Name: "Brewell Workshop", URL: "https://youtube.example/@brewellworkshop", Programme: repairs, Owner: "rosa.lindgren", Sponsor: "Maya Dubois", Purpose: "How to mend it yourself."},
		{Kind: "media", Network: "instagram", Name: "brewell.official.gifts", URL: "https://instagram.example/brewell.official.gifts", Status: "impostor", Done: "Reported on the day of the recall; the network has not answered yet."},
		{Kind: "blog", Network: "wordpress", Name: "The Brewell notebook", URL: "https://notebook.brewell.example/", Programme: marketing, Owner: "camille.roux", Sponsor: "Idris Bakare", Purpose: "Longer than a post."},
		{Kind: "wiki", Network: "wiki", Name: "Brewell kettle", URL: "https://wiki.example/wiki/Brewell_kettle", Status: "unclaimed", Purpose: "An article about us by others; we only ask for corrections on its talk page."},
		{Kind: "review", Network: "google", Name: "Brewell shops", URL: "https://maps.example/brewell", Region: "North America", Programme: portland, Owner: "dolores.whitfield", Sponsor: "Idris Bakare", Purpose: "Seven shops, answered within the day."},
		{Kind: "review", Network: "google", Name: "Brewell Läden", URL: "https://maps.example/brewell-europe", Region: "Europe", Programme: europe, Owner: "hannah.vogt", Sponsor: "Idris Bakare", Purpose: "Five shops."},
		{Kind: "forum", Network: "forum", Name: "Brewell Table", URL: "https://table.brewell.example/", Programme: ideas, Owner: "jiwoo.park", Sponsor: "Idris Bakare", Purpose: "Where ideas are argued over."},
		{Kind: "owned", Network: "web", Name: "brewell.example", URL: "https://brewell.example/", Programme: marketing, Owner: "camille.roux", Sponsor: "Idris Bakare", Purpose: "The shop and the help pages."},
	}
}

// nowhere is where the company is known to have nothing.
func nowhere() []Profile {
	return []Profile{
		{Kind: "bookmark", Region: "North America", Purpose: "Looked in May: nobody saves us there."},
		{Kind: "wiki", Region: "Europe", Purpose: "No article in another language."},
		{Kind: "network", Region: "Japan", Purpose: "Decided to listen first."},
	}
}
