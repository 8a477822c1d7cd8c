package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/rule"
	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// What a rule says by itself asks the ledger of consents as well as STOP: when
// it is queued, and again when it leaves. What it did says why it did not speak.
func TestAutomaticAnswersAskTheLedger(t *testing.T) {
	onBoth(t, func(t *testing.T, where store.Options) {
		d := openDeletions(t, where)
		defer d.db.Close()
		r, err := d.desk.Rules.Save(d.me, rule.Rule{Name: "Thanks", When: rule.Opened, Acts: []rule.Act{{Do: rule.Reply, Text: "Thank you, we read this."}}, On: true})
		d.must(err)
		d.direct("bob", "the lid is broken")
		_, err = d.desk.Rule(d.ctx)
		d.must(err)
		if did := d.did(r.ID); did != "reply" {
			t.Errorf("to somebody who said nothing against it: %s", did)
		}
		// He refuses before it leaves.
		bob := d.with("bob", true)[0]
		d.refuses(bob.Identity)
		d.now.Add(time.Second)
		_, err = d.desk.Post(d.ctx)
		d.must(err)
		if ms, _, err := d.desk.Messages(d.me, bob.ID, "", 10); err != nil || !failed(ms, "They refused on") {
			t.Errorf("it left all the same: %+v %v", ms, err)
		}
		// She refused before she wrote.
		d.direct("zyxquorn", "hello")
		d.refuses(d.with("zyxquorn", true)[0].Identity)
		_, err = d.desk.Rule(d.ctx)
		d.must(err)
		if did := d.did(r.ID); !strings.HasPrefix(did, "reply: They refused on") {
			t.Errorf("to somebody who refused: %s", did)
		}
	})
}

func (d *deletions) refuses(who social.IdentityID) {
	d.t.Helper()
	d.now.Add(time.Second)
	p, err := d.book.Behind(d.ctx, who)
	d.must(err)
	_, err = d.consents.Write(d.me, p.ID, consent.Line{Identity: who, Purpose: consent.Service, State: consent.Refused, Source: consent.ByMember, Evidence: "said so"})
	d.must(err)
}

// did is what a rule did last.
func (d *deletions) did(id rule.ID) string {
	d.t.Helper()
	var did []string
	d.must(d.db.IDB(context.Background()).NewRaw("SELECT did FROM rule_run WHERE rule_id = ? ORDER BY at DESC, id DESC LIMIT 1", string(id)).Scan(d.ctx, &did))
	return strings.Trim(strings.Join(did, ""), `[]"`)
}

func failed(ms []engage.Message, why string) bool {
	for _, m := range ms {
		if m.Delivery != nil && m.Delivery.Stage == engage.Failed && strings.Contains(m.Delivery.Problem, why) {
			return true
		}
	}
	return false
}
