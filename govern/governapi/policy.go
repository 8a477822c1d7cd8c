package governapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Policy is a text that people agree to before they speak.
type Policy struct {
	ID           social.PolicyID `json:"id"`
	Name         string          `json:"name"`
	Programme    *named          `json:"programme,omitempty" doc:"Left out: it holds everywhere."`
	Required     bool            `json:"required" doc:"The gate asks for it."`
	Version      int             `json:"version"`
	EffectiveAt  time.Time       `json:"effective_at"`
	Acknowledged int             `json:"acknowledged"`
	Of           int             `json:"of"`
	Mine         mine            `json:"mine"`
}

type mine struct {
	Acknowledged bool       `json:"acknowledged"`
	At           *time.Time `json:"at,omitempty"`
}

// PolicyText is a policy with all its wordings, newest first.
type PolicyText struct {
	Policy
	Versions []Version `json:"versions"`
}

// Version is one wording of a policy.
type Version struct {
	ID           social.VersionID `json:"id"`
	N            int              `json:"n"`
	Body         string           `json:"body" doc:"Markdown."`
	Summary      string           `json:"summary"`
	EffectiveAt  time.Time        `json:"effective_at"`
	By           named            `json:"by"`
	Acknowledged int              `json:"acknowledged"`
}

// Reader is a member for whom a policy holds.
type Reader struct {
	Member named      `json:"member"`
	At     *time.Time `json:"at,omitempty" doc:"When the current version was acknowledged; left out: not yet."`
}

// Gate says whether one may speak for the brand, and what is missing.
type Gate struct {
	Clear   bool      `json:"clear"`
	Why     string    `json:"why,omitempty"`
	Fix     string    `json:"fix,omitempty"`
	Missing []missing `json:"missing"`
}

type missing struct {
	What string `json:"what" enum:"role,acknowledgement"`
	Text string `json:"text"`
	Fix  string `json:"fix"`
}

func policy(p govern.Policy) Policy {
	return Policy{p.ID, p.Name, ref(string(p.Programme), p.ProgrammeName), p.Required, p.Version, p.Effective, p.Acknowledged, p.Of,
		mine{!p.MineAt.IsZero(), server.When(p.MineAt)}}
}

// Whoever is signed in may read the policies that hold for them: one can't
// agree to what one may not read.
func (a *API) allPolicies() {
	server.Register(a.s, get("list-policies", "/api/policies", social.SignedIn, "Which policies hold"), a.listPolicies)
	op := post("add-policy", "/api/policies", social.GovernWrite, "Put a policy into force")
	op.Status = http.StatusCreated
	server.Register(a.s, op, a.addPolicy)
	server.Register(a.s, get("get-policy", "/api/policies/{id}", social.SignedIn, "A policy with its wordings"), a.policy)
	server.Register(a.s, post("revise-policy", "/api/policies/{id}/versions", social.GovernWrite, "Give a policy a new wording, to be acknowledged anew"), a.revise)
	server.Register(a.s, post("acknowledge-policy", "/api/policies/{id}/acknowledge", social.SignedIn, "Acknowledge the current wording of a policy"), a.acknowledge)
	server.Register(a.s, get("list-acknowledgements", "/api/policies/{id}/acknowledgements", social.GovernRead, "Who has acknowledged a policy and who has not"), a.readers)
	server.Register(a.s, get("ask-gate", "/api/gate", social.SignedIn, "Whether I may speak for the brand, and what is missing"), a.gate)
}

func (a *API) listPolicies(ctx context.Context, in *server.Paging) (*server.Body[server.Page[Policy]], error) {
	policies, next, err := a.Office.Policies(ctx, in.Cursor, in.Limit)
	return list(policies, next, err, policy)
}

// PolicyPath is the address of a policy.
type PolicyPath struct {
	ID social.PolicyID `path:"id" maxLength:"100"`
}

func (a *API) policy(ctx context.Context, in *PolicyPath) (*server.Body[PolicyText], error) {
	p, err := a.Office.Policy(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return out(a.text(ctx, p))
}

func (a *API) text(ctx context.Context, p govern.Policy) (PolicyText, error) {
	t := PolicyText{Policy: policy(p), Versions: []Version{}}
	versions, err := a.Office.Versions(ctx, p.ID)
	for _, v := range versions {
		t.Versions = append(t.Versions, Version{v.ID, v.N, v.Body, v.Summary, v.Effective, named{string(v.By), v.ByName}, v.Acknowledged})
	}
	return t, err
}

type addPolicyInput struct {
	Body struct {
		Name      string             `json:"name" maxLength:"200"`
		Programme social.ProgrammeID `json:"programme,omitempty" maxLength:"100"`
		Required  bool               `json:"required"`
		Body      string             `json:"body" maxLength:"200000"`
		Summary   string             `json:"summary,omitempty" maxLength:"1000"`
	}
}

func (a *API) addPolicy(ctx context.Context, in *addPolicyInput) (*server.Body[PolicyText], error) {
	b := in.Body
	p, err := a.Office.AddPolicy(ctx, govern.Policy{Name: b.Name, Programme: b.Programme, Required: b.Required}, b.Body, b.Summary)
	if err != nil {
		return nil, err
	}
	return out(a.text(ctx, p))
}

type reviseInput struct {
	PolicyPath
	Body struct {
		Body    string `json:"body" maxLength:"200000"`
		Summary string `json:"summary,omitempty" maxLength:"1000"`
	}
}

func (a *API) revise(ctx context.Context, in *reviseInput) (*server.Body[PolicyText], error) {
	p, err := a.Office.Revise(ctx, in.ID, in.Body.Body, in.Body.Summary)
	if err != nil {
		return nil, err
	}
	return out(a.text(ctx, p))
}

type acknowledgeInput struct {
	PolicyPath
	Body struct {
		Version int `json:"version" minimum:"1" doc:"The one that was read."`
	}
}

func (a *API) acknowledge(ctx context.Context, in *acknowledgeInput) (*server.Body[Policy], error) {
	p, err := a.Office.Acknowledge(ctx, in.ID, in.Body.Version)
	return out(policy(p), err)
}

type readersInput struct {
	PolicyPath
	server.Paging
}

func (a *API) readers(ctx context.Context, in *readersInput) (*server.Body[server.Page[Reader]], error) {
	readers, next, err := a.Office.Readers(ctx, in.ID, in.Cursor, in.Limit)
	return list(readers, next, err, func(r govern.Reader) Reader {
		return Reader{named{string(r.ID), r.Name}, server.When(r.At)}
	})
}

type gateInput struct {
	Programme social.ProgrammeID `query:"programme" maxLength:"100"`
	Channel   social.ChannelID   `query:"channel" maxLength:"100"`
}

func (a *API) gate(ctx context.Context, in *gateInput) (*server.Body[Gate], error) {
	if in.Programme != "" { // a programme that one may not see is not named either
		if _, err := a.Office.Programme(ctx, in.Programme); err != nil {
			return nil, err
		}
	}
	v, err := a.Gate.Clear(ctx, govern.Ask{Actor: me(ctx), Programme: in.Programme, Channel: in.Channel})
	return out(ShowGate(v), err)
}

// ShowGate is a verdict as the app reads it.
func ShowGate(v govern.Verdict) Gate {
	g := Gate{Clear: v.Clear, Why: v.Why, Fix: v.Fix, Missing: []missing{}}
	for _, m := range v.Missing {
		g.Missing = append(g.Missing, missing(m))
	}
	return g
}
