package place

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/social"
)

// State is where a branch stands in its life.
type State string

// The states. A removed branch is only a name for what was tied to it.
const (
	Open    State = "open"
	Closed  State = "closed" // for good: what was said stays, nothing new is tied to it by words
	Removed State = "removed"
)

// Ref is how a network knows a branch: the id of a location, a handle, or the
// address of its page. Network is the kind of a channel ("google"), "url" for
// any address, or "channel" when a whole channel speaks of one branch.
type Ref struct {
	Network string `json:"network"`
	Value   string `json:"value"`
}

// folded is the form that is compared.
func (r Ref) folded() string {
	v := strings.TrimSpace(r.Value)
	if u := address(v); u != "" {
		return u
	}
	return strings.ToLower(strings.TrimPrefix(v, "@"))
}

// address makes addresses comparable: host and path, without scheme, www,
// query and a slash at the end; "" for what is none.
func address(s string) string {
	if !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return ""
	}
	out := strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimRight(u.Path, "/")
	for _, k := range []string{"cid", "placeid", "place_id"} { // the query is the name on some maps
		if v := u.Query().Get(k); v != "" {
			out += "?" + k + "=" + v
		}
	}
	return out
}

// Branch is a place of our own.
type Branch struct {
	ID        social.PlaceID
	Code      string // our own number of it; unique when given
	Name      string
	Street    string
	City      string
	Postcode  string
	Region    string
	Country   string // ISO 3166-1 alpha-2
	Lat, Lon  float64
	Phone     string
	Refs      []Ref
	Programme social.ProgrammeID
	State     State
	Town      social.PlaceID // the city of the gazetteer that it lies in, "" if there is none near
	Created   time.Time
	Updated   time.Time
}

// key is what makes a branch the same in a file, where it has no code.
func (b Branch) key() string {
	return strings.Join([]string{fold(b.Name), fold(b.Street), fold(b.City), fold(b.Postcode), b.Country}, "|")
}

// The limits of a branch.
const (
	maxName = 200
	maxRefs = 30
)

func wrong(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}

// Check mends what can be mended, finds where the branch lies, and says what
// is wrong with the rest.
func (b *Branch) Check() error {
	for _, f := range []struct {
		name string
		at   *string
	}{{"code", &b.Code}, {"name", &b.Name}, {"street", &b.Street}, {"city", &b.City}, {"postcode", &b.Postcode}, {"region", &b.Region}, {"country", &b.Country}, {"phone", &b.Phone}} {
		*f.at = strings.Join(strings.Fields(strings.ReplaceAll(strings.ToValidUTF8(*f.at, "\uFFFD"), "\x00", "")), " ")
		if utf8.RuneCountInString(*f.at) > maxName {
			return wrong(f.name, "At most 200 characters.")
		}
	}
	if b.Name == "" {
		return wrong("name", "A branch needs a name.")
	}
	if b.Country != "" {
		code := countryOf(b.Country)
		if code == "" {
			return wrong("country", "“"+b.Country+"” is no country that we know; write its two letters, such as US.")
		}
		b.Country = code
	}
	if math.IsNaN(b.Lat) || math.IsNaN(b.Lon) || math.Abs(b.Lat) > 90 || math.Abs(b.Lon) > 180 {
		return wrong("latitude", "Latitude is −90 to 90 and longitude −180 to 180, in degrees.")
	}
	if err := b.locate(); err != nil {
		return err
	}
	return b.checkRefs()
}

// locate finds the city of a branch, and its coordinates if they are not given.
func (b *Branch) locate() error {
	b.Town = ""
	given := b.Lat != 0 || b.Lon != 0
	if !given {
		if b.City == "" {
			return wrong("city", "A branch needs coordinates, or a city by which we find them.")
		}
		found := World().in(b.City, b.Country, b.Region)
		switch {
		case len(found) == 0 && b.Country == "":
			return wrong("city", "We know no city “"+b.City+"”; give latitude and longitude.")
		case len(found) == 0:
			return wrong("city", "We know no city “"+b.City+"” in "+CountryName(b.Country)+"; give latitude and longitude.")
		case len(found) > 1 && found[0].Population < 5*found[1].Population:
			return wrong("city", "There are several cities “"+b.City+"”: "+found[0].Label()+", "+found[1].Label()+". Give the region, or latitude and longitude.")
		}
		c := found[0]
		b.Lat, b.Lon, b.Town = c.Lat, c.Lon, c.ID
		if b.Country == "" {
			b.Country = c.Country
		}
		return nil
	}
	for _, c := range World().in(b.City, b.Country, "") {
		if Distance(b.Lat, b.Lon, c.Lat, c.Lon) < 40 {
			b.Town = c.ID
			break
		}
	}
	if b.Town == "" {
		if c, ok := World().Nearest(b.Lat, b.Lon, 25); ok && (b.Country == "" || c.Country == b.Country) {
			b.Town = c.ID
		}
	}
	if c, ok := World().City(b.Town); ok {
		if b.Country == "" {
			b.Country = c.Country
		}
		if b.City == "" {
			b.City = c.Name
		}
	}
	return nil
}

// in returns the cities of a name within a country and region, where those
// are known; the largest first.
func (g *Gazetteer) in(name, country, region string) []City {
	if name == "" {
		return nil
	}
	admin := ""
	if country != "" {
		admin = regionOf(country, region)
	} else if region != "" { // "Portland, OR" says the country by itself
		for _, c := range []string{"US", "CA", "GB", "AU"} {
			if a := regionOf(c, region); a != "" && (c == "US" || len(region) > 2) {
				country, admin = c, a
				break
			}
		}
	}
	return slices.DeleteFunc(g.Named(name), func(c City) bool {
		return country != "" && c.Country != country || admin != "" && c.Admin != admin
	})
}

func (b *Branch) checkRefs() error {
	var out []Ref
	seen := map[string]bool{}
	for _, r := range b.Refs {
		r.Network = strings.ToLower(strings.TrimSpace(r.Network))
		r.Value = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(r.Value, "\uFFFD"), "\x00", ""))
		if r.Value == "" {
			continue
		}
		if address(r.Value) != "" {
			r.Network = "url"
		}
		if r.Network == "" || len(r.Network) > 40 || len(r.Value) > 500 {
			return wrong("refs", "An id at a network needs the network's name and at most 500 characters.")
		}
		if r.Network == "url" && address(r.Value) == "" {
			return wrong("refs", "“"+r.Value+"” is no web address; it begins with https://.")
		}
		if k := r.Network + " " + r.folded(); !seen[k] {
			seen[k] = true
			out = append(out, r)
		}
	}
	if len(out) > maxRefs {
		return wrong("refs", "At most "+strconv.Itoa(maxRefs)+" ids and addresses for one branch.")
	}
	slices.SortFunc(out, func(a, c Ref) int {
		return strings.Compare(a.Network+" "+a.Value, c.Network+" "+c.Value)
	})
	b.Refs = out
	return nil
}

// same reports whether two branches say the same, apart from times and state.
func (b Branch) same(o Branch) bool {
	return slices.Equal(b.Refs, o.Refs) && b.Code == o.Code && b.Name == o.Name && b.Street == o.Street && b.City == o.City && b.Postcode == o.Postcode && b.Region == o.Region &&
		b.Country == o.Country && b.Lat == o.Lat && b.Lon == o.Lon && b.Phone == o.Phone && b.Programme == o.Programme && b.State == o.State && b.Town == o.Town
}
