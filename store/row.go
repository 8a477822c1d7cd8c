package store

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Rows of a backup are JSON arrays, one on a line, whose values stand in the
// order of the table's columns: integers whole, reals in their shortest exact
// form, bytes as base64. Text that is no valid UTF-8, which only SQLite can
// hold, stands in an array of its own: ["base64"].

// appendRow writes a row as a line.
func appendRow(line []byte, columns []column, values []any) ([]byte, error) {
	line = append(line, '[')
	for i, c := range columns {
		if i > 0 {
			line = append(line, ',')
		}
		var err error
		if line, err = appendValue(line, c.Type, values[i]); err != nil {
			return nil, fmt.Errorf("column %s: %w", c.Name, err)
		}
	}
	return append(line, ']', '\n'), nil
}

func appendValue(b []byte, of datatype, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case int64:
		switch of {
		case integer:
			return strconv.AppendInt(b, v, 10), nil
		case boolean:
			return strconv.AppendBool(b, v != 0), nil
		case real:
			return appendReal(b, float64(v)), nil
		}
	case bool:
		if of == boolean {
			return strconv.AppendBool(b, v), nil
		}
	case float64:
		if of == real {
			return appendReal(b, v), nil
		}
	case string:
		switch of {
		case text:
			return appendText(b, v)
		case real: // SQLite keeps "Infinity" as it was written
			if f, err := strconv.ParseFloat(v, 64); err == nil {
				return appendReal(b, f), nil
			}
		}
	case []byte:
		switch of {
		case bytea:
			return appendBytes(b, v), nil
		case text:
			return appendText(b, string(v))
		}
	}
	return nil, fmt.Errorf("a %T can't be %s", v, of)
}

func appendReal(b []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		b = strconv.AppendFloat(append(b, '"'), f, 'g', -1, 64)
		return append(b, '"')
	}
	return strconv.AppendFloat(b, f, 'g', -1, 64)
}

func appendText(b []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return append(appendBytes(append(b, '['), []byte(s)), ']'), nil
	}
	quoted, err := json.Marshal(s)
	return append(b, quoted...), err
}

func appendBytes(b, v []byte) []byte {
	return append(base64.StdEncoding.AppendEncode(append(b, '"'), v), '"')
}

var errRow = errors.New("a row is not as a backup writes it")

// parseRow reads a line back into values for an insert.
func parseRow(line string, columns []column, values []any) error {
	line, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "[")
	if !ok {
		return errRow
	}
	for i, c := range columns {
		raw, rest, err := cutValue(line)
		if err != nil {
			return err
		}
		if values[i], err = parseValue(raw, c.Type); err != nil {
			return fmt.Errorf("column %s: %w", c.Name, err)
		}
		end := ","
		if i == len(columns)-1 {
			end = "]"
		}
		if line, ok = strings.CutPrefix(rest, end); !ok {
			return errRow
		}
	}
	if line != "" {
		return errRow
	}
	return nil
}

// cutValue takes the first value off a line.
func cutValue(s string) (value, rest string, err error) {
	if strings.HasPrefix(s, `["`) {
		if end := strings.Index(s, `"]`); end > 0 {
			return s[:end+2], s[end+2:], nil
		}
		return "", "", errRow
	}
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexAny(s, ",]")
		if end <= 0 {
			return "", "", errRow
		}
		return s[:end], s[end:], nil
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return s[:i+1], s[i+1:], nil
		}
	}
	return "", "", errRow
}

func parseValue(raw string, of datatype) (any, error) {
	if raw == "null" {
		return nil, nil
	}
	switch of {
	case integer:
		return strconv.ParseInt(raw, 10, 64)
	case real:
		return strconv.ParseFloat(strings.Trim(raw, `"`), 64)
	case boolean:
		return strconv.ParseBool(raw)
	case bytea:
		return parseBytes(raw)
	case text:
		if inner, ok := strings.CutPrefix(raw, "["); ok {
			b, err := parseBytes(strings.TrimSuffix(inner, "]"))
			return string(b), err
		}
		var s string
		err := json.Unmarshal([]byte(raw), &s)
		return s, err
	}
	return nil, fmt.Errorf("the type %q is not known", of)
}

func parseBytes(raw string) ([]byte, error) {
	if len(raw) < 2 || raw[0] != '"' || raw[len(raw)-1] != '"' {
		return nil, errRow
	}
	return base64.StdEncoding.AppendDecode([]byte{}, []byte(raw[1:len(raw)-1]))
}
