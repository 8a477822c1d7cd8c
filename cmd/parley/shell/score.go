package shell

import (
	"context"
	"fmt"

	"github.com/parley-crm/parley/analyze"
)

// Score says what texts mean.
type Score struct {
	Only string `help:"Leave the rest out: lang, sentiment, emotions, intents, toxicity, entities, topics, or several with commas between." placeholder:"PARTS" env:"-"`
	Deep bool   `help:"Ask the encoder too: sentiment, emotions, intents and toxicity are better, at about a hundred texts a second on each core." env:"-"`
}

// Help is shown with --help.
func (Score) Help() string {
	return `Reads JSON lines {"id","text"} and writes, in the same order,
{"id","lang","sentiment":{"label","score","confidence"},"emotions":[{"label","score"}],
"intents":[{"label","score"}],"toxicity":{"label","score","confidence"},
"entities":[{"kind","text","name"?,"confidence","start","end"}],
"topics":[{"label","score"}],"model"}.

  echo '{"id":"1","text":"Is my kettle one of them?"}' | parley score

The label is negative, neutral or positive; score is its probability and
confidence the calibrated probability of being right. Where the language has no
model, sentiment, emotions, toxicity and topics are null. A line that can't be read gives {"id","error"}, and
the exit code is then 1.`
}

// Run scores texts.
func (c Score) Run(ctx context.Context, s *Streams) error {
	only, err := analyze.Only(c.Only)
	if err != nil {
		fmt.Fprintln(s.Err, "parley:", err)
		return Quit(ExitUsage)
	}
	failed, err := analyze.ScoreLines(ctx, s.In, s.Out, analyze.Options{Only: only, Deep: c.Deep})
	if err != nil {
		return err
	}
	if failed > 0 {
		return Quit(ExitFailed)
	}
	return nil
}
