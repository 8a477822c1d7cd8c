package place

import (
	"math"
	"slices"
	"strings"

	"github.com/parley-crm/parley/social"
)

// Via is the sort of evidence that ties an activity to a place.
type Via string

// The sorts of evidence, from the strongest to the weakest.
const (
	ByHand  Via = "hand"    // a person said so; it stays
	ByHint  Via = "network" // the network names the place by an id, an address or coordinates
	ByRef   Via = "page"    // the address or handle of a branch is in it
	ByLine  Via = "channel" // the whole channel speaks of one branch
	ByWords Via = "words"   // the words say so
	ByHome  Via = "author"  // only the author's profile says where they live
)

// Finding is what an activity was found to speak of.
type Finding struct {
	Place      social.PlaceID // "" when it is left open
	Via        Via
	Confidence float64
	Why        string // what the evidence is, word for word where it is words
	Others     []social.Guess
}

// Said is what is known of an activity when its place is looked for.
type Said struct {
	social.Activity
	Kind    string // of its channel
	Channel string // the channel's id
	Name    string // the channel's name
}

// Atlas is all branches at one moment, ready to be looked for. It never changes.
type Atlas struct {
	branches map[social.PlaceID]Branch
	order    []social.PlaceID
	refs     map[string]social.PlaceID // network, a space, folded value
	urls     map[string]social.PlaceID
	names    map[string][]social.PlaceID // folded whole name
	parts    map[string][]social.PlaceID // folded name without what most branches share
	longest  lengths                     // of names and parts
	towns    map[social.PlaceID][]social.PlaceID
	land     map[string]int // branches by country
}

// NewAtlas makes an atlas of branches; closed ones are known by the network's
// evidence, removed ones not at all.
func NewAtlas(branches []Branch) *Atlas {
	a := &Atlas{branches: map[social.PlaceID]Branch{}, refs: map[string]social.PlaceID{}, urls: map[string]social.PlaceID{}, names: map[string][]social.PlaceID{},
		parts: map[string][]social.PlaceID{}, towns: map[social.PlaceID][]social.PlaceID{}, land: map[string]int{}, longest: lengths{}}
	usual := map[string]int{}
	living := 0
	for _, b := range branches {
		a.branches[b.ID] = b
		if b.State == Open {
			living++
			for _, w := range slices.Compact(slices.Sorted(slices.Values(strings.Fields(fold(b.Name))))) {
				usual[w]++
			}
		}
	}
	for _, b := range branches {
		if b.State == Removed {
			continue
		}
		a.order = append(a.order, b.ID)
		for _, r := range b.Refs {
			if r.Network == "url" {
				a.urls[r.folded()] = b.ID
			} else {
				a.refs[r.Network+" "+r.folded()] = b.ID
			}
		}
		if b.State != Open {
			continue
		}
		a.land[b.Country]++
		if b.Town != "" {
			a.towns[b.Town] = append(a.towns[b.Town], b.ID)
		}
		name := strings.Fields(fold(b.Name))
		var own []string
		for _, w := range name {
			if living < 2 || 2*usual[w] <= living {
				own = append(own, w)
			}
		}
		a.name(a.names, strings.Join(name, " "), b.ID)
		if len(own) < len(name) {
			a.name(a.parts, strings.Join(own, " "), b.ID)
		}
	}
	return a
}

func (a *Atlas) name(in map[string][]social.PlaceID, name string, id social.PlaceID) {
	if len(name) < 3 {
		return
	}
	in[name] = append(in[name], id)
	a.longest.add(name)
}

// Branch returns a branch by its id.
func (a *Atlas) Branch(id social.PlaceID) (Branch, bool) {
	b, ok := a.branches[id]
	return b, ok
}

// Resolve finds the place of an activity by the strongest evidence that there
// is. It is a pure function of the activity and the atlas.
func (a *Atlas) Resolve(s Said) Finding {
	for _, look := range []func(Said) Finding{a.byHint, a.byRef, a.byLine, a.byWords, a.byHome} {
		if f := look(s); f.Place != "" || len(f.Others) > 0 {
			f.Confidence = math.Round(f.Confidence*100) / 100
			return f
		}
	}
	return Finding{}
}

// near is how many kilometres a point may be from a branch that it means.
const near = 0.2

// byHint looks at what the network says in a structured way.
func (a *Atlas) byHint(s Said) Finding {
	h := s.Place
	if h == (social.Place{}) {
		return Finding{}
	}
	if h.ExternalID != "" {
		if id, ok := a.refs[s.Kind+" "+(Ref{Value: h.ExternalID}).folded()]; ok {
			return Finding{Place: id, Via: ByHint, Confidence: 1, Why: h.ExternalID}
		}
	}
	if u := address(h.URL); u != "" {
		if id, ok := a.urls[u]; ok {
			return Finding{Place: id, Via: ByHint, Confidence: 0.98, Why: h.URL}
		}
	}
	if f := a.byAddress(h); f.Place != "" {
		return f
	}
	if f := a.byPoint(h); f.Place != "" {
		return f
	}
	if list := a.names[fold(h.Name)]; len(list) == 1 && (h.City == "" || fold(h.City) == fold(a.branches[list[0]].City)) {
		return Finding{Place: list[0], Via: ByHint, Confidence: 0.9, Why: h.Name}
	}
	return a.cityOfHint(h)
}

// byAddress compares street and city, or street and postcode.
func (a *Atlas) byAddress(h social.Place) Finding {
	if h.Street == "" || h.City == "" && h.Postcode == "" {
		return Finding{}
	}
	var found []social.PlaceID
	for _, id := range a.order {
		b := a.branches[id]
		if fold(b.Street) == fold(h.Street) && (h.Postcode != "" && fold(h.Postcode) == fold(b.Postcode) || h.City != "" && fold(h.City) == fold(b.City)) {
			found = append(found, id)
		}
	}
	if len(found) != 1 {
		return Finding{}
	}
	return Finding{Place: found[0], Via: ByHint, Confidence: 0.95, Why: strings.Trim(h.Street+", "+h.City, ", ")}
}

// byPoint takes the one branch at a point.
func (a *Atlas) byPoint(h social.Place) Finding {
	if !h.Located() {
		return Finding{}
	}
	var at social.PlaceID
	n := 0
	for _, id := range a.order {
		if b := a.branches[id]; Distance(h.Lat, h.Lon, b.Lat, b.Lon) <= near {
			at, n = id, n+1
		}
	}
	if n != 1 {
		return Finding{}
	}
	return Finding{Place: at, Via: ByHint, Confidence: 0.9, Why: point(h.Lat, h.Lon)}
}

func (a *Atlas) cityOfHint(h social.Place) Finding {
	if h.Located() {
		if c, ok := World().Nearest(h.Lat, h.Lon, 30); ok {
			return Finding{Place: c.ID, Via: ByHint, Confidence: 0.85, Why: point(h.Lat, h.Lon)}
		}
	}
	for _, name := range []string{h.City, h.Name} {
		if name == "" {
			continue
		}
		country := countryOf(h.Country)
		f := a.choose(World().in(name, country, h.Region), "", 0.9, country != "" || h.Region != "")
		if f.Place != "" || len(f.Others) > 0 {
			f.Via, f.Why = ByHint, strings.Trim(name+", "+h.Country, ", ")
			return f
		}
	}
	return Finding{}
}

// byRef looks for the address or the handle of a branch.
func (a *Atlas) byRef(s Said) Finding {
	if len(a.urls) > 0 {
		for _, u := range append([]string{s.URL}, links(s.Text)...) {
			for at := address(u); at != ""; {
				if id, ok := a.urls[at]; ok {
					return Finding{Place: id, Via: ByRef, Confidence: 0.95, Why: u}
				}
				cut := strings.LastIndexByte(at, '/')
				if cut < 0 {
					break
				}
				at = at[:cut] // a page below the branch's own
			}
		}
	}
	if len(a.refs) == 0 {
		return Finding{}
	}
	for _, w := range handles(s.Text) {
		if id, ok := a.refs[s.Kind+" "+strings.ToLower(w)]; ok {
			return Finding{Place: id, Via: ByRef, Confidence: 0.9, Why: "@" + w}
		}
	}
	return Finding{}
}

func (a *Atlas) byLine(s Said) Finding {
	if !s.Directed {
		return Finding{}
	}
	for _, v := range []string{s.Channel, s.Name} {
		if id, ok := a.refs["channel "+strings.ToLower(v)]; ok && v != "" {
			return Finding{Place: id, Via: ByLine, Confidence: 0.95, Why: s.Name}
		}
	}
	return Finding{}
}

// byHome takes the city that the author's profile names, and never a branch:
// where somebody lives is not what they speak of.
func (a *Atlas) byHome(s Said) Finding {
	home := strings.TrimSpace(s.Author.Place)
	if home == "" || len(home) > 200 {
		return Finding{}
	}
	parts := strings.Split(home, ",")
	rest := strings.TrimSpace(strings.Join(parts[1:], ","))
	country, region := countryOf(rest), ""
	if len(parts) > 1 && country == "" {
		region = rest
	}
	found := World().in(strings.TrimSpace(parts[0]), country, region)
	if region != "" && country == "" && len(found) > 1 && regionKnown(region) == "" {
		return Finding{} // "Berlin, somewhere": nobody can tell
	}
	f := a.choose(found, s.Lang, 0.4, country != "" || region != "")
	f.Others = nil // nothing to decide by hand
	if f.Place == "" {
		return Finding{}
	}
	f.Via, f.Why = ByHome, home
	return f
}

func regionKnown(s string) string {
	for _, c := range []string{"US", "CA", "GB", "AU"} {
		if regionOf(c, s) != "" {
			return c
		}
	}
	return ""
}

// choose takes one of several cities of a name: the larger the likelier, in a
// country of the language or of our own likelier still, most of all where we
// have a branch. When none stands out it is left open.
func (a *Atlas) choose(cities []City, lang string, sure float64, qualified bool) Finding {
	if len(cities) == 0 {
		return Finding{}
	}
	weight := make([]float64, len(cities))
	sum := 0.0
	lands := speaks[primary(lang)]
	for i, c := range cities {
		w := float64(max(c.Population, 1000))
		if lands != "" && strings.Contains(lands, c.Country) {
			w *= 4
		}
		if a.land[c.Country] > 0 {
			w *= 3
		}
		if len(a.towns[c.ID]) > 0 {
			w *= 30
		}
		weight[i] = w
		sum += w
	}
	guesses := make([]social.Guess, len(cities))
	for i, c := range cities {
		guesses[i] = social.Guess{Place: c.ID, Share: math.Round(100*weight[i]/sum) / 100}
	}
	slices.SortStableFunc(guesses, func(x, y social.Guess) int { return int(100*y.Share) - int(100*x.Share) })
	guesses = guesses[:min(len(guesses), 5)]
	if guesses[0].Share < 0.75 {
		return Finding{Others: guesses}
	}
	f := Finding{Place: guesses[0].Place, Confidence: sure * guesses[0].Share}
	if qualified {
		f.Confidence = min(0.97, f.Confidence*1.08)
	}
	if len(guesses) > 1 {
		f.Others = guesses[1:]
	}
	return f
}

func primary(tag string) string {
	p, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return p
}
