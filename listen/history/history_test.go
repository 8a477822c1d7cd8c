package history_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/archive"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/history"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

type world struct {
	*history.Shelf
	t       *testing.T
	db      *store.DB
	station *listen.Station
	channel social.ChannelID
	ctx     context.Context
	dir     string
	now     *clock.Set
}

func open(t *testing.T, db *store.DB, now *clock.Set) *world {
	t.Helper()
	w := &world{t: t, db: db, dir: t.TempDir(), now: now}
	w.ctx = social.WithScope(social.WithActor(t.Context(), social.SystemActor()), social.Scope{All: true})
	w.again()
	c, err := w.station.AddChannel(w.ctx, listen.Draft{Kind: "archive", Name: "Old reviews"})
	if err != nil {
		t.Fatal(err)
	}
	w.channel = c.ID
	return w
}

// again is a restart.
func (w *world) again() {
	w.t.Helper()
	s := listendb.New(w.db)
	w.station = listen.New(listen.Options{Store: s, Kinds: []channel.Kind{archive.Kind()}, Sealer: secret.Random(), Clock: w.now})
	if err := w.station.Open(w.ctx); err != nil {
		w.t.Fatal(err)
	}
	w.Shelf = history.New(listendb.History{DB: s}, w.station, w.dir, w.now, slog.New(slog.DiscardHandler))
}

func (w *world) upload(text string) history.File {
	w.t.Helper()
	f, err := w.Add(w.ctx, w.channel, `C:\Users\maya\reviews.csv`, int64(len(text)))
	if err != nil {
		w.t.Fatal(err)
	}
	for at := 0; at < len(text); {
		end := min(at+7000, len(text))
		if f, err = w.Put(w.ctx, f.ID, int64(at), []byte(text[at:end])); err != nil {
			w.t.Fatal(err)
		}
		at = end
	}
	return f
}

func (w *world) bring(f history.File, dry, inbox bool) history.File {
	w.t.Helper()
	if _, err := w.Start(w.ctx, f.ID, f.Settings, dry, inbox); err != nil {
		w.t.Fatal(err)
	}
	if err := w.Work(w.ctx, f.ID, nil); err != nil {
		w.t.Fatal(err)
	}
	f, err := w.ByID(w.ctx, f.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return f
}

func (w *world) count(query string) (n int) {
	w.t.Helper()
	if err := w.db.IDB(w.ctx).NewRaw(query).Scan(w.ctx, &n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

const reviews = "\ufeffReview ID;Name;Date;Stars;Comment\n" +
	"r1;Maya Dubois;2024-03-01 10:00;5;\"Lovely; truly\nlovely kettle\"\n" +
	"r2;Tom;01.04.2024 09:30;2;It leaks 😀\n" +
	"r3;Ines;never;1;Broken\n" +
	"r4;Jo;2024-05-01;7;Too many stars\n" +
	"r5;Lu;2024-05-02;;\n" +
	"r6;Short\n" +
	"r7;مريم;2024-05-03;4;رائع جدا\n"

func TestAFileOfReviews(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		if _, err := w.station.AddMonitor(w.ctx, listen.MonitorDraft{Name: "Kettles", Query: "kettle OR leaks", Inbox: true}); err != nil {
			t.Fatal(err)
		}
		f := w.upload(reviews)
		if f.State != history.Ready || f.Format != history.CSV || f.Name != "reviews.csv" {
			t.Fatalf("%+v", f)
		}
		for field, column := range map[string]string{"id": "Review ID", "author": "Name", "published": "Date", "rating": "Stars", "text": "Comment"} {
			if f.Settings.Columns[field] != column {
				t.Errorf("%s is %q, want %q", field, f.Settings.Columns[field], column)
			}
		}
		_, looks, err := w.Preview(w.ctx, f.ID, f.Settings)
		if err != nil || len(looks) != 7 || looks[0].Why != "" || looks[0].Activity.Text != "Lovely; truly\nlovely kettle" || looks[2].Why != "“never” is no time that can be read." {
			t.Fatalf("%+v, %v", looks, err)
		}

		dry := w.bring(f, true, false)
		if dry.State != history.Done || dry.Rows != 7 || dry.Taken != 3 || dry.Wrong != 4 || w.count("SELECT COUNT(*) FROM activity") != 0 {
			t.Fatalf("looking alone: %+v", dry)
		}
		done := w.bring(f, false, false)
		if done.State != history.Done || done.Taken != 3 || done.Same != 0 || done.Wrong != 4 || done.Position != done.Size {
			t.Fatalf("%+v", done)
		}
		mistakes, err := w.Store.Mistakes(w.ctx, f.ID, 0, 10)
		if err != nil || len(mistakes) != 4 || mistakes[0].Line != 4 || mistakes[3].Why != "It has 2 fields; the header has 5." {
			t.Fatalf("%+v, %v", mistakes, err)
		}
		if n := w.count("SELECT COUNT(*) FROM mention"); n != 2 {
			t.Errorf("monitors matched %d, want 2", n)
		}
		ids := []social.ActivityID{}
		if err := db.IDB(w.ctx).NewRaw("SELECT id FROM activity").Scan(w.ctx, &ids); err != nil {
			t.Fatal(err)
		}
		mentions, err := w.station.Mentions(w.ctx, ids)
		if err != nil || len(mentions) != 3 {
			t.Fatal(err)
		}
		for _, m := range mentions {
			if m.Inbox {
				t.Errorf("%q enters the inbox", m.Activity.Text)
			}
		}
		if n := w.count("SELECT COALESCE(SUM(heard), 0) FROM heard_hour"); n != 0 {
			t.Errorf("%d count as heard today", n)
		}

		again := w.bring(w.upload(reviews), false, false)
		if again.Taken != 0 || again.Same != 3 || w.count("SELECT COUNT(*) FROM activity") != 3 || w.count("SELECT COALESCE(SUM(count), 0) FROM tally") != 5 {
			t.Fatalf("the same again: %+v", again)
		}
		w.again()
		told := w.bring(w.upload(reviews), false, true)
		mentions, err = w.station.Mentions(w.ctx, ids)
		if err != nil {
			t.Fatal(err)
		}
		enter := 0
		for _, m := range mentions {
			if m.Inbox {
				enter++
			}
		}
		if told.State != history.Done || enter != 2 || w.count("SELECT COUNT(*) FROM activity") != 3 {
			t.Fatalf("told to: %d enter; %+v", enter, told)
		}
	})
}

// breaks fails now and then, as a process that is killed.
type breaks struct {
	history.Station
	after int
}

var errKilled = errors.New("killed")

func (b *breaks) Bring(ctx context.Context, id social.ChannelID, as []social.Activity, inbox bool, done func(context.Context, int, map[int]string) error) error {
	return b.Station.Bring(ctx, id, as, inbox, func(ctx context.Context, fresh int, wrong map[int]string) error {
		if b.after--; b.after < 0 {
			return errKilled // all of this step is lost
		}
		return done(ctx, fresh, wrong)
	})
}

func TestItGoesOnWhereItWas(t *testing.T) {
	for _, format := range []string{history.CSV, history.JSONLines} {
		t.Run(format, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
				w := open(t, db, now)
				var text strings.Builder
				if format == history.CSV {
					text.WriteString("text,date,author\n")
				}
				for i := range 2600 {
					if format == history.CSV {
						fmt.Fprintf(&text, "\"Kettle, number %d\",2024-01-02 03:04:05,Maya\n", i)
					} else {
						fmt.Fprintf(&text, `{"text":"Kettle number %d","created_at":"2024-01-02T03:04:05Z","user":{"screen_name":"maya"}}`+"\n", i)
					}
				}
				f := w.upload(text.String())
				if _, err := w.Start(w.ctx, f.ID, f.Settings, false, false); err != nil {
					t.Fatal(err)
				}
				for round := 1; ; round++ {
					w.again()
					w.Station = &breaks{w.station, 2}
					err := w.Work(w.ctx, f.ID, nil)
					if err == nil {
						break
					}
					if !errors.Is(err, errKilled) || round > 9 {
						t.Fatal(err)
					}
				}
				f, err := w.ByID(w.ctx, f.ID)
				if err != nil || f.State != history.Done || f.Rows != 2600 || f.Taken != 2600 || f.Same != 0 || w.count("SELECT COUNT(*) FROM activity") != 2600 {
					t.Fatalf("%+v, %v; %d activities", f, err, w.count("SELECT COUNT(*) FROM activity"))
				}
			})
		})
	}
}

func TestItCanBeCancelled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		text := "text,date\n" + strings.Repeat("hello there,2024-01-02\n", 1200)
		f := w.upload(text)
		if _, err := w.Start(w.ctx, f.ID, f.Settings, false, false); err != nil {
			t.Fatal(err)
		}
		err := w.Work(w.ctx, f.ID, func(history.File) {
			if _, err := w.Cancel(w.ctx, f.ID); err != nil {
				t.Fatal(err)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		f, _ = w.ByID(w.ctx, f.ID)
		if f.State != history.Cancelled || f.Rows != 500 {
			t.Fatalf("%+v", f)
		}
		if _, err := w.Cancel(w.ctx, f.ID); !social.Conflict.Is(err) {
			t.Fatal(err)
		}
	})
}

func TestFilesThatAreNone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		tests := []struct{ name, text, note string }{
			{"nothing but blanks", " \n ", "The file is empty."},
			{"a spreadsheet", "PK\x03\x04....", "This is a spreadsheet"},
			{"UTF-16", "\xff\xfea\x00", "The file is UTF-16."},
			{"a picture", "GIF\x00\x01", "This is no text."},
			{"one JSON list", `[{"text":"hi"}]`, "This is one JSON list."},
			{"too many columns", strings.Repeat("a,", 300) + "\n", "The file has 301 columns"},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				if f := w.upload(tt.text); f.State != history.Failed || !strings.HasPrefix(f.Note, tt.note) {
					t.Fatalf("%s: %s", f.State, f.Note)
				}
			})
		}
		t.Run("a quotation mark left open over megabytes", func(t *testing.T) {
			f := w.bring(w.upload("text,date\nhi,2024-01-01\n\"open,2024-01-01\n"+strings.Repeat("x,2024-01-01\n", 200_000)), false, false)
			if f.State != history.Failed || !strings.Contains(f.Note, "left open") {
				t.Fatalf("%s: %s", f.State, f.Note)
			}
		})
		t.Run("lines that are no JSON, or too long", func(t *testing.T) {
			f := w.bring(w.upload(`{"text":"hi","date":"2024-01-01"}`+"\nnot json\n\n"+`{"text":"`+strings.Repeat("x", 2<<20)+`"}`+"\n"+strings.Repeat(`{"a":`, 5000)+"\n"+`{"text":"bye","date":1704067200000}`), false, false)
			if f.State != history.Done || f.Taken != 2 || f.Wrong != 3 {
				t.Fatalf("%+v", f)
			}
		})
		t.Run("parts out of order", func(t *testing.T) {
			f, err := w.Add(w.ctx, w.channel, "x.csv", 20)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Put(w.ctx, f.ID, 5, []byte("abc")); !social.Conflict.Is(err) {
				t.Fatal(err)
			}
			if _, err := w.Put(w.ctx, f.ID, 0, []byte(strings.Repeat("x", 21))); !social.Invalid.Is(err) {
				t.Fatal(err)
			}
			if _, err := w.Start(w.ctx, f.ID, f.Settings, false, false); !social.Conflict.Is(err) {
				t.Fatal(err)
			}
		})
	})
}
