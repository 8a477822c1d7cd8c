package listendb_test

import (
	"context"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

func TestHowSomebodySpoke(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		s := listendb.New(db)
		ctx := t.Context()
		var c listen.Changes
		say := func(seq int64, who, channel, mood string, at time.Time) {
			c.Insert = append(c.Insert, listen.Post{Seq: seq, Identity: social.IdentityID(who), Received: at, Told: at,
				Activity: social.Activity{ID: social.ActivityID(who + channel + at.String()), Channel: social.ChannelID(channel),
					ExternalID: at.String(), Visibility: social.Public, Published: at}})
			c.Readings = append(c.Readings, listen.Reading{Seq: seq, Lang: "en", Sentiment: mood})
		}
		october, november := storetest.Start.AddDate(0, -1, 0), storetest.Start
		say(1, "maya", "a", social.Negative, october)
		say(2, "maya", "b", social.Negative, november)
		say(3, "maya", "b", "", november.Add(time.Hour))
		say(4, "tom", "a", social.Positive, november.Add(time.Minute))
		if err := s.InTx(ctx, func(ctx context.Context) error { return s.Write(ctx, c) }); err != nil {
			t.Fatal(err)
		}
		spoken, err := s.Spoken(ctx, []social.IdentityID{"maya", "tom", "nobody"}, nil)
		if err != nil || spoken["maya"] != (listendb.Spoken{Activities: 3, Mood: social.Negative}) || spoken["tom"].Mood != social.Positive || len(spoken) != 2 {
			t.Errorf("%+v, %v", spoken, err)
		}
		spoken, err = s.Spoken(ctx, []social.IdentityID{"maya"}, []social.ChannelID{"a"})
		if err != nil || spoken["maya"].Activities != 1 {
			t.Errorf("on one channel: %+v, %v", spoken, err)
		}
		if spoken, err = s.Spoken(ctx, []social.IdentityID{"maya"}, []social.ChannelID{}); err != nil || len(spoken) != 0 {
			t.Errorf("on none: %+v, %v", spoken, err)
		}
		felt, err := s.Felt(ctx, []social.IdentityID{"maya", "tom"}, nil, october)
		if err != nil || len(felt) != 2 || felt[0] != (listendb.FeltIn{Month: "2026-10", Negative: 1}) || felt[1] != (listendb.FeltIn{Month: "2026-11", Negative: 1, Positive: 1}) {
			t.Errorf("%+v, %v", felt, err)
		}
	})
}
