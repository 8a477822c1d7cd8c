package query

import (
	"strings"
	"unicode"

	"github.com/parley-crm/parley/social"
)

// fieldName finds a name with a colon at the beginning of a chunk. The colon
// of a link (https://…) or of a time (12:30) is not one.
func (l *lexer) fieldName(i, end int) (string, int) {
	for j := i; j < end; j++ {
		r := l.src[j]
		if r == ':' || r == '：' {
			if j == i || j+2 < end && l.src[j+1] == '/' && l.src[j+2] == '/' {
				return "", 0
			}
			return string(l.src[i:j]), j
		}
		if !unicode.IsLetter(r) {
			return "", 0
		}
	}
	return "", 0
}

// field reads name:value, where the value may be in quotes.
func (l *lexer) field(i, colon, end int, name string) int {
	value, at := string(l.src[colon+1:end]), colon+1
	quotes := value == "" && end < len(l.src) && isQuote(l.src[end])
	if quotes {
		j := l.quoted(end)
		if j < 0 {
			return l.bad(i, len(l.src), fault(end, "This quote is never closed; put another \" at its end."))
		}
		value, at, end = string(l.src[end+1:j]), end+1, j+1
	}
	x := lexeme{kind: TokenField, start: i, end: end, name: Name(strings.ToLower(name))}
	var err *social.Error
	switch x.name {
	case Lang, From, Channel, Place:
		if value == "" && !quotes && end < len(l.src) && isOpen(l.src[end]) {
			err = fault(end, "%s: takes one value; write (%s:… OR %s:…).", x.name, x.name, x.name)
		} else if strings.TrimSpace(value) == "" {
			err = fault(i, "%s: needs a value right after the colon, such as %s.", x.name, example(x.name))
		} else {
			x.value, err = fieldValue(x.name, value, at)
		}
	default:
		err = fault(i, "%s", unknownField(name, value))
	}
	if err != nil {
		return l.bad(i, end, err)
	}
	return l.emit(x)
}

func example(n Name) string {
	switch n {
	case Lang:
		return "lang:en"
	case From:
		return "from:maria"
	case Place:
		return "place:atlanta"
	}
	return "channel:bluesky"
}

// fieldValue folds a value and checks it; at is its first rune.
func fieldValue(n Name, v string, at int) (string, *social.Error) {
	if star := strings.IndexByte(v, '*'); star >= 0 {
		col := at + len([]rune(v[:star]))
		switch n {
		case Lang:
			return "", fault(col, "lang: takes no *; lang:pt finds pt-BR already.")
		case From:
			return "", fault(col, "from: takes one whole handle, without *.")
		case Place:
			return "", fault(col, "place: takes the whole name of a branch, city, region or country, without *.")
		}
		return "", fault(col, "channel: takes a whole name or kind, without *.")
	}
	var out string
	switch n {
	case Lang:
		out = foldLang(v)
		if code, ok := languages[foldName(v)]; ok {
			return "", fault(at, "lang: takes a code; write lang:%s.", code)
		}
		if !langTag(out) {
			return "", fault(at, "“%s” is not a language code; write two or three letters such as en, perhaps with a region such as pt-BR.", cut(v))
		}
	case From:
		out = foldHandle(v)
	default:
		out = foldName(v)
	}
	if out == "" {
		return "", fault(at, "%s: needs a value, such as %s.", n, example(n))
	}
	return out, nil
}

// langTag tells whether a folded tag has the shape of BCP 47.
func langTag(s string) bool {
	for i, sub := range strings.Split(s, "-") {
		if len(sub) == 0 || len(sub) > 8 || i == 0 && (len(sub) < 2 || len(sub) > 3) {
			return false
		}
		for k := range len(sub) {
			if c := sub[k]; c >= 0x80 || ascii[c] == 0 || i == 0 && c < 'a' {
				return false
			}
		}
	}
	return true
}

// languages are names that people write where a code is meant.
var languages = map[string]string{
	"arabic": "ar", "chinese": "zh", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "finnish": "fi",
	"french": "fr", "german": "de", "greek": "el", "hindi": "hi", "italian": "it", "japanese": "ja", "korean": "ko",
	"norwegian": "no", "polish": "pl", "portuguese": "pt", "russian": "ru", "spanish": "es", "swedish": "sv",
	"thai": "th", "turkish": "tr", "ukrainian": "uk", "vietnamese": "vi",
	"deutsch": "de", "espanol": "es", "francais": "fr", "portugues": "pt", "italiano": "it", "unknown": "und",
}

// synonyms are names of fields in other query languages.
var synonyms = map[string]Name{
	"language": Lang, "lg": Lang, "locale": Lang,
	"author": From, "by": From, "user": From, "account": From, "handle": From, "username": From,
	"source": Channel, "site": Channel, "network": Channel, "platform": Channel, "on": Channel, "via": Channel,
	"in": Place, "at": Place, "near": Place, "location": Place, "city": Place, "country": Place, "region": Place, "branch": Place, "store": Place,
	"where": Place, "geo": Place,
}

// unknownField says which fields there are, and the likely one first.
func unknownField(name, value string) string {
	low := strings.ToLower(name)
	meant, ok := synonyms[low]
	if !ok {
		for _, n := range []Name{Lang, From, Channel, Place} {
			if apart(low, string(n)) <= 1+len(n)/5 {
				meant = n
			}
		}
	}
	said := "There is no field “" + cut(name) + ":”"
	switch {
	case meant != "":
		return said + "; did you mean " + string(meant) + ":? The fields are lang:, from:, channel: and place:."
	case value == "":
		return said + "; the fields are lang:, from:, channel: and place:. To look for the word, leave the colon out."
	}
	return said + "; the fields are lang:, from:, channel: and place:. To look for the words, put them in quotes: \"" + cut(name+":"+value) + "\"."
}

// apart counts the letters to change, add, drop or swap to make a into b.
func apart(a, b string) int {
	if len(a) > 12 {
		return len(a)
	}
	var rows [3][16]int
	two, one, cur := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			change := one[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			cur[j] = min(change, one[j]+1, cur[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], two[j-2]+1)
			}
		}
		two, one, cur = one, cur, two
	}
	return one[len(b)]
}
