package train

import (
	"encoding/json"
	"io"

	"github.com/parley-crm/parley/analyze/encoder"
)

// Tokens writes the sets that the encoder learns from as JSON lines of task,
// split, label and the pieces of the text, for scripts/encoder/finetune.py.
func Tokens(dir string, w io.Writer) error {
	out := json.NewEncoder(w)
	vocabulary := encoder.Vocabulary()
	for _, task := range encoder.Tasks() {
		for _, split := range []string{"train", "val"} {
			rows, err := Rows(dir, task.Set, split)
			if err != nil {
				return err
			}
			for _, r := range rows {
				row := struct {
					Task  string  `json:"task"`
					Split string  `json:"split"`
					ID    string  `json:"id"`
					Label string  `json:"label"`
					Ids   []int32 `json:"ids"`
				}{task.Name, split, r.ID, r.Label, vocabulary.Tokens(r.Text)}
				if err := out.Encode(row); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
