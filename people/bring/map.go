package bring

import (
	"context"
	"errors"
	"io"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/kit/rows"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
)

// Keys are what persons can be found by, the surest first.
var Keys = []string{"external_id", "email", "phone"}

// Named are what a column can be, in the order in which they are asked.
// A field of the company's own is "field:" and its key.
var Named = []string{"name", "given", "family", "email", "phone", "external_id", "organization", "title", "place", "lang", "email2", "phone2", "url", "mastodon", "tags", "notes"}

const ownField = "field:"

// called are what columns are usually called, folded.
var called = map[string][]string{
	"external_id":  {"externalid", "id", "uid", "customerid", "customernumber", "customerno", "contactid", "recordid", "kundennummer", "kundennr", "clientid", "numeroclient", "crmid"},
	"name":         {"name", "fullname", "displayname", "contactname", "customername", "contact", "fn", "nom", "nombre", "kunde"},
	"given":        {"firstname", "given", "givenname", "vorname", "prenom", "forename"},
	"family":       {"lastname", "family", "familyname", "surname", "nachname", "nomdefamille", "apellido", "apellidos"},
	"email":        {"email", "emailaddress", "mail", "emailadresse", "email1", "email1value", "primaryemail", "correo", "courriel", "workemail"},
	"email2":       {"email2", "email2value", "secondaryemail", "otheremail", "privateemail", "homeemail"},
	"phone":        {"phone", "phonenumber", "tel", "telephone", "mobile", "mobilephone", "telefon", "telefonnummer", "handy", "telefono", "phone1", "phone1value", "cell"},
	"phone2":       {"phone2", "phone2value", "otherphone", "workphone", "businessphone", "homephone", "landline"},
	"organization": {"organization", "organisation", "company", "companyname", "firma", "account", "accountname", "employer", "org", "empresa", "societe", "entreprise", "organization1name"},
	"title":        {"title", "jobtitle", "role", "position", "funktion"},
	"place":        {"place", "city", "location", "town", "ort", "stadt", "ville", "ciudad", "locality"},
	"lang":         {"lang", "language", "locale", "sprache", "langue", "idioma", "preferredlanguage"},
	"url":          {"url", "website", "web", "homepage", "webseite"},
	"mastodon":     {"mastodon", "fediverse"},
	"tags":         {"tags", "labels", "groups", "categories", "segment"},
	"notes":        {"notes", "note", "description", "comments", "notizen", "bemerkung", "remarks"},
}

func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// taking gives each column to one field at most.
func taking(columns []string, out map[string]string) func(field string, is func(folded string) bool) {
	taken := map[string]bool{}
	return func(field string, is func(folded string) bool) {
		for _, c := range columns {
			if f := fold(c); !taken[c] && f != "" && is(f) {
				out[field], taken[c] = c, true
				return
			}
		}
	}
}

// Guess says which column is what, by their names: fields of the company's own
// first where a column is called exactly like one.
func Guess(columns []string, own []deal.Field) map[string]string {
	out := map[string]string{}
	take := taking(columns, out)
	for _, f := range own {
		if !f.Archived {
			take(ownField+f.Key, func(c string) bool { return c == fold(f.Key) || c == fold(f.Name) })
		}
	}
	usually(append(slices.Clone(Keys), Named...), called, out, take)
	return out
}

// usually takes for each field the column that is called the most usual.
func usually(names []string, called map[string][]string, out map[string]string, take func(field string, is func(folded string) bool)) {
	for _, n := range names {
		if _, had := out[n]; had {
			continue
		}
		for _, usual := range called[n] {
			if _, had := out[n]; !had {
				take(n, func(c string) bool { return c == usual })
			}
		}
	}
}

// about is what a row is read with.
type about struct {
	own  map[string]deal.Field // by key
	tags social.Tags
	ids  map[string]social.TagID // by folded name
	sold bool                    // orders are taken in

	orgs    map[string]deal.Field // of organizations, by key; nil where none are taken in
	members map[string]social.MemberID
}

func (d *Desk) around(ctx context.Context) (about, error) {
	a := about{own: map[string]deal.Field{}, ids: map[string]social.TagID{}, sold: d.Sales != nil}
	fields, err := d.Fields.Fields(ctx, deal.OfPerson)
	if err != nil {
		return a, err
	}
	for _, f := range fields {
		if !f.Archived {
			a.own[f.Key] = f
		}
	}
	if d.Organizations != nil {
		a.orgs = map[string]deal.Field{}
		if fields, err = d.Fields.Fields(ctx, deal.OfOrganization); err != nil {
			return a, err
		}
		for _, f := range fields {
			if !f.Archived {
				a.orgs[f.Key] = f
			}
		}
		if d.Members != nil {
			if a.members, err = d.Members(ctx); err != nil {
				return a, err
			}
		}
	}
	if d.Tags == nil {
		return a, nil
	}
	if a.tags, err = d.Tags.Vocabulary(ctx); err != nil {
		return a, err
	}
	for id, t := range a.tags {
		if now, ok := a.tags.Now(id); ok && !now.Archived && !now.Closed {
			a.ids[strings.ToLower(t.Name)] = now.ID
		}
	}
	return a, nil
}

var dialForm = regexp.MustCompile(`^[1-9][0-9]{0,3}$`)

// with takes what somebody says over what was found out.
func (f Import) with(o Settings, a about) (Settings, error) {
	bad := func(field, text string) (Settings, error) {
		return o, &social.Error{Kind: social.Invalid, Field: field, Text: text}
	}
	o.Comma, o.Names, o.Guessed, o.Wide = f.Settings.Comma, f.Settings.Names, f.Settings.Guessed, f.Settings.Wide
	if o.Kind == "" {
		o.Kind = Persons
	}
	if o.Columns == nil {
		o.Columns = f.Settings.Columns
	}
	switch o.Kind {
	case Persons:
	case Orders:
		return f.withOrders(o, a)
	case Firms:
		return f.withOrganizations(o, a)
	default:
		return bad("kind", "A file has persons, orders or organizations.")
	}
	o.Days, o.Currency = "", ""
	shown := f.shown()
	for field, column := range o.Columns {
		key, own := strings.CutPrefix(field, ownField)
		if _, known := a.own[key]; own && !known || !own && !slices.Contains(Named, field) {
			return bad("columns", "There is no field “"+rows.Clip(field)+"”.")
		}
		if column != "" && !slices.Contains(shown, column) {
			return bad("columns", "The file has no column “"+rows.Clip(column)+"”.")
		}
	}
	if o.Match == nil {
		o.Match = slices.Clone(Keys)
	}
	o.Dial = strings.TrimPrefix(strings.TrimSpace(o.Dial), "+")
	if o.Dial != "" && !dialForm.MatchString(o.Dial) {
		return bad("dial", "A country's code is of digits, such as 49.")
	}
	for _, k := range o.Match {
		if !slices.Contains(Keys, k) {
			return bad("match", "Persons are found by external_id, email or phone.")
		}
	}
	if !slices.ContainsFunc(Keys, func(k string) bool { return o.Columns[k] != "" }) {
		return bad("columns", "Say which column has the email address, the telephone number or an id: by these a person is found again.")
	}
	if !slices.ContainsFunc(o.Match, func(k string) bool { return o.Columns[k] != "" }) {
		return bad("match", "Choose something that the file has to find persons by.")
	}
	return f.common(o)
}

// Entry is a row as it is read.
type Entry struct {
	Line         int64
	Source       string
	Name         string
	Place        string
	Lang         string
	Notes        string
	Organization string
	Title        string
	Keys         map[string]social.Author // of what the person can be found by
	More         []social.Author          // further accounts
	Tags         []social.TagID
	Values       map[string]string // by key of the field
	Why          string            // it can't be read
}

// accounts are all of an entry, the surest first.
func (e Entry) accounts() []social.Author {
	var out []social.Author
	for _, k := range Keys {
		if a, ok := e.Keys[k]; ok {
			out = append(out, a)
		}
	}
	return append(out, e.More...)
}

// Account is what is held under a key, as people read it; "" for none.
func (e Entry) Account(key string) string { return e.Keys[key].Value }

// read takes up to most rows. more says that the file goes on; end and count
// are how far it came.
func (f Import) read(r rows.Reader, a about, most int) (entries []Entry, more bool, err error) {
	for len(entries) < most {
		one, err := r.Next()
		if errors.Is(err, io.EOF) {
			return entries, false, nil
		}
		if err != nil {
			return entries, false, err
		}
		entries = append(entries, f.entry(one, a))
	}
	return entries, true, nil
}

// The most characters of each.
var most = map[string]int{"name": 200, "place": 200, "lang": 35, "notes": 20_000, "organization": 200, "title": 120, "external_id": 200}

// entry reads a row. It is a pure function of the row and the settings.
func (f Import) entry(r rows.Row, a about) Entry {
	e := Entry{Keys: map[string]social.Author{}, Values: map[string]string{}}
	if e.Line, e.Source, e.Why = where(r); e.Why != "" {
		return e
	}
	if err := f.fill(&e, r, a); err != nil {
		e.Why = sentence(err)
	}
	return e
}

// where says which line a row is, how it begins and why it can't be read.
func where(r rows.Row) (line int64, source, why string) {
	line, source = r.Line, r.Source
	if n, err := strconv.ParseInt(r.Values[lineColumn], 10, 64); err == nil {
		line = n
		_, source, _ = strings.Cut(r.Source, ",")
	}
	if why = r.Values[whyColumn]; why == "" && r.Err != nil {
		why = sentence(r.Err)
	}
	return line, source, why
}

// value is what a row holds of a field.
func (f Import) value(r rows.Row, field string) string {
	if c := f.Settings.Columns[field]; c != "" {
		return strings.TrimSpace(extract.Wild(strings.ToValidUTF8(strings.ReplaceAll(r.Values[c], "\x00", ""), "\uFFFD")))
	}
	return ""
}

func (f Import) fill(e *Entry, r rows.Row, a about) error {
	get := func(field string) string { return f.value(r, field) }
	for name, n := range most {
		if utf8.RuneCountInString(get(name)) > n {
			return social.Errorf(social.Invalid, "“%s” is longer than %d characters.", f.Settings.Columns[name], n)
		}
	}
	e.Name = strings.Join(strings.Fields(get("name")), " ")
	if e.Name == "" {
		e.Name = strings.Join(strings.Fields(get("given")+" "+get("family")), " ")
	}
	if utf8.RuneCountInString(e.Name) > most["name"] {
		return social.Errorf(social.Invalid, "The name is longer than %d characters.", most["name"])
	}
	e.Place, e.Lang, e.Notes, e.Organization, e.Title = get("place"), lang(get("lang")), get("notes"), get("organization"), get("title")
	if v := get("external_id"); v != "" {
		e.Keys["external_id"] = social.Author{Scheme: "external", Issuer: f.Settings.System, Value: v, Name: e.Name}
	}
	for _, k := range []string{"email", "email2"} {
		if err := e.mail(k, get(k)); err != nil {
			return err
		}
	}
	for _, k := range []string{"phone", "phone2"} {
		if err := e.phone(k, get(k), f.Settings.Dial); err != nil {
			return err
		}
	}
	if err := e.elsewhere(get("url"), get("mastodon")); err != nil {
		return err
	}
	if len(e.Keys) == 0 {
		return social.Errorf(social.Invalid, "It has no email address, telephone number or id, by which the person could be found again.")
	}
	if !slices.ContainsFunc(f.Settings.Match, func(k string) bool { return e.Keys[k].Value != "" }) {
		return social.Errorf(social.Invalid, "It has nothing of what persons are found by.")
	}
	for _, name := range strings.FieldsFunc(get("tags"), func(r rune) bool { return r == ',' || r == ';' || r == '|' }) {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		id, ok := a.ids[strings.ToLower(name)]
		if !ok {
			return social.Errorf(social.Invalid, "There is no tag “%s” that you may put on. Add it under Settings, Tags.", rows.Clip(name))
		}
		if !slices.Contains(e.Tags, id) {
			e.Tags = append(e.Tags, id)
		}
	}
	for key, field := range a.own {
		v := get(ownField + key)
		if v == "" {
			continue
		}
		kept, err := field.Read(usual(field.Type, v))
		if err != nil {
			return err
		}
		e.Values[key] = kept
	}
	return nil
}

// usual makes what spreadsheets write what a field takes.
func usual(kind, v string) string {
	switch kind {
	case "bool":
		switch strings.ToLower(v) {
		case "yes", "y", "1", "true", "x", "ja", "oui", "si", "sí", "wahr":
			return "true"
		case "no", "n", "0", "false", "-", "nein", "non", "falsch":
			return "false"
		}
	case "date":
		for _, l := range []string{time.DateTime, "02.01.2006", "2.1.2006", "2006/01/02", time.RFC3339} {
			if t, err := time.Parse(l, v); err == nil {
				return t.Format(time.DateOnly)
			}
		}
	}
	return v
}

func (e *Entry) mail(key, v string) error {
	if v == "" {
		return nil
	}
	m, err := mail.ParseAddress(v)
	if err != nil || len(m.Address) > 254 || strings.ContainsAny(m.Address, " \t\r\n") || !strings.Contains(m.Address[strings.LastIndexByte(m.Address, '@'):], ".") {
		return social.Errorf(social.Invalid, "“%s” is no email address.", rows.Clip(v))
	}
	address := strings.ToLower(m.Address)
	e.hold(key, social.Author{Scheme: "mailto", Value: address, Handle: address, Name: e.Name})
	return nil
}

func (e *Entry) phone(key, v, dial string) error {
	if v == "" {
		return nil
	}
	number, _, _ := strings.Cut(v, ";") // tel:+44-20-7946-0958;ext=12
	n := strings.NewReplacer(" ", "", "\u00a0", "", "-", "", "(0)", "", "(", "", ")", "", ".", "", "/", "", "–", "").Replace(number)
	switch {
	case strings.HasPrefix(n, "00"):
		n = "+" + n[2:]
	case strings.HasPrefix(n, "+"):
	case dial != "" && strings.HasPrefix(n, "0"):
		n = "+" + dial + n[1:]
	case dial != "":
		n = "+" + dial + n
	default:
		return social.Errorf(social.Invalid, "“%s” has no country. Write it as +44 20 7946 0958, or say which country numbers without one are of.", rows.Clip(v))
	}
	if strings.Trim(n[1:], "0123456789") != "" || len(n) < 8 || len(n) > 16 {
		return social.Errorf(social.Invalid, "“%s” is no telephone number.", rows.Clip(v))
	}
	e.hold(key, social.Author{Scheme: "tel", Value: n, Name: e.Name})
	return nil
}

// hold keeps an account under the key, or among the others where it is the
// second of its sort.
func (e *Entry) hold(key string, a social.Author) {
	first := strings.TrimSuffix(key, "2")
	if had, ok := e.Keys[first]; !ok {
		e.Keys[first] = a
	} else if had.Value != a.Value {
		e.More = append(e.More, a)
	}
}

func (e *Entry) elsewhere(page, fediverse string) error {
	if page != "" {
		if !strings.Contains(page, "://") {
			page = "https://" + page
		}
		u, err := url.Parse(page)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || !strings.Contains(u.Host, ".") || len(page) > 500 || u.User != nil {
			return social.Errorf(social.Invalid, "“%s” is no web address.", rows.Clip(page))
		}
		e.More = append(e.More, social.Author{Scheme: "url", Value: u.String(), URL: u.String(), Name: e.Name})
	}
	if fediverse != "" {
		handle := strings.ToLower(strings.TrimPrefix(fediverse, "@"))
		name, host, ok := strings.Cut(handle, "@")
		if !ok || name == "" || !strings.Contains(host, ".") || strings.ContainsAny(handle, " /\\<>\"'") || len(handle) > 200 {
			return social.Errorf(social.Invalid, "“%s” is no account such as @maya@social.example.", rows.Clip(fediverse))
		}
		e.More = append(e.More, social.Author{Scheme: "acct", Value: handle, Handle: handle, Name: e.Name})
	}
	return nil
}

var langForm = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// lang keeps tags of BCP 47 and leaves other words out.
func lang(s string) string {
	s = strings.ReplaceAll(s, "_", "-")
	if !langForm.MatchString(s) {
		return ""
	}
	first, _, _ := strings.Cut(s, "-")
	return strings.ToLower(first)
}
