package store

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/uptrace/bun"
)

// Word is a term of a full-text question: a folded word, or the beginning of
// one. It holds letters, marks, digits and underscores only.
type Word struct {
	Text   string
	Prefix bool
}

// maxWord is as much of a word as is indexed, in bytes.
const maxWord = 255

// Index keeps the words of rows in a full-text table; "" takes a row out. A
// text is words with a space between each two, folded by whoever calls: the
// engines only compare them. The table is made in a migration: on SQLite
//
//	CREATE VIRTUAL TABLE t USING fts5(words, content='', contentless_delete=1,
//	  detail=none, tokenize="ascii tokenchars '_'");
//
// and on PostgreSQL (seq BIGINT PRIMARY KEY, words TSVECTOR NOT NULL) with a
// GIN index on words.
func (db *DB) Index(ctx context.Context, table string, words map[int64]string) error {
	seqs := make([]int64, 0, len(words))
	for seq := range words {
		seqs = append(seqs, seq)
	}
	slices.Sort(seqs)
	for part := range slices.Chunk(seqs, 200) {
		if err := db.Dialect.index(ctx, db.IDB(ctx), table, part, words); err != nil {
			return err
		}
	}
	return nil
}

// Indexed returns the rows of a full-text table that have, of each list, at
// least one word; at most limit, the highest numbers first.
func (db *DB) Indexed(ctx context.Context, table string, words [][]Word, limit int) ([]int64, error) {
	var seqs []int64
	err := db.Dialect.indexed(ctx, db.IDB(ctx), table, words, limit, &seqs)
	return seqs, err
}

// LastIndexed is the highest number in a full-text table, 0 if it is empty.
func (db *DB) LastIndexed(ctx context.Context, table string) (int64, error) {
	var last []int64
	err := db.IDB(ctx).NewRaw("SELECT ? FROM ? ORDER BY 1 DESC LIMIT 1", bun.Ident(db.Dialect.rowID()), bun.Ident(table)).Scan(ctx, &last)
	if err != nil || len(last) == 0 {
		return 0, err
	}
	return last[0], nil
}

// distinct returns each word of a text once, cut to what is indexed.
func distinct(text string) []string {
	all := strings.Fields(text)
	for i, w := range all {
		all[i] = cutWord(w)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func cutWord(w string) string {
	if len(w) <= maxWord {
		return w
	}
	n := maxWord
	for n > 0 && !utf8.RuneStart(w[n]) {
		n--
	}
	return w[:n]
}

// bare takes out what would end a word in either language; a folded word has
// none of it.
var bare = strings.NewReplacer(`"`, "", `'`, "", `\`, "", " ", "")

// question writes words in an engine's own language.
func question(words [][]Word, and, or, quote, prefix string) string {
	var all []string
	for _, any := range words {
		var one []string
		for _, w := range any {
			text := cutWord(w.Text)
			q := quote + bare.Replace(text) + quote
			if w.Prefix || text != w.Text {
				q += prefix
			}
			one = append(one, q)
		}
		all = append(all, "("+strings.Join(one, or)+")")
	}
	return strings.Join(all, and)
}

func (sqliteDialect) rowID() string   { return "rowid" }
func (postgresDialect) rowID() string { return "seq" }

func (sqliteDialect) index(ctx context.Context, in bun.IDB, table string, seqs []int64, words map[int64]string) error {
	if _, err := in.NewRaw("DELETE FROM ? WHERE rowid IN (?)", bun.Ident(table), bun.List(seqs)).Exec(ctx); err != nil {
		return err
	}
	var values []string
	var args []any
	args = append(args, bun.Ident(table))
	for _, seq := range seqs {
		if w := distinct(words[seq]); len(w) > 0 {
			values = append(values, "(?, ?)")
			args = append(args, seq, strings.Join(w, " "))
		}
	}
	if len(values) == 0 {
		return nil
	}
	_, err := in.NewRaw("INSERT INTO ? (rowid, words) VALUES "+strings.Join(values, ", "), args...).Exec(ctx)
	return err
}

func (sqliteDialect) indexed(ctx context.Context, in bun.IDB, table string, words [][]Word, limit int, out *[]int64) error {
	return in.NewRaw("SELECT rowid FROM ? WHERE ? MATCH ? ORDER BY rowid DESC LIMIT ?",
		bun.Ident(table), bun.Ident(table), question(words, " AND ", " OR ", `"`, "*"), limit).Scan(ctx, out)
}

func (postgresDialect) index(ctx context.Context, in bun.IDB, table string, seqs []int64, words map[int64]string) error {
	var values []string
	args := []any{bun.Ident(table)}
	for _, seq := range seqs {
		values = append(values, "(?, array_to_tsvector(string_to_array(?, ' ')))")
		args = append(args, seq, strings.Join(distinct(words[seq]), " "))
	}
	_, err := in.NewRaw("INSERT INTO ? (seq, words) VALUES "+strings.Join(values, ", ")+
		" ON CONFLICT (seq) DO UPDATE SET words = EXCLUDED.words", args...).Exec(ctx)
	return err
}

func (postgresDialect) indexed(ctx context.Context, in bun.IDB, table string, words [][]Word, limit int, out *[]int64) error {
	return in.NewRaw("SELECT seq FROM ? WHERE words @@ CAST(? AS tsquery) ORDER BY seq DESC LIMIT ?",
		bun.Ident(table), question(words, " & ", " | ", `'`, ":*"), limit).Scan(ctx, out)
}
