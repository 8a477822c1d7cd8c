package govern

import (
	"context"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// State says whether a member can come in.
type State string

// The states of a member.
const (
	Active   State = "active"
	Disabled State = "disabled"
	Invited  State = "invited" // has not used the invitation yet
)

// Member is somebody who works with Parley.
type Member struct {
	ID           social.MemberID
	Email        string
	Name         string
	Role         social.Role // everywhere; NoRole: only what programmes grant
	State        State
	LastSeen     time.Time
	Created      time.Time
	Programmes   []Belonging
	Acknowledged bool // every required policy that holds for them, in its current version
}

// Belonging is a member's place in one programme.
type Belonging struct {
	Programme social.ProgrammeID
	Name      string // of the programme
	Role      social.Role
}

// Actor is the member as whoever asks.
func (m Member) Actor() social.Actor {
	a := social.Actor{Member: m.ID, Name: m.Name, Email: m.Email, Role: m.Role}
	for _, b := range m.Programmes {
		a.Grants = append(a.Grants, social.Grant{Programme: b.Programme, Role: b.Role})
	}
	return a
}

// MemberStore keeps members.
type MemberStore interface {
	Members(ctx context.Context, scope social.Scope, cursor string, limit int) (page []Member, next string, err error)
	Member(ctx context.Context, id social.MemberID) (Member, error)
	// MemberByEmail finds a member and the hash of the password by the folded address.
	MemberByEmail(ctx context.Context, folded string) (m Member, password string, err error)
	Password(ctx context.Context, id social.MemberID) (string, error)
	AddMember(ctx context.Context, m Member, folded string) error
	SaveMember(ctx context.Context, m Member) error
	SetPassword(ctx context.Context, id social.MemberID, hash string) error
	// Admins lists active administrators, oldest first.
	Admins(ctx context.Context) ([]social.MemberID, error)
}

// Members lists the members that the scope lets one see.
func (o *Office) Members(ctx context.Context, cursor string, limit int) ([]Member, string, error) {
	return o.store.Members(ctx, social.ScopeOf(ctx), cursor, limit)
}

// Member returns one member. It asks for no scope: it is for the member
// itself and for rules.
func (o *Office) Member(ctx context.Context, id social.MemberID) (Member, error) {
	return o.store.Member(ctx, id)
}

// MemberChange is what to change of a member; nil leaves it as it is.
type MemberChange struct {
	Name   *string
	Role   *social.Role
	State  *State
	Grants *[]social.Grant // replaces all places in programmes
}

// ChangeMember changes a member. The last administrator stays one; whoever is
// disabled or gets a lesser role loses what that role gave at once.
func (o *Office) ChangeMember(ctx context.Context, id social.MemberID, c MemberChange) (Member, error) {
	var m Member
	err := o.change(ctx, "member", func(ctx context.Context) (e social.Entry, err error) {
		if err := o.store.Lock(ctx); err != nil { // two may not unmake each other
			return e, err
		}
		if m, err = o.store.Member(ctx, id); err != nil {
			return e, err
		}
		detail := map[string]any{}
		if c.Name != nil {
			if m.Name, err = short("body.name", "The name", *c.Name, 100); err != nil {
				return e, err
			}
			detail["renamed"] = true
		}
		if c.Role != nil && *c.Role != m.Role {
			if *c.Role != social.NoRole && !Known(*c.Role) {
				return e, invalid("body.role", "The role must be admin, manager, responder or viewer, or empty.")
			}
			detail["role"] = []social.Role{m.Role, *c.Role}
			m.Role = *c.Role
		}
		if c.State != nil && *c.State != m.State {
			if *c.State != Active && *c.State != Disabled || m.State == Invited && *c.State == Active {
				return e, invalid("body.state", "A member can be made active or disabled; an invited one becomes active by the link.")
			}
			detail["state"] = []State{m.State, *c.State}
			m.State = *c.State
			if m.State == Active {
				password, err := o.store.Password(ctx, id)
				if err != nil {
					return e, err
				}
				if password == "" {
					m.State = Invited
				}
			}
		}
		if err := o.store.SaveMember(ctx, m); err != nil {
			return e, err
		}
		if err := o.keepAnAdmin(ctx); err != nil {
			return e, err
		}
		if m.State == Disabled {
			if _, err := o.store.DropSessions(ctx, id); err != nil {
				return e, err
			}
			if err := o.store.CloseDoors(ctx, id); err != nil {
				return e, err
			}
		}
		if c.Grants != nil {
			if err := o.setGrants(ctx, id, *c.Grants); err != nil {
				return e, err
			}
			detail["grants"] = *c.Grants
		}
		if m, err = o.store.Member(ctx, id); err != nil {
			return e, err
		}
		return social.Entry{Verb: "update", Object: "member", ID: string(id), Detail: detail}, nil
	})
	return m, err
}

// keepAnAdmin refuses to leave the house without an administrator.
func (o *Office) keepAnAdmin(ctx context.Context) error {
	admins, err := o.store.Admins(ctx)
	if err == nil && len(admins) == 0 {
		err = social.Errorf(social.Conflict, "This is the last administrator. Make somebody else one first.")
	}
	return err
}

func (o *Office) setGrants(ctx context.Context, id social.MemberID, grants []social.Grant) error {
	for _, g := range grants {
		if err := grantable(g.Role); err != nil {
			return err
		}
		if _, err := o.store.Programme(ctx, social.Scope{All: true}, g.Programme); err != nil {
			return err
		}
	}
	old, err := o.store.Member(ctx, id)
	if err != nil {
		return err
	}
	for _, b := range old.Programmes {
		if !slices.ContainsFunc(grants, func(g social.Grant) bool { return g.Programme == b.Programme }) {
			if _, err := o.store.Leave(ctx, b.Programme, id); err != nil {
				return err
			}
		}
	}
	for _, g := range grants {
		if err := o.store.Join(ctx, g.Programme, id, g.Role, o.clock.Now()); err != nil {
			return err
		}
	}
	return nil
}

// Rename lets a member choose their own name.
func (o *Office) Rename(ctx context.Context, id social.MemberID, name string) (Member, error) {
	return o.ChangeMember(ctx, id, MemberChange{Name: &name})
}

// grantable checks a role that is to be given inside a programme.
func grantable(r social.Role) error {
	switch r {
	case social.Manager, social.Responder, social.Viewer:
		return nil
	}
	return invalid("body.role", "Inside a programme the role must be manager, responder or viewer.")
}

// address checks an e-mail address and returns it as given and folded.
func address(s string) (given, folded string, err error) {
	given = strings.TrimSpace(s)
	a, e := mail.ParseAddress(given)
	if e != nil || a.Address != given || len(given) > 254 {
		return "", "", invalid("body.email", "This is not an e-mail address.")
	}
	return given, fold(given), nil
}
