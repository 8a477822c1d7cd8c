package shaarli

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

var (
	links = regexp.MustCompile(`https?://[^\s<>"]+[^\s<>"'.,;:!?)\]]`)
	marks = regexp.MustCompile(`(?:^|\s)#([\pL\pN_-]+)`)
)

// most is how long what is published may be. Shaarli itself sets no limit.
const most = 20_000

// draft makes a bookmark of a text: the first address in it is what is
// bookmarked, its first line the title, words with a # its tags. A text
// without address becomes a note.
func draft(words string) wireNewLink {
	words = strings.TrimSpace(words)
	out := wireNewLink{URL: links.FindString(words), Tags: []string{}}
	for _, m := range marks.FindAllStringSubmatch(words, -1) {
		out.Tags = append(out.Tags, m[1])
	}
	rest := words
	if before, after, found := strings.Cut(words, out.URL); found && out.URL != "" {
		if end := strings.TrimLeft(after, ".,;:"); end == "" || end[0] == '\n' {
			before, after = strings.TrimRight(before, " :"), end
		}
		rest = before + after
	}
	title, more, _ := strings.Cut(strings.TrimSpace(rest), "\n")
	out.Title, out.Description = line(title), strings.TrimSpace(more)
	if out.Title == "" {
		out.Title = out.URL
	}
	return out
}

// Publish adds a bookmark. If the address stands there already with the same
// words, that is the bookmark.
func (l *list) Publish(ctx context.Context, p channel.Post) (channel.Receipt, error) {
	in := draft(p.Text)
	switch {
	case in.Title == "":
		return channel.Receipt{}, social.Errorf(social.Invalid, "There are no words to publish.")
	case len(p.Text) > most:
		return channel.Receipt{}, social.Errorf(social.Invalid, "The text is %d bytes too long for a bookmark.", len(p.Text)-most)
	}
	var out wireLink
	err := l.call(ctx, "/links", nil, in, &out)
	var t *there
	if errors.As(err, &t) {
		if t.link.Short != "" && t.link.Title == in.Title && strings.TrimSpace(t.link.Description) == in.Description {
			return l.receipt(t.link), nil
		}
		return channel.Receipt{}, social.Errorf(social.Invalid, "%s is on the list already, as “%s”.", in.URL, strings.NewReplacer("<", "", ">", "").Replace(line(t.link.Title)))
	}
	if err != nil {
		return channel.Receipt{}, err
	}
	if out.Short == "" {
		return channel.Receipt{}, social.Errorf(social.Unknown, "%s took the bookmark but does not say where it stands.", l.site.Host)
	}
	return l.receipt(out), nil
}

func (l *list) receipt(b wireLink) channel.Receipt {
	r := channel.Receipt{ExternalID: b.Short, URL: l.site.String() + "/shaare/" + b.Short, At: l.env.Clock.Now()}
	if t, err := time.Parse(time.RFC3339, b.Created); err == nil {
		r.At = t.UTC()
	}
	return r
}
