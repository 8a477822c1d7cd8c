package peopleapi

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// DealAround answers what business itself does not know.
type DealAround interface {
	Channels(ctx context.Context, ids []social.ChannelID) (map[social.ChannelID]social.ChannelRef, error)
	Members(ctx context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error)
	Programmes(ctx context.Context, ids []social.ProgrammeID) (map[social.ProgrammeID]social.ProgrammeRef, error)
	Named(ctx context.Context, ids []social.PersonID) (map[social.PersonID]people.Ref, error)
	// Credits lists what was counted of an order, by the shop's id, and taken back.
	Credits(ctx context.Context, external string) ([]Credit, error)
	// Reach changes the scope of ctx to that of another permission.
	Reach(ctx context.Context, p social.Permission) (in context.Context, ok bool)
}

type dealAPI struct {
	books  *deal.Books
	around DealAround
}

// RegisterDeals adds the operations of business.
func RegisterDeals(s *server.Server, books *deal.Books, around DealAround) {
	a := &dealAPI{books, around}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Business", Permission: p, Summary: summary}
	}
	made := func(o server.Op) server.Op { o.Status = http.StatusCreated; return o }
	empty := func(o server.Op) server.Op { o.Status = http.StatusNoContent; return o }
	const get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	const read, write, set = social.PeopleRead, social.PeopleWrite, social.GovernWrite
	const orgs, org, ops, one = "/api/organizations", "/api/organizations/{id}", "/api/opportunities", "/api/opportunities/{id}"

	server.Register(s, op("list-organizations", get, orgs, read, "Organizations by name."), a.organizations)
	server.Register(s, made(op("add-organization", post, orgs, write, "Add an organization.")), a.addOrganization)
	server.Register(s, op("get-organization", get, org, read, "One organization with its fields."), a.organization)
	server.Register(s, op("edit-organization", patch, org, write, "Write what you know of an organization. What is left out stays."), a.editOrganization)
	server.Register(s, op("list-staff", get, org+"/people", read, "Who works and worked there."), a.staff)
	server.Register(s, made(op("affiliate", post, org+"/people", write, "Say that somebody works there.")), a.affiliate)
	server.Register(s, op("edit-affiliation", patch, "/api/affiliations/{id}", write, "Change somebody's role or its days."), a.editAffiliation)
	server.Register(s, empty(op("remove-affiliation", del, "/api/affiliations/{id}", write, "Take a role away that was never true.")), a.part)
	server.Register(s, op("list-affiliations", get, "/api/people/{id}/affiliations", read, "Whom somebody works and worked for."), a.affiliations)

	a.registerOrders(s)
	server.Register(s, op("list-fields", get, "/api/fields", read, "The fields that were added to persons, organizations and opportunities."), a.fields)
	server.Register(s, made(op("add-field", post, "/api/fields", set, "Add a field.")), a.addField)
	server.Register(s, op("edit-field", patch, "/api/fields/{id}", set, "Give a field another name, choices or place, or put it away."), a.editField)
	server.Register(s, op("get-values", get, "/api/fields/{of}/{id}", read, "What the fields hold of one person, organization or opportunity, and since when."), a.values)
	server.Register(s, op("fill-fields", put, "/api/fields/{of}/{id}", write, "Write values by the key of their field; an empty one takes the value away."), a.fill)

	server.Register(s, op("list-pipelines", get, "/api/pipelines", read, "Pipelines with their stages, in order."), a.pipelines)
	server.Register(s, made(op("add-pipeline", post, "/api/pipelines", set, "Add a pipeline.")), a.addPipeline)
	server.Register(s, op("edit-pipeline", put, "/api/pipelines/{id}", set, "Write a pipeline anew: a stage without an id is new, one that is missing goes."), a.editPipeline)
	server.Register(s, op("get-forecast", get, "/api/pipelines/{id}/totals", read, "What stands in each stage, by currency and month, and how such things ended."), a.totals)

	server.Register(s, op("list-opportunities", get, ops, read, "Opportunities, what changed last first; of one stage, what came last first."), a.opportunities)
	server.Register(s, made(op("add-opportunity", post, ops, write, "Begin an opportunity; with a conversation, what is left out is taken from it.")), a.addOpportunity)
	server.Register(s, op("get-opportunity", get, one, read, "One opportunity with its conversations and history."), a.opportunity)
	server.Register(s, op("edit-opportunity", patch, one, write, "Write what you know of an opportunity. What is left out stays."), a.editOpportunity)
	server.Register(s, op("move-opportunity", post, one+"/stage", write, "Move an opportunity into another stage."), a.move)
	server.Register(s, empty(op("remove-opportunity", del, one, write, "Take an opportunity away as if it had never been.")), a.removeOpportunity)
	server.Register(s, op("hold-conversation", put, one+"/conversations/{conversation}", write, "Put a conversation to an opportunity."), a.hold)
	server.Register(s, op("release-conversation", del, one+"/conversations/{conversation}", write, "Take a conversation away from an opportunity."), a.release)
}

// OpportunityPath names an opportunity in an address.
type OpportunityPath struct {
	ID deal.OpportunityID `path:"id" maxLength:"64"`
}

// Named names something in what another answers.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Opportunity is something that a customer may order.
type Opportunity struct {
	ID            deal.OpportunityID   `json:"id"`
	Name          string               `json:"name"`
	Pipeline      deal.PipelineID      `json:"pipeline"`
	Stage         deal.StageID         `json:"stage"`
	State         deal.State           `json:"state" doc:"open, won or lost."`
	Person        *people.Ref          `json:"person,omitempty"`
	Organization  *Named               `json:"organization,omitempty"`
	Programme     *social.ProgrammeRef `json:"programme,omitempty"`
	Owner         *social.MemberRef    `json:"owner,omitempty"`
	Amount        int64                `json:"amount" doc:"In minor units, such as cents."`
	Currency      string               `json:"currency,omitempty" doc:"ISO 4217; empty where no amount is known."`
	CloseOn       string               `json:"close_on,omitempty" doc:"A day."`
	NextStep      string               `json:"next_step,omitempty"`
	NextOn        string               `json:"next_on,omitempty" doc:"A day."`
	Reason        string               `json:"reason,omitempty" doc:"Why it was won or lost."`
	Conversations int                  `json:"conversations"`
	CreatedAt     time.Time            `json:"created_at"`
	UpdatedAt     time.Time            `json:"updated_at"`
	MovedAt       time.Time            `json:"moved_at" doc:"Into its stage."`
}

// OpportunityFull is an opportunity on its own page.
type OpportunityFull struct {
	Opportunity
	Talks  []DealTalk `json:"talks"`
	Steps  []DealStep `json:"steps" doc:"Its history, newest first."`
	Values []Value    `json:"values"`
}

// DealTalk is a conversation that belongs to an opportunity.
type DealTalk struct {
	ID      social.ConversationID `json:"id"`
	Subject string                `json:"subject"`
	State   string                `json:"state"`
	Channel *social.ChannelRef    `json:"channel,omitempty"`
	At      time.Time             `json:"at"`
}

// DealStep is one line of an opportunity's history.
type DealStep struct {
	At       time.Time         `json:"at"`
	By       *social.MemberRef `json:"by,omitempty"`
	From     deal.StageID      `json:"from,omitempty"`
	To       deal.StageID      `json:"to"`
	Amount   int64             `json:"amount"`
	Currency string            `json:"currency,omitempty"`
	Reason   string            `json:"reason,omitempty"`
}

func (a *dealAPI) rows(ctx context.Context, all []deal.Opportunity) ([]Opportunity, error) {
	var members []social.MemberID
	var programmes []social.ProgrammeID
	var orgs []deal.OrganizationID
	var persons []social.PersonID
	for _, o := range all {
		members, programmes = append(members, o.Owner), append(programmes, o.Programme)
		orgs, persons = append(orgs, o.Organization), append(persons, o.Person)
	}
	m, err := a.around.Members(ctx, members)
	if err != nil {
		return nil, err
	}
	p, err := a.around.Programmes(ctx, programmes)
	if err != nil {
		return nil, err
	}
	n, err := a.around.Named(ctx, persons)
	if err != nil {
		return nil, err
	}
	g, err := a.books.Store.OrganizationNames(ctx, orgs)
	if err != nil {
		return nil, err
	}
	out := make([]Opportunity, len(all))
	for i, o := range all {
		out[i] = Opportunity{ID: o.ID, Name: o.Name, Pipeline: o.Pipeline, Stage: o.Stage, State: o.State, Amount: o.Amount, Currency: o.Currency, CloseOn: o.CloseOn,
			NextStep: o.NextStep, NextOn: o.NextOn, Reason: o.Reason, Conversations: o.Talks, CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt, MovedAt: o.MovedAt,
			Person: ref(n, o.Person), Programme: ref(p, o.Programme), Owner: ref(m, o.Owner)}
		if name, ok := g[o.Organization]; ok {
			out[i].Organization = &Named{string(o.Organization), name}
		}
	}
	return out, nil
}

func ref[K comparable, V any](of map[K]V, key K) *V {
	if v, ok := of[key]; ok {
		return &v
	}
	return nil
}

func (a *dealAPI) opportunities(ctx context.Context, in *struct {
	server.Paging
	Q            string                `query:"q" maxLength:"200" doc:"Beginnings of words of the name."`
	Pipeline     deal.PipelineID       `query:"pipeline" maxLength:"64"`
	Stage        deal.StageID          `query:"stage" maxLength:"64"`
	State        deal.State            `query:"state" enum:"open,won,lost"`
	Owner        social.MemberID       `query:"owner" maxLength:"64"`
	Person       social.PersonID       `query:"person" maxLength:"64"`
	Organization deal.OrganizationID   `query:"organization" maxLength:"64"`
	Conversation social.ConversationID `query:"conversation" maxLength:"64"`
}) (*server.Body[server.Page[Opportunity]], error) {
	q := deal.OpportunityQuery{Pipeline: in.Pipeline, Stage: in.Stage, State: in.State, Owner: in.Owner, Organization: in.Organization,
		Conversation: in.Conversation, Words: in.Q, Cursor: in.Cursor, Limit: in.Limit}
	var found []deal.Opportunity
	var next string
	var err error
	if in.Person != "" {
		found, next, err = a.books.OpportunitiesOf(ctx, in.Person, q)
	} else {
		found, next, err = a.books.Store.Opportunities(ctx, q)
	}
	if err != nil {
		return nil, err
	}
	rows, err := a.rows(ctx, found)
	return &server.Body[server.Page[Opportunity]]{Body: server.NewPage(rows, next)}, err
}

func (a *dealAPI) full(ctx context.Context, o deal.Opportunity, err error) (*server.Body[OpportunityFull], error) {
	if err != nil {
		return nil, err
	}
	rows, err := a.rows(ctx, []deal.Opportunity{o})
	if err != nil {
		return nil, err
	}
	out := OpportunityFull{Opportunity: rows[0], Talks: []DealTalk{}, Steps: []DealStep{}}
	if out.Talks, err = a.talks(ctx, o.ID); err != nil {
		return nil, err
	}
	steps, err := a.books.Store.Steps(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	var by []social.MemberID
	for _, s := range steps {
		by = append(by, s.By)
	}
	m, err := a.around.Members(ctx, by)
	if err != nil {
		return nil, err
	}
	for _, s := range steps {
		out.Steps = append(out.Steps, DealStep{At: s.At, By: ref(m, s.By), From: s.From, To: s.To, Amount: s.Amount, Currency: s.Currency, Reason: s.Reason})
	}
	out.Values, err = a.shown(ctx, deal.OfOpportunity, string(o.ID))
	return &server.Body[OpportunityFull]{Body: out}, err
}

// talks tells of an opportunity's conversations to whoever may read them.
func (a *dealAPI) talks(ctx context.Context, id deal.OpportunityID) ([]DealTalk, error) {
	out := []DealTalk{}
	in, ok := a.around.Reach(ctx, social.InboxRead)
	if !ok {
		return out, nil
	}
	ids, err := a.books.Store.TalksOf(ctx, id)
	if err != nil || len(ids) == 0 {
		return out, err
	}
	found, err := a.books.Talks.Talks(in, ids)
	if err != nil {
		return nil, err
	}
	var channels []social.ChannelID
	for _, t := range found {
		channels = append(channels, t.Channel)
	}
	refs, err := a.around.Channels(ctx, channels)
	for _, t := range found {
		out = append(out, DealTalk{ID: t.ID, Subject: t.Subject, State: t.State, At: t.At, Channel: ref(refs, t.Channel)})
	}
	slices.SortFunc(out, func(x, y DealTalk) int { return y.At.Compare(x.At) })
	return out, err
}

func (a *dealAPI) opportunity(ctx context.Context, in *OpportunityPath) (*server.Body[OpportunityFull], error) {
	o, err := a.books.Store.Opportunity(ctx, in.ID)
	return a.full(ctx, o, err)
}

func (a *dealAPI) addOpportunity(ctx context.Context, in *struct {
	Body struct {
		Name         string                `json:"name,omitempty" maxLength:"400"`
		Pipeline     deal.PipelineID       `json:"pipeline,omitempty" maxLength:"64"`
		Stage        deal.StageID          `json:"stage,omitempty" maxLength:"64"`
		Person       social.PersonID       `json:"person,omitempty" maxLength:"64"`
		Organization deal.OrganizationID   `json:"organization,omitempty" maxLength:"64"`
		Programme    social.ProgrammeID    `json:"programme,omitempty" maxLength:"64"`
		Owner        social.MemberID       `json:"owner,omitempty" maxLength:"64" doc:"Yourself where nobody is named."`
		Amount       int64                 `json:"amount,omitempty" doc:"In minor units."`
		Currency     string                `json:"currency,omitempty" maxLength:"3"`
		CloseOn      string                `json:"close_on,omitempty" maxLength:"10"`
		NextStep     string                `json:"next_step,omitempty" maxLength:"600"`
		NextOn       string                `json:"next_on,omitempty" maxLength:"10"`
		Reason       string                `json:"reason,omitempty" maxLength:"400"`
		Conversation social.ConversationID `json:"conversation,omitempty" maxLength:"64" doc:"Where it came up."`
	}
}) (*server.Body[OpportunityFull], error) {
	x := in.Body
	if x.Owner == "" {
		actor, _ := social.ActorOf(ctx)
		x.Owner = actor.Member
	}
	if err := a.known(ctx, x.Owner); err != nil {
		return nil, err
	}
	o, err := a.books.AddOpportunity(ctx, deal.Opportunity{Name: x.Name, Pipeline: x.Pipeline, Stage: x.Stage, Person: x.Person, Organization: x.Organization,
		Programme: x.Programme, Owner: x.Owner, Amount: x.Amount, Currency: x.Currency, CloseOn: x.CloseOn, NextStep: x.NextStep, NextOn: x.NextOn, Reason: x.Reason}, x.Conversation)
	return a.full(ctx, o, err)
}

// known says whether somebody works here.
func (a *dealAPI) known(ctx context.Context, m social.MemberID) error {
	if m == "" {
		return nil
	}
	found, err := a.around.Members(ctx, []social.MemberID{m})
	if _, ok := found[m]; err == nil && !ok {
		err = &social.Error{Kind: social.Invalid, Field: "owner", Text: "There is no such member."}
	}
	return err
}

func (a *dealAPI) editOpportunity(ctx context.Context, in *struct {
	OpportunityPath
	Body struct {
		Name         *string              `json:"name,omitempty" maxLength:"400"`
		Person       *social.PersonID     `json:"person,omitempty" maxLength:"64"`
		Organization *deal.OrganizationID `json:"organization,omitempty" maxLength:"64"`
		Programme    *social.ProgrammeID  `json:"programme,omitempty" maxLength:"64"`
		Owner        *social.MemberID     `json:"owner,omitempty" maxLength:"64"`
		Amount       *int64               `json:"amount,omitempty"`
		Currency     *string              `json:"currency,omitempty" maxLength:"3"`
		CloseOn      *string              `json:"close_on,omitempty" maxLength:"10"`
		NextStep     *string              `json:"next_step,omitempty" maxLength:"600"`
		NextOn       *string              `json:"next_on,omitempty" maxLength:"10"`
	}
}) (*server.Body[OpportunityFull], error) {
	x := in.Body
	if x.Owner != nil {
		if err := a.known(ctx, *x.Owner); err != nil {
			return nil, err
		}
	}
	o, err := a.books.EditOpportunity(ctx, in.ID, deal.OpportunityChange{Name: x.Name, Person: x.Person, Organization: x.Organization, Programme: x.Programme,
		Owner: x.Owner, Amount: x.Amount, Currency: x.Currency, CloseOn: x.CloseOn, NextStep: x.NextStep, NextOn: x.NextOn})
	return a.full(ctx, o, err)
}

func (a *dealAPI) move(ctx context.Context, in *struct {
	OpportunityPath
	Body struct {
		To     deal.StageID `json:"to" maxLength:"64"`
		From   deal.StageID `json:"from,omitempty" maxLength:"64" doc:"Where you saw it; if it stands elsewhere, nothing happens."`
		Reason string       `json:"reason,omitempty" maxLength:"400" doc:"Needed for what is lost."`
	}
}) (*server.Body[OpportunityFull], error) {
	o, err := a.books.Move(ctx, in.ID, deal.Moving{To: in.Body.To, From: in.Body.From, Reason: in.Body.Reason})
	return a.full(ctx, o, err)
}

func (a *dealAPI) removeOpportunity(ctx context.Context, in *OpportunityPath) (*struct{}, error) {
	return nil, a.books.RemoveOpportunity(ctx, in.ID)
}

type holdIn struct {
	OpportunityPath
	Conversation social.ConversationID `path:"conversation" maxLength:"64"`
}

func (a *dealAPI) hold(ctx context.Context, in *holdIn) (*server.Body[OpportunityFull], error) {
	return a.holding(ctx, in, true)
}

func (a *dealAPI) release(ctx context.Context, in *holdIn) (*server.Body[OpportunityFull], error) {
	return a.holding(ctx, in, false)
}

func (a *dealAPI) holding(ctx context.Context, in *holdIn, on bool) (*server.Body[OpportunityFull], error) {
	if err := a.books.Hold(ctx, in.ID, in.Conversation, on); err != nil {
		return nil, err
	}
	return a.opportunity(ctx, &in.OpportunityPath)
}
