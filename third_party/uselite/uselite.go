// Package uselite holds the vocabulary of the Universal Sentence Encoder lite.
// ORIGIN.md says where it comes from and LICENSE what may be done with it
// (Apache-2.0).
package uselite

import _ "embed"

// Vocab is the content of vocab.tsv, whose format ORIGIN.md describes.
//
//go:embed vocab.tsv
var Vocab string
