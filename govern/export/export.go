// Package export takes what the house knows out of it, as a ZIP file with a
// table in each file within: CSV or JSON lines, and with the files that came
// with messages or went out with them.
//
// It promises that no table and no file is ever whole in memory, that an export which was
// cut short begins again by itself, that who took what is in the record, that
// a spreadsheet runs nothing of it, and that the file is gone after a week.
// It holds no passwords, keys or secrets.
package export

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// The formats.
const (
	CSV       = "csv"
	JSONLines = "jsonl"
)

// The states of a job.
const (
	Running   = "running"
	Done      = "done"
	Cancelled = "cancelled"
	Failed    = "failed"
	Gone      = "gone" // its time is over and the file with it
)

// Job is one export.
type Job struct {
	ID      string
	Format  string
	Tables  []string
	State   string
	Doing   string // the table that is being written
	Rows    int64
	Total   int64 // roughly
	Size    int64 // bytes of the file
	Note    string
	Member  social.MemberID
	Created time.Time
	Ended   time.Time
}

// Life is how long a file can be fetched.
const Life = 7 * 24 * time.Hour

// Until is when the file of a job is removed.
func (j Job) Until() time.Time {
	if j.State != Done {
		return time.Time{}
	}
	return j.Ended.Add(Life)
}

// Store keeps jobs. All methods take part in the transaction of ctx.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	SaveJob(ctx context.Context, j Job) error
	DropJob(ctx context.Context, id string) error
	Job(ctx context.Context, id string) (Job, error)
	// Jobs returns the newest first, older than before ("" for all).
	Jobs(ctx context.Context, before string, limit int) ([]Job, error)
	// JobsIn lists those in a state, the oldest first.
	JobsIn(ctx context.Context, state string) ([]Job, error)
}

// Desk is where exports are made.
type Desk struct {
	Store  Store
	Tables []extract.Table
	Dir    string // where files lie
	Clock  clock.Clock
	Log    *slog.Logger

	wake chan struct{}
}

// New makes a desk.
func New(d Desk) *Desk {
	d.wake = make(chan struct{}, 1)
	return &d
}

// Names lists what can be taken out.
func (d *Desk) Names() []string {
	out := make([]string, len(d.Tables))
	for i, t := range d.Tables {
		out[i] = t.Name
	}
	return out
}

func (d *Desk) path(id string) string { return filepath.Join(d.Dir, id+".zip") }

// Start begins an export of tables, all where none is named.
func (d *Desk) Start(ctx context.Context, format string, tables []string) (Job, error) {
	if format != CSV && format != JSONLines {
		return Job{}, &social.Error{Kind: social.Invalid, Field: "format", Text: "Choose csv or jsonl."}
	}
	var chosen []string
	for _, n := range d.Names() {
		if len(tables) == 0 || slices.Contains(tables, n) {
			chosen = append(chosen, n)
		}
	}
	for _, t := range tables {
		if !slices.Contains(chosen, t) {
			return Job{}, &social.Error{Kind: social.Invalid, Field: "tables", Text: fmt.Sprintf("There is nothing called “%.60s” to take out.", t)}
		}
	}
	a, _ := social.ActorOf(ctx)
	now := d.Clock.Now()
	j := Job{ID: id.At(now), Format: format, Tables: chosen, State: Running, Member: a.Member, Created: now}
	err := d.Store.InTx(ctx, func(ctx context.Context) error {
		running, err := d.Store.JobsIn(ctx, Running)
		if err != nil {
			return err
		}
		if len(running) >= 3 {
			return social.Errorf(social.Conflict, "Three exports are under way. Wait for one of them, or cancel it.")
		}
		if err := d.Store.SaveJob(ctx, j); err != nil {
			return err
		}
		return d.Store.Record(ctx, social.Entry{Verb: "start", Object: "export", ID: j.ID, Detail: map[string]any{"format": format, "tables": chosen}})
	})
	if err == nil {
		select {
		case d.wake <- struct{}{}:
		default:
		}
	}
	return j, err
}

// Cancel stops an export that is under way.
func (d *Desk) Cancel(ctx context.Context, id string) (Job, error) {
	var j Job
	err := d.Store.InTx(ctx, func(ctx context.Context) (err error) {
		if j, err = d.Store.Job(ctx, id); err != nil {
			return err
		}
		if j.State != Running {
			return social.Errorf(social.Conflict, "It has ended already.")
		}
		j.State, j.Doing, j.Ended = Cancelled, "", d.Clock.Now()
		if err := d.Store.SaveJob(ctx, j); err != nil {
			return err
		}
		return d.Store.Record(ctx, social.Entry{Verb: "cancel", Object: "export", ID: id})
	})
	return j, err
}

// Remove forgets an export and its file.
func (d *Desk) Remove(ctx context.Context, id string) error {
	j, err := d.Store.Job(ctx, id)
	if err != nil {
		return err
	}
	if j.State == Running {
		return social.Errorf(social.Conflict, "It is under way. Cancel it first.")
	}
	if err := os.Remove(d.path(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return d.Store.InTx(ctx, func(ctx context.Context) error {
		if err := d.Store.DropJob(ctx, id); err != nil {
			return err
		}
		return d.Store.Record(ctx, social.Entry{Verb: "remove", Object: "export", ID: id})
	})
}

// Fetch opens the file of an export and notes who took it.
func (d *Desk) Fetch(ctx context.Context, id string) (Job, io.ReadCloser, error) {
	j, err := d.Store.Job(ctx, id)
	if err != nil {
		return j, nil, err
	}
	if j.State != Done {
		return j, nil, social.Errorf(social.Conflict, "There is no file to fetch: the export is %s.", j.State)
	}
	f, err := os.Open(d.path(id))
	if err != nil {
		return j, nil, social.Because(social.NotFound, err, "The file is gone. Export anew.")
	}
	err = d.Store.InTx(ctx, func(ctx context.Context) error {
		return d.Store.Record(ctx, social.Entry{Verb: "fetch", Object: "export", ID: id, Detail: map[string]any{"size": j.Size}})
	})
	if err != nil {
		return j, nil, errors.Join(err, f.Close())
	}
	return j, f, nil
}

// Sweep removes files whose time is over.
func (d *Desk) Sweep(ctx context.Context) error {
	done, err := d.Store.JobsIn(ctx, Done)
	if err != nil {
		return err
	}
	for _, j := range done {
		if d.Clock.Now().Before(j.Until()) {
			continue
		}
		if err := os.Remove(d.path(j.ID)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		j.State = Gone
		if err := d.Store.InTx(ctx, func(ctx context.Context) error { return d.Store.SaveJob(ctx, j) }); err != nil {
			return err
		}
	}
	return nil
}

// Run makes what was started, one after the other, until ctx ends. What was
// under way when Parley ended begins again.
func (d *Desk) Run(ctx context.Context) {
	for ctx.Err() == nil {
		waiting, err := d.Store.JobsIn(ctx, Running)
		if err == nil && len(waiting) > 0 {
			err = d.Work(ctx, waiting[0].ID)
		}
		if err != nil && ctx.Err() == nil {
			d.Log.Warn("an export waits", "error", err)
		}
		if err == nil && len(waiting) > 0 {
			continue
		}
		t := time.NewTimer(time.Minute)
		select {
		case <-d.wake:
		case <-t.C:
		case <-ctx.Done():
		}
		t.Stop()
	}
}

// errStopped ends the work on an export that was cancelled.
var errStopped = errors.New("stopped")

const rowsAtOnce = 1000

// Work makes an export from its beginning.
func (d *Desk) Work(ctx context.Context, id string) error {
	j, err := d.Store.Job(ctx, id)
	if err != nil || j.State != Running {
		return err
	}
	if err := os.MkdirAll(d.Dir, 0o700); err != nil {
		return err
	}
	part := d.path(id) + ".part"
	err = d.write(ctx, &j, part)
	switch {
	case errors.Is(err, errStopped):
		return os.Remove(part)
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		d.Log.Error("an export failed", "export", id, "error", err)
		j.State, j.Note = Failed, "It could not be written; the server's log says why."
		_ = os.Remove(part)
	default:
		if err := os.Rename(part, d.path(id)); err != nil {
			return err
		}
		j.State = Done
	}
	j.Doing, j.Ended = "", d.Clock.Now()
	return d.Store.InTx(ctx, func(ctx context.Context) error {
		if err := d.Store.SaveJob(ctx, j); err != nil {
			return err
		}
		return d.Store.Record(ctx, social.Entry{Verb: "end", Object: "export", ID: id, Detail: map[string]any{"state": j.State, "rows": j.Rows, "size": j.Size}})
	})
}

func (d *Desk) write(ctx context.Context, j *Job, name string) (err error) {
	out, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	buffer := bufio.NewWriterSize(out, 1<<20)
	z := zip.NewWriter(buffer)
	j.Rows, j.Total = 0, 0
	var tables []extract.Table
	for _, t := range d.Tables {
		if !slices.Contains(j.Tables, t.Name) {
			continue
		}
		tables = append(tables, t)
		n, err := t.Count(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		j.Total += n
	}
	for _, t := range tables {
		if err := d.table(ctx, j, z, t); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	if err := errors.Join(z.Close(), buffer.Flush(), out.Sync()); err != nil {
		return err
	}
	info, err := out.Stat()
	if err == nil {
		j.Size = info.Size()
	}
	return err
}

// table writes one table into the file, page by page.
func (d *Desk) table(ctx context.Context, j *Job, z *zip.Writer, t extract.Table) error {
	j.Doing = t.Name
	in, err := z.CreateHeader(&zip.FileHeader{Name: t.Name + "." + j.Format, Method: zip.Deflate, Modified: d.Clock.Now().UTC()})
	if err != nil {
		return err
	}
	open := extract.CSV
	if j.Format == JSONLines {
		open = extract.JSONLines
	}
	w, err := open(in, t.Columns)
	if err != nil {
		return err
	}
	for after := ""; ; {
		rows, last, err := t.Page(ctx, after, rowsAtOnce)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := w.Row(r); err != nil {
				return err
			}
		}
		j.Rows += int64(len(rows))
		if err := d.progress(ctx, *j); err != nil {
			return err
		}
		if len(rows) < rowsAtOnce {
			break
		}
		after = last
	}
	if err := w.Flush(); err != nil || t.File == nil {
		return err
	}
	return d.files(ctx, j, z, t)
}

// filesAtOnce is how many files are written until it is asked whether to go on.
const filesAtOnce = 20

// files writes what the rows of a table stand for, one after the other.
func (d *Desk) files(ctx context.Context, j *Job, z *zip.Writer, t extract.Table) error {
	for after := ""; ; {
		rows, last, err := t.Page(ctx, after, filesAtOnce)
		if err != nil {
			return err
		}
		for _, r := range rows {
			path, from, err := t.File(ctx, r)
			if err != nil {
				return err
			}
			if from == nil {
				continue // dropped meanwhile
			}
			to, err := z.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Deflate, Modified: d.Clock.Now().UTC()})
			if err != nil {
				return err
			}
			if _, err := io.Copy(to, from); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
		if err := d.progress(ctx, *j); err != nil || len(rows) < filesAtOnce {
			return err
		}
		after = last
	}
}

func (d *Desk) progress(ctx context.Context, j Job) error {
	return d.Store.InTx(ctx, func(ctx context.Context) error {
		now, err := d.Store.Job(ctx, j.ID)
		if err != nil {
			return err
		}
		if now.State != Running {
			return errStopped
		}
		return d.Store.SaveJob(ctx, j)
	})
}
