package store

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/social"
	"github.com/uptrace/bun"
)

// Extract describes a table to take out. Columns are "name" for text, or
// "name:kind" with the kind int, real, bool, time or json; "as=column:kind"
// gives a column another name. Keys order the rows and must have an index; a key is a
// text, or "name:int".
type Extract struct {
	Name    string
	From    string // a table
	Where   string // "" for all rows
	Keys    []string
	Columns []string
}

// Table makes a table of what is in the database of e.
func (db *DB) Table(e Extract) extract.Table {
	names, kinds, parts := []string{}, []string{}, []string{}
	for _, c := range e.Columns {
		what, kind, _ := strings.Cut(c, ":")
		name, expression, named := strings.Cut(what, "=")
		if !named {
			expression = name
		}
		expression = quoted(expression)
		names, kinds, parts = append(names, name), append(kinds, kind), append(parts, expression)
	}
	keys, whole := make([]string, len(e.Keys)), make([]bool, len(e.Keys))
	for i, k := range e.Keys {
		name, kind, _ := strings.Cut(k, ":")
		keys[i], whole[i] = quoted(name), kind == "int"
	}
	list := strings.Join(keys, ", ")
	where := "1 = 1"
	if e.Where != "" {
		where = e.Where
	}
	return extract.Table{Name: e.Name, From: e.From, Columns: names,
		Count: func(ctx context.Context) (n int64, err error) {
			err = db.IDB(ctx).NewRaw("SELECT COUNT(*) FROM "+quoted(e.From)+" WHERE "+where).Scan(ctx, &n)
			return n, err
		},
		Page: func(ctx context.Context, after string, limit int) ([][]any, string, error) {
			q, args := "SELECT "+list+", "+strings.Join(parts, ", ")+" FROM "+quoted(e.From)+" WHERE "+where, []any{}
			if after != "" {
				from, err := place(after, whole)
				if err != nil {
					return nil, "", err
				}
				q, args = q+" AND ("+list+") > (?)", append(args, bun.List(from))
			}
			return db.extracted(ctx, q+" ORDER BY "+list+" LIMIT ?", append(args, limit), keys, kinds)
		}}
}

// place reads the keys of a row back.
func place(after string, whole []bool) ([]any, error) {
	var texts []string
	if err := json.Unmarshal([]byte(after), &texts); err != nil || len(texts) != len(whole) {
		return nil, fmt.Errorf("store: %q is no place in a table", after)
	}
	out := make([]any, len(texts))
	for i, t := range texts {
		if out[i] = t; whole[i] {
			var n int64
			if _, err := fmt.Sscan(t, &n); err != nil {
				return nil, err
			}
			out[i] = n
		}
	}
	return out, nil
}

func (db *DB) extracted(ctx context.Context, q string, args []any, keys, kinds []string) (out [][]any, last string, err error) {
	rows, err := db.IDB(ctx).QueryContext(ctx, q, args...)
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	raw := make([]any, len(keys)+len(kinds))
	into := make([]any, len(raw))
	for i := range raw {
		into[i] = &raw[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, "", err
		}
		values := make([]any, len(kinds))
		for i, k := range kinds {
			if values[i], err = value(raw[len(keys)+i], k); err != nil {
				return nil, "", err
			}
		}
		out = append(out, values)
	}
	if err := rows.Err(); err != nil || len(out) == 0 {
		return nil, "", err
	}
	texts := make([]string, len(keys))
	for i := range keys {
		texts[i] = fmt.Sprint(asText(raw[i]))
	}
	place, err := json.Marshal(texts)
	return out, string(place), err
}

func asText(v any) any {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	return v
}

// value makes what a driver gives what a table holds.
func value(v any, kind string) (any, error) {
	v = asText(v)
	switch x := v.(type) {
	case nil:
		return nil, nil
	case string:
		if kind == "json" {
			return json.RawMessage(x), nil
		}
		return strings.ToValidUTF8(x, "\uFFFD"), nil
	case int64:
		switch kind {
		case "time":
			return Time(x), nil
		case "bool":
			return x != 0, nil
		case "real":
			return float64(x), nil
		}
		return x, nil
	case float64, bool:
		return x, nil
	}
	return nil, fmt.Errorf("store: a %T can't be taken out", v)
}

// FileTable is the table of files that belong to something, each with its bytes.
func (db *DB) FileTable() extract.Table {
	t := db.Table(Extract{Name: "files", From: "file", Where: "owner <> ''", Keys: []string{"id"},
		Columns: []string{"id", "name", "type", "size:int", "owner", "member_id=member", "created_at:time"}})
	t.Columns = append(t.Columns, "path")
	page := t.Page
	t.Page = func(ctx context.Context, after string, limit int) ([][]any, string, error) {
		rows, last, err := page(ctx, after, limit)
		for i, r := range rows {
			rows[i] = append(r, filePath(r))
		}
		return rows, last, err
	}
	t.File = func(ctx context.Context, row []any) (string, io.Reader, error) {
		id, _ := row[0].(string)
		f, err := db.File(ctx, social.FileID(id))
		if social.NotFound.Is(err) {
			return "", nil, nil
		}
		return filePath(row), db.OpenFile(ctx, f), err
	}
	return t
}

// filePath is where a file lies in an export: by its id, so that no two are
// one, and with what of its name means nothing to any system.
func filePath(row []any) string {
	id, _ := row[0].(string)
	name, _ := row[1].(string)
	clean := []rune{}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && (r != '.' || len(clean) == 0) && r != '-' && r != '_' {
			r = '_'
		}
		clean = append(clean, r)
	}
	return "files/" + id + "-" + string(clean[max(0, len(clean)-60):])
}
