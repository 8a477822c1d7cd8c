package governapi_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/parley-crm/parley/govern/export"
	"github.com/parley-crm/parley/govern/governapi"
	"github.com/parley-crm/parley/govern/governdb"
	"github.com/parley-crm/parley/social"
)

func TestExportsOverTheAPI(t *testing.T) {
	each(t, func(h *house) {
		rows := governdb.New(h.db)
		desk := export.New(export.Desk{Store: rows, Tables: rows.Extracts(), Dir: t.TempDir(), Clock: h.now, Log: slog.New(slog.DiscardHandler)})
		governapi.RegisterExports(h.server, desk, h.office)
		ada := h.admin()
		ben := ada.join("ben@brewell.example", social.Manager)
		for _, ask := range [][2]string{{"GET", "/api/exports"}, {"POST", "/api/exports"}, {"GET", "/api/exports/x/file"}} {
			var body any
			if ask[0] == "POST" {
				body = map[string]any{"format": "csv"}
			}
			if got := ben.do(ask[0], ask[1], body); got.status != http.StatusForbidden {
				t.Errorf("a manager may %s %s: %d", ask[0], ask[1], got.status)
			}
		}
		for name, body := range map[string]map[string]any{"a format": {"format": "xml"}, "a table": {"format": "csv", "tables": []string{"session"}}, "a field": {"format": "csv", "where": "1=1"}} {
			if got := ada.do("POST", "/api/exports", body); got.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d %s", name, got.status, got.text)
			}
		}
		var e governapi.Export
		ada.do("POST", "/api/exports", map[string]any{"format": "csv", "tables": []string{"members"}}).ok(&e)
		if got := ada.do("GET", "/api/exports/"+e.ID+"/file", nil); got.status != http.StatusConflict {
			t.Errorf("a file before it is there: %d", got.status)
		}
		if err := desk.Work(context.Background(), e.ID); err != nil {
			t.Fatal(err)
		}
		ada.do("GET", "/api/exports/"+e.ID, nil).ok(&e)
		if e.State != "done" || e.Rows != 2 || e.Member == "" || e.Until == nil {
			t.Errorf("%+v", e)
		}
		got := ada.do("GET", "/api/exports/"+e.ID+"/file", nil)
		if got.status != 200 || got.header.Get("Content-Type") != "application/zip" || !strings.HasPrefix(got.text, "PK") {
			t.Errorf("the file: %d %v", got.status, got.header)
		}
		if record := ada.do("GET", "/api/record", nil).text; !strings.Contains(record, `"fetch"`) {
			t.Error("that it was fetched is not in the record")
		}
		if got := ada.do("DELETE", "/api/exports/"+e.ID, nil); got.status != http.StatusNoContent {
			t.Errorf("%d", got.status)
		}
		if got := ada.do("GET", "/api/exports/"+e.ID+"/file", nil); got.status != http.StatusNotFound {
			t.Errorf("a file that was removed: %d", got.status)
		}
	})
}
