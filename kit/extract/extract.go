// Package extract names what can be taken out of a house, table by table, and
// writes it as CSV or JSON lines.
//
// It promises that no table is ever whole in memory, and that a spreadsheet
// runs nothing of what a CSV file holds.
package extract

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"
)

// Table is one sort of thing that can be taken out.
type Table struct {
	Name    string
	From    string // the table of the database that it is made of
	Columns []string
	// Count says how many rows there are, roughly.
	Count func(ctx context.Context) (int64, error)
	// Page returns rows after a place ("" at first) with values in the order of
	// Columns (string, int64, float64, bool, time.Time, json.RawMessage or
	// nil), and the place of the last.
	Page func(ctx context.Context, after string, limit int) (rows [][]any, last string, err error)
	// File opens the file that a row stands for, under a path that is safe to
	// unpack; nil reader where there is none any more. Nil: rows stand for
	// nothing but themselves.
	File func(ctx context.Context, row []any) (path string, from io.Reader, err error)
}

// Writer writes the rows of a table.
type Writer interface {
	Row(values []any) error
	// Flush ends the table.
	Flush() error
}

// CSV writes CSV with a header, in UTF-8.
func CSV(to io.Writer, columns []string) (Writer, error) {
	w := csv.NewWriter(to)
	return &csvWriter{w, make([]string, len(columns))}, w.Write(columns)
}

type csvWriter struct {
	w     *csv.Writer
	cells []string
}

func (c *csvWriter) Row(values []any) error {
	for i, v := range values {
		c.cells[i] = cell(v)
	}
	return c.w.Write(c.cells)
}

func (c *csvWriter) Flush() error { c.w.Flush(); return c.w.Error() }

func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return Tame(v)
	case json.RawMessage:
		return Tame(string(v))
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.UTC().Format(time.RFC3339Nano)
	}
	return ""
}

// Tame keeps a spreadsheet from running what a text begins with, by an
// apostrophe before it (OWASP, CSV injection).
func Tame(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}

// Wild takes back what Tame did.
func Wild(s string) string {
	if len(s) > 1 && s[0] == '\'' && Tame(s[1:]) == s {
		return s[1:]
	}
	return s
}

// JSONLines writes one object on each line.
func JSONLines(to io.Writer, columns []string) (Writer, error) {
	return &jsonWriter{bufio.NewWriter(to), columns}, nil
}

type jsonWriter struct {
	w       *bufio.Writer
	columns []string
}

func (j *jsonWriter) Row(values []any) error {
	line := []byte{'{'}
	for i, v := range values {
		switch x := v.(type) {
		case time.Time:
			if v = nil; !x.IsZero() {
				v = x.UTC()
			}
		case json.RawMessage:
			if len(x) == 0 || !json.Valid(x) {
				v = nil
			}
		}
		if i > 0 {
			line = append(line, ',')
		}
		name, err := json.Marshal(j.columns[i])
		if err != nil {
			return err
		}
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		line = append(append(append(line, name...), ':'), text...)
	}
	_, err := j.w.Write(append(line, '}', '\n'))
	return err
}

func (j *jsonWriter) Flush() error { return j.w.Flush() }
