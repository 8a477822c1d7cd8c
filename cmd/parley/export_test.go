package main

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// TestEveryTableCanBeTakenOut reads each table of an export on both engines,
// and looks that none holds a secret.
func TestEveryTableCanBeTakenOut(t *testing.T) {
	engines := map[string]string{"sqlite": ""}
	if os.Getenv("PARLEY_TEST_DATABASE") != "" {
		engines["postgres"] = storetest.Database(t)
	}
	secret := regexp.MustCompile(`secret|password|hash|token|sealed|session`)
	for engine, url := range engines {
		h, err := build(t.Context(), plan{store: store.Options{Dir: t.TempDir(), URL: url}})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, table := range h.exports.Tables {
			if slices.Contains(names, table.Name) {
				t.Errorf("%s: two tables are called %s", engine, table.Name)
			}
			names = append(names, table.Name)
			if _, err := table.Count(t.Context()); err != nil {
				t.Errorf("%s: %s is not counted: %v", engine, table.Name, err)
			}
			if rows, last, err := table.Page(t.Context(), "", 10); err != nil || len(rows) > 0 && len(rows[0]) != len(table.Columns) || len(rows) > 0 && last == "" {
				t.Errorf("%s: %s is not read: %v", engine, table.Name, err)
			}
			for _, c := range table.Columns {
				if secret.MatchString(c) {
					t.Errorf("%s: %s has a column %s", engine, table.Name, c)
				}
			}
		}
		if len(names) < 25 {
			t.Errorf("%s: only %d tables: %v", engine, len(names), names)
		}
		if err := h.db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
