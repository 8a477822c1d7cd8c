package main

import (
	"path/filepath"
	"slices"

	"github.com/parley-crm/parley/govern/export"
	"github.com/parley-crm/parley/people/dealdb"
)

// openExports makes what takes everything out.
func (h *house) openExports(business *dealdb.DB) {
	h.exports = export.New(export.Desk{Store: h.governdb, Dir: filepath.Join(h.db.Dir(), "exports"), Clock: h.clock, Log: h.log,
		Tables: slices.Concat(h.persons.Extracts(), business.Extracts(), h.talks.Extracts(), h.heard.Extracts(), h.governdb.Extracts())})
}
