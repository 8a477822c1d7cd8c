package govern

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/parley-crm/parley/social"
)

func itoa(n int) string { return strconv.Itoa(n) }

// TokenPrefix begins every API token, so that one can be recognized where it
// does not belong.
const TokenPrefix = "parley_"

// Token is a key for programs. It acts for the member who made it, with at
// most the role that it was given and never more than that member's own.
type Token struct {
	ID       string
	Name     string
	Role     social.Role
	Scopes   []social.Permission // empty: all of the role
	Member   social.MemberID     // "" when it acts for nobody
	By       string              // that member's name
	Created  time.Time
	Expires  time.Time // zero: never
	LastUsed time.Time
}

// TokenStore keeps tokens.
type TokenStore interface {
	Tokens(ctx context.Context, cursor string, limit int) (page []Token, next string, err error)
	Token(ctx context.Context, id string) (Token, error)
	TokenByHash(ctx context.Context, hash string) (Token, error)
	AddToken(ctx context.Context, t Token, hash string) error
	TouchToken(ctx context.Context, id string, at time.Time) error
	DropToken(ctx context.Context, id string) (bool, error)
}

// Tokens lists all tokens, newest first.
func (o *Office) Tokens(ctx context.Context, cursor string, limit int) ([]Token, string, error) {
	return o.store.Tokens(ctx, cursor, limit)
}

// AddToken makes a token for whoever asks and returns its secret, once. From
// the command line the system asks: the token then acts for the oldest
// administrator, or for nobody where there is none yet.
func (o *Office) AddToken(ctx context.Context, name string, role social.Role, scopes []social.Permission, expires time.Time) (Token, string, error) {
	actor, _ := social.ActorOf(ctx)
	name, err := short("body.name", "The name", name, 100)
	if err != nil {
		return Token{}, "", err
	}
	if !Known(role) {
		return Token{}, "", invalid("body.role", "The role must be admin, manager, responder or viewer.")
	}
	if !actor.System && AtMost(role, actor.Role) != role {
		return Token{}, "", social.Errorf(social.Forbidden, "A token can't do more than you can: your role is %s.", orNone(actor.Role))
	}
	for _, p := range scopes {
		if !slices.Contains(Permissions(), p) {
			return Token{}, "", invalid("body.scopes", "There is no permission called "+cut(string(p), 40)+".")
		}
		if len(actor.Scopes) > 0 && !slices.Contains(actor.Scopes, p) {
			return Token{}, "", social.Errorf(social.Forbidden, "A token can't do more than the token that makes it.")
		}
	}
	if len(scopes) == 0 {
		scopes = actor.Scopes
	}
	now := o.clock.Now()
	if !expires.IsZero() && !expires.After(now) {
		return Token{}, "", invalid("body.expires_at", "The expiry lies in the past.")
	}
	plain, kept := ticket(TokenPrefix)
	t := Token{ID: o.id(), Name: name, Role: role, Scopes: scopes, Member: actor.Member, By: actor.Name, Created: now, Expires: expires}
	err = o.change(ctx, "token", func(ctx context.Context) (e social.Entry, err error) {
		if actor.System {
			admins, err := o.store.Admins(ctx)
			if err != nil {
				return e, err
			}
			if len(admins) > 0 {
				t.Member = admins[0]
			}
		}
		return social.Entry{Verb: "create", Object: "token", ID: t.ID,
			Detail: map[string]any{"name": name, "role": role, "scopes": scopes}}, o.store.AddToken(ctx, t, kept)
	})
	return t, plain, err
}

// DropToken takes a token back at once.
func (o *Office) DropToken(ctx context.Context, id string) error {
	return o.change(ctx, "token", func(ctx context.Context) (social.Entry, error) {
		found, err := o.store.DropToken(ctx, id)
		if err == nil && !found {
			err = social.Errorf(social.NotFound, "There is no such token.")
		}
		return social.Entry{Verb: "delete", Object: "token", ID: id}, err
	})
}

// ByToken names the actor behind a token's secret.
func (o *Office) ByToken(ctx context.Context, plain string) (social.Actor, error) {
	no := social.Errorf(social.Unauth, "This API token is not valid: it was taken back, has expired, or never was.")
	if len(plain) < len(TokenPrefix) || len(plain) > 100 || plain[:len(TokenPrefix)] != TokenPrefix {
		return social.Actor{}, no
	}
	t, err := o.store.TokenByHash(ctx, digest(plain))
	if social.NotFound.Is(err) {
		return social.Actor{}, no
	}
	if err != nil {
		return social.Actor{}, err
	}
	a, ok, err := tokenActor(ctx, o.store, t, o.clock.Now())
	if err != nil {
		return social.Actor{}, err
	}
	if !ok {
		return social.Actor{}, no
	}
	if now := o.clock.Now(); since(now, t.LastUsed) >= touch {
		_ = o.store.TouchToken(ctx, t.ID, now) // a note; a full disk locks nobody out
	}
	return a, nil
}

// tokenActor is who a token acts as now; not ok when it does not any more.
func tokenActor(ctx context.Context, members interface {
	Member(context.Context, social.MemberID) (Member, error)
}, t Token, now time.Time) (a social.Actor, ok bool, err error) {
	if !t.Expires.IsZero() && !now.Before(t.Expires) {
		return a, false, nil
	}
	if t.Member == "" {
		return social.Actor{Name: t.Name, Role: t.Role, Token: t.ID, Scopes: t.Scopes}, true, nil
	}
	m, err := members.Member(ctx, t.Member)
	if err != nil || m.State != Active {
		return a, false, err
	}
	a = m.Actor()
	a.Role, a.Token, a.Scopes = AtMost(a.Role, t.Role), t.ID, t.Scopes
	for i := range a.Grants {
		a.Grants[i].Role = AtMost(a.Grants[i].Role, t.Role)
	}
	return a, true, nil
}

func orNone(r social.Role) string {
	if r == social.NoRole {
		return "none"
	}
	return string(r)
}
