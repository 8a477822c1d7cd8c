package deal

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
)

// OrderID names an order.
type OrderID string

// Order is what somebody bought, as a shop tells it.
type Order struct {
	ID           OrderID
	External     string // the shop's own id: the same twice is one order
	Number       string // as the customer reads it
	Status       string // placed, paid, sent, done, cancelled, refunded
	Person       social.PersonID
	Organization OrganizationID
	Opportunity  OpportunityID
	Conversation social.ConversationID
	Programme    social.ProgrammeID
	Amount       int64 // minor units
	Currency     string
	URL          string // in the shop
	Source       string // the system that told of it, such as shop; "" unknown
	At           time.Time
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Lines        []OrderLine
}

// OrderLine is one line of an order.
type OrderLine struct {
	SKU, Name string
	Quantity  float64
	Amount    int64 // of the whole line, minor units
}

// Buyer says who bought: by an id of ours, or by whatever the shop knows.
type Buyer struct {
	Person   social.PersonID
	Email    string
	Phone    string // E.164
	System   string // whose id External is, such as "shop"
	External string
	Name     string // for somebody who is not known yet
}

var statuses = []string{"placed", "paid", "sent", "done", "cancelled", "refunded"}

// sold: the statuses in which money was made.
func sold(status string) bool { return status == "paid" || status == "sent" || status == "done" }

// Meeting finds or makes the persons of accounts; people.Store does.
type Meeting interface {
	Meet(ctx context.Context, seen []people.Seen) error
	Persons(ctx context.Context, ids []social.IdentityID) (map[social.IdentityID]social.PersonID, error)
}

// Upsert keeps an order; the same external id again changes what was kept. An
// order whose time is older than what is kept still counts: shops correct the
// past. fresh says that it was not known.
func (b *Books) Upsert(ctx context.Context, o Order, who Buyer) (kept Order, fresh bool, err error) {
	err = b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.Lock(ctx); err != nil {
			return err
		}
		seen, err := b.Foresee(ctx, o, who)
		if err != nil {
			return err
		}
		o, was := seen.Will, seen.Was
		if fresh = seen.Fresh; fresh {
			o.ID = OrderID(id.At(b.now()))
		}
		if seen.Meets != nil {
			if err := b.meet(ctx, &o, *seen.Meets); err != nil {
				return err
			}
		}
		if err := b.linked(ctx, &o); err != nil {
			return err
		}
		if !fresh && same(o, was) {
			kept = was
			return nil
		}
		kept = o
		if err := b.Store.SaveOrder(ctx, o); err != nil {
			return err
		}
		if err := b.counted(ctx, was, o); err != nil {
			return err
		}
		verb := "update"
		if fresh {
			verb = "create"
		}
		return b.told(ctx, verb, "order", string(o.ID), map[string]any{"number": o.Number, "status": o.Status, "amount": o.Amount, "currency": o.Currency})
	})
	if err != nil {
		return o, false, err
	}
	return kept, fresh, nil
}

// counted tells what an order that was kept as was and stands as o counts for.
func (b *Books) counted(ctx context.Context, was, o Order) error {
	if sold(o.Status) && !sold(was.Status) {
		if err := b.Store.Tell(ctx, social.Bought{Order: string(o.ID), External: o.External, Conversation: o.Conversation, Programme: o.Programme,
			Amount: o.Amount, Currency: o.Currency, At: o.At}); err != nil {
			return err
		}
	}
	if sold(was.Status) && !sold(o.Status) {
		if err := b.Store.Tell(ctx, social.Returned{Order: string(o.ID), External: o.External, Status: o.Status, Conversation: o.Conversation, Programme: o.Programme,
			Amount: was.Amount, Currency: was.Currency, At: b.now()}); err != nil {
			return err
		}
	}
	return b.left(ctx, was.Person, o.Person)
}

// keepLinks keeps what a shop that tells less leaves out.
func keepLinks(o *Order, was Order) {
	for _, p := range []struct{ now, was *string }{{(*string)(&o.Person), (*string)(&was.Person)}, {(*string)(&o.Organization), (*string)(&was.Organization)},
		{(*string)(&o.Opportunity), (*string)(&was.Opportunity)}, {(*string)(&o.Conversation), (*string)(&was.Conversation)}, {(*string)(&o.Programme), (*string)(&was.Programme)},
		{&o.URL, &was.URL}, {&o.Source, &was.Source}} {
		if *p.now == "" {
			*p.now = *p.was
		}
	}
	if o.Lines == nil {
		o.Lines = was.Lines
	}
}

func same(a, b Order) bool {
	return slices.Equal(a.Lines, b.Lines) && a.Number == b.Number && a.Status == b.Status && a.Person == b.Person && a.Organization == b.Organization &&
		a.Opportunity == b.Opportunity && a.Conversation == b.Conversation && a.Programme == b.Programme && a.Amount == b.Amount && a.Currency == b.Currency && a.URL == b.URL && a.Source == b.Source && a.At.Equal(b.At)
}

func (o *Order) check(now time.Time) error {
	if err := tidy("external_id", &o.External, 1, 200); err != nil {
		return err
	}
	if err := tidy("number", &o.Number, 0, 100); err != nil {
		return err
	}
	if err := tidy("system", &o.Source, 0, 40); err != nil {
		return err
	}
	if o.Number == "" {
		o.Number = o.External
	}
	if o.Status == "" {
		o.Status = "placed"
	}
	if !slices.Contains(statuses, o.Status) {
		return invalid("status", "An order is %s.", strings.Join(statuses, ", "))
	}
	if err := money(o.Amount, &o.Currency); err != nil {
		return err
	}
	if o.URL != "" && !strings.HasPrefix(o.URL, "https://") && !strings.HasPrefix(o.URL, "http://") || len(o.URL) > 2000 {
		return invalid("url", "An address begins with https://.")
	}
	if o.At.IsZero() {
		o.At = now
	}
	if o.At = o.At.UTC().Truncate(time.Microsecond); o.At.After(now.Add(24*time.Hour)) || o.At.Year() < 1970 {
		return invalid("at", "This order lies in the future, or before there were shops.")
	}
	if len(o.Lines) > 500 {
		return invalid("lines", "An order has at most 500 lines.")
	}
	for i := range o.Lines {
		l := &o.Lines[i]
		if err := errors.Join(tidy("lines", &l.Name, 1, 300), tidy("lines", &l.SKU, 0, 100)); err != nil {
			return err
		}
		if l.Quantity <= 0 || l.Quantity > 1e9 || l.Amount < 0 || l.Amount > 1e15 {
			return invalid("lines", "A line has a quantity above nothing and an amount that is not negative.")
		}
	}
	return nil
}

// linked checks what an order is tied to, and takes the conversation from the
// opportunity where none is named: the one that came up first.
func (b *Books) linked(ctx context.Context, o *Order) error {
	if o.Organization != "" {
		if _, err := b.Store.Organization(ctx, o.Organization); err != nil {
			return err
		}
	}
	if o.Opportunity != "" {
		d, err := b.Store.Opportunity(ctx, o.Opportunity)
		if err != nil {
			return err
		}
		if o.Person == "" {
			o.Person = d.Person
		}
		if o.Organization == "" {
			o.Organization = d.Organization
		}
		if o.Conversation == "" {
			talks, err := b.Store.TalksOf(ctx, d.ID)
			if err != nil {
				return err
			}
			if len(talks) > 0 {
				o.Conversation = talks[len(talks)-1]
			}
			return nil
		}
	}
	if o.Conversation != "" {
		if _, err := b.talk(ctx, o.Conversation); err != nil {
			return err
		}
	}
	return nil
}

// OrdersOf lists what somebody bought, the newest first.
func (b *Books) OrdersOf(ctx context.Context, who social.PersonID, q OrderQuery) ([]Order, string, error) {
	same, err := b.same(ctx, who)
	if err != nil {
		return nil, "", err
	}
	q.Persons = same
	return b.Store.Orders(ctx, q)
}

// OrderQuery asks for a page of orders, the newest first.
type OrderQuery struct {
	Persons      []string // nil: of everybody
	Opportunity  OpportunityID
	Organization OrganizationID
	OrderFilter
	Cursor string
	Limit  int
}

// OrderFilter narrows orders.
type OrderFilter struct {
	Words        string // beginnings of words of the number, the shop's id or what was ordered
	Status       string
	Source       string
	Currency     string
	Since, Until time.Time // by when they were placed; zero: any
	Least, Most  int64     // minor units; 0: any
	Nobody       bool      // of nobody whom we know
	Programme    social.ProgrammeID
}

// OrderSum is what orders of one status come to in one currency.
type OrderSum struct {
	Status   string
	Currency string
	N        int64
	Amount   int64
}

// Sums says what orders come to, by whole days, out of what is kept up to
// date. It knows status, source, currency and time; with another filter there
// are no sums, and ok is false.
func (b *Books) Sums(ctx context.Context, f OrderFilter) (sums []OrderSum, ok bool, err error) {
	if f.Words != "" || f.Least != 0 || f.Most != 0 || f.Nobody {
		return nil, false, nil
	}
	sums, err = b.Store.OrderSums(ctx, f)
	return sums, err == nil, err
}

// Spent is what somebody paid in one currency.
type Spent struct {
	Currency string
	N        int
	Amount   int64
}

// Selling keeps orders.
type Selling interface {
	// Order reads one within the scope: of its programmes, or of a person in scope.
	Order(ctx context.Context, id OrderID) (Order, error)
	// OrderOf reads one by the shop's id, whoever may see it.
	OrderOf(ctx context.Context, external string) (Order, error)
	SaveOrder(ctx context.Context, o Order) error
	// DropOrder forgets one, and takes it out of the sums.
	DropOrder(ctx context.Context, id OrderID) error
	Orders(ctx context.Context, q OrderQuery) ([]Order, string, error)
	// OrderSums adds up days of orders of the scope's programmes.
	OrderSums(ctx context.Context, f OrderFilter) ([]OrderSum, error)
	// Sources lists the systems that told of orders.
	Sources(ctx context.Context) ([]string, error)
	// Recount makes the words and sums of orders anew where there are none.
	Recount(ctx context.Context) error
	// Spent adds up what was sold to persons, by currency.
	Spent(ctx context.Context, persons []string) ([]Spent, error)
}

// SpentBy adds up what somebody paid, by currency.
func (b *Books) SpentBy(ctx context.Context, who social.PersonID) ([]Spent, error) {
	same, err := b.same(ctx, who)
	if err != nil {
		return nil, err
	}
	return b.Store.Spent(ctx, same)
}
