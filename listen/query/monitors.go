package query

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/parley-crm/parley/social"
)

// A Monitor is a query with the id that it is known by.
type Monitor struct {
	ID    string
	Query *Query
}

const maxLine = 1 << 20

// ReadMonitors reads one monitor per line, {"id":"…","query":"…"}. Empty lines
// are passed over, and so are fields of other names. The first mistake ends it,
// as a *social.Error of kind Invalid that names the line, and the column in the
// query or, where the line itself cannot be read, in the line.
func ReadMonitors(r io.Reader) ([]Monitor, error) {
	var out []Monitor
	lines := map[string]int{}
	scan := bufio.NewScanner(r)
	scan.Buffer(make([]byte, 0, 64<<10), maxLine)
	n := 0
	for scan.Scan() {
		n++
		line := scan.Bytes()
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		m, err := readMonitor(line, n)
		if err != nil {
			return nil, err
		}
		if first, ok := lines[m.ID]; ok {
			return nil, social.Errorf(social.Invalid, "Line %d, column 1: the id %q stands on line %d already; give each monitor its own.", n, cut(m.ID), first)
		}
		lines[m.ID] = n
		out = append(out, m)
	}
	if err := scan.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, social.Errorf(social.Invalid, "Line %d, column 1: the line is longer than %d bytes.", n+1, maxLine)
	} else if err != nil {
		return nil, social.Because(social.Fault, err, "The monitors could not be read after line %d.", n)
	}
	return out, nil
}

func readMonitor(line []byte, n int) (Monitor, error) {
	var in struct {
		ID    *string `json:"id"`
		Query *string `json:"query"`
	}
	if err := json.Unmarshal(line, &in); err != nil {
		return Monitor{}, badLine(line, n, err)
	}
	if in.ID == nil || *in.ID == "" {
		return Monitor{}, social.Errorf(social.Invalid, `Line %d, column 1: the monitor has no "id".`, n)
	}
	if in.Query == nil {
		return Monitor{}, social.Errorf(social.Invalid, `Line %d, column 1: the monitor %q has no "query".`, n, cut(*in.ID))
	}
	q, err := parse(*in.Query)
	if err != nil {
		e := *err
		e.Text = social.Errorf(social.Invalid, "Line %d, column %d of the query of monitor %q: %s", n, err.At, cut(*in.ID), err.Text).Text
		return Monitor{}, &e
	}
	return Monitor{ID: *in.ID, Query: q}, nil
}

// badLine tells where a line stops being what it should be.
func badLine(line []byte, n int, err error) error {
	at, why := int64(0), `it is not a JSON object such as {"id":"k2","query":"kettle NOT advert"}`
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		at = max(syntax.Offset-1, 0)
	case errors.As(err, &kind):
		at = max(kind.Offset-1, 0)
		if kind.Field != "" {
			why = `"` + kind.Field + `" is a ` + kind.Value + ` and must be a string`
		}
	}
	col := utf8.RuneCount(line[:min(int(at), len(line))]) + 1
	e := social.Because(social.Invalid, err, "Line %d, column %d: %s.", n, col, why)
	e.At = col
	return e
}
