package bring

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
)

// Stand is what is known of a person, as far as a file can change it.
type Stand struct {
	Person social.PersonID
	Name   string
	Place  string
	Lang   string
	Notes  string
	Tags   []social.TagID
	Values map[deal.FieldID]string
	// Sources say who wrote each value.
	Sources map[deal.FieldID]string
	Works   map[deal.OrganizationID]bool // where they work now
}

// Text is a field that was written over.
type Text struct {
	Field string `json:"f"` // name, place, lang, notes, or the id of a field of the company's own
	Was   string `json:"w"`
	Now   string `json:"n"`
	// Source is who had written a value of the company's own field; "" where
	// there was none.
	Source string `json:"s,omitempty"`
}

// Job says that somebody works somewhere.
type Job struct {
	ID           string              `json:"id"`
	Organization deal.OrganizationID `json:"o"`
	Title        string              `json:"t"`
}

// Step is what a row did to a person: all that is needed to take it back.
type Step struct {
	N        int64               `json:"-"`
	Person   social.PersonID     `json:"-"`
	New      bool                `json:"new,omitempty"`
	Texts    []Text              `json:"texts,omitempty"`
	Values   []Text              `json:"values,omitempty"`
	Accounts []social.IdentityID `json:"accounts,omitempty"`
	Tags     []social.TagID      `json:"tags,omitempty"`
	Jobs     []Job               `json:"jobs,omitempty"`
	Founded  deal.OrganizationID `json:"founded,omitempty"` // an organization that is new
	Met      time.Time           `json:"met,omitzero"`      // when somebody new ordered, which is all that is known of them
	Order    *Sold               `json:"order,omitempty"`

	Organization *deal.Taken `json:"organization,omitempty"`

	accounts []social.Author // what Accounts name
}

// Sold is what was kept of an order, and what stood there before.
type Sold struct {
	Wrote deal.Order  `json:"n"`
	Was   *deal.Order `json:"w,omitempty"` // nil where it was not known
}

func (s Step) empty() bool {
	return !s.New && len(s.Texts)+len(s.Values)+len(s.Accounts)+len(s.Tags)+len(s.Jobs) == 0
}

// What becomes of a row.
const (
	WillCreate = "create"
	WillUpdate = "update"
	WillSame   = "same"
	WillPass   = "pass"
)

// plan is what would come of some rows.
type plan struct {
	entries []Entry
	what    []string // of each entry; "" where it is wrong
	steps   []*Step  // of each entry; nil where there is none
	called  []string // what the person is called

	fresh   []social.PersonID              // persons who are new, in order
	stands  map[social.PersonID]*Stand     // as they would be
	dirty   map[social.PersonID]bool       // persons whose own fields change
	founded map[deal.OrganizationID]string // new organizations and their names
	owner   map[social.IdentityID]person   // who holds which account
	orgs    map[string]deal.OrganizationID // by folded name
	own     map[string]deal.Field          // by key
}

type person = social.PersonID

// Seen tracks accounts across a dry run, so that who comes twice in a file is
// counted as new once.
type seen map[social.IdentityID]bool

// prepare works out what comes of rows, without writing anything. twice, where
// it is given, holds the accounts of earlier rows of a dry run.
func (d *Desk) prepare(ctx context.Context, f Import, a about, entries []Entry, twice seen) (*plan, error) {
	p := &plan{entries: entries, what: make([]string, len(entries)), steps: make([]*Step, len(entries)), called: make([]string, len(entries)),
		stands: map[person]*Stand{}, dirty: map[person]bool{}, founded: map[deal.OrganizationID]string{}, orgs: map[string]deal.OrganizationID{}, own: a.own}
	var ids []social.IdentityID
	var names []string
	for _, e := range entries {
		if e.Why != "" {
			continue
		}
		for _, x := range e.accounts() {
			ids = append(ids, x.ID())
		}
		if e.Organization != "" {
			names = append(names, strings.ToLower(e.Organization))
		}
	}
	var err error
	if p.owner, err = d.Store.Persons(ctx, ids); err != nil {
		return nil, err
	}
	had := slices.Compact(slices.Sorted(maps.Values(p.owner)))
	if p.stands, err = d.Store.Stands(ctx, had); err != nil {
		return nil, err
	}
	slices.Sort(names)
	if p.orgs, err = d.Store.OrganizationsCalled(ctx, slices.Compact(names)); err != nil {
		return nil, err
	}
	for i := range entries {
		d.row(f, p, i, twice)
	}
	return p, nil
}

// row works out what comes of one.
func (d *Desk) row(f Import, p *plan, i int, twice seen) {
	e := &p.entries[i]
	if e.Why != "" {
		return
	}
	var who person
	by := ""
	again := false
	for _, k := range Keys {
		x, ok := e.Keys[k]
		if !ok || !slices.Contains(f.Settings.Match, k) {
			continue
		}
		again = again || twice[x.ID()]
		found := p.owner[x.ID()]
		switch {
		case found == "" || found == who:
		case who == "":
			who, by = found, k
		default:
			e.Why = "Its " + word[by] + " belongs to " + quoted(p.stands[who]) + " and its " + word[k] + " to " + quoted(p.stands[found]) + ". If they are one person, join them first."
			return
		}
	}
	if twice != nil {
		for _, x := range e.accounts() {
			twice[x.ID()] = true
		}
	}
	now := p.stands[who]
	switch {
	case who != "" && now == nil: // out of sight
		e.Why = "The person is not one whom you see."
		return
	case who == "" && again: // came earlier in this dry run
		p.what[i], p.called[i] = WillUpdate, e.Name
		if f.Settings.Only == Create {
			p.what[i] = WillPass
		}
		return
	case who == "" && f.Settings.Only == Update, who != "" && f.Settings.Only == Create && !slices.Contains(p.fresh, who):
		p.what[i] = WillPass
		if now != nil {
			p.called[i] = now.Name
		}
		return
	}
	s := &Step{}
	p.what[i] = WillUpdate
	if who == "" {
		who = person(id.At(d.Clock.Now()))
		now = &Stand{Person: who, Values: map[deal.FieldID]string{}, Sources: map[deal.FieldID]string{}, Works: map[deal.OrganizationID]bool{}}
		p.stands[who] = now
		p.fresh = append(p.fresh, who)
		s.New, p.what[i] = true, WillCreate
		if e.Name == "" {
			now.Name = e.accounts()[0].Value
		}
	}
	s.Person = who
	p.write(f, e, s, now)
	p.steps[i], p.called[i] = s, now.Name
	if s.empty() {
		p.what[i], p.steps[i] = WillSame, nil
		return
	}
	if len(s.Texts) > 0 {
		p.dirty[who] = true
	}
}

var word = map[string]string{"external_id": "id", "email": "email address", "phone": "telephone number"}

func quoted(s *Stand) string {
	if s == nil {
		return "somebody whom you don't see"
	}
	return "“" + s.Name + "”"
}

// write notes what a row changes of a person.
func (p *plan) write(f Import, e *Entry, s *Step, now *Stand) {
	text := func(field string, to *string, v string) {
		if v == "" || v == *to || *to != "" && !s.New && f.Settings.Wins == WeWin {
			return
		}
		s.Texts = append(s.Texts, Text{Field: field, Was: *to, Now: v})
		*to = v
	}
	text("name", &now.Name, e.Name)
	text("place", &now.Place, e.Place)
	text("lang", &now.Lang, e.Lang)
	text("notes", &now.Notes, e.Notes)
	for _, key := range slices.Sorted(maps.Keys(e.Values)) {
		of, v := p.own[key].ID, e.Values[key]
		was := now.Values[of]
		if v == was || was != "" && f.Settings.Wins == WeWin || deal.Source(now.Sources[of]).Stays() {
			continue // what a colleague wrote into a field is never written over by a file
		}
		s.Values = append(s.Values, Text{Field: string(of), Was: was, Now: v, Source: now.Sources[of]})
		now.Values[of], now.Sources[of] = v, string(deal.ByImport)
	}
	for _, a := range e.accounts() {
		which := a.ID()
		if p.owner[which] != "" {
			continue // theirs already; or somebody else's, who keeps it
		}
		p.owner[which] = s.Person
		s.Accounts, s.accounts = append(s.Accounts, which), append(s.accounts, a)
	}
	for _, t := range e.Tags {
		if !slices.Contains(now.Tags, t) {
			now.Tags = append(now.Tags, t)
			s.Tags = append(s.Tags, t)
		}
	}
	if e.Organization == "" {
		return
	}
	folded := strings.ToLower(e.Organization)
	org := p.orgs[folded]
	if org == "" {
		org = deal.OrganizationID(id.New())
		p.orgs[folded], p.founded[org], s.Founded = org, e.Organization, org
	}
	if !now.Works[org] {
		now.Works[org] = true
		s.Jobs = append(s.Jobs, Job{id.New(), org, e.Title})
	}
}

// looks shows a plan.
func (p *plan) looks() []Look {
	out := make([]Look, len(p.entries))
	for i, e := range p.entries {
		l := Look{Line: e.Line, Entry: e, What: p.what[i], Known: p.called[i], Why: e.Why, Source: e.Source}
		if s := p.steps[i]; s != nil && !s.New {
			l.Person = s.Person
			for _, t := range s.Texts {
				l.Tells = append(l.Tells, t.Field)
			}
			for _, v := range s.Values {
				for key, f := range p.own {
					if string(f.ID) == v.Field {
						l.Tells = append(l.Tells, ownField+key)
					}
				}
			}
			for _, a := range s.accounts {
				l.Tells = append(l.Tells, map[string]string{"mailto": "email", "tel": "phone", "external": "external_id", "acct": "mastodon", "url": "url"}[a.Scheme])
			}
			if len(s.Tags) > 0 {
				l.Tells = append(l.Tells, "tags")
			}
			if len(s.Jobs) > 0 {
				l.Tells = append(l.Tells, "organization")
			}
		}
		if e.Why != "" {
			l.What = ""
		}
		out[i] = l
	}
	return out
}
