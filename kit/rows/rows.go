// Package rows reads the rows of CSV and JSON lines one by one, from any
// position in a file.
//
// It promises that no file is ever whole in memory, that each row says where
// the next begins, so that reading can go on there, and that a row which
// can't be read carries the reason and stops no other.
package rows

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

// The most that one row may have, in bytes and in columns.
const (
	mostRow     = 1 << 20
	MostColumns = 200
)

// The formats.
const (
	CSV       = "csv"
	JSONLines = "jsonl"
)

// Row is a row of a file, by the names of its columns.
type Row struct {
	Line   int64 // counted from 1, the header too
	End    int64 // where the next begins
	Values map[string]string
	Source string // its beginning, to show
	Err    error  // why it cannot be read
}

// Reader reads a file row by row from a position.
type Reader interface {
	// Next returns io.EOF at the end. Any other error ends the reading.
	Next() (Row, error)
}

// Sniff says what sort of file begins like this, and with which separator.
func Sniff(head []byte) (format string, comma rune, err error) {
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

// OpenCSV reads from a position; at 0 it reads the header first. It returns
// the names of the columns too.
func OpenCSV(r io.Reader, comma rune, names []string, from, line int64) (Reader, []string, error) {
	c := &csvRows{budget: &budget{r, mostRow}, names: names, from: from, line: line}
	c.in = csv.NewReader(c.budget)
	c.in.Comma, c.in.FieldsPerRecord, c.in.ReuseRecord = comma, -1, true
	if from > 0 {
		return c, names, nil
	}
	head, err := c.in.Read()
	if err != nil {
		return nil, nil, social.Because(social.Invalid, err, "The first line is not a header that can be read.")
	}
	c.line = 1
	for i, name := range head {
		name = strings.TrimSpace(strings.ToValidUTF8(strings.TrimPrefix(name, string(bom)), "\uFFFD"))
		if name == "" || slices.Contains(c.names, name) {
			name = fmt.Sprintf("column %d", i+1)
		}
		c.names = append(c.names, name)
	}
	if len(c.names) > MostColumns {
		return nil, nil, social.Errorf(social.Invalid, "The file has %d columns; %d are read at most.", len(c.names), MostColumns)
	}
	return c, c.names, nil
}

func (c *csvRows) Next() (Row, error) {
	c.budget.left = mostRow
	record, err := c.in.Read()
	if errors.Is(err, errLong) {
		return Row{}, social.Errorf(social.Invalid, "Row %d is longer than 1 MB. Is a quotation mark left open?", c.line+1)
	}
	if err != nil {
		var bad *csv.ParseError
		if !errors.As(err, &bad) {
			return Row{}, err
		}
	}
	c.line++
	out := Row{Line: c.line, End: c.from + c.in.InputOffset(), Values: make(map[string]string, len(c.names)), Source: Clip(strings.Join(record, string(c.in.Comma)))}
	switch {
	case err != nil:
		out.Err = social.Errorf(social.Invalid, "A quotation mark stands where none should.")
	case len(record) != len(c.names):
		out.Err = social.Errorf(social.Invalid, "It has %d fields; the header has %d.", len(record), len(c.names))
	}
	for i, v := range record {
		if i < len(c.names) {
			out.Values[c.names[i]] = strings.Clone(v)
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

// OpenJSON reads JSON lines from a position.
func OpenJSON(r io.Reader, from, line int64) Reader {
	return &jsonRows{bufio.NewReaderSize(r, mostRow), from, line}
}

func (j *jsonRows) Next() (Row, error) {
	for {
		text, err := j.in.ReadSlice('\n')
		long := errors.Is(err, bufio.ErrBufferFull)
		if err != nil && !long && (!errors.Is(err, io.EOF) || len(text) == 0) {
			return Row{}, err
		}
		j.line++
		j.at += int64(len(text))
		out := Row{Line: j.line, Values: map[string]string{}, Source: Clip(string(text))}
		for err != nil && errors.Is(err, bufio.ErrBufferFull) { // the rest of a line that is too long
			var more []byte
			more, err = j.in.ReadSlice('\n')
			j.at += int64(len(more))
		}
		out.End = j.at
		if len(bytes.TrimSpace(bytes.TrimPrefix(text, bom))) == 0 {
			if err != nil {
				return Row{}, err
			}
			continue
		}
		if long {
			out.Err = social.Errorf(social.Invalid, "The line is longer than 1 MB.")
		} else {
			out.Err = flatten(text, out.Values)
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
			if len(into) > MostColumns {
				return
			}
		}
	}
	walk("", object, 0)
	return nil
}

// Clip makes a text short and safe to show.
func Clip(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(strings.TrimSpace(s), "\x00", ""), "\uFFFD")
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return s
}
