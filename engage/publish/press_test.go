package publish_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/engage/publishdb"
	"github.com/parley-crm/parley/social"
)

func TestAPostLeavesAtItsTime(t *testing.T) {
	each(t, func(w *world) {
		c := w.add("Winter tea is here", blog, mute)
		w.stands(c.ID, publish.Draft, publish.Draft)
		w.schedule(c, time.Hour)
		w.later(59 * time.Minute)
		w.stands(c.ID, publish.Scheduled, publish.Scheduled)
		w.later(time.Minute)
		posts := w.stands(c.ID, publish.Published, publish.Published)
		if len(w.net.order) != 2 || posts[0].URL == "" || posts[0].Attempts != 1 {
			t.Fatalf("%d takings, %+v", len(w.net.order), posts[0])
		}
		w.later(24 * time.Hour)
		if len(w.net.order) != 2 {
			t.Fatal("it left again")
		}
		_, err := w.press.Schedule(as(ida), c.ID, time.Time{}, []publish.PostID{posts[0].ID})
		w.want(social.Conflict, err)
	})
}

func TestWhatCantBePlanned(t *testing.T) {
	tests := []struct {
		name string
		do   func(w *world) error
		kind social.Kind
	}{
		{"a time that is over", func(w *world) error {
			_, err := w.press.Schedule(as(ida), w.add("tea", blog).ID, w.now.Now().Add(-time.Hour), nil)
			return err
		}, social.Invalid},
		{"ten years ahead", func(w *world) error {
			_, err := w.press.Schedule(as(ida), w.add("tea", blog).ID, w.now.Now().AddDate(10, 0, 0), nil)
			return err
		}, social.Invalid},
		{"no words", func(w *world) error {
			_, err := w.press.Schedule(as(ida), w.add("", blog).ID, time.Time{}, nil)
			return err
		}, social.Invalid},
		{"too many words", func(w *world) error {
			_, err := w.press.Schedule(as(ida), w.add(strings.Repeat("tea ", 100), blog).ID, time.Time{}, nil)
			return err
		}, social.Invalid},
		{"no channel", func(w *world) error {
			_, err := w.press.Schedule(as(ida), w.add("tea").ID, time.Time{}, nil)
			return err
		}, social.Conflict},
		{"a channel of others", func(w *world) error {
			_, err := w.press.Add(as(ida, care), publish.Content{Programme: care, Text: "tea", Posts: []*publish.Post{{Channel: "theirs"}}})
			return err
		}, social.Invalid},
		{"a programme of others", func(w *world) error {
			_, err := w.press.Add(as(ida, care), publish.Content{Programme: other, Text: "tea"})
			return err
		}, social.NotFound},
		{"another's content", func(w *world) error {
			_, err := w.press.Schedule(as(ida, other), w.add("tea", blog).ID, time.Time{}, nil)
			return err
		}, social.NotFound},
		{"by nobody", func(w *world) error {
			_, err := w.press.Schedule(social.WithScope(context.Background(), social.Scope{All: true}), w.add("tea", blog).ID, time.Time{}, nil)
			return err
		}, social.Forbidden},
		{"against the gate", func(w *world) error {
			c := w.add("tea", blog)
			w.gate.no = map[social.MemberID]string{ida: "You have not acknowledged “Conduct”."}
			_, err := w.press.Schedule(as(ida), c.ID, time.Time{}, nil)
			w.gate.no = nil
			return err
		}, social.Forbidden},
		{"the same channel twice", func(w *world) error {
			_, err := w.press.Add(as(ida), publish.Content{Text: "tea", Posts: []*publish.Post{{Channel: blog}, {Channel: blog}}})
			return err
		}, social.Invalid},
		{"pictures where none can be sent", func(w *world) error {
			c, err := w.press.Add(as(ida), publish.Content{Programme: care, Text: "tea", Posts: []*publish.Post{{Channel: mute}}})
			w.must(err)
			f, err := w.db.PutFile(as(ida), "tea.png", "", ida, strings.NewReader("\x89PNG\r\n\x1a\nxxxx"))
			w.must(err)
			c, err = w.press.Write(as(ida), c.ID, publish.Change{Text: "tea", Programme: care, Media: []publish.Media{{File: f.ID, Alt: "tea"}}, Posts: c.Posts, Seen: c.Version})
			w.must(err)
			_, err = w.press.Schedule(as(ida), c.ID, time.Time{}, nil)
			return err
		}, social.Invalid},
	}
	each(t, func(w *world) {
		for _, tt := range tests {
			if err := tt.do(w); social.KindOf(err) != tt.kind {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.kind)
			}
		}
	})
}

// TestTheGateIsAskedAgain: what was planned does not leave once its member may
// not speak any more.
func TestTheGateIsAskedAgain(t *testing.T) {
	each(t, func(w *world) {
		c := w.add("tea", blog)
		w.schedule(c, time.Hour)
		w.gate.no = map[social.MemberID]string{ida: "Only an active member can speak for the brand."}
		w.later(time.Hour)
		p := w.stands(c.ID, publish.Failed)[0]
		if len(w.net.order) != 0 || !strings.Contains(p.Problem, "active member") {
			t.Fatalf("%d takings, %q", len(w.net.order), p.Problem)
		}
	})
}

func TestReview(t *testing.T) {
	each(t, func(w *world) {
		w.rule(true, true)
		c := w.add("tea", blog)
		_, err := w.press.Schedule(as(ida), c.ID, time.Time{}, nil)
		w.want(social.Forbidden, err)
		w.schedule(c, time.Hour) // only its time is kept
		w.stands(c.ID, publish.Draft)
		_, err = w.press.Submit(as(ida), c.ID, "please")
		w.must(err)
		if n := w.bell.told[0]; n.Kind != "approval" || len(n.Members) != 1 || n.Members[0] != max {
			t.Fatalf("told %+v", n)
		}
		_, err = w.press.Review(as(ida), c.ID, publish.Approve, "")
		w.want(social.Forbidden, err) // never their own
		_, err = w.press.Review(as(max), c.ID, publish.Reject, " ")
		w.want(social.Invalid, err) // a no needs its reason
		_, err = w.press.Review(as(max), c.ID, publish.Reject, "Not this tea.")
		w.must(err)
		w.stands(c.ID, publish.Draft)
		_, err = w.press.Submit(as(ida), c.ID, "")
		w.want(social.Conflict, err) // exactly this was rejected
		c = w.write(c.ID, "other tea")
		_, err = w.press.Submit(as(ida), c.ID, "")
		w.must(err)
		_, err = w.press.Review(as(max), c.ID, publish.Return, "Say where.")
		w.must(err)
		_, err = w.press.Submit(as(ida), c.ID, "")
		w.must(err)
		_, err = w.press.Review(as(max), c.ID, publish.Approve, "Good.")
		w.must(err)
		w.stands(c.ID, publish.Scheduled) // its time was kept
		w.later(2 * time.Hour)
		w.stands(c.ID, publish.Published)
		remarks, err := w.press.Store.Remarks(as(max), c.ID)
		w.must(err)
		if len(remarks) != 6 {
			t.Errorf("%d remarks", len(remarks))
		}
	})
}

func (w *world) write(id publish.ContentID, text string) publish.Content {
	w.Helper()
	c := w.read(id)
	out, err := w.press.Write(as(ida), id, publish.Change{Text: text, Programme: c.Programme, Posts: c.Posts, Seen: c.Version})
	w.must(err)
	return out
}

// TestOnlyWhatWasApprovedLeaves: editing after the approval undoes it, and a
// row that was changed behind our back does not leave.
func TestOnlyWhatWasApprovedLeaves(t *testing.T) {
	each(t, func(w *world) {
		w.rule(true, true)
		c := w.add("tea", blog)
		w.schedule(c, time.Hour)
		_, err := w.press.Submit(as(ida), c.ID, "")
		w.must(err)
		_, err = w.press.Review(as(max), c.ID, publish.Approve, "")
		w.must(err)
		w.stands(c.ID, publish.Scheduled)
		w.write(c.ID, "free tea for everybody")
		w.stands(c.ID, publish.Draft)
		w.later(2 * time.Hour)
		w.stands(c.ID, publish.Draft)

		w.write(c.ID, "tea") // as it was approved
		w.schedule(c, time.Hour)
		w.stands(c.ID, publish.Scheduled)
		w.must(w.db.InTx(context.Background(), func(ctx context.Context) error {
			_, err := w.db.IDB(ctx).NewRaw("UPDATE publish_content SET text = 'free tea'").Exec(ctx)
			return err
		}))
		w.later(2 * time.Hour)
		if p := w.stands(c.ID, publish.Failed)[0]; !strings.Contains(p.Problem, "not approved") || len(w.net.order) != 0 {
			t.Fatalf("%q, %d takings", p.Problem, len(w.net.order))
		}
	})
}

// TestWhoSeesAPost: who it is for is approved with the words, goes with them,
// and stays what it was once it has left; where a network knows no such thing
// it is refused.
func TestWhoSeesAPost(t *testing.T) {
	each(t, func(w *world) {
		w.rule(true, true)
		c := w.add("tea", blog)
		aim := func(a social.Audience) {
			t.Helper()
			now, err := w.press.Store.Content(as(ida), c.ID)
			w.must(err)
			_, err = w.press.Write(as(ida), c.ID, publish.Change{Text: "tea", Programme: care, Seen: now.Version, Posts: []*publish.Post{{Channel: blog, Audience: a}}})
			w.must(err)
		}
		aim(social.Followers)
		w.schedule(c, time.Hour)
		_, err := w.press.Submit(as(ida), c.ID, "")
		w.must(err)
		_, err = w.press.Review(as(max), c.ID, publish.Approve, "")
		w.must(err)
		w.stands(c.ID, publish.Scheduled)
		aim(social.Everybody) // more see it than was approved
		w.stands(c.ID, publish.Draft)
		aim(social.Followers)
		w.schedule(c, time.Hour)
		w.later(2 * time.Hour)
		p := w.stands(c.ID, publish.Published)[0]
		if got := w.net.aims[string(p.ID)]; got != social.Followers {
			t.Errorf("it went out for %q", got)
		}
		aim(social.Everybody)
		if p := w.stands(c.ID, publish.Published)[0]; p.Audience != social.Followers {
			t.Errorf("what has left is for %q now", p.Audience)
		}

		fits, err := w.press.Fits(as(ida), publish.Content{Text: "tea", Programme: care, Posts: []*publish.Post{{Channel: blog, Audience: social.Quietly}, {Channel: mute, Audience: social.Followers}}})
		w.must(err)
		for i, f := range fits {
			if !strings.Contains(f.Problem, "for everybody") || len(f.Aims) != []int{2, 0}[i] {
				t.Errorf("%+v", f)
			}
		}
		w.rule(false, false)
		c = w.add("coffee", mute)
		_, err = w.press.Write(as(ida), c.ID, publish.Change{Text: "coffee", Programme: care, Seen: c.Version, Posts: []*publish.Post{{Channel: mute, Audience: social.Followers}}})
		w.must(err)
		_, err = w.press.Schedule(as(ida), c.ID, time.Time{}, nil)
		w.want(social.Invalid, err)
	})
}

func TestSomebodyElseWroteMeanwhile(t *testing.T) {
	each(t, func(w *world) {
		c := w.add("tea", blog)
		w.write(c.ID, "more tea")
		_, err := w.press.Write(as(max), c.ID, publish.Change{Text: "coffee", Programme: care, Seen: c.Version})
		w.want(social.Conflict, err)
	})
}

func TestHoldAll(t *testing.T) {
	each(t, func(w *world) {
		a, b := w.add("tea", blog), w.add("coffee", blog)
		past := w.add("gone", mute)
		w.schedule(past, 0)
		w.later(time.Minute)
		w.schedule(a, time.Hour)
		w.schedule(b, 3*time.Hour)
		_, err := w.press.HoldAll(as(max), "", "")
		w.want(social.Invalid, err) // needs its reason
		_, err = w.press.HoldAll(as(max, care), "", "Recall")
		w.want(social.Invalid, err) // not everything, by somebody of one programme
		h, err := w.press.HoldAll(as(max), "", "Recall of batch 7")
		w.must(err)
		_, err = w.press.HoldAll(as(max), "", "again")
		w.want(social.Conflict, err)
		if p := w.stands(a.ID, publish.Held)[0]; p.Why != "Recall of batch 7" {
			t.Errorf("it says %q", p.Why)
		}
		w.stands(past.ID, publish.Published)

		// what is planned during the hold is held too
		c := w.add("juice", blog)
		w.schedule(c, time.Hour)
		w.stands(c.ID, publish.Held)

		// one is let go, and leaves though the rest is held
		_, err = w.press.Release(as(max), a.ID, nil)
		w.must(err)
		w.stands(a.ID, publish.Scheduled)
		w.later(2 * time.Hour)
		w.stands(a.ID, publish.Published)

		w.must(w.press.ReleaseAll(as(max), h.ID))
		w.stands(b.ID, publish.Scheduled)                             // still to come
		if p := w.stands(c.ID, publish.Approved)[0]; !p.At.IsZero() { // its time is over: nothing leaves late by surprise
			t.Errorf("it kept %s", p.At)
		}
		w.later(2 * time.Hour)
		w.stands(b.ID, publish.Published)
		w.want(social.NotFound, w.press.ReleaseAll(as(max), h.ID))
	})
}

// TestAHoldThatSlippedIn: a post that was scheduled while a hold was made, so
// that the hold did not see it, is held when it is about to leave.
func TestAHoldThatSlippedIn(t *testing.T) {
	each(t, func(w *world) {
		c := w.add("tea", blog)
		w.schedule(c, time.Hour)
		w.must(w.db.InTx(context.Background(), func(ctx context.Context) error {
			return w.press.Store.AddHold(ctx, publish.HoldAll{ID: "h", Reason: "Recall", By: max, At: w.now.Now()})
		}))
		w.later(time.Hour)
		w.stands(c.ID, publish.Held)
		if len(w.net.order) != 0 {
			t.Fatal("it left")
		}
	})
}

var errPanic = errors.New("a panic")

func TestWhatNetworksSay(t *testing.T) {
	once := func(err error) func() error {
		if err == nil {
			return nil
		}
		n := 0
		return func() error {
			if n++; n > 1 {
				return nil
			}
			if err == errPanic {
				panic("boom")
			}
			return err
		}
	}
	tests := []struct {
		name          string
		before, after error
		on            social.ChannelID
		away          bool
		want          publish.State
		asks          bool
		taken         int
	}{
		{name: "busy once, later it goes", before: social.Errorf(social.Busy, "Wait."), on: blog, want: publish.Published, taken: 1},
		{name: "refused for good", before: social.Errorf(social.Forbidden, "No."), on: blog, want: publish.Failed},
		{name: "taken, but no answer: found by reading", after: lost(), on: blog, want: publish.Published, taken: 1},
		{name: "not taken, and no answer: not there, so failed, not sent again", before: lost(), on: blog, want: publish.Failed},
		{name: "no answer, and nobody can read: a person is asked", after: lost(), on: mute, want: publish.Unknown, asks: true, taken: 1},
		{name: "no answer, and reading fails on and on: a person is asked", after: lost(), on: blog, away: true, want: publish.Unknown, asks: true, taken: 1},
		{name: "an answer that means nothing is no answer", after: errors.New("EOF"), on: blog, want: publish.Published, taken: 1},
		{name: "a panic is no answer", after: errPanic, on: mute, want: publish.Unknown, asks: true, taken: 1},
	}
	each(t, func(w *world) {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				w.T = t
				w.net.before, w.net.after, w.net.away, w.net.order = once(tt.before), once(tt.after), tt.away, nil
				c := w.add("tea of "+tt.name, tt.on)
				w.schedule(c, 0)
				for range 40 {
					w.later(time.Minute)
				}
				p := w.stands(c.ID, tt.want)[0]
				if p.Asks() != tt.asks || len(w.net.order) != tt.taken {
					t.Fatalf("asks %v, taken %d times", p.Asks(), len(w.net.order))
				}
			})
		}
	})
}

// TestThePersonsWord settles what nobody can read.
func TestThePersonsWord(t *testing.T) {
	each(t, func(w *world) {
		for _, stands := range []bool{true, false} {
			w.net.after = lost
			c := w.add(fmt.Sprint("tea ", stands), mute)
			w.schedule(c, 0)
			w.later(time.Minute)
			w.later(time.Minute)
			p := w.stands(c.ID, publish.Unknown)[0]
			_, err := w.press.Schedule(as(ida), c.ID, time.Time{}, []publish.PostID{p.ID})
			w.want(social.Conflict, err) // never again before the word
			_, err = w.press.Settle(as(ida), p.ID, stands, "javascript:alert(1)")
			w.want(social.Invalid, err)
			_, err = w.press.Settle(as(ida), p.ID, stands, "")
			w.must(err)
			if stands {
				w.stands(c.ID, publish.Published)
				continue
			}
			w.stands(c.ID, publish.Failed)
			w.net.after = nil
			_, err = w.press.Schedule(as(ida), c.ID, time.Time{}, []publish.PostID{p.ID})
			w.must(err)
			w.later(time.Minute)
			w.stands(c.ID, publish.Published)
		}
	})
}

// dying is a store whose process dies: from some point on nothing reaches the
// database any more, as after kill -9.
type dying struct {
	publish.Store
	left int  // transactions that still go through
	late bool // the last is committed, but nobody learns of it
	dead bool
}

var errDead = errors.New("the process is dead")

type inside struct{}

func (d *dying) InTx(ctx context.Context, f func(context.Context) error) error {
	if ctx.Value(inside{}) != nil {
		return d.Store.InTx(ctx, f)
	}
	if d.dead {
		return errDead
	}
	if d.left--; d.left < 0 {
		d.dead = true
		if !d.late {
			return errDead
		}
	}
	err := d.Store.InTx(context.WithValue(ctx, inside{}, true), f)
	if d.dead {
		return errDead
	}
	return err
}

func (d *dying) Due(ctx context.Context, now time.Time, limit int) ([]publish.Due, time.Time, error) {
	if d.dead {
		return nil, time.Time{}, errDead
	}
	return d.Store.Due(ctx, now, limit)
}

// TestKilledAtEveryStep kills the process before and after each transaction
// of a post's way, and at the network, and starts it again: nobody sees the
// post twice, and nobody is left believing what is not so.
func TestKilledAtEveryStep(t *testing.T) {
	each(t, func(w *world) {
		for step := range 5 {
			for i := range 8 {
				late, noAnswer, on := i&1 == 0, i&2 == 0, blog
				if i&4 == 0 {
					on = mute
				}
				t.Run(fmt.Sprintf("step %d, late %v, no answer %v, %s", step, late, noAnswer, on), func(t *testing.T) {
					w.T = t
					w.net.order, w.net.before, w.net.after = nil, nil, nil
					tea := w.picture("tea.png", fmt.Sprint(step, i))
					if noAnswer {
						w.net.after = func() error { w.net.after = nil; return lost() }
					}
					c := w.add(fmt.Sprint("tea ", step, i), on)
					if on == blog {
						c = w.rewrite(c, []publish.Media{{File: tea, Alt: "tea"}})
					}
					w.schedule(c, time.Minute)
					w.now.Add(time.Minute)
					w.restart(&dying{Store: publishdb.New(w.db), left: step, late: late})
					for range 3 {
						_, _ = w.press.Run(context.Background())
						w.now.Add(time.Second)
					}
					w.restart(publishdb.New(w.db))
					for range 15 {
						w.later(time.Minute)
					}
					p := w.read(c.ID).Posts[0]
					taken := len(w.net.order)
					switch {
					case taken > 1:
						t.Fatalf("it stands on the network %d times", taken)
					case p.State == publish.Published && taken == 0:
						t.Fatal("it is said to be published, and nothing is there")
					case on == blog && taken == 1 && len(w.net.files[string(p.ID)]) != 1:
						t.Fatal("it stands there without its picture")
					case p.State == publish.Failed && taken == 1:
						t.Fatal("it is said to have failed, and it is there")
					case p.State == publish.Publishing || p.State == publish.Scheduled || (p.State == publish.Unknown && !p.Asks()):
						t.Fatalf("it is still %s", p.State)
					case on == blog && p.State == publish.Unknown:
						t.Fatal("reading could have settled it")
					}
				})
			}
		}
	})
}

// TestNumbers are read by the network's own account.
func TestNumbers(t *testing.T) {
	each(t, func(w *world) {
		c := w.add("tea", blog, mute)
		w.schedule(c, 0)
		w.later(time.Minute)
		w.now.Add(11 * time.Minute)
		_, err := w.press.Measure(context.Background())
		w.must(err)
		posts := w.read(c.ID).Posts
		if n := posts[0].Numbers; n.Likes != 3 || n.Shares != -1 || n.Replies != 2 || n.ReadAt.IsZero() || n.NextAt.IsZero() {
			t.Errorf("%+v", n)
		}
		if n := posts[1].Numbers; n.Likes != -1 || n.Problem == "" || !n.NextAt.IsZero() {
			t.Errorf("of a network that does not tell: %+v", n)
		}
	})
}

func TestTwins(t *testing.T) {
	each(t, func(w *world) {
		c := w.add("Our winter tea is here. Come and taste it.", blog)
		w.schedule(c, time.Hour)
		again := publish.Content{Text: "Our winter tea is here! Come and taste it https://x.example/", Posts: []*publish.Post{{Channel: blog}, {Channel: mute}}}
		twins, err := w.press.Twins(as(ida), again)
		w.must(err)
		if len(twins) != 1 || twins[0].Channel != blog || twins[0].Content != c.ID {
			t.Fatalf("%+v", twins)
		}
		w.now.Add(40 * 24 * time.Hour)
		if twins, _ := w.press.Twins(as(ida), again); len(twins) != 0 {
			t.Errorf("after forty days: %+v", twins)
		}
	})
}

func TestEnqueue(t *testing.T) {
	each(t, func(w *world) {
		w.must(w.press.SetQueue(as(ida), publish.Queue{Channel: blog, Zone: "Europe/Vienna", Slots: []publish.Slot{{Day: w.now.Now().AddDate(0, 0, 1).Weekday(), Minute: 600}}}))
		a, b := w.add("tea", blog), w.add("coffee", blog)
		a, err := w.press.Enqueue(as(ida), a.ID, nil)
		w.must(err)
		b, err = w.press.Enqueue(as(ida), b.ID, nil)
		w.must(err)
		if d := b.Posts[0].At.Sub(a.Posts[0].At); d < 6*24*time.Hour || d > 8*24*time.Hour {
			t.Errorf("the second comes %s after the first", d)
		}
		w.want(social.Invalid, w.press.SetQueue(as(ida), publish.Queue{Channel: blog, Zone: "Mars/Base"}))
		w.want(social.NotFound, w.press.SetQueue(as(ida, other), publish.Queue{Channel: blog, Zone: "UTC"}))
	})
}
