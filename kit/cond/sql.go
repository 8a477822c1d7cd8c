package cond

import (
	"slices"
	"strings"
	"time"
)

// Column says how SQL gets at a field. One of Expr and Many is given.
type Column struct {
	// Expr is an expression: of a text, what Fold made of it ('' for none);
	// of a choice, its value ('' for none); of a number, a number or NULL; of
	// a date, microseconds since 1970 (0 for none); of a bool, a boolean.
	Expr string
	Args []any // of Expr
	// Many makes a condition of a field of many values: that it has one of
	// the values, or any at all when none are given.
	Many func(values []string) (string, []any)
}

// SQL makes a condition for WHERE, with parameters. The tree must have been
// checked; a field without a column holds of nothing.
func SQL(n Node, fields []Field, column func(field string) (Column, bool), now time.Time) (string, []any) {
	if n.Field == "" {
		return group(n, fields, column, now)
	}
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == n.Field })
	c, ok := column(n.Field)
	if i < 0 || !ok {
		return "1 = 0", nil
	}
	if fields[i].Type == Many {
		return many(n, c)
	}
	where, args := one(n, fields[i].Type, c.Expr, now)
	return where, slices.Concat(c.Args, args)
}

func group(n Node, fields []Field, column func(string) (Column, bool), now time.Time) (string, []any) {
	if len(n.Nodes) == 0 {
		if n.Join == Any {
			return "1 = 0", nil
		}
		return "1 = 1", nil
	}
	var parts []string
	var args []any
	for _, c := range n.Nodes {
		w, a := SQL(c, fields, column, now)
		parts = append(parts, "("+w+")")
		args = append(args, a...)
	}
	switch n.Join {
	case Any:
		return strings.Join(parts, " OR "), args
	case None:
		return "NOT (" + strings.Join(parts, " OR ") + ")", args
	}
	return strings.Join(parts, " AND "), args
}

// one makes a test of a single value. No test is NULL: what is absent is
// decided as in Holds. Expr stands first and its parameters come first.
func one(n Node, t Type, expr string, now time.Time) (string, []any) {
	switch t {
	case Number:
		return numeric(n, expr)
	case Date:
		return dated(n, expr, now)
	case Bool:
		return expr + " = ?", []any{n.Values[0] == "true"}
	}
	switch n.Op {
	case Set:
		return expr + " <> ''", nil
	case Unset:
		return expr + " = ''", nil
	}
	if t == Choice {
		not := ""
		if n.Op == IsNot {
			not = " NOT"
		}
		return expr + not + " IN (" + marks(len(n.Values)) + ")", texts(n.Values)
	}
	want := Fold(n.Values[0])
	like := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(want)
	switch n.Op {
	case Is:
		return expr + " = ?", []any{want}
	case IsNot:
		return expr + " <> ?", []any{want}
	case Contains:
		return expr + ` LIKE ? ESCAPE '\'`, []any{"%" + like + "%"}
	case Lacks:
		return expr + ` NOT LIKE ? ESCAPE '\'`, []any{"%" + like + "%"}
	}
	return expr + ` LIKE ? ESCAPE '\'`, []any{like + "%"}
}

func numeric(n Node, expr string) (string, []any) {
	switch n.Op {
	case Set:
		return expr + " IS NOT NULL", nil
	case Unset:
		return expr + " IS NULL", nil
	}
	a, _ := number(n.Values[0])
	switch n.Op {
	case Is:
		return "COALESCE(" + expr + " = ?, FALSE)", []any{a}
	case IsNot:
		return "COALESCE(" + expr + " <> ?, TRUE)", []any{a}
	case Less:
		return "COALESCE(" + expr + " < ?, FALSE)", []any{a}
	case More:
		return "COALESCE(" + expr + " > ?, FALSE)", []any{a}
	}
	b, _ := number(n.Values[1])
	return "COALESCE(" + expr + " BETWEEN ? AND ?, FALSE)", []any{a, b}
}

func dated(n Node, expr string, now time.Time) (string, []any) {
	switch n.Op {
	case Set:
		return expr + " <> 0", nil
	case Unset:
		return expr + " = 0", nil
	}
	at := bound(n, now).UnixMicro()
	if n.Op == Before || n.Op == Older {
		return expr + " BETWEEN 1 AND ?", []any{at - 1}
	}
	return expr + " >= ?", []any{max(at, 1)}
}

func many(n Node, c Column) (string, []any) {
	switch n.Op {
	case Set:
		return c.Many(nil)
	case Unset, HasNone:
		w, a := c.Many(n.Values)
		return "NOT (" + w + ")", a
	case Has:
		return c.Many(n.Values)
	}
	var parts []string
	var args []any
	for _, v := range n.Values {
		w, a := c.Many([]string{v})
		parts = append(parts, "("+w+")")
		args = append(args, a...)
	}
	return strings.Join(parts, " AND "), args
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

func texts(values []string) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}
