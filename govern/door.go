package govern

import (
	"context"
	"time"

	"github.com/parley-crm/parley/social"
)

// DoorKind says what a one-time link is for.
type DoorKind string

// The kinds of one-time links.
const (
	SetupDoor  DoorKind = "setup"  // makes the first administrator
	InviteDoor DoorKind = "invite" // lets an invited member in
	ResetDoor  DoorKind = "reset"  // gives a member a new password
)

// Path is where the app opens such a link.
func (k DoorKind) Path(token string) string {
	switch k {
	case SetupDoor:
		return "/welcome/" + token
	case InviteDoor:
		return "/join/" + token
	}
	return "/reset/" + token
}

func (k DoorKind) life() time.Duration {
	switch k {
	case SetupDoor, ResetDoor:
		return 24 * time.Hour
	}
	return 7 * 24 * time.Hour
}

// Door is a one-time link: whoever has it may come in once.
type Door struct {
	ID      string
	Kind    DoorKind
	Member  social.MemberID // "" for setup
	Created time.Time
	Expires time.Time
}

// DoorStore keeps doors. A door that was used is gone for good.
type DoorStore interface {
	AddDoor(ctx context.Context, d Door, hash string) error
	DoorByHash(ctx context.Context, hash string, now time.Time) (Door, error)
	// UseDoor marks a door used, and reports whether it was still unused.
	UseDoor(ctx context.Context, id string, now time.Time) (bool, error)
	// CloseDoors drops the unused doors of a member ("" for setup).
	CloseDoors(ctx context.Context, member social.MemberID) error
}

var noDoor = "This link was used already, has expired, or never was. Ask an administrator for a new one."

// Setup makes the link of the first administrator. It returns an empty token
// once there is an administrator. Links made before stop working.
func (o *Office) Setup(ctx context.Context) (token string, expires time.Time, err error) {
	err = o.store.InTx(ctx, func(ctx context.Context) error {
		admins, err := o.store.Admins(ctx)
		if err != nil || len(admins) > 0 {
			return err
		}
		token, expires, err = o.newDoor(ctx, SetupDoor, "")
		return err
	})
	return token, expires, err
}

// NeedsSetup reports whether there is no administrator yet.
func (o *Office) NeedsSetup(ctx context.Context) (bool, error) {
	admins, err := o.store.Admins(ctx)
	return len(admins) == 0, err
}

func (o *Office) newDoor(ctx context.Context, kind DoorKind, member social.MemberID) (string, time.Time, error) {
	if err := o.store.CloseDoors(ctx, member); err != nil {
		return "", time.Time{}, err
	}
	now := o.clock.Now()
	plain, kept := ticket("")
	d := Door{ID: o.id(), Kind: kind, Member: member, Created: now, Expires: now.Add(kind.life())}
	return plain, d.Expires, o.store.AddDoor(ctx, d, kept)
}

// Invite makes a member who comes in by the link that is returned. Inviting an
// invited member again makes a new link.
func (o *Office) Invite(ctx context.Context, email, name string, role social.Role, grants []social.Grant) (m Member, token string, expires time.Time, err error) {
	given, folded, err := address(email)
	if err != nil {
		return m, "", expires, err
	}
	if role != social.NoRole && !Known(role) {
		return m, "", expires, invalid("body.role", "The role must be admin, manager, responder or viewer, or empty.")
	}
	if role == social.NoRole && len(grants) == 0 {
		return m, "", expires, invalid("body.role", "Give a role, or a place in a programme.")
	}
	if name = tidy(name); len([]rune(name)) > 100 {
		return m, "", expires, invalid("body.name", "The name is too long.")
	}
	err = o.change(ctx, "member", func(ctx context.Context) (e social.Entry, err error) {
		e = social.Entry{Verb: "invite", Object: "member", Detail: map[string]any{"role": role, "grants": grants}}
		m, _, err = o.store.MemberByEmail(ctx, folded)
		switch {
		case social.NotFound.Is(err):
			m = Member{ID: social.MemberID(o.id()), Email: given, Name: name, Role: role, State: Invited, Created: o.clock.Now()}
			err = o.store.AddMember(ctx, m, folded)
		case err == nil && m.State == Invited:
			m.Role = role
			if name != "" {
				m.Name = name
			}
			err = o.store.SaveMember(ctx, m)
		case err == nil:
			err = &social.Error{Kind: social.Conflict, Field: "body.email", Text: "There is a member with this e-mail address already."}
		}
		if err != nil {
			return e, err
		}
		e.ID = string(m.ID)
		if err := o.setGrants(ctx, m.ID, grants); err != nil {
			return e, err
		}
		token, expires, err = o.newDoor(ctx, InviteDoor, m.ID)
		return e, err
	})
	return m, token, expires, err
}

// ResetLink makes a link by which a member chooses a new password; for an
// invited one it is a new invitation.
func (o *Office) ResetLink(ctx context.Context, id social.MemberID) (kind DoorKind, token string, expires time.Time, err error) {
	err = o.change(ctx, "member", func(ctx context.Context) (e social.Entry, err error) {
		m, err := o.store.Member(ctx, id)
		if err != nil {
			return e, err
		}
		switch m.State {
		case Disabled:
			return e, social.Errorf(social.Conflict, "This member is disabled; make them active first.")
		case Invited:
			kind = InviteDoor
		default:
			kind = ResetDoor
		}
		token, expires, err = o.newDoor(ctx, kind, id)
		return social.Entry{Verb: "offer", Object: "password", ID: string(id)}, err
	})
	return kind, token, expires, err
}

// Look says what a link is for, without using it.
func (o *Office) Look(ctx context.Context, token string) (Door, Member, error) {
	if len(token) > 100 {
		return Door{}, Member{}, social.Errorf(social.NotFound, "%s", noDoor)
	}
	d, err := o.store.DoorByHash(ctx, digest(token), o.clock.Now())
	if err != nil || d.Member == "" {
		return d, Member{}, err
	}
	m, err := o.store.Member(ctx, d.Member)
	if err == nil && m.State == Disabled {
		err = social.Errorf(social.NotFound, "%s", noDoor)
	}
	return d, m, err
}

// Enter uses a link: it sets the password, and whatever else the kind asks
// for, and signs in. Of two who use one link at once, one comes in.
func (o *Office) Enter(ctx context.Context, token, name, email, password string, from From) (Opened, error) {
	door, m, err := o.Look(ctx, token)
	if err != nil {
		return Opened{}, err
	}
	folded := fold(m.Email)
	if door.Kind == SetupDoor {
		if m.Email, folded, err = address(email); err != nil {
			return Opened{}, err
		}
		m.ID, m.Role, m.Created = social.MemberID(o.id()), social.Admin, o.clock.Now()
	}
	if name != "" || m.Name == "" {
		if m.Name, err = short("body.name", "The name", name, 100); err != nil {
			return Opened{}, err
		}
	}
	if err := checkPassword(password, m.Email); err != nil {
		return Opened{}, err
	}
	hash, err := o.hashPassword(ctx, password)
	if err != nil {
		return Opened{}, err
	}
	m.State = Active
	ctx = social.WithActor(ctx, m.Actor())
	var opened Opened
	err = o.change(ctx, "member", func(ctx context.Context) (e social.Entry, err error) {
		unused, err := o.store.UseDoor(ctx, door.ID, o.clock.Now())
		if err == nil && !unused {
			err = social.Errorf(social.NotFound, "%s", noDoor)
		}
		if err != nil {
			return e, err
		}
		if door.Kind == SetupDoor {
			err = o.first(ctx, m, folded)
		} else {
			err = o.store.SaveMember(ctx, m)
		}
		if err != nil {
			return e, err
		}
		if err := o.store.SetPassword(ctx, m.ID, hash); err != nil {
			return e, err
		}
		if _, err := o.store.DropSessions(ctx, m.ID); err != nil {
			return e, err
		}
		if m, err = o.store.Member(ctx, m.ID); err != nil {
			return e, err
		}
		opened, err = o.open(ctx, m, from)
		return social.Entry{Verb: "accept", Object: string(door.Kind), ID: string(m.ID)}, err
	})
	return opened, err
}

// AddAdmin makes an administrator from the command line, or gives an existing
// member that role and the password.
func (o *Office) AddAdmin(ctx context.Context, email, name, password string) (Member, error) {
	given, folded, err := address(email)
	if err != nil {
		return Member{}, err
	}
	if name = tidy(name); name == "" {
		name = given
	}
	if err := checkPassword(password, given); err != nil {
		return Member{}, err
	}
	hash, err := o.hashPassword(ctx, password)
	if err != nil {
		return Member{}, err
	}
	var m Member
	err = o.change(ctx, "member", func(ctx context.Context) (e social.Entry, err error) {
		admins, err := o.store.Admins(ctx)
		if err != nil {
			return e, err
		}
		m, _, err = o.store.MemberByEmail(ctx, folded)
		switch {
		case err == nil:
			m.Role, m.State = social.Admin, Active
			if m.Name == "" {
				m.Name = name
			}
			err = o.store.SaveMember(ctx, m)
		case social.NotFound.Is(err):
			m = Member{ID: social.MemberID(o.id()), Email: given, Name: name, Role: social.Admin, State: Active, Created: o.clock.Now()}
			if len(admins) == 0 {
				err = o.first(ctx, m, folded)
			} else {
				err = o.store.AddMember(ctx, m, folded)
			}
		}
		if err != nil {
			return e, err
		}
		if _, err := o.store.DropSessions(ctx, m.ID); err != nil {
			return e, err
		}
		if err := o.store.CloseDoors(ctx, ""); err != nil {
			return e, err
		}
		return social.Entry{Verb: "create", Object: "admin", ID: string(m.ID)}, o.store.SetPassword(ctx, m.ID, hash)
	})
	return m, err
}

// first makes the first administrator, with the starter programme and policy.
func (o *Office) first(ctx context.Context, m Member, folded string) error {
	admins, err := o.store.Admins(ctx)
	if err == nil && len(admins) > 0 {
		err = social.Errorf(social.NotFound, "%s", noDoor)
	}
	if err != nil {
		return err
	}
	if err := o.store.AddMember(ctx, m, folded); err != nil {
		return err
	}
	return o.starter(ctx, m)
}
