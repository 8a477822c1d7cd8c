package bring

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/rows"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
)

// OrganizationNamed are what a column of a file of organizations can be, in the
// order in which they are asked. A field of the company's own is "field:" and
// its key.
var OrganizationNamed = []string{"name", "domain", "external_id", "parent", "parent_id", "industry", "owner"}

var calledOrganization = map[string][]string{
	"name":        {"companyname", "accountname", "organizationname", "organisationname", "company", "organization", "organisation", "account", "firma", "firmenname", "unternehmen", "nomdelentreprise", "entreprise", "societe", "empresa", "azienda", "name", "nom", "nombre"},
	"domain":      {"companydomainname", "domain", "domainname", "companydomain", "website", "websiteurl", "web", "homepage", "url", "webseite", "siteweb", "sitioweb"},
	"external_id": {"externalid", "companyid", "accountid", "organizationid", "organisationid", "recordid", "recordidcompany", "crmid", "accountnumber", "kundennummer", "firmennummer", "id"},
	"parent":      {"parentcompany", "parentaccount", "parentorganization", "parentorganisation", "parent", "mutterfirma", "konzern", "maisonmere", "empresamatriz"},
	"parent_id":   {"parentid", "parentcompanyid", "parentaccountid", "parentorganizationid", "mutterid"},
	"industry":    {"industry", "sector", "branche", "secteur", "industria", "sectorindustry"},
	"owner":       {"companyowner", "accountowner", "owner", "ownername", "owneremail", "verantwortlich", "betreuer", "proprietaire", "responsable"},
}

// GuessOrganizations says which column is what, if these are organizations;
// sure says that they look like some: no column is a person's.
func GuessOrganizations(columns []string, own []deal.Field) (found map[string]string, sure bool) {
	found = map[string]string{}
	take := taking(columns, found)
	for _, f := range own {
		if !f.Archived {
			take(ownField+f.Key, func(c string) bool { return c == fold(f.Key) || c == fold(f.Name) })
		}
	}
	usually(append([]string{"parent_id", "external_id"}, OrganizationNamed...), calledOrganization, found, take)
	for _, c := range columns {
		for _, of := range []string{"given", "family", "email"} {
			if slices.Contains(called[of], fold(c)) {
				return found, false
			}
		}
	}
	return found, found["name"] != "" && (found["domain"] != "" || found["parent"] != "" || found["parent_id"] != "" || found["industry"] != "" && fold(found["name"]) != "name")
}

// withOrganizations checks what somebody says of a file of organizations.
func (f Import) withOrganizations(o Settings, a about) (Settings, error) {
	bad := func(field, text string) (Settings, error) {
		return o, &social.Error{Kind: social.Invalid, Field: field, Text: text}
	}
	switch {
	case a.orgs == nil:
		return bad("kind", "Organizations are not taken in here.")
	case f.Format == VCard:
		return bad("kind", "An address book has persons only.")
	}
	shown := f.shown()
	for field, column := range o.Columns {
		key, own := strings.CutPrefix(field, ownField)
		if _, known := a.orgs[key]; own && !known || !own && !slices.Contains(OrganizationNamed, field) {
			return bad("columns", "An organization has no field “"+rows.Clip(field)+"”.")
		}
		if column != "" && !slices.Contains(shown, column) {
			return bad("columns", "The file has no column “"+rows.Clip(column)+"”.")
		}
	}
	if o.Match == nil {
		o.Match = slices.Clone(deal.OrganizationKeys)
	}
	for _, k := range o.Match {
		if !slices.Contains(deal.OrganizationKeys, k) {
			return bad("match", "Organizations are found by external_id, domain or name.")
		}
	}
	has := func(k string) bool { return o.Columns[k] != "" }
	switch {
	case !slices.ContainsFunc(deal.OrganizationKeys, has):
		return bad("columns", "Say which column has the name, the domain or an id: by these an organization is found again.")
	case !slices.ContainsFunc(o.Match, has):
		return bad("match", "Choose something that the file has to find organizations by.")
	}
	o.Days, o.Currency, o.Dial = "", "", ""
	return f.common(o)
}

// common checks what files of persons and of organizations have in common.
func (f Import) common(o Settings) (Settings, error) {
	bad := func(field, text string) (Settings, error) {
		return o, &social.Error{Kind: social.Invalid, Field: field, Text: text}
	}
	if o.Wins == "" {
		o.Wins = FileWins
	}
	if o.Only == "" {
		o.Only = Both
	}
	if o.System = strings.TrimSpace(o.System); o.System == "" {
		o.System = "crm"
	}
	switch {
	case o.Wins != FileWins && o.Wins != WeWin:
		return bad("wins", "Say who wins: the file, or what is here.")
	case o.Only != Both && o.Only != Create && o.Only != Update:
		return bad("only", "Say what is done: both, create or update.")
	case utf8.RuneCountInString(o.System) > 40:
		return bad("system", "The name of the system has at most 40 characters.")
	}
	return o, nil
}

// Found is a row of a file of organizations.
type Found struct {
	Spot
	Told  deal.Told
	Taken deal.Taken // what would come of it
	Owner string     // what the member is called in the file
}

// found reads a row of a file of organizations.
func (f Import) found(r rows.Row, a about) Found {
	o := Found{}
	if o.Line, o.Source, o.Why = where(r); o.Why != "" {
		return o
	}
	get := func(field string) string { return f.value(r, field) }
	o.Told = deal.Told{Organization: deal.Organization{Name: get("name"), Domain: get("domain"), Industry: get("industry"), External: get("external_id"), Programme: f.Settings.Programme},
		Above: get("parent"), AboveExternal: get("parent_id"), Values: map[string]string{}, By: f.Settings.Match, Completes: f.Settings.Wins == WeWin}
	o.Told.Source = f.Settings.System
	if o.Owner = get("owner"); o.Owner != "" {
		who := a.members[strings.ToLower(o.Owner)]
		if who == "" {
			o.Why = "“" + rows.Clip(o.Owner) + "” is no member here, by email address or whole name."
			return o
		}
		o.Told.Owner = who
	}
	for key, field := range a.orgs {
		v := get(ownField + key)
		if v == "" {
			continue
		}
		kept, err := field.Read(usual(field.Type, v))
		if err != nil {
			o.Why = sentence(err)
			return o
		}
		o.Told.Values[key] = kept
	}
	return o
}

// twins are what organizations of earlier rows of a dry run are found by, and
// which id each has.
type twins map[string]string

// meet reports whether one came before, and why it can't be taken after that.
func (t twins) meet(o deal.Organization, by []string) (had bool, why string) {
	for key, v := range map[string]string{"external_id": o.External, "domain": o.Domain, "name": strings.ToLower(o.Name)} {
		if v == "" || !slices.Contains(by, key) {
			continue
		}
		id, ok := t[key+"\x00"+v]
		switch {
		case ok && key == "domain" && id != "" && o.External != "" && id != o.External:
			return true, "Its domain belongs to an earlier row, which has another id."
		case ok && (key != "name" || o.Domain == ""):
			had = true
		}
		t[key+"\x00"+v] = o.External
	}
	return had, ""
}

// established works out what would come of a row. Why it can't be taken is told
// to the row; an error is anything else.
func (d *Desk) established(ctx context.Context, f Import, o *Found, twice twins) (what string, t deal.Taken, err error) {
	t, err = d.Organizations.ForeseeOrganization(ctx, o.Told)
	var known *social.Error
	if errors.As(err, &known) && slices.Contains([]social.Kind{social.Invalid, social.NotFound, social.Forbidden, social.Conflict}, known.Kind) {
		o.Why = known.Text
		return "", t, nil
	}
	if err != nil {
		return "", t, err
	}
	came := false
	if twice != nil { // came earlier in this dry run?
		if came, o.Why = twice.meet(t.Will, o.Told.By); o.Why != "" {
			return "", t, nil
		}
	}
	switch {
	case t.New && came:
		what = WillUpdate
	case t.New:
		what = WillCreate
	case t.Same():
		what = WillSame
	default:
		what = WillUpdate
	}
	if t.Made != nil && twice != nil {
		twice.meet(t.Made.Will, deal.OrganizationKeys)
	}
	if f.Settings.Only == Create && what != WillCreate || f.Settings.Only == Update && t.New {
		what = WillPass
	}
	return what, t, nil
}

// lookAtOrganizations shows what would come of the first rows.
func (d *Desk) lookAtOrganizations(ctx context.Context, f Import, in rows.Reader, a about) ([]Look, error) {
	var out []Look
	twice := twins{}
	for len(out) < previewed {
		r, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		o := f.found(r, a)
		l := Look{Line: o.Line, Source: o.Source, Found: &o}
		if o.Why == "" {
			if l.What, o.Taken, err = d.established(ctx, f, &o, twice); err != nil {
				return nil, err
			}
			for _, w := range o.Taken.Texts {
				l.Tells = append(l.Tells, w.Field)
			}
			for key, field := range a.orgs {
				if slices.ContainsFunc(o.Taken.Values, func(w deal.Written) bool { return w.Field == string(field.ID) }) {
					l.Tells = append(l.Tells, ownField+key)
				}
			}
			slices.Sort(l.Tells)
			if o.Taken.New {
				l.Tells = nil
			}
		}
		l.Why = o.Why
		out = append(out, l)
	}
	return out, nil
}

// establish takes in some rows, and keeps how far it is in the same transaction.
func (d *Desk) establish(ctx context.Context, f *Import, in rows.Reader, a about, twice twins) (more bool, err error) {
	began := d.Clock.Now()
	r := &following{Reader: in, end: f.Position}
	var all []Found
	for more = true; len(all) < rowsAtOnce; {
		one, err := r.Next()
		if errors.Is(err, io.EOF) {
			more = false
			break
		}
		if err != nil {
			return false, err
		}
		all = append(all, f.found(one, a))
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
		next.Position, next.Rows = r.end, f.Rows+r.n
		if err := d.found(acting(ctx, *f), &next, all, twice); err != nil {
			return err
		}
		var wrong []Mistake
		for _, o := range all {
			if o.Why != "" {
				wrong = append(wrong, Mistake{o.Line, o.Why, o.Source})
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

// found keeps organizations, or only counts them in a dry run.
func (d *Desk) found(ctx context.Context, f *Import, all []Found, twice twins) error {
	b := Batch{Import: *f, Programme: f.Settings.Programme, By: f.Member, At: d.Clock.Now()}
	for i := range all {
		o := &all[i]
		if o.Why != "" {
			continue
		}
		what, _, err := d.established(ctx, *f, o, twice)
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
		case WillPass:
			f.Passed++
			continue
		default:
			f.Same++
			continue
		}
		if f.Dry {
			continue
		}
		t, err := d.Organizations.TakeOrganization(ctx, o.Told)
		if err != nil {
			return err
		}
		f.Steps++
		b.Steps = append(b.Steps, &Step{N: f.Steps, Organization: &t})
	}
	if len(b.Steps) == 0 {
		return nil
	}
	if err := d.Store.Write(ctx, b); err != nil {
		return err
	}
	return d.Store.Record(ctx, social.Entry{Verb: "import", Object: "organization", ID: f.ID, Detail: map[string]any{"organizations": len(b.Steps), "from": b.Steps[0].N, "to": f.Steps}})
}

// closeAgain undoes steps in the order given, and counts the organizations that
// were to go and stay.
func (d *Desk) closeAgain(ctx context.Context, f Import, steps []Step) (kept int, err error) {
	for _, s := range steps {
		if s.Organization == nil {
			continue
		}
		done, err := d.Organizations.UntakeOrganization(acting(ctx, f), *s.Organization)
		if err != nil && !social.Forbidden.Is(err) {
			return kept, err
		}
		if !done {
			kept++
		}
	}
	return kept, nil
}
