package bring

import (
	"context"
	"errors"
	"hash/maphash"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/kit/rows"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
)

// acting returns a context in which a file of orders reaches what its settings
// say: everything where whoever started it does, or else its programme.
func acting(ctx context.Context, f Import) context.Context {
	if _, ok := social.ActorOf(ctx); !ok {
		ctx = social.WithActor(ctx, social.Actor{Member: f.Member})
	}
	if f.Settings.Wide || social.ScopeOf(ctx).All {
		return social.WithScope(ctx, social.Scope{All: true})
	}
	return social.WithScope(ctx, social.Scope{Programmes: []social.ProgrammeID{f.Settings.Programme}})
}

// organizations finds those of orders by their folded names.
func (d *Desk) organizations(ctx context.Context, all []Parcel) (map[string]deal.OrganizationID, error) {
	names := map[string]bool{}
	for _, p := range all {
		if p.Organization != "" {
			names[strings.ToLower(p.Organization)] = true
		}
	}
	return d.Store.OrganizationsCalled(ctx, slices.Sorted(maps.Keys(names)))
}

// expected works out what would come of an order. Why it can't be taken is
// told to the order; an error is anything else.
func (d *Desk) expected(ctx context.Context, p *Parcel, orgs map[string]deal.OrganizationID) (what string, seen deal.Foresight, err error) {
	o := p.Order
	o.Organization = orgs[strings.ToLower(p.Organization)]
	seen, err = d.Sales.Foresee(ctx, o, p.Buyer)
	var known *social.Error
	if errors.As(err, &known) && slices.Contains([]social.Kind{social.Invalid, social.NotFound, social.Forbidden, social.Conflict}, known.Kind) {
		p.fail(0, known.Text)
		return "", seen, nil
	}
	switch {
	case err != nil:
		return "", seen, err
	case seen.Fresh:
		return WillCreate, seen, nil
	case seen.Same && (p.Organization == "" || o.Organization != ""):
		return WillSame, seen, nil
	}
	return WillUpdate, seen, nil
}

// surveyed is how long a file is read as a whole for the look at its first rows.
const surveyed = 4 << 20

// foresee shows what would come of the first orders.
func (d *Desk) foresee(ctx context.Context, f Import, file *os.File, r rows.Reader) ([]Look, error) {
	in := &parcels{f: f, in: r, seed: maphash.MakeSeed()}
	if f.Length <= surveyed {
		if err := d.survey(in, file.Name()); err != nil {
			return nil, err
		}
	}
	var all []Parcel
	for len(all) < previewed {
		group, err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		all = append(all, in.parcel(group))
	}
	orgs, err := d.organizations(ctx, all)
	if err != nil {
		return nil, err
	}
	out := make([]Look, len(all))
	var who []social.PersonID
	for i := range all {
		p := &all[i]
		l := Look{Line: p.Rows[0].Line, Source: p.Rows[0].Source, Parcel: p}
		if !p.Wrong {
			what, seen, err := d.expected(ctx, p, orgs)
			if err != nil {
				return nil, err
			}
			l.What, l.Person = what, seen.Will.Person
			if p.Order = seen.Will; seen.Meets != nil {
				l.Person, l.Known = "", firstOf(seen.Meets.Name, seen.Meets.Value)
			}
			if l.Person != "" {
				who = append(who, l.Person)
			}
		}
		for _, s := range p.Rows {
			if s.Why != "" && !strings.HasPrefix(s.Why, "Another row") {
				l.Line, l.Why, l.Source = s.Line, s.Why, s.Source
				break
			}
		}
		out[i] = l
	}
	stands, err := d.Store.Stands(ctx, who)
	if err != nil {
		return nil, err
	}
	for i := range out {
		if s := stands[out[i].Person]; s != nil {
			out[i].Known = s.Name
		}
	}
	return out, nil
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// selling makes ready to take a file of orders in, and returns what takes in some.
func (d *Desk) selling(ctx context.Context, f *Import, file *os.File, r rows.Reader) (func() (bool, error), error) {
	p := &parcels{f: *f, in: r}
	if err := d.survey(p, file.Name()); err != nil {
		return nil, err
	}
	p.end = f.Position
	return func() (bool, error) { return d.sell(ctx, f, p) }, nil
}

// survey reads a whole file for orders that can't be taken.
func (d *Desk) survey(p *parcels, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	whole, err := d.open(file, p.f, 0, 0)
	if err != nil {
		return err
	}
	return p.survey(whole)
}

// sell takes in some orders, and keeps how far it is in the same transaction.
func (d *Desk) sell(ctx context.Context, f *Import, in *parcels) (more bool, err error) {
	began := d.Clock.Now()
	before := in.n
	var all []Parcel
	for more = true; in.n-before < rowsAtOnce; {
		group, err := in.next()
		if errors.Is(err, io.EOF) {
			more = false
			break
		}
		if err != nil {
			return false, err
		}
		all = append(all, in.parcel(group))
	}
	next := *f
	err = d.Store.InTx(ctx, func(ctx context.Context) error {
		if err := d.Store.Lock(ctx); err != nil {
			return err
		}
		now, err := d.Store.Import(ctx, f.ID)
		if err != nil {
			return err
		}
		if now.State != Running {
			return errStopped
		}
		next.Position, next.Rows = in.end, f.Rows+in.n-before
		if err := d.buy(acting(ctx, *f), &next, all); err != nil {
			return err
		}
		var wrong []Mistake
		for _, p := range all {
			for _, s := range p.Rows {
				if p.Wrong {
					wrong = append(wrong, Mistake{s.Line, s.Why, s.Source})
				}
			}
		}
		return d.settle(ctx, &next, wrong, began)
	})
	if err != nil {
		return false, err
	}
	*f = next
	return more, nil
}

// buy keeps orders, or only counts them in a dry run.
func (d *Desk) buy(ctx context.Context, f *Import, all []Parcel) error {
	orgs, err := d.organizations(ctx, all)
	if err != nil {
		return err
	}
	b := Batch{Import: *f, Programme: f.Settings.Programme, By: f.Member, At: d.Clock.Now()}
	for i := range all {
		p := &all[i]
		if p.Wrong {
			continue
		}
		what, seen, err := d.expected(ctx, p, orgs)
		if err != nil {
			return err
		}
		switch what {
		case "":
			continue
		case WillCreate:
			f.Created++
		case WillUpdate:
			f.Updated++
		default:
			f.Same++
		}
		if seen.Will.Person == "" && seen.Meets == nil {
			f.Nobody++
		}
		if f.Dry || what == WillSame {
			continue
		}
		s := &Step{Order: &Sold{}}
		if folded := strings.ToLower(p.Organization); folded != "" && orgs[folded] == "" {
			s.Founded = deal.OrganizationID(id.New())
			orgs[folded] = s.Founded
			founded := b
			founded.Founded = map[deal.OrganizationID]string{s.Founded: p.Organization}
			if err := d.Store.Write(ctx, founded); err != nil {
				return err
			}
		}
		p.Order.Organization = orgs[strings.ToLower(p.Organization)]
		if s.Order.Wrote, _, err = d.Sales.Upsert(ctx, p.Order, p.Buyer); err != nil {
			return err
		}
		if !seen.Fresh {
			s.Order.Was = &seen.Was
		}
		if s.Person = s.Order.Wrote.Person; seen.Meets != nil {
			s.New, s.Accounts, s.Met = true, []social.IdentityID{seen.Meets.ID()}, s.Order.Wrote.At
		}
		f.Steps++
		s.N = f.Steps
		b.Steps = append(b.Steps, s)
	}
	if len(b.Steps) == 0 {
		return nil
	}
	if err := d.Store.Write(ctx, b); err != nil {
		return err
	}
	return d.Store.Record(ctx, social.Entry{Verb: "import", Object: "order", ID: f.ID, Detail: map[string]any{"orders": len(b.Steps), "from": b.Steps[0].N, "to": f.Steps}})
}

// takeBack undoes steps in the order given, and counts what was to go and
// stays: orders that were changed since, or persons of whom more is known.
func (d *Desk) takeBack(ctx context.Context, f Import, steps []Step) (kept int, err error) {
	switch f.Settings.Kind {
	case Firms:
		return d.closeAgain(ctx, f, steps)
	case Persons, "":
		return d.Store.TakeBack(ctx, steps)
	}
	var met, founded []Step
	for _, s := range steps {
		if s.Order != nil {
			done, err := d.Sales.TakeBack(acting(ctx, f), s.Order.Wrote, s.Order.Was)
			if err != nil && !social.Forbidden.Is(err) {
				return kept, err
			}
			if !done {
				kept++
			}
		}
		if s.Founded != "" {
			founded = append(founded, Step{Founded: s.Founded})
		}
		if s.Founded = ""; s.New {
			met = append(met, s)
		}
	}
	_, err = d.Store.TakeBack(ctx, append(met, founded...))
	return kept, err
}
