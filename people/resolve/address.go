package resolve

import (
	"strings"
	"unicode"
)

// kindsOf street, in short and in long; all are written in short.
const streetKinds = `
st street str strasse
rd road
av ave avenue
pl place
ct court
cr cres crescent
dr drive drv
ln lane
tce terrace ter
cct circuit
cl close
gr grove
pde parade
hwy highway
blvd boulevard bvd
sq square
wy way
pk park
gdns gardens
ci circle cir
esp esplanade
mt mount
apt apartment
n north
s south
e east
w west
`

// regions with the letters that stand for them.
const regionNames = `
nsw new south wales
vic victoria
qld queensland
wa western australia
sa south australia
tas tasmania
act australian capital territory
nt northern territory
al alabama
ak alaska
az arizona
ar arkansas
ca california
co colorado
ct connecticut
de delaware
fl florida
ga georgia
hi hawaii
id idaho
il illinois
in indiana
ia iowa
ks kansas
ky kentucky
la louisiana
me maine
md maryland
ma massachusetts
mi michigan
mn minnesota
ms mississippi
mo missouri
mt montana
ne nebraska
nv nevada
nh new hampshire
nj new jersey
nm new mexico
ny new york
nc north carolina
nd north dakota
oh ohio
ok oklahoma
or oregon
pa pennsylvania
ri rhode island
sc south carolina
sd south dakota
tn tennessee
tx texas
ut utah
vt vermont
va virginia
wa washington
wv west virginia
wi wisconsin
wy wyoming
`

const countryNames = `
au aus australia
us usa united states of america
us united states
uk gb gbr united kingdom
uk great britain
uk england
de deu germany
de deutschland
fr fra france
es esp spain
it ita italy
nl nld netherlands
at aut austria
ch che switzerland
ca can canada
nz nzl new zealand
ie irl ireland
in ind india
ng nga nigeria
br bra brazil
cz cze czechia
pl pol poland
pt prt portugal
`

var shortKind = func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(streetKinds) {
		names := strings.Fields(line)
		for i, n := range names {
			if i > 0 {
				m[n] = names[0]
			}
		}
	}
	return m
}()

func shorts(list string, codes int) map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(list) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		n := 1
		for n < len(words) && n < codes && len(words[n]) == 3 && len(words) > n+1 {
			m[words[n]] = words[0]
			n++
		}
		m[strings.Join(words[n:], " ")] = words[0]
	}
	return m
}

var (
	shortRegion  = shorts(regionNames, 1)
	shortCountry = shorts(countryNames, 3)
)

// foldStreet parts a street into its number and its name.
func foldStreet(s string) (number, name string) {
	var rest []string
	for i, w := range strings.Fields(fold(s)) {
		if short, ok := shortKind[w]; ok {
			w = short
		}
		digits := strings.IndexFunc(w, unicode.IsDigit) == 0
		if digits && number == "" && (i < 3 || len(rest) > 0) {
			number = strings.TrimLeft(w, "0")
			continue
		}
		rest = append(rest, unscanned(w))
	}
	return number, strings.Join(rest, " ")
}

func foldCity(s string) string {
	s = fold(s)
	if strings.IndexFunc(s, unicode.IsDigit) < 0 {
		return s
	}
	words := strings.Fields(s)
	for i, w := range words {
		words[i] = unscanned(w)
	}
	return strings.Join(words, " ")
}

func foldRegion(s string) string {
	s = fold(s)
	if short, ok := shortRegion[s]; ok {
		return short
	}
	return s
}

func foldCountry(s string) string {
	s = fold(s)
	if short, ok := shortCountry[s]; ok {
		return short
	}
	return s
}

func foldPostcode(s string) string {
	s = strings.ReplaceAll(fold(s), " ", "")
	return strings.TrimLeft(s, "0") // what a spreadsheet takes away
}

// foldEmail folds an address. Dots, and what follows a plus, make no
// difference where the provider says so.
func foldEmail(s string) string {
	s = strings.ToLower(strings.TrimSpace(cut(s, longest)))
	s = strings.TrimPrefix(s, "mailto:")
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || domain == "" {
		return ""
	}
	if domain == "googlemail.com" {
		domain = "gmail.com"
	}
	if tag := strings.IndexByte(local, '+'); tag > 0 {
		local = local[:tag]
	}
	if domain == "gmail.com" {
		local = strings.ReplaceAll(local, ".", "")
	}
	return valid(local + "@" + domain)
}

// callingCodes of countries in which a number may be written without.
var callingCodes = map[string]string{"au": "61", "us": "1", "ca": "1", "uk": "44", "de": "49", "fr": "33", "es": "34", "it": "39", "nl": "31",
	"at": "43", "ch": "41", "nz": "64", "ie": "353", "in": "91", "ng": "234", "br": "55", "cz": "420", "pl": "48", "pt": "351"}

// foldPhone writes a telephone number as in E.164 where its country is known,
// and as its bare digits where it is not.
func foldPhone(s, country string) string {
	s = strings.TrimSpace(cut(s, longest))
	international := strings.HasPrefix(s, "+") || strings.HasPrefix(s, "00")
	var b strings.Builder
	for _, r := range strings.TrimPrefix(strings.TrimPrefix(s, "+"), "00") {
		if r == 'x' || r == 'X' || r == ';' {
			break // an extension
		}
		if r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	digits := b.String()
	if len(digits) < 5 || len(strings.Trim(digits, digits[:1])) == 0 {
		return "" // 00000000 is nobody's
	}
	code := callingCodes[country]
	switch {
	case international:
		if code != "" && strings.HasPrefix(digits, code+"0") {
			digits = code + digits[len(code)+1:] // +49 (0) 30 …
		}
		return "+" + digits
	case code == "":
		return strings.TrimLeft(digits, "0")
	case strings.HasPrefix(digits, "0"):
		return "+" + code + strings.TrimLeft(digits, "0")
	case strings.HasPrefix(digits, code) && len(digits) > 10:
		return "+" + digits
	}
	return "+" + code + digits
}

// foldHandle folds the name of an account.
func foldHandle(s string) string {
	s = strings.ToLower(strings.TrimSpace(cut(s, longest)))
	if _, rest, ok := strings.Cut(s, "://"); ok { // a profile's address
		s = strings.TrimSuffix(rest, "/")
		s = s[strings.LastIndexByte(s, '/')+1:]
	}
	return valid(strings.TrimLeft(s, "@"))
}
