package publish

import (
	"net/url"
	"strings"

	"mvdan.cc/xurls/v2"
)

// UTM are the marks by which a site sees where its visitors came from.
type UTM struct{ Source, Medium, Campaign string }

func utm(c *Content, x *Post, kind string) UTM {
	u := UTM{Source: x.Source, Medium: x.Medium, Campaign: c.Campaign}
	if u.Source == "" {
		u.Source = kind
	}
	if u.Medium == "" {
		u.Medium = "social"
	}
	return u
}

var addresses = xurls.Strict()

// Tag puts the marks onto every web address in a text. An address keeps the
// marks that it has.
func Tag(text string, u UTM) string {
	return addresses.ReplaceAllStringFunc(text, func(address string) string {
		if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
			return address
		}
		a, err := url.Parse(address)
		if err != nil || a.Host == "" {
			return address
		}
		marks := a.Query()
		more := url.Values{}
		for _, m := range [][2]string{{"utm_source", u.Source}, {"utm_medium", u.Medium}, {"utm_campaign", u.Campaign}} {
			if m[1] != "" && !marks.Has(m[0]) {
				more.Set(m[0], m[1])
			}
		}
		if len(more) == 0 {
			return address
		}
		if a.RawQuery != "" {
			a.RawQuery += "&"
		}
		a.RawQuery += more.Encode()
		return a.String()
	})
}
