package deal

import (
	"context"
	"strings"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
)

// Foresight is what would come of an order, should it be kept.
type Foresight struct {
	Was   Order // as it is kept, where it is known
	Will  Order // as it would be; without a person where somebody would be met
	Fresh bool  // it is not known
	Same  bool  // nothing would change
	Meets *social.Author
}

// Foresee says what would come of an order, and keeps nothing.
func (b *Books) Foresee(ctx context.Context, o Order, who Buyer) (Foresight, error) {
	timeless, stateless := o.At.IsZero(), o.Status == ""
	if err := o.check(b.now()); err != nil {
		return Foresight{}, err
	}
	if err := placed(ctx, o.Programme); err != nil {
		return Foresight{}, err
	}
	out := Foresight{}
	was, err := b.Store.OrderOf(ctx, o.External)
	if out.Fresh = social.NotFound.Is(err); err != nil && !out.Fresh {
		return out, err
	}
	o.UpdatedAt = b.now()
	if out.Fresh {
		o.CreatedAt = b.now()
	} else {
		if err := placed(ctx, was.Programme); err != nil {
			return out, err
		}
		out.Was, o.ID, o.CreatedAt = was, was.ID, was.CreatedAt
		if timeless {
			o.At = was.At
		}
		if stateless {
			o.Status = was.Status
		}
		keepLinks(&o, was)
	}
	if o.Organization != "" {
		if _, err := b.Store.Organization(ctx, o.Organization); err != nil {
			return out, err
		}
	}
	if out.Meets, err = b.buyer(ctx, &o, who); err != nil {
		return out, err
	}
	out.Will, out.Same = o, !out.Fresh && out.Meets == nil && same(o, was)
	return out, nil
}

// buyer finds who bought, by the first of what the shop knows that is known
// here. It returns whom to meet where nobody is.
func (b *Books) buyer(ctx context.Context, o *Order, who Buyer) (*social.Author, error) {
	if who.Person != "" {
		p, err := b.People.Person(ctx, who.Person)
		o.Person = p.ID
		return nil, err
	}
	authors, err := who.authors()
	if err != nil || len(authors) == 0 {
		return nil, err
	}
	ids := make([]social.IdentityID, len(authors))
	for i, a := range authors {
		ids[i] = a.ID()
	}
	found, err := b.Meeting.Persons(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, i := range ids {
		if p := found[i]; p != "" {
			o.Person = p
			return nil, nil
		}
	}
	return &authors[0], nil
}

// authors are the accounts that a buyer is found by, in the order in which
// they count.
func (who Buyer) authors() ([]social.Author, error) {
	var out []social.Author
	name := strings.Join(strings.Fields(strings.ToValidUTF8(who.Name, "")), " ")
	if r := []rune(name); len(r) > 200 {
		name = string(r[:200])
	}
	if e := strings.TrimSpace(who.Email); e != "" {
		if at := strings.LastIndex(e, "@"); at < 1 || at == len(e)-1 || strings.ContainsAny(e, " <>\n\r\t,;") || len(e) > 254 {
			return nil, invalid("email", "This is no email address.")
		}
		out = append(out, social.Author{Scheme: "mailto", Value: e, Handle: e, Name: name})
	}
	if t := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "").Replace(who.Phone); t != "" {
		if !strings.HasPrefix(t, "+") || strings.Trim(t[1:], "0123456789") != "" || len(t) < 8 || len(t) > 16 {
			return nil, invalid("phone", "Give the number with its country, such as +44 20 7946 0958.")
		}
		out = append(out, social.Author{Scheme: "tel", Value: t, Name: name})
	}
	if who.External != "" {
		if who.System == "" || len(who.External) > 200 || len(who.System) > 40 {
			return nil, invalid("customer_id", "Say whose id this is, by system.")
		}
		out = append(out, social.Author{Scheme: "external", Issuer: who.System, Value: who.External, Name: name})
	}
	return out, nil
}

// meet makes the person of somebody who is not known yet the buyer.
func (b *Books) meet(ctx context.Context, o *Order, a social.Author) error {
	if err := b.Meeting.Meet(ctx, []people.Seen{{Author: a, Programme: o.Programme, At: o.At}}); err != nil {
		return err
	}
	found, err := b.Meeting.Persons(ctx, []social.IdentityID{a.ID()})
	if err == nil {
		o.Person = found[a.ID()]
	}
	return err
}

// TakeBack undoes what an Upsert kept: it makes the order what it was before,
// or forgets it where it was not known (was is nil). An order that stands
// otherwise by now stays as it is; done says that it does not.
func (b *Books) TakeBack(ctx context.Context, wrote Order, was *Order) (done bool, err error) {
	err = b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.Lock(ctx); err != nil {
			return err
		}
		now, err := b.Store.OrderOf(ctx, wrote.External)
		if social.NotFound.Is(err) {
			return nil
		}
		if err != nil || now.ID != wrote.ID || !same(now, wrote) {
			return err
		}
		if err := placed(ctx, now.Programme); err != nil {
			return err
		}
		done = true
		if was != nil {
			o := *was
			o.UpdatedAt = b.now()
			if err := b.Store.SaveOrder(ctx, o); err != nil {
				return err
			}
			if err := b.counted(ctx, now, o); err != nil {
				return err
			}
			return b.told(ctx, "restore", "order", string(o.ID), map[string]any{"number": o.Number, "status": o.Status, "amount": o.Amount, "currency": o.Currency})
		}
		if err := b.Store.DropOrder(ctx, now.ID); err != nil {
			return err
		}
		gone := now
		gone.Status, gone.Person = "cancelled", ""
		if err := b.counted(ctx, now, gone); err != nil {
			return err
		}
		return b.told(ctx, "delete", "order", string(now.ID), map[string]any{"number": now.Number})
	})
	return done && err == nil, err
}
