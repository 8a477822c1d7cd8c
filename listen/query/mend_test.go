package query_test

import (
	"testing"

	"github.com/parley-crm/parley/listen/query"
)

func TestMend(t *testing.T) {
	tests := []struct{ name, query, want string }{
		{"nothing is wrong", "kettle AND broken", ""},
		{"an open parenthesis", "kettle AND (broke OR leak", "kettle AND (broke OR leak)"},
		{"two of them", "kettle ((a OR b", "kettle ((a OR b))"},
		{"a parenthesis that closes nothing", "kettle) broken", "kettle broken"},
		{"empty parentheses", "kettle ()", "kettle"},
		{"nothing after the parenthesis", "kettle AND (", "kettle"},
		{"an open quote", `"descaling kit`, `"descaling kit"`},
		{"an operator at the end", "kettle AND", "kettle"},
		{"one at the beginning", "OR kettle", "kettle"},
		{"two operators", "kettle AND OR broken", "kettle AND broken"},
		{"signs of other languages", "kettle && broken || teapot", "kettle AND broken OR teapot"},
		{"minus", "kettle -advert", "kettle NOT advert"},
		{"NEAR without a number", "kettle NEAR broken", "kettle NEAR/5 broken"},
		{"a star inside a word", "ket*tle", "kettle"},
		{"a star and a tilde", "~leak*", "leak*"},
		{"a field of another name", "kettle language:pt", "kettle lang:pt"},
		{"a field that nobody knows", "kettle colour:red", ""},
		{"only excludes", "NOT kettle", ""},
		{"several mistakes", `(kettle && "descaling kit`, `(kettle AND "descaling kit")`},
		{"empty", " ", ""},
	}
	for _, tt := range tests {
		if got := query.Mend(tt.query); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
