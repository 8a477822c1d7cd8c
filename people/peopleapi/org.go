package peopleapi

import (
	"context"
	"time"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Organization is whom people work for.
type Organization struct {
	ID        deal.OrganizationID  `json:"id"`
	Name      string               `json:"name"`
	Domain    string               `json:"domain,omitempty"`
	Industry  string               `json:"industry,omitempty"`
	Parent    *Named               `json:"parent,omitempty"`
	Programme *social.ProgrammeRef `json:"programme,omitempty"`
	Owner     *social.MemberRef    `json:"owner,omitempty" doc:"Who looks after it."`
	System    string               `json:"system,omitempty" doc:"Another system that knows it, such as crm."`
	External  string               `json:"external_id,omitempty" doc:"By which id it does."`
	People    int                  `json:"people" doc:"Who work there now."`
	Open      int                  `json:"open" doc:"Open opportunities."`
	CreatedAt time.Time            `json:"created_at"`
	UpdatedAt time.Time            `json:"updated_at"`
}

// OrganizationFull is an organization on its own page.
type OrganizationFull struct {
	Organization
	Below  []Named `json:"below" doc:"Those that stand below it, at most fifty."`
	Values []Value `json:"values"`
}

// OrganizationPath names an organization in an address.
type OrganizationPath struct {
	ID deal.OrganizationID `path:"id" maxLength:"64"`
}

func (a *dealAPI) orgRows(ctx context.Context, all []deal.Organization) ([]Organization, error) {
	var parents []deal.OrganizationID
	var programmes []social.ProgrammeID
	var owners []social.MemberID
	for _, o := range all {
		parents, programmes = append(parents, o.Parent), append(programmes, o.Programme)
		if o.Owner != "" {
			owners = append(owners, o.Owner)
		}
	}
	who, err := a.around.Members(ctx, owners)
	if err != nil {
		return nil, err
	}
	names, err := a.books.Store.OrganizationNames(ctx, parents)
	if err != nil {
		return nil, err
	}
	p, err := a.around.Programmes(ctx, programmes)
	out := make([]Organization, len(all))
	for i, o := range all {
		out[i] = Organization{ID: o.ID, Name: o.Name, Domain: o.Domain, Industry: o.Industry, Programme: ref(p, o.Programme), Owner: ref(who, o.Owner), People: o.People, Open: o.Open, System: o.Source, External: o.External,
			CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt}
		if name, ok := names[o.Parent]; ok {
			out[i].Parent = &Named{string(o.Parent), name}
		}
	}
	return out, err
}

func (a *dealAPI) organizations(ctx context.Context, in *struct {
	server.Paging
	Q string `query:"q" maxLength:"200" doc:"Beginnings of words of the name or domain."`
}) (*server.Body[server.Page[Organization]], error) {
	found, next, err := a.books.Store.Organizations(ctx, deal.OrganizationQuery{Words: in.Q, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	rows, err := a.orgRows(ctx, found)
	return &server.Body[server.Page[Organization]]{Body: server.NewPage(rows, next)}, err
}

func (a *dealAPI) orgFull(ctx context.Context, o deal.Organization, err error) (*server.Body[OrganizationFull], error) {
	if err != nil {
		return nil, err
	}
	rows, err := a.orgRows(ctx, []deal.Organization{o})
	if err != nil {
		return nil, err
	}
	out := OrganizationFull{Organization: rows[0], Below: []Named{}}
	below, _, err := a.books.Store.Organizations(ctx, deal.OrganizationQuery{Parent: o.ID, Limit: 50})
	if err != nil {
		return nil, err
	}
	for _, b := range below {
		out.Below = append(out.Below, Named{string(b.ID), b.Name})
	}
	out.Values, err = a.shown(ctx, deal.OfOrganization, string(o.ID))
	return &server.Body[OrganizationFull]{Body: out}, err
}

func (a *dealAPI) organization(ctx context.Context, in *OrganizationPath) (*server.Body[OrganizationFull], error) {
	o, err := a.books.Store.Organization(ctx, in.ID)
	return a.orgFull(ctx, o, err)
}

func (a *dealAPI) addOrganization(ctx context.Context, in *struct {
	Body struct {
		Name      string              `json:"name" maxLength:"400"`
		Domain    string              `json:"domain,omitempty" maxLength:"400"`
		Industry  string              `json:"industry,omitempty" maxLength:"200"`
		Parent    deal.OrganizationID `json:"parent,omitempty" maxLength:"64"`
		Programme social.ProgrammeID  `json:"programme,omitempty" maxLength:"64"`
		Owner     social.MemberID     `json:"owner,omitempty" maxLength:"64" doc:"Who looks after it."`
	}
}) (*server.Body[OrganizationFull], error) {
	x := in.Body
	if err := a.known(ctx, x.Owner); err != nil {
		return nil, err
	}
	o, err := a.books.AddOrganization(ctx, deal.Organization{Name: x.Name, Domain: x.Domain, Industry: x.Industry, Parent: x.Parent, Programme: x.Programme, Owner: x.Owner})
	return a.orgFull(ctx, o, err)
}

func (a *dealAPI) editOrganization(ctx context.Context, in *struct {
	OrganizationPath
	Body struct {
		Name      *string              `json:"name,omitempty" maxLength:"400"`
		Domain    *string              `json:"domain,omitempty" maxLength:"400"`
		Industry  *string              `json:"industry,omitempty" maxLength:"200"`
		Parent    *deal.OrganizationID `json:"parent,omitempty" maxLength:"64"`
		Programme *social.ProgrammeID  `json:"programme,omitempty" maxLength:"64"`
		Owner     *social.MemberID     `json:"owner,omitempty" maxLength:"64" doc:"Who looks after it; empty for nobody."`
	}
}) (*server.Body[OrganizationFull], error) {
	x := in.Body
	if x.Owner != nil {
		if err := a.known(ctx, *x.Owner); err != nil {
			return nil, err
		}
	}
	o, err := a.books.EditOrganization(ctx, in.ID, deal.OrganizationChange{Name: x.Name, Domain: x.Domain, Industry: x.Industry, Parent: x.Parent, Programme: x.Programme, Owner: x.Owner})
	return a.orgFull(ctx, o, err)
}

// Affiliation says that somebody works or worked for an organization.
type Affiliation struct {
	ID           string     `json:"id"`
	Person       people.Ref `json:"person"`
	Organization Named      `json:"organization"`
	Title        string     `json:"title,omitempty" doc:"Their role there."`
	Since        string     `json:"since,omitempty" doc:"A day."`
	Until        string     `json:"until,omitempty" doc:"A day; empty while it lasts."`
}

func (a *dealAPI) roles(ctx context.Context, all []deal.Affiliation) ([]Affiliation, error) {
	var ids []social.PersonID
	for _, x := range all {
		ids = append(ids, x.Person)
	}
	names, err := a.around.Named(ctx, ids)
	out := []Affiliation{}
	for _, x := range all {
		if n, ok := names[x.Person]; ok {
			out = append(out, Affiliation{ID: x.ID, Person: n, Organization: Named{string(x.Organization), x.Name}, Title: x.Title, Since: x.Since, Until: x.Until})
		}
	}
	return out, err
}

func (a *dealAPI) staff(ctx context.Context, in *struct {
	OrganizationPath
	server.Paging
}) (*server.Body[server.Page[Affiliation]], error) {
	if _, err := a.books.Store.Organization(ctx, in.ID); err != nil {
		return nil, err
	}
	found, next, err := a.books.Store.Staff(ctx, in.ID, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	rows, err := a.roles(ctx, found)
	return &server.Body[server.Page[Affiliation]]{Body: server.NewPage(rows, next)}, err
}

func (a *dealAPI) role(ctx context.Context, x deal.Affiliation, err error) (*server.Body[Affiliation], error) {
	if err != nil {
		return nil, err
	}
	rows, err := a.roles(ctx, []deal.Affiliation{x})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &server.Body[Affiliation]{Body: rows[0]}, nil
}

func (a *dealAPI) affiliate(ctx context.Context, in *struct {
	OrganizationPath
	Body struct {
		Person social.PersonID `json:"person" maxLength:"64"`
		Title  string          `json:"title,omitempty" maxLength:"240"`
		Since  string          `json:"since,omitempty" maxLength:"10"`
		Until  string          `json:"until,omitempty" maxLength:"10"`
	}
}) (*server.Body[Affiliation], error) {
	x, err := a.books.Affiliate(ctx, deal.Affiliation{Person: in.Body.Person, Organization: in.ID, Title: in.Body.Title, Since: in.Body.Since, Until: in.Body.Until})
	return a.role(ctx, x, err)
}

func (a *dealAPI) editAffiliation(ctx context.Context, in *struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Title *string `json:"title,omitempty" maxLength:"240"`
		Since *string `json:"since,omitempty" maxLength:"10"`
		Until *string `json:"until,omitempty" maxLength:"10"`
	}
}) (*server.Body[Affiliation], error) {
	x, err := a.books.EditAffiliation(ctx, in.ID, in.Body.Title, in.Body.Since, in.Body.Until)
	return a.role(ctx, x, err)
}

func (a *dealAPI) part(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
}) (*struct{}, error) {
	return nil, a.books.Part(ctx, in.ID)
}

// Affiliations lists all of a person.
type Affiliations struct {
	Items []Affiliation `json:"items"`
}

func (a *dealAPI) affiliations(ctx context.Context, in *idIn) (*server.Body[Affiliations], error) {
	found, err := a.books.AffiliationsOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	rows, err := a.roles(ctx, found)
	return &server.Body[Affiliations]{Body: Affiliations{rows}}, err
}
