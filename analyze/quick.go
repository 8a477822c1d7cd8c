package analyze

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// quickPost reads a line of the usual kind: one flat object of strings and
// whole numbers. Of any other line, good or bad, it says no, and the JSON
// package, which takes several times as long, has the word.
func quickPost(line []byte) (id json.RawMessage, text string, ok bool) {
	if !utf8.Valid(line) {
		return nil, "", false
	}
	q := quick{rest: line}
	if !q.mark('{') {
		return nil, "", false
	}
	hasText := false
	for {
		key, ok := q.text()
		if !ok || !q.mark(':') {
			return nil, "", false
		}
		value, isText, ok := q.value()
		if !ok {
			return nil, "", false
		}
		isText = isText && string(key) == `"text"`
		if bytes.IndexByte(key, '\\') >= 0 || !isText && bytes.IndexByte(value, '\\') >= 0 {
			return nil, "", false // whether an escape is right is for the JSON package to say
		}
		switch {
		case string(key) == `"id"`:
			id = value
		case string(key) == `"text"`:
			if !isText {
				return nil, "", false
			}
			if hasText = unquote(value, &text); !hasText {
				return nil, "", false
			}
		case bytes.EqualFold(key, []byte(`"id"`)), bytes.EqualFold(key, []byte(`"text"`)):
			return nil, "", false // the JSON package may take it for one of ours
		}
		if q.mark(',') {
			continue
		}
		if !q.mark('}') || !q.end() {
			return nil, "", false
		}
		return id, text, len(id) > 0 && hasText
	}
}

func unquote(quoted []byte, out *string) bool {
	if bytes.IndexByte(quoted, '\\') < 0 {
		*out = string(quoted[1 : len(quoted)-1])
		return true
	}
	return json.Unmarshal(quoted, out) == nil
}

// quick takes JSON from the front of a line.
type quick struct{ rest []byte }

func (q *quick) space() {
	for len(q.rest) > 0 && (q.rest[0] == ' ' || q.rest[0] == '\t' || q.rest[0] == '\r' || q.rest[0] == '\n') {
		q.rest = q.rest[1:]
	}
}

func (q *quick) end() bool {
	q.space()
	return len(q.rest) == 0
}

func (q *quick) mark(c byte) bool {
	q.space()
	if len(q.rest) == 0 || q.rest[0] != c {
		return false
	}
	q.rest = q.rest[1:]
	return true
}

func (q *quick) value() (value []byte, isText, ok bool) {
	q.space()
	if len(q.rest) > 0 && q.rest[0] == '"' {
		value, ok = q.text()
		return value, true, ok
	}
	value, ok = q.number()
	return value, false, ok
}

// text takes a string with its quotes; what is escaped in it is not looked at.
func (q *quick) text() ([]byte, bool) {
	q.space()
	if len(q.rest) == 0 || q.rest[0] != '"' {
		return nil, false
	}
	for i := 1; i < len(q.rest); i++ {
		switch c := q.rest[i]; {
		case c == '"':
			s := q.rest[:i+1]
			q.rest = q.rest[i+1:]
			return s, true
		case c == '\\':
			i++
		case c < ' ':
			return nil, false
		}
	}
	return nil, false
}

// number takes a whole number without an exponent.
func (q *quick) number() ([]byte, bool) {
	i := 0
	if i < len(q.rest) && q.rest[i] == '-' {
		i++
	}
	from := i
	for i < len(q.rest) && q.rest[i] >= '0' && q.rest[i] <= '9' {
		i++
	}
	if i == from || q.rest[from] == '0' && i > from+1 {
		return nil, false
	}
	n := q.rest[:i]
	q.rest = q.rest[i:]
	return n, true
}
