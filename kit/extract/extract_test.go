package extract_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/extract"
)

var columns = []string{"text", "n", "at", "data", "yes"}

func TestASpreadsheetRunsNothing(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+44 20": "'+44 20", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1",
		"plain": "plain", "": "", "'quoted": "'quoted", "a=b": "a=b", "مرحبا 😀": "مرحبا 😀", "say \"hi\"; a,b\nc": "say \"hi\"; a,b\nc",
	} {
		var b strings.Builder
		w, err := extract.CSV(&b, columns)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Row([]any{text, int64(-3), time.Time{}, json.RawMessage(`{"a":1}`), true}); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
		if err != nil || len(rows) != 2 || rows[1][0] != strings.ReplaceAll(want, "\r\n", "\n") {
			t.Errorf("%q is written as %q, want %q (%v)", text, rows, want, err)
		}
		if rows[1][1] != "-3" || rows[1][2] != "" || rows[1][3] != `{"a":1}` || rows[1][4] != "true" {
			t.Errorf("%q", rows[1])
		}
		if extract.Wild(want) != text && text != "'quoted" {
			t.Errorf("%q does not come back from %q", text, want)
		}
	}
}

func TestJSONLinesHoldWhatThereIs(t *testing.T) {
	var b strings.Builder
	w, err := extract.JSONLines(&b, columns)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 26, 18, 0, 0, 1000, time.FixedZone("", 3600))
	for _, row := range [][]any{{"=1+1\n😀", int64(9007199254740993), at, json.RawMessage(`{"a":[1]}`), false}, {"x", nil, time.Time{}, json.RawMessage("no json"), nil}} {
		if err := w.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	const want = `{"text":"=1+1\n😀","n":9007199254740993,"at":"2026-11-26T17:00:00.000001Z","data":{"a":[1]},"yes":false}` + "\n" + `{"text":"x","n":null,"at":null,"data":null,"yes":null}` + "\n"
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}
