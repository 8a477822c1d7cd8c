package main

import (
	"context"
	"maps"
	"strings"

	"github.com/parley-crm/parley/evolve"
	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/peopleapi"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// Named says what persons are called.
func (a around) Named(ctx context.Context, ids []social.PersonID) (map[social.PersonID]people.Ref, error) {
	return a.h.persons.Named(ctx, ids)
}

// dealTalks tells business of conversations.
type dealTalks struct{ h *house }

// Talks implements deal.Talks.
func (d dealTalks) Talks(ctx context.Context, ids []social.ConversationID) ([]deal.Talk, error) {
	if _, ok := social.ActorOf(ctx); ok {
		in, may := around(d).reaching(ctx, social.InboxRead)
		if !may {
			return nil, nil
		}
		ctx = in
	}
	rows, err := d.h.talks.Rows(ctx, ids)
	if err != nil {
		return nil, err
	}
	who := make([]social.IdentityID, len(rows))
	for i, c := range rows {
		who[i] = c.Author.ID()
	}
	persons, err := d.h.persons.Persons(ctx, who)
	out := make([]deal.Talk, len(rows))
	for i, c := range rows {
		out[i] = deal.Talk{ID: c.ID, Subject: c.Subject, Channel: c.Channel, Programme: c.Programme, Person: persons[who[i]], State: string(c.State), At: c.LastAt}
	}
	return out, err
}

// Credits implements peopleapi.DealAround.
func (a around) Credits(ctx context.Context, external string) ([]peopleapi.Credit, error) {
	all, err := a.h.outcomes.Counted(ctx, external)
	out := make([]peopleapi.Credit, len(all))
	for i, c := range all {
		out[i] = peopleapi.Credit{Kind: c.Kind, Amount: c.Value.Minor, Currency: c.Value.Currency, At: c.CreatedAt, Back: c.Reverses != ""}
	}
	return out, err
}

// creditOrders reports paid orders as outcomes. The outcome has the order's
// external id, so that a shop which reports both is counted once.
func (h *house) creditOrders(ctx context.Context, facts []store.Fact) error {
	for _, f := range facts {
		if back, ok := f.Fact.(social.Returned); ok {
			kind := "refund"
			if back.Status == "cancelled" {
				kind = "cancellation"
			}
			if err := h.ledger.Reverse(asParley(ctx), back.External, kind); err != nil {
				return err
			}
			continue
		}
		b, ok := f.Fact.(social.Bought)
		if !ok {
			continue
		}
		r := evolve.Report{ExternalID: b.External, Kind: "sale", Value: evolve.Money{Minor: b.Amount, Currency: b.Currency}, At: b.At, Conversation: b.Conversation, Programme: b.Programme}
		if _, err := h.ledger.Again(asParley(ctx), r); err != nil {
			return err
		}
	}
	return nil
}

// byName finds colleagues by what stands after an @ in a note.
type byName struct{ h *house }

// all lists members by their whole names and addresses, in small letters; a
// name that two have is nobody's.
func (b byName) all(ctx context.Context) (map[string]social.MemberID, error) {
	out, twice := map[string]social.MemberID{}, map[string]bool{}
	for cursor := ""; ; {
		page, next, err := b.h.office.Members(asParley(ctx), cursor, 100)
		if err != nil {
			return nil, err
		}
		for _, m := range page {
			if m.State == govern.Disabled {
				continue
			}
			name := strings.ToLower(m.Name)
			twice[name] = out[name] != ""
			out[name], out[strings.ToLower(m.Email)] = m.ID, m.ID
		}
		if cursor = next; next == "" {
			maps.DeleteFunc(out, func(k string, _ social.MemberID) bool { return twice[k] })
			return out, nil
		}
	}
}

// Mentioned implements card.Mates: by the whole name, or by a first name or
// the beginning of an address that only one has.
func (b byName) Mentioned(ctx context.Context, names []string) ([]social.MemberID, error) {
	var out []social.MemberID
	found := map[string][]social.MemberID{}
	for cursor := ""; ; {
		page, next, err := b.h.office.Members(asParley(ctx), cursor, 100)
		if err != nil {
			return nil, err
		}
		for _, m := range page {
			first, _, _ := strings.Cut(m.Name, " ")
			at, _, _ := strings.Cut(m.Email, "@")
			had := map[string]bool{}
			for _, k := range []string{m.Name, first, at} {
				if k = strings.ToLower(k); !had[k] {
					had[k] = true
					found[k] = append(found[k], m.ID)
				}
			}
		}
		if cursor = next; next == "" {
			break
		}
	}
	for _, n := range names {
		n = strings.ToLower(strings.TrimRight(n, ".,"))
		first, _, _ := strings.Cut(n, " ")
		for _, k := range []string{n, first} {
			if len(found[k]) == 1 {
				out = append(out, found[k][0])
				break
			}
		}
	}
	return out, nil
}
