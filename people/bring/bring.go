// Package bring takes persons over from elsewhere: CSV, Excel workbooks and
// vCards, as an address book, a shop or another CRM writes them; and orders and
// organizations from CSV and workbooks, by the one way in that each has.
//
// It promises that nothing is kept before somebody saw what would come of it
// and started it, that a row which can't be read stops no other and is named
// with its reason, that no two persons are ever joined by a file, that work
// which was cut short (by a crash too) goes on where it was, and that a whole
// import can be undone: what was changed since stays as it is.
package bring

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/kit/rows"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
)

// The formats of files.
const (
	CSV   = "csv"
	Excel = "xlsx"
	VCard = "vcard"
)

// The kinds of what a file has.
const (
	Persons = "persons"
	Orders  = "orders" // a row for each order, or for each of its lines
	Firms   = "organizations"
)

// State is where an import stands.
type State string

// The states of an import.
const (
	Uploading State = "uploading"
	Ready     State = "ready" // all is here; somebody says what the columns are
	Running   State = "running"
	Done      State = "done"
	Cancelled State = "cancelled"
	Failed    State = "failed"
	Undoing   State = "undoing"
	Undone    State = "undone"
)

// Who wins where a file and what we have differ.
const (
	FileWins = "file" // the file writes over what we have, but for what colleagues wrote into fields of the company's own
	WeWin    = "ours" // it only fills what is empty
)

// What is done with persons who are here already, and with those who are not.
const (
	Both   = "both"
	Create = "create" // only those who are not here
	Update = "update" // only those who are
)

// Settings say how a file is read.
type Settings struct {
	Kind    string            `json:"kind"`    // persons, orders or organizations; "" persons
	Columns map[string]string `json:"columns"` // of a field, the name of its column
	Match   []string          `json:"match"`   // what persons are found by: external_id, email, phone; organizations: external_id, domain, name
	Wins    string            `json:"wins"`    // file or ours
	Only    string            `json:"only"`    // both, create or update
	System  string            `json:"system"`  // whose the external ids are, such as "shop"
	Dial    string            `json:"dial"`    // the country of telephone numbers without one, as "49"

	Programme social.ProgrammeID `json:"programme"` // in which persons are seen; "" by those who see all

	Days     string `json:"days,omitempty"`     // of orders, how days with slashes are written: dmy or mdy; "" as they show
	Currency string `json:"currency,omitempty"` // of orders that name none

	Comma   string                       `json:"comma,omitempty"` // found out, as are the names
	Names   []string                     `json:"names,omitempty"`
	Guessed map[string]map[string]string `json:"guessed,omitempty"` // of a kind, what the columns may be
	Wide    bool                         `json:"wide,omitempty"`    // who started it sees all
}

// Import is a file of persons, orders or organizations on its way in.
type Import struct {
	ID       string
	Name     string
	Size     int64 // bytes, as told beforehand
	Stored   int64 // bytes that are here
	State    State
	Format   string
	Settings Settings
	Dry      bool // only look; nothing is kept

	Length   int64 // bytes of what is read
	Position int64 // bytes that are read; of an undo, the steps that are left
	Rows     int64
	Created  int64
	Updated  int64
	Same     int64 // nothing was new
	Passed   int64 // left out, as was asked
	Wrong    int64
	Steps    int64 // what can be undone
	Undone   int64 // steps that were
	Kept     int64 // persons or organizations that stay, because something else is known of them by now; or orders that were changed since
	Nobody   int64 // orders without a person
	Worked   time.Duration
	Note     string // why it failed
	Member   social.MemberID
	At       time.Time
	Started  time.Time
	Ended    time.Time
}

// Mistake is a row that could not be taken.
type Mistake struct {
	Line   int64
	Why    string
	Source string // its beginning
}

// Tags asks for the company's vocabulary; people.Book does.
type Tags interface {
	Vocabulary(ctx context.Context) (social.Tags, error)
}

// Fields asks for the fields that the company added; deal.Store does.
type Fields interface {
	Fields(ctx context.Context, of deal.Subject) ([]deal.Field, error)
}

// Sales keeps orders; deal.Books does.
type Sales interface {
	Foresee(ctx context.Context, o deal.Order, who deal.Buyer) (deal.Foresight, error)
	Upsert(ctx context.Context, o deal.Order, who deal.Buyer) (kept deal.Order, fresh bool, err error)
	TakeBack(ctx context.Context, wrote deal.Order, was *deal.Order) (bool, error)
}

// Organizations keeps organizations; deal.Books does.
type Organizations interface {
	ForeseeOrganization(ctx context.Context, t deal.Told) (deal.Taken, error)
	TakeOrganization(ctx context.Context, t deal.Told) (deal.Taken, error)
	UntakeOrganization(ctx context.Context, t deal.Taken) (bool, error)
}

// Desk is where files are taken in.
type Desk struct {
	Store         Store
	Sales         Sales         // nil where no orders are taken in
	Organizations Organizations // nil where no organizations are
	// Members lists who may look after organizations, by email address and whole
	// name in small letters; nil: nobody.
	Members func(ctx context.Context) (map[string]social.MemberID, error)
	Tags    Tags
	Fields  Fields
	Dir     string // where the files lie
	Clock   clock.Clock
	Log     *slog.Logger
	// Known looks whether persons whose address others wrote down may be
	// somebody whom we know; may be nil.
	Known func(ctx context.Context, who []social.PersonID) error

	wake chan struct{}
}

// New makes a desk.
func New(d Desk) *Desk {
	d.wake = make(chan struct{}, 1)
	return &d
}

const (
	mostSize     = 2 << 30
	mostPacked   = 100 << 20 // of a workbook or address book
	mostMistakes = 10_000    // of a file are kept
	// MostPart is the most that comes at once.
	MostPart = 8 << 20
)

func (d *Desk) path(id string) string { return filepath.Join(d.Dir, id) }

// Add makes room for a file of some size, whose parts come after.
func (d *Desk) Add(ctx context.Context, name string, size int64) (Import, error) {
	if size <= 0 || size > mostSize {
		return Import{}, &social.Error{Kind: social.Invalid, Field: "size", Text: "A file has between one byte and 2 GB. Split a larger one."}
	}
	now := d.Clock.Now()
	f := Import{ID: id.At(now), Name: rows.Clip(filepath.Base(strings.ReplaceAll(name, `\`, "/"))), Size: size, State: Uploading, At: now}
	if a, ok := social.ActorOf(ctx); ok {
		f.Member = a.Member
	}
	if err := os.MkdirAll(d.Dir, 0o700); err != nil {
		return f, err
	}
	if err := os.WriteFile(d.path(f.ID), nil, 0o600); err != nil {
		return f, err
	}
	return f, d.Store.InTx(ctx, func(ctx context.Context) error {
		if err := d.Store.AddImport(ctx, f); err != nil {
			return err
		}
		return d.Store.Record(ctx, social.Entry{Verb: "add", Object: "import", ID: f.ID, Detail: map[string]any{"name": f.Name, "size": size}})
	})
}

// ByID returns an import.
func (d *Desk) ByID(ctx context.Context, id string) (Import, error) { return d.Store.Import(ctx, id) }

// Put keeps a part of a file, which begins where the last one ended. A part
// that was kept already is told by a Conflict; Stored says where to go on.
func (d *Desk) Put(ctx context.Context, id string, at int64, part []byte) (Import, error) {
	f, err := d.Store.Import(ctx, id)
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
	out, err := os.OpenFile(d.path(id), os.O_WRONLY, 0o600)
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
		if err := d.look(ctx, &f); err != nil {
			f.State, f.Note, f.Ended = Failed, sentence(err), d.Clock.Now()
			d.forget(f.ID)
		} else {
			f.State = Ready
		}
	}
	return f, d.Store.InTx(ctx, func(ctx context.Context) error { return d.Store.SaveImport(ctx, f) })
}

// look finds out what sort of file it is and what its columns are. What is no
// CSV is made CSV first, so that reading can go on at any row.
func (d *Desk) look(ctx context.Context, f *Import) error {
	in, err := os.Open(d.path(f.ID))
	if err != nil {
		return err
	}
	defer in.Close()
	head := make([]byte, 64<<10)
	n, _ := io.ReadFull(in, head)
	comma := ','
	if f.Format = packed(head[:n]); f.Format != "" {
		if err := d.unpack(in, f); err != nil {
			return err
		}
	} else {
		kind, c, err := rows.Sniff(head[:n])
		if err != nil {
			return err
		}
		if kind != rows.CSV {
			return social.Errorf(social.Invalid, "Persons are read from CSV, Excel (.xlsx) and vCard files.")
		}
		f.Format, comma = CSV, c
	}
	f.Settings = Settings{Columns: map[string]string{}, Match: slices.Clone(Keys), Wins: FileWins, Only: Both, System: "crm", Comma: string(comma)}
	text, err := os.Open(d.path(f.ID))
	if err != nil {
		return err
	}
	defer text.Close()
	info, err := text.Stat()
	if err != nil {
		return err
	}
	f.Length = info.Size()
	_, names, err := rows.OpenCSV(text, comma, nil, 0, 0)
	if err != nil {
		return err
	}
	f.Settings.Names = names
	fields, err := d.Fields.Fields(ctx, deal.OfPerson)
	if err != nil {
		return err
	}
	f.Settings.Kind, f.Settings.Columns = Persons, Guess(f.shown(), fields)
	if f.Format == VCard {
		return nil
	}
	f.Settings.Guessed = map[string]map[string]string{Persons: f.Settings.Columns}
	if d.Organizations != nil {
		own, err := d.Fields.Fields(ctx, deal.OfOrganization)
		if err != nil {
			return err
		}
		firms, sure := GuessOrganizations(f.shown(), own)
		if f.Settings.Guessed[Firms] = firms; sure {
			f.Settings.Kind, f.Settings.Columns, f.Settings.Match = Firms, firms, slices.Clone(deal.OrganizationKeys)
		}
	}
	if d.Sales != nil {
		orders, sure := GuessOrders(f.shown())
		if f.Settings.Guessed[Orders] = orders; sure {
			f.Settings.Kind, f.Settings.Columns, f.Settings.System, f.Settings.Match = Orders, orders, "shop", slices.Clone(Keys)
		}
	}
	return nil
}

// shown are the names of columns that the file itself has.
func (f Import) shown() []string {
	return slices.DeleteFunc(slices.Clone(f.Settings.Names), func(n string) bool { return strings.HasPrefix(n, hidden) })
}

// Columns are the names of the file's columns.
func (f Import) Columns() []string { return f.shown() }

// open reads the rows of a file from a position.
func (d *Desk) open(in *os.File, f Import, from, line int64) (rows.Reader, error) {
	if _, err := in.Seek(from, io.SeekStart); err != nil {
		return nil, err
	}
	comma := ','
	for _, c := range f.Settings.Comma {
		comma = c
	}
	var names []string
	if from > 0 {
		names = f.Settings.Names
	}
	r, _, err := rows.OpenCSV(in, comma, names, from, line)
	return r, err
}

// Look is a row and what would come of it.
type Look struct {
	Line   int64
	Entry  Entry
	What   string // create, update, same, pass, or "" where it is wrong
	Person social.PersonID
	Known  string   // what the person is called here
	Tells  []string // which fields would change
	Why    string   // it can't be taken
	Source string
	Parcel *Parcel // of a file of orders
	Found  *Found  // of a file of organizations
}

const previewed = 20

// Preview shows what would come of the first rows.
func (d *Desk) Preview(ctx context.Context, id string, set Settings) (Import, []Look, error) {
	f, err := d.Store.Import(ctx, id)
	if err != nil {
		return f, nil, err
	}
	if f.State == Uploading || f.Format == "" {
		return f, nil, social.Errorf(social.Conflict, "The file is not complete yet.")
	}
	about, err := d.around(ctx)
	if err != nil {
		return f, nil, err
	}
	if f.Settings, err = f.with(set, about); err != nil {
		return f, nil, err
	}
	in, err := os.Open(d.path(id))
	if err != nil {
		return f, nil, social.Because(social.Conflict, err, "The file was taken in and is not kept any longer.")
	}
	defer in.Close()
	r, err := d.open(in, f, 0, 0)
	if err != nil {
		return f, nil, err
	}
	switch f.Settings.Kind {
	case Orders:
		looks, err := d.foresee(acting(ctx, f), f, in, r)
		return f, looks, err
	case Firms:
		looks, err := d.lookAtOrganizations(acting(ctx, f), f, r, about)
		return f, looks, err
	}
	batch, _, err := f.read(r, about, previewed)
	if err != nil {
		return f, nil, err
	}
	p, err := d.prepare(ctx, f, about, batch, nil)
	if err != nil {
		return f, nil, err
	}
	return f, p.looks(), nil
}

// Start takes a file in, or only looks what would come of it.
func (d *Desk) Start(ctx context.Context, id string, set Settings, dry bool) (Import, error) {
	about, err := d.around(ctx)
	if err != nil {
		return Import{}, err
	}
	var f Import
	err = d.Store.InTx(ctx, func(ctx context.Context) error {
		if f, err = d.Store.Import(ctx, id); err != nil {
			return err
		}
		switch {
		case f.State == Running || f.State == Undoing:
			return social.Errorf(social.Conflict, "It is under way already.")
		case f.State == Uploading || f.Format == "":
			return social.Errorf(social.Conflict, "The file is not complete yet.")
		case (f.State == Done && !f.Dry) || f.State == Undone:
			return social.Errorf(social.Conflict, "The file was taken in already. Upload it anew to take it in again.")
		}
		if f.Settings, err = f.with(set, about); err != nil {
			return err
		}
		if !social.ScopeOf(ctx).All && !social.ScopeOf(ctx).Sees(f.Settings.Programme) {
			return &social.Error{Kind: social.Invalid, Field: "programme", Text: "Choose a programme of yours."}
		}
		if a, _ := social.ActorOf(ctx); f.Settings.Kind == Orders && len(a.Scopes) > 0 && !slices.Contains(a.Scopes, social.OutcomeWrite) {
			return social.Errorf(social.Forbidden, "This token may not report orders (outcome.write).")
		}
		f.Settings.Wide = social.ScopeOf(ctx).All
		f.State, f.Dry, f.Note = Running, dry, ""
		f.again()
		f.Started, f.Ended = d.Clock.Now(), time.Time{}
		if err := d.Store.DropMistakes(ctx, f.ID); err != nil {
			return err
		}
		if err := d.Store.SaveImport(ctx, f); err != nil {
			return err
		}
		return d.Store.Record(ctx, social.Entry{Verb: "start", Object: "import", ID: f.ID, Detail: map[string]any{"dry": dry, "wins": f.Settings.Wins, "only": f.Settings.Only}})
	})
	if err == nil {
		d.rouse()
	}
	return f, err
}

// again begins the counts anew.
func (f *Import) again() {
	f.Position, f.Rows, f.Created, f.Updated, f.Same, f.Passed, f.Wrong, f.Nobody, f.Worked = 0, 0, 0, 0, 0, 0, 0, 0, 0
}

// Cancel stops an import that is under way or waits. What was taken in stays
// until it is undone.
func (d *Desk) Cancel(ctx context.Context, id string) (Import, error) {
	return d.turn(ctx, id, "cancel", func(f *Import) error {
		if f.State != Uploading && f.State != Ready && f.State != Running {
			return social.Errorf(social.Conflict, "It has ended already.")
		}
		f.State, f.Ended = Cancelled, d.Clock.Now()
		return nil
	})
}

// Undo takes a whole import back, in the background. What was changed since
// stays as it is, and so do persons of whom something else is known by now.
func (d *Desk) Undo(ctx context.Context, id string) (Import, error) {
	f, err := d.turn(ctx, id, "undo", func(f *Import) error {
		if f.State == Running || f.State == Undoing {
			return social.Errorf(social.Conflict, "It is under way. Cancel it first.")
		}
		if f.Steps == 0 || f.State == Undone {
			return social.Errorf(social.Conflict, "There is nothing to undo.")
		}
		f.State, f.Position, f.Undone, f.Kept, f.Note = Undoing, f.Steps, 0, 0, ""
		f.Ended = time.Time{}
		return nil
	})
	if err == nil {
		d.rouse()
	}
	return f, err
}

func (d *Desk) turn(ctx context.Context, id, verb string, change func(*Import) error) (Import, error) {
	var f Import
	err := d.Store.InTx(ctx, func(ctx context.Context) (err error) {
		if f, err = d.Store.Import(ctx, id); err != nil {
			return err
		}
		if err := change(&f); err != nil {
			return err
		}
		if err := d.Store.SaveImport(ctx, f); err != nil {
			return err
		}
		return d.Store.Record(ctx, social.Entry{Verb: verb, Object: "import", ID: f.ID, Detail: map[string]any{"name": f.Name}})
	})
	return f, err
}

// Remove forgets a file and how to undo it, but nobody who was taken over.
func (d *Desk) Remove(ctx context.Context, id string) error {
	f, err := d.Store.Import(ctx, id)
	if err != nil {
		return err
	}
	if f.State == Running || f.State == Undoing {
		return social.Errorf(social.Conflict, "It is under way. Cancel it first.")
	}
	err = d.Store.InTx(ctx, func(ctx context.Context) error {
		if err := d.Store.RemoveImport(ctx, id); err != nil {
			return err
		}
		return d.Store.Record(ctx, social.Entry{Verb: "remove", Object: "import", ID: id, Detail: map[string]any{"name": f.Name}})
	})
	if err == nil {
		d.forget(id)
	}
	return err
}

// forget removes the file itself.
func (d *Desk) forget(id string) {
	for _, p := range []string{d.path(id), d.path(id) + ".csv"} {
		if err := os.Remove(p); err != nil && !errors.Is(err, os.ErrNotExist) {
			d.Log.Warn("a file of persons was not removed", "file", id, "error", err)
		}
	}
}

func (d *Desk) rouse() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

func sentence(err error) string {
	var e *social.Error
	if errors.As(err, &e) && e.Kind != social.Fault {
		return e.Text
	}
	return "It could not be read."
}
