package history

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/parley-crm/parley/social"
)

// The most that one row may have.
const (
	mostRow     = 1 << 20
	mostColumns = 200
)

// row is a row of a file, by the names of its columns.
type row struct {
	line   int64 // counted from 1, the header too
	end    int64 // where the next begins
	values map[string]string
	source string // its beginning, to show
	err    error  // why it cannot be read
}

// rows reads a file row by row from a position.
type rows interface {
	// next returns io.EOF at the end. Any other error ends the reading.
	next() (row, error)
}

// sniff says what sort of file begins like this, and with which separator.
func sniff(head []byte) (format string, comma rune, err error) {
	head = bytes.TrimPrefix(head, bom)
	trimmed := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(trimmed) == 0:
		return "", 0, social.Errorf(social.Invalid, "The file is empty.")
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return "", 0, social.Errorf(social.Invalid, "The file is UTF-16. Save it as CSV UTF-8.")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return "", 0, social.Errorf(social.Invalid, "This is a spreadsheet or an archive. Save it as CSV UTF-8.")
	case bytes.IndexByte(head, 0) >= 0:
		return "", 0, social.Errorf(social.Invalid, "This is no text. CSV and JSON lines can be read.")
	case trimmed[0] == '[':
		return "", 0, social.Errorf(social.Invalid, "This is one JSON list. Parley reads JSON lines: one object on each line.")
	case trimmed[0] == '{':
		return JSONLines, 0, nil
	}
	line, _, _ := bytes.Cut(trimmed, []byte("\n"))
	comma = ','
	for _, c := range []rune{';', '\t'} {
		if bytes.Count(line, []byte(string(c))) > bytes.Count(line, []byte(string(comma))) {
			comma = c
		}
	}
	return CSV, comma, nil
}

var bom = []byte("\xef\xbb\xbf")

// budget stops a reader that reads on and on for one row.
type budget struct {
	r    io.Reader
	left int
}

var errLong = errors.New("too long")

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLong
	}
	n, err := b.r.Read(p)
	b.left -= n
	return n, err
}

// csvRows reads CSV.
type csvRows struct {
	in     *csv.Reader
	budget *budget
	names  []string
	from   int64
	line   int64
}

// openCSV reads from a position; at 0 it reads the header first.
func openCSV(r io.Reader, comma rune, names []string, from, line int64) (*csvRows, error) {
	c := &csvRows{budget: &budget{r, mostRow}, names: names, from: from, line: line}
	c.in = csv.NewReader(c.budget)
	c.in.Comma, c.in.FieldsPerRecord, c.in.ReuseRecord = comma, -1, true
	if from > 0 {
		return c, nil
	}
	head, err := c.in.Read()
	if err != nil {
		return nil, social.Because(social.Invalid, err, "The first line is not a header that can be read.")
	}
	c.line = 1
	for i, name := range head {
		name = strings.TrimSpace(strings.ToValidUTF8(strings.TrimPrefix(name, string(bom)), "\uFFFD"))
		if name == "" || slices.Contains(c.names, name) {
			name = fmt.Sprintf("column %d", i+1)
		}
		c.names = append(c.names, name)
	}
	if len(c.names) > mostColumns {
		return nil, social.Errorf(social.Invalid, "The file has %d columns; %d are read at most.", len(c.names), mostColumns)
	}
	return c, nil
}

func (c *csvRows) next() (row, error) {
	c.budget.left = mostRow
	record, err := c.in.Read()
	if errors.Is(err, errLong) {
		return row{}, social.Errorf(social.Invalid, "Row %d is longer than 1 MB. Is a quotation mark left open?", c.line+1)
	}
	if err != nil {
		var bad *csv.ParseError
		if !errors.As(err, &bad) {
			return row{}, err
		}
	}
	c.line++
	out := row{line: c.line, end: c.from + c.in.InputOffset(), values: make(map[string]string, len(c.names)), source: clip(strings.Join(record, string(c.in.Comma)))}
	switch {
	case err != nil:
		out.err = social.Errorf(social.Invalid, "A quotation mark stands where none should.")
	case len(record) != len(c.names):
		out.err = social.Errorf(social.Invalid, "It has %d fields; the header has %d.", len(record), len(c.names))
	}
	for i, v := range record {
		if i < len(c.names) {
			out.values[c.names[i]] = strings.Clone(v)
		}
	}
	return out, nil
}

// jsonRows reads JSON lines.
type jsonRows struct {
	in   *bufio.Reader
	at   int64
	line int64
}

func openJSON(r io.Reader, from, line int64) *jsonRows {
	return &jsonRows{bufio.NewReaderSize(r, mostRow), from, line}
}

func (j *jsonRows) next() (row, error) {
	for {
		text, err := j.in.ReadSlice('\n')
		long := errors.Is(err, bufio.ErrBufferFull)
		if err != nil && !long && (!errors.Is(err, io.EOF) || len(text) == 0) {
			return row{}, err
		}
		j.line++
		j.at += int64(len(text))
		out := row{line: j.line, values: map[string]string{}, source: clip(string(text))}
		for err != nil && errors.Is(err, bufio.ErrBufferFull) { // the rest of a line that is too long
			var more []byte
			more, err = j.in.ReadSlice('\n')
			j.at += int64(len(more))
		}
		out.end = j.at
		if len(bytes.TrimSpace(bytes.TrimPrefix(text, bom))) == 0 {
			if err != nil {
				return row{}, err
			}
			continue
		}
		if long {
			out.err = social.Errorf(social.Invalid, "The line is longer than 1 MB.")
		} else {
			out.err = flatten(text, out.values)
		}
		return out, nil
	}
}

// flatten reads an object; what stands in objects within is named with a dot.
func flatten(text []byte, into map[string]string) error {
	var object map[string]any
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, bom)))
	d.UseNumber()
	if err := d.Decode(&object); err != nil {
		return social.Because(social.Invalid, err, "It is not a JSON object.")
	}
	var walk func(prefix string, o map[string]any, deep int)
	walk = func(prefix string, o map[string]any, deep int) {
		for k, v := range o {
			switch v := v.(type) {
			case map[string]any:
				if deep < 3 {
					walk(prefix+k+".", v, deep+1)
				}
			case string:
				into[prefix+k] = v
			case json.Number:
				into[prefix+k] = v.String()
			case bool:
				into[prefix+k] = fmt.Sprint(v)
			}
			if len(into) > mostColumns {
				return
			}
		}
	}
	walk("", object, 0)
	return nil
}

func clip(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(strings.TrimSpace(s), "\x00", ""), "\uFFFD")
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return s
}
