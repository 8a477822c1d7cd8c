package listen_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
	"pgregory.net/rapid"
)

// life is what happens to a few posts: their versions and deletions.
func life(t *rapid.T) []channel.Event {
	var out []channel.Event
	n := rapid.IntRange(1, 7).Draw(t, "events")
	for i := range n {
		a := post(rapid.SampledFrom([]string{"p", "q"}).Draw(t, "post"), rapid.SampledFrom([]string{"kettle", "a kettle leaks", "no more", "tea"}).Draw(t, "text"))
		a.Verb = rapid.SampledFrom([]social.Verb{social.Create, social.Update, social.Update, social.Delete}).Draw(t, "verb")
		a.Version = rapid.SampledFrom([]string{"", "1", "2", "9", "10"}).Draw(t, "version")
		a.Likes = rapid.IntRange(0, 2).Draw(t, "likes")
		if rapid.Bool().Draw(t, "private") {
			a.Visibility, a.Directed = social.Direct, true
		}
		if a.Verb == social.Delete {
			a.Text, a.Author = "", social.Author{}
		}
		at := storetest.Start.Add(-time.Duration(rapid.IntRange(1, 3).Draw(t, "age")) * time.Hour)
		e := event(a)
		e.Key, e.At = fmt.Sprint(i), at
		out = append(out, e)
	}
	return out
}

// standing is everything that a channel's events came to, without what
// depends on when they came: ids, numbers and arrival.
func (w *world) standing(c social.ChannelID) string {
	w.t.Helper()
	var b strings.Builder
	var rows []string
	err := w.db.IDB(w.ctx).NewRaw(`SELECT external_id || ' ' || identity_id || ' ' || published_at || ' ' || told_at || ' ' || edited_at || ' ' || deleted_at
		|| ' ' || version || ' ' || visibility || ' ' || likes || ' ' || body || ' ' || author
		|| ' ' || (SELECT COUNT(*) FROM mention m WHERE m.seq = a.seq) FROM activity a WHERE channel_id = ? ORDER BY external_id`, c).Scan(w.ctx, &rows)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, r := range rows {
		b.WriteString(r + "\n")
	}
	return b.String()
}

// counted checks that the rollups say what counting says.
func (w *world) counted() {
	w.t.Helper()
	const counted = `SELECT s || ' ' || h || ' ' || COUNT(*) || ' ' || SUM(neg) FROM (
		SELECT a.channel_id AS s, a.published_at / 3600000000 AS h, CASE WHEN r.sentiment = 'negative' THEN 1 ELSE 0 END AS neg
		FROM activity a LEFT JOIN activity_reading r ON r.seq = a.seq WHERE NOT a.own AND a.visibility = 'public' AND a.deleted_at = 0
		UNION ALL
		SELECT m.monitor_id, m.published_at / 3600000000, CASE WHEN r.sentiment = 'negative' THEN 1 ELSE 0 END
		FROM mention m LEFT JOIN activity_reading r ON r.seq = m.seq) AS t GROUP BY s, h ORDER BY s, h`
	const kept = `SELECT subject || ' ' || (hour / 3600000000) || ' ' || count || ' ' || negative FROM tally WHERE count <> 0 OR negative <> 0 ORDER BY subject, hour`
	var want, got []string
	if err := w.db.IDB(w.ctx).NewRaw(counted).Scan(w.ctx, &want); err != nil {
		w.t.Fatal(err)
	}
	if err := w.db.IDB(w.ctx).NewRaw(kept).Scan(w.ctx, &got); err != nil {
		w.t.Fatal(err)
	}
	if fmt.Sprint(want) != fmt.Sprint(got) {
		w.t.Fatalf("the rollups say\n%s\ncounting says\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	// Every mention is of a post that stands on the wall, in its hour.
	if n := w.count(`SELECT COUNT(*) FROM mention m LEFT JOIN activity a ON a.seq = m.seq AND a.published_at = m.published_at
		WHERE a.seq IS NULL OR a.own OR a.visibility <> 'public' OR a.deleted_at <> 0`); n != 0 {
		w.t.Fatalf("%d mentions of nothing", n)
	}
	// Counting everything anew comes to the same. It is looked at now and then.
	if w.counts++; w.counts%5 != 1 {
		return
	}
	before := w.rollups()
	if err := w.Recount(w.ctx); err != nil {
		w.t.Fatal(err)
	}
	if after := w.rollups(); before != after {
		w.t.Fatalf("the rollups say\n%s\ncounting anew says\n%s", before, after)
	}
}

// rollups writes all counts out.
func (w *world) rollups() string {
	w.t.Helper()
	var all []string
	for _, q := range []string{
		"SELECT 'tally ' || subject || ' ' || hour || ' ' || count || ' ' || negative || ' ' || neutral || ' ' || positive FROM tally WHERE count <> 0 ORDER BY 1",
		"SELECT 'tally_day ' || subject || ' ' || day || ' ' || count || ' ' || negative || ' ' || neutral || ' ' || positive FROM tally_day WHERE count <> 0 ORDER BY 1",
		"SELECT 'facet ' || subject || ' ' || hour || ' ' || name || ' ' || value || ' ' || count || ' ' || negative || ' ' || neutral || ' ' || positive FROM facet WHERE count <> 0 ORDER BY 1",
		"SELECT 'facet_day ' || subject || ' ' || day || ' ' || name || ' ' || value || ' ' || count || ' ' || negative || ' ' || neutral || ' ' || positive FROM facet_day WHERE count <> 0 ORDER BY 1",
	} {
		var rows []string
		if err := w.db.IDB(w.ctx).NewRaw(q).Scan(w.ctx, &rows); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, rows...)
	}
	return strings.Join(all, "\n")
}

func TestAnyOrderGivesTheSameState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		w.watch("kettle", true)
		checks := 0
		rapid.Check(t, func(r *rapid.T) {
			if checks++; db.Engine == store.Postgres && checks > 25 {
				return
			}
			events := life(r)
			in, out := w.channel("wire", "plain"), w.channel("feed", "plain")
			for _, c := range []listen.Channel{in, out} {
				keep := true
				if _, err := w.ChangeChannel(w.ctx, c.ID, listen.Patch{Keep: &keep}); err != nil {
					r.Fatal(err)
				}
			}
			w.take(in.ID, events...)
			shuffled := rapid.Permutation(events).Draw(r, "order")
			for _, e := range shuffled { // one by one, and each twice
				w.take(out.ID, e)
				w.take(out.ID, e)
			}
			a, b := w.standing(in.ID), w.standing(out.ID)
			if a != b {
				r.Fatalf("in order\n%s\nshuffled\n%s", a, b)
			}
			if _, err := w.Replay(w.ctx, time.Time{}); err != nil {
				r.Fatal(err)
			}
			w.counted()
			for _, c := range []listen.Channel{in, out} {
				if err := w.db.InTx(w.ctx, func(ctx context.Context) error {
					_, err := w.db.IDB(ctx).NewRaw("DELETE FROM inbound WHERE channel_id = ?", c.ID).Exec(ctx)
					return err
				}); err != nil {
					r.Fatal(err)
				}
			}
		})
	})
}

func TestADeletionWins(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c, m := w.channel("feed", "plain"), w.watch("kettle", true)
		made := post("1", "my kettle")
		edited := made
		edited.Verb, edited.Text, edited.Version = social.Update, "my old kettle", "2"
		gone := social.Activity{ExternalID: "1", Verb: social.Delete}
		w.take(c.ID, event(made))
		w.take(c.ID, event(edited))
		if x := w.heard()["1"]; !x.Edited || x.Activity.Text != "my old kettle" || x.Activity.Verb != social.Update {
			t.Fatalf("edited: %+v", x)
		}
		w.take(c.ID, event(gone))
		x := w.heard()["1"]
		if !x.Deleted || x.Inbox || x.Activity.Text != "" || x.Activity.Author.Handle != "maya" || len(x.Monitors) != 0 {
			t.Fatalf("deleted: %+v", x)
		}
		late := edited
		late.Version, late.Text = "3", "my kettle is back"
		w.take(c.ID, event(late))
		if x := w.heard()["1"]; !x.Deleted || x.Activity.Text != "" {
			t.Fatalf("it came back: %+v", x)
		}
		same(t, w.wall(listen.Filter{Monitor: m.ID}))
		w.counted()
		// A deletion of what we never heard is no news to anybody.
		before := w.facts()
		w.take(c.ID, event(social.Activity{ExternalID: "never", Verb: social.Delete}))
		if w.facts() != before {
			t.Error("somebody was told of a tombstone without a past")
		}
	})
}

func TestAFirehoseKeepsChangesOfWhatItKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c := w.channel("wire", "firehose")
		w.watch("kettle", true)
		edit := post("1", "nothing to see here")
		edit.Verb, edit.Version = social.Update, "2"
		gone := func(id string) social.Activity { return social.Activity{ExternalID: id, Verb: social.Delete} }
		got := w.take(c.ID, event(post("1", "kettle")), event(edit), event(gone("elsewhere")))
		if got.Kept != 2 || got.Dropped != 1 {
			t.Errorf("in one batch: %+v", got)
		}
		w.take(c.ID, event(post("2", "kettle")))
		got = w.take(c.ID, event(gone("2")), event(gone("3")))
		if got.Kept != 1 || got.Dropped != 1 {
			t.Errorf("later: %+v", got)
		}
		heard := w.heard()
		if heard["1"].Activity.Text != "nothing to see here" || !heard["2"].Deleted || len(heard) != 2 {
			t.Errorf("%+v", heard)
		}
		// An edit may also make a post ours to hear.
		late := post("4", "now about a kettle")
		late.Verb = social.Update
		if got := w.take(c.ID, event(late)); got.Kept != 1 {
			t.Errorf("%+v", got)
		}
	})
}

func TestThreads(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c := w.channel("feed", "plain")
		say := func(id, root, parent string, age time.Duration) social.Activity {
			a := post(id, "words of "+id)
			a.Root, a.Parent, a.Published = root, parent, storetest.Start.Add(-age)
			return a
		}
		secret := say("whisper", "r", "r", time.Minute)
		secret.Visibility, secret.Directed = social.Direct, true
		w.take(c.ID, event(say("c", "r", "b", time.Hour)), event(say("r", "", "", 3*time.Hour)), event(say("b", "r", "r", 2*time.Hour)),
			event(say("other", "", "", time.Hour)), event(secret))
		page, err := w.Wall(w.ctx, listen.Filter{Query: `"words of c"`}, nil, 10)
		if err != nil || len(page.Items) != 1 {
			t.Fatalf("%+v, %v", page, err)
		}
		items, err := w.Thread(w.ctx, page.Items[0])
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, it := range items {
			got = append(got, it.ExternalID)
		}
		same(t, got, "r", "b", "c")
		m := w.heard()["whisper"]
		if _, err := w.MentionByID(w.ctx, m.Activity.ID); !social.NotFound.Is(err) {
			t.Errorf("a private message stands on the wall: %v", err)
		}
		if slices.Contains(w.wall(listen.Filter{}), "whisper") {
			t.Error("a private message is listed on the wall")
		}
		said, err := w.Said(w.ctx, listen.SaidQuery{Identities: []social.IdentityID{m.Identity}, Limit: 2})
		if err != nil || len(said) != 2 || said[0].ExternalID != "whisper" {
			t.Fatalf("%+v, %v", said, err)
		}
		more, err := w.Said(w.ctx, listen.SaidQuery{Identities: []social.IdentityID{m.Identity}, Before: said[1].Published, BeforeID: said[1].ID, Limit: 10})
		if err != nil || len(more) != 3 {
			t.Fatalf("%d more, %v", len(more), err)
		}
	})
}
