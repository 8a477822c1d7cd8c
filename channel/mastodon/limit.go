package mastodon

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// A reply must name whom it answers, or they do not hear of it; so room for
// the name is set aside where it counts.
const nameRoom = 32

var (
	links    = regexp.MustCompile(`https?://[^\s<>"]+`)
	mentions = regexp.MustCompile(`(^|[^\pL\pN_/])@([\pL\pN_]+(?:[.\-]+[\pL\pN_]+)*)@[\pL\pN.\-]+[\pL\pN]`)
)

// weigh counts a text as the server does: Mastodon counts what a reader sees
// as one character, every link as 23 and a name without its host; the others
// count characters as they stand.
func (a *about) weigh(s string) int {
	if a.strict || len(s) > 100_000 { // so long that no way of counting makes it fit
		return utf8.RuneCountInString(s)
	}
	extra := 0
	s = links.ReplaceAllStringFunc(s, func(link string) string {
		trimmed := strings.TrimRight(link, ".,;:!?)'\"]}")
		if !strings.Contains(host(trimmed), ".") {
			return link
		}
		extra += a.link
		return link[len(trimmed):]
	})
	s = mentions.ReplaceAllString(s, "$1@$2")
	n := extra
	for it := graphemes.FromString(s); it.Next(); {
		n++
	}
	return n
}

func host(link string) string {
	_, rest, _ := strings.Cut(link, "://")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		return rest
	}
	return rest[:end]
}

// Fit counts as the server does and sets room aside for the name of whom we
// answer.
func (a *account) Fit(text string) channel.Room {
	k := a.known()
	limit := max(1, k.max-nameRoom)
	left := limit - k.weigh(text)
	return channel.Room{Fits: left >= 0 && strings.TrimSpace(text) != "", Left: left, Max: limit, Unit: "characters"}
}

// Show puts the name of whom we answer in front, as sending does.
func (a *account) Show(r social.Reply) channel.Shown {
	k := a.known()
	out := channel.Shown{Text: k.addressed(r.Text, r.To)}
	out.Before = len(out.Text) - len(r.Text)
	if !k.strict {
		out.Link = k.link
	}
	return out
}

// Threads: each part answers the one before, as people do it there.
func (a *account) Threads(social.Visibility) (int, bool) { return 10, true }
