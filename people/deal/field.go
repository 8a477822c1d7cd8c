package deal

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Subject is what a field belongs to.
type Subject string

// The subjects.
const (
	OfPerson       Subject = "person"
	OfOrganization Subject = "organization"
	OfOpportunity  Subject = "opportunity"
)

// Field is one that a company added.
type Field struct {
	ID       FieldID
	Of       Subject
	Key      string // its name in the API; never changed
	Name     string
	Type     string // text, number, date, bool, choice
	Choices  []string
	Position int
	Archived bool
	Customer bool // customers may correct what it holds of them
	Created  time.Time
}

// Source says where a value came from.
type Source string

// The sources. What a member wrote, or accepted of the customer themselves,
// stays until a member writes something else.
const (
	ByMember     Source = "member"
	ByCustomer   Source = "customer"
	ByAPI        Source = "api"
	ByImport     Source = "import"
	ByEnrichment Source = "enrichment"
)

// Stays reports whether what is from this source is left alone by programs.
func (s Source) Stays() bool { return s == ByMember || s == ByCustomer }

// Value is what a field holds of somebody or something.
type Value struct {
	Field  FieldID
	Value  string
	Source Source
	By     social.MemberID
	At     time.Time
}

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// maxFields is how many a subject may have.
const maxFields = 60

// AddField adds one to a subject. Its key is made of its name where none is given.
func (b *Books) AddField(ctx context.Context, f Field) (Field, error) {
	if err := everywhere(ctx, "Fields"); err != nil {
		return f, err
	}
	f.ID, f.Created, f.Archived = FieldID(id.At(b.now())), b.now(), false
	if f.Key == "" {
		f.Key = keyOf(f.Name)
	}
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.Lock(ctx); err != nil {
			return err
		}
		all, err := b.Store.Fields(ctx, f.Of)
		if err != nil {
			return err
		}
		if err := f.check(all); err != nil {
			return err
		}
		f.Position = len(all)
		if err := b.Store.SaveField(ctx, f); err != nil {
			return err
		}
		return b.told(ctx, "create", "field", string(f.ID), map[string]any{"name": f.Name, "of": f.Of})
	})
	return f, err
}

// EditField gives one another name, other choices or another place, puts it
// away, or lets customers correct it. Its values stay.
func (b *Books) EditField(ctx context.Context, which FieldID, name *string, choices []string, position *int, archived, customer *bool) (Field, error) {
	var f Field
	if err := everywhere(ctx, "Fields"); err != nil {
		return f, err
	}
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.Lock(ctx); err != nil {
			return err
		}
		all, err := b.Store.Fields(ctx, "")
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(x Field) bool { return x.ID == which })
		if i < 0 {
			return social.Errorf(social.NotFound, "There is no such field.")
		}
		f = all[i]
		set(&f.Name, name)
		set(&f.Archived, archived)
		set(&f.Customer, customer)
		if choices != nil {
			f.Choices = choices
		}
		same := slices.DeleteFunc(slices.Clone(all), func(x Field) bool { return x.Of != f.Of || x.ID == f.ID })
		if err := f.check(same); err != nil {
			return err
		}
		if position != nil {
			same = slices.Insert(same, min(max(*position, 0), len(same)), f)
			for n, x := range same {
				if x.Position = n; x.ID == f.ID {
					f = x
				}
				if err := b.Store.SaveField(ctx, x); err != nil {
					return err
				}
			}
		}
		if err := b.Store.SaveField(ctx, f); err != nil {
			return err
		}
		return b.told(ctx, "update", "field", string(f.ID), map[string]any{"name": f.Name, "archived": f.Archived, "customers_correct": f.Customer})
	})
	return f, err
}

func (f *Field) check(others []Field) error {
	if f.Of != OfPerson && f.Of != OfOrganization && f.Of != OfOpportunity {
		return invalid("of", "A field belongs to a person, an organization or an opportunity.")
	}
	if f.Customer && f.Of != OfPerson {
		return invalid("customers_correct", "Customers correct what is held of them: a field of people.")
	}
	if err := tidy("name", &f.Name, 1, 60); err != nil {
		return err
	}
	if !keyForm.MatchString(f.Key) {
		return invalid("key", "A key is of small letters, digits and _, such as customer_no.")
	}
	if !slices.Contains([]string{"text", "number", "date", "bool", "choice"}, f.Type) {
		return invalid("type", "A field holds text, a number, a date, yes or no, or a choice.")
	}
	if f.Type != "choice" {
		f.Choices = nil
	} else if err := f.checkChoices(); err != nil {
		return err
	}
	if len(others) >= maxFields {
		return invalid("of", "There are %d fields already; that is as many as there can be.", len(others))
	}
	for _, o := range others {
		switch {
		case o.Key == f.Key:
			return &social.Error{Kind: social.Conflict, Field: "key", Text: "There is a field with this key already."}
		case strings.EqualFold(o.Name, f.Name) && !o.Archived && !f.Archived:
			return &social.Error{Kind: social.Conflict, Field: "name", Text: "There is a field of this name already."}
		}
	}
	return nil
}

func (f *Field) checkChoices() error {
	var kept []string
	for _, c := range f.Choices {
		if err := tidy("choices", &c, 0, 60); err != nil {
			return err
		}
		if c != "" && !slices.Contains(kept, c) {
			kept = append(kept, c)
		}
	}
	if f.Choices = kept; len(kept) < 2 || len(kept) > 100 {
		return invalid("choices", "Give two to a hundred choices.")
	}
	return nil
}

func keyOf(name string) string {
	key := strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(name), "_"), "_")
	if key == "" || key[0] < 'a' {
		key = "f_" + key
	}
	return strings.TrimRight(key[:min(len(key), 40)], "_")
}

// Read makes what somebody wrote the form that is kept.
func (f Field) Read(v string) (string, error) {
	v = strings.TrimSpace(strings.ToValidUTF8(v, ""))
	bad := func(text string) (string, error) { return "", invalid(f.Key, "%s: %s", f.Name, text) }
	switch f.Type {
	case "number":
		n, err := strconv.ParseFloat(v, 64)
		if err != nil || n != n || n > 1e15 || n < -1e15 {
			return bad("write a number such as 12.5.")
		}
		return strconv.FormatFloat(n, 'f', -1, 64), nil
	case "date":
		if day("", v) != nil {
			return bad("write a day such as 2027-03-31.")
		}
	case "bool":
		if v != "true" && v != "false" {
			return bad("true or false.")
		}
	case "choice":
		if !slices.Contains(f.Choices, v) {
			return bad("choose one of " + strings.Join(f.Choices, ", ") + ".")
		}
	default:
		if len([]rune(v)) > 2000 {
			return bad("at most 2,000 characters are kept.")
		}
	}
	return v, nil
}

// Fill writes values by key; an empty one takes a value away. What a member
// wrote is left alone by every other source; the keys that were left alone
// come back.
func (b *Books) Fill(ctx context.Context, of Subject, owner string, values map[string]string, source Source) (kept []string, err error) {
	err = b.Store.InTx(ctx, func(ctx context.Context) error {
		object, owners, err := b.owner(ctx, of, owner)
		if err != nil {
			return err
		}
		fields, err := b.Store.Fields(ctx, of)
		if err != nil {
			return err
		}
		had, err := b.Store.Values(ctx, owners)
		if err != nil {
			return err
		}
		changed := map[string]any{}
		for key, v := range values {
			i := slices.IndexFunc(fields, func(f Field) bool { return f.Key == key })
			if i < 0 {
				return invalid(key, "There is no field called %q.", key)
			}
			was := had[fields[i].ID]
			if was.Source.Stays() && source != ByMember {
				kept = append(kept, key)
				continue
			}
			now := Value{Field: fields[i].ID, Source: source, By: member(ctx), At: b.now()}
			if strings.TrimSpace(v) != "" {
				if now.Value, err = fields[i].Read(v); err != nil {
					return err
				}
			}
			if now.Value == was.Value && (was.Source == source || now.Value == "") {
				continue
			}
			if err := b.Store.SaveValue(ctx, object, now); err != nil {
				return err
			}
			changed[key] = []any{was.Value, now.Value}
		}
		slices.Sort(kept)
		if len(changed) == 0 {
			return nil
		}
		changed["source"] = source
		return b.told(ctx, "fill", string(of), object, changed)
	})
	return kept, err
}

// Correct writes what the customer themselves say of a field, whatever stood
// there, or puts back what stood there before, and gives what stood there.
// Where now has no time it is the actor's, of this moment.
func (b *Books) Correct(ctx context.Context, who social.PersonID, now Value) (was Value, err error) {
	err = b.Store.InTx(ctx, func(ctx context.Context) error {
		object, owners, err := b.owner(ctx, OfPerson, string(who))
		if err != nil {
			return err
		}
		fields, err := b.Store.Fields(ctx, OfPerson)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(fields, func(f Field) bool { return f.ID == now.Field })
		if i < 0 {
			return social.Errorf(social.NotFound, "There is no such field.")
		}
		had, err := b.Store.Values(ctx, owners)
		if err != nil {
			return err
		}
		if was = had[now.Field]; was.Field == "" {
			was.Field = now.Field
		}
		if now.At.IsZero() {
			now.By, now.At = member(ctx), b.now()
		}
		if err := b.Store.SaveValue(ctx, object, now); err != nil {
			return err
		}
		return b.told(ctx, "fill", string(OfPerson), object, map[string]any{fields[i].Key: true, "source": now.Source})
	})
	return was, err
}

// owner finds what values belong to, in scope, and the ids that it had.
func (b *Books) owner(ctx context.Context, of Subject, owner string) (string, []string, error) {
	switch of {
	case OfOrganization:
		o, err := b.Store.Organization(ctx, OrganizationID(owner))
		return string(o.ID), []string{string(o.ID)}, err
	case OfOpportunity:
		o, err := b.Store.Opportunity(ctx, OpportunityID(owner))
		return string(o.ID), []string{string(o.ID)}, err
	case OfPerson:
		p, err := b.People.Person(ctx, social.PersonID(owner))
		if err != nil {
			return "", nil, err
		}
		same, err := b.Store.Same(ctx, p.ID)
		return string(p.ID), same, err
	}
	return "", nil, invalid("of", "A field belongs to a person, an organization or an opportunity.")
}

// Values gives what fields hold of one, which must be in scope.
func (b *Books) Values(ctx context.Context, of Subject, owner string) (map[FieldID]Value, error) {
	_, owners, err := b.owner(ctx, of, owner)
	if err != nil {
		return nil, err
	}
	return b.Store.Values(ctx, owners)
}
