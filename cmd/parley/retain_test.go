package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/people/retain"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// What is old goes by itself in the night, once its rule is on: the words and
// the names, not the counts; nothing that a legal hold keeps; and through a kill.
func TestWhatIsOldGoesByItself(t *testing.T) {
	onBoth(t, ageIn)
}

func ageIn(t *testing.T, where store.Options) {
	ctx := asParley(context.Background())
	now := clock.NewSet(time.Date(2025, 1, 7, 10, 0, 0, 0, time.UTC))
	h, err := build(ctx, plan{store: where, clock: now, timing: engage.Timing{Undo: time.Millisecond}})
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
	admin, err := h.office.AddAdmin(ctx, "ada@brewell.example", "Ada", "correct horse battery staple")
	must(err)
	me := social.WithScope(social.WithActor(ctx, admin.Actor()), social.Scope{All: true})
	keep := true
	_, err = h.station.AddChannel(me, listen.Draft{Kind: "practice", Name: "Practice", Keep: &keep, Settings: map[string]string{"site": "microblog", "handle": "brewell"}})
	must(err)
	h.network.Join(practice.Persona{Handle: "oldwil", Name: "Wilhelmine Altmann"}, practice.Persona{Handle: "heldhelga", Name: "Helga Ironside"}, practice.Persona{Handle: "newnora", Name: "Nora Neumann"})
	say := func(who, text string, direct bool) {
		t.Helper()
		now.Add(time.Minute)
		if direct {
			_, err = h.network.Direct(who, practice.Said{Site: practice.Microblog, To: "brewell", Text: text})
		} else {
			_, err = h.network.Post(who, practice.Said{Text: text})
		}
		must(err)
	}
	settle := func() {
		t.Helper()
		now.Add(time.Second)
		for _, c := range h.station.ChannelsSeen(ctx) {
			must(h.station.PollNow(ctx, c.ID))
		}
		must(h.db.Drain(ctx, h.followers()...))
	}
	say("oldwil", "my velvetmoth kettle leaks", true)
	say("heldhelga", "my ironmoth kettle leaks", true)
	say("oldwil", "brewell kettles are velvetmoth", false)
	say("heldhelga", "brewell kettles are ironmoth", false)
	settle()
	talk := func(handle string) engage.Row {
		t.Helper()
		ids, err := h.persons.Called(ctx, handle)
		must(err)
		rows, err := h.talks.Of(ctx, ids, 5)
		must(err)
		for _, r := range rows {
			if r.Counterpart != "" {
				return r
			}
		}
		t.Fatalf("no conversation with %s", handle)
		return engage.Row{}
	}
	for _, who := range []string{"oldwil", "heldhelga"} {
		now.Add(time.Minute)
		_, err = h.desk.Note(me, talk(who).ID, engage.Remark{Key: who, Text: "velvetmoth or ironmoth, a difficult one"})
		must(err)
		now.Add(time.Minute)
		must(h.desk.Resolve(me, talk(who).ID))
	}
	must(h.db.Drain(ctx, h.followers()...))
	_, helga, err := h.persons.Account(ctx, talk("heldhelga").Identity)
	must(err)
	hold, err := h.keeper.Place(me, privacy.Hold{Kind: privacy.HeldConversation, Object: string(talk("heldhelga").ID), Reason: "the lawsuit"})
	must(err)
	onHelga, err := h.keeper.Place(me, privacy.Hold{Kind: privacy.HeldPerson, Object: string(helga), Reason: "the lawsuit"})
	must(err)

	now.Move(time.Date(2026, 3, 20, 10, 0, 0, 0, time.UTC))
	say("newnora", "my newmoth kettle leaks", true)
	say("newnora", "brewell kettles are newmoth", false)
	settle()

	rules := map[string]retain.Rule{}
	for _, kind := range []string{retain.Raw, retain.Posts, retain.Conversations, retain.Persons} {
		months := 12
		if kind == retain.Raw {
			months = 1
		}
		r, err := h.retention.Add(me, retain.Rule{Kind: kind, Months: months})
		must(err)
		rules[kind] = r
	}
	if _, err := h.retention.Add(me, retain.Rule{Kind: retain.Posts, Months: 3}); !social.Conflict.Is(err) {
		t.Errorf("a second rule for the same: %v", err)
	}
	for _, bad := range []retain.Rule{{Kind: "fun", Months: 1}, {Kind: retain.Raw, Months: 4}, {Kind: retain.Posts}, {Kind: retain.Persons, Months: 3, Channel: "c"}, {Kind: retain.Posts, Months: 2, Channel: "nowhere"}, {Kind: retain.Posts, Months: 3, Even: true}} {
		if _, err := h.retention.Add(me, bad); !social.Invalid.Is(err) {
			t.Errorf("%+v is taken: %v", bad, err)
		}
	}

	counts := func() string {
		var out []string
		for _, q := range []string{"SELECT COUNT(*) FROM activity", "SELECT COUNT(*) FROM message", "SELECT COUNT(*) FROM conversation", "SELECT COALESCE(SUM(messages), 0) FROM conversation",
			"SELECT COALESCE(SUM(count), 0) FROM tally", "SELECT COALESCE(SUM(n), 0) FROM conversation_tally", "SELECT COALESCE(SUM(heard), 0) FROM heard_hour", "SELECT COUNT(*) FROM person", "SELECT COALESCE(SUM(n), 0) FROM outcome_day"} {
			var n int
			must(h.db.IDB(ctx).NewRaw(q).Scan(ctx, &n))
			out = append(out, fmt.Sprint(n))
		}
		return strings.Join(out, " ")
	}
	was := counts()
	had := lookFor(t, h, []string{"velvetmoth", "ironmoth", "newmoth", "wilhelmine"})

	// A dry run says what would go, and takes nothing.
	dry, err := h.retention.Dry(me)
	must(err)
	for _, l := range dry.Lines {
		if raw := l.Kind == retain.Raw; l.Rows != 0 || l.Oldest.IsZero() || (raw && l.Of != 4) || (!raw && (l.Of != 1 || l.Spared != 1)) {
			t.Errorf("the dry run of %s: %+v", l.Kind, l)
		}
		if l.Kind == retain.Conversations && (len(l.Examples) != 1 || l.Examples[0].Link != "/engage?c="+string(talk("oldwil").ID)) {
			t.Errorf("examples of conversations: %+v", l.Examples)
		}
	}
	must(h.retention.Work(ctx))
	if _, err := h.retention.Begin(me); !social.Conflict.Is(err) {
		t.Errorf("begun with nothing turned on: %v", err)
	}
	if now := lookFor(t, h, []string{"velvetmoth", "ironmoth", "newmoth", "wilhelmine"}); fmt.Sprint(now) != fmt.Sprint(had) {
		t.Errorf("rules that are off took something: %v, was %v", now, had)
	}

	on := true
	for _, r := range rules {
		_, err := h.retention.Edit(me, r.ID, retain.Change{On: &on})
		must(err)
	}
	must(h.retention.Work(ctx)) // not before the night
	if _, err := h.retention.Store.Last(ctx, false); !social.NotFound.Is(err) {
		t.Errorf("ran by day: %v", err)
	}
	now.Move(time.Date(2026, 3, 21, 3, 30, 0, 0, time.UTC))
	sound := h.retention.Shelves[retain.Conversations]
	h.retention.Shelves[retain.Conversations] = cutOff{sound}
	if err := h.retention.Work(ctx); err == nil {
		t.Error("what was cut off ended well")
	}
	h.retention.Shelves[retain.Conversations] = sound
	must(h.retention.Work(ctx))
	must(h.db.Drain(ctx, h.followers()...))

	run, err := h.retention.Store.Last(ctx, false)
	must(err)
	if run.State != retain.Done || !h.keeper.Signed(run.Text(), run.Signature) {
		t.Errorf("the run: %+v", run)
	}
	for _, l := range run.Lines {
		if l.Rows < 1 || l.Rows != l.Of || (l.Spared < 1 && l.Kind != retain.Raw) || len(l.Examples) > 0 {
			t.Errorf("what went: %+v", l)
		}
	}
	if now := counts(); now != was {
		t.Errorf("counts were %s and are %s", was, now)
	}
	left := lookFor(t, h, []string{"velvetmoth"})
	delete(left, "message")  // the note on her who is held speaks of both
	delete(left, "term_day") // how often a word was said counts on
	if len(left) > 0 {
		t.Errorf("their words are still in %v", left)
	}
	if left := lookFor(t, h, []string{"wilhelmine", "oldwil", "altmann"}); len(left) > 0 {
		t.Errorf("their name is still in %v", left)
	}
	for _, w := range []string{"ironmoth", "newmoth"} {
		if left := lookFor(t, h, []string{w}); left["message"] == 0 || left["activity"] == 0 {
			t.Errorf("%s is not kept: %v", w, left)
		}
	}
	if _, err := h.book.Person(ctx, helga); err != nil {
		t.Errorf("she who is held: %v", err)
	}
	if c := talk("heldhelga"); c.Preview == "" {
		t.Error("the conversation that is held has lost its words")
	}
	must(h.retention.Work(ctx)) // once a night
	if again, err := h.retention.Store.Last(ctx, false); err != nil || again.ID != run.ID {
		t.Errorf("ran twice in a night: %v", err)
	}

	// Whoever went by a rule and writes again, to all or to us, is a new beginning.
	say("oldwil", "brewell kettles are newvelvet", false)
	settle()
	if found := lookFor(t, h, []string{"newvelvet"}); found["activity"] == 0 {
		t.Errorf("what they said afterwards is not heard: %v", found)
	}

	// The holds end, and the next night takes the rest.
	for _, x := range []string{hold.ID, onHelga.ID} {
		_, err = h.keeper.Lift(me, x, "settled")
		must(err)
	}
	now.Move(time.Date(2026, 3, 22, 3, 30, 0, 0, time.UTC))
	must(h.retention.Work(ctx))
	left = lookFor(t, h, []string{"ironmoth"})
	delete(left, "term_day")
	if named := lookFor(t, h, []string{"helga", "ironside"}); len(left) > 0 || len(named) > 0 {
		t.Errorf("still there after the hold ended in %v, named in %v", left, named)
	}
	if now := lookFor(t, h, []string{"newmoth"}); now["message"] == 0 {
		t.Error("what is new went")
	}
	v, err := h.archive.Verify(ctx)
	if err != nil || !v.OK {
		t.Errorf("the record: %+v %v", v, err)
	}
}

// cutOff is a shelf that dies in its transaction, after it has taken.
type cutOff struct{ retain.Shelf }

func (c cutOff) Take(ctx context.Context, a social.Aged, run, from string, most int) (int, string, error) {
	if _, _, err := c.Shelf.Take(ctx, a, run, from, most); err != nil {
		return 0, "", err
	}
	return 0, "", social.Errorf(social.Busy, "cut off")
}

// Files go and say where they were; links, guests and readers lose their names and
// keep their numbers; each rule may be for one channel, and holds keep what is theirs.
func TestFilesAndVisitsGoByThemselves(t *testing.T) {
	onBoth(t, ageFilesIn)
}

func ageFilesIn(t *testing.T, where store.Options) {
	ctx := asParley(context.Background())
	old := time.Date(2025, 1, 7, 10, 0, 0, 0, time.UTC)
	now := clock.NewSet(old)
	where.Clock = now
	h, err := build(ctx, plan{store: where, clock: now})
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
	admin, err := h.office.AddAdmin(ctx, "ada@brewell.example", "Ada", "correct horse battery staple")
	must(err)
	me := social.WithScope(social.WithActor(ctx, admin.Actor()), social.Scope{All: true})
	c, err := h.station.AddChannel(me, listen.Draft{Kind: "practice", Name: "Practice", Settings: map[string]string{"site": "microblog", "handle": "brewell"}})
	must(err)
	h.network.Join(practice.Persona{Handle: "maya", Name: "Maya"}, practice.Persona{Handle: "helga", Name: "Helga"})
	talks := map[string]engage.Row{}
	for _, who := range []string{"maya", "helga"} {
		now.Add(time.Minute)
		_, err = h.network.Direct(who, practice.Said{Site: practice.Microblog, To: "brewell", Text: "see the picture"})
		must(err)
		must(h.station.PollNow(ctx, c.ID))
		must(h.db.Drain(ctx, h.followers()...))
		ids, err := h.persons.Called(ctx, who)
		must(err)
		rows, err := h.talks.Of(ctx, ids, 1)
		must(err)
		talks[who] = rows[0]
		var message string
		must(h.db.IDB(ctx).NewRaw("SELECT id FROM message WHERE conversation_id = ? AND kind = 'theirs'", string(rows[0].ID)).Scan(ctx, &message))
		must(h.db.InTx(ctx, func(ctx context.Context) error {
			f, err := h.db.PutFile(ctx, who+".txt", "message:"+message, "", strings.NewReader("the file of "+who))
			if err != nil {
				return err
			}
			for _, q := range []string{
				"INSERT INTO attachment (activity_id, n, channel_id, handle, name, type, alt, size, state, reason, tries, next_at, file_id) VALUES (?0, 0, ?1, '', 'a.txt', '', '', 1, 'kept', '', 0, 0, ?2)",
				"INSERT INTO link (id, code, target, identity_id, clicks, created_at) VALUES (?3, ?3, 'https://brewell.example', ?4, 2, ?5)",
				"INSERT INTO click (id, link_id, at, referrer) VALUES (?3, ?3, ?5, 'forum.example')",
			} {
				if _, err := h.db.IDB(ctx).NewRaw(q, message, string(c.ID), string(f.ID), "link-"+who, string(rows[0].Identity), store.At(now.Now())).Exec(ctx); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	must(h.db.InTx(ctx, func(ctx context.Context) error {
		for _, q := range []string{
			"INSERT INTO know_word (id, article_id, vote, words, at) VALUES ('w', 'a', 'no', 'call me at home', ?0)",
			"INSERT INTO event (id, slug, title, starts_at, ends_at, zone, author_id, standing, version, created_at, updated_at) VALUES ('e', 'e', 'Tasting', ?0, ?0, 'UTC', 'm', 'open', 1, ?0, ?0)",
			"INSERT INTO event_guest (id, event_id, name, email, coming, key_hash, since, at) VALUES ('g', 'e', 'Maya', 'maya@home.example', 'yes', 'k', ?0, ?0)",
			"INSERT INTO event_letter (guest_id, kind, version, event_id, state, due, at, note) VALUES ('g', 'confirm', 0, 'e', 'failed', ?0, ?0, 'maya@home.example is not known')",
		} {
			if _, err := h.db.IDB(ctx).NewRaw(q, store.At(old)).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	}))
	_, helga, err := h.persons.Account(ctx, talks["helga"].Identity)
	must(err)
	_, err = h.keeper.Place(me, privacy.Hold{Kind: privacy.HeldPerson, Object: string(helga), Reason: "the lawsuit"})
	must(err)

	now.Move(time.Date(2026, 3, 20, 10, 0, 0, 0, time.UTC))
	on := true
	for _, r := range []retain.Rule{{Kind: retain.Files, Months: 12, Channel: c.ID}, {Kind: retain.Visits, Months: 12}} {
		r, err := h.retention.Add(me, r)
		must(err)
		_, err = h.retention.Edit(me, r.ID, retain.Change{On: &on})
		must(err)
	}
	_, err = h.retention.Begin(me)
	must(err)
	must(h.retention.Work(ctx))
	run, err := h.retention.Store.Last(ctx, false)
	must(err)
	for _, l := range run.Lines {
		want := map[string]int{retain.Files: 1, retain.Visits: 3}[l.Kind] // a link, a guest and a reader's words
		if l.Of != want || l.Rows != want || l.Spared != 1 {
			t.Errorf("%s: %+v", l.Kind, l)
		}
	}
	var got []string
	must(h.db.IDB(ctx).NewRaw(`SELECT 'file ' || name FROM file WHERE owner LIKE 'message:%' UNION ALL SELECT 'attachment ' || state FROM attachment
UNION ALL SELECT id || CASE WHEN identity_id = '' THEN ' of nobody' ELSE ' of somebody' END || ' followed ' || clicks FROM link UNION ALL SELECT 'from ' || referrer FROM click
UNION ALL SELECT words FROM know_word UNION ALL SELECT 'guest ' || name || ' ' || email || ' ' || coming FROM event_guest UNION ALL SELECT note FROM event_letter`).Scan(ctx, &got))
	slices.Sort(got)
	if text := strings.Join(got, ", "); text != "attachment kept, attachment refused, file helga.txt, from , from forum.example, guest Guest gone:g yes, link-helga of somebody followed 2, link-maya of nobody followed 2" {
		t.Errorf("what is left: %s", text)
	}
}
