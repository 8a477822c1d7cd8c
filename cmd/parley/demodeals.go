package main

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/cmd/parley/demo"
	"github.com/parley-crm/parley/cmd/parley/demoio"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/card"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
)

// trade lets the example company do business: its firms with who works there,
// what they may order, and what came up in conversations.
func (s *stage) trade(ctx context.Context) error {
	t := &trader{stage: s, now: s.clock.Now(), firms: map[string]deal.OrganizationID{}, buyers: map[string]social.PersonID{}}
	t.past = clock.NewSet(t.now)
	t.books = *s.deals
	t.books.Clock = t.past
	for _, step := range []func(context.Context) error{t.found, t.bid, t.heardOf, t.sell, t.exchange} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// trader does business in the past: its books have a clock of their own.
type trader struct {
	*stage
	now     time.Time
	past    *clock.Set
	books   deal.Books
	firms   map[string]deal.OrganizationID
	buyers  map[string]social.PersonID // the first of each firm
	members map[string]social.MemberID
	in      social.ProgrammeID // for wholesale
}

// exchange lets people come over from files, the warehouse be told, and a
// visitor of the shop ask something there.
func (t *trader) exchange(ctx context.Context) error {
	in, err := t.as(ctx, t.first, social.PeopleImport)
	if err != nil {
		return err
	}
	if err := demoio.TakeOver(in, t.imports, t.in, t.now); err != nil {
		return err
	}
	if in, err = t.as(ctx, t.first, social.HookWrite); err != nil {
		return err
	}
	if err := demoio.TellWarehouse(in, t.relay, t.db, t.now); err != nil {
		return err
	}
	if in, err = t.as(ctx, t.first, social.ChannelWrite); err != nil {
		return err
	}
	return demoio.Chat(in, t.station)
}

func (t *trader) ago(days int) { t.past.Move(t.now.AddDate(0, 0, -days)) }

// found adds the firms, who works there, and the fields that the company keeps.
func (t *trader) found(ctx context.Context) error {
	ctx, err := t.as(ctx, t.first, social.PeopleWrite)
	if err != nil {
		return err
	}
	if err := t.look(ctx); err != nil {
		return err
	}
	for _, f := range []deal.Field{{Of: deal.OfOrganization, Name: "Tier", Type: "choice", Choices: []string{"Gold", "Silver", "Bronze"}}, {Of: deal.OfOrganization, Name: "Customer number", Type: "text"},
		{Of: deal.OfOrganization, Name: "Pays by invoice", Type: "bool"}, {Of: deal.OfPerson, Name: "Birthday", Type: "date", Customer: true}, {Of: deal.OfPerson, Name: "Kettles at home", Type: "number"},
		{Of: deal.OfOpportunity, Name: "Competitor", Type: "text"}} {
		if _, err := t.books.AddField(ctx, f); err != nil {
			return err
		}
	}
	for i, f := range demo.Firms() {
		t.ago(88 - 3*i)
		o, err := t.books.AddOrganization(ctx, deal.Organization{Name: f.Name, Domain: f.Domain, Industry: f.Industry, Parent: t.firms[f.Parent], Programme: t.in})
		if err != nil {
			return err
		}
		t.firms[f.Name] = o.ID
		if _, err := t.books.Fill(ctx, deal.OfOrganization, string(o.ID), map[string]string{"tier": []string{"Gold", "Silver", "Bronze"}[i%3], "pays_by_invoice": []string{"true", "false"}[i%2]}, deal.ByMember); err != nil {
			return err
		}
		if _, err := t.books.Fill(ctx, deal.OfOrganization, string(o.ID), map[string]string{"customer_number": "BW-" + o.Domain[:3] + "-" + string(rune('1'+i%9))}, deal.ByImport); err != nil {
			return err
		}
		for _, b := range f.People {
			who, err := t.buyer(ctx, b)
			if err != nil {
				return err
			}
			if t.buyers[f.Name] == "" {
				t.buyers[f.Name] = who
			}
			if _, err := t.books.Affiliate(ctx, deal.Affiliation{Person: who, Organization: o.ID, Title: b.Title, Since: b.Since}); err != nil {
				return err
			}
		}
	}
	return nil
}

// look finds the members by the beginning of their address, and the programme.
func (t *trader) look(ctx context.Context) error {
	t.members = map[string]social.MemberID{}
	for cursor := ""; ; {
		page, next, err := t.office.Members(ctx, cursor, 100)
		if err != nil {
			return err
		}
		for _, m := range page {
			for _, b := range demo.Bids() {
				if m.Email == (demo.Member{Key: b.Owner}).Email() {
					t.members[b.Owner] = m.ID
				}
			}
		}
		if cursor = next; next == "" {
			break
		}
	}
	page, _, err := t.office.Programmes(ctx, "", 100)
	for _, p := range page {
		if p.Name == "Wholesale partners" {
			t.in = p.ID
		}
	}
	return err
}

// buyer finds somebody who speaks on the network, or writes down who does not.
func (t *trader) buyer(ctx context.Context, b demo.Buyer) (social.PersonID, error) {
	if b.Handle != "" {
		found, _, err := t.book.People(asParley(ctx), people.Query{Words: b.Handle, Limit: 1})
		if err == nil && len(found) > 0 {
			return found[0].ID, nil
		}
		if err != nil {
			return "", err
		}
		b.Email = b.Handle + "@" + string(practice.Microblog) + ".example"
	}
	a := social.Author{Scheme: "mailto", Value: b.Email, Handle: b.Email, Name: b.Name}
	if err := t.persons.Meet(ctx, []people.Seen{{Author: a, Programme: t.in, At: t.past.Now()}}); err != nil {
		return "", err
	}
	ids, err := t.persons.Persons(ctx, []social.IdentityID{a.ID()})
	return ids[a.ID()], err
}

// bid adds what may be ordered, and lets it go its way.
func (t *trader) bid(ctx context.Context) error {
	ctx, err := t.as(ctx, t.first, social.PeopleWrite) // some of them are known to other programmes only
	if err != nil {
		return err
	}
	for _, b := range demo.Bids() {
		owner := t.members[b.Owner]
		if owner == "" {
			owner = t.first
		}
		t.ago(b.Began)
		close := ""
		if b.Close != 0 {
			close = t.now.AddDate(0, 0, b.Close).Format(time.DateOnly)
		}
		o, err := t.books.AddOpportunity(ctx, deal.Opportunity{Name: b.Name, Organization: t.firms[b.Firm], Person: t.buyers[b.Firm], Programme: t.in, Owner: owner,
			Amount: b.Euros * 100, Currency: b.Currency, CloseOn: close, NextStep: b.Next, Stage: deal.StageID(b.Way[0])}, "")
		if err != nil {
			return err
		}
		for i, to := range b.Way[1:] {
			t.ago(b.Began - (b.Began-b.Moved)*(i+1)/(len(b.Way)-1))
			m := deal.Moving{To: deal.StageID(to)}
			if to == "sales-lost" {
				m.Reason = b.Reason
			}
			if _, err := t.books.Move(ctx, o.ID, m); err != nil {
				return err
			}
		}
	}
	t.past.Move(t.now)
	return nil
}

// recalled: what is said of the recall is no wish to buy, whatever a model reads.
var recalled = regexp.MustCompile(`(?i)k2|recall|refund|money back|bought|return`)

// heardOf begins an opportunity with those who asked lately what it costs.
func (t *trader) heardOf(ctx context.Context) error {
	ctx, err := t.as(ctx, t.first, social.PeopleWrite)
	if err != nil {
		return err
	}
	cursor, made := "", 0
	for range 20 {
		page, err := t.desk.List(ctx, engage.Query{View: engage.ViewAll, Cursor: cursor, Limit: 100})
		if err != nil {
			return err
		}
		for _, c := range page.Rows {
			if made == 8 {
				return nil
			}
			if !slices.ContainsFunc(c.Intents, func(l social.Label) bool { return l.Label == "purchase" }) || recalled.MatchString(c.Subject) {
				continue
			}
			made++
			if _, err := t.books.AddOpportunity(ctx, deal.Opportunity{Owner: t.members["wen.li"], Amount: int64(4_900 + 2_500*(made%4)), Currency: "EUR"}, c.ID); err != nil {
				return err
			}
		}
		if cursor = page.Next; cursor == "" {
			return nil
		}
	}
	return nil
}

// sell tells what the firms bought, what they want, and what was promised them.
func (t *trader) sell(ctx context.Context) error {
	ctx, err := t.as(ctx, t.first, social.PeopleWrite)
	if err != nil {
		return err
	}
	box := *t.cards
	box.Clock = t.past
	goods := []deal.OrderLine{{SKU: "K2", Name: "K2 kettle", Quantity: 12, Amount: 118_800}, {SKU: "D5", Name: "Descaler, five litres", Quantity: 4, Amount: 9_600},
		{SKU: "G1", Name: "G1 grinder", Quantity: 2, Amount: 59_000}}
	wants := []string{"One kettle that every guest understands without a manual.", "Repairs within a week, so that no room stands without one.", "Less plastic in every parcel."}
	for i, f := range demo.Firms() {
		who := t.buyers[f.Name]
		if who == "" {
			continue
		}
		for n := range 1 + i%3 {
			t.ago(80 - 6*i - 3*n)
			l := goods[(i+n)%len(goods)]
			status := []string{"done", "paid", "sent", "placed"}[(i+n)%4]
			o := deal.Order{External: fmt.Sprintf("B2B-%d", 70_000+10*i+n), Status: status, Amount: l.Amount, Currency: "EUR", Organization: t.firms[f.Name], Programme: t.in, At: t.past.Now(), Source: "B2B shop", Lines: []deal.OrderLine{l}}
			if _, _, err := t.books.Upsert(ctx, o, deal.Buyer{Person: who}); err != nil {
				return err
			}
			if i%4 == 1 && status == "paid" {
				o.Status = "refunded"
				if _, _, err := t.books.Upsert(ctx, o, deal.Buyer{Person: who}); err != nil {
					return err
				}
			}
		}
		t.ago(20 - i)
		if _, err := box.AddGoal(ctx, card.Goal{Person: who, Text: wants[i%len(wants)]}); err != nil {
			return err
		}
		p := card.Promise{Person: who, Text: []string{"Send the safety certificate", "Call back about the burrs", "A price for a hundred"}[i%3], Due: t.now.AddDate(0, 0, 3*i-4), Programme: t.in,
			Owner: cmp.Or(t.members["wen.li"], t.first)}
		if _, err := box.AddPromise(ctx, p); err != nil {
			return err
		}
		if _, err := box.AddNote(ctx, card.Note{Person: who, Text: "Met at the fair in spring. Prefers a call to a letter.", Pinned: i == 0}); err != nil {
			return err
		}
	}
	t.past.Move(t.now)
	return box.Remind(asParley(ctx))
}
