package bluesky

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/parley-crm/parley/social"
)

var (
	links = regexp.MustCompile(`https?://[^\s<>"]+`)
	names = regexp.MustCompile(`(?:^|[^\pL\pN@/.])(@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9])`)
	tags  = regexp.MustCompile(`(?:^|[\s(])(#[\pL\pN_]*\pL[\pL\pN_]*)`)
)

// facets marks links, names and hashtags by their bytes; without a mark a
// link is dead text. A name that nobody bears stays text.
func (l *listener) facets(ctx context.Context, s string) ([]wireFacet, error) {
	var out []wireFacet
	add := func(from, to int, f wireFeature) {
		for _, o := range out {
			if from < o.Index.End && o.Index.Start < to {
				return
			}
		}
		var x wireFacet
		x.Index.Start, x.Index.End, x.Features = from, to, []wireFeature{f}
		out = append(out, x)
	}
	for _, m := range links.FindAllStringIndex(s, -1) {
		link := trimLink(s[m[0]:m[1]])
		add(m[0], m[0]+len(link), wireFeature{Type: "app.bsky.richtext.facet#link", URI: link})
	}
	for _, m := range names.FindAllStringSubmatchIndex(s, -1) {
		did, err := l.resolve(ctx, strings.ToLower(s[m[2]+1:m[3]]))
		switch {
		case err == nil:
			add(m[2], m[3], wireFeature{Type: "app.bsky.richtext.facet#mention", DID: did})
		case social.Busy.Is(err):
			return nil, err
		}
	}
	for _, m := range tags.FindAllStringSubmatchIndex(s, -1) {
		if tag := s[m[2]+1 : m[3]]; len(tag) <= 64 {
			add(m[2], m[3], wireFeature{Type: "app.bsky.richtext.facet#tag", Tag: tag})
		}
	}
	slices.SortFunc(out, func(a, b wireFacet) int { return a.Index.Start - b.Index.Start })
	return out, nil
}

// trimLink leaves out what ends the sentence and not the link.
func trimLink(s string) string {
	for {
		t := strings.TrimRight(s, ".,;:!?'\"")
		if strings.HasSuffix(t, ")") && strings.Count(t, "(") < strings.Count(t, ")") {
			t = t[:len(t)-1]
		}
		if t == s {
			return s
		}
		s = t
	}
}
