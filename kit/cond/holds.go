package cond

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Value is what a thing has in a field. What is absent is the zero Value.
type Value struct {
	Has    bool
	Text   string   // of text and choice
	Texts  []string // of many
	Number float64
	Time   time.Time
	Bool   bool
}

// TextValue and its neighbours make values; what is empty is absent.
func TextValue(s string) Value    { return Value{Has: s != "", Text: s} }
func NumberValue(f float64) Value { return Value{Has: true, Number: f} }
func TimeValue(t time.Time) Value { return Value{Has: !t.IsZero(), Time: t} }
func BoolValue(b bool) Value      { return Value{Has: true, Bool: b} }
func TextsValue(s []string) Value { return Value{Has: len(s) > 0, Texts: s} }

// Fold is how texts are compared: case and accents do not count. A column of
// text that SQL asks must hold what Fold makes.
func Fold(s string) string {
	t := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), cases.Fold(), norm.NFC)
	out, _, err := transform.String(t, s)
	if err != nil {
		return strings.ToLower(s)
	}
	return out
}

// Holds decides about a thing. The tree must have been checked against the
// same fields.
func Holds(n Node, fields []Field, of func(field string) Value, now time.Time) bool {
	if n.Field != "" {
		i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == n.Field })
		return i >= 0 && test(n, fields[i].Type, of(n.Field), now)
	}
	for _, c := range n.Nodes {
		switch h := Holds(c, fields, of, now); {
		case h && n.Join == Any:
			return true
		case h && n.Join == None, !h && n.Join == All:
			return false
		}
	}
	return n.Join != Any
}

// test decides one test. What is absent fails every test but Unset and those
// that ask for something else.
func test(n Node, t Type, v Value, now time.Time) bool {
	switch n.Op {
	case Set:
		return v.Has
	case Unset:
		return !v.Has
	}
	switch t {
	case Text:
		have, want := Fold(v.Text), Fold(n.Values[0])
		switch n.Op {
		case Is:
			return v.Has && have == want
		case IsNot:
			return !v.Has || have != want
		case Contains:
			return v.Has && strings.Contains(have, want)
		case Lacks:
			return !v.Has || !strings.Contains(have, want)
		}
		return v.Has && strings.HasPrefix(have, want)
	case Number:
		a, _ := number(n.Values[0])
		switch n.Op {
		case Is:
			return v.Has && v.Number == a
		case IsNot:
			return !v.Has || v.Number != a
		case Less:
			return v.Has && v.Number < a
		case More:
			return v.Has && v.Number > a
		}
		b, _ := number(n.Values[1])
		return v.Has && v.Number >= a && v.Number <= b
	case Date:
		at := bound(n, now)
		switch n.Op {
		case Before, Older:
			return v.Has && v.Time.Before(at)
		}
		return v.Has && !v.Time.Before(at)
	case Bool:
		return v.Bool == (n.Values[0] == "true")
	case Choice:
		return slices.Contains(n.Values, v.Text) == (n.Op == Is) // "" is never among the values
	}
	any, all := false, true
	for _, w := range n.Values {
		has := slices.Contains(v.Texts, w)
		any, all = any || has, all && has
	}
	switch n.Op {
	case Has:
		return any
	case HasAll:
		return all
	}
	return !any
}

// bound is the moment with which a date is compared.
func bound(n Node, now time.Time) time.Time {
	if n.Op == Within || n.Op == Older {
		d, _ := span(n.Values[0])
		return now.Add(-d)
	}
	t, _ := date(n.Values[0])
	return t
}

// Next is when time alone may change whether a tree holds of a thing; the zero
// time if it never does. The tree must have been checked.
func Next(n Node, fields []Field, of func(field string) Value, now time.Time) time.Time {
	if n.Field == "" {
		var out time.Time
		for _, c := range n.Nodes {
			if t := Next(c, fields, of, now); !t.IsZero() && (out.IsZero() || t.Before(out)) {
				out = t
			}
		}
		return out
	}
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == n.Field })
	if i < 0 || fields[i].Type != Date || n.Op != Within && n.Op != Older {
		return time.Time{}
	}
	v := of(n.Field)
	d, err := span(n.Values[0])
	if err != nil || !v.Has {
		return time.Time{}
	}
	// Until then v is within the span, from then on it is longer ago.
	if t := v.Time.Add(d + time.Microsecond); t.After(now) {
		return t
	}
	return time.Time{}
}
