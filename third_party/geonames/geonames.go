// Package geonames holds the cities of the world with more than 15,000 people,
// from GeoNames. ORIGIN.md says where they come from and LICENSE what may be
// done with them (CC BY 4.0).
package geonames

import _ "embed"

// Credit must stand wherever the names or coordinates are shown.
const Credit = "GeoNames (geonames.org), CC BY 4.0"

// Cities is the content of cities15000.tsv.gz: a gzipped table without a
// header, of id, name, country, admin code, population, latitude, longitude.
//
//go:embed cities15000.tsv.gz
var Cities string
