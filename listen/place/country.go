package place

import (
	"slices"
	"strings"
	"sync"

	"github.com/parley-crm/parley/social"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// isoCountries are the codes that GeoNames uses (ISO 3166-1 alpha-2, and XK).
const isoCountries = `AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF CG
CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT
GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF
MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU
RW SA SB SC SD SE SG SH SI SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF
WS XK YE YT ZA ZM ZW`

// alsoCountries are other names that people write.
var alsoCountries = map[string]string{
	"usa": "US", "u s a": "US", "u s": "US", "america": "US", "the us": "US", "uk": "GB", "u k": "GB", "great britain": "GB", "england": "GB",
	"scotland": "GB", "wales": "GB", "northern ireland": "GB", "holland": "NL", "uae": "AE", "czech republic": "CZ", "south korea": "KR", "korea": "KR",
	"russia": "RU", "turkey": "TR", "deutschland": "DE", "osterreich": "AT", "schweiz": "CH", "suisse": "CH", "espana": "ES", "italia": "IT",
	"brasil": "BR", "polska": "PL", "nederland": "NL", "belgique": "BE", "belgie": "BE", "sverige": "SE", "norge": "NO", "danmark": "DK", "suomi": "FI",
	"ivory coast": "CI", "vietnam": "VN", "hong kong": "HK", "macau": "MO",
}

type countries struct {
	name map[string]string // by code
	code map[string]string // by folded name
}

var theCountries = sync.OnceValue(func() countries {
	c := countries{map[string]string{}, map[string]string{}}
	names := display.English.Regions()
	for code := range strings.FieldsSeq(isoCountries) {
		r, err := language.ParseRegion(code)
		if err != nil {
			continue
		}
		n := names.Name(r)
		c.name[code] = n
		c.code[fold(n)] = code
	}
	for n, code := range alsoCountries {
		c.code[n] = code
	}
	return c
})

// CountryName is the English name of a country's code, "" if there is none.
func CountryName(code string) string { return theCountries().name[strings.ToUpper(code)] }

// Countries lists countries, as places, of which a name begins so.
func Countries(text string, limit int) []social.PlaceID {
	want := fold(text)
	if want == "" {
		return nil
	}
	var out []social.PlaceID
	for name, code := range theCountries().code {
		if id := social.PlaceID(countryPrefix + code); strings.HasPrefix(name, want) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out[:min(len(out), limit)]
}

// countryOf reads a country's code or name; "" when it is neither.
func countryOf(s string) string {
	s = strings.TrimSpace(s)
	if up := strings.ToUpper(s); len(s) == 2 {
		if up == "UK" {
			return "GB"
		}
		if _, ok := theCountries().name[up]; ok {
			return up
		}
	}
	return theCountries().code[fold(s)]
}

// regions are first-level divisions that people write behind a city: by
// country, folded name to GeoNames' code.
var regions = map[string]map[string]string{
	"US": table(`AL alabama,AK alaska,AZ arizona,AR arkansas,CA california,CO colorado,CT connecticut,DE delaware,DC district of columbia,FL florida,
GA georgia,HI hawaii,ID idaho,IL illinois,IN indiana,IA iowa,KS kansas,KY kentucky,LA louisiana,ME maine,MD maryland,MA massachusetts,MI michigan,
MN minnesota,MS mississippi,MO missouri,MT montana,NE nebraska,NV nevada,NH new hampshire,NJ new jersey,NM new mexico,NY new york,NC north carolina,
ND north dakota,OH ohio,OK oklahoma,OR oregon,PA pennsylvania,RI rhode island,SC south carolina,SD south dakota,TN tennessee,TX texas,UT utah,
VT vermont,VA virginia,WA washington,WV west virginia,WI wisconsin,WY wyoming`, true),
	"CA": table(`01 alberta,02 british columbia,03 manitoba,04 new brunswick,05 newfoundland and labrador,07 nova scotia,08 ontario,
09 prince edward island,10 quebec,11 saskatchewan,12 yukon,13 northwest territories,14 nunavut,01 ab,02 bc,03 mb,04 nb,05 nl,07 ns,08 on,09 pe,10 qc,11 sk`, false),
	"GB": table(`ENG england,SCT scotland,WLS wales,NIR northern ireland`, false),
	"AU": table(`02 new south wales,03 northern territory,04 queensland,05 south australia,06 tasmania,07 victoria,08 western australia,
01 australian capital territory,02 nsw,04 qld,07 vic,06 tas`, false),
}

// regionNames are the names of those divisions, by country and code.
var regionNames = func() map[string]string {
	out := map[string]string{}
	for country, t := range regions {
		for name, code := range t {
			if len(name) > len(out[country+code]) && len(name) > 3 {
				out[country+code] = name
			}
		}
	}
	return out
}()

func table(s string, codes bool) map[string]string {
	out := map[string]string{}
	for entry := range strings.SplitSeq(s, ",") {
		code, name, _ := strings.Cut(strings.TrimSpace(entry), " ")
		out[fold(name)] = code
		if codes {
			out[strings.ToLower(code)] = code
		}
	}
	return out
}

// regionOf reads a division of a country: its name or its usual letters.
func regionOf(country, s string) string { return regions[country][fold(s)] }

// speaks says in which countries a language is spoken most, for choosing
// between places of one name.
var speaks = map[string]string{
	"en": "US GB CA AU IE NZ", "de": "DE AT CH", "fr": "FR BE CH CA", "es": "ES MX AR CO CL PE", "pt": "PT BR", "it": "IT CH", "nl": "NL BE", "pl": "PL",
	"sv": "SE", "da": "DK", "nb": "NO", "no": "NO", "fi": "FI", "tr": "TR", "ja": "JP", "ko": "KR", "ru": "RU", "uk": "UA", "cs": "CZ", "ar": "EG SA AE MA",
	"el": "GR", "hu": "HU", "ro": "RO", "zh": "CN TW HK", "hi": "IN", "id": "ID", "vi": "VN", "th": "TH",
}
