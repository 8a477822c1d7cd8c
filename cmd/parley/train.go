package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/parley-crm/parley/analyze/train"
)

type trainCmd struct {
	Data string `required:"" help:"Folder with the public data sets." type:"existingdir" env:"-"`
	Into string `default:"analyze" help:"Where the models are written; analyze in the source tree embeds them." type:"path" env:"-"`
}

// Run trains the models anew.
func (c trainCmd) Run(s *streams) error {
	files, err := train.All(c.Data, func(line string) { fmt.Fprintln(s.err, line) })
	if err != nil {
		return err
	}
	for _, f := range files {
		path := filepath.Join(c.Into, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			return err
		}
		fmt.Fprintln(s.out, path)
	}
	return nil
}

type evalCmd struct {
	Data string `help:"Folder with the public data sets; our own posts alone if left out." type:"existingdir" env:"-"`
	Deep bool   `help:"Measure the deep tier instead: the encoder beside the linear models." env:"-"`
}

// Run measures the models that this program carries.
func (c evalCmd) Run(_ context.Context, s *streams) error {
	evaluate := train.Evaluate
	if c.Deep {
		evaluate = train.EvaluateDeep
	}
	r, err := evaluate(c.Data)
	if err != nil {
		return err
	}
	if err := train.Print(s.out, r); err != nil || c.Deep {
		return err
	}
	confusion, err := train.Confusion()
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, "\nintents on our own posts: what was missed, and what was given instead")
	return confusion.PrintConfusion(s.out)
}

type clincCmd struct {
	Data string `required:"" help:"Folder with the public data sets, clinc150 among them." type:"existingdir" env:"-"`
	In   string `required:"" help:"JSON lines {\"id\",\"text\",\"label\"} to measure on; oos is the label of what fits no intent." type:"existingfile" env:"-"`
}

// Run trains on train, tunes on val, and measures on a file.
func (c clincCmd) Run(_ context.Context, s *streams) error {
	f, err := os.Open(c.In)
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := train.Clinc(c.Data, f)
	if err != nil {
		return err
	}
	return train.Print(s.out, r)
}
