package bring

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/parley-crm/parley/kit/rows"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
)

// Batch is what is written at once.
type Batch struct {
	Import    Import
	Fresh     []*Stand                       // persons who are new
	Changed   []*Stand                       // persons whose own fields change
	Steps     []*Step                        // in order, numbered
	Founded   map[deal.OrganizationID]string // organizations that are new
	Accounts  map[social.PersonID][]social.Author
	Programme social.ProgrammeID
	By        social.MemberID
	At        time.Time
}

// Store keeps imports, and what they bring. All methods take part in the
// transaction of ctx.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	Tell(ctx context.Context, facts ...social.Fact) error
	// Lock makes the transaction of ctx the only one that takes persons in.
	Lock(ctx context.Context) error

	AddImport(ctx context.Context, f Import) error
	SaveImport(ctx context.Context, f Import) error
	RemoveImport(ctx context.Context, id string) error
	// Import returns one; NotFound where it is absent or another's programme.
	Import(ctx context.Context, id string) (Import, error)
	Imports(ctx context.Context, before string, limit int) ([]Import, error)
	// Waiting returns the oldest import that is running or being undone.
	Waiting(ctx context.Context) (Import, bool, error)
	AddMistakes(ctx context.Context, id string, all []Mistake) error
	DropMistakes(ctx context.Context, id string) error
	// Mistakes returns at most limit mistakes after a line, in order.
	Mistakes(ctx context.Context, id string, after int64, limit int) ([]Mistake, error)

	// Persons says who holds accounts.
	Persons(ctx context.Context, ids []social.IdentityID) (map[social.IdentityID]social.PersonID, error)
	// Stands says what is known of persons in scope.
	Stands(ctx context.Context, who []social.PersonID) (map[social.PersonID]*Stand, error)
	// OrganizationsCalled finds organizations by their folded names.
	OrganizationsCalled(ctx context.Context, names []string) (map[string]deal.OrganizationID, error)
	// Write keeps a batch.
	Write(ctx context.Context, b Batch) error
	// Shared lists those of persons whose addresses somebody else holds too.
	Shared(ctx context.Context, who []social.PersonID) ([]social.PersonID, error)

	// Steps returns at most limit steps up to one, the last first.
	Steps(ctx context.Context, id string, upTo int64, limit int) ([]Step, error)
	// TakeBack undoes steps in the order given, and counts the persons who
	// were to go and stay.
	TakeBack(ctx context.Context, steps []Step) (kept int, err error)
}

// How the work is done.
const (
	rowsAtOnce  = 500
	stepsAtOnce = 200
	pause       = time.Minute
)

// Run takes in what was started, one file after the other, until ctx ends.
// What was under way when Parley ended goes on.
func (d *Desk) Run(ctx context.Context) {
	for ctx.Err() == nil {
		f, ok, err := d.Store.Waiting(ctx)
		if err == nil && ok {
			err = d.Work(ctx, f.ID, nil)
		}
		if err != nil && ctx.Err() == nil {
			d.Log.Warn("an import waits", "error", err)
		}
		if ok && err == nil {
			continue
		}
		t := time.NewTimer(pause)
		select {
		case <-d.wake:
		case <-t.C:
		case <-ctx.Done():
		}
		t.Stop()
	}
}

// errStopped ends the work on an import that was cancelled.
var errStopped = errors.New("stopped")

// Work takes a file in, or back, from where it is, and tells told how far it
// is after each step. It returns when the import has ended or ctx has.
func (d *Desk) Work(ctx context.Context, id string, told func(Import)) error {
	f, err := d.Store.Import(ctx, id)
	if err != nil {
		return err
	}
	switch f.State {
	case Undoing:
		return d.undo(ctx, f, told)
	case Running:
		return d.take(ctx, f, told)
	}
	return nil
}

func (d *Desk) take(ctx context.Context, f Import, told func(Import)) error {
	if f.Dry { // nothing was kept: it begins again
		worked := f.Worked
		f.again()
		f.Worked = worked
		if err := d.Store.InTx(ctx, func(ctx context.Context) error { return d.Store.DropMistakes(ctx, f.ID) }); err != nil {
			return err
		}
	}
	in, err := os.Open(d.path(f.ID))
	if err != nil {
		return d.end(ctx, f, Failed, "The file is gone.")
	}
	defer in.Close()
	line := f.Rows
	if f.Position > 0 {
		line++ // the header
	}
	r, err := d.open(in, f, f.Position, line)
	if err != nil {
		return d.end(ctx, f, Failed, sentence(err))
	}
	about, err := d.around(ctx)
	if err != nil {
		return err
	}
	var twice seen
	if f.Dry {
		twice = seen{}
	}
	step := func() (bool, error) { return d.step(ctx, &f, r, about, twice) }
	switch f.Settings.Kind {
	case Orders:
		if step, err = d.selling(ctx, &f, in, r); err != nil {
			return d.end(ctx, f, Failed, sentence(err))
		}
	case Firms:
		var had twins
		if f.Dry {
			had = twins{}
		}
		step = func() (bool, error) { return d.establish(ctx, &f, r, about, had) }
	}
	for ctx.Err() == nil {
		more, err := step()
		var known *social.Error
		switch {
		case errors.Is(err, errStopped):
			return nil
		case errors.As(err, &known) && (known.Kind == social.Invalid || known.Kind == social.NotFound):
			return d.end(ctx, f, Failed, known.Text)
		case err != nil:
			return err // it goes on where it was
		}
		if told != nil {
			told(f)
		}
		if !more {
			return d.end(ctx, f, Done, "")
		}
	}
	return ctx.Err()
}

// following remembers how far a reader came.
type following struct {
	rows.Reader
	end, n int64
}

func (r *following) Next() (rows.Row, error) {
	row, err := r.Reader.Next()
	if err == nil {
		r.end, r.n = row.End, r.n+1
	}
	return row, err
}

// step takes in some rows, and keeps how far it is in the same transaction.
func (d *Desk) step(ctx context.Context, f *Import, in rows.Reader, a about, twice seen) (more bool, err error) {
	began := d.Clock.Now()
	r := &following{Reader: in, end: f.Position}
	entries, more, err := f.read(r, a, rowsAtOnce)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	next := *f
	err = d.Store.InTx(ctx, func(ctx context.Context) error {
		if err := d.Store.Lock(ctx); err != nil {
			return err
		}
		now, err := d.Store.Import(ctx, f.ID)
		if err != nil {
			return err
		}
		if now.State != Running {
			return errStopped
		}
		p, err := d.prepare(ctx, *f, a, entries, twice)
		if err != nil {
			return err
		}
		next.Position, next.Rows = r.end, f.Rows+r.n
		var wrong []Mistake
		for i, e := range p.entries {
			switch {
			case e.Why != "":
				wrong = append(wrong, Mistake{e.Line, e.Why, e.Source})
			case p.what[i] == WillCreate:
				next.Created++
			case p.what[i] == WillUpdate:
				next.Updated++
			case p.what[i] == WillPass:
				next.Passed++
			default:
				next.Same++
			}
		}
		if !f.Dry {
			if err := d.write(ctx, &next, p); err != nil {
				return err
			}
		}
		return d.settle(ctx, &next, wrong, began)
	})
	if err != nil {
		return false, err
	}
	*f = next
	return more, nil
}

// write keeps what was worked out.
func (d *Desk) write(ctx context.Context, f *Import, p *plan) error {
	b := Batch{Import: *f, Founded: p.founded, Accounts: map[social.PersonID][]social.Author{}, Programme: f.Settings.Programme, By: f.Member, At: d.Clock.Now()}
	fresh := map[person]bool{}
	for _, who := range p.fresh {
		fresh[who] = true
		b.Fresh = append(b.Fresh, p.stands[who])
	}
	var touched []person
	had := map[person]bool{}
	var met []person // who has a new address
	for _, s := range p.steps {
		if s == nil {
			continue
		}
		f.Steps++
		s.N = f.Steps
		b.Steps = append(b.Steps, s)
		b.Accounts[s.Person] = append(b.Accounts[s.Person], s.accounts...)
		if len(s.accounts) > 0 {
			met = append(met, s.Person)
		}
		if !had[s.Person] {
			had[s.Person] = true
			touched = append(touched, s.Person)
			if p.dirty[s.Person] && !fresh[s.Person] {
				b.Changed = append(b.Changed, p.stands[s.Person])
			}
		}
	}
	if len(b.Steps) == 0 {
		return nil
	}
	if err := d.Store.Write(ctx, b); err != nil {
		return err
	}
	if err := d.Store.Record(ctx, social.Entry{Verb: "import", Object: "person", ID: f.ID, Detail: map[string]any{
		"created": len(b.Fresh), "changed": len(touched) - len(b.Fresh), "organizations": len(b.Founded), "from": b.Steps[0].N, "to": f.Steps}}); err != nil {
		return err
	}
	if err := d.Store.Tell(ctx, social.Brought{Persons: touched}); err != nil {
		return err
	}
	if d.Known == nil {
		return nil
	}
	shared, err := d.Store.Shared(ctx, met)
	if err != nil || len(shared) == 0 {
		return err
	}
	return d.Known(ctx, shared)
}

// end notes how an import ended, and forgets the file where it is not needed
// any longer.
func (d *Desk) end(ctx context.Context, f Import, state State, note string) error {
	f.State, f.Note, f.Ended = state, note, d.Clock.Now()
	err := d.Store.InTx(ctx, func(ctx context.Context) error {
		if err := d.Store.SaveImport(ctx, f); err != nil {
			return err
		}
		return d.Store.Record(ctx, social.Entry{Verb: "end", Object: "import", ID: f.ID,
			Detail: map[string]any{"state": state, "rows": f.Rows, "created": f.Created, "updated": f.Updated, "same": f.Same, "wrong": f.Wrong, "undone": f.Undone, "dry": f.Dry}})
	})
	if err == nil && state == Done && !f.Dry {
		d.forget(f.ID)
	}
	return err
}

// undo takes steps back, the last first.
func (d *Desk) undo(ctx context.Context, f Import, told func(Import)) error {
	for ctx.Err() == nil {
		began := d.Clock.Now()
		next, more := f, false
		err := d.Store.InTx(ctx, func(ctx context.Context) error {
			if err := d.Store.Lock(ctx); err != nil {
				return err
			}
			now, err := d.Store.Import(ctx, f.ID)
			if err != nil {
				return err
			}
			if now.State != Undoing {
				return errStopped
			}
			steps, err := d.Store.Steps(ctx, f.ID, f.Position, stepsAtOnce)
			if err != nil {
				return err
			}
			if more = len(steps) > 0; !more {
				return nil
			}
			kept, err := d.takeBack(ctx, f, steps)
			if err != nil {
				return err
			}
			next.Position = steps[len(steps)-1].N - 1
			next.Undone, next.Kept = f.Undone+int64(len(steps)), f.Kept+int64(kept)
			next.Worked += d.Clock.Now().Sub(began)
			var who []person
			had := map[person]bool{}
			for _, s := range steps {
				if s.Person != "" && !had[s.Person] {
					had[s.Person] = true
					who = append(who, s.Person)
				}
			}
			object := map[string]string{Orders: "order", Firms: "organization"}[f.Settings.Kind]
			if object == "" {
				object = "person"
			}
			if err := d.Store.Record(ctx, social.Entry{Verb: "undo", Object: object, ID: f.ID, Detail: map[string]any{"persons": len(who), "kept": kept, "from": steps[0].N, "to": steps[len(steps)-1].N}}); err != nil {
				return err
			}
			if err := d.Store.Tell(ctx, social.Brought{Persons: who}); err != nil {
				return err
			}
			return d.Store.SaveImport(ctx, next)
		})
		switch {
		case errors.Is(err, errStopped):
			return nil
		case err != nil:
			return err
		}
		f = next
		if told != nil {
			told(f)
		}
		if !more {
			return d.end(ctx, f, Undone, "")
		}
	}
	return ctx.Err()
}

// settle keeps what was wrong in a step of an import, as far as there is room
// for it, and how far the step came. began is when it began.
func (d *Desk) settle(ctx context.Context, f *Import, wrong []Mistake, began time.Time) error {
	room := max(0, mostMistakes-f.Wrong)
	f.Wrong += int64(len(wrong))
	if int64(len(wrong)) > room {
		wrong = wrong[:room]
	}
	if err := d.Store.AddMistakes(ctx, f.ID, wrong); err != nil {
		return err
	}
	f.Worked += d.Clock.Now().Sub(began)
	return d.Store.SaveImport(ctx, *f)
}
