package dealdb_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/dealdb"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// talks are the conversations that there are, by id.
type talks map[social.ConversationID]deal.Talk

// Talks implements deal.Talks.
func (t talks) Talks(ctx context.Context, ids []social.ConversationID) (out []deal.Talk, _ error) {
	for _, id := range ids {
		if x, ok := t[id]; ok && social.ScopeOf(ctx).Sees(x.Programme) {
			out = append(out, x)
		}
	}
	return out, nil
}

type world struct {
	*deal.Books
	t     *testing.T
	db    *store.DB
	book  *people.Book
	now   *clock.Set
	talks talks
	ctx   context.Context // a manager who sees all
}

func as(scope social.Scope) context.Context {
	return social.WithScope(social.WithActor(context.Background(), social.Actor{Member: "ada", Name: "Ada"}), scope)
}

func each(t *testing.T, f func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		s := peopledb.New(db)
		w := &world{t: t, db: db, now: now, book: &people.Book{Store: s, Clock: now}, talks: talks{}, ctx: as(social.Scope{All: true})}
		w.Books = &deal.Books{Store: dealdb.New(db), People: w.book, Talks: w.talks, Clock: now}
		w.must(w.Open(w.ctx))
		f(w)
	})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// meet makes a person who was heard in a programme.
func (w *world) meet(handle string, p social.ProgrammeID) social.PersonID {
	w.t.Helper()
	a := social.Author{Scheme: "acct", Value: handle, Handle: handle, Name: handle}
	w.must(w.book.Store.Meet(w.ctx, []people.Seen{{Author: a, Programme: p, At: w.now.Now()}}))
	ids, err := w.book.Store.Persons(w.ctx, []social.IdentityID{a.ID()})
	w.must(err)
	return ids[a.ID()]
}

func (w *world) org(name, domain string) deal.Organization {
	w.t.Helper()
	o, err := w.AddOrganization(w.ctx, deal.Organization{Name: name, Domain: domain})
	w.must(err)
	return o
}

func TestOrganizations(t *testing.T) {
	each(t, func(w *world) {
		hotel := w.org("  Hotel   Adria ", "https://www.Adria.example/rooms")
		if hotel.Name != "Hotel Adria" || hotel.Domain != "adria.example" {
			t.Errorf("kept as %q at %q", hotel.Name, hotel.Domain)
		}
		for name, try := range map[string]deal.Organization{
			"a name is needed":        {Name: " "},
			"a domain is a domain":    {Name: "x", Domain: "not a domain"},
			"nor somebody at one":     {Name: "x", Domain: "me@adria.example"},
			"a domain is held by one": {Name: "Other", Domain: "ADRIA.example"},
		} {
			if _, err := w.AddOrganization(w.ctx, try); err == nil {
				t.Errorf("%s", name)
			}
		}
		bar := w.org("Adria Bar", "")
		parent := func(of, to deal.OrganizationID) error {
			_, err := w.EditOrganization(w.ctx, of, deal.OrganizationChange{Parent: &to})
			return err
		}
		w.must(parent(bar.ID, hotel.ID))
		if err := parent(hotel.ID, bar.ID); !social.Invalid.Is(err) {
			t.Errorf("a circle of organizations: %v", err)
		}
		for _, n := range []string{"Zest", "Žito", "Öl", "Ebony"} {
			w.org(n, "")
		}
		var names []string
		for cursor := ""; ; {
			page, next, err := w.Store.Organizations(w.ctx, deal.OrganizationQuery{Cursor: cursor, Limit: 2})
			w.must(err)
			for _, o := range page {
				names = append(names, o.Name)
			}
			if cursor = next; next == "" {
				break
			}
		}
		if len(names) != 6 {
			t.Errorf("pages hold %v", names)
		}
		for q, want := range map[string]int{"adria": 2, "hot adr": 1, "%": 6, "dria": 0, "adria.ex": 1} {
			if got, _, err := w.Store.Organizations(w.ctx, deal.OrganizationQuery{Words: q}); err != nil || len(got) != want {
				t.Errorf("%q finds %d, want %d (%v)", q, len(got), want, err)
			}
		}
	})
}

func TestWhoIsOutOfScopeSeesNothing(t *testing.T) {
	each(t, func(w *world) {
		south := as(social.Scope{Programmes: []social.ProgrammeID{"south"}})
		north := as(social.Scope{Programmes: []social.ProgrammeID{"north"}})
		hotel := w.org("Hotel", "")
		nils := w.meet("nils", "north")
		if _, err := w.Store.Organization(north, hotel.ID); !social.NotFound.Is(err) {
			t.Errorf("of the whole house: %v", err)
		}
		_, err := w.Affiliate(w.ctx, deal.Affiliation{Person: nils, Organization: hotel.ID, Title: "Buyer"})
		w.must(err)
		if _, err := w.Store.Organization(north, hotel.ID); err != nil {
			t.Errorf("somebody of the north works there: %v", err)
		}
		if _, err := w.Store.Organization(south, hotel.ID); !social.NotFound.Is(err) {
			t.Errorf("nobody of the south does: %v", err)
		}
		if staff, _, err := w.Store.Staff(south, hotel.ID, "", 10); err != nil || len(staff) != 0 {
			t.Errorf("its staff: %v %v", staff, err)
		}
		o, err := w.AddOpportunity(north, deal.Opportunity{Name: "Machines", Person: nils, Programme: "north"}, "")
		w.must(err)
		for what, try := range map[string]func() error{
			"read":  func() error { _, err := w.Store.Opportunity(south, o.ID); return err },
			"write": func() error { _, err := w.EditOpportunity(south, o.ID, deal.OpportunityChange{}); return err },
			"move":  func() error { _, err := w.Move(south, o.ID, deal.Moving{To: "sales-won"}); return err },
			"begin with a stranger": func() error {
				_, err := w.AddOpportunity(south, deal.Opportunity{Name: "x", Person: nils, Programme: "south"}, "")
				return err
			},
			"fields": func() error { _, err := w.Values(south, deal.OfPerson, string(nils)); return err },
			"role":   func() error { _, err := w.AffiliationsOf(south, nils); return err },
		} {
			if err := try(); !social.NotFound.Is(err) {
				t.Errorf("%s from outside: %v", what, err)
			}
		}
		if _, err := w.AddOpportunity(south, deal.Opportunity{Name: "x", Programme: "north"}, ""); !social.Forbidden.Is(err) {
			t.Errorf("into another programme: %v", err)
		}
		if _, err := w.KeepPipeline(south, deal.Pipeline{Name: "Mine"}); !social.Forbidden.Is(err) {
			t.Errorf("a pipeline for all: %v", err)
		}
		p, _, err := w.Store.Opportunities(south, deal.OpportunityQuery{})
		if totals, _ := w.Store.Totals(south, []deal.StageID{"sales-new"}); err != nil || len(p) != 0 || len(totals) != 0 {
			t.Errorf("list %v, totals %v", p, totals)
		}
	})
}

func TestAFieldIsNotWrittenOverByAMachine(t *testing.T) {
	each(t, func(w *world) {
		size, err := w.AddField(w.ctx, deal.Field{Of: deal.OfOrganization, Name: "Head count", Type: "number"})
		w.must(err)
		if size.Key != "head_count" {
			t.Errorf("key %q", size.Key)
		}
		_, err = w.AddField(w.ctx, deal.Field{Of: deal.OfOrganization, Name: "Tier", Type: "choice", Choices: []string{"Gold", " Silver ", "Gold", ""}})
		w.must(err)
		o := string(w.org("Hotel", "").ID)
		fill := func(key, v string, s deal.Source) string {
			if _, err := w.Fill(w.ctx, deal.OfOrganization, o, map[string]string{key: v}, s); err != nil {
				var e *social.Error
				errors.As(err, &e)
				return e.Text
			}
			got, err := w.Values(w.ctx, deal.OfOrganization, o)
			w.must(err)
			return got[size.ID].Value + " " + string(got[size.ID].Source)
		}
		for i, tt := range []struct {
			key, v string
			source deal.Source
			want   string
		}{
			{"head_count", "12", deal.ByEnrichment, "12 enrichment"},
			{"head_count", " 014.50 ", deal.ByImport, "14.5 import"},
			{"head_count", "20", deal.ByMember, "20 member"},
			{"head_count", "999", deal.ByEnrichment, "20 member"},
			{"head_count", "many", deal.ByMember, "Head count: write a number such as 12.5."},
			{"head_count", "NaN", deal.ByMember, "Head count: write a number such as 12.5."},
			{"tier", "Bronze", deal.ByAPI, "Tier: choose one of Gold, Silver."},
			{"nothing", "x", deal.ByAPI, `There is no field called "nothing".`},
			{"head_count", "", deal.ByMember, " member"}, // that it was taken away is known
			{"head_count", "7", deal.ByEnrichment, " member"},
		} {
			if got := fill(tt.key, tt.v, tt.source); got != tt.want {
				t.Errorf("%d: %s = %q by %s: %q, want %q", i, tt.key, tt.v, tt.source, got, tt.want)
			}
		}
	})
}

func TestWhatBelongsToAPersonFollowsAMergeAndComesBack(t *testing.T) {
	each(t, func(w *world) {
		anna, ann := w.meet("anna", "p"), w.meet("ann", "p")
		o := w.org("Hotel", "")
		_, err := w.Affiliate(w.ctx, deal.Affiliation{Person: ann, Organization: o.ID, Title: "Buyer"})
		w.must(err)
		f, err := w.AddField(w.ctx, deal.Field{Of: deal.OfPerson, Name: "Shoe", Type: "text"})
		w.must(err)
		for who, v := range map[social.PersonID]string{anna: "38", ann: "40"} {
			_, err := w.Fill(w.ctx, deal.OfPerson, string(who), map[string]string{"shoe": v}, deal.ByMember)
			w.must(err)
		}
		made, err := w.AddOpportunity(w.ctx, deal.Opportunity{Name: "Machines", Person: ann}, "")
		w.must(err)
		look := func(who social.PersonID) string {
			a, err := w.AffiliationsOf(w.ctx, who)
			w.must(err)
			d, _, err := w.OpportunitiesOf(w.ctx, who, deal.OpportunityQuery{})
			w.must(err)
			v, err := w.Values(w.ctx, deal.OfPerson, string(who))
			w.must(err)
			return fmt.Sprintf("%d %d %s", len(a), len(d), v[f.ID].Value)
		}
		before := look(anna) + " " + look(ann)
		m, err := w.book.Join(w.ctx, anna, ann)
		w.must(err)
		if got := look(anna); got != "1 1 38" || look(ann) != got {
			t.Errorf("joined: %s and %s", got, look(ann))
		}
		next := "call"
		_, err = w.EditOpportunity(w.ctx, made.ID, deal.OpportunityChange{NextStep: &next})
		w.must(err)
		w.must(w.book.Split(w.ctx, m.ID))
		if got := look(anna) + " " + look(ann); got != before {
			t.Errorf("apart again: %s, was %s", got, before)
		}
	})
}

func TestTwoConversationsOneOpportunity(t *testing.T) {
	each(t, func(w *world) {
		nils := w.meet("nils", "north")
		hotel := w.org("Hotel", "")
		_, err := w.Affiliate(w.ctx, deal.Affiliation{Person: nils, Organization: hotel.ID})
		w.must(err)
		w.talks["c1"] = deal.Talk{ID: "c1", Subject: "Two machines for our lobby?", Programme: "north", Person: nils}
		w.talks["c2"] = deal.Talk{ID: "c2", Subject: "And a grinder", Programme: "north", Person: nils}
		o, err := w.AddOpportunity(w.ctx, deal.Opportunity{}, "c1")
		w.must(err)
		if o.Name != "Two machines for our lobby?" || o.Person != nils || o.Organization != hotel.ID || o.Programme != "north" || o.Stage != "sales-new" {
			t.Errorf("begun as %+v", o)
		}
		w.must(w.Hold(w.ctx, o.ID, "c2", true))
		w.must(w.Hold(w.ctx, o.ID, "c2", true))
		if err := w.Hold(w.ctx, o.ID, "c9", true); !social.NotFound.Is(err) {
			t.Errorf("a conversation that is not there: %v", err)
		}
		for c, want := range map[social.ConversationID]int{"c1": 1, "c2": 1, "c3": 0} {
			if got, _, err := w.Store.Opportunities(w.ctx, deal.OpportunityQuery{Conversation: c}); err != nil || len(got) != want {
				t.Errorf("of %s: %d, want %d (%v)", c, len(got), want, err)
			}
		}
		w.must(w.Hold(w.ctx, o.ID, "c1", false))
		if got, err := w.Store.Opportunity(w.ctx, o.ID); err != nil || got.Talks != 1 {
			t.Errorf("holds %d (%v)", got.Talks, err)
		}
	})
}

func TestMoving(t *testing.T) {
	each(t, func(w *world) {
		o, err := w.AddOpportunity(w.ctx, deal.Opportunity{Name: "Machines", Amount: 129_900, Currency: "eur"}, "")
		w.must(err)
		if o.Currency != "EUR" {
			t.Errorf("in %s", o.Currency)
		}
		for _, tt := range []struct {
			name string
			m    deal.Moving
			kind social.Kind
		}{
			{"goes on", deal.Moving{To: "sales-offer", From: "sales-new"}, ""},
			{"from where it no longer stands", deal.Moving{To: "sales-won", From: "sales-new"}, social.Conflict},
			{"to where it stands", deal.Moving{To: "sales-offer"}, ""},
			{"lost without a reason", deal.Moving{To: "sales-lost"}, social.Invalid},
			{"lost", deal.Moving{To: "sales-lost", Reason: "Price"}, ""},
			{"back again", deal.Moving{To: "sales-talks"}, ""},
			{"won", deal.Moving{To: "sales-won"}, ""},
			{"nowhere", deal.Moving{To: "moon"}, social.Invalid},
		} {
			_, err := w.Move(w.ctx, o.ID, tt.m)
			var e *social.Error
			if errors.As(err, &e); (err == nil) != (tt.kind == "") || e != nil && e.Kind != tt.kind {
				t.Errorf("%s: %v", tt.name, err)
			}
			w.now.Add(time.Hour)
		}
		steps, err := w.Store.Steps(w.ctx, o.ID)
		w.must(err)
		if len(steps) != 5 || steps[0].To != "sales-won" || steps[4].From != "" {
			t.Errorf("history %+v", steps)
		}
		got, err := w.Store.Outcomes(w.ctx, []deal.StageID{"sales-new", "sales-offer", "sales-qualified"})
		w.must(err)
		if fmt.Sprint(got) != "[{sales-new 1 0} {sales-offer 1 0}]" {
			t.Errorf("outcomes %v", got)
		}
		p, err := w.Store.Pipelines(w.ctx)
		w.must(err)
		less := p[0]
		less.Stages = append(less.Stages[:4:4], less.Stages[5])
		if _, err := w.KeepPipeline(w.ctx, less); err == nil {
			t.Error("a pipeline in which nothing can be won")
		}
	})
}

// TestTotalsAreWhatTheOpportunitiesAddUpTo does this and that at random.
func TestTotalsAreWhatTheOpportunitiesAddUpTo(t *testing.T) {
	each(t, func(w *world) {
		r := rand.New(rand.NewPCG(1, 2))
		p, err := w.Store.Pipelines(w.ctx)
		w.must(err)
		var made []deal.OpportunityID
		pick := func(s ...string) string { return s[r.IntN(len(s))] }
		for range 120 {
			w.now.Add(time.Minute)
			stage := p[0].Stages[r.IntN(len(p[0].Stages))].ID
			switch n := r.IntN(10); {
			case n < 4 || len(made) == 0:
				o, err := w.AddOpportunity(w.ctx, deal.Opportunity{Name: "x", Amount: r.Int64N(3) * 500, Currency: pick("EUR", "USD"), Programme: social.ProgrammeID(pick("a", "b", "")),
					CloseOn: pick("", "2027-01-31", "2027-02-01"), Stage: stage, Reason: "r"}, "")
				w.must(err)
				made = append(made, o.ID)
			case n < 7:
				_, err := w.Move(w.ctx, made[r.IntN(len(made))], deal.Moving{To: stage, Reason: "r"})
				w.must(err)
			case n < 9:
				amount, currency, day, in := r.Int64N(4)*250, pick("EUR", "JPY"), pick("", "2027-03-01"), social.ProgrammeID(pick("a", "b"))
				_, err := w.EditOpportunity(w.ctx, made[r.IntN(len(made))], deal.OpportunityChange{Amount: &amount, Currency: &currency, CloseOn: &day, Programme: &in})
				w.must(err)
			default:
				i := r.IntN(len(made))
				w.must(w.RemoveOpportunity(w.ctx, made[i]))
				made = append(made[:i], made[i+1:]...)
			}
		}
		for _, scope := range []social.Scope{{All: true}, {Programmes: []social.ProgrammeID{"b"}}} {
			ctx := as(scope)
			want := map[string]string{}
			n, sum := map[string]int{}, map[string]int64{}
			for cursor := ""; ; {
				page, next, err := w.Store.Opportunities(ctx, deal.OpportunityQuery{Cursor: cursor, Limit: 7})
				w.must(err)
				for _, o := range page {
					key := string(o.Stage) + o.Currency
					if o.CloseOn != "" {
						key += o.CloseOn[:7]
					}
					n[key]++
					sum[key] += o.Amount
					want[key] = fmt.Sprint(n[key], sum[key])
				}
				if cursor = next; next == "" {
					break
				}
			}
			totals, outcomes, err := w.Totals(ctx, p[0])
			w.must(err)
			if len(totals) != len(want) || len(want) < 4 {
				t.Errorf("%d totals, want %d", len(totals), len(want))
			}
			for _, x := range totals {
				if key := string(x.Stage) + x.Currency + x.Month; want[key] != fmt.Sprint(x.N, x.Amount) {
					t.Errorf("%s: %d %d, want %s", key, x.N, x.Amount, want[key])
				}
			}
			for _, o := range outcomes {
				if o.Won < 0 || o.Lost < 0 {
					t.Errorf("outcomes %+v", o)
				}
			}
		}
	})
}
