package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"github.com/parley-crm/parley/cmd/parley/shell"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// opened is what commands that open the store have in common.
type opened struct {
	storeFlags
	Key string `help:"Sealing key; read from the data folder if left out." placeholder:"KEY"`
}

// existing is house for commands that make no sense without data: a wrong
// folder is a mistake, not an empty Parley.
func (o opened) existing(ctx context.Context) (*house, error) {
	if err := o.exists(); err != nil {
		return nil, err
	}
	return o.house(ctx)
}

func (f storeFlags) exists() error {
	if f.Database != "" {
		return nil
	}
	if _, err := os.Stat(filepath.Join(f.Data, "parley.db")); err != nil {
		return social.Because(social.Invalid, err, "There is no Parley in %s; say where with --data, or --database for PostgreSQL.", f.Data)
	}
	return nil
}

func (o opened) house(ctx context.Context) (*house, error) {
	return build(ctx, plan{store: o.options(nil), key: o.Key})
}

type adminCmd struct {
	Create adminCreateCmd `cmd:"" help:"Make an administrator. The password is read from standard input."`
}

type adminCreateCmd struct {
	opened
	Email string `required:"" help:"Address to sign in with." env:"-"`
	Name  string `required:"" help:"Name, as colleagues see it." env:"-"`
}

// Help is shown with --help.
func (adminCreateCmd) Help() string {
	return `The first line of standard input is the password:

  printf '%s\n' "$PASSWORD" | parley admin create --email maya@brewell.example --name "Maya Dubois"`
}

// Run makes an administrator.
func (c adminCreateCmd) Run(ctx context.Context, s *streams) error {
	line, err := bufio.NewReader(s.In).ReadString('\n')
	password := strings.TrimRight(line, "\r\n")
	if password == "" {
		if err != nil {
			return social.Errorf(social.Invalid, "Give the password as the first line of standard input.")
		}
	}
	h, err := c.house(ctx)
	if err != nil {
		return err
	}
	defer h.db.Close()
	m, err := h.office.AddAdmin(asParley(ctx), c.Email, c.Name, password)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.Out, m.ID)
	return err
}

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make an API token and print it."`
}

type tokenCreateCmd struct {
	opened
	Name    string        `required:"" help:"What the token is for." env:"-"`
	Role    string        `required:"" enum:"admin,manager,responder,viewer" help:"What it may do: ${enum}." env:"-"`
	Expires time.Duration `help:"How long it is valid, such as 720h; for ever if left out." env:"-"`
}

// Run makes a token.
func (c tokenCreateCmd) Run(ctx context.Context, s *streams) error {
	h, err := c.existing(ctx)
	if err != nil {
		return err
	}
	defer h.db.Close()
	var until time.Time
	if c.Expires > 0 {
		until = h.clock.Now().Add(c.Expires)
	}
	_, plain, err := h.office.AddToken(asParley(ctx), c.Name, social.Role(c.Role), nil, until)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.Out, plain)
	return err
}

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Walk the record and check that nothing in it was changed, removed or reordered."`
}

type auditVerifyCmd struct {
	opened
	JSON bool `name:"json" help:"Print the result as JSON." env:"-"`
}

// Run verifies the record. What was written since the last seal is sealed first.
func (c auditVerifyCmd) Run(ctx context.Context, s *streams) error {
	h, err := c.existing(ctx)
	if err != nil {
		return err
	}
	defer h.db.Close()
	if err := h.archive.Seal(ctx); err != nil {
		return err
	}
	r, err := h.archive.Verify(ctx)
	if err != nil {
		return err
	}
	switch {
	case c.JSON:
		if err := json.NewEncoder(s.Out).Encode(r); err != nil {
			return err
		}
	case r.OK:
		fmt.Fprintf(s.Out, "The record is whole: %d entries, %d signed checkpoints.\n", r.Entries, r.Checkpoints)
	default:
		fmt.Fprintln(s.Err, "parley:", r.Problem)
	}
	if !r.OK {
		return shell.Quit(shell.ExitFailed)
	}
	return nil
}

type backupCmd struct {
	opened
	File string `arg:"" help:"Where to write it; - for standard output."`
}

// Run writes a backup. It may run beside a serving Parley.
func (c backupCmd) Run(ctx context.Context, s *streams) error {
	if err := c.exists(); err != nil {
		return err
	}
	db, err := store.Open(ctx, c.options(nil))
	if err != nil {
		return err
	}
	defer db.Close()
	if c.File == "-" {
		return store.Backup(ctx, db, s.Out)
	}
	if err := store.BackupFile(ctx, db, c.File); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.Err, "parley: the sealing key is not part of a backup; keep the file key in the data folder (or PARLEY_KEY) somewhere safe and apart.")
	return err
}

type restoreCmd struct {
	opened
	File string `arg:"" help:"The backup." type:"existingfile"`
}

// Run brings a backup back.
func (c restoreCmd) Run(ctx context.Context, s *streams) error {
	db, err := store.Open(ctx, c.options(nil))
	if err != nil {
		return err
	}
	defer db.Close()
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := store.Restore(ctx, db, f); err != nil {
		return err
	}
	fmt.Fprintln(s.Err, "parley: restored. Channels' secrets open only with the sealing key of the Parley that wrote the backup.")
	return nil
}
