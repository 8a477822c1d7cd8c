package x

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"golang.org/x/text/unicode/norm"

	"github.com/parley-crm/parley/channel"
)

// How X counts (https://docs.x.com/fundamentals/counting-characters, and the
// configuration v3 of twitter-text): the text is brought into one form (NFC);
// letters of most alphabets weigh one, other signs and each emoji, however it
// is put together, two; every link weighs 23, as X makes it one of its own.
const (
	most     = 280
	linkCost = 23
)

var (
	links = regexp.MustCompile(`(?i)https?://[^\s<>"“”]+`)
	// bare looks like a host without http://, which X makes a link as well. It
	// knows the list of all endings; here whatever looks like one counts, so
	// that a text never turns out too long after all.
	bare = regexp.MustCompile(`(?i)(^|[^\pL\pN@._/-])((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,18})(/[^\s<>"“”]*)?`)
)

// weigh counts a text as X does.
func weigh(s string) int {
	if len(s) > 100_000 { // so long that no way of counting makes it fit
		return utf8.RuneCountInString(s)
	}
	s = norm.NFC.String(s)
	n := 0
	s = links.ReplaceAllStringFunc(s, func(link string) string {
		trimmed := strings.TrimRight(link, ".,;:!?)'’\"]}…")
		if !strings.Contains(trimmed, ".") {
			return link
		}
		n += linkCost
		return link[len(trimmed):]
	})
	s = bare.ReplaceAllStringFunc(s, func(m string) string {
		parts := bare.FindStringSubmatch(m)
		rest := strings.TrimRight(parts[3], ".,;:!?)'’\"]}…")
		n += max(linkCost, plain(parts[2]))
		return parts[1] + parts[3][len(rest):]
	})
	return n + plain(s)
}

// plain counts what is no link.
func plain(s string) int {
	n := 0
	for it := graphemes.FromString(s); it.Next(); {
		sign := it.Value()
		if emoji(sign) {
			n += 2
			continue
		}
		for _, r := range sign {
			n += cost(r)
		}
	}
	return n
}

// cost is what a single sign weighs: one in the ranges that twitter-text
// names, two elsewhere.
func cost(r rune) int {
	switch {
	case r <= 4351, r >= 8192 && r <= 8205, r >= 8208 && r <= 8223, r >= 8242 && r <= 8247:
		return 1
	}
	return 2
}

// emoji reports whether a sign is one emoji, perhaps of several parts.
func emoji(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case r >= 0x1F000 && r <= 0x1FAFF:
		return true
	case strings.ContainsRune(s, 0x20E3): // a keycap
		return true
	case size < len(s) && (strings.ContainsRune(s, 0xFE0F) || strings.ContainsRune(s, 0x200D)) && r >= 0x2000:
		return true
	}
	return false
}

// Fit counts as X does.
func (a *account) Fit(s string) channel.Room {
	left := most - weigh(s)
	return channel.Room{Fits: left >= 0 && strings.TrimSpace(s) != "", Left: left, Max: most, Unit: "characters"}
}
