package main

import (
	"path/filepath"
	"slices"

	"github.com/parley-crm/parley/engage/hivedb"
	"github.com/parley-crm/parley/engage/knowdb"
	"github.com/parley-crm/parley/engage/pacedb"
	"github.com/parley-crm/parley/engage/publishdb"
	"github.com/parley-crm/parley/engage/surveydb"
	"github.com/parley-crm/parley/govern/export"
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/people/dealdb"
	"github.com/parley-crm/parley/people/foreseedb"
	"github.com/parley-crm/parley/people/privacydb"
	"github.com/parley-crm/parley/people/segmentdb"
)

// openExports makes what takes everything out.
func (h *house) openExports(business *dealdb.DB) {
	h.exports = export.New(export.Desk{Store: h.governdb, Dir: filepath.Join(h.db.Dir(), "exports"), Clock: h.clock, Log: h.log,
		Tables: slices.Concat(h.persons.Extracts(), segmentdb.New(h.db).Extracts(), foreseedb.New(h.db).Extracts(), privacydb.New(h.db).Extracts(), business.Extracts(), h.outcomes.Extracts(), h.talks.Extracts(),
			surveydb.New(h.db).Extracts(), hivedb.New(h.db).Extracts(), pacedb.New(h.db).Extracts(), knowdb.New(h.db).Extracts(), publishdb.New(h.db).Extracts(), h.heard.Extracts(),
			h.scores.Extracts(), h.governdb.Extracts(), []extract.Table{h.db.FileTable()})})
}
