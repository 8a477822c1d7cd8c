package forget

import (
	"context"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/mend"
	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/people/retain"
	"github.com/parley-crm/parley/social"
)

// Example lets the example company keep what its customers agreed to.
func Example(ctx context.Context, l consent.Ledger, k *privacy.Keeper, persons []people.Person) error {
	now := l.Clock.Now()
	past := clock.NewSet(now)
	ledger := l
	ledger.Clock = past
	ago := func(days int) { past.Move(now.AddDate(0, 0, -days).Add(-time.Duration(37*days) * time.Minute)) }
	var err error
	texts := map[string]consent.Text{}
	for _, t := range []struct {
		ago                 int
		purpose, name, body string
	}{
		{88, consent.Marketing, "News and offers", "Brewell may write to me about new kettles and offers. I can stop it at any time."},
		{41, consent.Marketing, "News and offers", "Brewell may write to me about new kettles, recipes and offers, at most twice a month. I can stop it at any time, by writing STOP or on my page."},
		{86, consent.Sampling, "Products to try", "Brewell may send me products to try, and ask me afterwards how they were. Nothing is to be paid or sent back."},
		{60, "topic:brew-school", "Brew school", "Tell me when there is a course of the brew school near me."},
		{35, consent.Research, "Interviews", "Brewell may invite me to interviews of half an hour, four times a year at most."},
	} {
		ago(t.ago)
		if texts[t.purpose], err = ledger.WriteText(ctx, consent.Text{Purpose: t.purpose, Name: t.name, Body: t.body}); err != nil {
			return err
		}
	}
	says := []struct {
		ago                      int
		purpose, state, evidence string
	}{
		{30, consent.Marketing, consent.Granted, "ticked at the till in Portland, receipt 4471"},
		{28, "topic:brew-school", consent.Granted, "signed the list at the open day"},
		{24, consent.Sampling, consent.Granted, "said so in a direct message"},
		{21, consent.Marketing, consent.Refused, "asked not to get any, on the telephone"},
		{17, consent.Research, consent.Requested, ""},
		{12, consent.Sampling, consent.Granted, "form of the tasters’ club"},
	}
	for i, p := range persons {
		if len(p.Identities) == 0 || i%3 == 2 {
			continue
		}
		for j := range 1 + i%3 {
			w := says[(i+2*j)%len(says)]
			ago(w.ago - i%9)
			l := consent.Line{Identity: p.Identities[0].ID, Purpose: w.purpose, State: w.state, Text: texts[w.purpose].ID, Source: consent.ByMember, Evidence: w.evidence, Jurisdiction: "US"}
			if w.purpose == consent.Sampling {
				l.Expires = past.Now().AddDate(1, 0, 0)
			}
			if _, err := ledger.Write(ctx, p.ID, l); err != nil {
				return err
			}
		}
		if i%7 == 3 {
			ago(2)
			if _, err := ledger.Withdraw(ctx, p.ID, "", consent.ByMember, "wrote that it was too much"); err != nil {
				return err
			}
		}
	}
	return ask(ctx, k, now, persons)
}

// ask lets two customers ask about themselves: one has a copy, one waits.
func ask(ctx context.Context, k *privacy.Keeper, now time.Time, persons []people.Person) error {
	if len(persons) < 12 {
		return nil
	}
	r, err := k.Ask(ctx, privacy.Request{Person: persons[5].ID, Kind: privacy.Export, AskedBy: "customer", How: "in a direct message from that account", AskedAt: now.AddDate(0, 0, -9)})
	if err != nil {
		return err
	}
	if _, err := k.Carry(ctx, r.ID); err != nil {
		return err
	}
	_, err = k.Ask(ctx, privacy.Request{Person: persons[11].ID, Kind: privacy.Erasure, AskedBy: "customer", How: "by letter, signed; the address agrees with the last order", AskedAt: now.AddDate(0, 0, -4)})
	return err
}

// Keep lets the example company say how long what is kept, look at what would
// go, and hold what its recall needs.
func Keep(ctx context.Context, k *privacy.Keeper, o *retain.Office, recall social.ProgrammeID) error {
	for _, r := range []retain.Rule{{Kind: retain.Posts, Months: 2}, {Kind: retain.Conversations, Months: 24}, {Kind: retain.Raw, Months: 2}, {Kind: retain.Persons, Months: 36}} {
		if _, err := o.Add(ctx, r); err != nil {
			return err
		}
	}
	if recall != "" {
		if _, err := k.Place(ctx, privacy.Hold{Kind: privacy.HeldProgramme, Object: string(recall), Reason: "The recall of the K2 lids: our insurer asks that nothing of it is lost until the last claim is settled."}); err != nil {
			return err
		}
	}
	_, err := o.Dry(ctx)
	return err
}

// Correct lets two customers say on the page about themselves what is right;
// a colleague has not looked at it yet.
func Correct(ctx context.Context, d *mend.Desk, owner social.MemberID, persons []people.Person) error {
	items, err := d.Items(ctx)
	if err != nil {
		return err
	}
	left := 2
	for i, p := range persons {
		if left == 0 || i%3 != 1 || len(p.Identities) == 0 || p.Name == "" {
			continue
		}
		left--
		right := map[deal.FieldID]string{"": p.Name + " Hartmann"}
		for _, x := range items {
			if x.Field != "" && x.Type == "date" {
				right[x.Field] = "1987-05-14"
			}
		}
		if left == 0 {
			delete(right, "")
		}
		if err := d.Propose(ctx, p.Identities[0].ID, owner, right); err != nil {
			return err
		}
	}
	return nil
}
