// Command parley is the front door of Parley: it reads settings, builds the
// rooms, wires them together and serves them, and holds the commands for
// people who live in a shell.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones of those who look at numbers, on machines without

	"github.com/alecthomas/kong"
	"github.com/parley-crm/parley/cmd/parley/shell"
	"github.com/parley-crm/parley/social"
)

// version is set when a release is built.
var version = "dev"

// cli is every command with its flags. Each flag can also be given in the
// environment (PARLEY_DATA for --data) or in a JSON file named by --config.
type cli struct {
	Config kong.ConfigFlag `help:"A JSON file with settings, named as the flags are." placeholder:"FILE" env:"-"`

	Serve   serveCmd      `cmd:"" help:"Serve the app and the API."`
	Admin   adminCmd      `cmd:"" help:"Look after administrators."`
	Token   tokenCmd      `cmd:"" help:"Look after API tokens."`
	Audit   auditCmd      `cmd:"" help:"Look into the record."`
	Backup  backupCmd     `cmd:"" help:"Write a backup of everything, while Parley runs."`
	Restore restoreCmd    `cmd:"" help:"Bring a backup back into an empty database."`
	Import  importCmd     `cmd:"" help:"Bring in history: CSV or JSON lines, as large as it is."`
	Score   shell.Score   `cmd:"" help:"Say what texts mean: JSON lines in, JSON lines out."`
	Match   shell.Match   `cmd:"" help:"Say which monitors match: JSON lines in, JSON lines out."`
	Detect  shell.Detect  `cmd:"" help:"Say where a series is out of the ordinary: CSV in, JSON lines out."`
	Resolve shell.Resolve `cmd:"" help:"Say which records are the same person: CSV in, CSV out."`
	Listen  listenCmd     `cmd:"" help:"Listen to a network without a server, as JSON lines."`
	Train   struct {
		Models shell.Train  `cmd:"" default:"withargs" help:"Train the linear models of analysis."`
		Tokens shell.Tokens `cmd:"" help:"Print labelled texts as pieces of the encoder's vocabulary, for scripts/encoder/finetune.py."`
		Pool   shell.Pool   `cmd:"" help:"Print the posts of intents and texts without labels as pieces of the encoder's vocabulary, for scripts/encoder/teach.py."`
	} `cmd:"" help:"Train the models of analysis from public data."`
	Eval struct {
		Models  shell.Eval        `cmd:"" default:"withargs" help:"Measure the models of analysis, and print the table."`
		Clinc   shell.Clinc       `cmd:"" help:"Train the machinery of intents on CLINC150, and measure it on a test of yours."`
		Answers evalAnswersCmd    `cmd:"" help:"Measure how well the right article is suggested for a question."`
		Resolve shell.EvalResolve `cmd:"" help:"Measure how well records of one person are found among dirty ones."`
		Detect  shell.EvalDetect  `cmd:"" help:"Measure how well incidents are found in series, beside a moving z-score."`
	} `cmd:"" help:"Measure what Parley promises, and print the table."`
	OpenAPI openapiCmd `cmd:"" name:"openapi" help:"Print the OpenAPI document."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

type streams = shell.Streams

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, s streams) (code int) {
	var c cli
	ended := false
	parser, err := kong.New(&c, kong.Name("parley"),
		kong.Description("Parley hears your customers, understands them, and lets the whole company answer."),
		kong.DefaultEnvars("PARLEY"), kong.Configuration(kong.JSON), kong.UsageOnError(),
		kong.Writers(s.Out, s.Err), kong.Exit(func(n int) { ended, code = true, n }))
	if err != nil {
		fmt.Fprintln(s.Err, "parley:", err)
		return shell.ExitFailed
	}
	k, err := parser.Parse(args)
	if ended { // --help
		return code
	}
	if err != nil {
		fmt.Fprintln(s.Err, "parley:", err)
		return shell.ExitUsage
	}
	k.BindTo(ctx, (*context.Context)(nil))
	return exitCode(k.Run(&s), s.Err)
}

func exitCode(err error, to io.Writer) int {
	var q shell.Quit
	switch {
	case err == nil:
		return shell.ExitFine
	case errors.As(err, &q):
		return int(q)
	case errors.Is(err, syscall.EPIPE):
		return shell.ExitFailed // whoever read us went away
	}
	fmt.Fprintln(to, "parley:", err)
	if k := social.KindOf(err); k == social.Invalid {
		return shell.ExitUsage
	}
	return shell.ExitFailed
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(s *streams) error {
	_, err := fmt.Fprintln(s.Out, version)
	return err
}
