package engage

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// mostTold is how many messages a transcript holds, the newest.
const mostTold = 2000

// Transcript writes a conversation as plain text, oldest first, for people
// outside: without notes, and without what was done with it.
func (d *Desk) Transcript(ctx context.Context, cid social.ConversationID, names func(ctx context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error), w io.Writer) error {
	row, err := d.Conversation(ctx, cid)
	if err != nil {
		return err
	}
	var all []Message
	cursor, cut := "", false
	for {
		ms, next, err := d.Store.Messages(ctx, cid, cursor, 100)
		if err != nil {
			return err
		}
		for _, m := range ms {
			if m.Kind == FromThem || (m.Kind == FromUs && (m.Delivery == nil || m.Delivery.Stage.Out())) {
				all = append(all, m)
			}
		}
		if cursor = next; cursor == "" {
			break
		}
		if cut = len(all) >= mostTold; cut {
			break
		}
	}
	var ids []social.MemberID
	for _, m := range all {
		if m.Member != "" {
			ids = append(ids, m.Member)
		}
	}
	members, err := names(ctx, distinct(ids))
	if err != nil {
		return err
	}
	var b strings.Builder
	title := plain(row.Subject)
	if title == "" {
		title = plain(row.Author.Label())
	}
	fmt.Fprintf(&b, "%s\nWith %s, from %s to %s (UTC)\n", title, plain(row.Author.Label()), row.BeganAt.Format(time.DateOnly), row.LastAt.Format(time.DateOnly))
	if cut {
		b.WriteString("The newest messages of a longer conversation.\n")
	}
	for i := len(all) - 1; i >= 0; i-- {
		m := all[i]
		who := m.Author.Label()
		if m.Kind == FromUs {
			if who = members[m.Member].Name; who == "" {
				who = "Us"
			}
		}
		words := plain(m.Text)
		if !m.DeletedAt.IsZero() {
			words = "(deleted by its author)"
		}
		fmt.Fprintf(&b, "\n%s, %s, %s:\n%s\n", m.At.Format("2006-01-02 15:04"), plain(who), m.Visibility, indent(words))
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// plain leaves out what would steer a terminal or turn a line around.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || (r >= 0x7f && r <= 0x9f):
			return -1
		case r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, s)
}

// indent sets words apart from the lines that say who spoke, so that nobody
// can write such a line.
func indent(s string) string {
	return "    " + strings.ReplaceAll(s, "\n", "\n    ")
}
