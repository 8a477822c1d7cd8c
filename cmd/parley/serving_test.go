package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/analyze"
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

// What our own people write is never scored: an answer that comes back from the
// network gets a language and nothing else, nobody can score it by hand, and no
// table puts a feeling beside a member.
func TestOurOwnWordsAreNeverScored(t *testing.T) {
	onBoth(t, func(t *testing.T, where store.Options) {
		d := openDeletions(t, where)
		defer d.db.Close()
		d.direct("bob", "I hate this broken lid, I am furious")
		bob := d.with("bob", true)[0]
		_, err := d.desk.Reply(d.me, bob.ID, engage.Words{Key: "r", Text: "I hate that too, I am so furious and sad. This is terrible!"})
		d.must(err)
		d.now.Add(time.Second)
		_, err = d.desk.Post(d.ctx)
		d.must(err)
		d.settle()
		var own, theirs []string
		d.must(d.db.IDB(d.ctx).NewRaw("SELECT id FROM activity WHERE own").Scan(d.ctx, &own))
		d.must(d.db.IDB(d.ctx).NewRaw("SELECT id FROM activity WHERE NOT own").Scan(d.ctx, &theirs))
		if len(own) != 1 || len(theirs) != 1 {
			t.Fatalf("heard %d of ours and %d of theirs", len(own), len(theirs))
		}
		scores, err := d.scores.Scores(d.ctx, []social.ActivityID{social.ActivityID(own[0]), social.ActivityID(theirs[0])})
		d.must(err)
		if s := scores[social.ActivityID(theirs[0])]; s.Sentiment == nil {
			t.Errorf("their words are not scored, so the rest proves nothing: %+v", s)
		}
		if s := scores[social.ActivityID(own[0])]; s.Lang != "en" || s.Sentiment != nil || s.Emotions != nil || len(s.Intents) > 0 || s.Toxicity != nil || s.Topics != nil {
			t.Errorf("our words: %+v", s)
		}
		if _, err := d.corrector.Correct(d.me, social.ActivityID(own[0]), analyze.PartSentiment, []string{social.Negative}); !social.Forbidden.Is(err) {
			t.Errorf("scored by hand: %v", err)
		}
		var felt int
		d.must(d.db.IDB(d.ctx).NewRaw("SELECT (SELECT COUNT(*) FROM message WHERE kind <> 'theirs' AND (sentiment <> '' OR intents <> '')) + (SELECT COUNT(*) FROM activity_reading r JOIN activity a ON a.seq = r.seq WHERE a.own AND (r.sentiment <> '' OR r.emotion <> '' OR r.intents <> ''))").Scan(d.ctx, &felt))
		if felt > 0 {
			t.Errorf("%d rows hold how our people felt", felt)
		}
		for _, table := range tablesOf(t, d.house) {
			columns := " " + strings.Join(columnsOf(t, d.house, table), " ") + " "
			if table != "message" && strings.Contains(columns, " member_id ") && (strings.Contains(columns, "sentiment") || strings.Contains(columns, "negative") || strings.Contains(columns, "emotion")) {
				t.Errorf("%s puts a feeling beside a member: %s", table, columns)
			}
		}
	})
}

func tablesOf(t *testing.T, h *house) (out []string) {
	t.Helper()
	list := "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'activity_text%'"
	if h.db.Engine == store.Postgres {
		list = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
	}
	if err := h.db.IDB(t.Context()).NewRaw(list).Scan(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func columnsOf(t *testing.T, h *house, table string) (out []string) {
	t.Helper()
	list := "SELECT name FROM pragma_table_info(?)"
	if h.db.Engine == store.Postgres {
		list = "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ?"
	}
	if err := h.db.IDB(t.Context()).NewRaw(list, table).Scan(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}
