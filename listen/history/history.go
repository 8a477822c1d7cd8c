// Package history brings in what was said before Parley listened: CSV and
// JSON lines, as large as the disk allows.
//
// It promises that no file is ever whole in memory, that work which was cut
// short (by a crash too) goes on where it was, that the same file twice
// changes nothing, that a row which cannot be read stops no other and is
// named with its reason, and that what is brought in is scored and matched
// like everything else but is no reason to answer unless somebody says so.
package history

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/kit/rows"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
)

// The formats of files.
const (
	CSV       = rows.CSV
	JSONLines = rows.JSONLines
)

// State is where a file stands.
type State string

// The states of a file.
const (
	Uploading State = "uploading"
	Ready     State = "ready" // all is here; somebody says what the columns are
	Running   State = "running"
	Done      State = "done"
	Cancelled State = "cancelled"
	Failed    State = "failed"
)

// Settings say how a file is read.
type Settings struct {
	Columns    map[string]string `json:"columns"`     // of a field, the name of its column
	Zone       string            `json:"zone"`        // of times without one; "" is UTC
	MonthFirst bool              `json:"month_first"` // 03/04/2026 is the 4th of March
	Form       social.Form       `json:"form"`        // of rows that do not say; "" is post
	Directed   bool              `json:"directed"`    // it was all said to us

	Comma string   `json:"comma,omitempty"` // found out, as are the names
	Names []string `json:"names,omitempty"`
}

// File is a file of history.
type File struct {
	ID       string
	Channel  social.ChannelID
	Name     string
	Size     int64 // bytes, as told beforehand
	Stored   int64 // bytes that are here
	State    State
	Format   string
	Settings Settings
	Dry      bool // only look; nothing is kept
	Inbox    bool // what was said to us enters the inbox

	Position int64 // bytes that are read
	Rows     int64
	Taken    int64 // new
	Same     int64 // here already
	Wrong    int64
	Worked   time.Duration
	Note     string // why it failed
	Member   social.MemberID
	Created  time.Time
	Started  time.Time
	Ended    time.Time
}

// Mistake is a row that could not be read.
type Mistake struct {
	Line   int64
	Why    string
	Source string // its beginning
}

// Store keeps files and how far they are.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	AddFile(ctx context.Context, f File) error
	SaveFile(ctx context.Context, f File) error
	RemoveFile(ctx context.Context, id string) error
	File(ctx context.Context, id string) (File, error)
	// Files returns files, the newest first, that are older than before ("" for all).
	Files(ctx context.Context, before string, limit int) ([]File, error)
	// Waiting returns the oldest file that is running.
	Waiting(ctx context.Context) (File, bool, error)
	AddMistakes(ctx context.Context, file string, all []Mistake) error
	DropMistakes(ctx context.Context, file string) error
	// Mistakes returns at most limit mistakes after a line, in order.
	Mistakes(ctx context.Context, file string, after int64, limit int) ([]Mistake, error)
}

// Station is where activities are brought to.
type Station interface {
	ChannelByID(ctx context.Context, id social.ChannelID) (listen.Channel, error)
	Bring(ctx context.Context, id social.ChannelID, activities []social.Activity, inbox bool, done func(ctx context.Context, fresh int, wrong map[int]string) error) error
}

// Shelf is where files stand until they are brought in.
type Shelf struct {
	Store   Store
	Station Station
	Dir     string // where the files lie
	Clock   clock.Clock
	Log     *slog.Logger

	wake chan struct{}
}

// New makes a shelf.
func New(s Store, st Station, dir string, c clock.Clock, log *slog.Logger) *Shelf {
	return &Shelf{Store: s, Station: st, Dir: dir, Clock: c, Log: log, wake: make(chan struct{}, 1)}
}

const (
	mostSize     = 4 << 30
	mostMistakes = 10_000 // of a file are kept
	// MostPart is the most that comes at once.
	MostPart = 8 << 20
)

func (s *Shelf) path(id string) string { return filepath.Join(s.Dir, id) }

// Add makes room for a file of some size, whose parts come after.
func (s *Shelf) Add(ctx context.Context, channel social.ChannelID, name string, size int64) (File, error) {
	if _, err := s.Station.ChannelByID(ctx, channel); err != nil {
		return File{}, err
	}
	if size <= 0 || size > mostSize {
		return File{}, &social.Error{Kind: social.Invalid, Field: "size", Text: "A file has between one byte and 4 GB. Split a larger one."}
	}
	now := s.Clock.Now()
	f := File{ID: id.At(now), Channel: channel, Name: rows.Clip(filepath.Base(strings.ReplaceAll(name, `\`, "/"))), Size: size, State: Uploading, Created: now}
	if a, ok := social.ActorOf(ctx); ok {
		f.Member = a.Member
	}
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return f, err
	}
	if err := os.WriteFile(s.path(f.ID), nil, 0o600); err != nil {
		return f, err
	}
	return f, s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.AddFile(ctx, f); err != nil {
			return err
		}
		return s.Store.Record(ctx, social.Entry{Verb: "add", Object: "history", ID: f.ID, Detail: map[string]any{"channel": channel, "name": f.Name, "size": size}})
	})
}

// ByID returns a file that the actor may see.
func (s *Shelf) ByID(ctx context.Context, id string) (File, error) {
	f, err := s.Store.File(ctx, id)
	if err != nil {
		return f, err
	}
	if _, err := s.Station.ChannelByID(ctx, f.Channel); err != nil {
		return File{}, social.Errorf(social.NotFound, "There is no such file.")
	}
	return f, nil
}

// Put keeps a part of a file, which begins where the last one ended. A part
// that was kept already is told by a Conflict; Stored says where to go on.
func (s *Shelf) Put(ctx context.Context, id string, at int64, part []byte) (File, error) {
	f, err := s.ByID(ctx, id)
	if err != nil {
		return f, err
	}
	switch {
	case f.State != Uploading:
		return f, social.Errorf(social.Conflict, "The file is complete already.")
	case at != f.Stored:
		return f, social.Errorf(social.Conflict, "The next part begins at byte %d.", f.Stored)
	case len(part) == 0 || len(part) > MostPart || at+int64(len(part)) > f.Size:
		return f, social.Errorf(social.Invalid, "The part is empty, or larger than it may be.")
	}
	out, err := os.OpenFile(s.path(id), os.O_WRONLY, 0o600)
	if err != nil {
		return f, social.Because(social.NotFound, err, "The file is gone. Begin anew.")
	}
	_, err = out.WriteAt(part, at)
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return f, social.Because(social.Busy, err, "There is no room for the file right now.")
	}
	f.Stored += int64(len(part))
	if f.Stored == f.Size {
		if err := s.look(&f); err != nil {
			f.State, f.Note, f.Ended = Failed, sentence(err), s.Clock.Now()
			_ = os.Remove(s.path(id))
		} else {
			f.State = Ready
		}
	}
	return f, s.save(ctx, f)
}

func (s *Shelf) save(ctx context.Context, f File) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error { return s.Store.SaveFile(ctx, f) })
}

// look finds out what sort of file it is and what its columns are.
func (s *Shelf) look(f *File) error {
	in, err := os.Open(s.path(f.ID))
	if err != nil {
		return err
	}
	defer in.Close()
	head := make([]byte, 64<<10)
	n, _ := io.ReadFull(in, head)
	format, comma, err := rows.Sniff(head[:n])
	if err != nil {
		return err
	}
	f.Format, f.Settings = format, Settings{Columns: map[string]string{}}
	if comma != 0 {
		f.Settings.Comma = string(comma)
	}
	r, names, err := s.open(in, *f, 0, 0)
	if err != nil {
		return err
	}
	if names != nil {
		f.Settings.Names = names
	} else {
		seen := map[string]bool{}
		for range 200 {
			row, err := r.Next()
			if err != nil {
				break
			}
			for k := range row.Values {
				if !seen[k] && len(seen) < rows.MostColumns {
					seen[k] = true
					f.Settings.Names = append(f.Settings.Names, k)
				}
			}
		}
		sortNames(f.Settings.Names)
	}
	f.Settings.Columns = Guess(f.Settings.Names)
	return nil
}

// open reads the rows of a file from a position.
func (s *Shelf) open(in *os.File, f File, from, line int64) (rows.Reader, []string, error) {
	if _, err := in.Seek(from, io.SeekStart); err != nil {
		return nil, nil, err
	}
	if f.Format == JSONLines {
		return rows.OpenJSON(in, from, line), nil, nil
	}
	comma := ','
	for _, c := range f.Settings.Comma {
		comma = c
	}
	var names []string
	if from > 0 {
		names = f.Settings.Names
	}
	return rows.OpenCSV(in, comma, names, from, line)
}

// Look is a row as it would be brought in.
type Look struct {
	Line     int64
	Activity social.Activity
	Why      string // it cannot
	Source   string
}

const previewed = 20

// Preview shows the first rows as these settings read them.
func (s *Shelf) Preview(ctx context.Context, id string, set Settings) (File, []Look, error) {
	f, err := s.ByID(ctx, id)
	if err != nil {
		return f, nil, err
	}
	if f.State == Uploading || f.Format == "" {
		return f, nil, social.Errorf(social.Conflict, "The file is not complete yet.")
	}
	if set, err = f.Settings.with(set); err != nil {
		return f, nil, err
	}
	in, err := os.Open(s.path(id))
	if err != nil {
		return f, nil, social.Because(social.Conflict, err, "The file was brought in and is not kept any longer.")
	}
	defer in.Close()
	r, _, err := s.open(in, f, 0, 0)
	if err != nil {
		return f, nil, err
	}
	var out []Look
	for len(out) < previewed {
		row, err := r.Next()
		if err != nil {
			if len(out) == 0 && !errors.Is(err, io.EOF) {
				return f, nil, err
			}
			break
		}
		l := Look{Line: row.Line, Source: row.Source}
		if l.Activity, err = set.activity(f.Channel, row); err != nil {
			l.Why = sentence(err)
		}
		out = append(out, l)
	}
	return f, out, nil
}

// with takes what somebody says over what was found out.
func (s Settings) with(o Settings) (Settings, error) {
	o.Comma, o.Names = s.Comma, s.Names
	if o.Columns == nil {
		o.Columns = s.Columns
	}
	for field, column := range o.Columns {
		if !contains(Fields, field) {
			return o, social.Errorf(social.Invalid, "There is no field “%s”.", rows.Clip(field))
		}
		if column != "" && !contains(s.Names, column) {
			return o, social.Errorf(social.Invalid, "The file has no column “%s”.", rows.Clip(column))
		}
	}
	if o.Columns["published"] == "" {
		return o, &social.Error{Kind: social.Invalid, Field: "columns.published", Text: "Say which column is the time: history without a time stands nowhere."}
	}
	if o.Columns["text"] == "" && o.Columns["title"] == "" && o.Columns["rating"] == "" {
		return o, &social.Error{Kind: social.Invalid, Field: "columns.text", Text: "Say which column has the words."}
	}
	if _, err := time.LoadLocation(o.Zone); err != nil {
		return o, &social.Error{Kind: social.Invalid, Field: "zone", Text: "There is no such time zone; one is Europe/Berlin."}
	}
	return o, nil
}

// Start brings a file in, or only looks whether it could. What was brought in
// by an earlier start stays.
func (s *Shelf) Start(ctx context.Context, id string, set Settings, dry, inbox bool) (File, error) {
	f, err := s.ByID(ctx, id)
	if err != nil {
		return f, err
	}
	switch {
	case f.State == Running:
		return f, social.Errorf(social.Conflict, "It is under way already.")
	case f.State == Uploading || f.Format == "":
		return f, social.Errorf(social.Conflict, "The file is not complete yet.")
	case f.State == Done && !f.Dry:
		return f, social.Errorf(social.Conflict, "The file was brought in already.")
	}
	if f.Settings, err = f.Settings.with(set); err != nil {
		return f, err
	}
	f.State, f.Dry, f.Inbox, f.Note = Running, dry, inbox, ""
	f.Position, f.Rows, f.Taken, f.Same, f.Wrong, f.Worked = 0, 0, 0, 0, 0, 0
	f.Started, f.Ended = s.Clock.Now(), time.Time{}
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.DropMistakes(ctx, f.ID); err != nil {
			return err
		}
		if err := s.Store.SaveFile(ctx, f); err != nil {
			return err
		}
		return s.Store.Record(ctx, social.Entry{Verb: "start", Object: "history", ID: f.ID, Detail: map[string]any{"dry": dry, "inbox": inbox}})
	})
	if err == nil {
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
	return f, err
}

// Cancel stops a file that is under way or waits. What was brought in stays.
func (s *Shelf) Cancel(ctx context.Context, id string) (File, error) {
	f, err := s.ByID(ctx, id)
	if err != nil {
		return f, err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		if f, err = s.Store.File(ctx, id); err != nil { // as it stands now
			return err
		}
		if f.State == Done || f.State == Cancelled || f.State == Failed {
			return social.Errorf(social.Conflict, "It has ended already.")
		}
		f.State, f.Ended = Cancelled, s.Clock.Now()
		if err := s.Store.SaveFile(ctx, f); err != nil {
			return err
		}
		return s.Store.Record(ctx, social.Entry{Verb: "cancel", Object: "history", ID: f.ID})
	})
	return f, err
}

// Remove forgets a file, but nothing that was brought in from it.
func (s *Shelf) Remove(ctx context.Context, id string) error {
	f, err := s.ByID(ctx, id)
	if err != nil {
		return err
	}
	if f.State == Running {
		return social.Errorf(social.Conflict, "It is under way. Cancel it first.")
	}
	if err := os.Remove(s.path(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.RemoveFile(ctx, id); err != nil {
			return err
		}
		return s.Store.Record(ctx, social.Entry{Verb: "remove", Object: "history", ID: id, Detail: map[string]any{"name": f.Name}})
	})
}

func contains(all []string, s string) bool {
	for _, x := range all {
		if x == s {
			return true
		}
	}
	return false
}

func sentence(err error) string {
	var e *social.Error
	if errors.As(err, &e) && e.Kind != social.Fault {
		return e.Text
	}
	return "It could not be read."
}
