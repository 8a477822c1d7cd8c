package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/deletion"
	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/engage/translate"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// Whoever deletes a conversation can take it back for five minutes; then no word
// of it is left anywhere, while whoever wrote and their other conversations stay as they were.
func TestADeletedConversationLeavesNoWord(t *testing.T) {
	onBoth(t, deleteIn)
}

// desk is a house with a channel on which customers write, and a hand for each thing.
type deletions struct {
	*house
	t       *testing.T
	ctx     context.Context
	me      context.Context
	now     *clock.Set
	channel social.ChannelID
}

func (d *deletions) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *deletions) settle() {
	d.t.Helper()
	d.now.Add(time.Second)
	for _, c := range d.station.ChannelsSeen(d.ctx) {
		d.must(d.station.PollNow(d.ctx, c.ID))
	}
	d.must(d.db.Drain(d.ctx, d.followers()...))
}

// direct lets somebody write to us alone, and goOn in the same thread.
func (d *deletions) direct(who, text string) (id string) {
	d.t.Helper()
	d.now.Add(time.Minute)
	id, err := d.network.Direct(who, practice.Said{Site: practice.Microblog, To: "brewell", Text: text})
	d.must(err)
	d.settle()
	return id
}

func (d *deletions) goOn(who, thread, text string) {
	d.t.Helper()
	d.now.Add(time.Minute)
	_, err := d.network.Reply(who, thread, practice.Said{Text: text})
	d.must(err)
	d.settle()
}

// talks lists the conversations with somebody, the newest first: in private and in public.
func (d *deletions) with(who string, private bool) []engage.Row {
	d.t.Helper()
	ids, err := d.persons.Called(d.ctx, who)
	d.must(err)
	rows, err := d.talks.Of(d.ctx, ids, 20)
	d.must(err)
	return slices.DeleteFunc(rows, func(r engage.Row) bool { return (r.Counterpart != "") != private })
}

func openDeletions(t *testing.T, where store.Options) *deletions {
	t.Helper()
	d := &deletions{t: t, ctx: asParley(context.Background()), now: clock.NewSet(time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC))}
	h, err := build(d.ctx, plan{store: where, clock: d.now, timing: engage.Timing{Undo: time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	d.house = h
	h.network.Lively(false)
	admin, err := h.office.AddAdmin(d.ctx, "ada@brewell.example", "Ada", "correct horse battery staple")
	d.must(err)
	d.me = social.WithScope(social.WithActor(d.ctx, admin.Actor()), social.Scope{All: true})
	policies, _, err := h.office.Policies(d.me, "", 10)
	d.must(err)
	for _, p := range policies {
		_, err = h.office.Acknowledge(d.me, p.ID, p.Version)
		d.must(err)
	}
	keep := true
	c, err := h.station.AddChannel(d.me, listen.Draft{Kind: "practice", Name: "Practice", Keep: &keep, Settings: map[string]string{"site": "microblog", "handle": "brewell"}})
	d.must(err)
	d.channel = c.ID
	h.network.Join(practice.Persona{Handle: "zyxquorn", Name: "Zyxavia Quorndle"}, practice.Persona{Handle: "bob", Name: "Bob Miller"})
	return d
}

func deleteIn(t *testing.T, where store.Options) {
	d := openDeletions(t, where)
	closed := false
	defer func() {
		if !closed {
			d.db.Close()
		}
	}()
	ctx, me, must := d.ctx, d.me, d.must
	thread := d.direct("zyxquorn", "my velvetmoth kettle leaks, call me at velvetmoth@home.example")
	d.direct("bob", "my lid is broken, says ironmoth")
	d.now.Add(time.Minute)
	open, err := d.network.Post("zyxquorn", practice.Said{Text: "@brewell velvetmoth in public"})
	must(err)
	d.settle()
	d.now.Add(time.Minute)
	must(d.network.Edit(open, "@brewell velvetmoth in public, edited"))
	d.settle()
	private, public := d.with("zyxquorn", true)[0], d.with("zyxquorn", false)[0]
	both := []social.ConversationID{private.ID, public.ID}
	bob := d.with("bob", true)[0]

	// Words stand everywhere.
	_, err = d.desk.Note(me, private.ID, engage.Remark{Key: "n", Text: "velvetmoth called @Ada"})
	must(err)
	_, err = d.desk.KeepDraft(me, private.ID, "Dear velvetmoth", social.Direct)
	must(err)
	_, err = d.library.KeepAnswer(me, know.Answer{Question: "Why velvetmoth?", Text: "Turn the lid.", Lang: "en", Conversation: private.ID, Message: "m"})
	must(err)
	first := messageOf(t, d.house, string(private.ID))
	said, err := d.talks.Message(me, social.MessageID(first))
	must(err)
	must(d.db.InTx(me, func(ctx context.Context) error {
		if _, err := d.db.PutFile(ctx, "velvetmoth.txt", "message:"+first, "", strings.NewReader("velvetmoth attached")); err != nil {
			return err
		}
		if err := d.office.Notify(social.WithActor(ctx, social.SystemActor()), social.Notice{Key: "k", Kind: "mention", Text: "Zyxavia Quorndle: velvetmoth", Link: "/engage?c=" + string(private.ID), Members: []social.MemberID{social.MemberID(actorID(me))}}); err != nil {
			return err
		}
		return d.talks.KeepTranslation(ctx, translate.Translation{Message: said.ID, To: "es", From: "en", Text: "velvetmoth", At: d.now.Now()}, said.Text)
	}))
	raw(t, d.house, "INSERT INTO hive_offer (conversation_id, member_id, kind, ring, state, knows, free, load, score, why, by_member, words, at, changed_at, because) VALUES (?, 'm', 'ring', 1, 'open', 0, 0, 0, 0, '[]', '', 'velvetmoth knows', 1, 1, '')", string(private.ID))
	raw(t, d.house, "INSERT INTO survey_ask (id, conversation_id, programme_id, channel_id, identity_id, person_id, member_id, state, why, due_at, asked_at, answered_at, key_hash, score, comment) VALUES ('s1', ?, '', '', ?, '', 'm', 'answered', '', 1, 1, 2, 'k', 4, 'velvetmoth')", string(private.ID), string(private.Identity))
	raw(t, d.house, "INSERT INTO rule_run (id, rule_id, conversation_id, event, because, did, at) VALUES ('r1', 'r', ?, 'opened', 'b', '[\"note: velvetmoth\"]', 1)", string(private.ID))
	raw(t, d.house, "INSERT INTO term_day (subject, day, term, count) VALUES ('s', 1, 'velvetmoth', 3)")
	words := []string{"velvetmoth"}
	had := lookFor(t, d.house, words)
	for _, place := range []string{"activity", "inbound", "message", "message_translation", "conversation", "draft", "file", "know_answer", "notice", "hive_offer", "survey_ask", "rule_run", "term_day", "clue"} {
		if had[place] == 0 {
			t.Errorf("nothing was planted in %s, so the search after proves nothing", place)
		}
	}
	counts := func() string {
		var out []string
		for _, q := range []string{"SELECT COUNT(*) FROM activity", "SELECT COUNT(*) FROM message WHERE kind <> 'event'", "SELECT COUNT(*) FROM conversation", "SELECT COALESCE(SUM(messages), 0) FROM conversation",
			"SELECT COALESCE(SUM(count), 0) FROM tally", "SELECT COALESCE(SUM(n), 0) FROM conversation_tally", "SELECT COALESCE(SUM(heard), 0) FROM heard_hour", "SELECT COUNT(*) FROM person", "SELECT COALESCE(SUM(n), 0) FROM outcome_day",
			"SELECT COALESCE(SUM(score), 0) FROM survey_ask", "SELECT COUNT(*) FROM score"} {
			var n int
			must(d.db.IDB(ctx).NewRaw(q).Scan(ctx, &n))
			out = append(out, fmt.Sprint(n))
		}
		return strings.Join(out, " ")
	}
	was := counts()

	// Only looked at, nothing happens; a hold keeps, and says whose it is.
	hold, err := d.keeper.Place(me, privacy.Hold{Kind: privacy.HeldConversation, Object: string(bob.ID), Reason: "the lawsuit"})
	must(err)
	three := append(slices.Clone(both), bob.ID)
	out, err := d.deletions.Ask(me, three, true)
	must(err)
	if len(out.Going) != 2 || len(out.Stay) != 1 || out.Stay[0].Conversation != bob.ID || !strings.Contains(out.Stay[0].Why, "Ada") || !strings.Contains(out.Stay[0].Why, "the lawsuit") {
		t.Errorf("what would go: %+v", out)
	}
	if c := d.with("zyxquorn", true)[0]; !c.GoesAt.IsZero() {
		t.Error("it was only looked at, and goes")
	}

	// While it waits nothing is gone, nothing can be done with it, and it can be taken back.
	out, err = d.deletions.Ask(me, three, false)
	must(err)
	if len(out.Going) != 2 || !out.Due.Equal(d.now.Now().UTC().Truncate(time.Microsecond).Add(deletion.Wait)) {
		t.Errorf("what goes: %+v", out)
	}
	if err := d.desk.Resolve(me, private.ID); !social.Conflict.Is(err) {
		t.Errorf("resolved while it waits to be deleted: %v", err)
	}
	must(d.db.InTx(ctx, func(ctx context.Context) error { // what others want of it meanwhile spoils nothing of theirs
		if said, err := d.desk.Whisper(ctx, private.ID, "whisper", social.MemberID(actorID(me)), "How did we do?"); said || !social.Conflict.Is(err) {
			t.Errorf("said by itself while it waits: %v %v", said, err)
		}
		return d.desk.Mark(ctx, private.ID, "hive", nil)
	}))
	if again, err := d.deletions.Ask(me, both, false); err != nil || len(again.Going) != 0 || len(again.Stay) != 2 {
		t.Errorf("asked twice: %+v %v", again, err)
	}
	must(d.deletions.Work(ctx))
	if c := d.with("zyxquorn", true)[0]; c.Preview == "" || c.GoesAt.IsZero() {
		t.Errorf("it is gone before its time: %+v", c)
	}
	if back, err := d.deletions.Undo(me, both); err != nil || len(back.Going) != 2 {
		t.Errorf("taken back: %+v %v", back, err)
	}
	d.now.Add(deletion.Wait)
	must(d.deletions.Work(ctx))
	if c := d.with("zyxquorn", true)[0]; c.Preview == "" || !c.GoesAt.IsZero() {
		t.Errorf("it was taken back, and is gone: %+v", c)
	}
	if err := d.desk.Resolve(me, private.ID); err != nil {
		t.Errorf("taken back, it can't be worked at: %v", err)
	}

	// What a kill cuts off goes on afterwards.
	_, err = d.deletions.Ask(me, both, false)
	must(err)
	d.now.Add(deletion.Wait)
	sound := d.deletions.Rooms
	d.deletions.Rooms = cutRooms{sound}
	if err := d.deletions.Work(ctx); err == nil {
		t.Error("what was cut off ended well")
	}
	if c := d.with("zyxquorn", true)[0]; c.Preview == "" {
		t.Error("cut off in the middle, half of it is gone")
	}
	d.deletions.Rooms = sound
	must(d.deletions.Work(ctx))
	must(d.db.Drain(ctx, d.followers()...))

	gone := func(when string) {
		t.Helper()
		if left := lookFor(t, d.house, words); len(left) > 0 {
			t.Errorf("%s: their words are still in %v", when, left)
		}
		var named int
		must(d.db.IDB(ctx).NewRaw("SELECT (SELECT COUNT(*) FROM message WHERE conversation_id IN (?0, ?1) AND author LIKE '%uorn%') + (SELECT COUNT(*) FROM activity a JOIN message m ON m.id = a.id WHERE m.conversation_id IN (?0, ?1) AND a.author LIKE '%uorn%') + (SELECT COUNT(*) FROM conversation WHERE id IN (?0, ?1) AND author || folded || preview_by LIKE '%uorn%')", string(both[0]), string(both[1])).Scan(ctx, &named))
		if named > 0 {
			t.Errorf("%s: %d rows still name who wrote", when, named)
		}
		if seqs, err := d.db.Indexed(ctx, "activity_text", [][]store.Word{{{Text: "velvetmoth"}}}, 10); err != nil || len(seqs) > 0 {
			t.Errorf("%s: the search finds %d, %v", when, len(seqs), err)
		}
	}
	gone("deleted")
	if now := counts(); now != was {
		t.Errorf("counts were %s and are %s", was, now)
	}
	if found := lookFor(t, d.house, []string{"ironmoth"}); found["message"] == 0 || found["activity"] == 0 || found["inbound"] == 0 || found["conversation"] == 0 {
		t.Errorf("what somebody else said went as well: %v", found)
	}
	person, err := d.book.Behind(ctx, private.Identity)
	if err != nil || person.Name != "Zyxavia Quorndle" {
		t.Errorf("whoever wrote: %+v %v", person, err)
	}
	for _, id := range both {
		if _, err := d.desk.Conversation(me, id); !social.NotFound.Is(err) || !strings.Contains(err.Error(), "deleted") {
			t.Errorf("opened: %v", err)
		}
	}
	if n, err := d.desk.Counts(me); err != nil || n.Open+n.Resolved+n.Waiting+n.Snoozed != 1 {
		t.Errorf("the inbox counts %+v, %v", n, err)
	}
	if _, err := d.deletions.Undo(me, both); err == nil {
		if o, _ := d.deletions.Undo(me, both); len(o.Going) > 0 {
			t.Error("what is gone was taken back")
		}
	}

	// Heard again, in any way, it does not come back.
	_, err = d.station.Replay(ctx, time.Time{})
	must(err)
	must(d.network.Edit(open, "@brewell velvetmoth told once more"))
	d.settle()
	d.now.Add(deletion.Again)
	must(d.deletions.Work(ctx))
	gone("heard again and gone over once more")

	// Whoever writes again begins anew.
	d.goOn("zyxquorn", thread, "hello again, says newmoth")
	if list := d.with("zyxquorn", true); len(list) != 1 || list[0].ID == private.ID || !strings.Contains(list[0].Preview, "newmoth") {
		t.Errorf("new words: %+v", list)
	}

	// What they write while it waits is not lost: then it stays.
	again := d.with("zyxquorn", true)[0]
	_, err = d.deletions.Ask(me, []social.ConversationID{again.ID}, false)
	must(err)
	d.goOn("zyxquorn", thread, "and one more newmoth")
	d.now.Add(deletion.Wait)
	must(d.deletions.Work(ctx))
	if c := d.with("zyxquorn", true)[0]; c.ID != again.ID || !c.GoesAt.IsZero() || c.Messages != 2 {
		t.Errorf("they wrote while it waited: %+v", c)
	}

	// A hold that is placed while it waits keeps it as well.
	_, err = d.keeper.Lift(me, hold.ID, "settled")
	must(err)
	_, err = d.deletions.Ask(me, []social.ConversationID{bob.ID}, false)
	must(err)
	_, bobs, err := d.persons.Account(ctx, bob.Identity)
	must(err)
	_, err = d.keeper.Place(me, privacy.Hold{Kind: privacy.HeldPerson, Object: string(bobs), Reason: "another lawsuit"})
	must(err)
	d.now.Add(deletion.Wait)
	must(d.deletions.Work(ctx))
	if c := d.with("bob", true)[0]; c.Preview == "" || !c.GoesAt.IsZero() {
		t.Errorf("held while it waited, it is gone: %+v", c)
	}
	v, err := d.archive.Verify(ctx)
	if err != nil || !v.OK {
		t.Errorf("the record: %+v %v", v, err)
	}
	if where.URL == "" {
		must(d.db.Close())
		closed = true
		must(filepath.WalkDir(where.Dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			data = bytes.ToLower(data)
			if at := bytes.Index(data, []byte("velvetmoth")); at >= 0 {
				t.Errorf("%s still holds it: %q", path, data[max(0, at-80):min(len(data), at+80)])
			}
			return err
		}))
	}
}

func actorID(ctx context.Context) string {
	a, _ := social.ActorOf(ctx)
	return string(a.Member)
}

// cutRooms dies in its transaction, after it has taken.
type cutRooms struct{ deletion.Rooms }

func (c cutRooms) Unsay(ctx context.Context, ids []social.ConversationID, at time.Time) error {
	if err := c.Rooms.Unsay(ctx, ids, at); err != nil {
		return err
	}
	return social.Errorf(social.Busy, "cut off")
}

// Of a conversation that was merged into another all goes with it; what was
// taken out of another names it there no more. An answer on its way is waited for.
func TestDeletingTakesWhatWasMergedAlong(t *testing.T) {
	onBoth(t, func(t *testing.T, where store.Options) {
		d := openDeletions(t, where)
		defer d.db.Close()
		d.direct("zyxquorn", "velvetmoth one")
		d.direct("bob", "hello from the ironmoth")
		zyx, bob := d.with("zyxquorn", true)[0], d.with("bob", true)[0]
		_, err := d.desk.Merge(d.me, bob.ID, []social.ConversationID{zyx.ID})
		d.must(err)
		if o, err := d.deletions.Ask(d.me, []social.ConversationID{zyx.ID}, false); err != nil || len(o.Stay) != 1 {
			t.Errorf("one that was merged is asked for alone: %+v %v", o, err)
		}
		d.must(d.desk.Unmerge(d.me, zyx.ID))
		_, err = d.deletions.Ask(d.me, []social.ConversationID{zyx.ID}, false)
		d.must(err)
		d.now.Add(deletion.Wait)
		d.must(d.deletions.Work(d.ctx))
		d.must(d.db.Drain(d.ctx, d.followers()...))
		var events []string
		d.must(d.db.IDB(d.ctx).NewRaw("SELECT event FROM message WHERE conversation_id = ? AND kind = 'event'", string(bob.ID)).Scan(d.ctx, &events))
		if text := strings.ToLower(strings.Join(events, " ")); strings.Contains(text, "quorn") || strings.Contains(text, "velvetmoth") || !strings.Contains(text, "unmerge") {
			t.Errorf("the other says of it: %s", text)
		}

		thread := d.direct("zyxquorn", "velvetmoth two")
		zyx = d.with("zyxquorn", true)[0]
		_, err = d.desk.Merge(d.me, bob.ID, []social.ConversationID{zyx.ID})
		d.must(err)
		_, err = d.desk.Reply(d.me, bob.ID, engage.Words{Key: "r", Text: "We look into it, ironmoth."})
		d.must(err)
		if o, err := d.deletions.Ask(d.me, []social.ConversationID{bob.ID}, false); err != nil || len(o.Stay) != 1 || !strings.Contains(o.Stay[0].Why, "on its way") {
			t.Errorf("an answer is on its way: %+v %v", o, err)
		}
		d.now.Add(time.Second)
		_, err = d.desk.Post(d.ctx)
		d.must(err)
		d.settle()
		_, err = d.deletions.Ask(d.me, []social.ConversationID{bob.ID}, false)
		d.must(err)
		d.now.Add(deletion.Wait)
		d.must(d.deletions.Work(d.ctx))
		d.settle()
		d.now.Add(deletion.Again)
		d.must(d.deletions.Work(d.ctx))
		if left := lookFor(t, d.house, []string{"velvetmoth", "ironmoth"}); len(left) > 0 {
			t.Errorf("words of either are still in %v", left)
		}
		d.goOn("zyxquorn", thread, "velvetmoth three")
		if list := d.with("zyxquorn", true); len(list) != 1 || list[0].Into != "" || !strings.Contains(list[0].Preview, "three") {
			t.Errorf("new words in the thread of one that was merged: %+v", list)
		}
	})
}
