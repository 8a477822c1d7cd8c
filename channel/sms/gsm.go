package sms

import (
	"strings"
	"unicode/utf16"

	"github.com/parley-crm/parley/channel"
)

// The alphabet of GSM 03.38: what stands in it takes one of seven bits, what
// stands in its extension two. A text with anything else is sent as UCS-2.
const (
	basic    = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	extended = "\f^{}\\[~]|€"
)

// parts is how many messages a reply may take; networks and phones differ
// beyond that.
const parts = 10

// septets counts a text in the GSM alphabet; ok is false when it needs UCS-2.
func septets(text string) (n int, ok bool) {
	for _, r := range text {
		switch {
		case strings.ContainsRune(basic, r):
			n++
		case strings.ContainsRune(extended, r):
			n += 2
		default:
			return 0, false
		}
	}
	return n, true
}

// units counts a text as it is sent, and how many of those a message holds:
// alone, and as a part of several, whose head takes six bytes.
func units(text string) (n, alone, part int) {
	if n, ok := septets(text); ok {
		return n, 160, 153
	}
	return len(utf16.Encode([]rune(text))), 70, 67
}

// wide is the first sign for which all of a text takes the larger alphabet, ""
// when there is none.
func wide(text string) string {
	for _, r := range text {
		if _, ok := septets(string(r)); !ok {
			return string(r)
		}
	}
	return ""
}

// room counts a text as telephones do.
func room(text string, most int) channel.Room {
	n, _, part := units(text)
	limit := parts * part
	if most > 0 {
		limit = min(limit, most)
	}
	return channel.Room{Fits: n <= limit && strings.TrimSpace(text) != "", Left: limit - n, Max: limit, Unit: "characters"}
}
