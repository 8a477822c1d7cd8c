package store

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
	"github.com/uptrace/bun"
)

// Held is one sort of thing that a room holds about people: how it is
// gathered and how it is erased. In the statements ?0 stands for the ids of the
// person, ?1 for identities (all when gathering, one by one when erasing), ?2 for
// the identity that stands in its place, ?3 for that author as JSON, ?4 for
// the time, ?5 for the account's value as given and ?6 for the same folded.
type Held struct {
	Name   string
	Gather string   // "" where there is nothing to give
	Erase  []string // in order
}

// Holder answers for a room what it holds about somebody.
type Holder struct {
	DB    *DB
	Room  string
	Holds []Held
	// Also erases what no statement can.
	Also func(ctx context.Context, s social.Subject) ([]social.Gone, error)
}

// Name is the room's.
func (h Holder) Name() string { return h.Room }

// Gather gives all that the room holds about somebody.
func (h Holder) Gather(ctx context.Context, s social.Subject) ([]social.Portion, error) {
	persons, identities := idsOf(s)
	var out []social.Portion
	for _, x := range h.Holds {
		if x.Gather == "" {
			continue
		}
		var rows []map[string]any
		if err := h.DB.IDB(ctx).NewRaw(x.Gather, bun.List(persons), bun.List(identities)).Scan(ctx, &rows); err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			continue
		}
		for _, r := range rows {
			readable(r)
		}
		out = append(out, social.Portion{Name: x.Name, Rows: rows})
	}
	return out, nil
}

// Erase takes away all that the room holds about somebody, and says how much
// it was. What only counts stays.
func (h Holder) Erase(ctx context.Context, s social.Subject) ([]social.Gone, error) {
	persons, _ := idsOf(s)
	var out []social.Gone
	if h.Also != nil {
		gone, err := h.Also(ctx, s)
		if err != nil {
			return nil, err
		}
		out = append(out, gone...)
	}
	for _, x := range h.Holds {
		n := 0
		for _, sql := range x.Erase {
			did, err := h.each(ctx, sql, persons, s)
			if err != nil {
				return nil, err
			}
			n = max(n, did)
		}
		if n > 0 {
			out = append(out, social.Gone{Place: x.Name, Rows: n})
		}
	}
	return out, nil
}

func (h Holder) each(ctx context.Context, sql string, persons []string, s social.Subject) (int, error) {
	run := func(a social.Account) (int, error) {
		author, err := json.Marshal(a.Stands)
		if err != nil {
			return 0, err
		}
		res, err := h.DB.IDB(ctx).NewRaw(sql, bun.List(persons), string(a.Author.ID()), string(a.Stands.ID()), string(author), At(s.At), a.Author.Value, a.Author.Folded()).Exec(ctx)
		if err != nil {
			return 0, err
		}
		n, err := res.RowsAffected()
		return int(n), err
	}
	if !strings.Contains(sql, "?1") && !strings.Contains(sql, "?5") && !strings.Contains(sql, "?6") {
		return run(social.Account{})
	}
	sum := 0
	for _, a := range s.Accounts {
		n, err := run(a)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

func idsOf(s social.Subject) (persons, identities []string) {
	for _, p := range s.Persons {
		persons = append(persons, string(p))
	}
	for _, a := range s.Accounts {
		identities = append(identities, string(a.Author.ID()))
	}
	return persons, identities
}

// readable turns what a database keeps into what a person reads: times, text, JSON.
func readable(row map[string]any) {
	for k, v := range row {
		if b, ok := v.([]byte); ok {
			v = string(b)
			row[k] = v
		}
		switch v := v.(type) {
		case int64:
			if k == "at" || strings.HasSuffix(k, "_at") || strings.HasSuffix(k, "_seen") {
				if row[k] = any(Time(v).UTC().Format(time.RFC3339)); v == 0 {
					delete(row, k)
				}
			}
		case string:
			if s := strings.TrimSpace(v); s != "" && (s[0] == '{' || s[0] == '[') && json.Valid([]byte(s)) {
				row[k] = json.RawMessage(s)
			}
		}
		if row[k] == "" || row[k] == nil {
			delete(row, k)
		}
	}
}

// DropOwned forgets the files whose owners a query names.
func (db *DB) DropOwned(ctx context.Context, owners string, args ...any) (int, error) {
	var names []string
	if err := db.IDB(ctx).NewRaw(owners, args...).Scan(ctx, &names); err != nil || len(names) == 0 {
		return 0, err
	}
	files, err := db.FilesOf(ctx, names...)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, f := range files {
		n += len(f)
	}
	return n, db.DropFiles(ctx, names...)
}

var given = regexp.MustCompile(`,?"why":\[[^\]]*\]`)

// Unreason takes out of labels, kept as JSON in columns of a table, the words
// that speak for them.
func (db *DB) Unreason(ctx context.Context, table, key, where string, args []any, columns ...string) error {
	for _, c := range columns {
		var rows []struct {
			Key  string `bun:"k"`
			Text string `bun:"t"`
		}
		ask := "SELECT " + quoted(key) + " AS k, " + quoted(c) + " AS t FROM " + quoted(table) + " WHERE " + quoted(c) + ` LIKE '%"why":%' AND ` + where
		if err := db.IDB(ctx).NewRaw(ask, args...).Scan(ctx, &rows); err != nil {
			return err
		}
		for _, r := range rows {
			if _, err := db.IDB(ctx).NewRaw("UPDATE "+quoted(table)+" SET "+quoted(c)+" = ? WHERE "+quoted(key)+" = ?", given.ReplaceAllString(r.Text, ""), r.Key).Exec(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}
