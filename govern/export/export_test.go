package export_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/govern/export"
	"github.com/parley-crm/parley/govern/governdb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

type world struct {
	*export.Desk
	t   *testing.T
	ctx context.Context
}

// open makes a desk whose table is a real one with two keys.
func open(t *testing.T, db *store.DB, now *clock.Set) *world {
	t.Helper()
	ctx := social.WithScope(social.WithActor(t.Context(), social.Actor{Member: "ada"}), social.Scope{All: true})
	rows := governdb.New(db)
	lines := db.Table(store.Extract{Name: "order_lines", From: "order_line", Keys: []string{"order_id", "n:int"}, Columns: []string{"order_id", "n:int", "sku", "name", "quantity:real", "amount:int"}})
	return &world{export.New(export.Desk{Store: rows, Tables: append(rows.Extracts(), lines), Dir: t.TempDir(), Clock: now, Log: slog.New(slog.DiscardHandler)}), t, ctx}
}

func (w *world) lines(db *store.DB, n int) {
	w.t.Helper()
	err := db.InTx(w.ctx, func(ctx context.Context) error {
		for i := range n {
			_, err := db.IDB(ctx).NewRaw("INSERT INTO order_line (order_id, n, name, quantity, amount) VALUES (?, ?, ?, 1.5, ?)",
				fmt.Sprintf("o%02d", i%7), i, []string{"=1+1 😀", "plain", "\"a\";b,\nc", "مرحبا"}[i%4], i).Exec(ctx)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) fetch(id string) map[string]string {
	w.t.Helper()
	_, f, err := w.Fetch(w.ctx, id)
	if err != nil {
		w.t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		w.t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			w.t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			w.t.Fatal(err)
		}
		out[f.Name] = string(text)
	}
	return out
}

func TestEverythingIsTakenOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		w.lines(db, 2501) // over three pages, whose ends fall within an order
		j, err := w.Start(w.ctx, export.JSONLines, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Work(w.ctx, j.ID); err != nil {
			t.Fatal(err)
		}
		files := w.fetch(j.ID)
		if len(files) != len(w.Tables) || files["members.jsonl"] != "" {
			t.Errorf("%d files", len(files))
		}
		had := map[string]bool{}
		for line := range strings.Lines(files["order_lines.jsonl"]) {
			var row struct {
				OrderID  string `json:"order_id"`
				N        int
				Name     string
				Quantity float64
				Amount   int
			}
			if err := json.Unmarshal([]byte(line), &row); err != nil || row.N != row.Amount || row.Quantity != 1.5 || row.N%4 == 0 && row.Name != "=1+1 😀" {
				t.Fatalf("%v %s", err, line)
			}
			had[fmt.Sprint(row.OrderID, row.N)] = true
		}
		if len(had) != 2501 {
			t.Errorf("%d rows, want 2,501", len(had))
		}
		j, err = w.Start(w.ctx, export.CSV, []string{"order_lines"})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Work(w.ctx, j.ID); err != nil {
			t.Fatal(err)
		}
		files = w.fetch(j.ID)
		if text := files["order_lines.csv"]; len(files) != 1 || !strings.HasPrefix(text, "order_id,n,sku,name,quantity,amount\no00,0,,'=1+1 😀,1.5,0\n") {
			t.Errorf("%.200s", text)
		}
		if done, err := w.Store.Job(w.ctx, j.ID); err != nil || done.Rows != 2501 || done.Total != 2501 || done.Size == 0 || done.Member != "ada" {
			t.Errorf("%+v %v", done, err)
		}
		now.Add(export.Life - time.Minute)
		if err := w.Sweep(w.ctx); err != nil {
			t.Fatal(err)
		}
		w.fetch(j.ID)
		now.Add(2 * time.Minute)
		if err := w.Sweep(w.ctx); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Fetch(w.ctx, j.ID); !social.Conflict.Is(err) {
			t.Errorf("after a week: %v", err)
		}
		if left, err := os.ReadDir(w.Dir); err != nil || len(left) != 0 {
			t.Errorf("%v is left (%v)", left, err)
		}
	})
}

func TestAnExportThatIsCutShortBeginsAgain(t *testing.T) {
	db, now := storetest.SQLite(t, clock.NewSet(storetest.Start)), clock.NewSet(storetest.Start)
	w := open(t, db, now)
	w.lines(db, 1500)
	real := w.Tables[len(w.Tables)-1]
	ctx, kill := context.WithCancelCause(w.ctx)
	broken := real
	broken.Page = func(ctx context.Context, after string, limit int) ([][]any, string, error) {
		if after != "" {
			kill(errors.New("killed"))
			return nil, "", ctx.Err()
		}
		return real.Page(ctx, after, limit)
	}
	w.Tables[len(w.Tables)-1] = broken
	j, err := w.Start(w.ctx, export.CSV, []string{"order_lines"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Work(ctx, j.ID); err == nil {
		t.Fatal("it should have been cut short")
	}
	w.Tables[len(w.Tables)-1] = real
	if err := w.Work(w.ctx, j.ID); err != nil {
		t.Fatal(err)
	}
	if text := w.fetch(j.ID)["order_lines.csv"]; strings.Count(text, "\no0") != 1500 {
		t.Errorf("%d rows", strings.Count(text, "\no0"))
	}
	// One that fails says so; one that is cancelled leaves nothing.
	w.Tables = append(w.Tables, extract.Table{Name: "bad", Columns: []string{"x"}, Count: func(context.Context) (int64, error) { return 0, errors.New("no") }})
	if j, err = w.Start(w.ctx, export.CSV, []string{"bad"}); err != nil {
		t.Fatal(err)
	}
	if err := w.Work(w.ctx, j.ID); err != nil {
		t.Fatal(err)
	}
	if j, err = w.Store.Job(w.ctx, j.ID); err != nil || j.State != export.Failed || j.Note == "" {
		t.Errorf("%+v %v", j, err)
	}
	if j, err = w.Start(w.ctx, export.CSV, []string{"order_lines"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Cancel(w.ctx, j.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.Work(w.ctx, j.ID); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Fetch(w.ctx, j.ID); !social.Conflict.Is(err) {
		t.Errorf("one that was cancelled: %v", err)
	}
	for _, bad := range [][]string{{"sessions"}, {"order_lines", "../x"}} {
		if _, err := w.Start(w.ctx, export.CSV, bad); !social.Invalid.Is(err) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// TestFilesAreTakenOut: what belongs to something is in the ZIP as it is,
// however it was called; what nothing has taken yet is not.
func TestFilesAreTakenOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		ctx := social.WithScope(social.WithActor(t.Context(), social.Actor{Member: "ada"}), social.Scope{All: true})
		big := strings.Repeat("0123456789abcdef", 60_000) // over three parts of the store
		names := []string{"receipt.pdf", "../../etc/passwd", "C:\\windows\\x.exe", "=cmd|' /C calc'!A0", "مرحبا 😀.txt", strings.Repeat("long", 60) + ".txt"}
		for i := range 23 { // more than are written at once
			if _, err := db.PutFile(ctx, names[i%len(names)], fmt.Sprintf("message:%d", i), "ada", strings.NewReader(big[i:])); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := db.PutFile(ctx, "loose.txt", "", "ada", strings.NewReader("not taken")); err != nil {
			t.Fatal(err)
		}
		d := export.New(export.Desk{Store: governdb.New(db), Tables: []extract.Table{db.FileTable()}, Dir: t.TempDir(), Clock: now, Log: slog.New(slog.DiscardHandler)})
		w := &world{d, t, ctx}
		j, err := w.Start(ctx, export.JSONLines, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Work(ctx, j.ID); err != nil {
			t.Fatal(err)
		}
		files := w.fetch(j.ID)
		if len(files) != 24 {
			t.Fatalf("%d files, want the list and twenty-three", len(files))
		}
		for line := range strings.Lines(files["files.jsonl"]) {
			var row struct{ Path, Owner string }
			if err := json.Unmarshal([]byte(line), &row); err != nil {
				t.Fatal(err)
			}
			var i int
			if _, err := fmt.Sscanf(row.Owner, "message:%d", &i); err != nil || files[row.Path] != big[i:] {
				t.Errorf("%s holds %d bytes, want %d", row.Path, len(files[row.Path]), len(big)-i)
			}
			if rest, ok := strings.CutPrefix(row.Path, "files/"); !ok || strings.ContainsAny(rest, "/\\:=|'") || strings.Contains(rest, "..") || len([]rune(rest)) > 100 {
				t.Errorf("a path that is not safe to unpack: %q", row.Path)
			}
		}
	})
}
