package analyze

import (
	"encoding/json"
	"testing"

	"github.com/parley-crm/parley/kit/lines"
)

// slowPost is what the JSON package makes of a line.
func slowPost(line []byte) (id, text string, ok bool) {
	var p post
	if json.Unmarshal(line, &p) != nil || len(p.ID) == 0 || len(p.Text) == 0 || p.Text[0] != '"' {
		return "", "", false
	}
	return string(p.ID), text, json.Unmarshal(p.Text, &text) == nil
}

var quickLines = []struct {
	line  string
	quick bool
}{
	{`{"id":"1","text":"plain"}`, true},
	{` { "text" : "a\"b\\cé\n" , "id" : -17 } `, true},
	{`{"id":"a\"b","text":""}`, false},
	{`{"id":"a\xb","text":""}`, false},
	{`{"id":"1","text":"","label":"\x"}`, false},
	{`{"id":"1","text":"x","label":"positive","n":3}`, true},
	{`{"id":"1","text":"first","text":"second"}`, true},
	{`{"id":"1","text":"x","more":{"a":1}}`, false},
	{`{"id":"1","Text":"x"}`, false},
	{`{"id":"1","t\u0065xt":"x"}`, false},
	{`{"id":1.5,"text":"x"}`, false},
	{`{"id":01,"text":"x"}`, false},
	{`{"id":"1","text":null}`, false},
	{`{"id":"1","text":"x"} {}`, false},
	{`{"id":"1","text":"x",}`, false},
	{`{"id":"1","text":"x"`, false},
	{`{"id":"1","text":"bad \x escape"}`, false},
	{"{\"id\":\"1\",\"text\":\"line\nbreak\"}", false},
	{"{\"id\":\"1\",\"text\":\"\xff\"}", false},
	{`{}`, false},
	{`[]`, false},
	{``, false},
}

func TestQuickPost(t *testing.T) {
	for _, tt := range quickLines {
		if _, _, ok := quickPost([]byte(tt.line)); ok != tt.quick {
			t.Errorf("%s: read quickly %v", tt.line, ok)
		}
		agree(t, tt.line)
	}
}

// agree fails unless what is read quickly is what the JSON package reads.
func agree(t *testing.T, line string) {
	t.Helper()
	id, text, ok := quickPost([]byte(line))
	if !ok {
		return
	}
	wantID, wantText, valid := slowPost([]byte(line))
	if !valid || string(id) != wantID || text != wantText {
		t.Errorf("%q: %s %q, but JSON has %s %q (%v)", line, id, text, wantID, wantText, valid)
	}
}

func FuzzQuickPost(f *testing.F) {
	for _, tt := range quickLines {
		f.Add(tt.line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		agree(t, line)
		readPost(&lines.Line{Number: 1, In: []byte(line)})
	})
}
