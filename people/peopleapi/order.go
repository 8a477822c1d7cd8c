package peopleapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// registerOrders adds the operations on orders.
func (a *dealAPI) registerOrders(s *server.Server) {
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Business", Permission: p, Summary: summary}
	}
	server.Register(s, op("report-order", http.MethodPost, "/api/orders", social.OutcomeWrite, "Report an order, or what became of it. The same external id is one order."), a.report)
	server.Register(s, op("list-orders", http.MethodGet, "/api/orders", social.PeopleRead, "Orders, the newest first."), a.orders)
	server.Register(s, op("get-order", http.MethodGet, "/api/orders/{id}", social.PeopleRead, "One order."), a.order)
	server.Register(s, op("get-spending", http.MethodGet, "/api/people/{id}/spending", social.PeopleRead, "What somebody paid, by currency."), a.spending)
}

// Order is what somebody bought.
type Order struct {
	ID           deal.OrderID          `json:"id"`
	External     string                `json:"external_id"`
	Number       string                `json:"number"`
	Status       string                `json:"status" doc:"placed, paid, sent, done, cancelled or refunded."`
	Person       *people.Ref           `json:"person,omitempty"`
	Organization *Named                `json:"organization,omitempty"`
	Opportunity  deal.OpportunityID    `json:"opportunity,omitempty"`
	Conversation social.ConversationID `json:"conversation,omitempty"`
	Amount       int64                 `json:"amount" doc:"In minor units, such as cents."`
	Currency     string                `json:"currency"`
	URL          string                `json:"url,omitempty"`
	At           time.Time             `json:"at"`
	Lines        []OrderLine           `json:"lines"`
}

// OrderLine is one line of an order.
type OrderLine struct {
	SKU      string  `json:"sku,omitempty" maxLength:"200"`
	Name     string  `json:"name" maxLength:"600"`
	Quantity float64 `json:"quantity"`
	Amount   int64   `json:"amount" doc:"Of the whole line, in minor units."`
}

// OrderKept answers a report.
type OrderKept struct {
	Order
	New bool `json:"new" doc:"It was not known before."`
}

func (a *dealAPI) orderRows(ctx context.Context, all []deal.Order) ([]Order, error) {
	var persons []social.PersonID
	var orgs []deal.OrganizationID
	for _, o := range all {
		persons, orgs = append(persons, o.Person), append(orgs, o.Organization)
	}
	n, err := a.around.Named(ctx, persons)
	if err != nil {
		return nil, err
	}
	g, err := a.books.Store.OrganizationNames(ctx, orgs)
	out := make([]Order, len(all))
	for i, o := range all {
		out[i] = Order{ID: o.ID, External: o.External, Number: o.Number, Status: o.Status, Person: ref(n, o.Person), Opportunity: o.Opportunity, Conversation: o.Conversation,
			Amount: o.Amount, Currency: o.Currency, URL: o.URL, At: o.At, Lines: make([]OrderLine, len(o.Lines))}
		if name, ok := g[o.Organization]; ok {
			out[i].Organization = &Named{string(o.Organization), name}
		}
		for j, l := range o.Lines {
			out[i].Lines[j] = OrderLine(l)
		}
	}
	return out, err
}

func (a *dealAPI) report(ctx context.Context, in *struct {
	Body struct {
		External     string                `json:"external_id" maxLength:"400" doc:"Your own id of the order."`
		Number       string                `json:"number,omitempty" maxLength:"200" doc:"As the customer reads it."`
		Status       string                `json:"status,omitempty" enum:"placed,paid,sent,done,cancelled,refunded" doc:"placed where it is left out."`
		Amount       int64                 `json:"amount" doc:"In minor units."`
		Currency     string                `json:"currency,omitempty" maxLength:"3"`
		At           *time.Time            `json:"at,omitempty" doc:"When it was placed; now if left out."`
		URL          string                `json:"url,omitempty" maxLength:"2000"`
		Lines        []OrderLine           `json:"lines,omitempty" maxItems:"500"`
		Person       social.PersonID       `json:"person,omitempty" maxLength:"64"`
		Email        string                `json:"email,omitempty" maxLength:"300"`
		Phone        string                `json:"phone,omitempty" maxLength:"40"`
		System       string                `json:"system,omitempty" maxLength:"40" doc:"Whose id customer_id is, such as shop."`
		Customer     string                `json:"customer_id,omitempty" maxLength:"200"`
		Name         string                `json:"name,omitempty" maxLength:"400" doc:"Of the customer, should they not be known yet."`
		Organization deal.OrganizationID   `json:"organization,omitempty" maxLength:"64"`
		Opportunity  deal.OpportunityID    `json:"opportunity,omitempty" maxLength:"64"`
		Conversation social.ConversationID `json:"conversation,omitempty" maxLength:"64" doc:"To which it is credited; that of the opportunity where it is left out."`
		Programme    social.ProgrammeID    `json:"programme,omitempty" maxLength:"64"`
	}
}) (*server.Body[OrderKept], error) {
	x := in.Body
	o := deal.Order{External: x.External, Number: x.Number, Status: x.Status, Amount: x.Amount, Currency: x.Currency, URL: x.URL, Organization: x.Organization,
		Opportunity: x.Opportunity, Conversation: x.Conversation, Programme: x.Programme}
	if x.At != nil {
		o.At = *x.At
	}
	for _, l := range x.Lines {
		o.Lines = append(o.Lines, deal.OrderLine(l))
	}
	kept, fresh, err := a.books.Upsert(ctx, o, deal.Buyer{Person: x.Person, Email: x.Email, Phone: x.Phone, System: x.System, External: x.Customer, Name: x.Name})
	if err != nil {
		return nil, err
	}
	rows, err := a.orderRows(ctx, []deal.Order{kept})
	if err != nil {
		return nil, err
	}
	return &server.Body[OrderKept]{Body: OrderKept{rows[0], fresh}}, nil
}

func (a *dealAPI) orders(ctx context.Context, in *struct {
	server.Paging
	Person       social.PersonID     `query:"person" maxLength:"64"`
	Opportunity  deal.OpportunityID  `query:"opportunity" maxLength:"64"`
	Organization deal.OrganizationID `query:"organization" maxLength:"64"`
}) (*server.Body[server.Page[Order]], error) {
	var found []deal.Order
	var next string
	var err error
	if in.Person != "" {
		found, next, err = a.books.OrdersOf(ctx, in.Person, in.Cursor, in.Limit)
	} else {
		found, next, err = a.books.Store.Orders(ctx, deal.OrderQuery{Opportunity: in.Opportunity, Organization: in.Organization, Cursor: in.Cursor, Limit: in.Limit})
	}
	if err != nil {
		return nil, err
	}
	rows, err := a.orderRows(ctx, found)
	return &server.Body[server.Page[Order]]{Body: server.NewPage(rows, next)}, err
}

func (a *dealAPI) order(ctx context.Context, in *struct {
	ID deal.OrderID `path:"id" maxLength:"64"`
}) (*server.Body[Order], error) {
	o, err := a.books.Store.Order(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	rows, err := a.orderRows(ctx, []deal.Order{o})
	if err != nil {
		return nil, err
	}
	return &server.Body[Order]{Body: rows[0]}, nil
}

// Spending is what somebody paid.
type Spending struct {
	Items []SpentIn `json:"items"`
}

// SpentIn is what somebody paid in one currency.
type SpentIn struct {
	Currency string `json:"currency"`
	N        int    `json:"n" doc:"Orders that were paid."`
	Amount   int64  `json:"amount"`
}

func (a *dealAPI) spending(ctx context.Context, in *idIn) (*server.Body[Spending], error) {
	found, err := a.books.SpentBy(ctx, in.ID)
	out := Spending{Items: []SpentIn{}}
	for _, s := range found {
		out.Items = append(out.Items, SpentIn(s))
	}
	return &server.Body[Spending]{Body: out}, err
}
