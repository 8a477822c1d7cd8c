package deal

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Organization is a company, a club, an office: whom people work for.
type Organization struct {
	ID        OrganizationID
	Name      string
	Domain    string // "brewell.example"; no two have the same
	Industry  string
	Parent    OrganizationID
	Programme social.ProgrammeID
	Owner     social.MemberID // who looks after it
	Source    string          // another system that knows it
	External  string          // and by which id; no two have the same
	CreatedAt time.Time
	UpdatedAt time.Time

	People int // who work there now
	Open   int // open opportunities
}

// OrganizationChange is what is written about one; nil leaves a field.
type OrganizationChange struct {
	Name, Domain, Industry *string
	Parent                 *OrganizationID
	Programme              *social.ProgrammeID
	Owner                  *social.MemberID
}

// Affiliation says that somebody works or worked for an organization.
type Affiliation struct {
	ID           string
	Person       social.PersonID
	PersonName   string
	Organization OrganizationID
	Name         string // of the organization
	Title        string // their role there
	Since, Until string // days; "" where not known, and still
	CreatedAt    time.Time
}

// OrganizationQuery asks for a page, by name.
type OrganizationQuery struct {
	Words  string // beginnings of words of the name or domain
	Parent OrganizationID
	Cursor string
	Limit  int
}

// AddOrganization keeps a new one.
func (b *Books) AddOrganization(ctx context.Context, o Organization) (Organization, error) {
	now := b.now()
	o.ID, o.CreatedAt, o.UpdatedAt = OrganizationID(id.At(now)), now, now
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.checkOrganization(ctx, &o); err != nil {
			return err
		}
		if err := b.Store.SaveOrganization(ctx, o); err != nil {
			return err
		}
		return b.told(ctx, "create", "organization", string(o.ID), map[string]any{"name": o.Name})
	})
	return o, err
}

// EditOrganization writes what is known of one.
func (b *Books) EditOrganization(ctx context.Context, which OrganizationID, c OrganizationChange) (Organization, error) {
	var o Organization
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.Lock(ctx); err != nil {
			return err
		}
		var err error
		if o, err = b.Store.Organization(ctx, which); err != nil {
			return err
		}
		was := o
		set(&o.Name, c.Name)
		set(&o.Domain, c.Domain)
		set(&o.Industry, c.Industry)
		set(&o.Parent, c.Parent)
		set(&o.Programme, c.Programme)
		set(&o.Owner, c.Owner)
		if err := b.checkOrganization(ctx, &o); err != nil {
			return err
		}
		if o == was {
			return nil
		}
		o.UpdatedAt = b.now()
		if err := b.Store.SaveOrganization(ctx, o); err != nil {
			return err
		}
		return b.told(ctx, "update", "organization", string(o.ID), differ(map[string][2]any{"name": {was.Name, o.Name}, "domain": {was.Domain, o.Domain},
			"industry": {was.Industry, o.Industry}, "parent": {was.Parent, o.Parent}, "programme": {was.Programme, o.Programme}, "owner": {was.Owner, o.Owner}}))
	})
	return o, err
}

func (b *Books) checkOrganization(ctx context.Context, o *Organization) error {
	if err := tidy("name", &o.Name, 1, 200); err != nil {
		return err
	}
	if err := tidy("industry", &o.Industry, 0, 100); err != nil {
		return err
	}
	var err error
	if o.Domain, err = domain(o.Domain); err != nil {
		return err
	}
	if err := placed(ctx, o.Programme); err != nil {
		return err
	}
	return b.below(ctx, *o)
}

// below refuses an organization that would stand below itself.
func (b *Books) below(ctx context.Context, o Organization) error {
	for at, steps := o.Parent, 0; at != ""; steps++ {
		if at == o.ID || steps > 20 {
			return invalid("parent", "An organization can't stand below itself.")
		}
		above, err := b.Store.Organization(ctx, at)
		if err != nil {
			return err
		}
		at = above.Parent
	}
	return nil
}

// domain makes "https://www.Brewell.example/shop" "brewell.example".
func domain(s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" {
		return "", nil
	}
	if !strings.Contains(s, "//") {
		s = "//" + s
	}
	u, err := url.Parse(s)
	if err != nil || !strings.Contains(u.Hostname(), ".") || len(u.Hostname()) > 253 || strings.ContainsAny(u.Hostname(), " @/\\\"'<>") || u.User != nil {
		return "", invalid("domain", "Write a domain such as brewell.example.")
	}
	return strings.Trim(strings.TrimPrefix(u.Hostname(), "www."), "."), nil
}

// Affiliate says that somebody works for an organization.
func (b *Books) Affiliate(ctx context.Context, a Affiliation) (Affiliation, error) {
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.checkAffiliation(ctx, &a); err != nil {
			return err
		}
		a.ID, a.CreatedAt = id.At(b.now()), b.now()
		if err := b.Store.SaveAffiliation(ctx, a, member(ctx)); err != nil {
			return err
		}
		return b.told(ctx, "affiliate", "person", string(a.Person), map[string]any{"organization": a.Organization, "title": a.Title})
	})
	return a, err
}

// EditAffiliation changes a role or its days.
func (b *Books) EditAffiliation(ctx context.Context, which string, title, since, until *string) (Affiliation, error) {
	var a Affiliation
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if a, err = b.Store.Affiliation(ctx, which); err != nil {
			return err
		}
		person := a.Person // as it was given: a merge is undone exactly
		set(&a.Title, title)
		set(&a.Since, since)
		set(&a.Until, until)
		if err := b.checkAffiliation(ctx, &a); err != nil {
			return err
		}
		shown := a.Person
		a.Person = person
		if err := b.Store.SaveAffiliation(ctx, a, member(ctx)); err != nil {
			return err
		}
		a.Person = shown
		return b.told(ctx, "affiliate", "person", string(shown), map[string]any{"organization": a.Organization, "title": a.Title, "until": a.Until})
	})
	return a, err
}

// Part takes an affiliation away, as one that was never true.
func (b *Books) Part(ctx context.Context, which string) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		a, err := b.Store.Affiliation(ctx, which)
		if err != nil {
			return err
		}
		p, err := b.People.Person(ctx, a.Person)
		if err != nil {
			return err
		}
		if err := b.Store.DropAffiliation(ctx, which); err != nil {
			return err
		}
		return b.told(ctx, "part", "person", string(p.ID), map[string]any{"organization": a.Organization, "title": a.Title})
	})
}

func (b *Books) checkAffiliation(ctx context.Context, a *Affiliation) error {
	p, err := b.People.Person(ctx, a.Person)
	if err != nil {
		return err
	}
	o, err := b.Store.Organization(ctx, a.Organization)
	if err != nil {
		return err
	}
	a.Person, a.PersonName, a.Name = p.ID, p.Name, o.Name
	if err := tidy("title", &a.Title, 0, 120); err != nil {
		return err
	}
	if err := day("since", a.Since); err != nil {
		return err
	}
	if err := day("until", a.Until); err != nil {
		return err
	}
	if a.Since != "" && a.Until != "" && a.Until < a.Since {
		return invalid("until", "They left before they came; look at the days again.")
	}
	return nil
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// differ keeps what changed, as [before, after].
func differ(pairs map[string][2]any) map[string]any {
	out := map[string]any{}
	for k, p := range pairs {
		if p[0] != p[1] {
			out[k] = []any{p[0], p[1]}
		}
	}
	return out
}

// told writes the record, and that business looks different now.
// The record can't be changed, so that somebody who is erased stays in it:
// it never holds what was written about a person, only that it was.
func (b *Books) told(ctx context.Context, verb, object, which string, detail map[string]any) error {
	if object == "person" || object == "opportunity" {
		for k := range detail {
			if k == "name" || k == "next_step" || k == "reason" || k == "title" || verb == "fill" && k != "source" {
				detail[k] = true
			}
		}
	}
	if err := b.Store.Record(ctx, social.Entry{Verb: verb, Object: object, ID: which, Detail: detail}); err != nil {
		return err
	}
	return b.Store.Tell(ctx, social.Dealt{Object: object, ID: which})
}

// left tells that something of business is no longer somebody's.
func (b *Books) left(ctx context.Context, was, now social.PersonID) error {
	if was == "" || was == now {
		return nil
	}
	return b.Store.Tell(ctx, social.Dealt{Object: "person", ID: string(was)})
}
