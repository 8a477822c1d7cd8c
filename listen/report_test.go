package listen_test

import (
	"encoding/json"
	"testing"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// teller is a channel whose events may hold a report beside words, or alone.
type teller struct{ *polling }

func (t teller) Reports(e channel.Event) ([]channel.Report, error) {
	if string(e.Raw) == `"bug"` {
		panic("a bug in the adapter")
	}
	var in struct{ Reports []channel.Report }
	if err := json.Unmarshal(e.Raw, &in); err != nil {
		return nil, social.Because(social.Invalid, err, "This is not JSON.")
	}
	return in.Reports, nil
}

func (t teller) Read(e channel.Event) ([]social.Activity, error) {
	if string(e.Raw) == `"bug"` {
		return nil, nil
	}
	var in struct{ Said []social.Activity }
	if err := json.Unmarshal(e.Raw, &in); err != nil {
		return nil, social.Because(social.Invalid, err, "This is not JSON.")
	}
	return in.Said, nil
}

// TestReportsAreToldOnceWithWhatWasHeard, and an event that only reports is
// kept though nobody said anything.
func TestReportsAreToldOnceWithWhatWasHeard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		kind := w.net.kind("mail")
		inner := kind.New
		kind.New = func(s channel.Settings, e channel.Env) (channel.Channel, error) {
			c, err := inner(s, e)
			if err != nil {
				return nil, err
			}
			return teller{c.(*polling)}, nil
		}
		w.Station = listen.New(listen.Options{Store: listendb.New(db), Kinds: []channel.Kind{kind}, Sealer: box, Clock: now})
		if err := w.Open(w.ctx); err != nil {
			t.Fatal(err)
		}
		c := w.channel("mail", "plain")
		both := channel.Event{Key: "1", Raw: []byte(`{"Said":[{"external_id":"a","verb":"create","author":{"scheme":"mailto","value":"maya@x.example"},"text":"hello","directed":true,"visibility":"direct"}],
			"Reports":[{"external_id":"out-1","state":"delivered"}]}`)}
		alone := channel.Event{Key: "2", Raw: []byte(`{"Reports":[{"external_id":"out-2","state":"failed","text":"Mailbox full."},{"state":"read"}]}`)}
		bug := channel.Event{Key: "3", Raw: []byte(`"bug"`)}
		if got := w.take(c.ID, both, alone, bug); got.Kept != 3 || got.Broken != 1 {
			t.Fatalf("%+v", got)
		}
		w.take(c.ID, alone, both)
		got := w.reports()
		if len(got) != 2 || got[0].ExternalID != "out-1" || got[0].At.IsZero() || got[1].Text != "Mailbox full." {
			t.Fatalf("told: %+v", got)
		}
		if n := w.count("SELECT COUNT(*) FROM activity"); n != 1 {
			t.Fatalf("%d activities", n)
		}
	})
}

func (w *world) reports() (out []social.Report) {
	w.t.Helper()
	var rows []string
	if err := w.db.IDB(w.t.Context()).NewRaw("SELECT data FROM outbox WHERE name = 'reported' ORDER BY pos").Scan(w.t.Context(), &rows); err != nil {
		w.t.Fatal(err)
	}
	for _, r := range rows {
		var f social.Reported
		if err := json.Unmarshal([]byte(r), &f); err != nil {
			w.t.Fatal(err)
		}
		out = append(out, f.Reports...)
	}
	return out
}
