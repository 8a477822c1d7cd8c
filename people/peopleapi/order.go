package peopleapi

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/parley-crm/parley/kit/extract"
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
	server.Register(s, op("sum-orders", http.MethodGet, "/api/order-sums", social.PeopleRead, "What orders come to, by state and currency, and which systems told of them. Out of sums by day: for state, source, currency and time alone."), a.orderSums)
	server.Register(s, op("orders-csv", http.MethodGet, "/api/orders.csv", social.PeopleRead, "Orders as CSV, at most 50,000."), a.ordersCSV)
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
	Source       string                `json:"source,omitempty" doc:"The system that told of it."`
	At           time.Time             `json:"at"`
	Lines        []OrderLine           `json:"lines"`
}

// OrderFull is an order on its own page.
type OrderFull struct {
	Order
	Talk    *TalkRef  `json:"talk,omitempty" doc:"The conversation that it is credited to, where you may read it."`
	Credits []Credit  `json:"credits" doc:"What was counted of it, and taken back."`
	Updated time.Time `json:"updated_at"`
}

// TalkRef names a conversation.
type TalkRef struct {
	ID      social.ConversationID `json:"id"`
	Subject string                `json:"subject"`
}

// Credit is an outcome of an order, or one that takes it back.
type Credit struct {
	Kind     string    `json:"kind"`
	Amount   int64     `json:"amount" doc:"In minor units; below nothing where it takes one back."`
	Currency string    `json:"currency"`
	At       time.Time `json:"at" doc:"When it was counted."`
	Back     bool      `json:"back" doc:"It takes one back."`
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
			Amount: o.Amount, Currency: o.Currency, URL: o.URL, Source: o.Source, At: o.At, Lines: make([]OrderLine, len(o.Lines))}
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
		Status       string                `json:"status,omitempty" enum:"placed,paid,sent,done,cancelled,refunded" doc:"placed where it is left out of a new one; one that is known keeps its own."`
		Amount       int64                 `json:"amount" doc:"In minor units."`
		Currency     string                `json:"currency,omitempty" maxLength:"3"`
		At           *time.Time            `json:"at,omitempty" doc:"When it was placed; now if left out of a new one."`
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
		Opportunity: x.Opportunity, Conversation: x.Conversation, Programme: x.Programme, Source: x.System}
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

// OrderNarrow narrows orders.
type OrderNarrow struct {
	Q        string    `query:"q" maxLength:"200" doc:"Beginnings of words of the number, the shop's id or what was ordered."`
	Status   string    `query:"status" enum:"placed,paid,sent,done,cancelled,refunded,"`
	Source   string    `query:"source" maxLength:"40"`
	Currency string    `query:"currency" maxLength:"3"`
	Since    time.Time `query:"since" doc:"Placed from then on."`
	Until    time.Time `query:"until" doc:"Placed before."`
	Least    int64     `query:"least" doc:"At least so much, in minor units."`
	Most     int64     `query:"most" doc:"At most so much, in minor units."`
	Nobody   bool      `query:"nobody" doc:"Only those of nobody whom you know."`

	Programme social.ProgrammeID `query:"programme" maxLength:"64"`
}

func (f OrderNarrow) filter() deal.OrderFilter {
	return deal.OrderFilter{Words: f.Q, Status: f.Status, Source: f.Source, Currency: f.Currency, Since: f.Since, Until: f.Until, Least: f.Least, Most: f.Most, Nobody: f.Nobody, Programme: f.Programme}
}

// OrdersIn asks for orders.
type OrdersIn struct {
	Person       social.PersonID     `query:"person" maxLength:"64"`
	Opportunity  deal.OpportunityID  `query:"opportunity" maxLength:"64"`
	Organization deal.OrganizationID `query:"organization" maxLength:"64"`
	OrderNarrow
}

func (a *dealAPI) found(ctx context.Context, in OrdersIn, cursor string, limit int) ([]deal.Order, string, error) {
	q := deal.OrderQuery{Opportunity: in.Opportunity, Organization: in.Organization, OrderFilter: in.filter(), Cursor: cursor, Limit: limit}
	if in.Person != "" {
		return a.books.OrdersOf(ctx, in.Person, q)
	}
	return a.books.Store.Orders(ctx, q)
}

func (a *dealAPI) orders(ctx context.Context, in *struct {
	server.Paging
	OrdersIn
}) (*server.Body[server.Page[Order]], error) {
	found, next, err := a.found(ctx, in.OrdersIn, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	rows, err := a.orderRows(ctx, found)
	return &server.Body[server.Page[Order]]{Body: server.NewPage(rows, next)}, err
}

// OrderSums is what orders come to.
type OrderSums struct {
	Items   []OrderSum `json:"items"`
	Known   bool       `json:"known" doc:"Whether sums are kept of what was asked."`
	Sources []string   `json:"sources" doc:"The systems that told of orders."`
}

// OrderSum is what orders of one state come to in one currency.
type OrderSum struct {
	Status   string `json:"status"`
	Currency string `json:"currency"`
	N        int64  `json:"n"`
	Amount   int64  `json:"amount" doc:"In minor units."`
}

func (a *dealAPI) orderSums(ctx context.Context, in *struct{ OrderNarrow }) (*server.Body[OrderSums], error) {
	sums, known, err := a.books.Sums(ctx, in.filter())
	if err != nil {
		return nil, err
	}
	sources, err := a.books.Store.Sources(ctx)
	if err != nil {
		return nil, err
	}
	out := OrderSums{Items: make([]OrderSum, len(sums)), Known: known, Sources: append([]string{}, sources...)}
	for i, s := range sums {
		out.Items[i] = OrderSum(s)
	}
	return &server.Body[OrderSums]{Body: out}, nil
}

// ordersMost is how many orders one file has.
const ordersMost = 50_000

// ordersCSV writes orders, page by page.
func (a *dealAPI) ordersCSV(ctx context.Context, in *struct{ OrdersIn }) (*huma.StreamResponse, error) {
	first, next, err := a.found(ctx, in.OrdersIn, "", 100)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		c.SetHeader("Content-Type", "text/csv; charset=utf-8")
		c.SetHeader("Content-Disposition", `attachment; filename="orders.csv"`)
		w := csv.NewWriter(c.BodyWriter())
		_ = w.Write([]string{"number", "external_id", "state", "person", "amount", "currency", "source", "placed_at", "lines"})
		for page, n := first, 0; n < ordersMost; {
			rows, err := a.orderRows(ctx, page)
			if err != nil {
				break
			}
			for _, o := range rows {
				who := ""
				if o.Person != nil {
					who = o.Person.Name
				}
				var lines []string
				for _, l := range o.Lines {
					lines = append(lines, fmt.Sprintf("%g × %s", l.Quantity, l.Name))
				}
				_ = w.Write([]string{extract.Tame(o.Number), extract.Tame(o.External), o.Status, extract.Tame(who), strconv.FormatInt(o.Amount, 10), o.Currency, extract.Tame(o.Source),
					o.At.Format(time.RFC3339), extract.Tame(strings.Join(lines, "; "))})
			}
			n += len(page)
			if next == "" {
				break
			}
			if page, next, err = a.found(ctx, in.OrdersIn, next, 100); err != nil {
				break
			}
		}
		w.Flush()
	}}, nil
}

func (a *dealAPI) order(ctx context.Context, in *struct {
	ID deal.OrderID `path:"id" maxLength:"64"`
}) (*server.Body[OrderFull], error) {
	o, err := a.books.Store.Order(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	rows, err := a.orderRows(ctx, []deal.Order{o})
	if err != nil {
		return nil, err
	}
	out := OrderFull{Order: rows[0], Credits: []Credit{}, Updated: o.UpdatedAt}
	if reading, ok := a.around.Reach(ctx, social.InboxRead); ok && o.Conversation != "" {
		talks, err := a.books.Talks.Talks(reading, []social.ConversationID{o.Conversation})
		if err != nil {
			return nil, err
		}
		for _, t := range talks {
			out.Talk = &TalkRef{ID: t.ID, Subject: t.Subject}
		}
	}
	credits, err := a.around.Credits(ctx, o.External)
	out.Credits = append(out.Credits, credits...)
	return &server.Body[OrderFull]{Body: out}, err
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
