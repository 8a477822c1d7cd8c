package consent

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
)

// Of is what somebody agreed to: how it stands, by identity and purpose.
type Of struct {
	Person people.Person
	Now    []Line
	Texts  map[string]Text // those that were shown, by id
}

func identities(p people.Person) []social.IdentityID {
	ids := make([]social.IdentityID, len(p.Identities))
	for i, x := range p.Identities {
		ids[i] = x.ID
	}
	return ids
}

// Of tells how it stands with somebody.
func (l *Ledger) Of(ctx context.Context, who social.PersonID) (Of, error) {
	p, err := l.People.Person(ctx, who)
	if err != nil {
		return Of{}, err
	}
	out := Of{Person: p}
	if out.Now, err = l.Store.Now(ctx, identities(p)); err != nil {
		return out, err
	}
	out.Texts, err = l.shown(ctx, out.Now)
	return out, err
}

// History lists every line of somebody, newest first, with the texts.
func (l *Ledger) History(ctx context.Context, who social.PersonID, cursor string, limit int) ([]Line, map[string]Text, string, error) {
	p, err := l.People.Person(ctx, who)
	if err != nil {
		return nil, nil, "", err
	}
	lines, next, err := l.Store.Lines(ctx, identities(p), cursor, limit)
	if err != nil {
		return nil, nil, "", err
	}
	texts, err := l.shown(ctx, lines)
	return lines, texts, next, err
}

func (l *Ledger) shown(ctx context.Context, lines []Line) (map[string]Text, error) {
	var ids []string
	for _, x := range lines {
		if x.Text != "" && !slices.Contains(ids, x.Text) {
			ids = append(ids, x.Text)
		}
	}
	return l.Store.TextsByID(ctx, ids)
}

// Write adds what somebody said. A line for an identity that is not theirs is
// refused, and so is a yes without the words or the proof.
func (l *Ledger) Write(ctx context.Context, who social.PersonID, x Line) (Line, error) {
	if err := l.check(&x); err != nil {
		return x, err
	}
	err := l.Store.InTx(ctx, func(ctx context.Context) error {
		p, err := l.People.Person(ctx, who)
		if err != nil {
			return err
		}
		if !slices.Contains(identities(p), x.Identity) {
			return invalid("identity", "This account is not one of theirs.")
		}
		if x.Text != "" {
			t, err := l.Store.TextsByID(ctx, []string{x.Text})
			if err != nil {
				return err
			}
			if t[x.Text].Purpose != x.Purpose {
				return invalid("text", "This text speaks of something else.")
			}
		}
		_, err = l.add(ctx, p.ID, &x)
		return err
	})
	return x, err
}

// add writes a line and its entry; it belongs into a transaction.
func (l *Ledger) add(ctx context.Context, who social.PersonID, x *Line) (bool, error) {
	x.ID, x.CreatedAt, x.By = id.At(l.now()), l.now(), member(ctx)
	fresh, err := l.Store.AddLine(ctx, *x)
	if err != nil || !fresh {
		return false, err
	}
	if err := l.Store.Record(ctx, social.Entry{Verb: "consent", Object: "person", ID: string(who),
		Detail: map[string]any{"consent": x.ID, "purpose": x.Purpose, "state": x.State, "source": x.Source}}); err != nil {
		return false, err
	}
	return true, l.Store.Tell(ctx, social.Dealt{Object: "person", ID: string(who)})
}

// Withdraw ends every yes that somebody gave, of one purpose or of all, on all
// of their accounts. It says how many ended; a second time it is none.
func (l *Ledger) Withdraw(ctx context.Context, who social.PersonID, purpose, source, evidence string) (int, error) {
	if purpose != "" && !KnownPurpose(purpose) {
		return 0, invalid("purpose", "“%s” is no purpose.", short(purpose))
	}
	if err := within("evidence", &evidence, 1000); err != nil {
		return 0, err
	}
	n := 0
	err := l.Store.InTx(ctx, func(ctx context.Context) error {
		n = 0
		p, err := l.People.Person(ctx, who)
		if err != nil {
			return err
		}
		now, err := l.Store.Now(ctx, identities(p))
		if err != nil {
			return err
		}
		for _, x := range now {
			if (x.State != Granted && x.State != Requested) || x.Purpose == All || (purpose != "" && x.Purpose != purpose) {
				continue
			}
			at := l.now()
			if !at.After(x.At) {
				at = x.At.Add(time.Microsecond) // the newest line counts
			}
			y := Line{Identity: x.Identity, Channel: x.Channel, Purpose: x.Purpose, State: Withdrawn, Text: x.Text, Source: source, Evidence: evidence, At: at, Jurisdiction: x.Jurisdiction}
			if _, err := l.add(ctx, p.ID, &y); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

// Wished keeps what somebody asked by STOP or START on a channel: the first
// ends everything there, the second lets what they had agreed to count again.
func (l *Ledger) Wished(ctx context.Context, w social.Wished) error {
	x := Line{Identity: w.Identity, Channel: w.Channel, Purpose: All, Source: ByMessage, Evidence: string(w.Message), At: w.At.UTC()}
	switch w.Wish {
	case social.WishStop:
		x.State = Withdrawn
	case social.WishStart:
		x.State = Granted
	default:
		return nil
	}
	return l.Store.InTx(ctx, func(ctx context.Context) error {
		p, err := l.People.Behind(ctx, w.Identity)
		if err != nil && !social.NotFound.Is(err) {
			return err
		}
		_, err = l.add(ctx, p.ID, &x)
		return err
	})
}

// CanSend says whether an identity may be written to on a channel for a
// purpose. Service needs no yes but heeds a no; everything else needs one.
func (l *Ledger) CanSend(ctx context.Context, who social.IdentityID, channel social.ChannelID, purpose string) (Verdict, error) {
	v := Verdict{Identity: who, Channel: channel, Purpose: purpose, At: l.now()}
	if !KnownPurpose(purpose) {
		return v, invalid("purpose", "“%s” is no purpose.", short(purpose))
	}
	lines, err := l.Store.Now(ctx, []social.IdentityID{who})
	if err != nil {
		return v, err
	}
	decide(&v, lines)
	return v, nil
}

// decide is the rule, of the newest lines of one identity.
func decide(v *Verdict, lines []Line) {
	var own, stop *Line
	for i := range lines {
		x := &lines[i]
		if x.Channel != "" && x.Channel != v.Channel {
			continue
		}
		at := &own
		if x.Purpose == All {
			at = &stop
		} else if x.Purpose != v.Purpose {
			continue
		}
		// Where a channel of its own and all channels differ, the newer counts.
		if *at == nil || (*at).At.Before(x.At) {
			*at = x
		}
	}
	day := func(x *Line) string { return x.At.Format("2 January 2006") }
	if stop != nil && stop.State == Withdrawn && (own == nil || own.State != Granted || !own.At.After(stop.At)) {
		v.Line, v.Why = stop.ID, "They asked on "+day(stop)+" to get no more messages here (STOP)."
		return
	}
	switch {
	case own == nil && v.Purpose == Service:
		v.Clear, v.Why = true, "Messages about something that they have with us need no consent, and they did not object."
	case own == nil:
		v.Why = "They never agreed to this."
	case own.State == Withdrawn:
		v.Line, v.Why = own.ID, "They withdrew their consent on "+day(own)+"."
	case own.State == Refused:
		v.Line, v.Why = own.ID, "They refused on "+day(own)+"."
	case own.State == Requested && v.Purpose != Service:
		v.Line, v.Why = own.ID, "They were asked on "+day(own)+" and have not agreed yet."
	case own.State == Granted && !own.Expires.IsZero() && !own.Expires.After(v.At):
		v.Line, v.Why = own.ID, "Their consent ended on "+own.Expires.Format("2 January 2006")+"."
		v.Clear = v.Purpose == Service
	default:
		v.Clear, v.Line, v.Why = true, own.ID, "They agreed on "+day(own)+"."
		if own.State == Requested {
			v.Why = "Messages about something that they have with us need no consent, and they did not object."
		}
	}
}

// Ask is CanSend for whoever is about to send: the answer is kept under the
// asker's own reference, and the same reference gets the same answer, but for
// a yes that ended meanwhile.
func (l *Ledger) Ask(ctx context.Context, who social.IdentityID, channel social.ChannelID, purpose, reference string) (Verdict, error) {
	if err := within("reference", &reference, 200); err != nil {
		return Verdict{}, err
	}
	if reference == "" {
		return Verdict{}, invalid("reference", "Name what is to be sent, so that the answer can be found again.")
	}
	var v Verdict
	err := l.Store.InTx(ctx, func(ctx context.Context) error {
		p, err := l.People.Behind(ctx, who)
		if err != nil {
			return err
		}
		if v, err = l.CanSend(ctx, who, channel, purpose); err != nil {
			return err
		}
		v.ID, v.Reference, v.By = id.At(l.now()), reference, member(ctx)
		kept, err := l.Store.AddVerdict(ctx, v)
		if err != nil {
			return err
		}
		if kept.ID != v.ID {
			if kept.Clear && !v.Clear { // what was a yes then is none now
				kept.Clear, kept.Why, kept.Line = false, v.Why, v.Line
			}
			v = kept
			return nil
		}
		return l.Store.Record(ctx, social.Entry{Verb: "ask", Object: "person", ID: string(p.ID),
			Detail: map[string]any{"verdict": v.ID, "purpose": purpose, "clear": v.Clear}})
	})
	return v, err
}

// WriteText adds a version of what is shown to people before they agree.
func (l *Ledger) WriteText(ctx context.Context, t Text) (Text, error) {
	if !KnownPurpose(t.Purpose) {
		return t, invalid("purpose", "“%s” is no purpose: service, marketing, research, sampling, profiling, or topic:name.", short(t.Purpose))
	}
	if t.Lang = strings.ToLower(strings.TrimSpace(t.Lang)); t.Lang == "" {
		t.Lang = "en"
	}
	for _, f := range []struct {
		name string
		s    *string
		most int
	}{{"name", &t.Name, 100}, {"body", &t.Body, 10_000}, {"lang", &t.Lang, 35}} {
		if err := within(f.name, f.s, f.most); err != nil {
			return t, err
		}
		if *f.s == "" {
			return t, invalid(f.name, "Write something.")
		}
	}
	err := l.Store.InTx(ctx, func(ctx context.Context) error {
		had, err := l.Store.Text(ctx, t.Purpose, t.Lang)
		if err == nil && had.Name == t.Name && had.Body == t.Body {
			t = had
			return nil
		}
		if err != nil && !social.NotFound.Is(err) {
			return err
		}
		t.ID, t.By, t.At = id.At(l.now()), member(ctx), l.now()
		if t, err = l.Store.AddText(ctx, t); err != nil {
			return err
		}
		return l.Store.Record(ctx, social.Entry{Verb: "write", Object: "consent_text", ID: t.ID,
			Detail: map[string]any{"purpose": t.Purpose, "lang": t.Lang, "version": t.Version}})
	})
	return t, err
}
