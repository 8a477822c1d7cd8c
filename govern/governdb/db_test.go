package governdb_test

import (
	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/govern/governdb"
)

var (
	_ govern.Store       = (*governdb.DB)(nil)
	_ govern.GateStore   = (*governdb.DB)(nil)
	_ govern.RecordStore = (*governdb.DB)(nil)
)
