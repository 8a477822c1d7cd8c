package channeltest

import (
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// below lets a customer say something at our place.
func (rig *Rig) below(t *testing.T, text string) channel.Spot {
	t.Helper()
	if rig.Below != nil {
		id, root := rig.Below(text)
		return channel.Spot{ID: id, Root: root, Visibility: social.Public}
	}
	return channel.Spot{ID: asked(t, rig, text).ExternalID, Visibility: social.Public}
}

// lost are the troubles in which nobody but the network knows what was done.
var lost = map[Trouble][]social.Kind{
	Away: {social.Busy}, Limited: {social.Busy}, Failing: {social.Busy, social.Unknown}, Broken: {social.Busy, social.Unknown},
	FailingLate: {social.Busy, social.Unknown}, BrokenLate: {social.Busy, social.Unknown},
	Refused: {social.Forbidden, social.Invalid, social.NotFound}, Revoked: {social.Unauth},
}

// again does something in each trouble, and then once more without: at the end
// it is done, once, and nothing was said to be done that was not.
func again(t *testing.T, make Make, start func(t *testing.T, rig *Rig) (do func() error, done func() bool)) {
	for trouble, want := range lost {
		t.Run("after "+string(trouble), func(t *testing.T) {
			rig := make(t)
			do, done := start(t, rig)
			rig.Trouble(trouble)
			err := do()
			rig.Trouble(NoTrouble)
			late := trouble == FailingLate || trouble == BrokenLate
			if err == nil && !(late && done()) { // reading it again may tell that it was done
				t.Fatal("it says that it was done")
			}
			if err != nil {
				kinds(t, err, want...)
			}
			if done() && !late {
				t.Fatal("it was done all the same")
			}
			for range 2 {
				if err := do(); err != nil {
					t.Fatalf("once more: %v", err)
				}
			}
			if !done() {
				t.Fatal("it was not done")
			}
		})
	}
}

// moderating tests what is done with what others said at our place.
func moderating(t *testing.T, make Make) {
	if make(t).Stands == nil {
		t.Skip("nothing here is said at our place")
	}
	line := func(rig *Rig) channel.Moderator { return rig.Channel.(channel.Moderator) }
	t.Run("hide", func(t *testing.T) {
		rig := make(t)
		at, other := rig.below(t, "cheap pills!!"), rig.below(t, "a fair question")
		if hide, _ := line(rig).Moderates(at); !hide {
			t.Fatal("it says that this cannot be hidden")
		}
		for i, on := range []bool{true, true, false, false, true} {
			if err := line(rig).Hide(t.Context(), at, on); err != nil {
				t.Fatalf("step %d: %v", i, err)
			}
			if there, hidden := rig.Stands(at.ID); !there || hidden != on {
				t.Fatalf("step %d: there %v, hidden %v", i, there, hidden)
			}
		}
		if there, hidden := rig.Stands(other.ID); !there || hidden {
			t.Fatalf("something else: there %v, hidden %v", there, hidden)
		}
	})
	t.Run("hide", func(t *testing.T) {
		again(t, make, func(t *testing.T, rig *Rig) (func() error, func() bool) {
			at := rig.below(t, "cheap pills!!")
			return func() error { return line(rig).Hide(t.Context(), at, true) }, func() bool { _, hidden := rig.Stands(at.ID); return hidden }
		})
	})
	t.Run("private words are left alone", func(t *testing.T) {
		rig := make(t)
		at := rig.below(t, "between us")
		at.Visibility = social.Direct
		if hide, remove := line(rig).Moderates(at); hide || remove {
			t.Fatalf("hide %v, remove %v", hide, remove)
		}
	})
	rig := make(t)
	if _, remove := line(rig).Moderates(rig.below(t, "cheap pills!!")); !remove {
		return
	}
	t.Run("remove", func(t *testing.T) {
		again(t, make, func(t *testing.T, rig *Rig) (func() error, func() bool) {
			at := rig.below(t, "cheap pills!!")
			return func() error { return line(rig).Remove(t.Context(), at) }, func() bool { there, _ := rig.Stands(at.ID); return !there }
		})
	})
	t.Run("what is gone is not hidden", func(t *testing.T) {
		rig := make(t)
		at, other := rig.below(t, "cheap pills!!"), rig.below(t, "a fair question")
		if err := line(rig).Remove(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		kinds(t, line(rig).Hide(t.Context(), at, true), social.NotFound)
		if there, _ := rig.Stands(other.ID); !there {
			t.Fatal("something else is gone too")
		}
	})
}

// retracting tests what is done with our own words.
func retracting(t *testing.T, make Make) {
	again(t, make, func(t *testing.T, rig *Rig) (func() error, func() bool) {
		a := asked(t, rig, "hello?")
		s := rig.Channel.(channel.Sender)
		at := func(key, words string) channel.Spot {
			r, err := s.Send(t.Context(), answer(rig, a, key, words, time.Now()))
			if err != nil {
				t.Fatal(err)
			}
			return channel.Spot{ID: r.ExternalID, Root: a.Thread(), Visibility: answer(rig, a, key, words, time.Now()).Visibility}
		}
		at("key-stays", "This stays.")
		spot := at("key-goes", "This was a mistake.")
		if !rig.Channel.(channel.Retractor).Retracts(spot) {
			if spot.Visibility == social.Direct {
				t.Skip("what was said in private stays")
			}
			t.Fatal("it says that this cannot be taken back")
		}
		return func() error { return rig.Channel.(channel.Retractor).Retract(t.Context(), spot) }, func() bool {
			took(t, rig, "This stays.", 1)
			n := 0
			for _, words := range rig.Ours() {
				if strings.Contains(words, "This was a mistake.") {
					n++
				}
			}
			return n == 0
		}
	})
}
