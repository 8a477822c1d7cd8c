package train

import (
	"fmt"

	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
)

// A File is a trained model, ready to be written.
type File struct {
	Path string // below the analyze folder, such as sentiment/feeling-1.bin
	Data []byte
}

// All trains every model from a data directory, in the order in which they
// build upon each other. It tells each step that it begins.
func All(dir string, tell func(step string)) ([]File, error) {
	tell("sentiment")
	felt, err := Sentiment(dir)
	if err != nil {
		return nil, err
	}
	tell("what the encoder says of other texts")
	all, err := hear(dir)
	if err != nil {
		return nil, err
	}
	tell("emotions")
	moods, err := trainEmotion(dir, sentiment.New(felt), all)
	if err != nil {
		return nil, err
	}
	tell("toxicity")
	hurts, err := trainToxicity(dir, sentiment.New(felt), all)
	if err != nil {
		return nil, err
	}
	step := "intents"
	if !isTaught(dir) {
		step += ", from posts alone: scripts/encoder/teach.py has not written " + TaughtFile
	}
	tell(step)
	wants, held, err := intents(dir, sentiment.New(felt))
	if err != nil {
		return nil, err
	}
	if err := tellBlend(dir, held, tell); err != nil {
		return nil, err
	}
	var out []File
	for _, m := range []struct {
		path  string
		model *linear.Model
	}{
		{"sentiment/" + felt.Name + ".bin", felt},
		{"emotion/" + moods.Name + ".bin", moods},
		{"toxicity/" + hurts.Name + ".bin", hurts},
		{"intent/" + wants.Name + ".bin", wants},
	} {
		data, err := m.model.Bytes()
		if err != nil {
			return nil, err
		}
		out = append(out, File{m.path, data})
	}
	return out, nil
}

// tellBlend tells from which probability each intent should be given, and how
// the linear model and the encoder's head are best blended, if the head was
// trained with these data.
func tellBlend(dir string, fast [][]float32, tell func(string)) error {
	learn, err := IntentPosts()
	if err != nil {
		return err
	}
	least := givenFrom(learn, fast)
	tell(fmt.Sprintf("intents: macro F1 in cross-validation %.4f, given from %.3f", macroF1(learn, fast, least), least))
	deep, err := readHeld(dir, len(learn))
	if err != nil || deep == nil {
		return err
	}
	tell("intents, the deep tier: " + blendWants(learn, fast, deep).String())
	return nil
}
