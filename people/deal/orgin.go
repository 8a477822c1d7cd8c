package deal

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// OrganizationKeys are what organizations can be found by, the surest first.
var OrganizationKeys = []string{"external_id", "domain", "name"}

// Told is an organization as another system tells of it. What it does not tell
// stays as it is here.
type Told struct {
	Organization                           // without ids, parent and times; Source and External say which it is there
	Above, AboveExternal string            // whom it belongs to: a name or domain, and an id in that system
	Values               map[string]string // by key of the field, as they are kept
	By                   []string          // what it is found by, of OrganizationKeys
	Completes            bool              // it only fills what is empty
}

// Written is a field that is written over.
type Written struct {
	Field  string `json:"f"` // name, domain, industry, parent, owner, external_id, or the id of a field of the company's own
	Was    string `json:"w"`
	Now    string `json:"n"`
	Source string `json:"s,omitempty"` // who had written a value of the company's own field; "" where there was none
}

// Taken is what became of an organization that was told: all that is needed to
// take it back.
type Taken struct {
	ID     OrganizationID `json:"o"`
	New    bool           `json:"new,omitempty"`
	Texts  []Written      `json:"t,omitempty"`
	Values []Written      `json:"v,omitempty"`
	Made   *Taken         `json:"m,omitempty"` // the organization that it belongs to, which was not known

	Will  Organization `json:"-"` // as it would be, or is
	Above string       `json:"-"` // what the one above is called
}

// Same reports whether nothing was new.
func (t Taken) Same() bool { return !t.New && len(t.Texts)+len(t.Values) == 0 }

// ForeseeOrganization works out what would come of what is told, and writes
// nothing. Why it can't be taken is an Invalid, a NotFound or a Conflict.
func (b *Books) ForeseeOrganization(ctx context.Context, told Told) (Taken, error) {
	o := told.Organization
	if err := tidyOrganization(&o); err != nil {
		return Taken{}, err
	}
	was, err := b.foundBy(ctx, o, told.By)
	if err != nil {
		return Taken{}, err
	}
	t := Taken{ID: was.ID, New: was.ID == "", Will: was}
	if t.New {
		t.ID = OrganizationID(id.At(b.now()))
		t.Will = Organization{ID: t.ID, Programme: o.Programme}
		if err := placed(ctx, o.Programme); err != nil {
			return t, err
		}
		if o.Name == "" {
			o.Name = cmp.Or(o.Domain, o.External)
		}
	}
	parent, err := b.above(ctx, &t, o, told)
	if err != nil {
		return t, err
	}
	write := func(field string, to *string, v string, empty bool) {
		if v == "" || v == *to || !empty && *to != "" && told.Completes {
			return
		}
		t.Texts = append(t.Texts, Written{Field: field, Was: *to, Now: v})
		*to = v
	}
	// One that was only named by its id has no name yet.
	write("name", &t.Will.Name, o.Name, t.Will.Name == t.Will.External)
	write("domain", &t.Will.Domain, o.Domain, false)
	write("industry", &t.Will.Industry, o.Industry, false)
	owner, up := string(t.Will.Owner), string(t.Will.Parent)
	write("owner", &owner, string(o.Owner), false)
	write("parent", &up, string(parent), false)
	t.Will.Owner, t.Will.Parent = social.MemberID(owner), OrganizationID(up)
	if t.Will.External == "" && o.External != "" {
		write("external_id", &t.Will.External, o.External, false)
		t.Will.Source = o.Source
	}
	if t.Made == nil {
		if err := b.below(ctx, t.Will); err != nil {
			return t, err
		}
	}
	return t, b.fills(ctx, &t, told)
}

// fills works out which values of fields change.
func (b *Books) fills(ctx context.Context, t *Taken, told Told) error {
	if len(told.Values) == 0 {
		return nil
	}
	fields, err := b.Store.Fields(ctx, OfOrganization)
	if err != nil {
		return err
	}
	had := map[FieldID]Value{}
	if !t.New {
		if had, err = b.Store.Values(ctx, []string{string(t.ID)}); err != nil {
			return err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(told.Values)) {
		i := slices.IndexFunc(fields, func(f Field) bool { return f.Key == key && !f.Archived })
		if i < 0 {
			return invalid(key, "There is no field called %q.", key)
		}
		was, v := had[fields[i].ID], told.Values[key]
		if v == "" || v == was.Value || was.Value != "" && told.Completes || was.Source.Stays() {
			continue // what a colleague wrote into a field is never written over by a file
		}
		t.Values = append(t.Values, Written{Field: string(fields[i].ID), Was: was.Value, Now: v, Source: string(was.Source)})
	}
	return nil
}

func tidyOrganization(o *Organization) error {
	if err := tidy("name", &o.Name, 0, 200); err != nil {
		return err
	}
	if err := tidy("industry", &o.Industry, 0, 100); err != nil {
		return err
	}
	if err := tidy("external_id", &o.External, 0, 200); err != nil {
		return err
	}
	var err error
	if o.Domain, err = domain(o.Domain); err != nil {
		return err
	}
	if o.Name+o.Domain+o.External == "" {
		return invalid("name", "It has no name, domain or id.")
	}
	return nil
}

// foundBy finds who is told: by the id in the other system, the domain or the
// name, in this order. A name alone finds nobody whose id or domain is another.
func (b *Books) foundBy(ctx context.Context, o Organization, by []string) (Organization, error) {
	all, err := b.Store.OrganizationsLike(ctx, o)
	if err != nil {
		return Organization{}, err
	}
	var found Organization
	for _, key := range OrganizationKeys {
		if found.ID != "" && key == "name" {
			break
		}
		var hits []Organization
		for _, x := range all {
			switch {
			case key == "external_id" && o.External != "" && x.External == o.External && x.Source == o.Source,
				key == "domain" && o.Domain != "" && x.Domain == o.Domain,
				key == "name" && o.Name != "" && strings.EqualFold(x.Name, o.Name) && alike(x, o):
				hits = append(hits, x)
			}
		}
		switch {
		case len(hits) == 0:
		case found.ID != "" && hits[0].ID != found.ID:
			return found, social.Errorf(social.Conflict, "Its id belongs to “%s” and its domain to “%s”.", found.Name, hits[0].Name)
		case found.ID != "":
		case key == "domain" && o.External != "" && hits[0].External != "" && hits[0].Source == o.Source:
			return found, social.Errorf(social.Conflict, "Its domain belongs to “%s”, which has another id.", hits[0].Name)
		case len(hits) > 1:
			return found, social.Errorf(social.Conflict, "%d organizations are called “%s”. Tell its domain or id.", len(hits), o.Name)
		case !slices.Contains(by, key):
			if key == "name" {
				continue // another of the same name
			}
			return found, social.Errorf(social.Conflict, "Its %s belongs to “%s”, and organizations are not found by that here.", map[string]string{"external_id": "id", "domain": "domain"}[key], hits[0].Name)
		default:
			found = hits[0]
		}
	}
	if found.ID == "" {
		return found, nil
	}
	seen, err := b.Store.Organization(ctx, found.ID)
	if social.NotFound.Is(err) {
		err = social.Errorf(social.NotFound, "The organization is not one that you see.")
	}
	return seen, err
}

// alike: nothing says that two of one name are two.
func alike(x, o Organization) bool {
	return (x.Domain == "" || o.Domain == "" || x.Domain == o.Domain) && (x.External == "" || o.External == "" || x.Source != o.Source || x.External == o.External)
}

// above finds, or makes, the organization to which one belongs.
func (b *Books) above(ctx context.Context, t *Taken, o Organization, told Told) (OrganizationID, error) {
	up := Organization{Source: o.Source, External: strings.TrimSpace(told.AboveExternal), Programme: o.Programme}
	if name := strings.TrimSpace(told.Above); name != "" {
		if d, err := domain(name); err == nil && d != "" && !strings.ContainsAny(name, " ") {
			up.Domain = d
		} else {
			up.Name = name
		}
	}
	if up.External+up.Domain+up.Name == "" {
		return "", nil
	}
	if up.External != "" && up.External == o.External || up.Domain != "" && up.Domain == o.Domain {
		return "", invalid("parent", "An organization can't stand below itself.")
	}
	if err := tidyOrganization(&up); err != nil {
		return "", err
	}
	found, err := b.foundBy(ctx, up, OrganizationKeys)
	if err != nil {
		return "", err
	}
	if found.ID != "" {
		t.Above = found.Name
		return found.ID, nil
	}
	if up.Name == "" {
		up.Name = cmp.Or(up.Domain, up.External)
	}
	up.ID = OrganizationID(id.New())
	t.Made = &Taken{ID: up.ID, New: true, Will: up, Texts: []Written{{Field: "name", Now: up.Name}}}
	for _, x := range []Written{{Field: "domain", Now: up.Domain}, {Field: "external_id", Now: up.External}} {
		if x.Now != "" {
			t.Made.Texts = append(t.Made.Texts, x)
		}
	}
	t.Above = up.Name
	return up.ID, nil
}

// TakeOrganization keeps what is told.
func (b *Books) TakeOrganization(ctx context.Context, told Told) (Taken, error) {
	var t Taken
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.Lock(ctx); err != nil {
			return err
		}
		var err error
		if t, err = b.ForeseeOrganization(ctx, told); err != nil || t.Same() {
			return err
		}
		now := b.now()
		if t.Made != nil {
			up := t.Made.Will
			up.CreatedAt, up.UpdatedAt = now, now
			if err := b.Store.SaveOrganization(ctx, up); err != nil {
				return err
			}
			if err := b.told(ctx, "create", "organization", string(up.ID), map[string]any{"name": up.Name, "source": ByImport}); err != nil {
				return err
			}
		}
		if t.Will.UpdatedAt = now; t.New {
			t.Will.CreatedAt = now
		}
		if err := b.Store.SaveOrganization(ctx, t.Will); err != nil {
			return err
		}
		for _, v := range t.Values {
			if err := b.Store.SaveValue(ctx, string(t.ID), Value{Field: FieldID(v.Field), Value: v.Now, Source: ByImport, By: member(ctx), At: now}); err != nil {
				return err
			}
		}
		verb := "update"
		if t.New {
			verb = "create"
		}
		detail := map[string]any{"source": ByImport}
		for _, w := range t.Texts {
			detail[w.Field] = []any{w.Was, w.Now}
		}
		return b.told(ctx, verb, "organization", string(t.ID), detail)
	})
	return t, err
}

// UntakeOrganization takes back what was kept of one. What was changed since
// stays, and so does one that is new and of which something else is known; done
// is false for that.
func (b *Books) UntakeOrganization(ctx context.Context, t Taken) (done bool, err error) {
	err = b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.Lock(ctx); err != nil {
			return err
		}
		o, err := b.Store.Organization(ctx, t.ID)
		if social.NotFound.Is(err) {
			done = true
			return nil
		}
		if err != nil {
			return err
		}
		values, err := b.Store.Values(ctx, []string{string(t.ID)})
		if err != nil {
			return err
		}
		if t.New {
			if done, err = b.dropNew(ctx, o, values, t); err != nil || !done {
				return err
			}
		} else if err := b.unwrite(ctx, o, values, t); err != nil {
			return err
		}
		done = true
		if t.Made == nil {
			return nil
		}
		_, err = b.UntakeOrganization(ctx, *t.Made)
		return err
	})
	return done, err
}

// dropNew forgets an organization of which nothing but this is known.
func (b *Books) dropNew(ctx context.Context, o Organization, values map[FieldID]Value, t Taken) (bool, error) {
	as := map[string]string{}
	for _, w := range t.Texts {
		as[w.Field] = w.Now
	}
	for field, now := range texts(&o) {
		if *now != as[field] {
			return false, nil
		}
	}
	for id, v := range values {
		if v.Value != "" && (v.Source != ByImport || !slices.ContainsFunc(t.Values, func(w Written) bool { return w.Field == string(id) && w.Now == v.Value })) {
			return false, nil
		}
	}
	gone, err := b.Store.DropOrganization(ctx, o.ID)
	if err != nil || !gone {
		return false, err
	}
	return true, b.told(ctx, "remove", "organization", string(o.ID), map[string]any{"name": o.Name})
}

// texts are the fields of an organization by their names.
func texts(o *Organization) map[string]*string {
	return map[string]*string{"name": &o.Name, "domain": &o.Domain, "industry": &o.Industry, "owner": (*string)(&o.Owner), "parent": (*string)(&o.Parent), "external_id": &o.External}
}

// unwrite gives back what stood in fields, where they are as they were written.
func (b *Books) unwrite(ctx context.Context, o Organization, values map[FieldID]Value, t Taken) error {
	was := o
	now := texts(&o)
	for _, w := range t.Texts {
		if to, ok := now[w.Field]; ok && *to == w.Now {
			*to = w.Was
		}
	}
	if o.External == "" {
		o.Source = ""
	}
	if o.Domain != "" && o.Domain != was.Domain { // it may be another's by now
		others, err := b.Store.OrganizationsLike(ctx, Organization{Domain: o.Domain})
		if err != nil {
			return err
		}
		if slices.ContainsFunc(others, func(x Organization) bool { return x.ID != o.ID }) {
			o.Domain = was.Domain
		}
	}
	if err := b.below(ctx, o); err != nil {
		o.Parent = was.Parent
	}
	for _, w := range t.Values {
		v := values[FieldID(w.Field)]
		if v.Value != w.Now || v.Source != ByImport {
			continue
		}
		if w.Source == "" {
			if err := b.Store.DropValue(ctx, string(o.ID), v.Field); err != nil {
				return err
			}
			continue
		}
		v.Value, v.Source = w.Was, Source(w.Source)
		if err := b.Store.SaveValue(ctx, string(o.ID), v); err != nil {
			return err
		}
	}
	if o != was {
		o.UpdatedAt = b.now()
		if err := b.Store.SaveOrganization(ctx, o); err != nil {
			return err
		}
	}
	return b.told(ctx, "undo", "organization", string(o.ID), differ(map[string][2]any{"name": {was.Name, o.Name}, "domain": {was.Domain, o.Domain},
		"industry": {was.Industry, o.Industry}, "parent": {was.Parent, o.Parent}, "owner": {was.Owner, o.Owner}}))
}
