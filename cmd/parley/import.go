package main

import (
	"context"
	"errors"
	"fmt"
	"github.com/parley-crm/parley/cmd/parley/shell"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/history"
	"github.com/parley-crm/parley/social"
)

type importCmd struct {
	opened
	logFlags
	Channel    string            `required:"" help:"Name or id of the channel to which it belongs. A name that there is not makes a new one for history." placeholder:"NAME" env:"-"`
	File       string            `arg:"" help:"CSV with a header, or JSON lines." type:"existingfile"`
	Map        map[string]string `help:"Which column is what, where the names do not tell: text=Comment;published=Date." placeholder:"FIELD=COLUMN" env:"-"`
	Zone       string            `help:"Time zone of times without one." default:"UTC" env:"-"`
	MonthFirst bool              `help:"03/04/2026 is the 4th of March." env:"-"`
	Form       string            `help:"What rows are that do not say." default:"post" enum:"post,comment,direct,review,article" env:"-"`
	Directed   bool              `help:"It was all said to us." env:"-"`
	Inbox      bool              `help:"What was said to us, or a monitor sends there, enters the inbox." env:"-"`
	DryRun     bool              `help:"Only look whether all rows can be read." env:"-"`
}

// Help is shown with --help.
func (importCmd) Help() string {
	return `Brings in what was said before Parley listened. It is scored and matched like
everything else, by the server when it runs next. The same file twice changes nothing.

  parley import --channel "Old reviews" reviews.csv
  parley import --channel Mastodon posts.jsonl --map 'text=status.content' --dry-run

Rows that cannot be read are named on standard error; then the exit code is 1.`
}

// Run brings a file in.
func (c importCmd) Run(ctx context.Context, s *streams) error {
	log := c.logger()
	h, err := build(ctx, plan{store: c.options(log), key: c.Key, clock: clock.System{}, log: log})
	if err != nil {
		return err
	}
	defer h.db.Close()
	ctx = asParley(ctx)
	id, err := h.importChannel(ctx, c.Channel)
	if err != nil {
		return err
	}
	f, err := c.store(ctx, h.shelf, id)
	if err != nil {
		return err
	}
	set := f.Settings
	set.Zone, set.MonthFirst, set.Form, set.Directed = c.Zone, c.MonthFirst, social.Form(c.Form), c.Directed
	for field, column := range c.Map {
		set.Columns[field] = column
	}
	if f, err = h.shelf.Start(ctx, f.ID, set, c.DryRun, c.Inbox); err != nil {
		return errors.Join(err, h.shelf.Remove(ctx, f.ID))
	}
	last := time.Time{}
	err = h.shelf.Work(ctx, f.ID, func(f history.File) {
		if now := h.clock.Now(); now.Sub(last) >= time.Second {
			last = now
			fmt.Fprintf(s.Err, "%3d%%  %d rows\n", 100*f.Position/max(1, f.Size), f.Rows)
		}
	})
	if err != nil {
		return err
	}
	return c.report(ctx, s, h.shelf, f.ID)
}

// importChannel finds a channel by id or name, or makes one for history.
func (h *house) importChannel(ctx context.Context, name string) (social.ChannelID, error) {
	for _, c := range h.station.ChannelsSeen(ctx) {
		if string(c.ID) == name || strings.EqualFold(c.Name, name) {
			return c.ID, nil
		}
	}
	c, err := h.station.AddChannel(ctx, listen.Draft{Kind: "archive", Name: name, Settings: map[string]string{}})
	return c.ID, err
}

// store hands the file over part by part.
func (c importCmd) store(ctx context.Context, shelf *history.Shelf, channel social.ChannelID) (history.File, error) {
	in, err := os.Open(c.File)
	if err != nil {
		return history.File{}, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return history.File{}, err
	}
	f, err := shelf.Add(ctx, channel, filepath.Base(c.File), info.Size())
	if err != nil {
		return f, err
	}
	part := make([]byte, history.MostPart)
	for f.State == history.Uploading {
		n, err := io.ReadFull(in, part)
		if n == 0 {
			return f, social.Because(social.Invalid, err, "The file became shorter while it was read.")
		}
		if f, err = shelf.Put(ctx, f.ID, f.Stored, part[:n]); err != nil {
			return f, err
		}
	}
	if f.State == history.Failed {
		return f, social.Errorf(social.Invalid, "%s", f.Note)
	}
	return f, nil
}

// report says what came of it.
func (c importCmd) report(ctx context.Context, s *streams, shelf *history.Shelf, id string) error {
	f, err := shelf.ByID(ctx, id)
	if err != nil {
		return err
	}
	mistakes, err := shelf.Store.Mistakes(ctx, id, 0, 100)
	if err != nil {
		return err
	}
	for _, m := range mistakes {
		fmt.Fprintf(s.Err, "line %d: %s\n", m.Line, m.Why)
	}
	if more := f.Wrong - int64(len(mistakes)); more > 0 {
		fmt.Fprintf(s.Err, "and %d more\n", more)
	}
	if f.State == history.Failed {
		return social.Errorf(social.Invalid, "%s", f.Note)
	}
	verb := "new"
	if f.Dry {
		verb = "would be brought in"
	}
	fmt.Fprintf(s.Out, "%d rows: %d %s, %d here already, %d wrong; %.0f rows a second\n", f.Rows, f.Taken, verb, f.Same, f.Wrong, float64(f.Rows)/max(0.001, f.Worked.Seconds()))
	if f.Dry {
		if err := shelf.Remove(ctx, id); err != nil {
			return err
		}
	}
	if f.Wrong > 0 {
		return shell.Quit(shell.ExitFailed)
	}
	return nil
}
