package shelf

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/kit/text"
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
	Deeds     []engage.Deed      // of a snooze After counts instead of Until
	Created   time.Time
	Changed   time.Time
}

// MacroStore keeps macros. A member sees their own, and those that are shared
// with everybody or within the scope.
type MacroStore interface {
	Macros(ctx context.Context, m social.MemberID) ([]Macro, error)
	SaveMacro(ctx context.Context, m Macro) error
	DropMacro(ctx context.Context, id social.MacroID) error
}

// variable is a name in double braces.
var variable = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)

// Variables are what the words of a macro may name.
var Variables = []string{"person.name", "person.first_name", "member.name", "member.first_name", "conversation.subject", "conversation.url"}

const mostMacros = 300

// Macros lists the actor's macros and those shared with them, by name.
func (d *Shelf) Macros(ctx context.Context) ([]Macro, error) {
	a, _ := social.ActorOf(ctx)
	ms, err := d.Store.Macros(ctx, a.Member)
	slices.SortFunc(ms, func(x, y Macro) int { return strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)) })
	return ms, err
}

// MacroOf reads one macro that the actor may see.
func (d *Shelf) MacroOf(ctx context.Context, id social.MacroID) (Macro, error) {
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
func (d *Shelf) KeepMacro(ctx context.Context, m Macro) (Macro, error) {
	a, err := engage.Member(ctx)
	if err != nil {
		return m, err
	}
	m.Name = strings.Join(strings.Fields(m.Name), " ")
	m.Words, m.Note = engage.Clean(m.Words), engage.Clean(m.Note)
	switch n := len([]rune(m.Name)); {
	case n == 0:
		return m, engage.Invalid("name", "A macro needs a name.")
	case n > 60:
		return m, engage.Invalid("name", "This name is too long; 60 characters will do.")
	case len(m.Words) > 20_000 || len(m.Note) > 20_000:
		return m, engage.Invalid("text", "This is longer than what a macro can hold.")
	case strings.TrimSpace(m.Words) == "" && strings.TrimSpace(m.Note) == "" && len(m.Deeds) == 0:
		return m, engage.Invalid("deeds", "A macro does at least one thing.")
	case len(m.Deeds) > 12:
		return m, engage.Invalid("deeds", "A macro does twelve things at most.")
	}
	for field, text := range map[string]string{"text": m.Words, "note": m.Note} {
		for _, v := range variable.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(Variables, v[1]) {
				return m, engage.Invalid(field, fmt.Sprintf("There is no {{%s}}. There are: %s.", v[1], strings.Join(Variables, ", ")))
			}
		}
	}
	if !m.Shared {
		m.Programme = ""
	} else if !sharesWith(ctx, m.Programme) {
		return m, social.Errorf(social.Forbidden, "You can share a macro within your programmes. With the whole company whoever works for all of it can.")
	}
	for i, e := range m.Deeds {
		if e.Act == engage.ActSnooze && e.After <= 0 {
			return m, engage.Invalid(fmt.Sprintf("deeds[%d].after", i), "Say for how long it is put away.")
		}
	}
	if err := d.Desk.Sound(ctx, m.Deeds...); err != nil {
		return m, err
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
func (d *Shelf) DropMacro(ctx context.Context, id social.MacroID) error {
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

// Foreseen is what a macro would do with one conversation.
type Foreseen struct {
	Words string // for the reply; nobody has sent it
	Note  string
	Steps []engage.Step
}

// Foresee says what a macro would do with a conversation, and does nothing.
func (d *Shelf) Foresee(ctx context.Context, cid social.ConversationID, mid social.MacroID) (Foreseen, error) {
	a, err := engage.Member(ctx)
	if err != nil {
		return Foreseen{}, err
	}
	row, err := d.Desk.Conversation(ctx, cid)
	if err != nil {
		return Foreseen{}, err
	}
	m, err := d.MacroOf(ctx, mid)
	if err != nil {
		return Foreseen{}, err
	}
	out := d.fill(m, &row.Conversation, a)
	out.Steps, err = d.Desk.Foresee(ctx, row.Conversation, m.Deeds...)
	return out, err
}

// fill puts what they stand for into the words of a macro. What somebody has
// written elsewhere is put in as it is: variables in it are left alone.
func (d *Shelf) fill(m Macro, c *engage.Conversation, a social.Actor) Foreseen {
	values := map[string]string{"person.name": c.Author.Label(), "person.first_name": text.FirstName(c.Author.Label()), "member.name": a.Name,
		"member.first_name": text.FirstName(a.Name), "conversation.subject": c.Subject, "conversation.url": d.Desk.Base + "/engage?c=" + string(c.ID)}
	put := func(text string) string {
		return variable.ReplaceAllStringFunc(text, func(v string) string { return values[variable.FindStringSubmatch(v)[1]] })
	}
	return Foreseen{Words: put(m.Words), Note: put(m.Note)}
}

// UseMacro does what a macro does with a conversation, all of it or nothing,
// and returns the words for a reply, which it does not send. Desk.TakeBack
// takes it back, the note too.
func (d *Shelf) UseMacro(ctx context.Context, cid social.ConversationID, mid social.MacroID) (engage.Outcome, Foreseen, error) {
	a, err := engage.Member(ctx)
	if err != nil {
		return engage.Outcome{}, Foreseen{}, err
	}
	m, err := d.MacroOf(ctx, mid)
	if err != nil {
		return engage.Outcome{}, Foreseen{}, err
	}
	var out engage.Outcome
	var seen Foreseen
	err = d.Store.InTx(ctx, func(ctx context.Context) error {
		out, err = d.Desk.DoAll(ctx, cid, func(c *engage.Conversation) string {
			seen = d.fill(m, c, a)
			return seen.Note
		}, m.Deeds...)
		if err != nil {
			return err
		}
		return d.Store.Record(ctx, social.Entry{Verb: "use", Object: "macro", ID: string(mid), Detail: map[string]any{"name": m.Name, "conversation": string(cid)}})
	})
	return out, seen, err
}
