package governapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Session says who is signed in.
type Session struct {
	SignedIn bool   `json:"signed_in"`
	Setup    bool   `json:"setup" doc:"There is no administrator yet."`
	Member   *Self  `json:"member,omitempty"`
	Brand    *brand `json:"brand,omitempty"`
	Version  string `json:"version"`
	Demo     bool   `json:"demo"`
}

type brand struct {
	Name string `json:"name"`
}

// Self is the member who is signed in.
type Self struct {
	ID          social.MemberID     `json:"id"`
	Name        string              `json:"name"`
	Email       string              `json:"email"`
	Role        social.Role         `json:"role"`
	Permissions []social.Permission `json:"permissions"`
	Programmes  []belonging         `json:"programmes"`
}

type belonging struct {
	ID   social.ProgrammeID `json:"id"`
	Name string             `json:"name"`
	Role social.Role        `json:"role"`
}

func belongings(of []govern.Belonging) []belonging {
	shown := make([]belonging, len(of))
	for i, b := range of {
		shown[i] = belonging{b.Programme, b.Name, b.Role}
	}
	return shown
}

type sessionOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      Session
}

type cookieOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

func (a *API) sessions() {
	server.Register(a.s, get("get-session", "/api/session", social.PublicAccess, "Who is signed in, and what they may do"), a.session)
	server.Register(a.s, post("sign-in", "/api/session", social.PublicAccess, "Sign in"), a.signIn)
	server.Register(a.s, drop("sign-out", "/api/session", social.PublicAccess, "Sign out here"), a.signOut)
	server.Register(a.s, drop("sign-out-everywhere", "/api/sessions", social.SignedIn, "Sign out everywhere"), a.signOutEverywhere)
	server.Register(a.s, get("get-link", "/api/links/{token}", social.PublicAccess, "What a one-time link is for"), a.link)
	server.Register(a.s, post("use-link", "/api/links/{token}", social.PublicAccess, "Use a one-time link: set a password and sign in"), a.useLink)
	server.Register(a.s, get("list-my-sessions", "/api/me/sessions", social.SignedIn, "Where I am signed in"), a.mySessions)
	server.Register(a.s, drop("end-my-session", "/api/me/sessions/{id}", social.SignedIn, "Sign out there"), a.endMySession)
	server.Register(a.s, patch("change-me", "/api/me", social.SignedIn, "Change my name"), a.changeMe)
	server.Register(a.s, post("change-my-password", "/api/me/password", social.SignedIn, "Change my password, which signs me out everywhere else"), a.changePassword)
}

// show says what the app needs to know of whoever is signed in.
func (a *API) show(ctx context.Context, actor social.Actor, signedIn bool) (Session, error) {
	s := Session{Version: a.s.Version, Demo: a.Demo}
	if !signedIn {
		setup, err := a.Office.NeedsSetup(ctx)
		s.Setup = setup
		return s, err
	}
	b, err := a.Office.Brand(ctx)
	if err != nil {
		return s, err
	}
	if b.Name != "" {
		s.Brand = &brand{b.Name}
	}
	s.SignedIn = true
	s.Member = &Self{ID: actor.Member, Name: actor.Name, Email: actor.Email, Role: actor.Role, Permissions: govern.May(actor), Programmes: []belonging{}}
	if actor.Member != "" {
		m, err := a.Office.Member(ctx, actor.Member)
		if err != nil {
			return s, err
		}
		s.Member.Name, s.Member.Programmes = m.Name, belongings(m.Programmes)
	}
	return s, nil
}

func (a *API) session(ctx context.Context, _ *struct{}) (*server.Body[Session], error) {
	actor, ok := social.ActorOf(ctx)
	return out(a.show(ctx, actor, ok))
}

type signInInput struct {
	Body struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password" maxLength:"1000"`
	}
}

func (a *API) signIn(ctx context.Context, in *signInInput) (*sessionOutput, error) {
	opened, err := a.Office.SignIn(ctx, in.Body.Email, in.Body.Password, from(ctx))
	if err != nil {
		return nil, err
	}
	return a.opened(ctx, opened)
}

// opened answers with a session that has just begun. An older one of the same
// browser ends.
func (a *API) opened(ctx context.Context, o govern.Opened) (*sessionOutput, error) {
	if old := server.CredentialsOf(ctx).Session; old != "" {
		if actor, session, err := a.Office.BySession(ctx, old); err == nil {
			if err := a.Office.EndSession(social.WithActor(ctx, actor), actor.Member, session.ID); err != nil && !social.NotFound.Is(err) {
				return nil, err
			}
		}
	}
	s, err := a.show(ctx, o.Member.Actor(), true)
	if err != nil {
		return nil, err
	}
	return &sessionOutput{SetCookie: []http.Cookie{a.s.Cookie(o.Secret, o.Session.Created.Add(90*24*time.Hour))}, Body: s}, nil
}

func (a *API) signOut(ctx context.Context, _ *struct{}) (*cookieOutput, error) {
	gone := &cookieOutput{SetCookie: a.s.NoCookie()}
	actor, session, err := a.Office.BySession(ctx, server.CredentialsOf(ctx).Session)
	if social.Unauth.Is(err) {
		return gone, nil
	}
	if err != nil {
		return nil, err
	}
	return gone, a.Office.EndSession(social.WithActor(ctx, actor), actor.Member, session.ID)
}

func (a *API) signOutEverywhere(ctx context.Context, _ *struct{}) (*cookieOutput, error) {
	member, err := myself(ctx)
	if err != nil {
		return nil, err
	}
	return &cookieOutput{SetCookie: a.s.NoCookie()}, a.Office.EndSessions(ctx, member)
}

// Link says what a one-time link is for.
type Link struct {
	Kind      govern.DoorKind `json:"kind" enum:"setup,invite,reset"`
	Email     string          `json:"email,omitempty"`
	Name      string          `json:"name,omitempty"`
	ExpiresAt time.Time       `json:"expires_at"`
}

// LinkPath is the address of a one-time link.
type LinkPath struct {
	Token string `path:"token" maxLength:"100"`
}

func (a *API) link(ctx context.Context, in *LinkPath) (*server.Body[Link], error) {
	door, m, err := a.Office.Look(ctx, in.Token)
	return out(Link{door.Kind, m.Email, m.Name, door.Expires}, err)
}

type useLinkInput struct {
	LinkPath
	Body struct {
		Name     string `json:"name,omitempty" maxLength:"200"`
		Email    string `json:"email,omitempty" maxLength:"254" doc:"For setup only."`
		Password string `json:"password" maxLength:"1000"`
	}
}

func (a *API) useLink(ctx context.Context, in *useLinkInput) (*sessionOutput, error) {
	opened, err := a.Office.Enter(ctx, in.Token, in.Body.Name, in.Body.Email, in.Body.Password, from(ctx))
	if err != nil {
		return nil, err
	}
	return a.opened(ctx, opened)
}

// MySession is a place where one is signed in.
type MySession struct {
	ID         string    `json:"id"`
	Current    bool      `json:"current"`
	CreatedAt  time.Time `json:"created_at"`
	LastSeenAt time.Time `json:"last_seen_at"`
	Agent      string    `json:"agent"`
	IP         string    `json:"ip"`
}

func (a *API) mySessions(ctx context.Context, _ *struct{}) (*server.Body[server.Page[MySession]], error) {
	member, err := myself(ctx)
	if err != nil {
		return nil, err
	}
	current := ""
	if secret := server.CredentialsOf(ctx).Session; secret != "" {
		if _, s, err := a.Office.BySession(ctx, secret); err == nil {
			current = s.ID
		}
	}
	sessions, err := a.Office.Sessions(ctx, member)
	return list(sessions, "", err, func(s govern.Session) MySession {
		return MySession{s.ID, s.ID == current, s.Created, s.LastSeen, s.Agent, s.IP}
	})
}

type idInput struct {
	ID string `path:"id" maxLength:"100"`
}

func (a *API) endMySession(ctx context.Context, in *idInput) (*struct{}, error) {
	member, err := myself(ctx)
	if err != nil {
		return nil, err
	}
	return nil, a.Office.EndSession(ctx, member, in.ID)
}

type changeMeInput struct {
	Body struct {
		Name *string `json:"name,omitempty" maxLength:"200"`
	}
}

func (a *API) changeMe(ctx context.Context, in *changeMeInput) (*server.Body[Session], error) {
	member, err := myself(ctx)
	if err != nil {
		return nil, err
	}
	if in.Body.Name != nil {
		if _, err := a.Office.Rename(ctx, member, *in.Body.Name); err != nil {
			return nil, err
		}
	}
	return out(a.show(ctx, me(ctx), true))
}

type passwordInput struct {
	Body struct {
		Current string `json:"current" maxLength:"1000"`
		Next    string `json:"next" maxLength:"1000"`
	}
}

func (a *API) changePassword(ctx context.Context, in *passwordInput) (*sessionOutput, error) {
	if me(ctx).Token != "" {
		return nil, social.Errorf(social.Forbidden, "A token can't change a password.")
	}
	member, err := myself(ctx)
	if err != nil {
		return nil, err
	}
	opened, err := a.Office.ChangePassword(ctx, member, in.Body.Current, in.Body.Next, from(ctx))
	if err != nil {
		return nil, err
	}
	return a.opened(ctx, opened)
}
