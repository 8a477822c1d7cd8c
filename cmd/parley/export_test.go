package main

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// TestEveryTableCanBeTakenOut reads each table of an export on both engines,
// and looks that none holds a secret.
func TestEveryTableCanBeTakenOut(t *testing.T) {
	engines := map[string]string{"sqlite": ""}
	if os.Getenv("PARLEY_TEST_DATABASE") != "" {
		engines["postgres"] = storetest.Database(t)
	}
	secret := regexp.MustCompile(`secret|password|hash|token|sealed|session`)
	for engine, url := range engines {
		h, err := build(t.Context(), plan{store: store.Options{Dir: t.TempDir(), URL: url}})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, table := range h.exports.Tables {
			if slices.Contains(names, table.Name) {
				t.Errorf("%s: two tables are called %s", engine, table.Name)
			}
			names = append(names, table.Name)
			if _, err := table.Count(t.Context()); err != nil {
				t.Errorf("%s: %s is not counted: %v", engine, table.Name, err)
			}
			if table.From == "" {
				t.Errorf("%s: of what is %s made?", engine, table.Name)
			}
			if rows, last, err := table.Page(t.Context(), "", 10); err != nil || len(rows) > 0 && len(rows[0]) != len(table.Columns) || len(rows) > 0 && last == "" {
				t.Errorf("%s: %s is not read: %v", engine, table.Name, err)
			}
			for _, c := range table.Columns {
				if secret.MatchString(c) {
					t.Errorf("%s: %s has a column %s", engine, table.Name, c)
				}
			}
		}
		if engine == "sqlite" {
			nothingIsForgotten(t, h)
		}
		if err := h.db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// notTaken are the tables that an export leaves out, and why.
var notTaken = map[string]string{
	// Made out of others, and made anew from them.
	"activity_reading": "the words of mentions, cut for reading", "activity_text": "the search", "know_word": "the search", "know_sense": "what articles mean, to a model",
	"facet": "counts", "facet_day": "counts", "heard_hour": "counts", "conversation_tally": "counts", "tally": "counts", "tally_day": "counts", "wait_day": "counts", "term_day": "counts",
	"place_day": "counts", "person_day": "counts", "outcome_day": "counts", "pledge_day": "counts", "survey_day": "counts", "segment_day": "counts", "order_day": "counts", "stage_outcome": "counts",
	"opportunity_sum": "counts", "hive_sum": "counts", "influence": "worked out of who answers whom", "influence_bond": "the same", "web": "the same", "bond": "who answers whom, in the mentions themselves",
	"person_term": "the search", "person_profile": "what segments see, out of all rooms", "alert_cause": "which mentions an alert names", "place_past": "how far work is", "identity_programme": "where accounts were heard, in the mentions",
	"business_term": "the search", "know_search": "words that visitors typed", "know_visit": "visits of a day, forgotten with it", "know_visit_article": "the same",
	"message_translation": "what a machine made of messages, made anew from them",
	// How Parley works by itself.
	"migration": "which schema this is", "know_change": "a counter",
	"outbox": "facts on their way", "follower": "how far each part has heard", "parked": "facts that wait for a person", "idempotency": "requests that were answered", "inbound": "what arrived and is being read",
	"inbound_waiting": "the same", "setting": "how this installation is set, with keys among it", "checkpoint": "signed states of the record, for this installation's key", "export_job": "exports themselves",
	"rule_run": "what rules did, which is in the record", "rule_task": "what rules are about to do", "segment_mark": "who is to be looked at", "segment_step": "who came and went, told to other systems",
	"pledge_outcome": "what stands in conversations", "pledge_version": "older forms of pledges", "publish_attempt": "tries to publish, in the posts themselves", "publish_queue": "slots of channels",
	"publish_rule": "who approves", "publish_hold": "holds of all posts", "delivery_report": "what networks said of deliveries", "deed": "what can be taken back for a while", "conversation_read": "what a member has read",
	"conversation_mention": "who was named in notes, which are in messages", "notice": "what members were told", "tuning": "rounds of learning", "tuned_model": "models that were learned",
	"bring_error": "errors of imports", "bring_file": "imports", "bring_step": "what imports did, to take it back", "history_error": "errors of old archives", "history_file": "old archives that were read",
	"presence_audit": "how the register was looked at", "presence_round": "the same", "presence_candidate": "what a search found", "presence_search": "searches", "alert_rule": "what alerts need, by subject",
	"file_part": "the bytes of files, which are there as files",
	// Not for another system, or not ours to hand on.
	"session": "who is signed in", "token": "keys", "attempt": "tries to sign in", "draft": "what a member has not said", "know_draft": "what a member has not kept",
	"door": "open visits of a chat or form, with their keys", "door_line": "what was said there, which is in mentions and messages", "door_file": "what was brought there, which is with mentions and messages", "hook_endpoint": "addresses of other systems, with their secrets", "hook_delivery": "what they were told",
	"suppression": "prints of who was erased", "account": "which of a channel's accounts are ours", "hive_offer": "whom the hive asked and who passed, which nobody but the hive learns", "person_extra": "own fields of imports, in field_values",
	"letter": "mails of alerts, in the steps of alerts", "letter_wish": "who wants them",
	"conversation_aged": "whose words went, by the rules of retention",
	"deletion":          "conversations that somebody deleted, which is in the record",
	"inbox_shelf":       "in which order a member has views",
}

// nothingIsForgotten looks that each table is in the export or has a reason
// not to be.
func nothingIsForgotten(t *testing.T, h *house) {
	var tables []string
	err := h.db.IDB(t.Context()).NewRaw(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'activity_text_%' AND name NOT LIKE 'goose%'`).Scan(t.Context(), &tables)
	if err != nil {
		t.Fatal(err)
	}
	taken := map[string]bool{}
	for _, x := range h.exports.Tables {
		taken[x.From] = true
	}
	for _, name := range tables {
		switch why, out := notTaken[name]; {
		case !taken[name] && !out:
			t.Errorf("%s is in no export. Add it to the room's Extracts, or say in notTaken why not.", name)
		case taken[name] && out:
			t.Errorf("%s is in the export, and notTaken says why it is not", name)
		case out && why == "":
			t.Errorf("why is %s not in the export?", name)
		}
	}
	for name := range notTaken {
		if !slices.Contains(tables, name) {
			t.Errorf("notTaken speaks of %s, which does not exist", name)
		}
	}
}
