package cond_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

var fields = []cond.Field{
	{Name: "name", Type: cond.Text},
	{Name: "followers", Type: cond.Number},
	{Name: "seen", Type: cond.Date},
	{Name: "unread", Type: cond.Bool},
	{Name: "state", Type: cond.Choice, Choices: []string{"open", "waiting", "resolved"}},
	{Name: "tags", Type: cond.Many},
}

func TestWhatIsWrongIsSaidWhereItIs(t *testing.T) {
	is := func(field string, op cond.Op, values ...string) cond.Node {
		return cond.Node{Field: field, Op: op, Values: values}
	}
	deep := is("name", cond.Set)
	for range 6 {
		deep = cond.Node{Join: cond.All, Nodes: []cond.Node{deep}}
	}
	wide := cond.Node{Join: cond.Any}
	for range 101 {
		wide.Nodes = append(wide.Nodes, is("name", cond.Set))
	}
	for _, c := range []struct {
		name  string
		n     cond.Node
		field string // of the error, "" for none
		words string
	}{
		{"nothing holds of everything", cond.Node{}, "", ""},
		{"a test", is("name", cond.Is, "Ada"), "", ""},
		{"a group", cond.Node{Join: cond.None, Nodes: []cond.Node{is("tags", cond.HasAll, "a", "b")}}, "", ""},
		{"a field that is none", is("salary", cond.More, "1"), "conditions.field", "no field “salary”"},
		{"SQL for a field", is("name; DROP TABLE person", cond.Set), "conditions.field", "no field"},
		{"an op of another type", is("name", cond.More, "1"), "conditions.op", "cannot be asked of name"},
		{"no value", is("name", cond.Is), "conditions.values", "compared"},
		{"too many values", is("name", cond.Is, "a", "b"), "conditions.values", "takes 1 value(s), not 2"},
		{"a value too much", is("name", cond.Set, "a"), "conditions.values", "needs no value"},
		{"no number", is("followers", cond.More, "many"), "conditions.values", "no number"},
		{"not a number", is("followers", cond.More, "NaN"), "conditions.values", "no number"},
		{"half a span", is("followers", cond.Between, "1"), "conditions.values", "two numbers"},
		{"no date", is("seen", cond.After, "yesterday"), "conditions.values", "2026-11-26"},
		{"no span", is("seen", cond.Within, "a week"), "conditions.values", "12h, 7d or 4w"},
		{"nothing long ago", is("seen", cond.Within, "0d"), "conditions.values", "no span"},
		{"no choice", is("state", cond.Is, "closed"), "conditions.values", "never “closed”"},
		{"blank words", is("name", cond.Contains, "  "), "conditions.values", "Write some words"},
		{"bytes that are no text", is("name", cond.Is, "\xff"), "conditions.values", "no text"},
		{"a join that is none", cond.Node{Join: "xor", Nodes: []cond.Node{is("name", cond.Set)}}, "conditions.join", "all, any or none"},
		{"inside a group", cond.Node{Join: cond.Any, Nodes: []cond.Node{is("name", cond.Set), is("x", cond.Set)}}, "conditions.nodes[1].field", "no field"},
		{"both at once", cond.Node{Join: cond.Any, Field: "name", Op: cond.Set}, "conditions", "a test and a group"},
		{"too deep", deep, "conditions.nodes[0].nodes[0].nodes[0].nodes[0].nodes[0]", "not deeper"},
		{"too wide", wide, "conditions.nodes[100]", "100 tests"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := cond.Check(c.n, fields)
			if c.field == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var e *social.Error
			if !asError(err, &e) || e.Kind != social.Invalid || e.Field != c.field || !strings.Contains(e.Text, c.words) {
				t.Errorf("got %+v, want %s: %s", err, c.field, c.words)
			}
		})
	}
}

func asError(err error, to **social.Error) bool {
	e, ok := err.(*social.Error)
	*to = e
	return ok
}

var now = time.Date(2026, 11, 26, 14, 0, 0, 0, time.UTC)

type thing struct {
	id        int
	name      string
	followers *float64
	seen      time.Time
	unread    bool
	state     string
	tags      []string
}

func (x thing) value(field string) cond.Value {
	switch field {
	case "name":
		return cond.TextValue(x.name)
	case "followers":
		if x.followers == nil {
			return cond.Value{}
		}
		return cond.NumberValue(*x.followers)
	case "seen":
		return cond.TimeValue(x.seen)
	case "unread":
		return cond.BoolValue(x.unread)
	case "state":
		return cond.TextValue(x.state)
	}
	return cond.TextsValue(x.tags)
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

func randomTest(r *rand.Rand) cond.Node {
	f := pick(r, fields...)
	n := cond.Node{Field: f.Name, Op: pick(r, cond.Ops(f.Type)...)}
	words := []string{"Ada", "ada", "Zoë", "zoe", "%", "_", `\`, "a_", "100%", "ß", "SS", "Ümit", "o"}
	one := func() string {
		switch f.Type {
		case cond.Text:
			return pick(r, words...)
		case cond.Number:
			return pick(r, "-1", "0", "1", "10", "2.5", "1e3")
		case cond.Bool:
			return pick(r, "true", "false")
		case cond.Choice:
			return pick(r, f.Choices...)
		case cond.Many:
			return pick(r, "a", "b", "c")
		}
		if n.Op == cond.Within || n.Op == cond.Older {
			return pick(r, "1h", "24h", "1d", "7d", "2w")
		}
		return pick(r, "2026-11-26", "2026-11-20T10:00:00Z", "2026-11-25T14:00:00+02:00")
	}
	switch n.Op {
	case cond.Set, cond.Unset:
		return n
	case cond.Between:
		n.Values = []string{one(), one()}
	case cond.Has, cond.HasAll, cond.HasNone:
		for range 1 + r.IntN(2) {
			n.Values = append(n.Values, one())
		}
	default:
		n.Values = []string{one()}
		if f.Type == cond.Choice && r.IntN(2) == 0 {
			n.Values = append(n.Values, one())
		}
	}
	return n
}

func randomTree(r *rand.Rand, depth int) cond.Node {
	if depth == 0 || r.IntN(3) == 0 {
		return randomTest(r)
	}
	n := cond.Node{Join: pick(r, cond.All, cond.Any, cond.None)}
	for range r.IntN(4) {
		n.Nodes = append(n.Nodes, randomTree(r, depth-1))
	}
	return n
}

// What holds in memory is what SQL finds, on both engines.
func TestMemoryAndSQLAgree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx := context.Background()
		r := rand.New(rand.NewPCG(7, 7))
		var things []thing
		err := db.InTx(ctx, func(ctx context.Context) error {
			const double = "DOUBLE PRECISION" // SQLite takes it for REAL
			for _, q := range []string{
				"CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL, followers " + double + ", seen BIGINT NOT NULL, unread BOOLEAN NOT NULL, state TEXT NOT NULL)",
				"CREATE TABLE thing_tag (thing INTEGER NOT NULL, tag TEXT NOT NULL)",
			} {
				if _, err := db.IDB(ctx).NewRaw(q).Exec(ctx); err != nil {
					return err
				}
			}
			for i := range 120 {
				x := thing{id: i, name: pick(r, "", "Ada", "ADA L", "Zoë", "zoe", "100%", "a_b", `back\slash`, "Straße", "ümit", "o"), unread: r.IntN(2) == 0, state: pick(r, "open", "waiting", "resolved", "")}
				if r.IntN(4) > 0 {
					f := pick(r, -1, 0, 1, 2.5, 10, 1000)
					x.followers = &f
				}
				if r.IntN(4) > 0 {
					x.seen = now.Add(-time.Duration(r.IntN(20*24*60)) * time.Minute)
				}
				for _, tag := range []string{"a", "b", "c"} {
					if r.IntN(3) == 0 {
						x.tags = append(x.tags, tag)
						if _, err := db.IDB(ctx).NewRaw("INSERT INTO thing_tag VALUES (?, ?)", i, tag).Exec(ctx); err != nil {
							return err
						}
					}
				}
				if _, err := db.IDB(ctx).NewRaw("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?)", i, cond.Fold(x.name), x.followers, store.At(x.seen), x.unread, x.state).Exec(ctx); err != nil {
					return err
				}
				things = append(things, x)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		column := func(field string) (cond.Column, bool) {
			if field != "tags" {
				return cond.Column{Expr: field}, true
			}
			return cond.Column{Many: func(values []string) (string, []any) {
				if len(values) == 0 {
					return "EXISTS (SELECT 1 FROM thing_tag x WHERE x.thing = thing.id)", nil
				}
				args := make([]any, len(values))
				for i, v := range values {
					args[i] = v
				}
				return "EXISTS (SELECT 1 FROM thing_tag x WHERE x.thing = thing.id AND x.tag IN (" + strings.TrimSuffix(strings.Repeat("?, ", len(args)), ", ") + "))", args
			}}, true
		}
		some := 0
		for range 1500 {
			n := randomTree(r, 3)
			if err := cond.Check(n, fields); err != nil {
				t.Fatal(err)
			}
			data, err := json.Marshal(n)
			var again cond.Node
			if err != nil || json.Unmarshal(data, &again) != nil {
				t.Fatal(err)
			}
			where, args := cond.SQL(again, fields, column, now)
			var found []int
			if err := db.IDB(ctx).NewRaw("SELECT id FROM thing WHERE "+where+" ORDER BY id", args...).Scan(ctx, &found); err != nil {
				t.Fatalf("%s: %v\n%s", data, err, where)
			}
			var held []int
			for _, x := range things {
				if cond.Holds(again, fields, x.value, now) {
					held = append(held, x.id)
				}
			}
			if !slices.Equal(found, held) {
				t.Fatalf("%s\nSQL finds %v\nmemory holds %v\n%s %v", data, found, held, where, args)
			}
			if len(held) > 0 && len(held) < len(things) {
				some++
			}
		}
		if some < 500 {
			t.Errorf("only %d trees told things apart", some)
		}
	})
}

func TestWhatSQLGetsIsNeverText(t *testing.T) {
	column := func(string) (cond.Column, bool) { return cond.Column{Expr: "c.name"}, true }
	evil := `'; DROP TABLE person; --`
	where, args := cond.SQL(cond.Node{Field: "name", Op: cond.Is, Values: []string{evil}}, fields, column, now)
	if strings.Contains(where, "DROP") || fmt.Sprint(args) != "["+cond.Fold(evil)+"]" {
		t.Errorf("%s %v", where, args)
	}
}

// What may change by time alone does so at the moment that Next says, and
// nothing changes before.
func TestNextIsWhenTimeChangesSomething(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	moved := 0
	for range 30_000 {
		n := randomTree(r, 3)
		if cond.Check(n, fields) != nil {
			continue
		}
		x := thing{name: "Ada", seen: now.Add(-time.Duration(r.IntN(20*24*60)) * time.Minute)}
		for at, more := now, true; more; {
			was, next := cond.Holds(n, fields, x.value, at), cond.Next(n, fields, x.value, at)
			if more = !next.IsZero(); !more {
				next = at.Add(1000 * 24 * time.Hour)
			}
			if !next.After(at) || cond.Holds(n, fields, x.value, next.Add(-time.Microsecond)) != was {
				t.Fatalf("%+v of %v changed between %v and %v", n, x.seen, at, next)
			}
			if cond.Holds(n, fields, x.value, next) != was {
				moved++
			}
			at = next
		}
	}
	if moved < 100 {
		t.Errorf("time changed only %d", moved)
	}
}
