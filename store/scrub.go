package store

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/parley-crm/parley/social"
)

// Scrubber takes names out of a whole database, wherever they stand: in every
// text of every table, and in what arrived as it arrived.
//
// A name is replaced by a word that says nothing, the same for the same
// spelling, so that things which belong together by it still do. It is looked
// for as a whole word, whatever its case, plain and as JSON and addresses write
// it. It leaves alone what a team wrote about its own work (Spare), and says
// where a name is left there.
type Scrubber struct {
	DB     *DB
	Names  []string // whole: an address, "@handle", a first and a last name
	Exact  []string // only where they are all of one of Fields, or a name within JSON
	Parts  []string // single words: only among those that JSON gives as reasons
	Fields []string // "table.column", which hold names
	Spare  []string // tables that are looked at and not changed
	Key    []byte   // makes the words that say nothing

	find  *regexp.Regexp
	likes []string
}

var why = regexp.MustCompile(reasons)

// forms are the ways in which a name is written.
func forms(name string) []string {
	inJSON, _ := json.Marshal(name)
	var plain bytes.Buffer
	e := json.NewEncoder(&plain)
	e.SetEscapeHTML(false)
	_ = e.Encode(name)
	out := []string{name, string(inJSON[1 : len(inJSON)-1]), strings.Trim(strings.TrimSpace(plain.String()), `"`), url.QueryEscape(name), url.PathEscape(name)}
	slices.Sort(out)
	return slices.Compact(out)
}

func (s *Scrubber) open() {
	if s.find != nil {
		return
	}
	var parts []string
	add := func(text, pattern string) {
		parts = append(parts, pattern)
		s.likes = append(s.likes, text, strings.ToLower(text), strings.ToUpper(text))
	}
	long := slices.Clone(s.Names)
	slices.SortFunc(long, func(a, b string) int { return len(b) - len(a) }) // the longest first
	for _, n := range long {
		for _, f := range forms(n) {
			add(f, regexp.QuoteMeta(f))
		}
	}
	for _, n := range s.Exact {
		for _, f := range forms(n) {
			add(f, `"(?:name|handle|display_name|nick|username|acct)" ?: ?"`+regexp.QuoteMeta(f)+`"`)
		}
	}
	slices.Sort(s.likes)
	s.likes = slices.Compact(s.likes)
	s.likes = append(s.likes, s.Parts...) // found by clean, not by the pattern
	if len(parts) == 0 {
		parts = []string{`\x00never\x00`}
	}
	s.find = regexp.MustCompile(`(?i)` + strings.Join(parts, "|"))
}

// word is what stands in place of a name from now on.
func (s *Scrubber) word(was string) string {
	m := hmac.New(sha256.New, s.Key)
	m.Write([]byte(was))
	return "someone-" + hex.EncodeToString(m.Sum(nil)[:5])
}

// reasons are words that speak for a label.
const reasons = `"why":\[[^\]]*\]`

// because takes the names out of words that speak for a label.
func (s *Scrubber) because(list string) string {
	var words struct {
		Why []string `json:"why"`
	}
	if json.Unmarshal([]byte("{"+list+"}"), &words) != nil {
		return list
	}
	kept := slices.DeleteFunc(slices.Clone(words.Why), func(w string) bool {
		return slices.ContainsFunc(strings.Fields(w), func(x string) bool { return slices.Contains(s.Parts, strings.ToLower(x)) })
	})
	if len(kept) == len(words.Why) {
		return list
	}
	out, err := json.Marshal(kept)
	if err != nil {
		return list
	}
	return `"why":` + string(out)
}

// clean takes the names out of a text; field is whether it holds a name alone.
func (s *Scrubber) clean(text string, field, reason bool) string {
	if reason && strings.HasPrefix(text, "[") {
		return strings.TrimPrefix(s.because(`"why":`+text), `"why":`)
	}
	if len(s.Parts) > 0 && strings.Contains(text, `"why":[`) {
		text = why.ReplaceAllStringFunc(text, s.because)
	}
	if field && slices.ContainsFunc(s.Exact, func(n string) bool { return strings.EqualFold(n, strings.TrimSpace(text)) }) {
		return s.word(text)
	}
	var out strings.Builder
	at := 0
	for _, m := range s.find.FindAllStringIndex(text, -1) {
		if !edge(text[:m[0]], text[m[0]:m[1]], text[m[1]:]) {
			continue
		}
		out.WriteString(text[at:m[0]])
		if was := text[m[0]:m[1]]; strings.HasPrefix(was, `"`) && strings.HasSuffix(was, `"`) { // "name":"…"
			cut := strings.LastIndex(was[:len(was)-1], `"`) + 1
			out.WriteString(was[:cut] + s.word(was[cut:len(was)-1]) + `"`)
		} else {
			out.WriteString(s.word(was))
		}
		at = m[1]
	}
	if at == 0 {
		return text
	}
	out.WriteString(text[at:])
	return out.String()
}

// edge reports whether a name stands by itself.
func edge(before, name, after string) bool {
	is := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	first, _ := utf8.DecodeRuneInString(name)
	last, _ := utf8.DecodeLastRuneInString(name)
	b, _ := utf8.DecodeLastRuneInString(before)
	a, _ := utf8.DecodeRuneInString(after)
	if before != "" && is(first) && is(b) && !strings.HasSuffix(before, `\n`) && !strings.HasSuffix(before, `\t`) {
		return false
	}
	return after == "" || !is(last) || !is(a)
}

// Scrub takes the names out of every table, a table at a time, and says in how
// many rows of which they stood. Done again it finds nothing.
func (s *Scrubber) Scrub(ctx context.Context) ([]social.Gone, error) { return s.walk(ctx, true) }

// Look says where the names still stand, and changes nothing.
func (s *Scrubber) Look(ctx context.Context) ([]social.Gone, error) { return s.walk(ctx, false) }

func (s *Scrubber) walk(ctx context.Context, change bool) ([]social.Gone, error) {
	s.open()
	tables, err := s.DB.allTables(ctx)
	if err != nil {
		return nil, err
	}
	var out []social.Gone
	for _, t := range tables {
		spared := slices.Contains(s.Spare, t.Name)
		if change && spared {
			continue
		}
		n := 0
		work := func(ctx context.Context) error {
			n = 0
			for _, c := range t.Columns {
				if c.Type != text && (c.Type != bytea || t.Name != "inbound") {
					continue
				}
				k, err := s.column(ctx, t.Name, c, change)
				if err != nil {
					return fmt.Errorf("%s.%s: %w", t.Name, c.Name, err)
				}
				n += k
			}
			return nil
		}
		if change {
			err = s.DB.InTx(ctx, work)
		} else {
			err = work(ctx)
		}
		if err != nil {
			return out, err
		}
		if n > 0 {
			out = append(out, social.Gone{Place: t.Name, Rows: n})
		}
	}
	return out, nil
}

func (s *Scrubber) column(ctx context.Context, table string, c column, change bool) (int, error) {
	as := quoted(c.Name)
	if c.Type == bytea {
		if as = "CAST(" + as + " AS TEXT)"; s.DB.Engine == Postgres {
			as = "encode(" + quoted(c.Name) + ", 'escape')"
		}
	}
	like := "LIKE"
	if s.DB.Engine == Postgres {
		like = "ILIKE"
	}
	var where []string
	var args []any
	for _, l := range s.likes {
		where = append(where, as+" "+like+` ? ESCAPE '\'`)
		args = append(args, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(l)+"%")
		if c.Type == bytea && s.DB.Engine == Postgres { // which escapes what is not ASCII
			where = append(where, "position(? IN "+quoted(c.Name)+") > 0")
			args = append(args, []byte(l))
		}
	}
	if len(where) == 0 {
		return 0, nil
	}
	rows := 0
	if c.Type == bytea {
		var found [][]byte
		if err := s.DB.IDB(ctx).NewRaw("SELECT DISTINCT "+quoted(c.Name)+" FROM "+quoted(table)+" WHERE "+strings.Join(where, " OR "), args...).Scan(ctx, &found); err != nil {
			return 0, err
		}
		for _, was := range found {
			if s.clean(string(was), false, false) == string(was) {
				continue
			}
			n, err := s.swap(ctx, table, c.Name, was, []byte{}, true, change) // what arrived is kept whole or not at all
			if err != nil {
				return 0, err
			}
			rows += n
		}
		return rows, nil
	}
	var found []string
	if err := s.DB.IDB(ctx).NewRaw("SELECT DISTINCT "+as+" FROM "+quoted(table)+" WHERE "+strings.Join(where, " OR "), args...).Scan(ctx, &found); err != nil {
		return 0, err
	}
	for _, was := range found {
		now := s.clean(was, slices.Contains(s.Fields, table+"."+c.Name), c.Name == "why")
		n, err := s.swap(ctx, table, c.Name, was, now, now != was, change)
		if err != nil {
			return 0, err
		}
		rows += n
	}
	return rows, nil
}

func (s *Scrubber) swap(ctx context.Context, table, name string, was, now any, differs, change bool) (int, error) {
	if !differs {
		return 0, nil
	}
	if !change {
		var n int
		err := s.DB.IDB(ctx).NewRaw("SELECT COUNT(*) FROM "+quoted(table)+" WHERE "+quoted(name)+" = ?", was).Scan(ctx, &n)
		return n, err
	}
	res, err := s.DB.IDB(ctx).NewRaw("UPDATE "+quoted(table)+" SET "+quoted(name)+" = ? WHERE "+quoted(name)+" = ?", now, was).Exec(ctx)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// allTables describes every table but those of full text.
func (db *DB) allTables(ctx context.Context) ([]table, error) {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	return db.tables(ctx, tx.Tx)
}

// Scour writes over what was deleted: the words of full text that nobody finds
// any more, the free space of the file and the log beside it. It takes as long
// as copying the database.
func (db *DB) Scour(ctx context.Context, fullText ...string) error {
	if db.Engine == Postgres {
		_, err := db.write.ExecContext(ctx, "VACUUM")
		return err
	}
	for _, t := range fullText {
		t = quoted(t)
		// An index of one part is not made anew by itself, so it gets a second.
		for _, sql := range []string{"INSERT INTO " + t + " (rowid, words) VALUES (-1, 'parley')", "INSERT INTO " + t + " (" + t + ") VALUES ('optimize')", "DELETE FROM " + t + " WHERE rowid = -1"} {
			if _, err := db.write.ExecContext(ctx, sql); err != nil {
				return err
			}
		}
	}
	for _, sql := range []string{"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if _, err := db.write.ExecContext(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}
