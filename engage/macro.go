package engage

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Macro is several acts under one name: words for a reply, a note, and deeds.
type Macro struct {
	ID        social.MacroID
	Member    social.MemberID // who made it
	Name      string
	Shared    bool
	Programme social.ProgrammeID // with whom it is shared, "" for everybody
	Words     string             // of a reply, with variables; a person sends it
	Note      string             // with variables
	Deeds     []Deed             // of a snooze After counts instead of Until
	Created   time.Time
	Changed   time.Time
}

// MacroStore keeps macros. A member sees their own, and those that are shared
// with everybody or within the scope.
type MacroStore interface {
	Macros(ctx context.Context, m social.MemberID) ([]Macro, error)
	SaveMacro(ctx context.Context, m Macro) error
	DropMacro(ctx context.Context, id social.MacroID) error
	// KeepMentions keeps that the notes of a conversation name members.
	KeepMentions(ctx context.Context, ms []social.MemberID, c social.ConversationID, m social.MessageID, at time.Time) error
}

// variable is a name in double braces.
var variable = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)

// Variables are what the words of a macro may name.
var Variables = []string{"person.name", "person.first_name", "member.name", "member.first_name", "conversation.subject", "conversation.url"}

const mostMacros = 300

// Macros lists the actor's macros and those shared with them, by name.
func (d *Desk) Macros(ctx context.Context) ([]Macro, error) {
	a, _ := social.ActorOf(ctx)
	ms, err := d.Store.Macros(ctx, a.Member)
	slices.SortFunc(ms, func(x, y Macro) int { return strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)) })
	return ms, err
}

// MacroOf reads one macro that the actor may see.
func (d *Desk) MacroOf(ctx context.Context, id social.MacroID) (Macro, error) {
	ms, err := d.Macros(ctx)
	if err != nil {
		return Macro{}, err
	}
	if i := slices.IndexFunc(ms, func(m Macro) bool { return m.ID == id }); i >= 0 {
		return ms[i], nil
	}
	return Macro{}, social.Errorf(social.NotFound, "This macro does not exist, or not for you.")
}

// Keeps reports whether the actor of ctx may change a macro.
func (m Macro) Keeps(ctx context.Context) bool {
	return Saved{Member: m.Member, Shared: m.Shared, Programme: m.Programme}.Keeps(ctx)
}

// KeepMacro makes a macro ("" for its id) or changes it.
func (d *Desk) KeepMacro(ctx context.Context, m Macro) (Macro, error) {
	a, err := member(ctx)
	if err != nil {
		return m, err
	}
	m.Name = strings.Join(strings.Fields(m.Name), " ")
	m.Words, m.Note = clean(m.Words), clean(m.Note)
	switch n := len([]rune(m.Name)); {
	case n == 0:
		return m, invalid("name", "A macro needs a name.")
	case n > 60:
		return m, invalid("name", "This name is too long; 60 characters will do.")
	case len(m.Words) > 20_000 || len(m.Note) > 20_000:
		return m, invalid("text", "This is longer than what a macro can hold.")
	case strings.TrimSpace(m.Words) == "" && strings.TrimSpace(m.Note) == "" && len(m.Deeds) == 0:
		return m, invalid("deeds", "A macro does at least one thing.")
	case len(m.Deeds) > 12:
		return m, invalid("deeds", "A macro does twelve things at most.")
	}
	for field, text := range map[string]string{"text": m.Words, "note": m.Note} {
		for _, v := range variable.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(Variables, v[1]) {
				return m, invalid(field, fmt.Sprintf("There is no {{%s}}. There are: %s.", v[1], strings.Join(Variables, ", ")))
			}
		}
	}
	if !m.Shared {
		m.Programme = ""
	} else if !sharesWith(ctx, m.Programme) {
		return m, social.Errorf(social.Forbidden, "You can share a macro within your programmes. With the whole company whoever works for all of it can.")
	}
	h := d.hand(ctx, newFold(d.now()))
	for i, e := range m.Deeds {
		if e.Act == ActSnooze && e.After <= 0 {
			return m, invalid(fmt.Sprintf("deeds[%d].after", i), "Say for how long it is put away.")
		}
		if err := h.sound(ctx, e.at(h.f.now)); err != nil {
			return m, err
		}
	}
	now := d.now()
	return m, d.Store.InTx(ctx, func(ctx context.Context) error {
		all, err := d.Store.Macros(ctx, a.Member)
		if err != nil {
			return err
		}
		verb := "update"
		if m.ID == "" {
			if len(all) >= mostMacros {
				return social.Errorf(social.Conflict, "There are %d macros already. Remove one first.", mostMacros)
			}
			verb, m.ID, m.Member, m.Created = "create", social.MacroID(id.At(now)), a.Member, now
		} else {
			i := slices.IndexFunc(all, func(o Macro) bool { return o.ID == m.ID })
			if i < 0 {
				return social.Errorf(social.NotFound, "This macro does not exist, or not for you.")
			}
			if !all[i].Keeps(ctx) {
				return social.Errorf(social.Forbidden, "This macro is for others to change.")
			}
			if !m.Shared && all[i].Shared && all[i].Member != a.Member {
				return social.Errorf(social.Conflict, "Only whoever made a macro can keep it for themselves again.")
			}
			m.Member, m.Created = all[i].Member, all[i].Created
		}
		m.Changed = now
		if err := d.Store.SaveMacro(ctx, m); err != nil {
			return err
		}
		return d.Store.Record(ctx, social.Entry{Verb: verb, Object: "macro", ID: string(m.ID), Detail: map[string]any{"name": m.Name, "shared": m.Shared, "programme": string(m.Programme)}})
	})
}

// DropMacro removes a macro.
func (d *Desk) DropMacro(ctx context.Context, id social.MacroID) error {
	return d.Store.InTx(ctx, func(ctx context.Context) error {
		m, err := d.MacroOf(ctx, id)
		if err != nil {
			return err
		}
		if !m.Keeps(ctx) {
			return social.Errorf(social.Forbidden, "This macro is for others to remove.")
		}
		if err := d.Store.DropMacro(ctx, id); err != nil {
			return err
		}
		return d.Store.Record(ctx, social.Entry{Verb: "delete", Object: "macro", ID: string(id), Detail: map[string]any{"name": m.Name}})
	})
}

// at is a deed with the moment that it means now.
func (e Deed) at(now time.Time) Deed {
	if e.Act == ActSnooze && e.After > 0 {
		e.Until = now.Add(time.Duration(e.After) * time.Hour)
	}
	return e
}

// Step is one thing that a macro would do, and why it may not.
type Step struct {
	Deed Deed
	Why  string // "" when it can be done
}

// Foreseen is what a macro would do with one conversation.
type Foreseen struct {
	Words string // for the reply; nobody has sent it
	Note  string
	Steps []Step
}

// Foresee says what a macro would do with a conversation, and does nothing.
func (d *Desk) Foresee(ctx context.Context, cid social.ConversationID, mid social.MacroID) (Foreseen, error) {
	a, err := member(ctx)
	if err != nil {
		return Foreseen{}, err
	}
	row, err := d.Store.Row(ctx, cid, a.Member)
	if err != nil {
		return Foreseen{}, err
	}
	m, err := d.MacroOf(ctx, mid)
	if err != nil {
		return Foreseen{}, err
	}
	out := d.fill(m, &row.Conversation, a)
	h := d.hand(ctx, newFold(d.now()))
	for _, e := range m.Deeds {
		e = e.at(h.f.now)
		err := h.sound(ctx, e)
		if err == nil {
			err = h.fits(ctx, &row.Conversation, e)
		}
		step := Step{Deed: e}
		if err != nil {
			var o Outcome
			if err := o.refuse(cid, err); err != nil {
				return out, err
			}
			step.Why = o.Refused[0].Why
		}
		out.Steps = append(out.Steps, step)
	}
	return out, nil
}

// fill puts what they stand for into the words of a macro. What somebody has
// written elsewhere is put in as it is: variables in it are left alone.
func (d *Desk) fill(m Macro, c *Conversation, a social.Actor) Foreseen {
	values := map[string]string{"person.name": c.Author.Label(), "person.first_name": firstName(c.Author.Label()), "member.name": a.Name,
		"member.first_name": firstName(a.Name), "conversation.subject": c.Subject, "conversation.url": d.Base + "/engage?c=" + string(c.ID)}
	put := func(text string) string {
		return variable.ReplaceAllStringFunc(text, func(v string) string { return values[variable.FindStringSubmatch(v)[1]] })
	}
	return Foreseen{Words: put(m.Words), Note: put(m.Note)}
}

// firstName is how one speaks to somebody: the first of two names, otherwise
// the whole. “The Grump” and “brewfan_42” have no first name.
func firstName(name string) string {
	f := strings.Fields(name)
	if len(f) != 2 || f[0] == "The" || len([]rune(f[0])) < 3 || strings.ContainsFunc(f[0], func(r rune) bool { return !unicode.IsLetter(r) && r != '’' && r != '\'' && r != '-' }) {
		return name
	}
	return f[0]
}

// UseMacro does what a macro does with a conversation, all of it or nothing,
// and returns the words for a reply, which it does not send. TakeBack takes it
// back, the note too.
func (d *Desk) UseMacro(ctx context.Context, cid social.ConversationID, mid social.MacroID) (Outcome, Foreseen, error) {
	a, err := member(ctx)
	if err != nil {
		return Outcome{}, Foreseen{}, err
	}
	m, err := d.MacroOf(ctx, mid)
	if err != nil {
		return Outcome{}, Foreseen{}, err
	}
	var out Outcome
	var seen Foreseen
	err = d.Store.InTx(ctx, func(ctx context.Context) error {
		out = Outcome{}
		cs, err := d.Store.Lock(ctx, cid)
		if err != nil {
			return err
		}
		c := cs[0]
		f := newFold(d.now())
		h := d.hand(ctx, f)
		seen = d.fill(m, c, a)
		deeds := make([]Deed, len(m.Deeds))
		for i, e := range m.Deeds {
			deeds[i] = e.at(f.now)
			if err := h.sound(ctx, deeds[i]); err != nil {
				return err
			}
		}
		done := Done{ID: id.At(f.now), Member: a.Member, At: f.now}
		if strings.TrimSpace(seen.Note) != "" {
			if _, err := d.jot(ctx, f, c, a, Remark{Key: "deed:" + done.ID, Text: seen.Note}); err != nil {
				return err
			}
		}
		if err := h.all(ctx, c, deeds, &done); err != nil {
			return err
		}
		if err := h.tell(ctx); err != nil {
			return err
		}
		if len(done.Changes) > 0 {
			out.Undo = done.ID
			if err := d.Store.KeepDone(ctx, done, f.now.Add(-undoFor)); err != nil {
				return err
			}
		}
		out.Done = 1
		if err := d.Store.Record(ctx, social.Entry{Verb: "use", Object: "macro", ID: string(mid), Detail: map[string]any{"name": m.Name, "conversation": string(cid)}}); err != nil {
			return err
		}
		return d.keep(ctx, f)
	})
	return out, seen, err
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
