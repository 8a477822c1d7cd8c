// Package shell holds the commands for people who live in a shell that need no
// house: they read, work and write.
package shell

import (
	"fmt"
	"io"
)

// Streams are what a command reads and writes.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// Exit codes: everything went well, some lines or the work itself failed, the
// command was used wrongly.
const (
	ExitFine   = 0
	ExitFailed = 1
	ExitUsage  = 2
)

// Quit carries an exit code out of a command that has said what there is to say.
type Quit int

func (q Quit) Error() string { return fmt.Sprintf("exit %d", int(q)) }
