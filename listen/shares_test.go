package listen_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// Shares reads what shared makes, and quotes: an activity whose Title says of what.
func (w *wire) Shares(e channel.Event) ([]social.Share, error) {
	raw, ok := strings.CutPrefix(string(e.Raw), "share ")
	if ok {
		var s social.Share
		err := json.Unmarshal([]byte(raw), &s)
		return []social.Share{s}, err
	}
	var a social.Activity
	if json.Unmarshal(e.Raw, &a) == nil {
		if of, quotes := strings.CutPrefix(a.Title, "quotes "); quotes {
			return []social.Share{{ExternalID: a.ExternalID, Of: of, Kind: social.Quoted, By: a.Author, At: a.Published, Undone: a.Verb == social.Delete}}, nil
		}
	}
	return nil, nil
}

// shared is the event that somebody shared a post, or took that back.
func shared(name, of, by string, undone bool) channel.Event {
	s := social.Share{ExternalID: name, Of: of, Kind: social.Reshared, At: storetest.Start.Add(-time.Minute), Undone: undone}
	if by != "" {
		s.By = social.Author{Scheme: "acct", Value: by + "@test", Handle: by}
	}
	b, _ := json.Marshal(s)
	return channel.Event{Key: fmt.Sprint("share ", name, undone), Raw: append([]byte("share "), b...)}
}

// sharesStanding lists the shares that stand, as "kind name by whom".
func (w *world) sharesStanding(c social.ChannelID) string {
	w.t.Helper()
	var names []string
	if err := w.db.IDB(w.ctx).NewRaw("SELECT external_id FROM share WHERE channel_id = ?", string(c)).Scan(w.ctx, &names); err != nil {
		w.t.Fatal(err)
	}
	var out []string
	all, err := w.SharesOf(w.ctx, c, names)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range all {
		if !s.Undone {
			out = append(out, fmt.Sprintf("%s %s by %s", s.Kind, s.ExternalID, s.By.Handle))
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func TestSharesOfWhatIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		for _, sort := range []string{"plain", "firehose"} {
			kettle, weather := event(post("1", "My kettle leaks")), event(post("2", "Lovely weather"))
			quote := post("3", "Look at this")
			quote.Title, quote.Author.Handle = "quotes 1", "zoe"
			unquote := quote
			unquote.Verb, unquote.Text = social.Delete, ""
			share, undo := shared("s1", "1", "tom", false), shared("s1", "", "", true)
			for _, tt := range []struct {
				name    string
				batches [][]channel.Event
				want    string
			}{
				{"a share after its post", [][]channel.Event{{kettle}, {share}}, "share s1 by tom"},
				{"in one batch with it", [][]channel.Event{{kettle, share}}, "share s1 by tom"},
				{"before it, in one batch", [][]channel.Event{{share, kettle}}, "share s1 by tom"},
				{"long before it", [][]channel.Event{{share}, {weather}, {kettle}}, "share s1 by tom"},
				{"twice", [][]channel.Event{{kettle}, {share, share}, {share}}, "share s1 by tom"},
				{"of what nobody keeps", [][]channel.Event{{weather}, {shared("s2", "2", "tom", false)}, {shared("s3", "9", "tom", false)}}, ""},
				{"taken back", [][]channel.Event{{kettle, share}, {undo}}, ""},
				{"taken back, and told of again", [][]channel.Event{{kettle, share}, {undo}, {share}}, ""},
				{"taken back before it came", [][]channel.Event{{kettle}, {undo}, {share}}, ""},
				{"taken back before its post came", [][]channel.Event{{share}, {undo}, {kettle}}, ""},
				{"all of it the wrong way round", [][]channel.Event{{undo}, {share}, {kettle}}, ""},
				{"two by two people", [][]channel.Event{{kettle, share, shared("s2", "1", "kim", false)}}, "share s1 by tom, share s2 by kim"},
				{"a quote that nobody keeps for its words", [][]channel.Event{{kettle}, {event(quote)}}, "quote 3 by zoe"},
				{"a quote that is deleted", [][]channel.Event{{kettle}, {event(quote)}, {event(unquote)}}, ""},
				{"a post that is deleted", [][]channel.Event{{kettle, share}, {event(social.Activity{ExternalID: "1", Verb: social.Delete, Version: "x"})}}, ""},
				{"without a name, a post or a sharer", [][]channel.Event{{kettle, shared("", "1", "tom", false), shared("s2", "", "tom", false), shared("s3", "1", "", false)}}, ""},
				{"with names that are too long", [][]channel.Event{{kettle, shared(strings.Repeat("x", 5000), "1", "tom", false), shared("s2", strings.Repeat("1", 5000), "tom", false)}}, ""},
			} {
				t.Run(sort+": "+tt.name, func(t *testing.T) {
					w := open(t, db, now)
					w.watch("kettle", false)
					c := w.channel("wire", sort)
					for _, b := range tt.batches {
						w.take(c.ID, b...)
					}
					if got := w.sharesStanding(c.ID); got != tt.want {
						t.Errorf("%q, want %q", got, tt.want)
					}
					if n := w.count("SELECT COUNT(*) FROM activity WHERE external_id IN ('2', '3') AND deleted_at = 0 AND channel_id = ?", string(c.ID)); n != 0 {
						t.Errorf("%d posts were kept that no monitor matched", n)
					}
					if n := w.count("SELECT COUNT(*) FROM share WHERE activity_id NOT IN (SELECT id FROM activity)"); n != 0 {
						t.Errorf("%d shares of what is not kept", n)
					}
				})
			}
		}
	})
}

func TestSharesCountAndTell(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c := w.channel("wire", "firehose")
		w.watch("kettle", false)
		w.net.names = map[string]string{"did:9": "nine"}
		w.take(c.ID, event(post("1", "kettle")))
		nameless := shared("s2", "1", "", false)
		nameless.Raw = []byte(strings.Replace(string(nameless.Raw), `"value":""`, `"value":"did:9"`, 1))
		got := w.take(c.ID, shared("s1", "1", "tom", false), nameless, shared("s3", "elsewhere", "tom", false))
		if got.Heard != 3 || got.Dropped != 1 || got.Kept != 0 {
			t.Errorf("%+v, want three heard and one of them dropped", got)
		}
		if s := w.sharesStanding(c.ID); s != "share s1 by tom, share s2 by nine" {
			t.Errorf("%q: who shares is asked for by name", s)
		}
		if n := w.count("SELECT COUNT(*) FROM inbound"); n != 1 {
			t.Errorf("%d events were kept raw; shares need none", n)
		}
		var told []string
		facts, err := db.Facts(w.ctx, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range facts {
			if s, ok := f.Fact.(social.Shared); ok {
				told = append(told, s.Shares...)
			}
		}
		same(t, told, "s1", "s2")
		wall, err := w.Wall(w.ctx, listen.Filter{}, nil, 1)
		if err != nil || len(wall.Items) != 1 {
			t.Fatal(wall, err)
		}
		item := wall.Items[0]
		known, err := w.SharesKnown(w.ctx, []social.ActivityID{item.ID})
		if err != nil || known[item.ID] != 2 {
			t.Errorf("known: %v, %v", known, err)
		}
		page, err := w.SharesTo(w.ctx, item, nil, 1)
		if err != nil || len(page) != 1 || page[0].ExternalID != "s2" {
			t.Errorf("%+v, %v", page, err)
		}
		who, err := listendb.New(db).Sharers(w.ctx, []social.IdentityID{page[0].By.ID()})
		if err != nil || who[page[0].By.ID()].Handle != "nine" {
			t.Errorf("%+v, %v", who, err)
		}
	})
}
