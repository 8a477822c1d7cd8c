package place

import (
	"bufio"
	"compress/gzip"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/third_party/geonames"
)

// Credit must stand wherever names and coordinates of cities are shown.
const Credit = geonames.Credit

// City is a city of the world.
type City struct {
	ID         social.PlaceID // "geo:" and the GeoNames id
	Name       string
	Country    string // ISO 3166-1 alpha-2
	Admin      string // GeoNames' code of the first-level division
	Population int
	Lat, Lon   float64
}

// Region is what the city's division is called, "" where we have no name.
func (c City) Region() string { return title(regionNames[c.Country+c.Admin]) }

// Label is the city with what tells it from others of its name.
func (c City) Label() string {
	if (c.Country == "US" || c.Country == "CA" || c.Country == "AU") && c.Region() != "" {
		return c.Name + ", " + c.Region()
	}
	return c.Name + ", " + CountryName(c.Country)
}

func title(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if w != "of" && w != "and" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, " ")
}

// Gazetteer finds cities by name and by where they lie. Use [World].
type Gazetteer struct {
	all    []City
	byID   map[social.PlaceID]int32
	byName map[string][]int32 // folded; the largest first
	cells  map[[2]int16][]int32
	long   lengths
}

// World is the gazetteer of the whole world, read when it is first asked for.
var World = sync.OnceValue(func() *Gazetteer {
	r, err := gzip.NewReader(strings.NewReader(geonames.Cities))
	if err != nil {
		panic("the table of cities that was compiled in cannot be read: " + err.Error())
	}
	return gazetteer(r)
})

// lengths says how many words the longest name has that begins with a word.
type lengths map[string]int8

func (l lengths) add(name string) {
	first, _, _ := strings.Cut(name, " ")
	l[first] = max(l[first], int8(strings.Count(name, " ")+1))
}

// exonyms are names of large cities that the table has under another one.
const exonyms = `cologne=koln,munchen=munich,wien=vienna,praha=prague,warszawa=warsaw,warschau=warsaw,roma=rome,rom=rome,milano=milan,mailand=milan,firenze=florence,
florenz=florence,torino=turin,napoli=naples,neapel=naples,venezia=venice,venedig=venice,genova=genoa,geneva=geneve,genf=geneve,bruxelles=brussels,brussel=brussels,
antwerp=antwerpen,kobenhavn=copenhagen,kopenhagen=copenhagen,gothenburg=goteborg,moskva=moscow,moskau=moscow,kiev=kyiv,beograd=belgrade,bucuresti=bucharest,
athina=athens,athen=athens,seville=sevilla,nuremberg=nurnberg,lisboa=lisbon,lissabon=lisbon,lisbonne=lisbon,ghent=gent,bruges=brugge,cracow=krakow,oporto=porto,
peking=beijing,bombay=mumbai,den haag=the hague,basle=basel,berne=bern,lucerne=luzern,frankfurt=frankfurt am main,new york=new york city,nyc=new york city,
st petersburg=saint petersburg,padua=padova,tokio=tokyo,londres=london,londra=london,parigi=paris,hambourg=hamburg,la coruna=a coruna,saigon=ho chi minh city`

func gazetteer(r io.Reader) *Gazetteer {
	g := &Gazetteer{byID: map[social.PlaceID]int32{}, byName: map[string][]int32{}, cells: map[[2]int16][]int32{}, long: lengths{}}
	for lines := bufio.NewScanner(r); lines.Scan(); {
		f := strings.Split(lines.Text(), "\t")
		if len(f) < 7 {
			continue
		}
		pop, _ := strconv.Atoi(f[4])
		lat, _ := strconv.ParseFloat(f[5], 64)
		lon, _ := strconv.ParseFloat(f[6], 64)
		i := int32(len(g.all))
		c := City{ID: social.PlaceID("geo:" + f[0]), Name: f[1], Country: f[2], Admin: f[3], Population: pop, Lat: lat, Lon: lon}
		g.all = append(g.all, c)
		g.byID[c.ID] = i
		n := fold(c.Name)
		g.byName[n] = append(g.byName[n], i)
		g.long.add(n)
		g.cells[cell(lat, lon)] = append(g.cells[cell(lat, lon)], i)
	}
	for pair := range strings.SplitSeq(exonyms, ",") {
		also, name, _ := strings.Cut(strings.TrimSpace(pair), "=")
		if large := g.largest(name); large >= 0 && !slices.Contains(g.byName[also], large) {
			g.byName[also] = append(g.byName[also], large)
			g.long.add(also)
		}
	}
	for _, list := range g.byName {
		slices.SortStableFunc(list, func(a, b int32) int { return g.all[b].Population - g.all[a].Population })
	}
	return g
}

func (g *Gazetteer) largest(name string) int32 {
	best := int32(-1)
	for _, i := range g.byName[name] {
		if best < 0 || g.all[i].Population > g.all[best].Population {
			best = i
		}
	}
	return best
}

func cell(lat, lon float64) [2]int16 { return [2]int16{int16(math.Floor(lat)), int16(math.Floor(lon))} }

// City returns a city by its id.
func (g *Gazetteer) City(id social.PlaceID) (City, bool) {
	i, ok := g.byID[id]
	if !ok {
		return City{}, false
	}
	return g.all[i], true
}

// Named returns the cities of a name, the largest first.
func (g *Gazetteer) Named(name string) []City { return g.named(fold(name)) }

func (g *Gazetteer) named(folded string) []City {
	list := g.byName[folded]
	out := make([]City, len(list))
	for i, at := range list {
		out[i] = g.all[at]
	}
	return out
}

// Beginning returns the largest cities whose name begins so.
func (g *Gazetteer) Beginning(name string, limit int) []City {
	name = fold(name)
	if name == "" {
		return nil
	}
	var out []City
	for n, list := range g.byName {
		if strings.HasPrefix(n, name) {
			for _, i := range list {
				out = append(out, g.all[i])
			}
		}
	}
	slices.SortFunc(out, func(a, b City) int {
		if a.Population != b.Population {
			return b.Population - a.Population
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	out = slices.CompactFunc(out, func(a, b City) bool { return a.ID == b.ID })
	return out[:min(len(out), limit)]
}

// Nearest returns the city that a point belongs to: of those within so many
// kilometres the nearest, where a large city reaches further than a small one.
func (g *Gazetteer) Nearest(lat, lon, km float64) (City, bool) {
	best, least := int32(-1), math.Inf(1)
	at := cell(lat, lon)
	for dy := int16(-1); dy <= 1; dy++ {
		for dx := int16(-1); dx <= 1; dx++ {
			for _, i := range g.cells[[2]int16{at[0] + dy, at[1] + dx}] {
				c := g.all[i]
				d := Distance(lat, lon, c.Lat, c.Lon)
				if d > km {
					continue
				}
				if w := d / math.Sqrt(math.Sqrt(float64(max(c.Population, 15_000)))); w < least {
					best, least = i, w
				}
			}
		}
	}
	if best < 0 {
		return City{}, false
	}
	return g.all[best], true
}

// Distance is the kilometres between two points on a sphere.
func Distance(lat1, lon1, lat2, lon2 float64) float64 {
	const r = math.Pi / 180
	a := math.Pow(math.Sin((lat2-lat1)*r/2), 2) + math.Cos(lat1*r)*math.Cos(lat2*r)*math.Pow(math.Sin((lon2-lon1)*r/2), 2)
	return 2 * 6371 * math.Asin(math.Min(1, math.Sqrt(a)))
}
