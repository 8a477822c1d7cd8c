package govern

import (
	"context"
	"time"

	"github.com/parley-crm/parley/social"
)

// Programme is one undertaking of social business with a charter: what it is
// for, who stands behind it, who leads it and how far it has come.
type Programme struct {
	ID       social.ProgrammeID
	Name     string
	Mission  string
	Sponsor  string          // who answers for it, in words
	Lead     social.MemberID // "" when nobody
	LeadName string
	Closed   bool
	Maturity int // 1 to 5, set by hand
	Created  time.Time

	Members      int // active ones
	Policies     int // that hold inside it, global ones included
	Acknowledged int // members who are up to date with all required ones
}

// Insider is a member of a programme.
type Insider struct {
	ID           social.MemberID
	Name         string
	Role         social.Role
	Acknowledged bool
}

// ProgrammeStore keeps programmes.
type ProgrammeStore interface {
	Programmes(ctx context.Context, scope social.Scope, cursor string, limit int) (page []Programme, next string, err error)
	Programme(ctx context.Context, scope social.Scope, id social.ProgrammeID) (Programme, error)
	AddProgramme(ctx context.Context, p Programme, folded string) error
	SaveProgramme(ctx context.Context, p Programme, folded string, at time.Time) error
	Insiders(ctx context.Context, id social.ProgrammeID) ([]Insider, error)
	Join(ctx context.Context, id social.ProgrammeID, m social.MemberID, r social.Role, at time.Time) error
	Leave(ctx context.Context, id social.ProgrammeID, m social.MemberID) (bool, error)
}

// Programmes lists programmes by name.
func (o *Office) Programmes(ctx context.Context, cursor string, limit int) ([]Programme, string, error) {
	return o.store.Programmes(ctx, social.ScopeOf(ctx), cursor, limit)
}

// Programme returns one programme.
func (o *Office) Programme(ctx context.Context, id social.ProgrammeID) (Programme, error) {
	return o.store.Programme(ctx, social.ScopeOf(ctx), id)
}

// Insiders lists who belongs to a programme.
func (o *Office) Insiders(ctx context.Context, id social.ProgrammeID) ([]Insider, error) {
	if _, err := o.Programme(ctx, id); err != nil {
		return nil, err
	}
	return o.store.Insiders(ctx, id)
}

// AddProgramme begins a programme. Whoever has a role only inside programmes
// can't begin another.
func (o *Office) AddProgramme(ctx context.Context, p Programme) (Programme, error) {
	if !social.ScopeOf(ctx).All {
		return p, social.Errorf(social.Forbidden, "Only a manager or administrator of everything can begin a programme.")
	}
	p.ID, p.Created = social.ProgrammeID(o.id()), o.clock.Now()
	if p.Maturity == 0 {
		p.Maturity = 1
	}
	if err := p.check(); err != nil {
		return p, err
	}
	err := o.change(ctx, "programme", func(ctx context.Context) (e social.Entry, err error) {
		if err := o.leads(ctx, p.Lead); err != nil {
			return e, err
		}
		return social.Entry{Verb: "create", Object: "programme", ID: string(p.ID), Detail: map[string]any{"name": p.Name}},
			o.store.AddProgramme(ctx, p, fold(p.Name))
	})
	if err != nil {
		return p, err
	}
	return o.Programme(ctx, p.ID)
}

// ProgrammeChange is what to change of a charter; nil leaves it as it is.
type ProgrammeChange struct {
	Name, Mission, Sponsor *string
	Lead                   *social.MemberID
	Closed                 *bool
	Maturity               *int
}

// ChangeProgramme changes a charter.
func (o *Office) ChangeProgramme(ctx context.Context, id social.ProgrammeID, c ProgrammeChange) (Programme, error) {
	err := o.change(ctx, "programme", func(ctx context.Context) (e social.Entry, err error) {
		p, err := o.Programme(ctx, id)
		if err != nil {
			return e, err
		}
		detail := map[string]any{}
		alter(detail, "name", &p.Name, c.Name)
		alter(detail, "mission", &p.Mission, c.Mission)
		alter(detail, "sponsor", &p.Sponsor, c.Sponsor)
		alter(detail, "lead", &p.Lead, c.Lead)
		alter(detail, "closed", &p.Closed, c.Closed)
		alter(detail, "maturity", &p.Maturity, c.Maturity)
		if len(detail) == 0 {
			return e, nil
		}
		if err := p.check(); err != nil {
			return e, err
		}
		if c.Lead != nil {
			if err := o.leads(ctx, p.Lead); err != nil {
				return e, err
			}
		}
		return social.Entry{Verb: "update", Object: "programme", ID: string(id), Detail: detail},
			o.store.SaveProgramme(ctx, p, fold(p.Name), o.clock.Now())
	})
	if err != nil {
		return Programme{}, err
	}
	return o.Programme(ctx, id)
}

// alter sets a field and notes what it was and is.
func alter[T comparable](detail map[string]any, name string, field, to *T) {
	if to != nil && *to != *field {
		detail[name] = []T{*field, *to}
		*field = *to
	}
}

// Enrol puts a member into a programme or changes the role there.
func (o *Office) Enrol(ctx context.Context, id social.ProgrammeID, m social.MemberID, r social.Role) error {
	if err := grantable(r); err != nil {
		return err
	}
	return o.change(ctx, "programme", func(ctx context.Context) (e social.Entry, err error) {
		if _, err := o.Programme(ctx, id); err != nil {
			return e, err
		}
		if _, err := o.store.Member(ctx, m); err != nil {
			return e, err
		}
		return social.Entry{Verb: "join", Object: "programme", ID: string(id), Detail: map[string]any{"member": m, "role": r}},
			o.store.Join(ctx, id, m, r, o.clock.Now())
	})
}

// Dismiss takes a member out of a programme.
func (o *Office) Dismiss(ctx context.Context, id social.ProgrammeID, m social.MemberID) error {
	return o.change(ctx, "programme", func(ctx context.Context) (e social.Entry, err error) {
		if _, err := o.Programme(ctx, id); err != nil {
			return e, err
		}
		found, err := o.store.Leave(ctx, id, m)
		if err == nil && !found {
			err = social.Errorf(social.NotFound, "This member is not in the programme.")
		}
		return social.Entry{Verb: "leave", Object: "programme", ID: string(id), Detail: map[string]any{"member": m}}, err
	})
}

func (p *Programme) check() (err error) {
	if p.Name, err = short("body.name", "The name", p.Name, 100); err != nil {
		return err
	}
	if p.Sponsor = tidy(p.Sponsor); len([]rune(p.Sponsor)) > 100 {
		return invalid("body.sponsor", "The sponsor's name is too long.")
	}
	if len([]rune(p.Mission)) > 2000 {
		return invalid("body.mission", "The mission is too long; 2000 characters fit.")
	}
	if p.Maturity < 1 || p.Maturity > 5 {
		return invalid("body.maturity", "The maturity is a level from 1 to 5.")
	}
	return nil
}

// leads checks that whoever is to lead is a member.
func (o *Office) leads(ctx context.Context, m social.MemberID) error {
	if m == "" {
		return nil
	}
	_, err := o.store.Member(ctx, m)
	if social.NotFound.Is(err) {
		return invalid("body.lead", "The lead is not a member.")
	}
	return err
}
