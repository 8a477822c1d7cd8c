// Package cond is conditions that people put together in a form: all, any or
// none of some tests of typed fields, nested. One tree is checked against the
// fields that there are, decided about a thing in memory, and made into SQL
// with parameters; the three agree. A condition is never text of a query
// language, so nothing that a person writes can become SQL.
package cond

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/social"
)

// Type is what a field holds.
type Type string

// The types of fields. Choice has one of some values, Many any number of them.
const (
	Text   Type = "text"
	Number Type = "number"
	Date   Type = "date"
	Bool   Type = "bool"
	Choice Type = "choice"
	Many   Type = "many"
)

// Op is a test.
type Op string

// The tests. Is takes one value of text, number and bool, and of choice any of
// several. Dates are RFC 3339 or a day; spans are a number and h, d or w.
const (
	Is       Op = "is"
	IsNot    Op = "is_not"
	Contains Op = "contains"
	Lacks    Op = "lacks"
	Begins   Op = "begins"
	Less     Op = "less"
	More     Op = "more"
	Between  Op = "between"
	Before   Op = "before"
	After    Op = "after"
	Within   Op = "within" // in the last so and so long
	Older    Op = "older"  // longer ago than that
	Has      Op = "has"    // any of the values
	HasAll   Op = "has_all"
	HasNone  Op = "has_none"
	Set      Op = "set"
	Unset    Op = "unset"
)

var opsOf = map[Type][]Op{
	Text:   {Is, IsNot, Contains, Lacks, Begins, Set, Unset},
	Number: {Is, IsNot, Less, More, Between, Set, Unset},
	Date:   {Before, After, Within, Older, Set, Unset},
	Bool:   {Is},
	Choice: {Is, IsNot, Set, Unset},
	Many:   {Has, HasAll, HasNone, Set, Unset},
}

// Ops lists the tests of a type, the usual ones first.
func Ops(t Type) []Op { return slices.Clone(opsOf[t]) }

// Field is something that can be asked.
type Field struct {
	Name string
	Type Type
	// Choices are the values of a choice or many; nil: any text, which
	// whoever offers the field checks.
	Choices []string
}

// Join says how the nodes of a group go together.
type Join string

// The joins. A group without nodes is always true (all, none) or false (any).
const (
	All  Join = "all"
	Any  Join = "any"
	None Join = "none"
)

// Node is a group (Join and Nodes) or a test (Field, Op and Values). The zero
// Node holds of everything.
type Node struct {
	Join   Join     `json:"join,omitempty" enum:"all,any,none" doc:"Of a group: how its nodes go together."`
	Nodes  []Node   `json:"nodes,omitempty" maxItems:"100"`
	Field  string   `json:"field,omitempty" maxLength:"100" doc:"Of a test: what is asked."`
	Op     Op       `json:"op,omitempty" maxLength:"20"`
	Values []string `json:"values,omitempty" maxItems:"200" doc:"Texts, numbers, dates (RFC 3339), spans such as 7d, choices."`
}

// Limits of a tree.
const (
	Deepest = 5
	Widest  = 100 // tests in all
)

// Empty reports whether the node holds of everything because nothing is asked.
func (n Node) Empty() bool { return n.Field == "" && len(n.Nodes) == 0 && n.Join != Any }

// Fields lists the names of the fields that are asked.
func (n Node) Fields() []string {
	if n.Field != "" {
		return []string{n.Field}
	}
	var out []string
	for _, c := range n.Nodes {
		out = append(out, c.Fields()...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Check says what is wrong with a tree, in a sentence for whoever made it;
// the error's field is the path of the node, as "conditions.nodes[1].values".
func Check(n Node, fields []Field) error {
	left := Widest
	return check(n, fields, "conditions", 1, &left)
}

func check(n Node, fields []Field, at string, depth int, left *int) error {
	bad := func(part, format string, args ...any) error {
		if part != "" {
			part = "." + part
		}
		return &social.Error{Kind: social.Invalid, Field: at + part, Text: fmt.Sprintf(format, args...)}
	}
	if n.Field == "" {
		if n.Op != "" || len(n.Values) > 0 {
			return bad("field", "Say what is to be asked: a test needs a field.")
		}
		if depth > Deepest {
			return bad("", "Conditions can be nested %d deep, not deeper.", Deepest)
		}
		if len(n.Nodes) > 0 && !slices.Contains([]Join{All, Any, None}, n.Join) {
			return bad("join", "Say whether all, any or none of these must hold.")
		}
		for i, c := range n.Nodes {
			if err := check(c, fields, fmt.Sprintf("%s.nodes[%d]", at, i), depth+1, left); err != nil {
				return err
			}
		}
		return nil
	}
	if n.Join != "" || len(n.Nodes) > 0 {
		return bad("", "This is a test and a group at once; make two of it.")
	}
	if *left--; *left < 0 {
		return bad("", "These are more than %d tests; fewer will do.", Widest)
	}
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == n.Field })
	if i < 0 {
		return bad("field", "There is no field “%s”.", n.Field)
	}
	f := fields[i]
	if !slices.Contains(opsOf[f.Type], n.Op) {
		return bad("op", "“%s” cannot be asked of %s; it can be %s.", n.Op, n.Field, list(opsOf[f.Type]))
	}
	least, most := 1, 1
	switch n.Op {
	case Set, Unset:
		least, most = 0, 0
	case Between:
		least, most = 2, 2
	case Has, HasAll, HasNone:
		most = 200
	case Is, IsNot:
		if f.Type == Choice {
			most = 200
		}
	}
	switch {
	case len(n.Values) < least && least == 2:
		return bad("values", "Give two numbers, the smaller first.")
	case len(n.Values) < least:
		return bad("values", "Say with what %s is compared.", n.Field)
	case len(n.Values) > most && most == 0:
		return bad("values", "This test of %s needs no value.", n.Field)
	case len(n.Values) > most:
		return bad("values", "This test of %s takes %d value(s), not %d.", n.Field, most, len(n.Values))
	}
	for _, v := range n.Values {
		if len(v) > 1000 || !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
			return bad("values", "A value is too long, or is no text.")
		}
		switch f.Type {
		case Text:
			if strings.TrimSpace(v) == "" {
				return bad("values", "Write some words; to ask for none, choose “is empty”.")
			}
		case Number:
			if _, err := number(v); err != nil {
				return bad("values", "“%s” is no number.", v)
			}
		case Bool:
			if v != "true" && v != "false" {
				return bad("values", "Say true or false.")
			}
		case Date:
			if n.Op == Within || n.Op == Older {
				if _, err := span(v); err != nil {
					return bad("values", "“%s” is no span; write 12h, 7d or 4w.", v)
				}
			} else if _, err := date(v); err != nil {
				return bad("values", "“%s” is no date; write 2026-11-26.", v)
			}
		case Choice, Many:
			if f.Choices != nil && !slices.Contains(f.Choices, v) {
				return bad("values", "%s is never “%s”.", n.Field, v)
			}
		}
	}
	return nil
}

func list(ops []Op) string {
	words := make([]string, len(ops))
	for i, o := range ops {
		words[i] = string(o)
	}
	return strings.Join(words, ", ")
}

func number(s string) (float64, error) {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err == nil && (f != f || f > 1e300 || f < -1e300) {
		err = strconv.ErrRange
	}
	return f, err
}

func date(s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), nil
	}
	return time.Parse(time.DateOnly, s)
}

// span reads 12h, 7d, 4w.
func span(s string) (time.Duration, error) {
	unit := map[string]time.Duration{"h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}
	if len(s) < 2 {
		return 0, strconv.ErrSyntax
	}
	n, err := strconv.ParseUint(s[:len(s)-1], 10, 32)
	u, ok := unit[s[len(s)-1:]]
	if err != nil || !ok || n == 0 || n > 100_000 {
		return 0, strconv.ErrSyntax
	}
	return time.Duration(n) * u, nil
}
