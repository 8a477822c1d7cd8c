package store

import (
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

var everyType = []column{{"i", integer}, {"r", real}, {"t", text}, {"b", boolean}, {"y", bytea}}

func TestRowsComeBackAsTheyWere(t *testing.T) {
	orNull := func(t *rapid.T, v any) any {
		if rapid.IntRange(0, 4).Draw(t, "null") == 0 {
			return nil
		}
		return v
	}
	rapid.Check(t, func(t *rapid.T) {
		values := []any{
			orNull(t, rapid.Int64().Draw(t, "i")),
			orNull(t, rapid.Float64().Draw(t, "r")),
			orNull(t, rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "t")),
			orNull(t, rapid.Bool().Draw(t, "b")),
			orNull(t, rapid.SliceOfN(rapid.Byte(), 0, 50).Draw(t, "y")),
		}
		line, err := appendRow(nil, everyType, values)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]any, len(everyType))
		if err := parseRow(string(line), everyType, got); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		for i := range values {
			if b, ok := values[i].([]byte); ok && len(b) == 0 {
				values[i] = []byte{}
			}
		}
		if !reflect.DeepEqual(values, got) {
			t.Fatalf("%s: got %#v, want %#v", line, got, values)
		}
	})
}

func TestNumbersThatJSONHasNotComeBack(t *testing.T) {
	for _, f := range []float64{math.Inf(1), math.Inf(-1), math.NaN()} {
		line, err := appendRow(nil, []column{{"r", real}}, []any{f})
		if err != nil {
			t.Fatal(err)
		}
		got := make([]any, 1)
		if err := parseRow(string(line), []column{{"r", real}}, got); err != nil {
			t.Fatal(err)
		}
		if g := got[0].(float64); g != f && !(math.IsNaN(g) && math.IsNaN(f)) {
			t.Errorf("%v came back as %v", f, g)
		}
	}
}

func TestLinesThatAreNoRowsAreErrors(t *testing.T) {
	const good = `[1,2.5,"x",true,"eA=="]`
	got := make([]any, len(everyType))
	if err := parseRow(good+"\n", everyType, got); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "\n", "[", "[]", good[:len(good)-1], good + "x", good + good, `[1,2.5,"x",true]`, `[1,2.5,"x",true,"eA==",1]`,
		`["1",2.5,"x",true,"eA=="]`, `[1.5,2.5,"x",true,"eA=="]`, `[1,2.5,x,true,"eA=="]`, `[1,2.5,"x",1e5,"eA=="]`, `[1,2.5,"x",true,"!"]`, `[1,2.5,"x",true,7]`,
		`[1,2.5,"x,true,"eA=="]`, `[1,2.5,"\x",true,"eA=="]`, `[1,2.5,["?"],true,"eA=="]`, `[1,2.5,[1],true,"eA=="]`, `[99999999999999999999,2.5,"x",true,"eA=="]`} {
		if err := parseRow(bad, everyType, got); err == nil {
			t.Errorf("%q was read as %v", bad, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) { // whatever comes, it does not panic
		_ = parseRow(rapid.StringOf(rapid.RuneFrom([]rune(`[]",\ 1.eau`))).Draw(t, "line"), everyType, got)
	})
}
