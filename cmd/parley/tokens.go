package main

import (
	"bufio"

	"github.com/parley-crm/parley/analyze/train"
)

// tokensCmd writes what scripts/encoder/finetune.py learns from.
type tokensCmd struct {
	Data string `required:"" help:"Folder with the public data sets." type:"existingdir" env:"-"`
}

// Run prints the labelled texts as pieces of the encoder's vocabulary.
func (c tokensCmd) Run(s *streams) error {
	w := bufio.NewWriter(s.out)
	if err := train.Tokens(c.Data, w); err != nil {
		return err
	}
	return w.Flush()
}

// poolCmd writes what scripts/encoder/teach.py is asked about.
type poolCmd struct {
	Data string `required:"" help:"Folder with the public data sets." type:"existingdir" env:"-"`
}

// Run prints the training posts of intents, and the pool of texts that nobody
// labelled, as pieces of the encoder's vocabulary.
func (c poolCmd) Run(s *streams) error {
	w := bufio.NewWriter(s.out)
	if err := train.PoolTokens(c.Data, w); err != nil {
		return err
	}
	return w.Flush()
}
