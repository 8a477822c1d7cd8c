package place

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/parley-crm/parley/social"
)

// cues are words before the name of a place, by language: "in Atlanta". The
// name alone says nothing.
var cues = map[string]map[string]bool{
	"en": set("in at near from outside around visiting visited"), "de": set("in bei aus nach nahe im"), "fr": set("a à chez dans de près pres"),
	"es": set("en de desde cerca"), "pt": set("em no na de"), "it": set("a da in di"), "nl": set("in te uit bij"), "pl": set("w we z"),
	"sv": set("i på från"), "da": set("i på fra"), "nb": set("i på fra"), "no": set("i på fra"), "fi": set(""), "ca": set("a de"),
}

// shops are words that make of a city's name the branch there.
var shops = set(`store stores shop shops branch location outlet cafe showroom counter place filiale laden geschäft geschaft magasin boutique tienda loja negozio
winkel sklep butik baristas barista staff team`)

// words that are names of cities and, far more often, something else: a name
// among them counts only with its country or region behind it, or where we
// have a branch.
var everyday = set(`of man goes split best mon same date march deal most midway reading alot much sale buy hurricane police green roses liberal central nice
badger normal orange temple surprise marks union oral tak hook pop along summit moro prosper bath wedding bell federal van mission mobile holiday saga spring
bear gay superior paradise terrace young gap bar swords opportunity tours wa golden marina cali ans boo sake bend derby rugby alliance bra tank mascot pace
pout miranda sparks un ho vineyard university anthem humble retreat sunrise kaya bury tequila natal male pala plunge cypress worms manage barnet tapes lend
plantation ada mexico savage loos pen metro iba manly guna barras wer parole mascara republic holland sim fleet eagle sunset sur liberty converse brad manga
shaping apex sterling salt lens turbo tame delta tire alice mentor donna banning lier hope troy enterprise commerce independence page mill hull cork
home bay lake park hill spring brook rio sand stone bridge church castle march may august june general san santa saint st el la las los les le de du
born side gate garden gardens show low ware wells battle beer brest essen hof kassel singen baden wesel lage weil leer bergen wagen trier sitten
plan vienne bourg sens nice die vigo oral como monza pau foix dole gap lille orange angers nancy metz arcos cruz leon mar real nova seven ocean
bellevue belmont clinton jackson lincoln madison monroe houston austin charlotte victoria florence aurora chandler alexandria cleveland arlington
dallas carter benton warren marshall george cary lewis bradley denison franklin hamilton kent lancaster
sandy star moss pearl ruby rose iris violet sidney sydney paris jordan lima cuba china turkey brazil peru chad toledo`)

// sure names are of the everyday ones those that a cue before and a capital
// are enough for: people's and fruits' names that are great cities as well.
var great = set(`houston austin charlotte victoria dallas cleveland paris sydney florence lima toledo nancy lille essen kassel madison aurora cork leon`)

func set(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// candidate is a name in a text that may be a place.
type candidate struct {
	at, n     int // words
	name      string
	sure      float64
	shop      bool
	country   string
	region    string
	qualified bool
}

// byWords looks for what the words say: the name of a branch, or a city with
// a word that makes a place of it.
func (a *Atlas) byWords(s Said) Finding {
	text := s.Text
	if s.Title != "" {
		text = s.Title + ".\n" + text
	}
	words := split(text)
	if len(words) == 0 {
		return Finding{}
	}
	if f := a.branchNamed(words, text); f.Place != "" || len(f.Others) > 0 {
		return f
	}
	var best Finding
	for _, c := range a.candidates(words, s.Lang) {
		found := World().in(c.name, c.country, c.region)
		f := a.choose(found, s.Lang, c.sure, c.qualified)
		if f.Place == "" && len(f.Others) == 0 {
			continue
		}
		f.Via = ByWords
		f.Why = quoted(text, words[max(c.at-1, 0)].from, words[min(c.at+c.n, len(words)-1)].to)
		if everyday[c.name] && !great[c.name] && !c.qualified && len(a.towns[f.Place]) == 0 {
			continue
		}
		if here := a.towns[f.Place]; f.Place != "" && len(here) == 1 && (c.shop || s.Directed && s.Form == social.FormReview) {
			f.Place, f.Confidence = here[0], f.Confidence*0.95
		}
		if best.Place == "" && (f.Place != "" || len(best.Others) == 0) || f.Place != "" && f.Confidence > best.Confidence {
			best = f
		}
	}
	return best
}

// quoted is a piece of a text, fit to be shown in a line.
func quoted(text string, from, to int) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text[from:to], ""))
	out := []rune(strings.Join(strings.Fields(plain), " "))
	if len(out) > 120 {
		out = append(out[:119], '…')
	}
	return string(out)
}

// branchNamed finds the name of exactly one branch: all of it, or what is its
// own in it when a word such as "store" or "at" stands beside.
func (a *Atlas) branchNamed(words []word, text string) Finding {
	var hit social.PlaceID
	var why string
	sure := 0.0
	for i := range words {
		for n := min(int(a.longest[words[i].text]), len(words)-i); n > 0; n-- {
			name := join(words[i : i+n])
			list, whole := a.names[name], true
			if len(list) == 0 {
				list, whole = a.parts[name], false
			}
			if len(list) != 1 {
				continue
			}
			conf := 0.92
			if !whole {
				conf = 0.8
				beside := i+n < len(words) && shops[words[i+n].text] || i > 0 && (shops[words[i-1].text] || cues["en"][words[i-1].text]) ||
					i > 1 && words[i-1].text == "the" && cues["en"][words[i-2].text]
				if !beside && (n == 1 || !words[i].upper) {
					continue
				}
				if len(World().named(name)) > 0 && !(i+n < len(words) && shops[words[i+n].text]) {
					continue // a city's name: the city is looked for instead
				}
			}
			if hit != "" && hit != list[0] {
				return Finding{Via: ByWords, Why: why, Others: []social.Guess{{Place: hit, Share: 0.5}, {Place: list[0], Share: 0.5}}} // of two branches: nobody can tell
			}
			if conf > sure {
				hit, sure = list[0], conf
				why = quoted(text, words[i].from, words[i+n-1].to)
			}
			break
		}
	}
	if hit == "" {
		return Finding{}
	}
	return Finding{Place: hit, Via: ByWords, Confidence: sure, Why: why}
}

func join(words []word) string {
	if len(words) == 1 {
		return words[0].text
	}
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.text
	}
	return strings.Join(out, " ")
}

// candidates are the names in a text with something beside that makes a place
// of them.
func (a *Atlas) candidates(words []word, lang string) []candidate {
	before := cues[primary(lang)]
	if before == nil {
		before = cues["en"]
	}
	quiet := true // a text without capitals: they say nothing then
	for _, w := range words {
		quiet = quiet && (!w.upper || w.caps)
	}
	var out []candidate
	for i := 0; i < len(words) && len(out) < 20; i++ {
		for n := min(int(World().long[words[i].text]), len(words)-i); n > 0; n-- {
			if broken(words[i : i+n]) {
				continue
			}
			name := join(words[i : i+n])
			if len(World().byName[name]) == 0 || len([]rune(name)) < 3 && n == 1 {
				continue
			}
			c := candidate{at: i, n: n, name: name}
			if a.weigh(&c, words, before, quiet) {
				out = append(out, c)
				i += n - 1
			}
			break
		}
	}
	return out
}

func broken(words []word) bool {
	for _, w := range words[:len(words)-1] {
		if w.stop || w.comma {
			return true
		}
	}
	return false
}

// weigh says how sure it is that a name means a place, if it does at all.
func (a *Atlas) weigh(c *candidate, words []word, before map[string]bool, quiet bool) bool {
	first, last := words[c.at], words[c.at+c.n-1]
	if first.sign == '@' {
		return false
	}
	a.qualify(c, words)
	c.shop = c.at+c.n < len(words) && !last.stop && !last.comma && shops[words[c.at+c.n].text]
	cue := c.at > 0 && !words[c.at-1].stop && before[words[c.at-1].text]
	the := c.at > 1 && words[c.at-1].text == "the" && before[words[c.at-2].text]
	if c.at+c.n < len(words) && !last.stop && !last.comma && words[c.at+c.n].upper && !quiet && !c.qualified && !c.shop {
		return false // "at Phoenix Coffee": a longer name of something else
	}
	capital := first.upper && !quiet
	switch {
	case c.qualified && (capital || quiet):
		c.sure = 0.95
	case first.sign == '#':
		c.sure = 0.65
	case c.shop && (cue || the || capital):
		c.sure = 0.88
	case cue && capital:
		c.sure = 0.85
	case cue && quiet && !everyday[c.name]:
		c.sure = 0.7
	default:
		return false
	}
	return true
}

// qualify reads the country or region behind a name: "Portland, OR".
func (a *Atlas) qualify(c *candidate, words []word) {
	end := c.at + c.n
	if end >= len(words) || words[end-1].stop {
		return
	}
	for n := min(3, len(words)-end); n > 0; n-- {
		tail := words[end : end+n]
		name := join(tail)
		if !words[end-1].comma && n == 1 && !(tail[0].caps && len(name) == 2) && len(name) < 4 {
			continue
		}
		if len(name) == 2 && !tail[0].caps {
			continue
		}
		region := ""
		for _, country := range []string{"US", "CA", "GB", "AU"} {
			if r := regionOf(country, name); r != "" && len(World().in(c.name, country, name)) > 0 {
				c.country, region = country, name
				break
			}
		}
		if region == "" {
			if country := countryOf(name); country != "" && len(World().in(c.name, country, "")) > 0 {
				c.country = country
			}
		}
		if c.country != "" {
			c.region, c.qualified = region, true
			return
		}
	}
}

// links returns the web addresses in a text, at most ten.
func links(text string) []string {
	var out []string
	for len(out) < 10 {
		i := strings.Index(text, "http")
		if i < 0 {
			break
		}
		text = text[i:]
		end := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"<>)]`, r) })
		if end < 0 {
			end = len(text)
		}
		out = append(out, strings.TrimRight(text[:end], ".,;:!?"))
		text = text[max(end, 4):]
	}
	return out
}

// handles returns the names behind an @ in a text, at most twenty.
func handles(text string) []string {
	var out []string
	for len(out) < 20 {
		i := strings.IndexByte(text, '@')
		if i < 0 {
			break
		}
		text = text[i+1:]
		end := strings.IndexFunc(text, func(r rune) bool {
			return !(unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-.@", r))
		})
		if end < 0 {
			end = len(text)
		}
		if h := strings.TrimRight(text[:end], ".-"); h != "" {
			out = append(out, h)
		}
		text = text[end:]
	}
	return out
}

func point(lat, lon float64) string {
	return strconv.FormatFloat(lat, 'f', 4, 64) + ", " + strconv.FormatFloat(lon, 'f', 4, 64)
}
