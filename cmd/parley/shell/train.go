package shell

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/parley-crm/parley/analyze/train"
)

// Train trains the linear models.
type Train struct {
	Data string `required:"" help:"Folder with the public data sets." type:"existingdir" env:"-"`
	Into string `default:"analyze" help:"Where the models are written; analyze in the source tree embeds them." type:"path" env:"-"`
}

// Run trains the models anew.
func (c Train) Run(s *Streams) error {
	files, err := train.All(c.Data, func(line string) { fmt.Fprintln(s.Err, line) })
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
		fmt.Fprintln(s.Out, path)
	}
	return nil
}

// Eval measures the models.
type Eval struct {
	Data string `help:"Folder with the public data sets; our own posts alone if left out." type:"existingdir" env:"-"`
	Deep bool   `help:"Measure the deep tier instead: the encoder beside the linear models." env:"-"`
}

// Run measures the models that this program carries.
func (c Eval) Run(_ context.Context, s *Streams) error {
	evaluate := train.Evaluate
	if c.Deep {
		evaluate = train.EvaluateDeep
	}
	r, err := evaluate(c.Data)
	if err != nil {
		return err
	}
	if err := train.Print(s.Out, r); err != nil || c.Deep {
		return err
	}
	confusion, err := train.Confusion()
	if err != nil {
		return err
	}
	fmt.Fprintln(s.Out, "\nintents on our own posts: what was missed, and what was given instead")
	return confusion.PrintConfusion(s.Out)
}

// Clinc measures the machinery of intents on CLINC150.
type Clinc struct {
	Data string `required:"" help:"Folder with the public data sets, clinc150 among them." type:"existingdir" env:"-"`
	In   string `required:"" help:"JSON lines {\"id\",\"text\",\"label\"} to measure on; oos is the label of what fits no intent." type:"existingfile" env:"-"`
}

// Run trains on train, tunes on val, and measures on a file.
func (c Clinc) Run(_ context.Context, s *Streams) error {
	f, err := os.Open(c.In)
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := train.Clinc(c.Data, f)
	if err != nil {
		return err
	}
	return train.Print(s.Out, r)
}
