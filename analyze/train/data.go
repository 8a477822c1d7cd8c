package train

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// A Row is a text with its label.
type Row struct {
	ID      string  `json:"id"`
	Text    string  `json:"text"`
	Label   string  `json:"label"`
	Valence float64 `json:"valence"` // of the VADER tweets, -4 to 4
}

const maxRow = 4 << 20

// Rows reads DIR/SET/SPLIT.jsonl.gz, such as sentiment and val.
func Rows(dir, set, split string) ([]Row, error) {
	name := filepath.Join(dir, set, split+".jsonl.gz")
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open the data set: %w", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var rows []Row
	sc := bufio.NewScanner(z)
	sc.Buffer(make([]byte, 64<<10), maxRow)
	for sc.Scan() {
		if len(sc.Bytes()) == 0 {
			continue
		}
		var r Row
		if err := json.Unmarshal(sc.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", name, len(rows)+1, err)
		}
		rows = append(rows, r)
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rows, nil
}
