package engage

import (
	"context"
	"slices"
	"strings"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Step is one deed that would be done, and why it may not.
type Step struct {
	Deed Deed
	Why  string // "" when it can be done
}

// Sound refuses deeds that could be done with no conversation.
func (d *Desk) Sound(ctx context.Context, deeds ...Deed) error {
	h := d.hand(ctx, newFold(d.now()))
	for _, e := range deeds {
		if err := h.sound(ctx, e.Now(h.f.now)); err != nil {
			return err
		}
	}
	return nil
}

// Foresee says which deeds could be done with a conversation, and does none.
func (d *Desk) Foresee(ctx context.Context, c Conversation, deeds ...Deed) ([]Step, error) {
	h := d.hand(ctx, newFold(d.now()))
	var out []Step
	for _, e := range deeds {
		e = e.Now(h.f.now)
		err := h.sound(ctx, e)
		if err == nil {
			err = h.fits(ctx, &c, e)
		}
		step := Step{Deed: e}
		if err != nil {
			var o Outcome
			if err := o.refuse(c.ID, err); err != nil {
				return out, err
			}
			step.Why = o.Refused[0].Why
		}
		out = append(out, step)
	}
	return out, nil
}

// DoAll does deeds with one conversation, and writes a note into it unless
// that is empty: all of it or nothing. TakeBack takes back the note too.
func (d *Desk) DoAll(ctx context.Context, cid social.ConversationID, note func(*Conversation) string, deeds ...Deed) (Outcome, error) {
	a, err := member(ctx)
	if err != nil {
		return Outcome{}, err
	}
	var out Outcome
	err = d.act(ctx, cid, func(ctx context.Context, f *fold, c *Conversation) error {
		out = Outcome{Done: 1}
		h := d.hand(ctx, f)
		all := make([]Deed, len(deeds))
		for i, e := range deeds {
			all[i] = e.Now(f.now)
			if err := h.sound(ctx, all[i]); err != nil {
				return err
			}
		}
		done := Done{ID: id.At(f.now), Member: a.Member, At: f.now}
		if text := note(c); strings.TrimSpace(text) != "" {
			if _, err := d.jot(ctx, f, c, a, Remark{Key: "deed:" + done.ID, Text: text}); err != nil {
				return err
			}
		}
		if err := h.all(ctx, c, all, &done); err != nil {
			return err
		}
		if err := h.tell(ctx); err != nil {
			return err
		}
		if len(done.Changes) == 0 {
			return nil
		}
		out.Undo = done.ID
		return d.Store.KeepDone(ctx, done, f.now.Add(-undoFor))
	})
	return out, err
}

// unjot takes back the note that was written with a deed.
func (d *Desk) unjot(ctx context.Context, f *fold, cs []*Conversation, name string) error {
	m, err := d.Store.Keyed(ctx, "deed:"+name)
	if social.NotFound.Is(err) || (err == nil && !m.DeletedAt.IsZero()) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, c := range cs {
		if c.ID == m.Conversation {
			m.DeletedAt, m.Text = f.now, ""
			f.change(c, &m)
			if d.Notices != nil {
				return d.Notices.Unnotify(ctx, "mention:"+string(m.ID))
			}
		}
	}
	return nil
}

// mentioned finds the colleagues whom a text names as @Name, the longest names
// first, each word of the text for one of them.
func mentioned(text string, mates []Mate) []social.MemberID {
	folded := strings.ToLower(text)
	mates = slices.Clone(mates)
	slices.SortFunc(mates, func(a, b Mate) int { return len(b.Name) - len(a.Name) })
	var out []social.MemberID
	for _, m := range mates {
		name := "@" + strings.ToLower(m.Name)
		if m.Name == "" || !strings.Contains(folded, name) {
			continue
		}
		out = append(out, m.ID)
		folded = strings.ReplaceAll(folded, name, " ")
	}
	return out
}
