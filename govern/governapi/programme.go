package governapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Programme is one undertaking of social business.
type Programme struct {
	ID           social.ProgrammeID `json:"id"`
	Name         string             `json:"name"`
	Mission      string             `json:"mission"`
	Sponsor      string             `json:"sponsor,omitempty"`
	Lead         *named             `json:"lead,omitempty"`
	State        string             `json:"state" enum:"active,closed"`
	Members      int                `json:"members"`
	Policies     int                `json:"policies"`
	Acknowledged int                `json:"acknowledged" doc:"Members who are up to date with every required policy."`
	Maturity     int                `json:"maturity" minimum:"1" maximum:"5"`
	Channels     int                `json:"channels"`
	CreatedAt    time.Time          `json:"created_at"`
}

// Charter is a programme with what belongs to it.
type Charter struct {
	ID           social.ProgrammeID `json:"id"`
	Name         string             `json:"name"`
	Mission      string             `json:"mission"`
	Sponsor      string             `json:"sponsor,omitempty"`
	Lead         *named             `json:"lead,omitempty"`
	State        string             `json:"state" enum:"active,closed"`
	Members      []insider          `json:"members"`
	Policies     []programmePolicy  `json:"policies"`
	Acknowledged int                `json:"acknowledged"`
	Maturity     int                `json:"maturity" minimum:"1" maximum:"5"`
	Channels     []Channel          `json:"channels"`
	Numbers      Numbers            `json:"numbers"`
	CreatedAt    time.Time          `json:"created_at"`
}

type insider struct {
	ID           social.MemberID `json:"id"`
	Name         string          `json:"name"`
	Role         social.Role     `json:"role"`
	Acknowledged bool            `json:"acknowledged"`
}

type programmePolicy struct {
	ID           social.PolicyID `json:"id"`
	Name         string          `json:"name"`
	Version      int             `json:"version"`
	Required     bool            `json:"required"`
	Acknowledged int             `json:"acknowledged"`
	Of           int             `json:"of"`
}

func (a *API) allProgrammes() {
	server.Register(a.s, get("list-programmes", "/api/programmes", social.GovernRead, "Which programmes there are"), a.listProgrammes)
	op := post("add-programme", "/api/programmes", social.GovernWrite, "Begin a programme")
	op.Status = http.StatusCreated
	server.Register(a.s, op, a.addProgramme)
	server.Register(a.s, get("get-programme", "/api/programmes/{id}", social.GovernRead, "A programme with its people, policies and channels"), a.programme)
	server.Register(a.s, patch("change-programme", "/api/programmes/{id}", social.GovernWrite, "Change a programme's charter"), a.changeProgramme)
	server.Register(a.s, post("enrol-member", "/api/programmes/{id}/members", social.GovernWrite, "Put a member into a programme"), a.enrol)
	server.Register(a.s, drop("dismiss-member", "/api/programmes/{id}/members/{member}", social.GovernWrite, "Take a member out of a programme"), a.dismiss)
}

func state(closed bool) string {
	if closed {
		return "closed"
	}
	return "active"
}

func (a *API) listProgrammes(ctx context.Context, in *server.Paging) (*server.Body[server.Page[Programme]], error) {
	programmes, next, err := a.Office.Programmes(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	channels, err := a.channels(ctx, programmes...)
	return list(programmes, next, err, func(p govern.Programme) Programme {
		return Programme{p.ID, p.Name, p.Mission, p.Sponsor, ref(string(p.Lead), p.LeadName), state(p.Closed), p.Members, p.Policies, p.Acknowledged,
			p.Maturity, len(channels[p.ID]), p.Created}
	})
}

func (a *API) channels(ctx context.Context, of ...govern.Programme) (map[social.ProgrammeID][]Channel, error) {
	if a.Neighbours.Channels == nil || len(of) == 0 {
		return nil, nil
	}
	ids := make([]social.ProgrammeID, len(of))
	for i, p := range of {
		ids[i] = p.ID
	}
	return a.Neighbours.Channels(ctx, ids)
}

// ProgrammePath is the address of a programme.
type ProgrammePath struct {
	ID social.ProgrammeID `path:"id" maxLength:"100"`
}

func (a *API) programme(ctx context.Context, in *ProgrammePath) (*server.Body[Charter], error) {
	p, err := a.Office.Programme(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return out(a.charter(ctx, p))
}

func (a *API) charter(ctx context.Context, p govern.Programme) (Charter, error) {
	c := Charter{ID: p.ID, Name: p.Name, Mission: p.Mission, Sponsor: p.Sponsor, Lead: ref(string(p.Lead), p.LeadName), State: state(p.Closed),
		Members: []insider{}, Policies: []programmePolicy{}, Channels: []Channel{}, Acknowledged: p.Acknowledged, Maturity: p.Maturity, CreatedAt: p.Created}
	insiders, err := a.Office.Insiders(ctx, p.ID)
	if err != nil {
		return c, err
	}
	for _, i := range insiders {
		c.Members = append(c.Members, insider(i))
	}
	policies, err := a.Office.PoliciesOf(ctx, p.ID)
	if err != nil {
		return c, err
	}
	for _, x := range policies {
		c.Policies = append(c.Policies, programmePolicy{x.ID, x.Name, x.Version, x.Required, x.Acknowledged, x.Of})
	}
	channels, err := a.channels(ctx, p)
	if err != nil {
		return c, err
	}
	c.Channels = append(c.Channels, channels[p.ID]...)
	if a.Neighbours.Numbers != nil {
		c.Numbers, err = a.Neighbours.Numbers(ctx, p.ID)
	}
	return c, err
}

type addProgrammeInput struct {
	Body struct {
		Name     string          `json:"name" maxLength:"200"`
		Mission  string          `json:"mission,omitempty" maxLength:"8000"`
		Sponsor  string          `json:"sponsor,omitempty" maxLength:"200"`
		Lead     social.MemberID `json:"lead,omitempty" maxLength:"100"`
		Maturity int             `json:"maturity,omitempty" minimum:"1" maximum:"5"`
	}
}

func (a *API) addProgramme(ctx context.Context, in *addProgrammeInput) (*server.Body[Charter], error) {
	b := in.Body
	p, err := a.Office.AddProgramme(ctx, govern.Programme{Name: b.Name, Mission: b.Mission, Sponsor: b.Sponsor, Lead: b.Lead, Maturity: b.Maturity})
	if err != nil {
		return nil, err
	}
	return out(a.charter(ctx, p))
}

type changeProgrammeInput struct {
	ProgrammePath
	Body struct {
		Name     *string          `json:"name,omitempty" maxLength:"200"`
		Mission  *string          `json:"mission,omitempty" maxLength:"8000"`
		Sponsor  *string          `json:"sponsor,omitempty" maxLength:"200"`
		Lead     *social.MemberID `json:"lead,omitempty" maxLength:"100" doc:"Empty for nobody."`
		State    *string          `json:"state,omitempty" enum:"active,closed"`
		Maturity *int             `json:"maturity,omitempty" minimum:"1" maximum:"5"`
	}
}

func (a *API) changeProgramme(ctx context.Context, in *changeProgrammeInput) (*server.Body[Charter], error) {
	b := in.Body
	c := govern.ProgrammeChange{Name: b.Name, Mission: b.Mission, Sponsor: b.Sponsor, Lead: b.Lead, Maturity: b.Maturity}
	if b.State != nil {
		closed := *b.State == "closed"
		c.Closed = &closed
	}
	p, err := a.Office.ChangeProgramme(ctx, in.ID, c)
	if err != nil {
		return nil, err
	}
	return out(a.charter(ctx, p))
}

type enrolInput struct {
	ProgrammePath
	Body struct {
		Member social.MemberID `json:"member" maxLength:"100"`
		Role   string          `json:"role" enum:"manager,responder,viewer"`
	}
}

func (a *API) enrol(ctx context.Context, in *enrolInput) (*server.Body[Charter], error) {
	if err := a.Office.Enrol(ctx, in.ID, in.Body.Member, social.Role(in.Body.Role)); err != nil {
		return nil, err
	}
	return a.programme(ctx, &in.ProgrammePath)
}

type dismissInput struct {
	ProgrammePath
	Member social.MemberID `path:"member" maxLength:"100"`
}

func (a *API) dismiss(ctx context.Context, in *dismissInput) (*struct{}, error) {
	return nil, a.Office.Dismiss(ctx, in.ID, in.Member)
}
