package server

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/danielgtaylor/huma/v2"
)

// strictJSON is JSON whose texts hold no zero characters: no text needs one,
// and PostgreSQL keeps none.
var strictJSON = huma.Format{
	Marshal: huma.DefaultJSONFormat.Marshal,
	Unmarshal: func(data []byte, v any) error {
		if hasZero(data) {
			return errors.New("a text holds the character U+0000")
		}
		return json.Unmarshal(data, v)
	},
}

// hasZero finds the escape \u0000 where it is one: after an even number of
// backslashes.
func hasZero(data []byte) bool {
	escape := []byte(`\u0000`)
	for from := 0; ; {
		i := bytes.Index(data[from:], escape)
		if i < 0 {
			return false
		}
		i += from
		before := 0
		for before < i && data[i-1-before] == '\\' {
			before++
		}
		if before%2 == 0 {
			return true
		}
		from = i + 1
	}
}
