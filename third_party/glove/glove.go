// Package glove holds vectors of 18,000 frequent English words. ORIGIN.md says
// where they come from and LICENSE what may be done with them (PDDL 1.0).
package glove

import _ "embed"

// Vectors is the content of vectors.bin, whose format ORIGIN.md describes.
//
//go:embed vectors.bin
var Vectors string
