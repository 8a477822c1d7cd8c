package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"github.com/parley-crm/parley/cmd/parley/shell"
	"strings"
	"testing"
	"time"
)

// detected runs parley detect over a text.
func detected(t *testing.T, in string, flags ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), append([]string{"detect"}, flags...), streams{In: strings.NewReader(in), Out: &o, Err: &e})
	return o.String(), e.String(), code
}

// quietSeries has one spike, at row 500, its times written by layout.
func quietSeries(layout string, spike float64) string {
	var b strings.Builder
	b.WriteString("timestamp,value\n")
	at := time.Date(2031, 5, 1, 0, 0, 0, 0, time.FixedZone("", 2*60*60))
	for i := range 600 {
		v := float64(40 + i*7%11)
		if i == 500 {
			v = spike
		}
		fmt.Fprintf(&b, "%s,%g\n", at.Add(time.Duration(i)*5*time.Minute).Format(layout), v)
	}
	return b.String()
}

func TestDetect(t *testing.T) {
	for _, layout := range []string{time.DateTime, time.RFC3339} {
		out, errs, code := detected(t, quietSeries(layout, 900))
		var f shell.Incident
		if err := json.Unmarshal([]byte(out), &f); err != nil || code != 0 || errs != "" {
			t.Fatalf("%s: code %d, out %q, err %q (%v)", layout, code, out, errs, err)
		}
		at := time.Date(2031, 5, 1, 0, 0, 0, 0, time.FixedZone("", 2*60*60)).Add(500 * 5 * time.Minute)
		if f.Timestamp != at.Format(layout) || f.Value != 900 || f.Expected < 30 || f.Expected > 60 || f.Score < 0.5 || f.Score > 1 {
			t.Errorf("%s: said %+v", layout, f)
		}
		if out, _, code := detected(t, quietSeries(layout, 44)); out != "" || code != 0 {
			t.Errorf("%s: an ordinary series gave %q, code %d", layout, out, code)
		}
	}
}

func TestDetectAndBadInput(t *testing.T) {
	good := quietSeries(time.DateTime, 900)
	tests := []struct {
		name, in string
		code     int
		says     string
		finds    bool
	}{
		{"nothing at all", "", shell.ExitUsage, "header", false},
		{"a header of another kind", "time,count\n1,2\n", shell.ExitUsage, "header", false},
		{"binary", "\x00\xff\xfe\x01\x02", shell.ExitUsage, "header", false},
		{"a header alone", "timestamp,value\n", shell.ExitFine, "", false},
		{"a byte order mark and DOS line ends", "\ufeff" + strings.ReplaceAll(good, "\n", "\r\n"), shell.ExitFine, "", true},
		{"empty lines", strings.ReplaceAll(good, "\n2031-05-02", "\n\n2031-05-02"), shell.ExitFine, "", true},
		{"quoted fields", strings.Replace(good, "2031-05-01 00:05:00,47", `"2031-05-01 00:05:00","47"`, 1), shell.ExitFine, "", true},
		{"no last line end", strings.TrimSuffix(good, "\n"), shell.ExitFine, "", true},
		{"a bad time", good + "yesterday,5\n", shell.ExitFailed, "line 602: \"yesterday\" is not a time", true},
		{"a bad number", good + "2031-06-01 00:00:00,many\n", shell.ExitFailed, "line 602: \"many\" is not a number", true},
		{"values that are missing", good + "2031-06-01 00:00:00,NaN\n2031-06-01 00:05:00,\n2031-06-01 00:10:00,\"null\"\n", shell.ExitFine, "", true},
		{"a comma and nothing", good + ",\n", shell.ExitFailed, "line 602", true},
		{"infinite", good + "2031-06-01 00:00:00,1e999\n", shell.ExitFailed, "line 602", true},
		{"three fields", good + "2031-06-01 00:00:00,5,6\n", shell.ExitFailed, "line 602", true},
		{"invalid UTF-8, emoji and right to left", good + "\xff\xfe☕,\u202e٣\n", shell.ExitFailed, "line 602", true},
		{"a row of 20 MB", good + strings.Repeat("9", 20<<20) + "\n" + "x\n", shell.ExitFailed, "line 602: it is longer than 64 KB\nparley: line 603", true},
		{"a quote that never ends", good + "\"" + strings.Repeat("a,", 1<<20) + "\n", shell.ExitFailed, "line 602", true},
	}
	for _, test := range tests {
		out, errs, code := detected(t, test.in)
		if code != test.code || !strings.Contains(errs, test.says) || (out != "") != test.finds || len(errs) > 2000 {
			t.Errorf("%s: code %d, found %t, said %.300q", test.name, code, out != "", errs)
		}
	}
	if _, errs, _ := detected(t, strings.Replace(good, ",47\n", ",NaN\n", 3)); errs != "" {
		t.Errorf("missing values were told: %q", errs)
	}
	if _, errs, code := detected(t, good, "--threshold", "0"); code != shell.ExitUsage || !strings.Contains(errs, "threshold") {
		t.Errorf("a threshold of 0: code %d, said %q", code, errs)
	}
}
