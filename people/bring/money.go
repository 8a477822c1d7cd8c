package bring

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/parley-crm/parley/kit/rows"
	"github.com/parley-crm/parley/social"
	"golang.org/x/text/currency"
)

// signs are those of one currency only; others, such as the dollar's, say
// nothing of which.
var signs = map[string]string{"€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₺": "TRY", "₽": "RUB", "₴": "UAH", "zł": "PLN", "Kč": "CZK", "$": "", "¥": ""}

// digits says how many digits of a currency are minor (ISO 4217).
func digits(code string) int {
	switch code {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	case "CLF", "UYW":
		return 4
	}
	return 2
}

// code reads the name of a currency: its three letters, or a sign that only it has.
func code(s string) (string, error) {
	if c := signs[s]; c != "" {
		return c, nil
	}
	c := strings.ToUpper(s)
	if _, err := currency.ParseISO(c); err != nil || len(c) != 3 {
		return "", social.Errorf(social.Invalid, "“%s” is no currency that Parley knows. Write its three letters (ISO 4217), such as EUR.", rows.Clip(s))
	}
	return c, nil
}

// stripped takes the currency off an amount; "" where it names none.
func stripped(s string) (amount, of string, err error) {
	s = strings.TrimSpace(s)
	digit := func(r rune) bool { return unicode.IsDigit(r) || r == '-' || r == '.' || r == ',' || r == '+' }
	first, last := strings.IndexFunc(s, digit), strings.LastIndexFunc(s, digit)
	if first < 0 {
		return s, "", nil
	}
	last += len(string([]rune(s[last:])[:1]))
	around := strings.TrimSpace(s[:first] + " " + s[last:])
	if sign, known := signs[around]; known {
		return s[first:last], sign, nil
	}
	if around == "" {
		return s, "", nil
	}
	of, err = code(around)
	return s[first:last], of, err
}

// minor reads an amount with either decimal sign in minor units. What could be
// two amounts is refused.
func minor(s, of string) (int64, error) {
	bad := social.Errorf(social.Invalid, "“%s” is no amount of money.", rows.Clip(s))
	text := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\'' || r == '’' || r == '_' {
			return -1
		}
		return r
	}, s)
	text = strings.TrimPrefix(text, "+")
	if strings.HasPrefix(text, "-") {
		return 0, social.Errorf(social.Invalid, "“%s” is below nothing. An order that was paid back has its amount and the state refunded.", rows.Clip(s))
	}
	if strings.Trim(text, ".,") == "" || strings.Trim(text, "0123456789.,") != "" {
		return 0, bad
	}
	most := digits(of)
	whole, part := text, ""
	dot, comma := strings.LastIndexByte(text, '.'), strings.LastIndexByte(text, ',')
	sign := ""
	switch {
	case dot >= 0 && comma >= 0:
		if sign = "."; comma > dot {
			sign = ","
		}
		if strings.Count(text, sign) > 1 {
			return 0, bad
		}
	case dot >= 0 || comma >= 0:
		at := max(dot, comma)
		sign = text[at : at+1]
		after := len(text) - at - 1
		switch {
		case strings.Count(text, sign) > 1 || after == 3 && most < 3 && at <= 3 && at > 0 && text[:at] != "0":
			sign = "" // it parts thousands
		case after == 3 && most >= 3 && at <= 3 && at > 0:
			return 0, social.Errorf(social.Invalid, "“%s” could be two amounts. Write it with all of its %d decimals and without parting thousands, such as 1299.500, or with both signs.", rows.Clip(s), most)
		}
	}
	if sign != "" {
		at := strings.LastIndex(text, sign)
		whole, part = text[:at], text[at+1:]
	}
	groups := strings.FieldsFunc(whole, func(r rune) bool { return r == '.' || r == ',' })
	if strings.ContainsAny(whole, ".,") {
		if strings.Contains(whole, ".") && strings.Contains(whole, ",") || len(groups) != strings.Count(whole, ".")+strings.Count(whole, ",")+1 || len(groups[0]) > 3 {
			return 0, bad
		}
		for _, g := range groups[1:] {
			if len(g) != 3 {
				return 0, bad
			}
		}
	}
	// More decimals than the currency has are taken where they are nothing.
	for len(part) > most && strings.HasSuffix(part, "0") {
		part = part[:len(part)-1]
	}
	if len(part) > most {
		return 0, social.Errorf(social.Invalid, "“%s” has more decimals than %s has.", rows.Clip(s), orMoney(of))
	}
	part += strings.Repeat("0", most-len(part))
	n, err := strconv.ParseInt(strings.Join(groups, "")+part, 10, 64)
	if err != nil {
		return 0, bad
	}
	return n, nil
}

func orMoney(of string) string {
	if of == "" {
		return "money"
	}
	return of
}

// How days are written where it can't be told from them.
const (
	DayFirst   = "dmy"
	MonthFirst = "mdy"
)

var moments = []string{time.RFC3339, "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 MST", time.DateTime, "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04",
	time.DateOnly, "2006/01/02 15:04:05", "2006/01/02", "2.1.2006 15:04:05", "2.1.2006 15:04", "2.1.2006", "Jan 2, 2006", "January 2, 2006", "2 Jan 2006", "2 January 2006", time.RFC1123Z}

// moment reads when an order was placed; order is how days with slashes are written.
func moment(s, order string) (time.Time, error) {
	for _, l := range moments {
		if t, err := time.Parse(l, s); err == nil {
			return t.UTC(), nil
		}
	}
	ways := map[string]string{DayFirst: "2/1/2006", MonthFirst: "1/2/2006"}
	var found []time.Time
	for _, way := range []string{DayFirst, MonthFirst} {
		if order != "" && order != way {
			continue
		}
		for _, clock := range []string{"", " 15:04", " 15:04:05", " 3:04 PM", " 3:04:05 PM"} {
			if t, err := time.Parse(ways[way]+clock, s); err == nil {
				found = append(found, t.UTC())
			}
		}
	}
	switch {
	case len(found) == 0:
		return time.Time{}, social.Errorf(social.Invalid, "“%s” is no day that can be read. Write it as 2027-03-31.", rows.Clip(s))
	case len(found) == 2 && !found[0].Equal(found[1]):
		return time.Time{}, social.Errorf(social.Invalid, "“%s” could be two days. Say whether the day or the month comes first.", rows.Clip(s))
	}
	return found[0], nil
}
