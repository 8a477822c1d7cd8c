package engage_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
)

func TestActs(t *testing.T) {
	type acts = []func(*world, context.Context, social.ConversationID) error
	claim := func(w *world, ctx context.Context, id social.ConversationID) error { return w.desk.Claim(ctx, id) }
	resolve := func(w *world, ctx context.Context, id social.ConversationID) error { return w.desk.Resolve(ctx, id) }
	reopen := func(w *world, ctx context.Context, id social.ConversationID) error { return w.desk.Reopen(ctx, id) }
	snooze := func(d time.Duration) func(*world, context.Context, social.ConversationID) error {
		return func(w *world, ctx context.Context, id social.ConversationID) error {
			return w.desk.Snooze(ctx, id, w.now.Now().Add(d))
		}
	}
	assign := func(m social.MemberID) func(*world, context.Context, social.ConversationID) error {
		return func(w *world, ctx context.Context, id social.ConversationID) error { return w.desk.Assign(ctx, id, m) }
	}
	move := func(p social.ProgrammeID) func(*world, context.Context, social.ConversationID) error {
		return func(w *world, ctx context.Context, id social.ConversationID) error { return w.desk.Move(ctx, id, p) }
	}
	both := within(ana, care, other)
	type act struct {
		ctx   context.Context
		acts  acts
		kind  social.Kind // of the last
		state engage.State
		who   social.MemberID
		turn  engage.Turn
		log   string // verbs in the record
	}
	cases(t, map[string]act{
		"claim":                      {as(ana), acts{claim}, "", engage.Open, ana, engage.Ours, "open claim"},
		"claim twice":                {as(ana), acts{claim, claim}, "", engage.Open, ana, engage.Ours, "open claim"},
		"claim what another has":     {as(ana), acts{assign(ben), claim}, social.Conflict, engage.Open, ben, engage.Ours, "open assign"},
		"claim what one may not see": {within(ana, other), acts{claim}, social.NotFound, engage.Open, "", engage.Ours, "open"},
		"give to a stranger":         {as(ana), acts{assign("zoe")}, social.Invalid, engage.Open, "", engage.Ours, "open"},
		"give back":                  {as(ana), acts{claim, assign("")}, "", engage.Open, "", engage.Ours, "open claim assign"},
		"resolve":                    {as(ana), acts{resolve}, "", engage.Resolved, "", engage.Settled, "open resolve"},
		"resolve twice":              {as(ana), acts{resolve, resolve}, "", engage.Resolved, "", engage.Settled, "open resolve"},
		"resolve unseen":             {within(ana, other), acts{resolve}, social.NotFound, engage.Open, "", engage.Ours, "open"},
		"reopen":                     {as(ana), acts{resolve, reopen}, "", engage.Open, "", engage.Ours, "open resolve reopen"},
		"reopen what is open":        {as(ana), acts{reopen}, "", engage.Open, "", engage.Ours, "open"},
		"snooze":                     {as(ana), acts{snooze(time.Hour)}, "", engage.Snoozed, "", engage.Ours, "open snooze"},
		"snooze into the past":       {as(ana), acts{snooze(-time.Hour)}, social.Invalid, engage.Open, "", engage.Ours, "open"},
		"snooze for ever":            {as(ana), acts{snooze(9000 * time.Hour)}, social.Invalid, engage.Open, "", engage.Ours, "open"},
		"move":                       {both, acts{move(other)}, "", engage.Open, "", engage.Ours, "open move"},
		"move out of sight":          {within(ana, care), acts{move(other)}, social.NotFound, engage.Open, "", engage.Ours, "open"},
		"nobody acts":                {social.WithScope(context.Background(), social.Scope{All: true}), acts{resolve}, social.Forbidden, engage.Open, "", engage.Ours, "open"},
	}, func(w *world, tt act) {
		id := w.began()
		var err error
		for _, act := range tt.acts {
			err = act(w, tt.ctx, id)
		}
		if social.KindOf(err) != tt.kind {
			w.t.Fatalf("got %v, want kind %q", err, tt.kind)
		}
		if c := w.only(); c.State != tt.state || c.Assignee != tt.who || c.Turn != tt.turn {
			w.t.Fatalf("%s, %q, %s", c.State, c.Assignee, c.Turn)
		}
		var verbs []string
		w.must(w.db.IDB(context.Background()).NewRaw("SELECT verb FROM record ORDER BY seq").Scan(context.Background(), &verbs))
		if got := strings.Join(verbs, " "); got != tt.log {
			w.t.Fatalf("the record says %s, want %s", got, tt.log)
		}
		if n := w.count("SELECT COUNT(*) FROM message WHERE kind = 'event'"); n != len(verbs)-1 {
			w.t.Fatalf("%d events in the thread for %d acts", n, len(verbs)-1)
		}
		w.tallied()
	})
}

// tallied compares what is counted with what is there.
func (w *world) tallied() {
	w.t.Helper()
	wrong := w.count(`SELECT COUNT(*) FROM (SELECT programme_id, assignee_id, state, COUNT(*) AS n FROM conversation GROUP BY programme_id, assignee_id, state) AS c
		FULL OUTER JOIN (SELECT * FROM conversation_tally WHERE n <> 0) AS t
		ON t.programme_id = c.programme_id AND t.assignee_id = c.assignee_id AND t.state = c.state WHERE COALESCE(t.n, 0) <> COALESCE(c.n, 0)`)
	if wrong != 0 {
		w.t.Fatalf("%d counts are wrong", wrong)
	}
}

func TestWakingUp(t *testing.T) {
	each(t, func(w *world) {
		id := w.began()
		w.must(w.desk.Snooze(as(ana), id, w.now.Now().Add(time.Hour)))
		w.now.Add(59 * time.Minute)
		w.must(w.desk.Tick(context.Background()))
		if c := w.only(); c.State != engage.Snoozed {
			w.t.Fatalf("woken too early: %s", c.State)
		}
		w.now.Add(time.Minute)
		w.must(w.desk.Tick(context.Background()))
		w.must(w.desk.Tick(context.Background()))
		if c := w.only(); c.State != engage.Open || !c.SnoozedUntil.IsZero() {
			w.t.Fatalf("%s until %s", c.State, c.SnoozedUntil)
		}
		if n := w.count("SELECT COUNT(*) FROM message WHERE event LIKE '%wake%'"); n != 1 {
			w.t.Fatalf("woken %d times", n)
		}
		w.tallied()
	})
}

func TestNotes(t *testing.T) {
	each(t, func(w *world) {
		id := w.began()
		m, err := w.desk.Note(as(ana), id, engage.Remark{Key: "n1", Text: "a regular"})
		w.must(err)
		again, err := w.desk.Note(as(ana), id, engage.Remark{Key: "n1", Text: "a regular"})
		w.must(err)
		if again.ID != m.ID || m.Visibility != social.Internal {
			w.t.Fatalf("%s, %s, %s", m.ID, again.ID, m.Visibility)
		}
		_, err = w.desk.Note(as(ana), id, engage.Remark{Key: "n1", Text: "something else"})
		w.want(social.Conflict, err)
		_, err = w.desk.Note(as(ana), id, engage.Remark{Key: "n2"})
		w.want(social.Invalid, err)
		_, err = w.desk.Note(within(ana, other), id, engage.Remark{Key: "n2", Text: "x"})
		w.want(social.NotFound, err)
		w.later(time.Hour)
		if c := w.only(); w.net.sends != 0 || c.Preview != "@brewell my kettle leaks" || c.PreviewBy != engage.ByThem || c.State != engage.Open || c.Messages != 1 {
			w.t.Fatalf("%d sends, %+v", w.net.sends, c)
		}
	})
}

func TestReadingAndDrafts(t *testing.T) {
	each(t, func(w *world) {
		id := w.began()
		w.must(w.desk.Read(as(ana), id))
		_, err := w.desk.KeepDraft(as(ana), id, "Dear", social.Public)
		w.must(err)
		row, err := w.desk.Conversation(as(ana), id)
		w.must(err)
		bens, err := w.desk.Conversation(as(ben), id)
		w.must(err)
		if row.Unread || !row.Draft || !bens.Unread || bens.Draft {
			w.t.Fatalf("ana: %v %v, ben: %v %v", row.Unread, row.Draft, bens.Unread, bens.Draft)
		}
		_, err = w.desk.Draft(as(ben), id)
		w.want(social.NotFound, err)
		w.now.Add(time.Second)
		w.hear(w.say("p2", "maya", "hello?", answering("p1", "p1"), atUs))
		if c := w.only(); !c.Unread {
			w.t.Fatal("new words must be unread")
		}
		w.must(w.desk.Read(as(ana), id))
		w.must(w.desk.Unread(as(ana), id))
		if c := w.only(); !c.Unread {
			w.t.Fatal("what was marked as unread is read")
		}
		w.must(w.desk.Read(as(ana), id))
		if w.only().Unread {
			w.t.Fatal("what was read again is unread")
		}
		w.want(social.NotFound, w.desk.Unread(within(ana, other), id))
		_, err = w.desk.KeepDraft(as(ana), id, "", "")
		w.must(err)
		_, err = w.desk.Draft(as(ana), id)
		w.want(social.NotFound, err)
		for _, err := range []error{w.desk.Read(within(ana, other), id), second(w.desk.Draft(within(ana, other), id)),
			second(w.desk.KeepDraft(within(ana, other), id, "x", social.Public))} {
			w.want(social.NotFound, err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// many begins n conversations, a minute apart, by turns in two programmes.
func (w *world) many(n int) []social.ConversationID {
	w.t.Helper()
	var said []social.Mention
	for i := range n {
		w.now.Add(time.Minute)
		said = append(said, w.say(fmt.Sprintf("p%03d", i), fmt.Sprintf("user%d", i%7), fmt.Sprintf("question number %d about a Café", i), atUs,
			of([]social.ProgrammeID{care, other}[i%2])))
	}
	w.hear(said...)
	rows := w.all()
	if len(rows) != n {
		w.t.Fatalf("%d conversations, want %d", len(rows), n)
	}
	slices.Reverse(rows)
	ids := make([]social.ConversationID, n)
	for i, r := range rows {
		ids[i] = r.ID
	}
	return ids
}

func TestViewsAndPages(t *testing.T) {
	each(t, func(w *world) {
		ids := w.many(40)
		for i, id := range ids {
			switch i % 5 {
			case 1:
				w.must(w.desk.Claim(as(ana), id))
			case 2:
				w.must(w.desk.Resolve(as(ana), id))
			case 3:
				w.must(w.desk.Snooze(as(ana), id, w.now.Now().Add(time.Hour)))
			}
		}
		state := func(i int) engage.View {
			switch i % 5 {
			case 2:
				return engage.ViewResolved
			case 3:
				return engage.ViewSnoozed
			}
			return engage.ViewOpen
		}
		mine := func(i int) bool { return i%5 == 1 }
		live := func(i int) bool { return state(i) == engage.ViewOpen }
		tests := []struct {
			name string
			ctx  context.Context
			q    engage.Query
			in   func(i int) bool
		}{
			{"all", as(ana), engage.Query{View: engage.ViewAll}, func(int) bool { return true }},
			{"open", as(ana), engage.Query{View: engage.ViewOpen}, live},
			{"resolved", as(ana), engage.Query{View: engage.ViewResolved}, func(i int) bool { return state(i) == engage.ViewResolved }},
			{"snoozed", as(ana), engage.Query{View: engage.ViewSnoozed}, func(i int) bool { return state(i) == engage.ViewSnoozed }},
			{"waiting", as(ana), engage.Query{View: engage.ViewWaiting}, func(int) bool { return false }},
			{"mine", as(ana), engage.Query{View: engage.ViewMine}, mine},
			{"ben's", as(ben), engage.Query{View: engage.ViewMine}, func(int) bool { return false }},
			{"unassigned", as(ana), engage.Query{View: engage.ViewUnassigned}, func(i int) bool { return live(i) && !mine(i) }},
			{"of a programme", as(ana), engage.Query{View: engage.ViewAll, Programme: care}, func(i int) bool { return i%2 == 0 }},
			{"seen by care", within(ana, care), engage.Query{View: engage.ViewAll}, func(i int) bool { return i%2 == 0 }},
			{"seen by both", within(ana, care, other), engage.Query{View: engage.ViewOpen}, live},
			{"care asks for other", within(ana, care), engage.Query{View: engage.ViewAll, Programme: other}, func(int) bool { return false }},
			{"mine in care", within(ana, care), engage.Query{View: engage.ViewMine}, func(i int) bool { return mine(i) && i%2 == 0 }},
			{"unassigned in care", within(ana, care), engage.Query{View: engage.ViewUnassigned}, func(i int) bool { return live(i) && !mine(i) && i%2 == 0 }},
			{"seen by nobody", social.WithActor(context.Background(), social.Actor{Member: ana}), engage.Query{View: engage.ViewAll}, func(int) bool { return false }},
			{"found by a word", as(ana), engage.Query{View: engage.ViewAll, Search: "CAFE number"}, func(int) bool { return true }},
			{"found by an author", as(ana), engage.Query{View: engage.ViewAll, Search: "user3"}, func(i int) bool { return i%7 == 3 }},
			{"a sign is a sign", as(ana), engage.Query{View: engage.ViewAll, Search: "%"}, func(int) bool { return false }},
			{"on the channel", as(ana), engage.Query{View: engage.ViewAll, Channel: line}, func(int) bool { return true }},
			{"on another channel", as(ana), engage.Query{View: engage.ViewAll, Channel: "ch-2"}, func(int) bool { return false }},
			{"longest waiting", as(ana), engage.Query{View: engage.ViewOpen, Longest: true}, live},
			{"longest waiting in care", within(ana, care), engage.Query{View: engage.ViewOpen, Longest: true}, func(i int) bool { return live(i) && i%2 == 0 }},
		}
		for _, tt := range tests {
			var want, got []social.ConversationID
			for i, id := range ids {
				if tt.in(i) {
					want = append(want, id)
				}
			}
			if !tt.q.Longest {
				slices.Reverse(want)
			}
			tt.q.Limit = 7
			for n := range 20 {
				page, err := w.desk.List(tt.ctx, tt.q)
				rows, next := page.Rows, page.Next
				w.must(err)
				for _, r := range rows {
					got = append(got, r.ID)
				}
				if tt.q.Cursor = next; next == "" {
					break
				}
				if n == 19 {
					w.t.Fatalf("%s: the pages never end", tt.name)
				}
			}
			if !slices.Equal(got, want) {
				w.t.Errorf("%s: got %d, want %d\n%v\n%v", tt.name, len(got), len(want), got, want)
			}
		}
		counts, err := w.desk.Counts(as(ana))
		w.must(err)
		if counts != (engage.Counts{Mine: 8, Unassigned: 16, Open: 24, Snoozed: 8, Resolved: 8}) {
			w.t.Errorf("counts: %+v", counts)
		}
		counts, err = w.desk.Counts(within(ana, care))
		w.must(err)
		if counts != (engage.Counts{Mine: 4, Unassigned: 8, Open: 12, Snoozed: 4, Resolved: 4}) {
			w.t.Errorf("counts in care: %+v", counts)
		}
		_, err = w.desk.List(as(ana), engage.Query{Cursor: "forged"})
		w.want(social.Invalid, err)
		w.tallied()
	})
}

func TestManyAtOnce(t *testing.T) {
	each(t, func(w *world) {
		ids := w.many(6)
		do := func(ctx context.Context, ids []social.ConversationID, e engage.Deed) error {
			_, err := w.desk.Do(ctx, ids, e)
			return err
		}
		w.want(social.NotFound, do(within(ana, care), ids, engage.Deed{Act: engage.ActResolve}))
		w.want(social.NotFound, do(as(ana), append(ids, "nothing"), engage.Deed{Act: engage.ActResolve}))
		w.want(social.Invalid, do(as(ana), ids, engage.Deed{Act: "burn"}))
		if w.count("SELECT COUNT(*) FROM conversation WHERE state <> 'open'") != 0 {
			w.t.Fatal("something was changed")
		}
		w.must(do(as(ana), append(ids, ids[0]), engage.Deed{Act: engage.ActAssign, Member: ben}))
		w.must(do(as(ana), ids, engage.Deed{Act: engage.ActSnooze, Until: w.now.Now().Add(time.Hour)}))
		w.must(do(as(ana), ids, engage.Deed{Act: engage.ActResolve}))
		if w.count("SELECT COUNT(*) FROM conversation WHERE state = 'resolved' AND assignee_id = 'ben'") != 6 || len(facts[social.Resolved](w)) != 6 {
			w.t.Fatal("not all were changed")
		}
		w.tallied()
	})
}

func TestTakingBackAResolveGivesTheWaitBack(t *testing.T) {
	each(t, func(w *world) {
		id := w.began()
		was := w.only()
		if was.WaitingSince.IsZero() {
			w.t.Fatal("nobody waits")
		}
		w.now.Add(time.Minute)
		w.must(w.desk.Resolve(as(ana), id))
		if c := w.only(); !c.WaitingSince.IsZero() {
			w.t.Fatalf("a resolved conversation waits since %s", c.WaitingSince)
		}
		w.now.Add(time.Second)
		w.must(w.desk.Reopen(as(ana), id))
		if c := w.only(); c.State != engage.Open || !c.WaitingSince.Equal(was.WaitingSince) || !c.AnsweredTo.Equal(was.AnsweredTo) {
			w.t.Fatalf("waits since %s, answered to %s; want %s, %s", c.WaitingSince, c.AnsweredTo, was.WaitingSince, was.AnsweredTo)
		}
		w.tallied()
	})
}
