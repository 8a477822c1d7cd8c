package governapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Member is somebody who works with Parley.
type Member struct {
	ID           social.MemberID `json:"id"`
	Email        string          `json:"email"`
	Name         string          `json:"name"`
	Role         social.Role     `json:"role"`
	State        govern.State    `json:"state" enum:"active,disabled,invited"`
	LastSeenAt   *time.Time      `json:"last_seen_at,omitempty"`
	Programmes   []belonging     `json:"programmes"`
	Acknowledged bool            `json:"acknowledged" doc:"Every required policy that holds for them, in its current version."`
}

func member(m govern.Member) Member {
	return Member{m.ID, m.Email, m.Name, m.Role, m.State, server.When(m.LastSeen), belongings(m.Programmes), m.Acknowledged}
}

// LinkFor is a one-time link to hand over.
type LinkFor struct {
	Link      string    `json:"link"`
	ExpiresAt time.Time `json:"expires_at"`
}

type grant struct {
	Programme social.ProgrammeID `json:"programme"`
	Role      social.Role        `json:"role" enum:"manager,responder,viewer"`
}

func grants(of []grant) []social.Grant {
	given := make([]social.Grant, len(of))
	for i, g := range of {
		given[i] = social.Grant{Programme: g.Programme, Role: g.Role}
	}
	return given
}

func (a *API) members() {
	server.Register(a.s, get("list-members", "/api/members", social.GovernRead, "Who works here"), a.listMembers)
	server.Register(a.s, post("invite-member", "/api/members/invitations", social.MemberWrite, "Invite a member by a one-time link"), a.invite)
	server.Register(a.s, patch("change-member", "/api/members/{id}", social.MemberWrite, "Change a member's role, state, name or places in programmes"), a.changeMember)
	server.Register(a.s, post("reset-member", "/api/members/{id}/reset", social.MemberWrite, "Make a link by which a member chooses a new password"), a.resetMember)
	server.Register(a.s, get("get-brand", "/api/brand", social.SignedIn, "What the company is called"), a.brand)
	server.Register(a.s, put("set-brand", "/api/brand", social.SystemWrite, "Name the company"), a.setBrand)
}

func (a *API) listMembers(ctx context.Context, in *server.Paging) (*server.Body[server.Page[Member]], error) {
	members, next, err := a.Office.Members(ctx, in.Cursor, in.Limit)
	return list(members, next, err, member)
}

type inviteInput struct {
	Body struct {
		Email      string  `json:"email" maxLength:"254"`
		Name       string  `json:"name,omitempty" maxLength:"200"`
		Role       string  `json:"role" enum:"admin,manager,responder,viewer," doc:"Everywhere; empty for one that is only in programmes."`
		Programmes []grant `json:"programmes,omitempty" maxItems:"100"`
	}
}

func (a *API) invite(ctx context.Context, in *inviteInput) (*server.Body[LinkFor], error) {
	_, token, expires, err := a.Office.Invite(ctx, in.Body.Email, in.Body.Name, social.Role(in.Body.Role), grants(in.Body.Programmes))
	return out(LinkFor{a.address(ctx, govern.InviteDoor.Path(token)), expires}, err)
}

type changeMemberInput struct {
	ID   social.MemberID `path:"id" maxLength:"100"`
	Body struct {
		Name   *string  `json:"name,omitempty" maxLength:"200"`
		Role   *string  `json:"role,omitempty" enum:"admin,manager,responder,viewer,"`
		State  *string  `json:"state,omitempty" enum:"active,disabled"`
		Grants *[]grant `json:"grants,omitempty" maxItems:"100" doc:"Replaces all places in programmes."`
	}
}

func (a *API) changeMember(ctx context.Context, in *changeMemberInput) (*server.Body[Member], error) {
	c := govern.MemberChange{Name: in.Body.Name}
	if in.Body.Role != nil {
		role := social.Role(*in.Body.Role)
		c.Role = &role
	}
	if in.Body.State != nil {
		state := govern.State(*in.Body.State)
		c.State = &state
	}
	if in.Body.Grants != nil {
		given := grants(*in.Body.Grants)
		c.Grants = &given
	}
	m, err := a.Office.ChangeMember(ctx, in.ID, c)
	return out(member(m), err)
}

type memberInput struct {
	ID social.MemberID `path:"id" maxLength:"100"`
}

func (a *API) resetMember(ctx context.Context, in *memberInput) (*server.Body[LinkFor], error) {
	kind, token, expires, err := a.Office.ResetLink(ctx, in.ID)
	return out(LinkFor{a.address(ctx, kind.Path(token)), expires}, err)
}

// address makes a whole address of a path of the app.
func (a *API) address(ctx context.Context, path string) string { return server.Origin(ctx, a.s) + path }

// Brand is what the company is called.
type Brand struct {
	Name    string   `json:"name" maxLength:"200"`
	Terms   []string `json:"terms" nullable:"false" maxItems:"200"`
	Handles []string `json:"handles" nullable:"false" maxItems:"200"`
}

func (a *API) brand(ctx context.Context, _ *struct{}) (*server.Body[Brand], error) {
	b, err := a.Office.Brand(ctx)
	return out(Brand(b), err)
}

type brandInput struct {
	Body struct {
		Name    string   `json:"name" maxLength:"200"`
		Terms   []string `json:"terms,omitempty" maxItems:"200"`
		Handles []string `json:"handles,omitempty" maxItems:"200"`
	}
}

func (a *API) setBrand(ctx context.Context, in *brandInput) (*server.Body[Brand], error) {
	b, err := a.Office.SetBrand(ctx, govern.Brand{Name: in.Body.Name, Terms: in.Body.Terms, Handles: in.Body.Handles})
	return out(Brand(b), err)
}

// Token is a key for programs, without its secret.
type Token struct {
	ID         string              `json:"id"`
	Name       string              `json:"name"`
	Role       social.Role         `json:"role"`
	Scopes     []social.Permission `json:"scopes" doc:"Empty: all of the role."`
	CreatedAt  time.Time           `json:"created_at"`
	ExpiresAt  *time.Time          `json:"expires_at,omitempty"`
	LastUsedAt *time.Time          `json:"last_used_at,omitempty"`
	CreatedBy  *named              `json:"created_by,omitempty" doc:"Whom it acts for."`
}

// NewToken is a token with its secret, which is shown once.
type NewToken struct {
	Token
	Secret string `json:"token"`
}

func token(t govern.Token) Token {
	if t.Scopes == nil {
		t.Scopes = []social.Permission{}
	}
	return Token{t.ID, t.Name, t.Role, t.Scopes, t.Created, server.When(t.Expires), server.When(t.LastUsed), ref(string(t.Member), t.By)}
}

func (a *API) tokens() {
	server.Register(a.s, get("list-tokens", "/api/tokens", social.TokenWrite, "Which API tokens there are"), a.listTokens)
	op := post("add-token", "/api/tokens", social.TokenWrite, "Make an API token; its secret is shown once")
	op.Status = http.StatusCreated
	server.Register(a.s, op, a.addToken)
	server.Register(a.s, drop("drop-token", "/api/tokens/{id}", social.TokenWrite, "Take an API token back"), a.dropToken)
}

func (a *API) listTokens(ctx context.Context, in *server.Paging) (*server.Body[server.Page[Token]], error) {
	tokens, next, err := a.Office.Tokens(ctx, in.Cursor, in.Limit)
	return list(tokens, next, err, token)
}

type addTokenInput struct {
	Body struct {
		Name      string              `json:"name" maxLength:"200"`
		Role      string              `json:"role" enum:"admin,manager,responder,viewer"`
		Scopes    []social.Permission `json:"scopes,omitempty" maxItems:"50"`
		ExpiresAt *time.Time          `json:"expires_at,omitempty"`
	}
}

func (a *API) addToken(ctx context.Context, in *addTokenInput) (*server.Body[NewToken], error) {
	var expires time.Time
	if in.Body.ExpiresAt != nil {
		expires = *in.Body.ExpiresAt
	}
	t, secret, err := a.Office.AddToken(ctx, in.Body.Name, social.Role(in.Body.Role), in.Body.Scopes, expires)
	return out(NewToken{token(t), secret}, err)
}

func (a *API) dropToken(ctx context.Context, in *idInput) (*struct{}, error) {
	return nil, a.Office.DropToken(ctx, in.ID)
}
