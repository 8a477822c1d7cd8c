package train

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/parley-crm/parley/analyze/intent"
	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
)

// TaughtFile is what the teacher said of the pool, below the data directory:
// for each fold of cross-validation what it says without that fold's posts,
// and then what it says knowing all of them; a byte for every text and intent.
// scripts/encoder/teach.py writes it.
const TaughtFile = "taught/intent.bin"

// allFolds stands for the teacher that knows every post.
const allFolds = folds

// How the model that learns from the teacher too is trained, and how much it
// counts beside the one that learns from posts alone.
const (
	taughtEpochs = 6
	taughtRounds = 2
	taughtShare  = 0.5
)

// Which texts of the pool are learnt from, and what they count for.
const (
	variantWeight = 0.4
	publicWeight  = 0.2
	taughtLeast   = 100 // of 255: a text of a public set in which nothing is likelier than this
	taughtEvery   = 16  // is taken so rarely
)

// taught is a pool with what the teacher said of it.
type taught struct {
	examples []linear.Example
	from     []int                  // as in Pooled
	said     [folds + 1][][]float32 // by fold and text, the likelihood of each intent
}

func isTaught(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, filepath.FromSlash(TaughtFile)))
	return err == nil
}

// readTaught gives the pool with what was said of it; nothing, if no teacher
// was asked.
func readTaught(dir string, feeling *sentiment.Model) (taught, error) {
	var t taught
	file, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(TaughtFile)))
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err != nil {
		return t, fmt.Errorf("read what the teacher said: %w", err)
	}
	pool, err := IntentPool(dir)
	if err != nil {
		return t, err
	}
	k := len(intent.Labels())
	if len(file) != (folds+1)*len(pool)*k {
		return t, fmt.Errorf("%s is of another pool than these data and posts make: ask the teacher again (scripts/encoder/teach.py)", TaughtFile)
	}
	at := func(fold, i int) []byte { return file[(fold*len(pool)+i)*k:][:k] }
	var d linear.Doc
	for i, p := range pool {
		if p.From < 0 && slices.Max(at(allFolds, i)) < taughtLeast && i%taughtEvery != 0 {
			continue
		}
		d.Read(p.Text)
		e, err := intent.Example(&d, feeling.Read(&d), 0)
		if err != nil {
			return t, err
		}
		e.Weight = publicWeight
		if p.From >= 0 {
			e.Weight = variantWeight
		}
		t.examples, t.from = append(t.examples, e), append(t.from, p.From)
		for fold := range t.said {
			soft := make([]float32, k)
			for j, v := range at(fold, i) {
				soft[j] = float32(v) / 255
			}
			t.said[fold] = append(t.said[fold], soft)
		}
	}
	return t, nil
}

// lesson is what is learnt from the pool by a model that must know nothing of
// a fold, or by one that knows all.
func (t *taught) lesson(fold int) []linear.Example {
	var out []linear.Example
	for i, e := range t.examples {
		if t.from[i] >= 0 && t.from[i]%folds == fold {
			continue
		}
		e.Soft = t.said[fold][i]
		out = append(out, e)
	}
	return out
}
