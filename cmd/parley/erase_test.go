package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/engage/moderate"
	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/engage/translate"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/card"
	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// The canary: whoever finds one of these words after the erasure has found a leak.
const (
	canaryName   = "Zyxavia Quorndle"
	canaryHandle = "zyxquorn"
	canaryMail   = "zyx.quorndle@home.example"
	canarySecret = "velvetmoth" // what only they said
)

const oldFile = "author,text\n" + canaryMail + ",my lid\n"

var canaries = []string{"zyxavia", "quorndle", canaryHandle, canarySecret}

// TestErasureLeavesNoName plants somebody in every room, erases them, and
// searches every table, every file, the search and the whole data folder.
func TestErasureLeavesNoName(t *testing.T) {
	onBoth(t, eraseIn)
}

func eraseIn(t *testing.T, where store.Options) {
	ctx := asParley(context.Background())
	h, err := build(ctx, plan{store: where, timing: engage.Timing{Undo: time.Hour}})
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	defer func() {
		if !closed {
			h.db.Close()
		}
	}()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	who := plant(t, h)
	must(h.db.Drain(ctx, h.followers()...))
	before := lookFor(t, h, canaries)
	for _, place := range []string{"activity", "inbound", "message", "conversation", "draft", "person", "identity", "person_term", "person_note", "person_goal", "person_promise", "person_merge", "file", "file_part",
		"event_guest", "event_letter", "know_answer", "know_word", "know_draft", "hive_offer", "survey_ask", "message_translation", "message_copy", "enclosed", "notice", "idempotency", "outbox", "parked", "consent", "opportunity", "field_value", "door_line", "history_error", "setting", "door_file"} {
		if before[place] == 0 {
			t.Errorf("nothing was planted in %s, so the search after proves nothing", place)
		}
	}
	counts := func() string {
		var out []string
		for _, q := range []string{"SELECT COUNT(*) FROM activity", "SELECT COUNT(*) FROM message", "SELECT COUNT(*) FROM conversation", "SELECT COALESCE(SUM(count), 0) FROM tally_day", "SELECT COUNT(*) FROM customer_order", "SELECT COUNT(*) FROM consent", "SELECT COALESCE(SUM(score), 0) FROM survey_ask"} {
			var n int
			must(h.db.IDB(ctx).NewRaw(q).Scan(ctx, &n))
			out = append(out, fmt.Sprint(n))
		}
		return strings.Join(out, " ")
	}
	was := counts()

	// A copy has what every room holds.
	r, err := h.keeper.Ask(ctx, privacy.Request{Person: who, Kind: privacy.Export, AskedBy: "customer"})
	must(err)
	s, err := h.keeper.Subject(ctx, who)
	must(err)
	rooms, err := h.keeper.Gather(ctx, s)
	must(err)
	for _, room := range []string{"people", "business", "privacy", "inbox", "knowledge", "listening", "understanding", "events", "satisfaction"} {
		if len(rooms[room]) == 0 {
			t.Errorf("the copy has nothing of %s", room)
		}
	}
	if r, err = h.keeper.Carry(ctx, r.ID); err != nil || r.State != privacy.Done {
		t.Fatal(r.State, err)
	}

	// A hold keeps them.
	hold, err := h.keeper.Place(ctx, privacy.Hold{Kind: privacy.HeldPerson, Object: string(who), Reason: "a lawsuit"})
	must(err)
	r, err = h.keeper.Ask(ctx, privacy.Request{Person: who, Kind: privacy.Erasure, AskedBy: "customer", How: "wrote as " + canaryMail})
	must(err)
	r, err = h.keeper.Carry(ctx, r.ID)
	must(err)
	must(h.keeper.Work(ctx))
	if r, _ = h.keeper.Store.Request(ctx, r.ID); r.State != privacy.Held || r.Step != 0 {
		t.Fatalf("a held person is at step %d, %s", r.Step, r.State)
	}
	_, err = h.keeper.Lift(ctx, hold.ID, "the lawsuit is over")
	must(err)

	// Cut off in the middle, it goes on where it was.
	sound := h.keeper.Holders
	h.keeper.Holders = append(append([]privacy.Holder{}, sound[:5]...), broken{})
	if err := h.keeper.Work(ctx); err == nil {
		t.Fatal("a broken room should stop it")
	}
	h.keeper.Holders = sound
	must(h.keeper.Work(ctx))
	if r, err = h.keeper.Store.Request(ctx, r.ID); err != nil || r.State != privacy.Done || r.Subject != "" {
		t.Fatal(r.State, r.Why, err)
	}
	var translated int
	must(h.db.IDB(ctx).NewRaw("SELECT COUNT(*) FROM message_translation").Scan(ctx, &translated))
	if translated != 0 {
		t.Errorf("%d translations outlived the words that they were made from", translated)
	}
	if !h.keeper.Genuine(r) || len(r.Receipt.Gone) < 15 || len(r.Receipt.Left) > 0 {
		t.Errorf("the receipt: %+v", r.Receipt)
	}
	r.Receipt.Suppressed++
	if h.keeper.Genuine(r) {
		t.Error("a receipt that was changed is taken for ours")
	}

	if left := lookFor(t, h, canaries); len(left) > 0 {
		t.Errorf("still named in %v", left)
	}
	for _, w := range canaries {
		seqs, err := h.db.Indexed(ctx, "activity_text", [][]store.Word{{{Text: w}}}, 10)
		must(err)
		if len(seqs) > 0 {
			var text []string
			must(h.db.IDB(ctx).NewRaw("SELECT body || ' ' || deleted_at FROM activity WHERE seq = ?", seqs[0]).Scan(ctx, &text))
			t.Errorf("the search finds %d by %q: %v", len(seqs), w, text)
		}
	}
	if now := counts(); now != was {
		t.Errorf("counts were %s and are %s", was, now)
	}
	if found, _, err := h.book.People(ctx, people.Query{Words: "zyx"}); err != nil || len(found) > 0 {
		t.Errorf("the list finds %v, %v", found, err)
	}
	if _, err := h.book.Person(ctx, who); !social.NotFound.Is(err) || !strings.Contains(err.Error(), "erased") {
		t.Errorf("the page says %v", err)
	}

	// What they said is not taken in anew, also not when the network tells it again.
	_, err = h.network.Post(canaryHandle, practice.Said{Text: canarySecret + " again, said to nobody"})
	must(err)
	must(h.network.Edit(h.network.Posts("")[0].ID, "@brewell "+canarySecret+" edited"))
	for _, c := range h.station.ChannelsSeen(ctx) {
		must(h.station.PollNow(ctx, c.ID))
	}
	must(h.db.Drain(ctx, h.followers()...))
	v, err := h.archive.Verify(ctx)
	if err != nil || !v.OK {
		t.Errorf("the record: %+v %v", v, err)
	}
	if where.URL == "" {
		must(h.db.Scour(ctx, "activity_text"))
		must(h.db.Close())
		closed = true
		must(filepath.WalkDir(where.Dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			data = bytes.ToLower(data)
			for _, w := range canaries {
				if at := bytes.Index(data, []byte(w)); at >= 0 {
					t.Errorf("%s still holds %q: %q", path, w, data[max(0, at-80):min(len(data), at+80)])
				}
			}
			return err
		}))
	}
}

type broken struct{}

func (broken) Name() string { return "broken" }
func (broken) Gather(context.Context, social.Subject) ([]social.Portion, error) {
	return nil, nil
}
func (broken) Erase(context.Context, social.Subject) ([]social.Gone, error) {
	return nil, social.Errorf(social.Busy, "not now")
}

// plant lets somebody be everywhere, through the rooms themselves.
func plant(t *testing.T, h *house) social.PersonID {
	t.Helper()
	ctx := asParley(context.Background())
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	admin, err := h.office.AddAdmin(ctx, "maya@brewell.example", "Maya Dubois", "correct horse battery staple")
	must(err)
	me := social.WithScope(social.WithActor(ctx, admin.Actor()), social.Scope{All: true})
	_, err = h.station.AddChannel(me, listen.Draft{Kind: "practice", Name: "Practice", Settings: map[string]string{"site": "microblog", "handle": "brewell"}})
	must(err)
	h.network.Join(practice.Persona{Handle: canaryHandle, Name: canaryName, Followers: 9}, practice.Persona{Handle: "bob", Name: "Bob"})
	_, err = h.network.Post(canaryHandle, practice.Said{Text: "@brewell my kettle leaks, " + canarySecret + ". I am " + canaryName})
	must(err)
	_, err = h.network.Direct(canaryHandle, practice.Said{Site: practice.Microblog, To: "brewell", Text: "Please call me, " + canarySecret})
	must(err)
	_, err = h.network.Post("bob", practice.Said{Text: "@brewell help @" + canaryHandle + " please, ZYXAVIA QUORNDLE is my friend"})
	must(err)
	for _, c := range h.station.ChannelsSeen(ctx) {
		must(h.station.PollNow(ctx, c.ID))
	}
	must(h.db.Drain(ctx, h.followers()...))
	var rows []struct {
		ID     string `bun:"id"`
		Person string `bun:"person_id"`
	}
	must(h.db.IDB(ctx).NewRaw("SELECT id, person_id FROM identity WHERE name = ?", canaryName).Scan(ctx, &rows))
	if len(rows) != 1 {
		t.Fatalf("%d accounts", len(rows))
	}
	mail := social.Author{Scheme: "mailto", Value: canaryMail, Name: canaryName}
	must(h.book.Know(ctx, []people.Seen{{Author: mail, At: time.Now()}, {Author: social.Author{Scheme: "chat", Issuer: "c", Value: "visitor-" + canaryHandle}, At: time.Now()}}))
	who := social.PersonID(rows[0].Person)
	for _, a := range []social.Author{mail, {Scheme: "chat", Issuer: "c", Value: "visitor-" + canaryHandle}} {
		other, err := h.book.Behind(ctx, a.ID())
		must(err)
		_, err = h.book.Join(me, who, other.ID)
		must(err)
	}
	notes := "They are called " + canaryName + ", " + canarySecret
	_, err = h.book.Edit(me, who, people.Change{Notes: &notes})
	must(err)

	var conv []string
	must(h.db.IDB(ctx).NewRaw("SELECT id FROM conversation WHERE identity_id = ? ORDER BY id", rows[0].ID).Scan(ctx, &conv))
	if len(conv) == 0 {
		t.Fatal("no conversation")
	}
	for _, c := range conv {
		_, err = h.desk.Note(me, social.ConversationID(c), engage.Remark{Key: "note-" + c, Text: canaryName + " called, " + canarySecret})
		must(err)
		_, err = h.desk.KeepDraft(me, social.ConversationID(c), "Dear "+canaryName+" "+canarySecret, social.Public)
		must(err)
	}
	_, err = h.library.KeepAnswer(me, know.Answer{Question: "Why does it leak? " + canarySecret, Text: "Dear " + canaryName + ", turn the lid.", Lang: "en", Conversation: social.ConversationID(conv[0]), Message: "m"})
	must(err)
	_, err = h.cards.AddNote(me, card.Note{Person: who, Text: canarySecret + " @Maya"})
	must(err)
	_, err = h.cards.AddGoal(me, card.Goal{Person: who, Text: canarySecret})
	must(err)
	_, err = h.cards.AddPromise(me, card.Promise{Person: who, Text: canarySecret})
	must(err)
	f, err := h.db.PutFile(ctx, canaryName+".txt", "", admin.ID, strings.NewReader(canarySecret))
	must(err)
	must(h.cards.Attach(me, who, f.ID))
	must(h.db.InTx(ctx, func(ctx context.Context) error {
		_, err := h.db.PutFile(ctx, "leak.txt", "message:"+messageOf(t, h, conv[0]), "", strings.NewReader(canarySecret+" attached"))
		return err
	}))
	fd, err := h.deals.AddField(me, deal.Field{Of: deal.OfPerson, Name: "Nickname", Type: "text"})
	must(err)
	_, err = h.deals.Fill(me, deal.OfPerson, string(who), map[string]string{fd.Key: canarySecret}, deal.ByMember)
	must(err)
	raw(t, h, "INSERT INTO person_mend (id, identity_id, value, state, asked_at) VALUES ('m1', ?, ?, 'open', 1)", rows[0].ID, canaryName)
	raw(t, h, "INSERT INTO person_mend (id, identity_id, value, state, words, asked_at, closed_at, person_id, was) VALUES ('m2', 'moved', ?, 'accepted', ?, 1, 2, ?, ?)", canarySecret, canarySecret, string(who), canarySecret)
	_, err = h.deals.AddOpportunity(me, deal.Opportunity{Name: "Kettles for " + canaryName, Person: who, NextStep: "Call " + canarySecret}, "")
	must(err)
	_, _, err = h.deals.Upsert(me, deal.Order{External: "S-1", Status: "paid", Amount: 100, Currency: "EUR"}, deal.Buyer{Email: canaryMail, Name: canaryName})
	must(err)
	_, err = h.consents.Write(me, who, consent.Line{Identity: mail.ID(), Purpose: consent.Marketing, State: consent.Granted, Shown: "I, " + canaryName + ", agree", Evidence: canarySecret, Source: consent.ByMember})
	must(err)
	ev, err := h.press.AddEvent(me, publish.Event{Title: "Brew school", Start: time.Now().Add(48 * time.Hour), End: time.Now().Add(50 * time.Hour), Zone: "UTC"})
	must(err)
	raw(t, h, "INSERT INTO event_guest (id, event_id, name, email, coming, key_hash, since, at) VALUES ('g', ?, ?, ?, 'yes', 'k', 1, 1)", string(ev.ID), canaryName, canaryMail)
	raw(t, h, "INSERT INTO event_letter (guest_id, kind, version, event_id, state, due, at, note) VALUES ('g', 'confirm', 0, ?, 'failed', 1, 1, ?)", string(ev.ID), "Nobody is called "+canaryMail)
	must(h.db.InTx(ctx, func(ctx context.Context) error {
		if err := h.office.Notify(ctx, social.Notice{Key: "k", Kind: "mention", Text: "Somebody wrote about " + canaryName + ".", Link: "/people/" + string(who), Members: []social.MemberID{admin.ID}}); err != nil {
			return err
		}
		if err := h.office.Notify(ctx, social.Notice{Key: "k2", Kind: "alert", Text: "@" + canaryHandle + " is angry", Link: "/", Members: []social.MemberID{admin.ID}}); err != nil {
			return err
		}
		return h.db.Tell(ctx, social.Reported{Channel: "c", Reports: []social.Report{{ExternalID: "x", Text: "to " + canaryMail + " failed"}}})
	}))
	said, err := h.talks.Message(me, social.MessageID(messageOf(t, h, conv[0])))
	must(err)
	must(h.db.InTx(me, func(ctx context.Context) error {
		return h.talks.KeepTranslation(ctx, translate.Translation{Message: said.ID, To: "es", From: "en", Text: "Soy " + canaryName, At: time.Now()}, said.Text)
	}))
	must(h.db.InTx(me, func(ctx context.Context) error {
		return h.talks.KeepDeed(ctx, moderate.Deed{Message: said.ID, Lane: moderate.Sight, Want: moderate.Hide, Had: moderate.Hide, Reason: moderate.Other, Words: canaryName + " again", Problem: "It is by " + canaryHandle})
	}))
	// What comes about by the way, as the rooms write it.
	raw(t, h, "INSERT INTO idempotency (actor, key, request, state, answer, at) VALUES ('m', 'k', 'r', 'done', ?, 1)", `{"name":"`+canaryName+`","handle":"`+canaryHandle+`"}`)
	raw(t, h, "INSERT INTO parked (follower, pos, name, data, problem, at) VALUES ('f', 1, 'heard', ?, '', 1)", `{"by":"`+canaryMail+`"}`)
	raw(t, h, "INSERT INTO know_word (id, article_id, vote, words, at) VALUES ('w', 'a', 'no', ?, 1)", "I am "+canaryName)
	raw(t, h, "INSERT INTO know_draft (article_id, member_id, version, title, body, at) VALUES ('a', 'm', 1, 't', ?, 1)", "As "+strings.ToUpper(canaryName)+" asked")
	raw(t, h, "INSERT INTO hive_offer (conversation_id, member_id, kind, ring, state, knows, free, load, score, why, by_member, words, at, changed_at, because) VALUES (?, 'm', 'ring', 1, 'open', 0, 0, 0, 0, '[]', '', ?, 1, 1, '')", conv[0], canarySecret+" knows")
	raw(t, h, "INSERT INTO survey_ask (id, conversation_id, programme_id, channel_id, identity_id, person_id, member_id, state, why, due_at, asked_at, answered_at, key_hash, score, comment) VALUES ('s1', ?, '', '', ?, ?, 'm', 'answered', '', 1, 1, 2, 'k', 4, ?)", conv[0], rows[0].ID, rows[0].Person, "Thank you, "+canarySecret)
	raw(t, h, "INSERT INTO door_line (channel_id, id, visitor, position, ours, name, body, said_at) VALUES ('c', 'l', ?, 1, FALSE, ?, ?, 1)", "visitor-"+canaryHandle, canaryName, canarySecret)
	raw(t, h, "INSERT INTO message_copy (message_id, n, address, problem) VALUES ('elsewhere', 0, ?, ?)", canaryMail, "no "+canaryMail)
	raw(t, h, "INSERT INTO enclosed (activity_id, rest, html, cc) VALUES ('elsewhere', '', '', ?)", `["bob@home.example","`+canaryMail+`"]`)
	_, err = listendb.Shelf{DB: h.heard}.Put(ctx, "c", "visitor-"+canaryHandle, listen.Brought{ID: "lid-0001", Name: canaryName + ".txt", Alt: "By " + canaryName}, []byte(canarySecret), 5)
	must(err)
	raw(t, h, "INSERT INTO history_error (file_id, line, why, source) VALUES ('f', 1, 'w', ?)", `{"from":"`+canaryMail+`"}`)
	raw(t, h, "INSERT INTO setting (name, value) VALUES ('practice.test', ?)", `{"people":[{"name":"`+canaryName+`"}]}`)
	raw(t, h, "INSERT INTO term_day (subject, day, term, count) VALUES ('s', 1, 'quorndle', 3)")
	must(os.MkdirAll(filepath.Join(h.db.Dir(), "history"), 0o700))
	file, err := h.shelf.Add(me, h.station.ChannelsSeen(ctx)[0].ID, "old.csv", int64(len(oldFile)))
	must(err)
	_, err = h.shelf.Put(me, file.ID, 0, []byte(oldFile))
	must(err)
	return who
}

func messageOf(t *testing.T, h *house, conv string) string {
	t.Helper()
	var id string
	if err := h.db.IDB(context.Background()).NewRaw("SELECT id FROM message WHERE conversation_id = ? ORDER BY id LIMIT 1", conv).Scan(context.Background(), &id); err != nil {
		t.Fatal(err)
	}
	return id
}

func raw(t *testing.T, h *house, sql string, args ...any) {
	t.Helper()
	ctx := context.Background()
	if err := h.db.InTx(ctx, func(ctx context.Context) error {
		_, err := h.db.IDB(ctx).NewRaw(sql, args...).Exec(ctx)
		return err
	}); err != nil {
		t.Fatal(sql, err)
	}
}

// lookFor says in how many rows of which tables words stand. It knows nothing
// of what erases: it asks the catalog and reads everything.
func lookFor(t *testing.T, h *house, words []string) map[string]int {
	t.Helper()
	ctx := context.Background()
	list := "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'activity_text%'"
	if h.db.Engine == store.Postgres {
		list = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
	}
	var tables []string
	if err := h.db.IDB(ctx).NewRaw(list).Scan(ctx, &tables); err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, name := range tables {
		var rows []map[string]any
		if err := h.db.IDB(ctx).NewRaw("SELECT * FROM \""+name+"\"").Scan(ctx, &rows); err != nil {
			t.Fatal(name, err)
		}
		for _, r := range rows {
			var all strings.Builder
			for _, v := range r {
				if b, ok := v.([]byte); ok {
					v = string(b)
				}
				fmt.Fprintln(&all, v)
			}
			text := strings.ToLower(all.String())
			for _, w := range words {
				if strings.Contains(text, w) {
					out[name]++
					if testing.Verbose() {
						t.Logf("%s: %s", name, text)
					}
					break
				}
			}
		}
	}
	return out
}

// TestErasureSparesNamesakes: who is called the same keeps their name and what
// was written to them.
func TestErasureSparesNamesakes(t *testing.T) {
	ctx := asParley(context.Background())
	h, err := build(ctx, plan{store: store.Options{Dir: t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	defer h.db.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err = h.station.AddChannel(ctx, listen.Draft{Kind: "practice", Name: "Practice", Settings: map[string]string{"site": "microblog", "handle": "brewell"}})
	must(err)
	h.network.Join(practice.Persona{Handle: "maya_one", Name: "Maya Lind"}, practice.Persona{Handle: "maya_two", Name: "Maya Lind"}, practice.Persona{Handle: "open", Name: "theirs"})
	for _, by := range []string{"maya_one", "maya_two", "open"} {
		_, err = h.network.Post(by, practice.Said{Text: "@brewell the words of " + by})
		must(err)
	}
	for _, c := range h.station.ChannelsSeen(ctx) {
		must(h.station.PollNow(ctx, c.ID))
	}
	must(h.db.Drain(ctx, h.followers()...))
	for _, who := range []string{"maya_one", "open"} { // the second is called like a state and a kind of ours
		found, _, err := h.book.People(ctx, people.Query{Words: who})
		must(err)
		if len(found) != 1 {
			t.Fatalf("%d called %s", len(found), who)
		}
		r, err := h.keeper.Ask(ctx, privacy.Request{Person: found[0].ID, Kind: privacy.Erasure, AskedBy: "customer"})
		must(err)
		_, err = h.keeper.Carry(ctx, r.ID)
		must(err)
		must(h.keeper.Work(ctx))
		if r, err = h.keeper.Store.Request(ctx, r.ID); err != nil || r.State != privacy.Done {
			t.Fatal(r.State, err)
		}
	}
	found, _, err := h.book.People(ctx, people.Query{})
	must(err)
	if len(found) != 1 || found[0].Name != "Maya Lind" || found[0].Identities[0].Author.Name != "Maya Lind" || !strings.HasPrefix(found[0].Identities[0].Author.Handle, "maya_two") {
		t.Errorf("left are %+v", found)
	}
	var authors []string
	must(h.db.IDB(ctx).NewRaw("SELECT author FROM message WHERE text LIKE '%maya_two'").Scan(ctx, &authors))
	if len(authors) != 1 || !strings.Contains(authors[0], `"name":"Maya Lind"`) {
		t.Errorf("the other's words are by %v", authors)
	}
	var states []string
	must(h.db.IDB(ctx).NewRaw("SELECT DISTINCT state FROM conversation UNION SELECT DISTINCT kind FROM message ORDER BY 1").Scan(ctx, &states))
	if strings.Join(states, " ") != "open theirs" {
		t.Errorf("states and kinds are %v", states)
	}
}
