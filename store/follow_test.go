package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

func TestFactsAndPlaceMoveTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx := context.Background()
		say := func(s string) {
			t.Helper()
			err := db.InTx(ctx, func(ctx context.Context) error { return db.Tell(ctx, social.Governed{What: s}) })
			if err != nil {
				t.Fatal(err)
			}
		}
		say("one")
		say("two")
		var got []string
		fail := true
		f := store.Follower{Name: "test", Tell: func(ctx context.Context, facts []store.Fact) error {
			for _, x := range facts {
				got = append(got, x.Fact.(social.Governed).What)
			}
			if fail {
				return errors.New("not this time")
			}
			return db.SetSetting(ctx, "seen", len(got))
		}}
		if _, err := db.Step(ctx, f); err == nil {
			t.Fatal("a failing follower must not move on")
		}
		got, fail = nil, false
		if n, err := db.Step(ctx, f); err != nil || n != 2 {
			t.Fatalf("got %d facts, %v; want both again", n, err)
		}
		if len(got) != 2 || got[0] != "one" || got[1] != "two" {
			t.Fatalf("got %v, want one, two in order", got)
		}
		if n, err := db.Step(ctx, f); err != nil || n != 0 {
			t.Fatalf("got %d facts, %v; want none twice", n, err)
		}
		var seen int
		if ok, err := db.Setting(ctx, "seen", &seen); !ok || err != nil || seen != 2 {
			t.Fatalf("the follower's own write: %v %v %d", ok, err, seen)
		}
	})
}

func TestNothingIsToldOfATransactionThatFailed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx := context.Background()
		err := db.InTx(ctx, func(ctx context.Context) error {
			if err := db.SetSetting(ctx, "x", 1); err != nil {
				return err
			}
			if err := db.Tell(ctx, social.Governed{}); err != nil {
				return err
			}
			return errors.New("changed my mind")
		})
		if err == nil {
			t.Fatal("want the error back")
		}
		if head, err := db.Head(ctx); err != nil || head != 0 {
			t.Fatalf("head %d, %v; want no fact", head, err)
		}
		var x int
		if ok, _ := db.Setting(ctx, "x", &x); ok {
			t.Fatal("the row stayed")
		}
	})
}
