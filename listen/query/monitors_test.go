package query_test

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/social"
)

func TestReadMonitors(t *testing.T) {
	in := "\ufeff" + `{"id":"b","query":"kettle"}

{"id":"a","query":"\"hot tea\" NOT lang:en","name":"Tea"}` + "\r\n"
	got, err := query.ReadMonitors(strings.NewReader(in))
	if err != nil || len(got) != 2 || got[0].ID != "b" || got[1].ID != "a" || got[1].Query.String() != `"hot tea" NOT lang:en` {
		t.Fatalf("ReadMonitors = %v, %v", got, err)
	}
	if got, err := query.ReadMonitors(strings.NewReader("")); err != nil || len(got) != 0 {
		t.Errorf("an empty file: %v, %v", got, err)
	}
}

func TestReadMonitorsMistakes(t *testing.T) {
	good := `{"id":"ok","query":"kettle"}` + "\n"
	tests := []struct {
		about, in string
		at        int
		says      string
	}{
		{"a bad query", good + "\n" + `{"id":"m","query":"é AND"}`, 3, `Line 3, column 3 of the query of monitor "m": Nothing follows AND`},
		{"no JSON", good + "kettle", 1, "Line 2, column 1: it is not a JSON object"},
		{"half a line", good + `{"id":"m","query":`, 18, "Line 2, column 18: it is not a JSON object"},
		{"a list", `["m"]`, 1, "Line 1, column 1: it is not a JSON object"},
		{"a number for an id", `{"id":7,"query":"a"}`, 7, `"id" is a number and must be a string`},
		{"no id", `{"query":"a"}`, 0, `Line 1, column 1: the monitor has no "id"`},
		{"an empty id", `{"id":"","query":"a"}`, 0, `no "id"`},
		{"no query", `{"id":"m","qurey":"a"}`, 0, `the monitor "m" has no "query"`},
		{"an id twice", good + good, 0, `Line 2, column 1: the id "ok" stands on line 1 already`},
		{"an endless line", good + strings.Repeat("x", 2<<20), 0, "Line 2, column 1: the line is longer"},
	}
	for _, tt := range tests {
		t.Run(tt.about, func(t *testing.T) {
			_, err := query.ReadMonitors(strings.NewReader(tt.in))
			var e *social.Error
			if !errors.As(err, &e) || e.Kind != social.Invalid || e.At != tt.at || !strings.Contains(e.Text, tt.says) {
				t.Errorf("ReadMonitors = %+v\nwant column %d: %s", err, tt.at, tt.says)
			}
		})
	}
	if _, err := query.ReadMonitors(iotest.ErrReader(errors.New("gone"))); !social.Fault.Is(err) {
		t.Errorf("a broken reader: %v", err)
	}
}
