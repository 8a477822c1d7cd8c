package shell

import (
	"bufio"

	"github.com/parley-crm/parley/analyze/train"
)

// Tokens writes what scripts/encoder/finetune.py learns from.
// Tokens prints labelled texts as pieces.
type Tokens struct {
	Data string `required:"" help:"Folder with the public data sets." type:"existingdir" env:"-"`
}

// Run prints the labelled texts as pieces of the encoder's vocabulary.
func (c Tokens) Run(s *Streams) error {
	w := bufio.NewWriter(s.Out)
	if err := train.Tokens(c.Data, w); err != nil {
		return err
	}
	return w.Flush()
}

// Pool writes what scripts/encoder/teach.py is asked about.
// Pool prints texts for distillation as pieces.
type Pool struct {
	Data string `required:"" help:"Folder with the public data sets." type:"existingdir" env:"-"`
}

// Run prints the training posts of intents, and the pool of texts that nobody
// labelled, as pieces of the encoder's vocabulary.
func (c Pool) Run(s *Streams) error {
	w := bufio.NewWriter(s.Out)
	if err := train.PoolTokens(c.Data, w); err != nil {
		return err
	}
	return w.Flush()
}
